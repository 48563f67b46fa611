//! `holoc check --format sarif`: the log has the structure of the standard, and says what the other formats say.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::program::{folder, holoc};

const WORLD: &str = "// é\norb é @networked { sync_rate: 20 state { x: 1, x: 2 } }\norb b @netwroked { state { id: uuid() } }\n";

/// What SARIF 2.1.0 says of each object that holoc writes: the properties it must have, and all that it may have of those
/// that holoc uses. Taken from the JSON schema of the standard (its `required` and `properties`).
const OBJECTS: &[(&str, &[&str], &[&str])] = &[
    ("log", &["version", "runs"], &["$schema"]),
    ("run", &["tool"], &["results", "columnKind"]),
    ("tool", &["driver"], &[]),
    ("driver", &["name"], &["semanticVersion", "rules"]),
    ("rule", &["id"], &["shortDescription", "help"]),
    ("multiformatMessageString", &["text"], &["markdown"]),
    (
        "result",
        &["message"],
        &[
            "ruleId",
            "ruleIndex",
            "level",
            "locations",
            "relatedLocations",
            "fixes",
        ],
    ),
    ("message", &["text"], &[]),
    ("location", &["physicalLocation"], &["message"]),
    ("physicalLocation", &["artifactLocation", "region"], &[]),
    ("artifactLocation", &["uri"], &[]),
    (
        "region",
        &["startLine", "startColumn", "endLine", "endColumn"],
        &[],
    ),
    ("fix", &["artifactChanges"], &["description"]),
    ("artifactChange", &["artifactLocation", "replacements"], &[]),
    ("replacement", &["deletedRegion"], &["insertedContent"]),
    ("artifactContent", &["text"], &[]),
];

/// What stands behind each property: an object of that kind, or a list of them.
const HOLDS: &[(&str, &str, bool)] = &[
    ("runs", "run", true),
    ("tool", "tool", false),
    ("driver", "driver", false),
    ("rules", "rule", true),
    ("shortDescription", "multiformatMessageString", false),
    ("help", "multiformatMessageString", false),
    ("results", "result", true),
    ("message", "message", false),
    ("description", "message", false),
    ("locations", "location", true),
    ("relatedLocations", "location", true),
    ("physicalLocation", "physicalLocation", false),
    ("artifactLocation", "artifactLocation", false),
    ("region", "region", false),
    ("deletedRegion", "region", false),
    ("fixes", "fix", true),
    ("artifactChanges", "artifactChange", true),
    ("replacements", "replacement", true),
    ("insertedContent", "artifactContent", false),
];

#[track_caller]
fn check(kind: &str, value: &Value) {
    let object = value
        .as_object()
        .unwrap_or_else(|| panic!("a {kind} is an object: {value}"));
    let (_, must, may) = OBJECTS.iter().find(|(name, ..)| *name == kind).unwrap();
    for name in *must {
        assert!(object.contains_key(*name), "a {kind} has a {name}: {value}");
    }
    for (name, inner) in object {
        assert!(
            must.contains(&name.as_str()) || may.contains(&name.as_str()),
            "a {kind} has no {name}"
        );
        match HOLDS.iter().find(|(property, ..)| property == name) {
            Some((_, kind, false)) => check(kind, inner),
            Some((_, kind, true)) => inner
                .as_array()
                .unwrap()
                .iter()
                .for_each(|one| check(kind, one)),
            None => assert!(
                inner.is_string() || inner.as_u64().is_some(),
                "{name}: {inner}"
            ),
        }
    }
    if kind == "region" {
        let at = |name: &str| object[name].as_u64().unwrap();
        let (start, end) = (
            (at("startLine"), at("startColumn")),
            (at("endLine"), at("endColumn")),
        );
        assert!(start.0 > 0 && start.1 > 0 && start <= end, "{value}");
    }
}

#[test]
fn the_log_has_the_structure_of_the_standard() {
    let dir = folder(&[("a b.hsplus", WORLD)]);
    let ran = holoc(&dir, &["check", ".", "--format", "sarif"]).exits(1);
    let log: Value = serde_json::from_str(&ran.stdout).unwrap();
    check("log", &log);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let ids: Vec<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    let all: Vec<&str> = holoc::codes::all().map(|code| code.id).collect();
    assert_eq!(ids, all);
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(ids[index], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert_eq!(result["locations"].as_array().unwrap().len(), 1);
        assert_eq!(
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "a%20b.hsplus"
        );
    }
}

#[test]
fn it_says_what_json_says() {
    let dir = folder(&[("w.hsplus", WORLD)]);
    let sarif: Value =
        serde_json::from_str(&holoc(&dir, &["check", "w.hsplus", "--format", "sarif"]).stdout)
            .unwrap();
    let lines = holoc(&dir, &["check", "w.hsplus", "--format", "json"]).stdout;
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), lines.len());
    let mut seen = BTreeSet::new();
    for (result, line) in results.iter().zip(&lines) {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(
            (&result["ruleId"], &result["level"]),
            (&line["code"], &line["severity"])
        );
        assert!(
            result["message"]["text"]
                .as_str()
                .unwrap()
                .starts_with(line["message"].as_str().unwrap())
        );
        assert_eq!(
            (&region["startLine"], &region["startColumn"]),
            (&line["line"], &line["column"])
        );
        assert_eq!(
            (&region["endLine"], &region["endColumn"]),
            (&line["end_line"], &line["end_column"])
        );
        for (fix, edit) in result["fixes"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(line["fixes"].as_array().unwrap())
        {
            let replacement = &fix["artifactChanges"][0]["replacements"][0];
            assert_eq!(replacement["insertedContent"]["text"], edit["replacement"]);
            assert_eq!(replacement["deletedRegion"]["startColumn"], edit["column"]);
            seen.insert("fix");
        }
        seen.extend(result["relatedLocations"].as_array().map(|_| "related"));
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
}

#[test]
fn no_problem_is_an_empty_log() {
    let dir = folder(&[("w.hsplus", "")]);
    let log: Value = serde_json::from_str(
        &holoc(&dir, &["check", ".", "--format", "sarif"])
            .exits(0)
            .stdout,
    )
    .unwrap();
    check("log", &log);
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
}
