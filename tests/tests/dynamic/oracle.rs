//! What the fields of an orb should be, by the rules of their types alone: naively, from all that was done.
//!
//! Maps of synchronised values, documents, sequences and text have oracles of their own (`tests/maps.rs`, `tests/json.rs`,
//! `tests/sequences.rs`); here they are compared to the bit only.

use std::collections::{BTreeMap, BTreeSet};

use holo_runtime::dynamic::{Dynamic, FieldInfo};
use holo_runtime::{Stamp, Value};
use holo_tests::random::Call;
use holo_tests::sim::Sealed;

type History = [Sealed<Call>];

/// The fields that have an oracle, with what they should be.
pub(super) fn expected(state: &Dynamic, sealed: &History) -> Value {
    let schema = state.schema();
    let initial = Dynamic::new(&schema).to_value();
    in_struct(&schema.fields(), "", &initial, sealed)
}

fn in_struct(fields: &[FieldInfo], path: &str, initial: &Value, sealed: &History) -> Value {
    let Value::Map(initial) = initial else {
        panic!("a struct is a map");
    };
    let mut all = BTreeMap::new();
    for field in fields {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{}", field.name);
        let initial = &initial[&field.name];
        let expected = match field.crdt {
            "Struct" => Some(in_struct(&field.fields, &path, initial, sealed)),
            _ => value(field, &path, initial, sealed),
        };
        all.extend(expected.map(|value| (field.name.clone(), value)));
    }
    Value::Map(all)
}

fn value(field: &FieldInfo, path: &str, initial: &Value, sealed: &History) -> Option<Value> {
    // Elements and keys that are spelt in one way only, so that text tells whether they are the same.
    let exact = |ty: &Option<String>| {
        let exact = [
            "bool",
            "i32",
            "i64",
            "u32",
            "u64",
            "String",
            "Color",
            "Option<i64>",
        ];
        ty.as_deref().is_none_or(|ty| exact.contains(&ty))
    };
    if !exact(&field.keys) {
        return None;
    }
    let about = About { path, sealed };
    match field.crdt {
        "LwwRegister" => Some(about.last().unwrap_or(initial.clone())),
        "MvRegister" => Some(about.maximal(initial)),
        "GCounter" | "PnCounter" => Some(about.sum(initial)),
        "OrSet" if exact(&field.values) => Some(about.or_set(initial)),
        "GSet" | "TwoPSet" if exact(&field.values) => Some(about.grown(initial)),
        "LwwMap" => Some(about.lww_map()),
        _ => None,
    }
}

/// What was done to one field.
struct About<'a> {
    path: &'a str,
    sealed: &'a History,
}

fn stamp(change: &Sealed<Call>) -> Stamp {
    Stamp::new(change.time, change.author)
}

fn number(value: &Value) -> i128 {
    match value {
        Value::Int(whole) => i128::from(*whole),
        other => panic!("{other} is no number"),
    }
}

fn elements(initial: &Value) -> BTreeMap<String, Value> {
    let Value::List(items) = initial else {
        panic!("a set is a list");
    };
    items
        .iter()
        .map(|item| (item.to_string(), item.clone()))
        .collect()
}

