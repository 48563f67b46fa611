//! A seeded network in virtual time in which everything moves at once: members edit, undo, capture and restore, follow timelines, and
//! move live fields, while some pairs keep in step by coordinators of every strategy and others by hand.
//!
//! One seed is one run. What must be left at the end is said by `crate::ledger`, by a witness who hears of every change and collects
//! nothing, and, for what moves, by `lanes`.

mod lanes;
mod net;
mod past;
mod rest;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use holo_runtime::history::UndoLimits;
use holo_runtime::live::{Grant, LiveLane};
use holo_runtime::sync::{Coordinator, Options, PeerId, Strategy};
use holo_runtime::{
    Change, Clock, Hlc, LwwRegister, OrMap, Quat, Replica, ReplicaId, Stored, Synced, Vec3,
};

use crate::coordinated::{Refused, START, Shape, fresh, must};
use crate::ledger::{Books, Ledger};
use crate::rng::Rng;

/// What is shared: a document, and what moves.
#[derive(Debug, Synced)]
#[synced(rate = "20hz", interpolation = "catmull_rom")]
pub struct World {
    ledger: Ledger,
    cubes: OrMap<u32, Cube>,
    /// Moved by all, as a cursor that is fought over.
    #[synced(live, interpolation = "hermite")]
    pointer: LwwRegister<Vec3>,
    /// Counted up, by one alone.
    #[synced(live, interpolation = "none")]
    ticker: LwwRegister<f64>,
}

/// Something that is moved.
#[derive(Debug, Synced)]
#[synced(rate = "30hz")]
pub struct Cube {
    #[synced(live)]
    position: LwwRegister<Vec3>,
    #[synced(live)]
    rotation: LwwRegister<Quat>,
    #[synced(live, rate = "10hz")]
    grip: LwwRegister<f64>,
}

/// What runs came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Edits made.
    pub edits: u64,
    /// Steps undone and done again.
    pub undone: u64,
    /// Times that somebody went back to a capture.
    pub restored: u64,
    /// States that were looked at again in a timeline.
    pub reviewed: u64,
    /// Messages of coordinators that arrived.
    pub messages: u64,
    /// Changes and snapshots that were carried by hand.
    pub carried: u64,
    /// Live frames that were sent.
    pub frames: u64,
    /// Messages and frames that were lost on the way.
    pub lost: u64,
    /// Times that a live value was shown in place of the durable one.
    pub overlaid: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.edits += other.edits;
        self.undone += other.undone;
        self.restored += other.restored;
        self.reviewed += other.reviewed;
        self.messages += other.messages;
        self.carried += other.carried;
        self.frames += other.frames;
        self.lost += other.lost;
        self.overlaid += other.overlaid;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            edits,
            undone,
            restored,
            reviewed,
            messages,
            carried,
            frames,
            lost,
            overlaid,
        } = self;
        write!(
            f,
            "{edits} edits, {undone} undone or done again, {restored} restores, {reviewed} looks into the past, {messages} messages, \
             {carried} carried by hand, {frames} frames, {lost} lost on the way, {overlaid} times a live value was shown"
        )
    }
}

struct Node {
    coordinator: Coordinator<World>,
    lane: LiveLane<World>,
    clock: Arc<AtomicU64>,
    /// How far its clocks are ahead: that of changes, and that of the lane.
    ahead: (u64, u64),
    strategy: Strategy,
    stored: Option<Stored>,
    past: past::Past,
    /// The greatest number that its ticker has shown.
    ticked: f64,
}

struct Net {
    rng: Rng,
    shape: Shape,
    /// Members undo and restore.
    history: bool,
    now: u64,
    ids: Arc<AtomicU64>,
    nodes: Vec<Node>,
    wire: Vec<net::Parcel>,
    books: Books,
    /// Pairs that cannot hear one another.
    apart: BTreeSet<(usize, usize)>,
    /// Pairs whose changes are carried by hand: they have no coordinators between them.
    by_hand: BTreeSet<(usize, usize)>,
    refused: Arc<Mutex<Refused>>,
    /// Changes that were stored: none of them may be lost.
    kept: BTreeMap<(ReplicaId, Hlc), Change>,
    grants: Vec<Grant>,
    log: usize,
    healing: bool,
    tally: Tally,
}

/// Runs these steps of one seed.
///
/// # Panics
/// When replicas differ at the end, something acknowledged is lost, going back does not lead back, or what moved has not come to rest
/// where it was put last.
pub fn run(seed: u64, count: usize, steps: impl Iterator<Item = u64>) -> Tally {
    let mut net = Net::new(seed, count);
    for step in steps {
        net.rng = Rng::of_step(seed, step);
        net.step();
    }
    net.rng = Rng::of_step(seed, u64::MAX);
    net.heal();
    net.compare();
    net.last_word();
    net.duel(false);
    net.duel(true);
    net.tally
}

impl Net {
    fn new(seed: u64, count: usize) -> Self {
        let mut net = Self {
            rng: Rng::new(seed),
            shape: Shape::of(seed),
            history: !(seed / 8).is_multiple_of(3),
            now: START,
            ids: Arc::new(AtomicU64::new(0)),
            nodes: Vec::new(),
            wire: Vec::new(),
            books: Books::default(),
            apart: BTreeSet::new(),
            by_hand: BTreeSet::new(),
            refused: Arc::default(),
            kept: BTreeMap::new(),
            grants: Vec::new(),
            log: 0,
            healing: false,
            tally: Tally::default(),
        };
        net.log = [10_000, 20, 3][net.rng.below(3)];
        for at in 0..count {
            let ahead = (net.rng.bits() % 5_000, net.rng.bits() % 100_000);
            let clock = Arc::new(AtomicU64::new(START + ahead.0));
            let replica = Replica::with_clock(fresh(&net.ids), Clock::Manual(clock.clone()));
            let strategy = net.strategy(at);
            let replica = net.remembering(replica.store_first());
            let coordinator = net.coordinator(at, replica, strategy);
            net.nodes.push(Node {
                coordinator,
                lane: LiveLane::new(),
                clock,
                ahead,
                strategy,
                stored: None,
                past: past::Past::default(),
                ticked: 0.0,
            });
        }
        net.part_pairs();
        (0..count).for_each(|at| net.connect(at));
        net.nodes[0].coordinator.edit(|world| {
            (0..CUBES / 2).for_each(|key| {
                world.cubes.insert(key);
            });
        });
        net
    }

