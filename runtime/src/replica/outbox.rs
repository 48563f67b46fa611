//! The outbox: one's own changes until they are known to be safe elsewhere, for the case that they have to be made again.
//!
//! It outlives the ring of the log and a restart. Making them again is `super::restamp`'s.

use std::collections::VecDeque;

use crate::{Change, Hlc, ReplicaId, Version};

/// Room for so many is kept.
const FEW: usize = 64;

/// Own changes, oldest first, under the ids that this replica has had. Bounded by number and bytes.
#[derive(Debug, Clone)]
pub(super) struct Outbox {
    changes: VecDeque<Own>,
    bytes: usize,
    max_changes: usize,
    max_bytes: usize,
    /// How many fell out for want of room; they could not be made again.
    lost: usize,
}

/// An own change, and what made it what it is beside its bytes.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub(super) change: Change,
    /// The totals of the counters that it wrote, as they were before it, in the order of its ops.
    pub(super) bases: Vec<i128>,
}

impl Own {
    fn weight(&self) -> usize {
        self.change.weight() + self.bases.len() * size_of::<i128>()
    }
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            changes: VecDeque::new(),
            bytes: 0,
            max_changes: 65_536,
            max_bytes: 16 << 20,
            lost: 0,
        }
    }
}

impl Outbox {
    /// An empty one, with room for so many.
    pub(super) fn with_room(changes: usize) -> Self {
        Self {
            changes: VecDeque::with_capacity(changes),
            ..Self::default()
        }
    }

    /// Keeps a change.
    pub(super) fn push(&mut self, own: Own) {
        self.bytes += own.weight();
        self.changes.push_back(own);
        while self.changes.len() > self.max_changes || self.bytes > self.max_bytes {
            if let Some(own) = self.changes.pop_front() {
                self.bytes -= own.weight();
                self.lost += 1;
            }
        }
    }

    /// Forgets what is safe: what this version names of each chain. What merely lies below its floor may never have got there.
    pub(super) fn forget(&mut self, safe: &Version) {
        self.changes
            .retain(|own| safe.get(own.change.replica) < own.change.last());
        self.bytes = self.iter().map(|own| own.weight()).sum();
        self.changes.shrink_to((self.changes.len() * 2).max(FEW));
    }

    /// Forgets one change that is not to be made again.
    pub(super) fn give_up(&mut self, replica: ReplicaId, last: Hlc) {
        self.changes
            .retain(|own| own.change.replica != replica || own.change.last() != last);
        self.bytes = self.iter().map(|own| own.weight()).sum();
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &Own> + DoubleEndedIterator {
        self.changes.iter()
    }

    pub(super) fn lost(&self) -> usize {
        self.lost
    }
}
