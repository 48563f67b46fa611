//! Values: literals exactly, anything else as its extent.
//!
//! What belongs here: lists, maps, names, calls, functions. What never will: an operator's meaning.

use super::cursor::Cursor;
use crate::ast::{Name, Span, Value, ValueKind};
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::token::{Bracket, Kind, Tok};

impl Cursor<'_, '_> {
    /// Reads a value, or nothing if none begins here.
    pub(super) fn value(&mut self) -> Option<Value> {
        let token = self.peek(0)?;
        let kind = match token.kind {
            Kind::Number => {
                self.skip();
                self.number(token, false)
            }
            Kind::Sign if self.kind(1) == Some(Kind::Number) => {
                let negative = self.text(token) != "+";
                self.skip();
                let number = self.peek(0)?;
                self.skip();
                self.number(number, negative)
            }
            Kind::Str | Kind::Template | Kind::SmartStr => self.string(token),
            Kind::Color => {
                self.skip();
                ValueKind::Color(self.text(token).to_owned())
            }
            Kind::Ident => self.word_value(token),
            Kind::Open(Bracket::Square) => self.list(),
            Kind::Open(Bracket::Brace) => self.map(),
            Kind::Open(Bracket::Paren) | Kind::Regex | Kind::Raw => {
                self.skip();
                ValueKind::Expr
            }
            Kind::At | Kind::Lt | Kind::Spread | Kind::Op | Kind::Sign | Kind::Hash => {
                let function = self.expression(false);
                if function {
                    ValueKind::Function
                } else {
                    ValueKind::Expr
                }
            }
            Kind::Unknown if self.text(token) == "'" => self.open_string(token),
            // `-> "state" guard(…) action(…)`: a transition.
            Kind::Arrow => {
                self.skip();
                self.rest_of_line();
                ValueKind::Expr
            }
            _ => return None,
        };
        let end = self.at;
        let function = self.expression(true);
        let kind = match (self.at > end, function) {
            (true, true) => ValueKind::Function,
            (true, false) => ValueKind::Expr,
            (false, _) => kind,
        };
        Some(Value {
            kind,
            span: self.since(token.start),
        })
    }

    fn string(&mut self, token: Tok) -> ValueKind {
        self.skip();
        let text = self.unquote(token);
        if token.kind == Kind::SmartStr {
            self.report(
                Diagnostic::error(
                    &codes::SMART_QUOTES,
                    "typographic quotes do not make a string",
                    token.span(),
                )
                .label("write straight quotes (`\"`) here")
                .fix(Fix {
                    message: "write straight quotes".into(),
                    span: token.span(),
                    replacement: format!("{text:?}"),
                    applicability: Applicability::Safe,
                }),
            );
        }
        if text.contains("${") {
            ValueKind::Expr
        } else {
            ValueKind::Str(text)
        }
    }

    /// `'text` without its closing quote: the rest of the line is the text.
    fn open_string(&mut self, token: Tok) -> ValueKind {
        self.skip();
        self.rest_of_line();
        let span = self.since(token.start);
        // A bracket may have taken further lines with it, but a text in single quotes ends with its line. Nothing says that
        // the blanks in it are a part of it, and it reads alike however they are laid out.
        let line = self.slice(span).lines().next().unwrap_or_default();
        let words: Vec<&str> = line.trim_start_matches('\'').split_whitespace().collect();
        let text = words.join(" ");
        self.report(
            Diagnostic::error(
                &codes::UNTERMINATED_STRING,
                "this string is never closed",
                span,
            )
            .label("no closing `'` follows on this line")
            .help("write `'` where the text ends")
            .fix(Fix {
                message: "close it with `'`".into(),
                span: Span::new(span.end, span.end),
                replacement: "'".into(),
                applicability: Applicability::Unsafe,
            }),
        );
        ValueKind::Str(text)
    }

