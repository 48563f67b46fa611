//! What was written over the values that elements came with, and with it the ops and the state of a sequence.
//!
//! An element has one value, which goes along when it is moved; the last write wins, and a delete beats it. An element that
//! the change itself made has no write: its value is what it comes with.

use super::content::Content;
use super::core::{Core, Unwanted};
use super::ids::Num;
use super::mutant::{Mutant, planted};
use super::undo::deed;
use super::wire::{self, Name};
use super::{Items, edits::record};
use super::{Sequence, SequenceEdit};
use crate::codec::{Dec, DecodeError, Enc, Kind, Mode};
use crate::crdt::atoms::Atoms;
use crate::crdt::dots::read_plain;
use crate::crdt::{Apply, Crdt, Merge, Restamp, RestampItems, Unknown, same};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::value::Element;
use crate::{Hlc, Stamp, Value};

impl<V: Element> Crdt for Sequence<V> {
    fn kind(&self) -> Kind {
        Kind::Sequence(V::kind(&self.core.tag))
    }

    fn settle(&mut self, _tx: Stamp) -> bool {
        let core = &self.core;
        self.dirty.retain(|element| core.keeps(*element));
        self.core.touched() || !self.dirty.is_empty()
    }

    fn pristine(&self) -> bool {
        self.core.pristine() && self.written.is_empty()
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        let core = &self.core;
        let kept = self.dirty.drain(..).filter(|element| core.keeps(*element));
        let mut dirty: Vec<_> = kept.map(|element| (core.stamp(element), element)).collect();
        dirty.sort_unstable_by_key(|(stamp, _)| (stamp.replica, stamp.time));
        self.core.encode_ops(tx, !dirty.is_empty(), out);
        if dirty.is_empty() {
            return;
        }
        out.varint(dirty.len() as u64);
        for (stamp, element) in dirty {
            self.core.write_name_of(stamp, tx, tx.time.bits(), out);
            if let Some(held) = self.written.get(&element) {
                held.value.encode(&mut out.out);
            }
        }
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        if !self.core.apply_ops(input, cx.stamp, cx.keyed)? {
            return self.forget_dead();
        }
        for _ in 0..input.count()? {
            let name = wire::read_name(input, input.base().bits())?;
            let value = V::decode(&self.core.tag, input)?;
            if let Some(element) = self.core.item(name).filter(|held| self.core.keeps(*held)) {
                let held = self.written.entry(element);
                let held = held.or_insert_with(|| Atoms::new(value.clone()));
                match planted(Mutant::LastSetWins) {
                    true => held.write(cx.stamp, value, false),
                    false => held.offer(cx.stamp, value, cx.keyed),
                }
                let value = held.value.clone();
                self.core.put(element, value);
            }
        }
        self.forget_dead()
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        if out.mode() == Mode::Leaves {
            return out.own_body(|body| self.encode_state(&Unknown::default(), body));
        }
        let next = |from: Num| {
            self.written
                .range(from..)
                .next()
                .map(|(element, _)| *element)
        };
        self.core.encode_state(&next, out);
        // What is compared are live elements; what is kept are initial ones that are gone too.
        let hashing = out.mode() == Mode::Hash;
        let kept = |element: &&Num| match hashing {
            true => self.core.alive(**element),
            false => self.core.keeps(**element),
        };
        let mut elements: Vec<Num> = self.written.keys().filter(kept).copied().collect();
        elements.sort_by_cached_key(|element| {
            let stamp = self.core.stamp(*element);
            (stamp.replica, stamp.time)
        });
        out.varint(elements.len() as u64);
        let write = |element: Num, out: &mut Enc| {
            if let Some(held) = self.written.get(&element) {
                held.encode_state(out);
            }
        };
        if !hashing {
            return self.core.encode_elements(&elements, out, write);
        }
        for element in elements {
            let stamp = self.core.stamp(element);
            out.stamp(stamp);
            out.varint(stamp.time.bits());
            write(element, out);
        }
    }

