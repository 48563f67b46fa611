//! R5: types and CRDTs as authors write them.

use std::rc::Rc;

use holo_codegen::schema::{Crdt, ValueType};
use holo_grammar::ast::{Field, Span, Type, TypeKind, ValueKind};

use super::custom::Custom;
use super::words::Words;
use crate::family;
use crate::resolve::aliases::is_null;

/// What an annotation asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Declared {
    /// A CRDT, complete.
    Crdt(Crdt),
    /// One of some words, the first of which is the zero, and the path of the enum that names them.
    Words(Rc<Words>, Option<String>),
    /// A struct, by its path.
    Struct(String),
    /// A CRDT whose value type the literal decides.
    Bare(Named),
    /// A map of what merges itself: its key, what it holds, and where that is written.
    Keyed(ValueType, Box<Declared>, Span),
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
    /// `MvRegister`
    MvRegister,
    /// `GSet`
    GSet,
    /// `TwoPSet`
    TwoPSet,
    /// `OrMap`
    OrMap,
    /// `JsonDoc`
    JsonDoc,
    /// `Sequence`
    Sequence,
    /// `Text`
    Text,
}

/// The names of CRDTs that can be written, as a message lists them.
pub(super) const CRDT_NAMES: &str = "LwwRegister, MvRegister, PnCounter, GCounter, OrSet, GSet, TwoPSet, LwwMap, OrMap, Sequence, Text or JsonDoc";

/// How deeply maps nest in each other that merge key by key: a change holds them within structs, and those nest too.
const DEEPEST: usize = 8;

/// A name without what varies between spellings.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' ' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A CRDT by one of its names: `pn_counter`, `PNCounter`, `lww-register`.
pub(super) fn crdt_name(name: &str) -> Option<Named> {
    Some(match plain(name).as_str() {
        "lwwregister" | "lww" | "register" => Named::LwwRegister,
        "gcounter" | "growonlycounter" => Named::GCounter,
        "pncounter" | "counter" => Named::PnCounter,
        "orset" | "set" | "observedremoveset" => Named::OrSet,
        "lwwmap" | "map" => Named::LwwMap,
        "mvregister" | "multivalueregister" => Named::MvRegister,
        "gset" | "growonlyset" => Named::GSet,
        "2pset" | "twopset" | "twophaseset" => Named::TwoPSet,
        "ormap" | "observedremovemap" => Named::OrMap,
        "json" | "jsondoc" => Named::JsonDoc,
        "rga" | "rgasequence" | "sequence" | "ylist" | "yarray" | "orderedlist" => Named::Sequence,
        "text" | "ytext" | "richtext" => Named::Text,
        _ => return None,
    })
}

/// The CRDT whose name is most like a misspelt one, in the spelling of that one.
pub(super) fn near_crdt(name: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 11] = [
        ("LwwRegister", "lww_register"),
        ("PnCounter", "pn_counter"),
        ("GCounter", "g_counter"),
        ("OrSet", "or_set"),
        ("LwwMap", "lww_map"),
        ("MvRegister", "mv_register"),
        ("GSet", "g_set"),
        ("TwoPSet", "two_p_set"),
        ("OrMap", "or_map"),
        ("JsonDoc", "json_doc"),
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
        TypeKind::Literal(word) => Declared::Words(Words::of([word.as_str()]), None),
        TypeKind::Other => Declared::Unknown,
        TypeKind::Union(parts) => union(parts, custom),
    }
}

