//! What stands in a text besides white space, for tools that lay it out anew.
//!
//! What belongs here: the tokens and comments in one row, told apart as far as layout needs it. What never will: what they
//! mean, which is in the tree.

use crate::ast::Span;
use crate::lexer;
use crate::token::Kind;

/// One token or comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Where it stands.
    pub span: Span,
}

/// What layout needs to know of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A comment, with its markers.
    Comment,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// Any other token.
    Token,
}

/// The tokens and comments of a text in their order. Nothing but white space stands between two of them.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let lexed = lexer::lex(text);
    let mut comments = lexed.comments.into_iter().peekable();
    let mut pieces = Vec::with_capacity(lexed.tokens.len() + comments.len());
    let comment = |span| Piece {
        kind: PieceKind::Comment,
        span,
    };
    for token in lexed.tokens {
        while let Some(before) = comments.next_if(|one| one.span.start < token.start) {
            pieces.push(comment(before.span));
        }
        let kind = match token.kind {
            Kind::Open(_) => PieceKind::Open,
            Kind::Close(_) => PieceKind::Close,
            _ => PieceKind::Token,
        };
        pieces.push(Piece {
            kind,
            span: token.span(),
        });
    }
    pieces.extend(comments.map(|one| comment(one.span)));
    pieces
}
