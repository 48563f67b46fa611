//! Nodes, state blocks, networked blocks and imports: the items with a body or a path.
//!
//! What belongs here: heads and their bodies. What never will: the items inside, which `items.rs` tells apart.

use super::cursor::Cursor;
use super::items::Scope;
use super::rules::Part;
use crate::ast::{Item, NetworkedBlock, Node, Span, StateBlock, TraitUse};
use crate::token::{Bracket, Kind, Tok};
use crate::words::NODES;

/// How many tokens of an import may stand before its path, all in braces counted as one. The longest form has ten.
const MAX_IMPORT: usize = 16;

impl<'s> Cursor<'s, '_> {
    /// Where the braces of the head here stand, counted from here, if it has any.
    ///
    /// They stand on its line, or alone below it; between them there may be lines of traits.
    pub(super) fn block_ahead(&self) -> Option<usize> {
        let mut ahead = 1;
        let mut below = false;
        while let Some(token) = self.peek(ahead) {
            if token.first {
                below = true;
                let goes_on = token.kind == Kind::At
                    || self.is_brace(ahead)
                    || self.word(ahead) == Some("using");
                if !goes_on {
                    return None;
                }
            }
            match token.kind {
                // Below a line of its own traits, only a brace that stands alone belongs to the head.
                Kind::Open(Bracket::Brace) => return (!below || token.first).then_some(ahead),
                Kind::Comma | Kind::Semi | Kind::Eq | Kind::Assign => return None,
                _ => ahead = self.after(ahead),
            }
        }
        None
    }

    /// How far the head here reaches when it has no braces.
    fn line_ahead(&self) -> usize {
        let mut ahead = 1;
        while self
            .peek(ahead)
            .is_some_and(|token| !token.first && !matches!(token.kind, Kind::Comma | Kind::Semi))
        {
            ahead = self.after(ahead);
        }
        ahead
    }

    /// A node whose keyword stands here.
    pub(super) fn node(&mut self, block: Option<usize>) -> Node {
        let start = self.start();
        let docs = self.docs_before(start);
        let end = self.at + block.unwrap_or_else(|| self.line_ahead());
        let mut node = Node {
            docs,
            kind: self.take_name(),
            name: None,
            id: None,
            using: None,
            header: Vec::new(),
            items: Vec::new(),
            block: None,
            span: Span::new(start, start),
        };
        let rules = self.rules();
        let tokens = self.tokens.get(self.at..end).unwrap_or_default();
        for part in rules.header(tokens, self.context) {
            place(&mut node, part);
        }
        self.at = end.max(self.at);
        if block.is_some() {
            self.node_body(&mut node);
        }
        node.span = self.since(start);
        node
    }

    fn node_body(&mut self, node: &mut Node) {
        let inner = self.group_span();
        node.block = Some(Span::new(self.here().start, inner.end + 1));
        let one_line = !self.slice(inner).contains('\n');
        let scope = match node.kind.text.as_str() {
            "struct" | "interface" => Scope::State,
            "enum" => Scope::Variants,
            "networked_object" => Scope::Networked,
            _ => Scope::Node { one_line },
        };
        let reports = self.reports();
        node.items = self.inside(|inner| inner.items(scope));
        // A closer that was inserted has no width.
        node.block = node.block.map(|block| Span::new(block.start, self.end()));
        let strict = NODES.contains(&node.kind.text.as_str())
            || has_sync(&node.header)
            || node.items.iter().any(is_sync_item);
        if !strict {
            self.forget(reports);
        }
    }

    /// `state { … }`, `state Name { … }`, `state: { … }`; the keyword stands here.
    pub(super) fn state_block(&mut self, start: u32) -> Item {
        let kind = self.take_name();
        let _separator = self.eat(Kind::Colon) || self.eat(Kind::Eq);
        let name = (self.kind(0) == Some(Kind::Ident)).then(|| self.take_name());
        let items = if self.is_brace(0) {
            self.inside(|inner| inner.items(Scope::State))
        } else {
            Vec::new()
        };
        Item::State(StateBlock {
            kind,
            name,
            items,
            span: self.since(start),
        })
    }

    /// `networked { … }`; the keyword stands here.
    pub(super) fn networked_block(&mut self) -> Item {
        let start = self.start();
        self.skip();
        self.eat(Kind::Colon);
        let items = self.inside(|inner| inner.items(Scope::Networked));
        Item::Networked(NetworkedBlock {
            items,
            span: self.since(start),
        })
    }

    /// `import …`; the keyword or its `@` stands here.
    pub(super) fn import(&mut self, start: u32) -> Item {
        let rules = self.rules();
        let tokens = self.import_tokens();
        if let Some((import, length)) = rules.import(tokens, self.context) {
            self.at += length;
            return Item::Import(import);
        }
        self.statement(false);
        Item::Other(self.since(start))
    }

    /// The tokens that the import here may be made of: to the path in quotes, and an `as` behind it. The rule looks at all
    /// that it is given, which must not be the rest of the file.
    fn import_tokens(&self) -> &'s [Tok] {
        let mut ahead = 0;
        for _ in 0..MAX_IMPORT {
            if self.kind(ahead).is_none_or(|kind| kind == Kind::Str) {
                break;
            }
            ahead = self.after(ahead);
        }
        let end = (self.at + ahead + 3).min(self.tokens.len());
        self.tokens.get(self.at..end).unwrap_or_default()
    }
}

fn place(node: &mut Node, part: Part) {
    match part {
        Part::Name(name) if node.name.is_none() => node.name = Some(name),
        Part::Id(id) => {
            node.name.get_or_insert_with(|| id.clone());
            node.id = Some(id);
        }
        Part::Using(template) => node.using = Some(template),
        Part::Trait(one) => node.header.push(one),
        Part::Name(_) | Part::Other => {}
    }
}

fn has_sync(traits: &[TraitUse]) -> bool {
    traits
        .iter()
        .any(|one| super::traits::is_sync(&one.name.text))
}

fn is_sync_item(item: &Item) -> bool {
    match item {
        Item::Trait(one) => super::traits::is_sync(&one.name.text),
        Item::Field(field) => field.modifier.is_some() || has_sync(&field.traits),
        Item::Networked(_) => true,
        _ => false,
    }
}
