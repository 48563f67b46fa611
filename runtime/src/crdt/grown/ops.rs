//! Ops, state and merge of sets that elements come into once.

use super::{Entry, Grown};
use crate::codec::{Dec, DecodeError, Enc};
use crate::crdt::dots::Dots;
use crate::crdt::mark::Mark;
use crate::crdt::{Apply, Merge, Restamp};
use crate::edit::At;
use crate::history::Assume;
use crate::value::Element;
use crate::{Stamp, Value};

/// What a change did to an element of a set that elements can be taken out of.
const ADDED: u8 = 1;
const REMOVED: u8 = 2;

impl<V: Element> Grown<V> {
    pub(in crate::crdt) fn settle(&self) -> bool {
        !self.dirty.is_empty()
    }

    pub(in crate::crdt) fn pristine(&self) -> bool {
        self.slots.iter().all(|(_, _, entry)| !entry.written())
    }

    pub(in crate::crdt) fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        let dirty = std::mem::take(&mut self.dirty);
        out.varint(dirty.len() as u64);
        for slot in dirty {
            if let Some((value, entry)) = self.slots.get(slot) {
                value.encode(&mut out.out);
                if self.removes {
                    out.varint(u64::from(done(entry, tx, out.keyed())));
                }
            }
            self.change_slot(slot, |entry| entry.dirty = false);
        }
    }

    pub(in crate::crdt) fn apply_ops(
        &mut self,
        input: &mut Dec<'_>,
        cx: &Apply<'_>,
    ) -> Result<(), DecodeError> {
        for _ in 0..input.count()? {
            let value = V::decode(&self.tag, input)?;
            let done = if self.removes { input.u8()? } else { ADDED };
            self.change(value, |entry| {
                if done & ADDED != 0 {
                    entry.added.set(cx.stamp, cx.keyed);
                }
                if done & REMOVED != 0 {
                    entry.out.set(cx.stamp, cx.keyed);
                }
            });
        }
        Ok(())
    }

    /// Elements are put in and taken out again; one that is out already stays out.
    pub(in crate::crdt) fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        for _ in 0..input.count()? {
            let value = V::decode(&self.tag, input)?;
            let done = if self.removes { input.u8()? } else { ADDED };
            if done & ADDED != 0 {
                self.put(at, value.clone());
            }
            if done & REMOVED != 0 && !self.take(at, value) {
                cx.drop_one();
            }
        }
        Ok(())
    }

    /// Puts in again what another one holds, and takes out what it took out, if all of it had gone.
    pub(in crate::crdt) fn assume(&mut self, then: &Self, at: At<'_>, how: Assume) {
        if how == Assume::Restored {
            return;
        }
        for slot in then
            .slots
            .sorted(|entry| entry.visible() || entry.out.is_set())
        {
            if let Some((value, entry)) = then.slots.get(slot) {
                self.put(at, value.clone());
                if entry.out.is_set() {
                    self.take(at, value.clone());
                }
            }
        }
    }

    pub(in crate::crdt) fn encode_state(&self, out: &mut Enc) {
        let slots = self.slots.sorted(Entry::written);
        out.varint(slots.len() as u64);
        for slot in slots {
            let Some((value, entry)) = self.slots.get(slot) else {
                continue;
            };
            let write = |out: &mut Enc| {
                value.encode(&mut out.out);
                match (self.removes, out.keyed()) {
                    (false, _) => entry.added.encode(out),
                    (true, false) => out.varint(u64::from(entry.out.is_set())),
                    (true, true) => {
                        out.varint(entry.added.len() as u64 * 2 + u64::from(entry.out.is_set()));
                        let added = entry.added.stamps().iter();
                        added.for_each(|stamp| out.stamp(*stamp));
                        if entry.out.is_set() {
                            entry.out.encode(out);
                        }
                    }
                }
            };
            out.leaf(|path| value.encode(path), write);
        }
    }

    /// What a state says of one element: that it is in, and that it is out.
    fn decode_entry(&self, input: &mut Dec<'_>, keyed: bool) -> Result<(Mark, Mark), DecodeError> {
        if !self.removes {
            return Ok((Mark::decode(input, keyed)?, Mark::default()));
        }
        if !keyed {
            let mark = Mark::decode(input, keyed)?;
            let is_out = input.bool()?;
            return Ok(if is_out {
                (Mark::default(), mark)
            } else {
                (mark, Mark::default())
            });
        }
        let header = input.varint()?;
        let added = Mark::from(Dots::decode(input, header >> 1)?);
        let out = if header & 1 == 1 {
            Mark::decode(input, keyed)?
        } else {
            Mark::default()
        };
        Ok((added, out))
    }

    pub(in crate::crdt) fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &Merge<'_>,
    ) -> Result<(), DecodeError> {
        let mut met = vec![false; self.slots.bound()];
        if let Some(input) = input {
            for _ in 0..input.count()? {
                let value = V::decode(&self.tag, input)?;
                let (added, out) = self.decode_entry(input, cx.keyed)?;
                // A slot that an element has left may be taken by the next, so only where it stands now counts.
                let slot = self.change(value, |entry| {
                    entry.added.merge(&added, cx);
                    entry.out.merge(&out, cx);
                });
                if let Some(met) = met.get_mut(slot as usize) {
                    *met = true;
                }
            }
        }
        for slot in (0..met.len()).filter(|slot| !met[*slot]) {
            self.change_slot(slot as u32, |entry| {
                entry.added.merge(&Mark::default(), cx);
                entry.out.merge(&Mark::default(), cx);
            });
        }
        Ok(())
    }

    pub(in crate::crdt) fn start(&mut self, value: &Value) {
        if let Some(values) = Vec::<V>::tagged(&self.tag, value) {
            *self = Self::new(self.tag.clone(), self.removes);
            for value in values {
                self.hold(value.alone().canonical());
            }
        }
    }

    /// Its elements, in the order in which they were declared.
    pub(in crate::crdt) fn to_value(&self) -> Value {
        Value::List(self.iter().map(V::to_value).collect())
    }

    pub(in crate::crdt) fn tag(&self) -> &V::Tag {
        &self.tag
    }
}

/// Outside maps what went has gone, whatever else happened to it.
fn done(entry: &Entry, tx: Stamp, keyed: bool) -> u8 {
    if keyed {
        return u8::from(entry.added.is_of(tx)) * ADDED + u8::from(entry.out.is_of(tx)) * REMOVED;
    }
    if entry.out.is_set() { REMOVED } else { ADDED }
}
