//! What some honest replicas of a random orb have said to each other: the encodings that are mutated.

use holo_runtime::dynamic::{Dynamic, Schema};
use holo_runtime::{
    Change, Clock, Delta, Replica, ReplicaId, Side, Snapshot, Status, Synced, Text, Version,
};

use super::envelope;
use crate::random::{act, schema, schema_text};
use crate::rng::Rng;

/// Encodings of one run, and what a receiver of the last of them must hold.
#[derive(Debug)]
pub struct Scenario {
    /// Its number.
    pub seed: u64,
    /// The type of the document.
    pub schema: Schema,
    /// What everybody held before the last change of each author.
    pub before: Vec<Change>,
    /// The last change of each author, which rests on `before` alone.
    pub changes: Vec<Change>,
    /// States of replicas that had not heard everything, with and without a floor.
    pub snapshots: Vec<Snapshot>,
    /// What they said of themselves.
    pub statuses: Vec<Status>,
    /// Their storage.
    pub stored: Vec<Vec<u8>>,
    /// Places in a text.
    pub anchors: Vec<Vec<u8>>,
    /// Schemas and values as JSON.
    pub json: Vec<String>,
}

/// The id of a number.
pub(super) fn id(number: u64) -> ReplicaId {
    ReplicaId::new(number).unwrap_or_else(ReplicaId::random)
}

pub(super) fn fresh(number: u64, state: Dynamic) -> Replica<Dynamic> {
    Replica::with_state(id(number), Clock::manual(1_000_000), state)
}

/// Does something random.
pub(super) fn scribble(replica: &mut Replica<Dynamic>, rng: &mut Rng) {
    let done = replica.try_edit(|edit| act(edit, rng).map(drop));
    // A forged state may be at the end of what fits, so an edit may be refused; it may not panic.
    drop(done);
}

fn changes<T: Synced>(from: &mut Replica<T>, version: &Version) -> Vec<Change> {
    match from.changes_since(version) {
        Delta::Changes(changes) => changes,
        Delta::Snapshot(_) => Vec::new(),
    }
}

fn tell(from: &mut Replica<Dynamic>, to: &mut Replica<Dynamic>) {
    let delta = from.changes_since(to.version());
    to.apply(delta).unwrap_or_else(|error| panic!("{error}"));
}

impl Scenario {
    /// The run of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let schema = schema(seed);
        let mut rng = Rng::new(seed);
        let mut all: Vec<_> = (1..=3)
            .map(|number| fresh(number, Dynamic::new(&schema)))
            .collect();
        for _ in 0..10 {
            let (from, to) = (rng.below(3), rng.below(3));
            scribble(&mut all[from], &mut rng);
            if from != to {
                let mut one = all.remove(from);
                let to = if to > from { to - 1 } else { to };
                tell(&mut one, &mut all[to]);
                all.insert(from, one);
            }
        }
        let (first, others) = all.split_at_mut(1);
        others
            .iter_mut()
            .for_each(|other| tell(other, &mut first[0]));
        others
            .iter_mut()
            .for_each(|other| tell(&mut first[0], other));
        let before = changes(&mut all[0], &Version::new());
        let version = all[0].version().clone();
        for one in &mut all {
            (0..4).for_each(|_| scribble(one, &mut rng));
        }
        let last = all.iter_mut().flat_map(|one| changes(one, &version));
        let changes = last.collect();
        let stored = all.iter_mut().map(|one| one.store().bytes().to_vec());
        let stored = stored.collect();
        let mut scenario = Self {
            seed,
            schema,
            before,
            changes,
            snapshots: Vec::new(),
            statuses: Vec::new(),
            stored,
            anchors: anchors(),
            json: vec![schema_text(seed), all[0].state().to_value().to_string()],
        };
        scenario.talk(all, &version);
        scenario
    }

    /// States and statuses: after all that, over a floor, and with a chain closed and a member expelled.
    fn talk(&mut self, mut all: Vec<Replica<Dynamic>>, version: &Version) {
        for (index, one) in all.iter_mut().enumerate() {
            self.snapshots.push(one.snapshot());
            if index == 1 {
                one.advance_floor(version)
                    .unwrap_or_else(|error| panic!("{error}"));
            }
            if index == 2 {
                one.set_members([1, 2, 3].map(id));
                one.expel(id(2));
                one.close_chain(id(1));
                self.statuses.push(one.status());
            }
            self.snapshots.push(one.snapshot());
            self.statuses.push(one.full_status());
        }
    }

    /// A receiver that holds `before`, with this state.
    ///
    /// # Panics
    /// When honest changes do not apply.
    #[must_use]
    pub fn receiver(&self, state: Dynamic) -> Replica<Dynamic> {
        let mut here = fresh(9, state);
        here.apply(self.before.clone())
            .unwrap_or_else(|error| panic!("{error}"));
        here
    }

    /// A state of the type that nobody wrote to.
    #[must_use]
    pub fn blank(&self) -> Dynamic {
        Dynamic::new(&self.schema)
    }

    /// The inputs of the law with this name.
    ///
    /// # Panics
    /// When there is none of that name.
    #[must_use]
    pub fn inputs(&self, law: &str) -> Vec<Vec<u8>> {
        let open = |bytes: Vec<u8>| bytes[..bytes.len() - 4].to_vec();
        let versions = || self.snapshots.iter().map(Snapshot::version);
        let snapshots = self.snapshots.iter();
        match law {
            "version" => versions().map(Version::encode).collect(),
            "anchor" => self.anchors.clone(),
            "change" => self.changes.iter().map(|it| open(it.encode())).collect(),
            "change body" => self.changes.iter().map(|it| it.body().to_vec()).collect(),
            "snapshot" => snapshots.map(|it| open(it.encode())).collect(),
            "packed" => snapshots.map(|it| open(it.pack())).collect(),
            "snapshot body" => snapshots.map(|it| envelope::parts_of(it).1).collect(),
            "status" => self.statuses.iter().map(|it| open(it.encode())).collect(),
            "stored" => self.stored.iter().cloned().map(open).collect(),
            "stored change" => self.changes.iter().map(|it| it.body().to_vec()).collect(),
            "json" | "schema" => self.json.iter().map(|it| it.clone().into_bytes()).collect(),
            "text" => texts(),
            other => panic!("no law is called {other}"),
        }
    }
}

fn anchors() -> Vec<Vec<u8>> {
    let mut replica = Replica::<Text>::with_clock(id(1), Clock::manual(1_000_000));
    replica.edit(|text| text.push("abc"));
    let text = replica.state();
    let places = [
        (0, Side::Before),
        (1, Side::Before),
        (1, Side::After),
        (3, Side::After),
    ];
    let anchors = places
        .iter()
        .filter_map(|(at, side)| text.anchor(*at, *side).ok());
    anchors.map(|anchor| anchor.encode()).collect()
}

/// What is read from text besides JSON: colours, ids of instances, paths.
fn texts() -> Vec<Vec<u8>> {
    let texts = [
        "#ff00aa",
        "#ff00aa80",
        "a.b.\"c.d\"",
        "0000000000000001000000000000000100ff",
    ];
    texts.map(|text| text.as_bytes().to_vec()).to_vec()
}
