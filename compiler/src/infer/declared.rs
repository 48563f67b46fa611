//! R5: types and CRDTs as authors write them.

use holo_codegen::schema::{Crdt, ValueType};
use holo_grammar::ast::{Field, Type, TypeKind, ValueKind};

use super::custom::Custom;
use crate::family;
use crate::resolve::aliases::is_null;

/// What an annotation asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Declared {
    /// A CRDT, complete.
    Crdt(Crdt),
    /// One of some words, the first of which is the zero, and the path of the enum that names them.
    Words(Vec<String>, Option<String>),
    /// A struct, by its path.
    Struct(String),
    /// A CRDT whose value type the literal decides.
    Bare(Named),
    /// Something that is known and not there yet, and what to write instead.
    NotYet(&'static str, &'static str),
    /// A name that nothing here knows.
    Unknown,
}

/// A CRDT by its name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// `LwwRegister`
    LwwRegister,
    /// `GCounter`
    GCounter,
    /// `PnCounter`
    PnCounter,
    /// `OrSet`
    OrSet,
    /// `LwwMap`
    LwwMap,
    /// `Sequence`
    Sequence,
    /// `Text`
    Text,
}

/// The names of CRDTs that can be written, as a message lists them.
pub(super) const CRDT_NAMES: &str =
    "LwwRegister, PnCounter, GCounter, OrSet, LwwMap, Sequence or Text";

/// A name without what varies between spellings.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' ' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A CRDT by one of its names: `pn_counter`, `PNCounter`, `lww-register`.
pub(super) fn crdt_name(name: &str) -> Option<Result<Named, (&'static str, &'static str)>> {
    Some(Ok(match plain(name).as_str() {
        "lwwregister" | "lww" | "register" => Named::LwwRegister,
        "gcounter" | "growonlycounter" => Named::GCounter,
        "pncounter" | "counter" => Named::PnCounter,
        "orset" | "set" | "observedremoveset" => Named::OrSet,
        "lwwmap" | "map" => Named::LwwMap,
        "rga" | "rgasequence" | "sequence" | "ylist" | "yarray" | "orderedlist" => Named::Sequence,
        "text" | "ytext" | "richtext" => Named::Text,
        other => return not_yet(other).map(Err),
    }))
}

/// The CRDT whose name is most like a misspelt one, in the spelling of that one.
pub(super) fn near_crdt(name: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 6] = [
        ("LwwRegister", "lww_register"),
        ("PnCounter", "pn_counter"),
        ("GCounter", "g_counter"),
        ("OrSet", "or_set"),
        ("LwwMap", "lww_map"),
        ("Sequence", "sequence"),
    ];
    let written = plain(name);
    let near = NAMES.iter().map(|(one, snake)| {
        let spelt = if name.contains('_') { snake } else { one };
        (family::distance(&written, &plain(one)), *spelt)
    });
    let near = near.filter(|(distance, one)| *distance <= family::tolerance(one));
    near.min().map(|(_, one)| one)
}

fn not_yet(plain_name: &str) -> Option<(&'static str, &'static str)> {
    Some(match plain_name {
        "gset" | "growonlyset" => ("GSet", "`Set<T>`"),
        "2pset" | "twopset" | "twophaseset" => ("TwoPSet", "`Set<T>`"),
        "mvregister" | "multivalueregister" => {
            ("MvRegister", "the plain type, whose last writer wins")
        }
        "ormap" => ("OrMap", "`Map<K, V>`"),
        "json" | "jsondoc" => ("JsonDoc", "`any`"),
        _ => return None,
    })
}

/// The type that a field is annotated with, whether the tree has it as a type or as a bare name after the colon.
pub(super) fn of_field(field: &Field, custom: impl Fn(&str) -> Option<Custom>) -> Option<Declared> {
    if let Some(ty) = &field.ty {
        let declared = declared(ty, &custom);
        return Some(if field.optional {
            optional(declared)
        } else {
            declared
        });
    }
    let value = field.value.as_ref()?;
    let ValueKind::Path(names) = &value.kind else {
        return None;
    };
    let [name] = names.as_slice() else {
        return None;
    };
    match named(&name.text, &[], &custom) {
        Declared::Unknown => None,
        declared if field.optional => Some(optional(declared)),
        declared => Some(declared),
    }
}

/// What a type annotation asks for.
pub(super) fn declared(ty: &Type, custom: &impl Fn(&str) -> Option<Custom>) -> Declared {
    match &ty.kind {
        TypeKind::Named(name, args) => named(name, args, custom),
        TypeKind::Literal(word) => Declared::Words(vec![word.clone()], None),
        TypeKind::Other => Declared::Unknown,
        TypeKind::Union(parts) => union(parts, custom),
    }
}

fn union(parts: &[Type], custom: &impl Fn(&str) -> Option<Custom>) -> Declared {
    let is_null = |ty: &&Type| matches!(&ty.kind, TypeKind::Named(name, _) if is_null(name));
    let rest: Vec<&Type> = parts.iter().filter(|ty| !is_null(ty)).collect();
    let nullable = rest.len() < parts.len();
    let words: Option<Vec<String>> = rest
        .iter()
        .map(|ty| match &ty.kind {
            TypeKind::Literal(word) => Some(word.clone()),
            _ => None,
        })
        .collect();
    let inner = match (words, rest.as_slice()) {
        (Some(words), [_, ..]) => Declared::Words(words, None),
        (None, [one]) => declared(one, custom),
        _ => Declared::Crdt(Crdt::LwwRegister(ValueType::Value)),
    };
    if nullable { optional(inner) } else { inner }
}

