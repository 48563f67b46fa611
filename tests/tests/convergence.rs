//! Random schedules over an orb with every kind of field, compared to the bit and against a naive oracle.

use std::collections::{BTreeMap, BTreeSet};

use holo_runtime::{GCounter, LwwMap, LwwRegister, OrSet, PnCounter, Stamp, Synced, Vec3};
use holo_tests::rng::Rng;
use holo_tests::sim::{self, Plan, Sealed, Subject};

#[derive(Debug, Synced)]
struct Stats {
    #[synced(initial = 3)]
    strength: LwwRegister<i64>,
    kills: PnCounter,
}

#[derive(Debug, Synced)]
struct Probe {
    #[synced(initial = 100)]
    health: LwwRegister<i64>,
    #[synced(initial = ["torch", "map"])]
    inventory: OrSet<String>,
    #[synced(initial = 7)]
    score: PnCounter,
    visits: GCounter,
    flags: LwwMap<String, i64>,
    stats: Stats,
    #[synced(live, initial = [0, 1.6, 0])]
    position: LwwRegister<Vec3>,
}

const WORDS: [&str; 4] = ["torch", "map", "sword", "bow"];

/// What an edit did, as the oracle needs it.
#[derive(Clone, Debug)]
enum Op {
    Health(i64),
    Strength(i64),
    Score(i64),
    Kills(i64),
    Visits(u64),
    Position(f64),
    Insert(&'static str),
    Remove(&'static str),
    Set(&'static str, i64),
    Delete(&'static str),
}

impl Subject for Probe {
    type Op = Op;

    fn act(edit: &mut ProbeEdit<'_>, rng: &mut Rng) -> Vec<Op> {
        let mut ops = Vec::new();
        for _ in 0..=rng.below(4) {
            let number = rng.below(1_000) as i64;
            let word = *rng.pick(&WORDS);
            match rng.below(12) {
                0 => {
                    edit.health.set(number);
                    ops.push(Op::Health(number));
                }
                1 => {
                    edit.stats.strength.set(number);
                    ops.push(Op::Strength(number));
                }
                2 => {
                    edit.score.increment(number);
                    ops.push(Op::Score(number));
                }
                3 => {
                    edit.stats.kills.decrement(number);
                    ops.push(Op::Kills(-number));
                }
                4 => {
                    edit.visits.increment(number as u64);
                    ops.push(Op::Visits(number as u64));
                }
                5 => {
                    edit.position.set([number as f64, 0.0, -0.0]);
                    ops.push(Op::Position(number as f64));
                }
                6..8 => {
                    edit.inventory.insert(word);
                    ops.push(Op::Insert(word));
                }
                8..10 => {
                    if edit.inventory.remove(word) {
                        ops.push(Op::Remove(word));
                    }
                }
                10 => {
                    edit.flags.set(word, number);
                    ops.push(Op::Set(word, number));
                }
                _ => {
                    if edit.flags.delete(word) {
                        ops.push(Op::Delete(word));
                    }
                }
            }
        }
        ops
    }
}

/// The value of the last write in stamp order, whoever made it.
fn last<T>(sealed: &[Sealed<Op>], of: impl Fn(&Op) -> Option<T>) -> Option<T> {
    sealed
        .iter()
        .flat_map(|change| &change.ops)
        .filter_map(of)
        .next_back()
}

fn sum(sealed: &[Sealed<Op>], of: impl Fn(&Op) -> Option<i64>) -> i64 {
    sealed
        .iter()
        .flat_map(|change| &change.ops)
        .filter_map(of)
        .sum()
}

/// The elements for which some add, or the initial state, is in no remover's past.
fn elements(sealed: &[Sealed<Op>]) -> BTreeSet<&'static str> {
    let about = |change: &Sealed<Op>, word: &str| {
        let mut about = change.ops.iter().filter_map(|op| match op {
            Op::Insert(it) if *it == word => Some(true),
            Op::Remove(it) if *it == word => Some(false),
            _ => None,
        });
        let (mut removed, mut added) = (false, false);
        for insert in about.by_ref() {
            removed |= !insert;
            added = insert;
        }
        (removed, added)
    };
    let alive = |word: &str| {
        let removers: Vec<_> = sealed
            .iter()
            .filter(|change| about(change, word).0)
            .collect();
        let initial = ["torch", "map"].contains(&word) && removers.is_empty();
        let adds = sealed.iter().filter(|change| about(change, word).1);
        let mut surviving = adds.filter(|add| {
            let stamp = Stamp::new(add.time, add.author);
            !removers.iter().any(|remover| remover.past.covers(stamp))
        });
        initial || surviving.next().is_some()
    };
    WORDS.into_iter().filter(|word| alive(word)).collect()
}

fn check(seed: u64, plan: Plan) {
    let outcome = sim::run::<Probe>(seed, plan);
    let (state, sealed) = (outcome.replica.state(), outcome.sealed.as_slice());
    let health = last(sealed, |op| {
        if let Op::Health(it) = op {
            Some(*it)
        } else {
            None
        }
    })
    .unwrap_or(100);
    assert_eq!(*state.health.get(), health, "seed {seed}: health");
    let strength = last(sealed, |op| {
        if let Op::Strength(it) = op {
            Some(*it)
        } else {
            None
        }
    })
    .unwrap_or(3);
    assert_eq!(
        *state.stats.strength.get(),
        strength,
        "seed {seed}: strength"
    );
    let position = last(sealed, |op| {
        if let Op::Position(it) = op {
            Some(*it)
        } else {
            None
        }
    });
    let position = position.map_or(Vec3::new(0.0, 1.6, 0.0), |x| Vec3::new(x, 0.0, 0.0));
    assert_eq!(*state.position.get(), position, "seed {seed}: position");
    let score = 7 + sum(sealed, |op| {
        if let Op::Score(it) = op {
            Some(*it)
        } else {
            None
        }
    });
    assert_eq!(state.score.value(), score, "seed {seed}: score");
    let kills = sum(sealed, |op| {
        if let Op::Kills(it) = op {
            Some(*it)
        } else {
            None
        }
    });
    assert_eq!(state.stats.kills.value(), kills, "seed {seed}: kills");
    let visits = sum(sealed, |op| {
        if let Op::Visits(it) = op {
            Some(*it as i64)
        } else {
            None
        }
    });
    assert_eq!(state.visits.value(), visits as u64, "seed {seed}: visits");
    let inventory: BTreeSet<&str> = state.inventory.iter().map(String::as_str).collect();
    assert_eq!(inventory, elements(sealed), "seed {seed}: inventory");
    let flags: BTreeMap<&str, i64> = state
        .flags
        .iter()
        .map(|(key, value)| (key.as_str(), *value))
        .collect();
    let expected = WORDS.into_iter().filter_map(|word| {
        let value = last(sealed, |op| match op {
            Op::Set(key, value) if *key == word => Some(Some(*value)),
            Op::Delete(key) if *key == word => Some(None),
            _ => None,
        });
        value.flatten().map(|value| (word, value))
    });
    assert_eq!(flags, expected.collect(), "seed {seed}: flags");
}

/// `HOLO_SEED=123` runs that seed alone; `HOLO_SEEDS=1000000` runs so many.
#[test]
fn twelve_thousand_random_schedules_converge_as_the_oracle_says() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    if let Some(seed) = number("HOLO_SEED") {
        return check(seed, plan(seed));
    }
    let seeds = number("HOLO_SEEDS").unwrap_or(12_000);
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                (half..seeds)
                    .step_by(2)
                    .for_each(|seed| check(seed, plan(seed)))
            });
        }
    });
}

/// Two to five replicas, and logs from ample down to so short that most exchanges are snapshots.
fn plan(seed: u64) -> Plan {
    let log = [10_000, 20, 3, 1][(seed % 4) as usize];
    Plan {
        replicas: 2 + (seed / 4 % 4) as usize,
        steps: 60 + (seed % 7) as usize * 20,
        log,
    }
}
