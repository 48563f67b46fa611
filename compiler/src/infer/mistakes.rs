//! R5: what can be wrong with the type or the value of a field, in words and with a way to mend it.
//!
//! Nothing is decided here but how to say it.

use std::collections::BTreeSet;

use holo_codegen::schema::{Crdt, Initial, ValueType};
use holo_grammar::ast::{Span, Value, ValueKind};
use holo_grammar::diagnostic::{Applicability, Diagnostic, Severity};

use super::declared::{self, CRDT_NAMES, Named};
use super::types::{Asked, SaidCrdt, Typed, described};
use super::{Cx, repair, values};
use crate::{codes, family};

/// Warns of a list like `[0, 0]`, which loses an element as a set.
pub(super) fn equal_elements(cx: &mut Cx<'_>, asked: Asked<'_>, typed: &Typed) {
    let Some(value) = asked.value() else { return };
    let (ValueKind::List(items), Initial::List(elements)) = (&value.kind, &typed.initial) else {
        return;
    };
    if items.len() == elements.len() {
        return;
    }
    let name = asked.name;
    let once = without_equals(cx, items, typed);
    let fix = repair::write(value.span, once, Applicability::Unsafe);
    cx.tell(
        Diagnostic::warning(
            &codes::EQUAL_ELEMENTS,
            format!("`{name}` is a set, in which equal elements count once"),
            value.span,
        )
        .label("some of these are equal")
        .help(format!(
            "leave out what stands twice; to keep places apart, write `{name}: {{ x: 0, y: 0 }}`"
        ))
        .fix(fix),
    );
}

/// A list as written, with each element once.
fn without_equals(cx: &Cx<'_>, items: &[Value], typed: &Typed) -> String {
    let mut seen = BTreeSet::new();
    let once = items.iter().filter(|item| {
        let alone = Value {
            kind: ValueKind::List(vec![(*item).clone()]),
            span: item.span,
        };
        // A variant of an enum stands for itself.
        let plain = || cx.written(item.span).to_owned();
        seen.insert(values::fit(&alone, &typed.crdt).map_or_else(plain, |one| one.to_string()))
    });
    let once: Vec<&str> = once.map(|item| cx.written(item.span)).collect();
    format!("[{}]", once.join(", "))
}

/// The start of a map, which can only be empty so far.
pub(super) fn empty_map(
    cx: &mut Cx<'_>,
    asked: Asked<'_>,
    value: &Value,
    initial: Initial,
) -> Initial {
    if matches!(&initial, Initial::Map(entries) if entries.is_empty()) {
        return initial;
    }
    let message = format!(
        "a map cannot start with entries yet, so `{}` starts empty",
        asked.name
    );
    cx.tell(
        Diagnostic::warning(&codes::NOT_YET, message, value.span)
            .label("these are left out")
            .help("write `{}` here, and put the entries in when the first replica is made")
            .fix(repair::write(value.span, "{}", Applicability::Unsafe)),
    );
    Initial::Zero
}

pub(super) fn misfit(cx: &mut Cx<'_>, asked: Asked<'_>, crdt: &Crdt, value: &Value) {
    let written = super::rate::shorten(cx.written(value.span));
    let wants = match crdt {
        Crdt::PnCounter => "a counter starts at a whole number".to_owned(),
        Crdt::GCounter => "a counter that only grows starts at a whole number from 0".to_owned(),
        other => format!("expected {}", expected(other)),
    };
    let error = Diagnostic::error(
        &codes::VALUE_MISFIT,
        format!("`{written}` does not fit the type of `{}`", asked.name),
        value.span,
    )
    .label(wants)
    .help("change the value or the type");
    let annotation = asked.field.and_then(|field| field.ty.as_ref());
    cx.tell(match (annotation, type_word(value)) {
        (Some(ty), Some(word)) => error.fix(repair::write(ty.span, word, Applicability::Unsafe)),
        _ => error,
    });
}

/// What may stand as the value of a field, in words.
fn expected(crdt: &Crdt) -> String {
    match crdt {
        Crdt::LwwRegister(ty) | Crdt::MvRegister(ty) => expected_value(ty),
        Crdt::OrSet(_) | Crdt::GSet(_) | Crdt::TwoPSet(_) | Crdt::Sequence(_) => {
            "a list, as in `[1, 2]`, whose elements are all of its type".to_owned()
        }
        Crdt::Text => "a text".to_owned(),
        Crdt::LwwMap(..) | Crdt::OrMap(..) => "entries of its types, as in `{ key: 1 }`".to_owned(),
        other => format!("a value for {}", described(other)),
    }
}

fn expected_value(ty: &ValueType) -> String {
    let range = |from: &str, to: &str| format!("a whole number from {from} to {to}");
    match ty {
        ValueType::Option(inner) => return format!("{} or `null`", expected_value(inner)),
        ValueType::I32 => return range("-2147483648", "2147483647"),
        ValueType::U32 => return range("0", "4294967295"),
        ValueType::Bool => "`true` or `false`",
        ValueType::I64 => "a whole number",
        ValueType::U64 => "a whole number from 0",
        ValueType::F64 | ValueType::F32 => "a number",
        ValueType::String => "a text in quotes",
        ValueType::Color => "a colour, as in `#ff8800`",
        ValueType::Vec3 => "three numbers, as in `[0, 1, 0]`",
        ValueType::Quat => "three angles in degrees, or x, y, z and w",
        ValueType::ReplicaId => "no literal: there is no replica yet",
        other => return format!("a value of type {other}"),
    }
    .to_owned()
}

