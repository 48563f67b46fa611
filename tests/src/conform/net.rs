//! The replicas of a fixture, and what each step does to them. Everything that travels goes through its encoding.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use holo_runtime::dynamic::{CallError, Dynamic, Schema};
use holo_runtime::history::{SnapshotManager, UndoLimits};
use holo_runtime::{
    Change, Clock, Delta, Error, Guard, Replica, ReplicaId, Snapshot, Status, Value,
};

use super::step::{Op, Step};

/// When a fixture begins, in Unix milliseconds.
const START_MS: u64 = 1_700_000_000_000;

/// What does not hold after a step.
pub(super) type Told = Vec<String>;

pub(super) struct Net {
    now: Arc<AtomicU64>,
    pub(super) nodes: Vec<Node>,
    changes: BTreeMap<String, Vec<Vec<u8>>>,
    snapshots: BTreeMap<String, Vec<u8>>,
}

pub(super) struct Node {
    name: String,
    schema: Schema,
    pub(super) replica: Replica<Dynamic>,
    clock: Clock,
    skew: Arc<AtomicI64>,
    guard: Guard,
    /// How often it had to start again under a fresh id.
    lives: u64,
    pub(super) captures: SnapshotManager,
}

impl Net {
    pub(super) fn new(replicas: &[(String, Schema)]) -> Result<Self, String> {
        let now = Arc::new(AtomicU64::new(START_MS));
        let mut nodes: Vec<Node> = Vec::new();
        for (index, (name, schema)) in replicas.iter().enumerate() {
            if nodes.iter().any(|node| node.name == *name) {
                return Err(format!("replicas[{index}]: `{name}` is there twice"));
            }
            let skew = Arc::new(AtomicI64::new(0));
            let clock = clock(&now, &skew);
            let state = Dynamic::new(schema);
            let mut replica = Replica::with_state(id(index)?, clock.clone(), state);
            replica.remember(UndoLimits::default());
            replica.set_members(members(replicas.len())?);
            nodes.push(Node {
                name: name.clone(),
                schema: schema.clone(),
                replica,
                clock,
                skew,
                guard: Guard::default(),
                lives: 0,
                captures: SnapshotManager::default(),
            });
        }
        Ok(Self {
            now,
            nodes,
            changes: BTreeMap::new(),
            snapshots: BTreeMap::new(),
        })
    }

    /// Takes a step; what does not hold after it.
    pub(super) fn take(&mut self, step: &Step) -> Result<Told, String> {
        match step {
            Step::Edit {
                replica,
                ops,
                name,
                fails,
            } => self.edit(replica, ops, name.as_deref(), *fails),
            Step::Deliver { changes, to } => self.deliver(changes, to),
            Step::Sync(names) => self.sync(names),
            Step::Clock { replica, skew_ms } => {
                let at = self.find(replica)?;
                self.nodes[at].skew.store(*skew_ms, Ordering::Relaxed);
                self.look_again()
            }
            Step::TrustedClock(replica) => self.trust(replica),
            Step::Advance(by) => {
                self.now.fetch_add(*by, Ordering::Relaxed);
                self.look_again()
            }
            Step::Snapshot { replica, name } => {
                let at = self.find(replica)?;
                let snapshot = self.nodes[at].replica.snapshot().encode();
                self.snapshots.insert(name.clone(), snapshot);
                Ok(Told::new())
            }
            Step::Merge { snapshots, to } => self.merge(snapshots, to),
            Step::Compact(names) => self.compact(names),
            Step::Restart(names) => names
                .iter()
                .try_for_each(|name| self.restart(name))
                .map(|()| Told::new()),
            Step::Expect(expected) => self.expect(expected),
            Step::ExpectEqual(names) => self.expect_equal(names),
            Step::ExpectHeld(expected) => self.count(expected, "changes held", Replica::held),
            Step::ExpectPending(expected) => {
                self.count(expected, "changes waiting", Replica::pending)
            }
            other => self.history(other),
        }
    }

    pub(super) fn find(&self, name: &str) -> Result<usize, String> {
        let found = self.nodes.iter().position(|node| node.name == name);
        found.ok_or_else(|| format!("there is no replica `{name}`"))
    }

    fn edit(
        &mut self,
        replica: &str,
        ops: &[Op],
        name: Option<&str>,
        fails: bool,
    ) -> Result<Told, String> {
        let at = self.find(replica)?;
        let replica = &mut self.nodes[at].replica;
        let before = replica.state().to_value();
        let result: Result<(), CallError> = replica.try_edit(|edit| {
            ops.iter()
                .try_for_each(|op| edit.call(&op.field, &op.verb, &op.args).map(drop))
        });
        if let Some(name) = name {
            let change = replica.flush().map(|change| change.encode());
            self.changes
                .insert(name.to_owned(), change.into_iter().collect());
        }
        Ok(match result {
            Err(_) if fails && before == replica.state().to_value() => Told::new(),
            Err(error) if fails => vec![format!("refused ({error}), but the state has changed")],
            Err(error) => vec![error.to_string()],
            Ok(()) if fails => vec!["expected to be refused, and was not".to_owned()],
            Ok(()) => Told::new(),
        })
    }

