//! HoloScript text to a syntax tree, with spans and diagnostics, never failing.
//!
//! [`SourceFile`] makes text of bytes; [`parse`] makes a tree of text. Neither reads files, prints, panics or stops at the
//! first mistake. What the tree *means* belongs to the compiler.
//!
//! ```
//! let parsed = holo_grammar::parse("orb player @networked { health: 100 }");
//! assert!(parsed.diagnostics.is_empty());
//! assert_eq!(parsed.file.items.len(), 1);
//! ```

pub mod ast;
pub mod codes;
pub mod diagnostic;
pub mod words;

mod characters;
mod delimiters;
mod lexer;
mod parser;
mod pieces;
mod source;
mod token;

pub use delimiters::MAX_DEPTH;
pub use pieces::{Piece, PieceKind, pieces};
pub use source::{MAX_SOURCE_BYTES, SourceFile};

use diagnostic::Diagnostic;

/// What a text gives: a tree of all that could be read, and what is wrong with it in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The tree.
    pub file: ast::File,
    /// The mistakes, by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// A step of reading, in the order in which they are done.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Lex,
    Delimiters,
    Parse,
    Diagnostics,
}

/// Reads a text. Every text gives a tree; a text beyond [`MAX_SOURCE_BYTES`] gives an empty one.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    parse_in_stages(text, |_| {})
}

/// Reads a text, and says when each step is done; for benchmarks.
#[doc(hidden)]
#[must_use]
pub fn parse_in_stages(text: &str, mut done: impl FnMut(Stage)) -> Parsed {
    if text.len() > MAX_SOURCE_BYTES {
        return Parsed {
            file: ast::File::default(),
            diagnostics: vec![source::too_large(text.len())],
        };
    }
    let lexed = lexer::lex(text);
    done(Stage::Lex);
    let open: Vec<u32> = lexed
        .diagnostics
        .iter()
        .filter(|one| one.code == &codes::UNTERMINATED_STRING)
        .map(|one| one.primary.span.start)
        .collect();
    let (tokens, delimiters) = delimiters::pair(text, lexed.tokens, lexed.cut_short, &open);
    done(Stage::Delimiters);
    let (file, items) = parser::parse(text, &tokens, &lexed.comments);
    done(Stage::Parse);
    let mut diagnostics = lexed.diagnostics;
    diagnostics.extend(delimiters);
    diagnostics.extend(items);
    diagnostics.extend(characters::reports(text, &tokens, &lexed.comments, &file));
    diagnostics.sort_by_key(|one| (one.primary.span, one.code.id));
    done(Stage::Diagnostics);
    Parsed { file, diagnostics }
}
