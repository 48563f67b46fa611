//! Ops, state and merge of a map of synchronised values.

use super::entry::{Entry, Held};
use super::view::{MADE, STEP};
use super::{Dirty, OrMap, OrMapEdit};
use crate::codec::{Dec, DecodeError, Enc, Kind, Mode};
use crate::crdt::dots::Dots;
use crate::crdt::{Apply, Crdt, Merge, Restamp, RestampItems, Unknown, same};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::live::{Reading, Step};
use crate::value::Element;
use crate::{Hlc, Stamp, Value, Version};

impl<K: Element, V: Held> Crdt for OrMap<K, V> {
    fn kind(&self) -> Kind {
        Kind::OrMap(K::kind(&self.tag.0), Box::new(V::kind_of(&self.tag.1)))
    }

    fn settle(&mut self, tx: Stamp) -> bool {
        let (mut dirty, mut number) = (std::mem::take(&mut self.dirty), 0);
        dirty.retain(|record| {
            let Some(entry) = self.slots.entry_mut(record.slot) else {
                return false;
            };
            let cuts = record.existed && record.first_removed.is_some();
            let stays = cuts || entry.dots.contains(tx) || entry.value.settle(tx);
            if stays {
                number += 1;
                entry.dirty = number;
            } else {
                entry.dirty = 0;
                self.tidy(record.slot);
            }
            stays
        });
        self.dirty = dirty;
        if self.dirty.is_empty() {
            self.removed.clear();
        }
        !self.dirty.is_empty()
    }

