//! The lock as TOML, and everything that can be wrong with it.

use std::collections::BTreeSet;

use holo_grammar::ast::Span;
use holo_grammar::diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{Entry, Lock, Locked, type_from};
use crate::codes;

/// The form of the file. A newer one is refused, not misread.
const VERSION: u32 = 1;

const HEADER: &str =
    "# Written by holoc. Commit it: it gives every field the number by which its data is known.\n";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileIn {
    version: Spanned<u32>,
    #[serde(default)]
    orb: Vec<OrbIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrbIn {
    module: String,
    name: Spanned<String>,
    next: Spanned<u32>,
    #[serde(default)]
    field: Vec<FieldIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldIn {
    id: Spanned<u32>,
    name: String,
    r#type: Spanned<String>,
    initial: String,
    #[serde(default)]
    retired: bool,
}

#[derive(Serialize)]
struct FileOut<'a> {
    version: u32,
    orb: Vec<OrbOut<'a>>,
}

#[derive(Serialize)]
struct OrbOut<'a> {
    module: &'a str,
    name: &'a str,
    next: u32,
    field: Vec<FieldOut<'a>>,
}

#[derive(Serialize)]
struct FieldOut<'a> {
    id: u32,
    name: &'a str,
    r#type: &'a str,
    initial: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    retired: bool,
}

pub(super) fn write(lock: &Lock) -> String {
    let orb = lock.orbs.iter().map(|((module, name), locked)| OrbOut {
        module,
        name,
        next: locked.next,
        field: locked
            .fields
            .iter()
            .map(|entry| FieldOut {
                id: entry.id,
                name: &entry.wire,
                r#type: &entry.ty,
                initial: &entry.initial,
                retired: entry.retired,
            })
            .collect(),
    });
    let file = FileOut {
        version: VERSION,
        orb: orb.collect(),
    };
    // Strings, numbers and tables of them always have a TOML form.
    format!("{HEADER}{}", toml::to_string(&file).unwrap_or_default())
}

pub(super) fn read(text: &str) -> Result<Lock, Box<Diagnostic>> {
    let file: FileIn = toml::from_str(text)
        .map_err(|error| {
            // A name may hold such a line too, and then the lock can be read.
            if let Some(at) = conflict(text) {
                return wrong("this lock has an unresolved merge conflict", at)
                    .label("the conflict begins here")
                    .help("keep the fields of both sides; where both gave one number, the newer takes the next");
            }
            let at = error.span().unwrap_or_default();
            wrong(
                format!(
                    "this is no valid lock: {}",
                    error.message().lines().next().unwrap_or_default()
                ),
                at,
            )
            .help("restore the file from version control; without it, fields would get new numbers")
        })
        .map_err(Box::new)?;
    if *file.version.get_ref() != VERSION {
        let found = file.version.get_ref();
        return Err(wrong(
            format!("this lock has form {found}; this holoc reads form {VERSION}"),
            file.version.span(),
        )
        .help("use the holoc that wrote it")
        .into());
    }
    let mut lock = Lock::default();
    for orb in file.orb {
        let (name_at, name) = (orb.name.span(), orb.name.get_ref().clone());
        let locked = read_orb(orb.next, orb.field)?;
        if lock
            .orbs
            .insert((orb.module, name.clone()), locked)
            .is_some()
        {
            return Err(wrong(format!("`{name}` is locked twice"), name_at)
                .help("merge the two entries into one")
                .into());
        }
    }
    Ok(lock)
}

fn read_orb(next: Spanned<u32>, fields: Vec<FieldIn>) -> Result<Locked, Box<Diagnostic>> {
    let mut locked = Locked {
        next: *next.get_ref(),
        fields: Vec::with_capacity(fields.len()),
    };
    let (mut ids, mut active) = (BTreeSet::new(), BTreeSet::new());
    for field in fields {
        let id = *field.id.get_ref();
        if !ids.insert(id) {
            return Err(
                wrong(format!("the number {id} is given twice"), field.id.span())
                    .label("given before")
                    .help("give the newer of the two the next number, and raise `next`")
                    .into(),
            );
        }
        if id == 0 || id >= locked.next {
            return Err(wrong(
                format!(
                    "the number {id} is not below `next`, which is {}",
                    locked.next
                ),
                field.id.span(),
            )
            .help("numbers begin at 1, and `next` is greater than all of them")
            .into());
        }
        if type_from(field.r#type.get_ref()).is_none() {
            return Err(wrong(
                format!("`{}` is not a type", field.r#type.get_ref()),
                field.r#type.span(),
            )
            .help("restore the line from version control")
            .into());
        }
        if !field.retired && !active.insert(field.name.clone()) {
            return Err(wrong(
                format!("`{}` has two numbers in force", field.name),
                field.id.span(),
            )
            .help("mark the older one `retired = true`")
            .into());
        }
        let ty = field.r#type.into_inner();
        locked.fields.push(Entry {
            id,
            wire: field.name,
            ty,
            initial: field.initial,
            retired: field.retired,
        });
    }
    locked.fields.sort_by_key(|entry| entry.id);
    Ok(locked)
}

fn wrong(message: impl Into<String>, at: std::ops::Range<usize>) -> Diagnostic {
    let end = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Diagnostic::error(
        &codes::LOCK_MALFORMED,
        message,
        Span::new(end(at.start), end(at.end)),
    )
}

/// Where a merge conflict begins.
fn conflict(text: &str) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
            .iter()
            .any(|marker| line.starts_with(marker))
        {
            return Some(at..at + line.trim_end().len());
        }
        at += line.len();
    }
    None
}
