//! Random schedules over documents, by themselves and in entries of a map, compared to the bit and against a naive oracle: every
//! step and every item ever, and who had seen it.

mod json {
    pub(crate) mod oracle;
    pub(crate) mod order;
    pub(crate) mod view;
}

use std::panic::{AssertUnwindSafe, catch_unwind};

use holo_runtime::mutants::{Mutant, plant};
use holo_runtime::{JsonDoc, JsonKey, JsonPath, OrMap, Synced, Value};
use holo_tests::rng::Rng;
use holo_tests::sim::{self, Plan, Subject};
use json::oracle::{Act, Event, Oracle};

#[derive(Clone, Debug, Synced)]
pub(crate) struct Page {
    #[synced(initial = {"a": {"b": 1}, "b": [2, {"a": 3}, [4]]})]
    doc: JsonDoc,
}

#[derive(Clone, Debug, Synced)]
pub(crate) struct Book {
    cover: Page,
    pages: OrMap<String, Page>,
    bare: JsonDoc,
}

const KEYS: [&str; 2] = ["one", "two"];
const NAMES: [&str; 2] = ["a", "b"];

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let entries = entries.map(|(name, value)| (name.to_owned(), value));
    Value::Map(entries.into())
}

fn initial() -> Value {
    let three = map([("a", Value::Int(3))]);
    let items = vec![Value::Int(2), three, Value::List(vec![Value::Int(4)])];
    map([
        ("a", map([("b", Value::Int(1))])),
        ("b", Value::List(items)),
    ])
}

fn value(rng: &mut Rng, depth: usize) -> Value {
    match rng.below(if depth > 2 { 4 } else { 9 }) {
        0 => Value::Null,
        1..4 => Value::Int(10 + rng.below(90) as i64),
        4..6 => {
            let names = NAMES.iter().filter(|_| rng.chance(50)).copied();
            let names: Vec<&str> = names.collect();
            let entries = names
                .into_iter()
                .map(|name| (name.to_owned(), value(rng, depth + 1)));
            Value::Map(entries.collect())
        }
        _ => Value::List((0..rng.below(3)).map(|_| value(rng, depth + 1)).collect()),
    }
}

/// A way into the document by keys and indices, which ends at the latest where nothing is.
fn walk(doc: &JsonDoc, rng: &mut Rng) -> Vec<JsonKey> {
    let (mut keys, mut place) = (Vec::new(), doc.root());
    for _ in 0..rng.below(5) {
        let next = match (place.is_list(), place.len()) {
            (true, 0) => break,
            (true, len) => {
                let index = rng.below(len);
                keys.push(JsonKey::Index(index));
                place.item(index)
            }
            _ => {
                let name = *rng.pick(&NAMES);
                keys.push(name.into());
                place.get(name)
            }
        };
        match next {
            Some(next) => place = next,
            None => break,
        }
    }
    keys
}

fn scribble(doc: &mut holo_runtime::JsonDocEdit<'_>, rng: &mut Rng) -> Option<Act> {
    let keys = walk(doc, rng);
    let path = JsonPath::of(&keys);
    let place = doc.get(&path);
    let len = place
        .filter(|place| place.is_list())
        .map(|place| place.len());
    let (free, len) = (place.is_none() || len.is_some(), len.unwrap_or(0));
    match rng.below(10) {
        0 | 1 => doc.delete(&path).then_some(Act::Delete(keys)),
        2 | 3 if len > 0 => {
            let (from, to) = (rng.below(len), rng.below(len));
            doc.move_item(&path, from, to);
            Some(Act::Move(keys, from, to))
        }
        4..8 if free => {
            let (index, value) = (rng.below(len + 1), value(rng, 1));
            match index == len && rng.chance(50) {
                true => doc.push(&path, &value),
                false => doc.insert(&path, index, &value),
            }
            let inner = [&keys[..], &[JsonKey::Index(index)]].concat();
            expect(doc, &inner, &value);
            Some(Act::Insert(keys, index, value))
        }
        _ => {
            let value = value(rng, 0);
            doc.set(&path, &value);
            expect(doc, &keys, &value);
            Some(Act::Set(keys, value))
        }
    }
}

