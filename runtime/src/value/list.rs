//! Lists as values, replaced as a whole.

use std::hash::Hasher;

use super::{Element, Value};
use crate::codec::{Dec, DecodeError, ValueKind, write_varint};

impl<V: Element> Element for Vec<V> {
    type Tag = V::Tag;

    fn kind(tag: &Self::Tag) -> ValueKind {
        ValueKind::List(Box::new(V::kind(tag)))
    }

    fn canonical(self) -> Self {
        self.into_iter().map(V::canonical).collect()
    }

    fn encode(&self, out: &mut Vec<u8>) {
        write_varint(out, self.len() as u64);
        self.iter().for_each(|value| value.encode(out));
    }

    fn decode(tag: &Self::Tag, input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        // Room is made as elements are read: an element in memory may be far larger than its bytes.
        (0..input.count()?).map(|_| V::decode(tag, input)).collect()
    }

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a.same(b))
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_usize(self.len());
        self.iter().for_each(|value| value.feed(hasher));
    }

    fn size(&self) -> usize {
        6 + self.iter().map(V::size).sum::<usize>()
    }

    fn depth(&self) -> usize {
        self.iter().map(V::depth).max().unwrap_or(0)
    }

    fn to_value(&self) -> Value {
        Value::List(self.iter().map(V::to_value).collect())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::List(items) => items.iter().map(V::from_value).collect(),
            _ => None,
        }
    }

    fn tagged(tag: &Self::Tag, value: &Value) -> Option<Self> {
        match value {
            Value::List(items) => items.iter().map(|item| V::tagged(tag, item)).collect(),
            _ => None,
        }
    }

    fn alone(self) -> Self {
        self.into_iter().map(V::alone).collect()
    }
}
