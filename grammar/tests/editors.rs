//! The grammar for editors knows the words that the parser knows, and hangs together.

// In a test a panic is the message.
#![allow(clippy::expect_used)]

use std::collections::BTreeSet;

use holo_grammar::words;
use serde_json::Value;

const GRAMMAR: &str = include_str!("../../editors/vscode/syntaxes/hsplus.tmLanguage.json");
const MANIFEST: &str = include_str!("../../editors/vscode/package.json");
const SETTINGS: &str = include_str!("../../editors/vscode/language-configuration.json");

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

/// Calls back for every pattern, those inside others too.
fn patterns<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(map) => {
            let is_pattern = ["match", "begin", "include"]
                .iter()
                .any(|key| map.contains_key(*key));
            if is_pattern {
                found.push(value);
            }
            map.values().for_each(|one| patterns(one, found));
        }
        Value::Array(all) => all.iter().for_each(|one| patterns(one, found)),
        _ => {}
    }
}

fn all(grammar: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    patterns(grammar, &mut found);
    found
}

#[test]
fn its_words_are_those_of_the_parser() {
    let grammar = read(GRAMMAR);
    let mut listed = BTreeSet::new();
    for pattern in all(&grammar) {
        let Some(name) = pattern["comment"]
            .as_str()
            .and_then(|text| text.strip_prefix("words: "))
        else {
            continue;
        };
        let (_, list) = words::ALL
            .iter()
            .find(|(one, _)| *one == name)
            .expect("the list exists");
        let expected = format!("(?:{})", list.join("|"));
        let pattern = pattern["match"].as_str().unwrap_or_default();
        assert!(
            pattern.contains(&expected),
            "the pattern for {name} has to contain\n{expected}"
        );
        listed.insert(name);
    }
    let known: BTreeSet<&str> = words::ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, known);
}

#[test]
fn what_it_includes_is_there() {
    let grammar = read(GRAMMAR);
    let rules = grammar["repository"].as_object().expect("it has rules");
    let mut included = BTreeSet::new();
    for pattern in all(&grammar) {
        if let Some(name) = pattern["include"].as_str() {
            let name = name.strip_prefix('#').expect("nothing else is included");
            assert!(rules.contains_key(name), "{name}");
            included.insert(name.to_owned());
        }
        if let Some(scope) = pattern["name"].as_str() {
            assert!(scope.ends_with(".hsplus"), "{scope}");
        }
        assert_eq!(
            pattern.get("begin").is_some(),
            pattern.get("end").is_some(),
            "{pattern}"
        );
    }
    assert_eq!(included, rules.keys().cloned().collect());
}

#[test]
fn the_manifest_names_what_is_there() {
    let (grammar, manifest) = (read(GRAMMAR), read(MANIFEST));
    let given = &manifest["contributes"]["grammars"][0];
    assert_eq!(given["scopeName"], grammar["scopeName"]);
    assert_eq!(given["path"], "./syntaxes/hsplus.tmLanguage.json");
    let language = &manifest["contributes"]["languages"][0];
    assert_eq!(language["extensions"][0], ".hsplus");
    assert_eq!(language["configuration"], "./language-configuration.json");
    assert_eq!(read(SETTINGS)["comments"]["lineComment"], "//");
}
