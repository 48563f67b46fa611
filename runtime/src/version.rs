//! What a replica holds: per replica the last stamp, prefix-closed.
//!
//! A version alone decides what a peer lacks. It never holds a wall-clock time of its own and knows nothing of content.

use std::collections::{BTreeMap, btree_map};
use std::iter::Peekable;

use crate::codec::{Dec, DecodeError, write_varint};
use crate::{Hlc, ReplicaId, Stamp};

/// Per replica the last stamp held, over a floor below which everything is held.
///
/// Laws: [`Version::join`] is commutative, associative and idempotent; [`Version::covers`] is monotone in it. The origin
/// stamp of initial values is covered by every version.
///
/// Cost: `covers` and `get` are O(log replicas).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    floor: Hlc,
    entries: BTreeMap<ReplicaId, Hlc>,
}

impl Version {
    /// The most replicas that a version names one by one: those that wrote since the floor last moved.
    pub const MAX_ENTRIES: usize = 65_536;

    /// The version that holds nothing but initial values. O(1).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// True when nothing has been written. O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.floor == Hlc::ZERO && self.entries.is_empty()
    }

    /// The time at and below which every stamp is held, whoever made it. O(1).
    #[must_use]
    pub fn floor(&self) -> Hlc {
        self.floor
    }

    /// The last time held of a replica; zero when it is unknown. O(log replicas).
    #[must_use]
    pub fn get(&self, replica: ReplicaId) -> Hlc {
        self.entries.get(&replica).copied().unwrap_or(Hlc::ZERO)
    }

    /// The greatest time held. O(replicas).
    #[must_use]
    pub fn max_time(&self) -> Hlc {
        self.entries
            .values()
            .copied()
            .max()
            .unwrap_or(Hlc::ZERO)
            .max(self.floor)
    }

    /// True when a write with this stamp is held. O(log replicas).
    #[must_use]
    pub fn covers(&self, stamp: Stamp) -> bool {
        stamp.time <= self.floor
            || stamp
                .replica
                .is_none_or(|replica| stamp.time <= self.get(replica))
    }

    /// True when everything that `other` holds is held here too. O(replicas × log replicas).
    #[must_use]
    pub fn covers_all(&self, other: &Self) -> bool {
        let stamps = other
            .iter()
            .map(|(replica, time)| Stamp::new(time, replica));
        other.floor <= self.floor && self.covers_each(stamps)
    }

    /// True when writes with these stamps are held, which come mostly in the order of their replicas.
    pub(crate) fn covers_each(&self, mut stamps: impl Iterator<Item = Stamp>) -> bool {
        let mut held = self.lookup();
        stamps.all(|stamp| {
            let by = |replica| held.get(replica).is_some_and(|time| stamp.time <= time);
            stamp.time <= self.floor || stamp.replica.is_none_or(by)
        })
    }

    /// The last times by replica, for who asks for many of them.
    pub(crate) fn lookup(&self) -> Lookup<'_, Hlc> {
        Lookup::new(&self.entries)
    }

    /// The replicas and their last times, by id. O(replicas) for all.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (ReplicaId, Hlc)> + '_ {
        self.entries.iter().map(|(replica, time)| (*replica, *time))
    }

    /// Holds what the other holds as well. O(replicas × log replicas).
    pub fn join(&mut self, other: &Self) {
        self.raise(other.floor);
        if other.entries.len() < self.entries.len() / 8 {
            for (replica, time) in other.iter() {
                self.advance(replica, time);
            }
            return;
        }
        let (floor, mut missing) = (self.floor, Vec::new());
        let mut ours = self.entries.iter_mut().peekable();
        for (replica, time) in other.iter().filter(|(_, time)| *time > floor) {
            while ours.next_if(|(held, _)| **held < replica).is_some() {}
            match ours.next_if(|(held, _)| **held == replica) {
                Some((_, held)) => *held = time.max(*held),
                None => missing.push((replica, time)),
            }
        }
        if missing.len() > self.entries.len() / 8 {
            self.entries.append(&mut missing.into_iter().collect());
        } else {
            self.entries.extend(missing);
        }
    }

    /// Moves a replica's entry forward; an older time, or one below the floor, changes nothing.
    pub(crate) fn advance(&mut self, replica: ReplicaId, time: Hlc) {
        if time > self.floor {
            let entry = self.entries.entry(replica).or_default();
            *entry = (*entry).max(time);
        }
    }

    /// Moves a replica's entry back.
    pub(crate) fn rewind(&mut self, replica: ReplicaId, time: Hlc) {
        self.entries.remove(&replica);
        if time > Hlc::ZERO {
            self.advance(replica, time);
        }
    }

    /// Holds everything up to a time, and forgets the entries that say no more than that.
    pub(crate) fn raise(&mut self, floor: Hlc) {
        if floor > self.floor {
            self.floor = floor;
            self.entries.retain(|_, time| *time > floor);
        }
    }

    /// Names only the latest entries one by one; what came before lies below the floor.
    pub(crate) fn keep_latest(&mut self, count: usize) {
        if let Some(over) = self.entries.len().checked_sub(count + 1) {
            let mut times: Vec<Hlc> = self.entries.values().copied().collect();
            times.sort_unstable();
            self.raise(times[over]);
        }
    }

    /// What both hold, for versions over one floor.
    pub(crate) fn meet(&mut self, other: &Self) {
        self.entries.retain(|replica, time| {
            *time = (*time).min(other.get(*replica));
            *time > Hlc::ZERO
        });
    }

    /// Forgets a replica's entry unless it is past this time.
    pub(crate) fn remove_covered(&mut self, replica: ReplicaId, time: Hlc) {
        if self.get(replica) <= time {
            self.entries.remove(&replica);
        }
    }

    /// Its canonical bytes: floor, count, then id and time of each entry by id. O(replicas).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(2 + self.entries.len() * 17);
        self.encode_into(&mut out);
        out
    }

    pub(crate) fn encode_into(&self, out: &mut Vec<u8>) {
        write_varint(out, self.floor.bits());
        write_varint(out, self.entries.len() as u64);
        for (replica, time) in &self.entries {
            out.extend_from_slice(&replica.get().to_le_bytes());
            write_varint(out, time.bits());
        }
    }

    /// A version from its canonical bytes. O(bytes); it takes at most eight times the bytes of memory, and 64 KiB.
    ///
    /// # Errors
    /// When the bytes are cut off, not canonical, or followed by more.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = Dec::plain(bytes);
        let version = Self::decode_from(&mut input)?;
        input.end()?;
        Ok(version)
    }

    pub(crate) fn decode_from(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let floor = Hlc::from_bits(input.varint()?);
        let count = input.count()?;
        if count > Self::MAX_ENTRIES {
            return Err(DecodeError::Range("version entries"));
        }
        // An entry takes nine bytes at least. A tree is quickly made of what is in order.
        let mut entries = Vec::with_capacity(count.min(input.rest().len() / 9));
        let mut before = None;
        for _ in 0..count {
            let replica = input.replica_id()?;
            let time = Hlc::from_bits(input.varint()?);
            if before >= Some(replica) || time <= floor {
                return Err(DecodeError::NotCanonical("version entries"));
            }
            before = Some(replica);
            entries.push((replica, time));
        }
        let entries = entries.into_iter().collect();
        Ok(Self { floor, entries })
    }
}

