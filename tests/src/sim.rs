//! A seeded network of replicas: edits, loss, duplicates, reordering, snapshots, skewed clocks and restarts.
//!
//! One seed is one run. Everything that travels goes through its encoding. At the end the network heals, and replicas that
//! hold the same changes must be equal to the bit.

mod past;

use std::collections::BTreeMap;
use std::fmt::Debug;

use holo_runtime::{Change, Clock, Delta, Hlc, Replica, ReplicaId, Snapshot, Synced, Version};

use crate::rng::Rng;

/// State that the simulator can edit.
pub trait Subject: Synced + Debug {
    /// What an edit did, for the oracle.
    type Op: Debug + Clone;

    /// One that nobody wrote to, for the run of a seed.
    #[must_use]
    fn begin(_seed: u64) -> Self {
        Self::default()
    }

    /// All that undo gives back, as text. An empty one says nothing, and is for types of which not all comes back.
    #[must_use]
    fn shown(&self) -> String {
        String::new()
    }

    /// Does something random and says what it was.
    fn act(edit: &mut Self::Edit<'_>, rng: &mut Rng) -> Vec<Self::Op>;
}

/// A sealed change with what its author did in it and what the author held before it.
#[derive(Debug, Clone)]
pub struct Sealed<Op> {
    /// Its author and first time.
    pub author: ReplicaId,
    /// Its time.
    pub time: Hlc,
    /// What the author held, itself not included.
    pub past: Version,
    /// What was done, in order.
    pub ops: Vec<Op>,
}

/// How long and how rough a run is.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many replicas.
    pub replicas: usize,
    /// How many steps before the network heals.
    pub steps: usize,
    /// Changes that a replica's log keeps; a small number forces snapshots.
    pub log: usize,
}

struct Node<T: Subject> {
    replica: Replica<T>,
    clock: Clock,
    unsealed: Vec<T::Op>,
    stored: Option<Vec<u8>>,
    /// What it may go back to.
    captured: Option<Snapshot>,
}

struct Net<T: Subject> {
    rng: Rng,
    seed: u64,
    plan: Plan,
    nodes: Vec<Node<T>>,
    /// Messages under way: to whom, and the bytes.
    wire: Vec<(usize, Message)>,
    sealed: BTreeMap<(ReplicaId, Hlc), Sealed<T::Op>>,
    /// What some replica had stored: it may not be lost.
    promised: Version,
    next_id: u64,
    /// A replica died and took changes with it; one that rests on them may wait for ever.
    died: bool,
    /// Replicas undo what they did, and go back to what was.
    history: bool,
}

#[derive(Clone)]
enum Message {
    Change(Vec<u8>),
    Snapshot(Vec<u8>),
}

/// What a run ended with.
#[derive(Debug)]
pub struct Outcome<T: Subject> {
    /// The state that all replicas share.
    pub replica: Replica<T>,
    /// Every change that survived, in stamp order.
    pub sealed: Vec<Sealed<T::Op>>,
}

/// Runs one seed.
///
/// # Panics
/// When replicas differ, or something that was stored is lost. The message names the seed.
pub fn run<T: Subject>(seed: u64, plan: Plan) -> Outcome<T> {
    let mut net = Net::new(seed, plan);
    for _ in 0..plan.steps {
        net.step();
    }
    net.heal(seed)
}

/// Runs one seed in which replicas also undo what they did, do it again, and go back to what they captured. What was done then tells
/// nothing of the end any more, so there is none to compare with; but undo gives back what was there before.
///
/// # Panics
/// When replicas differ, or undo and redo do not give back what was there.
pub fn run_with_history<T: Subject>(seed: u64, plan: Plan) {
    let mut net = Net::<T>::new(seed, plan);
    net.history = true;
    for node in &mut net.nodes {
        node.replica.remember(past::limits(seed));
    }
    for _ in 0..plan.steps {
        if net.rng.chance(25) {
            net.travel();
        } else {
            net.step();
        }
    }
    net.heal(seed);
}

impl<T: Subject> Net<T> {
    fn new(seed: u64, plan: Plan) -> Self {
        let mut net = Self {
            rng: Rng::new(seed),
            seed,
            plan,
            nodes: Vec::new(),
            wire: Vec::new(),
            sealed: BTreeMap::new(),
            promised: Version::new(),
            next_id: 0,
            died: false,
            history: false,
        };
        for _ in 0..plan.replicas {
            let skewed = 1_000_000 + net.rng.below(60_000) as u64;
            let clock = Clock::manual(skewed);
            let replica = Replica::with_state(net.fresh_id(), clock.clone(), T::begin(seed))
                .with_log_limits(plan.log, 1 << 20);
            net.nodes.push(Node {
                replica,
                clock,
                unsealed: Vec::new(),
                stored: None,
                captured: None,
            });
        }
        net
    }

