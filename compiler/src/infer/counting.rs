//! R6: what the code of a source says about a field: a counter, a lost update, a list that is no set.

use std::collections::BTreeMap;

use holo_codegen::schema::{Authority, Crdt, Initial, ValueType};
use holo_grammar::ast::{Field, Item, TypeKind, ValueKind};
use holo_grammar::diagnostic::{Diagnostic, Severity};

use super::nested::Holder;
use super::types::{Asked, Typed};
use super::{Cx, repair};
use crate::codes;
use crate::model::Reason;

/// A field that starts at 0 and that all code only counts up and down is a counter.
pub(super) fn counter(cx: &Cx<'_>, asked: Asked<'_>) -> Option<Typed> {
    let base = asked.base.and_then(|base| base.value.as_ref());
    let value = base.or(asked.value())?;
    if value.kind != ValueKind::Int(0) {
        return None;
    }
    let writes = cx.writes(asked.name).filter(|writes| writes.counts)?;
    let line = cx.line(writes.first);
    let text = format!(
        "it starts at 0 and all code counts it up or down (as in line {line}), so it is a counter"
    );
    let otherwise = format!(
        "write `{}: int = 0` for a last-writer-wins number",
        asked.name
    );
    Some(Typed {
        crdt: Crdt::PnCounter,
        initial: asked
            .value()
            .map_or(Initial::Int(0), |value| match value.kind {
                ValueKind::Int(n) => Initial::Int(n),
                _ => Initial::Int(0),
            }),
        annotated: false,
        reason: Reason::new("R6", text, otherwise),
    })
}

/// Whether everything of that name in the source is declared as a whole number.
pub(super) fn whole_numbers<'a>(items: &'a [Item], found: &mut BTreeMap<&'a str, bool>) {
    for item in items {
        match item {
            Item::Node(node) => whole_numbers(&node.items, found),
            Item::State(block) => whole_numbers(&block.items, found),
            Item::Field(field) => {
                let whole = is_whole(field);
                let entry = found.entry(&field.key.text).or_insert(true);
                *entry &= whole;
            }
            _ => {}
        }
    }
}

fn is_whole(field: &Field) -> bool {
    let int = |name: &str| {
        matches!(
            name,
            "int" | "integer" | "i64" | "i32" | "u32" | "PNCounter" | "GCounter"
        )
    };
    match (&field.ty, field.value.as_ref().map(|value| &value.kind)) {
        (Some(ty), _) => matches!(&ty.kind, TypeKind::Named(name, _) if int(name)),
        (None, Some(ValueKind::Int(_))) => true,
        (None, Some(ValueKind::Path(names))) => names.len() == 1 && int(&names[0].text),
        _ => false,
    }
}

/// Tells what code does to a field that its type does not bear.
pub(super) fn check(cx: &mut Cx<'_>, asked: Asked<'_>, typed: &Typed, holder: &Holder<'_>) {
    match &typed.crdt {
        Crdt::LwwRegister(ValueType::I64) if !typed.annotated => lost_update(cx, asked, holder),
        Crdt::OrSet(_) | Crdt::GSet(_) | Crdt::TwoPSet(_) => like_a_list(cx, asked),
        _ => {}
    }
}

fn lost_update(cx: &mut Cx<'_>, asked: Asked<'_>, holder: &Holder<'_>) {
    if holder.authority != Authority::Shared {
        return;
    }
    let Some(count) = cx.writes(asked.name).and_then(|writes| writes.count) else {
        return;
    };
    let name = asked.name;
    let span = asked.value().map_or(asked.span, |value| value.span);
    let message =
        format!("`{name}` is counted up or down, and of two at once the last writer wins");
    let mut warning = Diagnostic::warning(&codes::LOST_UPDATE, message, span)
        .label("a last-writer-wins number")
        .also(count, "two peers that do this at once count only once")
        .help(format!("write `{name}: PNCounter = …` to count every one, or say `@host_only` if only one peer writes it"));
    let counter = |value| repair::annotate(cx, asked.field?, value, "PNCounter");
    if let Some(fix) = asked.value().and_then(counter) {
        warning = warning.fix(fix);
    }
    cx.tell(warning);
}

fn like_a_list(cx: &mut Cx<'_>, asked: Asked<'_>) {
    let Some(span) = cx.writes(asked.name).and_then(|writes| writes.place) else {
        return;
    };
    let name = asked.name;
    let message = format!("`{name}` is a set, and code goes by the places of its elements");
    cx.tell(
        Diagnostic::new(&codes::SEQUENCE_MEANT, Severity::Note, message, asked.span)
            .label("keeps no order")
            .also(span, "goes by place or order")
            .help("what needs an order is a sequence: write `@ordered` behind it, or `Sequence<T>` for its type"),
    );
}
