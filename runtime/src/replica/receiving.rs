//! Taking in changes: in any order, any number of times, each with its effect exactly once.

use super::{Applied, Delta, Replica};
use crate::codec::{Dec, DecodeError, Kind, check_ops};
use crate::crdt::{Apply, Synced};
use crate::{Change, Error, Hlc, Stamp, Version};

/// True when a change is the next of its chain and everything it rests on is held.
pub(super) fn is_ready(change: &Change, version: &Version) -> bool {
    let held = version.get(change.replica);
    let next = held == change.prev || (held == Hlc::ZERO && change.prev <= version.floor());
    next && change
        .deps
        .iter()
        .all(|(replica, time)| version.covers(Stamp::new(*time, *replica)))
}

impl<T: Synced> Replica<T> {
    /// What a peer at this version lacks. Seals the open change.
    pub fn changes_since(&mut self, version: &Version) -> Delta {
        self.flush();
        match self.log.since(version) {
            Some(changes) => Delta::Changes(changes),
            None => Delta::Snapshot(self.snapshot()),
        }
    }

    /// Takes in what a peer sent: changes or a snapshot. Seals the open change.
    ///
    /// Changes may come twice, out of order, or without those they rest on; these wait. What the clock guard held back is
    /// looked at again.
    ///
    /// # Errors
    /// When a snapshot cannot be read. Changes never fail here; what became of each is in the result.
    pub fn apply(&mut self, delta: impl Into<Delta>) -> Result<Applied, Error> {
        self.flush();
        let mut report = Applied::default();
        self.release_held(&mut report)?;
        match delta.into() {
            Delta::Changes(changes) => changes
                .into_iter()
                .for_each(|change| self.receive(change, &mut report)),
            Delta::Snapshot(snapshot) => self.merge(snapshot, &mut report)?,
        }
        Ok(report)
    }

    pub(super) fn receive(&mut self, change: Change, report: &mut Applied) {
        if self.version.covers(change.last_stamp()) {
            report.duplicates += 1;
        } else if self.is_ahead(change.last(), self.guard.hold_ms) {
            report.held += 1;
            report.dropped += self.held.insert(change);
        } else if is_ready(&change, &self.version) {
            self.apply_ready(change, report);
            self.apply_pending(report);
        } else if change.prev < self.version.get(change.replica) {
            report.forked += 1;
        } else {
            report.pending += 1;
            report.dropped += self.pending.insert(change);
        }
    }

    pub(super) fn is_ahead(&self, time: Hlc, by_ms: u64) -> bool {
        time.millis() > self.clock.now_millis().saturating_add(by_ms)
    }

    pub(super) fn apply_pending(&mut self, report: &mut Applied) {
        self.pending
            .take_if(|change| self.version.covers(change.last_stamp()));
        while let Some(change) = self.pending.take_ready(&self.version) {
            self.apply_ready(change, report);
        }
    }

    /// Applies a change whose turn it is. One that cannot be read has no effect, but counts: the chain goes on.
    fn apply_ready(&mut self, change: Change, report: &mut Applied) {
        report.ahead += usize::from(self.is_ahead(change.last(), self.guard.report_ms));
        if let Err(_unreadable) = self.apply_body(&change) {
            report.unreadable += 1;
        }
        report.applied += 1;
        for (replica, time) in &change.deps {
            self.heads.remove_covered(*replica, *time);
        }
        self.heads.advance(change.replica, change.last());
        self.version.advance(change.replica, change.last());
        self.last = self.last.max(change.last());
        self.log.push(change);
    }

    fn apply_body(&mut self, change: &Change) -> Result<(), DecodeError> {
        let mut input = Dec::body(&change.body, change.time)?;
        let kind = Kind::decode(&mut input)?;
        let mut checked = input.clone();
        check_ops(&mut checked, &kind)?;
        checked.end()?;
        if kind != self.state.kind() {
            return Err(DecodeError::Range("type of the document"));
        }
        let mut cx = Apply {
            stamp: change.stamp(),
            unknown: &mut self.unknown,
        };
        self.state.apply_ops(&mut input, &mut cx)
    }
}
