//! The edit view of a map of synchronised values, and its inverse records.
//!
//! Entries that the open change touches stay in their slots until it is sealed, so records name slots. A record of something
//! inside an entry begins with the way there.

use std::ops::Deref;

use super::entry::{Entry, Held};
use super::{Dirty, OrMap, Removed};
use crate::Stamp;
use crate::codec::{Dec, DecodeError, write_varint};
use crate::crdt::Synced;
use crate::crdt::dots::{Dots, read_wide, write_wide};
use crate::edit::At;
use crate::history::Assume;
use crate::value::{Assign, Element, InstanceId};

/// The view of an [`OrMap`] inside an edit.
pub struct OrMapEdit<'a, K: Element, V: Held> {
    pub(super) map: &'a mut OrMap<K, V>,
    pub(super) at: At<'a>,
}

/// What a record takes back.
mod record {
    /// Something inside an entry: slot and leaf, then its own record.
    pub(super) const STEP: u8 = 0;
    /// The first touch of an entry: slot.
    pub(super) const TOUCH: u8 = 1;
    /// That this change made it: slot, this change's stamp, the stamp of the author's that stood there.
    pub(super) const MADE: u8 = 2;
    /// A remove: slot, whether it was the first.
    pub(super) const REMOVED: u8 = 3;
}

/// The beginning of what is noted of something inside an entry; key and leaf follow.
pub(crate) const STEP: u8 = 0;
/// What is noted of an entry that was made; the key follows.
pub(super) const MADE: u8 = 1;
/// What is noted of an entry that was removed; the key and all that was in it follow.
const TAKEN: u8 = 2;

/// The beginning of a record of something inside an entry.
pub(crate) fn write_step(slot: u32, leaf: u32, out: &mut Vec<u8>) {
    out.push(record::STEP);
    write_varint(out, u64::from(slot));
    write_varint(out, u64::from(leaf));
}

impl<K: Element<Tag = ()>, V: Synced> OrMapEdit<'_, K, V> {
    /// The view of what stands under a key, which is made if need be. Concurrent writes under one key merge, part by part. O(1).
    pub fn entry(&mut self, key: impl Assign<K>) -> V::Edit<'_> {
        let (value, at) = self.open(key.assign().canonical());
        value.edit(at)
    }

    /// The view of what stands under a key, if anything does. Concurrent writes under one key merge; one to an entry that is
    /// removed concurrently keeps it. O(1).
    pub fn get_mut(&mut self, key: impl Assign<K>) -> Option<V::Edit<'_>> {
        let key = key.assign().canonical();
        let slot = self.map.slots.find(&key)?;
        self.map.visible(slot)?;
        self.touch(key);
        let (value, at) = self.inside(slot);
        Some(value.edit(at))
    }
}

impl<'a, K: Element, V: Held> OrMapEdit<'a, K, V> {
    pub(crate) fn new(map: &'a mut OrMap<K, V>, at: At<'a>) -> Self {
        Self { map, at }
    }

    /// An identity that nothing else has.
    #[cfg(feature = "dynamic")]
    pub(crate) fn identity(&self) -> InstanceId {
        self.at.spawn()
    }

    /// What stands under a canonical key, which is made if need be, and its place in the transaction.
    pub(crate) fn open(&mut self, key: K) -> (&mut V, At<'_>) {
        let slot = self.touch(key);
        if self.map.touched(slot).blank() {
            self.make(slot);
        }
        self.inside(slot)
    }

    /// Makes an entry; true when it was not there. Making one again protects it from a concurrent remove. Concurrent inserts of
    /// one key are one entry. O(1).
    pub fn insert(&mut self, key: impl Assign<K>) -> bool {
        let slot = self.touch(key.assign().canonical());
        let fresh = self.map.touched(slot).blank();
        self.make(slot);
        fresh
    }

    /// Removes an entry; true when it was there. What others write under the key concurrently stays, and keeps the entry.
    /// O(entry).
    pub fn remove(&mut self, key: impl Assign<K>) -> bool {
        self.remove_key(key.assign().canonical())
    }

    /// Removes all entries. What others write concurrently stays. O(n).
    pub fn clear(&mut self) {
        let keys: Vec<K> = self.map.iter().map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.remove_key(key);
        }
    }

    fn inside(&mut self, slot: u32) -> (&mut V, At<'_>) {
        let (map, at) = (&mut *self.map, self.at);
        let at = map.at_inside(slot, at);
        (&mut map.touched(slot).value, at)
    }
}

