//! What stands behind a field and belongs to nothing.
//!
//! What belongs here: the report on it and how it might be mended. What never will: reading of a field.

use super::cursor::Cursor;
use crate::ast::{Field, Value, ValueKind};
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix, shown};
use crate::token::{Bracket, Kind};

impl Cursor<'_, '_> {
    /// Reports what stands behind a value and can begin nothing.
    pub(super) fn after_field(&mut self, field: &Field) {
        let Some(token) = self.peek(0).filter(|token| !token.first) else {
            return;
        };
        let stray = match token.kind {
            Kind::Number | Kind::Str | Kind::SmartStr => !self.is_field(),
            Kind::Template
            | Kind::Color
            | Kind::Regex
            | Kind::Question
            | Kind::Colon
            | Kind::Unknown
            | Kind::Hash => true,
            Kind::Open(bracket) => bracket != Bracket::Brace,
            _ => false,
        };
        if !stray {
            return;
        }
        let text = shown(self.slice(token.span()));
        let mut report = Diagnostic::error(
            &codes::AFTER_VALUE,
            format!("`{text}` follows a value"),
            token.span(),
        )
        .label("a new line or a `,` is expected before this")
        .help("separate two items by a new line or a comma; put a text of several words in quotes");
        let literals = field.value.as_ref().filter(|value| is_single(&value.kind));
        if let Some(list) = literals.and_then(|first| self.as_list(first)) {
            report = report.fix(list);
        }
        self.report(report);
        self.rest_of_line();
    }

    /// Literals that stand side by side to the end of their line, as the list that they may be.
    fn as_list(&self, first: &Value) -> Option<Fix> {
        let (mut ahead, mut all, mut span) = (0, self.slice(first.span).to_owned(), first.span);
        while let Some(token) = self.peek(ahead).filter(|token| !token.first) {
            match token.kind {
                Kind::Number | Kind::Str | Kind::Color => {
                    all = format!("{all}, {}", self.slice(token.span()));
                    span = span.to(token.span());
                }
                Kind::Comma | Kind::Semi => break,
                _ => return None,
            }
            ahead += 1;
        }
        Some(Fix {
            message: "make a list of them".into(),
            span,
            replacement: format!("[{all}]"),
            applicability: Applicability::Unsafe,
        })
    }
}

fn is_single(kind: &ValueKind) -> bool {
    matches!(
        kind,
        ValueKind::Int(_) | ValueKind::Float(_) | ValueKind::Str(_) | ValueKind::Color(_)
    )
}
