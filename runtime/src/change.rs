//! [`Change`]: one transaction of one replica. A small header that everybody reads, and a body that only the type reads.

mod body;

pub(crate) use body::Body;

use crate::codec::{self, Dec, DecodeError, MAX_BODY, write_bytes, write_varint};
use crate::{Hlc, ReplicaId, Stamp};

/// The first byte of an encoded change.
const FORMAT: u8 = 1;

/// One sealed transaction, durable and immutable. Clones share the body.
///
/// Every replica's changes form a chain: each names the last stamp of the one before. Applying one twice, or early, or late
/// changes nothing in the outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub(crate) replica: ReplicaId,
    pub(crate) prev: Hlc,
    pub(crate) time: Hlc,
    pub(crate) ticks: u32,
    pub(crate) deps: Vec<(ReplicaId, Hlc)>,
    pub(crate) body: Body,
}

impl Change {
    /// Who made it. O(1).
    #[must_use]
    pub fn replica(&self) -> ReplicaId {
        self.replica
    }

    /// The last time of the author's change before it; zero for the first. O(1).
    #[must_use]
    pub fn prev(&self) -> Hlc {
        self.prev
    }

    /// Its first time, which its writes carry. O(1).
    #[must_use]
    pub fn time(&self) -> Hlc {
        self.time
    }

    /// Its last time. Together with the replica this is its identity. O(1).
    #[must_use]
    pub fn last(&self) -> Hlc {
        Hlc::from_bits(self.time.bits() + u64::from(self.ticks) - 1)
    }

    /// The changes of others that its author had applied since the change before, as heads: what they rest on is implied. O(1).
    #[must_use]
    pub fn deps(&self) -> &[(ReplicaId, Hlc)] {
        &self.deps
    }

    /// The opaque body. O(1).
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn stamp(&self) -> Stamp {
        Stamp::new(self.time, self.replica)
    }

    pub(crate) fn last_stamp(&self) -> Stamp {
        Stamp::new(self.last(), self.replica)
    }

    /// The hash of its author's chain up to it, from the hash of the chain before it. Never zero, which means unknown.
    pub(crate) fn chain_hash(&self, before: u64) -> u64 {
        use xxhash_rust::xxh3::xxh3_64_with_seed as hash;
        let mut header = [0; 28];
        header[..8].copy_from_slice(&self.replica.get().to_le_bytes());
        header[8..16].copy_from_slice(&self.prev.bits().to_le_bytes());
        header[16..24].copy_from_slice(&self.time.bits().to_le_bytes());
        header[24..].copy_from_slice(&self.ticks.to_le_bytes());
        let mut chain = hash(&self.body, hash(&header, before));
        for (replica, time) in &self.deps {
            let mut dep = [0; 16];
            dep[..8].copy_from_slice(&replica.get().to_le_bytes());
            dep[8..].copy_from_slice(&time.bits().to_le_bytes());
            chain = hash(&dep, chain);
        }
        chain.max(1)
    }

    /// Memory it takes while it is kept.
    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>() + self.deps.len() * size_of::<(ReplicaId, Hlc)>() + self.body.len()
    }

    /// Its canonical bytes: format, header, body, checksum. O(bytes).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.body.len() + self.deps.len() * 14 + 40);
        out.push(FORMAT);
        out.extend_from_slice(&self.replica.get().to_le_bytes());
        write_varint(&mut out, self.time.bits());
        write_varint(&mut out, self.time.bits() - self.prev.bits());
        write_varint(&mut out, u64::from(self.ticks));
        write_varint(&mut out, self.deps.len() as u64);
        for (replica, time) in &self.deps {
            out.extend_from_slice(&replica.get().to_le_bytes());
            write_varint(&mut out, self.time.bits() - time.bits());
        }
        write_bytes(&mut out, &self.body);
        codec::close(out)
    }

    /// A change from its bytes. The header is checked here, the body when it is applied. O(bytes); it takes at most eight times
    /// the bytes of memory, and 64 KiB.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] when the checksum does not fit: ask for it again. Anything else is final.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = codec::open(bytes, FORMAT, "change format")?;
        let replica = input.replica_id()?;
        let time = Hlc::from_bits(input.varint()?);
        let prev = before(time, input.varint()?)?;
        let ticks = u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("ticks"))?;
        check_ticks(time, ticks)?;
        let deps = deps(&mut input, replica, time)?;
        let body = input.bytes()?;
        if body.len() > MAX_BODY {
            return Err(DecodeError::TooLong {
                what: "body",
                len: body.len(),
                max: MAX_BODY,
            });
        }
        input.end()?;
        Ok(Self {
            replica,
            prev,
            time,
            ticks,
            deps,
            body: body.into(),
        })
    }
}