/// How one writes the type that a literal has.
fn type_word(value: &Value) -> Option<String> {
    let word = |ty| match ty {
        ValueType::Bool => Some("bool"),
        ValueType::I64 => Some("int"),
        ValueType::F64 => Some("number"),
        ValueType::String => Some("string"),
        ValueType::Color => Some("color"),
        ValueType::Vec3 => Some("vec3"),
        _ => None,
    };
    match (&value.kind, values::literal_type(value)) {
        (_, Some(ty)) => word(ty).map(str::to_owned),
        (ValueKind::List(items), None) => {
            let element = values::element_type(items).and_then(word);
            Some(format!("{}[]", element.unwrap_or("any")))
        }
        _ => None,
    }
}

pub(super) fn not_constant(cx: &mut Cx<'_>, asked: Asked<'_>, value: &Value) {
    let written = super::rate::shorten(cx.written(value.span));
    let message = format!(
        "`{written}` is not a constant, so `{}` starts empty",
        asked.name
    );
    cx.tell(
        Diagnostic::new(&codes::NO_INITIAL, Severity::Note, message, value.span)
            .label("never evaluated: all replicas must start alike")
            .help("write a literal, or set the value when the node is made"),
    );
}

/// Tells of a CRDT that is named beside a type that is another.
pub(super) fn two_types(
    cx: &mut Cx<'_>,
    asked: Asked<'_>,
    crdt: &Crdt,
    ty: Span,
    said: SaidCrdt<'_>,
) {
    let named = declared::crdt_name(said.name);
    if named.is_none() {
        return unknown_crdt(cx, said.name, said.span);
    }
    let counter = matches!(named, Some(Named::PnCounter | Named::GCounter));
    let fits = match crdt {
        Crdt::LwwRegister(_) => named == Some(Named::LwwRegister),
        Crdt::PnCounter => named == Some(Named::PnCounter),
        Crdt::GCounter => named == Some(Named::GCounter),
        Crdt::OrSet(_) => named == Some(Named::OrSet),
        Crdt::Sequence(_) => named == Some(Named::Sequence),
        Crdt::Text => named == Some(Named::Text),
        Crdt::LwwMap(..) => named == Some(Named::LwwMap),
        Crdt::MvRegister(_) => named == Some(Named::MvRegister),
        Crdt::GSet(_) => named == Some(Named::GSet),
        Crdt::TwoPSet(_) => named == Some(Named::TwoPSet),
        Crdt::OrMap(..) => named == Some(Named::OrMap),
        Crdt::JsonDoc => named == Some(Named::JsonDoc),
        Crdt::Nested(_) => false,
    };
    if fits {
        return;
    }
    let written = super::rate::shorten(cx.written(ty));
    let message = format!(
        "`{}` is no CRDT for `{written}`, so `{}` stays {}",
        said.name,
        asked.name,
        described(crdt)
    );
    // A counter counts whole numbers, so that may well be meant; any other pair never fits.
    let meant = counter && matches!(crdt, Crdt::LwwRegister(ValueType::I64 | ValueType::F64));
    let report = if meant {
        Diagnostic::warning(&codes::CRDT_MISFIT, message, said.span)
            .fix(repair::write(ty, said.name, Applicability::Unsafe))
            .help(format!("write `{}: {}` to count", asked.name, said.name))
    } else {
        Diagnostic::error(&codes::CRDT_MISFIT, message, said.span)
            .help("keep the type or the CRDT, and leave the other out")
    };
    let removed = cx.remove(said.whole, Applicability::Unsafe);
    let report = report
        .label("has no effect")
        .also(ty, "the type counts first");
    cx.tell(report.fix(removed));
}

/// Reports a CRDT that there is none of.
pub(super) fn unknown_crdt(cx: &mut Cx<'_>, name: &str, span: Span) {
    let error = Diagnostic::error(
        &codes::UNKNOWN_CRDT,
        format!("there is no CRDT `{name}`"),
        span,
    )
    .help("take one of these names; case and separators do not matter");
    cx.tell(match declared::near_crdt(name) {
        Some(near) => {
            let text = cx.written(span).replacen(name, near, 1);
            error
                .label(format!("did you mean `{near}`?"))
                .help(format!(
                    "the names are {CRDT_NAMES}; case and separators do not matter"
                ))
                .fix(repair::write(span, text, Applicability::Unsafe))
        }
        None => error.label(format!("expected {CRDT_NAMES}")),
    });
}

/// The types that people write most.
const TYPES: [&str; 8] = [
    "number",
    "int",
    "string",
    "bool",
    "vec3",
    "quaternion",
    "color",
    "any",
];

fn near_type(written: &str) -> Option<&'static str> {
    let written = written.to_lowercase();
    let near = TYPES.map(|one| (family::distance(&written, one), one));
    let near = near
        .into_iter()
        .filter(|(distance, one)| *distance <= family::tolerance(one) && *distance < one.len() / 2);
    near.min().map(|(_, one)| one)
}

/// Whether a bare name in the place of a value looks like a type.
pub(super) fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase) || near_type(name).is_some()
}

/// Notes a type that nothing here knows.
pub(super) fn unknown_type(cx: &mut Cx<'_>, name: &str, written: &str, span: Span) {
    let message = format!("holoc does not know the type `{written}`, so `{name}` holds any value");
    let near = near_type(written);
    let note = Diagnostic::new(&codes::UNKNOWN_TYPE, Severity::Note, message, span)
        .help("write number, int, string, bool, vec3, quaternion, color, T[], Map<K, V> or a CRDT");
    let (label, word) = match near {
        Some(near) => (format!("did you mean `{near}`?"), near),
        None => ("read as any value or none".to_owned(), "any"),
    };
    cx.tell(
        note.label(label)
            .fix(repair::write(span, word, Applicability::Unsafe)),
    );
}
