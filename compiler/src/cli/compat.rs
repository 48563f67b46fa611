//! `holoc compat`: what changed between two locks, or between the sources that give them.

use std::collections::BTreeSet;
use std::io::{self, Write};

use camino::Utf8Path;
use serde::Serialize;

use super::session::{self, Failure, tell};
use super::{FINE, Plain, WRONG};
use crate::load;
use crate::lock::compat::{Difference, Name, Verdict, compare};
use crate::lock::{FILE_NAME, Lock};
use crate::pipeline::{self, Unit};
use crate::report::{Told, visible};

#[derive(Serialize)]
struct Answer<'a> {
    verdict: &'static str,
    changes: Vec<ChangeOut<'a>>,
}

#[derive(Serialize)]
struct ChangeOut<'a> {
    verdict: &'static str,
    file: &'a str,
    orb: &'a str,
    field: Option<&'a str>,
    wire_id: Option<u32>,
    what: &'a str,
    why: &'a str,
}

pub(super) fn run(old: &Utf8Path, new: &Utf8Path, format: Plain) -> Result<u8, Failure> {
    let Some(old) = side(old, &Lock::default())? else {
        return Ok(WRONG);
    };
    let Some(new) = side(new, &old.lock)? else {
        return Ok(WRONG);
    };
    let changes = compare(&old.lock, &new.lock, new.declared.as_ref());
    let worst = changes
        .iter()
        .map(|one| one.verdict)
        .max()
        .unwrap_or(Verdict::Safe);
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    match format {
        Plain::Human => human(&changes, &mut stdout)?,
        Plain::Json => {
            let answer = Answer {
                verdict: worst.word(),
                changes: changes.iter().map(out).collect(),
            };
            serde_json::to_writer_pretty(&mut stdout, &answer).map_err(io::Error::from)?;
            writeln!(stdout)?;
        }
    }
    stdout.flush()?;
    Ok(if worst == Verdict::Safe { FINE } else { WRONG })
}

fn out(one: &Difference) -> ChangeOut<'_> {
    ChangeOut {
        verdict: one.verdict.word(),
        file: &one.module,
        orb: &one.orb,
        field: one.field.as_ref().map(|(name, _)| name.as_str()),
        wire_id: one.field.as_ref().map(|(_, id)| *id),
        what: &one.what,
        why: &one.why,
    }
}

fn human(changes: &[Difference], out: &mut impl Write) -> io::Result<()> {
    for one in changes {
        let field = one
            .field
            .as_ref()
            .map(|(name, id)| format!(".{name} (#{id})"))
            .unwrap_or_default();
        let place = visible(&format!("{}{field}", one.orb));
        writeln!(
            out,
            "{}: {place} in {}",
            one.verdict.word(),
            visible(&one.module)
        )?;
        writeln!(out, "    {}", visible(&one.what))?;
        writeln!(out, "    {}", one.why)?;
    }
    let counts: Vec<String> = [Verdict::Safe, Verdict::Breaking, Verdict::Forbidden]
        .iter()
        .map(|verdict| {
            (
                verdict,
                changes.iter().filter(|one| one.verdict == *verdict).count(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| format!("{count} {}", verdict.word()))
        .collect();
    if counts.is_empty() {
        return writeln!(out, "nothing changed");
    }
    writeln!(out, "{}", counts.join(", "))
}

/// One of the two: a lock, and the orbs that its sources declare, where there are sources.
struct Side {
    lock: Lock,
    declared: Option<BTreeSet<Name>>,
}

/// Reads a lock, or sources with the lock beside them; sources without one are numbered on top of `base`, as a build would.
/// None if something is wrong with them, which is then told.
fn side(path: &Utf8Path, base: &Lock) -> Result<Option<Side>, Failure> {
    let is_lock = path.is_file() && path.extension() != Some(load::EXTENSION);
    if is_lock {
        return lock(path);
    }
    let loaded = load::load(&[path.to_owned()])?;
    let beside = path.join(FILE_NAME);
    if loaded.sources.is_empty() {
        if beside.is_file() {
            return lock(&beside);
        }
        return Err(Failure::Usage(format!(
            "`{path}` holds neither sources nor a {FILE_NAME}"
        )));
    }
    let mut numbers = base.clone();
    if beside.is_file() {
        match lock(&beside)? {
            Some(side) => numbers = side.lock,
            None => return Ok(None),
        }
    }
    let units = loaded.sources.into_iter().map(Unit::parse).collect();
    let mut units = pipeline::compile(units, &mut numbers, &mut pipeline::Disk);
    pipeline::check_paths(&mut units);
    if units.iter().any(Unit::failed) {
        let told: Vec<Told<'_>> = units.iter().map(session::told_of).collect();
        tell(&told)?;
        return Ok(None);
    }
    let declared = units.iter().flat_map(|unit| {
        let orbs = unit.world.orbs.iter();
        orbs.map(|orb| (unit.source.path.clone(), orb.wire.clone()))
    });
    Ok(Some(Side {
        lock: numbers,
        declared: Some(declared.collect()),
    }))
}

fn lock(path: &Utf8Path) -> Result<Option<Side>, Failure> {
    if !path.is_file() {
        return Err(Failure::Usage(format!("there is nothing at `{path}`")));
    }
    match session::read_lock(path)? {
        Ok(lock) => Ok(Some(Side {
            lock,
            declared: None,
        })),
        Err(faulty) => {
            tell(&[session::told_of_faulty(&faulty)])?;
            Ok(None)
        }
    }
}
