//! Types of other sources that a source refers to, under the paths by which it names them.
//!
//! Only what describes a type on the wire needs them; Rust finds them by itself.

use std::collections::{BTreeMap, BTreeSet};

use holo_codegen::schema::{Crdt, Module, ValueType};

use crate::emit::module_path;
use crate::resolve::links::rust_path;

/// How many types of others one source may lead to; types that hold one another have no end.
const MOST: usize = 4_096;

/// Gives each module what it refers to of the others.
pub(super) fn add(modules: &mut [Module]) {
    let by_path: BTreeMap<Vec<String>, usize> = modules
        .iter()
        .enumerate()
        .filter_map(|(at, module)| Some((module_path(&module.source)?, at)))
        .collect();
    let found: Vec<_> = by_path
        .iter()
        .map(|(path, at)| (*at, collect(modules, &by_path, path, *at)))
        .collect();
    for (at, foreign) in found {
        modules[at].foreign = foreign;
    }
}

fn collect(
    modules: &[Module],
    by_path: &BTreeMap<Vec<String>, usize>,
    path: &[String],
    at: usize,
) -> Option<Box<Module>> {
    let mut foreign = Module::default();
    let mut open = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    names(&modules[at], &mut |name| open.push(name.to_owned()));
    while let Some(name) = open.pop() {
        if !name.contains("::") || seen.contains(&name) || seen.len() >= MOST {
            continue;
        }
        let (home, local) = absolute(path, &name);
        seen.insert(name.clone());
        let Some(from) = by_path.get(&home).map(|at| &modules[*at]) else {
            continue;
        };
        let mut one = Module {
            enums: from
                .enums
                .iter()
                .filter(|it| it.rust == local)
                .cloned()
                .collect(),
            records: from
                .records
                .iter()
                .filter(|it| it.rust == local)
                .cloned()
                .collect(),
            orbs: from
                .orbs
                .iter()
                .filter(|it| it.rust == local)
                .cloned()
                .collect(),
            ..Module::default()
        };
        rename(&mut one, &mut |inner| {
            let (there, local) = absolute(&home, inner);
            *inner = rust_path(path, &there, &local);
        });
        names(&one, &mut |name| open.push(name.to_owned()));
        let named = |rust: &mut String| rust.clone_from(&name);
        one.enums.iter_mut().for_each(|it| named(&mut it.rust));
        one.records.iter_mut().for_each(|it| named(&mut it.rust));
        one.orbs.iter_mut().for_each(|it| named(&mut it.rust));
        foreign.enums.append(&mut one.enums);
        foreign.records.append(&mut one.records);
        foreign.orbs.append(&mut one.orbs);
    }
    (!seen.is_empty()).then(|| Box::new(foreign))
}

/// The module that a path leads to from another, and the last name.
fn absolute(from: &[String], path: &str) -> (Vec<String>, String) {
    let mut parts: Vec<&str> = path.split("::").collect();
    let local = parts.pop().unwrap_or_default().to_owned();
    let mut home: Vec<String> = from.to_vec();
    for part in parts {
        if part == "super" {
            home.pop();
        } else {
            home.push(part.to_owned());
        }
    }
    (home, local)
}

/// Every type that a module names.
fn names(module: &Module, tell: &mut dyn FnMut(&str)) {
    let mut copy = Module {
        records: module.records.clone(),
        orbs: module.orbs.clone(),
        ..Module::default()
    };
    rename(&mut copy, &mut |name| tell(name));
}

fn rename(module: &mut Module, change: &mut dyn FnMut(&mut String)) {
    for field in module.orbs.iter_mut().flat_map(|orb| &mut orb.fields) {
        in_crdt(&mut field.crdt, change);
    }
    for field in module
        .records
        .iter_mut()
        .flat_map(|record| &mut record.fields)
    {
        in_value(&mut field.ty, change);
    }
}

fn in_crdt(crdt: &mut Crdt, change: &mut dyn FnMut(&mut String)) {
    match crdt {
        Crdt::LwwRegister(value)
        | Crdt::OrSet(value)
        | Crdt::MvRegister(value)
        | Crdt::GSet(value)
        | Crdt::TwoPSet(value)
        | Crdt::Sequence(value) => in_value(value, change),
        Crdt::LwwMap(key, value) => {
            in_value(key, change);
            in_value(value, change);
        }
        Crdt::OrMap(key, value) => {
            in_value(key, change);
            in_crdt(value, change);
        }
        Crdt::Nested(name) => change(name),
        Crdt::GCounter | Crdt::PnCounter | Crdt::JsonDoc | Crdt::Text => {}
    }
}

fn in_value(value: &mut ValueType, change: &mut dyn FnMut(&mut String)) {
    match value {
        ValueType::Enum(name) | ValueType::Record(name) => change(name),
        ValueType::Option(inner) | ValueType::List(inner) => in_value(inner, change),
        _ => {}
    }
}
