//! Pairs of brackets, in one pass over the tokens.
//!
//! What belongs here: which closer belongs to which opener, and reports where there is none. Afterwards every opener has
//! its closer, so that the parser can take a group as a slice and nothing can escape it. What never will: what a group
//! means.
//!
//! A first look only counts. A text in which every bracket has its partner is never judged by its indentation; in any
//! other, indentation tells which opener lacks its closer, as a person would.

use crate::ast::Span;
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::token::{Bracket, Kind, Tok};

/// How deeply brackets may nest.
pub const MAX_DEPTH: usize = 128;

/// How many openers indentation may close; beyond that it is no guide.
const MAX_BY_INDENT: usize = 16;

/// An opener that still waits.
#[derive(Clone, Copy)]
struct Waiting {
    bracket: Bracket,
    /// Its index among the tokens that are kept.
    index: usize,
    /// The indentation of its line.
    indent: u32,
    /// How many round and square brackets wait since the last brace, this one included.
    since_brace: [u32; 2],
}

struct Pass<'s> {
    text: &'s str,
    out: Vec<Tok>,
    waiting: Vec<Waiting>,
    reports: Vec<Diagnostic>,
    /// How many openers may still be closed by indentation alone.
    missing: usize,
    /// How many closing braces there are too many.
    surplus: usize,
    /// Some bracket has no partner.
    broken: bool,
    /// Openers and closers beyond the depth limit that wait for one another.
    beyond: usize,
    too_deep: bool,
    quiet: bool,
    stray_end: Option<usize>,
}

/// Pairs all brackets. `quiet` leaves out unclosed openers, for a text whose end was swallowed by a comment.
pub(crate) fn pair(text: &str, tokens: Vec<Tok>, quiet: bool) -> (Vec<Tok>, Vec<Diagnostic>) {
    let broken = !balanced(&tokens);
    let (missing, surplus) = if broken { lone_braces(&tokens) } else { (0, 0) };
    let mut pass = Pass {
        text,
        out: Vec::with_capacity(tokens.len() + 8),
        waiting: Vec::new(),
        reports: Vec::new(),
        missing: missing.min(MAX_BY_INDENT),
        surplus: surplus.min(MAX_BY_INDENT),
        broken,
        beyond: 0,
        too_deep: false,
        quiet,
        stray_end: None,
    };
    let mut indent = 0;
    for (index, token) in tokens.iter().enumerate() {
        if token.first {
            indent = indentation(text, token.start);
            pass.close_by_indent(*token, indent);
            if pass.broken && begins_item(&tokens[index..]) {
                pass.close_lists(*token, indent);
            }
        }
        match token.kind {
            Kind::Open(bracket) => pass.open(*token, bracket, indent),
            Kind::Close(bracket) => pass.close(*token, bracket, indent, index),
            _ if pass.beyond > 0 => {}
            _ => pass.out.push(*token),
        }
    }
    pass.finish()
}

/// Whether every bracket has its partner.
fn balanced(tokens: &[Tok]) -> bool {
    let mut stack = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::Open(bracket) => stack.push(bracket),
            Kind::Close(bracket) if stack.pop() != Some(bracket) => return false,
            _ => {}
        }
    }
    stack.is_empty()
}

/// How many braces are left open, and how many close nothing, if only braces are counted.
fn lone_braces(tokens: &[Tok]) -> (usize, usize) {
    let (mut open, mut surplus) = (0, 0);
    for token in tokens {
        match token.kind {
            Kind::Open(Bracket::Brace) => open += 1,
            Kind::Close(Bracket::Brace) if open == 0 => surplus += 1,
            Kind::Close(Bracket::Brace) => open -= 1,
            _ => {}
        }
    }
    (open, surplus)
}

/// Whether `key:` or `@trait` stands at the start of these tokens.
fn begins_item(tokens: &[Tok]) -> bool {
    match tokens {
        [key, colon, ..] if key.kind == Kind::Ident => colon.kind == Kind::Colon && !colon.first,
        [at, ..] => at.kind == Kind::At,
        [] => false,
    }
}

