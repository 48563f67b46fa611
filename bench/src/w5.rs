//! W5: 1,000,000 increments in transactions of 1,000; and the merge of 1,000 replicas, by their deltas and by their full states.

use crate::measure::{measure, measure_from};
use crate::report::Report;
use crate::subjects::{CounterDoc, crdt_kit, crdts, floor, holo, loro};

const INCREMENTS: u32 = 1_000_000;
const BATCH: u32 = 1_000;
const REPLICAS: u64 = 1_000;

pub(crate) fn run(report: &mut Report) {
    subject::<holo::Counter>(report, "holo");
    subject::<crdt_kit::Counter>(report, "crdt-kit");
    subject::<crdts::Counter>(report, "crdts");
    if !report.quick {
        subject::<loro::Counter>(report, "loro");
    }
    subject::<floor::Totals>(report, "floor: totals");
    report.note("W5", "A full state knows all 1,000 replicas. Deltas and states of holo and loro are decoded and checked as they are merged; the others' are values in memory already.");
}

fn subject<C: CounterDoc>(report: &mut Report, subject: &str) {
    if report.skips(subject) {
        return;
    }
    let counted = measure(|| {
        let mut counter = C::new(1);
        (0..INCREMENTS / BATCH).for_each(|_| counter.increment(BATCH));
        counter
    });
    assert_eq!(counted.made.value(), u64::from(INCREMENTS), "{subject}");
    report.millis("W5", subject, "increments", &counted);

    let merged = measure_from(deltas::<C>, |(mut counter, deltas)| {
        deltas.into_iter().for_each(|delta| counter.apply(delta));
        counter
    });
    assert_eq!(merged.made.value(), REPLICAS, "{subject}");
    report.millis("W5", subject, "merge deltas", &merged);

    let merged = measure_from(states::<C>, |(mut counter, states)| {
        states.into_iter().for_each(|state| counter.merge(state));
        counter
    });
    assert_eq!(merged.made.value(), 2 * REPLICAS, "{subject}");
    report.millis("W5", subject, "merge full states", &merged);
}

/// A counter that nobody has told of anything, and what 1,000 others tell of one increment each.
fn deltas<C: CounterDoc>() -> (C, Vec<C::Delta>) {
    let delta = |id| {
        let mut counter = C::new(id);
        counter.increment(1);
        counter.delta()
    };
    (C::new(1), (2..REPLICAS + 2).map(delta).collect())
}

/// A counter that knows of 1,000 others, and the states of these, each with one increment more.
fn states<C: CounterDoc>() -> (C, Vec<C::Full>) {
    let (mut counter, deltas) = deltas::<C>();
    deltas.into_iter().for_each(|delta| counter.apply(delta));
    // Each goes on under an id of its own, as after a restart.
    let state = |id| {
        let mut other = counter.fork(id);
        other.increment(1);
        other.full()
    };
    let states = (0..REPLICAS)
        .map(|at| at + REPLICAS + 2)
        .map(state)
        .collect();
    (counter, states)
}
