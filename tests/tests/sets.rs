//! Random schedules over registers that keep concurrent writes and sets whose elements come once, by themselves and in entries of
//! a map, compared to the bit and against a naive oracle: every event ever, and who had seen it.

mod sets {
    pub(crate) mod oracle;
}

use holo_runtime::{GSet, MvRegister, OrMap, Synced, TwoPSet};
use holo_tests::rng::Rng;
use holo_tests::sim::{self, Plan, Subject};
use sets::oracle::{Event, Oracle, What};

#[derive(Clone, Debug, Synced)]
pub(crate) struct Sheet {
    #[synced(initial = 3)]
    title: MvRegister<i64>,
    #[synced(initial = ["torch"])]
    seen: GSet<String>,
    #[synced(initial = ["torch"])]
    open: TwoPSet<String>,
}

#[derive(Clone, Debug, Synced)]
pub(crate) struct Desk {
    top: Sheet,
    sheets: OrMap<String, Sheet>,
}

const KEYS: [&str; 2] = ["a", "b"];
const WORDS: [&str; 3] = ["torch", "rope", "map"];

fn scribble(sheet: &mut SheetEdit<'_>, key: &'static str, rng: &mut Rng) -> Option<Event> {
    let word = *rng.pick(&WORDS);
    let what = match rng.below(8) {
        0..3 => {
            let number = 1 + rng.below(9) as i64;
            sheet.title.set(number);
            What::Write(number)
        }
        3 | 4 => {
            sheet.seen.insert(word);
            What::Insert(word)
        }
        5 | 6 => {
            if sheet.open.is_removed(word) {
                assert!(!sheet.open.insert(word), "what went does not come back");
                return None;
            }
            sheet.open.insert(word);
            What::Open(word)
        }
        _ => {
            if !sheet.open.remove(word) {
                return None;
            }
            What::Close(word)
        }
    };
    Some(Event { key, what })
}

impl Subject for Desk {
    type Op = Event;

    fn act(edit: &mut DeskEdit<'_>, rng: &mut Rng) -> Vec<Event> {
        let mut events = Vec::new();
        for _ in 0..=rng.below(4) {
            let key = *rng.pick(&KEYS);
            match rng.below(10) {
                0..4 => events.extend(scribble(&mut edit.top, "", rng)),
                4 | 5 => {
                    if edit.sheets.remove(key) {
                        let what = What::Cut;
                        events.push(Event { key, what });
                    }
                }
                _ => {
                    if !edit.sheets.contains_key(key) {
                        let what = What::Made;
                        events.push(Event { key, what });
                    }
                    events.extend(scribble(&mut edit.sheets.entry(key), key, rng));
                }
            }
        }
        events
    }
}

fn compare(seed: u64, sheet: &Sheet, key: &'static str, oracle: &Oracle<'_>) {
    let titles: Vec<i64> = sheet.title.values().into_iter().copied().collect();
    assert_eq!(titles, oracle.values(key, 3), "seed {seed}: {key}.title");
    assert_eq!(
        *sheet.title.get(),
        titles[titles.len() - 1],
        "seed {seed}: the last of them is the one"
    );
    for word in WORDS {
        let initial = word == "torch";
        let seen = initial || oracle.any(key, What::Insert(word));
        assert_eq!(sheet.seen.contains(word), seen, "seed {seed}: {key}.{word}");
        let closed = oracle.any(key, What::Close(word));
        let open = !closed && (initial || oracle.any(key, What::Open(word)));
        assert_eq!(sheet.open.contains(word), open, "seed {seed}: {key}.{word}");
        assert_eq!(sheet.open.is_removed(word), closed, "seed {seed}: {word}");
    }
    let held = WORDS.iter().filter(|word| sheet.open.contains(**word));
    assert_eq!(sheet.open.len(), held.count(), "seed {seed}: {key}");
}

fn check(seed: u64) {
    let plan = Plan {
        replicas: 2 + (seed / 4 % 4) as usize,
        steps: 40 + (seed % 7) as usize * 20,
        log: [10_000, 20, 3, 1][(seed % 4) as usize],
    };
    let outcome = sim::run::<Desk>(seed, plan);
    let oracle = Oracle::new(&outcome.sealed);
    let desk = outcome.replica.state();
    compare(seed, &desk.top, "", &oracle);
    for key in KEYS {
        let sheet = desk.sheets.get(key);
        assert_eq!(sheet.is_some(), oracle.exists(key), "seed {seed}: {key}");
        if let Some(sheet) = sheet {
            compare(seed, sheet, key, &oracle);
        }
    }
}

/// `HOLO_SEED=123` runs that seed alone; `HOLO_SEEDS=1000000` runs so many.
#[test]
fn random_schedules_of_sets_converge_as_the_oracle_says() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    if let Some(seed) = number("HOLO_SEED") {
        return check(seed);
    }
    let seeds = number("HOLO_SEEDS").unwrap_or(3_000);
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || (half..seeds).step_by(2).for_each(check));
        }
    });
}
