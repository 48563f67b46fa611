//! R5: fields that nobody annotated: what their name says, and what their literal is.

use holo_codegen::schema::{Crdt, Initial, ValueType};
use holo_grammar::ast::{Field, Span, Value, ValueKind};
use holo_grammar::diagnostic::{Code, Diagnostic, Fix, Severity};

use super::mistakes::{empty_map, misfit, not_constant};
use super::nested::{self, Holder};
use super::types::{Asked, Typed, described, option_value};
use super::{Cx, mistakes, named, names, repair, values, words};
use crate::codes;

/// Fields whose name says what they are, unless their value says otherwise.
pub(super) fn well_known(asked: Asked<'_>) -> Option<Typed> {
    let value = asked.value();
    let register = Crdt::LwwRegister;
    let (crdt, initial, zero) = match asked.name {
        "position" | "velocity" | "angularVelocity" | "angular_velocity" => (
            register(ValueType::Vec3),
            value.map(values::vector).map(|v| v.map(Initial::Vec3)),
            Initial::Vec3([0.0; 3]),
        ),
        "scale" => {
            let scale = |value| values::vector(value).or_else(|| values::uniform(value));
            (
                register(ValueType::Vec3),
                value.map(scale).map(|v| v.map(Initial::Vec3)),
                Initial::Vec3([1.0; 3]),
            )
        }
        "rotation" => {
            let identity = Initial::Quat([0.0, 0.0, 0.0, 1.0]);
            (
                register(ValueType::Quat),
                value.map(values::rotation).map(|q| q.map(Initial::Quat)),
                identity,
            )
        }
        "owner" => {
            let null =
                |value: &Value| matches!(value.kind, ValueKind::Null).then_some(Initial::Null);
            let crdt = register(ValueType::Option(Box::new(ValueType::ReplicaId)));
            (crdt, value.map(null), Initial::Null)
        }
        _ => return None,
    };
    let initial = match (initial, value) {
        (None, _) => zero,
        (Some(Some(initial)), _) => initial,
        // A value that is worked out later can still be of the expected type; a literal of another type cannot.
        (Some(None), Some(value)) if !values::is_literal(value) => zero,
        (Some(None), _) => return None,
    };
    let text = format!("`{}` is {} by its name", asked.name, described(&crdt));
    let otherwise = format!("write `{}: T` for another type", asked.name);
    Some(Typed::guess(crdt, initial, text, otherwise))
}

/// The literal decides: a template's, if there is one, so that every instance is of one type.
pub(super) fn literal<'a>(cx: &mut Cx<'a>, asked: Asked<'a>, holder: &Holder<'_>) -> Typed {
    let Some(value) = asked.value() else {
        return untyped(cx, asked);
    };
    let (base, own) = asked.over_base();
    let Some(base) = base else {
        return of_value(cx, asked, value, holder);
    };
    let mut typed = of_value(cx, asked, base, holder);
    let Some(own) = own.filter(|_| !matches!(typed.crdt, Crdt::Nested(_))) else {
        return typed;
    };
    match values::fit(own, &typed.crdt) {
        Some(initial) if matches!(typed.crdt, Crdt::LwwMap(..)) => {
            typed.initial = empty_map(cx, asked, own, initial);
        }
        Some(initial) => typed.initial = initial,
        None if values::is_literal(own) => unlike_template(cx, asked, &typed.crdt, own, base),
        None => not_constant(cx, asked, own),
    }
    typed
}

