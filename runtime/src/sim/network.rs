//! [`Sim`]: replicas, the messages between them, and virtual time.
//!
//! Each replica asks another for what it lacks now and then, by its version, and is answered with changes or a snapshot: no message
//! is needed for the next to work, as over any real network.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::{Diverged, Faults, Rng};
use crate::crdt::Synced;
use crate::{Change, Clock, Delta, Replica, ReplicaId, Snapshot, Version};

/// How far time goes on in a step.
const STEP_MS: u64 = 10;
/// How often each replica asks another.
const ASK_EVERY_MS: u64 = 50;
/// Where the clocks start.
const START_MS: u64 = 1_700_000_000_000;

/// A seeded network of replicas of one document. See [`super`].
#[derive(Debug)]
pub struct Sim<T: Synced> {
    seed: u64,
    rng: Rng,
    faults: Faults,
    now: u64,
    nodes: Vec<Node<T>>,
    /// What is under way, by when it arrives and in which order it was sent.
    wire: BTreeMap<(u64, u64), Letter>,
    sent: u64,
    broken: BTreeSet<(usize, usize)>,
    ids: u64,
    bytes: u64,
}

#[derive(Debug)]
struct Node<T: Synced> {
    replica: Replica<T>,
    clock: Clock,
    stored: Option<Vec<u8>>,
    asks_at: u64,
}

#[derive(Clone, Debug)]
struct Letter {
    from: usize,
    to: usize,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    /// "This is what I hold."
    Ask(Vec<u8>),
    Change(Vec<u8>),
    Snapshot(Vec<u8>),
}

impl Content {
    fn len(&self) -> usize {
        match self {
            Self::Ask(bytes) | Self::Change(bytes) | Self::Snapshot(bytes) => bytes.len(),
        }
    }
}

impl<T: Synced> Sim<T> {
    /// A network of so many replicas, at least one, with [`Faults::default`].
    #[must_use]
    pub fn new(seed: u64, replicas: usize) -> Self {
        let sim = Self {
            seed,
            rng: Rng::new(seed),
            faults: Faults::default(),
            now: 0,
            nodes: Vec::new(),
            wire: BTreeMap::new(),
            sent: 0,
            broken: BTreeSet::new(),
            ids: 0,
            bytes: 0,
        };
        sim.populated(replicas.max(1))
    }

