//! [`Replica`]: one copy of a document, which edits, seals changes, and takes in those of others.
//!
//! It is the same for a counter and for a generated orb. Sockets, timers and storage are the caller's: everything here is
//! bytes in and bytes out.

mod delta;
mod editing;
mod guard;
mod log;
mod merging;
mod pending;
mod receiving;

use std::fmt;

pub use delta::{Applied, Delta};
pub use guard::Guard;
use log::Log;
use pending::Waiting;

use crate::codec::{Enc, Mode};
use crate::crdt::{Synced, Unknown};
use crate::edit::UndoLog;
use crate::{Clock, Hlc, ReplicaId, Snapshot, Version};

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
    id: ReplicaId,
    clock: Clock,
    guard: Guard,
    last: Hlc,
    state: T,
    unknown: Unknown,
    version: Version,
    heads: Version,
    log: Log,
    open: Option<Open>,
    pending: Waiting,
    held: Waiting,
    held_snapshot: Option<Snapshot>,
    scratch: UndoLog,
}

/// The change that edits join until it is sealed.
#[derive(Clone, Copy, Debug)]
struct Open {
    time: Hlc,
    ops: usize,
    bytes: usize,
}

impl<T: Synced> Replica<T> {
    /// A fresh replica that holds nothing but initial values, on the system's clock.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    #[must_use]
    pub fn new(id: ReplicaId) -> Self {
        Self::with_clock(id, Clock::System)
    }

    /// A fresh replica on a clock of the caller's.
    #[must_use]
    pub fn with_clock(id: ReplicaId, clock: Clock) -> Self {
        Self {
            id,
            clock,
            guard: Guard::default(),
            last: Hlc::ZERO,
            state: T::default(),
            unknown: Unknown::default(),
            version: Version::new(),
            heads: Version::new(),
            log: Log::default(),
            open: None,
            pending: Waiting::new(4_096, 16 << 20),
            held: Waiting::new(1_024, 4 << 20),
            held_snapshot: None,
            scratch: UndoLog::default(),
        }
    }

    /// Sets how changes from the future are treated; see [`Guard`].
    #[must_use]
    pub fn with_guard(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    /// Bounds the log: how many changes and bytes of them are kept for peers that lag. Who lags further gets a snapshot.
    #[must_use]
    pub fn with_log_limits(mut self, changes: usize, bytes: usize) -> Self {
        self.log.limit(changes, bytes);
        self
    }

    /// Who this is.
    #[must_use]
    pub fn id(&self) -> ReplicaId {
        self.id
    }

    /// The state, edits of the open change included.
    #[must_use]
    pub fn state(&self) -> &T {
        &self.state
    }

    /// What is held and sealed. The open change is not in it yet.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// How many changes wait for others that they rest on.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// How many changes the clock guard holds back.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// The state and the version it covers, for a peer to merge or for storage. Seals the open change.
    pub fn snapshot(&mut self) -> Snapshot {
        self.flush();
        let mut out = Enc::new(Mode::Body, self.version.max_time());
        self.encode_state(&mut out);
        Snapshot {
            version: self.version.clone(),
            heads: self.heads.iter().collect(),
            body: out.finish().into(),
        }
    }

    /// A hash of what the state means: equal on replicas that hold the same changes, whatever each has collected. Seals the
    /// open change. O(state).
    pub fn state_hash(&mut self) -> u128 {
        self.flush();
        let mut out = Enc::new(Mode::Hash, Hlc::ZERO);
        self.encode_state(&mut out);
        xxhash_rust::xxh3::xxh3_128(&out.finish())
    }

    /// The descriptor of the type, then its state unless nobody wrote to it.
    fn encode_state(&self, out: &mut Enc) {
        self.state.kind().encode(&mut out.out);
        if !self.state.pristine() || !self.unknown.is_empty() {
            self.state.encode_state(&self.unknown, out);
        }
    }
}

impl<T: Synced + fmt::Debug> fmt::Debug for Replica<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica")
            .field("id", &self.id)
            .field("version", &self.version)
            .field("state", &self.state)
            .field("pending", &self.pending.len())
            .field("held", &self.held.len())
            .finish_non_exhaustive()
    }
}
