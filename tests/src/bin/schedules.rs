//! `cargo run --release -p holo-tests --bin schedules -- [COUNT] [--motion]`: random schedules of five replicas and 200 steps with every
//! fault, half of them around an authority, half among members; says what they came to. With `--motion` schedules in which state
//! moves in every way at once: see `holo_tests::motion`.
//!
//! `HOLO_SEED=4711` runs that one again, and when it fails, looks for the few of its steps that fail too. `HOLO_STEPS=3,14,159`
//! runs only these of its steps.

use std::fmt::Display;
use std::ops::AddAssign;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::Instant;

use holo_tests::authority::{self, Faults};
use holo_tests::ledger::Tally;
use holo_tests::{motion, peers};

const REPLICAS: usize = 5;
const STEPS: u64 = 200;
const THREADS: u64 = 2;

fn main() -> ExitCode {
    let (mut count, mut moves) = (100_000, false);
    for argument in std::env::args().skip(1) {
        match (argument.as_str(), argument.parse()) {
            ("--motion", _) => moves = true,
            (_, Ok(number)) => count = number,
            _ => {
                eprintln!("schedules: COUNT is a number, and beside it there is only --motion");
                return ExitCode::from(2);
            }
        }
    }
    let seed = std::env::var("HOLO_SEED").ok();
    let seed: Option<u64> = seed.and_then(|text| text.parse().ok());
    let failed = match (seed, moves) {
        (Some(seed), false) => again(seed, |steps| one(seed, steps.iter().copied()).to_string()),
        (Some(seed), true) => again(seed, |steps| {
            moving(seed, steps.iter().copied()).to_string()
        }),
        (None, false) => all(count, |seed| one(seed, 0..STEPS)),
        (None, true) => all(count, |seed| moving(seed, 0..STEPS)),
    };
    ExitCode::from(u8::from(failed))
}

fn moving(seed: u64, steps: impl Iterator<Item = u64>) -> motion::Tally {
    motion::run(seed, REPLICAS, steps)
}

/// Runs them all, and says what they came to. True when one fails.
fn all<S: Default + AddAssign + Display + Send>(count: u64, one: fn(u64) -> S) -> bool {
    let begin = Instant::now();
    let (mut sum, mut failed) = (S::default(), Vec::new());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|first| scope.spawn(move || share(first, count, one)))
            .collect();
        for thread in threads {
            match thread.join() {
                Ok((part, seeds)) => {
                    sum += part;
                    failed.extend(seeds);
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    failed.sort_unstable();
    println!(
        "{count} schedules of {REPLICAS} replicas x {STEPS} steps on {THREADS} threads in {:.0} s: {} failed",
        begin.elapsed().as_secs_f64(),
        failed.len(),
    );
    println!("{sum}");
    for seed in &failed {
        println!("seed {seed} fails");
    }
    !failed.is_empty()
}

/// Every second schedule, and the seeds of those that fail.
fn share<S: Default + AddAssign>(first: u64, count: u64, one: fn(u64) -> S) -> (S, Vec<u64>) {
    let (mut sum, mut failed) = (S::default(), Vec::new());
    for seed in (first..count).step_by(THREADS as usize) {
        match std::panic::catch_unwind(|| one(seed)) {
            Ok(part) => sum += part,
            Err(_) => {
                eprintln!("seed {seed} fails");
                failed.push(seed);
            }
        }
    }
    (sum, failed)
}

fn one(seed: u64, steps: impl Iterator<Item = u64>) -> Tally {
    let number = seed / 4;
    match seed % 4 {
        0 | 1 => authority::run(seed, REPLICAS, steps, Faults::of(number)),
        _ => peers::run(seed, REPLICAS, steps, !number.is_multiple_of(3)),
    }
}

/// Runs one seed as it was told to; what fails is made as short as it gets. True when it fails.
fn again(seed: u64, run: impl Fn(&[u64]) -> String) -> bool {
    let steps: Vec<u64> = match std::env::var("HOLO_STEPS") {
        Ok(text) => text.split(',').filter_map(|it| it.parse().ok()).collect(),
        Err(_) => (0..STEPS).collect(),
    };
    let tried = |steps: &[u64]| std::panic::catch_unwind(AssertUnwindSafe(|| run(steps)));
    if let Ok(sum) = tried(&steps) {
        println!("seed {seed} holds: {sum}");
        return false;
    }
    std::panic::set_hook(Box::new(|_| {}));
    let few = fewer(steps, |steps| tried(steps).is_err());
    let few: Vec<String> = few.iter().map(u64::to_string).collect();
    println!("HOLO_SEED={seed} HOLO_STEPS={} fails", few.join(","));
    true
}

/// Leaves out what is not needed to fail: halves of what is left, then quarters, down to single steps (Zeller 1999).
fn fewer(mut steps: Vec<u64>, fails: impl Fn(&[u64]) -> bool) -> Vec<u64> {
    let mut size = steps.len().div_ceil(2);
    while size > 0 {
        let (mut at, before) = (0, steps.len());
        while at < steps.len() {
            let mut rest = steps.clone();
            rest.drain(at..(at + size).min(steps.len()));
            match fails(&rest) {
                true => steps = rest,
                false => at += size,
            }
        }
        if size > 1 || steps.len() == before {
            size /= 2;
        }
    }
    steps
}