    /// Sets what may go wrong; before anything has happened.
    #[must_use]
    pub fn with_faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self.rng = Rng::new(self.seed);
        let replicas = self.nodes.len();
        self.populated(replicas)
    }

    fn populated(mut self, replicas: usize) -> Self {
        self.nodes.clear();
        for _ in 0..replicas {
            let ahead = self.rng.below(self.faults.skew_ms as usize + 1) as u64;
            let clock = Clock::manual(START_MS + ahead);
            let replica = Replica::with_clock(self.fresh_id(), clock.clone());
            self.nodes.push(Node {
                replica: replica.with_log_limits(self.faults.log, 1 << 20),
                clock,
                stored: None,
                asks_at: 0,
            });
        }
        self
    }

    fn fresh_id(&mut self) -> ReplicaId {
        loop {
            self.ids += 1;
            // Ids whose order differs from the order of creation.
            if let Some(id) = ReplicaId::new(self.ids.wrapping_mul(0x9e37_79b9_7f4a_7c15)) {
                return id;
            }
        }
    }

    /// So many steps: in each somebody edits, time goes on by 10 ms, and what is due arrives.
    pub fn run(&mut self, steps: usize, mut edit: impl FnMut(&mut T::Edit<'_>, &mut Rng)) {
        for _ in 0..steps {
            let at = self.rng.below(self.nodes.len());
            if self.rng.chance(60) {
                let rng = &mut self.rng;
                self.nodes[at].replica.edit(|view| edit(view, rng));
            }
            self.misfortune(at);
            self.advance(STEP_MS);
        }
    }

    /// One edit at one replica, by number. What the closure returns.
    ///
    /// # Panics
    /// When there is no such replica.
    pub fn edit<R>(&mut self, at: usize, edit: impl FnOnce(&mut T::Edit<'_>) -> R) -> R {
        self.nodes[at].replica.edit(edit)
    }

    /// Lets time go by, and what is due arrive.
    pub fn advance(&mut self, millis: u64) {
        let end = self.now + millis;
        while self.now < end {
            let by = STEP_MS.min(end - self.now);
            self.now += by;
            for at in 0..self.nodes.len() {
                self.nodes[at].clock.advance(by);
                if self.nodes[at].asks_at <= self.now {
                    self.nodes[at].asks_at = self.now + ASK_EVERY_MS;
                    self.ask(at);
                }
            }
            while let Some(first) = self.wire.first_entry()
                && first.key().0 <= self.now
            {
                let letter = first.remove();
                self.receive(letter);
            }
        }
    }

    /// Breaks all links between one group of replicas and the others.
    pub fn partition(&mut self, group: &[usize]) {
        for a in 0..self.nodes.len() {
            for b in 0..self.nodes.len() {
                if group.contains(&a) != group.contains(&b) {
                    self.broken.insert((a, b));
                }
            }
        }
    }

    /// Mends all links.
    pub fn heal(&mut self) {
        self.broken.clear();
    }

    /// One of the replicas, by number.
    ///
    /// # Panics
    /// When there is no such replica.
    #[must_use]
    pub fn replica(&self, at: usize) -> &Replica<T> {
        &self.nodes[at].replica
    }

    /// The same, to do with it what the simulator does not.
    ///
    /// # Panics
    /// When there is no such replica.
    pub fn replica_mut(&mut self, at: usize) -> &mut Replica<T> {
        &mut self.nodes[at].replica
    }

    /// The states, by number of their replicas.
    pub fn states(&self) -> impl ExactSizeIterator<Item = &T> {
        self.nodes.iter().map(|node| node.replica.state())
    }

    /// How many bytes were sent, lost ones included.
    #[must_use]
    pub fn bytes_sent(&self) -> u64 {
        self.bytes
    }

    /// Virtual milliseconds since the start.
    #[must_use]
    pub fn now_millis(&self) -> u64 {
        self.now
    }

    fn misfortune(&mut self, at: usize) {
        if self.rng.chance(self.faults.partitions) {
            let other = self.rng.below(self.nodes.len());
            for link in [(at, other), (other, at)] {
                if !self.broken.remove(&link) {
                    self.broken.insert(link);
                }
            }
        }
        if self.rng.chance(4) {
            let node = &mut self.nodes[at];
            node.stored = Some(node.replica.store().bytes().to_vec());
        }
        if self.rng.chance(self.faults.restarts) {
            self.restart(at);
        }
    }

    /// The process dies, and comes back from what it had stored under a fresh id.
    fn restart(&mut self, at: usize) {
        let id = self.fresh_id();
        let node = &mut self.nodes[at];
        let clock = node.clock.clone();
        let back = node
            .stored
            .as_ref()
            .and_then(|stored| Replica::open(stored, id, clock).ok());
        if let Some(back) = back {
            node.replica = back.with_log_limits(self.faults.log, 1 << 20);
        }
    }

    fn ask(&mut self, from: usize) {
        let to = self.rng.below(self.nodes.len());
        if to != from {
            self.nodes[from].replica.flush();
            let version = self.nodes[from].replica.version().encode();
            self.post(from, to, Content::Ask(version));
        }
    }

    fn post(&mut self, from: usize, to: usize, content: Content) {
        self.bytes += content.len() as u64;
        let lost = self.rng.chance(self.faults.loss);
        if lost || self.broken.contains(&(from, to)) {
            return;
        }
        let copies = 1 + usize::from(self.rng.chance(self.faults.duplicates));
        for _ in 0..copies {
            let (least, most) = self.faults.delay_ms;
            let delay = least + self.rng.below(most.saturating_sub(least) as usize + 1) as u64;
            self.sent += 1;
            let letter = Letter {
                from,
                to,
                content: content.clone(),
            };
            self.wire.insert((self.now + delay, self.sent), letter);
        }
    }

    fn receive(&mut self, letter: Letter) {
        let Letter { from, to, content } = letter;
        let replica = &mut self.nodes[to].replica;
        // What a replica refuses it may refuse: it asks again.
        match content {
            Content::Ask(bytes) => {
                if let Ok(version) = Version::decode(&bytes) {
                    let delta = replica.changes_since(&version);
                    self.answer(to, from, delta);
                }
            }
            Content::Change(bytes) => {
                if let Ok(change) = Change::decode(&bytes) {
                    replica.apply(change).ok();
                }
            }
            Content::Snapshot(bytes) => {
                if let Ok(snapshot) = Snapshot::decode(&bytes) {
                    replica.apply(snapshot).ok();
                }
            }
        }
    }

    fn answer(&mut self, from: usize, to: usize, delta: Delta) {
        match delta {
            Delta::Changes(changes) => {
                for change in changes {
                    self.post(from, to, Content::Change(change.encode()));
                }
            }
            Delta::Snapshot(snapshot) => {
                self.post(from, to, Content::Snapshot(snapshot.encode()));
            }
        }
    }
}

impl<T: Synced + Debug> Sim<T> {
    /// Heals the network, lets everybody hear everything, and compares.
    ///
    /// # Errors
    /// [`Diverged`] when two replicas do not hold the same, to the bit.
    pub fn settle(&mut self) -> Result<(), Diverged> {
        self.heal();
        self.wire.clear();
        for _ in 0..self.nodes.len() + 2 {
            for from in 0..self.nodes.len() {
                for to in (0..self.nodes.len()).filter(|to| *to != from) {
                    let version = self.nodes[to].replica.version().clone();
                    let delta = self.nodes[from].replica.changes_since(&version);
                    self.bytes += delta.encoded_len() as u64;
                    self.nodes[to].replica.apply(delta).ok();
                }
            }
        }
        for other in 1..self.nodes.len() {
            self.compare(0, other)?;
        }
        Ok(())
    }

    /// The same, for a test.
    ///
    /// # Panics
    /// When two replicas do not hold the same. The message names the seed.
    pub fn assert_converged(&mut self) {
        if let Err(diverged) = self.settle() {
            panic!("{diverged}");
        }
    }

    fn compare(&mut self, a: usize, b: usize) -> Result<(), Diverged> {
        let [one, other] = [a, b].map(|at| {
            let replica = &mut self.nodes[at].replica;
            let bytes = replica.snapshot().encode();
            let version = format!("{:?}", replica.version());
            (version, format!("{:?}", replica.state()), bytes)
        });
        let differ = |what, left: &str, right: &str| {
            Err(Diverged {
                seed: self.seed,
                at: (a, b),
                what,
                left: left.to_owned(),
                right: right.to_owned(),
            })
        };
        if one.0 != other.0 {
            return differ("version", &one.0, &other.0);
        }
        if one.1 != other.1 {
            return differ("state", &one.1, &other.1);
        }
        if one.2 != other.2 {
            return differ("bytes", &format!("{:?}", one.2), &format!("{:?}", other.2));
        }
        Ok(())
    }
}
