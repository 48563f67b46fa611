//! Hashes of chains: 64 bits for everything that one replica has made, so that two replicas under one id are noticed.
//!
//! A hash covers the changes of its chain above the document's floor. Two hashes say something about each other only at the
//! same last stamp and over the same floor. What follows from a difference is decided in `super::status`.

use std::collections::BTreeMap;

use crate::{Change, Hlc, ReplicaId, Version};

/// Per replica the hash of its chain. A replica that is in the version and not in here has a hash that is not known.
#[derive(Debug, Default, Clone)]
pub(super) struct Chains(BTreeMap<ReplicaId, u64>);

impl Chains {
    /// Takes a change that is the next of its chain, of which so much was held.
    pub(super) fn extend(&mut self, change: &Change, held: Hlc) {
        match self.0.get_mut(&change.replica) {
            Some(hash) => *hash = change.chain_hash(*hash),
            None if held == Hlc::ZERO => drop(self.0.insert(change.replica, change.chain_hash(0))),
            None => {}
        }
    }

    /// Hashes a chain from the first change above a floor to its last; false, and unknown, when some are missing.
    pub(super) fn rehash<'a>(
        &mut self,
        chain: impl Iterator<Item = &'a Change>,
        floor: Hlc,
        last: Hlc,
    ) -> bool {
        let (mut held, mut hash, mut replica) = (Hlc::ZERO, 0, None);
        for change in chain.filter(|change| change.last() > floor) {
            // The first begins the chain above the floor, and each is the next of the one before.
            let follows = match held {
                Hlc::ZERO => change.prev <= floor,
                held => change.prev == held,
            };
            if !follows {
                return false;
            }
            hash = change.chain_hash(hash);
            held = change.last();
            replica = Some(change.replica);
        }
        match replica {
            Some(replica) if held == last => {
                self.0.insert(replica, hash);
                true
            }
            _ => false,
        }
    }

    /// The hash of a replica's chain; zero where it is not known.
    pub(super) fn get(&self, replica: ReplicaId) -> u64 {
        self.0.get(&replica).copied().unwrap_or_default()
    }

    /// Takes the hash that somebody else has; zero where it is not known.
    pub(super) fn set(&mut self, replica: ReplicaId, hash: u64) {
        match hash {
            0 => drop(self.0.remove(&replica)),
            _ => drop(self.0.insert(replica, hash)),
        }
    }

    /// The hashes of the replicas that a version names, in its order.
    pub(super) fn of(&self, version: &Version) -> Vec<u64> {
        version
            .iter()
            .map(|(replica, _)| self.get(replica))
            .collect()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
