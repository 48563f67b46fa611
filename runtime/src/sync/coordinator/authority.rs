//! What an authority does with submissions, and what their author does with its answers.
//!
//! (replica, last stamp) is the request id: a change that is held already is acknowledged again and applied no second time. One
//! that is refused ends its chain, so that nothing that was made on top of it comes in beside what is made again.

use std::collections::BTreeMap;

use super::Coordinator;
use crate::crdt::Synced;
use crate::sync::peer::PeerId;
use crate::sync::{Event, Message, Rejection};
use crate::{Change, ReplicaId, Stamp, Version};

/// What decides about a change, from the state that it would lead to.
pub(super) type Judge<T> = Box<dyn FnMut(&Change, &T) -> Result<(), u32> + Send + Sync>;

/// So many refusals are remembered for who did not hear of them.
const MAX_REFUSED: usize = 4_096;

/// What an authority remembers.
pub(super) struct Court<T: Synced> {
    pub(super) judge: Option<Judge<T>>,
    /// A copy of the replica on which changes are tried.
    trial: Option<crate::Replica<T>>,
    refused: BTreeMap<ReplicaId, Rejection>,
    /// Who came first under an id: equal stamps of two are not told apart.
    sessions: BTreeMap<ReplicaId, PeerId>,
}

impl<T: Synced> Default for Court<T> {
    fn default() -> Self {
        Self {
            judge: None,
            trial: None,
            refused: BTreeMap::new(),
            sessions: BTreeMap::new(),
        }
    }
}

/// What became of a submitted change.
enum Verdict {
    /// It is held.
    Held,
    /// What comes before it is missing; it will be submitted again.
    TooEarly,
    /// Its author has to begin anew.
    Anew,
    /// It was refused.
    Refused(Rejection),
}

impl<T: Synced> Coordinator<T> {
    /// Takes or refuses what a peer submits, in order.
    pub(super) fn admit(&mut self, from: PeerId, changes: Vec<(Change, Version)>) {
        let mut applied = 0;
        for (change, seen) in changes {
            let (replica, last) = (change.replica(), change.last());
            let held = self.replica.version().covers(Stamp::new(last, replica));
            match self.verdict(from, change, &seen) {
                Verdict::Held => applied += usize::from(!held),
                Verdict::TooEarly => break,
                Verdict::Anew => {
                    self.replica.close_chain(replica);
                    self.greet(from, false);
                    break;
                }
                Verdict::Refused(rejection) => {
                    self.post(from, &Message::Reject(rejection));
                    break;
                }
            }
        }
        if applied > 0 {
            self.events.push(Event::Applied(from, applied));
            self.dirty = true;
        }
        if let Some(peer) = self.peers.get_mut(&from) {
            peer.ack_due = true;
        }
    }

    fn verdict(&mut self, from: PeerId, change: Change, seen: &Version) -> Verdict {
        let (replica, last) = (change.replica(), change.last());
        let session = self.court.sessions.get(&replica).copied();
        let taken = session.filter(|session| *session != from && self.peers.contains_key(session));
        if taken.is_some() || replica == self.replica.id() {
            return Verdict::Anew;
        }
        self.court.sessions.insert(replica, from);
        if let Some(rejection) = self.court.refused.get(&replica) {
            let rejection = *rejection;
            return match last <= rejection.held {
                true => Verdict::Held,
                false => Verdict::Refused(rejection),
            };
        }
        if self.replica.has_closed(replica) {
            return Verdict::Anew;
        }
        if self.replica.version().covers(Stamp::new(last, replica)) {
            // Another under the same stamp shows itself here.
            return self.commit(change);
        }
        if !seen.covers_all(self.replica.floor()) {
            return Verdict::Anew;
        }
        if !self.replica.is_next(&change) {
            return Verdict::TooEarly;
        }
        match self.try_out(&change) {
            Ok(()) => self.commit(change),
            Err(reason) => Verdict::Refused(self.refuse(from, &change, reason)),
        }
    }

    fn commit(&mut self, change: Change) -> Verdict {
        match self.replica.apply(change) {
            Ok(report) if report.forked + report.closed + report.below_floor == 0 => {
                match report.applied + report.duplicates {
                    0 => Verdict::TooEarly,
                    _ => Verdict::Held,
                }
            }
            _ => Verdict::Anew,
        }
    }

    fn refuse(&mut self, from: PeerId, change: &Change, reason: u32) -> Rejection {
        let (replica, last) = (change.replica(), change.last());
        self.replica.close_chain(replica);
        let rejection = Rejection {
            replica,
            last,
            held: self.replica.version().get(replica),
            reason,
        };
        if self.court.refused.len() >= MAX_REFUSED {
            self.court.refused.pop_first();
        }
        self.court.refused.insert(replica, rejection);
        self.stats.conflicts = self.stats.conflicts.saturating_add(1);
        self.events.push(Event::Refused(from, replica, last));
        rejection
    }

    /// Shows the judge what a change would lead to.
    fn try_out(&mut self, change: &Change) -> Result<(), u32> {
        let Some(mut judge) = self.court.judge.take() else {
            return Ok(());
        };
        let verdict = match self.trial() {
            // A copy that cannot be made is no reason to refuse anything.
            None => Ok(()),
            Some(mut trial) => {
                let tried = trial.apply(change.clone()).is_ok();
                let verdict = judge(change, trial.state());
                // What was refused is in the copy, which is therefore of no more use.
                self.court.trial = Some(trial).filter(|_| tried && verdict.is_ok());
                verdict
            }
        };
        self.court.judge = Some(judge);
        verdict
    }

    /// A copy of the replica as it is now.
    fn trial(&mut self) -> Option<crate::Replica<T>> {
        if let Some(mut trial) = self.court.trial.take() {
            let delta = self.replica.changes_since(trial.version());
            let fits = trial.apply(delta).is_ok() && trial.version() == self.replica.version();
            if fits && trial.floor() == self.replica.floor() {
                return Some(trial);
            }
        }
        // The copy writes nothing, so any id will do that nobody has.
        let ids = (0..64).filter_map(|number| ReplicaId::new(u64::MAX - number));
        let mut copies = ids.filter_map(|id| self.replica.fork(id).ok());
        copies.next()
    }

    /// The authority holds everything up to this version.
    pub(super) fn acknowledged(&mut self, version: &Version, durable: bool) {
        if self.replica.has_closed(self.replica.id()) {
            return;
        }
        let mut all = Vec::new();
        for change in self.replica.unsent() {
            let (replica, last) = (change.replica(), change.last());
            let news = durable || last > self.acked.get(replica);
            if last <= version.get(replica) && news {
                all.push((replica, last));
            }
        }
        for (replica, last) in all {
            self.acked.advance(replica, last);
            if durable {
                self.seen.remove(&(replica, last));
            }
            self.events.push(Event::Acknowledged {
                replica,
                last,
                durable,
            });
        }
        if durable {
            self.replica.acknowledge(version);
        }
    }
}
