//! What handlers do with fields: a light scan of code that is otherwise kept as raw text.
//!
//! Finds writes (R2, later R6) and indexing (R5). It understands words, strings, comments and operators, and nothing of
//! the language of the bodies beyond that.

use std::collections::BTreeSet;

/// Methods that change what they are called on.
const MUTATORS: [&str; 15] = [
    "push",
    "pop",
    "shift",
    "unshift",
    "splice",
    "sort",
    "reverse",
    "add",
    "remove",
    "delete",
    "insert",
    "clear",
    "set",
    "increment",
    "decrement",
];

/// A word, a literal or an operator of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Literal,
    /// An operator or bracket; glued if nothing stands between it and the token before.
    Mark(&'a str, bool),
}

/// The names of the fields of its own node that a body writes: `this.x = 1`, `x += 1`, `this.x.push(1)`.
pub(super) fn written(body: &str) -> BTreeSet<&str> {
    let tokens = tokens(body);
    let locals = locals(&tokens);
    let mut names = BTreeSet::new();
    let mut at = 0;
    while at < tokens.len() {
        let (chain, end) = chain(&tokens, at);
        let Some(first) = chain.first() else {
            at += 1;
            continue;
        };
        let declared = at > 0 && matches!(tokens[at - 1], Token::Word("let" | "const" | "var"));
        if !declared && writes(&tokens, at, end, &chain) {
            let own: &[&str] = match *first {
                "this" | "self" => &chain[1..],
                _ if locals.contains(first) => &[],
                _ => &chain,
            };
            names.extend(own.iter().find(|name| **name != "state"));
        }
        at = end;
    }
    names
}

/// Names that are indexed by something that is no literal, anywhere in the text: `stock[id]`.
pub(super) fn indexed(text: &str) -> BTreeSet<&str> {
    let tokens = tokens(text);
    let hit = |window: &[Token<'_>]| match window {
        [
            Token::Word(_),
            Token::Mark("[", true),
            Token::Literal,
            Token::Mark("]", _),
        ] => false,
        [
            Token::Word(_),
            Token::Mark("[", true),
            Token::Mark("]", _),
            _,
        ] => false,
        [Token::Word(_), Token::Mark("[", true), ..] => true,
        _ => false,
    };
    tokens
        .windows(4)
        .filter(|window| hit(window))
        .filter_map(|window| word(window[0]))
        .collect()
}

fn word(token: Token<'_>) -> Option<&str> {
    match token {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

/// The dotted words from `at` on, and where they end.
fn chain<'a>(tokens: &[Token<'a>], at: usize) -> (Vec<&'a str>, usize) {
    let mut chain = Vec::new();
    let mut end = at;
    while let Some(Token::Word(word)) = tokens.get(end) {
        chain.push(*word);
        end += 1;
        match (tokens.get(end), tokens.get(end + 1)) {
            (Some(Token::Mark("." | "?.", _)), Some(Token::Word(_))) => end += 1,
            _ => break,
        }
    }
    (chain, end)
}

/// Whether what stands around a chain changes it.
fn writes(tokens: &[Token<'_>], start: usize, end: usize, chain: &[&str]) -> bool {
    let after_dot = start > 0 && matches!(tokens[start - 1], Token::Mark("." | "?.", _));
    if after_dot {
        return false;
    }
    if start > 0 && matches!(tokens[start - 1], Token::Mark("++" | "--", _)) {
        return true;
    }
    let mut next = end;
    if matches!(tokens.get(next), Some(Token::Mark("[", true))) {
        next = closing(tokens, next) + 1;
    }
    match tokens.get(next) {
        Some(Token::Mark("(", _)) => {
            chain.len() > 1 && chain.last().is_some_and(|last| MUTATORS.contains(last))
        }
        Some(Token::Mark(mark, _)) => {
            matches!(
                *mark,
                "=" | "+=" | "-=" | "*=" | "/=" | "%=" | "??=" | "||=" | "&&=" | "++" | "--"
            )
        }
        _ => false,
    }
}

/// The index of the `]` that closes the `[` at `open`, or the last token.
fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Mark("[", _) => depth += 1,
            Token::Mark("]", _) if depth == 1 => return at,
            Token::Mark("]", _) => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

fn locals<'a>(tokens: &[Token<'a>]) -> BTreeSet<&'a str> {
    let declared = |pair: &[Token<'a>]| match pair {
        [Token::Word("let" | "const" | "var"), Token::Word(name)] => Some(*name),
        _ => None,
    };
    tokens.windows(2).filter_map(declared).collect()
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut glued = false;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if let Some(length) = blank(rest, c) {
            glued = false;
            at += length;
            continue;
        } else if let Some(length) = quoted(rest, c) {
            tokens.push(Token::Literal);
            length
        } else if c.is_ascii_digit() {
            tokens.push(Token::Literal);
            rest.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_'))
                .unwrap_or(rest.len())
        } else if is_word(c) {
            let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(&rest[..length]));
            length
        } else {
            let length = mark(rest, c);
            tokens.push(Token::Mark(&rest[..length], glued));
            length
        };
        glued = true;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_told_from_reads() {
        let body = "this.hp -= d; if (this.mp == 3) { let gold = 1; gold = 2 } score += 1; this.bag.push('x=1'); // y = 1
            state.kills++; other.z = 1; f({ a: q }); ++n; this.grid[i] = 0; w => w.v";
        let names: Vec<_> = written(body).into_iter().collect();
        assert_eq!(names, ["bag", "grid", "hp", "kills", "n", "other", "score"]);
    }

    #[test]
    fn only_indexing_by_a_variable_makes_a_map() {
        let names: Vec<_> = indexed("a[i] b['x'] c [d] e: [] f[0] this.g[h.i] k: T[]")
            .into_iter()
            .collect();
        assert_eq!(names, ["a", "g"]);
    }
}
