//! What goes wrong at a star's clients beside the network, and their way back.
//!
//! What a fault may cost is told to the books here; what must be left is said by `crate::ledger`.

use std::sync::atomic::Ordering;

use holo_runtime::{Change, Clock, Error, Replica, ReplicaId};

use super::{HOUR, START, Star, must, remembering};
use crate::ledger::Ledger;

impl Star {
    /// The client takes the server's state, and makes its own edits again.
    pub(super) fn begin_anew(&mut self, at: usize) {
        let fresh = self.fresh();
        let client = &mut self.clients[at];
        client.seal();
        if client.clock.load(Ordering::Relaxed) > START + 2 * HOUR {
            return;
        }
        let old: Vec<ReplicaId> = client.replica.unsent().map(Change::replica).collect();
        self.server.close_chain(client.replica.id());
        old.into_iter().for_each(|id| self.server.close_chain(id));
        client.replica.observe(&self.server.status());
        let snapshot = self.server.snapshot();
        let base = snapshot.version().clone();
        let before = client.replica.state().booked();
        client.ids.push(client.replica.id());
        let report = must(client.replica.restamp(fresh, snapshot));
        if report.unproven + report.lost > 0 {
            self.books.forgive_all(&before, client.replica.state());
        }
        // The old store would bring back the old id.
        client.refused = false;
        let stored = client.replica.store();
        client.replica.is_stored(&stored);
        client.stored = Some(stored);
        client.seen.clear();
        for change in client.replica.unsent() {
            client
                .seen
                .insert((change.replica(), change.last()), base.clone());
        }
    }

    pub(super) fn floor(&mut self) {
        let back = self.rng.below(6);
        let Some(to) = self.past.len().checked_sub(1 + back) else {
            return;
        };
        let to = self.past[to].clone();
        match self.server.advance_floor(&to) {
            Ok(()) | Err(Error::Floor) => {}
            Err(error) => panic!("{error}"),
        }
    }

    /// The process dies, and comes back from what it had stored: under its id, or under a fresh one.
    pub(super) fn restart(&mut self, at: usize) {
        let fresh = self.fresh();
        let same = self.rng.chance(60);
        let client = &mut self.clients[at];
        let Some(stored) = &client.stored else {
            return;
        };
        let clock = Clock::Manual(client.clock.clone());
        let back = match same {
            true => must(Replica::<Ledger>::resume(stored.bytes(), clock)),
            false => must(Replica::open(stored.bytes(), fresh, clock)).store_first(),
        };
        self.books.forgive(client.replica.state(), back.state());
        client.replica = remembering(back);
    }

    /// Two clients from one storage. What was not sent would be in both, so all of it is.
    pub(super) fn fork(&mut self, at: usize) {
        let other = self.rng.below(self.clients.len());
        let client = &mut self.clients[at];
        client.seal();
        let known = self.server.state().booked();
        let all_sent = client.replica.state().booked().is_subset(&known);
        if other == at || !all_sent {
            return;
        }
        let stored = client.replica.store();
        let (clock, seen) = (client.clock.load(Ordering::Relaxed), client.seen.clone());
        let twin = &mut self.clients[other];
        twin.clock.store(clock, Ordering::Relaxed);
        let back = must(Replica::<Ledger>::resume(
            stored.bytes(),
            Clock::Manual(twin.clock.clone()),
        ));
        self.books
            .forgive(twin.replica.state(), self.server.state());
        twin.replica = remembering(back);
        twin.seen = seen;
        twin.stored = Some(stored);
        twin.refused = false;
    }

    pub(super) fn jump(&mut self, at: usize) {
        let clock = &self.clients[at].clock;
        let now = clock.load(Ordering::Relaxed);
        let then = match !(START..=START + HOUR).contains(&now) {
            true => self.wall.load(Ordering::Relaxed),
            false if self.rng.chance(50) => now + 30 * HOUR,
            false => now - 30 * HOUR,
        };
        clock.store(then, Ordering::Relaxed);
        if self.clients[at].replica.must_restamp() {
            self.begin_anew(at);
        }
    }
}
