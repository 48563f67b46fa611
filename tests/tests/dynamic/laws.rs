//! The laws of merging, for each type by itself and in an entry of a map: what three replicas did to it, hearing of one another now and
//! then, merges to one state in whatever order and grouping, however often, and equals what their changes make.

use holo_runtime::dynamic::{CRDTS, Dynamic, Schema};
use holo_runtime::{Change, Replica, Snapshot};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};

use super::orders::{Act, acts, replica};

/// Who does it, which of the acts, and, now and then, of whom he hears first.
type Step = (usize, usize, Option<usize>);

/// A field and what is done to it.
type Call = (&'static str, Act);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(
        (
            0..3usize,
            any::<usize>(),
            prop::option::weighted(0.3, 0..3usize),
        ),
        1..20,
    )
}

fn merged(schema: &Schema, states: &[&Snapshot]) -> Snapshot {
    let mut here = replica(9, schema);
    for state in states {
        here.apply(Snapshot::clone(state)).unwrap();
    }
    here.snapshot()
}

fn play(schema: &Schema, calls: &[Call], steps: &[Step]) -> (Vec<Snapshot>, Vec<Change>) {
    let mut authors: Vec<Replica<Dynamic>> = (1..=3).map(|id| replica(id, schema)).collect();
    let mut changes = Vec::new();
    for (author, act, hears) in steps {
        if let Some(other) = hears.filter(|other| other != author) {
            let version = authors[*author].version().clone();
            let news = authors[other].changes_since(&version);
            authors[*author].apply(news).unwrap();
        }
        let (field, (verb, args)) = &calls[act % calls.len()];
        // A place that is not there is refused, and there is no change then.
        let _ = authors[*author].try_edit(|edit| edit.call(field, verb, args));
        changes.extend(authors[*author].flush());
    }
    (authors.iter_mut().map(Replica::snapshot).collect(), changes)
}

fn obeys(schema: &Schema, calls: &[Call], steps: &[Step]) -> Result<(), TestCaseError> {
    let (states, changes) = play(schema, calls, steps);
    let [a, b, c] = [&states[0], &states[1], &states[2]];
    let (ab, bc) = (merged(schema, &[a, b]), merged(schema, &[b, c]));
    let bytes = |state: &Snapshot| state.encode();
    prop_assert_eq!(bytes(&ab), bytes(&merged(schema, &[b, a])), "commutes");
    let (left, right) = (merged(schema, &[&ab, c]), merged(schema, &[a, &bc]));
    prop_assert_eq!(bytes(&left), bytes(&right), "associates");
    let again = merged(schema, &[a, &ab, a, b, &ab]);
    prop_assert_eq!(bytes(&again), bytes(&ab), "is idempotent");
    let mut witness = replica(9, schema);
    witness.apply(changes).unwrap();
    let mut here = replica(9, schema);
    here.apply(left).unwrap();
    let hashes = (witness.state_hash(), here.state_hash());
    prop_assert_eq!(hashes.0, hashes.1, "is what the changes make");
    Ok(())
}

fn check(name: &str, schema: &str, calls: &[Call]) {
    let schema = Schema::from_json(schema).unwrap();
    let config = Config {
        cases: std::env::var("PROPTEST_CASES")
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(300),
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&steps(), |steps| obeys(&schema, calls, &steps));
    if let Err(error) = outcome {
        panic!("{name}: {error}");
    }
}

#[test]
fn merging_commutes_associates_and_is_idempotent() {
    for crdt in CRDTS.into_iter().filter(|crdt| *crdt != "Struct") {
        let (field, acts) = acts(crdt);
        let alone = format!(r#"{{"orb": "T", "fields": [{field}]}}"#);
        let calls: Vec<Call> = acts.iter().map(|act| ("f", act.clone())).collect();
        check(crdt, &alone, &calls);
        let entries = r#"{"name": "m", "type": "string, S", "crdt": "OrMap"}"#;
        let kept = format!(
            r#"{{"orb": "T", "fields": [{entries}], "structs": [{{"name": "S", "fields": [{field}]}}]}}"#
        );
        let mut calls: Vec<Call> = acts.into_iter().map(|act| ("m.k.f", act)).collect();
        calls.push(("m", ("remove".to_owned(), vec!["k".into()])));
        check(&format!("{crdt} in an entry"), &kept, &calls);
    }
}