impl<K: Element, V: Held> OrMapEdit<'_, K, V> {
    /// Marks the entry of a key as touched by the open change; its slot.
    pub(super) fn touch(&mut self, key: K) -> u32 {
        if !self.at.admits(&key) {
            // The edit is refused as a whole; until it returns it goes on with what it has.
            return self.mark(key, false);
        }
        self.mark(key, true)
    }

    fn mark(&mut self, key: K, counts: bool) -> u32 {
        let (map, at) = (&mut *self.map, self.at);
        let found = map.slots.find(&key);
        let dirty = found
            .and_then(|slot| map.slots.get(slot))
            .map(|(_, entry)| entry.dirty);
        if let (Some(slot), Some(1..)) = (found, dirty) {
            return slot;
        }
        if counts {
            at.add_op(4);
            at.add_value(&key, None);
        }
        let fresh = || Entry::fresh(&map.tag.1);
        let slot = found.unwrap_or_else(|| map.slots.insert(key, fresh()));
        at.record_touch(|out| {
            out.push(record::TOUCH);
            write_varint(out, u64::from(slot));
        });
        map.dirty.push(Dirty {
            slot,
            existed: found.is_some(),
            first_removed: None,
        });
        let number = map.dirty.len() as u32;
        map.touched(slot).dirty = number;
        slot
    }

    /// Puts the atom of its being there into an entry.
    pub(super) fn make(&mut self, slot: u32) {
        let (tx, at) = (self.at.stamp(), self.at);
        if let Some((key, entry)) = self.map.slots.get(slot)
            && entry.blank()
        {
            at.note_turn(|out| {
                out.push(MADE);
                key.encode(out);
            });
        }
        let entry = self.map.touched(slot);
        if entry.dots.contains(tx) {
            return;
        }
        let mut dots = entry.dots.as_slice().iter();
        let before = dots.find(|dot| dot.replica == tx.replica);
        let before = before.copied().unwrap_or(Stamp::ORIGIN);
        at.record(|out| {
            out.push(record::MADE);
            write_varint(out, u64::from(slot));
            write_wide(tx, out);
            write_wide(before, out);
        });
        entry.dots.insert(tx);
    }

    /// Removes the entry of a canonical key; true when it was there.
    pub(super) fn remove_key(&mut self, key: K) -> bool {
        let slot = self.map.slots.find(&key);
        let Some(slot) = slot.filter(|slot| self.map.visible(*slot).is_some()) else {
            return false;
        };
        self.note_taken(slot);
        self.touch(key);
        let fresh = Entry::fresh(&self.map.tag.1);
        self.replace(slot, fresh, None);
        true
    }

    /// Makes an entry if need be, and lets what it holds take on what another one holds.
    pub(super) fn revive(&mut self, key: K, then: &V, how: Assume) {
        let slot = self.touch(key);
        let made = self.map.touched(slot).blank();
        if made {
            self.make(slot);
        }
        let at = self.map.at_inside(slot, self.at);
        let value = &mut self.map.touched(slot).value;
        if made {
            value.assume(then, at, Assume::Revived);
        }
        // What others had deleted in it comes back only where all is to be as it was.
        if !made || how == Assume::Restored {
            value.assume(then, at, how);
        }
        // What was there by what others wrote into it may have gone with that.
        if self.map.touched(slot).blank() {
            self.make(slot);
        }
    }

    /// Notes that an entry goes, with all that is in it.
    fn note_taken(&self, slot: u32) {
        let Some((key, entry)) = self.map.slots.get(slot) else {
            return;
        };
        let below = |out: &mut Vec<u8>| {
            out.push(STEP);
            key.encode(out);
        };
        self.at.note_taken(below, |out| {
            out.push(TAKEN);
            key.encode(out);
            entry.write_whole(out);
        });
    }

    /// Takes away what stands under a key as far as a cut has seen it; true when there was some of it.
    pub(super) fn remove_seen(&mut self, key: &K, cut: &Dots) -> Result<bool, DecodeError> {
        let slot = self.map.slots.find(key);
        let Some(slot) = slot.filter(|slot| self.map.visible(*slot).is_some()) else {
            return Ok(false);
        };
        self.touch(key.clone());
        let tag = self.map.tag.1.clone();
        let entry = self.map.touched(slot);
        if entry.greatest().up_to(cut).is_empty() {
            return Ok(false);
        }
        let mut rest = entry.remainder(&tag, cut)?;
        rest.collect(self.at.floor());
        self.note_taken(slot);
        self.replace(slot, rest, Some(cut.clone()));
        Ok(true)
    }

    /// Puts something else in the place of an entry: what a remove leaves of it, which went so far.
    fn replace(&mut self, slot: u32, with: Entry<V>, limit: Option<Dots>) {
        let (map, at) = (&mut *self.map, self.at);
        let entry = map.touched(slot);
        let dirty = entry.dirty;
        let taken = std::mem::replace(entry, Entry { dirty, ..with });
        at.add_bytes(24 * (taken.replicas() + 1));
        let place = map.removed.len() as u32;
        let mut first = false;
        let mut widened = None;
        if let Some(dirty) = map.dirty.get_mut((dirty as usize).wrapping_sub(1)) {
            first = dirty.first_removed.is_none();
            let at = *dirty.first_removed.get_or_insert(place);
            if let Some(held) = map.removed.get_mut(at as usize) {
                widened.clone_from(&held.limit);
                held.limit = widen(held.limit.take(), limit.as_ref());
            }
        }
        map.removed.push(Removed {
            entry: taken,
            limit,
            first: widened,
        });
        at.record(|out| {
            out.push(record::REMOVED);
            write_varint(out, u64::from(slot));
            out.push(u8::from(first));
        });
    }
}

