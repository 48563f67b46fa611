//! W4: 1,000,000 sets over 1,000 keys, one edit a set; after each 1,000 a delta is made, sent as bytes and applied. With numbers for
//! keys, and again with words.

use crate::measure::{in_use, kib, measure};
use crate::random::Random;
use crate::report::Report;
use crate::subjects::{Key, MapDoc, crdt_kit, crdts, floor, holo, loro, yrs};

const SETS: usize = 1_000_000;
const KEYS: u32 = 1_000;
const BATCH: usize = 1_000;

pub(crate) fn run(report: &mut Report) {
    keyed::<u32>(report, "u32");
    keyed::<String>(report, "text");
    report.note(
        "W4",
        "*growth*: memory that the second half of the sets has left behind, on both sides. holo's deltas come over one connection (`Packer`), whose ends remember whom they have named.",
    );
}

fn keyed<K: Key>(report: &mut Report, kind: &str) {
    subject::<K, holo::KeyMap<K>>(report, "holo", kind);
    subject::<K, crdts::KeyMap<K>>(report, "crdts", kind);
    subject::<K, crdt_kit::KeyMap<K>>(report, "crdt-kit", kind);
    subject::<K, loro::KeyMap<K>>(report, "loro", kind);
    subject::<K, yrs::KeyMap<K>>(report, "yrs", kind);
    subject::<K, floor::KeyMap<K>>(report, "floor: hash map", kind);
}

/// What came of a run.
struct Outcome<M> {
    ours: M,
    theirs: M,
    bytes: usize,
    grown: usize,
}

fn subject<K: Key, M: MapDoc<K>>(report: &mut Report, subject: &str, kind: &str) {
    if report.skips(subject) {
        return;
    }
    let keys: Vec<K> = (0..KEYS).map(K::of).collect();
    let mut random = Random::new(4);
    let sets: Vec<usize> = (0..SETS).map(|_| random.below(KEYS) as usize).collect();
    let measured = measure(|| written::<K, M>(&keys, &sets));
    let made = &measured.made;
    let mut expected = vec![None; keys.len()];
    for (value, key) in sets.iter().enumerate() {
        expected[*key] = Some(value as i64);
    }
    for (key, value) in keys.iter().zip(expected) {
        assert_eq!(made.ours.get(key), value, "{subject} at {key}");
        assert_eq!(made.theirs.get(key), value, "{subject}'s peer at {key}");
    }
    let delta = made.bytes as f64 / (SETS / BATCH) as f64;
    report.millis("W4", subject, &format!("{kind} keys"), &measured);
    report.add("W4", subject, &format!("{kind} delta"), (delta, "B"));
    report.peak("W4", subject, &format!("{kind} peak"), &measured);
    report.add(
        "W4",
        subject,
        &format!("{kind} growth"),
        (kib(made.grown), "KiB"),
    );
}

fn written<K: Key, M: MapDoc<K>>(keys: &[K], sets: &[usize]) -> Outcome<M> {
    let (mut ours, mut theirs) = (M::new(1), M::new(2));
    let (mut bytes, mut halfway) = (0, 0);
    for (number, batch) in sets.chunks(BATCH).enumerate() {
        let values = (number * BATCH) as i64..;
        let sets: Vec<_> = batch.iter().map(|key| &keys[*key]).zip(values).collect();
        let delta = ours.batch(&sets, &theirs);
        bytes += delta.len();
        theirs.apply(&delta);
        if number + 1 == SETS / BATCH / 2 {
            drop((delta, sets));
            halfway = in_use();
        }
    }
    let grown = in_use().saturating_sub(halfway);
    Outcome {
        ours,
        theirs,
        bytes,
        grown,
    }
}
