//! W1: the 259,778 edits of `automerge-paper`, one change an edit; time, memory, bytes, loading.

use crate::report::Report;
use crate::subjects::{automerge, cola, diamond, floor, holo, loro, yrs};
use crate::texts::whole;
use crate::trace::Trace;

pub(crate) fn run(report: &mut Report) {
    let Some(trace) = Trace::read("automerge-paper") else {
        return;
    };
    whole::<holo::Document<{ holo::SEALED }>>(report, "W1", "holo", &trace);
    whole::<holo::Document<{ holo::ALONE }>>(report, "W1", "holo, unacknowledged", &trace);
    whole::<holo::Document<{ holo::JOINED }>>(report, "W1", "holo, edits joined", &trace);
    whole::<diamond::Document>(report, "W1", "diamond-types", &trace);
    whole::<cola::Document>(report, "W1", "cola", &trace);
    whole::<loro::Document<false>>(report, "W1", "loro, committing once", &trace);
    whole::<loro::Document<true>>(report, "W1", "loro, committing each", &trace);
    if !report.quick {
        whole::<yrs::Document>(report, "W1", "yrs", &trace);
        whole::<automerge::Document>(report, "W1", "automerge", &trace);
    }
    whole::<floor::Rope>(report, "W1", "floor: rope", &trace);
    report.note("W1", "cola holds no text. holo keeps its own changes until somebody says that he has stored them; here that is said every 1,000 changes, and *unacknowledged* never. Its state is packed (`Snapshot::pack`).");
}
