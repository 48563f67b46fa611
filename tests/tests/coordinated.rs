//! Schedules of coordinators: whatever the network does, whatever strategy each has, all end equal to the bit, nothing that was
//! acknowledged is lost, and nothing counts twice.

use holo_tests::coordinated::{Shape, run};
use holo_tests::ledger::Tally;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// One seed again with `HOLO_SEED`, more of them with `HOLO_SEEDS`.
fn seeds(first: u64, count: u64, mut run: impl FnMut(u64) -> Tally) {
    if let Some(seed) = number("HOLO_SEED") {
        run(seed);
        return;
    }
    let mut all = Tally::default();
    for seed in first..first + number("HOLO_SEEDS").unwrap_or(count) {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(seed)));
        match result {
            Ok(tally) => all += tally,
            Err(error) => {
                eprintln!("seed {seed}, {:?}", Shape::of(seed));
                std::panic::resume_unwind(error);
            }
        }
    }
    assert_eq!(all.acknowledged, all.kept, "{all:?}");
    assert!(
        all.edits > 10 * count && all.acknowledged > count,
        "{all:?}"
    );
}

#[test]
fn coordinators_end_equal_to_the_bit() {
    seeds(0, 3_000, |seed| {
        run(seed, 3 + (seed % 3) as usize, 120, Shape::of(seed))
    });
}
