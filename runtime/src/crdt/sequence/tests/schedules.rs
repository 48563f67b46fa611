//! Random schedules of three to five replicas: edits, edits that are taken back, partial delivery in any order, duplicates,
//! snapshots; and what breaking a rule does to them.

use super::oracle::{Done, Oracle};
use super::{Subject, Verb, letter};
use crate::crdt::sequence::mutant::{self, Mutant};
use crate::{Change, Clock, Error, Replica, ReplicaId, Sequence, Snapshot, Text};

/// SplitMix64.
pub(super) struct Rng(pub(super) u64);

impl Rng {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

pub(super) struct Net<T: Subject> {
    rng: Rng,
    pub(super) replicas: Vec<Replica<T>>,
    unsealed: Vec<Vec<Verb>>,
    pub(super) sealed: Vec<(Done, Vec<u8>)>,
    next: i64,
}

type Outcome = Result<(), String>;

impl<T: Subject> Net<T> {
    pub(super) fn new(seed: u64, count: usize) -> Self {
        let mut rng = Rng(seed);
        let replicas = (0..count).map(|at| {
            let id = (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let clock = Clock::manual(1_000 + rng.below(3) as u64);
            Replica::with_clock(ReplicaId::new(id).unwrap(), clock)
        });
        Self {
            replicas: replicas.collect(),
            rng,
            unsealed: vec![Vec::new(); count],
            sealed: Vec::new(),
            next: 0,
        }
    }

    fn value(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// A random verb for a document of so many.
    fn verb(&mut self, len: usize) -> Verb {
        let kinds = if T::MOVES { 12 } else { 8 };
        match self.rng.below(kinds) {
            _ if len == 0 => Verb::Insert(0, vec![self.value()]),
            0..4 => {
                let run = 1 + self.rng.below(3);
                let index = self.rng.below(len + 1);
                Verb::Insert(index, (0..run).map(|_| self.value()).collect())
            }
            4 => Verb::Insert(len, vec![self.value()]),
            5..8 => {
                let start = self.rng.below(len);
                Verb::Delete(start, 1 + self.rng.below((len - start).min(4)))
            }
            8..10 => Verb::Set(self.rng.below(len), self.value()),
            _ => Verb::Move(self.rng.below(len), self.rng.below(len)),
        }
    }

    fn edit(&mut self, at: usize) -> Outcome {
        let fails = self.rng.below(6) == 0;
        let mut len = self.replicas[at].state().values().len();
        let mut verbs = Vec::new();
        for _ in 0..=self.rng.below(3) {
            let verb = self.verb(len);
            match &verb {
                Verb::Insert(_, values) => len += values.len(),
                Verb::Delete(_, count) => len -= count,
                _ => {}
            }
            verbs.push(verb);
        }
        let before = self.replicas[at].state().values();
        let panics = fails && self.rng.below(2) == 0;
        let edited = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            self.replicas[at].try_edit(|edit| {
                for verb in &verbs {
                    T::act(edit, verb)?;
                }
                if panics {
                    std::panic::resume_unwind(Box::new("on purpose"));
                }
                if fails {
                    Err(Error::ClockExhausted)
                } else {
                    Ok(())
                }
            })
        }));
        self.replicas[at].state().check();
        if !fails {
            edited
                .map_err(|_| "an edit panicked")?
                .map_err(|error| error.to_string())?;
            self.unsealed[at].extend(verbs);
        } else if self.replicas[at].state().values() != before {
            return Err("an edit that failed left a trace".to_owned());
        }
        Ok(())
    }

    pub(super) fn act(&mut self, at: usize, verb: Verb) {
        self.replicas[at]
            .try_edit(|edit| T::act(edit, &verb))
            .unwrap();
        self.unsealed[at].push(verb);
    }

    pub(super) fn seal(&mut self, at: usize) {
        let past = self.replicas[at].version().clone();
        let verbs = std::mem::take(&mut self.unsealed[at]);
        if let Some(change) = self.replicas[at].flush() {
            let (author, time) = (change.replica(), change.time());
            let done = Done {
                author,
                time,
                past,
                verbs,
            };
            self.sealed.push((done, change.encode()));
        }
    }

    pub(super) fn deliver(&mut self, number: usize, to: usize) -> Outcome {
        self.seal(to);
        let change = Change::decode(&self.sealed[number].1).map_err(|error| error.to_string())?;
        let report = self.replicas[to]
            .apply(change)
            .map_err(|error| error.to_string())?;
        self.replicas[to].state().check();
        match report.unreadable + report.forked + report.held {
            0 => Ok(()),
            _ => Err(format!("{report:?}")),
        }
    }

