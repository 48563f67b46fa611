//! Traces of real documents end in the documents that they ended in, character for character.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

mod traces {
    pub(crate) mod trace;
}

use holo_runtime::{Change, Clock, Replica, ReplicaId, Snapshot, Text};
use traces::trace::{self, CONCURRENT, SEQUENTIAL};

fn restored(replica: &mut Replica<Text>) -> Replica<Text> {
    let bytes = replica.snapshot().encode();
    let snapshot = Snapshot::decode(&bytes).unwrap();
    Replica::from_snapshot(ReplicaId::new(77).unwrap(), Clock::manual(1), snapshot).unwrap()
}

#[test]
fn sequential_traces_end_as_they_did() {
    for name in SEQUENTIAL {
        let Some(trace) = trace::read(name) else {
            continue;
        };
        let mut author = trace.alone();
        assert_eq!(author.state().to_string(), trace.end, "{name}");
        let mut again = restored(&mut author);
        assert_eq!(
            again.state().to_string(),
            trace.end,
            "{name}, from its snapshot"
        );
        assert_eq!(author.state_hash(), again.state_hash(), "{name}");
    }
}

/// The places of these traces were taken from documents that an editor merged by its own rule, which names deleted characters as
/// neighbours. Ours names none, so that these may be collected. In one place of one trace two people type beside what a third
/// deletes; there the outcome is another, and what was typed afterwards by number goes elsewhere. All else is as it was.
#[test]
fn concurrent_traces_end_as_they_did() {
    for (name, apart) in [(CONCURRENT[0], 14), (CONCURRENT[1], 0)] {
        let Some(trace) = trace::read(name) else {
            continue;
        };
        let changes = trace.changes();
        let mut reader = trace::heard(&changes);
        let text = reader.state().to_string();
        assert_eq!(text.len(), trace.end.len(), "{name}");
        let differ = text.bytes().zip(trace.end.bytes()).filter(|(a, b)| a != b);
        assert_eq!(differ.count(), apart, "{name}");
        let mut again = restored(&mut reader);
        assert_eq!(again.state().to_string(), text, "{name}, from its snapshot");
        assert_eq!(reader.state_hash(), again.state_hash(), "{name}");
        assert_eq!(
            trace::heard(&backwards(&changes)).state().to_string(),
            text,
            "{name}, late"
        );
    }
}

/// The same changes in blocks, each back to front, so that many wait for others.
fn backwards(changes: &[Change]) -> Vec<Change> {
    changes
        .chunks(500)
        .flat_map(|block| block.iter().rev().cloned())
        .collect()
}
