//! The floor: up to where everybody has seen everything, so that nobody needs to remember what is gone.
//!
//! A floor is a version F with its greatest time f. Whoever lays it holds every change up to f, and promises that what comes
//! later was made by authors who had applied all of F. Who may promise that (an authority, or a list of members) is decided
//! by the caller and in `super::members`.

use std::collections::BTreeMap;

use super::Replica;
use super::core::Core;
use crate::crdt::{Crdt, Synced};
use crate::mutants::{Mutant, on};
use crate::{Change, Error, Hlc, ReplicaId, Snapshot, Version};

/// So many chains that have ended below it a floor still names, the latest. They prove to who comes back what is held.
const NAMED: usize = 1_024;

/// So often the line is drawn anew before the floor stays where it is.
const MOST_TRIES: usize = 1_024;

impl<T: Synced> Replica<T> {
    /// Lays the floor at a version that this replica once had, and collects what lies below: what is remembered of deleted keys,
    /// the log, and the entries of versions. For an authority, which knows that later changes were made by authors who had applied
    /// that version; a replica among peers has [`Replica::compact`]. Seals the open change. O(state).
    ///
    /// # Errors
    /// [`Error::Floor`] when the log does not tell any more what lies below.
    pub fn advance_floor(&mut self, to: &Version) -> Result<(), Error> {
        self.core.flush(&mut self.state);
        if !self.core.version.covers_all(to) {
            return Err(Error::Floor);
        }
        let floor = self.core.below(to.max_time()).ok_or(Error::Floor)?;
        self.core.lay_floor(&mut self.state, &floor);
        self.core.outbox.forget(&floor);
        Ok(())
    }

    /// What may have been collected here. O(1).
    #[must_use]
    pub fn floor(&self) -> &Version {
        &self.core.floor
    }
}

impl Core {
    /// What is held up to a time, in whole changes, and so that every change held above it was made by somebody who had all of it;
    /// none when the log does not tell.
    pub(super) fn below(&self, time: Hlc) -> Option<Version> {
        let mut time = time;
        for _ in 0..MOST_TRIES {
            match self.cut(time)? {
                Ok(mut floor) => {
                    floor.keep_latest(NAMED);
                    return Some(floor);
                }
                Err(earlier) => time = earlier,
            }
            if time <= self.version.floor() {
                return None;
            }
        }
        None
    }

    /// What is held up to a time; or an earlier time, when a change lies across the line, or one above it was made without
    /// knowing one below it.
    fn cut(&self, time: Hlc) -> Option<Result<Version, Hlc>> {
        let before = |change: &Change| Hlc::from_bits(change.time.bits().saturating_sub(1));
        let mut floor = self.floor.clone();
        let mut above: Vec<&Change> = Vec::new();
        for (replica, last) in self.version.iter() {
            let mut known = last;
            for change in self.log.chain(replica).rev() {
                if known <= time {
                    break;
                }
                if change.last() != known {
                    return None;
                }
                if change.time <= time {
                    return Some(Err(before(change)));
                }
                above.push(change);
                known = change.prev;
            }
            if known > time {
                return None;
            }
            floor.advance(replica, known);
        }
        let unknown = match on(Mutant::FloorUnseen) {
            true => None,
            false => self.unknown_to(&above, &floor, time),
        };
        Some(match unknown {
            Some(earlier) => Err(earlier),
            None => Ok(floor),
        })
    }

    /// The time before the earliest change of a floor that the author of one above it did not know.
    ///
    /// Who names a change above the line knows what its author knew. Who names none knows the floor only by naming each of its
    /// changes that no other of them rests on.
    fn unknown_to(&self, above: &[&Change], floor: &Version, time: Hlc) -> Option<Hlc> {
        let old = self.version.floor();
        let roots = above.iter().filter(|change| {
            let mut deps = change.deps.iter();
            change.prev <= time && deps.all(|(_, dep)| *dep <= time)
        });
        let mut roots = roots.peekable();
        roots.peek()?;
        let mut ends: BTreeMap<ReplicaId, Hlc> =
            floor.iter().filter(|(_, end)| *end > old).collect();
        let replicas: Vec<(ReplicaId, Hlc)> = ends.iter().map(|(id, end)| (*id, *end)).collect();
        for (replica, end) in &replicas {
            let chain = self.log.chain(*replica);
            for change in chain.filter(|change| change.last() <= *end) {
                for (dep, last) in &change.deps {
                    if ends.get(dep) == Some(last) {
                        ends.remove(dep);
                    }
                }
            }
        }
        let knows = |change: &Change, end: &(&ReplicaId, &Hlc)| {
            let named = (*end.0, *end.1);
            (change.replica, change.prev) == named || change.deps.contains(&named)
        };
        let missing = roots.flat_map(|root| ends.iter().filter(|end| !knows(root, end)));
        missing
            .map(|(replica, end)| self.begins(*replica, *end))
            .min()
    }

