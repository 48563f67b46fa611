//! The wire description of a type: what two schemas must share to share its bytes.
//!
//! The runtime describes a type in the same words from its table (`OrbInfo::wire_hash`); a test holds the two together.

mod value;

use crate::initial;
use crate::schema::{Crdt, Field, Initial, Module, Orb};

/// CRDT, type and canonical initial value of a field, in one line. A nested struct is described by its own fields.
#[must_use]
pub fn field_line(field: &Field) -> String {
    let fitting = initial::canonical(&field.initial, &field.crdt);
    match (&field.crdt, fitting) {
        (Crdt::Nested(_), Some(Initial::Zero)) => "Struct".to_owned(),
        (Crdt::Nested(_), Some(parts)) => format!("Struct={}", initial::dynamic(&parts)),
        (crdt, Some(initial)) => format!("{}={initial}", crdt.wire()),
        (crdt, None) => format!("{}=?", crdt.wire()),
    }
}

fn describe(orb: &Orb, module: &Module, out: &mut String) {
    out.push('{');
    for field in by_id(orb) {
        out.push_str(&format!("{}:", field.id));
        if field.crdt.is_described() {
            value::describe(&field.crdt, &field.initial, module, out);
        } else {
            out.push_str(&field_line(field));
            if let Some(nested) = field.crdt.orb().and_then(|name| find(name, module)) {
                describe(nested, module, out);
            }
        }
        out.push(';');
    }
    out.push('}');
}

fn by_id(orb: &Orb) -> Vec<&Field> {
    let mut fields: Vec<&Field> = orb.fields.iter().collect();
    fields.sort_by_key(|field| field.id);
    fields
}

fn find<'a>(name: &str, module: &'a Module) -> Option<&'a Orb> {
    let own = module.orbs.iter().find(|orb| orb.rust == name);
    own.or_else(|| find(name, module.foreign.as_deref()?))
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
