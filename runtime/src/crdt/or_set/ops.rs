//! Ops, state and merge of a set.

use super::view::deed;
use super::{Dirty, Dots, Entry, OrSet, OrSetEdit, Origin};
use crate::codec::{Dec, DecodeError, Enc, Kind};
use crate::crdt::dots::read_plain;
use crate::crdt::{Apply, Crdt, Merge, Restamp, Unknown, same};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::mutants::{Mutant, on};
use crate::value::Element;
use crate::{Hlc, Stamp, Value};

impl<V: Element> Crdt for OrSet<V> {
    fn kind(&self) -> Kind {
        Kind::OrSet(V::kind(&self.tag))
    }

    fn settle(&mut self, tx: Stamp) -> bool {
        let dirty = std::mem::take(&mut self.dirty);
        for record in dirty {
            let number = self.dirty.len() as u32 + 1;
            let added = self
                .slots
                .get(record.slot)
                .is_some_and(|(_, entry)| entry.dots.contains(tx));
            if added || !record.cut.is_empty() {
                self.change_slot(record.slot, |entry| entry.dirty = number);
                self.dirty.push(record);
            } else {
                self.change_slot(record.slot, |entry| entry.dirty = 0);
            }
        }
        !self.dirty.is_empty()
    }

    fn pristine(&self) -> bool {
        self.slots.iter().all(|(_, _, entry)| !entry.written())
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        let dirty = std::mem::take(&mut self.dirty);
        out.varint(dirty.len() as u64);
        for Dirty { slot, cut, .. } in dirty {
            if let Some((value, entry)) = self.slots.get(slot) {
                value.encode(&mut out.out);
                out.varint(cut.len() as u64 * 2 + u64::from(entry.dots.contains(tx)));
                cut.as_slice().iter().for_each(|stamp| out.stamp(*stamp));
            }
            self.change_slot(slot, |entry| entry.dirty = 0);
        }
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        for _ in 0..input.count()? {
            let value = V::decode(&self.tag, input)?;
            let header = input.varint()?;
            let cut = Dots::decode(input, header >> 1)?;
            self.change(value, |entry| {
                entry.cut(&cut, cx.stamp, cx.keyed);
                if header & 1 == 1 {
                    entry.dots.insert(cx.stamp);
                }
            });
        }
        Ok(())
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        let slots = self.slots.sorted(Entry::written);
        out.varint(slots.len() as u64);
        for slot in slots {
            if let Some((value, entry)) = self.slots.get(slot) {
                let out_of_it = entry.origin == Origin::Cut || entry.marks.is_some();
                let write = |out: &mut Enc| {
                    value.encode(&mut out.out);
                    out.varint(entry.dots.len() as u64 * 2 + u64::from(out_of_it));
                    entry.dots.as_slice().iter().for_each(|dot| out.stamp(*dot));
                    if let Some(marks) = &entry.marks {
                        out.varint(marks.len() as u64);
                        marks.as_slice().iter().for_each(|mark| out.stamp(*mark));
                    }
                };
                out.leaf(|path| value.encode(path), write);
            }
        }
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        let mut met = vec![false; self.slots.bound()];
        if let Some(input) = input {
            for _ in 0..input.count()? {
                let value = V::decode(&self.tag, input)?;
                let header = input.varint()?;
                let theirs = Dots::decode(input, header >> 1)?;
                let out_of_it = header & 1 == 1;
                let mut marks = Dots::None;
                if out_of_it && cx.keyed {
                    let count = input.varint()?;
                    marks = Dots::decode(input, count)?;
                }
                // A slot that an element has left may be taken by the next, so only where it stands now counts.
                let slot = self.change(value, |entry| {
                    entry.merge(&theirs, out_of_it && !cx.keyed, &marks, cx)
                });
                if let Some(met) = met.get_mut(slot as usize) {
                    *met = true;
                }
            }
        }
        for slot in (0..met.len()).filter(|slot| !met[*slot]) {
            self.change_slot(slot as u32, |entry| {
                entry.merge(&Dots::None, false, &Dots::None, cx)
            });
        }
        Ok(())
    }

    fn start(&mut self, value: &Value) {
        if let Some(values) = Vec::<V>::tagged(&self.tag, value) {
            *self = Self::with_tag(self.tag.clone());
            for value in values {
                self.hold(value.alone().canonical());
            }
        }
    }