fn expect(doc: &JsonDoc, keys: &[JsonKey], value: &Value) {
    let there = doc.get(JsonPath::of(keys)).map(|place| place.to_value());
    assert_eq!(there.as_ref(), Some(value), "what was set is there");
}

impl Subject for Book {
    type Op = Event;

    fn act(edit: &mut BookEdit<'_>, rng: &mut Rng) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        for _ in 0..=rng.below(3) {
            let key = *rng.pick(&KEYS);
            let mut tell = |doc, act: Option<Act>| {
                events.extend(act.map(|act| Event { doc, act }));
            };
            match rng.below(10) {
                0..3 => tell("cover", scribble(&mut edit.cover.doc, rng)),
                3 | 4 => tell("bare", scribble(&mut edit.bare, rng)),
                5 => tell(key, edit.pages.remove(key).then_some(Act::Cut)),
                _ => {
                    let fresh = !edit.pages.contains_key(key);
                    tell(key, fresh.then_some(Act::Made));
                    tell(key, scribble(&mut edit.pages.entry(key).doc, rng));
                }
            }
        }
        events
    }
}

fn check(seed: u64) {
    let plan = Plan {
        replicas: 2 + (seed / 4 % 3) as usize,
        steps: 30 + (seed % 5) as usize * 15,
        log: [10_000, 20, 3, 1][(seed % 4) as usize],
    };
    let outcome = sim::run::<Book>(seed, plan);
    let book = outcome.replica.state();
    let (first, nothing) = (initial(), map([]));
    let start = |doc: &str| match doc {
        "bare" => &nothing,
        _ => &first,
    };
    let oracle = Oracle::new(&start, &outcome.sealed);
    let (cover, bare) = (oracle.all("cover").value(), oracle.all("bare").value());
    assert_eq!(book.cover.doc.to_value(), cover, "seed {seed}: cover");
    assert_eq!(book.bare.to_value(), bare, "seed {seed}: bare");
    for key in KEYS {
        let (page, view) = (book.pages.get(key), oracle.all(key));
        assert_eq!(page.is_some(), view.exists(), "seed {seed}: {key}");
        if let Some(page) = page {
            assert_eq!(page.doc.to_value(), view.value(), "seed {seed}: {key}");
        }
    }
}

/// `HOLO_SEED=123` runs that seed alone; `HOLO_SEEDS=1000000` runs so many.
#[test]
fn random_schedules_of_documents_converge_as_the_oracle_says() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    if let Some(seed) = number("HOLO_SEED") {
        return check(seed);
    }
    let seeds = number("HOLO_SEEDS").unwrap_or(2_000);
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || (half..seeds).step_by(2).for_each(check));
        }
    });
}

/// Rules of documents, broken one at a time: each is noticed within a thousand schedules.
#[test]
fn planted_mistakes_are_noticed() {
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let fails = |mutant, seed: u64| {
        plant(mutant);
        let failed = catch_unwind(AssertUnwindSafe(|| check(seed))).is_err();
        plant(None);
        failed
    };
    let caught = |mutant| (0..1_000).find(|seed| fails(Some(mutant), *seed) && !fails(None, *seed));
    let all = [
        Mutant::ListsReplaced,
        Mutant::OldestShows,
        Mutant::CutIgnored,
        Mutant::StaleSnapshotMerged,
        Mutant::RemovedTakenBack,
        Mutant::CausalitySkipped,
    ];
    let seeds = all.map(|mutant| (mutant, caught(mutant)));
    std::panic::set_hook(quiet);
    println!("{seeds:?}");
    let missed: Vec<_> = seeds.iter().filter(|(_, seed)| seed.is_none()).collect();
    assert!(missed.is_empty(), "not caught: {missed:?}");
}
