//! Strings and templates: where they end, and what to do with one that does not.
//!
//! What belongs here: quotes, escapes only as far as they hide a quote, and holes in templates. What never will: the text
//! that a string stands for, which `parser/literals.rs` makes.

use logos::Lexer;

use super::{Raw, char_before, span};
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::token::Kind;

/// The offset of a closing quote, and whether a line break stands before it.
fn closing_quote(text: &str, quote: char) -> Option<(usize, bool)> {
    let mut broken = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'\n' => broken = true,
            _ if byte == quote as u8 => return Some((at, broken)),
            _ => {}
        }
    }
    None
}

pub(super) fn double_quoted(lexer: &mut Lexer<'_, Raw>) -> Kind {
    let rest = lexer.remainder();
    // A text in three quotes may hold single ones.
    if let Some(at) = rest
        .strip_prefix("\"\"")
        .and_then(|text| text.find("\"\"\""))
    {
        lexer.bump(at + 5);
        return Kind::Str;
    }
    if let Some((at, broken)) = closing_quote(rest, '"') {
        // Where a quote is missing, the next string opens where this one seems to close, and a word follows at once.
        let next = rest[at + 1..].chars().next();
        let flipped = broken
            && next
                .is_some_and(|c| c.is_alphanumeric() || matches!(c, '"' | '#' | '_' | '$' | '/'));
        if !flipped {
            lexer.bump(at + 1);
            return Kind::Str;
        }
    }
    let start = lexer.span().start;
    let line = rest.split('\n').next().unwrap_or(rest);
    let line = line
        .split("//")
        .next()
        .unwrap_or(line)
        .trim_end()
        .trim_end_matches([',', ';', '}', ')', ']', ' ']);
    lexer.bump(line.len());
    let end = lexer.span().end;
    lexer.extras.diagnostics.push(unterminated(start, end, '"'));
    Kind::Str
}

/// A string only if it closes on its line; otherwise an apostrophe.
pub(super) fn single_quoted(lexer: &mut Lexer<'_, Raw>) -> Kind {
    let apostrophe = char_before(lexer).is_some_and(char::is_alphanumeric);
    let line = lexer.remainder().split('\n').next().unwrap_or_default();
    match closing_quote(line, '\'') {
        Some((at, false)) if !apostrophe => {
            lexer.bump(at + 1);
            Kind::Str
        }
        _ => Kind::Unknown,
    }
}

/// A template, in which `${…}` may hold strings and further templates.
pub(super) fn template(lexer: &mut Lexer<'_, Raw>) -> Kind {
    let rest = lexer.remainder();
    let line = rest.split('\n').next().unwrap_or_default();
    let text = if lexer.extras.open_template {
        line
    } else {
        rest
    };
    match template_end(text.as_bytes()) {
        Some(end) => lexer.bump(end),
        None => {
            let start = lexer.span().start;
            lexer.bump(line.trim_end().len());
            lexer.extras.open_template = true;
            let end = lexer.span().end;
            lexer.extras.diagnostics.push(unterminated(start, end, '`'));
        }
    }
    Kind::Template
}

/// The bytes up to and with the closing backtick. The stack says what encloses the current byte: a template or a hole
/// with its open braces.
fn template_end(text: &[u8]) -> Option<usize> {
    let mut holes: Vec<u32> = Vec::new();
    let mut in_text = true;
    let mut at = 0;
    // A template in a hole leaves its own entry, so the depth of templates is `texts`.
    let mut texts = 1_u32;
    while at < text.len() {
        match (in_text, text[at]) {
            (true, b'\\') => at += 1,
            (true, b'`') => {
                texts -= 1;
                if texts == 0 {
                    return Some(at + 1);
                }
                in_text = false;
            }
            (true, b'$') if text.get(at + 1) == Some(&b'{') => {
                holes.push(1);
                in_text = false;
                at += 1;
            }
            (false, b'`') => {
                texts += 1;
                in_text = true;
            }
            (false, b'{') => *holes.last_mut()? += 1,
            (false, b'}') => {
                let open = holes.last_mut()?;
                *open -= 1;
                if *open == 0 {
                    holes.pop();
                    in_text = true;
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn unterminated(start: usize, end: usize, quote: char) -> Diagnostic {
    let fix = Fix {
        message: format!("close it with `{quote}`"),
        span: span(end, end),
        replacement: quote.to_string(),
        applicability: Applicability::Unsafe,
    };
    Diagnostic::error(
        &codes::UNTERMINATED_STRING,
        "this string is never closed",
        span(start, end),
    )
    .label(format!("no closing `{quote}` follows"))
    .help(format!("write `{quote}` where the text ends"))
    .fix(fix)
}
