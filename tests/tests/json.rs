//! Random schedules over documents, by themselves and in entries of a map, compared to the bit and against a naive oracle: every
//! step ever, and who had seen it.

mod json {
    pub(crate) mod oracle;
}

use holo_runtime::{JsonDoc, OrMap, Synced, Value};
use holo_tests::rng::Rng;
use holo_tests::sim::{self, Plan, Subject};
use json::oracle::{Act, Event, Oracle};

#[derive(Clone, Debug, Synced)]
pub(crate) struct Page {
    #[synced(initial = {"a": {"b": 1}, "b": 2})]
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

fn initial() -> Value {
    let inner = Value::Map([("b".to_owned(), Value::Int(1))].into());
    Value::Map([("a".to_owned(), inner), ("b".to_owned(), Value::Int(2))].into())
}

fn empty() -> Value {
    Value::Map(Default::default())
}

fn value(rng: &mut Rng) -> Value {
    let map = |rng: &mut Rng| {
        let entries = NAMES.iter().filter_map(|name| {
            let value = Value::Int(10 + rng.below(9) as i64);
            rng.chance(50).then(|| ((*name).to_owned(), value))
        });
        Value::Map(entries.collect())
    };
    match rng.below(6) {
        0 => Value::Null,
        1 => Value::List(vec![map(rng)]),
        2 | 3 => map(rng),
        _ => Value::Int(10 + rng.below(9) as i64),
    }
}

fn scribble(doc: &mut holo_runtime::JsonDocEdit<'_>, rng: &mut Rng) -> Option<Act> {
    let path: Vec<&'static str> = (0..rng.below(4)).map(|_| *rng.pick(&NAMES)).collect();
    if rng.chance(30) {
        return doc.delete(path.as_slice()).then_some(Act::Delete(path));
    }
    let value = value(rng);
    doc.set(path.as_slice(), &value);
    assert_eq!(
        doc.get(path.as_slice()).map(|place| place.to_value()),
        Some(value.clone()),
        "what was set is there"
    );
    Some(Act::Set(path, value))
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
    let (first, nothing, sealed) = (initial(), empty(), &outcome.sealed);
    let cover = Oracle::new("cover", &first, sealed).value();
    assert_eq!(book.cover.doc.to_value(), cover, "seed {seed}: cover");
    let bare = Oracle::new("bare", &nothing, sealed).value();
    assert_eq!(book.bare.to_value(), bare, "seed {seed}: bare");
    for key in KEYS {
        let oracle = Oracle::new(key, &first, sealed);
        let page = book.pages.get(key);
        assert_eq!(page.is_some(), oracle.exists(), "seed {seed}: {key}");
        if let Some(page) = page {
            assert_eq!(page.doc.to_value(), oracle.value(), "seed {seed}: {key}");
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
