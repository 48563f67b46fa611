//! Characters that deceive: look-alikes, and those that cannot be seen.
//!
//! What belongs here: finding them, and what is said about each, which depends on where it stands. What never will: how
//! the lexer reads them (it takes a look-alike as what is meant and passes over what cannot be seen).
//!
//! | | among the tokens | in code | in a string or comment |
//! |---|---|---|---|
//! | look-alike | an error; a blank: a warning | nothing | nothing |
//! | zero width | inside a name an error, else a warning | nothing | nothing |
//! | control, order of text | an error | an error | a warning |

mod raw;
mod table;

pub(crate) use table::{is_hidden, is_invisible, meant};

use crate::ast::{File, Span};
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Reports, Severity};
use crate::token::{Comment, Kind, Tok};
use table::{is_bidi, is_control, name};

/// How many bytes are looked at together.
const BLOCK: usize = 64;

/// What surrounds a character.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// A string, a template or a regular expression.
    Text,
    Comment,
    /// A name of the language, or a name inside code.
    Name,
    /// A token that was made of it.
    Token,
    /// Between tokens.
    Between,
}

/// Everything that is to be said about the characters of a text.
pub(crate) fn reports(
    text: &str,
    tokens: &[Tok],
    comments: &[Comment],
    file: &File,
) -> Vec<Diagnostic> {
    let mut reports = Reports::default();
    let mut raw: Option<Vec<Span>> = None;
    let mut end = 0;
    for (at, c) in suspects(text) {
        // Several in a row are one mistake.
        if (at as u32) < end {
            continue;
        }
        let run = text[at..].chars().take_while(|next| *next == c).count();
        let span = Span::new(at as u32, (at + run * c.len_utf8()) as u32);
        end = span.end;
        let place = place(span, tokens, comments);
        let found = if is_control(c) || is_bidi(c) {
            hidden(c, span, run, place)
        } else {
            let raw = raw.get_or_insert_with(|| raw::spans(file));
            let in_code = raw::covers(raw, span);
            match (in_code, is_invisible(c)) {
                (true, _) => None,
                (false, true) => invisible(text, c, span, place),
                (false, false) => look_alike(c, span, run, place),
            }
        };
        if let Some(one) = found {
            reports.push(one);
        }
    }
    reports.into_vec()
}

/// All characters of a text that may deserve a word, quickly where there are none.
fn suspects(text: &str) -> impl Iterator<Item = (usize, char)> {
    let plain = |block: &[u8]| {
        // Written without a branch, so that it runs on many bytes at once.
        let odd = |byte: u8| {
            (byte.wrapping_sub(b' ') > b'~' - b' ') & !matches!(byte, b'\n' | b'\r' | b'\t')
        };
        !block.iter().fold(false, |any, byte| any | odd(*byte))
    };
    text.as_bytes()
        .chunks(BLOCK)
        .enumerate()
        .filter(move |(_, block)| !plain(block))
        .flat_map(move |(index, block)| {
            let from = index * BLOCK;
            (from..from + block.len()).filter_map(|at| {
                let c = text.get(at..)?.chars().next()?;
                let odd = is_hidden(c) || !c.is_ascii() && meant(c).is_some();
                odd.then_some((at, c))
            })
        })
}

fn place(span: Span, tokens: &[Tok], comments: &[Comment]) -> Place {
    let inside = |one: Span| one.start <= span.start && span.end <= one.end;
    let after = comments.partition_point(|one| one.span.start <= span.start);
    if after
        .checked_sub(1)
        .is_some_and(|at| inside(comments[at].span))
    {
        return Place::Comment;
    }
    let after = tokens.partition_point(|one| one.start <= span.start);
    // A closer that was inserted has no width and may stand behind the token.
    let found = tokens[..after]
        .iter()
        .rev()
        .take(crate::MAX_DEPTH + 1)
        .find(|one| one.end > one.start);
    match found.filter(|one| inside(one.span())).map(|one| one.kind) {
        None => Place::Between,
        Some(Kind::Str | Kind::SmartStr | Kind::Template | Kind::Regex) => Place::Text,
        Some(Kind::Ident) => Place::Name,
        Some(Kind::Unknown) => Place::Text,
        Some(_) => Place::Token,
    }
}

fn look_alike(c: char, span: Span, run: usize, place: Place) -> Option<Diagnostic> {
    let meant = meant(c)?;
    let severity = match (place, meant) {
        (Place::Between, ' ') => Severity::Warning,
        (Place::Token, _) => Severity::Error,
        _ => return None,
    };
    let (what, wanted) = (
        name(c),
        if meant == ' ' {
            "an ordinary blank".into()
        } else {
            format!("`{meant}`")
        },
    );
    Some(
        Diagnostic::new(
            &codes::LOOK_ALIKE,
            severity,
            format!("{what} stands where {wanted} belongs"),
            span,
        )
        .label(format!("U+{:04X} only looks like it", c as u32))
        .help(format!(
            "write {wanted}; such a character often comes with text that was pasted from a document"
        ))
        .fix(replace(
            span,
            format!("write {wanted}"),
            meant.to_string().repeat(run),
        )),
    )
}

fn invisible(text: &str, c: char, span: Span, place: Place) -> Option<Diagnostic> {
    let severity = match place {
        Place::Between => Severity::Warning,
        // Some scripts need a joiner inside a word.
        Place::Name if !(joins(c) && beside_letters(text, span)) => Severity::Error,
        _ => return None,
    };
    let message = match severity {
        Severity::Error => "this name has a character in it that cannot be seen",
        _ => "a character stands here that cannot be seen",
    };
    Some(
        Diagnostic::new(&codes::INVISIBLE, severity, message, span)
            .label(format!("U+{:04X} has no width", c as u32))
            .fix(replace(span, "remove it".into(), String::new())),
    )
}

fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether letters beyond ASCII stand on both sides.
fn beside_letters(text: &str, span: Span) -> bool {
    let before = text[..span.start as usize].chars().next_back();
    let after = text[span.end as usize..].chars().next();
    [before, after]
        .into_iter()
        .all(|c| c.is_some_and(|c| !c.is_ascii()))
}

fn hidden(c: char, span: Span, run: usize, place: Place) -> Option<Diagnostic> {
    let code = if is_bidi(c) {
        &codes::BIDI_CONTROL
    } else {
        &codes::CONTROL_CHARACTER
    };
    let severity = match place {
        Place::Text | Place::Comment => Severity::Warning,
        _ => Severity::Error,
    };
    let what = if is_bidi(c) {
        "shows the text around it in another order than it has"
    } else {
        "is a control character"
    };
    let escape = format!("\\u{{{:x}}}", c as u32);
    let fix = match place {
        Place::Text => replace(span, format!("write `{escape}`"), escape.repeat(run)),
        _ => replace(span, "remove it".into(), String::new()),
    };
    let help = match place {
        Place::Text => "if the string needs it, write it as an escape, which can be seen",
        _ => "remove it: people would read something else than what is compiled",
    };
    Some(
        Diagnostic::new(code, severity, format!("U+{:04X} {what}", c as u32), span)
            .label("it cannot be seen here")
            .help(help)
            .fix(fix),
    )
}

fn replace(span: Span, message: String, replacement: String) -> Fix {
    Fix {
        message,
        span,
        replacement,
        applicability: Applicability::Safe,
    }
}
