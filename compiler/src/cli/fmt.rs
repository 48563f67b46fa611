//! `holoc fmt`: lay sources out.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use holo_grammar::diagnostic::{Diagnostic, Severity};

use super::session::{Failure, tell};
use super::{FAILED, FINE, WRONG};
use crate::format::{Refusal, format};
use crate::load::{self, Source};
use crate::report::{Told, visible};

/// What became of a source.
enum Done {
    /// It was laid out already, or is now.
    Fine,
    /// It differs from what it should be.
    Stale,
    /// It was left alone for its mistakes.
    Wrong,
    /// It was left alone for a reason that lies here.
    Failed,
}

pub(super) fn run(paths: &[Utf8PathBuf], check: bool) -> Result<u8, Failure> {
    let sources = load::load(paths)?.sources;
    if sources.is_empty() {
        let _ = writeln!(io::stderr(), "holoc: there are no .hsplus files there");
    }
    let (mut stale, mut code) = (0_usize, FINE);
    for source in sources {
        match one(&source, check)? {
            Done::Fine => {}
            Done::Stale => {
                stale += 1;
                code = code.max(WRONG);
            }
            Done::Wrong => code = code.max(WRONG),
            Done::Failed => code = FAILED,
        }
    }
    if stale > 0 {
        let verb = if stale == 1 { "file is" } else { "files are" };
        writeln!(
            io::stderr(),
            "{stale} {verb} not formatted; run `holoc fmt`"
        )?;
    }
    Ok(code)
}

fn one(source: &Source, check: bool) -> Result<Done, Failure> {
    let (name, old) = (source.file.name(), source.file.text());
    let stdin = source.path == load::STDIN.1 && name == load::STDIN.1;
    if source.diagnostics.iter().any(is_error) {
        return left_alone(source, &source.diagnostics);
    }
    let new = match format(old) {
        Ok(new) => new,
        Err(Refusal::Mistakes(told)) => return left_alone(source, &told),
        Err(refusal) => {
            writeln!(io::stderr(), "holoc: {}", visible(&why(name, &refusal)))?;
            return Ok(Done::Failed);
        }
    };
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    let done = if check && new != old {
        write!(stdout, "{}", diff(name, old, &new))?;
        Done::Stale
    } else if check {
        Done::Fine
    } else if stdin {
        stdout.write_all(new.as_bytes())?;
        Done::Fine
    } else {
        if new != old {
            replace(Utf8Path::new(name), &new)
                .map_err(|source| Failure::Usage(format!("cannot write `{name}`: {source}")))?;
            writeln!(stdout, "formatted {}", visible(name))?;
        }
        Done::Fine
    };
    stdout.flush()?;
    Ok(done)
}

fn is_error(one: &Diagnostic) -> bool {
    one.severity == Severity::Error
}

/// Tells the mistakes of a source; what else there is to tell is for `check`.
fn left_alone(source: &Source, told: &[Diagnostic]) -> Result<Done, Failure> {
    let errors: Vec<Diagnostic> = told.iter().filter(|one| is_error(one)).cloned().collect();
    tell(&[Told {
        file: &source.file,
        diagnostics: &errors,
    }])?;
    writeln!(
        io::stderr(),
        "`{}` is left as it is until these are mended",
        visible(source.file.name())
    )?;
    Ok(Done::Wrong)
}

fn why(name: &str, refusal: &Refusal) -> String {
    match refusal {
        Refusal::TooLarge => {
            format!("`{name}` is left as it is: formatted, it would be larger than a source may be")
        }
        Refusal::Changed | Refusal::Mistakes(_) => format!(
            "`{name}` is left as it is: formatted, it would not say the same; please report it with the file"
        ),
    }
}

fn diff(name: &str, old: &str, new: &str) -> String {
    let headers = [format!("{name} (as it is)"), format!("{name} (formatted)")];
    similar::TextDiff::from_lines(old, new)
        .unified_diff()
        .header(&headers[0], &headers[1])
        .to_string()
}

/// Writes a file beside its place and moves it there, so that nothing is lost half-way. Its byte order mark, if it has one,
/// and its permissions stay.
fn replace(path: &Utf8Path, text: &str) -> io::Result<()> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    // A link is followed, so that it stays one.
    let path = path.canonicalize_utf8()?;
    // Moving would write over what may not be written.
    std::fs::OpenOptions::new().append(true).open(&path)?;
    let old = std::fs::read(&path)?;
    let folder = path.parent().unwrap_or(Utf8Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".holoc-")
        .tempfile_in(folder)?;
    if old.starts_with(MARK) {
        file.write_all(MARK)?;
    }
    file.write_all(text.as_bytes())?;
    file.flush()?;
    file.as_file()
        .set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}
