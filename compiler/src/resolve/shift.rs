//! Moving the spans of a tree.
//!
//! Visits every span there is; nothing else belongs here.

use holo_grammar::ast::{
    Arg, Code, Field, Import, Item, Name, Node, Span, TraitUse, Type, TypeKind, Value, ValueKind,
};

fn span(span: &mut Span, by: u32) {
    span.start = span.start.saturating_add(by);
    span.end = span.end.saturating_add(by);
}

fn name(name: &mut Name, by: u32) {
    span(&mut name.span, by);
}

fn names<'a>(all: impl IntoIterator<Item = &'a mut Name>, by: u32) {
    for one in all {
        name(one, by);
    }
}

/// Moves everything in a block.
pub(super) fn items(items: &mut [Item], by: u32) {
    for item in items {
        match item {
            Item::Node(one) => node(one, by),
            Item::Field(one) => field(one, by),
            Item::Trait(one) => used(one, by),
            Item::State(block) => {
                name(&mut block.kind, by);
                names(&mut block.name, by);
                self::items(&mut block.items, by);
                span(&mut block.span, by);
            }
            Item::Networked(block) => {
                self::items(&mut block.items, by);
                span(&mut block.span, by);
            }
            Item::Import(one) => import(one, by),
            Item::Code(one) => code(one, by),
            Item::Spread(one) => name(one, by),
            Item::Const(one) => {
                name(&mut one.kind, by);
                name(&mut one.name, by);
                if let Some(ty) = &mut one.ty {
                    self::ty(ty, by);
                }
                if let Some(inner) = &mut one.value {
                    value(inner, by);
                }
                span(&mut one.span, by);
            }
            Item::Alias(one) => {
                name(&mut one.name, by);
                ty(&mut one.ty, by);
                span(&mut one.span, by);
            }
            Item::Other(one) => span(one, by),
        }
    }
}

fn node(node: &mut Node, by: u32) {
    name(&mut node.kind, by);
    names(&mut node.name, by);
    names(&mut node.id, by);
    names(&mut node.using, by);
    for one in &mut node.header {
        used(one, by);
    }
    items(&mut node.items, by);
    if let Some(block) = &mut node.block {
        span(block, by);
    }
    span(&mut node.span, by);
}

fn used(one: &mut TraitUse, by: u32) {
    name(&mut one.name, by);
    for Arg {
        key,
        value: argument,
        span: whole,
    } in &mut one.args
    {
        names(key, by);
        value(argument, by);
        span(whole, by);
    }
    span(&mut one.span, by);
}

fn field(field: &mut Field, by: u32) {
    name(&mut field.key, by);
    names(&mut field.modifier, by);
    if let Some(ty) = &mut field.ty {
        self::ty(ty, by);
    }
    if let Some(one) = &mut field.value {
        value(one, by);
    }
    for one in &mut field.traits {
        used(one, by);
    }
    if let Some(condition) = &mut field.condition {
        span(condition, by);
    }
    span(&mut field.span, by);
}

fn ty(one: &mut Type, by: u32) {
    match &mut one.kind {
        TypeKind::Named(_, args) | TypeKind::Union(args) => {
            for arg in args {
                ty(arg, by);
            }
        }
        TypeKind::Literal(_) | TypeKind::Other => {}
    }
    span(&mut one.span, by);
}

fn value(one: &mut Value, by: u32) {
    match &mut one.kind {
        ValueKind::List(values) => {
            for inner in values {
                value(inner, by);
            }
        }
        ValueKind::Map(fields) => {
            for inner in fields {
                field(inner, by);
            }
        }
        ValueKind::Path(path) => names(path, by),
        _ => {}
    }
    span(&mut one.span, by);
}

fn import(import: &mut Import, by: u32) {
    name(&mut import.path, by);
    for (there, here) in &mut import.names {
        name(there, by);
        names(here, by);
    }
    names(&mut import.alias, by);
    span(&mut import.span, by);
}

fn code(code: &mut Code, by: u32) {
    name(&mut code.kind, by);
    names(&mut code.name, by);
    for one in &mut code.traits {
        used(one, by);
    }
    span(&mut code.body, by);
    span(&mut code.span, by);
}
