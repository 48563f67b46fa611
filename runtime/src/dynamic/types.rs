//! What a schema says of types: those of values, with the program's own among them, and those of fields.
//!
//! What they are on the wire follows from them; how they are spelt in JSON is `super::read`'s.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::schema::OrbSchema;
use crate::Value;
use crate::codec::{Kind, ValueKind};
use crate::value::{Any, Element};

/// The type of a value.
#[derive(Clone, Debug)]
pub(super) enum Type {
    Plain(ValueKind),
    /// One of some words, the first of which is the zero.
    Enum(Arc<Enum>),
    /// A map of parts, replaced as a whole.
    Record(Arc<Record>),
    Option(Box<Type>),
    List(Box<Type>),
}

#[derive(Debug)]
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) words: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Record {
    pub(super) name: String,
    pub(super) parts: Vec<Part>,
    /// How many values its zero has, those of records in it too.
    pub(super) weight: usize,
}

/// A part of a record, and what it is where nothing is said.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) initial: Value,
}

/// What holds a field.
#[derive(Clone, Debug)]
pub(super) enum Form {
    LwwRegister(Type),
    MvRegister(Type),
    GCounter,
    PnCounter,
    OrSet(Type),
    GSet(Type),
    TwoPSet(Type),
    Sequence(Type),
    LwwMap(Type, Type),
    OrMap(Type, Arc<Form>),
    JsonDoc,
    Text,
    Orb(Arc<OrbSchema>),
}

impl Type {
    pub(super) fn kind(&self) -> ValueKind {
        match self {
            Self::Plain(kind) => kind.clone(),
            Self::Enum(_) => ValueKind::String,
            Self::Record(_) => ValueKind::Value,
            Self::Option(inner) => ValueKind::Option(Box::new(inner.kind())),
            Self::List(inner) => ValueKind::List(Box::new(inner.kind())),
        }
    }

    /// How many values its zero has.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Record(record) => record.weight,
            _ => 1,
        }
    }

    /// True when it is, or holds, a type of the program's own.
    pub(super) fn is_custom(&self) -> bool {
        match self {
            Self::Enum(_) | Self::Record(_) => true,
            Self::Option(inner) | Self::List(inner) => inner.is_custom(),
            Self::Plain(_) => false,
        }
    }

    /// What it is where nothing is said; an identity has no such value.
    pub(super) fn zero(&self) -> Option<Value> {
        Some(match self {
            Self::Plain(kind) => return zero(kind),
            Self::Enum(it) => Value::Str(it.words.first().cloned().unwrap_or_default()),
            Self::Record(_) => return self.resolve(&Value::Map(BTreeMap::new())),
            Self::Option(_) => Value::Null,
            Self::List(_) => Value::List(Vec::new()),
        })
    }

    /// A constant as the program would hold it: records with all of their parts and no others.
    pub(super) fn resolve(&self, value: &Value) -> Option<Value> {
        match (self, value) {
            (Self::Plain(_), _) => Some(Any::of(&self.kind(), value)?.to_value()),
            (Self::Enum(_), Value::Str(_)) => Some(value.clone()),
            (Self::Enum(_), _) => None,
            (Self::Record(record), Value::Map(given)) => {
                let part = |part: &Part| {
                    let value = given.get(&part.name);
                    let value = value.and_then(|value| part.ty.resolve(value));
                    Some((
                        part.name.clone(),
                        match value {
                            Some(value) => value,
                            None => part.ty.resolve(&part.initial)?,
                        },
                    ))
                };
                record
                    .parts
                    .iter()
                    .map(part)
                    .collect::<Option<_>>()
                    .map(Value::Map)
            }
            (Self::Record(_), _) => None,
            (Self::Option(_), Value::Null) => Some(Value::Null),
            (Self::Option(inner), some) => inner.resolve(some),
            (Self::List(inner), Value::List(items)) => {
                let items = items.iter().map(|item| inner.resolve(item));
                items.collect::<Option<_>>().map(Value::List)
            }
            (Self::List(_), _) => None,
        }
    }

    /// A canonical value of it.
    pub(super) fn any(&self, value: &Value) -> Option<Any> {
        Any::of(&self.kind(), &self.resolve(value)?)
    }
}

fn zero(kind: &ValueKind) -> Option<Value> {
    let floats = |floats: &[f64]| Value::List(floats.iter().copied().map(Value::Float).collect());
    Some(match kind {
        ValueKind::Bool => Value::Bool(false),
        ValueKind::I32 | ValueKind::I64 | ValueKind::U32 | ValueKind::U64 => Value::Int(0),
        ValueKind::F32 | ValueKind::F64 => Value::Float(0.0),
        ValueKind::String => Value::Str(String::new()),
        ValueKind::Vec3 => floats(&[0.0; 3]),
        ValueKind::Quat => floats(&[0.0, 0.0, 0.0, 1.0]),
        ValueKind::Color => Value::Str("#ffffff".to_owned()),
        ValueKind::Value | ValueKind::Option(_) => Value::Null,
        ValueKind::List(_) => Value::List(Vec::new()),
        ValueKind::ReplicaId | ValueKind::InstanceId => return None,
    })
}