fn optional(declared: Declared) -> Declared {
    let register = |inner| Declared::Crdt(Crdt::LwwRegister(ValueType::Option(Box::new(inner))));
    match declared {
        Declared::Crdt(Crdt::LwwRegister(inner @ (ValueType::Option(_) | ValueType::Value))) => {
            Declared::Crdt(Crdt::LwwRegister(inner))
        }
        Declared::Crdt(Crdt::LwwRegister(inner)) => register(inner),
        Declared::Words(_, path) => register(words_type(path)),
        Declared::Struct(path) => register(ValueType::Record(path)),
        other => other,
    }
}

fn named(name: &str, args: &[Type], custom: &impl Fn(&str) -> Option<Custom>) -> Declared {
    let register = |ty| Declared::Crdt(Crdt::LwwRegister(ty));
    let arg = |i: usize| args.get(i).map(|ty| value_type(ty, custom));
    let name = name.strip_prefix("typeof ").unwrap_or(name);
    match custom(name) {
        Some(Custom::Enum(words, path)) => return Declared::Words(words, path),
        Some(Custom::Struct(path)) => return Declared::Struct(path),
        Some(Custom::Alias(declared)) => return *declared,
        None => {}
    }
    let lower = plain(name);
    if let Some(ty) = simple(&lower) {
        return register(ty);
    }
    match lower.as_str() {
        "array" | "list" => Declared::Crdt(Crdt::OrSet(arg(0).unwrap_or(ValueType::Value))),
        "record" => Declared::Crdt(Crdt::LwwMap(
            key(arg(0)),
            arg(1).unwrap_or(ValueType::Value),
        )),
        "option" | "optional" | "maybe" => register(ValueType::Option(Box::new(
            arg(0).unwrap_or(ValueType::Value),
        ))),
        _ => match (crdt_name(name), args) {
            (None, _) => Declared::Unknown,
            (Some(Err((known, instead))), _) => Declared::NotYet(known, instead),
            (Some(Ok(Named::PnCounter)), _) => Declared::Crdt(Crdt::PnCounter),
            (Some(Ok(Named::GCounter)), _) => Declared::Crdt(Crdt::GCounter),
            (Some(Ok(Named::Text)), _) => Declared::Crdt(Crdt::Text),
            (Some(Ok(bare)), []) => Declared::Bare(bare),
            (Some(Ok(Named::LwwRegister)), _) => register(arg(0).unwrap_or(ValueType::Value)),
            (Some(Ok(Named::OrSet)), _) => {
                Declared::Crdt(Crdt::OrSet(arg(0).unwrap_or(ValueType::Value)))
            }
            (Some(Ok(Named::Sequence)), _) => {
                Declared::Crdt(Crdt::Sequence(arg(0).unwrap_or(ValueType::Value)))
            }
            (Some(Ok(Named::LwwMap)), _) => Declared::Crdt(Crdt::LwwMap(
                key(arg(0)),
                arg(1).unwrap_or(ValueType::Value),
            )),
        },
    }
}

/// The type of words: the enum that names them, or text.
pub(super) fn words_type(path: Option<String>) -> ValueType {
    path.map_or(ValueType::String, ValueType::Enum)
}

/// A type inside another: what is no plain value is any value there.
fn value_type(ty: &Type, custom: &impl Fn(&str) -> Option<Custom>) -> ValueType {
    as_value(&declared(ty, custom))
}

/// What an annotation means inside another type: what is no plain value is any value there.
pub(super) fn as_value(declared: &Declared) -> ValueType {
    match declared.clone() {
        Declared::Crdt(Crdt::LwwRegister(ValueType::Option(inner)))
            if *inner == ValueType::ReplicaId =>
        {
            *inner
        }
        Declared::Crdt(Crdt::LwwRegister(ty)) => ty,
        Declared::Words(_, path) => words_type(path),
        Declared::Struct(path) => ValueType::Record(path),
        _ => ValueType::Value,
    }
}

/// The key of a map: text, unless it is a whole number. `number` counts as one here, for nobody looks up 0.1.
fn key(ty: Option<ValueType>) -> ValueType {
    match ty {
        Some(ValueType::F64 | ValueType::F32 | ValueType::I64) => ValueType::I64,
        Some(ty @ (ValueType::I32 | ValueType::U32 | ValueType::U64 | ValueType::ReplicaId)) => ty,
        _ => ValueType::String,
    }
}

fn simple(plain_name: &str) -> Option<ValueType> {
    Some(match plain_name {
        "number" | "float" | "double" | "f64" => ValueType::F64,
        "f32" => ValueType::F32,
        "int" | "integer" | "long" | "i64" => ValueType::I64,
        "i32" => ValueType::I32,
        "u32" => ValueType::U32,
        "u64" => ValueType::U64,
        "string" | "str" => ValueType::String,
        "bool" | "boolean" => ValueType::Bool,
        "vec3" | "vector3" => ValueType::Vec3,
        "quat" | "quaternion" => ValueType::Quat,
        "color" | "colour" => ValueType::Color,
        "any" | "value" | "object" | "unknown" => ValueType::Value,
        // There is no replica to start with.
        "replicaid" => ValueType::Option(Box::new(ValueType::ReplicaId)),
        _ => return None,
    })
}
