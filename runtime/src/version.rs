//! What a replica holds: per replica the last stamp, prefix-closed.
//!
//! A version alone decides what a peer lacks. It never holds a wall-clock time of its own and knows nothing of content.

use crate::by_id::{ById, Lookup};
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
    entries: ById<Hlc>,
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
        self.entries.get(replica).unwrap_or(Hlc::ZERO)
    }

    /// The greatest time held. O(replicas).
    #[must_use]
    pub fn max_time(&self) -> Hlc {
        let times = self.iter().map(|(_, time)| time);
        times.fold(self.floor, Hlc::max)
    }

    /// True when a write with this stamp is held. O(log replicas).
    #[must_use]
    pub fn covers(&self, stamp: Stamp) -> bool {
        stamp.time <= self.floor
            || stamp
                .replica
                .is_none_or(|replica| stamp.time <= self.get(replica))
    }

    /// True when everything that `other` holds is held here too. O(replicas) where both name the same ones.
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
        self.entries.lookup()
    }

    /// The replicas and their last times, by id. O(replicas) for all.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (ReplicaId, Hlc)> + '_ {
        self.entries.iter()
    }

    /// Holds what the other holds as well. O(replicas).
    pub fn join(&mut self, other: &Self) {
        self.raise(other.floor);
        let floor = self.floor;
        let above = other.iter().filter(|(_, time)| *time > floor);
        self.entries.join(above, Hlc::max);
    }

    /// Moves a replica's entry forward; an older time, or one below the floor, changes nothing.
    pub(crate) fn advance(&mut self, replica: ReplicaId, time: Hlc) {
        if time > self.floor {
            self.entries.raise(replica, time);
        }
    }

    /// Moves a replica's entry back.
    pub(crate) fn rewind(&mut self, replica: ReplicaId, time: Hlc) {
        self.entries.remove(replica);
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
            let mut times: Vec<Hlc> = self.iter().map(|(_, time)| time).collect();
            times.sort_unstable();
            self.raise(times[over]);
        }
    }

    /// What both hold, for versions over one floor.
    pub(crate) fn meet(&mut self, other: &Self) {
        let mut times = other.lookup();
        self.entries.retain(|replica, time| {
            *time = (*time).min(times.get(replica).unwrap_or(Hlc::ZERO));
            *time > Hlc::ZERO
        });
    }

    /// Forgets a replica's entry unless it is past this time.
    pub(crate) fn remove_covered(&mut self, replica: ReplicaId, time: Hlc) {
        if self.get(replica) <= time {
            self.entries.remove(replica);
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
        for (replica, time) in self.iter() {
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
        // An entry takes nine bytes at least.
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
        let entries = ById::of(entries);
        Ok(Self { floor, entries })
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
