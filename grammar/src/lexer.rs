//! Text to tokens and comments.
//!
//! What belongs here: where a token ends, which needs no more than the token before it. What never will: pairs of
//! brackets (`delimiters.rs`) and meaning (`parser/`); in particular escapes and digits are checked only where a value is
//! made of them, because code bodies follow rules of their own.

mod quoted;

use logos::{Lexer, Logos};

use crate::ast::Span;
use crate::characters::{is_hidden, is_invisible, meant};
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Reports};
use crate::token::{Bracket, Comment, Kind, Tok};
use quoted::{double_quoted, single_quoted, smart_quoted, template};

/// What lexing gives.
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Tok>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// A comment or template ran to the end of the file and may have swallowed closing brackets.
    pub(crate) cut_short: bool,
}

/// What the callbacks know of the text before the token.
#[derive(Default)]
struct Before {
    /// The token before, if any.
    last: Option<Tok>,
    cut_short: bool,
    /// A template was never closed; those after it are looked for on their own line only.
    open_template: bool,
    /// Up to where a search has found no closing quote of its kind, so that no byte is searched again and again.
    no_double: usize,
    no_single: usize,
    no_smart: usize,
    /// How many characters were searched in vain for the end of a regular expression.
    no_regex: usize,
    diagnostics: Reports,
}

/// The longest regular expression that is looked for, so that a line of slashes stays cheap.
const MAX_REGEX: usize = 1024;

#[derive(Logos, Clone, Copy, Debug, PartialEq)]
#[logos(extras = Before)]
#[logos(skip r"[\x00-\x20\x7f]+")]
enum Raw {
    #[token("//", line_comment)]
    #[token("/*", block_comment)]
    #[token("/", slash)]
    #[token("#", hash)]
    Mark(Mark),

    #[regex(r"[A-Za-z_$]", name)]
    #[regex(r"[0-9]", number)]
    #[token("\"", double_quoted)]
    #[token("'", single_quoted)]
    #[token("`", template)]
    Text(Kind),

    /// None for what stands between tokens. The lexer's own way to skip it calls itself, once for each in a row.
    #[regex(r"[^\x00-\x7F]", other)]
    Other(Option<Kind>),

    #[token("(", |_| Kind::Open(Bracket::Paren))]
    #[token("[", |_| Kind::Open(Bracket::Square))]
    #[token("{", |_| Kind::Open(Bracket::Brace))]
    #[token(")", |_| Kind::Close(Bracket::Paren))]
    #[token("]", |_| Kind::Close(Bracket::Square))]
    #[token("}", |_| Kind::Close(Bracket::Brace))]
    #[token("@", |_| Kind::At)]
    #[token(":", |_| Kind::Colon)]
    #[token(",", |_| Kind::Comma)]
    #[token(";", |_| Kind::Semi)]
    #[token("=", |_| Kind::Eq)]
    #[token("?", |_| Kind::Question)]
    #[token(".", |_| Kind::Dot)]
    #[token("...", |_| Kind::Spread)]
    #[token("=>", |_| Kind::Arrow)]
    #[token("->", |_| Kind::Arrow)]
    #[token("|", |_| Kind::Pipe)]
    #[token("<", |_| Kind::Lt)]
    #[token(">", |_| Kind::Gt)]
    #[regex(r"\+\+|--|\+=|-=|\*=|%=|\|=|&=|\^=|&&=|\|\|=|\?\?=", |_| Kind::Assign)]
    #[regex(r"[+-]", |_| Kind::Sign)]
    #[regex(r"\*|\*\*|%|!|~|\^|&|&&|\|\||\?\?|\?\.|==|===|!=|!==|<=|>=|\.\.|::", |_| Kind::Op)]
    Sign(Kind),
}

/// The result of a callback that may find a comment.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mark {
    Comment,
    Token(Kind),
}

/// Cuts a text into tokens.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Raw::lexer(text);
    // Sources average about one token for five bytes.
    let mut tokens: Vec<Tok> = Vec::with_capacity(text.len() / 5 + 8);
    let mut comments = Vec::new();
    let mut line_from = 0;
    while let Some(raw) = lexer.next() {
        let range = lexer.span();
        let kind = match raw {
            Ok(Raw::Mark(Mark::Comment)) => {
                let own_line = has_break(text, line_from.max(last_end(&tokens)), range.start)
                    || line_from == 0 && tokens.is_empty();
                comments.push(Comment {
                    span: span(range.start, range.end),
                    own_line,
                });
                line_from = range.end;
                continue;
            }
            Ok(Raw::Other(None)) => continue,
            Ok(
                Raw::Mark(Mark::Token(kind))
                | Raw::Text(kind)
                | Raw::Other(Some(kind))
                | Raw::Sign(kind),
            ) => kind,
            Err(()) => Kind::Unknown,
        };
        let before = last_end(&tokens);
        let token = Tok {
            kind,
            first: tokens.is_empty() || has_break(text, before, range.start),
            glued: !tokens.is_empty() && before == range.start,
            start: range.start as u32,
            end: range.end as u32,
            partner: 0,
        };
        lexer.extras.last = Some(token);
        tokens.push(token);
    }
    let Before {
        cut_short,
        diagnostics,
        ..
    } = lexer.extras;
    Lexed {
        tokens,
        comments,
        diagnostics: diagnostics.into_vec(),
        cut_short,
    }
}

