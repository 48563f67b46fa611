//! crdts: ops made from what was read, as its documentation has them. It has no bytes of its own; bitcode makes them, which is small.

use std::collections::{BTreeMap, HashMap};

use crdts::{CmRDT, CvRDT, Dot, GCounter, LWWReg, List, MVReg, Map, Orswot, map};

use super::{CounterDoc, Key, ListDoc, MapDoc, Pose, SetDoc, World};

/// A list.
pub(crate) struct Numbers(List<i64, u8>);

impl ListDoc for Numbers {
    fn new() -> Self {
        Self(List::new())
    }

    fn push(&mut self, value: i64) {
        self.0.apply(self.0.append(value, 1));
    }

    fn shift(&mut self) {
        let op = self.0.delete_index(0, 1).expect("there is a first");
        self.0.apply(op);
    }

    fn values(&self) -> Vec<i64> {
        self.0.iter().copied().collect()
    }

    fn encode(&mut self) -> Vec<u8> {
        bitcode::serialize(&self.0).expect("serialises")
    }
}

type Registers<K> = Map<K, MVReg<i64, u8>, u8>;
type Op<K> = map::Op<K, MVReg<i64, u8>, u8>;

/// A map of keys to numbers. What is sent is the last op of each key.
pub(crate) struct KeyMap<K: Key> {
    map: Registers<K>,
    unsent: BTreeMap<K, Op<K>>,
    id: u8,
}

impl<K: Key> MapDoc<K> for KeyMap<K> {
    fn new(id: u8) -> Self {
        let (map, unsent) = (Map::new(), BTreeMap::new());
        Self { map, unsent, id }
    }

    fn set(&mut self, key: &K, value: i64) {
        let context = self.map.read_ctx().derive_add_ctx(self.id);
        let write = |register: &MVReg<_, _>, context| register.write(value, context);
        let op = self.map.update(key.clone(), context, write);
        self.map.apply(op.clone());
        self.unsent.insert(key.clone(), op);
    }

    fn delta(&mut self, _to: &Self) -> Vec<u8> {
        let mut ops: Vec<Op<K>> = std::mem::take(&mut self.unsent).into_values().collect();
        // Whoever applies an op ignores all older ones of the same author.
        ops.sort_by_key(|op| match op {
            map::Op::Up { dot, .. } => dot.counter,
            map::Op::Rm { .. } => 0,
        });
        bitcode::serialize(&ops).expect("serialises")
    }

    fn apply(&mut self, delta: &[u8]) {
        let ops: Vec<Op<K>> = bitcode::deserialize(delta).expect("ops of its own");
        ops.into_iter().for_each(|op| self.map.apply(op));
    }

    fn get(&self, key: &K) -> Option<i64> {
        self.map.get(key).val?.read().val.pop()
    }
}

/// A counter.
pub(crate) struct Counter {
    counter: GCounter<u64>,
    id: u64,
}

impl CounterDoc for Counter {
    type Delta = Dot<u64>;
    type Full = GCounter<u64>;

    fn new(id: u64) -> Self {
        let counter = GCounter::new();
        Self { counter, id }
    }

    fn increment(&mut self, times: u32) {
        for _ in 0..times {
            self.counter
                .apply(self.counter.inc(std::hint::black_box(self.id)));
        }
    }

    fn value(&self) -> u64 {
        self.counter.read().try_into().expect("fits")
    }

    fn delta(&mut self) -> Dot<u64> {
        self.counter.inc_many(self.id, 0)
    }

    fn apply(&mut self, delta: Dot<u64>) {
        self.counter.apply(delta);
    }

    fn full(&mut self) -> GCounter<u64> {
        self.counter.clone()
    }

    fn merge(&mut self, full: GCounter<u64>) {
        self.counter.merge(full);
    }

    fn fork(&mut self, id: u64) -> Self {
        let counter = self.counter.clone();
        Self { counter, id }
    }
}

/// A set of words. What the other lacks is found by merging all.
pub(crate) struct Words {
    set: Orswot<String, u8>,
    id: u8,
}

impl SetDoc for Words {
    type Delta = Orswot<String, u8>;

    fn new(id: u8) -> Self {
        let set = Orswot::new();
        Self { set, id }
    }

    fn add(&mut self, word: &str) {
        let context = self.set.read_ctx().derive_add_ctx(self.id);
        let op = self.set.add(word.to_owned(), context);
        self.set.apply(op);
    }

    fn remove(&mut self, word: &str) {
        let word = word.to_owned();
        let context = self.set.contains(&word).derive_rm_ctx();
        let op = self.set.rm(word, context);
        self.set.apply(op);
    }

    fn contains(&self, word: &str) -> bool {
        self.set.contains(&word.to_owned()).val
    }

    fn len(&self) -> usize {
        self.set.iter().count()
    }

    fn delta(&mut self, _to: &Self) -> Orswot<String, u8> {
        self.set.clone()
    }

    fn apply(&mut self, delta: Orswot<String, u8>) {
        self.set.merge(delta);
    }

    fn encode(&mut self) -> Vec<u8> {
        bitcode::serialize(&self.set).expect("serialises")
    }
}

type Register = LWWReg<Pose, (u64, u8)>;

/// Many things that move: a register under each key.
pub(crate) struct Things {
    registers: HashMap<u32, Register>,
    unsent: Vec<u32>,
    time: (u64, u8),
}

impl World for Things {
    fn new(id: u8) -> Self {
        let (registers, unsent) = (HashMap::new(), Vec::new());
        let time = (0, id);
        Self {
            registers,
            unsent,
            time,
        }
    }

    fn set(&mut self, moves: &[(u32, Pose)]) {
        self.time.0 += 1;
        for (key, pose) in moves {
            self.registers
                .entry(*key)
                .or_default()
                .update(*pose, self.time);
            self.unsent.push(*key);
        }
    }

    fn encode(&mut self, _to: &Self) -> Vec<u8> {
        let ops: Vec<(u32, &Register)> = self
            .unsent
            .iter()
            .map(|key| (*key, &self.registers[key]))
            .collect();
        let bytes = bitcode::serialize(&ops).expect("serialises");
        self.unsent.clear();
        bytes
    }

    fn apply(&mut self, bytes: &[u8]) {
        let ops: Vec<(u32, Register)> = bitcode::deserialize(bytes).expect("ops of its own");
        for (key, op) in ops {
            self.registers.entry(key).or_default().apply(op);
        }
    }

    fn get(&self, key: u32) -> Option<Pose> {
        self.registers.get(&key).map(|register| register.val)
    }

    fn all(&mut self) -> Vec<u8> {
        let mut all: Vec<_> = self.registers.iter().collect();
        all.sort_by_key(|(key, _)| **key);
        bitcode::serialize(&all).expect("serialises")
    }
}
