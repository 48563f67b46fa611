//! Merging snapshots.

use super::Applied;
use super::core::Core;
use crate::codec::{Dec, DecodeError, Kind, check_state};
use crate::crdt::{Crdt, Merge};
use crate::{Error, Snapshot, Version};

impl Core {
    /// Merges a snapshot unless it holds nothing new; one from the future is held as a whole.
    pub(super) fn merge(
        &mut self,
        state: &mut dyn Crdt,
        snapshot: Snapshot,
        report: &mut Applied,
    ) -> Result<(), Error> {
        if self.version.covers_all(&snapshot.version) {
            report.duplicates += 1;
            return Ok(());
        }
        if snapshot.version.get(self.id) > self.version.get(self.id) {
            return Err(Error::IdUsed(self.id));
        }
        check(&snapshot, &state.kind())?;
        let latest = snapshot.version.max_time();
        if self.is_ahead(latest, self.guard.hold_ms) {
            report.held += 1;
            report.dropped += usize::from(self.held_snapshot.replace(snapshot).is_some());
            return Ok(());
        }
        report.ahead += usize::from(self.is_ahead(latest, self.guard.report_ms));
        self.merge_now(state, &snapshot, report)
    }

    /// Merges a snapshot whatever its times: one's own, from storage, or one whose time has come.
    pub(super) fn merge_now(
        &mut self,
        state: &mut dyn Crdt,
        snapshot: &Snapshot,
        report: &mut Applied,
    ) -> Result<(), Error> {
        // What its author could not read is missing from it, though its version covers it: whoever holds anything would
        // take that for removed.
        if snapshot.incomplete && !self.version.is_empty() {
            return Err(Error::Incomplete);
        }
        let mut input = check(snapshot, &state.kind())?;
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
        for (replica, time) in snapshot.version.iter() {
            if self.version.get(replica) < time {
                gained.advance(replica, time);
            }
        }
        self.merge_heads(snapshot);
        self.log.skip_to(&gained);
        self.version.join(&snapshot.version);
        self.last = self.last.max(self.version.max_time());
        for (replica, last) in gained.iter() {
            report.forked += self.pending.purge(replica, last);
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
    if walked.met().any(|atom| !snapshot.version.covers(atom)) {
        return Err(DecodeError::Range("atom"));
    }
    Ok(input)
}
