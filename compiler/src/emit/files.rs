//! What is in the output folder, what should be, and getting from one to the other all at once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use super::{schema, text};
use crate::lock::FILE_NAME;

/// Why output could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// The system says no.
    #[error("cannot write `{path}`: {source}")]
    Io {
        /// The file or folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that holoc did not write stands where one is to go.
    #[error(
        "`{0}` was not written by holoc and is left alone; move it, or choose another folder with -o"
    )]
    Foreign(Utf8PathBuf),
    /// The generator made something that is no Rust.
    #[error(
        "holoc made something of `{path}` that is no Rust ({message}); please report it with the file"
    )]
    Internal {
        /// The source.
        path: String,
        /// What the parser says.
        message: String,
    },
}

/// What happens to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Add,
    /// It differs from what is there.
    Update,
    /// Its source is gone.
    Remove,
}

/// The output folder as it is and as it should be.
#[derive(Debug)]
pub struct Plan {
    out: Utf8PathBuf,
    /// Where the lock is, which need not be the output folder.
    lock: Utf8PathBuf,
    have: BTreeMap<String, String>,
    want: BTreeMap<String, String>,
    keep: BTreeSet<String>,
}

impl Plan {
    /// Reads what the output folder holds, and the lock.
    pub(super) fn read(out: &Utf8Path, lock: &Utf8Path) -> Result<Self, EmitError> {
        let mut have = BTreeMap::new();
        if out.exists() {
            read_into(out, "", &mut have)?;
        }
        if lock.exists() {
            let bytes = std::fs::read(lock).map_err(|source| io_error(lock, source))?;
            have.insert(
                FILE_NAME.to_owned(),
                String::from_utf8(bytes).unwrap_or_default(),
            );
        }
        Ok(Self {
            out: out.to_owned(),
            lock: lock.to_owned(),
            have,
            want: BTreeMap::new(),
            keep: BTreeSet::new(),
        })
    }

    /// The generated files that are there, each with its source.
    pub(super) fn generated(&self) -> Vec<(String, String)> {
        let sources = self
            .have
            .iter()
            .filter_map(|(file, text)| Some((file.clone(), source_of(file, text)?)));
        sources.collect()
    }

    /// True when the file is there and holoc wrote it.
    pub(super) fn is_ours(&self, file: &str) -> bool {
        self.have.get(file).is_some_and(|text| is_ours(file, text))
    }

    pub(super) fn want(&mut self, file: &str, text: String) {
        self.want.insert(file.to_owned(), text);
    }

    pub(super) fn keep(&mut self, file: &str) {
        self.keep.insert(file.to_owned());
    }

    /// Refuses to write over what holoc did not write.
    pub(super) fn foreign(&self) -> Result<(), EmitError> {
        let foreign = self.want.keys().find(|file| {
            *file != FILE_NAME && self.have.contains_key(*file) && !self.is_ours(file)
        });
        if let Some(file) = foreign {
            return Err(EmitError::Foreign(self.out.join(file)));
        }
        let files = self.want.keys().filter(|file| *file != FILE_NAME);
        let mut known: BTreeSet<Utf8PathBuf> = BTreeSet::new();
        for file in files {
            self.own_way(file, &mut known)?;
        }
        Ok(())
    }