    fn merge(&mut self, from: usize, to: usize) -> Outcome {
        self.seal(from);
        self.seal(to);
        let bytes = self.replicas[from].snapshot().encode();
        let snapshot = Snapshot::decode(&bytes).map_err(|error| error.to_string())?;
        let merged = self.replicas[to].apply(snapshot).map(drop);
        self.replicas[to].state().check();
        merged.map_err(|error| error.to_string())
    }

    fn step(&mut self) -> Outcome {
        let at = self.rng.below(self.replicas.len());
        match self.rng.below(20) {
            0..9 => self.edit(at),
            9..11 => {
                self.seal(at);
                Ok(())
            }
            11..19 => {
                for _ in 0..self.rng.below(4) {
                    if !self.sealed.is_empty() {
                        let number = self.rng.below(self.sealed.len());
                        self.deliver(number, at)?;
                    }
                }
                Ok(())
            }
            _ => {
                let to = self.rng.below(self.replicas.len());
                self.merge(at, to)
            }
        }
    }

    /// Brings everything everywhere; all must hold the same, and what the oracle says.
    pub(super) fn finish(mut self, initial: &[i64]) -> Outcome {
        for at in 0..self.replicas.len() {
            self.seal(at);
        }
        for to in 0..self.replicas.len() {
            for number in 0..self.sealed.len() {
                self.deliver(number, to)?;
            }
        }
        let mut changes: Vec<Done> = self.sealed.iter().map(|(done, _)| done.clone()).collect();
        changes.sort_by_key(|done| (done.time, done.author));
        let mut expected = Oracle::replay(initial, &changes).values();
        if !T::MOVES {
            expected = expected
                .iter()
                .map(|value| i64::from(u32::from(letter(*value))))
                .collect();
        }
        let mut all = Vec::new();
        for replica in &mut self.replicas {
            if replica.pending() > 0 {
                return Err("changes still wait".to_owned());
            }
            let (values, hash) = (replica.state().values(), replica.state_hash());
            if values != expected {
                return Err(format!("{values:?} where the oracle has {expected:?}"));
            }
            all.push((values, hash, replica.snapshot().encode()));
        }
        if all.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err("states, hashes or snapshots differ".to_owned());
        }
        restore::<T>(&all[0].2, all[0].1)
    }
}

/// A snapshot alone gives the same state, hash and snapshot again.
fn restore<T: Subject>(bytes: &[u8], hash: u128) -> Outcome {
    let id = ReplicaId::new(99).unwrap();
    let snapshot = Snapshot::decode(bytes).map_err(|error| error.to_string())?;
    let mut again = Replica::<T>::from_snapshot(id, Clock::manual(1), snapshot)
        .map_err(|error| error.to_string())?;
    again.state().check();
    match again.state_hash() == hash && again.snapshot().encode() == bytes {
        true => Ok(()),
        false => Err("a snapshot does not give what it was made of".to_owned()),
    }
}

pub(super) fn run<T: Subject>(seed: u64) -> Outcome {
    let mut net = Net::<T>::new(seed, 3 + (seed % 3) as usize);
    for _ in 0..30 + (seed % 4) * 15 {
        net.step()?;
    }
    net.finish(&[])
}

fn seeds(default: u64) -> u64 {
    let set = std::env::var("HOLO_SEEDS").ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn sequences_converge_as_the_oracle_says() {
    for seed in 0..seeds(400) {
        run::<Sequence<i64>>(seed).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
}

#[test]
fn texts_converge_as_the_oracle_says() {
    for seed in 0..seeds(300) {
        run::<Text>(seed).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
}

#[test]
fn every_broken_rule_is_noticed() {
    use Mutant::*;
    let mutants = [
        NoTieBreak,
        RightOriginIgnored,
        RightOriginReversed,
        NoLeftChildren,
        DeletedAnchors,
        MoveBeatsDelete,
        LastMoveWins,
        LastSetWins,
        MergeForgetsDeletes,
        DeleteStopsEarly,
        TicksNotCounted,
        RevertForgetsDeletes,
    ];
    for mutant in mutants {
        let caught = (0..1_000).find(|seed| {
            let run = || mutant::with(Some(mutant), || run::<Sequence<i64>>(*seed));
            let outcome = std::panic::catch_unwind(run);
            mutant::with(None, || {});
            !matches!(outcome, Ok(Ok(())))
        });
        assert!(caught.is_some(), "{mutant:?} goes unnoticed");
    }
}
