//! Types of fields and declarations: whether one stands here, and how far it may reach.
//!
//! What belongs here: looking ahead before the rule for types (`rules.rs`) is asked. What never will: the rule itself.

use super::cursor::Cursor;
use crate::ast::Type;
use crate::token::{Bracket, Kind, Tok};

/// How deeply `Map<Map<…>>` may nest before it is kept as text.
const MAX_TYPE_DEPTH: u32 = 32;

impl<'s> Cursor<'s, '_> {
    /// A type, where the text can be nothing else.
    pub(super) fn annotation(&mut self, after_modifier: bool) -> Option<Type> {
        let token = self.peek(0)?;
        if token.first && token.kind != Kind::Pipe
            || !(self.can_only_be_type(token) || after_modifier && token.kind == Kind::Ident)
        {
            return None;
        }
        let (ty, length) = self.type_here()?;
        let follows = self.peek(length);
        let ends = follows.is_none_or(|next| {
            let separated =
                next.first || matches!(next.kind, Kind::Comma | Kind::Semi | Kind::Eq | Kind::At);
            separated
                || next.kind == Kind::Ident
                    && (self.text(next) == "if" || self.same_line(length + 1) == Some(Kind::Colon))
        });
        if !ends {
            return None;
        }
        self.at += length;
        Some(ty)
    }

    fn can_only_be_type(&self, token: Tok) -> bool {
        let mut ahead = match token.kind {
            Kind::Pipe => return true,
            Kind::Ident | Kind::Str => 1,
            Kind::Open(_) => self.after(0),
            _ => return false,
        };
        while self.kind(ahead) == Some(Kind::Dot) && self.kind(ahead + 1) == Some(Kind::Ident) {
            ahead += 2;
        }
        let Some(next) = self.peek(ahead) else {
            return false;
        };
        let empty = next.partner == 1 && next.glued;
        match next.kind {
            Kind::Eq => !next.first && token.kind != Kind::Str,
            Kind::Pipe => true,
            Kind::Open(Bracket::Square) => empty,
            Kind::Lt => next.glued && token.kind == Kind::Ident,
            Kind::Question => {
                next.glued
                    && (self.is_separated(ahead + 1) || self.kind(ahead + 1) == Some(Kind::Eq))
            }
            Kind::Ident => self.word(0) == Some("typeof") && !next.first,
            _ => false,
        }
    }

    /// The type here, and how many tokens it takes; nothing if it is none, or nested more deeply than the rule may recurse.
    pub(super) fn type_here(&mut self) -> Option<(Type, usize)> {
        let tokens = self.type_tokens()?;
        let rules = self.rules();
        rules.ty(tokens, self.context)
    }

    /// The tokens that a type here may be made of: the rule looks at all that it is given, which must not be the rest of
    /// the file. Nothing where angle brackets and arrows nest too deeply in them.
    fn type_tokens(&self) -> Option<&'s [Tok]> {
        let (mut depth, mut arrows, mut ahead) = (0_u32, 0, 0);
        let mut goes_on = true;
        while let Some(token) = self.peek(ahead) {
            let joins = matches!(token.kind, Kind::Pipe | Kind::Arrow);
            if token.first && depth == 0 && !goes_on && !joins {
                break;
            }
            match token.kind {
                Kind::Lt => depth += 1,
                Kind::Gt => depth = depth.saturating_sub(1),
                Kind::Arrow => arrows += 1,
                Kind::Ident | Kind::Str | Kind::Number | Kind::Dot | Kind::Comma => {}
                Kind::Pipe | Kind::Question | Kind::Open(_) => {}
                _ => break,
            }
            if depth + arrows > MAX_TYPE_DEPTH {
                return None;
            }
            goes_on = joins;
            ahead = self.after(ahead);
        }
        self.tokens.get(self.at..self.at + ahead)
    }
}
