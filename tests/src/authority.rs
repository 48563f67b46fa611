//! A seeded star of clients around an authority that moves the floor: forks, clocks that jump, torn storage, and clients that come
//! back from below the floor.
//!
//! One seed is one run. The authority is what a server does with a replica: it admits what was made above the floor, refuses the
//! rest, and closes a chain before its author begins anew. What must be left at the end is said by `crate::ledger`.

mod faults;
mod witness;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use holo_runtime::history::UndoLimits;
use holo_runtime::{
    Change, Clock, Delta, Error, Guard, Hlc, Replica, ReplicaId, Snapshot, Status, Stored, Version,
};

use crate::ledger::{Books, Ledger, Tally};
use crate::rng::Rng;

const START: u64 = 1_700_000_000_000;
const HOUR: u64 = 60 * 60_000;

/// What may go wrong in a run, beside the network.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// Two processes from one storage.
    pub forks: bool,
    /// Clocks that jump by more than a day and come back.
    pub clocks: bool,
    /// The authority moves the floor.
    pub floors: bool,
    /// Processes that die; some of their stores fail.
    pub restarts: bool,
}

struct Client {
    replica: Replica<Ledger>,
    clock: Arc<AtomicU64>,
    /// What each own change's author had applied when it was made.
    seen: BTreeMap<(ReplicaId, Hlc), Version>,
    stored: Option<Stored>,
    /// The ids that it has gone by and may still undo edits of.
    ids: Vec<ReplicaId>,
    /// The authority has refused something that is below the floor.
    refused: bool,
}

enum Message {
    Submit(usize, Vec<(Vec<u8>, Version)>),
    Refused(usize),
    Changes(usize, Vec<Vec<u8>>),
    Snapshot(usize, Vec<u8>),
    Status(usize, Vec<u8>),
}

struct Star {
    rng: Rng,
    faults: Faults,
    books: Books,
    server: Replica<Ledger>,
    wall: Arc<AtomicU64>,
    clients: Vec<Client>,
    wire: Vec<Message>,
    /// Versions that the server has had.
    past: Vec<Version>,
    ids: u64,
    /// Which client came first under an id.
    sessions: BTreeMap<ReplicaId, usize>,
    /// Nothing is lost any more.
    healing: bool,
    /// It hears of all that the server has applied, and collects nothing.
    witness: Replica<Ledger>,
    /// What the server has taken and may not have applied yet.
    taken: Vec<Change>,
    /// Clients undo what they did.
    undo: bool,
}

impl Faults {
    /// Each of them in some of the seeds, and all combinations of them.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self {
            forks: seed % 2 == 1,
            clocks: seed / 2 % 2 == 1,
            floors: !(seed / 4).is_multiple_of(4),
            restarts: seed / 16 % 2 == 1,
        }
    }
}

/// Runs these steps of one seed; in every third seed clients undo what they did.
///
/// # Panics
/// When replicas differ at the end, something acknowledged is lost, or an edit counts twice. The message names the seed.
pub fn run(seed: u64, clients: usize, steps: impl Iterator<Item = u64>, faults: Faults) -> Tally {
    let mut star = Star::new(seed, clients, faults);
    for step in steps {
        star.rng = Rng::of_step(seed, step);
        star.step();
    }
    star.heal()
}

