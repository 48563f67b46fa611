//! `holoc check`: diagnostics and nothing else.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use super::session::{Failure, Session, colours};
use super::{FINE, WRONG, fix, manner};
use crate::fix::Level;
use crate::report::{self, Format};

pub(super) fn run(
    paths: &[Utf8PathBuf],
    format: Format,
    fixes: Option<Level>,
    out: Option<&Utf8Path>,
) -> Result<u8, Failure> {
    let mut session = Session::open(paths, out)?;
    if let Some(level) = fixes {
        if fix::is_stdin(paths)? {
            return fix::stdin(&session, level);
        }
        fix::files(&session, level)?;
        session = Session::open(paths, out)?;
    }
    let told = session.told();
    let stdout = io::stdout();
    let colour = colours(&stdout);
    let mut stdout = io::BufWriter::new(stdout.lock());
    manner::show(&told, format, colour, &mut stdout)?;
    stdout.flush()?;
    if format == Format::Human {
        let count = report::Count::of(&told).to_string();
        manner::summary(if count.is_empty() {
            "no problems"
        } else {
            &count
        })?;
    }
    Ok(if session.failed() { WRONG } else { FINE })
}