    fn word_value(&mut self, token: Tok) -> ValueKind {
        let word = self.text(token);
        if word == "function" || self.is_prefix_word() {
            let function = self.expression(false);
            return if function {
                ValueKind::Function
            } else {
                ValueKind::Expr
            };
        }
        let path = self.path();
        if path.len() == 1 {
            match word {
                "true" => return ValueKind::Bool(true),
                "false" => return ValueKind::Bool(false),
                "null" | "none" | "undefined" => return ValueKind::Null,
                _ => {}
            }
        }
        let call = self.here_on_line() == Some(Kind::Open(Bracket::Paren));
        if call {
            let callee = self.slice(self.since(token.start)).to_owned();
            self.skip();
            return ValueKind::Call(callee);
        }
        ValueKind::Path(path)
    }

    /// A dotted name.
    pub(super) fn path(&mut self) -> Vec<Name> {
        let mut path = vec![self.take_name()];
        while self
            .peek(0)
            .is_some_and(|dot| dot.kind == Kind::Dot && dot.glued)
            && self
                .peek(1)
                .is_some_and(|next| next.kind == Kind::Ident && next.glued)
        {
            self.skip();
            path.push(self.take_name());
        }
        path
    }

    fn list(&mut self) -> ValueKind {
        let reports = self.reports();
        let items = self.inside(|inner| {
            let mut items = Vec::new();
            let mut after_item = false;
            while !inner.at_end() {
                if inner.commas(after_item) {
                    after_item = false;
                    continue;
                }
                items.push(inner.value()?);
                after_item = true;
            }
            Some(items)
        });
        items.map_or_else(
            || {
                self.forget(reports);
                ValueKind::Expr
            },
            ValueKind::List,
        )
    }

    fn map(&mut self) -> ValueKind {
        if !self.looks_like_map() {
            self.skip();
            return ValueKind::Expr;
        }
        let reports = self.reports();
        let fields = self.inside(|inner| {
            let mut fields = Vec::new();
            let mut after_item = false;
            while !inner.at_end() {
                if inner.commas(after_item) || inner.eat(Kind::Semi) {
                    after_item = false;
                    continue;
                }
                fields.push(inner.map_field()?);
                after_item = true;
            }
            Some(fields)
        });
        fields.map_or_else(
            || {
                self.forget(reports);
                ValueKind::Expr
            },
            ValueKind::Map,
        )
    }

    /// Whether the group here reads like fields, judged by its first tokens.
    pub(super) fn looks_like_map(&self) -> bool {
        let inner = self.group();
        let Some(first) = inner.first() else {
            return true;
        };
        let keyed = matches!(
            first.kind,
            Kind::Ident | Kind::Str | Kind::Number | Kind::SmartStr
        );
        match inner.get(1).map(|second| second.kind) {
            None | Some(Kind::Colon | Kind::Comma) => keyed,
            Some(Kind::Eq) => keyed,
            Some(Kind::Question) => {
                keyed && inner.get(2).is_some_and(|third| third.kind == Kind::Colon)
            }
            _ => false,
        }
    }

    /// Steps over commas; reports one that separates nothing. Returns whether there was any.
    pub(super) fn commas(&mut self, after_item: bool) -> bool {
        if self.kind(0) != Some(Kind::Comma) {
            return false;
        }
        if after_item {
            self.skip();
        }
        if self.kind(0) == Some(Kind::Comma) {
            let first = self.here();
            while self.eat(Kind::Comma) {}
            let span = self.since(first.start);
            self.report(
                Diagnostic::error(
                    &codes::DOUBLE_COMMA,
                    "a comma stands where an item was expected",
                    span,
                )
                .label("nothing stands before this comma")
                .help("one comma separates two items")
                .fix(Fix {
                    message: "remove it".into(),
                    span,
                    replacement: String::new(),
                    applicability: Applicability::Unsafe,
                }),
            );
        }
        true
    }
}
