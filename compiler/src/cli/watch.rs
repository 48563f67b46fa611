//! `holoc watch`: builds whenever a source changes.
//!
//! Looks at the dates of the files a few times a second. That works on every system and every kind of disk, and costs nothing
//! that would be felt at the size of a project of sources.

use std::collections::BTreeMap;
use std::io;
use std::thread;
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};

use super::build;
use super::manner::summary;
use super::session::{self, Failure};
use crate::load;

/// How often the files are looked at.
const PAUSE: Duration = Duration::from_millis(150);

/// What tells that a file is another: its date and its size.
type Dates = BTreeMap<Utf8PathBuf, (Option<SystemTime>, u64)>;

pub(super) fn run(paths: &[Utf8PathBuf], out: Option<&Utf8Path>) -> Result<u8, Failure> {
    if paths.iter().any(|path| path == load::STDIN.0) {
        return Err(Failure::Usage(
            "standard input cannot be watched".to_owned(),
        ));
    }
    let mut built: Option<Dates> = None;
    let mut before: Option<Dates> = None;
    loop {
        let now = dates(paths)?;
        // An editor writes in several steps; what still changes is not built yet.
        let settled = before.as_ref().is_none_or(|before| *before == now);
        if settled && built.as_ref() != Some(&now) {
            attempt(paths, out)?;
            if built.is_none() {
                summary("watching; Ctrl-C ends")?;
            }
            built = Some(now.clone());
        }
        before = Some(now);
        thread::sleep(PAUSE);
    }
}

/// Builds once. What is wrong with the sources or the disk is told, and may be right the next time.
fn attempt(paths: &[Utf8PathBuf], out: Option<&Utf8Path>) -> Result<(), Failure> {
    match build::run(paths, out, false, false) {
        Err(Failure::Print(error)) => Err(Failure::Print(error)),
        Err(failure) => {
            let _ = session::fail(&failure);
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

/// The sources and the project file with their dates.
fn dates(paths: &[Utf8PathBuf]) -> Result<Dates, Failure> {
    let mut dates = Dates::new();
    let project = match session::project() {
        // A project file that is wrong now is told by the build.
        Err(Failure::Faulty(faulty)) => {
            add(&mut dates, faulty.file.name().into());
            return Ok(dates);
        }
        project => project?,
    };
    if let Some(file) = &project.file {
        add(&mut dates, file.clone());
    }
    for path in session::sources(paths, &project)? {
        if !path.is_dir() {
            add(&mut dates, path.clone());
            continue;
        }
        for entry in ignore::WalkBuilder::new(path).require_git(false).build() {
            // What vanishes while it is looked at is seen the next time.
            let Some(file) = entry
                .ok()
                .and_then(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).ok())
            else {
                continue;
            };
            if file.extension() == Some(load::EXTENSION) {
                add(&mut dates, file);
            }
        }
    }
    Ok(dates)
}

fn add(dates: &mut Dates, file: Utf8PathBuf) {
    let found: io::Result<_> = std::fs::metadata(&file);
    let known = found.map_or((None, 0), |found| (found.modified().ok(), found.len()));
    dates.insert(file, known);
}
