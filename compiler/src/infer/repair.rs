//! Fixes that more than one rule offers: writing something else, taking something away, naming a type.
//!
//! Builds fixes and nothing else. Whether one is certain is decided by the rule that offers it.

use holo_grammar::ast::{Field, Span, Value};
use holo_grammar::diagnostic::{Applicability, Fix};

use super::Cx;
use crate::resolve::program::away;

/// Writes something else at a place.
pub(super) fn write(span: Span, text: impl Into<String>, applicability: Applicability) -> Fix {
    let replacement = text.into();
    Fix {
        message: format!("write `{replacement}`"),
        span,
        replacement,
        applicability,
    }
}

/// `health: 100` as `health: PNCounter = 100`; none where the field has more words than that.
pub(super) fn annotate(cx: &Cx<'_>, field: &Field, value: &Value, ty: &str) -> Option<Fix> {
    let between = Span::new(field.key.span.end, value.span.start);
    let plain = field.ty.is_none() && field.modifier.is_none() && between.start < between.end;
    let simple = plain && cx.written(between).trim().len() == 1;
    simple.then(|| Fix {
        message: format!("write `{}: {ty} = {}`", field.key, cx.written(value.span)),
        span: between,
        replacement: format!(": {ty} = "),
        applicability: Applicability::Unsafe,
    })
}

impl Cx<'_> {
    /// Takes away one of several: an option with the comma that parts it from the others, a trait with its line if nothing
    /// else stands there.
    pub(super) fn remove(&self, span: Span, applicability: Applicability) -> Fix {
        let part = &self.program.parts[self.program.part_of(span)];
        let here = away(span, part.base);
        let (start, end) = widened(part.text, here.start as usize, here.end as usize);
        // Within the text, whose places all fit.
        let place = |at: usize| {
            part.base
                .saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
        };
        Fix {
            message: format!("remove `{}`", super::rate::shorten(self.written(span))),
            span: Span::new(place(start), place(end)),
            replacement: String::new(),
            applicability,
        }
    }

    /// Whether two places belong to one node itself, and not to different ones or to one inside the other.
    pub(super) fn in_one_node(&self, a: Span, b: Span) -> bool {
        self.program.part_of(a) == self.program.part_of(b)
            && self.scopes.around(a) == self.scopes.around(b)
    }
}

/// What goes with a piece of text when it is taken away.
fn widened(text: &str, start: usize, end: usize) -> (usize, usize) {
    let blanks = [' ', '\t'];
    let (before, after) = (
        text.get(..start).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    let behind = after.trim_start_matches(blanks);
    if let Some(rest) = behind.strip_prefix(',') {
        let rest = rest.trim_start_matches(blanks);
        let line_after = rest.strip_prefix(['\n', '\r']).is_some();
        let line_before = before.trim_end_matches(blanks).ends_with('\n');
        if !line_after || line_before {
            return with_line(text, start, text.len() - rest.len());
        }
    }
    if let Some(rest) = before.trim_end().strip_suffix(',') {
        return (rest.len(), end);
    }
    with_line(text, start, end)
}

/// The same with the blanks beside it, or with its whole line if nothing else stands there.
fn with_line(text: &str, start: usize, end: usize) -> (usize, usize) {
    let blanks = [' ', '\t'];
    let before = text.get(..start).unwrap_or_default();
    let trimmed = before.trim_end_matches(blanks);
    let after = text.get(end..).unwrap_or_default();
    let rest = after.trim_start_matches(blanks);
    let begins = trimmed.is_empty() || trimmed.ends_with('\n');
    let line = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n'));
    match (begins, line) {
        (true, Some(line)) => (trimmed.len(), text.len() - line.len()),
        (true, None) => (start, text.len() - rest.len()),
        // What stood before a comma keeps its distance from what follows it.
        (false, _) if before.ends_with(['(', '{']) || text[start..end].ends_with(blanks) => {
            (start, end)
        }
        (false, _) => (trimmed.len(), end),
    }
}

#[cfg(test)]
mod tests {
    use super::widened;

    #[test]
    fn what_is_removed_leaves_no_trace() {
        for (text, what, left) in [
            ("@a(x: 1, y: 2)", "x: 1", "@a(y: 2)"),
            ("@a(x: 1, y: 2)", "y: 2", "@a(x: 1)"),
            ("@a(x: 1)", "x: 1", "@a()"),
            ("@a { x: 1 }", "x: 1", "@a { }"),
            ("@a {\n  x: 1\n  y: 2\n}", "x: 1", "@a {\n  y: 2\n}"),
            ("@a {\n  x: 1,\n  y: 2\n}", "x: 1", "@a {\n  y: 2\n}"),
            ("@a {\n  x: 1,\n  y: 2\n}", "y: 2", "@a {\n  x: 1\n}"),
            ("orb a @b @c {}", "@b", "orb a @c {}"),
            ("orb a @b {}", "@b", "orb a {}"),
            ("orb a {\n  @b\n  @c\n}", "@b", "orb a {\n  @c\n}"),
            ("orb a {\n  @b @c\n}", "@b", "orb a {\n  @c\n}"),
            ("x: 1, y: 2\nz: 3", "y: 2", "x: 1\nz: 3"),
            ("a x: 1,\n y: 2", "x: 1", "a,\n y: 2"),
        ] {
            let at = text.find(what).unwrap();
            let (start, end) = widened(text, at, at + what.len());
            assert_eq!(
                format!("{}{}", &text[..start], &text[end..]),
                left,
                "{text} - {what}"
            );
        }
    }
}