    /// Some pairs of a mesh know nothing of coordinators. Neighbours do, so that all are in reach of all.
    fn part_pairs(&mut self) {
        let count = self.nodes.len();
        for (a, b) in (0..count).flat_map(|b| (0..b).map(move |a| (a, b))) {
            if !self.is_star() && b - a > 1 && self.rng.chance(60) {
                self.by_hand.insert((a, b));
            }
        }
    }

    fn is_star(&self) -> bool {
        matches!(self.shape, Shape::Star(_))
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

    fn remembering(&self, replica: Replica<World>) -> Replica<World> {
        let limits = UndoLimits {
            steps: [0, 8][usize::from(self.history)],
            ..UndoLimits::default()
        };
        replica.with_log_limits(self.log, 1 << 20).with_undo(limits)
    }

    fn coordinator(
        &self,
        at: usize,
        replica: Replica<World>,
        strategy: Strategy,
    ) -> Coordinator<World> {
        let options = Options {
            heartbeat_ms: 2_000,
            retry_ms: 300,
            message_bytes: [1_024, 1 << 20][usize::from(self.log == 3)],
            ..Options::with(strategy)
        };
        let ids = self.ids.clone();
        let coordinator = Coordinator::new(replica)
            .with_options(options)
            .with_ids(move || fresh(&ids));
        if at > 0 || !self.is_star() {
            return coordinator;
        }
        let refused = self.refused.clone();
        coordinator.with_judge(move |_, after| {
            let mut refused = refused.lock().unwrap_or_else(PoisonError::into_inner);
            refused.judge(after.ledger.booked())
        })
    }

    /// True when these two keep in step by coordinators.
    fn linked(&self, a: usize, b: usize) -> bool {
        let hub = a == 0 || b == 0 || !self.is_star();
        a != b && hub && !self.by_hand.contains(&(a.min(b), a.max(b)))
    }

    /// A node is connected with all whom it keeps in step with, from both ends.
    fn connect(&mut self, at: usize) {
        for other in 0..self.nodes.len() {
            if self.linked(at, other) {
                self.join(at, other);
            }
        }
    }

    fn join(&mut self, at: usize, other: usize) {
        let now = self.now;
        let (here, there) = (PeerId(at as u64), PeerId(other as u64));
        self.nodes[at].coordinator.connect(there, now);
        self.nodes[other].coordinator.connect(here, now);
    }

    fn step(&mut self) {
        let (count, at) = (self.nodes.len(), self.rng.below(self.nodes.len()));
        let other = self.rng.below(count);
        // An authority only judges.
        let edits = at > 0 || !self.is_star();
        match self.rng.below(100) {
            0..14 if edits => {
                let (books, rng) = (&mut self.books, &mut self.rng);
                let node = &mut self.nodes[at].coordinator;
                node.edit(|edit| books.edit(&mut edit.ledger, rng));
                self.tally.edits += 1;
            }
            14..18 if edits => self.edit_what_moves(at),
            18..30 if edits => self.travel(at),
            30..44 => self.store(at),
            44..52 => self.carry(at, other),
            52..55 => drop(self.apart.insert((at.min(other), at.max(other)))),
            55..60 => drop(self.apart.pop_first()),
            60..62 if self.linked(at, other) => self.join(at, other),
            62..64 if at > 0 => self.restart(at),
            64..65 => self.grant(at),
            65..66 if edits => self.let_go(at),
            66..86 if edits => self.move_something(at),
            _ => {
                let by = 1 + self.rng.bits() % 60;
                self.pass(by);
            }
        }
    }

    fn store(&mut self, at: usize) {
        let safe = self.healing || self.rng.chance(80);
        let node = &mut self.nodes[at];
        let stored = node.coordinator.with_replica(Replica::store);
        if !safe {
            return;
        }
        let kept = &mut self.kept;
        node.coordinator.with_replica(|replica| {
            replica.is_stored(&stored);
            for change in replica.unsent() {
                kept.insert((change.replica(), change.last()), change.clone());
            }
        });
        node.stored = Some(stored);
        if at == 0 || !matches!(self.shape, Shape::Star(_)) {
            self.books.acknowledge(&node.coordinator.state().ledger);
        }
    }

    /// The process dies, and goes on under its id from what it had stored: nobody has seen more. What it moved is gone with it.
    fn restart(&mut self, at: usize) {
        let node = &self.nodes[at];
        let Some(stored) = &node.stored else {
            return;
        };
        let clock = Clock::Manual(node.clock.clone());
        let back = must(Replica::<World>::resume(stored.bytes(), clock));
        let (lost, kept) = (&node.coordinator.state().ledger, &back.state().ledger);
        self.books.forgive(lost, kept);
        let (strategy, back) = (node.strategy, self.remembering(back));
        let node = self.coordinator(at, back, strategy);
        self.nodes[at].coordinator = node;
        self.nodes[at].past = past::Past::default();
        self.nodes[at].ticked = 0.0;
        self.begin_lane_anew(at);
        self.connect(at);
    }
}

/// Cubes that there may be.
const CUBES: u32 = 4;
