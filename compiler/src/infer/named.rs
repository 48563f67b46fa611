//! R5: structs and enums as types of values: what they are called, and what is made of those that are used.
//!
//! A struct that is a field by itself is merged field by field, in [`super::nested`]; here it is a value, replaced as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use holo_codegen::schema::{Crdt, Enum, Initial, Record, RecordField, ValueType, Variant};
use holo_grammar::ast::{Field, Item, Node, Span, Value, ValueKind};
use holo_grammar::diagnostic::Diagnostic;

use super::custom::recursive;
use super::cycles::Cycles;
use super::declared::{self, Declared};
use super::nested::duplicate;
use super::{Cx, names, values};
use crate::codes;
use crate::model::{Orb, World};
use crate::resolve::{Program, Scopes};

/// The Rust names of all structs and enums of a program.
pub(super) fn rust_names<'a>(
    program: &'a Program<'a>,
    scopes: &Rc<Scopes<'a>>,
) -> BTreeMap<usize, String> {
    let mut all = BTreeMap::new();
    for part in 0..program.parts.len() {
        let types = scopes
            .of_part(part)
            .filter(|at| scopes.entries[*at].is_type());
        let types: Vec<usize> = types.collect();
        let named: Vec<_> = types
            .iter()
            .map(|at| names::Named::of(scopes, *at))
            .collect();
        // Whether two of them collide matters only if both are used.
        let rust = names::quietly(&named);
        all.extend(types.into_iter().zip(rust));
    }
    all
}

/// The words of an enum.
pub(super) fn variants(node: &Node) -> Vec<&str> {
    let mut names = Vec::new();
    for item in &node.items {
        if let Item::Field(field) = item {
            names.push(field.key.text.as_str());
        }
    }
    names
}

/// Whether each word has a Rust name of its own.
pub(super) fn distinct(words: &[&str]) -> bool {
    let names: BTreeSet<String> = words.iter().map(|word| names::pascal(word)).collect();
    !words.is_empty() && names.len() == words.len() && !names.contains("")
}

