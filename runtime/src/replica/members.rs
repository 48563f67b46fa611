//! Collecting among peers: an explicit list of members, and what each of them has said.
//!
//! The floor moves when every member has acknowledged what lies below it. An acknowledgement is a status: a version, and how
//! far its author's own chain went at that moment. It counts once all of that chain is applied here, since what its author
//! made before may rest on less. Without a list nothing is collected.

use std::collections::BTreeMap;

use super::core::Core;
use super::{Replica, Status};
use crate::crdt::Synced;
use crate::mutants::{Mutant, on};
use crate::{Change, Hlc, ReplicaId, Version};

/// Who takes part, and what each has said last.
#[derive(Debug, Default, Clone)]
pub(super) struct Members {
    said: BTreeMap<ReplicaId, Option<Status>>,
    /// Members on the way out: how much of each some member holds that has stopped listening to it.
    leaving: BTreeMap<ReplicaId, Hlc>,
}

impl<T: Synced> Replica<T> {
    /// Says who takes part, this replica included or not; nothing is collected before all of them have been heard by
    /// [`Replica::observe`]. Every member must have the same list. O(members × log members).
    pub fn set_members(&mut self, members: impl IntoIterator<Item = ReplicaId>) {
        let mut list = self.core.members.take().unwrap_or_default();
        let mut before = std::mem::take(&mut list.said);
        for member in members.into_iter().filter(|member| *member != self.core.id) {
            list.said.insert(member, before.remove(&member).flatten());
        }
        self.core.members = Some(list);
    }

    /// Stops listening to a member that will not come back. In a first round all others stop listening too; in a second they make
    /// sure that all hold the same of what it made. Then it does not count any more, and what it made later is refused: it has to
    /// restamp. Every other member must expel it as well. O(log members).
    pub fn expel(&mut self, member: ReplicaId) {
        let held = self.core.version.get(member);
        if let Some(members) = &mut self.core.members {
            members.leaving.entry(member).or_insert(held);
        }
    }

    /// Lays the floor where all members have acknowledged everything, and collects what lies below; true when it moved. Seals the
    /// open change. O(members × replicas), and O(state) when it moves.
    pub fn compact(&mut self) -> bool {
        self.core.flush(&mut self.state);
        let Some(floor) = self.core.acknowledged() else {
            return false;
        };
        let moves = floor.max_time() > self.core.version.floor();
        self.core.lay_floor(&mut self.state, &floor);
        self.core.outbox.forget(&floor);
        if moves && let Some(common) = self.core.common() {
            self.core.log.collect(&common);
        }
        moves
    }
}

impl Members {
    /// What counts of what others have said.
    fn counted(&self, ours: &Version) -> impl Iterator<Item = (&ReplicaId, Option<&Status>)> {
        let ours = ours.clone();
        let staying =
            move |(member, _): &(&ReplicaId, &Option<Status>)| !self.is_out(**member, &ours);
        self.said
            .iter()
            .filter(staying)
            .map(|(member, said)| (member, said.as_ref()))
    }

    /// True when both rounds are over: all others have stopped listening, and hold the same of what it made.
    fn is_out(&self, member: ReplicaId, ours: &Version) -> bool {
        let Some(held) = self.leaving.get(&member) else {
            return false;
        };
        let others = self.said.iter().filter(|(other, _)| {
            // Who is on the way out itself is not asked.
            !self.leaving.contains_key(other)
        });
        let holds = |version: &Version| version.get(member).max(version.floor()) >= *held;
        let agrees =
            |said: &Status| said.expelled.binary_search(&member).is_ok() && holds(&said.version);
        let mut others = others.map(|(_, said)| said);
        holds(ours) && others.all(|said| said.as_ref().is_some_and(agrees))
    }
}

impl Core {
    pub(super) fn expelled(&self) -> Vec<ReplicaId> {
        let members = self.members.iter();
        members
            .flat_map(|members| members.leaving.keys().copied())
            .collect()
    }

    /// True for a change of a member on the way out that nobody held when listening stopped.
    pub(super) fn is_expelled(&self, change: &Change) -> bool {
        let members = self.members.as_ref();
        let held = members.and_then(|members| members.leaving.get(&change.replica));
        held.is_some_and(|held| change.last() > *held)
    }

    /// Notes what a member said.
    pub(super) fn hear(&mut self, status: &Status) {
        let Some(members) = &mut self.members else {
            return;
        };
        for member in &status.expelled {
            if let Some(held) = members.leaving.get_mut(member) {
                *held = (*held).max(status.version.get(*member));
            }
        }
        if let Some(said) = members.said.get_mut(&status.replica)
            && status.durable
        {
            let newer = said.as_ref().is_none_or(|said| {
                status.last >= said.last && status.version.covers_all(&said.version)
            });
            if newer {
                *said = Some(status.clone());
            }
        }
    }

    /// What this replica and all members hold, as far as they have said; none before all have.
    fn common(&self) -> Option<Version> {
        let mut common = self.version.clone();
        for (_, said) in self.members.as_ref()?.counted(&self.version) {
            let said = said.filter(|said| said.version.floor() == self.version.floor());
            common.meet(&said?.version);
        }
        Some(common)
    }

    /// The floor that all members have acknowledged.
    fn acknowledged(&self) -> Option<Version> {
        let members = self.members.as_ref()?;
        if on(Mutant::FloorTooEarly) {
            return self.below(self.version.max_time());
        }
        let floor = self.version.floor();
        let mut common = self.version.clone();
        for (_, said) in members.counted(&self.version) {
            let said = said.filter(|said| said.version.floor() == floor)?;
            let applied = self.version.get(said.replica).max(floor) >= said.last;
            if !applied {
                return None;
            }
            common.meet(&said.version);
        }
        // What a member had made when it spoke, and not all have, may rest on less: the floor stays below it.
        let mut time = common.max_time();
        let ours = (self.id, self.own_last);
        let theirs = members.counted(&self.version).filter_map(|(_, said)| said);
        let ends = theirs.map(|said| (said.replica, said.last));
        for (member, last) in ends.chain([ours]) {
            let all_have = common.get(member).max(floor);
            if last > all_have {
                time = time.min(all_have);
            }
        }
        self.below(time)
    }
}
