//! The edit view of a set, and its inverse records.

use std::ops::Deref;

use super::{Dirty, Dots, Entry, OrSet, Origin};
use crate::codec::{Dec, DecodeError};
use crate::crdt::dots::write_plain;
use crate::edit::At;
use crate::value::{Assign, Element};

/// The view of an [`OrSet`] inside an edit.
#[derive(Debug)]
pub struct OrSetEdit<'a, V: Element> {
    pub(super) set: &'a mut OrSet<V>,
    pub(super) at: At<'a>,
}

/// What is noted of an element.
pub(super) mod deed {
    /// It was taken out.
    pub(in super::super) const REMOVED: u8 = 0;
    /// It was put in.
    pub(in super::super) const ADDED: u8 = 1;
    /// This replica keeps it in no longer; others do.
    pub(in super::super) const LET_GO: u8 = 2;
    /// This replica put it in too; its stamp follows.
    pub(in super::super) const JOINED: u8 = 3;
}

impl<'a, V: Element> OrSetEdit<'a, V> {
    pub(crate) fn new(set: &'a mut OrSet<V>, at: At<'a>) -> Self {
        Self { set, at }
    }

    /// Puts an element in; true when it was not there. Putting one in again protects it from a concurrent remove. Against a
    /// concurrent remove the insert wins. O(1).
    pub fn insert(&mut self, value: impl Assign<V>) -> bool {
        self.add(value.assign().canonical())
    }

    /// Takes an element out; true when it was there. A concurrent insert keeps it in. O(replicas that put it in).
    pub fn remove(&mut self, value: impl Assign<V>) -> bool {
        let value = value.assign().canonical();
        let visible = |slot: &u32| {
            self.set
                .slots
                .get(*slot)
                .is_some_and(|(_, entry)| entry.visible())
        };
        let Some(slot) = self.set.slots.find(&value).filter(visible) else {
            return false;
        };
        self.remove_slot(slot, value);
        true
    }

    /// Takes all elements out. What others insert concurrently stays. O(n).
    pub fn clear(&mut self) {
        let all: Vec<(u32, V)> = {
            let visible = self
                .set
                .slots
                .iter()
                .filter(|(_, _, entry)| entry.visible());
            visible
                .map(|(slot, value, _)| (slot, value.clone()))
                .collect()
        };
        for (slot, value) in all {
            self.remove_slot(slot, value);
        }
    }
}

