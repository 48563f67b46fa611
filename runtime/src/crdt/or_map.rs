//! [`OrMap`]: a map whose values are synchronised themselves.

mod entry;
mod ops;
mod view;

use std::fmt;

pub use entry::Held;
pub use view::OrMapEdit;
pub(crate) use view::{STEP, write_step};

use self::entry::{Entry, Opaque};
use super::Synced;
use super::dots::Dots;
use super::slots::Slots;
use crate::Stamp;
use crate::codec::{Kind, ValueKind};
use crate::edit::At;
use crate::value::{Assign, Element, Raw};

/// A map whose values are synchronised themselves: structs, counters, sets, registers, maps. Two replicas that write to one key
/// write to one value, which merges part by part.
///
/// # Law
/// An entry is there while an atom in it is. A remove takes away what its author had seen under the key. What was written there
/// concurrently stays, and keeps the entry; a key that comes back later inherits nothing. A merge keeps an atom that both sides
/// hold, or that one holds and the other's version does not cover; so it is commutative, associative and idempotent.
///
/// # Cost
/// Look-up is O(1), a remove is O(entry), a merge is O(n). Removed entries leave nothing behind, save what the CRDTs in them
/// remember until the floor.
///
/// # Paper
/// The observed-remove map of Riak: Brown et al., "Riak DT map", 2014; cuts in place of tombstones after Bieniusa et al., "An
/// optimized conflict-free replicated set", 2012.
///
/// # Example
/// ```
/// use holo_runtime::{OrMap, PnCounter, Replica, ReplicaId};
///
/// let mut alice = Replica::<OrMap<String, PnCounter>>::new(ReplicaId::random());
/// let mut bob = Replica::<OrMap<String, PnCounter>>::new(ReplicaId::random());
/// alice.edit(|goals| goals.entry("red").increment(1));
/// bob.edit(|goals| goals.entry("red").increment(2));
/// bob.apply(alice.changes_since(bob.version()))?;
/// assert_eq!(bob.state().get("red").map(PnCounter::value), Some(3));
/// # Ok::<(), holo_runtime::Error>(())
/// ```
pub struct OrMap<K: Element, V: Held> {
    slots: Slots<K, Entry<V>>,
    /// What the open change has touched.
    dirty: Vec<Dirty>,
    /// What the open change has removed, last on top.
    removed: Vec<Removed<V>>,
    tag: (K::Tag, V::Tag),
}

/// An entry as it was when the open change removed it.
#[derive(Clone, Debug)]
struct Removed<V> {
    entry: Entry<V>,
    /// How far it went, where some of it stayed: as happens when a remove is made again, and when an entry is undone.
    limit: Option<Dots>,
    /// The limit of the first remove of this entry, which this one has widened.
    first: Option<Dots>,
}

/// What the open change did to an entry.
#[derive(Clone, Copy, Debug)]
struct Dirty {
    slot: u32,
    /// True when it was there before the change.
    existed: bool,
    /// Where in `removed` it stands as it was when it was first removed.
    first_removed: Option<u32>,
}

impl<K: Element<Tag = ()>, V: Held> OrMap<K, V> {
    /// What stands under a key. O(1).
    #[must_use]
    pub fn get(&self, key: impl Assign<K>) -> Option<&V> {
        let slot = self.slots.find(&key.assign().canonical())?;
        self.visible(slot).map(|(_, value)| value)
    }

    /// True when something stands under the key. O(1).
    #[must_use]
    pub fn contains_key(&self, key: impl Assign<K>) -> bool {
        self.get(key).is_some()
    }
}

impl OrMap<Raw, Opaque> {
    pub(crate) fn unknown(key: ValueKind, value: Kind) -> Self {
        Self::with_tag((key, value))
    }
}

impl<K: Element, V: Held> OrMap<K, V> {
    pub(crate) fn with_tag(tag: (K::Tag, V::Tag)) -> Self {
        Self {
            slots: Slots::default(),
            dirty: Vec::new(),
            removed: Vec::new(),
            tag,
        }
    }

    /// How many entries there are. O(n).
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// True when there are none. O(1), or O(n) where entries are deleted but not collected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Keys and what stands under them, in an order of this replica's own. For the same order everywhere see [`OrMap::sorted`].
    /// O(n) for all.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let entries = self.slots.iter().filter(|(_, _, entry)| !entry.blank());
        entries.map(|(_, key, entry)| (key, &entry.value))
    }

    /// Keys and what stands under them in the order of the keys' canonical bytes, the same on every replica. O(n log n).
    #[must_use]
    pub fn sorted(&self) -> Vec<(&K, &V)> {
        let slots = self.slots.sorted(|entry| !entry.blank());
        slots
            .into_iter()
            .filter_map(|slot| self.visible(slot))
            .collect()
    }

    fn visible(&self, slot: u32) -> Option<(&K, &V)> {
        let (key, entry) = self.slots.get(slot)?;
        (!entry.blank()).then_some((key, &entry.value))
    }

    /// What stands under a canonical key, and since when: the oldest of those who made it.
    pub(crate) fn born(&self, key: &K) -> Option<(&V, Stamp)> {
        let (_, entry) = self.slots.get(self.slots.find(key)?)?;
        let made = entry.dots.as_slice().iter().min();
        (!entry.blank()).then(|| (&entry.value, made.copied().unwrap_or(Stamp::ORIGIN)))
    }

    /// The slot of a key, with a vacant entry if there was none.
    fn slot(&mut self, key: K) -> u32 {
        match self.slots.find(&key) {
            Some(slot) => slot,
            None => self.slots.insert(key, Entry::fresh(&self.tag.1)),
        }
    }

    /// Takes out an entry that nothing is left of.
    fn tidy(&mut self, slot: u32) {
        let vacant = |entry: &mut Entry<V>| entry.vacant() && entry.dirty == 0;
        if self.slots.entry_mut(slot).is_some_and(vacant) {
            self.slots.remove(slot);
        }
    }
}

impl<K: Element<Tag = ()>, V: Held<Tag = ()>> Default for OrMap<K, V> {
    fn default() -> Self {
        Self::with_tag(((), ()))
    }
}

/// Edits of the open change are copied too.
impl<K: Element, V: Held + Clone> Clone for OrMap<K, V> {
    fn clone(&self) -> Self {
        Self {
            slots: self.slots.clone(),
            dirty: self.dirty.clone(),
            removed: self.removed.clone(),
            tag: self.tag.clone(),
        }
    }
}

impl<K: Element, V: Held + fmt::Debug> fmt::Debug for OrMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.sorted()).finish()
    }
}

impl<K: Element<Tag = ()>, V: Synced> Synced for OrMap<K, V> {
    type Edit<'a> = OrMapEdit<'a, K, V>;

    fn kind_of() -> Kind {
        Kind::OrMap(K::kind(&()), Box::new(V::kind_of()))
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        OrMapEdit::new(self, at)
    }
}
