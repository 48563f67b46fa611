//! Pairs of brackets, in one pass over the tokens.
//!
//! What belongs here: which closer belongs to which opener, and reports where there is none. Afterwards every opener has
//! its closer, so that the parser can take a group as a slice and nothing can escape it. What never will: what a group
//! means.
//!
//! A first look only counts. A text in which every bracket has its partner is never judged by its indentation; in any
//! other, indentation tells which opener lacks its closer, as a person would.

mod reports;
mod survey;

use std::collections::VecDeque;

use crate::ast::Span;
use crate::diagnostic::{Diagnostic, Reports};
use crate::token::{Bracket, Kind, Tok};
use survey::{lone, pair_balanced, suspects, swallowed};

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
    tokens: &'s [Tok],
    /// The first token of the line.
    line: usize,
    out: Vec<Tok>,
    waiting: Vec<Waiting>,
    reports: Reports,
    /// How many braces may still be closed by indentation alone.
    missing: usize,
    /// How many round and square brackets may be.
    missing_lists: usize,
    /// How many closing braces there are too many.
    surplus: usize,
    /// How many closers have their openers in a string that was closed too late: strays with a cause of their own.
    explained: usize,
    /// Strings that seem to end too soon, by their place among the tokens, with the brackets that each leaves open.
    suspects: VecDeque<(usize, usize)>,
    /// The line whose strings are counted in that, by its first token.
    counted: Option<usize>,
    /// Openers and closers beyond the depth limit that wait for one another.
    beyond: usize,
    too_deep: bool,
    quiet: bool,
    stray_end: Option<usize>,
}

/// Pairs all brackets. `quiet` leaves out unclosed openers, for a text whose end was swallowed by a comment; `open` are
/// the places of strings that were never closed.
pub(crate) fn pair(
    text: &str,
    tokens: Vec<Tok>,
    quiet: bool,
    open: &[u32],
) -> (Vec<Tok>, Vec<Diagnostic>) {
    let mut tokens = tokens;
    if pair_balanced(&mut tokens) {
        return (tokens, Vec::new());
    }
    let lone = lone(&tokens);
    let mut pass = Pass {
        text,
        tokens: &tokens,
        line: 0,
        out: Vec::with_capacity(tokens.len() + 8),
        waiting: Vec::new(),
        reports: Reports::default(),
        missing: lone.braces.min(MAX_BY_INDENT),
        missing_lists: lone.lists.min(MAX_BY_INDENT),
        surplus: lone.surplus.min(MAX_BY_INDENT),
        explained: 0,
        suspects: suspects(text, &tokens),
        counted: None,
        beyond: 0,
        too_deep: false,
        quiet,
        stray_end: None,
    };
    let mut indent = 0;
    let mut open = open.iter().peekable();
    for (index, token) in tokens.iter().enumerate() {
        if token.first {
            pass.line = index;
            indent = indentation(text, token.start);
            pass.close_by_indent(*token, indent);
            if begins_item(&tokens[index..]) || pass.lacks_list(index) {
                pass.close_lists(*token, indent);
            }
        }
        if open.next_if(|at| **at <= token.start).is_some() {
            pass.explain();
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
                    partner: 0,
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
        // A list that is closed by a brace too many is closed by the wrong bracket.
        if self.surplus > 0
            && self.missing_lists > 0
            && bracket == Bracket::Brace
            && self.same_line(top, token)
        {
            self.surplus -= 1;
            self.missing_lists -= 1;
            return self.mismatched(top, token, bracket);
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

    /// Whether a line begins with a word at the place of an item, while a list waits that nothing in the text closes.
    fn lacks_list(&self, index: usize) -> bool {
        let [.., before, here] = &self.tokens[..=index] else {
            return false;
        };
        self.missing_lists > 0
            && here.kind == Kind::Ident
            && matches!(
                before.kind,
                Kind::Close(_) | Kind::Ident | Kind::Str | Kind::Number | Kind::Template
            )
    }

    /// Counts the closers whose openers stand in a string of this line, once.
    fn explain(&mut self) {
        if self.counted != Some(self.line) {
            self.counted = Some(self.line);
            self.explained += swallowed(self.text, &self.tokens[self.line..]);
        }
    }

    /// A closer without an opener. One whose opener a string swallowed has been spoken of already.
    fn stray(&mut self, token: Tok, bracket: Bracket, index: usize) {
        let follows = self.stray_end.is_some_and(|last| last + 1 == index);
        self.stray_end = Some(index);
        if self.explained > 0 {
            self.explained -= 1;
        } else if !follows {
            // Several in a row have one cause.
            let mut suspect = None;
            while self.suspects.front().is_some_and(|(at, _)| *at < index) {
                suspect = self.suspects.pop_front();
            }
            self.report_stray(
                token,
                bracket,
                suspect.map(|(at, _)| self.tokens[at].span()),
            );
            self.explained += suspect.map_or(0, |(_, count)| count.saturating_sub(1));
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

    fn finish(mut self) -> (Vec<Tok>, Vec<Diagnostic>) {
        self.close_waiting(0, self.text.len() as u32, None);
        (self.out, self.reports.into_vec())
    }
}
