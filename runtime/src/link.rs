//! [`Packer`] and [`Unpacker`]: changes on one connection, where each is told by how it differs from those before it.
//!
//! A change by itself names its author by 8 bytes and its time by 9, and carries a checksum. Over a connection that keeps order and
//! notices damage (a WebSocket, a QUIC stream) both ends remember whom they have named and how far, so a change of a chain that goes
//! on costs three bytes more than its body. What a change means is in [`crate::Change`]; connections are the caller's.
//!
//! | bytes | |
//! |---|---|
//! | head, a varint | bit 0: it follows the last change packed of its author · bit 1: it takes several ticks · bit 2: it has dependencies · the rest: 0 for an author not named before, else 1 + its number |
//! | author | 8 bytes, if not named before |
//! | distance, a varint | from the time before it to its time |
//! | start, a zigzag | unless it follows: from the last change packed of its author to the one before it |
//! | ticks, a varint | if several |
//! | dependencies | if any: count, then of each its replica as above, and a zigzag from the last time told of that replica to it |
//! | body | the rest |

use std::collections::BTreeMap;

use crate::codec::{Dec, DecodeError, MAX_BODY, write_varint, write_zigzag};
use crate::{Change, Hlc, ReplicaId};

const FOLLOWS: u64 = 1;
const TICKS: u64 = 2;
const DEPS: u64 = 4;
const INDEX: u32 = 3;

/// The sending end of a connection, for changes.
///
/// ```
/// use holo_runtime::{Packer, PnCounter, Replica, ReplicaId, Unpacker};
///
/// let mut alice = Replica::<PnCounter>::new(ReplicaId::random());
/// let (mut here, mut there) = (Packer::default(), Unpacker::default());
/// for _ in 0..3 {
///     alice.edit(|score| score.increment(1));
///     let change = alice.flush().unwrap();
///     let bytes = here.pack(&change);
///     assert_eq!(there.unpack(&bytes)?, change);
/// }
/// # Ok::<(), holo_runtime::DecodeError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Packer(Named);

/// The receiving end of a connection, for changes. See [`Packer`].
#[derive(Clone, Debug, Default)]
pub struct Unpacker(Named);

/// Whom both ends have named, in order, and the last time told of each.
#[derive(Clone, Debug, Default)]
struct Named {
    told: Vec<(ReplicaId, Hlc)>,
    numbers: BTreeMap<ReplicaId, usize>,
}

impl Named {
    /// So many are remembered; then both ends begin anew.
    const MOST: usize = 65_536;

    fn add(&mut self, replica: ReplicaId) -> usize {
        if self.told.len() >= Self::MOST {
            *self = Self::default();
        }
        let number = self.told.len();
        self.told.push((replica, Hlc::ZERO));
        self.numbers.insert(replica, number);
        number
    }

    fn last(&self, number: usize) -> Hlc {
        self.told.get(number).map_or(Hlc::ZERO, |(_, last)| *last)
    }

    fn tell(&mut self, number: usize, last: Hlc) {
        if let Some(told) = self.told.get_mut(number) {
            told.1 = last;
        }
    }

    /// The number of a replica that has just been read, which is the next or one that was named.
    fn read(&mut self, number: u64, input: &mut Dec<'_>) -> Result<usize, DecodeError> {
        let Some(number) = number.checked_sub(1) else {
            let replica = input.replica_id()?;
            if self.numbers.contains_key(&replica) {
                return Err(DecodeError::NotCanonical("replica"));
            }
            return Ok(self.add(replica));
        };
        let number = usize::try_from(number).ok();
        number
            .filter(|number| *number < self.told.len())
            .ok_or(DecodeError::Range("replica"))
    }
}

/// The distance between two times.
fn apart(from: Hlc, to: Hlc) -> i128 {
    i128::from(to.bits()) - i128::from(from.bits())
}

/// A time so far from another.
fn moved(from: Hlc, by: i128) -> Result<Hlc, DecodeError> {
    i128::from(from.bits())
        .checked_add(by)
        .and_then(|bits| u64::try_from(bits).ok())
        .map(Hlc::from_bits)
        .ok_or(DecodeError::Range("time"))
}

impl Packer {
    /// The bytes of a change for the other end, which must get all that is packed, in order. O(bytes + dependencies × log replicas).
    #[must_use]
    pub fn pack(&mut self, change: &Change) -> Vec<u8> {
        let mut out = Vec::with_capacity(change.body.len() + 24);
        let known = self.0.numbers.get(&change.replica).copied();
        let last = known.map_or(Hlc::ZERO, |number| self.0.last(number));
        let follows = change.prev == last;
        let mut head = known.map_or(0, |number| number as u64 + 1) << INDEX;
        head |= if follows { FOLLOWS } else { 0 };
        head |= if change.ticks > 1 { TICKS } else { 0 };
        head |= if change.deps.is_empty() { 0 } else { DEPS };
        write_varint(&mut out, head);
        let number = known.unwrap_or_else(|| {
            out.extend_from_slice(&change.replica.get().to_le_bytes());
            self.0.add(change.replica)
        });
        write_varint(&mut out, change.time.bits() - change.prev.bits());
        if !follows {
            write_zigzag(&mut out, apart(last, change.prev));
        }
        if change.ticks > 1 {
            write_varint(&mut out, u64::from(change.ticks));
        }
        self.0.tell(number, change.last());
        if !change.deps.is_empty() {
            self.pack_deps(&change.deps, &mut out);
        }
        out.extend_from_slice(&change.body);
        out
    }

