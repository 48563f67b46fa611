//! The edit view of a map, and its inverse records.

use std::ops::Deref;

use super::LwwMap;
use crate::Stamp;
use crate::codec::{Dec, DecodeError};
use crate::crdt::atoms::Atoms;
use crate::edit::At;
use crate::value::{Assign, Element};

/// The view of an [`LwwMap`] inside an edit.
#[derive(Debug)]
pub struct LwwMapEdit<'a, K: Element, V: Element> {
    pub(super) map: &'a mut LwwMap<K, V>,
    pub(super) at: At<'a>,
}

impl<'a, K: Element, V: Element> LwwMapEdit<'a, K, V> {
    pub(crate) fn new(map: &'a mut LwwMap<K, V>, at: At<'a>) -> Self {
        Self { map, at }
    }

    /// Writes the value of a key. Of concurrent sets and deletes of a key the greater stamp wins. O(1).
    pub fn set(&mut self, key: impl Assign<K>, value: impl Assign<V>) {
        self.write(key.assign().canonical(), Some(value.assign().canonical()));
    }

    /// Deletes a key; true when it had a value. Without one there is nothing to delete, and nothing is written. Of concurrent
    /// sets and deletes of a key the greater stamp wins. O(1).
    pub fn delete(&mut self, key: impl Assign<K>) -> bool {
        self.take_out(key.assign().canonical())
    }

    /// Deletes every key that has a value. Each key for itself, as [`LwwMapEdit::delete`]: a concurrent set with a greater stamp
    /// stays. O(n).
    pub fn clear(&mut self) {
        let keys: Vec<K> = self.map.iter().map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.write(key, None);
        }
    }
}

impl<K: Element, V: Element> LwwMapEdit<'_, K, V> {
    /// Deletes a canonical key; true when it had a value.
    pub(super) fn take_out(&mut self, key: K) -> bool {
        let held = self
            .map
            .slots
            .find(&key)
            .and_then(|slot| self.map.slots.get(slot));
        let live = held.is_some_and(|(_, entry)| entry.value.is_some());
        if live {
            self.write(key, None);
        }
        live
    }

    pub(super) fn write(&mut self, key: K, value: Option<V>) {
        if !self.at.admits(&key) || !value.as_ref().is_none_or(|value| self.at.admits(value)) {
            return;
        }
        let stamp = self.at.stamp();
        let map = &mut *self.map;
        let found = map.slots.find(&key);
        let held = found
            .and_then(|slot| map.slots.get(slot))
            .map(|(_, entry)| entry);
        self.at.record(|out| write_record(&key, held, out));
        self.at.note_write(
            held.map_or(Stamp::ORIGIN, |held| held.stamp),
            |out| key.encode(out),
            |out| held.and_then(|held| held.value.clone()).encode(out),
        );
        let again = held.is_some_and(|held| held.stamp == stamp);
        if !again {
            self.at.add_op(2);
            self.at.add_value(&key, None);
        }
        if let Some(value) = &value {
            self.at.add_value(
                value,
                held.filter(|_| again).and_then(|held| held.value.as_ref()),
            );
        }
        let slot = found.unwrap_or_else(|| map.slots.insert(key, Atoms::new(None)));
        if !again {
            map.dirty.push(slot);
        }
        let (keyed, floor) = (self.at.keyed(), self.at.floor());
        let before = map.slots.entry_mut(slot).map(|held| {
            let before = held.value.is_some();
            let after = value.is_some();
            held.write(stamp, value, keyed);
            held.prune(floor);
            (before, after)
        });
        let (before, after) = before.unwrap_or_default();
        map.len = map.len + usize::from(after) - usize::from(before);
    }
}

/// The key, whether it had an entry, and what was written to it.
fn write_record<K: Element, V: Element>(
    key: &K,
    held: Option<&Atoms<Option<V>>>,
    out: &mut Vec<u8>,
) {
    key.encode(out);
    out.push(u8::from(held.is_some()));
    if let Some(held) = held {
        held.write_record(out);
    }
}

impl<K: Element, V: Element> LwwMap<K, V> {
    /// Puts a key back as it was. Records come back last first, so a key that this one marked is last in the dirty list.
    pub(super) fn restore(&mut self, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let key = K::decode(&self.tag.0, input)?;
        let mut before = None;
        if input.bool()? {
            before = Some(Atoms::read_record(&self.tag.1, input)?);
        }
        let slot = self.slot(key);
        let now = self.slots.get(slot).map(|(_, entry)| entry.stamp);
        if before.as_ref().map(|held| held.stamp) != now {
            self.dirty.pop();
        }
        self.put(slot, before);
        Ok(())
    }
}

impl<K: Element, V: Element> Deref for LwwMapEdit<'_, K, V> {
    type Target = LwwMap<K, V>;

    fn deref(&self) -> &Self::Target {
        self.map
    }
}
