//! yrs's maps, sets and moving things. Its keys are text, so numbers become text. A batch is one transaction: the update of a transaction
//! costs what is in it, while the difference to a state vector costs the whole history.

use std::marker::PhantomData;
use std::sync::Arc;

use yrs::{Any, Doc, Map, MapRef, Number, Out, ReadTxn, Transact};

use super::{apply, encode, fresh};
use crate::subjects::{Key, MapDoc, Pose, SetDoc, World};

struct Root {
    doc: Doc,
    map: MapRef,
}

impl Root {
    fn new(id: u8) -> Self {
        let doc = fresh(id.into());
        let map = doc.get_or_insert_map("map");
        Self { doc, map }
    }

    fn delta(&self, to: &Self) -> Vec<u8> {
        let known = to.doc.transact().state_vector();
        self.doc.transact().encode_diff_v1(&known)
    }

    fn get(&self, key: &str) -> Option<Any> {
        match self.map.get(&self.doc.transact(), key)? {
            Out::Any(value) => Some(value),
            _ => None,
        }
    }
}

/// A map of keys to numbers.
pub(crate) struct KeyMap<K>(Root, PhantomData<K>);

impl<K: Key> MapDoc<K> for KeyMap<K> {
    fn new(id: u8) -> Self {
        Self(Root::new(id), PhantomData)
    }

    fn set(&mut self, key: &K, value: i64) {
        let mut txn = self.0.doc.transact_mut();
        self.0.map.insert(&mut txn, key.to_string(), value);
    }

    fn delta(&mut self, to: &Self) -> Vec<u8> {
        self.0.delta(&to.0)
    }

    fn batch(&mut self, sets: &[(&K, i64)], _to: &Self) -> Vec<u8> {
        let mut txn = self.0.doc.transact_mut();
        for (key, value) in sets {
            self.0.map.insert(&mut txn, key.to_string(), *value);
        }
        txn.encode_update_v1()
    }

    fn apply(&mut self, delta: &[u8]) {
        apply(&self.0.doc, delta);
    }

    fn get(&self, key: &K) -> Option<i64> {
        match self.0.get(&key.to_string())? {
            Any::Number(Number::Int(value)) => Some(value),
            _ => None,
        }
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
        let mut txn = self.0.doc.transact_mut();
        self.0.map.insert(&mut txn, word, true);
    }

    fn remove(&mut self, word: &str) {
        self.0.map.remove(&mut self.0.doc.transact_mut(), word);
    }

    fn batch(&mut self, edits: &[(bool, &str)]) {
        let mut txn = self.0.doc.transact_mut();
        for (add, word) in edits {
            if *add {
                self.0.map.insert(&mut txn, *word, true);
            } else {
                self.0.map.remove(&mut txn, word);
            }
        }
    }

    fn contains(&self, word: &str) -> bool {
        self.0.map.contains_key(&self.0.doc.transact(), word)
    }

    fn len(&self) -> usize {
        self.0.map.len(&self.0.doc.transact()) as usize
    }

    fn delta(&mut self, to: &Self) -> Vec<u8> {
        self.0.delta(&to.0)
    }

    fn apply(&mut self, delta: Vec<u8>) {
        apply(&self.0.doc, &delta);
    }

    fn encode(&mut self) -> Vec<u8> {
        encode(&self.0.doc)
    }
}

/// Many things that move: each a list of numbers under its key. A transaction encodes itself before it ends.
pub(crate) struct Things {
    root: Root,
    update: Vec<u8>,
}

impl World for Things {
    fn new(id: u8) -> Self {
        let (root, update) = (Root::new(id), Vec::new());
        Self { root, update }
    }

    fn set(&mut self, moves: &[(u32, Pose)]) {
        let mut txn = self.root.doc.transact_mut();
        for (key, pose) in moves {
            let pose: Arc<[Any]> = pose.iter().map(|part| Any::from(*part)).collect();
            self.root
                .map
                .insert(&mut txn, key.to_string(), Any::Array(pose));
        }
        self.update = txn.encode_update_v1();
    }

    fn encode(&mut self, _to: &Self) -> Vec<u8> {
        std::mem::take(&mut self.update)
    }

    fn apply(&mut self, bytes: &[u8]) {
        apply(&self.root.doc, bytes);
    }

    fn get(&self, key: u32) -> Option<Pose> {
        let Any::Array(parts) = self.root.get(&key.to_string())? else {
            return None;
        };
        let parts = parts.iter().filter_map(|part| match part {
            Any::Number(Number::Float(part)) => Some(*part),
            _ => None,
        });
        parts.collect::<Vec<f64>>().try_into().ok()
    }

    fn all(&mut self) -> Vec<u8> {
        encode(&self.root.doc)
    }
}
