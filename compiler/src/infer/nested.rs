//! R5: `{ a: 1 }` becomes a struct of its own, merged field by field.

use std::collections::BTreeMap;

use holo_codegen::schema::{Authority, Crdt, FieldPolicy, Initial, Lane, Policy};
use holo_grammar::ast::{Field, Node, Span, Value, ValueKind};
use holo_grammar::diagnostic::Diagnostic;

use super::types::{self, Asked, Typed};
use super::{Cx, named, names};
use crate::codes;
use crate::model;

/// How many structs are made for the fields of one source. One that two fields hold is made twice, so a few lines could ask
/// for any number.
const MOST: usize = 4096;

/// How deeply structs nest that are declared by name.
const DEEPEST: usize = 32;

/// The type that will hold the struct.
#[derive(Clone, Debug)]
pub(super) struct Holder<'h> {
    /// Its Rust name.
    pub(super) rust: &'h str,
    /// Its wire name.
    pub(super) wire: &'h str,
    /// Who may write it.
    pub(super) authority: Authority,
    /// The paths that are named inside the field at hand, if not all of it is.
    pub(super) parts: Option<Vec<&'h str>>,
}

impl<'h> Holder<'h> {
    /// What is named inside one part of the field at hand: nothing, all of it, or some paths.
    fn within(&self, name: &str) -> Option<Option<Vec<&'h str>>> {
        let Some(parts) = &self.parts else {
            return Some(None);
        };
        let split = |part: &&'h str| part.split_once('.').unwrap_or((*part, ""));
        let inner = parts.iter().map(split).filter(|(head, _)| *head == name);
        let inner: Vec<&str> = inner.map(|(_, rest)| rest).collect();
        match inner.as_slice() {
            [] => None,
            rests if rests.contains(&"") => Some(None),
            _ => Some(Some(inner)),
        }
    }
}

/// Makes the struct for a field from its fields and the value that somebody else gives it, and gives its Rust name. Its own
/// nested structs come before it.
pub(super) fn build<'a>(
    cx: &mut Cx<'a>,
    name: &str,
    (fields, value): (&'a [Field], Option<&'a Value>),
    span: Span,
    holder: &Holder<'_>,
) -> String {
    let parts = parts(cx, name, fields.iter(), value);
    make(cx, (name, name), &parts, span, holder)
}

/// A field of a struct, with the value that its holder gives it.
struct Part<'a> {
    field: &'a Field,
    value: Option<&'a Value>,
}

/// Gives each field of a struct its part of a value.
fn parts<'a>(
    cx: &mut Cx<'a>,
    name: &str,
    fields: impl Iterator<Item = &'a Field>,
    value: Option<&'a Value>,
) -> Vec<Part<'a>> {
    let own: &'a [Field] = match value.map(|value| &value.kind) {
        Some(ValueKind::Map(fields)) => fields,
        _ => &[],
    };
    let mut given: BTreeMap<&str, &'a Field> = own
        .iter()
        .map(|field| (field.key.text.as_str(), field))
        .collect();
    let parts = fields.map(|field| Part {
        field,
        value: given
            .remove(field.key.text.as_str())
            .and_then(|field| field.value.as_ref()),
    });
    let parts = parts.collect();
    for field in given.into_values() {
        let message = format!("`{}` is no field of `{name}`", field.key);
        cx.tell(
            Diagnostic::error(&codes::VALUE_MISFIT, message, field.key.span)
                .label("declared nowhere")
                .help("declare it where the others are, or take it away"),
        );
    }
    parts
}

