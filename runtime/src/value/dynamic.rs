//! [`Value`]: a JSON-like value for fields whose declaration does not fix a type.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hasher;

use super::Element;
use crate::codec::{
    Dec, DecodeError, ValueKind, write_bytes, write_f64, write_varint, write_zigzag,
};

/// A value of any JSON type. Integers and floats are different: `1` is not `1.0`.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// Text.
    Str(String),
    /// A list; it is replaced as a whole.
    List(Vec<Value>),
    /// A map; it is replaced as a whole.
    Map(BTreeMap<String, Value>),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}

impl Eq for Value {}

impl std::hash::Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.feed(state);
    }
}

impl Element for Value {
    type Tag = ();

    fn kind((): &()) -> ValueKind {
        ValueKind::Value
    }

    fn canonical(self) -> Self {
        match self {
            Self::Float(value) => Self::Float(value.canonical()),
            Self::List(values) => Self::List(values.into_iter().map(Self::canonical).collect()),
            Self::Map(entries) => Self::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, value.canonical()))
                    .collect(),
            ),
            plain => plain,
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.push(0),
            Self::Bool(value) => out.push(1 + u8::from(*value)),
            Self::Int(value) => {
                out.push(3);
                write_zigzag(out, i128::from(*value));
            }
            Self::Float(value) => {
                out.push(4);
                write_f64(out, *value);
            }
            Self::Str(value) => {
                out.push(5);
                write_bytes(out, value.as_bytes());
            }
            Self::List(values) => {
                out.push(6);
                write_varint(out, values.len() as u64);
                values.iter().for_each(|value| value.encode(out));
            }
            Self::Map(entries) => {
                out.push(7);
                write_varint(out, entries.len() as u64);
                for (key, value) in entries {
                    write_bytes(out, key.as_bytes());
                    value.encode(out);
                }
            }
        }
    }

    fn decode((): &(), input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        Ok(match input.u8()? {
            0 => Self::Null,
            1 => Self::Bool(false),
            2 => Self::Bool(true),
            3 => Self::Int(i64::decode(&(), input)?),
            4 => Self::Float(input.f64()?),
            5 => Self::Str(input.str()?.to_owned()),
            6 => input.nested(|input| {
                let count = input.count()?;
                (0..count)
                    .map(|_| Self::decode(&(), input))
                    .collect::<Result<_, _>>()
                    .map(Self::List)
            })?,
            7 => input.nested(|input| {
                let count = input.count()?;
                let entry = |_| Ok((input.str()?.to_owned(), Self::decode(&(), input)?));
                (0..count)
                    .map(entry)
                    .collect::<Result<_, _>>()
                    .map(Self::Map)
            })?,
            tag => return Err(DecodeError::UnknownTag { what: "value", tag }),
        })
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.same(b),
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            _ => false,
        }
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        match self {
            Self::Null => hasher.write_u8(0),
            Self::Bool(value) => hasher.write_u8(1 + u8::from(*value)),
            Self::Int(value) => value.feed(hasher),
            Self::Float(value) => value.feed(hasher),
            Self::Str(value) => value.feed(hasher),
            Self::List(values) => {
                hasher.write_usize(values.len());
                values.iter().for_each(|value| value.feed(hasher));
            }
            Self::Map(entries) => {
                hasher.write_usize(entries.len());
                for (key, value) in entries {
                    key.feed(hasher);
                    value.feed(hasher);
                }
            }
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) => 1,
            Self::Int(value) => 1 + value.size(),
            Self::Float(_) => 9,
            Self::Str(value) => 1 + value.size(),
            Self::List(values) => 6 + values.iter().map(Self::size).sum::<usize>(),
            Self::Map(entries) => {
                6 + entries
                    .iter()
                    .map(|(key, value)| key.size() + value.size())
                    .sum::<usize>()
            }
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::List(values) => 1 + values.iter().map(Self::depth).max().unwrap_or(0),
            Self::Map(entries) => 1 + entries.values().map(Self::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn to_value(&self) -> Value {
        self.clone()
    }

    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl Value {
    /// As the lines of a schema spell initial values, which is not quite JSON.
    pub(crate) fn describe(&self, out: &mut String) {
        match self {
            Self::Str(text) => out.push_str(&format!("{text:?}")),
            Self::List(values) => {
                out.push('[');
                for (index, value) in values.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    value.describe(out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    let comma = if index > 0 { "," } else { "" };
                    out.push_str(&format!("{comma}{key:?}:"));
                    value.describe(out);
                }
                out.push('}');
            }
            plain => out.push_str(&plain.to_string()),
        }
    }
}

/// As JSON; not-a-number and the infinities, which JSON has not, as `NaN`, `inf`, `-inf`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Str(value) => write_json_str(f, value),
            Self::List(values) => {
                f.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if index > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    f.write_str(if index > 0 { ", " } else { "" })?;
                    write_json_str(f, key)?;
                    write!(f, ": {value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_json_str(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for char in text.chars() {
        match char {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            control if control < ' ' => write!(f, "\\u{:04x}", u32::from(control))?,
            other => write!(f, "{other}")?,
        }
    }
    f.write_str("\"")
}

macro_rules! from {
    ($($type:ty => |$value:ident| $make:expr),* $(,)?) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $make
            }
        }
    )*};
}

from! {
    bool => |value| Self::Bool(value),
    i64 => |value| Self::Int(value),
    f64 => |value| Self::Float(value),
    &str => |value| Self::Str(value.to_owned()),
    &String => |value| Self::Str(value.clone()),
    String => |value| Self::Str(value),
    Vec<Value> => |value| Self::List(value),
    BTreeMap<String, Value> => |value| Self::Map(value),
}
