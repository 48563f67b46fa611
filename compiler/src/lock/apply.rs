//! Giving fields their numbers.

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
            for field in &mut orb.fields {
                locked.number(field, &mut told);
            }
            for entry in &mut locked.fields {
                entry.retired |= !orb.fields.iter().any(|field| field.id == entry.id);
            }
        }
        told
    }
}

impl Locked {
    fn number(&mut self, field: &mut Field, told: &mut Vec<Diagnostic>) {
        let active = self
            .fields
            .iter()
            .find(|entry| entry.wire == field.wire && !entry.retired)
            .cloned();
        if let Some(entry) = &active {
            keep_guess(entry, field, told);
        }
        let (ty, initial) = (
            type_text(&field.crdt),
            initial_text(&field.initial, &field.crdt),
        );
        let same = |entry: &&mut Entry| {
            entry.wire == field.wire && entry.ty == ty && entry.initial == initial
        };
        // The field as it was, or as it once was: its old data is its data again.
        field.id = match self.fields.iter_mut().find(same) {
            Some(entry) => {
                entry.retired = false;
                entry.id
            }
            None => {
                let id = self.next;
                self.next = self.next.saturating_add(1);
                let wire = field.wire.clone();
                self.fields.push(Entry {
                    id,
                    wire,
                    ty: ty.clone(),
                    initial: initial.clone(),
                    retired: false,
                });
                id
            }
        };
        if let Some(old) = active.filter(|old| old.id != field.id) {
            told.push(renumbered(field, &old, &ty, &initial));
        }
    }
}

/// A guess yields to the lock as long as its starting value fits the locked type.
fn keep_guess(entry: &Entry, field: &mut Field, told: &mut Vec<Diagnostic>) {
    let Some(locked) = type_from(&entry.ty) else {
        return;
    };
    let structs = matches!(locked, Crdt::Nested(_)) || matches!(field.crdt, Crdt::Nested(_));
    if field.annotated || structs || locked == field.crdt {
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
