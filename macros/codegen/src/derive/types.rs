//! From Rust types to CRDTs, and from plain types to the CRDT that would fit them.

use syn::spanned::Spanned;
use syn::{Error, GenericArgument, PathArguments, PathSegment, Type};

use crate::schema::{Crdt, Initial, ValueType};

/// The CRDT that a field's type names. A path that is neither a CRDT nor a plain type is a struct of somebody's.
pub(super) fn crdt(ty: &Type) -> syn::Result<Crdt> {
    let segment = last_segment(ty)?;
    let args = arguments(segment);
    match (segment.ident.to_string().as_str(), args.as_slice()) {
        ("LwwRegister", [value]) => value_type(value).map(Crdt::LwwRegister),
        ("OrSet", [value]) => value_type(value).map(Crdt::OrSet),
        ("Sequence", [value]) => value_type(value).map(Crdt::Sequence),
        ("Text", []) => Ok(Crdt::Text),
        ("LwwMap", [key, value]) => Ok(Crdt::LwwMap(value_type(key)?, value_type(value)?)),
        ("OrMap", [key, value]) => Ok(Crdt::OrMap(value_type(key)?, Box::new(crdt(value)?))),
        ("MvRegister", [value]) => value_type(value).map(Crdt::MvRegister),
        ("GSet", [value]) => value_type(value).map(Crdt::GSet),
        ("TwoPSet", [value]) => value_type(value).map(Crdt::TwoPSet),
        ("JsonDoc", []) => Ok(Crdt::JsonDoc),
        ("GCounter", []) => Ok(Crdt::GCounter),
        ("PnCounter", []) => Ok(Crdt::PnCounter),
        ("LwwRegister" | "OrSet" | "MvRegister" | "GSet" | "TwoPSet" | "Sequence", _) => {
            Err(Error::new(
                ty.span(),
                "name the type of its values, as in `OrSet<String>`",
            ))
        }
        ("LwwMap", _) => Err(Error::new(
            ty.span(),
            "name the types of its keys and values, as in `LwwMap<String, i64>`",
        )),
        ("OrMap", _) => Err(Error::new(
            ty.span(),
            "name the types of its keys and of what it holds, as in `OrMap<String, Player>`",
        )),
        _ => match suggestion(segment, &args) {
            Some(better) => {
                let written = text(ty);
                Err(Error::new(
                    ty.span(),
                    format!(
                        "`{written}` does not say how it merges: write `{better}`, or `#[synced(skip)]`"
                    ),
                ))
            }
            None => Ok(Crdt::Nested(path(ty))),
        },
    }
}

/// The inference table for plain Rust types: the CRDT that would hold them.
fn suggestion(segment: &PathSegment, args: &[&Type]) -> Option<String> {
    match (segment.ident.to_string().as_str(), args) {
        ("HashSet" | "BTreeSet" | "IndexSet" | "Vec", [value]) => {
            Some(format!("OrSet<{}>", text(value)))
        }
        ("HashMap" | "BTreeMap" | "IndexMap", [key, value]) => {
            Some(format!("LwwMap<{}, {}>", text(key), text(value)))
        }
        ("Option", [value]) => Some(format!("LwwRegister<Option<{}>>", text(value))),
        ("u8" | "u16", []) => Some("LwwRegister<u32>".to_owned()),
        ("i8" | "i16", []) => Some("LwwRegister<i32>".to_owned()),
        ("usize", []) => Some("LwwRegister<u64>".to_owned()),
        ("isize", []) => Some("LwwRegister<i64>".to_owned()),
        (name, []) => plain(name).map(|value| format!("LwwRegister<{value}>")),
        _ => None,
    }
}

/// The type of a value. A path that is none of the runtime's is a type of somebody's with `#[derive(Element)]`.
pub(super) fn value_type(ty: &Type) -> syn::Result<ValueType> {
    let segment = last_segment(ty)?;
    let name = segment.ident.to_string();
    match (name.as_str(), arguments(segment).as_slice()) {
        ("Option", [inner]) => Ok(ValueType::Option(Box::new(value_type(inner)?))),
        ("Vec", [inner]) => Ok(ValueType::List(Box::new(value_type(inner)?))),
        (name, []) => match plain(name) {
            Some(plain) => Ok(plain),
            None if is_custom(ty, name) => Ok(ValueType::Record(path(ty))),
            None => Err(not_a_value(ty)),
        },
        _ => Err(not_a_value(ty)),
    }
}

