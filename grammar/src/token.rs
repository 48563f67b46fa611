//! Tokens and comments: what the lexer makes and everything after it reads.
//!
//! What belongs here: the kinds of token and what a token knows about its surroundings. What never will: how text is cut
//! into tokens (`lexer.rs`) or what a sequence of them means (`parser/`).

use crate::ast::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A name, with `-` inside when it is glued.
    Ident,
    /// A number, with its unit if it has one.
    Number,
    /// A string in single or double quotes.
    Str,
    /// A string in typographic quotes.
    SmartStr,
    /// A backtick template.
    Template,
    /// `/…/flags`.
    Regex,
    /// `#4a9eff`.
    Color,
    /// `@`.
    At,
    /// `#` before an id.
    Hash,
    /// `:`.
    Colon,
    /// `,`.
    Comma,
    /// `;`.
    Semi,
    /// `=`.
    Eq,
    /// `?`.
    Question,
    /// `.`.
    Dot,
    /// `...`.
    Spread,
    /// `=>` or `->`.
    Arrow,
    /// `|`.
    Pipe,
    /// `<`.
    Lt,
    /// `>`.
    Gt,
    /// An operator that changes what stands before it: `+=`, `++`.
    Assign,
    /// `-` or `+`.
    Sign,
    /// Any other operator.
    Op,
    /// `(`, `[` or `{`.
    Open(Bracket),
    /// `)`, `]` or `}`.
    Close(Bracket),
    /// A group too deep to be read.
    Raw,
    /// A character that has no meaning outside raw text.
    Unknown,
}

/// The shapes of a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bracket {
    /// `( )`.
    Paren,
    /// `[ ]`.
    Square,
    /// `{ }`.
    Brace,
}

impl Bracket {
    /// The opening character.
    pub(crate) fn opener(self) -> char {
        match self {
            Self::Paren => '(',
            Self::Square => '[',
            Self::Brace => '{',
        }
    }

    /// The closing character.
    pub(crate) fn closer(self) -> char {
        match self {
            Self::Paren => ')',
            Self::Square => ']',
            Self::Brace => '}',
        }
    }
}

/// A token and its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tok {
    /// What it is.
    pub(crate) kind: Kind,
    /// A line break stands between the token before and this one.
    pub(crate) first: bool,
    /// Nothing at all stands between the token before and this one.
    pub(crate) glued: bool,
    /// Its first byte.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
    /// In an opening bracket, how many tokens further its partner stands.
    pub(crate) partner: u32,
}

impl Tok {
    /// Where it stands.
    pub(crate) fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// A comment, kept beside the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    /// Where it stands, markers included.
    pub(crate) span: Span,
    /// Nothing stands before it on its line.
    pub(crate) own_line: bool,
}
