//! Whether a [`Dynamic`] is what somebody expects, given as JSON would have it.

use std::collections::BTreeMap;

use super::Dynamic;
use super::field::Field;
use super::types::{Form, Type};
use crate::Value;
use crate::value::{Any, Element};

/// A place that is not as expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The field, as a path.
    pub path: String,
    /// What was expected.
    pub expected: Value,
    /// What is there; null also where there is no such field.
    pub found: Value,
}

impl Dynamic {
    /// The places that differ from what is expected; only fields that are named count.
    ///
    /// Values are equal when they are so for their types: `1` and `1.0` in a field of `f64`, `#fff` and `#ffffff` in one of colours.
    /// Sets are equal in any order, maps when they have the same keys, structs when the fields that are named are. O(state).
    #[must_use]
    pub fn differences(&self, expected: &Value) -> Vec<Difference> {
        let mut all = Vec::new();
        in_orb(self, expected, "", &mut all);
        all
    }
}

fn in_orb(orb: &Dynamic, expected: &Value, path: &str, all: &mut Vec<Difference>) {
    let Value::Map(entries) = expected else {
        return all.push(difference(path, expected, orb.to_value()));
    };
    for (name, expected) in entries {
        let below = join(path, name);
        match orb.info.place(name) {
            Some(place) => {
                let (field, form) = (&orb.fields[place], &orb.info.fields[place].form);
                in_field(field, form, expected, &below, all);
            }
            None => match orb.field(name) {
                Some(found) if alike(&found, expected) => {}
                found => all.push(difference(&below, expected, found.unwrap_or_default())),
            },
        }
    }
}

fn in_field(field: &Field, form: &Form, expected: &Value, path: &str, all: &mut Vec<Difference>) {
    let equal = match (field, form) {
        (Field::Orb(orb), _) => return in_orb(orb, expected, path, all),
        (Field::OrMap(map), Form::OrMap(key, held)) => {
            let found: Vec<(&Any, &Field)> = map.iter().collect();
            return match keyed(expected, key) {
                Some(entries)
                    if found
                        .iter()
                        .all(|(key, _)| entries.iter().any(|(it, _)| it == *key)) =>
                {
                    for (key, expected) in entries {
                        let below = join(path, &key.key_text());
                        match found.iter().find(|(held, _)| **held == key) {
                            Some((_, field)) => in_field(field, held, expected, &below, all),
                            None => all.push(difference(&below, expected, Value::Null)),
                        }
                    }
                }
                _ => all.push(difference(path, expected, field.to_value())),
            };
        }
        (Field::LwwRegister(it), Form::LwwRegister(ty)) => same(it.get(), expected, ty),
        (Field::MvRegister(it), Form::MvRegister(ty)) => match expected {
            Value::List(items) => {
                let values = it.values();
                let mut pairs = values.iter().zip(items);
                values.len() == items.len() && pairs.all(|(value, item)| same(value, item, ty))
            }
            _ => false,
        },
        (Field::OrSet(it), Form::OrSet(ty)) => same_set(&it.sorted(), expected, ty),
        (Field::GSet(it), Form::GSet(ty)) => same_set(&it.sorted(), expected, ty),
        (Field::TwoPSet(it), Form::TwoPSet(ty)) => same_set(&it.sorted(), expected, ty),
        (Field::Sequence(it), Form::Sequence(ty)) => match expected {
            Value::List(items) => {
                let mut pairs = it.iter().zip(items);
                it.len() == items.len() && pairs.all(|(value, item)| same(value, item, ty))
            }
            _ => false,
        },
        (Field::LwwMap(it), Form::LwwMap(key, ty)) => match keyed(expected, key) {
            Some(entries) => {
                let held: Vec<(&Any, &Any)> = it.iter().collect();
                let has = |key: &Any, value: &Value| {
                    held.iter()
                        .any(|(held, it)| *held == key && same(it, value, ty))
                };
                held.len() == entries.len() && entries.iter().all(|(key, value)| has(key, value))
            }
            None => false,
        },
        (plain, _) => alike(&plain.to_value(), expected),
    };
    if !equal {
        all.push(difference(path, expected, field.to_value()));
    }
}

fn same(held: &Any, expected: &Value, ty: &Type) -> bool {
    Any::of(&ty.kind(), expected).as_ref() == Some(held) || alike(&held.to_value(), expected)
}

fn same_set(held: &[&Any], expected: &Value, ty: &Type) -> bool {
    let Value::List(items) = expected else {
        return false;
    };
    let contains = |any: &Any| items.iter().any(|item| same(any, item, ty));
    items.len() == held.len() && held.iter().all(|any| contains(any))
}

/// The entries of a map by key; none where a key is of another type.
fn keyed<'v>(expected: &'v Value, key: &Type) -> Option<Vec<(Any, &'v Value)>> {
    let Value::Map(entries) = expected else {
        return None;
    };
    let entries = entries.iter();
    entries
        .map(|(name, value)| Some((Any::of_key(&key.kind(), name)?, value)))
        .collect()
}

/// Equal but for whether a number has a point.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Int(whole), Value::Float(float)) | (Value::Float(float), Value::Int(whole)) => {
            *float == *whole as f64
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (Value::Map(a), Value::Map(b)) => alike_maps(a, b),
        (a, b) => a == b,
    }
}

fn alike_maps(a: &BTreeMap<String, Value>, b: &BTreeMap<String, Value>) -> bool {
    let mut pairs = a.iter().zip(b);
    a.len() == b.len() && pairs.all(|((k, a), (l, b))| k == l && alike(a, b))
}

fn difference(path: &str, expected: &Value, found: Value) -> Difference {
    Difference {
        path: path.to_owned(),
        expected: expected.clone(),
        found,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
