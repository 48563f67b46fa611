//! crdt-kit: states and deltas between two states. It has no bytes of its own; bitcode makes them, which is small.
//! Its text and its list look for each index from the start, so they are slow.

use std::sync::atomic::{AtomicU64, Ordering};

use crdt_kit::clock::HybridClock;
use crdt_kit::prelude::*;

use super::{CounterDoc, Key, ListDoc, MapDoc, Pose, SetDoc, TextDoc, World};
use crate::trace::Patch;

/// The time: it moves on with each delta, since a clock of the library counts to 65,535 within a millisecond.
static NOW: AtomicU64 = AtomicU64::new(1);

fn clock(id: u8) -> HybridClock {
    HybridClock::with_time_source(id.into(), || NOW.load(Ordering::Relaxed))
}

fn tick() {
    NOW.fetch_add(1, Ordering::Relaxed);
}

/// A text.
pub(crate) struct Document(TextCrdt);

impl TextDoc for Document {
    fn start(text: &str) -> Self {
        let mut made = TextCrdt::new(1);
        made.insert_str(0, text).expect("the start");
        Self(made)
    }

    fn change(&mut self, patches: &[Patch]) {
        for Patch {
            at,
            deleted,
            inserted,
        } in patches
        {
            self.0.remove_range(*at, *deleted).expect("within the text");
            self.0.insert_str(*at, inserted).expect("within the text");
        }
    }

    fn text(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn encode(&mut self) -> Option<Vec<u8>> {
        bitcode::serialize(&self.0).ok()
    }

    fn load(bytes: &[u8]) -> Option<Self> {
        bitcode::deserialize(bytes).ok().map(Self)
    }
}

/// A list.
pub(crate) struct List(Rga<i64>);

impl ListDoc for List {
    fn new() -> Self {
        Self(Rga::new(1))
    }

    fn push(&mut self, value: i64) {
        self.0.insert_at(self.0.len(), value).expect("at the end");
    }

    fn shift(&mut self) {
        self.0.remove(0).expect("there is a first");
    }

    fn values(&self) -> Vec<i64> {
        self.0.to_vec()
    }

    fn encode(&mut self) -> Vec<u8> {
        bitcode::serialize(&self.0).expect("serialises")
    }
}

/// A map of keys to numbers.
pub(crate) struct KeyMap<K: Key> {
    map: LWWMap<K, i64>,
    clock: HybridClock,
}

impl<K: Key> MapDoc<K> for KeyMap<K> {
    fn new(id: u8) -> Self {
        let (map, clock) = (LWWMap::new(), clock(id));
        Self { map, clock }
    }

    fn set(&mut self, key: &K, value: i64) {
        self.map.insert(key.clone(), value, self.clock.now());
    }

    fn delta(&mut self, to: &Self) -> Vec<u8> {
        tick();
        bitcode::serialize(&self.map.delta(&to.map)).expect("serialises")
    }

    fn apply(&mut self, delta: &[u8]) {
        let delta = bitcode::deserialize(delta).expect("a delta of its own");
        self.map.apply_delta(&delta);
    }

    fn get(&self, key: &K) -> Option<i64> {
        self.map.get(key).copied()
    }
}

/// A counter.
pub(crate) struct Counter {
    counter: GCounter,
    sent: GCounter,
}

impl CounterDoc for Counter {
    type Delta = <GCounter as DeltaCrdt>::Delta;
    type Full = GCounter;

    fn new(id: u64) -> Self {
        let counter = GCounter::new(id);
        let sent = counter.clone();
        Self { counter, sent }
    }

    fn increment(&mut self, times: u32) {
        for _ in 0..times {
            self.counter.increment_by(std::hint::black_box(1));
        }
    }

    fn value(&self) -> u64 {
        self.counter.value()
    }

    fn delta(&mut self) -> Self::Delta {
        let delta = self.counter.delta(&self.sent);
        self.sent = self.counter.clone();
        delta
    }

    fn apply(&mut self, delta: Self::Delta) {
        self.counter.apply_delta(&delta);
    }

    fn full(&mut self) -> GCounter {
        self.counter.clone()
    }

    fn merge(&mut self, full: GCounter) {
        self.counter.merge(&full);
    }

    fn fork(&mut self, id: u64) -> Self {
        let mut made = Self::new(id);
        made.counter.merge(&self.counter);
        made.sent = made.counter.clone();
        made
    }
}

/// A set of words.
pub(crate) struct Words(ORSet<String>);

impl SetDoc for Words {
    type Delta = <ORSet<String> as DeltaCrdt>::Delta;

    fn new(id: u8) -> Self {
        Self(ORSet::new(id.into()))
    }

    fn add(&mut self, word: &str) {
        self.0.insert(word.to_owned());
    }

    fn remove(&mut self, word: &str) {
        self.0.remove(&word.to_owned());
    }

    fn contains(&self, word: &str) -> bool {
        self.0.contains(&word.to_owned())
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn delta(&mut self, to: &Self) -> Self::Delta {
        self.0.delta(&to.0)
    }

    fn apply(&mut self, delta: Self::Delta) {
        self.0.apply_delta(&delta);
    }

    fn encode(&mut self) -> Vec<u8> {
        bitcode::serialize(&self.0).expect("serialises")
    }
}

/// Many things that move.
pub(crate) struct Things {
    map: LWWMap<u32, Pose>,
    clock: HybridClock,
}

impl World for Things {
    fn new(id: u8) -> Self {
        let (map, clock) = (LWWMap::new(), clock(id));
        Self { map, clock }
    }

    fn set(&mut self, moves: &[(u32, Pose)]) {
        let now = self.clock.now();
        for (key, pose) in moves {
            self.map.insert(*key, *pose, now);
        }
    }

    fn encode(&mut self, to: &Self) -> Vec<u8> {
        tick();
        bitcode::serialize(&self.map.delta(&to.map)).expect("serialises")
    }

    fn apply(&mut self, bytes: &[u8]) {
        let delta = bitcode::deserialize(bytes).expect("a delta of its own");
        self.map.apply_delta(&delta);
    }

    fn get(&self, key: u32) -> Option<Pose> {
        self.map.get(&key).copied()
    }

    fn all(&mut self) -> Vec<u8> {
        bitcode::serialize(&self.map).expect("serialises")
    }
}