fn last_end(tokens: &[Tok]) -> usize {
    tokens.last().map_or(0, |token| token.end as usize)
}

fn has_break(text: &str, from: usize, to: usize) -> bool {
    // Most gaps are a blank or two, for which a search in words is too much machinery.
    text.as_bytes()
        .get(from..to)
        .unwrap_or_default()
        .iter()
        .position(|byte| *byte == b'\n')
        .is_some()
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

/// The character directly before the token.
fn char_before(lexer: &Lexer<'_, Raw>) -> Option<char> {
    lexer.source()[..lexer.span().start].chars().next_back()
}

/// Whether a value has just ended, so that a `/` divides.
fn after_operand(lexer: &Lexer<'_, Raw>) -> bool {
    let Some(last) = lexer.extras.last else {
        return false;
    };
    match last.kind {
        Kind::Ident => {
            let word = &lexer.source()[last.start as usize..last.end as usize];
            !matches!(
                word,
                "return" | "typeof" | "case" | "in" | "of" | "and" | "or" | "not"
            )
        }
        Kind::Number
        | Kind::Str
        | Kind::SmartStr
        | Kind::Template
        | Kind::Regex
        | Kind::Color
        | Kind::Close(_) => true,
        // `</div>` closes a tag.
        Kind::Lt => last.end as usize == lexer.span().start,
        _ => false,
    }
}

fn line_comment(lexer: &mut Lexer<'_, Raw>) -> Mark {
    // `https://…` outside quotes, as in styles and markup.
    let next_is_text = lexer
        .remainder()
        .chars()
        .next()
        .is_some_and(|next| next.is_alphanumeric() || next == '$');
    if char_before(lexer) == Some(':') && next_is_text {
        return Mark::Token(Kind::Op);
    }
    to_line_end(lexer)
}

fn to_line_end(lexer: &mut Lexer<'_, Raw>) -> Mark {
    let rest = lexer.remainder();
    let line = rest
        .split('\n')
        .next()
        .unwrap_or(rest)
        .trim_end_matches('\r');
    lexer.bump(line.len());
    Mark::Comment
}

fn block_comment(lexer: &mut Lexer<'_, Raw>) -> Mark {
    if let Some(at) = lexer.remainder().find("*/") {
        lexer.bump(at + 2);
        return Mark::Comment;
    }
    let start = lexer.span().start;
    let line = lexer.remainder().lines().next().unwrap_or_default();
    let line_end = lexer.span().end + line.trim_end().len();
    lexer.bump(lexer.remainder().len());
    lexer.extras.cut_short = true;
    lexer.extras.diagnostics.push(
        Diagnostic::error(
            &codes::UNTERMINATED_COMMENT,
            "this comment is never closed",
            span(start, start + 2),
        )
        .label("the rest of the file is inside this comment")
        .help("write `*/` where the comment ends")
        .fix(Fix {
            message: "close it at the end of its line".into(),
            span: span(line_end, line_end),
            replacement: " */".into(),
            applicability: Applicability::Unsafe,
        }),
    );
    Mark::Comment
}

/// A regular expression where a value may begin, a division anywhere else.
fn slash(lexer: &mut Lexer<'_, Raw>) -> Mark {
    if after_operand(lexer) {
        return Mark::Token(Kind::Op);
    }
    // Enough for any text that people write; a hostile one is no longer searched.
    if lexer.extras.no_regex > MAX_REGEX + 4 * lexer.source().len() {
        return Mark::Token(Kind::Op);
    }
    let mut in_class = false;
    let mut looked = 0;
    let mut chars = lexer.remainder().char_indices().take(MAX_REGEX);
    while let Some((at, c)) = chars.next() {
        looked = at;
        match c {
            '\n' => break,
            '\\' => drop(chars.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => {
                let flags = &lexer.remainder()[at + 1..];
                let flags = flags.bytes().take_while(u8::is_ascii_lowercase).count();
                lexer.bump(at + 1 + flags);
                return Mark::Token(Kind::Regex);
            }
            _ => {}
        }
    }
    lexer.extras.no_regex += looked;
    Mark::Token(Kind::Op)
}

/// A comment when a space follows, a colour when hex digits follow, else the mark before an id.
fn hash(lexer: &mut Lexer<'_, Raw>) -> Mark {
    let before = char_before(lexer);
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return Mark::Token(Kind::Hash);
    }
    let rest = lexer.remainder();
    let alone = before.is_none_or(char::is_whitespace);
    if alone
        && rest
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || matches!(c, '#' | '=' | '-' | '!'))
    {
        return to_line_end(lexer);
    }
    let word = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        .count();
    let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
    if digits == word && matches!(digits, 3 | 4 | 6 | 8) {
        lexer.bump(digits);
        return Mark::Token(Kind::Color);
    }
    Mark::Token(Kind::Hash)
}