impl Form {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::LwwRegister(ty) => Kind::LwwRegister(ty.kind()),
            Self::MvRegister(ty) => Kind::MvRegister(ty.kind()),
            Self::GCounter => Kind::GCounter,
            Self::PnCounter => Kind::PnCounter,
            Self::OrSet(ty) => Kind::OrSet(ty.kind()),
            Self::GSet(ty) => Kind::GSet(ty.kind()),
            Self::TwoPSet(ty) => Kind::TwoPSet(ty.kind()),
            Self::Sequence(ty) => Kind::Sequence(ty.kind()),
            Self::LwwMap(key, ty) => Kind::LwwMap(key.kind(), ty.kind()),
            Self::OrMap(key, held) => Kind::OrMap(key.kind(), Box::new(held.kind())),
            Self::JsonDoc => Kind::JsonDoc,
            Self::Text => Kind::Text,
            Self::Orb(_) => Kind::Orb,
        }
    }

    /// The name of the CRDT alone.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::LwwRegister(_) => "LwwRegister",
            Self::MvRegister(_) => "MvRegister",
            Self::GCounter => "GCounter",
            Self::PnCounter => "PnCounter",
            Self::OrSet(_) => "OrSet",
            Self::GSet(_) => "GSet",
            Self::TwoPSet(_) => "TwoPSet",
            Self::Sequence(_) => "Sequence",
            Self::LwwMap(..) => "LwwMap",
            Self::OrMap(..) => "OrMap",
            Self::JsonDoc => "JsonDoc",
            Self::Text => "Text",
            Self::Orb(_) => "Struct",
        }
    }

    /// True when it holds values of the program's own types.
    pub(super) fn is_described(&self) -> bool {
        match self {
            Self::LwwRegister(ty)
            | Self::MvRegister(ty)
            | Self::OrSet(ty)
            | Self::GSet(ty)
            | Self::TwoPSet(ty)
            | Self::Sequence(ty) => ty.is_custom(),
            Self::LwwMap(key, ty) => key.is_custom() || ty.is_custom(),
            Self::OrMap(key, held) => key.is_custom() || held.is_described(),
            Self::GCounter | Self::PnCounter | Self::JsonDoc | Self::Text | Self::Orb(_) => false,
        }
    }

    /// The struct at the bottom of it.
    pub(super) fn orb(&self) -> Option<&Arc<OrbSchema>> {
        match self {
            Self::Orb(orb) => Some(orb),
            Self::OrMap(_, held) => held.orb(),
            _ => None,
        }
    }

    /// Whether a constant can be what it starts with; the zero always can, where there is one.
    pub(super) fn admits(&self, initial: Option<&Value>) -> bool {
        let fits = |ty: &Type, value: &Value| ty.any(value).is_some();
        match (self, initial) {
            (Self::LwwRegister(ty) | Self::MvRegister(ty), None) => ty.zero().is_some(),
            (Self::LwwRegister(ty) | Self::MvRegister(ty), Some(value)) => fits(ty, value),
            (Self::Orb(orb), Some(Value::Map(parts))) => parts.iter().all(|(name, value)| {
                let field = orb.fields.iter().find(|field| field.name == *name);
                field.is_some_and(|field| field.form.admits(Some(value)))
            }),
            (_, None) | (Self::JsonDoc, Some(_)) | (Self::Text, Some(Value::Str(_))) => true,
            (Self::GCounter, Some(value)) => u64::from_value(value).is_some(),
            (Self::PnCounter, Some(value)) => i64::from_value(value).is_some(),
            (
                Self::OrSet(ty) | Self::GSet(ty) | Self::TwoPSet(ty) | Self::Sequence(ty),
                Some(Value::List(items)),
            ) => items.iter().all(|item| fits(ty, item)),
            (Self::LwwMap(..) | Self::OrMap(..), Some(Value::Map(entries))) => entries.is_empty(),
            _ => false,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(kind) => kind.fmt(f),
            Self::Enum(it) => f.write_str(&it.name),
            Self::Record(it) => f.write_str(&it.name),
            Self::Option(inner) => write!(f, "Option<{inner}>"),
            Self::List(inner) => write!(f, "Vec<{inner}>"),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LwwRegister(ty)
            | Self::MvRegister(ty)
            | Self::OrSet(ty)
            | Self::GSet(ty)
            | Self::TwoPSet(ty)
            | Self::Sequence(ty) => write!(f, "{}<{ty}>", self.name()),
            Self::LwwMap(key, ty) => write!(f, "LwwMap<{key}, {ty}>"),
            Self::OrMap(key, held) => write!(f, "OrMap<{key}, {held}>"),
            Self::GCounter | Self::PnCounter | Self::JsonDoc | Self::Text => {
                f.write_str(self.name())
            }
            Self::Orb(orb) => f.write_str(&orb.name),
        }
    }
}