impl<V: Element> OrSetEdit<'_, V> {
    /// Takes out the element in a slot.
    pub(super) fn remove_at(&mut self, slot: u32) {
        if let Some((value, _)) = self.set.slots.get(slot) {
            let value = value.clone();
            self.remove_slot(slot, value);
        }
    }

    fn remove_slot(&mut self, slot: u32, value: V) {
        let entry = self.set.slots.get(slot);
        let seen = entry.map_or(Dots::None, |(_, entry)| entry.atoms());
        self.note(deed::REMOVED, &value);
        self.touch(Some(slot), value);
        self.cut_slot(slot, &seen);
    }

    /// Notes what was done to an element.
    fn note(&self, deed: u8, value: &V) {
        self.at.note_deed(|out| {
            out.push(deed);
            value.encode(out);
            if deed == deed::JOINED {
                write_plain(self.at.stamp(), out);
            }
        });
    }

    /// Puts a canonical element in; true when it was not there.
    pub(super) fn add(&mut self, value: V) -> bool {
        if !self.at.admits(&value) {
            return false;
        }
        let stamp = self.at.stamp();
        let found = self.set.slots.find(&value);
        let entry = found.and_then(|slot| self.set.slots.get(slot));
        let mut dots = entry.iter().flat_map(|(_, entry)| entry.dots.as_slice());
        if !dots.any(|dot| dot.replica == stamp.replica) {
            let joins = entry.is_some_and(|(_, entry)| entry.visible());
            self.note(if joins { deed::JOINED } else { deed::ADDED }, &value);
        }
        let slot = self.touch(found, value);
        let before = self.set.len;
        self.set.change_slot(slot, |entry| entry.dots.insert(stamp));
        self.set.len > before
    }

    /// Takes away what keeps an element in as far as a cut has seen it; true when there was some of it.
    pub(super) fn remove_seen(&mut self, value: &V, cut: &Dots) -> bool {
        let Some(slot) = self.set.slots.find(value) else {
            return false;
        };
        let entry = self.set.slots.get(slot);
        let mut seen = entry.map_or(Dots::None, |(_, entry)| entry.atoms());
        seen.retain(|dot| cut.cuts(dot));
        if seen.is_empty() {
            return false;
        }
        self.touch(Some(slot), value.clone());
        self.cut_slot(slot, &seen);
        let entry = self.set.slots.get(slot);
        let stays = entry.is_some_and(|(_, entry)| entry.visible());
        let deed = if stays { deed::LET_GO } else { deed::REMOVED };
        self.note(deed, value);
        true
    }

    fn cut_slot(&mut self, slot: u32, seen: &Dots) {
        let (stamp, keyed) = (self.at.stamp(), self.at.keyed());
        self.set
            .change_slot(slot, |entry| entry.cut(seen, stamp, keyed));
        let entry = self.set.slots.get(slot).map(|(_, entry)| entry);
        let number = entry.map_or(0, |entry| entry.dirty);
        let left = entry.map(Entry::atoms).unwrap_or_default();
        if let Some(dirty) = self.set.dirty.get_mut((number as usize).wrapping_sub(1)) {
            let gone = dirty.before.as_slice().iter();
            let gone = gone.filter(|dot| !left.contains(**dot));
            gone.for_each(|dot| dirty.cut.insert(*dot));
        }
    }

    /// Records how the element was, which was found in this slot, and marks it as touched by the open change; its slot.
    fn touch(&mut self, found: Option<u32>, value: V) -> u32 {
        let set = &mut *self.set;
        let entry = found
            .and_then(|slot| set.slots.get(slot))
            .map(|(_, entry)| entry);
        let dirty = entry.and_then(|entry| set.dirty.get((entry.dirty as usize).wrapping_sub(1)));
        let cut = dirty.map_or(&Dots::None, |dirty| &dirty.cut);
        self.at.record(|out| write_record(&value, entry, cut, out));
        let before = entry.map(Entry::atoms).unwrap_or_default();
        if entry.is_none_or(|entry| entry.dirty == 0) {
            self.at.add_op(4);
            self.at.add_value(&value, None);
            self.at.add_bytes(before.len() * 24);
        }
        let slot = found.unwrap_or_else(|| set.slots.insert(value, Entry::default()));
        if let Some(entry) = set.slots.entry_mut(slot)
            && entry.dirty == 0
        {
            set.dirty.push(Dirty {
                slot,
                before,
                cut: Dots::None,
            });
            entry.dirty = set.dirty.len() as u32;
        }
        slot
    }
}

/// The element, whether it had an entry, what stood in it, and what the change had cut of that.
fn write_record<V: Element>(value: &V, entry: Option<&Entry>, cut: &Dots, out: &mut Vec<u8>) {
    value.encode(out);
    let Some(entry) = entry else {
        return out.push(0);
    };
    out.push(1);
    out.push(u8::from(entry.dirty != 0));
    cut.write_record(out);
    out.push(match entry.origin {
        Origin::None => 0,
        Origin::Held => 1,
        Origin::Cut => 2,
    });
    entry.dots.write_record(out);
    entry
        .marks
        .as_deref()
        .unwrap_or(&Dots::None)
        .write_record(out);
}

impl<V: Element> OrSet<V> {
    /// Puts an element back as it was. Records come back last first, so what this one marked is last in the dirty list.
    pub(super) fn restore(&mut self, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let value = V::decode(&self.tag, input)?;
        let mut before = Entry::default();
        let mut cut = Dots::None;
        if input.bool()? {
            before.dirty = u32::from(input.bool()?);
            cut = Dots::read_record(input)?;
            before.origin = match input.u8()? {
                0 => Origin::None,
                1 => Origin::Held,
                _ => Origin::Cut,
            };
            before.dots = Dots::read_record(input)?;
            before.marks = Some(Dots::read_record(input)?)
                .filter(|marks| !marks.is_empty())
                .map(Box::new);
        }
        let number = self
            .slots
            .find(&value)
            .and_then(|slot| self.slots.get(slot))
            .map_or(0, |(_, entry)| entry.dirty);
        if before.dirty == 0 {
            self.dirty.truncate((number as usize).saturating_sub(1));
        } else {
            before.dirty = number;
            if let Some(dirty) = self.dirty.get_mut((number as usize).wrapping_sub(1)) {
                dirty.cut = cut;
            }
        }
        self.change(value, |entry| *entry = before);
        Ok(())
    }
}

impl<V: Element> Deref for OrSetEdit<'_, V> {
    type Target = OrSet<V>;

    fn deref(&self) -> &Self::Target {
        self.set
    }
}
