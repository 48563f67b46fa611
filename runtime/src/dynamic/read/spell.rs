//! What the names of types and CRDTs mean, in the spellings that the compiler takes.

use std::sync::Arc;

use super::Reader;
use super::expr::Expr;
use crate::codec::ValueKind;
use crate::dynamic::error::SchemaError;
use crate::dynamic::types::{Form, Type};

type Result<T> = std::result::Result<T, SchemaError>;

/// A CRDT by its name alone.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Named {
    LwwRegister,
    MvRegister,
    GCounter,
    PnCounter,
    OrSet,
    GSet,
    TwoPSet,
    LwwMap,
    OrMap,
    JsonDoc,
    Sequence,
    Text,
    Struct,
}

/// A name without what varies between spellings.
fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.'));
    kept.flat_map(char::to_lowercase).collect()
}

fn crdt_name(name: &str) -> Option<Named> {
    Some(match plain(name).as_str() {
        "lwwregister" | "lww" | "register" => Named::LwwRegister,
        "mvregister" | "multivalueregister" => Named::MvRegister,
        "gcounter" | "growonlycounter" => Named::GCounter,
        "pncounter" | "counter" => Named::PnCounter,
        "orset" | "set" | "observedremoveset" => Named::OrSet,
        "gset" | "growonlyset" => Named::GSet,
        "2pset" | "twopset" | "twophaseset" => Named::TwoPSet,
        "lwwmap" | "map" | "record" => Named::LwwMap,
        "ormap" | "observedremovemap" => Named::OrMap,
        "json" | "jsondoc" => Named::JsonDoc,
        "rga" | "rgasequence" | "sequence" | "ylist" | "yarray" | "orderedlist" => Named::Sequence,
        "text" | "ytext" | "richtext" => Named::Text,
        "struct" | "nested" | "orb" => Named::Struct,
        _ => return None,
    })
}

/// What holds a field that names a CRDT, a type, or both.
pub(super) fn form(
    reader: &Reader<'_>,
    at: &str,
    crdt: Option<Vec<Expr>>,
    ty: Option<Vec<Expr>>,
    depth: usize,
) -> Result<Form> {
    let of = |exprs: Option<Vec<Expr>>| exprs.unwrap_or_default();
    match crdt.as_deref() {
        None => match ty.as_deref() {
            Some([ty]) => of_type(reader, at, ty, depth),
            _ => Err(SchemaError::new(at, "it has neither a type nor a CRDT")),
        },
        Some([crdt]) => {
            let named = crdt_name(&crdt.name);
            let Some(named) = named else {
                return Err(SchemaError::new(at, format!("`{}` is no CRDT", crdt.name)));
            };
            let mut args = crdt.args.clone();
            if args.is_empty() {
                args = of(ty);
            }
            // The type may repeat the CRDT: `"type": "OrSet<string>", "crdt": "OrSet"`.
            if let [one] = args.as_slice()
                && crdt_name(&one.name) == Some(named)
                && (!one.args.is_empty() || !reader.is_declared(&one.name))
                && named != Named::Struct
            {
                args = one.args.clone();
            }
            of_crdt(reader, at, named, &args, depth)
        }
        Some(_) => Err(SchemaError::new(at, "one CRDT")),
    }
}

/// What holds a field that says itself what its struct consists of: the struct, or a map of such whose type is its key.
pub(super) fn inline(
    reader: &Reader<'_>,
    at: &str,
    crdt: Option<Vec<Expr>>,
    key: Option<Vec<Expr>>,
    orb: Form,
) -> Result<Form> {
    let named = crdt.as_deref().map(|crdt| match crdt {
        [one] => crdt_name(&one.name),
        _ => None,
    });
    match named {
        None | Some(Some(Named::Struct)) => Ok(orb),
        Some(Some(Named::OrMap)) => {
            let key = match key.as_deref() {
                None => Type::Plain(ValueKind::String),
                Some([key]) => value_type(reader, at, key, 0)?,
                Some(_) => {
                    return Err(SchemaError::new(
                        at,
                        "with fields, the type is the key alone",
                    ));
                }
            };
            Ok(Form::OrMap(key, Arc::new(orb)))
        }
        Some(_) => Err(SchemaError::new(
            at,
            "only a struct and a map of such have fields",
        )),
    }
}