/// True when the name may be that of a type of the program's own: none of the language's, and none of the standard library's.
fn is_custom(ty: &Type, name: &str) -> bool {
    let first = match ty {
        Type::Path(path) => path.path.segments.first(),
        _ => None,
    };
    let foreign = first.is_some_and(|first| {
        let first = first.ident.to_string();
        ["std", "core", "alloc"].contains(&first.as_str())
    });
    let known = ["Instant", "SystemTime", "Duration", "PathBuf", "OsString"].contains(&name);
    !foreign && !known && name.chars().next().is_some_and(char::is_uppercase)
}

/// A type of the program's own that starts as a word is an enum; what it is otherwise, only its declaration knows.
pub(super) fn settle(crdt: Crdt, initial: &Initial) -> Crdt {
    match (crdt, initial) {
        (Crdt::LwwRegister(value), initial) => Crdt::LwwRegister(settle_value(value, initial)),
        (Crdt::MvRegister(value), initial) => Crdt::MvRegister(settle_value(value, initial)),
        (Crdt::OrSet(value), initial) => Crdt::OrSet(settle_element(value, initial)),
        (Crdt::GSet(value), initial) => Crdt::GSet(settle_element(value, initial)),
        (Crdt::TwoPSet(value), initial) => Crdt::TwoPSet(settle_element(value, initial)),
        (Crdt::Sequence(value), initial) => Crdt::Sequence(settle_element(value, initial)),
        (other, _) => other,
    }
}

/// As [`settle`], of the elements of a set.
fn settle_element(value: ValueType, initial: &Initial) -> ValueType {
    match initial {
        Initial::List(items) => settle_value(value, items.first().unwrap_or(&Initial::Zero)),
        _ => value,
    }
}

/// As [`settle`], of one value.
pub(super) fn settle_value(value: ValueType, initial: &Initial) -> ValueType {
    match (value, initial) {
        (ValueType::Record(path), Initial::Str(_)) => ValueType::Enum(path),
        (ValueType::Option(inner), some) => ValueType::Option(Box::new(settle_value(*inner, some))),
        (ValueType::List(inner), Initial::List(items)) => {
            let first = items.first().unwrap_or(&Initial::Zero);
            ValueType::List(Box::new(settle_value(*inner, first)))
        }
        (other, _) => other,
    }
}

fn not_a_value(ty: &Type) -> Error {
    let known = "bool, i32, i64, u32, u64, f32, f64, String, Vec3, Quat, Color, Value, ReplicaId, InstanceId, a type with \
                 `#[derive(Element)]`, or an Option or Vec of these";
    Error::new(
        ty.span(),
        format!("`{}` cannot be a value of a CRDT: use {known}", text(ty)),
    )
}

fn plain(name: &str) -> Option<ValueType> {
    Some(match name {
        "bool" => ValueType::Bool,
        "i32" => ValueType::I32,
        "i64" => ValueType::I64,
        "u32" => ValueType::U32,
        "u64" => ValueType::U64,
        "f32" => ValueType::F32,
        "f64" => ValueType::F64,
        "String" => ValueType::String,
        "Vec3" => ValueType::Vec3,
        "Quat" => ValueType::Quat,
        "Color" => ValueType::Color,
        "Value" => ValueType::Value,
        "ReplicaId" => ValueType::ReplicaId,
        "InstanceId" => ValueType::InstanceId,
        _ => return None,
    })
}

fn last_segment(ty: &Type) -> syn::Result<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Group(group) => return last_segment(&group.elem),
        _ => None,
    }
    .ok_or_else(|| Error::new(ty.span(), "expected a CRDT, as in `LwwRegister<i64>`"))
}

fn arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// A type as one would write it.
fn text(ty: &Type) -> String {
    quote::quote!(#ty)
        .to_string()
        .replace(' ', "")
        .replace(',', ", ")
}

/// The path of a type in another module, as the compiler of HoloScript writes it.
fn path(ty: &Type) -> String {
    quote::quote!(#ty).to_string().replace(" :: ", "::")
}
