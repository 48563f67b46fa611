//! A seeded network of coordinators in virtual time: loss, duplicates, delay, reordering, partitions, connections that break, and
//! processes that die and come back from what they had stored. A mesh of peers, each with a strategy of its own; or a star of
//! optimistic clients around an authority that refuses some of what they submit.
//!
//! One seed is one run. What must be left at the end is said by `crate::ledger`.

mod carry;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use carry::carry;
use holo_runtime::sync::{Coordinator, Event, Options, PeerId, Strategy, SyncError};
use holo_runtime::{Clock, Replica, ReplicaId, Stored, Synced, Version};

use crate::ledger::{Books, Ledger, Tally};
use crate::rng::Rng;

pub(crate) const START: u64 = 1_700_000_000_000;

/// Who talks to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Everybody with everybody, all by one strategy.
    Mesh(Strategy),
    /// Everybody with everybody, each by a strategy of its own.
    Mixed,
    /// Optimistic clients with an authority, which has this strategy.
    Star(Strategy),
}

impl Shape {
    /// Each of them in some of the seeds.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        match seed % 8 {
            0 => Self::Mesh(Strategy::Full),
            1 | 2 => Self::Mesh(Strategy::Delta),
            3 => Self::Mesh(Strategy::Merkle),
            4 | 5 => Self::Mixed,
            6 => Self::Star(Strategy::Delta),
            _ => Self::Star([Strategy::Full, Strategy::Merkle][(seed / 8 % 2) as usize]),
        }
    }
}

struct Node {
    coordinator: Coordinator<Ledger>,
    stored: Option<Stored>,
    strategy: Strategy,
}

struct Parcel {
    at: u64,
    from: usize,
    to: usize,
    bytes: Vec<u8>,
}

struct Net {
    rng: Rng,
    shape: Shape,
    now: u64,
    clock: Arc<AtomicU64>,
    ids: Arc<AtomicU64>,
    nodes: Vec<Node>,
    wire: Vec<Parcel>,
    books: Books,
    /// Pairs that cannot hear one another.
    apart: BTreeSet<(usize, usize)>,
    /// What the authority has refused, by booking.
    refused: Arc<Mutex<Refused>>,
    past: Vec<Version>,
    log: usize,
    healing: bool,
}

/// What the authority has seen, and what it has refused of it.
#[derive(Default)]
pub(crate) struct Refused {
    known: BTreeSet<i64>,
    pub(crate) refused: BTreeSet<i64>,
}

impl Refused {
    /// Looks at what is booked after a change. Some bookings are refused, with all that is new beside them.
    pub(crate) fn judge(&mut self, booked: BTreeSet<i64>) -> Result<(), u32> {
        let new: Vec<i64> = booked.difference(&self.known).copied().collect();
        if let Some(bad) = new.iter().find(|number| *number % 11 == 5) {
            self.refused.extend(&new);
            return Err(*bad as u32);
        }
        self.known = booked;
        Ok(())
    }
}

/// Runs one seed.
///
/// # Panics
/// When replicas differ at the end, something acknowledged is lost, something refused is there, or an edit counts twice.
pub fn run(seed: u64, count: usize, steps: usize, shape: Shape) -> Tally {
    let mut net = Net::new(seed, count, shape);
    for _ in 0..steps {
        net.step();
    }
    net.heal()
}

/// # Panics
/// When not all hold the same, to the bit.
pub(crate) fn all_agree<'c, T: Synced + 'c>(nodes: impl Iterator<Item = &'c mut Coordinator<T>>) {
    let mut all = nodes.map(|node| {
        let pending = node.replica().pending();
        (node.with_replica(Replica::snapshot), pending)
    });
    let Some((first, _)) = all.next() else {
        panic!("a network without nodes");
    };
    for (other, pending) in all {
        assert_eq!(other.version(), first.version(), "versions differ");
        assert_eq!(pending, 0, "changes still wait");
        let same = other.encode() == first.encode();
        assert!(same, "snapshots differ: {other:?} {first:?}");
    }
}

pub(crate) fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn fresh(ids: &AtomicU64) -> ReplicaId {
    // Ids whose order differs from the order of creation.
    let number = ids.fetch_add(1, Ordering::Relaxed) + 1;
    ReplicaId::new(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).unwrap_or_else(ReplicaId::random)
}

