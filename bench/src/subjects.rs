//! What a subject must be able to do for a workload. One module below for each library; no workload is in here.
//!
//! Each is used as its documentation recommends for speed: nothing is committed without need, and changes are what it sends.

pub(crate) mod automerge;
pub(crate) mod cola;
pub(crate) mod crdt_kit;
pub(crate) mod crdts;
pub(crate) mod diamond;
pub(crate) mod floor;
pub(crate) mod holo;
pub(crate) mod loro;
pub(crate) mod yrs;

use std::fmt::{Debug, Display};
use std::hash::Hash;

use crate::trace::Patch;

/// A text that is edited by one author (W1, W2, W3).
pub(crate) trait TextDoc: Sized {
    fn start(text: &str) -> Self;
    /// Applies patches, one behind another; together they are one change where the subject has changes.
    fn change(&mut self, patches: &[Patch]);
    /// Seals what is open.
    fn finish(&mut self) {}
    /// The text; none where the library holds none.
    fn text(&self) -> Option<String>;
    /// Its length in characters.
    fn len(&self) -> usize;
    /// The whole document as bytes, if it has a form of its own for that.
    fn encode(&mut self) -> Option<Vec<u8>> {
        None
    }
    fn load(_bytes: &[u8]) -> Option<Self> {
        None
    }
}

/// A text that several edit (W2c). A message is what travels.
pub(crate) trait Talker: Sized {
    type Message;
    /// The authors, and a reader as the last of them.
    fn group(authors: usize, start: &str) -> Vec<Self>;
    fn edit(&mut self, patches: &[Patch]) -> Self::Message;
    /// The same messages as the reader gets them, where that differs.
    fn carried(_messages: &[Self::Message]) -> Option<Vec<Self::Message>> {
        None
    }
    fn hear(&mut self, message: &Self::Message);
    fn bytes(message: &Self::Message) -> usize;
    fn text(&self) -> Option<String>;
    fn len(&self) -> usize;
}

/// A list of numbers (W3).
pub(crate) trait ListDoc {
    fn new() -> Self;
    fn push(&mut self, value: i64);
    /// Removes the first.
    fn shift(&mut self);
    fn finish(&mut self) {}
    fn values(&self) -> Vec<i64>;
    fn encode(&mut self) -> Vec<u8>;
}

/// A key of a map: a number or a word.
pub(crate) trait Key:
    holo::MapKey
    + Clone
    + Ord
    + Hash
    + Display
    + Debug
    + bitcode::Encode
    + bitcode::DecodeOwned
    + serde::Serialize
    + serde::de::DeserializeOwned
{
    fn of(number: u32) -> Self;
}

impl Key for u32 {
    fn of(number: u32) -> Self {
        number
    }
}

impl Key for String {
    fn of(number: u32) -> Self {
        number.to_string()
    }
}

/// A map of keys to numbers (W4).
pub(crate) trait MapDoc<K> {
    fn new(id: u8) -> Self;
    fn set(&mut self, key: &K, value: i64);
    /// What the other lacks, as bytes.
    fn delta(&mut self, to: &Self) -> Vec<u8>;
    fn apply(&mut self, delta: &[u8]);
    fn get(&self, key: &K) -> Option<i64>;
    /// Sets many keys, each by an edit of its own, and says what the other lacks.
    fn batch(&mut self, sets: &[(&K, i64)], to: &Self) -> Vec<u8> {
        sets.iter().for_each(|(key, value)| self.set(key, *value));
        self.delta(to)
    }
}

/// A counter (W5).
pub(crate) trait CounterDoc: Sized {
    /// What one replica says to others after an increment.
    type Delta;
    /// All that a replica has.
    type Full;
    fn new(id: u64) -> Self;
    /// Increments by one, so often, in one transaction.
    fn increment(&mut self, times: u32);
    fn value(&self) -> u64;
    /// What was incremented since the last time.
    fn delta(&mut self) -> Self::Delta;
    fn apply(&mut self, delta: Self::Delta);
    fn full(&mut self) -> Self::Full;
    fn merge(&mut self, full: Self::Full);
    /// Another replica that has all that this one has.
    fn fork(&mut self, id: u64) -> Self;
}

/// A set of words (W6).
pub(crate) trait SetDoc: Sized {
    type Delta;
    fn new(id: u8) -> Self;
    fn add(&mut self, word: &str);
    fn remove(&mut self, word: &str);
    /// Ends a batch of edits; whoever sends changes makes them here.
    fn seal(&mut self) {}
    /// Adds (true) and removes many words, each by an edit of its own.
    fn batch(&mut self, edits: &[(bool, &str)]) {
        for (add, word) in edits {
            if *add {
                self.add(word)
            } else {
                self.remove(word)
            }
        }
        self.seal();
    }
    fn contains(&self, word: &str) -> bool;
    fn len(&self) -> usize;
    /// What the other lacks.
    fn delta(&mut self, to: &Self) -> Self::Delta;
    fn apply(&mut self, delta: Self::Delta);
    fn encode(&mut self) -> Vec<u8>;
}

/// Where something is: a position and a rotation.
pub(crate) type Pose = [f64; 7];

/// Many things that move (W7).
pub(crate) trait World {
    /// How far what is held may be from what was set.
    const NEAR: f64 = 1e-12;
    /// So many ticks at the start move all there is, so that buffers that follow what moves are as large as they get.
    const FULL: usize = 0;
    fn new(id: u8) -> Self;
    fn set(&mut self, moves: &[(u32, Pose)]);
    /// What moved since the last time, as bytes.
    fn encode(&mut self, to: &Self) -> Vec<u8>;
    fn apply(&mut self, bytes: &[u8]);
    fn get(&self, key: u32) -> Option<Pose>;
    /// All of it, as bytes.
    fn all(&mut self) -> Vec<u8>;
}
