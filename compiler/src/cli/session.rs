//! What all commands share: reading sources and the lock, streams, progress.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use camino::{Utf8Path, Utf8PathBuf};

use super::manner::{self, quiet};
pub(super) use super::manner::{colours, tell};
use super::{FAILED, FINE, WRONG};
use crate::emit::EmitError;
use crate::load::{self, LoadError, Loaded};
use crate::lock::Lock;
use crate::pipeline::{self, Unit};
use crate::project::{self, FILE_NAME, Faulty, Project, levels};
use crate::report::{self, Told};

/// From how many sources on a person wants to see that something happens.
const PROGRESS_FROM: usize = 100;

/// Why a command could not do its work at all.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Emit(#[from] EmitError),
    #[error("cannot read `{0}`: {1}")]
    Read(Utf8PathBuf, io::Error),
    #[error("cannot write `{0}`: {1}")]
    Write(Utf8PathBuf, io::Error),
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
    #[error("{0}")]
    Usage(String),
    /// Something is wrong in a file of the project, which the file itself shows best.
    #[error("`{}` is wrong", .0.file.name())]
    Faulty(Box<Faulty>),
}

/// Says why, and gives the exit code.
pub(super) fn fail(failure: &Failure) -> ExitCode {
    if let Failure::Print(error) = failure
        && error.kind() == io::ErrorKind::BrokenPipe
    {
        // Whoever reads has seen enough.
        return ExitCode::from(FINE);
    }
    if let Failure::Faulty(faulty) = failure {
        let _ = tell(&[told_of_faulty(faulty)]);
        return ExitCode::from(WRONG);
    }
    let _ = writeln!(
        io::stderr(),
        "holoc: {}",
        report::visible(&failure.to_string())
    );
    ExitCode::from(FAILED)
}

/// Sources through all stages but the last.
pub(super) struct Session {
    /// The sources.
    pub(super) units: Vec<Unit>,
    /// The folders that were searched.
    pub(super) folders: Vec<Utf8PathBuf>,
    /// The lock, with what is new taken in.
    pub(super) lock: Lock,
    /// Where everything is.
    pub(super) project: Project,
    /// The lock file, if something is wrong with it.
    lock_file: Option<Box<Faulty>>,
}

impl Session {
    /// Reads and compiles what the paths lead to, or what the project names where there are none.
    pub(super) fn open(paths: &[Utf8PathBuf], out: Option<&Utf8Path>) -> Result<Self, Failure> {
        let project = project()?.with_out(out);
        let paths = sources(paths, &project)?;
        let loaded = load::load(paths)?;
        if project.out.is_file() {
            return Err(Failure::Usage(format!(
                "`{}` is a file; -o takes a folder",
                project.out
            )));
        }
        let (mut lock, lock_file) = match read_lock(&project.lock)? {
            Ok(lock) => (lock, None),
            Err(faulty) => (Lock::default(), Some(faulty)),
        };
        let mut units = compile(loaded.sources, &mut lock);
        if units.is_empty() {
            let _ = writeln!(io::stderr(), "holoc: there are no .hsplus files there");
        }
        pipeline::check_paths(&mut units);
        for unit in &mut units {
            levels::apply(&project.settings.levels, &mut unit.diagnostics);
        }
        Ok(Self {
            units,
            folders: loaded.folders,
            lock,
            project,
            lock_file,
        })
    }

    /// What there is to tell, source by source.
    pub(super) fn told(&self) -> Vec<Told<'_>> {
        let lock = self.lock_file.iter().map(|faulty| told_of_faulty(faulty));
        lock.chain(self.units.iter().map(told_of)).collect()
    }

    /// Whether anything is wrong that forbids to build.
    pub(super) fn failed(&self) -> bool {
        self.lock_file.is_some() || self.units.iter().any(Unit::failed)
    }
}

/// What there is to tell of one source.
pub(super) fn told_of(unit: &Unit) -> Told<'_> {
    Told {
        file: &unit.source.file,
        diagnostics: &unit.diagnostics,
    }
}

/// What there is to tell of a file that is not a source.
pub(super) fn told_of_faulty(faulty: &Faulty) -> Told<'_> {
    Told {
        file: &faulty.file,
        diagnostics: &faulty.diagnostics,
    }
}

/// The project of the current folder.
pub(super) fn project() -> Result<Project, Failure> {
    let read = Project::here().map_err(|error| Failure::Read(FILE_NAME.into(), error))?;
    let project = read.map_err(Failure::Faulty)?;
    if let Some(shown) = project.settings.shown {
        manner::set_shown(shown);
    }
    Ok(project)
}

/// The paths of the command line, or those of the project.
pub(super) fn sources<'a>(
    paths: &'a [Utf8PathBuf],
    project: &'a Project,
) -> Result<&'a [Utf8PathBuf], Failure> {
    if !paths.is_empty() {
        return Ok(paths);
    }
    if project.sources.is_empty() {
        return Err(Failure::Usage(format!(
            "give a file or a folder, or name it as `src` in the `[build]` of a {FILE_NAME}"
        )));
    }
    Ok(&project.sources)
}

/// Reads a lock.
pub(super) fn read_lock(path: &Utf8Path) -> Result<Result<Lock, Box<Faulty>>, Failure> {
    project::read_lock(path).map_err(|error| Failure::Read(path.to_owned(), error))
}

/// Reads one file or standard input, for commands that take no more.
pub(super) fn single(path: &Utf8Path) -> Result<Unit, Failure> {
    if path.is_dir() {
        return Err(Failure::Usage(format!(
            "`{path}` is a folder; give one file"
        )));
    }
    let Loaded { sources, .. } = load::load(&[path.to_owned()])?;
    let source = sources.into_iter().next();
    source
        .map(Unit::parse)
        .ok_or_else(|| Failure::Usage(format!("there is nothing at `{path}`")))
}

fn compile(sources: Vec<load::Source>, lock: &mut Lock) -> Vec<Unit> {
    let total = sources.len();
    let mut stderr = io::stderr();
    let progress = total > PROGRESS_FROM && stderr.is_terminal() && !quiet();
    let units = sources.into_iter().enumerate().map(|(done, source)| {
        if progress {
            let _ = write!(stderr, "\rreading {}/{total}", done + 1);
            let _ = stderr.flush();
        }
        Unit::parse(source)
    });
    let units = units.collect();
    if progress {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
    pipeline::compile(units, lock, &mut pipeline::Disk)
}
