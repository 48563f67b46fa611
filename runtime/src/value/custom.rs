//! Types of a program's own as values: enums of words and records.
//!
//! Generated code says how such a type becomes a [`Value`] and comes back; the rest is here. Neither direction loses anything: what
//! another version of the type wrote is kept as it came, so that all replicas hold the same bytes.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::Hasher;

use super::{Element, Value};
use crate::codec::{Dec, DecodeError, ValueKind, write_bytes};

/// A type of a program's own. Implemented by `holoc` and by `#[derive(Element)]`; everything implementing it is an [`Element`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of a program's own that can be a value",
    note = "put `#[derive(Element)]` on the enum or struct"
)]
pub trait Custom: Clone + Debug + Default + Send + Sync + 'static {
    /// What it is on the wire: text for an enum, a value for a record.
    #[doc(hidden)]
    const KIND: Shape;

    /// It as a value: a word, or a map of its parts.
    fn to_value(&self) -> Value;

    /// It from a value; none when the value has not even its shape.
    fn from_value(value: &Value) -> Option<Self>;

    /// It without anything that another version of the type wrote: as its parts alone make it.
    #[must_use]
    fn alone(self) -> Self {
        self
    }

    /// The word, for an enum.
    #[doc(hidden)]
    fn word(&self) -> Option<&str> {
        None
    }
}

/// The two shapes of types of a program's own.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An enum: one of a set of words.
    Word,
    /// A struct: a map of its parts.
    Record,
}

impl<T: Custom> Element for T {
    type Tag = ();

    fn kind((): &()) -> ValueKind {
        match T::KIND {
            Shape::Word => ValueKind::String,
            Shape::Record => ValueKind::Value,
        }
    }

    fn canonical(self) -> Self {
        T::from_value(&Custom::to_value(&self).canonical()).unwrap_or(self)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        match self.word() {
            Some(word) => write_bytes(out, word.as_bytes()),
            None => Custom::to_value(self).encode(out),
        }
    }

    fn decode((): &(), input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let value = match T::KIND {
            Shape::Word => Value::Str(input.str()?.to_owned()),
            Shape::Record => Value::decode(&(), input)?,
        };
        T::from_value(&value).ok_or(DecodeError::Range("value"))
    }

    fn same(&self, other: &Self) -> bool {
        match (self.word(), other.word()) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => Custom::to_value(self) == Custom::to_value(other),
        }
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        match self.word() {
            Some(word) => hasher.write(word.as_bytes()),
            None => Custom::to_value(self).feed(hasher),
        }
    }

    fn size(&self) -> usize {
        match self.word() {
            Some(word) => word.len() + 5,
            None => Custom::to_value(self).size(),
        }
    }

    fn depth(&self) -> usize {
        Custom::to_value(self).depth()
    }

    fn to_value(&self) -> Value {
        Custom::to_value(self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        Custom::from_value(value)
    }

    fn alone(self) -> Self {
        Custom::alone(self)
    }
}

/// What a record was read from, where that is not what its parts alone would give: another version of the type wrote it.
///
/// It is part of the record's value. A record goes back to the bytes it came from, but for the parts that were changed.
#[derive(Clone, Debug, Default)]
pub struct Kept(Option<Box<Value>>);

/// The parts of a record by key, while one is written.
#[doc(hidden)]
#[derive(Debug)]
pub struct Writer<'a> {
    kept: Option<&'a Value>,
    changed: bool,
    parts: BTreeMap<String, Value>,
}

impl Kept {
    /// Starts to write a record that keeps this.
    #[doc(hidden)]
    #[must_use]
    pub fn writer(&self) -> Writer<'_> {
        let kept = self.0.as_deref();
        let parts = match kept {
            Some(Value::Map(entries)) => entries.clone(),
            _ => BTreeMap::new(),
        };
        Writer {
            kept,
            changed: false,
            parts,
        }
    }

    /// Keeps what a record was read from, unless its parts alone give the same.
    #[doc(hidden)]
    pub fn keep(&mut self, read_from: &Value, parts_alone: &Value) {
        self.0 = (read_from != parts_alone).then(|| Box::new(read_from.clone()));
    }

    /// True when another version of the type wrote it.
    #[must_use]
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }
}

impl Writer<'_> {
    /// Writes a part. One that is still what was read from the kept value stays as it was there, or stays away.
    #[doc(hidden)]
    pub fn part<V: Element>(&mut self, key: &str, part: &V, initial: impl FnOnce() -> V) {
        let unchanged = match self.kept {
            Some(kept) => read(kept, key, initial).same(part),
            None => false,
        };
        if !unchanged {
            self.changed = true;
            self.parts.insert(key.to_owned(), part.to_value());
        }
    }

    /// The record as a value.
    #[doc(hidden)]
    #[must_use]
    pub fn finish(self) -> Value {
        match self.kept {
            Some(kept) if !self.changed => kept.clone(),
            _ => Value::Map(self.parts),
        }
    }
}

/// A part of a record: what the value has under the key, or the initial value where it has nothing that fits.
#[doc(hidden)]
pub fn read<V: Element>(value: &Value, key: &str, initial: impl FnOnce() -> V) -> V {
    let entry = match value {
        Value::Map(entries) => entries.get(key),
        _ => None,
    };
    entry
        .and_then(V::from_value)
        .unwrap_or_else(|| initial().canonical())
}

/// A value from the constant of a declaration, which may name some parts of a record; its zero where the constant does not fit.
#[doc(hidden)]
#[must_use]
pub fn constant<V: Element + Default>(value: &Value) -> V {
    V::from_value(value).map(V::alone).unwrap_or_default()
}