    /// The time before the change of a chain that ends at a time.
    fn begins(&self, replica: ReplicaId, end: Hlc) -> Hlc {
        let mut chain = self.log.chain(replica);
        let change = chain.find(|change| change.last() == end);
        let time = change.map_or(end, |change| change.time);
        Hlc::from_bits(time.bits().saturating_sub(1))
    }

    /// Takes a floor: everything up to it is held. One that is not above ours changes nothing.
    pub(super) fn lay_floor(&mut self, state: &mut dyn Crdt, floor: &Version) {
        let time = floor.max_time();
        if time <= self.version.floor() {
            return;
        }
        self.floor = floor.clone();
        self.version.raise(time);
        self.last = self.last.max(time);
        let heads: Version = std::mem::take(&mut self.heads);
        for (replica, head) in heads.iter().filter(|(_, head)| *head > time) {
            self.heads.advance(replica, head);
        }
        self.rehash();
        // Members of a list may still need changes from below.
        if self.members.is_none() {
            self.log.collect(floor);
        }
        state.collect(time);
        self.unknown.collect(time);
    }

    /// The hashes of chains cover what lies above the floor, as far as the log tells, and of own chains the outbox.
    fn rehash(&mut self) {
        self.chains.clear();
        let floor = self.version.floor();
        for (replica, last) in self.version.iter() {
            let logged = self.log.chain(replica);
            if !self.chains.rehash(logged, floor, last) {
                let own = self.outbox.iter().map(|own| &own.change);
                let own = own.filter(|own| own.replica == replica);
                self.chains.rehash(own, floor, last);
            }
        }
    }

    /// Takes the floor of a snapshot that is going to be merged, if the merge is defined at all.
    pub(super) fn meet_floor(
        &mut self,
        state: &mut dyn Crdt,
        snapshot: &Snapshot,
    ) -> Result<(), Error> {
        let (ours, theirs) = (self.version.floor(), snapshot.version.floor());
        if self.version.is_empty() || on(Mutant::FloorIgnored) {
            self.floor.join(&snapshot.floor);
            return Ok(());
        }
        if theirs < ours || !snapshot.version.covers_all(&self.floor) {
            return Err(Error::SnapshotBelowFloor);
        }
        if !self.version.covers_all(&snapshot.floor)
            || self.made_below(&snapshot.floor, &snapshot.version)
        {
            return Err(Error::BelowFloor);
        }
        self.lay_floor(state, &snapshot.floor);
        Ok(())
    }

    /// True when an own change was made before all of a floor was known, and did not come into it: nobody above it will take it.
    ///
    /// Members of a list have acknowledged a floor before it is laid, so theirs cannot be, unless they were expelled.
    pub(super) fn made_below(&self, floor: &Version, theirs: &Version) -> bool {
        if self.members.is_some() && !self.is_out {
            return false;
        }
        let knows = self.version.covers_all(floor);
        let lost = |change: &Change| {
            !floor.covers(change.last_stamp())
                && theirs.get(change.replica) < change.last()
                && !(knows && self.log.follows(change, floor))
        };
        floor.max_time() > self.version.floor() && self.outbox.iter().any(|own| lost(&own.change))
    }

    /// True for a change that was made without knowing what has been collected.
    pub(super) fn is_below_floor(&self, change: &Change) -> bool {
        let floor = self.version.floor();
        if change.prev > floor || on(Mutant::FloorIgnored) {
            return false;
        }
        // The floor knows where each chain stood, as far as it was above the floor before.
        let known = self.floor.get(change.replica);
        let fits = change.prev <= self.floor.floor() && known == Hlc::ZERO || change.prev == known;
        let goes_on = self.version.get(change.replica) == Hlc::ZERO;
        change.time <= floor || goes_on && !fits
    }
}
