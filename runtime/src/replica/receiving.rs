//! Taking in changes: in any order, any number of times, each with its effect exactly once.

use super::core::Core;
use super::{Applied, Delta};
use crate::codec::{Dec, DecodeError, Kind, check_ops};
use crate::crdt::{Apply, Crdt};
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

impl Core {
    pub(super) fn changes_since(&mut self, state: &mut dyn Crdt, version: &Version) -> Delta {
        self.flush(state);
        match self.log.since(version) {
            Some(changes) => Delta::Changes(changes),
            None => Delta::Snapshot(self.snapshot(state)),
        }
    }

    pub(super) fn apply(&mut self, state: &mut dyn Crdt, delta: Delta) -> Result<Applied, Error> {
        self.flush(state);
        let mut report = Applied::default();
        self.release_held(state, &mut report)?;
        match delta {
            Delta::Changes(changes) => {
                for change in changes {
                    self.receive(state, change, &mut report);
                }
            }
            Delta::Snapshot(snapshot) => self.merge(state, snapshot, &mut report)?,
        }
        Ok(report)
    }

    pub(super) fn receive(&mut self, state: &mut dyn Crdt, change: Change, report: &mut Applied) {
        if self.version.covers(change.last_stamp()) {
            report.duplicates += 1;
        } else if self.is_ahead(change.last(), self.guard.hold_ms) {
            report.held += 1;
            report.dropped += self.held.insert(change);
        } else if is_ready(&change, &self.version) {
            self.apply_ready(state, change, report);
            self.apply_pending(state, report);
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

    pub(super) fn apply_pending(&mut self, state: &mut dyn Crdt, report: &mut Applied) {
        while let Some(change) = self.pending.take_ready(&self.version) {
            self.apply_ready(state, change, report);
        }
    }

    /// Applies a change whose turn it is. One that cannot be read has no effect, but counts: the chain goes on.
    fn apply_ready(&mut self, state: &mut dyn Crdt, change: Change, report: &mut Applied) {
        report.ahead += usize::from(self.is_ahead(change.last(), self.guard.report_ms));
        if let Err(_unreadable) = self.apply_body(state, &change) {
            report.unreadable += 1;
        }
        report.applied += 1;
        for (replica, time) in &change.deps {
            self.heads.remove_covered(*replica, *time);
        }
        self.heads.advance(change.replica, change.last());
        self.version.advance(change.replica, change.last());
        self.last = self.last.max(change.last());
        report.forked += self.pending.purge(change.replica, change.last());
        self.log.push(change);
    }

    fn apply_body(&mut self, state: &mut dyn Crdt, change: &Change) -> Result<(), DecodeError> {
        let mut input = Dec::body(&change.body, change.time)?;
        let kind = Kind::decode(&mut input)?;
        let mut checked = input.clone();
        check_ops(&mut checked, &kind)?;
        checked.end()?;
        if kind != state.kind() {
            return Err(DecodeError::Range("type of the document"));
        }
        let mut cx = Apply {
            stamp: change.stamp(),
            unknown: &mut self.unknown,
        };
        state.apply_ops(&mut input, &mut cx)
    }
}