    fn deliver(&mut self, changes: &[String], to: &[String]) -> Result<Told, String> {
        for name in to {
            let at = self.find(name)?;
            for name in changes {
                let sealed = self.changes.get(name).cloned();
                let sealed = sealed.ok_or_else(|| format!("there is no change `{name}`"))?;
                for bytes in sealed {
                    let change = Change::decode(&bytes).map_err(|error| error.to_string())?;
                    self.receive(at, Delta::from(change))?;
                }
            }
        }
        Ok(Told::new())
    }

    /// Exchanges everything, statuses first as peers do: they tell of floors. What is ready at one replica only after another has
    /// been heard takes another round; the last statuses acknowledge what came.
    fn sync(&mut self, names: &[String]) -> Result<Told, String> {
        let all: Vec<usize> = names
            .iter()
            .map(|name| self.find(name))
            .collect::<Result<_, _>>()?;
        let pairs = || {
            all.iter()
                .flat_map(|from| all.iter().map(move |to| (*from, *to)))
        };
        let mut told = Told::new();
        for _ in 0..=all.len() {
            for (from, to) in pairs().filter(|(from, to)| from != to) {
                self.tell(from, to, &mut told)?;
                self.tell(to, from, &mut told)?;
                if let Err(error) = self.exchange(from, to) {
                    told.push(format!("{} refused: {error}", self.nodes[to].name));
                }
            }
        }
        for (from, to) in pairs().filter(|(from, to)| from != to) {
            self.tell(from, to, &mut told)?;
        }
        told.sort();
        told.dedup();
        Ok(told)
    }

    /// Says how far one has come, which is what another may collect by, and what it has collected itself.
    fn tell(&mut self, from: usize, to: usize, told: &mut Told) -> Result<(), String> {
        let replica = &mut self.nodes[from].replica;
        store(replica);
        let status = Status::decode(&replica.full_status().encode());
        let status = status.map_err(|error| error.to_string())?;
        let standing = self.nodes[to].replica.observe(&status);
        if standing.below_floor {
            let snapshot = self.nodes[from].replica.snapshot();
            return self.restamp(to, snapshot);
        }
        if standing.diverged.is_some() || !standing.forks.is_empty() {
            let (from, to) = (&self.nodes[from].name, &self.nodes[to].name);
            told.push(format!(
                "{to} and {from} hold the same changes and differ: {standing:?}"
            ));
        }
        Ok(())
    }

    /// Starts from a snapshot under a fresh id, with what is not in it made again.
    fn restamp(&mut self, at: usize, snapshot: Snapshot) -> Result<(), String> {
        let node = &mut self.nodes[at];
        node.lives += 1;
        let id = ReplicaId::new((node.lives << 32) + at as u64 + 1);
        let id = id.ok_or_else(|| "too many replicas".to_owned())?;
        let restamped = node.replica.restamp(id, snapshot);
        restamped.map(drop).map_err(|error| error.to_string())
    }

    /// Takes in what came. A snapshot from below the floor has nothing to say, and who is below the floor of one starts from it.
    fn receive(&mut self, at: usize, delta: Delta) -> Result<(), String> {
        let node = &mut self.nodes[at];
        match (node.replica.apply(delta.clone()), delta) {
            (Ok(_) | Err(Error::SnapshotBelowFloor), _) => Ok(()),
            (Err(Error::BelowFloor), Delta::Snapshot(snapshot)) => self.restamp(at, snapshot),
            (Err(error), _) => Err(error.to_string()),
        }
    }

    fn exchange(&mut self, from: usize, to: usize) -> Result<(), String> {
        let version = self.nodes[to].replica.version().clone();
        store(&mut self.nodes[from].replica);
        let delta = match self.nodes[from].replica.changes_since(&version) {
            Delta::Changes(changes) => {
                let changes = changes
                    .iter()
                    .map(|change| Change::decode(&change.encode()));
                let changes: Result<Vec<Change>, _> = changes.collect();
                Delta::from(changes.map_err(|error| error.to_string())?)
            }
            Delta::Snapshot(snapshot) => {
                let snapshot = Snapshot::decode(&snapshot.encode());
                Delta::from(snapshot.map_err(|error| error.to_string())?)
            }
        };
        self.receive(to, delta)
    }

    fn trust(&mut self, replica: &str) -> Result<Told, String> {
        let at = self.find(replica)?;
        self.nodes[at].guard = Guard::trusted();
        self.rebuild(at, |node| node)?;
        self.look_again()
    }

