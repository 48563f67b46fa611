//! [`Any`]: a value whose type is known at run time, by a descriptor, and that can be read and made by it.
//!
//! `super::Raw` is less: bytes that nobody looks into. What a schema says beyond the descriptor does not belong here.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::{Color, Element, InstanceId, Quat, Value, Vec3};
use crate::ReplicaId;
use crate::codec::{Dec, DecodeError, MAX_DEPTH, ValueKind, write_varint};

/// The canonical bytes of one value, and what they are.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Any {
    kind: ValueKind,
    bytes: Box<[u8]>,
    depth: usize,
}

impl Any {
    /// A value of this kind from one that may be a part of a record; none where that does not fit. Not-a-number and the
    /// infinities may come as text.
    pub(crate) fn of(kind: &ValueKind, value: &Value) -> Option<Self> {
        let depth = value.depth();
        if depth > MAX_DEPTH {
            return None;
        }
        let mut bytes = Vec::new();
        write(kind, value, &mut bytes)?;
        Some(Self {
            kind: kind.clone(),
            bytes: bytes.into(),
            depth,
        })
    }

    /// A key of this kind from the text that stands for it where keys are text.
    pub(crate) fn of_key(kind: &ValueKind, text: &str) -> Option<Self> {
        let plain = Self::of(kind, &Value::Str(text.to_owned()));
        plain.or_else(|| match text.parse() {
            Ok(number) => Self::of(kind, &Value::Int(number)),
            Err(_) => Self::of(kind, &Value::Bool(text.parse().ok()?)),
        })
    }

    /// The text that stands for it where keys are text.
    pub(crate) fn key_text(&self) -> String {
        match self.to_value() {
            Value::Str(text) => text,
            other => other.to_string(),
        }
    }
}

fn put<E: Element<Tag = ()>>(value: &Value, out: &mut Vec<u8>) -> Option<()> {
    E::from_value(value)?.canonical().encode(out);
    Some(())
}

fn write(kind: &ValueKind, value: &Value, out: &mut Vec<u8>) -> Option<()> {
    match (kind, value) {
        (ValueKind::Bool, _) => put::<bool>(value, out),
        (ValueKind::I32, _) => put::<i32>(value, out),
        (ValueKind::I64, _) => put::<i64>(value, out),
        (ValueKind::U32, _) => put::<u32>(value, out),
        (ValueKind::U64, _) => put::<u64>(value, out),
        (ValueKind::F32, Value::Str(text)) => put::<f32>(&odd_float(text)?, out),
        (ValueKind::F32, _) => put::<f32>(value, out),
        (ValueKind::F64, Value::Str(text)) => put::<f64>(&odd_float(text)?, out),
        (ValueKind::F64, _) => put::<f64>(value, out),
        (ValueKind::String, _) => put::<String>(value, out),
        (ValueKind::Vec3, _) => put::<Vec3>(value, out),
        (ValueKind::Quat, _) => put::<Quat>(value, out),
        (ValueKind::Color, _) => put::<Color>(value, out),
        (ValueKind::Value, _) => put::<Value>(value, out),
        (ValueKind::ReplicaId, _) => put::<ReplicaId>(value, out),
        (ValueKind::InstanceId, _) => put::<InstanceId>(value, out),
        (ValueKind::Option(_), Value::Null) => {
            out.push(0);
            Some(())
        }
        (ValueKind::Option(inner), some) => {
            out.push(1);
            write(inner, some, out)
        }
        (ValueKind::List(inner), Value::List(items)) => {
            write_varint(out, items.len() as u64);
            items.iter().try_for_each(|item| write(inner, item, out))
        }
        (ValueKind::List(_), _) => None,
    }
}

/// The numbers that JSON has not.
fn odd_float(text: &str) -> Option<Value> {
    Some(Value::Float(match text {
        "NaN" => f64::NAN,
        "inf" => f64::INFINITY,
        "-inf" => f64::NEG_INFINITY,
        _ => return None,
    }))
}

fn get<E: Element<Tag = ()>>(input: &mut Dec<'_>) -> Result<Value, DecodeError> {
    E::decode(&(), input).map(|value| value.to_value())
}