/// Makes a struct under its names: on the wire, and what its Rust name is made from.
fn make<'a>(
    cx: &mut Cx<'a>,
    (name, rust): (&str, &str),
    fields: &[Part<'a>],
    span: Span,
    holder: &Holder<'_>,
) -> String {
    let rust = names::within([holder.rust, &names::pascal(rust)]);
    let wire = format!("{}.{name}", holder.wire);
    let mut built: Vec<model::Field> = Vec::new();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for Part { field, value } in fields {
        let Some(parts) = holder.within(&field.key.text) else {
            continue;
        };
        let inner = Holder {
            rust: &rust,
            wire: &wire,
            authority: holder.authority,
            parts,
        };
        if field
            .value
            .as_ref()
            .is_some_and(|value| cx.never_synced(value))
        {
            continue;
        }
        if let Some(first) = seen.get(field.key.text.as_str()) {
            cx.tell(duplicate(&field.key.text, *first, field.key.span));
            continue;
        }
        seen.insert(field.key.text.as_str(), field.key.span);
        let asked = Asked {
            name: &field.key.text,
            field: Some(field),
            base: None,
            given: *value,
            span: field.key.span,
        };
        let typed = types::decide(cx, asked, &types::NodeCrdts::new(), &inner);
        built.push(model::Field {
            id: 0,
            wire: field.key.text.clone(),
            rust: names::field(&field.key.text),
            docs: field.docs.clone(),
            span: field.key.span,
            crdt: typed.crdt,
            lane: Lane::Durable,
            initial: typed.initial,
            annotated: typed.annotated,
            policy: FieldPolicy::default(),
            reason: typed.reason,
        });
    }
    names::check_fields(cx, &built);
    cx.nested.push(model::Orb {
        wire,
        label: format!(
            "{}.{name}",
            holder.wire.rsplit('/').next().unwrap_or_default()
        ),
        kind: "struct".to_owned(),
        rust: rust.clone(),
        docs: Vec::new(),
        span,
        rate_hz: None,
        authority: holder.authority,
        policy: Policy::default(),
        fields: built,
        members: Vec::new(),
    });
    rust
}

/// Makes the struct for a field that is declared as one: its fields, with the values that the field gives them.
pub(super) fn of_struct<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    node: &'a Node,
    value: Option<&'a Value>,
    holder: &Holder<'_>,
) -> Typed {
    let names = (asked.name, asked.name);
    let Some(rust) = of_node(cx, asked, node, (value, names), holder) else {
        let text = format!("declared as `{}`, which is kept as any value", node.label());
        return Typed::said(types::option_value(), Initial::Null, text);
    };
    let text = format!(
        "declared as `{}`, which merges field by field, as `{rust}`",
        node.label()
    );
    Typed::said(Crdt::Nested(rust), Initial::Zero, text)
}

/// Makes the struct for the entries of a map that is declared to hold it; what cannot be made is any value.
pub(super) fn of_entries<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    node: &'a Node,
    holder: &Holder<'_>,
) -> Crdt {
    let (wire, rust) = (format!("{}[]", asked.name), format!("{} entry", asked.name));
    match of_node(cx, asked, node, (None, (&wire, &rust)), holder) {
        Some(rust) => Crdt::Nested(rust),
        None => types::option_value(),
    }
}

/// Makes a struct from its declaration, if it has an end.
fn of_node<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    node: &'a Node,
    (value, names): (Option<&'a Value>, (&str, &str)),
    holder: &Holder<'_>,
) -> Option<String> {
    if let Some(endless) = endless(cx, asked, node) {
        cx.tell_once(endless);
        return None;
    }
    let declared = named::struct_fields(node);
    let parts = parts(cx, asked.name, declared.into_iter(), value);
    cx.making.push(node.span);
    cx.made += 1;
    let rust = make(cx, names, &parts, asked.span, holder);
    cx.making.pop();
    Some(rust)
}

/// What keeps a struct from being made for a field: that it holds itself, or that there would be too many.
fn endless(cx: &Cx<'_>, asked: Asked<'_>, node: &Node) -> Option<Diagnostic> {
    let (name, label) = (asked.name, node.label());
    if cx.making.contains(&node.span) {
        let message = format!("`{name}` would hold a value of the type that it is a part of");
        return Some(
            Diagnostic::warning(&codes::TYPE_RECURSIVE, message, asked.span)
                .label("kept as any value")
                .help("keep the others in a map by id, and the id here"),
        );
    }
    (cx.making.len() >= DEEPEST || cx.made >= MOST).then(|| {
        let message = format!("`{name}` is one `{label}` too many or nested too deeply");
        Diagnostic::error(&codes::NOT_YET, message, asked.span)
            .label("no struct is made for it")
            .help(format!(
                "at most {MOST} fields of a source are merged part by part, {DEEPEST} deep; hold others in a map"
            ))
    })
}

/// A field that is declared twice.
pub(super) fn duplicate(name: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(
        &codes::DUPLICATE_FIELD,
        format!("`{name}` is declared twice"),
        second,
    )
    .label("declared again here")
    .also(first, "first declared here")
    .help("keep one of the two, or rename one")
}
