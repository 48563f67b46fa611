//! loro's maps, counters, sets and moving things. Its keys are text, so numbers become text.

use std::marker::PhantomData;

use loro::{LoroCounter, LoroDoc, LoroMap, LoroValue, VersionVector};

use super::{fresh, snapshot, updates};
use crate::subjects::{CounterDoc, Key, MapDoc, Pose, SetDoc, World};

struct Root {
    doc: LoroDoc,
    map: LoroMap,
}

impl Root {
    fn new(id: u8) -> Self {
        let doc = fresh(id.into());
        let map = doc.get_map("map");
        Self { doc, map }
    }

    fn delta(&self, to: &Self) -> Vec<u8> {
        updates(&self.doc, &to.doc.oplog_vv())
    }

    fn apply(&self, delta: &[u8]) {
        self.doc.import(delta).expect("updates of its own");
    }

    fn get(&self, key: &str) -> Option<LoroValue> {
        self.map.get(key)?.into_value().ok()
    }
}

/// A map of keys to numbers.
pub(crate) struct KeyMap<K>(Root, PhantomData<K>);

impl<K: Key> MapDoc<K> for KeyMap<K> {
    fn new(id: u8) -> Self {
        Self(Root::new(id), PhantomData)
    }

    fn set(&mut self, key: &K, value: i64) {
        self.0.map.insert(&key.to_string(), value).expect("inserts");
    }

    fn delta(&mut self, to: &Self) -> Vec<u8> {
        self.0.delta(&to.0)
    }

    fn apply(&mut self, delta: &[u8]) {
        self.0.apply(delta);
    }

    fn get(&self, key: &K) -> Option<i64> {
        self.0.get(&key.to_string())?.into_i64().ok()
    }
}

/// A counter.
pub(crate) struct Counter {
    doc: LoroDoc,
    counter: LoroCounter,
    sent: VersionVector,
}

impl Counter {
    fn of(doc: LoroDoc) -> Self {
        let (counter, sent) = (doc.get_counter("counter"), doc.oplog_vv());
        Self { doc, counter, sent }
    }
}

impl CounterDoc for Counter {
    type Delta = Vec<u8>;
    type Full = Vec<u8>;

    fn new(id: u64) -> Self {
        Self::of(fresh(id))
    }

    fn increment(&mut self, times: u32) {
        for _ in 0..times {
            self.counter.increment(1.0).expect("increments");
        }
        self.doc.commit();
    }

    fn value(&self) -> u64 {
        self.counter.get_value() as u64
    }

    fn delta(&mut self) -> Vec<u8> {
        let delta = updates(&self.doc, &self.sent);
        self.sent = self.doc.oplog_vv();
        delta
    }

    fn apply(&mut self, delta: Vec<u8>) {
        self.doc.import(&delta).expect("updates of its own");
    }

    fn full(&mut self) -> Vec<u8> {
        snapshot(&self.doc)
    }

    fn merge(&mut self, full: Vec<u8>) {
        self.apply(full);
    }

    fn fork(&mut self, id: u64) -> Self {
        let doc = self.doc.fork();
        doc.set_peer_id(id).expect("nothing is edited yet");
        Self::of(doc)
    }
}

/// A set of words: keys of a map.
pub(crate) struct Words(Root);

impl SetDoc for Words {
    type Delta = Vec<u8>;

    fn new(id: u8) -> Self {
        Self(Root::new(id))
    }

    fn add(&mut self, word: &str) {
        self.0.map.insert(word, true).expect("inserts");
    }

    fn remove(&mut self, word: &str) {
        self.0.map.delete(word).expect("deletes");
    }

    fn seal(&mut self) {
        self.0.doc.commit();
    }

    fn contains(&self, word: &str) -> bool {
        self.0.map.get(word).is_some()
    }

    fn len(&self) -> usize {
        self.0.map.len()
    }

    fn delta(&mut self, to: &Self) -> Vec<u8> {
        self.0.delta(&to.0)
    }

    fn apply(&mut self, delta: Vec<u8>) {
        self.0.apply(&delta);
    }

    fn encode(&mut self) -> Vec<u8> {
        snapshot(&self.0.doc)
    }
}

/// Many things that move: each a list of numbers under its key.
pub(crate) struct Things(Root);

impl World for Things {
    fn new(id: u8) -> Self {
        Self(Root::new(id))
    }

    fn set(&mut self, moves: &[(u32, Pose)]) {
        for (key, pose) in moves {
            let pose: Vec<LoroValue> = pose.iter().map(|part| (*part).into()).collect();
            self.0.map.insert(&key.to_string(), pose).expect("inserts");
        }
    }

    fn encode(&mut self, to: &Self) -> Vec<u8> {
        self.0.delta(&to.0)
    }

    fn apply(&mut self, bytes: &[u8]) {
        self.0.apply(bytes);
    }

    fn get(&self, key: u32) -> Option<Pose> {
        let list = self.0.get(&key.to_string())?.into_list().ok()?;
        let parts: Vec<f64> = list
            .iter()
            .filter_map(|part| part.as_double().copied())
            .collect();
        parts.try_into().ok()
    }

    fn all(&mut self) -> Vec<u8> {
        snapshot(&self.0.doc)
    }
}
