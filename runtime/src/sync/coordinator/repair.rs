//! The way back when two sides cannot simply go on: after a fork, a divergence, a rejection, and from below a floor.
//!
//! One of two sides yields: it asks the other for its state, takes that in place of its own under a fresh id, and makes again what
//! of its own changes is not in it. Who yields follows from what both hold, so both know it; before an authority everybody
//! does. The answer repeats the number of the request and was made after the chains that are given up were closed: nothing that
//! is still under way comes in beside what is made again.

use super::{Coordinator, Strategy};
use crate::crdt::Synced;
use crate::mutants::{self, Mutant};
use crate::sync::peer::PeerId;
use crate::sync::{Event, Message, Rejection};
use crate::{Hlc, ReplicaId, Snapshot, Standing, Status};

/// A state that was asked for, to begin anew on.
#[derive(Debug)]
pub(super) struct Repair {
    pub(super) peer: PeerId,
    pub(super) retry_at: u64,
    request: u64,
    retries: u32,
    /// Own changes that were refused, and why.
    rejected: Vec<Rejection>,
}

impl<T: Synced> Coordinator<T> {
    /// What comparing with a peer showed.
    pub(super) fn settle(&mut self, from: PeerId, status: &Status, standing: &Standing, now: u64) {
        let mut yields = standing.below_floor;
        if standing.below_floor {
            self.dispute(from, Event::BelowFloor(from));
        }
        for fork in &standing.forks {
            self.dispute(from, Event::Forked(from, fork.replica));
        }
        if let Some(states) = standing.diverged {
            self.dispute(from, Event::Diverged(from));
            yields |= self.before_authority(from) || states.ours < states.theirs;
        } else if standing.forks.is_empty() && !standing.below_floor {
            self.agree(from, status);
        }
        let own = self.replica.own_ids();
        let closed: Vec<ReplicaId> = self.replica.forks().map(|fork| fork.replica).collect();
        for id in closed {
            yields |= match own.contains(&id) {
                true => {
                    standing.forks.iter().any(|fork| fork.replica == id)
                        && self.gives_way(status, id)
                }
                // Who is about to leave a chain is not followed.
                false => status.replica() != id && self.replica.rank(id) < status.rank(id),
            };
        }
        yields |= self.replica.ran_ahead();
        if yields && self.court.judge.is_none() {
            self.begin(from, now);
        }
    }

    /// True when this side has to go on under another id, and not the peer that uses the same.
    fn gives_way(&self, status: &Status, id: ReplicaId) -> bool {
        status.replica() != self.replica.id() || self.replica.rank(id) < status.rank(id)
    }

    pub(super) fn before_authority(&self, peer: PeerId) -> bool {
        self.options.strategy == Strategy::Optimistic && self.peers.contains_key(&peer)
    }

    fn dispute(&mut self, peer: PeerId, event: Event) {
        if let Some(held) = self.peers.get_mut(&peer)
            && !held.disputed
        {
            held.disputed = true;
            self.stats.conflicts = self.stats.conflicts.saturating_add(1);
            self.events.push(event);
        }
    }

    fn agree(&mut self, peer: PeerId, status: &Status) {
        let same = status.version() == self.replica.version() && status.state().is_some();
        if let Some(held) = self.peers.get_mut(&peer)
            && same
            && std::mem::take(&mut held.disputed)
        {
            self.events.push(Event::Resolved(peer));
        }
    }

    /// Asks a peer for its state, unless that has been done.
    pub(super) fn begin(&mut self, peer: PeerId, now: u64) {
        if self.repair.is_some() {
            return;
        }
        if self.ids.is_none() {
            return self.events.push(Event::NeedsId);
        }
        self.requests += 1;
        self.repair = Some(Repair {
            peer,
            retry_at: now,
            request: self.requests,
            retries: 0,
            rejected: Vec::new(),
        });
        self.ask_for_rescue(now);
    }

