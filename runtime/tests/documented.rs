//! What the documentation says of every CRDT and of every call: its law, its cost, and what becomes of concurrent uses.
//!
//! Presence of documentation, and of `# Errors`, is for the lints. What belongs here: what a lint cannot ask for.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

/// All sources of the crate, in order.
fn sources() -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                all.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    all.sort();
    all
}

/// An item with its documentation, and the type whose `impl` it stands in.
struct Item {
    place: String,
    line: String,
    docs: String,
    of: String,
}

/// The public items of a source. Lines alone are looked at: `rustfmt` sees to it that they say enough.
fn items(path: &Path, text: &str) -> Vec<Item> {
    let (mut items, mut docs, mut of) = (Vec::new(), String::new(), String::new());
    let mut attribute = false;
    for (number, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        if bare.starts_with("impl") {
            of = target(bare);
        }
        if let Some(said) = bare.strip_prefix("///") {
            docs.push_str(said);
            docs.push('\n');
        } else if bare.starts_with("#[") || attribute {
            attribute = !line.trim_end().ends_with(']');
        } else {
            if bare.starts_with("pub ") {
                items.push(Item {
                    place: format!("{}:{}", path.display(), number + 1),
                    line: bare.to_owned(),
                    docs: std::mem::take(&mut docs),
                    of: of.clone(),
                });
            }
            docs.clear();
        }
    }
    items
}

/// The type that an `impl` is for.
fn target(line: &str) -> String {
    let mut depth = 0;
    let rest = line.strip_prefix("impl").unwrap();
    let start = rest.find(|char: char| {
        depth += i32::from(char == '<') - i32::from(char == '>');
        depth == 0 && char == ' '
    });
    let rest = start.map_or("", |start| rest[start..].trim_start());
    let rest = rest.split(" for ").last().unwrap();
    rest.split(['<', ' ', '{']).next().unwrap().to_owned()
}

const CRDTS: [&str; 12] = [
    "LwwRegister",
    "MvRegister",
    "GCounter",
    "PnCounter",
    "OrSet",
    "GSet",
    "TwoPSet",
    "LwwMap",
    "OrMap",
    "Sequence",
    "Text",
    "JsonDoc",
];

#[test]
fn every_crdt_says_its_law_its_cost_and_its_paper() {
    let sources = sources();
    for crdt in CRDTS {
        let docs = documentation(&sources, crdt);
        for section in ["# Law", "# Cost", "# Paper"] {
            let at = docs.find(&format!(" {section}\n"));
            let at = at.unwrap_or_else(|| panic!("{crdt} has no `{section}`"));
            let said = docs[at + section.len()..].split(" # ").next().unwrap();
            assert!(said.len() > 30, "{crdt} says too little in `{section}`");
        }
    }
}

/// What stands before the declaration of a type, be it in a macro.
fn documentation(sources: &[(PathBuf, String)], crdt: &str) -> String {
    for (path, text) in sources {
        for item in items(path, text) {
            let name = item.line.strip_prefix("pub struct ").unwrap_or_default();
            if name.split(['<', '(', ' ', ';']).next() == Some(crdt) {
                return item.docs;
            }
        }
        let made = text.split("counter! {").skip(1);
        let mut made = made.filter(|made| made.trim_start().starts_with(&format!("{crdt},")));
        if let Some(made) = made.next() {
            let made = made.split("\n}").next().unwrap().lines();
            let docs = made.filter_map(|line| line.trim_start().strip_prefix("///"));
            return docs.map(|line| format!("{line}\n")).collect();
        }
    }
    panic!("no declaration of {crdt}");
}

/// Types whose methods say what they cost.
fn has_costs(of: &str) -> bool {
    let others = [
        "Replica",
        "Version",
        "Change",
        "Snapshot",
        "Status",
        "Stored",
        "Delta",
        "JsonRef",
        "JsonPath",
        "Anchor",
        "Dynamic",
        "DynamicEdit",
        "Schema",
        "$name",
    ];
    let crdt = of.strip_suffix("Edit").unwrap_or(of);
    CRDTS.contains(&crdt) || others.contains(&of)
}

#[test]
fn every_method_says_its_cost_and_every_edit_what_becomes_of_concurrent_ones() {
    let (mut wrong, mut seen, mut verbs) = (Vec::new(), 0, 0);
    for (path, text) in sources() {
        for item in items(&path, &text) {
            let method = item.line.starts_with("pub fn ") || item.line.starts_with("pub const fn ");
            if !method || !has_costs(&item.of) || item.docs.is_empty() {
                continue;
            }
            seen += 1;
            if !item.docs.contains("O(") {
                wrong.push(format!("{}: no cost", item.place));
            }
            if item.of.ends_with("Edit") && item.line.contains("&mut self") {
                verbs += 1;
                if !item.docs.contains("oncurrent") {
                    wrong.push(format!("{}: nothing of concurrent ones", item.place));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        seen > 150 && verbs > 40,
        "{seen} methods, {verbs} verbs: the sources were not read"
    );
}
