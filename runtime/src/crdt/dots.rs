//! Small sorted sets of stamps, one per replica: the atoms of a set element, and cuts.

use crate::codec::{Dec, DecodeError, Enc, write_varint};
use crate::{Hlc, ReplicaId, Stamp};

/// Stamps sorted by replica, at most one for each, the origin first. One stamp, the usual case, takes no allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dots {
    /// No stamp.
    #[default]
    None,
    /// One.
    One(Stamp),
    /// Two or more.
    Many(Vec<Stamp>),
}

impl Dots {
    pub(crate) fn as_slice(&self) -> &[Stamp] {
        match self {
            Self::None => &[],
            Self::One(stamp) => std::slice::from_ref(stamp),
            Self::Many(stamps) => stamps,
        }
    }

    pub(crate) fn from_vec(stamps: Vec<Stamp>) -> Self {
        match *stamps.as_slice() {
            [] => Self::None,
            [stamp] => Self::One(stamp),
            _ => Self::Many(stamps),
        }
    }

    /// So many stamps of a body, which the walker has checked.
    pub(crate) fn decode(input: &mut Dec<'_>, count: u64) -> Result<Self, DecodeError> {
        match count {
            0 => return Ok(Self::None),
            1 => return input.stamp().map(Self::One),
            _ => {}
        }
        let mut stamps = Vec::new();
        for _ in 0..count {
            stamps.push(input.stamp()?);
        }
        Ok(Self::from_vec(stamps))
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::None)
    }

    pub(crate) fn len(&self) -> usize {
        self.as_slice().len()
    }

    pub(crate) fn contains(&self, stamp: Stamp) -> bool {
        let Self::Many(stamps) = self else {
            return self.as_slice().first() == Some(&stamp);
        };
        let found = stamps.binary_search_by_key(&stamp.replica, |held| held.replica);
        found.is_ok_and(|index| stamps[index] == stamp)
    }

    /// Adds a stamp in place of an older one of the same replica; a newer one stays.
    pub(crate) fn insert(&mut self, stamp: Stamp) {
        match self {
            Self::None => *self = Self::One(stamp),
            Self::One(held) if held.replica == stamp.replica => *held = stamp.max(*held),
            Self::One(held) => {
                let mut both = vec![*held, stamp];
                both.sort_by_key(|stamp| stamp.replica);
                *self = Self::Many(both);
            }
            Self::Many(stamps) => {
                match stamps.binary_search_by_key(&stamp.replica, |held| held.replica) {
                    Ok(index) => stamps[index] = stamp.max(stamps[index]),
                    Err(index) => stamps.insert(index, stamp),
                }
            }
        }
    }

    /// Keeps the stamps for which `keep` holds.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(Stamp) -> bool) {
        match self {
            Self::None => {}
            Self::One(stamp) => {
                if !keep(*stamp) {
                    *self = Self::None;
                }
            }
            Self::Many(stamps) => {
                stamps.retain(|stamp| keep(*stamp));
                if stamps.len() < 2 {
                    *self = Self::from_vec(std::mem::take(stamps));
                }
            }
        }
    }

    /// Writes them where stamps stand for themselves: the count, and each in the order of replicas.
    pub(crate) fn encode(&self, out: &mut Enc) {
        out.varint(self.len() as u64);
        self.as_slice().iter().for_each(|stamp| out.stamp(*stamp));
    }

    /// Writes them into the undo log.
    pub(crate) fn write_record(&self, out: &mut Vec<u8>) {
        write_varint(out, self.len() as u64);
        self.as_slice()
            .iter()
            .for_each(|stamp| write_wide(*stamp, out));
    }

    pub(crate) fn read_record(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let count = input.varint()?;
        if count < 2 {
            return match count {
                0 => Ok(Self::None),
                _ => read_wide(input).map(Self::One),
            };
        }
        let stamps = (0..count)
            .map(|_| read_wide(input))
            .collect::<Result<_, _>>()?;
        Ok(Self::from_vec(stamps))
    }

    /// Of each replica that both name, the smaller stamp.
    pub(crate) fn up_to(&self, limit: &Self) -> Self {
        let stamps = self.as_slice().iter();
        let limited = stamps.filter_map(|stamp| {
            let mut limits = limit.as_slice().iter();
            let limit = limits.find(|limit| limit.replica == stamp.replica)?;
            Some(*stamp.min(limit))
        });
        Self::from_vec(limited.collect())
    }

    /// True when this cut kills an atom: it has seen that replica's atoms up to it.
    pub(crate) fn cuts(&self, atom: Stamp) -> bool {
        let stamps = self.as_slice();
        let found = stamps.binary_search_by_key(&atom.replica, |held| held.replica);
        found.is_ok_and(|index| stamps[index].time >= atom.time)
    }
}

/// A stamp in the undo log, which never leaves the replica: as wide as in memory, so that it is quick to write.
pub(crate) fn write_wide(stamp: Stamp, out: &mut Vec<u8>) {
    let mut wide = [0; 16];
    let replica = stamp.replica.map_or(0, ReplicaId::get);
    wide[..8].copy_from_slice(&replica.to_le_bytes());
    wide[8..].copy_from_slice(&stamp.time.bits().to_le_bytes());
    out.extend_from_slice(&wide);
}

pub(crate) fn read_wide(input: &mut Dec<'_>) -> Result<Stamp, DecodeError> {
    let replica = ReplicaId::new(u64::from_le_bytes(input.array()?));
    Ok(Stamp {
        replica,
        time: Hlc::from_bits(u64::from_le_bytes(input.array()?)),
    })
}

/// A stamp where there is no replica table.
pub(crate) fn write_plain(stamp: Stamp, out: &mut Vec<u8>) {
    write_varint(out, stamp.replica.map_or(0, ReplicaId::get));
    write_varint(out, stamp.time.bits());
}

pub(crate) fn read_plain(input: &mut Dec<'_>) -> Result<Stamp, DecodeError> {
    let replica = ReplicaId::new(input.varint()?);
    Ok(Stamp {
        replica,
        time: Hlc::from_bits(input.varint()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(time: u64, replica: u64) -> Stamp {
        Stamp::new(Hlc::from_bits(time), ReplicaId::new(replica).unwrap())
    }

    #[test]
    fn one_stamp_per_replica_and_the_newest_stays() {
        let mut dots = Dots::default();
        for dot in [stamp(5, 2), stamp(3, 1), stamp(4, 2), stamp(9, 1)] {
            dots.insert(dot);
        }
        assert_eq!(dots.as_slice(), [stamp(9, 1), stamp(5, 2)]);
        dots.retain(|dot| dot.time.bits() > 5);
        assert_eq!(dots, Dots::One(stamp(9, 1)));
    }

    #[test]
    fn a_cut_kills_what_it_has_seen_and_nothing_newer() {
        let cut = Dots::from_vec(vec![Stamp::ORIGIN, stamp(5, 2)]);
        assert!(cut.cuts(Stamp::ORIGIN) && cut.cuts(stamp(5, 2)) && cut.cuts(stamp(4, 2)));
        assert!(!cut.cuts(stamp(6, 2)) && !cut.cuts(stamp(1, 3)));
    }
}
