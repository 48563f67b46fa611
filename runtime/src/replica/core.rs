//! All of a replica but the type of its state, which is handed in: one compilation serves every type.

use std::collections::BTreeMap;

use super::chains::Chains;
use super::log::Log;
use super::members::Members;
use super::outbox::Outbox;
use super::pending::Waiting;
use super::{Guard, Status};
use crate::codec::{Enc, Mode};
use crate::crdt::{Crdt, Unknown};
use crate::edit::{Open, UndoLog};
use crate::history::UndoManager;
use crate::{Clock, Hlc, ReplicaId, Snapshot, Version};

/// Identity, clock, version, log and what waits.
pub(super) struct Core {
    pub(super) id: ReplicaId,
    pub(super) clock: Clock,
    pub(super) guard: Guard,
    /// The greatest time made or seen.
    pub(super) last: Hlc,
    /// The last tick that was taken beside the chain, for live values. Edits from then on are later.
    pub(super) live: Hlc,
    /// Fields that peers have and the type lacks.
    pub(super) unknown: Unknown,
    /// The last time of its own chain.
    pub(super) own_last: Hlc,
    pub(super) version: Version,
    /// What may have been collected; its greatest time is the floor of the version.
    pub(super) floor: Version,
    pub(super) chains: Chains,
    /// Chains that two replicas write to, and how much of each was held when that was noticed.
    pub(super) closed: BTreeMap<ReplicaId, Hlc>,
    /// Own changes that are not known to be safe.
    pub(super) outbox: Outbox,
    /// What storage holds, and how far own changes go in it; none where it makes no difference.
    pub(super) stored: Option<(Hlc, Version)>,
    /// What the last peer said that had closed our chain.
    pub(super) trail: Option<Status>,
    pub(super) members: Option<Members>,
    /// Another member has said that this one is expelled.
    pub(super) is_out: bool,
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
    /// What undo remembers, where there is undo.
    pub(super) history: Option<Box<UndoManager>>,
    /// The writer of changes, kept for its memory.
    pub(super) writer: Enc,
}

impl Core {
    pub(super) fn new(id: ReplicaId, clock: Clock) -> Self {
        Self {
            id,
            clock,
            guard: Guard::default(),
            last: Hlc::ZERO,
            live: Hlc::ZERO,
            unknown: Unknown::default(),
            own_last: Hlc::ZERO,
            version: Version::new(),
            floor: Version::new(),
            chains: Chains::default(),
            closed: BTreeMap::new(),
            outbox: Outbox::default(),
            stored: None,
            trail: None,
            members: None,
            is_out: false,
            heads: Version::new(),
            incomplete: false,
            log: Log::default(),
            open: None,
            pending: Waiting::new(4_096, 16 << 20),
            held: Waiting::new(1_024, 4 << 20),
            held_snapshot: None,
            scratch: UndoLog::default(),
            history: None,
            writer: Enc::new(Mode::Body, Hlc::ZERO),
        }
    }

    pub(super) fn snapshot(&mut self, state: &mut dyn Crdt) -> Snapshot {
        self.flush(state);
        let mut out = Enc::new(Mode::Body, self.version.max_time());
        self.encode_state(state, &mut out);
        Snapshot {
            body: out.finish().into(),
            ..self.head()
        }
    }

    /// A snapshot without its state.
    pub(super) fn head(&self) -> Snapshot {
        Snapshot {
            version: self.version.clone(),
            floor: self.floor.clone(),
            chains: self.chains.of(&self.version),
            heads: self.heads.clone(),
            incomplete: self.incomplete,
            body: Vec::new().into(),
        }
    }

    pub(super) fn state_hash(&mut self, state: &mut dyn Crdt) -> u128 {
        self.flush(state);
        let mut out = Enc::new(Mode::Hash, Hlc::ZERO);
        self.encode_state(state, &mut out);
        xxhash_rust::xxh3::xxh3_128(&out.finish())
    }

    /// The descriptor of the type, then its state unless nobody wrote to it.
    pub(super) fn encode_state(&self, state: &dyn Crdt, out: &mut Enc) {
        state.kind().encode(&mut out.out);
        let initial = match out.mode() {
            Mode::Hash => state.blank() && self.unknown.blank(),
            Mode::Body | Mode::Leaves => state.pristine() && self.unknown.is_empty(),
        };
        if !initial {
            state.encode_state(&self.unknown, out);
        }
    }
}
