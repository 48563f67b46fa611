//! For people. The only file that knows ariadne.

use std::io::{self, Write};

use ariadne::{Cache, Color, Config, IndexType, Label, Report, ReportKind, Source};
use holo_grammar::ast::Span;
use holo_grammar::diagnostic::{Diagnostic, Severity};

use super::visible::Visible;
use super::{Told, visible, word};

/// A line longer than this is not shown; the place is.
const LONGEST_LINE: usize = 400;

pub(super) fn show(
    most: usize,
    told: &[Told<'_>],
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let total: usize = told.iter().map(|told| told.diagnostics.len()).sum();
    let mut left = most;
    for told in told {
        let take = left.min(told.diagnostics.len());
        if take == 0 {
            continue;
        }
        // What stops the build is shown before what does not, when not all can be.
        let mut order: Vec<&Diagnostic> = told.diagnostics.iter().collect();
        if total > most {
            order.sort_by_key(|one| std::cmp::Reverse(one.severity));
        }
        let text = Visible::of(told.file.text());
        let page = Page {
            told,
            name: visible(told.file.name()),
            source: Source::from(text.text.as_str()),
            text: &text,
        };
        for one in &order[..take] {
            page.show(one, colour, out)?;
        }
        left -= take;
    }
    if total > most {
        writeln!(
            out,
            "… and {} more; `--format json` shows all",
            total - most
        )?;
    }
    Ok(())
}

/// A source ready to be shown.
struct Page<'a> {
    told: &'a Told<'a>,
    name: String,
    text: &'a Visible,
    source: Source<&'a str>,
}

impl Page<'_> {
    fn show(&self, one: &Diagnostic, colour: bool, out: &mut dyn Write) -> io::Result<()> {
        if std::iter::once(&one.primary)
            .chain(&one.secondary)
            .any(|label| self.too_long(label.span))
        {
            return self.plainly(one, out);
        }
        let (kind, marked) = match one.severity {
            Severity::Error => (ReportKind::Error, Color::Red),
            Severity::Warning => (ReportKind::Warning, Color::Yellow),
            Severity::Note => (ReportKind::Custom("Note", Color::Cyan), Color::Cyan),
        };
        let place = |span| (self.name.as_str(), self.range(span));
        // A mark without words would not be drawn at all.
        let words = if one.primary.message.is_empty() {
            one.code.title
        } else {
            &one.primary.message
        };
        let primary = Label::new(place(one.primary.span))
            .with_message(visible(words))
            .with_color(marked);
        let mut labels = vec![(one.primary.span, primary)];
        labels.extend(one.secondary.iter().map(|label| {
            let mark = Label::new(place(label.span)).with_message(visible(&label.message));
            (label.span, mark.with_color(Color::Blue))
        }));
        // In the order of the source, or ariadne shows the file once for each.
        labels.sort_by_key(|(span, _)| *span);
        let mut report = Report::build(kind, place(one.primary.span))
            .with_config(
                Config::default()
                    .with_color(colour)
                    .with_index_type(IndexType::Byte),
            )
            .with_code(one.code.id)
            .with_message(visible(&one.message))
            .with_labels(labels.into_iter().map(|(_, label)| label));
        if let Some(help) = &one.help {
            report = report.with_help(visible(help));
        }
        let sheet = Sheet {
            name: &self.name,
            source: &self.source,
        };
        let mut shown = Vec::new();
        report.finish().write(sheet, &mut shown)?;
        out.write_all(&if colour {
            shown
        } else {
            without_colours(&shown)
        })
    }

    /// Without the source, for lines that fill a screen.
    fn plainly(&self, one: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
        let (line, column) = self.told.file.line_col(one.primary.span.start);
        writeln!(
            out,
            "[{}] {}: {}",
            one.code.id,
            word(one.severity),
            visible(&one.message)
        )?;
        writeln!(
            out,
            "  at {}:{line}:{column}: {}",
            self.name,
            visible(&one.primary.message)
        )?;
        if let Some(help) = &one.help {
            writeln!(out, "  help: {}", visible(help))?;
        }
        Ok(())
    }

    fn too_long(&self, span: Span) -> bool {
        let (line, _) = self.told.file.line_col(span.start);
        self.told
            .file
            .line(line)
            .is_some_and(|line| (line.end - line.start) as usize > LONGEST_LINE)
    }

    /// A span in the visible text, within its first line: a mark over many lines hides more than it shows.
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let (line, _) = self.told.file.line_col(span.start);
        let line_end = self.told.file.line(line).map_or(span.end, |line| line.end);
        let start = self.text.offset(span.start as usize);
        let end = self
            .text
            .offset(span.end.min(line_end).max(span.start) as usize);
        start..end.max(start)
    }
}

/// Drops escape sequences: ariadne colours the heads of notes whatever it is told. None comes from a source, where the
/// escape character is made visible.
fn without_colours(shown: &[u8]) -> Vec<u8> {
    let mut escaped = false;
    let plain = |byte: &&u8| {
        let drop = escaped || **byte == 0x1b;
        escaped = drop && **byte != b'm';
        !drop
    };
    shown.iter().filter(plain).copied().collect()
}

/// One source under one name, as ariadne wants it.
struct Sheet<'a> {
    name: &'a str,
    source: &'a Source<&'a str>,
}

impl<'a> Cache<&'a str> for Sheet<'a> {
    type Storage = &'a str;

    fn fetch(&mut self, _: &&'a str) -> Result<&Source<&'a str>, impl std::fmt::Debug> {
        Ok::<_, std::convert::Infallible>(self.source)
    }

    fn display<'b>(&self, _: &'b &'a str) -> Option<impl std::fmt::Display + 'b> {
        Some(self.name.to_owned())
    }
}