    fn merge_state(
        &mut self,
        mut input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        if let Some(input) = input.as_deref_mut().filter(|input| input.in_leaves()) {
            return input.own_body(|body| self.merge_state(Some(body), cx));
        }
        let read = self.core.read_state(input.as_deref_mut(), cx.keyed)?;
        let mut theirs: Vec<(Stamp, Vec<(Stamp, V)>)> = Vec::new();
        if let Some(input) = input {
            for _ in 0..input.count()? {
                let element = read.sections.item(input)?;
                theirs.push((element, Atoms::decode(&self.core.tag, input, cx.keyed)?));
            }
        }
        let lost = self.core.merge(read, cx);
        self.merge_written(theirs, cx);
        self.forget_dead()?;
        self.drop_lost(&lost, cx);
        Ok(())
    }

    fn start(&mut self, value: &Value) {
        if let Some(values) = Vec::<V>::tagged(&self.core.tag, value) {
            let values = values.into_iter().map(|value| value.alone().canonical());
            let mut values: Vec<V> = values.collect();
            self.core.start(values.len() as u32, &mut values);
        }
    }

    fn describe(&self, out: &mut String) {
        let values = self.iter().map(V::to_value).collect();
        crate::crdt::describe_line(&self.kind(), &Value::List(values), out);
    }

    fn blank(&self) -> bool {
        let mut written = self.written.keys();
        self.core.blank() && !written.any(|element| self.core.alive(*element))
    }

    fn collect(&mut self, floor: Hlc) {
        let Some(now) = self.core.collect(floor) else {
            return;
        };
        let written = std::mem::take(&mut self.written).into_iter();
        self.written = written
            .filter_map(|(element, held)| Some((now.get(element)?, held)))
            .collect();
        let dirty = std::mem::take(&mut self.dirty).into_iter();
        self.dirty = dirty.filter_map(|element| now.get(element)).collect();
    }

    fn items(&self, out: &mut RestampItems) {
        self.core.items(out);
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        if !self.core.restamp(input, at, cx)? {
            return Ok(());
        }
        for _ in 0..input.count()? {
            let name = wire::read_name(input, input.base().bits())?;
            let value = V::decode(&self.core.tag, input)?;
            let Some(element) = self.core.living(name, cx) else {
                cx.drop_one();
                continue;
            };
            let index = self.core.order().index_of(self.core.place_of(element));
            // An element that lives shows, so the index is one.
            let set = SequenceEdit::new(self, at).write(index as usize, value);
            debug_assert!(set.is_ok(), "{set:?}");
        }
        Ok(())
    }

    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        match input.u8()? {
            record::WRITTEN => self.restore_written(input),
            kind => self.core.restore(kind, input),
        }
    }

    fn undo(
        &mut self,
        _leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let deed = input.u8()?;
        if deed == deed::WRITTEN {
            return self.write_back(input, at, cx);
        }
        let Self { core, written, .. } = self;
        core.undo(deed, input, at, cx, &|element| {
            written.get(&element).map(|held| held.stamp)
        })
    }

    /// Keeps the elements that are the same in the same order, as many at the start and at the end as there are.
    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        let Some(then) = same::<Self>(then) else {
            return;
        };
        if how == Assume::Revived {
            if self.pristine() {
                self.core.revive(&then.core, at, &|element| {
                    then.written.get(&element).map(|held| held.stamp)
                });
            }
            return;
        }
        let (now, then) = (self.to_vec(), then.to_vec());
        let alike = |(a, b): &(&V, &V)| a.same(b);
        let start = now.iter().zip(&then).take_while(alike).count();
        let tails = now[start..].iter().rev().zip(then[start..].iter().rev());
        let end = tails.take_while(alike).count();
        let gone = start..now.len() - end;
        let mut view = SequenceEdit::new(self, at);
        if !gone.is_empty() {
            view.take(gone.start, gone.len());
        }
        let came = then[start..then.len() - end].to_vec();
        view.put_in(start, came);
    }
}