    /// Refuses a way to a file that leads out of the output folder, or that no file can have: through a link, through a file,
    /// or to a folder. What is known to be a folder is not looked at again.
    fn own_way(&self, file: &str, known: &mut BTreeSet<Utf8PathBuf>) -> Result<(), EmitError> {
        let mut path = self.out.clone();
        let mut parts = file.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            if known.contains(&path) {
                continue;
            }
            let Ok(kind) = path.symlink_metadata().map(|found| found.file_type()) else {
                // Nothing is there, so nothing is behind it either.
                return Ok(());
            };
            let last = parts.peek().is_none();
            if !(last && kind.is_file() || !last && kind.is_dir()) {
                return Err(EmitError::Foreign(path));
            }
            known.insert(path.clone());
        }
        Ok(())
    }

    /// What is to change, by file.
    #[must_use]
    pub fn changes(&self) -> Vec<(&str, Change)> {
        let mut changes: Vec<(&str, Change)> = Vec::new();
        for (file, text) in &self.want {
            match self.have.get(file) {
                None => changes.push((file, Change::Add)),
                Some(old) if old != text => changes.push((file, Change::Update)),
                Some(_) => {}
            }
        }
        let ours = |file: &String, text: &String| {
            is_ours(file, text) && !self.want.contains_key(file) && !self.keep.contains(file)
        };
        changes.extend(
            self.have
                .iter()
                .filter(|(file, text)| ours(file, text))
                .map(|(file, _)| (file.as_str(), Change::Remove)),
        );
        changes
    }

    /// The path of a file of the plan.
    #[must_use]
    pub fn path(&self, file: &str) -> Utf8PathBuf {
        if file == FILE_NAME {
            self.lock.clone()
        } else {
            self.out.join(file)
        }
    }

    /// The difference between a file as it is and as it should be, as a unified diff.
    #[must_use]
    pub fn diff(&self, file: &str) -> String {
        let old = self.have.get(file).map_or("", String::as_str);
        let new = self.want.get(file).map_or("", String::as_str);
        let path = self.path(file);
        similar::TextDiff::from_lines(old, new)
            .unified_diff()
            .header(
                &format!("{path} (as it is)"),
                &format!("{path} (as holoc writes it)"),
            )
            .to_string()
    }

    /// Carries out the plan: everything is written beside its place first, then all of it is moved there.
    ///
    /// # Errors
    /// When something cannot be written; files already in place stay as they were if it happens before the moving.
    pub fn carry_out(&self) -> Result<(), EmitError> {
        let mut staged = Vec::new();
        for (file, change) in self.changes() {
            let path = self.path(file);
            if change != Change::Remove
                && let Some(text) = self.want.get(file)
            {
                staged.push((
                    stage(&path, text).map_err(|source| io_error(&path, source))?,
                    path,
                ));
            }
        }
        for (temporary, path) in staged {
            temporary
                .persist(&path)
                .map_err(|error| io_error(&path, error.error))?;
        }
        for (file, _) in self
            .changes()
            .iter()
            .filter(|(_, change)| *change == Change::Remove)
        {
            let path = self.path(file);
            std::fs::remove_file(&path).map_err(|source| io_error(&path, source))?;
            self.remove_empty(&path);
        }
        Ok(())
    }

    /// Removes the folders that a removed file leaves empty. One that is not empty refuses, which is what is wanted.
    fn remove_empty(&self, path: &Utf8Path) {
        let mut folder = path.parent();
        while let Some(at) = folder.filter(|at| *at != self.out && at.starts_with(&self.out)) {
            if std::fs::remove_dir(at).is_err() {
                return;
            }
            folder = at.parent();
        }
    }
}

fn is_ours(file: &str, text: &str) -> bool {
    match file.ends_with(schema::ENDING) {
        true => text.starts_with(schema::MARK),
        false => text.starts_with(text::MARK),
    }
}

fn source_of(file: &str, text: &str) -> Option<String> {
    match file.ends_with(schema::ENDING) {
        true => schema::source_of(text),
        false => text::source_of(text).map(str::to_owned),
    }
}

fn stage(path: &Utf8Path, text: &str) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().unwrap_or(Utf8Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    // The default of temporary files is to hide them from everybody else; sources are not secrets.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.prefix(".holoc-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    Ok(file)
}

fn read_into(
    folder: &Utf8Path,
    below: &str,
    into: &mut BTreeMap<String, String>,
) -> Result<(), EmitError> {
    let entries = folder
        .read_dir_utf8()
        .map_err(|source| io_error(folder, source))?;
    for entry in entries {
        let entry = entry.map_err(|source| io_error(folder, source))?;
        let kind = entry
            .file_type()
            .map_err(|source| io_error(entry.path(), source))?;
        let name = format!("{below}{}", entry.file_name());
        if kind.is_dir() && !entry.file_name().starts_with('.') {
            read_into(entry.path(), &format!("{name}/"), into)?;
        } else if kind.is_file() && (name.ends_with(".rs") || name.ends_with(schema::ENDING)) {
            // What is no text is not ours, and only its presence matters.
            let bytes =
                std::fs::read(entry.path()).map_err(|source| io_error(entry.path(), source))?;
            into.insert(name, String::from_utf8(bytes).unwrap_or_default());
        }
    }
    Ok(())
}

fn io_error(path: &Utf8Path, source: io::Error) -> EmitError {
    EmitError::Io {
        path: path.to_owned(),
        source,
    }
}
