//! The place in the tokens of a group, and what parsing shares.
//!
//! What belongs here: looking at tokens, stepping over them, reporting. What never will: a rule of the language.

use std::rc::Rc;

use chumsky::inspector::SimpleState;

use super::rules::Rules;
use crate::ast::{Name, Span};
use crate::diagnostic::{Diagnostic, Reports};
use crate::token::{Bracket, Comment, Kind, Tok};

/// What all rules share.
pub(super) struct Context<'s> {
    pub(super) text: &'s str,
    pub(super) comments: &'s [Comment],
    pub(super) diagnostics: Reports,
    pub(super) rules: Rc<Rules<'s>>,
}

/// The context as combinators carry it.
pub(super) type State<'s> = SimpleState<Context<'s>>;

/// A place in a slice of tokens in which every bracket has its partner.
pub(super) struct Cursor<'s, 'c> {
    pub(super) tokens: &'s [Tok],
    pub(super) at: usize,
    pub(super) context: &'c mut State<'s>,
}

impl<'s, 'c> Cursor<'s, 'c> {
    /// At the start of some tokens.
    pub(super) fn new(tokens: &'s [Tok], context: &'c mut State<'s>) -> Self {
        Self {
            tokens,
            at: 0,
            context,
        }
    }

    /// Reads the inside of the group whose opener stands here, with a cursor of its own, and steps over the group.
    pub(super) fn inside<T>(&mut self, read: impl FnOnce(&mut Cursor<'s, '_>) -> T) -> T {
        let inner = self.group();
        let result = read(&mut Cursor::new(inner, self.context));
        self.skip();
        result
    }

    /// The tokens between the opener here and its closer.
    pub(super) fn group(&self) -> &'s [Tok] {
        let partner = self
            .tokens
            .get(self.at)
            .map_or(0, |token| token.partner as usize);
        self.tokens
            .get(self.at + 1..self.at + partner)
            .unwrap_or_default()
    }

    /// The token `ahead` of this one.
    pub(super) fn peek(&self, ahead: usize) -> Option<Tok> {
        self.tokens.get(self.at + ahead).copied()
    }

    /// The kind of the token `ahead` of this one.
    pub(super) fn kind(&self, ahead: usize) -> Option<Kind> {
        self.peek(ahead).map(|token| token.kind)
    }

    /// The kind of a token `ahead`, if no line break stands between here and there.
    pub(super) fn same_line(&self, ahead: usize) -> Option<Kind> {
        let between = self.tokens.get(self.at + 1..=self.at + ahead)?;
        if between.iter().any(|token| token.first) {
            None
        } else {
            self.kind(ahead)
        }
    }

    /// The kind of the token here if it stands on the line of the token before.
    pub(super) fn here_on_line(&self) -> Option<Kind> {
        self.peek(0)
            .filter(|token| !token.first)
            .map(|token| token.kind)
    }

    /// Whether the token `ahead` is an opening brace on this line or alone at the start of the next.
    pub(super) fn is_brace(&self, ahead: usize) -> bool {
        self.kind(ahead) == Some(Kind::Open(Bracket::Brace))
    }

    /// Whether nothing is left.
    pub(super) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Steps over one token, or over a whole group.
    pub(super) fn skip(&mut self) {
        let partner = self
            .tokens
            .get(self.at)
            .map_or(0, |token| token.partner as usize);
        self.at = (self.at + partner + 1).min(self.tokens.len());
    }

    /// How many tokens `skip` would step over, were it `ahead`.
    pub(super) fn after(&self, ahead: usize) -> usize {
        ahead + 1 + self.peek(ahead).map_or(0, |token| token.partner as usize)
    }

    /// Steps over a token of this kind.
    pub(super) fn eat(&mut self, kind: Kind) -> bool {
        let found = self.kind(0) == Some(kind);
        if found {
            self.skip();
        }
        found
    }

    /// The text of a token.
    pub(super) fn text(&self, token: Tok) -> &'s str {
        &self.context.0.text[token.span().range()]
    }

    /// The word `ahead`, if it is a name.
    pub(super) fn word(&self, ahead: usize) -> Option<&'s str> {
        self.peek(ahead)
            .filter(|token| token.kind == Kind::Ident)
            .map(|token| self.text(token))
    }

    /// The text of a span.
    pub(super) fn slice(&self, span: Span) -> &'s str {
        &self.context.0.text[span.range()]
    }

    /// The span of the last token that was read, or an empty one at the start.
    pub(super) fn before(&self) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or_else(|| Span::new(self.end(), self.end()), |token| token.span())
    }

    /// One past the last byte that was read.
    pub(super) fn end(&self) -> u32 {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.or(self.tokens.first()).map_or(0, |token| token.end)
    }

    /// From a byte to the last one that was read.
    pub(super) fn since(&self, start: u32) -> Span {
        Span::new(start, self.end().max(start))
    }

    /// The first byte of the token here.
    pub(super) fn start(&self) -> u32 {
        self.peek(0).map_or_else(|| self.end(), |token| token.start)
    }

    /// The span of the token here, or an empty one at the end.
    pub(super) fn here(&self) -> Span {
        self.peek(0)
            .map_or_else(|| Span::new(self.end(), self.end()), Tok::span)
    }

    /// A token as a name.
    pub(super) fn name_of(&mut self, token: Tok) -> Name {
        let text = match token.kind {
            Kind::Str | Kind::Template | Kind::SmartStr => self.unquote(token),
            _ => self.text(token).to_owned(),
        };
        Name {
            text,
            span: token.span(),
        }
    }

    /// Takes the token here as a name.
    pub(super) fn take_name(&mut self) -> Name {
        let token = self.peek(0).unwrap_or(Tok {
            kind: Kind::Unknown,
            first: false,
            glued: false,
            start: self.end(),
            end: self.end(),
            partner: 0,
        });
        self.skip();
        self.name_of(token)
    }

    /// Reports a mistake.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.context.0.diagnostics.push(diagnostic);
    }

    /// How many mistakes were reported so far.
    pub(super) fn reports(&self) -> usize {
        self.context.0.diagnostics.len()
    }

    /// Forgets the mistakes reported since there were `count`.
    pub(super) fn forget(&mut self, count: usize) {
        self.context.0.diagnostics.truncate(count);
    }

    /// The shared rules.
    pub(super) fn rules(&self) -> Rc<Rules<'s>> {
        Rc::clone(&self.context.0.rules)
    }
}
