//! Merging snapshots.

use super::Applied;
use super::core::Core;
use crate::codec::{Dec, DecodeError, Kind, check_state};
use crate::crdt::{Crdt, Merge};
use crate::mutants::{Mutant, on};
use crate::{Error, Hlc, ReplicaId, Snapshot, Version};

impl Core {
    /// Merges a snapshot unless it holds nothing new; one from the future is held as a whole.
    pub(super) fn merge(
        &mut self,
        state: &mut dyn Crdt,
        snapshot: Snapshot,
        report: &mut Applied,
    ) -> Result<(), Error> {
        let forked = self.fork_of(&snapshot.version, &snapshot.chains);
        if self.version.covers_all(&snapshot.version) && forked.is_none() {
            report.duplicates += 1;
            return Ok(());
        }
        if snapshot.version.get(self.id) > self.version.get(self.id) {
            self.close(self.id, report);
            return Err(Error::IdUsed(self.id));
        }
        if let Some(replica) = forked {
            self.close(replica, report);
            return Err(Error::Forked(replica));
        }
        let input = check(&snapshot, &state.kind())?;
        let latest = snapshot.version.max_time();
        if self.is_ahead(latest, self.guard.hold_ms) {
            report.held += 1;
            report.dropped += usize::from(self.held_snapshot.replace(snapshot).is_some());
            return Ok(());
        }
        report.ahead += usize::from(self.is_ahead(latest, self.guard.report_ms));
        self.merge_checked(state, &snapshot, input, report)
    }

    /// A replica whose chain is not the same here and in a snapshot, or is closed and longer there.
    fn fork_of(&self, version: &Version, chains: &[u64]) -> Option<ReplicaId> {
        if on(Mutant::ForkUndetected) {
            return None;
        }
        let mut closed = self.closed.keys();
        let longer = |replica: &&ReplicaId| version.get(**replica) > self.version.get(**replica);
        closed
            .find(longer)
            .copied()
            .or_else(|| self.differing_chain(version, chains))
    }

    /// A replica of which both hold the same last change, and not the same chain.
    pub(super) fn differing_chain(&self, version: &Version, chains: &[u64]) -> Option<ReplicaId> {
        if version.floor() != self.version.floor() {
            return None;
        }
        let mut theirs = version.iter().zip(chains);
        let (mut held, mut hashes) = (self.version.lookup(), self.chains.lookup());
        let differs = |((replica, last), hash): &((ReplicaId, Hlc), &u64)| {
            let ours = hashes.get(*replica).unwrap_or_default();
            let same = held.get(*replica).unwrap_or(Hlc::ZERO) == *last;
            same && ours != 0 && **hash != 0 && ours != **hash
        };
        theirs.find(differs).map(|((replica, _), _)| replica)
    }

    /// Merges a snapshot whatever its times: one's own, from storage, or one whose time has come.
    pub(super) fn merge_now(
        &mut self,
        state: &mut dyn Crdt,
        snapshot: &Snapshot,
        report: &mut Applied,
    ) -> Result<(), Error> {
        let input = check(snapshot, &state.kind())?;
        self.merge_checked(state, snapshot, input, report)
    }

    /// Merges a snapshot whose state has been walked.
    fn merge_checked(
        &mut self,
        state: &mut dyn Crdt,
        snapshot: &Snapshot,
        mut input: Dec<'_>,
        report: &mut Applied,
    ) -> Result<(), Error> {
        // What its author could not read is missing from it, though its version covers it: whoever holds anything would
        // take that for removed.
        if snapshot.incomplete && !self.version.is_empty() {
            return Err(Error::Incomplete);
        }
        self.meet_floor(state, snapshot)?;
        let written = !input.is_empty();
        let mut cx = Merge {
            theirs: &snapshot.version,
            ours: &self.version,
            keyed: false,
            reset: false,
            unknown: &mut self.unknown,
        };
        state.merge_state(written.then_some(&mut input), &mut cx)?;
        self.incomplete |= snapshot.incomplete;
        report.applied += 1;
        let mut gained = Version::new();
        let (mut held, mut hashes) = (self.version.lookup(), Vec::new());
        for ((replica, time), hash) in snapshot.version.iter().zip(&snapshot.chains) {
            if held.get(replica).is_none_or(|held| held < time) {
                gained.advance(replica, time);
                hashes.push((replica, *hash));
            }
        }
        self.chains.set_each(hashes);
        self.merge_heads(snapshot);
        self.log.skip_to(&gained);
        self.version.join(&snapshot.version);
        self.last = self.last.max(self.version.max_time());
        // What the snapshot superseded or cut may have been what kept a dead stamp.
        state.collect(self.version.floor());
        self.unknown.collect(self.version.floor());
        for (replica, last) in gained.iter() {
            if self.pending.purge(replica, last) > 0 {
                self.close(replica, report);
            }
        }
        self.apply_pending(state, report);
        Ok(())
    }

    /// The frontier of both: their heads that are new here, and ours that they had not followed up.
    fn merge_heads(&mut self, snapshot: &Snapshot) {
        let ours = std::mem::take(&mut self.heads);
        for (replica, time) in ours.iter() {
            let followed_up =
                snapshot.version.get(replica) >= time && snapshot.heads.get(replica) != time;
            if !followed_up {
                self.heads.advance(replica, time);
            }
        }
        for (replica, time) in snapshot.heads.iter() {
            if self.version.get(replica) < time {
                self.heads.advance(replica, time);
            }
        }
    }

    /// Looks again at what the clock guard held back. A held snapshot was checked when it came; if it does not fit any more,
    /// that is no fault of what has come now, and it is dropped.
    pub(super) fn release_held(&mut self, state: &mut dyn Crdt, report: &mut Applied) {
        let now = self.clock.now_millis().saturating_add(self.guard.hold_ms);
        let due = self.held.take_if(|change| change.last().millis() <= now);
        for change in due {
            self.receive(state, change, report);
        }
        let snapshot = self
            .held_snapshot
            .take_if(|snapshot| snapshot.version.max_time().millis() <= now);
        if let Some(snapshot) = snapshot
            && self.merge(state, snapshot, report).is_err()
        {
            report.unreadable += 1;
        }
    }
}

/// A reader of the state, once all of it has been walked: of this type, and with no atom beyond the version.
fn check<'a>(snapshot: &'a Snapshot, expected: &Kind) -> Result<Dec<'a>, DecodeError> {
    let mut input = Dec::body(&snapshot.body, snapshot.version.max_time())?;
    let kind = Kind::decode(&mut input)?;
    if kind != *expected {
        return Err(DecodeError::Range("type of the document"));
    }
    let mut walked = input.clone();
    if !input.is_empty() {
        check_state(&mut walked, &kind)?;
    }
    walked.end()?;
    if !snapshot.version.covers_each(walked.met()) {
        return Err(DecodeError::Range("atom"));
    }
    Ok(input)
}
