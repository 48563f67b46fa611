//! How a run ends: the network heals, all comes to rest, and what is left is compared.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use holo_runtime::live::Grant;
use holo_runtime::{Clock, Hlc, Replica, ReplicaId};

use super::lanes::DUEL;
use super::{CUBES, Net, World};
use crate::coordinated::{all_agree, must};

impl Net {
    /// The network works, everybody stores, nobody moves anything any more, and time goes by.
    pub(super) fn heal(&mut self) {
        self.healing = true;
        self.apart.clear();
        for _ in 0..60 {
            self.store_all();
            self.pass(1_000);
            if self.is_quiet() {
                break;
            }
        }
        // Hashes of chains are learned from statuses, once all is acknowledged.
        for _ in 0..3 {
            self.store_all();
            self.pass(2_100);
        }
        // Who was restarted while it moved something, or on a cube that was taken away meanwhile, never settles it; what is shown of
        // it goes with its sender's presence.
        self.tick(self.now + 31_000);
        self.pass(100);
    }

    fn store_all(&mut self) {
        (0..self.nodes.len()).for_each(|at| self.store(at));
    }

    fn is_quiet(&mut self) -> bool {
        let mut hashes = BTreeSet::new();
        let (mut same, mut moves) = (true, false);
        let version = self.nodes[0].coordinator.replica().version().clone();
        for node in &mut self.nodes {
            same &= *node.coordinator.replica().version() == version;
            moves |= node.lane.is_moving();
            hashes.insert(node.coordinator.with_replica(|it| it.state_hash()));
        }
        same && hashes.len() == 1 && !moves
    }

    /// All hold one state, it shows what is known of it, and nothing live is left on top of it.
    pub(super) fn compare(&mut self) {
        self.all_agree();
        if !self.is_star() {
            self.ask_a_witness();
        }
        let refused = self.refused.clone();
        let refused = refused.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &self.nodes[0].coordinator.state().ledger;
        self.books.check_refused(&refused.refused, state);
        self.books.forgive_all(&refused.refused, state);
        self.books.check_bookings(state);
        // An amount that was undone and refused as well is taken off once too often: what undo did is a change of its own.
        let sure = refused.refused.is_empty() || self.tally.undone == 0;
        if self.tally.restored == 0 && sure {
            self.books.check(state);
        }
        // Who takes out what a refused change had taken out already has seen less than the books say.
        if self.tally.restored == 0 && refused.refused.is_empty() {
            self.books.check_shared(state);
        }
        let tally = self.books.tally(state);
        assert_eq!(
            tally.acknowledged, tally.kept,
            "acknowledged edits are lost"
        );
    }

    fn all_agree(&mut self) {
        all_agree(self.nodes.iter_mut().map(|node| &mut node.coordinator));
        self.nothing_is_left_over();
    }

    fn nothing_is_left_over(&self) {
        for node in &self.nodes {
            assert!(!node.lane.is_moving(), "something never settled");
            let replica = node.coordinator.replica();
            let shown = node.lane.shown(replica, self.now + node.ahead.1);
            let state = replica.state();
            assert_eq!(shown.pointer, *state.pointer.get());
            assert_eq!(shown.ticker.to_bits(), state.ticker.get().to_bits());
            for (key, cube) in state.cubes.iter() {
                let Some(seen) = shown.cubes.get(*key) else {
                    panic!("cube {key} is not shown");
                };
                assert_eq!(seen.position, *cube.position.get(), "cube {key}");
                assert_eq!(seen.rotation, *cube.rotation.get(), "cube {key}");
                assert_eq!(seen.grip.to_bits(), cube.grip.get().to_bits(), "cube {key}");
            }
        }
    }

    /// Who hears of all changes that were stored, and collects nothing, sees the same.
    fn ask_a_witness(&mut self) {
        let clock = Clock::Manual(self.nodes[0].clock.clone());
        let id = ReplicaId::new(u64::MAX).unwrap_or_else(ReplicaId::random);
        let mut witness = Replica::<World>::with_clock(id, clock);
        let kept: Vec<_> = self.kept.values().cloned().collect();
        must(witness.apply(kept));
        let (state, hash) = self.nodes[0].coordinator.with_replica(|replica| {
            let state = format!("{:?}", replica.state());
            (state, replica.state_hash())
        });
        assert_eq!(witness.pending(), 0, "the witness waits");
        assert_eq!(format!("{:?}", witness.state()), state, "a witness");
        assert_eq!(witness.state_hash(), hash, "hash of a witness");
    }

