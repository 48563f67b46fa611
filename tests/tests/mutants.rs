//! Planted mistakes, one rule at a time: each must be noticed by the simulators within a thousand schedules.

use std::panic::{AssertUnwindSafe, catch_unwind};

use holo_runtime::mutants::{Mutant, plant};
use holo_tests::authority::{self, Faults};
use holo_tests::{lists, motion, peers};

/// Every rule that can be broken, and who is to notice.
const TABLE: [(Mutant, fn(u64)); 33] = [
    (Mutant::NoTieBreak, members),
    (Mutant::CausalitySkipped, members),
    (Mutant::EarlyTombstoneDrop, members),
    (Mutant::CutIgnored, members),
    (Mutant::GreatestTotal, shelves),
    (Mutant::StaleSnapshotMerged, members),
    (Mutant::RemovedTakenBack, members),
    (Mutant::HolesAccepted, members),
    (Mutant::OriginReturns, members),
    (Mutant::AppliedTwice, members),
    (Mutant::SentBeforeStored, members),
    (Mutant::FloorTooEarly, members),
    (Mutant::CollectedParents, lists::run),
    (Mutant::CollectedRight, lists::run),
    (Mutant::CollectedUndeleted, lists::run),
    (Mutant::FloorUnseen, star),
    (Mutant::FloorIgnored, star),
    (Mutant::ForkUndetected, star),
    (Mutant::RestampForgets, star),
    (Mutant::RestampRepeats, star),
    (Mutant::RestampTakesAll, star),
    (Mutant::ClosedTaken, star),
    (Mutant::UndoOverwrites, members),
    (Mutant::UndoSetsTotal, members),
    (Mutant::RestoreForgets, all_at_once),
    (Mutant::SentFromWrongVersion, all_at_once),
    (Mutant::ResendDropped, all_at_once),
    (Mutant::LeafSkipped, all_at_once),
    (Mutant::RefusalUnheard, all_at_once),
    (Mutant::EpochIgnored, all_at_once),
    (Mutant::LiveStampIgnored, all_at_once),
    (Mutant::KeyWriteHidden, all_at_once),
    (Mutant::NeverSettled, all_at_once),
];

fn members(seed: u64) {
    peers::run(
        seed,
        2 + (seed % 4) as usize,
        0..120,
        !seed.is_multiple_of(3),
    );
}

/// Two members, so that one total is seen by all sides often.
fn shelves(seed: u64) {
    peers::run(seed, 2 + (seed % 2) as usize, 0..160, false);
}

fn star(seed: u64) {
    let faults = Faults {
        forks: seed % 2 == 1,
        clocks: seed / 2 % 2 == 1,
        floors: !(seed / 4).is_multiple_of(4),
        restarts: seed / 16 % 2 == 1,
    };
    authority::run(seed, 2 + (seed % 4) as usize, 0..160, faults);
}

fn all_at_once(seed: u64) {
    motion::run(seed, 3 + (seed % 3) as usize, 0..120);
}

/// The first schedule that notices, and has nothing to notice without the mistake.
fn caught(mutant: Mutant, run: fn(u64)) -> Option<u64> {
    let fails = |mutant, seed: u64| {
        plant(mutant);
        let failed = catch_unwind(AssertUnwindSafe(|| run(seed))).is_err();
        plant(None);
        failed
    };
    (0..1_000).find(|seed| fails(Some(mutant), *seed) && !fails(None, *seed))
}

#[test]
fn each_planted_mistake_is_caught_within_a_thousand_schedules() {
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let half = |half: usize| {
        let rows = TABLE.iter().skip(half).step_by(2);
        rows.map(|(mutant, run)| (*mutant, caught(*mutant, *run)))
            .collect::<Vec<_>>()
    };
    let mut all = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let mut all = half(0);
        all.extend(other.join().unwrap_or_default());
        all
    });
    std::panic::set_hook(quiet);
    all.sort_by_key(|(mutant, _)| format!("{mutant:?}"));
    for (mutant, seed) in &all {
        println!("{mutant:?}: {seed:?}");
    }
    assert_eq!(all.len(), TABLE.len());
    let missed: Vec<_> = all.iter().filter(|(_, seed)| seed.is_none()).collect();
    assert!(missed.is_empty(), "not caught: {missed:?}");
}
