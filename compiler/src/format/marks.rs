//! What the tree says about layout, as places in the text.
//!
//! What belongs here: a walk over the tree that notes where items begin and which colons and braces are whose. What never
//! will: white space.

use holo_grammar::ast::{Arg, Field, File, Item, Node, Span, TraitUse, Value, ValueKind};
use holo_grammar::{Piece, PieceKind};

/// Places in a text, each list in order and without doubles.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Where items, elements and arguments begin: each stands exactly at the indentation of its group.
    pub(super) items: Vec<u32>,
    /// Where names begin that a `:` may follow.
    pub(super) keys: Vec<u32>,
    /// Where values begin that stand on a line below their key, which they have to stand further in than.
    pub(super) below: Vec<u32>,
    /// Braces with a space before them.
    pub(super) braces: Vec<u32>,
    /// Braces with a space inside, too.
    pub(super) blocks: Vec<u32>,
    /// Heads of nodes: where they begin and end.
    pub(super) heads: Vec<(u32, u32)>,
}

impl Marks {
    /// Notes all that a tree says.
    pub(super) fn new(text: &str, pieces: &[Piece], pairs: &[usize], file: &File) -> Self {
        let mut walk = Walk {
            text,
            pieces,
            pairs,
            marks: Self::default(),
        };
        walk.items(&file.items);
        let mut marks = walk.marks;
        for list in [
            &mut marks.items,
            &mut marks.keys,
            &mut marks.below,
            &mut marks.braces,
            &mut marks.blocks,
        ] {
            list.sort_unstable();
            list.dedup();
        }
        marks.heads.sort_unstable();
        marks.heads.dedup();
        marks
    }

    /// The marks by the pieces at which they stand instead of by bytes, to compare those of two texts.
    pub(super) fn places(&self, pieces: &[Piece]) -> Vec<Vec<u32>> {
        let place = |start: u32| pieces.partition_point(|one| one.span.start < start) as u32;
        let of = |list: &[u32]| list.iter().map(|start| place(*start)).collect();
        let heads = self.heads.iter().flat_map(|head| [head.0, head.1]);
        vec![
            of(&self.items),
            of(&self.keys),
            of(&self.below),
            of(&self.braces),
            of(&self.blocks),
            heads.map(place).collect(),
        ]
    }
}

struct Walk<'a> {
    text: &'a str,
    pieces: &'a [Piece],
    pairs: &'a [usize],
    marks: Marks,
}

impl Walk<'_> {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Node(node) => self.node(node),
            Item::Field(field) => self.field(field),
            Item::Trait(used) => self.used(used),
            Item::State(block) => {
                self.begin(block.span);
                let head = block.name.as_ref().unwrap_or(&block.kind);
                self.block_after(head.span.end, block.span);
                self.items(&block.items);
            }
            Item::Networked(block) => {
                self.begin(block.span);
                self.block_after(block.span.start, block.span);
                self.items(&block.items);
            }
            Item::Import(import) => {
                self.begin(import.span);
                for (name, _) in &import.names {
                    self.begin(name.span);
                }
            }
            Item::Code(code) => {
                self.begin(code.span);
                for used in &code.traits {
                    self.used(used);
                }
                self.brace(code.body.start.saturating_sub(1));
            }
            Item::Spread(name) => self.begin_before(name.span.start),
            Item::Const(one) => {
                self.begin(one.span);
                self.marks.keys.push(one.name.span.start);
                if let Some(value) = &one.value {
                    self.value(value);
                }
            }
            Item::Alias(one) => self.begin(one.span),
            Item::Other(span) => self.begin(*span),
        }
    }

    fn node(&mut self, node: &Node) {
        self.begin(node.span);
        for used in &node.header {
            self.arguments(used);
        }
        if let Some(block) = node.block {
            self.brace(block.start);
            self.marks.blocks.push(block.start);
            self.marks.heads.push((node.span.start, block.start));
        }
        self.items(&node.items);
    }

    fn field(&mut self, field: &Field) {
        self.begin(field.span);
        self.marks.keys.push(field.key.span.start);
        for used in &field.traits {
            self.arguments(used);
        }
        if let Some(value) = &field.value {
            self.below(field.key.span, value);
            self.value(value);
        }
    }

    /// A trait that is an item.
    fn used(&mut self, used: &TraitUse) {
        self.begin(used.span);
        self.arguments(used);
    }

    fn arguments(&mut self, used: &TraitUse) {
        let mut at = self.at(used.name.span.end);
        if self.shows(at, "(") {
            at = self.pairs[at] + 1;
        }
        if self.shows(at, "{") && self.pieces[at].span.end <= used.span.end {
            self.marks.braces.push(self.pieces[at].span.start);
            self.marks.blocks.push(self.pieces[at].span.start);
        }
        for arg in &used.args {
            self.argument(arg);
        }
    }

    fn argument(&mut self, arg: &Arg) {
        self.begin(arg.span);
        if let Some(key) = &arg.key {
            self.marks.keys.push(key.span.start);
            self.below(key.span, &arg.value);
        }
        self.value(&arg.value);
    }

    fn value(&mut self, value: &Value) {
        match &value.kind {
            ValueKind::List(values) => {
                for value in values {
                    self.begin(value.span);
                    self.value(value);
                }
            }
            ValueKind::Map(fields) => {
                for field in fields {
                    self.field(field);
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, span: Span) {
        self.marks.items.push(span.start);
    }

    /// The piece that ends directly before a byte, or else the one that begins there.
    fn begin_before(&mut self, start: u32) {
        let at = self.at(start);
        let before = at.checked_sub(1).and_then(|at| self.pieces.get(at));
        let before = before.filter(|one| one.span.end == start);
        self.marks
            .items
            .push(before.map_or(start, |one| one.span.start));
    }

    fn below(&mut self, key: Span, value: &Value) {
        let between = self
            .text
            .get(key.end as usize..value.span.start as usize)
            .unwrap_or_default();
        if between.contains('\n') && !self.shows(self.at(value.span.start), "{") {
            self.marks.below.push(value.span.start);
        }
    }

    /// The brace at a byte, if one is there.
    fn brace(&mut self, start: u32) {
        let at = self.at(start);
        if self.shows(at, "{") && self.pieces[at].span.start == start {
            self.marks.braces.push(start);
        }
    }

    /// The first brace from a byte on within a span.
    fn block_after(&mut self, from: u32, within: Span) {
        let rest = self.pieces.get(self.at(from)..).unwrap_or_default();
        let open = rest.iter().find(|one| one.kind == PieceKind::Open);
        if let Some(open) = open.filter(|one| one.span.end < within.end) {
            self.marks.braces.push(open.span.start);
            self.marks.blocks.push(open.span.start);
        }
    }

    /// The first piece that begins at a byte or after it.
    fn at(&self, start: u32) -> usize {
        self.pieces.partition_point(|one| one.span.start < start)
    }

    fn shows(&self, at: usize, token: &str) -> bool {
        self.pieces
            .get(at)
            .is_some_and(|one| &self.text[one.span.range()] == token)
    }
}
