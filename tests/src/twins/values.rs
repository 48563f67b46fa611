//! Enums and records as one would write them by hand, and initial values as attributes spell them.

use std::fmt::Write;

use holo_codegen::initial;
use holo_codegen::schema::{Crdt, Enum, Initial, Record};

/// The enum with its derive.
#[must_use]
pub fn of_enum(it: &Enum) -> String {
    let mut out = format!(
        "    #[derive(Clone, Debug, Element)]\n    #[element(name = {:?})]\n    pub enum {} {{\n",
        it.name, it.rust
    );
    for variant in &it.variants {
        let _ = writeln!(
            out,
            "        #[element(name = {:?})]\n        {},",
            variant.wire, variant.rust
        );
    }
    let other = holo_codegen::generate::other_variant(it);
    let _ = writeln!(
        out,
        "        #[element(other)]\n        {other}(String),\n    }}\n"
    );
    out
}

/// The struct with its derive.
#[must_use]
pub fn of_record(it: &Record) -> String {
    let mut out = format!(
        "    #[derive(Clone, Debug, Element)]\n    #[element(name = {:?})]\n    pub struct {} {{\n",
        it.name, it.rust
    );
    for field in &it.fields {
        let _ = write!(out, "        #[element(name = {:?}", field.wire);
        let register = Crdt::LwwRegister(field.ty.clone());
        let zero = initial::canonical(&Initial::Zero, &register);
        match initial::canonical(&field.initial, &register) {
            Some(value) if Some(&value) != zero.as_ref() => {
                let _ = write!(out, ", initial = {}", literal(&value));
            }
            _ => {}
        }
        let _ = writeln!(out, ")]\n        pub {}: {},", field.rust, field.ty);
    }
    out.push_str("        #[element(kept)]\n        pub __kept: Kept,\n    }\n\n");
    out
}

/// The parts of a nested struct that start with other values than its own.
#[must_use]
pub fn parts(parts: &[(String, String, Initial)]) -> String {
    let part = |(_, name, value): &(String, String, Initial)| match value {
        Initial::Struct(inner) => format!("{name:?}{}", self::parts(inner)),
        value => format!("{name:?} = {}", literal(value)),
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    format!("({})", parts.join(", "))
}

/// An initial value.
#[must_use]
pub fn literal(value: &Initial) -> String {
    let entry = |(key, value): (&String, &Initial)| format!("{key:?}: {}", literal(value));
    match value {
        Initial::Color(_) => format!("{:?}", value.to_string()),
        Initial::List(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Initial::Map(entries) => {
            let entries: Vec<String> = entries.iter().map(|(k, v)| entry((k, v))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Initial::Struct(parts) => {
            let parts: Vec<String> = parts.iter().map(|(_, k, v)| entry((k, v))).collect();
            format!("{{{}}}", parts.join(", "))
        }
        other => other.to_string(),
    }
}
