//! The log: recent changes, kept for peers that lag behind.
//!
//! A ring in the order in which changes were applied, and an index by replica, so that what a peer lacks is found without
//! looking at what it has. What is kept for its author's sake is in `super::outbox`.

use std::collections::VecDeque;

use crate::{Change, Hlc, ReplicaId, Version};

/// A ring of changes, bounded by number and by bytes.
#[derive(Debug, Clone)]
pub(super) struct Log {
    changes: VecDeque<Change>,
    /// How many fell out at the front.
    first: u64,
    index: Index,
    bytes: usize,
    max_changes: usize,
    max_bytes: usize,
    /// What the log cannot supply: changes that fell out of the ring, or that came within a snapshot.
    start: Version,
    /// Where the last snapshot was merged: so many changes were applied before.
    skipped_at: u64,
}

/// The last times of the changes of one replica, ascending, and their places counted from the beginning of time.
type Chain = VecDeque<(Hlc, u64)>;

/// What of each replica is in the ring, by replica.
#[derive(Debug, Clone, Default)]
struct Index {
    chains: Vec<(ReplicaId, Chain)>,
    /// The place of the chain that was changed last.
    near: usize,
}

impl Index {
    fn find(&self, replica: ReplicaId) -> Result<usize, usize> {
        match self.chains.get(self.near) {
            Some((near, _)) if *near == replica => Ok(self.near),
            _ => self
                .chains
                .binary_search_by_key(&replica, |(held, _)| *held),
        }
    }

    fn get(&self, replica: ReplicaId) -> Option<&Chain> {
        let (_, chain) = self.chains.get(self.find(replica).ok()?)?;
        Some(chain)
    }

    /// The chain of a replica, which is there from now on.
    fn chain(&mut self, replica: ReplicaId) -> &mut Chain {
        let found = self.find(replica);
        let (Ok(at) | Err(at)) = found;
        if found.is_err() {
            self.chains.insert(at, (replica, Chain::new()));
        }
        self.near = at;
        &mut self.chains[at].1
    }

    /// Forgets the first change of a replica.
    fn drop_first(&mut self, replica: ReplicaId) {
        if let Ok(at) = self.find(replica) {
            self.chains[at].1.pop_front();
            if self.chains[at].1.is_empty() {
                self.chains.remove(at);
            }
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            changes: VecDeque::new(),
            first: 0,
            index: Index::default(),
            bytes: 0,
            max_changes: 65_536,
            max_bytes: 16 << 20,
            start: Version::new(),
            skipped_at: 0,
        }
    }
}

impl Log {
    pub(super) fn limit(&mut self, changes: usize, bytes: usize) {
        self.max_changes = changes;
        self.max_bytes = bytes;
        self.shrink();
    }

    /// An empty log with these bounds.
    pub(super) fn emptied(&self) -> Self {
        Self {
            max_changes: self.max_changes,
            max_bytes: self.max_bytes,
            ..Self::default()
        }
    }

    pub(super) fn push(&mut self, change: Change) {
        self.bytes += change.weight();
        let place = self.first + self.changes.len() as u64;
        let chain = self.index.chain(change.replica);
        chain.push_back((change.last(), place));
        self.changes.push_back(change);
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.changes.len() > self.max_changes || self.bytes > self.max_bytes {
            if !self.drop_first() {
                return;
            }
        }
    }

    fn drop_first(&mut self) -> bool {
        let Some(change) = self.changes.pop_front() else {
            return false;
        };
        self.first += 1;
        self.bytes -= change.weight();
        self.index.drop_first(change.replica);
        self.start.advance(change.replica, change.last());
        true
    }

    /// Drops what a floor covers, as far as nothing else was applied before it.
    pub(super) fn collect(&mut self, floor: &Version) {
        let below = |log: &Self| {
            let first = log.changes.front();
            first.is_some_and(|first| floor.covers(first.last_stamp()))
        };
        while below(self) && self.drop_first() {}
        self.changes.shrink_to(self.changes.len() * 2);
    }

    /// From here on everything up to this version is there only as a snapshot.
    pub(super) fn skip_to(&mut self, gained: &Version) {
        self.start.join(gained);
        self.skipped_at = self.first + self.changes.len() as u64;
    }

    /// True when this change is known to have been applied after all of a floor that others made.
    pub(super) fn follows(&self, change: &Change, floor: &Version) -> bool {
        let place = |replica: ReplicaId, last: Hlc| {
            let chain = self.index.get(replica)?;
            let behind = chain.partition_point(|(held, _)| *held <= last);
            chain.get(behind.checked_sub(1)?).copied()
        };
        let Some((last, own)) = place(change.replica, change.last()) else {
            return false;
        };
        let before = |(replica, last): (ReplicaId, Hlc)| {
            replica == change.replica || place(replica, last).is_none_or(|(_, at)| at < own)
        };
        last == change.last() && self.skipped_at <= own && floor.iter().all(before)
    }

    /// The changes that a peer at this version lacks, or none when only a snapshot can help it. O(what it lacks).
    pub(super) fn since(&self, version: &Version) -> Option<Vec<Change>> {
        if !version.covers_all(&self.start) {
            return None;
        }
        let mut places = Vec::new();
        for (replica, chain) in &self.index.chains {
            let held = version.get(*replica).max(version.floor());
            let lacking = chain.partition_point(|(last, _)| *last <= held);
            places.extend(chain.range(lacking..).map(|(_, place)| *place));
        }
        places.sort_unstable();
        let at = |place: u64| usize::try_from(place - self.first).ok();
        let found = places
            .into_iter()
            .filter_map(|place| self.changes.get(at(place)?).cloned());
        Some(found.collect())
    }

    /// The changes of one chain, ascending.
    pub(super) fn chain(&self, replica: ReplicaId) -> impl DoubleEndedIterator<Item = &Change> {
        let places = self.index.get(replica).into_iter().flatten();
        places.filter_map(|(_, place)| {
            let at = usize::try_from(place - self.first).ok()?;
            self.changes.get(at)
        })
    }

    /// True when a change that is said to be held cannot be: the log holds another in its place.
    pub(super) fn contradicts(&self, change: &Change) -> bool {
        let Some(chain) = self.index.get(change.replica) else {
            return false;
        };
        let last = change.last();
        let next = chain.partition_point(|(held, _)| *held < last);
        let held = chain.get(next).and_then(|(_, place)| {
            let at = usize::try_from(place - self.first).ok()?;
            self.changes.get(at)
        });
        held.is_some_and(|held| held.prev < last && held != change)
    }
}
