//! Seeded runs in which state moves in every way at once; see `holo_tests::motion`. `HOLO_SEEDS` sets how many, `HOLO_SEED` runs one.

use holo_tests::motion::{self, Tally};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Seeds of one remainder, so that two tests run side by side.
fn half(odd: u64) {
    let seeds = match number("HOLO_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("HOLO_SEEDS").unwrap_or(160),
    };
    let (all, count) = (number("HOLO_SEED").is_none(), seeds.end - seeds.start);
    let mut sum = Tally::default();
    for seed in seeds.filter(|seed| seed % 2 == odd) {
        let run = || motion::run(seed, 3 + (seed % 3) as usize, 0..120);
        match std::panic::catch_unwind(run) {
            Ok(tally) => sum += tally,
            Err(error) => {
                eprintln!("HOLO_SEED={seed}");
                std::panic::resume_unwind(error);
            }
        }
    }
    println!("{sum}");
    if all && count >= 160 {
        let Tally {
            undone,
            restored,
            reviewed,
            carried,
            lost,
            overlaid,
            ..
        } = sum;
        let least = [undone, restored, reviewed, carried, lost, overlaid];
        assert!(least.iter().all(|it| *it >= count / 20), "{sum:?}");
    }
}

#[test]
fn what_moves_in_every_way_ends_equal() {
    half(0);
}

#[test]
fn what_moves_in_every_way_ends_equal_in_other_schedules() {
    half(1);
}
