//! Words, literals and operators of code that is otherwise kept as raw text.
//!
//! Understands strings, comments and operators, and nothing of the language of the bodies beyond that.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or keyword.
    Word,
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// Any other number.
    Number,
    /// An operator or bracket.
    Mark,
}

/// A token of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Where it stands in the body.
    pub(super) at: usize,
    /// Whether nothing stands between it and the token before.
    pub(super) glued: bool,
    /// Whether it is the first on its line.
    pub(super) fresh: bool,
}

impl Token<'_> {
    /// Whether it is that operator or bracket.
    pub(super) fn is(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }

    /// Whether it is that word.
    pub(super) fn says(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }
}

/// The tokens of a body.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let (mut glued, mut fresh) = (false, true);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if let Some(length) = blank(rest, c) {
            glued = false;
            fresh |= rest[..length].contains('\n');
            at += length;
            continue;
        }
        let (kind, length) = if let Some(length) = quoted(rest, c) {
            (Kind::Text, length)
        } else if c.is_ascii_digit() {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_'));
            let length = end.unwrap_or(rest.len());
            let whole = rest[..length]
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'_');
            (if whole { Kind::Integer } else { Kind::Number }, length)
        } else if is_word(c) {
            let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
            (Kind::Word, length)
        } else {
            (Kind::Mark, mark(rest, c))
        };
        tokens.push(Token {
            kind,
            text: &rest[..length],
            at,
            glued,
            fresh,
        });
        (glued, fresh) = (true, false);
        at += length;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The length of white space or a comment at the start of a text.
fn blank(rest: &str, c: char) -> Option<usize> {
    if c.is_whitespace() {
        return Some(c.len_utf8());
    }
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    None
}

/// The length of a string at the start of a text.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    if !matches!(quote, '"' | '\'' | '`') {
        return None;
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            // An apostrophe in running text opens no string.
            '\n' if quote == '\'' => return Some(1),
            _ if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    Some(1)
}

fn mark(rest: &str, c: char) -> usize {
    const LONG: [&str; 20] = [
        "===", "!==", "??=", "||=", "&&=", "...", "==", "!=", "<=", ">=", "=>", "+=", "-=", "*=",
        "/=", "%=", "++", "--", "?.", "->",
    ];
    LONG.iter()
        .find(|mark| rest.starts_with(**mark))
        .map_or(c.len_utf8(), |mark| mark.len())
}