fn id(number: u64) -> ReplicaId {
    ReplicaId::new(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).unwrap_or_else(ReplicaId::random)
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

impl Star {
    fn new(seed: u64, clients: usize, faults: Faults) -> Self {
        let wall = Arc::new(AtomicU64::new(START));
        let server = Replica::with_clock(id(1), Clock::Manual(wall.clone()));
        let witness = Replica::with_clock(id(u64::MAX), Clock::Manual(wall.clone()));
        let mut star = Self {
            rng: Rng::new(seed),
            faults,
            books: Books::default(),
            server: server.with_guard(Guard::trusted()),
            wall,
            clients: Vec::new(),
            wire: Vec::new(),
            past: Vec::new(),
            ids: 1,
            sessions: BTreeMap::new(),
            healing: false,
            witness,
            taken: Vec::new(),
            // Of a chain that two write to some changes are made again and some are not, and an undo without what it undoes
            // counts.
            undo: seed % 3 == 1 && !faults.forks,
        };
        let log = [10_000, 20, 3][star.rng.below(3)];
        for _ in 0..clients {
            // All start at one time, so that equal times are frequent.
            let clock = Arc::new(AtomicU64::new(START));
            let replica = Replica::with_clock(star.fresh(), Clock::Manual(clock.clone()));
            star.clients.push(Client {
                replica: remembering(replica.with_log_limits(log, 1 << 20).store_first()),
                ids: Vec::new(),
                clock,
                seen: BTreeMap::new(),
                stored: None,
                refused: false,
            });
        }
        star
    }

    fn fresh(&mut self) -> ReplicaId {
        self.ids += 1;
        id(self.ids)
    }

    fn step(&mut self) {
        let at = self.rng.below(self.clients.len());
        match self.rng.below(100) {
            0..6 if self.undo => self.travel(at),
            0..30 => self.edit(at),
            30..42 => self.store(at),
            42..52 => self.submit(at),
            52..60 => self.answer(at),
            60..67 => self.tell(at),
            67..90 => self.deliver(),
            90..93 => {
                let clock = self.clients[at].clock.clone();
                clock.fetch_add(self.rng.bits() % 2_000, Ordering::Relaxed);
                self.wall.fetch_max(
                    clock.load(Ordering::Relaxed).min(START + HOUR),
                    Ordering::Relaxed,
                );
            }
            93..96 if self.faults.floors => self.floor(),
            96 | 97 if self.faults.restarts => self.restart(at),
            98 if self.faults.forks => self.fork(at),
            99 if self.faults.clocks => self.jump(at),
            _ => self.edit(at),
        }
    }

    /// Undoes an own edit, or takes that back.
    fn travel(&mut self, at: usize) {
        let (back, client) = (self.rng.chance(60), &mut self.clients[at]);
        client.seal();
        client.ids.push(client.replica.id());
        self.books.travel(&mut client.replica, back, &client.ids);
    }

    fn edit(&mut self, at: usize) {
        let (books, rng) = (&mut self.books, &mut self.rng);
        let client = &mut self.clients[at];
        client.replica.edit(|edit| books.edit(edit, rng));
        if rng.chance(50) {
            client.seal();
        }
    }

    /// Stores, or fails to: then what was stored before stays.
    fn store(&mut self, at: usize) {
        let client = &mut self.clients[at];
        client.seal();
        let stored = client.replica.store();
        if self.faults.restarts && self.rng.chance(25) {
            let torn = &stored.bytes()[..self.rng.below(stored.bytes().len())];
            let opened = Replica::<Ledger>::resume(torn, Clock::manual(START));
            assert!(opened.is_err(), "torn bytes were taken");
            return;
        }
        client.replica.is_stored(&stored);
        client.stored = Some(stored);
    }

    fn submit(&mut self, at: usize) {
        let version = self.server.version().clone();
        let client = &mut self.clients[at];
        client.seal();
        let seen = &client.seen;
        let sessions = &self.sessions;
        // A version says nothing about a chain that somebody else writes to as well, so of an id that is not known to be one's own
        // everything is submitted.
        let lacks = |change: &&Change| {
            let own = sessions.get(&change.replica()) == Some(&at);
            !own || version.get(change.replica()) < change.last()
        };
        let own = client.replica.unsent().filter(lacks).filter_map(|change| {
            let seen = seen.get(&(change.replica(), change.last()))?;
            Some((change.encode(), seen.clone()))
        });
        let message = Message::Submit(at, own.collect());
        self.post(message);
    }

    fn answer(&mut self, at: usize) {
        // Sometimes from what the client once held, so that much comes twice.
        let version = match self.rng.chance(80) {
            true => self.clients[at].replica.version().clone(),
            false => Version::new(),
        };
        let message = match self.server.changes_since(&version) {
            Delta::Changes(all) => Message::Changes(at, all.iter().map(Change::encode).collect()),
            Delta::Snapshot(snapshot) => Message::Snapshot(at, snapshot.encode()),
        };
        self.post(message);
    }

    fn tell(&mut self, at: usize) {
        let status = match self.rng.chance(30) {
            true => self.server.full_status(),
            false => self.server.status(),
        };
        self.post(Message::Status(at, status.encode()));
    }

    fn post(&mut self, message: Message) {
        if self.healing || !self.rng.chance(15) {
            self.wire.push(message);
        }
    }

    fn deliver(&mut self) {
        for _ in 0..1 + self.rng.below(5) {
            if self.wire.is_empty() {
                return;
            }
            let index = self.rng.below(self.wire.len());
            let message = self.wire.swap_remove(index);
            self.receive(message);
        }
    }

    fn receive(&mut self, message: Message) {
        match message {
            Message::Submit(from, changes) => self.admit(from, changes),
            Message::Refused(to) => self.clients[to].refused = true,
            Message::Changes(to, changes) => {
                let changes = changes.iter().map(|bytes| must(Change::decode(bytes)));
                let delta = Delta::Changes(changes.collect());
                self.take(to, delta);
            }
            Message::Snapshot(to, bytes) => {
                self.take(to, Delta::Snapshot(must(Snapshot::decode(&bytes))));
            }
            Message::Status(to, bytes) => {
                let status = must(Status::decode(&bytes));
                self.clients[to].seal();
                let standing = self.clients[to].replica.observe(&status);
                assert_eq!(standing.diverged, None, "one version, two states");
                let forked = !standing.forks.is_empty();
                if standing.below_floor || self.clients[to].replica.must_restamp() || forked {
                    self.begin_anew(to);
                }
            }
        }
    }

    /// What a server does before it commits: it lets one client in under an id, since twins may have equal stamps; and refuses what
    /// was made without knowing the floor.
    fn admit(&mut self, from: usize, changes: Vec<(Vec<u8>, Version)>) {
        for (bytes, seen) in changes {
            let change = must(Change::decode(&bytes));
            let session = *self.sessions.entry(change.replica()).or_insert(from);
            if session != from || !seen.covers_all(self.server.floor()) {
                self.server.close_chain(change.replica());
                self.post(Message::Refused(from));
                break;
            }
            self.taken.push(change.clone());
            let report = must(self.server.apply(change));
            assert!(
                self.faults.forks || report.forked == 0,
                "a fork without a cause"
            );
            if report.below_floor > 0 {
                self.post(Message::Refused(from));
            }
        }
        self.tell_witness();
        self.books.acknowledge(self.server.state());
        self.past.push(self.server.version().clone());
    }

    fn take(&mut self, to: usize, delta: Delta) {
        let client = &mut self.clients[to];
        client.seal();
        match client.replica.apply(delta) {
            Ok(report) => assert!(
                self.faults.forks || self.faults.clocks || report.forked == 0,
                "a fork without a cause: {report:?}"
            ),
            Err(Error::BelowFloor | Error::Forked(_) | Error::IdUsed(_)) => self.begin_anew(to),
            Err(Error::SnapshotBelowFloor) => {}
            Err(error) => panic!("{error}"),
        }
    }

    /// The network works, clocks go right, and everybody hears everything.
    fn heal(mut self) -> Tally {
        self.healing = true;
        let wall = self.wall.load(Ordering::Relaxed);
        for client in &mut self.clients {
            client.clock.store(wall, Ordering::Relaxed);
        }
        for round in 0..8 {
            for at in 0..self.clients.len() {
                if self.clients[at].refused || self.clients[at].replica.must_restamp() {
                    self.begin_anew(at);
                }
                self.exchange(at, round == 7);
            }
        }
        self.compare()
    }

    /// A hash of the state costs as much as the state, so states are compared once, in the end.
    fn exchange(&mut self, at: usize, last: bool) {
        let client = &mut self.clients[at];
        client.seal();
        let stored = client.replica.store();
        client.replica.is_stored(&stored);
        self.wire.clear();
        self.submit(at);
        self.answer_now(at);
        while let Some(message) = self.wire.pop() {
            self.receive(message);
        }
        self.answer_now(at);
        let status = match last {
            true => self.server.full_status(),
            false => self.server.status(),
        };
        self.receive(Message::Status(at, status.encode()));
    }

    fn answer_now(&mut self, at: usize) {
        let version = self.clients[at].replica.version().clone();
        let delta = self.server.changes_since(&version);
        self.take(at, delta);
    }

    fn compare(mut self) -> Tally {
        let (hash, bytes) = (self.server.state_hash(), self.server.snapshot().encode());
        for client in &mut self.clients {
            assert_eq!(
                client.replica.version(),
                self.server.version(),
                "versions differ"
            );
            assert_eq!(client.replica.state_hash(), hash, "hashes differ");
            let theirs = client.replica.snapshot();
            assert!(
                theirs.encode() == bytes,
                "snapshots differ: {theirs:?} {:?}",
                self.server.snapshot()
            );
        }
        self.ask_witness(hash);
        self.books.check(self.server.state());
        if !self.faults.forks {
            self.books.check_lines(self.server.state());
            self.books.check_shared(self.server.state());
        }
        self.books.tally(self.server.state())
    }
}

impl Client {
    /// Seals the open change, and notes what its author had applied.
    fn seal(&mut self) {
        let seen = self.replica.version().clone();
        if let Some(change) = self.replica.flush() {
            self.seen.insert((change.replica(), change.last()), seen);
        }
    }
}
