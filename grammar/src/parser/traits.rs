//! Everything that begins with `@`.
//!
//! What belongs here: uses of traits with their arguments, and telling them from directives. What never will: what a trait
//! means; only the names of the sync family are known, to be strict with them and lenient with all others.

use super::cursor::Cursor;
use super::items::Scope;
use crate::ast::{Arg, Code, Item, Name, Span, TraitUse, Value, ValueKind};
use crate::token::{Bracket, Kind};
use crate::words::{CODE_DIRECTIVES, SYNC_TRAITS};

/// Whether a trait is of the sync family.
pub(super) fn is_sync(name: &str) -> bool {
    SYNC_TRAITS.contains(&name)
}

/// A trait, or the code that what looked like one turned out to be.
enum Use {
    Trait(TraitUse),
    Code(Code),
}

impl<'s> Cursor<'s, '_> {
    /// An item that begins with `@`, with whatever the traits stand before on their line.
    pub(super) fn at_item(&mut self, scope: Scope, items: &mut Vec<Item>) {
        let start = self.start();
        let Some(word) = self.word(1) else {
            return self.unexpected();
        };
        if let Some(item) = self.directive(word, start) {
            items.push(item);
            return;
        }
        let mut traits = Vec::new();
        loop {
            match self.trait_or_code() {
                Use::Code(code) => {
                    items.extend(traits.drain(..).map(Item::Trait));
                    items.push(Item::Code(code));
                    return;
                }
                Use::Trait(one) => traits.push(one),
            }
            let more = self.here_on_line() == Some(Kind::At) && self.kind(1) == Some(Kind::Ident);
            if !more || self.word(1).is_some_and(|word| self.is_directive(word)) {
                break;
            }
        }
        match self.here_on_line() {
            Some(Kind::Arrow | Kind::Colon) => items.push(self.directive_code(traits, start)),
            Some(Kind::At) => self.directive_after(traits, items),
            // `@hover_car = @physics + @glide`: a trait made of others.
            Some(Kind::Eq) if !traits.iter().any(|one| is_sync(&one.name.text)) => {
                self.statement(false);
                items.push(Item::Other(self.since(start)));
            }
            None | Some(Kind::Comma | Kind::Semi) => {
                items.extend(traits.into_iter().map(Item::Trait))
            }
            // Left to the body, which keeps a long line of them from nesting.
            Some(Kind::Ident) if self.word(0) == Some("export") => {
                items.extend(traits.into_iter().map(Item::Trait));
            }
            Some(_) => self.item_with_traits(scope, traits, items),
        }
    }

    /// `@t(…)` and, where it may own one, a block. The `@` and the name stand here.
    pub(super) fn trait_use(&mut self, own_block: bool) -> TraitUse {
        let (start, name) = self.trait_name();
        let mut args = self.paren_args(&name.text);
        if own_block && self.here_on_line() == Some(Kind::Open(Bracket::Brace)) {
            let (fields, _) = self.block_args(&name.text);
            args.extend(fields);
        }
        TraitUse {
            name,
            args,
            span: self.since(start),
        }
    }

    fn trait_or_code(&mut self) -> Use {
        let (start, name) = self.trait_name();
        let mut args = self.paren_args(&name.text);
        let brace_below = self.is_brace(0) && self.peek(0).is_some_and(|brace| brace.first);
        if self.here_on_line() == Some(Kind::Open(Bracket::Brace)) || brace_below {
            let body = self.group_span();
            let (fields, is_code) = self.block_args(&name.text);
            if is_code {
                let span = self.since(start);
                return Use::Code(Code {
                    kind: name,
                    name: None,
                    traits: Vec::new(),
                    body,
                    span,
                });
            }
            args.extend(fields);
        }
        Use::Trait(TraitUse {
            name,
            args,
            span: self.since(start),
        })
    }

    fn trait_name(&mut self) -> (u32, Name) {
        let start = self.start();
        self.skip();
        let mut path = self.path();
        let mut name = path.swap_remove(0);
        name.span = self.since(name.span.start);
        name.text = self.slice(name.span).to_owned();
        (start, name)
    }

    fn paren_args(&mut self, name: &str) -> Vec<Arg> {
        if self.here_on_line() != Some(Kind::Open(Bracket::Paren)) {
            return Vec::new();
        }
        let reports = self.reports();
        let rules = self.rules();
        let args = rules.args(self.group(), self.context);
        self.skip();
        if !is_sync(name) {
            self.forget(reports);
        }
        args
    }

    /// The fields of a trait's block as arguments, and whether the block is code instead.
    fn block_args(&mut self, name: &str) -> (Vec<Arg>, bool) {
        let reports = self.reports();
        let map_like = self.looks_like_map();
        let items = self.inside(|inner| inner.items(Scope::Args));
        if !is_sync(name) && !map_like {
            self.forget(reports);
        }
        let fielded = items
            .iter()
            .any(|item| matches!(item, Item::Field(_) | Item::Node(_) | Item::Trait(_)));
        let coded = items
            .iter()
            .any(|item| matches!(item, Item::Code(_) | Item::Other(_)));
        let is_code = coded && !fielded && !is_sync(name);
        (items.into_iter().filter_map(as_arg).collect(), is_code)
    }

    /// The span between the brackets of the group here.
    pub(super) fn group_span(&self) -> Span {
        let closer = self
            .tokens
            .get(self.at + self.after(0) - 1)
            .map_or(self.end(), |token| token.start);
        let start = self.here().end;
        Span::new(start, closer.max(start))
    }

    fn is_directive(&self, word: &str) -> bool {
        CODE_DIRECTIVES.contains(&word)
            || super::code::is_handler(word)
            || matches!(word, "state" | "props" | "data" | "import" | "export")
    }

    /// A directive with a form of its own; nothing if the name is that of a trait.
    fn directive(&mut self, word: &'s str, start: u32) -> Option<Item> {
        let brace = self.same_line(2) == Some(Kind::Open(Bracket::Brace));
        match word {
            "import" => Some(self.import(start)),
            "export" => {
                self.skip();
                self.rest_of_line();
                Some(Item::Other(self.since(start)))
            }
            "state" | "props" | "data"
                if brace || self.same_line(3) == Some(Kind::Open(Bracket::Brace)) =>
            {
                self.skip();
                Some(self.state_block(start))
            }
            // `@event scored(by: string)` declares what may be sent.
            "event" | "signal"
                if self.same_line(2) == Some(Kind::Ident)
                    && self.same_line(3) == Some(Kind::Open(Bracket::Paren)) =>
            {
                self.skip();
                let kind = self.take_name();
                let name = self.take_name();
                Some(self.code(kind, Some(name), start))
            }
            _ if CODE_DIRECTIVES.contains(&word) || super::code::is_handler(word) => {
                let bare = self.is_separated(2) || self.same_line(2) == Some(Kind::At);
                if bare {
                    return None;
                }
                self.skip();
                let kind = self.take_name();
                // `@method async load()`.
                while self.word(0).is_some_and(super::code::is_modifier)
                    && self.same_line(1) == Some(Kind::Ident)
                {
                    self.skip();
                }
                let named = self.kind(0) == Some(Kind::Ident)
                    && matches!(
                        self.same_line(1),
                        Some(Kind::Open(Bracket::Paren) | Kind::Lt)
                    );
                let name = named.then(|| self.take_name());
                Some(self.code(kind, name, start))
            }
            _ => None,
        }
    }

    /// `@t => …`, `@t: (x) -> { … }`, `@bind(a) : b`.
    fn directive_code(&mut self, mut traits: Vec<TraitUse>, start: u32) -> Item {
        let Some(last) = traits.pop() else {
            return Item::Other(self.since(start));
        };
        match self.code(last.name, None, start) {
            Item::Code(mut code) => {
                code.traits = traits;
                Item::Code(code)
            }
            other => other,
        }
    }

    /// A directive behind traits on their line: `@networked @method fire() { … }`.
    fn directive_after(&mut self, mut traits: Vec<TraitUse>, items: &mut Vec<Item>) {
        let start = self.start();
        let found = self.word(1).and_then(|word| self.directive(word, start));
        match found {
            Some(Item::Code(mut code)) => {
                traits.append(&mut code.traits);
                code.traits = traits;
                items.push(Item::Code(code));
            }
            other => {
                items.extend(traits.into_iter().map(Item::Trait));
                items.extend(other);
            }
        }
    }

    /// The item that follows traits on their line.
    fn item_with_traits(&mut self, scope: Scope, mut traits: Vec<TraitUse>, items: &mut Vec<Item>) {
        let mut next = Vec::new();
        self.item(scope, &mut next);
        let start = traits.first().map_or(0, |one| one.span.start);
        match next.first_mut() {
            Some(Item::Node(node)) => {
                traits.append(&mut node.header);
                node.header = traits;
                node.span.start = start;
            }
            Some(Item::Field(field)) if scope.has_field_traits() => {
                traits.append(&mut field.traits);
                field.traits = traits;
                field.docs = self.docs_before(start);
                field.span.start = start;
            }
            Some(Item::Code(code)) => {
                traits.append(&mut code.traits);
                code.traits = traits;
                code.span.start = start;
            }
            _ => items.extend(traits.into_iter().map(Item::Trait)),
        }
        items.append(&mut next);
    }
}

/// An item of a trait's block as an argument.
fn as_arg(item: Item) -> Option<Arg> {
    match item {
        Item::Field(field) => {
            let span = field.span;
            let value = field.value.or_else(|| {
                let ty = field.ty.as_ref()?;
                Some(Value {
                    kind: ValueKind::Expr,
                    span: ty.span,
                })
            })?;
            Some(Arg {
                key: Some(field.key),
                value,
                span,
            })
        }
        Item::Code(code) => {
            let value = Value {
                kind: ValueKind::Function,
                span: code.span,
            };
            Some(Arg {
                key: Some(code.name.unwrap_or(code.kind)),
                value,
                span: code.span,
            })
        }
        Item::Node(node) => {
            let value = Value {
                kind: ValueKind::Expr,
                span: node.span,
            };
            Some(Arg {
                key: Some(node.label().clone()),
                value,
                span: node.span,
            })
        }
        _ => None,
    }
}
