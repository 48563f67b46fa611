//! `holoc` in a `build.rs`: sources in, Rust in `OUT_DIR` out, with no command line.
//!
//! The only place that speaks to cargo. What a build does is what `holoc build` does.

use std::io::{self, Write};
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use holo_grammar::diagnostic::Severity;

use crate::emit::{self, EmitError};
use crate::load::{self, EXTENSION, LoadError};
use crate::lock;
use crate::pipeline::{self, Disk, Unit};
use crate::project::read_lock;
use crate::report::{self, Count, Format, Told};

/// The folder in `OUT_DIR` that is written to if nothing else is said.
const FOLDER: &str = "holo";

/// Why there is no Rust.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// It was told nowhere what to compile.
    #[error("there is nothing to compile; name a file or a folder with `source`")]
    NoSource,
    /// It was not told where to write, and does not run in a build script.
    #[error("OUT_DIR is not set; run this in a build script, or say where to write with `out_dir`")]
    NoOutDir,
    /// A path that is not Unicode; sources go by their paths.
    #[error("the path `{0}` is not valid UTF-8")]
    Path(String),
    /// A source cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The lock cannot be read.
    #[error("cannot read `{0}`: {1}")]
    Lock(Utf8PathBuf, #[source] io::Error),
    /// Something is wrong with the sources or the lock; standard error says what.
    #[error("the sources cannot be compiled: {0}")]
    Wrong(Count),
    /// The lock would change, which was not allowed.
    #[error("`{0}` is stale; build once without `locked`, and commit it")]
    StaleLock(Utf8PathBuf),
    /// Something cannot be written.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// Cargo cannot be told which files count.
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

/// Compiles a file or a folder of sources into `OUT_DIR`, in a build script:
///
/// ```no_run
/// fn main() -> Result<(), holoc::BuildError> {
///     holoc::build("world")
/// }
/// ```
///
/// The crate takes it in with two lines, and finds `world/room.hsplus` in `world::room`:
///
/// ```text
/// pub mod world {
///     include!(concat!(env!("OUT_DIR"), "/holo/mod.rs"));
/// }
/// ```
///
/// `holo.lock` is kept beside the sources: commit it.
///
/// # Errors
/// When the sources are wrong, which is shown on standard error, or files cannot be read or written.
pub fn build(source: impl AsRef<Path>) -> Result<(), BuildError> {
    Build::new().source(source).run().map(drop)
}

/// A build in a build script, with more to say than [`build`] asks for.
#[derive(Clone, Debug, Default)]
#[must_use = "a build does nothing until it is run"]
pub struct Build {
    sources: Vec<std::path::PathBuf>,
    out: Option<std::path::PathBuf>,
    lock: Option<std::path::PathBuf>,
    locked: bool,
}

/// What a build wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The files that were written or removed; none if all was up to date.
    pub changed: Vec<Utf8PathBuf>,
}

impl Build {
    /// A build of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or a folder in which sources are searched.
    pub fn source(mut self, path: impl AsRef<Path>) -> Self {
        self.sources.push(path.as_ref().to_owned());
        self
    }

    /// Where to write; `holo` in `OUT_DIR` if nothing is said.
    pub fn out_dir(mut self, path: impl AsRef<Path>) -> Self {
        self.out = Some(path.as_ref().to_owned());
        self
    }

    /// The lock file; `holo.lock` in the first folder of sources, or beside the first source, if nothing is said.
    pub fn lock(mut self, path: impl AsRef<Path>) -> Self {
        self.lock = Some(path.as_ref().to_owned());
        self
    }

    /// Whether to fail instead of changing the lock, as where the sources are read-only.
    pub fn locked(mut self, locked: bool) -> Self {
        self.locked = locked;
        self
    }

