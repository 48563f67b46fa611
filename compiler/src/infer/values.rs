//! R5: what a literal is, whether it fits a type, and how it is written down.

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::PI;

use holo_codegen::initial::{canonical, parse_color as hex};
use holo_codegen::schema::{Crdt, Initial, ValueType};
use holo_grammar::ast::{Field, Value, ValueKind};

/// Whether a value is a literal through and through.
pub(super) fn is_literal(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Null
        | ValueKind::Bool(_)
        | ValueKind::Int(_)
        | ValueKind::Float(_)
        | ValueKind::Quantity { .. }
        | ValueKind::Str(_)
        | ValueKind::Color(_) => true,
        ValueKind::List(items) => items.iter().all(is_literal),
        ValueKind::Map(fields) => fields
            .iter()
            .all(|field| field.value.as_ref().is_some_and(is_literal)),
        ValueKind::Path(_) | ValueKind::Call(_) | ValueKind::Function | ValueKind::Expr => false,
    }
}

/// Whether a value is a function, computed, an interpolation or a member of something else.
pub(super) fn never_synced(value: &Value, written: &str) -> bool {
    match &value.kind {
        ValueKind::Function => true,
        ValueKind::Call(callee) => callee == "computed",
        ValueKind::Path(names) => names.len() > 1,
        ValueKind::Expr => {
            let member = |c: char| {
                c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '[' | ']' | '?' | '"' | '\'')
            };
            written.contains("${")
                || written.starts_with("computed")
                || (written.contains('.')
                    && written.starts_with(char::is_alphabetic)
                    && written.chars().all(member))
        }
        _ => false,
    }
}

/// The type that a literal has by itself; none for what is no literal or has no single type.
#[must_use]
pub fn literal_type(value: &Value) -> Option<ValueType> {
    Some(match &value.kind {
        ValueKind::Bool(_) => ValueType::Bool,
        ValueKind::Int(_) => ValueType::I64,
        ValueKind::Float(_) | ValueKind::Quantity { .. } => ValueType::F64,
        ValueKind::Str(text) if hex(text).is_some() => ValueType::Color,
        ValueKind::Str(_) => ValueType::String,
        ValueKind::Color(_) => ValueType::Color,
        ValueKind::List(_) | ValueKind::Map(_) => {
            vector(value)?;
            ValueType::Vec3
        }
        _ => return None,
    })
}

/// The one type of all elements of a list, with integers among fractions read as fractions.
pub(super) fn element_type(items: &[Value]) -> Option<ValueType> {
    let mut common = literal_type(items.first()?)?;
    for item in &items[1..] {
        common = match (common, literal_type(item)?) {
            (ValueType::I64, ValueType::F64) | (ValueType::F64, ValueType::I64) => ValueType::F64,
            // A word that looks like a colour among words that do not is a word.
            (ValueType::Color, ValueType::String) | (ValueType::String, ValueType::Color) => {
                ValueType::String
            }
            (a, b) if a == b => a,
            _ => return None,
        };
    }
    Some(common)
}

/// The constant that a literal gives a CRDT to start with; none if it does not fit.
#[must_use]
pub fn fit(value: &Value, crdt: &Crdt) -> Option<Initial> {
    match crdt {
        Crdt::LwwRegister(inner) | Crdt::MvRegister(inner) => fit_value(value, inner),
        Crdt::JsonDoc => fit_value(value, &ValueType::Value),
        Crdt::GCounter => match value.kind {
            ValueKind::Int(n) if n >= 0 => Some(Initial::Int(n)),
            _ => None,
        },
        Crdt::PnCounter => match value.kind {
            ValueKind::Int(n) => Some(Initial::Int(n)),
            _ => None,
        },
        Crdt::OrSet(inner) | Crdt::GSet(inner) | Crdt::TwoPSet(inner) => match &value.kind {
            ValueKind::List(items) => {
                let (mut elements, mut seen) = (Vec::new(), BTreeSet::new());
                for item in items {
                    let element = fit_value(item, inner)?;
                    if seen.insert(element.to_string()) {
                        elements.push(element);
                    }
                }
                Some(Initial::List(elements))
            }
            ValueKind::Map(fields) if fields.is_empty() => Some(Initial::List(Vec::new())),
            _ => None,
        },
        Crdt::Sequence(inner) => match &value.kind {
            ValueKind::List(items) => {
                let items = items.iter().map(|item| fit_value(item, inner));
                items.collect::<Option<_>>().map(Initial::List)
            }
            _ => None,
        },
        Crdt::Text => fit_value(value, &ValueType::String),
        Crdt::LwwMap(key, inner) => match &value.kind {
            ValueKind::Map(fields) => entries(fields, key, inner).map(Initial::Map),
            ValueKind::List(items) if items.is_empty() => Some(Initial::Map(Vec::new())),
            _ => None,
        },
        Crdt::OrMap(..) => match &value.kind {
            // Whatever the entries are, they are told of and left out.
            ValueKind::Map(fields) => {
                entries(fields, &ValueType::String, &ValueType::Value).map(Initial::Map)
            }
            ValueKind::List(items) if items.is_empty() => Some(Initial::Map(Vec::new())),
            _ => None,
        },
        Crdt::Nested(_) => Some(Initial::Zero),
    }
}

