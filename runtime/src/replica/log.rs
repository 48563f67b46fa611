//! The log: recent changes, kept for peers that lag behind.

use std::collections::VecDeque;

use crate::{Change, Version};

/// A ring of changes in the order in which they were applied, bounded by number and by bytes.
#[derive(Debug)]
pub(super) struct Log {
    changes: VecDeque<Change>,
    bytes: usize,
    max_changes: usize,
    max_bytes: usize,
    /// What the log cannot supply: changes that fell out of the ring, or that came within a snapshot.
    start: Version,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            changes: VecDeque::new(),
            bytes: 0,
            max_changes: 65_536,
            max_bytes: 16 << 20,
            start: Version::new(),
        }
    }
}

impl Log {
    pub(super) fn limit(&mut self, changes: usize, bytes: usize) {
        self.max_changes = changes;
        self.max_bytes = bytes;
        self.shrink();
    }

    pub(super) fn push(&mut self, change: Change) {
        self.bytes += change.weight();
        self.changes.push_back(change);
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.changes.len() > self.max_changes || self.bytes > self.max_bytes {
            let Some(change) = self.changes.pop_front() else {
                return;
            };
            self.bytes -= change.weight();
            self.start.advance(change.replica, change.last());
        }
    }

    /// From here on everything up to this version is there only as a snapshot.
    pub(super) fn skip_to(&mut self, gained: &Version) {
        self.start.join(gained);
    }

    /// The changes that a peer at this version lacks, or none when only a snapshot can help it.
    pub(super) fn since(&self, version: &Version) -> Option<Vec<Change>> {
        if !version.covers_all(&self.start) {
            return None;
        }
        let lacking = self
            .changes
            .iter()
            .filter(|change| !version.covers(change.last_stamp()));
        Some(lacking.cloned().collect())
    }
}