/// How far two removes go together; none is all the way.
fn widen(limit: Option<Dots>, by: Option<&Dots>) -> Option<Dots> {
    let (mut limit, by) = (limit?, by?);
    by.as_slice().iter().for_each(|stamp| limit.insert(*stamp));
    Some(limit)
}

impl<V: Held> OrMapEdit<'_, InstanceId, V> {
    /// Makes an entry under a fresh identity. No other has that identity, concurrent ones included. O(1).
    pub fn spawn(&mut self) -> InstanceId {
        let id = self.at.spawn();
        self.insert(id);
        id
    }
}

impl<K: Element, V: Held> OrMap<K, V> {
    /// Takes back one write. Records come back last first.
    pub(super) fn restore(&mut self, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let kind = input.u8()?;
        let number = |number: u64| u32::try_from(number).map_err(|_| DecodeError::Range("slot"));
        let slot = number(input.varint()?)?;
        match kind {
            record::STEP => {
                let leaf = number(input.varint()?)?;
                return self.touched(slot).value.revert(leaf, input);
            }
            record::TOUCH => {
                let existed = self.dirty.pop().is_some_and(|dirty| dirty.existed);
                self.touched(slot).dirty = 0;
                if !existed {
                    self.slots.remove(slot);
                }
            }
            record::MADE => {
                let (tx, before) = (read_wide(input)?, read_wide(input)?);
                let entry = self.touched(slot);
                entry.dots.retain(|dot| dot != tx);
                if !before.is_origin() {
                    entry.dots.insert(before);
                }
            }
            _ => {
                let first = input.bool()?;
                if let Some(taken) = self.removed.pop() {
                    let entry = self.touched(slot);
                    let dirty = entry.dirty;
                    *entry = Entry {
                        dirty,
                        ..taken.entry
                    };
                    if let Some(dirty) = self.dirty.get_mut((dirty as usize).wrapping_sub(1)) {
                        let at = dirty.first_removed.take_if(|_| first);
                        debug_assert!(at.is_none_or(|at| at as usize == self.removed.len()));
                        let at = dirty.first_removed.map(|at| at as usize);
                        if let Some(held) = at.and_then(|at| self.removed.get_mut(at)) {
                            held.limit = taken.first;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

impl<K: Element, V: Held> Deref for OrMapEdit<'_, K, V> {
    type Target = OrMap<K, V>;

    fn deref(&self) -> &Self::Target {
        self.map
    }
}

impl<K: Element, V: Held + std::fmt::Debug> std::fmt::Debug for OrMapEdit<'_, K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.map.fmt(f)
    }
}
