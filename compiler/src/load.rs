//! From paths on the command line to sources: files, folders that honour `.gitignore`, and standard input.
//!
//! Reads bytes and nothing more. What a source says is never looked at here.

use std::collections::BTreeMap;
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use holo_grammar::SourceFile;
use holo_grammar::diagnostic::Diagnostic;

/// The ending of a source file.
pub const EXTENSION: &str = "hsplus";

/// The name of standard input, on the command line and as a source.
pub(crate) const STDIN: (&str, &str) = ("-", "stdin");

/// A source that was read.
#[derive(Debug)]
pub struct Source {
    /// Its path below the folder that was built, with `/`: what its module and its lock go by.
    pub path: String,
    /// The text; its name is the path as a person would write it from here.
    pub file: SourceFile,
    /// What is wrong with its bytes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Everything that the paths lead to.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The sources, by path.
    pub sources: Vec<Source>,
    /// The folders that were searched.
    pub folders: Vec<Utf8PathBuf>,
}

/// Why sources could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or folder cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// The path as given.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A folder cannot be searched.
    #[error("cannot search `{path}`: {source}")]
    Search {
        /// The folder as given.
        path: Utf8PathBuf,
        /// What the search says.
        source: ignore::Error,
    },
    /// A name that is not Unicode; sources go by their names.
    #[error("the name of `{0}` is not valid UTF-8")]
    Name(String),
}

/// Reads what the paths lead to; a file named twice is read once.
///
/// # Errors
/// When a path cannot be read. Text that is wrong is no error here.
pub fn load(paths: &[Utf8PathBuf]) -> Result<Loaded, LoadError> {
    let mut loaded = Loaded::default();
    // By the real path, so that `a` and `a/b.hsplus` give `b.hsplus` once.
    let mut found: BTreeMap<Utf8PathBuf, (String, Utf8PathBuf)> = BTreeMap::new();
    for path in paths {
        if path == STDIN.0 {
            if loaded.sources.iter().any(|one| one.path == STDIN.1) {
                continue;
            }
            let mut bytes = Vec::new();
            io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map_err(|source| read_error(STDIN.1, source))?;
            loaded
                .sources
                .push(source(STDIN.1.to_owned(), STDIN.1, bytes));
        } else if path.is_dir() {
            for (relative, file) in search(path)? {
                found.entry(real(&file)?).or_insert((relative, file));
            }
            loaded.folders.push(path.clone());
        } else {
            let name = path.file_name().unwrap_or(path.as_str()).to_owned();
            found.entry(real(path)?).or_insert((name, path.clone()));
        }
    }
    for (relative, file) in found.into_values() {
        let bytes = std::fs::read(&file).map_err(|source| read_error(file.as_str(), source))?;
        loaded.sources.push(source(relative, file.as_str(), bytes));
    }
    loaded
        .sources
        .sort_by(|a, b| (&a.path, a.file.name()).cmp(&(&b.path, b.file.name())));
    Ok(loaded)
}

fn source(path: String, shown: &str, bytes: Vec<u8>) -> Source {
    let (file, diagnostics) = SourceFile::new(shown, bytes);
    Source {
        path,
        file,
        diagnostics,
    }
}

fn real(path: &Utf8Path) -> Result<Utf8PathBuf, LoadError> {
    path.canonicalize_utf8()
        .map_err(|source| read_error(path.as_str(), source))
}

fn read_error(path: &str, source: io::Error) -> LoadError {
    LoadError::Read {
        path: path.to_owned(),
        source,
    }
}

/// The sources below a folder, each with its path from there.
fn search(folder: &Utf8Path) -> Result<Vec<(String, Utf8PathBuf)>, LoadError> {
    let mut found = Vec::new();
    // `.gitignore` counts outside a repository too, as in an unpacked archive of one.
    for entry in ignore::WalkBuilder::new(folder).require_git(false).build() {
        let entry = entry.map_err(|source| LoadError::Search {
            path: folder.to_owned(),
            source,
        })?;
        let is_source = entry
            .path()
            .extension()
            .is_some_and(|ending| ending == EXTENSION);
        if !is_source || !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let file = Utf8PathBuf::from_path_buf(entry.into_path())
            .map_err(|path| LoadError::Name(path.to_string_lossy().into_owned()))?;
        let below = file.strip_prefix(folder).unwrap_or(&file);
        let relative = below
            .components()
            .map(|part| part.as_str())
            .collect::<Vec<_>>()
            .join("/");
        found.push((relative, file));
    }
    Ok(found)
}
