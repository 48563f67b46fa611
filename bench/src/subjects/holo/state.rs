//! This project's maps, counters, sets and moving things.

use holo_runtime::value::Element;
use holo_runtime::{
    Change, Delta, GCounter, LwwMap, LwwRegister, OrMap, OrSet, Packer, Quat, Replica, ReplicaId,
    Snapshot, Synced, Unpacker, Vec3,
};

use super::{replica, seal};
use crate::subjects::{CounterDoc, MapDoc, Pose, SetDoc, World};

/// What may be a key of a map.
pub(crate) trait MapKey: Element<Tag = ()> {}

impl<K: Element<Tag = ()>> MapKey for K {}

/// A replica with one connection: each end remembers what it has told or heard there.
struct Wired<T: Synced> {
    replica: Replica<T>,
    here: Packer,
    there: Unpacker,
}

impl<T: Synced> Wired<T> {
    fn new(id: u8) -> Self {
        Self {
            replica: replica(id.into()),
            here: Packer::default(),
            there: Unpacker::default(),
        }
    }

    /// What the other end lacks, as it travels.
    fn tell(&mut self, to: &Self) -> Vec<u8> {
        let Delta::Changes(changes) = self.replica.changes_since(to.replica.version()) else {
            panic!("the log reaches back to the last delta");
        };
        let [change] = changes.as_slice() else {
            panic!("a batch is one change");
        };
        let bytes = self.here.pack(change);
        seal(&mut self.replica);
        bytes
    }

    fn hear(&mut self, bytes: &[u8]) {
        let change = self.there.unpack(bytes).expect("a change of ours");
        let applied = self.replica.apply(change).expect("changes never fail");
        assert_eq!(applied.applied, 1, "each delta rests on the one before");
    }
}

/// A map of keys to numbers.
pub(crate) struct KeyMap<K: MapKey>(Wired<LwwMap<K, i64>>);

impl<K: MapKey> MapDoc<K> for KeyMap<K> {
    fn new(id: u8) -> Self {
        Self(Wired::new(id))
    }

    fn set(&mut self, key: &K, value: i64) {
        self.0.replica.edit(|map| map.set(key, value));
    }

    fn delta(&mut self, to: &Self) -> Vec<u8> {
        self.0.tell(&to.0)
    }

    fn apply(&mut self, delta: &[u8]) {
        self.0.hear(delta);
    }

    fn get(&self, key: &K) -> Option<i64> {
        self.0.replica.state().get(key).copied()
    }
}

/// A counter.
pub(crate) struct Counter(Replica<GCounter>);

impl CounterDoc for Counter {
    type Delta = Change;
    type Full = Snapshot;

    fn new(id: u64) -> Self {
        Self(replica(id))
    }

    fn increment(&mut self, times: u32) {
        self.0.edit(|counter| {
            (0..times).for_each(|_| counter.increment(std::hint::black_box(1)));
        });
        seal(&mut self.0);
    }

    fn value(&self) -> u64 {
        self.0.state().value()
    }

    fn delta(&mut self) -> Change {
        let before = holo_runtime::Version::new();
        match self.0.changes_since(&before) {
            Delta::Changes(mut changes) => changes.pop().expect("something was incremented"),
            Delta::Snapshot(_) => panic!("the log reaches back to the start"),
        }
    }

    fn apply(&mut self, delta: Change) {
        self.0.apply(delta).expect("changes never fail");
    }

    fn full(&mut self) -> Snapshot {
        self.0.snapshot()
    }

    fn merge(&mut self, full: Snapshot) {
        self.0.apply(full).expect("a snapshot of ours");
    }

    fn fork(&mut self, id: u64) -> Self {
        let id = ReplicaId::new(id).expect("ids start at 1");
        Self(self.0.fork(id).expect("the id is new"))
    }
}

/// A set of words.
pub(crate) struct Words(Replica<OrSet<String>>);

impl SetDoc for Words {
    type Delta = Delta;

    fn new(id: u8) -> Self {
        Self(replica(id.into()).with_log_limits(1_024, 16 << 20))
    }

    fn add(&mut self, word: &str) {
        self.0.edit(|set| set.insert(word));
    }

    fn remove(&mut self, word: &str) {
        self.0.edit(|set| set.remove(word));
    }

    fn seal(&mut self) {
        seal(&mut self.0);
    }

    fn contains(&self, word: &str) -> bool {
        self.0.state().contains(word)
    }

    fn len(&self) -> usize {
        self.0.state().len()
    }

    fn delta(&mut self, to: &Self) -> Delta {
        self.0.changes_since(to.0.version())
    }

    fn apply(&mut self, delta: Delta) {
        self.0.apply(delta).expect("a delta of ours");
    }

    fn encode(&mut self) -> Vec<u8> {
        self.0.snapshot().encode()
    }
}

/// Something that moves.
#[derive(Synced)]
struct Thing {
    position: LwwRegister<Vec3>,
    rotation: LwwRegister<Quat>,
}

/// Many things that move.
pub(crate) struct Things(Wired<OrMap<u32, Thing>>);

impl World for Things {
    fn new(id: u8) -> Self {
        Self(Wired::new(id))
    }

    fn set(&mut self, moves: &[(u32, Pose)]) {
        self.0.replica.edit(|things| {
            for (key, [x, y, z, i, j, k, w]) in moves {
                let mut thing = things.entry(*key);
                thing.position.set(Vec3::new(*x, *y, *z));
                thing.rotation.set(Quat::new(*i, *j, *k, *w));
            }
        });
    }

    fn encode(&mut self, to: &Self) -> Vec<u8> {
        self.0.tell(&to.0)
    }

    fn apply(&mut self, bytes: &[u8]) {
        self.0.hear(bytes);
    }

    fn get(&self, key: u32) -> Option<Pose> {
        let thing = self.0.replica.state().get(key)?;
        let (at, turn) = (thing.position.get(), thing.rotation.get());
        Some([at.x, at.y, at.z, turn.x, turn.y, turn.z, turn.w])
    }

    fn all(&mut self) -> Vec<u8> {
        self.0.replica.snapshot().encode()
    }
}
