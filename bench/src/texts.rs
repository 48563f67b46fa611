//! Replays of traces and of queues, for whoever can edit a text or a list. Which subjects, and which traces, is the workloads'.

use crate::measure::{Measured, measure};
use crate::report::Report;
use crate::subjects::{ListDoc, TextDoc};
use crate::trace::Trace;

/// What ends empty is also looked at when this many edits have filled it.
const CHECKED: usize = 1_000;

/// Replays a trace, one change a transaction, and checks what came of it.
pub(crate) fn replay<D: TextDoc>(name: &str, trace: &Trace) -> Measured<D> {
    let measured = measure(|| typed::<D>(trace));
    verify(name, &measured.made, trace);
    measured
}

fn typed<D: TextDoc>(trace: &Trace) -> D {
    let mut document = D::start(&trace.start);
    for txn in &trace.txns {
        document.change(&txn.patches);
    }
    document.finish();
    document
}

fn verify<D: TextDoc>(name: &str, document: &D, trace: &Trace) {
    assert_eq!(
        document.len(),
        trace.end.chars().count(),
        "length of {name}"
    );
    if let Some(text) = document.text() {
        assert!(text == trace.end, "{name} ends in another text");
    }
}

/// Replays a trace and reports time, memory and bytes, and what it takes to load these and read the text.
pub(crate) fn whole<D: TextDoc>(
    report: &mut Report,
    workload: &'static str,
    name: &str,
    trace: &Trace,
) {
    if report.skips(name) {
        return;
    }
    let mut typed = replay::<D>(name, trace);
    report.millis(workload, name, "replay", &typed);
    report.peak(workload, name, "peak", &typed);
    let Some(bytes) = typed.made.encode() else {
        return;
    };
    report.add(workload, name, "encoded", (bytes.len() as f64, "B"));
    let loaded = measure(|| {
        let document = D::load(&bytes).expect("what it has encoded");
        (document.text(), document)
    });
    verify(name, &loaded.made.1, trace);
    report.millis(workload, name, "load and read", &loaded);
}

/// Appends characters and takes as many from the front, one by one.
pub(crate) fn append_and_crop<D: TextDoc>(name: &str, count: usize) -> Measured<D> {
    let few = Trace::append(count.min(CHECKED));
    verify(name, &typed::<D>(&few), &few);
    replay(name, &Trace::append_and_crop(count))
}

/// Pushes numbers and takes as many from the front, one by one.
pub(crate) fn push_and_shift<D: ListDoc>(name: &str, count: i64) -> Measured<D> {
    let few = count.min(CHECKED as i64);
    let half: D = queued(few, few / 2);
    let left: Vec<i64> = (few / 2..few).collect();
    assert_eq!(half.values(), left, "{name} holds other numbers");
    let measured = measure(|| queued::<D>(count, count));
    assert!(measured.made.values().is_empty(), "{name} is not empty");
    measured
}

fn queued<D: ListDoc>(pushed: i64, shifted: i64) -> D {
    let mut list = D::new();
    (0..pushed).for_each(|value| list.push(value));
    (0..shifted).for_each(|_| list.shift());
    list.finish();
    list
}
