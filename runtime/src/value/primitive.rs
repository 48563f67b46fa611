//! Booleans, numbers, text, replica ids and options as values.

use std::hash::{Hash, Hasher};

use super::{Element, Value};
use crate::ReplicaId;
use crate::codec::{Dec, DecodeError, ValueKind, write_bytes, write_f64, write_varint};

/// One bit pattern for each number: the quiet NaN, and no negative zero.
pub(crate) fn canonical_f64(value: f64) -> f64 {
    if value.is_nan() {
        f64::from_bits(0x7ff8_0000_0000_0000)
    } else {
        value + 0.0
    }
}

/// As [`canonical_f64`].
pub(crate) fn canonical_f32(value: f32) -> f32 {
    if value.is_nan() {
        f32::from_bits(0x7fc0_0000)
    } else {
        value + 0.0
    }
}

macro_rules! plain {
    ($type:ty, $kind:ident, |$value:ident, $out:ident| $encode:expr, |$input:ident| $decode:expr, |$size:ident| $bytes:expr,
        |$plain:ident| $to_value:expr, $($shape:pat => $from_value:expr),+) => {
        impl Element for $type {
            type Tag = ();

            fn kind((): &()) -> ValueKind {
                ValueKind::$kind
            }

            fn encode(&self, $out: &mut Vec<u8>) {
                let $value = self;
                $encode
            }

            fn decode((): &(), $input: &mut Dec<'_>) -> Result<Self, DecodeError> {
                $decode
            }

            fn same(&self, other: &Self) -> bool {
                self == other
            }

            fn feed<H: Hasher>(&self, hasher: &mut H) {
                self.hash(hasher);
            }

            fn size(&self) -> usize {
                let $size = self;
                $bytes
            }

            fn to_value(&self) -> Value {
                let $plain = self;
                $to_value
            }

            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $($shape => $from_value,)+
                    _ => None,
                }
            }
        }
    };
}

/// As a signed integer of any width is written.
fn write_zigzag64(out: &mut Vec<u8>, value: i64) {
    write_varint(out, zigzag(value));
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// How many bytes an integer takes at most: zigzag and shortest, whether it is written zigzag or not.
fn signed_len(value: i64) -> usize {
    (64 - zigzag(value).leading_zeros() as usize)
        .div_ceil(7)
        .max(1)
}

fn unsigned_len(value: u64) -> usize {
    (65 - value.leading_zeros() as usize).div_ceil(7)
}

plain!(
    bool,
    Bool,
    |value, out| out.push(u8::from(*value)),
    |input| input.bool(),
    |_value| 1,
    |value| Value::Bool(*value),
    Value::Bool(value) => Some(*value)
);
plain!(
    i32,
    I32,
    |value, out| write_zigzag64(out, i64::from(*value)),
    |input| i32::try_from(input.zigzag64("i32")?).map_err(|_| DecodeError::Range("i32")),
    |value| signed_len(i64::from(*value)),
    |value| Value::Int(i64::from(*value)),
    Value::Int(value) => Self::try_from(*value).ok()
);
plain!(
    i64,
    I64,
    |value, out| write_zigzag64(out, *value),
    |input| input.zigzag64("i64"),
    |value| signed_len(*value),
    |value| Value::Int(*value),
    Value::Int(value) => Some(*value)
);
plain!(
    u32,
    U32,
    |value, out| write_varint(out, u64::from(*value)),
    |input| u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("u32")),
    |value| unsigned_len(u64::from(*value)),
    |value| Value::Int(i64::from(*value)),
    Value::Int(value) => Self::try_from(*value).ok()
);
plain!(
    u64,
    U64,
    |value, out| write_varint(out, *value),
    |input| input.varint(),
    |value| unsigned_len(*value),
    // What a `Value`'s integer cannot hold is its digits.
    |value| i64::try_from(*value).map_or_else(|_| Value::Str(value.to_string()), Value::Int),
    Value::Int(value) => Self::try_from(*value).ok(),
    Value::Str(digits) => digits.parse().ok()
);
plain!(
    ReplicaId,
    ReplicaId,
    |value, out| out.extend_from_slice(&value.get().to_le_bytes()),
    |input| input.replica_id(),
    |_value| 8,
    |value| Value::Str(value.to_string()),
    Value::Str(digits) => u64::from_str_radix(digits, 16).ok().and_then(Self::new)
);

