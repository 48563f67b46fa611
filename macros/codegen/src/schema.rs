//! What the generator needs to know of a type, from wherever it came.
//!
//! `holoc` lowers a source file to a [`Module`], the derive lowers a struct to an [`Orb`]; [`crate::generate`] turns either
//! into Rust. No spans, no syntax trees and no diagnostics belong here.

mod policy;

use std::fmt;

pub use policy::{
    Channel, Compression, Consistency, FieldPolicy, Interpolation, Ownership, OwnershipModel,
    Persistence, Policy, Storage, Tier,
};

/// The types of one source file, in the order in which their types are emitted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Module {
    /// The source's path relative to the build root, with `/`, as shown in the header of the output.
    pub source: String,
    /// Its closed sets of words.
    pub enums: Vec<Enum>,
    /// Its plain values with named parts. One that another holds stands before it.
    pub records: Vec<Record>,
    /// Its synchronised types. A nested struct stands before the orb that holds it.
    pub orbs: Vec<Orb>,
    /// Types of other modules, under the paths by which this one names them. They are not emitted.
    pub foreign: Option<Box<Module>>,
}

/// A closed set of words. On the wire it is its word as text, so a field may go from string to enum and back, and a word that
/// only a newer peer knows is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Enum {
    /// The name as written.
    pub name: String,
    /// The Rust type, in PascalCase and not a keyword.
    pub rust: String,
    /// Doc comment, one entry a line.
    pub docs: Vec<String>,
    /// The words; the first is the zero.
    pub variants: Vec<Variant>,
}

/// One word of an [`Enum`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variant {
    /// The word as written.
    pub wire: String,
    /// The Rust variant, in PascalCase and not a keyword.
    pub rust: String,
    /// Doc comment, one entry a line.
    pub docs: Vec<String>,
}

/// A plain value with named parts, replaced as a whole. On the wire it is a map, as a `Value` would be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The name as written.
    pub name: String,
    /// The Rust type, in PascalCase and not a keyword.
    pub rust: String,
    /// Doc comment, one entry a line.
    pub docs: Vec<String>,
    /// Its parts in the order in which they are declared.
    pub fields: Vec<RecordField>,
}

/// One part of a [`Record`].
#[derive(Clone, Debug, PartialEq)]
pub struct RecordField {
    /// The name as written: its key in the map.
    pub wire: String,
    /// The Rust field, in snake_case, escaped if it is a keyword.
    pub rust: String,
    /// Doc comment, one entry a line.
    pub docs: Vec<String>,
    /// The type of its value.
    pub ty: ValueType,
    /// The value in a fresh record.
    pub initial: Initial,
}

/// One synchronised type.
#[derive(Clone, Debug, PartialEq)]
pub struct Orb {
    /// The name as written, with the scope path that makes it unique (`Shop/Sign`).
    pub name: String,
    /// The Rust type, in PascalCase and not a keyword.
    pub rust: String,
    /// Doc comment, one entry a line.
    pub docs: Vec<String>,
    /// How often changes are sent, 1 to 240 Hz; none for a nested struct, which goes with its holder.
    pub rate_hz: Option<f64>,
    /// Who may write.
    pub authority: Authority,
    /// Options that matter while a program runs and that are not data.
    pub policy: Policy,
    /// The fields in the order in which they are declared.
    pub fields: Vec<Field>,
}

/// One synchronised field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The stable number of the field within its type, from 1; never reused.
    pub id: u32,
    /// The name as written.
    pub wire: String,
    /// The Rust field, in snake_case, escaped if it is a keyword (`r#type`, `self_`).
    pub rust: String,
    /// Doc comment, one entry a line.
    pub docs: Vec<String>,
    /// The CRDT that holds it.
    pub crdt: Crdt,
    /// The lane it travels on.
    pub lane: Lane,
    /// The value before anybody wrote; [`Initial::Zero`] is the type's own zero.
    pub initial: Initial,
    /// Options of this field alone.
    pub policy: FieldPolicy,
}

