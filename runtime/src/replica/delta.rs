//! What travels between replicas, and what became of it.

use crate::{Change, Snapshot};

/// What a peer lacks: the changes themselves, or a snapshot where the log does not reach back far enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    /// Changes, in an order in which they can be applied.
    Changes(Vec<Change>),
    /// A whole state to merge.
    Snapshot(Snapshot),
}

impl Delta {
    /// True when the peer lacks nothing. O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Changes(changes) if changes.is_empty())
    }

    /// Bytes on the wire, framing aside. O(bytes).
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        match self {
            Self::Changes(changes) => changes.iter().map(|change| change.encode().len()).sum(),
            Self::Snapshot(snapshot) => snapshot.encode().len(),
        }
    }
}

impl From<Change> for Delta {
    fn from(change: Change) -> Self {
        Self::Changes(vec![change])
    }
}

impl From<Vec<Change>> for Delta {
    fn from(changes: Vec<Change>) -> Self {
        Self::Changes(changes)
    }
}

impl From<Snapshot> for Delta {
    fn from(snapshot: Snapshot) -> Self {
        Self::Snapshot(snapshot)
    }
}

/// What became of a delta. Nothing in it has to be looked at for the replica to be right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// Changes applied, pending ones that became ready among them.
    pub applied: usize,
    /// Changes that were held already.
    pub duplicates: usize,
    /// Changes that now wait for others.
    pub pending: usize,
    /// Changes that the clock guard now holds back.
    pub held: usize,
    /// Changes for which there was no room to wait; ask for them again by version.
    pub dropped: usize,
    /// Changes whose author's clock is ahead of ours by more than the guard reports.
    pub ahead: usize,
    /// Changes whose body could not be read, by a newer or a broken peer. They count as applied, without effect.
    pub unreadable: usize,
    /// Changes that do not fit their author's chain as held here: two replicas share an id. They were not applied, and the chain
    /// is closed; see [`crate::Replica::forks`].
    pub forked: usize,
    /// Changes of chains that are closed, or of members that were expelled. They were not applied.
    pub closed: usize,
    /// Changes that were made without knowing what has been collected. Their author has to restamp them.
    pub below_floor: usize,
}
