//! Changes that wait: for others that they rest on, or for the clock to reach them. Bounded by number and bytes.

use std::collections::BTreeMap;

use crate::{Change, Hlc, ReplicaId, Version};

/// A bounded buffer of changes by author and place in the author's chain.
#[derive(Debug)]
pub(super) struct Waiting {
    changes: BTreeMap<(ReplicaId, Hlc), Change>,
    bytes: usize,
    max_changes: usize,
    max_bytes: usize,
}

impl Waiting {
    pub(super) fn new(max_changes: usize, max_bytes: usize) -> Self {
        Self {
            changes: BTreeMap::new(),
            bytes: 0,
            max_changes,
            max_bytes,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    /// Keeps a change; when there is no room, the furthest of the author with the most is dropped and will have to be asked for
    /// again, so that nobody's flood drowns the others. The number dropped.
    pub(super) fn insert(&mut self, change: Change) -> usize {
        self.bytes += change.weight();
        if let Some(twin) = self.changes.insert((change.replica, change.prev), change) {
            self.bytes -= twin.weight();
        }
        let mut dropped = 0;
        while self.changes.len() > self.max_changes || self.bytes > self.max_bytes {
            let Some(key) = self.furthest_of_the_greediest() else {
                break;
            };
            self.remove(key);
            dropped += 1;
        }
        dropped
    }

    fn furthest_of_the_greediest(&self) -> Option<(ReplicaId, Hlc)> {
        let mut counts: BTreeMap<ReplicaId, usize> = BTreeMap::new();
        for (replica, _) in self.changes.keys() {
            *counts.entry(*replica).or_default() += 1;
        }
        let (greediest, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        let theirs = (greediest, Hlc::ZERO)..=(greediest, Hlc::MAX);
        self.changes.range(theirs).next_back().map(|(key, _)| *key)
    }

    fn remove(&mut self, key: (ReplicaId, Hlc)) -> Option<Change> {
        let change = self.changes.remove(&key)?;
        self.bytes -= change.weight();
        Some(change)
    }

    /// Takes out a change that can be applied at this version: the next of its chain, with all it rests on.
    pub(super) fn take_ready(&mut self, version: &Version) -> Option<Change> {
        let mut from = self.changes.first_key_value().map(|(key, _)| *key);
        while let Some((replica, _)) = from {
            // Below the floor a chain may go on from anywhere.
            let held = version.get(replica);
            let most = held.max(version.floor());
            let next = self.changes.range((replica, held)..=(replica, most)).next();
            if let Some((key, change)) = next
                && super::receiving::is_ready(change, version)
            {
                let key = *key;
                return self.remove(key);
            }
            let after = (
                std::ops::Bound::Excluded((replica, Hlc::MAX)),
                std::ops::Bound::Unbounded,
            );
            from = self.changes.range(after).next().map(|(key, _)| *key);
        }
        None
    }

    /// Drops what cannot be the next of its chain any more, now that this is the last held of it. The number dropped that
    /// are not held in another way: they do not fit the chain.
    pub(super) fn purge(&mut self, replica: ReplicaId, last: Hlc) -> usize {
        let passed = self.changes.range((replica, Hlc::ZERO)..(replica, last));
        let keys: Vec<_> = passed.map(|(key, _)| *key).collect();
        let removed = keys.into_iter().filter_map(|key| self.remove(key));
        removed.filter(|change| change.last() > last).count()
    }

    /// All that waits.
    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes.into_values().collect()
    }

    /// Drops all that waits of one replica.
    pub(super) fn forget(&mut self, replica: ReplicaId) {
        self.take_if(|change| change.replica == replica);
    }

    /// Takes out the changes for which this holds.
    pub(super) fn take_if(&mut self, mut out: impl FnMut(&Change) -> bool) -> Vec<Change> {
        let keys: Vec<_> = self
            .changes
            .iter()
            .filter(|(_, change)| out(change))
            .map(|(key, _)| *key)
            .collect();
        keys.into_iter()
            .filter_map(|key| self.remove(key))
            .collect()
    }
}
