//! The two programs of the crowd model's own comparison: 500 push and 500 shift; 500 append and 500 crop. One change an edit.

use crate::report::Report;
use crate::subjects::{
    ListDoc, TextDoc, automerge, cola, crdt_kit, crdts, diamond, floor, holo, loro, yrs,
};
use crate::texts::{append_and_crop, push_and_shift};

const COUNT: usize = 500;

pub(crate) fn run(report: &mut Report) {
    list::<holo::List<{ holo::SEALED }>>(report, "holo");
    list::<holo::List<{ holo::JOINED }>>(report, "holo, edits joined");
    list::<loro::List<false>>(report, "loro, committing once");
    list::<loro::List<true>>(report, "loro, committing each");
    list::<yrs::List>(report, "yrs");
    list::<automerge::List>(report, "automerge");
    list::<crdts::Numbers>(report, "crdts");
    list::<crdt_kit::List>(report, "crdt-kit");
    list::<floor::Queue>(report, "floor: queue, rope");

    text::<holo::Document<{ holo::SEALED }>>(report, "holo");
    text::<holo::Document<{ holo::JOINED }>>(report, "holo, edits joined");
    text::<diamond::Document>(report, "diamond-types");
    text::<cola::Document>(report, "cola");
    text::<loro::Document<false>>(report, "loro, committing once");
    text::<loro::Document<true>>(report, "loro, committing each");
    text::<yrs::Document>(report, "yrs");
    text::<automerge::Document>(report, "automerge");
    text::<crdt_kit::Document>(report, "crdt-kit");
    text::<floor::Rope>(report, "floor: queue, rope");
}

fn list<D: ListDoc>(report: &mut Report, subject: &str) {
    if report.skips(subject) {
        return;
    }
    let mut measured = push_and_shift::<D>(subject, COUNT as i64);
    report.micros("crowd", subject, "list", &measured);
    report.peak("crowd", subject, "list peak", &measured);
    let bytes = measured.made.encode().len();
    report.add("crowd", subject, "list encoded", (bytes as f64, "B"));
}

fn text<D: TextDoc>(report: &mut Report, subject: &str) {
    if report.skips(subject) {
        return;
    }
    let mut measured = append_and_crop::<D>(subject, COUNT);
    report.micros("crowd", subject, "text", &measured);
    report.peak("crowd", subject, "text peak", &measured);
    if let Some(bytes) = measured.made.encode() {
        report.add("crowd", subject, "text encoded", (bytes.len() as f64, "B"));
    }
}