    /// One moves all that there is once more, and all come to rest just there.
    pub(super) fn last_word(&mut self) {
        let at = self.rng.below(self.nodes.len());
        // An authority takes no edits of its own here; and what is owned is moved by its owner.
        let owner = self.grants.last().map(|grant| grant.owner);
        let owns = |at: &usize| Some(self.nodes[*at].coordinator.replica().id()) == owner;
        let at = (0..self.nodes.len()).find(owns).unwrap_or(at.max(1));
        let (now, last) = (self.now, [0.125, 0.25, -0.375]);
        let node = &mut self.nodes[at];
        let (lane, ahead) = (&mut node.lane, node.ahead.1);
        let set = node.coordinator.with_replica(|replica| {
            lane.update(replica, now + ahead, |world| {
                world.pointer.set(last);
                for mut cube in (0..CUBES).filter_map(|key| world.cubes.get(key)) {
                    cube.position.set(last);
                    cube.grip.set(last[0]);
                }
            })
        });
        must(set);
        self.settle_all();
        for (key, cube) in self.nodes[0].coordinator.state().cubes.iter() {
            assert_eq!(*cube.position.get(), last.into(), "cube {key}");
            assert_eq!(*cube.grip.get(), last[0], "cube {key}");
        }
        let pointer = &self.nodes[0].coordinator.state().pointer;
        assert_eq!(*pointer.get(), last.into());
    }

    fn settle_all(&mut self) {
        for _ in 0..4 {
            self.store_all();
            self.pass(700);
        }
        self.all_agree();
    }

    /// Two move one thing one after the other, and a third, who never heard the first before, hears them the wrong way round: the
    /// later move rules, unless the first owns it. So it comes to rest for all.
    pub(super) fn duel(&mut self, owned: bool) {
        if !self.grants.is_empty() && !owned {
            return;
        }
        let count = self.nodes.len();
        let first = 1 + self.rng.below(count - 1);
        let (second, third) = ((first + 1) % count, (first + 2) % count);
        let owner = self.nodes[first].coordinator.replica().id();
        // So that their next frames say by name what they move.
        for at in [first, second] {
            self.begin_lane_anew(at);
        }
        if owned {
            let (epoch, since) = (1_000, Hlc::ZERO);
            self.own(Grant {
                owner,
                epoch,
                since,
            });
        }
        let (one, other) = (DUEL + 1.0, DUEL + 2.0);
        self.count_to(first, one);
        let early = self.await_frame(first);
        self.hear(second, &early);
        self.count_to(second, other);
        let late = self.await_frame(second);
        self.hear(third, &late);
        self.tick(self.now + 100);
        self.hear(third, &early);
        let wins = if owned { one } else { other };
        for at in [second, third]
            .into_iter()
            .filter(|at| owned || *at == third)
        {
            let node = &self.nodes[at];
            let replica = node.coordinator.replica();
            let shown = node.lane.shown(replica, self.now + node.ahead.1);
            assert_eq!(shown.ticker, wins, "of two who move it, at {at}");
        }
        self.hear(first, &late);
        self.settle_all();
        let ticker = *self.nodes[0].coordinator.state().ticker.get();
        assert_eq!(ticker, wins, "where it comes to rest");
    }

    fn count_to(&mut self, at: usize, number: f64) {
        let now = self.now;
        let node = &mut self.nodes[at];
        let (lane, ahead) = (&mut node.lane, node.ahead.1);
        let set = node.coordinator.with_replica(|replica| {
            lane.update(replica, now + ahead, |world| world.ticker.set(number))
        });
        must(set);
    }

    /// The next frame of one, while everything else stands still.
    fn await_frame(&mut self, from: usize) -> Vec<u8> {
        for _ in 0..30 {
            self.tick(self.now + 5);
            if let Some(frame) = self.frame(from) {
                return frame;
            }
        }
        panic!("no frame comes of what moves");
    }
}
