//! The same work with no CRDT at all: a rope, a queue, hash tables, and bitcode for bytes. Nobody can be expected to be faster.

use std::collections::VecDeque;
use std::hash::Hash;

use hashbrown::{HashMap, HashSet};
use jumprope::JumpRope;

use super::{CounterDoc, Key, ListDoc, MapDoc, Pose, SetDoc, TextDoc, World};
use crate::trace::Patch;

/// A rope.
pub(crate) struct Rope(JumpRope);

impl TextDoc for Rope {
    fn start(text: &str) -> Self {
        Self(JumpRope::from(text))
    }

    fn change(&mut self, patches: &[Patch]) {
        for Patch {
            at,
            deleted,
            inserted,
        } in patches
        {
            if *deleted > 0 {
                self.0.remove(*at..at + deleted);
            }
            if !inserted.is_empty() {
                self.0.insert(*at, inserted);
            }
        }
    }

    fn text(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn len(&self) -> usize {
        self.0.len_chars()
    }
}

/// A queue.
pub(crate) struct Queue(VecDeque<i64>);

impl ListDoc for Queue {
    fn new() -> Self {
        Self(VecDeque::new())
    }

    fn push(&mut self, value: i64) {
        self.0.push_back(value);
    }

    fn shift(&mut self) {
        self.0.pop_front();
    }

    fn values(&self) -> Vec<i64> {
        self.0.iter().copied().collect()
    }

    fn encode(&mut self) -> Vec<u8> {
        bitcode::encode(&self.values())
    }
}

/// A hash table that knows which of its entries were not sent.
struct Table<K, V> {
    entries: HashMap<K, (V, bool)>,
    unsent: Vec<K>,
}

impl<K: Hash + Eq + Clone, V: Copy> Table<K, V> {
    fn new() -> Self {
        let (entries, unsent) = (HashMap::new(), Vec::new());
        Self { entries, unsent }
    }

    fn set(&mut self, key: &K, value: V) {
        if let Some(entry) = self.entries.get_mut(key) {
            if !entry.1 {
                self.unsent.push(key.clone());
            }
            *entry = (value, true);
        } else {
            self.entries.insert(key.clone(), (value, true));
            self.unsent.push(key.clone());
        }
    }

    fn take_unsent(&mut self) -> Vec<(K, V)> {
        let mut sent = Vec::with_capacity(self.unsent.len());
        for key in self.unsent.drain(..) {
            if let Some(entry) = self.entries.get_mut(&key) {
                entry.1 = false;
                sent.push((key, entry.0));
            }
        }
        sent
    }

    fn take_in(&mut self, sent: Vec<(K, V)>) {
        self.entries
            .extend(sent.into_iter().map(|(key, value)| (key, (value, false))));
    }

    fn get(&self, key: &K) -> Option<V> {
        self.entries.get(key).map(|(value, _)| *value)
    }
}

/// A map of keys to numbers.
pub(crate) struct KeyMap<K>(Table<K, i64>);

impl<K: Key> MapDoc<K> for KeyMap<K> {
    fn new(_id: u8) -> Self {
        Self(Table::new())
    }

    fn set(&mut self, key: &K, value: i64) {
        self.0.set(key, value);
    }

    fn delta(&mut self, _to: &Self) -> Vec<u8> {
        bitcode::encode(&self.0.take_unsent())
    }

    fn apply(&mut self, delta: &[u8]) {
        self.0
            .take_in(bitcode::decode(delta).expect("a delta of its own"));
    }

    fn get(&self, key: &K) -> Option<i64> {
        self.0.get(key)
    }
}

/// Totals, one a replica.
pub(crate) struct Totals {
    totals: Vec<u64>,
    id: usize,
}

impl Totals {
    fn grow(&mut self, id: usize) {
        if self.totals.len() <= id {
            self.totals.resize(id + 1, 0);
        }
    }
}

impl CounterDoc for Totals {
    type Delta = (usize, u64);
    type Full = Vec<u64>;

    fn new(id: u64) -> Self {
        let (totals, id) = (vec![0; id as usize + 1], id as usize);
        Self { totals, id }
    }

    fn increment(&mut self, times: u32) {
        (0..times).for_each(|_| self.totals[self.id] += std::hint::black_box(1));
    }

    fn value(&self) -> u64 {
        self.totals.iter().sum()
    }

    fn delta(&mut self) -> (usize, u64) {
        (self.id, self.totals[self.id])
    }

    fn apply(&mut self, (id, total): (usize, u64)) {
        self.grow(id);
        self.totals[id] = self.totals[id].max(total);
    }

    fn full(&mut self) -> Vec<u64> {
        self.totals.clone()
    }

    fn merge(&mut self, full: Vec<u64>) {
        self.grow(full.len() - 1);
        for (ours, theirs) in self.totals.iter_mut().zip(full) {
            *ours = (*ours).max(theirs);
        }
    }

    fn fork(&mut self, id: u64) -> Self {
        let (totals, id) = (self.totals.clone(), id as usize);
        let mut made = Self { totals, id };
        made.grow(id);
        made
    }
}

/// A set of words.
pub(crate) struct Words(HashSet<String>);

impl SetDoc for Words {
    type Delta = HashSet<String>;

    fn new(_id: u8) -> Self {
        Self(HashSet::new())
    }

    fn add(&mut self, word: &str) {
        self.0.get_or_insert_with(word, str::to_owned);
    }

    fn remove(&mut self, word: &str) {
        self.0.remove(word);
    }

    fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn delta(&mut self, _to: &Self) -> HashSet<String> {
        self.0.clone()
    }

    fn apply(&mut self, delta: HashSet<String>) {
        self.0.extend(delta);
    }

    fn encode(&mut self) -> Vec<u8> {
        let words: Vec<&str> = self.0.iter().map(String::as_str).collect();
        bitcode::encode(&words)
    }
}

/// Many things that move.
pub(crate) struct Things(Table<u32, Pose>);

impl World for Things {
    fn new(_id: u8) -> Self {
        Self(Table::new())
    }

    fn set(&mut self, moves: &[(u32, Pose)]) {
        moves.iter().for_each(|(key, pose)| self.0.set(key, *pose));
    }

    fn encode(&mut self, _to: &Self) -> Vec<u8> {
        bitcode::encode(&self.0.take_unsent())
    }

    fn apply(&mut self, bytes: &[u8]) {
        self.0
            .take_in(bitcode::decode(bytes).expect("a tick of its own"));
    }

    fn get(&self, key: u32) -> Option<Pose> {
        self.0.get(&key)
    }

    fn all(&mut self) -> Vec<u8> {
        let mut all: Vec<(u32, Pose)> = self
            .0
            .entries
            .iter()
            .map(|(key, (pose, _))| (*key, *pose))
            .collect();
        all.sort_by_key(|(key, _)| *key);
        bitcode::encode(&all)
    }
}
