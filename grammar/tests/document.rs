//! The grammar document says what the parser does: rules, words and samples.

// In a test a panic is the message.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use holo_grammar::words;

const DOCUMENT: &str = include_str!("../hsplus.ebnf");

/// Rules that no other uses: where reading begins, and what may stand between any two tokens.
const ROOTS: [&str; 2] = ["file", "comment"];

/// One part of a rule.
#[derive(Debug, PartialEq)]
enum Part {
    Rule(String),
    Text(String),
}

/// The rules by name, comments and parts in words left out.
fn rules() -> BTreeMap<String, Vec<Part>> {
    let mut rules = BTreeMap::new();
    let mut rest = DOCUMENT;
    let mut current: Option<(String, Vec<Part>)> = None;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("(*") {
            rest = &rest[rest.find("*)").expect("a comment ends") + 2..];
        } else if let Some(text) = rest.strip_prefix("? ") {
            rest = &text[text.find(" ? ;").or(text.find(" ?\n")).expect("words end") + 2..];
        } else if let Some(text) = rest.strip_prefix('"') {
            let end = text.find('"').expect("a text ends");
            let (_, parts) = current.as_mut().expect("a text stands in a rule");
            parts.push(Part::Text(text[..end].to_owned()));
            rest = &text[end + 1..];
        } else if c.is_alphabetic() {
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            rest = after;
            match &mut current {
                None => current = Some((name.to_owned(), Vec::new())),
                Some((_, parts)) => parts.push(Part::Rule(name.to_owned())),
            }
        } else {
            if c == ';' {
                let (name, parts) = current.take().expect("a rule ends once");
                assert!(
                    rules.insert(name.clone(), parts).is_none(),
                    "{name} is there twice"
                );
            }
            assert!("=;|[](){} \n".contains(c), "{c:?} before {rest:.60}");
            rest = &rest[c.len_utf8()..];
        }
    }
    assert!(current.is_none(), "{current:?} has no end");
    rules
}

#[test]
fn every_rule_is_defined_and_used() {
    let rules = rules();
    let used: BTreeSet<&str> = rules
        .values()
        .flatten()
        .filter_map(|part| match part {
            Part::Rule(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
        .chain(ROOTS)
        .collect();
    let defined: BTreeSet<&str> = rules.keys().map(String::as_str).collect();
    assert_eq!(used, defined);
    assert!(rules.len() > 40);
}

#[test]
fn its_words_are_those_of_the_parser() {
    let rules = rules();
    let said: BTreeSet<&str> = rules
        .values()
        .flatten()
        .filter_map(|part| match part {
            Part::Text(text) if text.starts_with(char::is_alphabetic) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    // Heads and traits are open, and the document does not list them.
    let known: BTreeSet<&str> = words::ALL
        .iter()
        .filter(|(name, _)| !matches!(*name, "NODES" | "SYNC_TRAITS"))
        .flat_map(|(_, list)| list.iter().copied())
        .collect();
    assert_eq!(said, known);
    for (rule, list) in [
        ("prefix", words::PREFIX),
        ("infix", words::INFIX),
        ("code_head", words::CODE_HEADS),
        ("block_word", words::CODE_BLOCKS),
        ("control", words::CONTROL),
        ("modifying", words::CODE_MODIFIERS),
        ("modifier", words::FIELD_MODIFIERS),
        ("code_directive", words::CODE_DIRECTIVES),
    ] {
        let texts: Vec<Part> = list
            .iter()
            .map(|word| Part::Text((*word).to_owned()))
            .collect();
        assert_eq!(rules[rule], texts, "{rule}");
    }
}

#[test]
fn every_sample_is_read_as_it_says() {
    let samples: Vec<(&str, &str)> = DOCUMENT
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("(* ")?
                .strip_suffix(" *)")?
                .split_once("  ~>  ")
        })
        .collect();
    assert!(samples.len() > 20, "{}", samples.len());
    for (text, tree) in samples {
        let text = text.replace("\\n", "\n");
        assert_eq!(common::tree(&text), tree, "{text}");
    }
}

#[test]
fn every_word_of_the_lists_is_taken_for_what_it_is() {
    let read = |text: String| common::tree_of(&text);
    for word in words::STATE_BLOCKS {
        assert_eq!(
            read(format!("{word} {{ a: 1 }}")),
            format!("STATE {word} {{a = 1}}")
        );
    }
    for word in words::FIELD_MODIFIERS {
        assert_eq!(
            read(format!("a: {word} int = 1")),
            format!("a {word} :int = 1")
        );
    }
    for word in words::VALUES {
        let tree = read(format!("a: {word}"));
        assert!(!tree.contains('~'), "{tree}");
    }
    for word in words::CODE_BLOCKS {
        assert_eq!(
            read(format!("{word} {{ f(1) }}")),
            format!("CODE {word} <f(1)>")
        );
    }
    for word in words::CONTROL {
        assert_eq!(
            read(format!("{word} (a) {{ f(1) }}")),
            format!("CODE {word} <f(1)>")
        );
    }
    for word in words::CODE_HEADS {
        assert_eq!(
            read(format!("{word} f() {{ g(1) }}")),
            format!("CODE {word} f <g(1)>")
        );
    }
    for word in words::CODE_DIRECTIVES {
        let tree = read(format!("@{word} f(1) {{ a: 1 }}"));
        assert!(tree.starts_with(&format!("CODE {word}")), "{tree}");
    }
    for word in words::CODE_MODIFIERS {
        let tree = read(format!("@method {word} f() {{ a }}"));
        assert_eq!(tree, "CODE method f <a>");
    }
    for word in words::PREFIX {
        let tree = read(format!("a: [{word} b]"));
        assert_eq!(tree, format!("a = [<{word} b>]"));
    }
    for word in words::INFIX {
        assert_eq!(read(format!("a: b {word} c")), format!("a = <b {word} c>"));
    }
    for word in words::STATEMENTS {
        let tree = read(format!("{word} [a]"));
        assert!(tree.starts_with("OTHER"), "{tree}");
    }
}