fn union(parts: &[Type], custom: &impl Fn(&str) -> Option<Custom>) -> Declared {
    let is_null = |ty: &&Type| matches!(&ty.kind, TypeKind::Named(name, _) if is_null(name));
    let rest: Vec<&Type> = parts.iter().filter(|ty| !is_null(ty)).collect();
    let nullable = rest.len() < parts.len();
    let words: Option<Vec<&str>> = rest
        .iter()
        .map(|ty| match &ty.kind {
            TypeKind::Literal(word) => Some(word.as_str()),
            _ => None,
        })
        .collect();
    let inner = match (words, rest.as_slice()) {
        (Some(words), [_, ..]) => Declared::Words(Words::of(words), None),
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
        "record" | "map" if !args.is_empty() => map(args, custom),
        "option" | "optional" | "maybe" => register(ValueType::Option(Box::new(
            arg(0).unwrap_or(ValueType::Value),
        ))),
        _ => match (crdt_name(name), args) {
            (None, _) => Declared::Unknown,
            (Some(Named::PnCounter), _) => Declared::Crdt(Crdt::PnCounter),
            (Some(Named::GCounter), _) => Declared::Crdt(Crdt::GCounter),
            (Some(Named::JsonDoc), _) => Declared::Crdt(Crdt::JsonDoc),
            (Some(Named::Text), _) => Declared::Crdt(Crdt::Text),
            (Some(bare), []) => Declared::Bare(bare),
            (Some(Named::LwwRegister), _) => register(arg(0).unwrap_or(ValueType::Value)),
            (Some(Named::OrSet), _) => {
                Declared::Crdt(Crdt::OrSet(arg(0).unwrap_or(ValueType::Value)))
            }
            (Some(Named::Sequence), _) => {
                Declared::Crdt(Crdt::Sequence(arg(0).unwrap_or(ValueType::Value)))
            }
            (Some(Named::LwwMap), _) => Declared::Crdt(Crdt::LwwMap(
                key(arg(0)),
                arg(1).unwrap_or(ValueType::Value),
            )),
            (Some(Named::MvRegister), _) => {
                Declared::Crdt(Crdt::MvRegister(arg(0).unwrap_or(ValueType::Value)))
            }
            (Some(Named::GSet), _) => {
                Declared::Crdt(Crdt::GSet(arg(0).unwrap_or(ValueType::Value)))
            }
            (Some(Named::TwoPSet), _) => {
                Declared::Crdt(Crdt::TwoPSet(arg(0).unwrap_or(ValueType::Value)))
            }
            (Some(Named::OrMap), _) => keyed(args, custom),
        },
    }
}

/// A map: of what merges itself one by one, of plain values as a whole each.
fn map(args: &[Type], custom: &impl Fn(&str) -> Option<Custom>) -> Declared {
    let value = args.get(1).map(|ty| declared(ty, custom));
    let plain = match &value {
        Some(Declared::Crdt(crdt)) => matches!(crdt, Crdt::LwwRegister(_)),
        Some(Declared::Bare(named)) => *named == Named::LwwRegister,
        None | Some(Declared::Words(..) | Declared::Unknown) => true,
        Some(_) => false,
    };
    if !plain {
        return keyed(args, custom);
    }
    let ty = value.map_or(ValueType::Value, |value| as_value(&value));
    let of = args.first().map(|ty| value_type(ty, custom));
    Declared::Crdt(Crdt::LwwMap(key(of), ty))
}

/// A map whose values merge themselves. One inside more maps than merge holds any value.
fn keyed(args: &[Type], custom: &impl Fn(&str) -> Option<Custom>) -> Declared {
    let key = key(args.first().map(|ty| value_type(ty, custom)));
    let held = args.get(1).map(|ty| (declared(ty, custom), ty.span));
    match held {
        Some((held, span)) if maps(&held) < DEEPEST => Declared::Keyed(key, Box::new(held), span),
        _ => {
            let any = Crdt::LwwRegister(ValueType::Value);
            Declared::Crdt(Crdt::OrMap(key, Box::new(any)))
        }
    }
}

/// How many maps of maps a type is.
fn maps(declared: &Declared) -> usize {
    match declared {
        Declared::Keyed(_, held, _) => 1 + maps(held),
        Declared::Crdt(Crdt::OrMap(..)) => 1,
        _ => 0,
    }
}

/// A type as the CRDT that is named beside it has it: the type says what is held, the CRDT how it merges. None where the two
/// have nothing to do with each other.
pub(super) fn refined(declared: &Declared, named: Named) -> Option<Declared> {
    let crdt = match (declared, named) {
        (Declared::Crdt(Crdt::LwwRegister(ty)), Named::MvRegister) => Crdt::MvRegister(ty.clone()),
        (Declared::Crdt(Crdt::OrSet(ty)), Named::GSet) => Crdt::GSet(ty.clone()),
        (Declared::Crdt(Crdt::OrSet(ty)), Named::Sequence) => Crdt::Sequence(ty.clone()),
        (Declared::Crdt(Crdt::LwwRegister(ValueType::String)), Named::Text) => Crdt::Text,
        (Declared::Crdt(Crdt::OrSet(ty)), Named::TwoPSet) => Crdt::TwoPSet(ty.clone()),
        (Declared::Crdt(Crdt::LwwRegister(ValueType::Value)), Named::JsonDoc) => Crdt::JsonDoc,
        _ => return None,
    };
    Some(Declared::Crdt(crdt))
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
