//! For GitHub: workflow commands that annotate the lines of a pull request.

use std::io::{self, Write};

use holo_grammar::diagnostic::Severity;

use super::Told;

pub(super) fn show(told: &[Told<'_>], out: &mut dyn Write) -> io::Result<()> {
    for told in told {
        for one in told.diagnostics {
            let command = match one.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let file = property(told.file.name());
            let (line, column) = told.file.line_col(one.primary.span.start);
            let (end_line, end_column) = told.file.line_col(one.primary.span.end);
            // Columns are only taken for a mark within one line.
            let columns = if line == end_line {
                format!(",col={column},endColumn={end_column}")
            } else {
                String::new()
            };
            let help = one
                .help
                .as_ref()
                .map(|help| format!("\n{help}"))
                .unwrap_or_default();
            let message = data(&format!("{}{help}", one.message));
            writeln!(
                out,
                "::{command} file={file},line={line},endLine={end_line}{columns},title={}::{message}",
                one.code.id
            )?;
        }
    }
    Ok(())
}

/// A value after the second `::`, as the runner unescapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value of a property, where `:` and `,` have a meaning too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
