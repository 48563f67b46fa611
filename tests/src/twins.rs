//! Hand-written twins: for a schema, the struct that one would write by hand to get the same.

mod policies;
pub mod values;

use std::collections::BTreeMap;
use std::fmt::Write;

use holo_codegen::initial;
use holo_codegen::schema::{Authority, Crdt, Initial, Lane, Module, Orb};

/// The twins of all modules, each under the path of its module.
#[must_use]
pub fn file(modules: &BTreeMap<Vec<String>, Module>) -> String {
    let mut out = String::from(
        "// Written by `cargo run -p holo-tests --bin twins`.\n\n#![allow(clippy::all, unreachable_pub)]\n",
    );
    let mut open: Vec<&String> = Vec::new();
    for (path, module) in modules {
        let (name, folders) = path
            .split_last()
            .map_or((None, &[][..]), |(n, f)| (Some(n), f));
        let shared = open
            .iter()
            .zip(folders)
            .take_while(|(a, b)| **a == *b)
            .count();
        while open.len() > shared {
            open.pop();
            out.push_str("}\n");
        }
        for folder in &folders[shared..] {
            open.push(folder);
            let _ = writeln!(out, "\npub(crate) mod {folder} {{");
        }
        let name = name.map_or("", String::as_str);
        let _ = writeln!(
            out,
            "\npub(crate) mod {name} {{\n    use holo_runtime::*;\n"
        );
        out.push_str(&types(module));
        out.push_str("}\n");
    }
    out.push_str(&"}\n".repeat(open.len()));
    out
}

/// All types of a module.
#[must_use]
pub fn types(module: &Module) -> String {
    let enums = module.enums.iter().map(values::of_enum);
    let records = module.records.iter().map(values::of_record);
    let orbs = module.orbs.iter().map(twin);
    enums.chain(records).chain(orbs).collect()
}

/// The struct with its derive.
#[must_use]
pub fn twin(orb: &Orb) -> String {
    let mut out = format!(
        "    #[derive(Clone, Debug, Synced)]\n    #[synced(name = {:?}",
        orb.name
    );
    if let Some(rate) = orb.rate_hz {
        let _ = write!(out, ", rate = {rate:?}");
    }
    if orb.authority != Authority::Shared {
        policies::authority(orb.authority, &mut out);
    }
    policies::of_orb(&orb.policy, &mut out);
    let _ = writeln!(out, ")]\n    pub struct {} {{", orb.rust);
    for field in &orb.fields {
        let _ = write!(
            out,
            "        #[synced(name = {:?}, id = {}",
            field.wire, field.id
        );
        if field.lane == Lane::Live {
            out.push_str(", live");
        }
        policies::of_field(&field.policy, &mut out);
        let zero = initial::canonical(&Initial::Zero, &field.crdt);
        match initial::canonical(&field.initial, &field.crdt) {
            Some(Initial::Struct(parts)) if matches!(field.crdt, Crdt::Nested(_)) => {
                let _ = write!(out, ", initial{}", values::parts(&parts));
            }
            Some(value) if Some(&value) != zero.as_ref() => {
                let _ = write!(out, ", initial = {}", values::literal(&value));
            }
            _ => {}
        }
        let _ = writeln!(out, ")]\n        pub {}: {},", field.rust, field.crdt);
    }
    out.push_str("    }\n\n");
    out
}