fn read(kind: &ValueKind, input: &mut Dec<'_>) -> Result<Value, DecodeError> {
    match kind {
        ValueKind::Bool => get::<bool>(input),
        ValueKind::I32 => get::<i32>(input),
        ValueKind::I64 => get::<i64>(input),
        ValueKind::U32 => get::<u32>(input),
        ValueKind::U64 => get::<u64>(input),
        ValueKind::F32 => get::<f32>(input),
        ValueKind::F64 => get::<f64>(input),
        ValueKind::String => get::<String>(input),
        ValueKind::Vec3 => get::<Vec3>(input),
        ValueKind::Quat => get::<Quat>(input),
        ValueKind::Color => get::<Color>(input),
        ValueKind::Value => get::<Value>(input),
        ValueKind::ReplicaId => get::<ReplicaId>(input),
        ValueKind::InstanceId => get::<InstanceId>(input),
        ValueKind::Option(inner) => match input.bool()? {
            true => read(inner, input),
            false => Ok(Value::Null),
        },
        ValueKind::List(inner) => (0..input.count()?)
            .map(|_| read(inner, input))
            .collect::<Result<_, _>>()
            .map(Value::List),
    }
}

impl fmt::Debug for Any {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_value(), f)
    }
}

impl Element for Any {
    type Tag = ValueKind;

    fn kind(tag: &ValueKind) -> ValueKind {
        tag.clone()
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes);
    }

    fn decode(tag: &ValueKind, input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let bytes = crate::codec::raw_value(input, tag)?.into();
        let mut any = Self {
            kind: tag.clone(),
            bytes,
            depth: 0,
        };
        any.depth = any.to_value().depth();
        Ok(any)
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        self.bytes.hash(hasher);
    }

    fn size(&self) -> usize {
        self.bytes.len()
    }

    fn depth(&self) -> usize {
        self.depth
    }

    fn to_value(&self) -> Value {
        // Nothing but the walker's checked bytes, or those of `write`, get here.
        read(&self.kind, &mut Dec::plain(&self.bytes)).unwrap_or_default()
    }

    /// Without its kind nobody can tell.
    fn from_value(_value: &Value) -> Option<Self> {
        None
    }

    fn tagged(tag: &ValueKind, value: &Value) -> Option<Self> {
        Self::of(tag, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds() -> Vec<(ValueKind, Value)> {
        let text = |text: &str| Value::Str(text.to_owned());
        let floats =
            |floats: &[f64]| Value::List(floats.iter().copied().map(Value::Float).collect());
        let option = ValueKind::Option(Box::new(ValueKind::U64));
        vec![
            (ValueKind::Bool, Value::Bool(true)),
            (ValueKind::I32, Value::Int(-7)),
            (ValueKind::I64, Value::Int(i64::MIN)),
            (ValueKind::U32, Value::Int(7)),
            (ValueKind::U64, text("18446744073709551615")),
            (ValueKind::F32, Value::Float(1.5)),
            (ValueKind::F64, Value::Float(-2.5e300)),
            (ValueKind::String, text("日本")),
            (ValueKind::Vec3, floats(&[0.0, 1.6, -1.0])),
            (ValueKind::Quat, floats(&[0.0, 0.0, 0.0, 1.0])),
            (ValueKind::Color, text("#102030")),
            (ValueKind::Value, Value::List(vec![Value::Null])),
            (ValueKind::ReplicaId, text("00000000000000ff")),
            (option.clone(), Value::Null),
            (
                ValueKind::List(Box::new(option)),
                Value::List(vec![Value::Null, Value::Int(3)]),
            ),
        ]
    }

    #[test]
    fn what_fits_comes_back_and_its_bytes_are_those_of_the_type() {
        for (kind, value) in kinds() {
            let any = Any::of(&kind, &value).unwrap();
            assert_eq!(any.to_value(), value, "{kind}");
            let mut bytes = Vec::new();
            any.encode(&mut bytes);
            let read = Any::decode(&kind, &mut Dec::plain(&bytes)).unwrap();
            assert!(read.same(&any), "{kind}");
        }
    }

    #[test]
    fn what_does_not_fit_is_none() {
        for (kind, value) in [
            (ValueKind::U32, Value::Int(-1)),
            (ValueKind::I32, Value::Int(1 << 40)),
            (ValueKind::String, Value::Int(1)),
            (ValueKind::Bool, Value::Null),
            (ValueKind::F64, Value::Str("much".to_owned())),
            (
                ValueKind::List(Box::new(ValueKind::Bool)),
                Value::List(vec![Value::Int(1)]),
            ),
        ] {
            assert_eq!(Any::of(&kind, &value), None, "{kind}");
        }
    }

    #[test]
    fn one_value_has_one_form() {
        let of = |value| Any::of(&ValueKind::F64, &value);
        assert_eq!(of(Value::Int(0)), of(Value::Float(-0.0)));
        assert_eq!(
            of(Value::Str("NaN".to_owned())),
            of(Value::Float(-f64::NAN))
        );
        let key = Any::of_key(&ValueKind::I64, "-4").unwrap();
        assert_eq!(
            (key.to_value(), key.key_text()),
            (Value::Int(-4), "-4".to_owned())
        );
    }
}
