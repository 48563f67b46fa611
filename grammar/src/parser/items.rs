//! A body: which item begins here.
//!
//! What belongs here: the decision, by peeking at two or three tokens. What never will: the inside of an item. Whatever
//! cannot be read costs its line and no more.

use super::code::is_action;
use super::cursor::Cursor;
use super::traits::is_sync;
use crate::ast::{Item, Name, Span};
use crate::codes;
use crate::diagnostic::{Diagnostic, shown};
use crate::token::{Bracket, Kind};
use crate::words::{CONTROL, STATEMENTS};

/// What the items belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// A file.
    File,
    /// The body of a node; in one that stands on a single line, traits belong to the node and not to a field.
    Node {
        /// Whether it does.
        one_line: bool,
    },
    /// `state { … }`, and the typed fields of a struct.
    State,
    /// The words of an enum, which may stand in quotes.
    Variants,
    /// `networked { … }`.
    Networked,
    /// The block of a trait.
    Args,
    /// A value in braces.
    Map,
}

impl Scope {
    /// Whether a trait on the line of a field belongs to the field.
    pub(super) fn has_field_traits(self) -> bool {
        !matches!(self, Self::Node { one_line: true } | Self::Args)
    }

    /// Whether fields may be handlers here; in the block of a trait they are options.
    fn has_handlers(self) -> bool {
        matches!(self, Self::File | Self::Node { .. } | Self::Networked)
    }
}

