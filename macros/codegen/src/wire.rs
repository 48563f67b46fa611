//! The wire description of a type: what two schemas must share to share its bytes.
//!
//! The runtime describes a type in the same words from its table (`OrbInfo::wire_hash`); a test holds the two together.

use crate::initial;
use crate::schema::{Crdt, Field, Module, Orb};

/// CRDT, type and canonical initial value of a field, in one line. A nested struct is described by its own fields.
pub(crate) fn field_line(field: &Field) -> String {
    match &field.crdt {
        Crdt::Nested(_) => "Struct".to_owned(),
        crdt => match initial::canonical(&field.initial, crdt) {
            Some(initial) => format!("{crdt}={initial}"),
            None => format!("{crdt}=?"),
        },
    }
}

fn describe(orb: &Orb, module: &Module, out: &mut String) {
    out.push('{');
    let mut fields: Vec<&Field> = orb.fields.iter().collect();
    fields.sort_by_key(|field| field.id);
    for field in fields {
        out.push_str(&format!("{}:{}", field.id, field_line(field)));
        if let Crdt::Nested(name) = &field.crdt
            && let Some(nested) = module.orbs.iter().find(|nested| nested.rust == *name)
        {
            describe(nested, module, out);
        }
        out.push(';');
    }
    out.push('}');
}

/// The hash of one type of a module: of ids, CRDTs, types and initial values. Names, rates and lanes may differ.
#[must_use]
pub fn orb_wire_hash(orb: &Orb, module: &Module) -> u64 {
    let mut text = String::new();
    describe(orb, module, &mut text);
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}

/// The hash of all types of a module by name.
#[must_use]
pub fn wire_hash(module: &Module) -> u64 {
    let mut text = String::new();
    for orb in &module.orbs {
        text.push_str(&orb.name);
        describe(orb, module, &mut text);
        text.push('\n');
    }
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}
