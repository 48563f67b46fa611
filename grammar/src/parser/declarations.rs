//! Declarations of the typed modules: constants and names of types.
//!
//! What belongs here: `const`, `let`, `var` and `type`. What never will: declarations with a body of their own, which are
//! nodes (`struct`, `interface`) or code (`function`, `class`).
//!
//! What does not fit the form is no mistake, but a statement that is kept as text.

use super::cursor::Cursor;
use super::items::Scope;
use crate::ast::{Alias, Const, Item, Name, Node, Span, Type, Value, ValueKind};
use crate::token::{Bracket, Kind};

impl<'s> Cursor<'s, '_> {
    /// The declaration that a word begins, or nothing if it is a statement of another form.
    pub(super) fn declaration(&mut self, word: &str) -> Option<Item> {
        if self.same_line(1) != Some(Kind::Ident) {
            return None;
        }
        let (at, reports) = (self.at, self.reports());
        let item = match word {
            "const" | "let" | "var" => self.constant(),
            "type" => self.alias(),
            _ => None,
        };
        if item.is_none() {
            self.at = at;
        }
        if matches!(item, None | Some(Item::Const(_))) {
            // Values of constants are as free as code.
            self.forget(reports);
        }
        item
    }

    /// `const name: T = value`.
    fn constant(&mut self) -> Option<Item> {
        let (from, start) = (self.at, self.start());
        self.statement(true);
        let end = self.at;
        self.at = from;
        let docs = self.docs_before(start);
        let kind = self.take_name();
        let name = self.take_name();
        let ty = if self.eat(Kind::Colon) {
            Some(self.declared_type()?)
        } else {
            None
        };
        let mut value = None;
        if self.here_on_line() == Some(Kind::Eq) {
            self.skip();
            value = Some(self.constant_value(end)?);
        }
        if self.at < end {
            return None;
        }
        Some(Item::Const(Const {
            docs,
            kind,
            name,
            ty,
            value,
            span: self.since(start),
        }))
    }

    /// The value of a constant; what goes on after it to the end of the statement makes it an expression.
    fn constant_value(&mut self, end: usize) -> Option<Value> {
        let start = self.start();
        let mut value = self.value()?;
        if self.at < end {
            // `let a = 1, b = 2` declares two.
            if self.kind(0) == Some(Kind::Comma) {
                return None;
            }
            self.at = end;
            value = Value {
                kind: ValueKind::Expr,
                span: self.since(start),
            };
        }
        Some(value)
    }

    /// `type Name = T`, or `type Name = { … }`, which declares fields as a `struct` does.
    fn alias(&mut self) -> Option<Item> {
        let start = self.start();
        let docs = self.docs_before(start);
        let kind = self.take_name();
        let name = self.take_name();
        if let Some(end) = self.generics(0) {
            self.at += end;
        }
        if !self.eat(Kind::Eq) {
            return None;
        }
        if self.is_brace(0) && self.is_separated(self.after(0)) {
            return Some(Item::Node(self.shape(docs, kind, name, start)));
        }
        let ty = self.declared_type()?;
        Some(Item::Alias(Alias {
            docs,
            name,
            ty,
            span: self.since(start),
        }))
    }

    fn shape(&mut self, docs: Vec<String>, kind: Name, name: Name, start: u32) -> Node {
        let open = self.start();
        let items = self.inside(|inner| inner.items(Scope::State));
        Node {
            docs,
            kind,
            name: Some(name),
            id: None,
            using: None,
            header: Vec::new(),
            items,
            block: Some(Span::new(open, self.end())),
            span: self.since(start),
        }
    }

    /// A type that ends where a declaration may go on or end.
    fn declared_type(&mut self) -> Option<Type> {
        let (ty, length) = self.type_here()?;
        let ends = self.is_separated(length) || self.kind(length) == Some(Kind::Eq);
        self.at += length;
        (ends && !matches!(self.kind(0), Some(Kind::Open(Bracket::Brace)))).then_some(ty)
    }
}
