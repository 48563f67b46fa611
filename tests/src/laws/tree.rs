//! Trees of two texts that differ in white space alone, made comparable: every place is counted in tokens.

use std::fmt::{Debug, Write};

use holo_grammar::ast::Span;
use holo_grammar::{Piece, pieces};

/// Counts places of one text in pieces.
pub(super) struct Places {
    pieces: Vec<Piece>,
}

impl Places {
    pub(super) fn of(text: &str) -> Self {
        Self {
            pieces: pieces(text),
        }
    }

    /// How many pieces begin before a byte.
    pub(super) fn at(&self, byte: u32) -> usize {
        self.pieces.partition_point(|one| one.span.start < byte)
    }

    pub(super) fn span(&self, span: Span) -> (usize, usize) {
        (self.at(span.start), self.at(span.end))
    }

    /// Anything as text, its spans by pieces.
    pub(super) fn shown(&self, what: &impl Debug) -> String {
        const OPEN: &str = "Span { start: ";
        let text = format!("{what:?}");
        let mut out = String::with_capacity(text.len());
        let mut parts = text.split(OPEN);
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            match self.read(part) {
                Some((span, rest)) => {
                    let _ = write!(out, "{:?}{rest}", self.span(span));
                }
                None => {
                    out.push_str(OPEN);
                    out.push_str(part);
                }
            }
        }
        out
    }

    /// `3, end: 5 } …` as a span and the rest.
    fn read<'t>(&self, text: &'t str) -> Option<(Span, &'t str)> {
        let (start, rest) = text.split_once(", end: ")?;
        let (end, rest) = rest.split_once(" }")?;
        Some((Span::new(start.parse().ok()?, end.parse().ok()?), rest))
    }
}
