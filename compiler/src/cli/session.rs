//! What all commands share: reading sources and the lock, streams, progress.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use camino::{Utf8Path, Utf8PathBuf};
use holo_grammar::SourceFile;
use holo_grammar::diagnostic::Diagnostic;

use super::{FAILED, FINE};
use crate::emit::EmitError;
use crate::load::{self, LoadError, Loaded};
use crate::lock::{FILE_NAME, Lock};
use crate::pipeline::{self, Unit};
use crate::report::{self, Format, Told};

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
    Lock(Utf8PathBuf, io::Error),
    #[error("cannot write `{0}`: {1}")]
    Write(Utf8PathBuf, io::Error),
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
    #[error("{0}")]
    Usage(String),
}

/// Says why, and gives the exit code.
pub(super) fn fail(failure: &Failure) -> ExitCode {
    if let Failure::Print(error) = failure
        && error.kind() == io::ErrorKind::BrokenPipe
    {
        // Whoever reads has seen enough.
        return ExitCode::from(FINE);
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
    /// The lock file and what is wrong with it.
    lock_file: Option<(SourceFile, Vec<Diagnostic>)>,
}

impl Session {
    /// Reads and compiles what the paths lead to.
    pub(super) fn open(paths: &[Utf8PathBuf], out: Option<&Utf8Path>) -> Result<Self, Failure> {
        let loaded = load::load(paths)?;
        let out = out.unwrap_or(Utf8Path::new("generated"));
        if out.is_file() {
            return Err(Failure::Usage(format!(
                "`{out}` is a file; -o takes a folder"
            )));
        }
        let (mut lock, lock_file) = read_lock(&out.join(FILE_NAME))?;
        let mut units = compile(loaded.sources, &mut lock);
        if units.is_empty() {
            let _ = writeln!(io::stderr(), "holoc: there are no .hsplus files there");
        }
        pipeline::check_paths(&mut units);
        Ok(Self {
            units,
            folders: loaded.folders,
            lock,
            lock_file,
        })
    }

    /// What there is to tell, source by source.
    pub(super) fn told(&self) -> Vec<Told<'_>> {
        let lock = self
            .lock_file
            .iter()
            .map(|(file, diagnostics)| Told { file, diagnostics });
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
    let progress = total > PROGRESS_FROM && stderr.is_terminal();
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

pub(super) type LockFile = Option<(SourceFile, Vec<Diagnostic>)>;

pub(super) fn read_lock(path: &Utf8Path) -> Result<(Lock, LockFile), Failure> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((Lock::default(), None));
        }
        Err(error) => return Err(Failure::Lock(path.to_owned(), error)),
    };
    let (file, mut diagnostics) = SourceFile::new(path.as_str(), bytes);
    match Lock::parse(file.text()) {
        Ok(lock) if diagnostics.is_empty() => Ok((lock, None)),
        Ok(_) => Ok((Lock::default(), Some((file, diagnostics)))),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            Ok((Lock::default(), Some((file, diagnostics))))
        }
    }
}

/// Whether a stream wants colours.
pub(super) fn colours(stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && stream.is_terminal()
}

/// Shows what there is to tell on standard error, for commands whose output is something else.
pub(super) fn tell(told: &[Told<'_>]) -> Result<(), Failure> {
    let stderr = io::stderr();
    let colour = colours(&stderr);
    report::show(told, Format::Human, colour, &mut stderr.lock())?;
    let count = report::Count::of(told).to_string();
    if !count.is_empty() {
        writeln!(stderr.lock(), "{count}")?;
    }
    Ok(())
}