impl<'a> About<'a> {
    fn calls(&self, change: &'a Sealed<Call>) -> impl Iterator<Item = &'a Call> {
        let path = self.path.to_owned();
        change.ops.iter().filter(move |call| call.path == path)
    }

    /// The last thing that was set, in the order of stamps.
    fn last(&self) -> Option<Value> {
        let calls = self.sealed.iter().flat_map(|change| self.calls(change));
        calls.last().map(|call| call.args[0].clone())
    }

    /// The writes that no other write has seen.
    fn maximal(&self, initial: &Value) -> Value {
        let writes: Vec<(&Sealed<Call>, &Call)> = self
            .sealed
            .iter()
            .filter_map(|change| self.calls(change).last().map(|call| (change, call)))
            .collect();
        if writes.is_empty() {
            return initial.clone();
        }
        let seen = |change: &Sealed<Call>| {
            writes
                .iter()
                .any(|(other, _)| other.past.covers(stamp(change)))
        };
        let kept = writes.iter().filter(|(change, _)| !seen(change));
        Value::List(kept.map(|(_, call)| call.args[0].clone()).collect())
    }

    fn sum(&self, initial: &Value) -> Value {
        let calls = self.sealed.iter().flat_map(|change| self.calls(change));
        let by = calls.map(|call| match call.verb {
            "increment" => number(&call.args[0]),
            _ => -number(&call.args[0]),
        });
        Value::Int(i64::try_from(number(initial) + by.sum::<i128>()).unwrap())
    }

    /// The elements for which some insert, or the initial state, is in no remover's past.
    fn or_set(&self, initial: &Value) -> Value {
        let mut all = elements(initial);
        let initial: BTreeSet<String> = all.keys().cloned().collect();
        for call in self.sealed.iter().flat_map(|change| self.calls(change)) {
            all.extend(
                call.args
                    .first()
                    .map(|value| (value.to_string(), value.clone())),
            );
        }
        // Whether a change took an element away, and whether it left it in.
        let did = |change: &'a Sealed<Call>, element: &str| {
            let (mut removed, mut added) = (false, false);
            for call in self.calls(change) {
                let this = call
                    .args
                    .first()
                    .is_none_or(|value| value.to_string() == element);
                match call.verb {
                    "insert" if this => added = true,
                    "remove" if this && call.result == Value::Bool(true) => {
                        (removed, added) = (true, false);
                    }
                    "clear" => (removed, added) = (true, false),
                    _ => {}
                }
            }
            (removed, added)
        };
        let holds = |element: &String| {
            let removers = || self.sealed.iter().filter(|change| did(change, element).0);
            let mut adds = self.sealed.iter().filter(|change| did(change, element).1);
            let from_the_beginning = initial.contains(element) && removers().next().is_none();
            from_the_beginning
                || adds.any(|add| !removers().any(|remover| remover.past.covers(stamp(add))))
        };
        all.retain(|element, _| holds(element));
        Value::List(all.into_values().collect())
    }

    /// All that was ever put in, without what was ever taken out.
    fn grown(&self, initial: &Value) -> Value {
        let mut all = elements(initial);
        let mut out: BTreeSet<String> = BTreeSet::new();
        let always: Vec<String> = all.keys().cloned().collect();
        for change in self.sealed {
            // What is there for its author.
            let mut there = always.clone();
            for past in self
                .sealed
                .iter()
                .filter(|it| change.past.covers(stamp(it)))
            {
                let inserts = self.calls(past).filter(|call| call.verb == "insert");
                there.extend(inserts.map(|call| call.args[0].to_string()));
            }
            for call in self.calls(change) {
                match (call.verb, call.args.first()) {
                    ("insert", Some(value)) => {
                        there.push(value.to_string());
                        all.insert(value.to_string(), value.clone());
                    }
                    ("remove", Some(value)) if call.result == Value::Bool(true) => {
                        out.insert(value.to_string());
                    }
                    ("clear", _) => out.extend(there.iter().cloned()),
                    _ => {}
                }
            }
        }
        all.retain(|element, _| !out.contains(element));
        Value::List(all.into_values().collect())
    }

    /// For each key the last set or delete in the order of stamps; a clear deletes what its author had.
    fn lww_map(&self) -> Value {
        let key = |value: &Value| match value {
            Value::Str(text) => text.clone(),
            other => other.to_string(),
        };
        // What each change did, in order. Stamps extend causality, so the past of a change stands before it.
        let mut did: Vec<(Stamp, BTreeMap<String, Option<Value>>)> = Vec::new();
        for change in self.sealed {
            let mut own: BTreeMap<String, Option<Value>> = BTreeMap::new();
            for call in self.calls(change) {
                match call.verb {
                    "set" => drop(own.insert(key(&call.args[0]), Some(call.args[1].clone()))),
                    "delete" if call.result == Value::Bool(true) => {
                        own.insert(key(&call.args[0]), None);
                    }
                    "clear" => {
                        let mut here: BTreeMap<String, Option<Value>> = BTreeMap::new();
                        for (_, past) in did.iter().filter(|(stamp, _)| change.past.covers(*stamp))
                        {
                            here.extend(past.clone());
                        }
                        here.extend(own.clone());
                        let live = here.into_iter().filter(|(_, value)| value.is_some());
                        own.extend(live.map(|(key, _)| (key, None)));
                    }
                    _ => {}
                }
            }
            did.push((stamp(change), own));
        }
        let mut all: BTreeMap<String, Option<Value>> = BTreeMap::new();
        did.into_iter().for_each(|(_, own)| all.extend(own));
        let live = all
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)));
        Value::Map(live.collect())
    }
}
