//! Where code stands in a tree: handlers, methods, functions as values, blocks of code.

use holo_grammar::ast::{Field, Item, Span, TraitUse, Value, ValueKind};

use crate::resolve::is_code_block;

/// The bodies of all code in a block, in source order.
pub(in crate::infer) fn bodies(items: &[Item]) -> Vec<Span> {
    let mut found = Vec::new();
    collect(items, &mut found);
    found
}

fn collect(items: &[Item], found: &mut Vec<Span>) {
    for item in items {
        match item {
            Item::Node(node) if is_code_block(node) => found.push(node.span),
            Item::Node(node) => {
                traits(&node.header, found);
                collect(&node.items, found);
            }
            Item::Field(field) => self::field(field, found),
            Item::Trait(used) => traits(std::slice::from_ref(used), found),
            Item::State(block) => collect(&block.items, found),
            Item::Networked(block) => collect(&block.items, found),
            Item::Code(code) => found.push(code.body),
            Item::Other(span) => found.push(*span),
            Item::Const(one) => found.push(one.span),
            Item::Import(_) | Item::Spread(_) | Item::Alias(_) => {}
        }
    }
}

fn field(field: &Field, found: &mut Vec<Span>) {
    traits(&field.traits, found);
    if let Some(one) = &field.value {
        value(one, found);
    }
}

fn traits(used: &[TraitUse], found: &mut Vec<Span>) {
    for arg in used.iter().flat_map(|used| &used.args) {
        value(&arg.value, found);
    }
}

fn value(one: &Value, found: &mut Vec<Span>) {
    match &one.kind {
        ValueKind::Function | ValueKind::Expr => found.push(one.span),
        ValueKind::List(items) => items.iter().for_each(|item| value(item, found)),
        ValueKind::Map(fields) => fields.iter().for_each(|one| field(one, found)),
        _ => {}
    }
}
