//! `holoc check --fix`: mends the sources in place, and standard input on standard output.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use holo_grammar::SourceFile;
use holo_grammar::codes::{NOT_UTF8, TOO_LARGE, WIDE_ENCODING};
use holo_grammar::diagnostic::{Diagnostic, Severity};

use super::manner::summary;
use super::session::{Failure, Session, tell};
use super::{FINE, WRONG};
use crate::fix::{self, Level, Mended};
use crate::load::Source;
use crate::pipeline::{self, Disk, Unit};
use crate::report::{Told, visible};

/// The name of standard input.
const STDIN: &str = "-";

/// Mends every source that is a file; says what was done on standard error.
pub(super) fn files(session: &Session, level: Level) -> Result<(), Failure> {
    let (mut fixed, mut changed) = (0, 0);
    for unit in &session.units {
        let path = Utf8Path::new(unit.source.file.name());
        let mended = mend(session, unit, level);
        if mended.fixed == 0 || !write(path, unit.source.file.text(), &mended.text)? {
            continue;
        }
        fixed += mended.fixed;
        changed += 1;
        let name = visible(path.as_str());
        summary(&format!("fixed {} in {name}", problems(mended.fixed)))?;
    }
    if changed > 1 {
        summary(&format!("fixed {} in {changed} files", problems(fixed)))?;
    }
    Ok(())
}

fn problems(count: usize) -> String {
    format!("{count} problem{}", if count == 1 { "" } else { "s" })
}

/// Whether the paths are standard input and nothing else.
pub(super) fn is_stdin(paths: &[Utf8PathBuf]) -> Result<bool, Failure> {
    let stdin = paths.iter().filter(|path| *path == STDIN).count();
    if stdin > 0 && stdin < paths.len() {
        return Err(Failure::Usage(
            "to fix standard input, give `-` and no other path".to_owned(),
        ));
    }
    Ok(stdin > 0)
}

/// Prints the mended text of standard input, and tells on standard error what is left.
pub(super) fn stdin(session: &Session, level: Level) -> Result<u8, Failure> {
    let Some(unit) = session.units.first() else {
        return Ok(FINE);
    };
    // What was not read as it is cannot be printed as it should be.
    let unread = [&NOT_UTF8, &WIDE_ENCODING, &TOO_LARGE];
    if unit
        .diagnostics
        .iter()
        .any(|one| unread.contains(&one.code))
    {
        tell(&session.told())?;
        return Ok(WRONG);
    }
    let mended = mend(session, unit, level);
    let mut stdout = io::stdout().lock();
    stdout.write_all(mended.text.as_bytes())?;
    stdout.flush()?;
    let file = SourceFile::from_text(unit.source.file.name(), mended.text);
    tell(&[Told {
        file: &file,
        diagnostics: &mended.diagnostics,
    }])?;
    let failed = mended
        .diagnostics
        .iter()
        .any(|one| one.severity == Severity::Error);
    Ok(if failed { WRONG } else { FINE })
}

fn mend(session: &Session, unit: &Unit, level: Level) -> Mended {
    let mut read = |text: &str| reread(session, unit, text);
    // What was told of all sources together knows more than one of them alone: the name of a file that is meant, say.
    let told = unit.diagnostics.clone();
    fix::mend_told(unit.source.file.text(), told, level, &mut read)
}

/// What there is to tell of a source if this were its text.
fn reread(session: &Session, unit: &Unit, text: &str) -> Vec<Diagnostic> {
    let shown = unit.source.file.name();
    let mut source = Source::new(unit.source.path.clone(), shown, text.as_bytes().to_vec());
    source.place.clone_from(&unit.source.place);
    let mut lock = session.lock.clone();
    let units = pipeline::compile(vec![Unit::parse(source)], &mut lock, &mut Disk);
    // What is imported comes behind.
    units
        .into_iter()
        .next()
        .map_or_else(Vec::new, |unit| unit.diagnostics)
}

/// Replaces a file as a whole, if it still holds what was read: a text that was repaired in reading is not written back.
fn write(path: &Utf8Path, read: &str, text: &str) -> Result<bool, Failure> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    let failed = |error| Failure::Write(path.to_owned(), error);
    // Behind a link stands the file that is meant.
    let path = path.canonicalize_utf8().map_err(failed)?;
    let before = std::fs::read(&path).map_err(failed)?;
    let mark = if before.starts_with(MARK) { MARK } else { &[] };
    if before.get(mark.len()..) != Some(read.as_bytes()) {
        return Ok(false);
    }
    let permissions = std::fs::metadata(&path).map_err(failed)?.permissions();
    let folder = path.parent().unwrap_or(Utf8Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".holoc-")
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(mark)
        .and_then(|()| file.write_all(text.as_bytes()))
        .map_err(failed)?;
    file.as_file()
        .set_permissions(permissions)
        .map_err(failed)?;
    file.persist(&path).map_err(|error| failed(error.error))?;
    Ok(true)
}
