//! What an edit does to a set that elements come into once, and its inverse records.

use super::{Entry, Grown};
use crate::codec::{Dec, DecodeError};
use crate::crdt::mark::Mark;
use crate::edit::At;
use crate::value::Element;

impl<V: Element> Grown<V> {
    /// Puts an element in; true when it was not there. One that was taken out does not come back.
    ///
    /// Where an entry of a map may be removed with the set in it, putting an element in again protects it from that.
    pub(in crate::crdt) fn put(&mut self, at: At<'_>, value: V) -> bool {
        if !at.admits(&value) {
            return false;
        }
        let (stamp, keyed) = (at.stamp(), at.keyed());
        let idle = |entry: &Entry| {
            let there = entry.visible() && !keyed;
            there || entry.out.is_set() || entry.added.is_of(stamp)
        };
        if self.find(&value).is_some_and(idle) {
            return false;
        }
        let (slot, before) = (self.touch(at, value), self.len);
        self.change_slot(slot, |entry| entry.added.set(stamp, keyed));
        self.len > before
    }

    /// Takes an element out for ever; true when it was there.
    pub(in crate::crdt) fn take(&mut self, at: At<'_>, value: V) -> bool {
        if !self.contains(&value) {
            return false;
        }
        let slot = self.touch(at, value);
        self.change_slot(slot, |entry| entry.out.set(at.stamp(), at.keyed()));
        true
    }

    /// Records how the element was and marks it as touched by the open change; its slot.
    fn touch(&mut self, at: At<'_>, value: V) -> u32 {
        let found = self.slots.find(&value);
        let entry = found
            .and_then(|slot| self.slots.get(slot))
            .map(|(_, entry)| entry);
        at.record(|out| write_record(&value, entry, out));
        if entry.is_none_or(|entry| !entry.dirty) {
            at.add_op(2);
            at.add_value(&value, None);
        }
        let slot = found.unwrap_or_else(|| self.slots.insert(value, Entry::default()));
        if let Some(entry) = self.slots.entry_mut(slot)
            && !entry.dirty
        {
            entry.dirty = true;
            self.dirty.push(slot);
        }
        slot
    }

    /// Puts an element back as it was. Records come back last first, so what this one marked is last in the dirty list.
    pub(in crate::crdt) fn restore(&mut self, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let value = V::decode(&self.tag, input)?;
        let mut before = Entry::default();
        if input.bool()? {
            before = Entry {
                initial: input.bool()?,
                dirty: input.bool()?,
                added: Mark::read_record(input)?,
                out: Mark::read_record(input)?,
            };
        }
        if !before.dirty {
            self.dirty.pop();
        }
        self.change(value, |entry| *entry = before);
        Ok(())
    }
}

/// The element, whether it had an entry, and what stood in it.
fn write_record<V: Element>(value: &V, entry: Option<&Entry>, out: &mut Vec<u8>) {
    value.encode(out);
    out.push(u8::from(entry.is_some()));
    if let Some(entry) = entry {
        out.push(u8::from(entry.initial));
        out.push(u8::from(entry.dirty));
        entry.added.write_record(out);
        entry.out.write_record(out);
    }
}