/// The CRDT of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Crdt {
    /// Last writer wins.
    LwwRegister(ValueType),
    /// Counts up.
    GCounter,
    /// Counts up and down.
    PnCounter,
    /// A set where a concurrent add beats a remove.
    OrSet(ValueType),
    /// A register that keeps concurrent writes.
    MvRegister(ValueType),
    /// A set that only grows.
    GSet(ValueType),
    /// A set whose elements come once and go once.
    TwoPSet(ValueType),
    /// A JSON document, merged key by key.
    JsonDoc,
    /// A list whose elements have an identity.
    Sequence(ValueType),
    /// Text, character by character.
    Text,
    /// A map with one last-writer-wins entry per key.
    LwwMap(ValueType, ValueType),
    /// A map whose values are synchronised themselves, merged one by one; a concurrent write beats a remove.
    OrMap(ValueType, Box<Crdt>),
    /// A struct merged field by field: the Rust type of another [`Orb`].
    Nested(String),
}

/// The type of a value inside a CRDT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// `bool`
    Bool,
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `String`
    String,
    /// Three `f64`.
    Vec3,
    /// A unit quaternion, (x, y, z, w).
    Quat,
    /// RGBA, 8 bits each.
    Color,
    /// Any JSON-like value.
    Value,
    /// The identity of a replica.
    ReplicaId,
    /// The identity of something that was spawned.
    InstanceId,
    /// The Rust path of an [`Enum`].
    Enum(String),
    /// The Rust path of a [`Record`].
    Record(String),
    /// `Option<T>`
    Option(Box<ValueType>),
    /// `Vec<T>`, replaced as a whole.
    List(Box<ValueType>),
}

/// Who may write an orb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Authority {
    /// Everybody.
    #[default]
    Shared,
    /// Whoever owns it.
    Owner,
    /// The host of the session.
    Host,
    /// The server.
    Server,
}

/// How a field travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lane {
    /// As changes: ordered, kept, merged.
    #[default]
    Durable,
    /// As the latest value at the orb's rate, settling into a durable change.
    Live,
}

/// A constant value from a declaration.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Initial {
    /// The zero of the type: 0, false, "", empty, none, the identity rotation.
    #[default]
    Zero,
    /// Null, for `Option` and `Value`.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// Text.
    Str(String),
    /// Red, green, blue, alpha.
    Color([u8; 4]),
    /// The components of a `Vec3`.
    Vec3([f64; 3]),
    /// The components of a `Quat`, (x, y, z, w), not necessarily of length one yet.
    Quat([f64; 4]),
    /// Elements of a set or a sequence, or a list inside a `Value`.
    List(Vec<Initial>),
    /// Entries of a `Value` map, in the order written.
    Map(Vec<(String, Initial)>),
    /// Values of a nested struct or of a record that differ from its own: the Rust field, its wire name, the value.
    Struct(Vec<(String, String, Initial)>),
}

impl fmt::Display for ValueType {
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
            Self::Enum(name) | Self::Record(name) => name,
            Self::Option(inner) => return write!(f, "Option<{inner}>"),
            Self::List(inner) => return write!(f, "Vec<{inner}>"),
        };
        f.write_str(name)
    }
}

impl ValueType {
    /// True when it is, or holds, a type of the program's own.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        match self {
            Self::Enum(_) | Self::Record(_) => true,
            Self::Option(inner) | Self::List(inner) => inner.is_custom(),
            _ => false,
        }
    }

    /// What it is on the wire: words are text, records are values.
    #[must_use]
    pub fn wire(&self) -> Self {
        match self {
            Self::Enum(_) => Self::String,
            Self::Record(_) => Self::Value,
            Self::Option(inner) => Self::Option(Box::new(inner.wire())),
            Self::List(inner) => Self::List(Box::new(inner.wire())),
            plain => plain.clone(),
        }
    }
}

