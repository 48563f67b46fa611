//! Descriptors: what holds a field and of what type its values are, so that bytes can be walked without the Rust type.

use std::fmt;

use super::dec::{Dec, DecodeError};

/// What holds a field on the wire. Two fields of one id and different kinds are different fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A last-writer-wins register.
    LwwRegister(ValueKind),
    /// A counter that only grows.
    GCounter,
    /// A counter that grows and shrinks.
    PnCounter,
    /// An add-wins set.
    OrSet(ValueKind),
    /// A map of last-writer-wins entries.
    LwwMap(ValueKind, ValueKind),
    /// A map of what is synchronised itself.
    OrMap(ValueKind, Box<Kind>),
    /// A set that only grows.
    GSet(ValueKind),
    /// A set whose elements come once and go once.
    TwoPSet(ValueKind),
    /// A register that keeps concurrent writes.
    MvRegister(ValueKind),
    /// A JSON document.
    JsonDoc,
    /// A list of items with an identity.
    Sequence(ValueKind),
    /// Text, character by character.
    Text,
    /// A struct, merged field by field.
    Orb,
}

/// The type of a value on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// One byte, 0 or 1.
    Bool,
    /// Zigzag varint, 32 bits.
    I32,
    /// Zigzag varint, 64 bits.
    I64,
    /// Varint, 32 bits.
    U32,
    /// Varint, 64 bits.
    U64,
    /// Four bytes.
    F32,
    /// Eight bytes.
    F64,
    /// Length and UTF-8.
    String,
    /// Three `f64`.
    Vec3,
    /// Four `f64`.
    Quat,
    /// Four bytes.
    Color,
    /// A tagged JSON-like value.
    Value,
    /// Eight bytes.
    ReplicaId,
    /// 0, or 1 and the value.
    Option(Box<ValueKind>),
    /// Count and values.
    List(Box<ValueKind>),
    /// Eighteen bytes: time, replica, number, greatest byte first.
    InstanceId,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LwwRegister(value) => write!(f, "LwwRegister<{value}>"),
            Self::GCounter => f.write_str("GCounter"),
            Self::PnCounter => f.write_str("PnCounter"),
            Self::OrSet(value) => write!(f, "OrSet<{value}>"),
            Self::LwwMap(key, value) => write!(f, "LwwMap<{key}, {value}>"),
            Self::OrMap(key, value) => write!(f, "OrMap<{key}, {value}>"),
            Self::GSet(value) => write!(f, "GSet<{value}>"),
            Self::TwoPSet(value) => write!(f, "TwoPSet<{value}>"),
            Self::MvRegister(value) => write!(f, "MvRegister<{value}>"),
            Self::JsonDoc => f.write_str("JsonDoc"),
            Self::Sequence(value) => write!(f, "Sequence<{value}>"),
            Self::Text => f.write_str("Text"),
            Self::Orb => f.write_str("Struct"),
        }
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Bool => "bool",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::String => "String",
            Self::Vec3 => "Vec3",
            Self::Quat => "Quat",
            Self::Color => "Color",
            Self::Value => "Value",
            Self::ReplicaId => "ReplicaId",
            Self::InstanceId => "InstanceId",
            Self::Option(inner) => return write!(f, "Option<{inner}>"),
            Self::List(inner) => return write!(f, "Vec<{inner}>"),
        };
        f.write_str(name)
    }
}

impl Kind {
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::LwwRegister(value) => {
                out.push(1);
                value.encode(out);
            }
            Self::GCounter => out.push(2),
            Self::PnCounter => out.push(3),
            Self::OrSet(value) => {
                out.push(4);
                value.encode(out);
            }
            Self::LwwMap(key, value) => {
                out.push(5);
                key.encode(out);
                value.encode(out);
            }
            Self::OrMap(key, value) => {
                out.push(6);
                key.encode(out);
                value.encode(out);
            }
            Self::GSet(value) => {
                out.push(9);
                value.encode(out);
            }
            Self::TwoPSet(value) => {
                out.push(10);
                value.encode(out);
            }
            Self::MvRegister(value) => {
                out.push(11);
                value.encode(out);
            }
            Self::JsonDoc => out.push(14),
            Self::Sequence(value) => {
                out.push(12);
                value.encode(out);
            }
            Self::Text => out.push(13),
            Self::Orb => out.push(16),
        }
    }

    pub(crate) fn decode(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        Ok(match input.u8()? {
            1 => Self::LwwRegister(ValueKind::decode(input)?),
            2 => Self::GCounter,
            3 => Self::PnCounter,
            4 => Self::OrSet(ValueKind::decode(input)?),
            5 => Self::LwwMap(ValueKind::decode(input)?, ValueKind::decode(input)?),
            6 => {
                let key = ValueKind::decode(input)?;
                Self::OrMap(key, Box::new(input.row(Self::decode)?))
            }
            9 => Self::GSet(ValueKind::decode(input)?),
            10 => Self::TwoPSet(ValueKind::decode(input)?),
            11 => Self::MvRegister(ValueKind::decode(input)?),
            14 => Self::JsonDoc,
            12 => Self::Sequence(ValueKind::decode(input)?),
            13 => Self::Text,
            16 => Self::Orb,
            tag => return Err(DecodeError::UnknownTag { what: "CRDT", tag }),
        })
    }
}

impl ValueKind {
    fn encode(&self, out: &mut Vec<u8>) {
        let tag = match self {
            Self::Bool => 1,
            Self::I32 => 2,
            Self::I64 => 3,
            Self::U32 => 4,
            Self::U64 => 5,
            Self::F32 => 6,
            Self::F64 => 7,
            Self::String => 8,
            Self::Vec3 => 10,
            Self::Quat => 11,
            Self::Color => 12,
            Self::Value => 13,
            Self::ReplicaId => 14,
            Self::Option(inner) => {
                out.push(15);
                return inner.encode(out);
            }
            Self::List(inner) => {
                out.push(16);
                return inner.encode(out);
            }
            Self::InstanceId => 17,
        };
        out.push(tag);
    }

    fn decode(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        Ok(match input.u8()? {
            1 => Self::Bool,
            2 => Self::I32,
            3 => Self::I64,
            4 => Self::U32,
            5 => Self::U64,
            6 => Self::F32,
            7 => Self::F64,
            8 => Self::String,
            10 => Self::Vec3,
            11 => Self::Quat,
            12 => Self::Color,
            13 => Self::Value,
            14 => Self::ReplicaId,
            15 => input
                .nested(|input| Self::decode(input).map(|inner| Self::Option(Box::new(inner))))?,
            16 => input
                .nested(|input| Self::decode(input).map(|inner| Self::List(Box::new(inner))))?,
            17 => Self::InstanceId,
            tag => return Err(DecodeError::UnknownTag { what: "value", tag }),
        })
    }
}
