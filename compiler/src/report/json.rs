//! For programs: one JSON object a line. Other tools rely on this shape; it only ever grows.

use std::io::{self, Write};

use holo_grammar::SourceFile;
use holo_grammar::ast::Span;
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix, Label};
use serde::Serialize;

use super::{Told, word};

#[derive(Serialize)]
struct Line<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    file: &'a str,
    #[serde(flatten)]
    place: Place,
    labels: Vec<Mark<'a>>,
    help: Option<&'a str>,
    fixes: Vec<Edit<'a>>,
    /// Fixes of the same mistake elsewhere in the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    along: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Mark<'a> {
    message: &'a str,
    primary: bool,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize)]
struct Edit<'a> {
    message: &'a str,
    replacement: &'a str,
    applicability: &'a str,
    #[serde(flatten)]
    place: Place,
}

pub(super) fn show(told: &[Told<'_>], out: &mut dyn Write) -> io::Result<()> {
    for told in told {
        for one in told.diagnostics {
            serde_json::to_writer(&mut *out, &line(told.file, one))?;
            writeln!(out)?;
        }
    }
    Ok(())
}

fn line<'a>(file: &'a SourceFile, one: &'a Diagnostic) -> Line<'a> {
    let mark = |label: &'a Label, primary| Mark {
        message: &label.message,
        primary,
        place: place(file, label.span),
    };
    let primary = Some(&one.primary)
        .filter(|label| !label.message.is_empty())
        .map(|label| mark(label, true));
    Line {
        code: one.code.id,
        severity: word(one.severity),
        message: &one.message,
        file: file.name(),
        place: place(file, one.primary.span),
        labels: primary
            .into_iter()
            .chain(one.secondary.iter().map(|label| mark(label, false)))
            .collect(),
        help: one.help.as_deref(),
        fixes: one.fixes.iter().map(|fix| edit(file, fix)).collect(),
        along: one.along.iter().map(|fix| edit(file, fix)).collect(),
    }
}

fn edit<'a>(file: &SourceFile, fix: &'a Fix) -> Edit<'a> {
    Edit {
        message: &fix.message,
        replacement: &fix.replacement,
        applicability: match fix.applicability {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        },
        place: place(file, fix.span),
    }
}

fn place(file: &SourceFile, span: Span) -> Place {
    let ((line, column), (end_line, end_column)) =
        (file.line_col(span.start), file.line_col(span.end));
    Place {
        line,
        column,
        end_line,
        end_column,
    }
}
