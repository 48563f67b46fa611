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
        if self.is_ahead(snapshot.version.max_time(), self.guard.hold_ms) {
            report.held += 1;
            report.dropped += usize::from(self.held_snapshot.replace(snapshot).is_some());
            return Ok(());
        }
        report.ahead +=
            usize::from(self.is_ahead(snapshot.version.max_time(), self.guard.report_ms));
        self.merge_body(state, &snapshot)?;
        report.applied += 1;
        let mut gained = Version::new();
        for (replica, time) in snapshot.version.iter() {
            if self.version.get(replica) < time {
                gained.advance(replica, time);
            }
        }
        self.merge_heads(&snapshot);
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

    fn merge_body(&mut self, state: &mut dyn Crdt, snapshot: &Snapshot) -> Result<(), DecodeError> {
        let mut input = Dec::body(&snapshot.body, snapshot.version.max_time())?;
        let kind = Kind::decode(&mut input)?;
        if kind != state.kind() {
            return Err(DecodeError::Range("type of the document"));
        }
        let written = !input.is_empty();
        let mut checked = input.clone();
        if written {
            check_state(&mut checked, &kind)?;
        }
        checked.end()?;
        let mut cx = Merge {
            theirs: &snapshot.version,
            ours: &self.version,
            unknown: &mut self.unknown,
        };
        state.merge_state(written.then_some(&mut input), &mut cx)
    }

    /// Looks again at what the clock guard held back.
    pub(super) fn release_held(
        &mut self,
        state: &mut dyn Crdt,
        report: &mut Applied,
    ) -> Result<(), Error> {
        let now = self.clock.now_millis().saturating_add(self.guard.hold_ms);
        for change in self.held.take_if(|change| change.last().millis() <= now) {
            self.receive(state, change, report);
        }
        match self
            .held_snapshot
            .take_if(|snapshot| snapshot.version.max_time().millis() <= now)
        {
            Some(snapshot) => self.merge(state, snapshot, report),
            None => Ok(()),
        }
    }
}
