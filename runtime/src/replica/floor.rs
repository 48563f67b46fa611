//! The floor: up to where everybody has seen everything, so that nobody needs to remember what is gone.
//!
//! A floor is a version F with its greatest time f. Whoever lays it holds every change up to f, and promises that what comes
//! later was made by authors who had applied all of F. Who may promise that (an authority, or a list of members) is decided
//! by the caller and in `super::members`.

use super::Replica;
use super::core::Core;
use crate::crdt::{Crdt, Synced};
use crate::mutants::{Mutant, on};
use crate::{Change, Error, Hlc, Snapshot, Version};

/// So many chains that have ended below it a floor still names, the latest. They prove to who comes back what is held.
const NAMED: usize = 1_024;

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
    /// What is held up to a time, in whole changes; none when the log does not tell.
    pub(super) fn below(&self, time: Hlc) -> Option<Version> {
        let mut time = time;
        // A change of many ticks that lies across the line draws it down before itself.
        'again: for _ in 0..64 {
            let mut floor = self.floor.clone();
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
                        time = Hlc::from_bits(change.time.bits() - 1);
                        continue 'again;
                    }
                    known = change.prev;
                }
                if known > time {
                    return None;
                }
                floor.advance(replica, known);
            }
            floor.keep_latest(NAMED);
            return Some(floor);
        }
        None
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
