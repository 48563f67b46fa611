//! What a coordinator has to know of a replica beyond what everybody may.

use super::core::Core;
use super::receiving::is_ready;
use super::{Replica, Status};
use crate::crdt::Synced;
use crate::{Change, Hlc, ReplicaId, Version};

impl<T: Synced> Replica<T> {
    /// True when edits wait to be sealed.
    pub(crate) fn has_open(&self) -> bool {
        self.core.open.is_some()
    }

    /// What others may be told that is held here, and whether it outlives a restart.
    pub(crate) fn tellable(&self) -> (Version, bool) {
        let mut version = self.core.version.clone();
        if let Some(stored) = self.core.behind_storage() {
            version.rewind(self.core.id, stored);
        }
        (version, self.core.is_durable())
    }

    /// The last time of the own chain.
    pub(crate) fn own_last(&self) -> Hlc {
        self.core.own_last
    }

    /// The last times of own unsafe changes behind this one, latest first.
    pub(crate) fn own_after(&self, last: Hlc) -> impl Iterator<Item = Hlc> + '_ {
        let own = self.core.outbox.iter().rev();
        let own = own.map(|own| &own.change);
        let own = own.take_while(move |own| own.replica == self.core.id && own.last() > last);
        own.map(Change::last)
    }

    /// How many own changes are not known to be safe.
    pub(crate) fn unsafe_len(&self) -> usize {
        self.core.outbox.iter().len()
    }

    /// True for an own change that is not known to be safe, under whatever id it was made.
    pub(crate) fn is_unsafe(&self, replica: ReplicaId, last: Hlc) -> bool {
        let mut own = self.core.outbox.iter().map(|own| &own.change);
        own.any(|own| own.replica == replica && own.last() == last)
    }

    /// The ids that this replica has and has had, as far as changes of theirs are not known to be safe.
    pub(crate) fn own_ids(&self) -> Vec<ReplicaId> {
        let own = self.core.outbox.iter().map(|own| own.change.replica);
        let mut ids: Vec<ReplicaId> = own.chain([self.core.id]).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Gives an own change up: it will not be made again.
    pub(crate) fn give_up(&mut self, replica: ReplicaId, last: Hlc) {
        self.core.outbox.give_up(replica, last);
    }

    /// True when a change could be applied now.
    pub(crate) fn is_next(&self, change: &Change) -> bool {
        is_ready(change, &self.core.version)
    }

    /// True when nothing more is taken of a chain.
    pub(crate) fn has_closed(&self, replica: ReplicaId) -> bool {
        self.core.closed.contains_key(&replica)
    }

    /// True when own unsent changes lie so far in the future that others hold them back.
    pub(crate) fn ran_ahead(&self) -> bool {
        let mut own = self.core.outbox.iter();
        own.any(|own| {
            self.core
                .is_ahead(own.change.last(), self.core.guard.hold_ms)
        })
    }

    /// How far a chain goes here, and which one it is.
    pub(crate) fn rank(&self, replica: ReplicaId) -> (Hlc, u64) {
        let core: &Core = &self.core;
        (core.version.get(replica), core.chains.get(replica))
    }
}

impl Status {
    /// How far a chain goes at the peer, and which one it is.
    pub(crate) fn rank(&self, replica: ReplicaId) -> (Hlc, u64) {
        let mut chains = self.version.iter().zip(&self.chains);
        let found = chains.find(|((id, _), _)| *id == replica);
        found.map_or((Hlc::ZERO, 0), |((_, last), hash)| (last, *hash))
    }

    /// The state it was taken of, if that was asked for.
    pub(crate) fn state(&self) -> Option<u128> {
        self.state
    }

    /// True when it will still hold this after a restart, as far as it knows.
    pub(crate) fn is_durable(&self) -> bool {
        self.durable
    }
}
