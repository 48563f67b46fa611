//! A tree and its diagnostics as a few lines of text.

// Each test that has this as a module uses a part of it, and in a test a panic is the message.
#![allow(dead_code, clippy::unwrap_used)]

use std::fmt::Write;

use holo_grammar::ast::*;
use holo_grammar::{Parsed, SourceFile};

/// The tree of a text that must have no mistake.
pub(crate) fn tree(text: &str) -> String {
    let parsed = holo_grammar::parse(text);
    assert!(parsed.diagnostics.is_empty(), "{text}\n{}", mistakes(text));
    items(text, &parsed.file.items)
}

/// The tree whether or not there are mistakes.
pub(crate) fn tree_of(text: &str) -> String {
    items(text, &holo_grammar::parse(text).file.items)
}

/// One line per mistake: place, code, message, other places, fixes.
pub(crate) fn mistakes(text: &str) -> String {
    let parsed: Parsed = holo_grammar::parse(text);
    let source = SourceFile::from_text("t", text.to_owned());
    let mut out = String::new();
    for one in &parsed.diagnostics {
        let (line, column) = source.line_col(one.primary.span.start);
        write!(out, "{line}:{column} {} {}", one.code.id, one.message).unwrap();
        for label in &one.secondary {
            let (line, column) = source.line_col(label.span.start);
            write!(out, " [{line}:{column} {}]", label.message).unwrap();
        }
        for fix in &one.fixes {
            write!(out, " ({})", fix.message).unwrap();
        }
        out.push('\n');
    }
    out.trim_end().to_owned()
}

fn items(text: &str, items: &[Item]) -> String {
    items
        .iter()
        .map(|one| item(text, one))
        .collect::<Vec<_>>()
        .join("; ")
}

fn item(text: &str, item: &Item) -> String {
    match item {
        Item::Node(node) => node_of(text, node),
        Item::Field(one) => field(text, one),
        Item::Trait(one) => trait_of(text, one),
        Item::State(one) => {
            let name = one
                .name
                .as_ref()
                .map_or(String::new(), |name| format!(" {name}"));
            format!("STATE {}{name} {{{}}}", one.kind, items(text, &one.items))
        }
        Item::Networked(one) => format!("NETWORKED {{{}}}", items(text, &one.items)),
        Item::Import(one) => {
            let names: Vec<_> = one
                .names
                .iter()
                .map(|(name, alias)| {
                    alias
                        .as_ref()
                        .map_or(name.to_string(), |alias| format!("{name} as {alias}"))
                })
                .collect();
            let alias = one
                .alias
                .as_ref()
                .map_or(String::new(), |alias| format!(" as {alias}"));
            let word = if one.exported { "EXPORT" } else { "IMPORT" };
            format!("{word} {} [{}]{alias}", one.path, names.join(", "))
        }
        Item::Code(one) => {
            let traits: String = one
                .traits
                .iter()
                .map(|one| trait_of(text, one) + " ")
                .collect();
            let name = one
                .name
                .as_ref()
                .map_or(String::new(), |name| format!(" {name}"));
            format!(
                "{traits}CODE {}{name} <{}>",
                one.kind,
                squeeze(&text[one.body.range()])
            )
        }
        Item::Spread(name) => format!("...{name}"),
        Item::Const(one) => {
            let ty = one
                .ty
                .as_ref()
                .map_or(String::new(), |ty| format!(" :{}", type_of(ty)));
            let value = one
                .value
                .as_ref()
                .map_or(String::new(), |one| format!(" = {}", value(text, one)));
            format!("{} {}{ty}{value}{}", one.kind, one.name, docs(&one.docs))
        }
        Item::Alias(one) => format!(
            "TYPE {} = {}{}",
            one.name,
            type_of(&one.ty),
            docs(&one.docs)
        ),
        Item::Other(span) => format!("OTHER <{}>", squeeze(&text[span.range()])),
    }
}