/// Makes the structs and enums that are used, each in the world of its own source. Those that they use in turn are made too.
pub(super) fn build(cxs: &mut [Cx<'_>], worlds: &mut [World]) {
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let mut names: Vec<Taken> = worlds.iter().map(taken).collect();
    for ((cx, world), names) in cxs.iter_mut().zip(worlds.iter_mut()).zip(&mut names) {
        elements(cx, world, names);
    }
    loop {
        let Some(cx) = cxs.first() else { return };
        // Only what came in since the last time: of structs that hold one another in a row, each comes alone.
        let next = cx.used.take();
        if next.is_empty() {
            break;
        }
        for at in next {
            if !done.insert(at) {
                continue;
            }
            let part = cxs[0].scopes.entries[at].part;
            build_one(&mut cxs[part], &mut worlds[part], &mut names[part], at);
        }
    }
    for world in worlds {
        world.enums.sort_by(|a, b| a.rust.cmp(&b.rust));
        world.records.sort_by(|a, b| a.rust.cmp(&b.rust));
    }
}

/// The Rust names that a world has given away, with what has them: an orb, or a list whose elements do.
type Taken = BTreeMap<String, Option<Span>>;

/// Takes in what was made for the elements of lists.
fn elements(cx: &mut Cx<'_>, world: &mut World, taken: &mut Taken) {
    for (record, span) in std::mem::take(&mut cx.records) {
        let rust = record.rust.clone();
        match taken.insert(rust.clone(), Some(span)) {
            None => world.records.push(record),
            Some(first) => {
                let message = format!(
                    "the elements of this list are `{rust}` in Rust, which is another type"
                );
                let mut error = Diagnostic::error(&codes::ORB_COLLISION, message, span)
                    .label("a list of structures")
                    .help("declare a `struct` for the elements, or rename one of the two");
                if let Some(first) = first {
                    error = error.also(first, "the other type");
                }
                cx.tell(error);
            }
        }
    }
}

fn taken(world: &World) -> Taken {
    let orb = |orb: &Orb| {
        let span = Some(orb.span);
        let names = super::names::views(orb).into_iter();
        names
            .chain([orb.rust.clone()])
            .map(move |name| (name, span))
    };
    let values = world.enums.iter().map(|one| &one.rust);
    let values = values.chain(world.records.iter().map(|one| &one.rust));
    let values = values.map(|rust| (rust.clone(), None));
    // Of two orbs, the first is named.
    values
        .chain(world.orbs.iter().rev().flat_map(orb))
        .collect()
}

fn build_one(cx: &mut Cx<'_>, world: &mut World, taken: &mut Taken, at: usize) {
    let node = cx.scopes.entries[at].node;
    let (name, rust) = (cx.scopes.path(at).join("/"), cx.type_names[&at].clone());
    if let Some(first) = taken.get(&rust) {
        let label = node.label();
        let mut error = Diagnostic::error(
            &codes::ORB_COLLISION,
            format!("`{label}` names two types, both `{rust}` in Rust"),
            label.span,
        )
        .label("the second of them")
        .help("rename one of the two");
        if let Some(orb) = first {
            error = error.also(*orb, "the first of them");
        }
        return cx.tell(error);
    }
    taken.insert(rust.clone(), None);
    if node.kind.text == "enum" {
        world.enums.push(enumeration(node, name, rust));
    } else {
        let fields = struct_fields(node);
        let fields = record_fields(cx, &fields, at);
        world.records.push(Record {
            name,
            rust,
            docs: node.docs.clone(),
            fields,
        });
    }
}

fn enumeration(node: &Node, name: String, rust: String) -> Enum {
    let fields = node.items.iter().filter_map(|item| match item {
        Item::Field(field) => Some(field),
        _ => None,
    });
    let variants = fields.map(|field| Variant {
        wire: field.key.text.clone(),
        rust: names::pascal(&field.key.text),
        docs: field.docs.clone(),
    });
    Enum {
        name,
        rust,
        docs: node.docs.clone(),
        variants: variants.collect(),
    }
}

/// The fields that a struct declares, functions aside.
pub(super) fn struct_fields(node: &Node) -> Vec<&Field> {
    let fields = node.items.iter().filter_map(|item| match item {
        Item::Field(field) => Some(field),
        _ => None,
    });
    let function = |field: &&Field| {
        matches!(
            field.value.as_ref().map(|value| &value.kind),
            Some(ValueKind::Function)
        )
    };
    fields.filter(|field| !function(field)).collect()
}

fn record_fields(cx: &mut Cx<'_>, fields: &[&Field], of: usize) -> Vec<RecordField> {
    let mut made: Vec<RecordField> = Vec::new();
    let mut seen: BTreeMap<String, &Field> = BTreeMap::new();
    for field in fields {
        let (key, rust) = (&field.key, names::field(&field.key.text));
        if rust.is_empty() {
            cx.tell_once(names::empty("field", &key.text, key.span));
            continue;
        }
        if let Some(first) = seen.get(&rust).map(|first| &first.key) {
            cx.tell_once(if first.text == key.text {
                duplicate(&key.text, first.span, key.span)
            } else {
                names::alike((&first.text, first.span), (&key.text, key.span), &rust)
            });
            continue;
        }
        seen.insert(rust.clone(), field);
        let (ty, initial) = record_type(cx, field, of);
        made.push(RecordField {
            wire: field.key.text.clone(),
            rust,
            docs: field.docs.clone(),
            ty,
            initial,
        });
    }
    made
}

/// The type of a part of a record, and its value in a fresh one.
fn record_type(cx: &mut Cx<'_>, field: &Field, of: usize) -> (ValueType, Initial) {
    let value = field.value.as_ref();
    let declared = declared::of_field(field, |name| cx.custom(name, field.span));
    let ty = match &declared {
        Some(Declared::Unknown) | None => value.and_then(values::literal_type),
        Some(declared) => Some(declared::as_value(declared)),
    };
    let ty = ty.unwrap_or(ValueType::Value);
    // A record that held one of its own kind would have no end.
    if holds(cx, &ty, of) {
        cx.tell_once(recursive(&field.key.text, field.key.span).label("kept as any value"));
        return (ValueType::Value, Initial::Null);
    }
    let value = value.filter(|_| field.ty.is_some() || declared.is_none());
    let fit = value.and_then(|value| values::fit(value, &Crdt::LwwRegister(ty.clone())));
    let zero = match &declared {
        Some(Declared::Words(words, _)) => words.first().map(Initial::Str),
        _ => None,
    };
    (ty, fit.or(zero).unwrap_or(Initial::Zero))
}

/// Whether a type holds the struct of an entry, directly or through others.
fn holds(cx: &Cx<'_>, ty: &ValueType, of: usize) -> bool {
    let name = match ty {
        ValueType::Option(inner) | ValueType::List(inner) => return holds(cx, inner, of),
        ValueType::Record(path) => path,
        _ => return false,
    };
    let last = name.rsplit("::").next().unwrap_or(name);
    let cycles = cx
        .cycles
        .get_or_init(|| Cycles::of(cx.program, &cx.scopes, &cx.type_names));
    cycles.meet(last, of)
}

/// A list of structures of one shape: the record for its elements.
pub(super) fn of_elements(
    cx: &mut Cx<'_>,
    name: &str,
    (rust, span): (&str, Span),
    items: &[Value],
) -> Option<ValueType> {
    let mut shapes = items.iter().map(|item| match &item.kind {
        ValueKind::Map(fields) => Some(fields.as_slice()),
        _ => None,
    });
    let first = shapes.next()??;
    let keys = |fields: &[Field]| -> BTreeSet<String> {
        fields.iter().map(|field| field.key.text.clone()).collect()
    };
    let shape = keys(first);
    let rusts: BTreeSet<String> = shape.iter().map(|key| names::field(key)).collect();
    let even = shapes.all(|fields| fields.is_some_and(|fields| keys(fields) == shape));
    if !even
        || first.is_empty()
        || shape.len() != first.len()
        || rusts.len() != shape.len()
        || rusts.contains("")
    {
        return None;
    }
    let mut fields = Vec::new();
    for field in first {
        let of_key = items.iter().filter_map(|item| match &item.kind {
            ValueKind::Map(fields) => fields.iter().find(|one| one.key.text == field.key.text),
            _ => None,
        });
        let all: Option<Vec<Value>> = of_key.map(|field| field.value.clone()).collect();
        let all = all?;
        if !all.iter().all(values::is_literal) {
            return None;
        }
        fields.push(RecordField {
            wire: field.key.text.clone(),
            rust: names::field(&field.key.text),
            docs: Vec::new(),
            ty: values::element_type(&all).unwrap_or(ValueType::Value),
            initial: Initial::Zero,
        });
    }
    let record = Record {
        name: name.to_owned(),
        rust: rust.to_owned(),
        docs: Vec::new(),
        fields,
    };
    cx.records.push((record, span));
    Some(ValueType::Record(rust.to_owned()))
}
