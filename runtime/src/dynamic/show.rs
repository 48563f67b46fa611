//! Reading a [`Dynamic`] as a value: what a tool shows and a test compares.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Dynamic;
use super::field::Field;
use crate::value::{Any, Element};
use crate::{JsonKey, JsonPath, Value};

impl Dynamic {
    /// All of it: a map of its fields by name. Sets are sorted lists, a register that keeps concurrent writes is the list of them in
    /// the order of their stamps, maps are maps whose keys are text, structs are maps of their fields. O(state).
    #[must_use]
    pub fn to_value(&self) -> Value {
        let names = self.info.fields.iter().map(|field| field.name.clone());
        let values = self.fields.iter().map(Field::to_value);
        Value::Map(names.zip(values).collect())
    }

    /// What stands at a path, as [`Dynamic::to_value`] has it: a field, a field of a nested struct, an entry of a map, an item of a
    /// list. None where nothing does. O(state).
    #[must_use]
    pub fn field(&self, path: &str) -> Option<Value> {
        let path: JsonPath = path.parse().ok()?;
        let mut value = self.to_value();
        for key in path.keys() {
            value = match (value, key) {
                (Value::Map(mut entries), key) => entries.remove(&key.text())?,
                (Value::List(items), JsonKey::Index(index)) => items.into_iter().nth(*index)?,
                _ => return None,
            };
        }
        Some(value)
    }
}

impl Field {
    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::LwwRegister(it) => it.get().to_value(),
            Self::MvRegister(it) => {
                Value::List(it.values().into_iter().map(Any::to_value).collect())
            }
            Self::GCounter(it) => it.value().to_value(),
            Self::PnCounter(it) => it.value().to_value(),
            Self::OrSet(it) => sorted(it.sorted()),
            Self::GSet(it) => sorted(it.sorted()),
            Self::TwoPSet(it) => sorted(it.sorted()),
            Self::Sequence(it) => Value::List(it.iter().map(Any::to_value).collect()),
            Self::Text(it) => Value::Str(it.to_string()),
            Self::LwwMap(it) => {
                let entries = it
                    .iter()
                    .map(|(key, value)| (key.key_text(), value.to_value()));
                Value::Map(entries.collect())
            }
            Self::OrMap(it) => {
                let entries = it
                    .iter()
                    .map(|(key, value)| (key.key_text(), value.to_value()));
                Value::Map(entries.collect::<BTreeMap<_, _>>())
            }
            Self::JsonDoc(it) => it.to_value(),
            Self::Orb(it) => it.to_value(),
        }
    }
}

fn sorted(elements: Vec<&Any>) -> Value {
    let mut values: Vec<Value> = elements.into_iter().map(Any::to_value).collect();
    values.sort_by(order);
    Value::List(values)
}

/// By type, and among those of one type numbers by size, text by its characters, others by what JSON would show.
fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
        (Value::Str(a), Value::Str(b)) => a.cmp(b),
        (a, b) if rank(a) == rank(b) => a.to_string().cmp(&b.to_string()),
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

/// Where values of its type stand among others.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) => 2,
        Value::Float(_) => 3,
        Value::Str(_) => 4,
        Value::List(_) => 5,
        Value::Map(_) => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sort panics where the order is none: minus one, minus one and a half and minus two went round in a circle.
    #[test]
    fn values_of_all_types_have_one_order() {
        let values = [
            Value::Int(-1),
            Value::Float(-1.5),
            Value::Int(-2),
            Value::Null,
            Value::Bool(true),
            Value::Str("-1".to_owned()),
            Value::List(vec![Value::Int(-1)]),
            Value::Map(BTreeMap::new()),
        ];
        for a in &values {
            for b in &values {
                assert_eq!(order(a, b), order(b, a).reverse());
                for c in &values {
                    let goes_on = order(a, b).is_lt() && order(b, c).is_lt();
                    assert!(!goes_on || order(a, c).is_lt(), "{a} < {b} < {c}");
                }
            }
        }
    }
}
