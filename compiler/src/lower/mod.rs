//! From what was inferred to what the generator needs.
//!
//! A plain translation: no decision is made here, and every field has its number by now.

mod foreign;

use holo_codegen::schema::{Field, Module, Orb};

use crate::model::{self, World};

/// The schemas of sources, each with its path.
#[must_use]
pub fn lower<'w>(sources: impl IntoIterator<Item = (&'w str, &'w World)>) -> Vec<Module> {
    let alone = sources
        .into_iter()
        .map(|(source, world)| module(source, world));
    let mut modules: Vec<Module> = alone.collect();
    foreign::add(&mut modules);
    modules
}

fn module(source: &str, world: &World) -> Module {
    Module {
        source: source.to_owned(),
        enums: world.enums.clone(),
        records: world.records.clone(),
        orbs: world.orbs.iter().map(orb).collect(),
        foreign: None,
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
        fields: orb.parts().map(field).collect(),
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
