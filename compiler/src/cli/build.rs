//! `holoc build`: write the Rust.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use holo_grammar::diagnostic::Severity;

use super::manner::quiet;
use super::session::{Failure, Session, tell};
use super::{FINE, WRONG};
use crate::emit::{self, Change, Plan};
use crate::project::Project;
use crate::report::Told;

pub(super) fn run(
    paths: &[Utf8PathBuf],
    out: Option<&Utf8Path>,
    check: bool,
    schemas: bool,
) -> Result<u8, Failure> {
    let session = Session::open(paths, out)?;
    let told = session.told();
    // Notes are for `check` and `infer`; whoever builds wants to know what went wrong.
    let loud: Vec<Vec<_>> = told
        .iter()
        .map(|told| {
            told.diagnostics
                .iter()
                .filter(|one| one.severity != Severity::Note)
                .cloned()
                .collect()
        })
        .collect();
    let shown: Vec<Told<'_>> = told
        .iter()
        .zip(&loud)
        .map(|(told, loud)| Told {
            diagnostics: loud,
            ..*told
        })
        .collect();
    tell(&shown)?;
    if session.failed() {
        return Ok(WRONG);
    }
    let modules: Vec<_> = crate::pipeline::modules(&session.units);
    let Project { out, lock, .. } = &session.project;
    let plan = emit::plan_with_schemas(
        out,
        lock,
        &modules,
        &session.lock,
        &session.folders,
        schemas,
    )?;
    if check {
        return report_stale(&plan);
    }
    plan.carry_out()?;
    report_written(&plan)?;
    Ok(FINE)
}

fn report_written(plan: &Plan) -> Result<(), Failure> {
    if quiet() {
        return Ok(());
    }
    let mut stdout = io::stdout().lock();
    let changes = plan.changes();
    for (file, change) in &changes {
        let verb = if *change == Change::Remove {
            "removed"
        } else {
            "wrote"
        };
        writeln!(stdout, "{verb} {}", plan.path(file))?;
    }
    if changes.is_empty() {
        writeln!(stdout, "up to date")?;
    }
    Ok(stdout.flush()?)
}

fn report_stale(plan: &Plan) -> Result<u8, Failure> {
    let mut stdout = io::stdout().lock();
    let changes = plan.changes();
    for (file, change) in &changes {
        match change {
            Change::Remove => writeln!(stdout, "{} has no source any more", plan.path(file))?,
            Change::Add | Change::Update => write!(stdout, "{}", plan.diff(file))?,
        }
    }
    stdout.flush()?;
    if changes.is_empty() {
        return Ok(FINE);
    }
    let files = if changes.len() == 1 {
        "file is"
    } else {
        "files are"
    };
    writeln!(
        io::stderr(),
        "{} {files} stale; run `holoc build`",
        changes.len()
    )?;
    Ok(WRONG)
}
