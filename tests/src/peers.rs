//! A seeded mesh of members without an authority: everybody talks to everybody, by changes, snapshots and statuses; members
//! crash and come back from what they had stored; each lays the floor where all have acknowledged.
//!
//! One seed is one run. What must be left at the end is said by `crate::ledger`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use holo_runtime::history::UndoLimits;
use holo_runtime::{
    Change, Clock, Delta, Error, Hlc, Replica, ReplicaId, Snapshot, Status, Stored, Version,
};

use crate::ledger::{Books, Ledger, Tally};
use crate::rng::Rng;

const START: u64 = 1_700_000_000_000;

struct Peer {
    replica: Replica<Ledger>,
    clock: Arc<AtomicU64>,
    stored: Option<Stored>,
}

enum Message {
    Change(usize, Vec<u8>),
    Snapshot(usize, Vec<u8>),
    Status(usize, Vec<u8>),
}

struct Mesh {
    rng: Rng,
    books: Books,
    peers: Vec<Peer>,
    wire: Vec<Message>,
    /// Changes that were stored: none of them may be lost.
    kept: BTreeMap<(ReplicaId, Hlc), Change>,
    /// Members collect.
    floors: bool,
    /// Members undo what they did.
    undo: bool,
}

/// Runs these steps of one seed; in every second seed members undo what they did.
///
/// # Panics
/// When replicas differ at the end, something stored is lost, or an edit counts twice.
pub fn run(seed: u64, peers: usize, steps: impl Iterator<Item = u64>, floors: bool) -> Tally {
    let mut mesh = Mesh::new(seed, peers, floors);
    for step in steps {
        mesh.rng = Rng::of_step(seed, step);
        mesh.step();
    }
    mesh.heal()
}

/// A replica that can undo a few steps.
fn remembering(replica: Replica<Ledger>) -> Replica<Ledger> {
    let limits = UndoLimits {
        steps: 5,
        ..UndoLimits::default()
    };
    replica.with_undo(limits)
}

fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

