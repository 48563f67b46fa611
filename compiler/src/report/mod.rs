//! Showing diagnostics: to people, to programs, to GitHub, to code scanning.
//!
//! One renderer a file. None of them decides what is wrong; all of them get it in the same order.

mod github;
mod human;
mod json;
mod sarif;
mod visible;

pub use visible::visible;

use std::io::{self, Write};

use holo_grammar::SourceFile;
use holo_grammar::diagnostic::{Diagnostic, Severity};

/// The most diagnostics shown to a person in one run; programs get all.
pub const SHOWN: usize = 50;

/// How to show diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// With the source and marks in it.
    Human,
    /// One JSON object a line.
    Json,
    /// As annotations of a GitHub workflow.
    Github,
    /// As one SARIF 2.1.0 log.
    Sarif,
}

/// The diagnostics of one source.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The source.
    pub file: &'a SourceFile,
    /// What there is to tell of it, in order.
    pub diagnostics: &'a [Diagnostic],
}

/// How many there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Count {
    /// Counts diagnostics.
    #[must_use]
    pub fn of(told: &[Told<'_>]) -> Self {
        let mut count = Self::default();
        for one in told.iter().flat_map(|told| told.diagnostics) {
            match one.severity {
                Severity::Error => count.errors += 1,
                Severity::Warning => count.warnings += 1,
                Severity::Note => count.notes += 1,
            }
        }
        count
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = [
            (self.errors, "error"),
            (self.warnings, "warning"),
            (self.notes, "note"),
        ];
        let parts: Vec<String> = words
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        f.write_str(&parts.join(", "))
    }
}

/// Shows diagnostics in a format.
///
/// # Errors
/// When `out` cannot be written.
pub fn show(
    told: &[Told<'_>],
    format: Format,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    show_up_to(SHOWN, told, format, colour, out)
}

/// As [`show`], with another limit to what a person is shown.
///
/// # Errors
/// When `out` cannot be written.
pub fn show_up_to(
    most: usize,
    told: &[Told<'_>],
    format: Format,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::show(most, told, colour, out),
        Format::Json => json::show(told, out),
        Format::Github => github::show(told, out),
        Format::Sarif => sarif::show(told, out),
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
