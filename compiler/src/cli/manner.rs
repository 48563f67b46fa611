//! How the command speaks: with colours or without, with summaries or without, and how much at once.
//!
//! Said once for the whole process, on its command line and in the project; what is said belongs to the commands.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};

use clap::ValueEnum;

use super::session::Failure;
use crate::report::{self, Count, Format, Told};

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

static COLOUR: AtomicU8 = AtomicU8::new(When::Auto as u8);
static QUIET: AtomicBool = AtomicBool::new(false);
static SHOWN: AtomicUsize = AtomicUsize::new(report::SHOWN);

/// Takes in what the command line says.
pub(super) fn set(colour: When, quiet: bool) {
    COLOUR.store(colour as u8, Ordering::Relaxed);
    QUIET.store(quiet, Ordering::Relaxed);
}

/// Takes in how many diagnostics the project wants a person to be shown.
pub(super) fn set_shown(most: usize) {
    SHOWN.store(most, Ordering::Relaxed);
}

/// Whether a stream wants colours.
pub(super) fn colours(stream: &impl IsTerminal) -> bool {
    let said = COLOUR.load(Ordering::Relaxed);
    if said == When::Auto as u8 {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        !refused && stream.is_terminal()
    } else {
        said == When::Always as u8
    }
}

/// Whether summaries are not wanted.
pub(super) fn quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Shows diagnostics on a stream.
pub(super) fn show(
    told: &[Told<'_>],
    format: Format,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    report::show_up_to(SHOWN.load(Ordering::Relaxed), told, format, colour, out)
}

/// Shows what there is to tell on standard error, for commands whose output is something else.
pub(super) fn tell(told: &[Told<'_>]) -> Result<(), Failure> {
    let stderr = io::stderr();
    let colour = colours(&stderr);
    let mut stderr = stderr.lock();
    show(told, Format::Human, colour, &mut stderr)?;
    let count = Count::of(told).to_string();
    if !count.is_empty() {
        summary(&count)?;
    }
    Ok(())
}

/// A line for people about what was done, on standard error.
pub(super) fn summary(line: &str) -> Result<(), Failure> {
    if !quiet() {
        writeln!(io::stderr(), "{line}")?;
    }
    Ok(())
}
