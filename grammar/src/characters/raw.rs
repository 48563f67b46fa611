//! Which parts of a text are kept as text: code, markup and expressions.
//!
//! What belongs here: the spans in the tree that nothing looks into. What never will: what is in them.

use crate::ast::{Field, File, Item, Span, TraitUse, Value, ValueKind};

/// The spans of code, in the order of the text. None lies inside another.
pub(super) fn spans(file: &File) -> Vec<Span> {
    let mut all = Vec::new();
    items(&file.items, &mut all);
    all.sort_unstable();
    all
}

/// Whether one of the spans covers this one.
pub(super) fn covers(spans: &[Span], wanted: Span) -> bool {
    let after = spans.partition_point(|one| one.start <= wanted.start);
    after
        .checked_sub(1)
        .is_some_and(|at| wanted.end <= spans[at].end)
}

fn items(all: &[Item], out: &mut Vec<Span>) {
    for one in all {
        match one {
            Item::Node(node) => {
                traits(&node.header, out);
                items(&node.items, out);
            }
            Item::Field(one) => field(one, out),
            Item::Trait(one) => traits(std::slice::from_ref(one), out),
            Item::State(block) => items(&block.items, out),
            Item::Networked(block) => items(&block.items, out),
            Item::Code(code) => {
                traits(&code.traits, out);
                out.push(code.body);
            }
            Item::Other(span) => out.push(*span),
            Item::Const(one) => out.push(one.span),
            Item::Import(_) | Item::Spread(_) | Item::Alias(_) => {}
        }
    }
}

fn traits(all: &[TraitUse], out: &mut Vec<Span>) {
    for arg in all.iter().flat_map(|one| &one.args) {
        value(&arg.value, out);
    }
}

fn field(field: &Field, out: &mut Vec<Span>) {
    traits(&field.traits, out);
    out.extend(field.condition);
    if let Some(one) = &field.value {
        value(one, out);
    }
}

fn value(one: &Value, out: &mut Vec<Span>) {
    match &one.kind {
        ValueKind::List(values) => values.iter().for_each(|one| value(one, out)),
        ValueKind::Map(fields) => fields.iter().for_each(|one| field(one, out)),
        ValueKind::Expr | ValueKind::Function | ValueKind::Call(_) => out.push(one.span),
        _ => {}
    }
}
