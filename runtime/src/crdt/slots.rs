//! The table behind keyed collections: entries in numbered slots, and an index of slot numbers by key.
//!
//! Slot numbers stay put while an entry lives, so that dirty lists can name them. The order of slots is local; whatever
//! leaves the replica is sorted by canonical bytes.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::value::Element;

/// Entries by key. Each key is stored once.
#[derive(Clone, Debug)]
pub(crate) struct Slots<K, E> {
    index: HashTable<u32>,
    slots: Vec<Option<(K, E)>>,
    free: Vec<u32>,
    hasher: DefaultHashBuilder,
}

impl<K, E> Default for Slots<K, E> {
    fn default() -> Self {
        Self {
            index: HashTable::new(),
            slots: Vec::new(),
            free: Vec::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

fn hash<K: Element>(hasher: &DefaultHashBuilder, key: &K) -> u64 {
    use std::hash::Hasher;
    let mut state = hasher.build_hasher();
    key.feed(&mut state);
    state.finish()
}

impl<K: Element, E> Slots<K, E> {
    /// The slot of a key.
    pub(crate) fn find(&self, key: &K) -> Option<u32> {
        let same = |slot: &u32| {
            self.slots[*slot as usize]
                .as_ref()
                .is_some_and(|(held, _)| held.same(key))
        };
        self.index.find(hash(&self.hasher, key), same).copied()
    }

    /// Puts a new entry in, under a key that is not there yet.
    pub(crate) fn insert(&mut self, key: K, entry: E) -> u32 {
        let hash_of_key = hash(&self.hasher, &key);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        self.slots[slot as usize] = Some((key, entry));
        let (slots, hasher) = (&self.slots, &self.hasher);
        let rehash = |slot: &u32| {
            slots[*slot as usize]
                .as_ref()
                .map_or(0, |(key, _)| hash(hasher, key))
        };
        self.index.insert_unique(hash_of_key, slot, rehash);
        slot
    }

    /// Takes an entry out.
    pub(crate) fn remove(&mut self, slot: u32) {
        let Some((key, _)) = self.slots[slot as usize].take() else {
            return;
        };
        if let Ok(found) = self
            .index
            .find_entry(hash(&self.hasher, &key), |held| *held == slot)
        {
            found.remove();
        }
        self.free.push(slot);
    }

    /// Gives back room at the end that nothing stands in; numbers of entries stay.
    pub(crate) fn shrink(&mut self) {
        while self.slots.last().is_some_and(Option::is_none) {
            self.slots.pop();
        }
        let bound = self.slots.len() as u32;
        self.free.retain(|slot| *slot < bound);
        self.slots.shrink_to(self.slots.len() * 2);
        self.free.shrink_to(self.free.len() * 2);
        let (slots, hasher) = (&self.slots, &self.hasher);
        let rehash = |slot: &u32| {
            slots[*slot as usize]
                .as_ref()
                .map_or(0, |(key, _)| hash(hasher, key))
        };
        self.index.shrink_to(self.index.len() * 2, rehash);
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&(K, E)> {
        self.slots[slot as usize].as_ref()
    }

    pub(crate) fn entry_mut(&mut self, slot: u32) -> Option<&mut E> {
        self.slots[slot as usize].as_mut().map(|(_, entry)| entry)
    }

    /// One more than the greatest slot number.
    pub(crate) fn bound(&self) -> usize {
        self.slots.len()
    }

    /// All entries in slot order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &K, &E)> {
        let used = self.slots.iter().enumerate();
        used.filter_map(|(slot, entry)| {
            entry.as_ref().map(|(key, entry)| (slot as u32, key, entry))
        })
    }

    /// The slots that `keep` holds for, in the order of their keys' canonical bytes.
    pub(crate) fn sorted(&self, mut keep: impl FnMut(&E) -> bool) -> Vec<u32> {
        let mut bytes = Vec::new();
        let mut order = Vec::new();
        for (slot, key, _) in self.iter().filter(|(_, _, entry)| keep(entry)) {
            let start = bytes.len();
            key.encode(&mut bytes);
            order.push((start..bytes.len(), slot));
        }
        order.sort_by(|(a, _), (b, _)| bytes[a.clone()].cmp(&bytes[b.clone()]));
        order.into_iter().map(|(_, slot)| slot).collect()
    }
}