    pub(super) fn ask_for_rescue(&mut self, now: u64) {
        let leaving = self.replica.own_ids();
        let Some(repair) = &mut self.repair else {
            return;
        };
        let delay = self
            .options
            .retry_ms
            .saturating_mul(1 << repair.retries.min(4));
        repair.retry_at = now.saturating_add(delay.max(1));
        repair.retries = repair.retries.saturating_add(1);
        let (peer, request) = (repair.peer, repair.request);
        self.post(peer, &Message::Want { request, leaving });
    }

    /// An own change was refused.
    pub(super) fn rejected(&mut self, from: PeerId, rejection: Rejection, now: u64) {
        if mutants::on(Mutant::RefusalUnheard)
            || !self.before_authority(from)
            || !self.replica.is_unsafe(rejection.replica, rejection.last)
        {
            return;
        }
        self.begin(from, now);
        if let Some(repair) = &mut self.repair
            && repair.peer == from
            && !repair.rejected.contains(&rejection)
            && repair.rejected.len() < 1_024
        {
            repair.rejected.push(rejection);
        }
    }

    /// A peer begins anew, and wants our state for it.
    pub(super) fn rescue(&mut self, to: PeerId, request: u64, leaving: &[ReplicaId]) {
        if !self.may_show_all() {
            return;
        }
        let others: Vec<ReplicaId> = self
            .peers
            .iter()
            .filter(|(peer, _)| **peer != to)
            .filter_map(|(_, peer)| peer.replica)
            .collect();
        for id in leaving {
            if *id != self.replica.id() && !others.contains(id) {
                self.replica.close_chain(*id);
            }
        }
        let status = Box::new(self.replica.status());
        let snapshot = self.replica.snapshot();
        self.post(
            to,
            &Message::Rescue {
                request,
                status,
                snapshot,
            },
        );
    }

    /// Begins anew on the state that was asked for.
    pub(super) fn begin_anew(
        &mut self,
        from: PeerId,
        (request, status, snapshot): (u64, &Status, Snapshot),
    ) -> Result<(), crate::Error> {
        let asked = |repair: &&Repair| repair.peer == from && repair.request == request;
        if self.repair.as_ref().filter(asked).is_none() || snapshot.is_incomplete() {
            return Ok(());
        }
        let Some(ids) = &mut self.ids else {
            return Ok(());
        };
        let fresh = ids();
        self.seal();
        let before = self.replica.id();
        let Some(repair) = self.repair.take() else {
            return Ok(());
        };
        self.replica.observe(status);
        for rejection in &repair.rejected {
            self.replica.give_up(rejection.replica, rejection.last);
        }
        let report = match self.replica.restamp(fresh, snapshot) {
            Ok(report) => report,
            Err(error) => {
                self.repair = Some(repair);
                return Err(error);
            }
        };
        for rejection in &repair.rejected {
            self.stats.conflicts = self.stats.conflicts.saturating_add(1);
            self.events.push(Event::Rejected {
                replica: rejection.replica,
                last: rejection.last,
                reason: rejection.reason,
            });
        }
        self.events.push(Event::Restamped {
            on: from,
            from: before,
            to: fresh,
            again: report.again,
            dropped: report.dropped + report.unproven + report.lost,
        });
        self.forget_the_past(status, from);
        Ok(())
    }

    /// Nothing that was under way counts any more, and everybody is told who this is now.
    fn forget_the_past(&mut self, status: &Status, from: PeerId) {
        let base = status.version().clone();
        self.seen.clear();
        for last in self.replica.own_after(Hlc::ZERO) {
            self.seen.insert((self.replica.id(), last), base.clone());
        }
        self.sealed = self.replica.own_last();
        self.acked = crate::Version::new();
        self.tree = None;
        for peer in self.peers.values_mut() {
            peer.sent = peer.known.clone();
            peer.offered = None;
            peer.staging = None;
        }
        self.dirty = true;
        let peers: Vec<PeerId> = self.peers.keys().copied().collect();
        peers
            .into_iter()
            .for_each(|peer| self.greet(peer, peer == from));
    }
}
