//! A project: `holo.toml`, found upward from the current folder, and what a command works on with it or without it.
//!
//! Reads that one file and the lock. Sources are read in [`crate::load`]; nothing is written here.

pub mod levels;
pub mod settings;

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use holo_grammar::SourceFile;
use holo_grammar::diagnostic::Diagnostic;

use crate::lock::{self, Lock};
use settings::Settings;

/// The name of the file.
pub const FILE_NAME: &str = "holo.toml";

/// Where Rust is written if nobody says.
const OUT: &str = "generated";

/// How many folders upward are looked into.
const MOST_UPWARD: usize = 256;

/// A file that was read, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Faulty {
    /// The file.
    pub file: SourceFile,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a command works on.
#[derive(Clone, Debug)]
pub struct Project {
    /// The sources, if a project names them.
    pub sources: Vec<Utf8PathBuf>,
    /// The folder of the Rust.
    pub out: Utf8PathBuf,
    /// The lock.
    pub lock: Utf8PathBuf,
    /// What the file says besides.
    pub settings: Settings,
    /// The file, where there is one.
    pub file: Option<Utf8PathBuf>,
}

impl Default for Project {
    fn default() -> Self {
        Self::at(Utf8Path::new(""), Settings::default(), None)
    }
}

impl Project {
    /// The project of the current folder: that of the nearest `holo.toml` upward, or what holds without one.
    ///
    /// # Errors
    /// The outer one if the file cannot be read, the inner one if something is wrong with it.
    pub fn here() -> io::Result<Result<Self, Box<Faulty>>> {
        let current = std::env::current_dir()?;
        // Paths stay as a person would write them from here.
        let mut up = Utf8PathBuf::new();
        for folder in current.ancestors().take(MOST_UPWARD) {
            if folder.join(FILE_NAME).is_file() {
                return Self::read(&up);
            }
            up.push("..");
        }
        Ok(Ok(Self::default()))
    }

    /// The project of a folder that has the file.
    ///
    /// # Errors
    /// As [`Project::here`].
    pub fn read(folder: &Utf8Path) -> io::Result<Result<Self, Box<Faulty>>> {
        let path = folder.join(FILE_NAME);
        let (file, mut diagnostics) = SourceFile::new(path.as_str(), std::fs::read(&path)?);
        let (settings, told) = Settings::parse(file.text());
        diagnostics.extend(told);
        if diagnostics.is_empty() {
            return Ok(Ok(Self::at(folder, settings, Some(path))));
        }
        Ok(Err(Box::new(Faulty { file, diagnostics })))
    }

    fn at(folder: &Utf8Path, settings: Settings, file: Option<Utf8PathBuf>) -> Self {
        let root = settings.root.as_ref();
        let root = root.map_or_else(|| folder.to_owned(), |root| folder.join(root));
        let out = root.join(settings.out.as_deref().unwrap_or(OUT));
        let lock = match &settings.lock {
            Some(lock) => root.join(lock),
            None => out.join(lock::FILE_NAME),
        };
        Self {
            sources: settings.src.iter().map(|src| root.join(src)).collect(),
            out,
            lock,
            settings,
            file,
        }
    }

    /// The same with another output folder; its lock comes with it, unless the project names one.
    #[must_use]
    pub fn with_out(mut self, out: Option<&Utf8Path>) -> Self {
        if let Some(out) = out {
            self.out = out.to_owned();
            if self.settings.lock.is_none() {
                self.lock = out.join(lock::FILE_NAME);
            }
        }
        self
    }
}

/// Reads a lock; where there is none, it is empty.
///
/// # Errors
/// The outer one if the file cannot be read, the inner one if something is wrong with it.
pub fn read_lock(path: &Utf8Path) -> io::Result<Result<Lock, Box<Faulty>>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ok(Lock::default())),
        Err(error) => return Err(error),
    };
    let (file, mut diagnostics) = SourceFile::new(path.as_str(), bytes);
    Ok(match Lock::parse(file.text()) {
        Ok(lock) if diagnostics.is_empty() => Ok(lock),
        Ok(_) => Err(Box::new(Faulty { file, diagnostics })),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            Err(Box::new(Faulty { file, diagnostics }))
        }
    })
}
