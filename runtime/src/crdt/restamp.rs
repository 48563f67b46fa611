//! [`Restamp`]: what making an own change again needs to know.
//!
//! Each CRDT reads its ops and makes them again as edits, by [`super::Crdt::restamp`]; what the stamps in them mean by now is
//! answered here. Which changes are made again, and on what, is decided in `crate::replica`.

mod items;

use std::collections::BTreeMap;

pub use self::items::Items;
use super::dots::Dots;
use crate::codec::{Dec, DecodeError, Kind, check_ops, raw_value};
use crate::mutants::{Mutant, on};
use crate::{Hlc, ReplicaId, Stamp, Version};

/// The change that is made again, and what became of it so far.
#[doc(hidden)]
#[derive(Debug)]
pub struct Restamp<'a> {
    /// The state that it is made again on holds this.
    version: &'a Version,
    /// The ids that the changes were made under, and how much of each chain is held.
    own: &'a BTreeMap<ReplicaId, Hlc>,
    /// The id that it is made again under, and the last stamp of that.
    fresh: ReplicaId,
    again: Hlc,
    /// The author's totals of counters before the change, in the order of its ops.
    bases: std::slice::Iter<'a, i128>,
    /// How many ops had nothing left to act on.
    dropped: usize,
    /// What has become of items.
    items: &'a mut Items,
}

impl<'a> Restamp<'a> {
    pub(crate) fn new(
        version: &'a Version,
        own: &'a BTreeMap<ReplicaId, Hlc>,
        (fresh, again): (ReplicaId, Hlc),
        bases: &'a [i128],
        items: &'a mut Items,
    ) -> Self {
        Self {
            version,
            own,
            fresh,
            again,
            bases: bases.iter(),
            dropped: 0,
            items,
        }
    }

    pub(crate) fn dropped(&self) -> usize {
        self.dropped
    }

    /// Notes that one op had nothing left to act on.
    pub(crate) fn drop_one(&mut self) {
        self.dropped += 1;
    }

    /// Passes over ops that have nothing left to act on.
    pub(crate) fn drop_ops(&mut self, kind: &Kind, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.dropped += 1;
        for _ in 0..counters(input, kind)? {
            self.bases.next();
        }
        Ok(())
    }

    /// What a cut means by now: of others what is held of what the author had seen, and of the author's own what is held or has
    /// been made again.
    pub(crate) fn translate(&self, cut: &Dots) -> Dots {
        let mut now = Dots::default();
        for stamp in cut.as_slice() {
            let Some(replica) = stamp.replica else {
                now.insert(*stamp);
                continue;
            };
            let mut held = self.version.get(replica).max(self.version.floor());
            if let Some(own) = self.own.get(&replica) {
                held = *own;
                if self.again > Hlc::ZERO {
                    now.insert(Stamp::new(self.again, self.fresh));
                }
            }
            let time = stamp.time.min(held);
            if time > Hlc::ZERO {
                now.insert(Stamp::new(time, replica));
            }
        }
        if on(Mutant::RestampTakesAll) {
            for (replica, last) in self.version.iter() {
                now.insert(Stamp::new(last, replica));
            }
        }
        now
    }

    /// What is held of the author's own, made again or not.
    pub(crate) fn own(&self) -> Dots {
        let mut own = Dots::default();
        let held = self.own.iter().map(|(id, last)| Stamp::new(*last, *id));
        for stamp in held.chain([Stamp::new(self.again, self.fresh)]) {
            if stamp.time > Hlc::ZERO {
                own.insert(stamp);
            }
        }
        own
    }

    /// Notes that items of a row have been made again, with stamps from this one on.
    pub(crate) fn made_items(&mut self, before: Stamp, len: u32, now: Stamp) {
        self.items.made(before, len, now);
    }

    /// The stamp that an item has by now; none when it was not made again.
    pub(crate) fn item(&self, stamp: Stamp) -> Option<Stamp> {
        let own = stamp.replica.and_then(|replica| self.own.get(&replica));
        let Some(held) = own else {
            return Some(stamp);
        };
        let itself = (stamp.time <= *held).then_some(stamp);
        self.items.now(stamp).or(itself)
    }

    /// The stamps that the items of a stretch of time have by now: first and ticks of each stretch.
    pub(crate) fn items(&self, first: Stamp, len: u64) -> Vec<(Stamp, u64)> {
        let Some(held) = first.replica.and_then(|replica| self.own.get(&replica)) else {
            return vec![(first, len)];
        };
        let mut rows = self.items.rows(first, len);
        if let Some(count) = held.bits().checked_sub(first.time.bits()) {
            rows.insert(0, (first, count.saturating_add(1).min(len)));
        }
        rows
    }

    /// What stood to the left of an item before, row by row, the nearest first; none when nobody knows.
    pub(crate) fn left_of(&self, item: Stamp) -> Option<Vec<(Stamp, u32)>> {
        self.items.left_of(item)
    }

    /// How much the author added to a counter, whose total it was afterwards.
    pub(crate) fn added(&mut self, total: i128) -> i128 {
        total - self.bases.next().copied().unwrap_or_default()
    }
}

/// Passes over ops; how many counters are among them.
fn counters(input: &mut Dec<'_>, kind: &Kind) -> Result<usize, DecodeError> {
    let mut found = 0;
    match kind {
        Kind::GCounter | Kind::PnCounter => {
            check_ops(input, kind)?;
            found = 1;
        }
        Kind::OrMap(key, value) => {
            for _ in 0..input.count()? {
                raw_value(input, key)?;
                let header = input.varint()?;
                Dots::decode(input, header >> 2)?;
                if header & 2 == 2 {
                    found += counters(input, value)?;
                }
            }
        }
        Kind::Orb => {
            let shape = input.shape()?;
            shape.each(|_, kind| {
                found += counters(input, kind)?;
                Ok(())
            })?;
        }
        _ => check_ops(input, kind)?,
    }
    Ok(found)
}