/// Values by replica, for who asks for many: O(1) where the next is asked for, or one that would stand before it and is not
/// there; O(log replicas) elsewhere.
pub(crate) struct Lookup<'a, T> {
    all: &'a BTreeMap<ReplicaId, T>,
    next: Peekable<btree_map::Range<'a, ReplicaId, T>>,
    /// Who was asked for last.
    last: Option<ReplicaId>,
}

impl<'a, T: Copy> Lookup<'a, T> {
    pub(crate) fn new(all: &'a BTreeMap<ReplicaId, T>) -> Self {
        Self {
            all,
            next: all.range(..).peekable(),
            last: None,
        }
    }

    pub(crate) fn get(&mut self, replica: ReplicaId) -> Option<T> {
        let before = self.last.replace(replica);
        let passed = self.next.peek().is_some_and(|(held, _)| **held < replica);
        if passed || before >= Some(replica) {
            self.next = self.all.range(replica..).peekable();
        }
        let found = self.next.next_if(|(held, _)| **held == replica);
        found.map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> ReplicaId {
        ReplicaId::new(n).unwrap()
    }

    fn version(entries: &[(u64, u64)]) -> Version {
        let mut version = Version::new();
        for (replica, time) in entries {
            version.advance(id(*replica), Hlc::from_bits(*time));
        }
        version
    }

    #[test]
    fn it_covers_the_prefix_of_each_replica() {
        let version = version(&[(1, 5), (2, 7)]);
        let stamp = |time, replica| Stamp::new(Hlc::from_bits(time), id(replica));
        assert!(version.covers(stamp(5, 1)) && version.covers(stamp(1, 2)));
        assert!(!version.covers(stamp(6, 1)) && !version.covers(stamp(1, 3)));
        assert!(Version::new().covers(Stamp::ORIGIN));
    }

    #[test]
    fn join_is_the_least_upper_bound() {
        let (a, b) = (version(&[(1, 5), (2, 1)]), version(&[(2, 3), (3, 1)]));
        let mut ab = a.clone();
        ab.join(&b);
        assert_eq!(ab, version(&[(1, 5), (2, 3), (3, 1)]));
        assert!(ab.covers_all(&a) && ab.covers_all(&b) && !a.covers_all(&b));
    }

    /// Many are joined otherwise than few, and asked for in order otherwise than at random.
    #[test]
    fn many_join_as_few_do_and_are_found_in_any_order() {
        let every = |step: u64, plus: u64| {
            let entries = (1..=100 / step).map(|n| (n * step, n * step % 7 + plus));
            version(&entries.collect::<Vec<_>>())
        };
        for (one, other) in [(1, 2), (2, 1), (2, 3), (100, 1), (1, 100), (3, 50)] {
            for plus in 1..=3 {
                let (ours, theirs) = (every(one, 2), every(other, plus));
                let (mut joined, mut slowly) = (ours.clone(), ours.clone());
                joined.join(&theirs);
                theirs
                    .iter()
                    .for_each(|(id, time)| slowly.advance(id, time));
                assert_eq!(joined, slowly, "{one} {other} {plus}");
                let all = theirs.iter().all(|(id, time)| ours.get(id) >= time);
                assert_eq!(ours.covers_all(&theirs), all, "{one} {other} {plus}");
            }
        }
        let some = every(3, 1);
        let mut found = some.lookup();
        for n in [3, 4, 5, 6, 9, 9, 8, 3, 1, 99, 100, 2, 6, 12, 11, 12] {
            let held = found.get(id(n)).unwrap_or(Hlc::ZERO);
            assert_eq!(held, some.get(id(n)), "{n}");
        }
    }

    #[test]
    fn a_floor_takes_the_place_of_what_lies_below_it() {
        let mut over = version(&[(1, 5), (2, 7)]);
        let before = over.clone();
        over.raise(Hlc::from_bits(6));
        assert_eq!(over.iter().len(), 1);
        assert!(over.covers_all(&before) && !before.covers_all(&over));
        over.advance(id(3), Hlc::from_bits(6));
        assert_eq!(over.iter().len(), 1, "no entry below the floor");
        assert_eq!(Version::decode(&over.encode()).unwrap(), over);
        let mut latest = before.clone();
        latest.keep_latest(2);
        assert_eq!(latest, before);
        latest.keep_latest(1);
        assert_eq!((latest.floor().bits(), latest.iter().len()), (5, 1));
        let mut joined = before;
        joined.join(&over);
        assert_eq!(joined, over);
        let mut low = over.encode();
        low[0] = 7;
        assert!(Version::decode(&low).is_err(), "an entry at the floor");
    }

    #[test]
    fn encoding_is_canonical_and_every_prefix_is_an_error() {
        let version = version(&[(1, 5), (9, 1 << 40)]);
        let bytes = version.encode();
        assert_eq!(Version::decode(&bytes).unwrap(), version);
        for end in 0..bytes.len() {
            assert!(
                Version::decode(&bytes[..end]).is_err(),
                "prefix of {end} bytes"
            );
        }
        let mut swapped = bytes.clone();
        swapped[2..10].copy_from_slice(&99u64.to_le_bytes());
        assert!(Version::decode(&swapped).is_err(), "entries out of order");
    }
}