fn indentation(text: &str, start: u32) -> u32 {
    let before = &text[..start as usize];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    before[line..]
        .chars()
        .take_while(|c| c.is_whitespace())
        .map(|c| if c == '\t' { 4 } else { 1 })
        .sum()
}

impl Pass<'_> {
    fn open(&mut self, token: Tok, bracket: Bracket, indent: u32) {
        if self.beyond > 0 || self.waiting.len() == MAX_DEPTH {
            if self.beyond == 0 {
                self.report_depth(token);
                self.out.push(Tok {
                    kind: Kind::Raw,
                    ..token
                });
            }
            self.beyond += 1;
            return;
        }
        let mut since_brace = match (bracket, self.waiting.last()) {
            (Bracket::Brace, _) | (_, None) => [0, 0],
            (_, Some(top)) => top.since_brace,
        };
        match bracket {
            Bracket::Paren => since_brace[0] += 1,
            Bracket::Square => since_brace[1] += 1,
            Bracket::Brace => {}
        }
        self.waiting.push(Waiting {
            bracket,
            index: self.out.len(),
            indent,
            since_brace,
        });
        self.out.push(token);
    }

    fn close(&mut self, token: Tok, bracket: Bracket, indent: u32, index: usize) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(top) = self.waiting.last().copied() else {
            return self.stray(token, bracket, index);
        };
        if top.bracket == bracket {
            // With a brace too many, the one that stands further in than what it would close is the likely one.
            if self.surplus > 0 && bracket == Bracket::Brace && token.first && indent > top.indent {
                self.surplus -= 1;
                return self.stray(token, bracket, index);
            }
            return self.pop_with(token);
        }
        let reachable = match bracket {
            Bracket::Paren => top.since_brace[0] > 0,
            Bracket::Square => top.since_brace[1] > 0,
            Bracket::Brace => self.waiting.iter().any(|one| one.bracket == Bracket::Brace),
        };
        if reachable {
            let from = self
                .waiting
                .iter()
                .rposition(|one| one.bracket == bracket)
                .unwrap_or(0);
            self.close_waiting(from + 1, token.start, Some(token.span()));
            self.pop_with(token);
        } else if self.same_line(top, token) || indent == top.indent && token.first {
            self.mismatched(top, token, bracket);
        } else {
            self.stray(token, bracket, index);
        }
    }

    /// Closes openers whose line is indented at least as far as this line begins, as far as closers are missing.
    fn close_by_indent(&mut self, token: Tok, indent: u32) {
        if self.missing == 0 || self.beyond > 0 {
            return;
        }
        let closes = matches!(token.kind, Kind::Close(_) | Kind::Open(Bracket::Brace));
        let keep = self
            .waiting
            .iter()
            .rposition(|one| {
                if closes {
                    one.indent <= indent
                } else {
                    one.indent < indent
                }
            })
            .map_or(0, |at| at + 1);
        let braces = self.waiting[keep..]
            .iter()
            .filter(|one| one.bracket == Bracket::Brace)
            .count();
        if braces == 0 || braces > self.missing || (closes && keep == 0) {
            return;
        }
        self.missing -= braces;
        self.close_waiting(keep, token.start, Some(token.span()));
    }

    /// Closes round and square brackets above a line that begins an item no further in than they do.
    fn close_lists(&mut self, token: Tok, indent: u32) {
        let inner = self
            .waiting
            .iter()
            .rposition(|one| one.bracket == Bracket::Brace)
            .map_or(0, |at| at + 1);
        let keep = self.waiting[inner..]
            .iter()
            .position(|one| one.indent >= indent)
            .map(|at| at + inner);
        if let (Some(keep), 0) = (keep, self.beyond) {
            self.close_waiting(keep, token.start, Some(token.span()));
        }
    }

    fn same_line(&self, top: Waiting, token: Tok) -> bool {
        !self.text[self.out[top.index].end as usize..token.start as usize].contains('\n')
    }

    fn pop_with(&mut self, closer: Tok) {
        if let Some(top) = self.waiting.pop() {
            self.out[top.index].partner = (self.out.len() - top.index) as u32;
        }
        self.out.push(closer);
    }

    /// Inserts the closers of everything that waits from `keep` on, with one report for all of them.
    fn close_waiting(&mut self, keep: usize, before: u32, here: Option<Span>) {
        let Some(top) = self
            .waiting
            .get(keep..)
            .and_then(<[Waiting]>::last)
            .copied()
        else {
            return;
        };
        if !self.too_deep && !self.quiet {
            self.report_unclosed(top, self.waiting.len() - keep, before, here);
        }
        let at = self.out.last().map_or(before, |last| last.end);
        while self.waiting.len() > keep {
            let Some(top) = self.waiting.last() else {
                break;
            };
            let kind = Kind::Close(top.bracket);
            self.pop_with(Tok {
                kind,
                first: false,
                glued: false,
                start: at,
                end: at,
                partner: 0,
            });
        }
    }

    fn report_unclosed(&mut self, top: Waiting, count: usize, before: u32, here: Option<Span>) {
        let (opener, closer) = (top.bracket.opener(), top.bracket.closer());
        let all: String = self.waiting[self.waiting.len() - count..]
            .iter()
            .rev()
            .map(|one| one.bracket.closer())
            .collect();
        let message = match count {
            1 => format!("this `{opener}` is never closed"),
            _ => format!(
                "this `{opener}` and {} around it are never closed",
                count - 1
            ),
        };
        let after = self.out.last().map_or(before, |last| last.end);
        let mut report = Diagnostic::error(&codes::UNCLOSED, message, self.out[top.index].span())
            .label(format!("no `{closer}` closes it"))
            .help(format!("write `{closer}` where the block ends"));
        report = match here {
            Some(span) => report.also(span, format!("`{closer}` seems to be missing before this")),
            None => report.also(Span::new(after, after), "the file ends here"),
        };
        self.reports.push(report.fix(Fix {
            message: format!("insert `{all}`"),
            span: Span::new(after, after),
            replacement: all,
            applicability: Applicability::Unsafe,
        }));
    }

    fn stray(&mut self, token: Tok, bracket: Bracket, index: usize) {
        let follows = self.stray_end.is_some_and(|last| last + 1 == index);
        self.stray_end = Some(index);
        // Several in a row have one cause.
        if follows {
            return;
        }
        let closer = bracket.closer();
        self.reports.push(
            Diagnostic::error(
                &codes::STRAY_CLOSER,
                format!("this `{closer}` closes nothing"),
                token.span(),
            )
            .label(format!("no open `{}` waits for it", bracket.opener()))
            .help("remove it, or open the block that it should close")
            .fix(Fix {
                message: "remove it".into(),
                span: token.span(),
                replacement: String::new(),
                applicability: Applicability::Unsafe,
            }),
        );
    }

    fn mismatched(&mut self, top: Waiting, token: Tok, found: Bracket) {
        let opener = self.out[top.index].span();
        let right = top.bracket.closer();
        self.reports.push(
            Diagnostic::error(
                &codes::MISMATCHED_CLOSER,
                format!(
                    "`{}` is closed by `{}`",
                    top.bracket.opener(),
                    found.closer()
                ),
                token.span(),
            )
            .label(format!("write `{right}` here"))
            .also(opener, "opened here")
            .fix(Fix {
                message: format!("write `{right}`"),
                span: token.span(),
                replacement: right.to_string(),
                applicability: Applicability::Unsafe,
            }),
        );
        self.pop_with(Tok {
            kind: Kind::Close(top.bracket),
            ..token
        });
    }

    fn report_depth(&mut self, token: Tok) {
        if self.too_deep {
            return;
        }
        self.too_deep = true;
        self.reports.push(
            Diagnostic::error(
                &codes::TOO_DEEP,
                format!("brackets are nested more than {MAX_DEPTH} deep"),
                token.span(),
            )
            .label("what is inside this one is not read")
            .help("move inner blocks into templates of their own"),
        );
    }

    fn finish(mut self) -> (Vec<Tok>, Vec<Diagnostic>) {
        self.close_waiting(0, self.text.len() as u32, None);
        (self.out, self.reports)
    }
}