    fn describe(&self, out: &mut String) {
        let values = self.iter().map(V::to_value).collect();
        crate::crdt::describe_line(&self.kind(), &Value::List(values), out);
    }

    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.restore(input)
    }

    /// What was removed has left nothing but room.
    fn collect(&mut self, _floor: Hlc) {
        self.slots.shrink();
        self.dirty.shrink_to(self.slots.bound());
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        for _ in 0..input.count()? {
            let value = V::decode(&self.tag, input)?;
            let header = input.varint()?;
            let cut = Dots::decode(input, header >> 1)?;
            let mut view = OrSetEdit { set: self, at };
            if !cut.is_empty() && !view.remove_seen(&value, &cx.translate(&cut)) {
                cx.drop_one();
            }
            if header & 1 == 1 {
                view.add(value);
            }
        }
        Ok(())
    }

    /// Of an add the own atom goes; what was removed is put in again unless it is there.
    fn undo(
        &mut self,
        _leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let deed = input.u8()?;
        let value = V::decode(&self.tag, input)?;
        let now = self.entry_of(&value);
        let there = now.visible();
        let mut view = OrSetEdit { set: self, at };
        match deed {
            _ if cx.probes() => {}
            deed::ADDED => {
                view.remove_seen(&value, &cx.own(at));
            }
            deed::JOINED => {
                // After it was removed and came back, the own atom stands for all that were there before.
                let own = cx.own(at);
                let first = now.dots.contains(read_plain(input)?);
                let mut others = now.dots.as_slice().iter();
                let others = others.any(|dot| !own.cuts(*dot)) || now.holds_origin();
                if first || others {
                    view.remove_seen(&value, &own);
                }
            }
            deed::REMOVED if there => {}
            _ => {
                view.add(value);
            }
        }
        Ok(())
    }

    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        let Some(then) = same::<Self>(then) else {
            return;
        };
        let mut view = OrSetEdit { set: self, at };
        if how == Assume::Restored {
            for slot in view.set.slots.sorted(Entry::visible) {
                let there = view.set.slots.get(slot);
                if there.is_some_and(|(value, _)| !then.entry_of(value).visible()) {
                    view.remove_at(slot);
                }
            }
        }
        for slot in then.slots.sorted(|_| true) {
            if let Some((value, entry)) = then.slots.get(slot) {
                view.assume(value, entry, how);
            }
        }
    }
}

impl<V: Element> OrSetEdit<'_, V> {
    /// Brings an element back as it was. What others have put in meanwhile stays.
    fn assume(&mut self, value: &V, then: &Entry, how: Assume) {
        let now = self.set.entry_of(value);
        if how == Assume::Restored {
            if then.visible() && !now.visible() {
                self.add(value.clone());
            }
            return;
        }
        if !now.dots.is_empty() {
            return;
        }
        if now.holds_origin() && !then.holds_origin() {
            let slot = self.set.slots.find(value);
            slot.into_iter().for_each(|slot| self.remove_at(slot));
        }
        if !then.dots.is_empty() || (then.visible() && !now.visible()) {
            self.add(value.clone());
        }
    }
}

impl<V: Element> OrSet<V> {
    fn entry_of(&self, value: &V) -> Entry {
        let found = self.slots.find(value);
        let entry = found.and_then(|slot| self.slots.get(slot));
        entry.map(|(_, entry)| entry.clone()).unwrap_or_default()
    }
}

impl Entry {
    /// Merges atoms and marks. The initial atom is out once either side saw it go, since nobody can make it again.
    fn merge(&mut self, theirs: &Dots, origin_cut: bool, marks: &Dots, cx: &Merge<'_>) {
        self.dots = cx.merge_dots(std::mem::take(&mut self.dots), theirs);
        if origin_cut && !on(Mutant::OriginReturns) {
            self.origin = Origin::Cut;
        }
        if self.marks.is_some() || !marks.is_empty() {
            let ours = self.marks.take().map_or(Dots::None, |ours| *ours);
            let kept = cx.merge_dots(ours, marks);
            self.marks = (!kept.is_empty()).then(|| Box::new(kept));
        }
    }
}