    /// Compiles, and tells cargo which files count.
    ///
    /// # Errors
    /// When the sources are wrong, which is shown on standard error, or files cannot be read or written.
    pub fn run(&self) -> Result<Built, BuildError> {
        let sources = self
            .sources
            .iter()
            .map(|path| utf8(path))
            .collect::<Result<Vec<_>, _>>()?;
        let first = sources.first().ok_or(BuildError::NoSource)?;
        let out = match &self.out {
            Some(out) => utf8(out)?,
            None => {
                let out = std::env::var_os("OUT_DIR").ok_or(BuildError::NoOutDir)?;
                utf8(Path::new(&out))?.join(FOLDER)
            }
        };
        let lock_path = match &self.lock {
            Some(lock) => utf8(lock)?,
            None => beside(first),
        };
        let mut stdout = io::stdout().lock();
        for path in sources.iter().chain([&lock_path]) {
            // Cargo takes a file that is not there for one that has changed.
            if path.exists() {
                writeln!(stdout, "cargo:rerun-if-changed={path}")?;
            }
        }
        let loaded = load::load(&sources)?;
        let read =
            read_lock(&lock_path).map_err(|error| BuildError::Lock(lock_path.clone(), error))?;
        let mut lock = read.map_err(|faulty| {
            wrong(&[Told {
                file: &faulty.file,
                diagnostics: &faulty.diagnostics,
            }])
        })?;
        let units = loaded.sources.into_iter().map(Unit::parse).collect();
        let mut units = pipeline::compile(units, &mut lock, &mut Disk);
        pipeline::check_paths(&mut units);
        for unit in &units {
            writeln!(stdout, "cargo:rerun-if-changed={}", unit.source.file.name())?;
        }
        if units.iter().any(Unit::failed) {
            return Err(wrong(&told(&units)));
        }
        warn(&units, &mut stdout)?;
        let modules = pipeline::modules(&units);
        let plan = emit::plan_with_lock_at(&out, &lock_path, &modules, &lock, &loaded.folders)?;
        let changed: Vec<Utf8PathBuf> = plan
            .changes()
            .iter()
            .map(|(file, _)| plan.path(file))
            .collect();
        if self.locked && changed.contains(&lock_path) {
            return Err(BuildError::StaleLock(lock_path));
        }
        plan.carry_out()?;
        Ok(Built { changed })
    }
}

fn utf8(path: &Path) -> Result<Utf8PathBuf, BuildError> {
    let path = Utf8Path::from_path(path)
        .ok_or_else(|| BuildError::Path(path.to_string_lossy().into_owned()))?;
    Ok(path.to_owned())
}

/// The lock of a source: in a folder, or beside a file.
fn beside(source: &Utf8Path) -> Utf8PathBuf {
    let folder = if source.extension() == Some(EXTENSION) {
        source.parent().unwrap_or(Utf8Path::new(""))
    } else {
        source
    };
    folder.join(lock::FILE_NAME)
}

fn told(units: &[Unit]) -> Vec<Told<'_>> {
    let one = |unit| -> Told<'_> {
        let unit: &Unit = unit;
        Told {
            file: &unit.source.file,
            diagnostics: &unit.diagnostics,
        }
    };
    units.iter().map(one).collect()
}

/// Shows what is wrong; cargo passes standard error on when a build script fails.
fn wrong(told: &[Told<'_>]) -> BuildError {
    // Where nobody reads, there is nobody to tell.
    let _ = report::show(told, Format::Human, false, &mut io::stderr().lock());
    BuildError::Wrong(Count::of(told))
}

/// Cargo shows what a build script warns of, one line each.
fn warn(units: &[Unit], out: &mut impl Write) -> io::Result<()> {
    for unit in units {
        for one in unit
            .diagnostics
            .iter()
            .filter(|one| one.severity == Severity::Warning)
        {
            let (line, column) = unit.source.file.line_col(one.primary.span.start);
            let text = format!(
                "{}:{line}:{column}: [{}] {}",
                unit.source.file.name(),
                one.code.id,
                one.message
            );
            writeln!(out, "cargo:warning={}", report::visible(&text))?;
        }
    }
    Ok(())
}
