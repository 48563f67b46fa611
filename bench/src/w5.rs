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
    report.note("W5", "Each replica is a fork of the one before, so a full state knows 500 replicas on average. Deltas and states of holo and loro are decoded and checked as they are merged; the others' are values in memory already.");
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
    assert_eq!(merged.made.value(), REPLICAS, "{subject}");
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

/// A counter that nobody has told of anything, and the states of 1,000 replicas, each a fork of the one before with one increment more.
fn states<C: CounterDoc>() -> (C, Vec<C::Full>) {
    let mut last = C::new(2);
    let mut states = Vec::new();
    for id in 3..REPLICAS + 3 {
        last.increment(1);
        states.push(last.full());
        last = last.fork(id);
    }
    (C::new(1), states)
}
