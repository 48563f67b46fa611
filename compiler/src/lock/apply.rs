//! Giving fields their numbers.

use std::collections::{BTreeMap, BTreeSet};

use holo_codegen::initial::canonical;
use holo_codegen::schema::{Crdt, Initial};
use holo_grammar::diagnostic::{Diagnostic, Severity};

use super::{Entry, Lock, Locked, type_from, type_text};
use crate::codes;
use crate::model::{Field, Reason, World};

impl Lock {
    /// Numbers the fields of a source, keeps what is locked against guesses, and takes in what is new.
    pub fn apply(&mut self, module: &str, world: &mut World) -> Vec<Diagnostic> {
        let mut told = Vec::new();
        for orb in &mut world.orbs {
            let locked = self
                .orbs
                .entry((module.to_owned(), orb.wire.clone()))
                .or_default();
            let mut numbering = Numbering::new(locked);
            for field in orb.parts_mut() {
                numbering.number(field, &mut told);
            }
            let given: BTreeSet<u32> = orb.parts().map(|field| field.id).collect();
            for entry in &mut locked.fields {
                entry.retired |= !given.contains(&entry.id);
            }
        }
        told
    }
}

/// The numbers of one type while they are given, with ways to find an entry.
struct Numbering<'l> {
    locked: &'l mut Locked,
    /// The entry in force for each name.
    active: BTreeMap<String, usize>,
    /// The entry of each name, type and starting value.
    known: BTreeMap<(String, String, String), usize>,
}

impl<'l> Numbering<'l> {
    fn new(locked: &'l mut Locked) -> Self {
        let mut numbering = Self {
            active: BTreeMap::new(),
            known: BTreeMap::new(),
            locked,
        };
        for at in 0..numbering.locked.fields.len() {
            numbering.index(at);
        }
        numbering
    }

    fn index(&mut self, at: usize) {
        let entry = &self.locked.fields[at];
        let key = (entry.wire.clone(), entry.ty.clone(), entry.initial.clone());
        self.known.entry(key).or_insert(at);
        if !entry.retired {
            self.active.entry(entry.wire.clone()).or_insert(at);
        }
    }

    fn number(&mut self, field: &mut Field, told: &mut Vec<Diagnostic>) {
        let active = self.active.get(&field.wire);
        let active = active.map(|at| self.locked.fields[*at].clone());
        if let Some(entry) = &active {
            keep_guess(entry, field, told);
        }
        let ty = type_text(&field.crdt);
        let initial = initial_text(&field.initial, &field.crdt);
        let key = (field.wire.clone(), ty.clone(), initial.clone());
        // The field as it was, or as it once was: its old data is its data again.
        let at = match self.known.get(&key) {
            Some(at) => *at,
            None => self.add(&field.wire, &ty, &initial),
        };
        let entry = &mut self.locked.fields[at];
        entry.retired = false;
        field.id = entry.id;
        self.index(at);
        if let Some(old) = active.filter(|old| old.id != field.id) {
            told.push(renumbered(field, &old, &ty, &initial));
        }
    }

    fn add(&mut self, wire: &str, ty: &str, initial: &str) -> usize {
        let id = self.locked.next;
        self.locked.next = id.saturating_add(1);
        self.locked.fields.push(Entry {
            id,
            wire: wire.to_owned(),
            ty: ty.to_owned(),
            initial: initial.to_owned(),
            retired: false,
        });
        self.locked.fields.len() - 1
    }
}

/// A guess yields to the lock as long as its starting value fits the locked type.
fn keep_guess(entry: &Entry, field: &mut Field, told: &mut Vec<Diagnostic>) {
    let Some(locked) = type_from(&entry.ty) else {
        return;
    };
    let structs = matches!(locked, Crdt::Nested(_)) || matches!(field.crdt, Crdt::Nested(_));
    if field.annotated || structs || locked == field.crdt.wire() {
        return;
    }
    let Some(initial) = canonical(&field.initial, &locked) else {
        return;
    };
    let message = format!(
        "`{}` now looks like {}, and stays {} as locked",
        field.wire, field.crdt, locked
    );
    told.push(
        Diagnostic::new(&codes::GUESS_KEPT, Severity::Note, message, field.span)
            .label("guessed from its value")
            .help("write a type to change it; data written so far is then no longer read"),
    );
    let text = format!("holo.lock has it as {locked}");
    field.reason = Reason::new(
        "R5",
        text,
        format!("write `{}: T` to change it", field.wire),
    );
    (field.crdt, field.initial) = (locked, initial);
}

fn renumbered(field: &Field, old: &Entry, ty: &str, initial: &str) -> Diagnostic {
    let wire = &field.wire;
    let message = if old.ty == ty {
        format!(
            "`{wire}` started at {} and now starts at {initial}, so it is a new field",
            old.initial
        )
    } else {
        format!(
            "`{wire}` was {} and is now {ty}, so it is a new field",
            old.ty
        )
    };
    Diagnostic::warning(&codes::NEW_ID, message, field.span)
        .label(format!("number {} instead of {}", field.id, old.id))
        .help(format!(
            "data written under number {} is no longer read; undo the change to read it again",
            old.id
        ))
}

fn initial_text(initial: &Initial, crdt: &Crdt) -> String {
    canonical(initial, crdt).map_or_else(|| initial.to_string(), |initial| initial.to_string())
}
