//! State whose schema is read at run time: conformance fixtures, random schemas under the simulator against naive oracles, every
//! order of few changes, and what is no schema.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

#[path = "dynamic/conformance.rs"]
mod conformance;
#[path = "dynamic/laws.rs"]
mod laws;
#[path = "dynamic/oracle.rs"]
mod oracle;
#[path = "dynamic/orders.rs"]
mod orders;
#[path = "dynamic/schemas.rs"]
mod schemas;

use holo_runtime::dynamic::Dynamic;
use holo_tests::sim::{self, Plan};

fn check(seed: u64) {
    let log = [10_000, 20, 3, 1][(seed % 4) as usize];
    let plan = Plan {
        replicas: 2 + (seed / 4 % 4) as usize,
        steps: 40 + (seed % 7) as usize * 10,
        log,
    };
    let outcome = sim::run::<Dynamic>(seed, plan);
    let expected = oracle::expected(outcome.replica.state(), &outcome.sealed);
    let differences = outcome.replica.state().differences(&expected);
    assert_eq!(differences, [], "seed {seed}");
}

/// `HOLO_SEED=123` runs that seed alone; `HOLO_SEEDS=1000000` runs so many.
#[test]
fn random_schemas_converge_as_the_oracle_says() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
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
