//! Schedules of coordinators: whatever the network does, whatever strategy each has, all end equal to the bit, nothing that was
//! acknowledged is lost, and nothing counts twice.

use holo_runtime::{
    GCounter, GSet, JsonDoc, LwwMap, LwwRegister, MvRegister, OrMap, OrSet, PnCounter, Sequence,
    Synced, Text, TwoPSet, Vec3,
};
use holo_tests::coordinated::{Shape, carry, run};
use holo_tests::ledger::Tally;
use holo_tests::subject;

#[derive(Debug, Synced)]
struct Inner {
    label: LwwRegister<String>,
    count: PnCounter,
    marks: OrSet<i64>,
    once: TwoPSet<i64>,
    words: GSet<String>,
    notes: LwwMap<i64, String>,
    doc: JsonDoc,
    list: Sequence<i64>,
    body: Text,
}

/// Everything, in fields and in the entries of maps.
#[derive(Debug, Synced)]
struct All {
    at: LwwRegister<Vec3>,
    title: MvRegister<String>,
    visits: GCounter,
    #[synced(initial = [1, 2])]
    tags: OrSet<i64>,
    words: GSet<String>,
    once: TwoPSet<String>,
    inner: Inner,
    rooms: OrMap<String, Inner>,
    nested: OrMap<i64, OrMap<String, LwwMap<String, i64>>>,
    doc: JsonDoc,
    #[synced(initial = [3, 4])]
    list: Sequence<i64>,
    body: Text,
}

subject!(nested InnerEdit<'_> { label, count, marks, once, words, notes, doc, list, body });
subject!(All {
    at,
    title,
    visits,
    tags,
    words,
    once,
    inner,
    rooms,
    nested,
    doc,
    list,
    body
});

#[test]
fn every_kind_of_state_comes_over_leaf_by_leaf() {
    (0..60).for_each(carry::<All>);
}

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
    let count = number("HOLO_SEEDS").unwrap_or(count);
    for seed in first..first + count {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(seed)));
        match result {
            Ok(tally) => all += tally,
            Err(error) => {
                eprintln!("schedule {seed}");
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

/// Two halves of the schedules, which run side by side.
fn half(odd: u64) {
    seeds(0, 150, |half| {
        let seed = half * 2 + odd;
        run(seed, 3 + (seed % 3) as usize, 100, Shape::of(seed))
    });
}

#[test]
fn coordinators_end_equal_to_the_bit() {
    half(0);
}

#[test]
fn coordinators_end_equal_to_the_bit_in_other_schedules() {
    half(1);
}