/// Reports a value of an object that does not fit what its template makes of the field.
fn unlike_template(cx: &mut Cx<'_>, asked: Asked<'_>, crdt: &Crdt, own: &Value, base: &Value) {
    let written = super::rate::shorten(cx.written(own.span));
    let name = asked.name;
    let declared = super::rate::shorten(cx.written(base.span));
    let wider = match (crdt, values::literal_type(own)) {
        (Crdt::LwwRegister(ValueType::I64), Some(ValueType::F64)) => Some("number"),
        (Crdt::LwwRegister(ValueType::Color), Some(ValueType::String)) => Some("string"),
        _ => None,
    };
    let help = match wider {
        Some(ty) => {
            format!("write `{name}: {ty} = {declared}` in the template, or change this value")
        }
        None => "change one of the two".to_owned(),
    };
    cx.tell(
        Diagnostic::error(
            &codes::VALUE_MISFIT,
            format!("`{written}` does not fit what the template makes of `{name}`"),
            own.span,
        )
        .label(format!("expected a value for {}", described(crdt)))
        .also(base.span, format!("which it is by this `{declared}`"))
        .help(help),
    );
}

fn of_value<'a>(cx: &mut Cx<'a>, asked: Asked<'a>, value: &'a Value, holder: &Holder<'_>) -> Typed {
    let name = asked.name;
    let write = |ty: &str| format!("write `{name}: {ty}` to say otherwise");
    if let Some(typed) = words::variant(cx, asked, value) {
        return typed;
    }
    if let Some(ty) = values::literal_type(value) {
        let crdt = Crdt::LwwRegister(ty.clone());
        let Some(initial) = values::fit(value, &crdt) else {
            misfit(cx, asked, &crdt, value);
            return Typed::guess(crdt, Initial::Zero, "its value fits no type", write("T"));
        };
        let (what, otherwise) = match ty {
            ValueType::I64 => (
                "an integer literal",
                format!("write `{name}: PNCounter` to make it a counter"),
            ),
            ValueType::F64 if matches!(value.kind, ValueKind::Quantity { .. }) => {
                ("a number with a unit", write("int = 0"))
            }
            ValueType::F64 => ("a literal with a fraction", write("int = 0")),
            ValueType::Bool => ("a truth value", write("T")),
            ValueType::Color => (
                "a colour literal",
                format!("write `{name}: string` to keep it as text"),
            ),
            ValueType::Vec3 => (
                "a vector of three numbers",
                format!("write `{name}: number[]` to make it a set of numbers"),
            ),
            _ => ("a text literal", write("T")),
        };
        let text = format!("{what} is {}", described(&crdt));
        return Typed::guess(crdt, initial, text, otherwise);
    }
    match &value.kind {
        ValueKind::List(items) => list(cx, asked, items, value, holder),
        ValueKind::Map(fields) => map(cx, asked, fields, value, holder),
        ValueKind::Null => {
            let message = format!("`{name}` starts as null, so it holds any value");
            let help =
                format!("write `{name}: string | null`, or another type, to say what it holds");
            let fix = |field| repair::annotate(cx, field, value, "any");
            let fix = asked.field.and_then(fix);
            note(cx, &codes::UNTYPED, (message, value.span), help, fix);
            Typed::guess(
                option_value(),
                Initial::Null,
                "null says nothing of a type",
                format!("write `{name}: T | null`"),
            )
        }
        ValueKind::Path(names) if names.len() == 1 && mistakes::is_type(&names[0].text) => {
            let written = names[0].text.as_str();
            mistakes::unknown_type(cx, name, written, value.span);
            let text = format!("declared as `{written}`, which is kept as any value");
            Typed::guess(option_value(), Initial::Null, text, write("T"))
        }
        _ => {
            not_constant(cx, asked, value);
            let text = "its value is not a constant and is never evaluated";
            Typed::guess(option_value(), Initial::Null, text, write("T"))
        }
    }
}