impl Mesh {
    fn new(seed: u64, count: usize, floors: bool) -> Self {
        let mut mesh = Self {
            rng: Rng::new(seed),
            books: Books::default(),
            peers: Vec::new(),
            wire: Vec::new(),
            kept: BTreeMap::new(),
            floors,
            undo: seed % 2 == 1,
        };
        let log = [10_000, 20, 3][mesh.rng.below(3)];
        for number in 1..=count as u64 {
            // Ids whose order differs from the order of creation, at one time, so that equal times are frequent.
            let id = ReplicaId::new(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let clock = Arc::new(AtomicU64::new(START));
            let replica = Replica::with_clock(
                id.unwrap_or_else(ReplicaId::random),
                Clock::Manual(clock.clone()),
            );
            mesh.peers.push(Peer {
                replica: remembering(replica.with_log_limits(log, 1 << 20).store_first()),
                clock,
                stored: None,
            });
        }
        (0..count).for_each(|at| mesh.enlist(at));
        mesh
    }

    fn enlist(&mut self, at: usize) {
        if self.floors {
            let members: Vec<ReplicaId> = self.peers.iter().map(|peer| peer.replica.id()).collect();
            self.peers[at].replica.set_members(members);
        }
    }

    fn step(&mut self) {
        let at = self.rng.below(self.peers.len());
        let to = self.rng.below(self.peers.len());
        match self.rng.below(100) {
            0..6 if self.undo => {
                let (back, replica) = (self.rng.chance(60), &mut self.peers[at].replica);
                let own = replica.id();
                self.books.travel(replica, back, &[own]);
            }
            0..25 => {
                let (books, rng) = (&mut self.books, &mut self.rng);
                self.peers[at].replica.edit(|edit| books.edit(edit, rng));
            }
            25..32 => drop(self.peers[at].replica.flush()),
            32..46 => self.store(at),
            46..58 => self.send(at, to),
            58..62 if at != to && !self.peers[at].replica.unstored() => {
                self.peers[at].replica.flush();
                if !self.peers[at].replica.unstored() {
                    let bytes = self.peers[at].replica.snapshot().encode();
                    self.post(Message::Snapshot(to, bytes));
                }
            }
            62..70 if at != to => {
                let bytes = self.peers[at].replica.status().encode();
                self.post(Message::Status(to, bytes));
            }
            70..90 => self.deliver(),
            90..93 => {
                let by = self.rng.bits() % 2_000;
                self.peers[at].clock.fetch_add(by, Ordering::Relaxed);
            }
            93..96 => drop(self.peers[at].replica.compact()),
            _ => self.restart(at),
        }
    }

    fn store(&mut self, at: usize) {
        if self.rng.chance(80) {
            self.store_now(at);
        } else {
            self.peers[at].replica.store();
        }
    }

    fn store_now(&mut self, at: usize) {
        let peer = &mut self.peers[at];
        let stored = peer.replica.store();
        peer.replica.is_stored(&stored);
        peer.stored = Some(stored);
        self.books.acknowledge(peer.replica.state());
        for change in peer.replica.unsent() {
            let id = (change.replica(), change.last());
            self.kept.insert(id, change.clone());
        }
    }

    /// The process dies, and goes on under its id from what it had stored: nobody has seen more.
    fn restart(&mut self, at: usize) {
        let peer = &mut self.peers[at];
        let Some(stored) = &peer.stored else {
            return;
        };
        let clock = Clock::Manual(peer.clock.clone());
        let back = must(Replica::<Ledger>::resume(stored.bytes(), clock));
        self.books.forgive(peer.replica.state(), back.state());
        peer.replica = remembering(back);
        self.enlist(at);
    }

    fn send(&mut self, from: usize, to: usize) {
        let version = match self.rng.chance(75) {
            true => self.peers[to].replica.version().clone(),
            false => Version::new(),
        };
        match self.peers[from].replica.changes_since(&version) {
            Delta::Changes(changes) => {
                for change in changes {
                    self.post(Message::Change(to, change.encode()));
                }
            }
            Delta::Snapshot(snapshot) => self.post(Message::Snapshot(to, snapshot.encode())),
        }
    }

    fn post(&mut self, message: Message) {
        if !self.rng.chance(15) {
            self.wire.push(message);
        }
    }

    fn deliver(&mut self) {
        for _ in 0..1 + self.rng.below(6) {
            if self.wire.is_empty() {
                return;
            }
            let index = self.rng.below(self.wire.len());
            match self.wire.swap_remove(index) {
                Message::Change(to, bytes) => {
                    let change = must(Change::decode(&bytes));
                    self.take(to, Delta::from(change.clone()));
                    if self.rng.chance(15) {
                        self.take(to, Delta::from(change));
                    }
                }
                Message::Snapshot(to, bytes) => {
                    self.take(to, Delta::from(must(Snapshot::decode(&bytes))));
                }
                Message::Status(to, bytes) => self.hear(to, &must(Status::decode(&bytes))),
            }
        }
    }

    fn take(&mut self, to: usize, delta: Delta) {
        match self.peers[to].replica.apply(delta) {
            Ok(report) => assert_eq!(
                (report.forked, report.below_floor, report.unreadable),
                (0, 0, 0),
                "{report:?}"
            ),
            // A message from before the floor, or from above it before this peer has caught up.
            Err(Error::SnapshotBelowFloor | Error::BelowFloor) if self.floors => {}
            Err(error) => panic!("{error}"),
        }
    }

    fn hear(&mut self, to: usize, status: &Status) {
        let standing = self.peers[to].replica.observe(status);
        assert_eq!(standing.diverged, None, "one version, two states");
        assert!(standing.forks.is_empty(), "a fork without a cause");
    }

    /// Everybody stores, and hears everything.
    fn heal(mut self) -> Tally {
        self.wire.clear();
        for round in 0..6 {
            for at in 0..self.peers.len() {
                self.store_now(at);
            }
            for from in 0..self.peers.len() {
                for to in (0..self.peers.len()).filter(|to| *to != from) {
                    let version = self.peers[to].replica.version().clone();
                    let delta = self.peers[from].replica.changes_since(&version);
                    self.take(to, delta);
                    // A hash of the state costs as much as the state, so states are compared once, in the end.
                    let replica = &mut self.peers[from].replica;
                    let status = match round {
                        5 => replica.full_status(),
                        _ => replica.status(),
                    };
                    self.hear(to, &status);
                }
            }
        }
        self.compare()
    }

    fn compare(mut self) -> Tally {
        let Some((first, others)) = self.peers.split_first_mut() else {
            panic!("a network without nodes");
        };
        let bytes = first.replica.snapshot().encode();
        for other in others {
            let replica = &mut other.replica;
            assert_eq!(
                replica.version(),
                first.replica.version(),
                "versions differ"
            );
            assert_eq!(
                replica.state_hash(),
                first.replica.state_hash(),
                "hashes differ"
            );
            assert_eq!(replica.pending(), 0, "changes still wait");
            let same = replica.snapshot().encode() == bytes;
            assert!(same, "snapshots differ");
        }
        let clock = Clock::Manual(self.peers[0].clock.clone());
        let mut witness = Replica::<Ledger>::with_clock(
            ReplicaId::new(u64::MAX).unwrap_or_else(ReplicaId::random),
            clock,
        );
        must(witness.apply(self.kept.into_values().collect::<Vec<_>>()));
        let first = &mut self.peers[0].replica;
        assert_eq!(witness.pending(), 0, "the witness waits");
        let (seen, shown) = (
            format!("{:?}", witness.state()),
            format!("{:?}", first.state()),
        );
        assert_eq!(seen, shown, "who collects nothing sees something else");
        assert_eq!(
            witness.state_hash(),
            first.state_hash(),
            "hash of a witness"
        );
        self.books.check_lines(self.peers[0].replica.state());
        self.books.check(self.peers[0].replica.state());
        self.books.check_shared(self.peers[0].replica.state());
        self.books.tally(self.peers[0].replica.state())
    }
}
