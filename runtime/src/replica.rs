//! [`Replica`]: one copy of a document, which edits, seals changes, and takes in those of others.
//!
//! It is the same for a counter and for a generated orb. Sockets, timers and storage are the caller's: everything here is
//! bytes in and bytes out. What does not depend on the type is in [`core`], compiled once for all types.

mod chains;
mod core;
mod delta;
mod editing;
mod floor;
mod guard;
mod history;
mod leaves;
mod living;
mod log;
mod members;
mod merging;
mod outbox;
mod pending;
mod receiving;
mod restamp;
mod status;
mod storing;
mod syncing;

use std::fmt;

pub use delta::{Applied, Delta};
pub use guard::Guard;
pub use restamp::Restamped;
pub use status::{Divergence, Fork, Standing, Status};
pub use storing::Stored;

use self::core::Core;
use crate::crdt::Synced;
use crate::{Change, Clock, Error, ReplicaId, Snapshot, Version};

/// One copy of shared state.
///
/// Whatever arrives, in whatever order and however often, its state depends only on the set of changes it holds: replicas
/// that hold the same changes are equal to the bit.
///
/// ```
/// use holo_runtime::{OrSet, Replica, ReplicaId};
///
/// let mut alice = Replica::<OrSet<String>>::new(ReplicaId::random());
/// let mut bob = Replica::<OrSet<String>>::new(ReplicaId::random());
/// alice.edit(|set| { set.insert("sword"); });
/// bob.apply(alice.changes_since(bob.version()))?;
/// assert!(bob.state().contains("sword"));
/// # Ok::<(), holo_runtime::Error>(())
/// ```
pub struct Replica<T: Synced> {
    state: T,
    core: Core,
}

impl<T: Synced> Replica<T> {
    /// A fresh replica that holds nothing but initial values, on the system's clock. O(1).
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    #[must_use]
    pub fn new(id: ReplicaId) -> Self {
        Self::with_clock(id, Clock::System)
    }

    /// A fresh replica on a clock of the caller's. O(1).
    #[must_use]
    pub fn with_clock(id: ReplicaId, clock: Clock) -> Self {
        Self::with_state(id, clock, T::default())
    }

    /// A fresh replica of a state whose shape is known only at run time. Nobody may have written to it yet. O(1).
    #[must_use]
    pub fn with_state(id: ReplicaId, clock: Clock, state: T) -> Self {
        let core = Core::new(id, clock);
        Self { state, core }
    }

    /// A replica that starts from a snapshot, under a fresh id: what a process does that comes back from storage. O(state).
    ///
    /// # Errors
    /// [`Error::IdUsed`] when the snapshot holds changes made under this id; or when it cannot be read.
    pub fn from_snapshot(id: ReplicaId, clock: Clock, snapshot: Snapshot) -> Result<Self, Error> {
        Self::restore(id, clock, snapshot, T::default())
    }

    /// As [`Replica::from_snapshot`], of a state whose shape is known only at run time. Nobody may have written to it yet.
    /// O(state).
    ///
    /// # Errors
    /// As there.
    pub fn restore(
        id: ReplicaId,
        clock: Clock,
        snapshot: Snapshot,
        state: T,
    ) -> Result<Self, Error> {
        if snapshot.names(id) {
            return Err(Error::IdUsed(id));
        }
        // What was stored is taken whatever its times: a clock that has lost the date must not lose the document.
        let Self {
            mut state,
            mut core,
        } = Self::with_state(id, clock, state);
        core.merge_now(&mut state, &snapshot, &mut Applied::default())?;
        Ok(Self { state, core })
    }

    /// Sets how changes from the future are treated; see [`Guard`]. O(1).
    #[must_use]
    pub fn with_guard(mut self, guard: Guard) -> Self {
        self.core.guard = guard;
        self
    }

    /// Bounds the log: how many changes and bytes of them are kept for peers that lag. Who lags further gets a snapshot. O(1).
    #[must_use]
    pub fn with_log_limits(mut self, changes: usize, bytes: usize) -> Self {
        self.core.log.limit(changes, bytes);
        self
    }

    /// Who this is. O(1).
    #[must_use]
    pub fn id(&self) -> ReplicaId {
        self.core.id
    }

    /// The state, edits of the open change included. O(1).
    #[must_use]
    pub fn state(&self) -> &T {
        &self.state
    }

    /// What is held and sealed. The open change is not in it yet. O(1).
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.core.version
    }

    /// How many changes wait for others that they rest on. O(1).
    #[must_use]
    pub fn pending(&self) -> usize {
        self.core.pending.len()
    }

    /// How many changes and snapshots the clock guard holds back. O(1).
    #[must_use]
    pub fn held(&self) -> usize {
        self.core.held.len() + usize::from(self.core.held_snapshot.is_some())
    }

    /// Seals the open change, so that it is part of the version. Without edits since the last time, or with edits that came to
    /// nothing, there is none.
    ///
    /// Other calls seal it too, and so does an edit when the open change is filling up; to send what a peer lacks use
    /// [`Replica::changes_since`], which misses nothing. O(what was edited).
    pub fn flush(&mut self) -> Option<Change> {
        self.core.flush(&mut self.state)
    }

    /// What a peer at this version lacks. Seals the open change. O(changes that the peer lacks), or O(state) where the log does
    /// not reach back.
    pub fn changes_since(&mut self, version: &Version) -> Delta {
        self.core.changes_since(&mut self.state, version)
    }

    /// Takes in what a peer sent: changes or a snapshot. Seals the open change.
    ///
    /// Changes may come twice, out of order, or without those they rest on; these wait. What the clock guard held back is
    /// looked at again. O(what was sent), and what waited for it; O(state) for a snapshot.
    ///
    /// # Errors
    /// When a snapshot cannot be read. Changes never fail here; what became of each is in the result.
    pub fn apply(&mut self, delta: impl Into<Delta>) -> Result<Applied, Error> {
        self.core.apply(&mut self.state, delta.into())
    }

    /// The state and the version it covers, for a peer to merge or for storage. Seals the open change. O(state).
    pub fn snapshot(&mut self) -> Snapshot {
        self.core.snapshot(&mut self.state)
    }

    /// A hash of what the state means: equal on replicas that hold the same changes, whatever each has collected. Seals the
    /// open change. O(state).
    pub fn state_hash(&mut self) -> u128 {
        self.core.state_hash(&mut self.state)
    }
}

impl<T: Synced + fmt::Debug> fmt::Debug for Replica<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica")
            .field("id", &self.core.id)
            .field("version", &self.core.version)
            .field("state", &self.state)
            .field("pending", &self.core.pending.len())
            .field("held", &self.core.held.len())
            .finish_non_exhaustive()
    }
}
