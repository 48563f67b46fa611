//! [`Items`]: what becomes of the items of sequences and texts when own changes are made again.
//!
//! Stamps name items across a whole document, so one table serves all of its sequences.

use std::collections::BTreeMap;

use crate::{Hlc, Stamp};

/// Rows of items: first stamp and length.
type Row = (Stamp, u32);

/// Where items stood before, and the stamps of those that have been made again.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Items {
    /// By the old stamp of the first: how many, and the new stamp of the first.
    made: BTreeMap<Stamp2, (u32, Stamp)>,
    /// Rows that the change under way has made.
    open: Vec<Stamp2>,
    /// All items in order, sequence by sequence; an empty row stands before each.
    rows: Vec<Row>,
    /// Where each row stands.
    places: BTreeMap<Stamp2, usize>,
}

/// A stamp by replica and time.
type Stamp2 = (Option<crate::ReplicaId>, Hlc);

fn key(stamp: Stamp) -> Stamp2 {
    (stamp.replica, stamp.time)
}

fn after(stamp: Stamp, count: u64) -> Stamp {
    Stamp {
        time: Hlc::from_bits(stamp.time.bits().saturating_add(count)),
        ..stamp
    }
}

impl Items {
    /// What follows is another sequence.
    pub(crate) fn begin_sequence(&mut self) {
        self.rows.push((Stamp::ORIGIN, 0));
    }

    /// The next items of a sequence.
    pub(crate) fn stands(&mut self, first: Stamp, len: u32) {
        self.places.insert(key(first), self.rows.len());
        self.rows.push((first, len));
    }

    pub(super) fn left_of(&self, item: Stamp) -> Option<Vec<Row>> {
        let (_, at) = self.places.range(..=key(item)).next_back()?;
        let (first, len) = self.rows[*at];
        let inside = item.time.bits().checked_sub(first.time.bits())?;
        if first.replica != item.replica || inside >= u64::from(len) {
            return None;
        }
        let before = self.rows[..*at].iter().rev();
        let mut left = vec![(first, inside as u32)];
        left.extend(before.take_while(|(_, len)| *len > 0));
        Some(left)
    }

    /// Begins a change; what the one before has made stays.
    pub(crate) fn begin_change(&mut self) {
        self.open.clear();
    }

    /// Forgets what the change has made, which was taken back.
    pub(crate) fn take_back(&mut self) {
        for row in self.open.drain(..) {
            self.made.remove(&row);
        }
    }

    pub(super) fn made(&mut self, before: Stamp, len: u32, now: Stamp) {
        self.made.insert(key(before), (len, now));
        self.open.push(key(before));
    }

    /// All rows that were made again: first and length, and the new first.
    pub(crate) fn again(&self) -> impl Iterator<Item = ((Stamp, u32), Stamp)> + '_ {
        let made = self.made.iter();
        made.map(|((replica, time), (len, now))| {
            let first = Stamp {
                replica: *replica,
                time: *time,
            };
            ((first, *len), *now)
        })
    }

    pub(super) fn now(&self, stamp: Stamp) -> Option<Stamp> {
        self.rows(stamp, 1).first().map(|(now, _)| *now)
    }

    /// The new stamps of a stretch of old ones: first and ticks of each stretch.
    pub(super) fn rows(&self, first: Stamp, ticks: u64) -> Vec<(Stamp, u64)> {
        let end = after(first, ticks);
        let before = self.made.range(..key(first)).next_back();
        let mut rows = Vec::new();
        for ((replica, time), (count, now)) in before
            .into_iter()
            .chain(self.made.range(key(first)..key(end)))
        {
            let start = (*time).max(first.time).bits();
            let stop = (time.bits() + u64::from(*count)).min(end.time.bits());
            if *replica == first.replica && start < stop {
                let skip = start - time.bits();
                rows.push((after(*now, skip), stop - start));
            }
        }
        rows
    }
}