fn entries(fields: &[Field], key: &ValueType, inner: &ValueType) -> Option<Vec<(String, Initial)>> {
    // The place of each entry; the last of those of one name counts.
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, field) in fields.iter().enumerate() {
        places.insert(&field.key.text, at);
    }
    let mut entries: Vec<(String, Initial)> = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        if *key != ValueType::String && field.key.text.parse::<i64>().is_err() {
            return None;
        }
        let initial = fit_value(field.value.as_ref()?, inner)?;
        if places.get(field.key.text.as_str()) == Some(&at) {
            entries.push((field.key.text.clone(), initial));
        }
    }
    Some(entries)
}

fn fit_value(value: &Value, ty: &ValueType) -> Option<Initial> {
    if let ValueType::Option(inner) = ty {
        return match value.kind {
            ValueKind::Null => Some(Initial::Null),
            _ => fit_value(value, inner),
        };
    }
    match (ty, &value.kind) {
        (ValueType::Value, _) => return any(value),
        (ValueType::Record(_), ValueKind::Map(_)) => return any(value),
        (ValueType::Enum(_), ValueKind::Str(word)) => return Some(Initial::Str(word.clone())),
        _ => {}
    }
    Some(match (&value.kind, ty) {
        (ValueKind::Bool(on), ValueType::Bool) => Initial::Bool(*on),
        (ValueKind::Int(n), _) => integer(*n, ty)?,
        (ValueKind::Float(x), _) => fraction(*x, ty)?,
        (ValueKind::Quantity { number, .. }, ValueType::F64 | ValueType::F32) => {
            fraction(*number, ty)?
        }
        (ValueKind::Str(text), ValueType::String) => Initial::Str(text.clone()),
        (ValueKind::Color(text), ValueType::String) => Initial::Str(text.clone()),
        (ValueKind::Str(text) | ValueKind::Color(text), ValueType::Color) => {
            Initial::Color(hex(text)?)
        }
        (ValueKind::List(_) | ValueKind::Map(_), ValueType::Vec3) => Initial::Vec3(vector(value)?),
        (ValueKind::List(_) | ValueKind::Map(_), ValueType::Quat) => {
            Initial::Quat(rotation(value)?)
        }
        _ => return None,
    })
}

fn integer(n: i64, ty: &ValueType) -> Option<Initial> {
    let fits = match ty {
        ValueType::I64 => true,
        ValueType::I32 => i32::try_from(n).is_ok(),
        ValueType::U32 => u32::try_from(n).is_ok(),
        ValueType::U64 => n >= 0,
        ValueType::F64 | ValueType::F32 => return Some(Initial::Float(n as f64)),
        _ => false,
    };
    fits.then_some(Initial::Int(n))
}

fn fraction(x: f64, ty: &ValueType) -> Option<Initial> {
    let fits = x.is_finite()
        && (*ty == ValueType::F64 || (*ty == ValueType::F32 && (x as f32).is_finite()));
    fits.then_some(Initial::Float(x))
}

/// A literal as a [`ValueType::Value`].
fn any(value: &Value) -> Option<Initial> {
    Some(match &value.kind {
        ValueKind::Null => Initial::Null,
        ValueKind::Bool(on) => Initial::Bool(*on),
        ValueKind::Int(n) => Initial::Int(*n),
        ValueKind::Float(x) | ValueKind::Quantity { number: x, .. } if x.is_finite() => {
            Initial::Float(*x)
        }
        ValueKind::Str(text) | ValueKind::Color(text) => Initial::Str(text.clone()),
        ValueKind::List(items) => Initial::List(items.iter().map(any).collect::<Option<_>>()?),
        ValueKind::Map(fields) => {
            Initial::Map(entries(fields, &ValueType::String, &ValueType::Value)?)
        }
        _ => return None,
    })
}

fn number(value: &Value) -> Option<f64> {
    match value.kind {
        ValueKind::Int(n) => Some(n as f64),
        ValueKind::Float(x) if x.is_finite() => Some(x),
        ValueKind::Quantity { number, ref unit } if unit == "deg" || unit == "m" => Some(number),
        _ => None,
    }
}

