//! R5: of the structs and enums that declarations name, those that some value is of.
//!
//! A struct that only ever merges part by part has types for that, and no use for one of a plain value.

use std::collections::{BTreeMap, BTreeSet};

use holo_codegen::schema::{Crdt, Record, ValueType};

use crate::model::World;

/// Leaves out what no field and no part of a struct holds as a value.
pub(super) fn keep(worlds: &mut [World]) {
    let mut found = Found::default();
    let fields = worlds.iter().flat_map(|world| &world.orbs);
    for field in fields.flat_map(|orb| orb.parts()) {
        in_crdt(&field.crdt, &mut found);
    }
    let mut records: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in worlds.iter().flat_map(|world| &world.records) {
        records.entry(&record.rust).or_default().push(record);
    }
    while let Some(name) = found.open.pop() {
        let held = records.get(name.as_str()).into_iter().flatten();
        for field in held.flat_map(|record| &record.fields) {
            in_value(&field.ty, &mut found);
        }
    }
    for world in worlds {
        world.records.retain(|one| found.all.contains(&one.rust));
        world.enums.retain(|one| found.all.contains(&one.rust));
    }
}

/// Names of types that something holds.
#[derive(Default)]
struct Found {
    all: BTreeSet<String>,
    /// Those whose own parts have not been looked at.
    open: Vec<String>,
}

fn in_crdt(crdt: &Crdt, found: &mut Found) {
    match crdt {
        Crdt::LwwRegister(value)
        | Crdt::OrSet(value)
        | Crdt::MvRegister(value)
        | Crdt::GSet(value)
        | Crdt::TwoPSet(value)
        | Crdt::Sequence(value) => in_value(value, found),
        Crdt::LwwMap(key, value) => {
            in_value(key, found);
            in_value(value, found);
        }
        Crdt::OrMap(key, value) => {
            in_value(key, found);
            in_crdt(value, found);
        }
        Crdt::Nested(_) | Crdt::GCounter | Crdt::PnCounter | Crdt::JsonDoc | Crdt::Text => {}
    }
}

/// A type of another source goes by the last part of its path; to keep one of the same name too many does no harm.
fn in_value(value: &ValueType, found: &mut Found) {
    match value {
        ValueType::Enum(path) | ValueType::Record(path) => {
            let name = path.rsplit("::").next().unwrap_or(path);
            if found.all.insert(name.to_owned()) {
                found.open.push(name.to_owned());
            }
        }
        ValueType::Option(inner) | ValueType::List(inner) => in_value(inner, found),
        _ => {}
    }
}
