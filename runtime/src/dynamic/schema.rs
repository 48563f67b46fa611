//! [`Schema`]: what an orb consists of, and how its wire hash comes about.
//!
//! The hash is over the words that `crate::OrbInfo` and the generator use; a test holds the three together.

use std::sync::Arc;

use super::types::{Form, Type};
use crate::value::Element;
use crate::{Authority, Lane, Value};

/// The schema of an orb, read at run time. Clones share it.
#[derive(Clone, Debug)]
pub struct Schema(Arc<OrbSchema>);

/// What a schema says of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldInfo {
    /// The stable number of the field.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// The CRDT that holds it, as in `LwwRegister`; a nested struct is `Struct`.
    pub crdt: &'static str,
    /// The CRDT with the types that it holds, as in `LwwMap<String, i64>`.
    pub ty: String,
    /// The lane it travels on.
    pub lane: Lane,
    /// The type of its keys on the wire, where it has keys.
    pub keys: Option<String>,
    /// The type of its values on the wire, where it has values of one type.
    pub values: Option<String>,
    /// What stands under the keys of an `OrMap`. Its id and name are those of the map.
    pub held: Option<Box<FieldInfo>>,
    /// The fields of a nested struct.
    pub fields: Vec<FieldInfo>,
}

#[derive(Debug)]
pub(super) struct OrbSchema {
    pub(super) name: String,
    pub(super) rate_hz: Option<f64>,
    pub(super) authority: Authority,
    /// By number.
    pub(super) fields: Vec<FieldSchema>,
    /// How many structs and maps deep it is, itself included.
    pub(super) depth: usize,
    /// How many places there are in it for values.
    pub(super) leaves: usize,
}

#[derive(Debug)]
pub(super) struct FieldSchema {
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) form: Form,
    pub(super) lane: Lane,
    /// None is the type's own zero.
    pub(super) initial: Option<Value>,
    /// How the wire hash spells it, where that is more than its type and value tell.
    pub(super) wire: Option<String>,
}

impl Schema {
    pub(super) fn of(orb: Arc<OrbSchema>) -> Self {
        Self(orb)
    }

    pub(super) fn root(&self) -> &Arc<OrbSchema> {
        &self.0
    }

    /// The name of the orb. O(1).
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// How often its changes are sent, in hertz; none where nothing was said. O(1).
    #[must_use]
    pub fn rate_hz(&self) -> Option<f64> {
        self.0.rate_hz
    }

    /// Who may write it. O(1).
    #[must_use]
    pub fn authority(&self) -> Authority {
        self.0.authority
    }

    /// Its fields by number. O(fields), those of structs in it too.
    #[must_use]
    pub fn fields(&self) -> Vec<FieldInfo> {
        self.0.infos()
    }

    /// A hash of ids, CRDTs, types and initial values: equal hashes mean equal bytes for equal states. O(fields), those of
    /// structs in it too.
    #[must_use]
    pub fn wire_hash(&self) -> u64 {
        let mut text = String::new();
        self.0.describe(&mut text);
        xxhash_rust::xxh3::xxh3_64(text.as_bytes())
    }
}

/// No fields at all.
impl Default for Schema {
    fn default() -> Self {
        Self(Arc::new(OrbSchema {
            name: String::new(),
            rate_hz: None,
            authority: Authority::Shared,
            fields: Vec::new(),
            depth: 1,
            leaves: 0,
        }))
    }
}

impl OrbSchema {
    fn describe(&self, out: &mut String) {
        out.push('{');
        for field in &self.fields {
            out.push_str(&format!("{}:", field.id));
            field.describe(out);
            out.push(';');
        }
        out.push('}');
    }