/// The numbers of `[x, y, …]` or `{ x: …, y: … }`.
fn components<const N: usize>(value: &Value, names: [&str; N]) -> Option<[f64; N]> {
    let mut out = [0.0; N];
    match &value.kind {
        ValueKind::List(items) if items.len() == N => {
            for (slot, item) in out.iter_mut().zip(items) {
                *slot = number(item)?;
            }
        }
        ValueKind::Map(fields) if fields.len() == N => {
            for (slot, name) in out.iter_mut().zip(names) {
                *slot = number(
                    fields
                        .iter()
                        .find(|field| field.key.text == name)?
                        .value
                        .as_ref()?,
                )?;
            }
        }
        _ => return None,
    }
    Some(out)
}

/// A vector written as `[x, y, z]` or `{ x, y, z }`.
pub(super) fn vector(value: &Value) -> Option<[f64; 3]> {
    components(value, ["x", "y", "z"])
}

/// One number for all three axes, as in `scale: 0.4`.
pub(super) fn uniform(value: &Value) -> Option<[f64; 3]> {
    number(value).map(|x| [x; 3])
}

/// A rotation from Euler degrees or from x, y, z, w.
pub(super) fn rotation(value: &Value) -> Option<[f64; 4]> {
    components(value, ["x", "y", "z", "w"])
        .filter(|q| q.iter().any(|c| *c != 0.0))
        .or_else(|| vector(value).map(euler))
}

/// The quaternion of intrinsic turns about x, y and z, in degrees.
fn euler([x, y, z]: [f64; 3]) -> [f64; 4] {
    let ((sx, cx), (sy, cy), (sz, cz)) = (half_turn(x), half_turn(y), half_turn(z));
    [
        sx * cy * cz + cx * sy * sz,
        cx * sy * cz - sx * cy * sz,
        cx * cy * sz + sx * sy * cz,
        cx * cy * cz - sx * sy * sz,
    ]
    // Turns -0 into 0.
    .map(|c| c + 0.0)
}

/// The sine and cosine of half an angle in degrees, from additions and multiplications only: the platform's own
/// functions differ in the last bit, and a build must not.
fn half_turn(degrees: f64) -> (f64, f64) {
    let half = (degrees % 720.0) / 2.0;
    let quarter = (half / 90.0).round();
    let x = (half - quarter * 90.0) * (PI / 180.0);
    let x2 = x * x;
    // Horner's scheme from the term that no longer counts at 45 degrees.
    let series = |first: u32| {
        (0..9).rev().fold(1.0, |sum, k| {
            1.0 - x2 / f64::from((first + 2 * k) * (first + 2 * k + 1)) * sum
        })
    };
    let (sin, cos) = (x * series(2), series(1));
    match (quarter as i64).rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// A starting value as JSON, with the zero of its type spelt out.
#[must_use]
pub fn json(initial: &Initial, crdt: &Crdt) -> serde_json::Value {
    match crdt {
        Crdt::Nested(_) => serde_json::Value::Object(serde_json::Map::new()),
        _ => plain(&canonical(initial, crdt).unwrap_or_else(|| initial.clone())),
    }
}

fn plain(initial: &Initial) -> serde_json::Value {
    use serde_json::{Value as Json, json};
    match initial {
        Initial::Zero | Initial::Null => Json::Null,
        Initial::Bool(on) => json!(on),
        Initial::Int(n) => json!(n),
        Initial::Float(x) => json!(x),
        Initial::Str(text) => json!(text),
        Initial::Color([r, g, b, 255]) => json!(format!("#{r:02x}{g:02x}{b:02x}")),
        Initial::Color([r, g, b, a]) => json!(format!("#{r:02x}{g:02x}{b:02x}{a:02x}")),
        Initial::Vec3(v) => json!(v),
        Initial::Quat(q) => json!(q),
        Initial::List(items) => items.iter().map(plain).collect(),
        Initial::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|(key, item)| (key.clone(), plain(item)))
                .collect(),
        ),
        Initial::Struct(parts) => Json::Object(
            parts
                .iter()
                .map(|(_, wire, item)| (wire.clone(), plain(item)))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_exact_where_they_should_be() {
        assert_eq!(euler([0.0, 0.0, 0.0]), [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(euler([180.0, 0.0, 0.0]), [1.0, 0.0, 0.0, 0.0]);
        for degrees in [-720.0, -359.0, -91.5, 30.0, 45.0, 90.0, 123.456, 270.0, 1e9] {
            let (sin, cos) = half_turn(degrees);
            let angle = (degrees % 720.0).to_radians() / 2.0;
            assert!(
                (sin - angle.sin()).abs() < 1e-15 && (cos - angle.cos()).abs() < 1e-15,
                "{degrees}"
            );
        }
    }
}
