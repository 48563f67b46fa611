//! Random schedules over maps of synchronised values, compared to the bit and against a naive oracle: every write ever made, and
//! every remove with what its author had seen.

mod maps {
    pub(crate) mod oracle;
}

use holo_runtime::{GCounter, LwwMap, LwwRegister, OrMap, OrSet, PnCounter, Synced};
use holo_tests::rng::Rng;
use holo_tests::sim::{self, Plan, Subject};
use maps::oracle::{Event, Oracle, What};

#[derive(Clone, Debug, Synced)]
pub(crate) struct Stats {
    kills: GCounter,
}

#[derive(Clone, Debug, Synced)]
pub(crate) struct Item {
    #[synced(initial = 3)]
    hp: LwwRegister<i64>,
    #[synced(initial = 5)]
    score: PnCounter,
    #[synced(initial = ["torch"])]
    tags: OrSet<String>,
    notes: LwwMap<String, i64>,
    stats: Stats,
    parts: OrMap<String, PnCounter>,
}

#[derive(Clone, Debug, Synced)]
pub(crate) struct Bag {
    items: OrMap<String, Item>,
}

const KEYS: [&str; 2] = ["a", "b"];
const WORDS: [&str; 2] = ["torch", "rope"];

impl Subject for Bag {
    type Op = Event;

    fn act(edit: &mut BagEdit<'_>, rng: &mut Rng) -> Vec<Event> {
        let mut events = Vec::new();
        for _ in 0..=rng.below(4) {
            let (key, word) = (*rng.pick(&KEYS), *rng.pick(&WORDS));
            let number = 1 + rng.below(9) as i64;
            let mut tell = |path: &[&'static str], what: What| {
                events.push(Event {
                    path: path.to_vec(),
                    what,
                });
            };
            match rng.below(14) {
                0 => {
                    edit.items.insert(key);
                    tell(&[key], What::Made);
                    continue;
                }
                1..4 => {
                    if edit.items.remove(key) {
                        tell(&[key], What::Cut);
                    }
                    continue;
                }
                4 => {
                    for (key, _) in edit.items.sorted() {
                        let key = KEYS.into_iter().find(|known| known == key);
                        tell(&[key.unwrap_or_default()], What::Cut);
                    }
                    edit.items.clear();
                    continue;
                }
                _ => {}
            }
            if !edit.items.contains_key(key) {
                tell(&[key], What::Made);
            }
            let mut item = edit.items.entry(key);
            match rng.below(9) {
                0 => {
                    item.hp.set(number);
                    tell(&[key, "hp"], What::Write(Some(number)));
                }
                1 => {
                    item.score.decrement(number);
                    tell(&[key, "score"], What::Add(-number));
                }
                2 => {
                    item.stats.kills.increment(number as u64);
                    tell(&[key, "kills"], What::Add(number));
                }
                3 => {
                    item.tags.insert(word);
                    tell(&[key, "tags", word], What::Put);
                }
                4 => {
                    if item.tags.remove(word) {
                        tell(&[key, "tags", word], What::CutElement);
                    }
                }
                5 => {
                    item.notes.set(word, number);
                    tell(&[key, "notes", word], What::Write(Some(number)));
                }
                6 => {
                    if item.notes.delete(word) {
                        tell(&[key, "notes", word], What::Write(None));
                    }
                }
                7 => {
                    if !item.parts.contains_key(word) {
                        tell(&[key, "parts", word], What::Made);
                    }
                    item.parts.entry(word).increment(number);
                    tell(&[key, "parts", word], What::Add(number));
                }
                _ => {
                    if item.parts.remove(word) {
                        tell(&[key, "parts", word], What::Cut);
                    }
                }
            }
        }
        events
    }
}

fn check(seed: u64) {
    let log = [10_000, 20, 3, 1][(seed % 4) as usize];
    let plan = Plan {
        replicas: 2 + (seed / 4 % 4) as usize,
        steps: 40 + (seed % 7) as usize * 20,
        log,
    };
    let outcome = sim::run::<Bag>(seed, plan);
    let oracle = Oracle::new(&outcome.sealed);
    let items = &outcome.replica.state().items;
    for key in KEYS {
        let there = oracle.exists(&[key]);
        let item = items.get(key);
        assert_eq!(item.is_some(), there, "seed {seed}: is {key} there");
        let Some(item) = item else { continue };
        let hp = oracle.written(&[key, "hp"]).unwrap_or(Some(3));
        assert_eq!(Some(*item.hp.get()), hp, "seed {seed}: {key}.hp");
        let score = 5 + oracle.total(&[key, "score"]);
        assert_eq!(item.score.value(), score, "seed {seed}: {key}.score");
        let kills = oracle.total(&[key, "kills"]);
        assert_eq!(
            item.stats.kills.value(),
            kills as u64,
            "seed {seed}: {key}.kills"
        );
        for word in WORDS {
            let held = oracle.holds(&[key, "tags", word], word == "torch");
            assert_eq!(item.tags.contains(word), held, "seed {seed}: {key}.{word}");
            let note = oracle.written(&[key, "notes", word]).flatten();
            let held = item.notes.get(word).copied();
            assert_eq!(held, note, "seed {seed}: {key}.notes.{word}");
            let part = oracle
                .exists(&[key, "parts", word])
                .then(|| oracle.total(&[key, "parts", word]));
            let held = item.parts.get(word).map(PnCounter::value);
            assert_eq!(held, part, "seed {seed}: {key}.parts.{word}");
        }
    }
}

/// `HOLO_SEED=123` runs that seed alone; `HOLO_SEEDS=1000000` runs so many.
#[test]
fn random_schedules_of_maps_converge_as_the_oracle_says() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    if let Some(seed) = number("HOLO_SEED") {
        return check(seed);
    }
    let seeds = number("HOLO_SEEDS").unwrap_or(5_000);
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || (half..seeds).step_by(2).for_each(check));
        }
    });
}
