//! Every reader of what others send, held to the laws of `holo_tests::hostile` with an allocator that counts.
//!
//! | variable | |
//! |---|---|
//! | `HOLO_FUZZ` | how many inputs there are for each law |
//! | `HOLO_FROM` | the seed of the first |
//! | `HOLO_SEED` | a seed to try alone |
//! | `HOLO_LAW` | a law to try alone |
//!
//! What belongs here: the run, and the bombs with their bounds. What never will: what must hold for an input.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use holo_runtime::dynamic::{Dynamic, Schema};
use holo_runtime::{Change, Clock, Guard, LwwRegister, Replica, ReplicaId, Snapshot};
use holo_tests::hostile::{self, ALL, Meter, Scenario, allowance, bombs};
use holo_tests::rng::Rng;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Tests that count memory take turns.
static TURN: Mutex<()> = Mutex::new(());

/// How many inputs are tried for each law.
const INPUTS: u64 = 150;

/// How many inputs are made from one scenario.
const EACH: u64 = 20;

/// Counts what is taken, and keeps the largest.
#[derive(Default)]
struct Peak {
    before: usize,
    /// Memory beyond eight times the input, the input, and what was read.
    largest: (usize, usize, &'static str),
    accepted: usize,
}

impl Meter for Peak {
    fn begin(&mut self) {
        self.before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
    }

    fn end(&mut self, what: &'static str, input: usize, allowed: usize) {
        let peak = MEMORY.peak_usage().saturating_sub(self.before);
        let over = peak.saturating_sub(8 * input);
        self.largest = self.largest.max((over, input, what));
        assert!(
            peak <= allowed,
            "{what} of {input} bytes took {peak}, of {allowed} allowed"
        );
    }