    fn stamp_at(&self, way: &[Step<'_>]) -> Option<Stamp> {
        let (Step::Key(key), rest) = way.split_first()? else {
            return None;
        };
        let key = K::decode(&self.tag.0, &mut Dec::plain(key)).ok()?;
        let (_, value) = self.visible(self.slots.find(&key)?)?;
        value.stamp_at(rest)
    }

    fn write_at(&mut self, way: &[Step<'_>], value: &Reading, at: At<'_>) -> bool {
        let Some((Step::Key(key), rest)) = way.split_first() else {
            return false;
        };
        let Ok(key) = K::decode(&self.tag.0, &mut Dec::plain(key)) else {
            return false;
        };
        let slot = self.slots.find(&key);
        if slot.and_then(|slot| self.visible(slot)).is_none() {
            return false;
        }
        let mut edit = OrMapEdit::new(self, at);
        let (held, at) = edit.open(key);
        held.write_at(rest, value, at)
    }

    fn pristine(&self) -> bool {
        self.slots.iter().all(|(_, _, entry)| entry.vacant())
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        let mut dirty = std::mem::take(&mut self.dirty);
        out.varint(dirty.len() as u64);
        for record in dirty.drain(..) {
            self.encode_entry(record, tx, out);
            if let Some(entry) = self.slots.entry_mut(record.slot) {
                entry.dirty = 0;
            }
            self.tidy(record.slot);
        }
        // The list keeps its memory where there is one map, not where there is one an entry.
        if !out.keyed() {
            self.dirty = dirty;
        }
        self.removed.clear();
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        for _ in 0..input.count()? {
            let key = K::decode(&self.tag.0, input)?;
            let header = input.varint()?;
            let cut = Dots::decode(input, header >> 2)?;
            let slot = self.slot(key);
            if let Some(entry) = self.slots.entry_mut(slot) {
                if !cut.is_empty() {
                    entry.cut(&self.tag.1, &cut)?;
                    entry.collect(cx.floor);
                }
                if header & 1 == 1 {
                    entry.dots.insert(cx.stamp);
                }
                if header & 2 == 2 {
                    let (stamp, floor, keyed) = (cx.stamp, cx.floor, true);
                    entry.with(|value, unknown| {
                        let mut cx = Apply {
                            stamp,
                            floor,
                            keyed,
                            unknown,
                        };
                        value.apply_ops(input, &mut cx)
                    })?;
                }
            }
            self.tidy(slot);
        }
        Ok(())
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        let hashing = out.mode() == Mode::Hash;
        let slots = self.slots.sorted(|entry| match hashing {
            true => !entry.blank(),
            false => !entry.vacant(),
        });
        out.varint(slots.len() as u64);
        for slot in slots {
            if let Some((key, entry)) = self.slots.get(slot) {
                let inner = match hashing {
                    true => !entry.value_blank(),
                    false => !entry.pristine(),
                };
                let write = |out: &mut Enc| {
                    key.encode(&mut out.out);
                    out.varint(entry.dots.len() as u64 * 2 + u64::from(inner));
                    entry.dots.as_slice().iter().for_each(|dot| out.stamp(*dot));
                    if inner {
                        out.map(|out| entry.encode_value(out));
                    }
                };
                out.leaf(|path| key.encode(path), write);
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
                let key = K::decode(&self.tag.0, input)?;
                let header = input.varint()?;
                let dots = Dots::decode(input, header >> 1)?;
                // A slot that an entry has left may be taken by the next, so only where it stands now counts.
                let slot = self.slot(key);
                let value = (header & 1 == 1).then_some(&mut *input);
                self.merge_entry(slot, &dots, value, cx)?;
                if let Some(met) = met.get_mut(slot as usize) {
                    *met = true;
                }
            }
        }
        for slot in (0..met.len()).filter(|slot| !met[*slot]) {
            self.merge_entry(slot as u32, &Dots::None, None, cx)?;
        }
        Ok(())
    }

    /// A map starts empty.
    fn start(&mut self, _value: &Value) {}

    fn describe(&self, out: &mut String) {
        out.push_str(&format!("{}={{}}", self.kind()));
        V::fresh(&self.tag.1).describe(out);
    }

    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.restore(input)
    }

    fn blank(&self) -> bool {
        self.slots.iter().all(|(_, _, entry)| entry.blank())
    }

    fn collect(&mut self, floor: Hlc) {
        for slot in 0..self.slots.bound() as u32 {
            if let Some(entry) = self.slots.entry_mut(slot) {
                entry.collect(floor);
                self.tidy(slot);
            }
        }
        self.slots.shrink();
        self.removed.shrink_to_fit();
        self.dirty.shrink_to(self.slots.bound());
    }

    fn items(&self, out: &mut RestampItems) {
        let entries = self.slots.iter();
        entries.for_each(|(_, _, entry)| entry.value.items(out));
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        for _ in 0..input.count()? {
            let key = K::decode(&self.tag.0, input)?;
            let header = input.varint()?;
            let cut = Dots::decode(input, header >> 2)?;
            let mut view = OrMapEdit { map: self, at };
            if !cut.is_empty() && !view.remove_seen(&key, &cx.translate(&cut))? {
                cx.drop_one();
            }
            let found = view.map.slots.find(&key);
            let stands = found.is_some_and(|slot| view.map.visible(slot).is_some());
            if header & 1 == 0 && !stands {
                if header & 2 == 2 {
                    let kind = V::kind_of(&self.tag.1);
                    cx.drop_ops(&kind, input)?;
                }
                continue;
            }
            let slot = view.touch(key);
            if header & 1 == 1 {
                view.make(slot);
            }
            if header & 2 == 2 {
                let at = self.at_inside(slot, at);
                self.touched(slot).value.restamp(input, at, cx)?;
            }
        }
        Ok(())
    }

    /// Of an entry that was made all goes that this replica put in; what was removed comes back where nothing else stands.
    fn undo(
        &mut self,
        _leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let deed = input.u8()?;
        let key = K::decode(&self.tag.0, input)?;
        if deed == STEP {
            let leaf = u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("leaf"))?;
            let found = self.slots.find(&key);
            return match found.filter(|slot| self.visible(*slot).is_some()) {
                Some(_) => {
                    let slot = OrMapEdit { map: self, at }.touch(key);
                    let at = self.at_inside(slot, at);
                    self.touched(slot).value.undo(leaf, input, at, cx)
                }
                None => Ok(()),
            };
        }
        if cx.probes() {
            return Ok(());
        }
        let mut view = OrMapEdit { map: self, at };
        if deed == MADE {
            return view.remove_seen(&key, &cx.own(at)).map(drop);
        }
        let then = Entry::read_whole(&view.map.tag.1, input)?;
        view.revive(key, &then.value, Assume::Revived);
        Ok(())
    }

    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        let Some(then) = same::<Self>(then) else {
            return;
        };
        let mut view = OrMapEdit { map: self, at };
        if how == Assume::Restored {
            let there = view.map.sorted().into_iter().map(|(key, _)| key.clone());
            let stands = |key: &K| then.slots.find(key).and_then(|slot| then.visible(slot));
            let gone: Vec<K> = there.filter(|key| stands(key).is_none()).collect();
            for key in gone {
                view.remove_key(key);
            }
        }
        for (key, value) in then.sorted() {
            view.revive(key.clone(), value, how);
        }
    }
}

