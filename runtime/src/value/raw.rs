//! A value whose type is known only by its descriptor: its canonical bytes.

use std::hash::{Hash, Hasher};

use super::{Element, Value};
use crate::codec::{Dec, DecodeError, ValueKind};

/// The canonical bytes of one value. It serves fields that the Rust type does not have, and is part of no record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(crate) struct Raw(Box<[u8]>);

impl Element for Raw {
    type Tag = ValueKind;

    fn kind(tag: &ValueKind) -> ValueKind {
        tag.clone()
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }

    fn decode(tag: &ValueKind, input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        crate::codec::raw_value(input, tag).map(|bytes| Self(bytes.into()))
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        self.hash(hasher);
    }

    fn size(&self) -> usize {
        self.0.len()
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn from_value(_value: &Value) -> Option<Self> {
        None
    }
}