    fn infos(&self) -> Vec<FieldInfo> {
        let info = |field: &FieldSchema| field.info(&field.form);
        self.fields.iter().map(info).collect()
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

impl FieldSchema {
    fn info(&self, form: &Form) -> FieldInfo {
        let text = |ty: &Type| Some(ty.kind().to_string());
        let (keys, values) = match form {
            Form::LwwRegister(ty)
            | Form::MvRegister(ty)
            | Form::OrSet(ty)
            | Form::GSet(ty)
            | Form::TwoPSet(ty)
            | Form::Sequence(ty) => (None, text(ty)),
            Form::LwwMap(key, ty) => (text(key), text(ty)),
            Form::OrMap(key, _) => (text(key), None),
            Form::GCounter | Form::PnCounter | Form::JsonDoc | Form::Text | Form::Orb(_) => {
                (None, None)
            }
        };
        FieldInfo {
            id: self.id,
            name: self.name.clone(),
            crdt: form.name(),
            ty: form.to_string(),
            lane: self.lane,
            keys,
            values,
            held: match form {
                Form::OrMap(_, held) => Some(Box::new(self.info(held))),
                _ => None,
            },
            fields: match form {
                Form::Orb(orb) => orb.infos(),
                _ => Vec::new(),
            },
        }
    }

    fn describe(&self, out: &mut String) {
        let initial = self.initial.as_ref();
        if self.form.is_described() {
            return super::field::Field::new(&self.form, initial)
                .crdt()
                .describe(out);
        }
        match (&self.form, initial) {
            _ if self.wire.is_some() => out.push_str(self.wire.as_deref().unwrap_or_default()),
            (Form::Orb(_), Some(Value::Map(parts))) if !parts.is_empty() => {
                out.push_str("Struct=");
                Value::Map(parts.clone()).describe(out);
            }
            (Form::Orb(_), _) => out.push_str("Struct"),
            (form, initial) => {
                out.push_str(&format!("{}=", form.kind()));
                form.line(initial, out);
            }
        }
        if let Some(orb) = self.form.orb() {
            orb.describe(out);
        }
    }
}

impl Form {
    /// What it starts with as a declaration has it, in the one spelling that all schemas share.
    fn line(&self, initial: Option<&Value>, out: &mut String) {
        match self {
            Self::LwwRegister(ty) | Self::MvRegister(ty) => match (initial.cloned(), ty.zero()) {
                (Some(value), _) | (None, Some(value)) => ty.line(&value, out),
                (None, None) => out.push('?'),
            },
            Self::GCounter | Self::PnCounter => {
                let zero = Value::Int(0);
                initial.unwrap_or(&zero).describe(out);
            }
            Self::OrSet(ty) | Self::GSet(ty) | Self::TwoPSet(ty) | Self::Sequence(ty) => {
                let list = Type::List(Box::new(ty.clone()));
                list.line(initial.unwrap_or(&Value::List(Vec::new())), out);
            }
            Self::LwwMap(..) | Self::OrMap(..) => out.push_str("{}"),
            Self::JsonDoc => match initial {
                Some(value) => value.describe(out),
                None => out.push_str("{}"),
            },
            Self::Text => match initial {
                Some(value) => value.describe(out),
                None => out.push_str("\"\""),
            },
            Self::Orb(_) => {}
        }
    }
}

impl Type {
    fn line(&self, value: &Value, out: &mut String) {
        use crate::codec::ValueKind as K;
        match (self, value) {
            (Self::Option(_), Value::Null) => out.push_str("null"),
            (Self::Option(inner), some) => inner.line(some, out),
            (Self::List(inner), Value::List(items)) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    inner.line(item, out);
                }
                out.push(']');
            }
            (Self::Plain(K::Color), value) => match crate::Color::from_value(value) {
                Some(color) => out.push_str(&color.to_string()),
                None => out.push('?'),
            },
            (Self::Plain(K::F32 | K::F64), Value::Int(whole)) => {
                Value::Float(*whole as f64).describe(out);
            }
            (Self::Plain(K::Vec3 | K::Quat), Value::List(parts)) => {
                let float =
                    |part: &Value| f64::from_value(part).map(|part| Value::Float(part + 0.0));
                let floats = parts.iter().map(|part| float(part).unwrap_or_default());
                Value::List(floats.collect()).describe(out);
            }
            (_, Value::Float(number)) => Value::Float(*number + 0.0).describe(out),
            (_, plain) => plain.describe(out),
        }
    }
}