    /// What the guard of a replica held back may be due now.
    fn look_again(&mut self) -> Result<Told, String> {
        for node in self.nodes.iter_mut().filter(|node| node.replica.held() > 0) {
            node.replica
                .apply(Vec::<Change>::new())
                .map_err(|error| error.to_string())?;
        }
        Ok(Told::new())
    }

    /// Works on a replica by value, and sets its guard.
    fn rebuild(
        &mut self,
        at: usize,
        work: impl FnOnce(Replica<Dynamic>) -> Replica<Dynamic>,
    ) -> Result<(), String> {
        let node = &mut self.nodes[at];
        let empty = Replica::with_state(id(at)?, node.clock.clone(), Dynamic::default());
        let replica = std::mem::replace(&mut node.replica, empty);
        node.replica = work(replica).with_guard(node.guard);
        Ok(())
    }

    fn merge(&mut self, snapshots: &[String], to: &[String]) -> Result<Told, String> {
        let mut told = Told::new();
        for name in to {
            let at = self.find(name)?;
            for snapshot in snapshots {
                let bytes = self.snapshots.get(snapshot);
                let bytes = bytes.ok_or_else(|| format!("there is no snapshot `{snapshot}`"))?;
                let snapshot = Snapshot::decode(bytes).map_err(|error| error.to_string())?;
                if let Err(error) = self.receive(at, Delta::from(snapshot)) {
                    told.push(format!("{name} refused: {error}"));
                }
            }
        }
        Ok(told)
    }

    /// Collects what all replicas of the fixture, who are its members, have acknowledged in a sync.
    fn compact(&mut self, names: &[String]) -> Result<Told, String> {
        for name in names {
            let at = self.find(name)?;
            self.nodes[at].replica.compact();
        }
        Ok(Told::new())
    }

    /// The process ends and comes back, under its id, from what it had stored, which is all that it held.
    fn restart(&mut self, name: &str) -> Result<(), String> {
        let (at, members) = (self.find(name)?, members(self.nodes.len())?);
        let node = &mut self.nodes[at];
        let (stored, state) = (node.replica.store(), Dynamic::new(&node.schema));
        let replica = Replica::resume_with(stored.bytes(), node.clock.clone(), state);
        let mut replica = replica.map_err(|error| error.to_string())?;
        replica.set_members(members);
        replica.remember(UndoLimits::default());
        self.rebuild(at, |_| replica)
    }

    fn expect(&self, expected: &BTreeMap<String, Value>) -> Result<Told, String> {
        let mut told = Told::new();
        for (name, expected) in expected {
            let node = &self.nodes[self.find(name)?];
            for difference in node.replica.state().differences(expected) {
                let (path, expected, found) =
                    (difference.path, difference.expected, difference.found);
                told.push(format!("{name}.{path}: expected {expected}, found {found}"));
            }
        }
        Ok(told)
    }

    fn expect_equal(&mut self, names: &[String]) -> Result<Told, String> {
        let all: Vec<usize> = names
            .iter()
            .map(|name| self.find(name))
            .collect::<Result<_, _>>()?;
        let mut told = Told::new();
        for pair in all.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            let hashes = [a, b].map(|at| self.nodes[at].replica.state_hash());
            if hashes[0] != hashes[1] {
                let [a, b] = [a, b].map(|at| &self.nodes[at]);
                let (x, y) = (a.replica.state(), b.replica.state());
                let (a, b) = (&a.name, &b.name);
                told.push(format!(
                    "expected {a} and {b} to be equal, found {x:?} and {y:?}"
                ));
            }
        }
        Ok(told)
    }

    pub(super) fn count(
        &self,
        expected: &BTreeMap<String, Value>,
        what: &str,
        count: impl Fn(&Replica<Dynamic>) -> usize,
    ) -> Result<Told, String> {
        let mut told = Told::new();
        for (name, expected) in expected {
            let found = count(&self.nodes[self.find(name)?].replica);
            if *expected != Value::Int(found as i64) {
                told.push(format!("{name}: expected {expected} {what}, found {found}"));
            }
        }
        Ok(told)
    }
}

/// Ids in the order of the replicas.
fn id(index: usize) -> Result<ReplicaId, String> {
    ReplicaId::new(index as u64 + 1).ok_or_else(|| "too many replicas".to_owned())
}

fn members(count: usize) -> Result<Vec<ReplicaId>, String> {
    (0..count).map(id).collect()
}

/// Nothing is sent before it is stored, once a replica has come back from storage.
fn store(replica: &mut Replica<Dynamic>) {
    let stored = replica.store();
    replica.is_stored(&stored);
}

fn clock(now: &Arc<AtomicU64>, skew: &Arc<AtomicI64>) -> Clock {
    let (now, skew) = (now.clone(), skew.clone());
    Clock::custom(move || {
        let now = now.load(Ordering::Relaxed);
        now.saturating_add_signed(skew.load(Ordering::Relaxed))
    })
}
