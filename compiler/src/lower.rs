//! From what was inferred to what the generator needs.
//!
//! A plain translation: no decision is made here, and every field has its number by now.

use holo_codegen::schema::{Field, Module, Orb};

use crate::model::{self, World};

/// The schema of one source.
#[must_use]
pub fn lower(source: &str, world: &World) -> Module {
    Module {
        source: source.to_owned(),
        enums: world.enums.clone(),
        records: world.records.clone(),
        orbs: world.orbs.iter().map(orb).collect(),
    }
}

fn orb(orb: &model::Orb) -> Orb {
    Orb {
        name: orb.wire.clone(),
        rust: orb.rust.clone(),
        docs: orb.docs.clone(),
        rate_hz: orb.rate_hz,
        authority: orb.authority,
        policy: orb.policy.clone(),
        fields: orb.fields.iter().map(field).collect(),
    }
}

fn field(field: &model::Field) -> Field {
    Field {
        id: field.id,
        wire: field.wire.clone(),
        rust: field.rust.clone(),
        docs: field.docs.clone(),
        crdt: field.crdt.clone(),
        lane: field.lane,
        initial: field.initial.clone(),
        policy: field.policy.clone(),
    }
}
