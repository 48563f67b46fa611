//! `key: value` in all its forms.
//!
//! What belongs here: keys, modifiers, types, values, conditions and the traits of one field. What never will: where a
//! field may stand.

use super::cursor::Cursor;
use super::items::Scope;
use crate::ast::{Field, Name, Span, TraitUse, Value, ValueKind};
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix, shown};
use crate::token::{Bracket, Kind, Tok};
use crate::words::FIELD_MODIFIERS;

impl<'s> Cursor<'s, '_> {
    /// Whether `key:`, `key =` or `key?:` stands here.
    pub(super) fn is_field(&self) -> bool {
        match self.same_line(1) {
            Some(Kind::Colon | Kind::Eq) => true,
            Some(Kind::Question) => self.same_line(2) == Some(Kind::Colon),
            _ => false,
        }
    }

    /// A field whose key stands here and is followed by its separator.
    pub(super) fn field(&mut self, scope: Scope) -> Field {
        let start = self.start();
        let mut field = self.empty_field(start);
        field.key = self.take_name();
        field.optional = self.eat(Kind::Question);
        let colon = self.kind(0) == Some(Kind::Colon);
        self.skip();
        if colon {
            field.modifier = self.modifier();
            field.ty = self.annotation(field.modifier.is_some());
        }
        let assigned = colon && (field.ty.is_some() || field.modifier.is_some());
        let structured = field.modifier.is_some()
            && field.ty.is_none()
            && self.here_on_line() == Some(Kind::Open(Bracket::Brace));
        let valued = !assigned || structured;
        if valued || (self.here_on_line() == Some(Kind::Eq) && self.eat(Kind::Eq)) {
            field.value = self.field_value(&field.key);
        }
        if self.here_on_line() == Some(Kind::Ident)
            && self.word(0) == Some("if")
            && self.kind(1) == Some(Kind::Open(Bracket::Paren))
        {
            self.skip();
            let group = self.here();
            let closer = self
                .tokens
                .get(self.after(0) + self.at - 1)
                .map_or(group.end, |token| token.start);
            field.condition = Some(Span::new(group.end, closer.max(group.end)));
            self.skip();
        }
        if scope.has_field_traits() {
            self.field_traits(&mut field);
        }
        field.span = self.since(start);
        self.after_field(&field);
        field
    }

    /// `key` alone.
    pub(super) fn flag(&mut self, scope: Scope) -> Field {
        let start = self.start();
        let mut field = self.empty_field(start);
        field.key = self.take_name();
        field.value = Some(Value {
            kind: ValueKind::Bool(true),
            span: field.key.span,
        });
        if scope.has_field_traits() {
            self.field_traits(&mut field);
        }
        field.span = self.since(start);
        field
    }

    /// `health 100`: reported, and read as if the colon were there.
    pub(super) fn field_without_colon(&mut self) -> Field {
        let start = self.start();
        let mut field = self.empty_field(start);
        field.key = self.take_name();
        let mut found = self.here();
        if let (Some(Kind::Sign), Some(number)) = (self.kind(0), self.peek(1)) {
            found = found.to(number.span());
        }
        let after = Span::new(field.key.span.end, field.key.span.end);
        let (key, text) = (shown(&field.key.text), shown(self.slice(found)));
        self.report(
            Diagnostic::error(
                &codes::MISSING_COLON,
                format!("`{key}` is followed by `{text}` without a `:`"),
                found,
            )
            .label("a `:` is missing before this")
            .help(format!("write `{key}: {text}`"))
            .fix(Fix {
                message: "insert `:`".into(),
                span: after,
                replacement: ":".into(),
                applicability: Applicability::Unsafe,
            }),
        );
        field.value = self.value();
        field.span = self.since(start);
        self.rest_of_line();
        field
    }

    /// A field of a map, or nothing if what stands here is none.
    pub(super) fn map_field(&mut self) -> Option<Field> {
        let token = self.peek(0)?;
        if !matches!(
            token.kind,
            Kind::Ident | Kind::Str | Kind::Number | Kind::SmartStr
        ) {
            return None;
        }
        let docs = self.docs_before(token.start);
        let mut field = if self.is_field() {
            self.field(Scope::Map)
        } else if self.is_separated(1) && token.kind != Kind::Number {
            self.flag(Scope::Map)
        } else if self.is_bare_literal(1) && token.kind == Kind::Ident {
            self.field_without_colon()
        } else {
            return None;
        };
        field.docs = docs;
        Some(field)
    }

    /// Whether an item may end before the token `ahead`.
    pub(super) fn is_separated(&self, ahead: usize) -> bool {
        self.peek(ahead)
            .is_none_or(|token| token.first || matches!(token.kind, Kind::Comma | Kind::Semi))
    }

    /// Whether the token `ahead` begins a value that cannot be a name.
    pub(super) fn is_bare_literal(&self, ahead: usize) -> bool {
        match self.same_line(ahead) {
            Some(Kind::Number | Kind::Color | Kind::SmartStr) => true,
            Some(Kind::Open(Bracket::Square)) => {
                // `traits [ "a" ]` is a block of a dialect; a vector lacks its colon.
                let inner = self.tokens.get(self.at + ahead + 1).map(|token| token.kind);
                matches!(inner, Some(Kind::Number | Kind::Sign))
            }
            Some(Kind::Sign) => self.same_line(ahead + 1) == Some(Kind::Number),
            Some(Kind::Ident) => {
                matches!(self.word(ahead), Some("true" | "false" | "null"))
                    && self.is_separated(ahead + 1)
            }
            _ => false,
        }
    }

    fn empty_field(&self, start: u32) -> Field {
        Field {
            docs: Vec::new(),
            key: Name {
                text: String::new(),
                span: Span::new(start, start),
            },
            optional: false,
            modifier: None,
            ty: None,
            value: None,
            traits: Vec::new(),
            condition: None,
            span: Span::new(start, start),
        }
    }

    /// How far a byte stands from the start of its line. A tab counts two, as for the formatter.
    fn column(&self, start: u32) -> usize {
        let before = &self.context.0.text.as_bytes()[..start as usize];
        let line = before.iter().rev().take_while(|byte| **byte != b'\n');
        line.map(|byte| if *byte == b'\t' { 2 } else { 1 }).sum()
    }

    /// `synced` or `replicated`, if a type or a default follows.
    fn modifier(&mut self) -> Option<Name> {
        if self.here_on_line() != Some(Kind::Ident)
            || !self
                .word(0)
                .is_some_and(|word| FIELD_MODIFIERS.contains(&word))
        {
            return None;
        }
        let follows = match self.same_line(1) {
            Some(Kind::Ident) => {
                !matches!(self.same_line(2), Some(Kind::Colon)) && (self.word(1) != Some("if"))
            }
            Some(Kind::Eq | Kind::Str) => true,
            Some(Kind::Open(bracket)) => bracket != Bracket::Paren,
            _ => false,
        };
        follows.then(|| self.take_name())
    }

    fn field_value(&mut self, key: &Name) -> Option<Value> {
        let here = self.peek(0);
        let readable = here.is_some_and(|token| !token.first || self.is_value_below(token, key));
        if let Some(value) = readable.then(|| self.value()).flatten() {
            return Some(value);
        }
        let colon = self.before();
        let mut report = Diagnostic::error(
            &codes::MISSING_VALUE,
            format!("`{}` has no value", shown(&key.text)),
            colon,
        )
        .label("a value is missing after this")
        .help(format!(
            "write a value, as in `{}: 0`, or remove the line",
            shown(&key.text)
        ));
        if let Some(token) =
            here.filter(|token| !token.first && !matches!(token.kind, Kind::Comma | Kind::Semi))
        {
            report = report.also(token.span(), "this does not begin a value");
        }
        self.report(report);
        self.rest_of_line();
        None
    }

    /// Whether a token on the next line is the value of the key above it.
    fn is_value_below(&self, token: Tok, key: &Name) -> bool {
        let deeper = self.column(token.start) > self.column(key.span.start);
        match token.kind {
            Kind::Open(Bracket::Brace) => true,
            Kind::Ident | Kind::Str | Kind::Number => {
                deeper && !self.is_field() && self.kind(1) != Some(Kind::Open(Bracket::Brace))
            }
            Kind::Template | Kind::Open(_) | Kind::Sign | Kind::Color => deeper,
            _ => false,
        }
    }

    /// Traits behind a field on its line, unless something follows that they stand before.
    fn field_traits(&mut self, field: &mut Field) {
        let mut ahead = 0;
        while self
            .peek(ahead)
            .is_some_and(|at| at.kind == Kind::At && !at.first)
        {
            ahead += 2;
            while self.kind(ahead) == Some(Kind::Dot) && self.kind(ahead + 1) == Some(Kind::Ident) {
                ahead += 2;
            }
            for bracket in [Bracket::Paren, Bracket::Brace] {
                if self
                    .peek(ahead)
                    .is_some_and(|open| open.kind == Kind::Open(bracket) && !open.first)
                {
                    ahead = self.after(ahead);
                }
            }
        }
        if ahead == 0 || !self.is_separated(ahead) {
            return;
        }
        let mut traits: Vec<TraitUse> = Vec::new();
        while self.here_on_line() == Some(Kind::At) && self.kind(1) == Some(Kind::Ident) {
            traits.push(self.trait_use(true));
        }
        field.traits.extend(traits);
    }
}