/// A name: letters, digits, `_`, `$`, and `-` with one of them on its right.
fn name(lexer: &mut Lexer<'_, Raw>) -> Kind {
    let rest = lexer.remainder().as_bytes();
    let mut end = 0;
    let mut other = false;
    while let Some(&byte) = rest.get(end) {
        other = !byte.is_ascii();
        let part = match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => true,
            // `$count` is a name, `a${…}` is not one.
            b'$' => rest.get(end + 1) != Some(&b'{'),
            b'-' => match rest.get(end + 1) {
                Some(next) if !next.is_ascii() => {
                    other = true;
                    false
                }
                Some(b'$') => rest.get(end + 2) != Some(&b'{'),
                Some(next) => next.is_ascii_alphanumeric() || *next == b'_',
                None => false,
            },
            _ => false,
        };
        if !part {
            break;
        }
        end += 1;
    }
    if other {
        end = unicode_name(lexer.remainder(), end);
    }
    lexer.bump(end);
    Kind::Ident
}

/// Where a name ends that goes on beyond ASCII at `from`.
fn unicode_name(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    // Marks on letters are parts of names too: `é` may be two characters, and many scripts have no letters without them.
    let is_mark = |c: char| unicode_ident::is_xid_continue(c) && !is_invisible(c) && !is_hidden(c);
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || is_mark(c);
    let mut end = from;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        // A character without width does not end a name; it is reported where it stands.
        let glue =
            (c == '-' || is_invisible(c)) && chars.peek().is_some_and(|(_, next)| is_part(*next));
        if !(is_part(c) || glue) || rest[at..].starts_with("${") {
            break;
        }
        end = from + at + c.len_utf8();
    }
    end
}

/// What begins with a character beyond ASCII; nothing for one that is not seen.
fn other(lexer: &mut Lexer<'_, Raw>) -> Option<Kind> {
    let first = lexer.slice().chars().next().unwrap_or_default();
    let close = match first {
        '\u{201c}' | '\u{201d}' | '\u{201e}' => ['\u{201d}', '\u{201c}', '"'],
        '\u{2018}' | '\u{2019}' => ['\u{2019}', '\u{2018}', '\''],
        c if c.is_whitespace() || is_hidden(c) => return None,
        c if c.is_alphanumeric() => return Some(name(lexer)),
        c => return Some(look_alike(lexer, c)),
    };
    Some(smart_quoted(lexer, close))
}

/// A character that looks like one of the language, taken as that. A dash is a sign only before a digit, and a bracket
/// beside letters of the script it comes from is prose.
fn look_alike(lexer: &Lexer<'_, Raw>, c: char) -> Kind {
    let next = lexer.remainder().chars().next();
    let foreign = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && !c.is_ascii());
    let prose = foreign(next) || foreign(char_before(lexer));
    match meant(c) {
        Some('-') if next.is_some_and(|c| c.is_ascii_digit()) => Kind::Sign,
        Some(':') => Kind::Colon,
        Some(',') => Kind::Comma,
        Some(';') => Kind::Semi,
        Some('=') => Kind::Eq,
        Some('@') => Kind::At,
        Some('.') => Kind::Dot,
        Some('?') => Kind::Question,
        Some('|') => Kind::Pipe,
        Some('{') if !prose => Kind::Open(Bracket::Brace),
        Some('}') if !prose => Kind::Close(Bracket::Brace),
        Some('[') if !prose => Kind::Open(Bracket::Square),
        Some(']') if !prose => Kind::Close(Bracket::Square),
        Some('(') if !prose => Kind::Open(Bracket::Paren),
        Some(')') if !prose => Kind::Close(Bracket::Paren),
        _ => Kind::Unknown,
    }
}

/// Digits with `_`, a fraction, an exponent and a unit; `0x` and `0b`.
fn number(lexer: &mut Lexer<'_, Raw>) -> Kind {
    let rest = lexer.remainder().as_bytes();
    let at = |index: usize| rest.get(index).copied().unwrap_or_default();
    let digits = |from: usize| {
        from + rest[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit() || **b == b'_')
            .count()
    };
    let letters = |from: usize| {
        from + rest[from..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count()
    };
    if lexer.slice() == "0" && matches!(at(0), b'x' | b'X' | b'b' | b'B' | b'o' | b'O') {
        lexer.bump(letters(1));
        return Kind::Number;
    }
    let mut end = digits(0);
    // `1.5.2` is a version, no number.
    let after_dot = lexer
        .extras
        .last
        .is_some_and(|last| last.kind == Kind::Dot && last.end as usize == lexer.span().start);
    if !after_dot && at(end) == b'.' && at(end + 1).is_ascii_digit() {
        end = digits(end + 1);
    }
    if matches!(at(end), b'e' | b'E') {
        let sign = usize::from(matches!(at(end + 1), b'+' | b'-'));
        if at(end + 1 + sign).is_ascii_digit() {
            end = digits(end + 1 + sign);
        }
    }
    end = letters(end);
    if at(end) == b'%'
        && !at(end + 1).is_ascii_alphanumeric()
        && !matches!(at(end + 1), b'(' | b'=' | b'_')
    {
        end += 1;
    }
    lexer.bump(end);
    Kind::Number
}
