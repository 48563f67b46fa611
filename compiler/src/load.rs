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
    /// Where it lies on the disk, if it does; what it imports is looked for from there.
    pub place: Option<Place>,
}

/// Where a source lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder that its path is relative to. Imports do not lead out of it.
    pub root: Utf8PathBuf,
    /// The file, as the system knows it.
    pub file: Utf8PathBuf,
}

impl Source {
    /// A source from memory: it has no place, so it can import nothing.
    #[must_use]
    pub fn new(path: impl Into<String>, shown: &str, bytes: Vec<u8>) -> Self {
        let (file, diagnostics) = SourceFile::new(shown, bytes);
        Self {
            path: path.into(),
            file,
            diagnostics,
            place: None,
        }
    }
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
    let mut found: BTreeMap<Utf8PathBuf, Found> = BTreeMap::new();
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
            loaded.sources.push(Source::new(STDIN.1, STDIN.1, bytes));
        } else if path.is_dir() {
            let root = real(path)?;
            for (relative, shown) in search(path)? {
                let root = root.clone();
                found.entry(real(&shown)?).or_insert(Found {
                    relative,
                    shown,
                    root,
                });
            }
            loaded.folders.push(path.clone());
        } else {
            let file = real(path)?;
            let root = file.parent().unwrap_or(&file).to_owned();
            found.entry(file).or_insert(Found {
                relative: path.file_name().unwrap_or(path.as_str()).to_owned(),
                shown: path.clone(),
                root,
            });
        }
    }
    for (file, found) in found {
        let shown = found.shown.as_str();
        let bytes = std::fs::read(&found.shown).map_err(|source| read_error(shown, source))?;
        let mut source = Source::new(found.relative, shown, bytes);
        let root = found.root;
        source.place = Some(Place { root, file });
        loaded.sources.push(source);
    }
    loaded
        .sources
        .sort_by(|a, b| (&a.path, a.file.name()).cmp(&(&b.path, b.file.name())));
    Ok(loaded)
}

/// A file on the way to being read.
struct Found {
    relative: String,
    shown: Utf8PathBuf,
    root: Utf8PathBuf,
}

/// What became of looking for an imported file.
#[derive(Debug)]
pub enum Imported {
    /// It is this file, as the system knows it, which may have been read before.
    File(Utf8PathBuf),
    /// It lies outside the folder that its importer belongs to.
    Outside,
    /// It is not there.
    Missing,
}

/// Looks for the file that an import means.
#[must_use]
pub fn find(place: &Place, candidates: &[Utf8PathBuf]) -> Imported {
    for candidate in candidates {
        match candidate.canonicalize_utf8() {
            Ok(file) if file.is_file() && file.starts_with(&place.root) => {
                return Imported::File(file);
            }
            Ok(file) if file.is_file() => return Imported::Outside,
            _ => {}
        }
    }
    Imported::Missing
}

/// Reads an imported file, shown beside the file that imports it.
///
/// # Errors
/// When it cannot be read.
pub fn open(importer: &Source, place: &Place, file: Utf8PathBuf) -> Result<Source, LoadError> {
    let below = |path: &Utf8Path| path.strip_prefix(&place.root).map(unix).ok();
    let relative = below(&file).unwrap_or_else(|| file.to_string());
    // The folder as it was written on the command line, if the importer shows it.
    let shown = importer.file.name().strip_suffix(&importer.path);
    let shown = format!("{}{relative}", shown.unwrap_or_default());
    let bytes = std::fs::read(&file).map_err(|source| read_error(&shown, source))?;
    let mut source = Source::new(relative, &shown, bytes);
    let root = place.root.clone();
    source.place = Some(Place { root, file });
    Ok(source)
}

/// A relative path with `/` between its parts.
fn unix(path: &Utf8Path) -> String {
    let parts: Vec<&str> = path.components().map(|part| part.as_str()).collect();
    parts.join("/")
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
        found.push((unix(below), file));
    }
    Ok(found)
}
