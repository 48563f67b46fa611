//! The twins of enums and records: what one would write with `#[derive(Element)]`.

use std::fmt::Write;

use holo_codegen::initial;
use holo_codegen::schema::{Crdt, Enum, Initial, Record};

use super::literal;

/// The enum with its derive.
pub(super) fn words(one: &Enum) -> String {
    let mut out = head(&one.name);
    let _ = writeln!(out, "    pub enum {} {{", one.rust);
    for variant in &one.variants {
        let (wire, rust) = (&variant.wire, &variant.rust);
        let _ = writeln!(out, "        #[element(name = {wire:?})]\n        {rust},");
    }
    out.push_str("        #[element(other)]\n        Other(String),\n    }\n\n");
    out
}

/// The struct with its derive.
pub(super) fn record(one: &Record) -> String {
    let mut out = head(&one.name);
    let _ = writeln!(out, "    pub struct {} {{", one.rust);
    for field in &one.fields {
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

fn head(name: &str) -> String {
    format!("    #[derive(Clone, Debug, Element)]\n    #[element(name = {name:?})]\n")
}