impl<V: Element> Sequence<V> {
    /// The value before comes back while nobody has written to the element since.
    fn write_back(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let element = self.core.named(read_plain(input)?, at);
        let value = V::decode(&self.core.tag, input)?;
        let Some(element) = element else {
            return Ok(());
        };
        let rules = match self.written.get(&element) {
            Some(held) => cx.rules(held.stamp),
            // It came with the value, or came back with it.
            None => !cx.probes(),
        };
        let place = self.core.place_of(element);
        if rules && self.core.order().span(place).shown() {
            let index = self.core.order().index_of(place) as usize;
            let written = SequenceEdit::new(self, at).write(index, value);
            debug_assert!(written.is_ok(), "it shows there");
        }
        Ok(())
    }
}

impl<V: Element> Sequence<V> {
    /// Merges what was written, here and there.
    fn merge_written(&mut self, theirs: Vec<(Stamp, Vec<(Stamp, V)>)>, cx: &mut Merge<'_>) {
        let mut met = Vec::new();
        for (stamp, atoms) in theirs {
            let Some(element) = self.core.item(Name::Stamp(stamp)) else {
                continue;
            };
            let Some((_, value)) = atoms.first().filter(|_| self.core.keeps(element)) else {
                continue;
            };
            let held = self
                .written
                .entry(element)
                .or_insert_with(|| Atoms::new(value.clone()));
            cx.reset |= held.merge(atoms, cx);
            met.push(element);
            if !held.is_origin() {
                let value = held.value.clone();
                self.core.put(element, value);
            }
        }
        self.core.end_merge();
        if cx.keyed {
            met.sort_unstable();
            for (element, held) in &mut self.written {
                if met.binary_search(element).is_err() {
                    cx.reset |= held.merge(Vec::new(), cx);
                }
            }
        }
        self.written.retain(|_, held| !held.is_origin());
    }

    /// Drops items that something has cut. Numbers change then, so what was written goes by stamps meanwhile.
    fn drop_lost(&mut self, lost: &Unwanted, cx: &mut Merge<'_>) {
        if lost.0.is_empty() {
            return;
        }
        let written = std::mem::take(&mut self.written);
        let written: Vec<(Stamp, Atoms<V>)> = written
            .into_iter()
            .map(|(element, held)| (self.core.stamp(element), held))
            .collect();
        self.core.drop_lost(lost, cx);
        for (stamp, held) in written {
            if let Some(element) = self.core.item(Name::Stamp(stamp)) {
                self.written.insert(element, held);
            }
        }
    }

    /// Forgets what was written to elements that are deleted.
    fn forget_dead(&mut self) -> Result<(), DecodeError> {
        if !self.written.is_empty() {
            let core = &self.core;
            self.written.retain(|element, _| core.keeps(*element));
        }
        Ok(())
    }

    fn restore_written(&mut self, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let element = u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("item"))?;
        if input.bool()? {
            self.dirty.pop();
        }
        if input.bool()? {
            let held = Atoms::read_record(&self.core.tag, input)?;
            self.written.insert(element, held);
        } else {
            self.written.remove(&element);
        }
        let value = V::decode(&self.core.tag, input)?;
        self.core.put(element, value);
        Ok(())
    }
}

impl<V: Element> Core<Items<V>> {
    /// Shows another value for an element, if it shows or is to.
    pub(super) fn put(&mut self, element: Num, value: V) {
        let place = self.place_of(element);
        let mut content = Vec::new();
        let mut shows = self.expected.remove(&element);
        self.order
            .hide(place, 1, None, &mut content, |_, _| shows = true);
        if shows {
            let mut value = vec![value];
            self.order.show(place, 1, &mut Items::source(&mut value));
        }
    }
}
