//! Initial values as the runtime would show them: where a field holds types of the program's own, their declarations say what it
//! starts with.
//!
//! The runtime does the same with the values themselves (`holo_runtime::codegen::describe`).

use std::collections::BTreeMap;

use super::{by_id, find};
use crate::initial::{canonical_value, dynamic};
use crate::schema::{Crdt, Enum, Initial, Module, Record, ValueType};

/// Type and initial value of a CRDT and of all that is in it.
pub(super) fn describe(crdt: &Crdt, initial: &Initial, module: &Module, out: &mut String) {
    if let Crdt::Nested(name) = crdt {
        return nested(name, initial, module, out);
    }
    out.push_str(&format!("{}=", crdt.wire()));
    match crdt {
        Crdt::LwwRegister(ty) | Crdt::MvRegister(ty) => {
            out.push_str(&form(initial, ty, module).to_string())
        }
        Crdt::GCounter => out.push_str(&form(initial, &ValueType::U64, module).to_string()),
        Crdt::PnCounter => out.push_str(&form(initial, &ValueType::I64, module).to_string()),
        Crdt::JsonDoc => out.push_str(&form(initial, &ValueType::Value, module).to_string()),
        Crdt::OrSet(ty) | Crdt::GSet(ty) | Crdt::TwoPSet(ty) => {
            let mut elements: Vec<Initial> = Vec::new();
            if let Initial::List(items) = initial {
                for item in items.iter().map(|item| form(item, ty, module)) {
                    if !elements.contains(&item) {
                        elements.push(item);
                    }
                }
            }
            out.push_str(&Initial::List(elements).to_string());
        }
        Crdt::Sequence(ty) => {
            let items = match initial {
                Initial::List(items) => items.iter().map(|item| form(item, ty, module)).collect(),
                _ => Vec::new(),
            };
            out.push_str(&Initial::List(items).to_string());
        }
        Crdt::Text => out.push_str(&form(initial, &ValueType::String, module).to_string()),
        Crdt::LwwMap(..) | Crdt::Nested(_) => out.push_str("{}"),
        Crdt::OrMap(_, value) => {
            out.push_str("{}");
            describe(value, &Initial::Zero, module, out);
        }
    }
}

/// A struct by its fields, with the values that its holder gives it.
fn nested(name: &str, initial: &Initial, module: &Module, out: &mut String) {
    out.push_str("Struct{");
    for field in find(name, module).map(by_id).unwrap_or_default() {
        out.push_str(&format!("{}:", field.id));
        let initial = part(initial, &field.wire).unwrap_or(&field.initial);
        describe(&field.crdt, initial, module, out);
        out.push(';');
    }
    out.push('}');
}

fn part<'a>(initial: &'a Initial, wire: &str) -> Option<&'a Initial> {
    match initial {
        Initial::Struct(parts) => parts
            .iter()
            .rev()
            .find(|(_, name, _)| name == wire)
            .map(|(_, _, value)| value),
        Initial::Map(entries) => entries
            .iter()
            .rev()
            .find(|(name, _)| name == wire)
            .map(|(_, value)| value),
        _ => None,
    }
}

/// A value as a part of a record would have it: vectors are lists, colours text, records maps of all their parts by key.
fn form(initial: &Initial, ty: &ValueType, module: &Module) -> Initial {
    match (ty, initial) {
        (ValueType::Option(_), Initial::Zero | Initial::Null) => Initial::Null,
        (ValueType::Option(inner), some) => form(some, inner, module),
        (ValueType::List(inner), Initial::List(items)) => {
            let items = items.iter().map(|item| form(item, inner, module));
            Initial::List(items.collect())
        }
        (ValueType::Enum(name), Initial::Zero) => {
            let declared = word_list(name, module);
            let first = declared.and_then(|it| it.variants.first());
            Initial::Str(first.map(|first| first.wire.clone()).unwrap_or_default())
        }
        (ValueType::Record(name), parts) => record(name, parts, module),
        (ValueType::F32, _) => match canonical_value(initial, ty) {
            Some(Initial::Float(float)) => Initial::Float(f64::from(float as f32)),
            _ => Initial::Null,
        },
        (ValueType::Quat, _) => match canonical_value(initial, ty) {
            Some(Initial::Quat(parts)) => {
                Initial::List(normalized(parts).map(Initial::Float).to_vec())
            }
            _ => Initial::Null,
        },
        _ => canonical_value(initial, ty).map_or(Initial::Null, |value| dynamic(&value)),
    }
}

fn word_list<'m>(name: &str, module: &'m Module) -> Option<&'m Enum> {
    let own = module.enums.iter().find(|it| it.rust == name);
    own.or_else(|| word_list(name, module.foreign.as_deref()?))
}

fn declaration<'m>(name: &str, module: &'m Module) -> Option<&'m Record> {
    let own = module.records.iter().find(|it| it.rust == name);
    own.or_else(|| declaration(name, module.foreign.as_deref()?))
}

fn record(name: &str, parts: &Initial, module: &Module) -> Initial {
    let declared = declaration(name, module);
    let fields = declared.map_or(&[][..], |it| &it.fields);
    let entries: BTreeMap<&String, Initial> = fields
        .iter()
        .map(|field| {
            let initial = part(parts, &field.wire).unwrap_or(&field.initial);
            (&field.wire, form(initial, &field.ty, module))
        })
        .collect();
    let entries = entries.into_iter();
    Initial::Map(entries.map(|(key, value)| (key.clone(), value)).collect())
}

/// As `holo_runtime::Quat::normalized`, to the bit.
fn normalized(parts: [f64; 4]) -> [f64; 4] {
    let length = |[x, y, z, w]: [f64; 4]| (x * x + y * y + z * z + w * w).sqrt();
    if (length(parts) - 1.0).abs() <= 4.0 * f64::EPSILON {
        return parts;
    }
    let largest = parts
        .iter()
        .fold(0.0f64, |largest, part| largest.max(part.abs()));
    if largest < f64::MIN_POSITIVE {
        return [0.0, 0.0, 0.0, 1.0];
    }
    let scaled = parts.map(|part| part / largest);
    let length = length(scaled);
    scaled.map(|part| part / length + 0.0)
}