impl Crdt {
    /// The struct at the bottom of it, for a nested one and for maps of them.
    #[must_use]
    pub fn orb(&self) -> Option<&str> {
        match self {
            Self::Nested(name) => Some(name),
            Self::OrMap(_, value) => value.orb(),
            _ => None,
        }
    }

    /// True when it holds values of the program's own types, so that only these can say what it is on the wire.
    #[must_use]
    pub fn is_described(&self) -> bool {
        match self {
            Self::LwwRegister(value)
            | Self::OrSet(value)
            | Self::MvRegister(value)
            | Self::GSet(value)
            | Self::TwoPSet(value)
            | Self::Sequence(value) => value.is_custom(),
            Self::LwwMap(key, value) => key.is_custom() || value.is_custom(),
            Self::OrMap(key, value) => key.is_custom() || value.is_described(),
            Self::GCounter | Self::PnCounter | Self::JsonDoc | Self::Text | Self::Nested(_) => {
                false
            }
        }
    }

    /// What it is on the wire, where types have no names: two fields of one wire type hold the same bytes. A struct is
    /// `Struct`, described by its fields.
    #[must_use]
    pub fn wire(&self) -> Self {
        match self {
            Self::LwwRegister(value) => Self::LwwRegister(value.wire()),
            Self::OrSet(value) => Self::OrSet(value.wire()),
            Self::Sequence(value) => Self::Sequence(value.wire()),
            Self::Text => Self::Text,
            Self::LwwMap(key, value) => Self::LwwMap(key.wire(), value.wire()),
            Self::OrMap(key, value) => Self::OrMap(key.wire(), Box::new(value.wire())),
            Self::MvRegister(value) => Self::MvRegister(value.wire()),
            Self::GSet(value) => Self::GSet(value.wire()),
            Self::TwoPSet(value) => Self::TwoPSet(value.wire()),
            Self::GCounter => Self::GCounter,
            Self::PnCounter => Self::PnCounter,
            Self::JsonDoc => Self::JsonDoc,
            Self::Nested(_) => Self::Nested("Struct".to_owned()),
        }
    }

    /// The name of the CRDT without its parameters, as in `LwwRegister`; a nested struct is `Struct`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::LwwRegister(_) => "LwwRegister",
            Self::GCounter => "GCounter",
            Self::PnCounter => "PnCounter",
            Self::OrSet(_) => "OrSet",
            Self::Sequence(_) => "Sequence",
            Self::Text => "Text",
            Self::LwwMap(..) => "LwwMap",
            Self::OrMap(..) => "OrMap",
            Self::MvRegister(_) => "MvRegister",
            Self::GSet(_) => "GSet",
            Self::TwoPSet(_) => "TwoPSet",
            Self::JsonDoc => "JsonDoc",
            Self::Nested(_) => "Struct",
        }
    }
}

impl fmt::Display for Crdt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LwwRegister(v) => write!(f, "LwwRegister<{v}>"),
            Self::GCounter => f.write_str("GCounter"),
            Self::PnCounter => f.write_str("PnCounter"),
            Self::OrSet(v) => write!(f, "OrSet<{v}>"),
            Self::Sequence(v) => write!(f, "Sequence<{v}>"),
            Self::Text => f.write_str("Text"),
            Self::LwwMap(k, v) => write!(f, "LwwMap<{k}, {v}>"),
            Self::OrMap(k, v) => write!(f, "OrMap<{k}, {v}>"),
            Self::MvRegister(v) => write!(f, "MvRegister<{v}>"),
            Self::GSet(v) => write!(f, "GSet<{v}>"),
            Self::TwoPSet(v) => write!(f, "TwoPSet<{v}>"),
            Self::JsonDoc => f.write_str("JsonDoc"),
            Self::Nested(name) => f.write_str(name),
        }
    }
}
