//! JSON as values, and the parts of a document by their kind, with errors that name the place.

use std::collections::BTreeMap;

use crate::dynamic::error::SchemaError;
use crate::{Authority, Value};

type Result<T> = std::result::Result<T, SchemaError>;
type Entries = BTreeMap<String, Value>;

impl Value {
    /// A value from JSON. A whole number that 64 bits with a sign do not hold is its digits.
    ///
    /// # Errors
    /// When the text is no JSON, or nests deeper than 128 levels.
    pub fn from_json(text: &str) -> Result<Self> {
        let json: serde_json::Value = serde_json::from_str(text)
            .map_err(|error| SchemaError::new("the text", format!("no JSON: {error}")))?;
        Ok(value_of(json))
    }
}

fn value_of(json: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), _, _) => Value::Int(whole),
            (_, Some(whole), _) => Value::Str(whole.to_string()),
            (_, _, Some(float)) => Value::Float(float),
            _ => Value::Null,
        },
        Json::String(text) => Value::Str(text),
        Json::Array(items) => Value::List(items.into_iter().map(value_of).collect()),
        Json::Object(entries) => {
            let entries = entries.into_iter();
            Value::Map(entries.map(|(key, value)| (key, value_of(value))).collect())
        }
    }
}

pub(super) fn entries<'v>(at: &str, value: &'v Value) -> Result<&'v Entries> {
    match value {
        Value::Map(entries) => Ok(entries),
        other => Err(SchemaError::new(
            at,
            format!("expected an object, found {other}"),
        )),
    }
}

pub(super) fn list<'v>(at: &str, value: &'v Value) -> Result<&'v [Value]> {
    match value {
        Value::List(items) => Ok(items),
        other => Err(SchemaError::new(
            at,
            format!("expected a list, found {other}"),
        )),
    }
}

pub(super) fn text<'v>(at: &str, value: &'v Value) -> Result<&'v str> {
    match value {
        Value::Str(text) => Ok(text),
        other => Err(SchemaError::new(
            at,
            format!("expected text, found {other}"),
        )),
    }
}

/// The name of what is declared, under whichever word it stands.
fn name_of<'v>(at: &str, entries: &'v Entries) -> Result<&'v str> {
    let words = ["rust", "name", "orb", "struct", "record", "enum"];
    let named = words.iter().find_map(|word| entries.get(*word));
    text(
        at,
        named.ok_or_else(|| SchemaError::new(at, "it has no name"))?,
    )
}

pub(super) fn join(at: &str, part: &str) -> String {
    if at.is_empty() {
        part.to_owned()
    } else {
        format!("{at}.{part}")
    }
}

/// What a group of a document declares: place, name, declaration. A group is a list, or a map by name.
pub(super) fn declared<'v>(
    group: &str,
    document: &'v Entries,
) -> Result<Vec<(String, &'v str, &'v Value)>> {
    match document.get(group) {
        None => Ok(Vec::new()),
        Some(Value::Map(entries)) => {
            let entries = entries.iter();
            Ok(entries
                .map(|(name, value)| (join(group, name), name.as_str(), value))
                .collect())
        }
        Some(items) => {
            let mut all = Vec::new();
            for (index, item) in list(group, items)?.iter().enumerate() {
                let at = format!("{group}[{index}]");
                let name = name_of(&at, entries(&at, item)?)?;
                all.push((at, name, item));
            }
            Ok(all)
        }
    }
}

pub(super) fn rate(at: &str, orb: &Value) -> Result<Option<f64>> {
    let Value::Map(entries) = orb else {
        return Ok(None);
    };
    match entries.get("rate_hz") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Int(hertz)) if (1..=240).contains(hertz) => Ok(Some(*hertz as f64)),
        Some(Value::Float(hertz)) if (1.0..=240.0).contains(hertz) => Ok(Some(*hertz)),
        Some(_) => Err(SchemaError::new(
            &join(at, "rate_hz"),
            "a number from 1 to 240",
        )),
    }
}

pub(super) fn authority(at: &str, orb: &Value) -> Result<Authority> {
    let said = match orb {
        Value::Map(entries) => entries.get("authority"),
        _ => None,
    };
    Ok(match said {
        None => Authority::Shared,
        Some(said) => match text(&join(at, "authority"), said)? {
            "shared" => Authority::Shared,
            "owner" => Authority::Owner,
            "host" => Authority::Host,
            "server" => Authority::Server,
            _ => {
                let message = "it is shared, owner, host or server";
                return Err(SchemaError::new(&join(at, "authority"), message));
            }
        },
    })
}
