//! All of a replica but the type of its state, which is handed in: one compilation serves every type.

use super::Guard;
use super::log::Log;
use super::pending::Waiting;
use crate::codec::{Enc, Mode};
use crate::crdt::{Crdt, Unknown};
use crate::edit::{Open, UndoLog};
use crate::{Clock, Hlc, ReplicaId, Snapshot, Version};

/// Identity, clock, version, log and what waits.
pub(super) struct Core {
    pub(super) id: ReplicaId,
    pub(super) clock: Clock,
    pub(super) guard: Guard,
    /// The greatest time made or seen.
    pub(super) last: Hlc,
    /// Fields that peers have and the type lacks.
    pub(super) unknown: Unknown,
    pub(super) version: Version,
    /// The changes that no other change held rests on.
    pub(super) heads: Version,
    /// Something was applied that could not be read, so the state lacks it.
    pub(super) incomplete: bool,
    pub(super) log: Log,
    pub(super) open: Option<Open>,
    pub(super) pending: Waiting,
    pub(super) held: Waiting,
    pub(super) held_snapshot: Option<Snapshot>,
    /// The undo log between transactions, kept for its memory.
    pub(super) scratch: UndoLog,
}

impl Core {
    pub(super) fn new(id: ReplicaId, clock: Clock) -> Self {
        Self {
            id,
            clock,
            guard: Guard::default(),
            last: Hlc::ZERO,
            unknown: Unknown::default(),
            version: Version::new(),
            heads: Version::new(),
            incomplete: false,
            log: Log::default(),
            open: None,
            pending: Waiting::new(4_096, 16 << 20),
            held: Waiting::new(1_024, 4 << 20),
            held_snapshot: None,
            scratch: UndoLog::default(),
        }
    }

    pub(super) fn snapshot(&mut self, state: &mut dyn Crdt) -> Snapshot {
        self.flush(state);
        let mut out = Enc::new(Mode::Body, self.version.max_time());
        self.encode_state(state, &mut out);
        Snapshot {
            version: self.version.clone(),
            heads: self.heads.clone(),
            incomplete: self.incomplete,
            body: out.finish().into(),
        }
    }

    pub(super) fn state_hash(&mut self, state: &mut dyn Crdt) -> u128 {
        self.flush(state);
        let mut out = Enc::new(Mode::Hash, Hlc::ZERO);
        self.encode_state(state, &mut out);
        xxhash_rust::xxh3::xxh3_128(&out.finish())
    }

    /// The descriptor of the type, then its state unless nobody wrote to it.
    fn encode_state(&self, state: &dyn Crdt, out: &mut Enc) {
        state.kind().encode(&mut out.out);
        if !state.pristine() || !self.unknown.is_empty() {
            state.encode_state(&self.unknown, out);
        }
    }
}
