//! W3: 50,000 pushed onto a list and 50,000 shifted from it; 50,000 characters appended to a text and 50,000 cropped from its front.

use crate::report::Report;
use crate::subjects::{
    ListDoc, TextDoc, automerge, cola, crdt_kit, crdts, diamond, floor, holo, loro, yrs,
};
use crate::texts::{append_and_crop, push_and_shift};

const COUNT: usize = 50_000;

pub(crate) fn run(report: &mut Report) {
    lists(report);
    texts(report);
    report.note(
        "W3",
        "Edits of holo join one change; *sealing each* makes one an edit.",
    );
}

fn lists(report: &mut Report) {
    list::<holo::List<{ holo::JOINED }>>(report, "holo");
    list::<holo::List<{ holo::SEALED }>>(report, "holo, sealing each");
    list::<loro::List<false>>(report, "loro, committing once");
    list::<loro::List<true>>(report, "loro, committing each");
    if !report.quick {
        list::<yrs::List>(report, "yrs");
        list::<automerge::List>(report, "automerge");
        list::<crdts::Numbers>(report, "crdts");
        list::<crdt_kit::List>(report, "crdt-kit");
    }
    list::<floor::Queue>(report, "floor: queue, rope");
}

fn texts(report: &mut Report) {
    text::<holo::Document<{ holo::JOINED }>>(report, "holo");
    text::<holo::Document<{ holo::SEALED }>>(report, "holo, sealing each");
    text::<diamond::Document>(report, "diamond-types");
    text::<cola::Document>(report, "cola");
    text::<loro::Document<false>>(report, "loro, committing once");
    text::<loro::Document<true>>(report, "loro, committing each");
    if !report.quick {
        text::<yrs::Document>(report, "yrs");
        text::<automerge::Document>(report, "automerge");
        text::<crdt_kit::Document>(report, "crdt-kit");
    }
    text::<floor::Rope>(report, "floor: queue, rope");
}

fn list<D: ListDoc>(report: &mut Report, subject: &str) {
    if report.skips(subject) {
        return;
    }
    let measured = push_and_shift::<D>(subject, COUNT as i64);
    report.millis("W3", subject, "list", &measured);
    report.peak("W3", subject, "list peak", &measured);
}

fn text<D: TextDoc>(report: &mut Report, subject: &str) {
    if report.skips(subject) {
        return;
    }
    let measured = append_and_crop::<D>(subject, COUNT);
    report.millis("W3", subject, "text", &measured);
    report.peak("W3", subject, "text peak", &measured);
}