fn of_crdt(
    reader: &Reader<'_>,
    at: &str,
    named: Named,
    args: &[Expr],
    depth: usize,
) -> Result<Form> {
    let most = match named {
        Named::GCounter | Named::PnCounter => 1,
        Named::LwwMap | Named::OrMap => 2,
        _ => 1,
    };
    if args.len() > most {
        return Err(SchemaError::new(at, "more types than it takes"));
    }
    let value = || match args {
        [] => Ok(Type::Plain(ValueKind::Value)),
        [one, ..] => value_type(reader, at, one, depth),
    };
    let element = || match args {
        [one] if one.name == "[]" => value_type(reader, at, &one.args[0], depth),
        _ => value(),
    };
    let key = || match args {
        [key, _] => value_type(reader, at, key, depth),
        _ => Ok(Type::Plain(ValueKind::String)),
    };
    Ok(match named {
        Named::LwwRegister => Form::LwwRegister(single(value()?)),
        Named::MvRegister => Form::MvRegister(single(value()?)),
        Named::GCounter => Form::GCounter,
        Named::PnCounter => Form::PnCounter,
        Named::OrSet => Form::OrSet(element()?),
        Named::GSet => Form::GSet(element()?),
        Named::TwoPSet => Form::TwoPSet(element()?),
        Named::LwwMap => match args.last() {
            Some(held) => Form::LwwMap(key()?, value_type(reader, at, held, depth)?),
            None => Form::LwwMap(key()?, value()?),
        },
        Named::OrMap => match args.last() {
            Some(held) => Form::OrMap(key()?, Arc::new(of_type(reader, at, held, depth)?)),
            None => Form::OrMap(key()?, Arc::new(Form::LwwRegister(value()?))),
        },
        Named::JsonDoc => Form::JsonDoc,
        Named::Sequence => Form::Sequence(element()?),
        Named::Text => Form::Text,
        Named::Struct => match args {
            [one] => nested(reader, at, &one.name, depth)?.ok_or_else(|| {
                SchemaError::new(at, format!("there is no struct `{}`", one.name))
            })?,
            _ => return Err(SchemaError::new(at, "a struct needs a type, or fields")),
        },
    })
}

fn nested(reader: &Reader<'_>, at: &str, name: &str, depth: usize) -> Result<Option<Form>> {
    if depth >= crate::codec::MAX_ROWS {
        return Err(SchemaError::new(
            at,
            "structs nest too deep, or hold themselves",
        ));
    }
    Ok(reader.nested(name, depth)?.map(Form::Orb))
}

/// What a type means where no CRDT is named.
fn of_type(reader: &Reader<'_>, at: &str, ty: &Expr, depth: usize) -> Result<Form> {
    if reader.is_declared(&ty.name) {
        if let Some(Type::Enum(it)) = reader.enums.get(ty.name.as_str()).cloned().map(Type::Enum) {
            return Ok(Form::LwwRegister(Type::Enum(it)));
        }
        return nested(reader, at, &ty.name, depth)?
            .ok_or_else(|| SchemaError::new(at, format!("there is no struct `{}`", ty.name)));
    }
    match (ty.name.as_str(), plain(&ty.name).as_str()) {
        ("[]", _) => Ok(Form::OrSet(value_type(reader, at, &ty.args[0], depth)?)),
        (_, "array" | "list") => of_crdt(reader, at, Named::OrSet, &ty.args, depth),
        (name, _) => match crdt_name(name) {
            Some(named) => of_crdt(reader, at, named, &ty.args, depth),
            None => Ok(Form::LwwRegister(single(value_type(
                reader, at, ty, depth,
            )?))),
        },
    }
}

/// There is no identity to start with.
fn single(ty: Type) -> Type {
    match ty {
        Type::Plain(ValueKind::ReplicaId | ValueKind::InstanceId) => Type::Option(Box::new(ty)),
        other => other,
    }
}

/// The type of a value.
pub(super) fn value_type(reader: &Reader<'_>, at: &str, ty: &Expr, depth: usize) -> Result<Type> {
    if depth > 2 * crate::codec::MAX_ROWS {
        return Err(SchemaError::new(
            at,
            "types nest too deep, or hold themselves",
        ));
    }
    if let Some(custom) = reader.custom(&ty.name, depth)? {
        return Ok(custom);
    }
    let inner = |place: usize| match ty.args.get(place) {
        Some(inner) => value_type(reader, at, inner, depth + 1),
        None => Ok(Type::Plain(ValueKind::Value)),
    };
    match (ty.name.as_str(), plain(&ty.name).as_str()) {
        ("[]", _) | (_, "vec" | "list" | "array") => Ok(Type::List(Box::new(inner(0)?))),
        ("?", _) => Ok(match inner(0)? {
            any @ (Type::Option(_) | Type::Plain(ValueKind::Value)) => any,
            inner => Type::Option(Box::new(inner)),
        }),
        (_, "option" | "optional" | "maybe") => Ok(Type::Option(Box::new(inner(0)?))),
        (_, name) => simple(name)
            .map(Type::Plain)
            .or_else(|| crdt_name(name).map(|_| Type::Plain(ValueKind::Value)))
            .ok_or_else(|| SchemaError::new(at, format!("there is no type `{}`", ty.name))),
    }
}

fn simple(plain_name: &str) -> Option<ValueKind> {
    Some(match plain_name {
        "number" | "float" | "double" | "f64" => ValueKind::F64,
        "f32" => ValueKind::F32,
        "int" | "integer" | "long" | "i64" => ValueKind::I64,
        "i32" => ValueKind::I32,
        "u32" => ValueKind::U32,
        "u64" => ValueKind::U64,
        "string" | "str" | "text" => ValueKind::String,
        "bool" | "boolean" => ValueKind::Bool,
        "vec3" | "vector3" => ValueKind::Vec3,
        "quat" | "quaternion" => ValueKind::Quat,
        "color" | "colour" => ValueKind::Color,
        "any" | "value" | "object" | "unknown" | "json" => ValueKind::Value,
        "replicaid" => ValueKind::ReplicaId,
        "instanceid" => ValueKind::InstanceId,
        _ => return None,
    })
}

impl Reader<'_> {
    fn is_declared(&self, name: &str) -> bool {
        self.enums.contains_key(name) || self.structs.contains_key(name)
    }
}