impl<'s> Cursor<'s, '_> {
    /// All items to the end of the group.
    pub(super) fn items(&mut self, scope: Scope) -> Vec<Item> {
        let mut items = Vec::new();
        let mut after_item = false;
        while !self.at_end() {
            if self.commas(after_item) || self.eat(Kind::Semi) {
                after_item = false;
                continue;
            }
            let at = self.at;
            self.item(scope, &mut items);
            if self.at == at {
                self.unexpected();
            }
            if let Some(Item::Field(field)) = items.last_mut() {
                let mut docs = std::mem::take(&mut field.docs);
                self.trailing_docs(field.span.end, &mut docs);
                field.docs = docs;
            }
            after_item = true;
        }
        items
    }

    /// One item.
    pub(super) fn item(&mut self, scope: Scope, items: &mut Vec<Item>) {
        let Some(token) = self.peek(0) else { return };
        match token.kind {
            Kind::At => self.at_item(scope, items),
            Kind::Ident => self.word_item(scope, items),
            Kind::Str | Kind::Number | Kind::SmartStr | Kind::Template if self.is_field() => {
                self.field_item(scope, items)
            }
            Kind::Str if self.is_brace(1) => {
                let node = self.node(Some(1));
                items.push(Item::Node(node));
            }
            Kind::Str if scope == Scope::Variants && self.is_separated(1) => {
                self.flag_item(scope, items)
            }
            Kind::Spread => self.spread(items),
            Kind::Str
            | Kind::Template
            | Kind::Raw
            | Kind::Open(_)
            | Kind::Hash
            | Kind::Lt
            | Kind::Op
            | Kind::Assign
            | Kind::Sign
            | Kind::Arrow => {
                self.statement(false);
                items.push(Item::Other(self.since(token.start)));
            }
            _ => self.unexpected(),
        }
    }

    fn word_item(&mut self, scope: Scope, items: &mut Vec<Item>) {
        let start = self.start();
        let Some(word) = self.word(0) else { return };
        if self.is_field() {
            if scope.has_handlers() && self.is_field_handler(word) {
                let kind = self.take_name();
                self.skip();
                items.push(self.code(kind, None, start));
            } else if self.is_state_field(scope, word) {
                items.push(self.state_block(start));
            } else {
                self.field_item(scope, items);
            }
            return;
        }
        if let Some(item) = self.keyword_item(word, start) {
            items.push(item);
            return;
        }
        if word == "export" && self.exports_item() {
            while matches!(self.word(0), Some("export" | "default")) {
                self.skip();
            }
            return self.item(scope, items);
        }
        if let Some(item) = self.code_item(word) {
            self.annotate(item, items);
            return;
        }
        self.head_item(scope, word, items);
    }

    /// What a word of the language begins, when what follows agrees.
    fn keyword_item(&mut self, word: &str, start: u32) -> Option<Item> {
        let brace = self.is_brace(1);
        let named_brace = self.same_line(1) == Some(Kind::Ident)
            && self.same_line(2) == Some(Kind::Open(Bracket::Brace));
        match word {
            "state" if brace || named_brace => Some(self.state_block(start)),
            "props" | "data" if brace => Some(self.state_block(start)),
            "networked" if brace => Some(self.networked_block()),
            "import" if !self.is_separated(1) => Some(self.import(start)),
            "export" if self.hands_on() => Some(self.import(start)),
            _ => None,
        }
    }

    /// Whether an `export` hands on what another source has, or lists what its own has.
    fn hands_on(&self) -> bool {
        let names = if self.word(1) == Some("type") { 2 } else { 1 };
        matches!(
            self.same_line(names),
            Some(Kind::Open(Bracket::Brace) | Kind::Op)
        )
    }

    fn is_state_field(&self, scope: Scope, word: &str) -> bool {
        word == "state"
            && matches!(scope, Scope::File | Scope::Node { .. })
            && matches!(self.same_line(1), Some(Kind::Colon | Kind::Eq))
            && self.same_line(2) == Some(Kind::Open(Bracket::Brace))
    }

    fn field_item(&mut self, scope: Scope, items: &mut Vec<Item>) {
        let docs = self.docs_before(self.start());
        let mut field = self.field(scope);
        field.docs = docs;
        items.push(Item::Field(field));
    }

    /// Whether `export` stands before something with a tree of its own.
    fn exports_item(&self) -> bool {
        matches!(self.same_line(1), Some(Kind::Ident | Kind::At))
    }

    /// A node, a flag, or a line that is kept as text.
    fn head_item(&mut self, scope: Scope, word: &str, items: &mut Vec<Item>) {
        let start = self.start();
        if let Some(item) = self.declaration(word) {
            items.push(item);
        } else if STATEMENTS.contains(&word) && !self.is_separated(1) {
            self.statement(matches!(word, "const" | "let" | "var"));
            items.push(Item::Other(self.since(start)));
        } else if self.is_bare_literal(1) && !self.is_brace(2)
            || scope == Scope::Networked && self.is_bare_marker()
        {
            let docs = self.docs_before(start);
            let mut field = self.field_without_colon();
            field.docs = docs;
            items.push(Item::Field(field));
        } else if self.abuts() {
            self.flag_item(scope, items);
        } else if let Some(block) = self.head_block() {
            let node = self.node(Some(block));
            items.push(Item::Node(node));
        } else if self.is_separated(1) || self.traits_to_line_end() {
            self.flag_item(scope, items);
        } else if self.is_bare_head() && !CONTROL.contains(&word) {
            let node = self.node(None);
            items.push(Item::Node(node));
        } else {
            self.statement(false);
            items.push(Item::Other(self.since(start)));
        }
    }

    /// Whether a name is followed by a marker as if a colon stood between them.
    fn is_bare_marker(&self) -> bool {
        self.same_line(1) == Some(Kind::Ident)
            && matches!(
                self.word(1),
                Some("synced" | "replicated" | "interpolated" | "owner_only")
            )
            && self.is_separated(2)
    }

    fn flag_item(&mut self, scope: Scope, items: &mut Vec<Item>) {
        let docs = self.docs_before(self.start());
        let mut field = self.flag(scope);
        field.docs = docs;
        items.push(Item::Field(field));
    }

    /// Whether another field follows on the line, so that the word here is a flag.
    fn abuts(&self) -> bool {
        self.same_line(1) == Some(Kind::Ident)
            && self.same_line(2) == Some(Kind::Colon)
            && self.block_ahead().is_none()
    }

    /// The braces of a head; an operator or a call in between means a statement.
    fn head_block(&self) -> Option<usize> {
        match self.same_line(1) {
            Some(
                Kind::Dot
                | Kind::Op
                | Kind::Sign
                | Kind::Gt
                | Kind::Lt
                | Kind::Question
                | Kind::Pipe,
            ) => None,
            _ => self.block_ahead(),
        }
    }

    /// Whether only traits follow on the line, as in `position @synced`.
    fn traits_to_line_end(&self) -> bool {
        self.same_line(1) == Some(Kind::At) && self.peek(1).is_some_and(|at| !at.glued)
    }

    /// Whether the line is a keyword with a name and perhaps traits.
    fn is_bare_head(&self) -> bool {
        let named = match self.same_line(1) {
            Some(Kind::Str | Kind::Ident) => 2,
            Some(Kind::Hash | Kind::At) => 3,
            _ => return false,
        };
        self.is_separated(named)
            || self.kind(named) == Some(Kind::At)
            || self.word(named) == Some("using")
    }

    /// `...Base`.
    fn spread(&mut self, items: &mut Vec<Item>) {
        let start = self.start();
        let named =
            matches!(self.same_line(1), Some(Kind::Ident | Kind::Str)) && self.is_separated(2);
        if named {
            self.skip();
            let name: Name = self.take_name();
            items.push(Item::Spread(name));
        } else {
            self.statement(false);
            items.push(Item::Other(self.since(start)));
        }
    }

    /// Adds code; traits of the sync family on the line directly above an action or method are its own.
    fn annotate(&mut self, item: Item, items: &mut Vec<Item>) {
        let Item::Code(mut code) = item else {
            return items.push(item);
        };
        while let Some(Item::Trait(above)) = items.last() {
            let start = code
                .traits
                .first()
                .map_or(code.span.start, |one| one.span.start);
            let gap = self.slice(Span::new(above.span.end.min(start), start));
            let adjacent = gap.chars().all(char::is_whitespace) && gap.matches('\n').count() <= 1;
            if !is_action(&code) || !is_sync(&above.name.text) || !adjacent {
                break;
            }
            code.traits.insert(0, above.clone());
            items.pop();
        }
        items.push(Item::Code(code));
    }

    /// Reports what can begin no item, and steps over its line.
    pub(super) fn unexpected(&mut self) {
        let span = self.here();
        let text = shown(self.slice(span));
        self.skip();
        self.rest_of_line();
        self.report(
            Diagnostic::error(
                &codes::UNEXPECTED,
                format!("`{text}` cannot begin an item"),
                span,
            )
            .label("a name, a trait or a node is expected here")
            .help("write `name: value`, `@trait`, or `orb name { … }`; a comment begins with `//`"),
        );
    }
}
