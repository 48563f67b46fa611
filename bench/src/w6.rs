//! W6: 1,000,000 words added to and removed from a set, of 10,000 different ones, one edit each; and the merge of two sets that have
//! 100,000 words of their own.

use crate::measure::{measure, measure_from};
use crate::random::Random;
use crate::report::Report;
use crate::subjects::{SetDoc, crdt_kit, crdts, floor, holo, loro, yrs};

const EDITS: usize = 1_000_000;
const WORDS: usize = 10_000;
const BATCH: usize = 1_000;
const APART: usize = 100_000;

pub(crate) fn run(report: &mut Report) {
    let plan = Plan::new();
    subject::<holo::Words>(report, "holo", &plan);
    subject::<crdts::Words>(report, "crdts", &plan);
    subject::<loro::Words>(report, "loro", &plan);
    if !report.quick {
        subject::<crdt_kit::Words>(report, "crdt-kit", &plan);
        subject::<yrs::Words>(report, "yrs", &plan);
    }
    subject::<floor::Words>(report, "floor: hash set", &plan);
    report.note("W6", "A change of holo holds 1,000 edits. *encoded* is the set after all edits, with about half of the words in it.");
}

/// What is done to which word: true adds it. Only what is there is removed.
struct Plan {
    words: Vec<String>,
    edits: Vec<(bool, usize)>,
    there: Vec<bool>,
}

impl Plan {
    fn new() -> Self {
        let mut random = Random::new(6);
        let mut there = vec![false; WORDS];
        let mut edits = Vec::with_capacity(EDITS);
        while edits.len() < EDITS {
            let (add, word) = (random.coin(), random.below(WORDS as u32) as usize);
            if add || there[word] {
                there[word] = add;
                edits.push((add, word));
            }
        }
        let words = (0..WORDS).map(|word| word.to_string()).collect();
        Self {
            words,
            edits,
            there,
        }
    }
}

fn subject<S: SetDoc>(report: &mut Report, subject: &str, plan: &Plan) {
    if report.skips(subject) {
        return;
    }
    let mut edited = measure(|| {
        let mut set = S::new(1);
        for batch in plan.edits.chunks(BATCH) {
            let word = |(add, word): &(bool, usize)| (*add, plan.words[*word].as_str());
            set.batch(&batch.iter().map(word).collect::<Vec<_>>());
        }
        set
    });
    for (word, there) in plan.words.iter().zip(&plan.there) {
        assert_eq!(edited.made.contains(word), *there, "{subject} with {word}");
    }
    report.millis("W6", subject, "add and remove", &edited);
    report.peak("W6", subject, "peak", &edited);
    let bytes = edited.made.encode().len();
    report.add("W6", subject, "encoded", (bytes as f64, "B"));
    drop(edited);

    let merged = measure_from(apart::<S>, |(mut set, delta)| {
        set.apply(delta);
        set
    });
    assert_eq!(merged.made.len(), 2 * APART, "{subject}");
    report.millis("W6", subject, "merge", &merged);
}

/// A set with words of its own, and what it lacks of one with others.
fn apart<S: SetDoc>() -> (S, S::Delta) {
    let side = |id, letter| {
        let mut set = S::new(id);
        let words: Vec<_> = (0..APART)
            .map(|number| format!("{letter}{number}"))
            .collect();
        for batch in words.chunks(BATCH) {
            set.batch(
                &batch
                    .iter()
                    .map(|word| (true, word.as_str()))
                    .collect::<Vec<_>>(),
            );
        }
        set
    };
    let (ours, mut theirs) = (side(1, 'a'), side(2, 'b'));
    let delta = theirs.delta(&ours);
    (ours, delta)
}
