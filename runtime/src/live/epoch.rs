//! [`Grant`]: who owned something from when on. Writes of owned things compare by epoch first, and by stamp within one.
//!
//! A server grants epochs and keeps them; where there is none, every write is of epoch 0.

use crate::{Hlc, ReplicaId, Stamp};

/// That a replica owns something from a time on.
///
/// Whatever it writes from then on, live or durable, wins over all writes of lesser epochs, whatever their stamps. A grant
/// counts only where it is known: what claims an epoch that was not granted is of epoch 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who owns it.
    pub owner: ReplicaId,
    /// Greater than every epoch granted of it before.
    pub epoch: u32,
    /// The server's time of granting it. The owner has seen it before it writes.
    pub since: Hlc,
}

/// The grants of one thing, by epoch.
#[derive(Clone, Debug, Default)]
pub(super) struct Grants(Vec<Grant>);

impl Grants {
    /// Grants kept of one thing, the newest.
    const MOST: usize = 16;

    /// Takes a grant; the same epoch twice is the same grant.
    pub(super) fn add(&mut self, grant: Grant) {
        if let Err(place) = self.0.binary_search_by_key(&grant.epoch, |it| it.epoch) {
            self.0.insert(place, grant);
        }
        let many = self.0.len().saturating_sub(Self::MOST);
        self.0.drain(..many);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The epoch of a write.
    pub(super) fn epoch_of(&self, stamp: Stamp) -> u32 {
        let of = |grant: &&Grant| Some(grant.owner) == stamp.replica && grant.since <= stamp.time;
        let last = self.0.iter().rev().find(of);
        last.map_or(0, |grant| grant.epoch)
    }

    /// True when this epoch was granted to this replica.
    pub(super) fn has(&self, epoch: u32, owner: Option<ReplicaId>) -> bool {
        let mut all = self.0.iter();
        all.any(|grant| grant.epoch == epoch && Some(grant.owner) == owner)
    }
}