impl Net {
    fn new(seed: u64, count: usize, shape: Shape) -> Self {
        let mut net = Self {
            rng: Rng::new(seed),
            shape,
            now: START,
            clock: Arc::new(AtomicU64::new(START)),
            ids: Arc::new(AtomicU64::new(0)),
            nodes: Vec::new(),
            wire: Vec::new(),
            books: Books::default(),
            apart: BTreeSet::new(),
            refused: Arc::default(),
            past: Vec::new(),
            log: 0,
            healing: false,
        };
        net.log = [10_000, 20, 3][net.rng.below(3)];
        for at in 0..count {
            let replica = Replica::with_clock(fresh(&net.ids), Clock::Manual(net.clock.clone()));
            let replica = replica.store_first();
            let strategy = net.strategy(at);
            let coordinator = net.coordinator(at, replica, strategy);
            net.nodes.push(Node {
                coordinator,
                stored: None,
                strategy,
            });
        }
        (0..count).for_each(|at| net.connect(at));
        net
    }

    fn strategy(&mut self, at: usize) -> Strategy {
        match self.shape {
            Shape::Mesh(strategy) => strategy,
            Shape::Mixed => *self
                .rng
                .pick(&[Strategy::Full, Strategy::Delta, Strategy::Merkle]),
            Shape::Star(strategy) if at == 0 => strategy,
            Shape::Star(_) => Strategy::Optimistic,
        }
    }

    fn coordinator(
        &self,
        at: usize,
        replica: Replica<Ledger>,
        strategy: Strategy,
    ) -> Coordinator<Ledger> {
        let options = Options {
            heartbeat_ms: 2_000,
            retry_ms: 300,
            message_bytes: [1_024, 1 << 20][(self.log == 3) as usize],
            ..Options::with(strategy)
        };
        let ids = self.ids.clone();
        let coordinator = Coordinator::new(replica.with_log_limits(self.log, 1 << 20))
            .with_options(options)
            .with_ids(move || fresh(&ids));
        if at > 0 || !matches!(self.shape, Shape::Star(_)) {
            return coordinator;
        }
        let refused = self.refused.clone();
        coordinator.with_judge(move |_, after| {
            let mut refused = refused.lock().unwrap_or_else(PoisonError::into_inner);
            refused.judge(after.booked())
        })
    }

    fn linked(&self, a: usize, b: usize) -> bool {
        a != b && (a == 0 || b == 0 || !matches!(self.shape, Shape::Star(_)))
    }

    /// A node is connected with all whom it talks to, from both ends.
    fn connect(&mut self, at: usize) {
        for other in 0..self.nodes.len() {
            if self.linked(at, other) {
                self.join(at, other);
            }
        }
    }

    fn join(&mut self, at: usize, other: usize) {
        let now = self.now;
        self.nodes[at]
            .coordinator
            .connect(PeerId(other as u64), now);
        self.nodes[other]
            .coordinator
            .connect(PeerId(at as u64), now);
    }

    fn step(&mut self) {
        let (count, at) = (self.nodes.len(), self.rng.below(self.nodes.len()));
        let other = self.rng.below(count);
        match self.rng.below(100) {
            0..30 if at > 0 || !matches!(self.shape, Shape::Star(_)) => {
                let (books, rng) = (&mut self.books, &mut self.rng);
                self.nodes[at]
                    .coordinator
                    .edit(|edit| books.edit(edit, rng));
            }
            30..48 => self.store(at),
            48..52 => drop(self.apart.insert((at.min(other), at.max(other)))),
            52..58 => drop(self.apart.pop_first()),
            58..60 if self.linked(at, other) => self.join(at, other),
            60..62 if at > 0 || !matches!(self.shape, Shape::Star(_)) => self.restart(at),
            62..64 if matches!(self.shape, Shape::Star(_)) => self.floor(),
            _ => {
                let by = 1 + self.rng.bits() % 60;
                self.pass(by);
            }
        }
    }

    /// Time goes by, and everything that is due happens.
    fn pass(&mut self, millis: u64) {
        let until = self.now + millis;
        while self.now < until {
            let next = self.wire.iter().map(|parcel| parcel.at).min();
            let wakeups = self
                .nodes
                .iter()
                .filter_map(|node| node.coordinator.next_wakeup());
            let next = wakeups.chain(next).min().unwrap_or(until);
            self.now = next.clamp(self.now + 1, until);
            self.clock.store(self.now, Ordering::Relaxed);
            self.deliver();
            for from in 0..self.nodes.len() {
                while let Some(out) = self.nodes[from].coordinator.poll(self.now) {
                    self.post(from, out.to.0 as usize, out.bytes);
                }
            }
        }
    }