    fn fresh_id(&mut self) -> ReplicaId {
        self.next_id += 1;
        // Ids whose order differs from the order of creation.
        ReplicaId::new(self.next_id.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .unwrap_or_else(ReplicaId::random)
    }

    fn step(&mut self) {
        let at = self.rng.below(self.nodes.len());
        match self.rng.below(100) {
            0..40 => self.edit(at),
            40..50 => drop(self.seal(at)),
            50..62 => self.send_changes(at),
            62..66 => self.send_snapshot(at),
            66..90 => self.deliver(),
            90..94 => self.nodes[at].clock.advance(self.rng.bits() % 2_000),
            94..97 => self.store(at),
            _ => self.restart(at),
        }
    }

    fn edit(&mut self, at: usize) {
        let (node, rng) = (&mut self.nodes[at], &mut self.rng);
        if rng.chance(10) {
            // An edit that fails leaves no trace.
            let before = format!("{:?}", node.replica.state());
            let failed: Result<(), _> = node.replica.try_edit(|edit| {
                T::act(edit, rng);
                Err(holo_runtime::Error::ClockExhausted)
            });
            assert!(failed.is_err());
            assert_eq!(
                before,
                format!("{:?}", node.replica.state()),
                "a failed edit left a trace"
            );
        } else {
            let ops = node.replica.edit(|edit| T::act(edit, rng));
            node.unsealed.extend(ops);
        }
    }

    fn seal(&mut self, at: usize) -> Option<Change> {
        let node = &mut self.nodes[at];
        let past = node.replica.version().clone();
        let ops = std::mem::take(&mut node.unsealed);
        let change = node.replica.flush()?;
        let sealed = Sealed {
            author: change.replica(),
            time: change.time(),
            past,
            ops,
        };
        self.sealed
            .insert((change.replica(), change.last()), sealed);
        Some(change)
    }

    fn send_changes(&mut self, from: usize) {
        self.seal(from);
        let to = self.rng.below(self.nodes.len());
        // Sometimes to a peer whose version is not known, so that everything goes out again.
        let known = if self.rng.chance(70) {
            self.nodes[to].replica.version().clone()
        } else {
            Version::new()
        };
        match self.nodes[from].replica.changes_since(&known) {
            Delta::Changes(changes) => {
                for change in changes {
                    self.post(to, Message::Change(change.encode()));
                }
            }
            Delta::Snapshot(snapshot) => self.post(to, Message::Snapshot(snapshot.encode())),
        }
    }

    fn send_snapshot(&mut self, from: usize) {
        self.seal(from);
        let to = self.rng.below(self.nodes.len());
        let snapshot = self.nodes[from].replica.snapshot();
        self.post(to, Message::Snapshot(snapshot.encode()));
    }

    fn post(&mut self, to: usize, message: Message) {
        if self.rng.chance(15) {
            return;
        }
        if self.rng.chance(15) {
            self.wire.push((to, message.clone()));
        }
        self.wire.push((to, message));
    }

    /// Delivers some of what is under way, in any order.
    fn deliver(&mut self) {
        for _ in 0..self.rng.below(6) {
            if self.wire.is_empty() {
                return;
            }
            let index = self.rng.below(self.wire.len());
            let (to, message) = self.wire.swap_remove(index);
            self.seal(to);
            self.receive(to, message);
        }
    }

    fn receive(&mut self, to: usize, message: Message) {
        let replica = &mut self.nodes[to].replica;
        let delta = match message {
            Message::Change(bytes) => {
                Delta::from(Change::decode(&bytes).unwrap_or_else(|error| panic!("{error}")))
            }
            Message::Snapshot(bytes) => {
                Delta::from(Snapshot::decode(&bytes).unwrap_or_else(|error| panic!("{error}")))
            }
        };
        let report = replica
            .apply(delta)
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            report.unreadable + report.forked + report.held,
            0,
            "{report:?}"
        );
    }

    fn store(&mut self, at: usize) {
        self.seal(at);
        let node = &mut self.nodes[at];
        node.stored = Some(node.replica.snapshot().encode());
        self.promised.join(node.replica.version());
    }

    /// The process dies and comes back from what it had stored, under a fresh id.
    fn restart(&mut self, at: usize) {
        let id = self.fresh_id();
        let log = self.plan.log;
        let node = &mut self.nodes[at];
        let Some(stored) = &node.stored else {
            return;
        };
        let snapshot = Snapshot::decode(stored).unwrap_or_else(|error| panic!("{error}"));
        let replica = Replica::restore(id, node.clock.clone(), snapshot, T::begin(self.seed))
            .unwrap_or_else(|error| panic!("{error}"));
        node.replica = replica.with_log_limits(log, 1 << 20);
        if self.history {
            node.replica.remember(past::limits(self.seed));
        }
        node.unsealed.clear();
        self.died = true;
    }

    fn heal(mut self, seed: u64) -> Outcome<T> {
        for at in 0..self.nodes.len() {
            self.seal(at);
        }
        // What waited at one replica may become ready in the last exchange of a round, so there are several.
        for _ in 0..5 {
            for from in 0..self.nodes.len() {
                for to in 0..self.nodes.len() {
                    let version = self.nodes[to].replica.version().clone();
                    let delta = self.nodes[from].replica.changes_since(&version);
                    self.nodes[to]
                        .replica
                        .apply(delta)
                        .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
                }
            }
        }
        let mut nodes = self.nodes.into_iter().map(|node| node.replica);
        let Some(mut first) = nodes.next() else {
            panic!("a network without nodes");
        };
        let (hash, bytes) = (first.state_hash(), first.snapshot().encode());
        for mut other in nodes {
            assert_eq!(
                first.version(),
                other.version(),
                "seed {seed}: versions differ after healing"
            );
            assert!(
                self.died || other.pending() == 0,
                "seed {seed}: changes still wait"
            );
            let (a, b) = (
                format!("{:?}", first.state()),
                format!("{:?}", other.state()),
            );
            assert_eq!(a, b, "seed {seed}: states differ");
            assert_eq!(hash, other.state_hash(), "seed {seed}: hashes differ");
            assert_eq!(
                bytes,
                other.snapshot().encode(),
                "seed {seed}: snapshots differ"
            );
        }
        assert!(
            first.version().covers_all(&self.promised),
            "seed {seed}: something stored was lost"
        );
        let version = first.version().clone();
        let survived = self
            .sealed
            .into_iter()
            .filter(|((replica, last), _)| version.get(*replica) >= *last);
        let mut sealed: Vec<_> = survived.map(|(_, sealed)| sealed).collect();
        sealed.sort_by_key(|change| (change.time, change.author));
        Outcome {
            replica: first,
            sealed,
        }
    }
}