impl Element for String {
    type Tag = ();

    fn kind((): &()) -> ValueKind {
        ValueKind::String
    }

    fn encode(&self, out: &mut Vec<u8>) {
        write_bytes(out, self.as_bytes());
    }

    fn decode((): &(), input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        input.str().map(str::to_owned)
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        self.hash(hasher);
    }

    fn size(&self) -> usize {
        self.len() + 5
    }

    fn to_value(&self) -> Value {
        Value::Str(self.clone())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Element for f64 {
    type Tag = ();

    fn kind((): &()) -> ValueKind {
        ValueKind::F64
    }

    fn canonical(self) -> Self {
        canonical_f64(self)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        write_f64(out, *self);
    }

    fn decode((): &(), input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        input.f64()
    }

    fn same(&self, other: &Self) -> bool {
        canonical_f64(*self).to_bits() == canonical_f64(*other).to_bits()
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(canonical_f64(*self).to_bits());
    }

    fn numbers(&self) -> Option<[f64; 4]> {
        Some([*self, 0.0, 0.0, 0.0])
    }

    fn from_numbers(numbers: &[f64; 4]) -> Option<Self> {
        let [number, ..] = numbers;
        Some(number.canonical())
    }

    fn to_value(&self) -> Value {
        Value::Float(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Float(value) => Some(*value),
            Value::Int(value) => Some(*value as f64),
            _ => None,
        }
    }
}

impl Element for f32 {
    type Tag = ();

    fn kind((): &()) -> ValueKind {
        ValueKind::F32
    }

    fn canonical(self) -> Self {
        canonical_f32(self)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&canonical_f32(*self).to_bits().to_le_bytes());
    }

    fn decode((): &(), input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        input.f32()
    }

    fn same(&self, other: &Self) -> bool {
        canonical_f32(*self).to_bits() == canonical_f32(*other).to_bits()
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u32(canonical_f32(*self).to_bits());
    }

    fn numbers(&self) -> Option<[f64; 4]> {
        Some([f64::from(*self), 0.0, 0.0, 0.0])
    }

    fn from_numbers(numbers: &[f64; 4]) -> Option<Self> {
        let [number, ..] = numbers;
        Some((*number as f32).canonical())
    }

    fn to_value(&self) -> Value {
        Value::Float(f64::from(*self))
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Float(value) => Some(*value as f32),
            Value::Int(value) => Some(*value as f32),
            _ => None,
        }
    }
}

impl<V: Element> Element for Option<V> {
    type Tag = V::Tag;

    fn kind(tag: &Self::Tag) -> ValueKind {
        ValueKind::Option(Box::new(V::kind(tag)))
    }

    fn canonical(self) -> Self {
        self.map(V::canonical)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.is_some()));
        if let Some(value) = self {
            value.encode(out);
        }
    }

    fn decode(tag: &Self::Tag, input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        if input.bool()? {
            V::decode(tag, input).map(Some)
        } else {
            Ok(None)
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(ours), Some(theirs)) => ours.same(theirs),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        }
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u8(u8::from(self.is_some()));
        if let Some(value) = self {
            value.feed(hasher);
        }
    }

    fn size(&self) -> usize {
        1 + self.as_ref().map_or(0, V::size)
    }

    fn depth(&self) -> usize {
        self.as_ref().map_or(0, V::depth)
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, V::to_value)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            some => V::from_value(some).map(Some),
        }
    }

    fn alone(self) -> Self {
        self.map(V::alone)
    }
}