    fn post(&mut self, from: usize, to: usize, bytes: Vec<u8>) {
        let apart = self.apart.contains(&(from.min(to), from.max(to)));
        let mut delay = 5;
        if !self.healing {
            if apart || self.rng.chance(12) {
                return;
            }
            delay = 1 + self.rng.bits() % 150;
            if self.rng.chance(10) {
                let at = self.now + delay * 3;
                let bytes = bytes.clone();
                self.wire.push(Parcel {
                    at,
                    from,
                    to,
                    bytes,
                });
            }
        }
        let at = self.now + delay;
        self.wire.push(Parcel {
            at,
            from,
            to,
            bytes,
        });
    }

    fn deliver(&mut self) {
        let now = self.now;
        let due: Vec<Parcel> = self
            .wire
            .extract_if(.., |parcel| parcel.at <= now)
            .collect();
        for parcel in due {
            let node = &mut self.nodes[parcel.to].coordinator;
            match node.handle(PeerId(parcel.from as u64), &parcel.bytes, now) {
                Ok(()) | Err(SyncError::NotConnected(_)) => {}
                Err(error) => panic!("{error}"),
            }
            if parcel.to == 0 && matches!(self.shape, Shape::Star(_)) {
                self.past
                    .push(self.nodes[0].coordinator.replica().version().clone());
            }
            self.listen(parcel.to);
        }
    }

    fn listen(&mut self, at: usize) {
        while let Some(event) = self.nodes[at].coordinator.event() {
            if std::env::var("HOLO_TRACE").is_ok() && !matches!(event, Event::Sent(..)) {
                println!("{} {at} {event:?}", self.now - START);
            }
            match event {
                Event::Diverged(_) => panic!("one version, two states"),
                Event::Forked(..) if !matches!(self.shape, Shape::Star(_)) => {
                    panic!("a fork without a cause")
                }
                _ => {}
            }
        }
    }

    fn store(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        let stored = node.coordinator.with_replica(Replica::store);
        if self.healing || self.rng.chance(80) {
            node.coordinator
                .with_replica(|replica| replica.is_stored(&stored));
            node.stored = Some(stored);
            let star = matches!(self.shape, Shape::Star(_));
            if !star || at == 0 {
                self.books.acknowledge(node.coordinator.state());
            }
        }
    }

    /// The process dies, and goes on under its id from what it had stored: nobody has seen more.
    fn restart(&mut self, at: usize) {
        let node = &self.nodes[at];
        let Some(stored) = &node.stored else {
            return;
        };
        let clock = Clock::Manual(self.clock.clone());
        let back = must(Replica::<Ledger>::resume(stored.bytes(), clock));
        self.books.forgive(node.coordinator.state(), back.state());
        let strategy = node.strategy;
        self.nodes[at].coordinator = self.coordinator(at, back, strategy);
        self.connect(at);
    }

    /// The authority lays a floor at a version that it had.
    fn floor(&mut self) {
        if self.past.is_empty() {
            return;
        }
        let to = self.past.swap_remove(self.rng.below(self.past.len()));
        let authority = &mut self.nodes[0].coordinator;
        authority.with_replica(|replica| replica.advance_floor(&to).is_ok());
    }

    /// The network works, everybody stores, and time goes by.
    fn heal(mut self) -> Tally {
        self.healing = true;
        self.apart.clear();
        for _ in 0..60 {
            (0..self.nodes.len()).for_each(|at| self.store(at));
            self.pass(1_000);
            if self.is_quiet() {
                break;
            }
        }
        // Hashes of chains that a floor has made forget are learned from statuses, once all is acknowledged.
        for _ in 0..3 {
            (0..self.nodes.len()).for_each(|at| self.store(at));
            self.pass(2_100);
        }
        self.compare()
    }

    fn is_quiet(&mut self) -> bool {
        let mut hashes = BTreeSet::new();
        let same = self.nodes.windows(2).all(|pair| {
            let version = |node: &Node| node.coordinator.replica().version().clone();
            version(&pair[0]) == version(&pair[1])
        });
        for node in &mut self.nodes {
            hashes.insert(node.coordinator.with_replica(|it| it.state_hash()));
        }
        same && hashes.len() == 1
    }

    fn compare(mut self) -> Tally {
        all_agree(self.nodes.iter_mut().map(|node| &mut node.coordinator));
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let state = self.nodes[0].coordinator.state();
        let booked = state.booked();
        if let Some(number) = refused.refused.intersection(&booked).next() {
            panic!("{number} was refused and is there");
        }
        self.books.forgive_all(&refused.refused, state);
        self.books.check(state);
        // Who takes out what a refused change had taken out already has seen less than the books say.
        if refused.refused.is_empty() {
            self.books.check_shared(state);
        }
        self.books.tally(state)
    }
}