fn node_of(text: &str, node: &Node) -> String {
    let mut out = format!("NODE {}", node.kind);
    if let Some(name) = &node.name {
        write!(out, " {name}").unwrap();
    }
    if let Some(id) = &node.id {
        write!(out, " #{id}").unwrap();
    }
    if let Some(using) = &node.using {
        write!(out, " using {using}").unwrap();
    }
    for one in &node.header {
        write!(out, " {}", trait_of(text, one)).unwrap();
    }
    if let Some(block) = node.block {
        assert!(text[block.range()].starts_with(['{', '｛']));
        write!(out, " {{{}}}", items(text, &node.items)).unwrap();
    }
    out + &docs(&node.docs)
}

fn docs(docs: &[String]) -> String {
    if docs.is_empty() {
        String::new()
    } else {
        format!(" //{}", docs.join("|"))
    }
}

fn trait_of(text: &str, one: &TraitUse) -> String {
    assert!(text[one.span.range()].starts_with(['@', '＠']));
    let args: Vec<_> = one
        .args
        .iter()
        .map(|arg| {
            arg.key
                .as_ref()
                .map_or(String::new(), |key| format!("{key}: "))
                + &value(text, &arg.value)
        })
        .collect();
    if args.is_empty() {
        format!("@{}", one.name)
    } else {
        format!("@{}({})", one.name, args.join(", "))
    }
}

fn field(text: &str, field: &Field) -> String {
    let traits: String = field
        .traits
        .iter()
        .map(|one| format!(" {}", trait_of(text, one)))
        .collect();
    let mut out = format!("{}{}", field.key, if field.optional { "?" } else { "" });
    if let Some(modifier) = &field.modifier {
        write!(out, " {modifier}").unwrap();
    }
    if let Some(ty) = &field.ty {
        write!(out, " :{}", type_of(ty)).unwrap();
    }
    if let Some(one) = &field.value {
        write!(out, " = {}", value(text, one)).unwrap();
    }
    if let Some(condition) = field.condition {
        write!(out, " if {}", &text[condition.range()]).unwrap();
    }
    out + &traits + &docs(&field.docs)
}

fn type_of(ty: &Type) -> String {
    let all = |types: &[Type], by: &str| types.iter().map(type_of).collect::<Vec<_>>().join(by);
    match &ty.kind {
        TypeKind::Named(name, args) if args.is_empty() => name.clone(),
        TypeKind::Named(name, args) => format!("{name}<{}>", all(args, ", ")),
        TypeKind::Union(types) => all(types, "|"),
        TypeKind::Literal(text) => format!("{text:?}"),
        TypeKind::Other => "?".into(),
    }
}

fn value(text: &str, one: &Value) -> String {
    let source = squeeze(&text[one.span.range()]);
    match &one.kind {
        ValueKind::Null => "null".into(),
        ValueKind::Bool(value) => value.to_string(),
        ValueKind::Int(value) => value.to_string(),
        ValueKind::Float(value) => format!("{value:?}"),
        ValueKind::Quantity { number, unit } => format!("{number}{unit}"),
        ValueKind::Str(value) => format!("{value:?}"),
        ValueKind::Color(value) => value.clone(),
        ValueKind::List(values) => format!(
            "[{}]",
            values
                .iter()
                .map(|one| value(text, one))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        ValueKind::Map(fields) => format!(
            "{{{}}}",
            fields
                .iter()
                .map(|one| field(text, one))
                .collect::<Vec<_>>()
                .join("; ")
        ),
        ValueKind::Path(path) => format!(
            "~{}",
            path.iter()
                .map(|name| name.text.as_str())
                .collect::<Vec<_>>()
                .join(".")
        ),
        ValueKind::Call(callee) => format!("{callee}()"),
        ValueKind::Function => format!("FN<{source}>"),
        ValueKind::Expr => format!("<{source}>"),
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
