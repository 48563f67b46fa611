//! Laws of reading: places in the text, each inside that of its parent, and a tree no larger than its text.

use holo_grammar::ast::{
    Arg, Field, Item, Node, Span, StateBlock, TraitUse, Type, TypeKind, Value, ValueKind,
};
use holo_grammar::pieces;

use super::{check_diagnostics, check_span, read};

/// Reads a text and checks what comes of it.
///
/// # Panics
/// When a law is broken.
pub fn parse(bytes: &[u8]) {
    let (file, told) = read(bytes);
    let text = file.text();
    let parsed = holo_grammar::parse(text);
    check_diagnostics(text, &told);
    check_diagnostics(text, &parsed.diagnostics);
    let count = check_pieces(text);
    let mut walk = Walk { text, nodes: 0 };
    let whole = Span::new(0, text.len() as u32);
    walk.items(&parsed.file.items, whole);
    // What has no token of its own cannot become many.
    assert!(walk.nodes <= 4 * count + 4, "{} of {count}", walk.nodes);
    // A character that is not seen is no token, and each may deserve a word.
    let unseen = text.chars().filter(|c| !c.is_ascii_graphic()).count();
    assert!(parsed.diagnostics.len() <= 2 * count + unseen + 2);
    assert_eq!(parsed, holo_grammar::parse(text));
}

/// Tokens and comments stand in a row, with nothing but white space between them. Gives their number.
fn check_pieces(text: &str) -> usize {
    let pieces = pieces(text);
    let mut end = 0;
    for piece in &pieces {
        check_span(text, piece.span, piece);
        check_gap(&text[end..piece.span.start as usize]);
        assert!(piece.span.start < piece.span.end);
        end = piece.span.end as usize;
    }
    check_gap(&text[end..]);
    pieces.len()
}

/// White space, and characters that nobody sees.
fn check_gap(gap: &str) {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{feff}' | '\u{180e}'
            )
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    assert!(gap.chars().all(unseen), "{gap:?} was lost");
}

struct Walk<'t> {
    text: &'t str,
    nodes: usize,
}

impl Walk<'_> {
    /// A span that must lie in its parent's.
    fn inside(&mut self, span: Span, parent: Span, what: &dyn std::fmt::Debug) {
        self.nodes += 1;
        check_span(self.text, span, what);
        let nested = parent.start <= span.start && span.end <= parent.end;
        assert!(nested, "{span:?} is not inside {parent:?}: {what:?}");
    }

    fn items(&mut self, items: &[Item], parent: Span) {
        for item in items {
            self.item(item, parent);
        }
    }

    fn item(&mut self, item: &Item, parent: Span) {
        match item {
            Item::Node(node) => self.node(node, parent),
            Item::Field(field) => self.field(field, parent),
            Item::Trait(used) => self.used(used, parent),
            Item::State(StateBlock { items, span, .. }) => {
                self.inside(*span, parent, item);
                self.items(items, *span);
            }
            Item::Networked(block) => {
                self.inside(block.span, parent, item);
                self.items(&block.items, block.span);
            }
            Item::Import(import) => {
                self.inside(import.span, parent, item);
                self.inside(import.path.span, import.span, item);
            }
            Item::Code(code) => {
                self.inside(code.span, parent, item);
                self.inside(code.body, code.span, item);
                for used in &code.traits {
                    self.used(used, parent);
                }
            }
            Item::Spread(name) => self.inside(name.span, parent, item),
            Item::Const(one) => {
                self.inside(one.span, parent, item);
                self.inside(one.name.span, one.span, item);
                if let Some(ty) = &one.ty {
                    self.ty(ty, one.span);
                }
                if let Some(value) = &one.value {
                    self.value(value, one.span);
                }
            }
            Item::Alias(one) => {
                self.inside(one.span, parent, item);
                self.ty(&one.ty, one.span);
            }
            Item::Other(span) => self.inside(*span, parent, item),
        }
    }

    fn node(&mut self, node: &Node, parent: Span) {
        self.inside(node.span, parent, &node.kind);
        let names = [&node.name, &node.id, &node.using];
        for name in names.into_iter().flatten() {
            self.inside(name.span, node.span, name);
        }
        for used in &node.header {
            self.used(used, node.span);
        }
        if let Some(block) = node.block {
            self.inside(block, node.span, &node.kind);
        }
        self.items(&node.items, node.block.unwrap_or(node.span));
    }

    fn field(&mut self, field: &Field, parent: Span) {
        self.inside(field.span, parent, field);
        self.inside(field.key.span, field.span, field);
        if let Some(ty) = &field.ty {
            self.ty(ty, field.span);
        }
        if let Some(value) = &field.value {
            self.value(value, field.span);
        }
        for used in &field.traits {
            self.used(used, field.span);
        }
        if let Some(condition) = field.condition {
            self.inside(condition, field.span, field);
        }
    }

    fn used(&mut self, used: &TraitUse, parent: Span) {
        self.inside(used.span, parent, &used.name);
        self.inside(used.name.span, used.span, &used.name);
        for Arg { key, value, span } in &used.args {
            self.inside(*span, used.span, value);
            if let Some(key) = key {
                self.inside(key.span, *span, key);
            }
            self.value(value, *span);
        }
    }

    fn ty(&mut self, ty: &Type, parent: Span) {
        self.inside(ty.span, parent, ty);
        let (TypeKind::Named(_, parts) | TypeKind::Union(parts)) = &ty.kind else {
            return;
        };
        for part in parts {
            self.ty(part, ty.span);
        }
    }

    fn value(&mut self, value: &Value, parent: Span) {
        self.inside(value.span, parent, value);
        match &value.kind {
            ValueKind::List(values) => {
                for part in values {
                    self.value(part, value.span);
                }
            }
            ValueKind::Map(fields) => {
                for field in fields {
                    self.field(field, value.span);
                }
            }
            ValueKind::Path(names) => {
                for name in names {
                    self.inside(name.span, value.span, name);
                }
            }
            _ => {}
        }
    }
}
