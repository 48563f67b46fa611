//! [`LwwMap`]: a map whose entries are last-writer-wins, deletes included.

mod ops;
mod view;

use std::fmt;

pub use view::LwwMapEdit;

use super::Synced;
use super::atoms::Atoms;
use super::slots::Slots;
use crate::codec::Kind;
use crate::edit::At;
use crate::value::{Assign, Element, Raw};

/// A map with one last-writer-wins register per key. A delete is a write: against a concurrent set the greater stamp wins.
///
/// # Law
/// Each key has the write with the greatest stamp, a delete being one; so merging is commutative, associative and idempotent.
///
/// # Cost
/// Look-up, set and delete are O(1), a merge is O(n). A deleted key keeps its stamp until the floor covers it, so that an older set
/// that arrives late stays out.
///
/// # Paper
/// The LWW-element-set of Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011.
#[derive(Clone)]
pub struct LwwMap<K: Element, V: Element> {
    /// The value is none once deleted.
    slots: Slots<K, Atoms<Option<V>>>,
    /// Slots that the open change has written to.
    dirty: Vec<u32>,
    len: usize,
    tag: (K::Tag, V::Tag),
}

impl<K: Element<Tag = ()>, V: Element<Tag = ()>> LwwMap<K, V> {
    /// The value of a key. O(1).
    #[must_use]
    pub fn get(&self, key: impl Assign<K>) -> Option<&V> {
        let slot = self.slots.find(&key.assign().canonical())?;
        self.slots.get(slot)?.1.value.as_ref()
    }

    /// True when the key has a value. O(1).
    #[must_use]
    pub fn contains_key(&self, key: impl Assign<K>) -> bool {
        self.get(key).is_some()
    }
}

impl LwwMap<Raw, Raw> {
    pub(crate) fn unknown(key: crate::codec::ValueKind, value: crate::codec::ValueKind) -> Self {
        Self::with_tag((key, value))
    }
}

impl<K: Element, V: Element> LwwMap<K, V> {
    pub(crate) fn with_tag(tag: (K::Tag, V::Tag)) -> Self {
        Self {
            slots: Slots::default(),
            dirty: Vec::new(),
            len: 0,
            tag,
        }
    }

    /// How many keys have a value. O(1).
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// True when no key has one. O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Keys and values, in an order of this replica's own. For the same order everywhere see [`LwwMap::sorted`]. O(n) for all,
    /// deleted keys above the floor included.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.slots
            .iter()
            .filter_map(|(_, key, entry)| entry.value.as_ref().map(|value| (key, value)))
    }

    /// Keys and values in the order of the keys' canonical bytes, the same on every replica. O(n log n).
    #[must_use]
    pub fn sorted(&self) -> Vec<(&K, &V)> {
        let slots = self.slots.sorted(|entry| entry.value.is_some());
        let entries = slots.into_iter().filter_map(|slot| self.slots.get(slot));
        entries
            .filter_map(|(key, entry)| entry.value.as_ref().map(|value| (key, value)))
            .collect()
    }

    /// Puts an entry in place, or takes it away, and keeps the count true.
    fn put(&mut self, slot: u32, entry: Option<Atoms<Option<V>>>) {
        let before = self
            .slots
            .get(slot)
            .is_some_and(|(_, entry)| entry.value.is_some());
        let after = entry.as_ref().is_some_and(|entry| entry.value.is_some());
        self.len = self.len + usize::from(after) - usize::from(before);
        match (entry, self.slots.entry_mut(slot)) {
            (Some(entry), Some(held)) => *held = entry,
            (None, _) => self.slots.remove(slot),
            (Some(_), None) => {}
        }
    }

    /// The slot of a key, with an entry that loses to every write if there was none.
    fn slot(&mut self, key: K) -> u32 {
        self.slots
            .find(&key)
            .unwrap_or_else(|| self.slots.insert(key, Atoms::new(None)))
    }
}

impl<K: Element<Tag = ()>, V: Element<Tag = ()>> Default for LwwMap<K, V> {
    fn default() -> Self {
        Self::with_tag(((), ()))
    }
}

impl<K: Element, V: Element> fmt::Debug for LwwMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.sorted()).finish()
    }
}

impl<K: Element<Tag = ()>, V: Element<Tag = ()>> Synced for LwwMap<K, V> {
    type Edit<'a> = LwwMapEdit<'a, K, V>;

    fn kind_of() -> Kind {
        Kind::LwwMap(K::kind(&()), V::kind(&()))
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        LwwMapEdit::new(self, at)
    }
}