/// A time strictly before another, which may be zero.
fn before(time: Hlc, distance: u64) -> Result<Hlc, DecodeError> {
    match time.bits().checked_sub(distance) {
        Some(bits) if distance > 0 => Ok(Hlc::from_bits(bits)),
        _ => Err(DecodeError::Range("time")),
    }
}

fn deps(
    input: &mut Dec<'_>,
    author: ReplicaId,
    time: Hlc,
) -> Result<Vec<(ReplicaId, Hlc)>, DecodeError> {
    let mut deps: Vec<(ReplicaId, Hlc)> = Vec::new();
    for _ in 0..input.count()? {
        let replica = input.replica_id()?;
        let dep = before(time, input.varint()?)?;
        check_dep((replica, dep), author, time, &deps)?;
        deps.push((replica, dep));
    }
    Ok(deps)
}

/// Ticks are for items that a body makes, each of which takes a byte there, so there are no more of them than bytes.
///
/// Otherwise a few bytes could claim more items than there are numbers for.
pub(crate) fn check_ticks(time: Hlc, ticks: u32) -> Result<(), DecodeError> {
    let fits = (1..=MAX_BODY as u32).contains(&ticks);
    if !fits || time.checked_add(u64::from(ticks) - 1).is_none() {
        return Err(DecodeError::Range("ticks"));
    }
    Ok(())
}

/// A dependency is on somebody else, in the past, and they are in order.
pub(crate) fn check_dep(
    (replica, dep): (ReplicaId, Hlc),
    author: ReplicaId,
    time: Hlc,
    before: &[(ReplicaId, Hlc)],
) -> Result<(), DecodeError> {
    let ascending = before.last().is_none_or(|(last, _)| *last < replica);
    if replica == author || dep == Hlc::ZERO || dep >= time || !ascending {
        return Err(DecodeError::NotCanonical("dependencies"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        let [a, b] = [7, 9].map(|id| ReplicaId::new(id).unwrap());
        let at = Hlc::from_millis;
        Change {
            replica: a,
            prev: at(1),
            time: at(5),
            ticks: 3,
            deps: vec![(b, at(4))],
            body: Body::from(&b"body"[..]),
        }
    }

    #[test]
    fn it_round_trips_and_every_prefix_is_an_error() {
        let bytes = change().encode();
        assert_eq!(Change::decode(&bytes).unwrap(), change());
        for end in 0..bytes.len() {
            assert!(
                Change::decode(&bytes[..end]).is_err(),
                "prefix of {end} bytes"
            );
        }
    }

    #[test]
    fn a_flipped_bit_is_noticed() {
        let bytes = change().encode();
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                Change::decode(&damaged),
                Err(DecodeError::Damaged),
                "bit {bit}"
            );
        }
    }

    #[test]
    fn a_dependency_on_the_future_or_on_oneself_is_refused() {
        for (replica, millis) in [(9, 5), (9, 6), (7, 4)] {
            let replica = ReplicaId::new(replica).unwrap();
            let wrong = Change {
                deps: vec![(replica, Hlc::from_millis(millis))],
                ..change()
            };
            let bytes = std::panic::catch_unwind(|| wrong.encode());
            assert!(bytes.is_err() || Change::decode(&bytes.unwrap()).is_err());
        }
    }
}
