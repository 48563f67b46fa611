//! Strings and templates: where they end, and what to do with one that does not.
//!
//! What belongs here: quotes, escapes only as far as they hide a quote, and holes in templates. What never will: the text
//! that a string stands for, which `parser/literals.rs` makes.

use logos::Lexer;

use super::{Raw, char_before, span};
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::token::{Bracket, Kind};

/// How many bytes around a quote tell whether it stands in markup.
const MAX_MARKUP: usize = 512;

/// The offset of a closing quote, and whether a line break stands before it; or how far there is none.
fn closing_quote(text: &str, quote: u8, one_line: bool) -> Result<(usize, bool), usize> {
    let mut broken = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'\n' if one_line => return Err(at),
            b'\n' => broken = true,
            _ if byte == quote => return Ok((at, broken)),
            _ => {}
        }
    }
    Err(text.len())
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
    let (source, start) = (lexer.source(), lexer.span().start);
    // An escaped quote belongs to a string that was cut off above.
    if source[..start].ends_with('\\') {
        return Kind::Unknown;
    }
    let found = if start < lexer.extras.no_double {
        Err(rest.len())
    } else {
        closing_quote(rest, b'"', false)
    };
    if found.is_err() {
        lexer.extras.no_double = source.len();
    }
    match found {
        Ok((at, false)) => {
            lexer.bump(at + 1);
            return Kind::Str;
        }
        _ if in_markup(&source[..start], &source[start..]) => return Kind::Unknown,
        // Where a quote is missing, the next string opens where this one seems to close, and a word follows at once.
        Ok((at, true)) if !begins_text(&rest[at + 1..]) => {
            lexer.bump(at + 1);
            return Kind::Str;
        }
        _ => {}
    }
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

fn begins_text(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '#' | '_' | '$' | '/'))
}

/// Whether a quote stands in the text of markup, as in `<p>5" wide</p>`, where it opens nothing: a tag stands before it on
/// its line, or the line is text between two lines of tags.
fn in_markup(before: &str, after: &str) -> bool {
    // What stands further away costs more to look at than it tells.
    let from = (before.len().saturating_sub(MAX_MARKUP)..).find(|at| before.is_char_boundary(*at));
    let to = (0..=MAX_MARKUP.min(after.len())).rfind(|at| after.is_char_boundary(*at));
    let before = &before[from.unwrap_or(0)..];
    let after = &after[..to.unwrap_or(0)];
    let (above, before) = before.rsplit_once('\n').unwrap_or(("", before));
    let (after, below) = after.split_once('\n').unwrap_or((after, ""));
    if let Some((tag, text)) = before.rsplit_once('>') {
        let is_tag = tag.rsplit_once('<').is_some_and(|(_, tag)| {
            tag.is_empty() || tag.starts_with(|c: char| c.is_alphabetic() || c == '/')
        });
        return is_tag && !text.contains(['{', '=']) && !after.contains(['{', '=']);
    }
    let above = above.trim_end();
    above.ends_with('>')
        && !above.ends_with("=>")
        && !above.ends_with("->")
        && below.trim_start().starts_with('<')
        && !before.contains([':', '=', '<', '{'])
}

/// A string only if it closes on its line; otherwise an apostrophe.
pub(super) fn single_quoted(lexer: &mut Lexer<'_, Raw>) -> Kind {
    let start = lexer.span().start;
    if char_before(lexer).is_some_and(char::is_alphanumeric) || start < lexer.extras.no_single {
        return Kind::Unknown;
    }
    match closing_quote(lexer.remainder(), b'\'', true) {
        Ok((at, _)) => {
            lexer.bump(at + 1);
            Kind::Str
        }
        Err(length) => {
            lexer.extras.no_single = start + length;
            Kind::Unknown
        }
    }
}

/// A text in typographic quotes, if it closes on its line.
pub(super) fn smart_quoted(lexer: &mut Lexer<'_, Raw>, close: [char; 3]) -> Kind {
    let start = lexer.span().start;
    if start < lexer.extras.no_smart {
        return Kind::Unknown;
    }
    let ends = |c: char| c == '\n' || close.contains(&c);
    let rest = lexer.remainder();
    match rest.char_indices().find(|(_, c)| ends(*c)) {
        Some((at, c)) if c != '\n' => {
            lexer.bump(at + c.len_utf8());
            Kind::SmartStr
        }
        found => {
            lexer.extras.no_smart = start + found.map_or(rest.len(), |(at, _)| at);
            Kind::Unknown
        }
    }
}

/// A template, in which `${…}` may hold strings and further templates.
pub(super) fn template(lexer: &mut Lexer<'_, Raw>) -> Kind {
    let rest = lexer.remainder();
    let misplaced = follows_text(lexer);
    match template_end(rest.as_bytes(), misplaced || lexer.extras.open_template) {
        Some(end) => lexer.bump(end),
        None => {
            let start = lexer.span().start;
            let line = rest.split('\n').next().unwrap_or_default();
            lexer.bump(line.trim_end().len());
            lexer.extras.open_template |= !misplaced;
            let end = lexer.span().end;
            lexer.extras.diagnostics.push(unterminated(start, end, '`'));
        }
    }
    Kind::Template
}

/// Whether the backtick follows a brace or the text behind a string at once, where no template can begin.
fn follows_text(lexer: &Lexer<'_, Raw>) -> bool {
    let before = &lexer.source()[..lexer.span().start];
    match lexer.extras.last {
        Some(last) if last.end as usize != before.len() => false,
        Some(last) if last.kind == Kind::Ident => {
            last.glued && before[..last.start as usize].ends_with(['"', '\''])
        }
        Some(last) => last.kind == Kind::Close(Bracket::Brace),
        None => false,
    }
}

/// The bytes up to and with the closing backtick. The stack says what encloses the current byte: a template or a hole
/// with its open braces.
fn template_end(text: &[u8], one_line: bool) -> Option<usize> {
    let mut holes: Vec<u32> = Vec::new();
    let mut in_text = true;
    let mut at = 0;
    // A template in a hole leaves its own entry, so the depth of templates is `texts`.
    let mut texts = 1_u32;
    while at < text.len() {
        match (in_text, text[at]) {
            (_, b'\n') if one_line => return None,
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
    let shown = match quote {
        '`' => "backtick".to_owned(),
        quote => format!("`{quote}`"),
    };
    let article = if quote == '`' { "a " } else { "" };
    let fix = Fix {
        message: format!("close it with {article}{shown}"),
        span: span(end, end),
        replacement: quote.to_string(),
        applicability: Applicability::Unsafe,
    };
    Diagnostic::error(
        &codes::UNTERMINATED_STRING,
        "this string is never closed",
        span(start, end),
    )
    .label(format!("no closing {shown} follows"))
    .help(format!("write {article}{shown} where the text ends"))
    .fix(fix)
}