    fn pack_deps(&mut self, deps: &[(ReplicaId, Hlc)], out: &mut Vec<u8>) {
        write_varint(out, deps.len() as u64);
        for (replica, time) in deps {
            let known = self.0.numbers.get(replica).copied();
            write_varint(out, known.map_or(0, |number| number as u64 + 1));
            let number = known.unwrap_or_else(|| {
                out.extend_from_slice(&replica.get().to_le_bytes());
                self.0.add(*replica)
            });
            write_zigzag(out, apart(self.0.last(number), *time));
            if known.is_none() {
                self.0.tell(number, *time);
            }
        }
    }
}

impl Unpacker {
    /// A change from the bytes that the other end made of it. O(bytes + dependencies × log replicas).
    ///
    /// # Errors
    /// When they cannot be read, or name somebody who was not named before: a message was lost or damaged on the way. The
    /// connection is of no use then; both ends begin anew with a fresh one.
    pub fn unpack(&mut self, bytes: &[u8]) -> Result<Change, DecodeError> {
        let mut input = Dec::plain(bytes);
        let head = input.varint()?;
        let number = self.0.read(head >> INDEX, &mut input)?;
        let replica = self.0.told[number].0;
        let distance = input.varint()?;
        let mut prev = self.0.last(number);
        if head & FOLLOWS == 0 {
            let by = input.zigzag()?;
            if by == 0 {
                return Err(DecodeError::NotCanonical("start"));
            }
            prev = moved(prev, by)?;
        }
        let time = moved(prev, i128::from(distance))?;
        let mut ticks = 1;
        if head & TICKS != 0 {
            ticks = u32::try_from(input.varint()?).unwrap_or_default();
        }
        if distance == 0 || (ticks < 2) == (head & TICKS != 0) {
            return Err(DecodeError::Range("time"));
        }
        crate::change::check_ticks(time, ticks)?;
        self.0
            .tell(number, Hlc::from_bits(time.bits() + u64::from(ticks) - 1));
        let deps = match head & DEPS {
            0 => Vec::new(),
            _ => self.unpack_deps(&mut input, replica, time)?,
        };
        let body = input.rest();
        if body.len() > MAX_BODY {
            return Err(DecodeError::TooLong {
                what: "body",
                len: body.len(),
                max: MAX_BODY,
            });
        }
        Ok(Change {
            replica,
            prev,
            time,
            ticks,
            deps,
            body: body.into(),
        })
    }

    fn unpack_deps(
        &mut self,
        input: &mut Dec<'_>,
        author: ReplicaId,
        time: Hlc,
    ) -> Result<Vec<(ReplicaId, Hlc)>, DecodeError> {
        let mut deps: Vec<(ReplicaId, Hlc)> = Vec::new();
        let count = input.count()?;
        for _ in 0..count {
            let known = input.varint()?;
            let number = self.0.read(known, input)?;
            let replica = self.0.told[number].0;
            let dep = moved(self.0.last(number), input.zigzag()?)?;
            if known == 0 {
                self.0.tell(number, dep);
            }
            crate::change::check_dep((replica, dep), author, time, &deps)?;
            deps.push((replica, dep));
        }
        match count {
            0 => Err(DecodeError::NotCanonical("dependencies")),
            _ => Ok(deps),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, OrSet, Replica};

    fn replica(id: u64) -> Replica<OrSet<i64>> {
        Replica::with_clock(
            ReplicaId::new(id << 40).unwrap(),
            Clock::manual(1_700_000_000_000),
        )
    }

    /// Changes of three replicas that hear of each other now and then.
    fn changes() -> Vec<Change> {
        let mut all: Vec<_> = [1, 2, 3].map(replica).into();
        let mut made = Vec::new();
        for step in 0..60_usize {
            let at = step * 7 % 3;
            all[at].edit(|set| set.insert(step as i64));
            made.extend(all[at].flush());
            if step % 4 == 0 {
                let to = (at + 1) % 3;
                let version = all[to].version().clone();
                let delta = all[at].changes_since(&version);
                all[to].apply(delta).unwrap();
            }
        }
        made
    }

    #[test]
    fn what_is_packed_in_order_comes_out_the_same_and_is_short() {
        let (mut here, mut there) = (Packer::default(), Unpacker::default());
        let (mut packed, mut bodies, mut alone) = (0, 0, 0);
        for change in changes() {
            let bytes = here.pack(&change);
            assert_eq!(there.unpack(&bytes).unwrap(), change);
            packed += bytes.len();
            bodies += change.body.len();
            alone += change.encode().len();
        }
        assert!(packed < bodies + 60 * 4 + 3 * 16, "{packed} of {bodies}");
        assert!(packed * 2 < alone, "{packed} of {alone}");
    }

    /// A peer sends again what was asked for again, and chains may have holes where a snapshot came between.
    #[test]
    fn changes_may_come_again_and_in_any_order() {
        let mut all = changes();
        all.reverse();
        all.extend(changes().into_iter().step_by(3));
        let (mut here, mut there) = (Packer::default(), Unpacker::default());
        for change in all {
            assert_eq!(there.unpack(&here.pack(&change)).unwrap(), change);
        }
    }

    #[test]
    fn a_lost_first_message_or_a_cut_one_is_an_error() {
        let all = changes();
        let mut here = Packer::default();
        let first = here.pack(&all[0]);
        let follows = all[1..].iter().find(|it| it.replica == all[0].replica);
        let next = here.pack(follows.unwrap());
        assert!(Unpacker::default().unpack(&next).is_err());
        let head = first.len() - all[0].body.len();
        for end in 0..head {
            assert!(Unpacker::default().unpack(&first[..end]).is_err(), "{end}");
        }
    }
}