fn list<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    items: &'a [Value],
    value: &Value,
    holder: &Holder<'_>,
) -> Typed {
    let name = asked.name;
    let rust = names::within([holder.rust, &names::pascal(name), "Item"]);
    if let Some(record) = named::of_elements(
        cx,
        &format!("{}.{name}[]", holder.wire),
        (&rust, asked.span),
        items,
    ) {
        let crdt = Crdt::OrSet(record);
        let initial = values::fit(value, &crdt).unwrap_or_default();
        let text = format!("a list of structures of one shape is an OrSet<{rust}>");
        let otherwise = format!("write `{name}: T[]` to name the elements");
        return Typed::guess(crdt, initial, text, otherwise);
    }
    let (element, text) = match items {
        [] => (
            ValueType::Value,
            "an empty list is an OrSet of any values".to_owned(),
        ),
        _ => match values::element_type(items) {
            Some(ty) => {
                let text = format!("a list of {ty} is an OrSet<{ty}>");
                (ty, text)
            }
            None => {
                let structs = items
                    .iter()
                    .all(|item| matches!(item.kind, ValueKind::Map(_)));
                let (message, text) = if structs {
                    (
                        "elements with fields of their own are kept as any values for now",
                        "a list of structures",
                    )
                } else {
                    (
                        "its elements have no common type, so they are kept as any values",
                        "a mixed list",
                    )
                };
                let fix = |field| repair::annotate(cx, field, value, "any[]");
                let fix = asked.field.and_then(fix);
                note(
                    cx,
                    &codes::ELEMENTS,
                    (format!("`{name}`: {message}"), value.span),
                    format!("write `{name}: any[]` to say so"),
                    fix,
                );
                (ValueType::Value, format!("{text} is an OrSet<Value>"))
            }
        },
    };
    let crdt = Crdt::OrSet(element);
    let initial = values::fit(value, &crdt).unwrap_or_else(|| {
        not_constant(cx, asked, value);
        Initial::Zero
    });
    Typed::guess(
        crdt,
        initial,
        text,
        format!("write `{name}: T[]` to name the elements"),
    )
}

fn map<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    fields: &'a [Field],
    value: &Value,
    holder: &Holder<'_>,
) -> Typed {
    let name = asked.name;
    let indexed = cx.is_indexed(name);
    if fields.is_empty() || indexed {
        let crdt = Crdt::LwwMap(ValueType::String, ValueType::Value);
        let initial = match values::fit(value, &crdt) {
            Some(initial) => empty_map(cx, asked, value, initial),
            None => {
                not_constant(cx, asked, value);
                Initial::Zero
            }
        };
        let text = if indexed {
            format!("`{name}[…]` is looked up, so it is a map")
        } else {
            "an empty `{}` is a map".into()
        };
        return Typed::guess(
            crdt,
            initial,
            text,
            format!("write `{name}: Map<K, V>` to name what it holds"),
        );
    }
    let (base, own) = asked.over_base();
    let own = own.filter(|_| base.is_some());
    let rust = nested::build(cx, name, (fields, own), asked.span, holder);
    let text = format!("a structure merges field by field, as `{rust}`");
    Typed::guess(
        Crdt::Nested(rust),
        Initial::Zero,
        text,
        format!("write `{name}: Map<string, any>` to make it a map"),
    )
}

fn untyped(cx: &mut Cx<'_>, asked: Asked<'_>) -> Typed {
    let name = asked.name;
    // Where only the value is missing, the parser has said so.
    let unread =
        |field: &Field| field.value.is_none() && field.ty.is_none() && field.modifier.is_none();
    if !asked.field.is_some_and(unread) && !cx.misread.contains(&asked.span) {
        let message = format!("nothing says what `{name}` is, so it holds any value");
        let help = format!("declare it with a type or a value, as in `{name}: 0`");
        note(cx, &codes::UNTYPED, (message, asked.span), help, None);
    }
    let otherwise = format!("write `{name}: T`");
    Typed::guess(
        option_value(),
        Initial::Null,
        "it has neither a type nor a value",
        otherwise,
    )
}

fn note(
    cx: &mut Cx<'_>,
    code: &'static Code,
    (message, span): (String, Span),
    help: String,
    fix: Option<Fix>,
) {
    let mut note = Diagnostic::new(code, Severity::Note, message, span)
        .label("any value")
        .help(help);
    note.fixes.extend(fix);
    cx.tell(note);
}
