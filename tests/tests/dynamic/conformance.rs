//! The fixtures hold; so does what is written about them; and a fixture that does not hold is told.

use std::collections::BTreeSet;

use holo_runtime::Value;
use holo_runtime::dynamic::{CRDTS, Schema, verbs};
use holo_runtime::mutants::{Mutant, plant};
use holo_tests::conform::{STEPS, replay};
use holo_tests::fixtures::here;

fn fixtures() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in here("conformance").read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        all.push((entry.file_name().to_owned(), text));
    }
    all.sort();
    all
}

#[test]
fn every_fixture_holds() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 60, "only {} fixtures", fixtures.len());
    let mut told = Vec::new();
    for (file, text) in &fixtures {
        match replay(text) {
            Ok(failures) => told.extend(failures.into_iter().map(|it| format!("{file}: {it:?}"))),
            Err(why) => told.push(format!("{file}: {why}")),
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// Fixtures that hold whatever the code does would be worth nothing.
#[test]
fn planted_mistakes_break_fixtures() {
    let fixtures = fixtures();
    let breaks = |text: &str| {
        let replayed = std::panic::catch_unwind(|| replay(text));
        !matches!(replayed, Ok(Ok(failures)) if failures.is_empty())
    };
    for mutant in [
        Mutant::NoTieBreak,
        Mutant::CausalitySkipped,
        Mutant::EarlyTombstoneDrop,
        Mutant::CutIgnored,
        Mutant::GreatestTotal,
        Mutant::StaleSnapshotMerged,
        Mutant::RemovedTakenBack,
        Mutant::FloorTooEarly,
        Mutant::HolesAccepted,
        Mutant::OriginReturns,
        Mutant::AppliedTwice,
    ] {
        plant(Some(mutant));
        let broken: Vec<&String> = fixtures
            .iter()
            .filter(|(_, text)| breaks(text))
            .map(|(file, _)| file)
            .collect();
        plant(None);
        println!("{mutant:?}: {broken:?}");
        assert!(!broken.is_empty(), "no fixture notices {mutant:?}");
    }
}

/// Otherwise a verb could be lost without any fixture telling.
#[test]
fn every_type_verb_and_step_is_in_some_fixture() {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut steps: BTreeSet<String> = BTreeSet::new();
    for (file, text) in fixtures() {
        let Value::Map(fixture) = Value::from_json(&text).unwrap() else {
            panic!("{file} is no object");
        };
        let schema = Schema::all_from_value(&fixture["schema"])
            .unwrap()
            .remove(0);
        let Value::List(all) = &fixture["steps"] else {
            panic!("{file} has no steps");
        };
        for step in all {
            let Value::Map(step) = step else {
                panic!("{file}: a step is an object");
            };
            steps.extend(step.keys().cloned());
            let Some(Value::List(ops)) = step.get("ops") else {
                continue;
            };
            for op in ops {
                let Value::Map(op) = op else {
                    panic!("{file}: an op is an object");
                };
                let (Value::Str(path), Value::Str(verb)) = (&op["field"], &op["verb"]) else {
                    panic!("{file}: an op has a field and a verb");
                };
                let name = path.split('.').next().unwrap();
                let field = schema.fields().into_iter().find(|field| field.name == name);
                seen.extend(field.map(|field| (field.crdt.to_owned(), verb.clone())));
            }
        }
    }
    for crdt in CRDTS {
        let used = |verb: &str| seen.contains(&(crdt.to_owned(), verb.to_owned()));
        assert!(
            seen.iter().any(|(used, _)| used == crdt),
            "no fixture has a {crdt}"
        );
        for verb in verbs(crdt) {
            let other = verb.aliases.iter().any(|alias| used(alias));
            assert!(
                used(verb.name) || other,
                "no fixture calls {} of a {crdt}",
                verb.name
            );
        }
    }
    for step in &STEPS {
        assert!(steps.contains(*step), "no fixture has a step {step}");
    }
}

/// `UPDATE_GOLDEN=1` writes the table of verbs anew.
#[test]
fn what_is_written_of_fixtures_is_what_there_is() {
    let path = here("../docs/conformance.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut table = String::from("| type | verb | also | arguments |\n|---|---|---|---|\n");
    for crdt in CRDTS {
        for verb in verbs(crdt) {
            let also: Vec<String> = verb
                .aliases
                .iter()
                .map(|name| format!("`{name}`"))
                .collect();
            let args = if verb.args.is_empty() {
                "–".to_owned()
            } else {
                format!("`{}`", verb.args)
            };
            let row = format!(
                "| `{crdt}` | `{}` | {} | {args} |\n",
                verb.name,
                also.join(", ")
            );
            table.push_str(&row);
        }
    }
    let (before, rest) = text.split_once("<!-- verbs -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let fresh = format!("{before}<!-- verbs -->\n{table}<!-- end -->{after}");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    } else {
        assert!(
            fresh == text,
            "docs/conformance.md is stale; UPDATE_GOLDEN=1 writes it anew"
        );
    }
    for step in STEPS {
        assert!(
            text.contains(&format!("`{{\"{step}\": ")),
            "no word of the step {step}"
        );
    }
    let compared = text.split("## How values compare").nth(1).unwrap();
    for crdt in CRDTS {
        assert!(
            compared.contains(&format!("`{crdt}`")),
            "no word of how a {crdt} compares"
        );
    }
}

fn told(steps: &str) -> Result<Vec<(usize, String)>, String> {
    let text = format!(
        r#"{{"schema": {{"orb": "T", "fields": [{{"name": "x", "type": "i64", "initial": 1}}]}}, "replicas": ["A", "B"], "steps": [{steps}]}}"#
    );
    let failures = replay(&text)?;
    Ok(failures
        .into_iter()
        .map(|failure| (failure.step, failure.message))
        .collect())
}

#[test]
fn what_does_not_hold_is_told_with_its_step() {
    let edit = r#"{"edit": "A", "ops": [{"field": "x", "verb": "set", "args": [5]}], "as": "c"}"#;
    for (steps, step, part) in [
        (
            format!(r#"{edit}, {{"expect": {{"A": {{"x": 4}}}}}}"#),
            2,
            "A.x: expected 4, found 5",
        ),
        (
            r#"{"expect": {"B": {"y": 4}}}"#.to_owned(),
            1,
            "B.y: expected 4, found null",
        ),
        (
            format!(r#"{edit}, {{"expect_equal": ["A", "B"]}}"#),
            2,
            "expected A and B to be equal",
        ),
        (
            r#"{"expect_held": {"A": 1}}"#.to_owned(),
            1,
            "A: expected 1 changes held, found 0",
        ),
        (
            r#"{"expect_pending": {"A": 2}}"#.to_owned(),
            1,
            "A: expected 2 changes waiting, found 0",
        ),
        (
            r#"{"undo": "A"}, {"expect_undo": {"A": 1}}"#.to_owned(),
            2,
            "A: expected 1 steps to undo, found 0",
        ),
        (
            edit.replace("set", "push"),
            1,
            "has no verb `push`; there is `set`",
        ),
        (
            edit.replace('5', "\"five\""),
            1,
            "takes a value of type i64 and was given \"five\"",
        ),
        (
            edit.replace("\"as\"", "\"fails\": true, \"as\""),
            1,
            "expected to be refused",
        ),
    ] {
        let told = told(&steps).unwrap();
        let found = told
            .iter()
            .any(|(at, message)| *at == step && message.contains(part));
        assert!(found, "{steps}: {told:?}");
    }
}

#[test]
fn what_is_no_fixture_is_told_with_its_place() {
    for (steps, part) in [
        (
            r#"{"jump": "A"}"#,
            "steps[0] (step 1): no step has the keys jump",
        ),
        (r#"{"edit": "C", "ops": []}"#, "there is no replica `C`"),
        (r#"{"deliver": "c", "to": "A"}"#, "there is no change `c`"),
        (r#"{"deliver": "c"}"#, "`to` is missing"),
        (
            r#"{"edit": "A", "ops": [{"field": "x"}]}"#,
            "`verb` is missing",
        ),
        (r#"{"advance_ms": -1}"#, "time does not go back"),
        (r#"{"sync": ["A"], "to": "B"}"#, "a step `sync` has no `to`"),
        (r#"{"sync": }"#, "no JSON"),
    ] {
        let error = told(steps).unwrap_err();
        assert!(error.contains(part), "{steps}: {error}");
    }
}
