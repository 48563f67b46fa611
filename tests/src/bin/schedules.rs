//! `cargo run --release -p holo-tests --bin schedules -- [COUNT]`: random schedules of five replicas and 200 steps with every fault,
//! half of them around an authority, half among members; says what they came to.
//!
//! `HOLO_SEED=4711` runs that one again, and when it fails, looks for the few of its steps that fail too. `HOLO_STEPS=3,14,159`
//! runs only these of its steps.

use std::process::ExitCode;
use std::time::Instant;

use holo_tests::authority::{self, Faults};
use holo_tests::ledger::Tally;
use holo_tests::peers;

const REPLICAS: usize = 5;
const STEPS: u64 = 200;
const THREADS: u64 = 2;

fn main() -> ExitCode {
    if let Some(seed) = std::env::var("HOLO_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
    {
        return again(seed);
    }
    let count = match std::env::args().nth(1).map(|text| text.parse()) {
        None => 100_000,
        Some(Ok(count)) => count,
        Some(Err(_)) => {
            eprintln!("schedules: COUNT is a number");
            return ExitCode::from(2);
        }
    };
    let begin = Instant::now();
    let (mut tally, mut failed) = (Tally::default(), Vec::new());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|first| scope.spawn(move || share(first, count)))
            .collect();
        for thread in threads {
            match thread.join() {
                Ok((sum, seeds)) => {
                    tally += sum;
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
    println!(
        "{} edits, {} acknowledged, {} of these lost",
        tally.edits,
        tally.acknowledged,
        tally.acknowledged - tally.kept
    );
    for seed in &failed {
        println!("seed {seed} fails");
    }
    ExitCode::from(u8::from(!failed.is_empty()))
}

/// Every second schedule, and the seeds of those that fail.
fn share(first: u64, count: u64) -> (Tally, Vec<u64>) {
    let (mut tally, mut failed) = (Tally::default(), Vec::new());
    for seed in (first..count).step_by(THREADS as usize) {
        match std::panic::catch_unwind(|| one(seed, 0..STEPS)) {
            Ok(sum) => tally += sum,
            Err(_) => {
                eprintln!("seed {seed} fails");
                failed.push(seed);
            }
        }
    }
    (tally, failed)
}

fn one(seed: u64, steps: impl Iterator<Item = u64>) -> Tally {
    let number = seed / 4;
    match seed % 4 {
        0 | 1 => authority::run(seed, REPLICAS, steps, Faults::of(number)),
        _ => peers::run(seed, REPLICAS, steps, !number.is_multiple_of(3)),
    }
}

/// Runs one seed as it was told to; what fails is made as short as it gets.
fn again(seed: u64) -> ExitCode {
    let steps: Vec<u64> = match std::env::var("HOLO_STEPS") {
        Ok(text) => text.split(',').filter_map(|it| it.parse().ok()).collect(),
        Err(_) => (0..STEPS).collect(),
    };
    let fails = |steps: &[u64]| {
        let steps = steps.to_vec();
        std::panic::catch_unwind(move || one(seed, steps.into_iter())).is_err()
    };
    if !fails(&steps) {
        println!("seed {seed} holds");
        return ExitCode::SUCCESS;
    }
    std::panic::set_hook(Box::new(|_| {}));
    let few: Vec<String> = fewer(steps, fails).iter().map(u64::to_string).collect();
    println!("HOLO_SEED={seed} HOLO_STEPS={} fails", few.join(","));
    ExitCode::FAILURE
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