impl<K: Element, V: Held> OrMap<K, V> {
    /// Writes what the change did to one entry: what it cut first, then what it made.
    fn encode_entry(&mut self, record: Dirty, tx: Stamp, out: &mut Enc) {
        let corpse = record.first_removed.filter(|_| record.existed);
        let corpse = corpse.and_then(|at| self.removed.get_mut(at as usize));
        let cut = corpse.map_or(Dots::None, |corpse| {
            let cut = corpse.entry.cut_of(tx, out.prev);
            let limit = corpse.limit.as_ref();
            limit.map_or(cut.clone(), |limit| cut.up_to(limit))
        });
        if let Some((key, _)) = self.slots.get(record.slot) {
            key.encode(&mut out.out);
        }
        let Some(entry) = self.slots.entry_mut(record.slot) else {
            return;
        };
        let (created, inner) = (entry.dots.contains(tx), entry.value.settle(tx));
        let header = cut.len() as u64 * 4 + u64::from(inner) * 2 + u64::from(created);
        out.varint(header);
        cut.as_slice().iter().for_each(|stamp| out.stamp(*stamp));
        if inner {
            out.map(|out| entry.value.encode_ops(tx, out));
        }
    }

    /// Keeps each atom that both hold, or that one holds and the other's version does not cover, in the entry and all that it
    /// holds.
    fn merge_entry(
        &mut self,
        slot: u32,
        dots: &Dots,
        value: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        let Some(entry) = self.slots.entry_mut(slot) else {
            return Ok(());
        };
        entry.dots = cx.merge_dots(std::mem::take(&mut entry.dots), dots);
        if value.is_some() || !entry.pristine() {
            let (theirs, ours, keyed) = (cx.theirs, cx.ours, true);
            let reset = entry.with(|held, unknown| {
                let mut cx = Merge {
                    theirs,
                    ours,
                    keyed,
                    reset: false,
                    unknown,
                };
                held.merge_state(value, &mut cx).map(|()| cx.reset)
            })?;
            if reset {
                entry.rebuild(&self.tag.1, &Version::new())?;
            }
        }
        self.tidy(slot);
        Ok(())
    }

    /// The handle of what the entry in a slot holds.
    pub(super) fn at_inside<'a>(&self, slot: u32, at: At<'a>) -> At<'a> {
        at.inside(slot, |out| {
            if let Some((key, _)) = self.slots.get(slot) {
                key.encode(out);
            }
        })
    }

    /// The entry in a slot that the open change has touched.
    pub(super) fn touched(&mut self, slot: u32) -> &mut Entry<V> {
        match self.slots.entry_mut(slot) {
            Some(entry) => entry,
            None => unreachable!("what the open change touched stays in its slot"),
        }
    }
}