    fn accepted(&mut self) {
        self.accepted += 1;
    }
}

fn number(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    let number = value.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is no number: {value}")))
}

/// The input of a seed for a law.
fn input(scenario: &Scenario, law: &str, seed: u64) -> Vec<u8> {
    let mut rng = Rng::new(seed ^ 0xdec0de);
    let all = scenario.inputs(law);
    if all.is_empty() {
        // Nothing was said of that sort.
        return Vec::new();
    }
    let bytes = rng.pick(&all).clone();
    match law {
        _ if seed.is_multiple_of(50) => bytes,
        "json" | "schema" | "text" => {
            let text = String::from_utf8(bytes).unwrap();
            hostile::mutate_text(&text, &all, &mut rng).into_bytes()
        }
        _ => hostile::mutate(&bytes, &all, &mut rng),
    }
}

#[test]
fn every_input_keeps_every_law() {
    let _turn = TURN.lock();
    let from = number("HOLO_SEED").or(number("HOLO_FROM")).unwrap_or(0);
    let count = match number("HOLO_SEED") {
        Some(_) => 1,
        None => number("HOLO_FUZZ").unwrap_or(INPUTS),
    };
    let only = std::env::var("HOLO_LAW").ok();
    let (mut peak, mut broken) = (Peak::default(), Vec::new());
    let mut scenario = Scenario::new(from / EACH);
    for seed in from..from + count {
        if scenario.seed != seed / EACH {
            scenario = Scenario::new(seed / EACH);
        }
        for (name, law) in ALL
            .iter()
            .filter(|(name, _)| only.as_deref().is_none_or(|it| it == *name))
        {
            let bytes = input(&scenario, name, seed);
            let kept = catch_unwind(AssertUnwindSafe(|| law(&scenario, &bytes, &mut peak)));
            if kept.is_err() {
                broken.push((seed, *name));
            }
        }
        if broken.len() > 20 {
            break;
        }
    }
    let (over, bytes, what) = peak.largest;
    println!("{} changes and states accepted", peak.accepted);
    assert!(
        only.is_some() || count < 100 || peak.accepted as u64 > count,
        "hardly any was"
    );
    println!("most memory beyond eight times the input: {over} bytes, {what} of {bytes}");
    assert!(
        broken.is_empty(),
        "seeds and laws that they break: {broken:?}"
    );
}

fn id(number: u64) -> ReplicaId {
    ReplicaId::new(number).unwrap()
}

/// What applying a bomb may leave behind: an entry of a map, or an item of a list, takes more than the few bytes that say so.
const HELD: usize = 256;

#[test]
fn no_bomb_takes_more_memory_than_it_may() {
    let _turn = TURN.lock();
    let mut wrong = Vec::new();
    for (name, body) in bombs::all(100 << 10) {
        let ticks = if name == "many segments" { 1 << 20 } else { 1 };
        let bytes = hostile::change(5, 1 << 40, ticks, &body);
        let change = Change::decode(&bytes).unwrap();
        let clock = Clock::manual(u64::MAX >> 16);
        let mut stranger = Replica::<LwwRegister<bool>>::with_clock(id(8), clock.clone());
        let mut here = Replica::with_state(id(9), clock, Dynamic::default());
        let (one, other) = (change.clone(), change);
        let measure = |work: &mut dyn FnMut() -> usize| {
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let unreadable = work();
            (MEMORY.peak_usage() - before, unreadable)
        };
        let mut one = Some(one);
        let (walked, _) = measure(&mut || stranger.apply(one.take().unwrap()).unwrap().unreadable);
        let mut other = Some(other);
        let (applied, unreadable) =
            measure(&mut || here.apply(other.take().unwrap()).unwrap().unreadable);
        let times = applied / bytes.len();
        println!(
            "{name}: {} bytes, {walked} to check, {applied} ({times} times) to apply",
            bytes.len()
        );
        assert_eq!(
            unreadable, 0,
            "{name} is well-formed, or it would prove nothing"
        );
        if walked > allowance(bytes.len()) || times > HELD {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "too much memory: {wrong:?}");
}

#[test]
fn a_state_of_a_list_in_pieces_takes_no_more_than_it_may() {
    let _turn = TURN.lock();
    let bytes = hostile::state(5, 1 << 40, &bombs::sections(5, 70_000));
    let snapshot = Snapshot::decode(&bytes).unwrap();
    let guard = Guard {
        report_ms: 0,
        hold_ms: 0,
    };
    let early = Replica::with_state(id(8), Clock::manual(0), Dynamic::default());
    let mut early = early.with_guard(guard);
    let alien = snapshot.clone();
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    early.apply(alien).unwrap();
    let walked = MEMORY.peak_usage() - before;
    assert_eq!(early.held(), 1, "it was walked, and waits");
    let mut here = Replica::with_state(id(9), Clock::manual(0), Dynamic::default());
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    here.apply(snapshot).unwrap();
    let merged = MEMORY.peak_usage() - before;
    println!(
        "a list in pieces: {} bytes, {walked} to check, {merged} to merge",
        bytes.len()
    );
    assert!(walked <= allowance(bytes.len()), "{walked}");
    assert!(merged <= HELD * bytes.len(), "{merged}");
}

/// What a record starts with has all the parts of records in it, so a short text could ask for any amount.
#[test]
fn records_in_records_do_not_grow_without_bound() {
    let _turn = TURN.lock();
    let part = |name: &str, ty: &str| format!(r#"{{"name": "{name}", "type": "{ty}"}}"#);
    let records = (0..9).map(|level| {
        let ty = if level == 8 {
            "i64".to_owned()
        } else {
            format!("R{}", level + 1)
        };
        let parts = ["a", "b", "c", "d"].map(|name| part(name, &ty)).join(",");
        format!(r#"{{"name": "R{level}", "fields": [{parts}]}}"#)
    });
    let records = records.collect::<Vec<_>>().join(",");
    let field = r#"{"name": "x", "type": "R0", "crdt": "LwwRegister"}"#;
    let text = format!(r#"{{"orb": "T", "fields": [{field}], "records": [{records}]}}"#);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let read = Schema::from_json(&text);
    let peak = MEMORY.peak_usage() - before;
    let error = read.unwrap_err().to_string();
    assert!(error.contains("more than 4096 parts"), "{error}");
    assert!(peak < 4 << 20, "{peak} bytes for {}", text.len());
}
