//! W2: three more traces, one change a transaction. W2c: two documents of several authors, each change its own message.

use crate::measure::measure_from;
use crate::report::Report;
use crate::subjects::{Talker, TextDoc, automerge, cola, diamond, floor, holo, loro, yrs};
use crate::texts::replay;
use crate::trace::{Trace, Txn};

pub(crate) const ALONE: [&str; 3] = ["rustcode", "seph-blog1", "sveltecomponent"];
pub(crate) const TOGETHER: [&str; 2] = ["friendsforever", "clownschool"];

pub(crate) fn alone(report: &mut Report) {
    for name in ALONE {
        let Some(trace) = Trace::read(name) else {
            continue;
        };
        typed::<holo::Document<{ holo::SEALED }>>(report, "holo", name, &trace);
        typed::<diamond::Document>(report, "diamond-types", name, &trace);
        typed::<cola::Document>(report, "cola", name, &trace);
        typed::<loro::Document<false>>(report, "loro, committing once", name, &trace);
        typed::<loro::Document<true>>(report, "loro, committing each", name, &trace);
        if !report.quick {
            typed::<yrs::Document>(report, "yrs", name, &trace);
            typed::<automerge::Document>(report, "automerge", name, &trace);
        }
        typed::<floor::Rope>(report, "floor: rope", name, &trace);
    }
}

fn typed<D: TextDoc>(report: &mut Report, subject: &str, name: &str, trace: &Trace) {
    if report.skips(subject) {
        return;
    }
    let measured = replay::<D>(subject, trace);
    report.millis("W2", subject, &format!("{name} replay"), &measured);
    report.peak("W2", subject, &format!("{name} peak"), &measured);
}

pub(crate) fn together(report: &mut Report) {
    for name in TOGETHER {
        let Some(trace) = Trace::read(name) else {
            continue;
        };
        heard::<holo::Author>(report, "holo", name, &trace);
        heard::<cola::Document>(report, "cola", name, &trace);
        heard::<yrs::Document>(report, "yrs", name, &trace);
        heard::<diamond::Document>(report, "diamond-types", name, &trace);
        if !report.quick {
            heard::<loro::Author>(report, "loro", name, &trace);
        }
    }
    report.note("W2c", "The reader hears each message by itself, as bytes; cola's go from hand to hand undecoded, and its reader holds no text.");
}

fn heard<T: Talker>(report: &mut Report, subject: &str, name: &str, trace: &Trace) {
    if report.skips(subject) {
        return;
    }
    let (mut authors, messages) = talk::<T>(trace);
    let reader = || T::group(trace.agents, &trace.start).pop();
    let measured = measure_from(reader, |reader| {
        let mut reader = reader.expect("a group has a reader");
        messages.iter().for_each(|message| reader.hear(message));
        reader
    });
    // Whoever merges by another rule than the editor of the trace ends in another text, but in one of this length, and all who
    // merge by one rule end in the same.
    let author = &mut authors[0];
    messages.iter().for_each(|message| author.hear(message));
    let reader = &measured.made;
    assert_eq!(
        reader.len(),
        trace.end.chars().count(),
        "length of {subject}"
    );
    assert_eq!(reader.len(), author.len(), "{subject} does not converge");
    assert!(
        reader.text() == author.text(),
        "{subject} does not converge"
    );
    let bytes: usize = messages.iter().map(T::bytes).sum();
    report.millis("W2c", subject, &format!("{name} apply"), &measured);
    report.add(
        "W2c",
        subject,
        &format!("{name} messages"),
        (bytes as f64, "B"),
    );
    report.peak("W2c", subject, &format!("{name} peak"), &measured);
}

/// The messages of a trace, each made on exactly what its author had heard; and the authors.
fn talk<T: Talker>(trace: &Trace) -> (Vec<T>, Vec<T::Message>) {
    let mut authors = T::group(trace.agents, &trace.start);
    let mut heard = vec![vec![false; trace.txns.len()]; trace.agents];
    let mut messages = Vec::new();
    for (number, txn) in trace.txns.iter().enumerate() {
        let author = &mut authors[txn.agent];
        for parent in missing(&trace.txns, txn, &mut heard[txn.agent]) {
            author.hear(&messages[parent]);
        }
        messages.push(author.edit(&txn.patches));
        heard[txn.agent][number] = true;
    }
    (authors, messages)
}

/// What an author has not heard of what a transaction rests on, oldest first.
fn missing(txns: &[Txn], txn: &Txn, heard: &mut [bool]) -> Vec<usize> {
    let (mut missing, mut open) = (Vec::new(), txn.parents.clone());
    while let Some(parent) = open.pop() {
        if !std::mem::replace(&mut heard[parent], true) {
            missing.push(parent);
            open.extend(&txns[parent].parents);
        }
    }
    missing.sort_unstable();
    missing
}
