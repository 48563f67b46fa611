//! Initial values: whether one fits its CRDT, its canonical form, and the Rust expression for it.

use std::fmt;

use proc_macro2::TokenStream;
use quote::quote;

use crate::schema::{Crdt, Initial, ValueType};

/// The initial value in the one form that its CRDT has for it: zeros spelt out, integers as floats where the type is a
/// float, colours and vectors recognised. None when it does not fit.
#[must_use]
pub fn canonical(initial: &Initial, crdt: &Crdt) -> Option<Initial> {
    match crdt {
        Crdt::LwwRegister(value) | Crdt::MvRegister(value) => canonical_value(initial, value),
        Crdt::GCounter => canonical_value(initial, &ValueType::U64),
        Crdt::PnCounter => canonical_value(initial, &ValueType::I64),
        Crdt::Text => canonical_value(initial, &ValueType::String),
        Crdt::OrSet(value) | Crdt::GSet(value) | Crdt::TwoPSet(value) | Crdt::Sequence(value) => {
            match initial {
                Initial::Zero => Some(Initial::List(Vec::new())),
                Initial::List(items) => items
                    .iter()
                    .map(|item| canonical_value(item, value))
                    .collect::<Option<_>>()
                    .map(Initial::List),
                _ => None,
            }
        }
        Crdt::JsonDoc => match initial {
            Initial::Zero => Some(Initial::Map(Vec::new())),
            any => canonical_value(any, &ValueType::Value),
        },
        Crdt::LwwMap(..) | Crdt::OrMap(..) => match initial {
            Initial::Zero => Some(Initial::Map(Vec::new())),
            Initial::Map(entries) if entries.is_empty() => Some(Initial::Map(Vec::new())),
            _ => None,
        },
        Crdt::Nested(_) => match initial {
            Initial::Zero => Some(Initial::Zero),
            Initial::Struct(parts) if parts.is_empty() => Some(Initial::Zero),
            Initial::Struct(_) => Some(initial.clone()),
            _ => None,
        },
    }
}

pub(crate) fn canonical_value(initial: &Initial, value: &ValueType) -> Option<Initial> {
    use Initial as I;
    use ValueType as V;
    Some(match (value, initial) {
        (V::Option(_), I::Zero | I::Null) | (V::Value, I::Zero | I::Null) => I::Null,
        (V::Option(inner), some) => canonical_value(some, inner)?,
        (V::Value, any) => dynamic(any),
        (V::List(_), I::Zero) => I::List(Vec::new()),
        (V::List(inner), I::List(items)) => {
            let items = items.iter().map(|item| canonical_value(item, inner));
            I::List(items.collect::<Option<_>>()?)
        }
        // What is in these, only their declarations know; see `crate::wire`.
        (V::Enum(_) | V::Record(_), I::Zero) => I::Zero,
        (V::Enum(_), I::Str(_)) => initial.clone(),
        (V::Record(_), I::Struct(_) | I::Map(_)) => initial.clone(),
        (V::Bool, I::Zero) => I::Bool(false),
        (V::I32 | V::I64 | V::U32 | V::U64, I::Zero) => I::Int(0),
        (V::F32 | V::F64, I::Zero) => I::Float(0.0),
        (V::String, I::Zero) => I::Str(String::new()),
        (V::Vec3, I::Zero) => I::Vec3([0.0; 3]),
        (V::Quat, I::Zero) => I::Quat([0.0, 0.0, 0.0, 1.0]),
        (V::Color, I::Zero) => I::Color([255; 4]),
        (V::Bool, I::Bool(_))
        | (V::String, I::Str(_))
        | (V::Color, I::Color(_))
        | (V::Quat, I::Quat(_)) => initial.clone(),
        (V::I64, I::Int(_)) => initial.clone(),
        (V::I32, I::Int(int)) => i32::try_from(*int).ok().map(|_| initial.clone())?,
        (V::U32, I::Int(int)) => u32::try_from(*int).ok().map(|_| initial.clone())?,
        (V::U64, I::Int(int)) => u64::try_from(*int).ok().map(|_| initial.clone())?,
        (V::F32 | V::F64, I::Int(int)) => I::Float(*int as f64),
        (V::F32 | V::F64, I::Float(float)) => I::Float(*float + 0.0),
        (V::Color, I::Str(text)) => I::Color(parse_color(text)?),
        (V::Vec3, I::Vec3(parts)) => I::Vec3(parts.map(|part| part + 0.0)),
        (V::Vec3, I::List(items)) => I::Vec3(floats(items)?),
        (V::Quat, I::List(items)) => I::Quat(floats(items)?),
        _ => return None,
    })
}

fn floats<const N: usize>(items: &[Initial]) -> Option<[f64; N]> {
    let floats: Option<Vec<f64>> = items
        .iter()
        .map(|item| match item {
            Initial::Int(int) => Some(*int as f64),
            Initial::Float(float) => Some(*float + 0.0),
            _ => None,
        })
        .collect();
    floats?.try_into().ok()
}

/// The channels of `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`.
#[must_use]
pub fn parse_color(text: &str) -> Option<[u8; 4]> {
    let digits: Option<Vec<u8>> = text
        .strip_prefix('#')?
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    match *digits?.as_slice() {
        [r, g, b] => Some([r * 17, g * 17, b * 17, 255]),
        [r, g, b, a] => Some([r * 17, g * 17, b * 17, a * 17]),
        [r, s, g, h, b, c] => Some([r * 16 + s, g * 16 + h, b * 16 + c, 255]),
        [r, s, g, h, b, c, a, d] => Some([r * 16 + s, g * 16 + h, b * 16 + c, a * 16 + d]),
        _ => None,
    }
}

fn color_text([r, g, b, a]: [u8; 4]) -> String {
    if a == 255 {
        format!("#{r:02x}{g:02x}{b:02x}")
    } else {
        format!("#{r:02x}{g:02x}{b:02x}{a:02x}")
    }
}

/// The expression that makes the CRDT with this initial value; none when the value does not fit.
pub(crate) fn expression(initial: &Initial, crdt: &Crdt, rt: &TokenStream) -> Option<TokenStream> {
    let fitting = canonical(initial, crdt)?;
    if Some(&fitting) == canonical(&Initial::Zero, crdt).as_ref() {
        return Some(quote!(::core::default::Default::default()));
    }
    Some(typed(&fitting, crdt, rt))
}

/// The same where the type has to be said. What does not fit is the default; [`expression`] has told of it.
pub(crate) fn typed(initial: &Initial, crdt: &Crdt, rt: &TokenStream) -> TokenStream {
    let ty = crate::generate::crdt_type(crdt, rt);
    let default = quote!(<#ty as ::core::default::Default>::default());
    let (fitting, zero) = (canonical(initial, crdt), canonical(&Initial::Zero, crdt));
    match (crdt, &fitting) {
        _ if fitting == zero => default,
        (Crdt::Text, Some(Initial::Str(text))) => quote!(<#ty>::new(#text)),
        (
            Crdt::OrSet(value) | Crdt::GSet(value) | Crdt::TwoPSet(value) | Crdt::Sequence(value),
            Some(Initial::List(items)),
        ) => {
            let items = items.iter().map(|item| value_expression(item, value, rt));
            quote!(<#ty>::new([#(#items),*]))
        }
        (Crdt::LwwRegister(value) | Crdt::MvRegister(value), Some(fitting)) => {
            let value = value_expression(fitting, value, rt);
            quote!(<#ty>::new(#value))
        }
        (Crdt::GCounter, Some(fitting)) => {
            let value = value_expression(fitting, &ValueType::U64, rt);
            quote!(<#ty>::new(#value))
        }
        (Crdt::PnCounter, Some(fitting)) => {
            let value = value_expression(fitting, &ValueType::I64, rt);
            quote!(<#ty>::new(#value))
        }
        (Crdt::JsonDoc, Some(fitting)) => {
            let value = dynamic_expression(fitting, rt);
            quote!(<#ty>::new(#value))
        }
        (Crdt::Nested(_), Some(fitting)) => {
            let value = dynamic_expression(fitting, rt);
            quote!(#rt::codegen::nested::<#ty>(&#value))
        }
        _ => default,
    }
}

/// The expression of a canonical value, as it may be assigned.
pub(crate) fn value_expression(
    initial: &Initial,
    value: &ValueType,
    rt: &TokenStream,
) -> TokenStream {
    match (value, initial) {
        (ValueType::Option(_), Initial::Null) => quote!(::core::option::Option::None),
        (ValueType::Enum(_), Initial::Str(word)) => quote!(#word),
        // A word, parts or a list of the program's own: the runtime reads them as it reads what comes over the wire.
        (custom, _) if custom.is_custom() || matches!(custom, ValueType::List(_)) => {
            let ty = crate::generate::value_type(custom, rt);
            let value = dynamic_expression(initial, rt);
            match initial {
                Initial::Zero => quote!(<#ty as ::core::default::Default>::default()),
                _ => quote!(#rt::codegen::constant::<#ty>(&#value)),
            }
        }
        (ValueType::Option(inner), some) => {
            let some = value_expression(some, inner, rt);
            let text = matches!(**inner, ValueType::String).then(|| quote!(.to_owned()));
            quote!(::core::option::Option::Some(#some #text))
        }
        (ValueType::Value, any) => dynamic_expression(any, rt),
        (_, number @ (Initial::Int(_) | Initial::Float(_))) => number_expression(number, value),
        (_, Initial::Bool(value)) => quote!(#value),
        (_, Initial::Str(text)) => quote!(#text),
        (_, Initial::Color([r, g, b, a])) => quote!(#rt::Color::rgba(#r, #g, #b, #a)),
        (_, Initial::Vec3([x, y, z])) => quote!(#rt::Vec3::new(#x, #y, #z)),
        (_, Initial::Quat([x, y, z, w])) => quote!(#rt::Quat::new(#x, #y, #z, #w)),
        _ => quote!(::core::default::Default::default()),
    }
}

/// A number with its type.
fn number_expression(number: &Initial, value: &ValueType) -> TokenStream {
    match (value, number) {
        (ValueType::I32, Initial::Int(int)) => {
            let int = *int as i32;
            quote!(#int)
        }
        (ValueType::U32, Initial::Int(int)) => {
            let int = *int as u32;
            quote!(#int)
        }
        (ValueType::U64, Initial::Int(int)) => {
            let int = *int as u64;
            quote!(#int)
        }
        (ValueType::F32, Initial::Float(float)) => {
            let float = *float as f32;
            quote!(#float)
        }
        (_, Initial::Float(float)) => quote!(#float),
        (_, Initial::Int(int)) => quote!(#int),
        _ => quote!(::core::default::Default::default()),
    }
}

/// An initial value as a `Value` has it: vectors are lists, colours text, structs maps.
#[must_use]
pub fn dynamic(initial: &Initial) -> Initial {
    let entry = |(key, value): (&String, &Initial)| (key.clone(), dynamic(value));
    match initial {
        Initial::Zero => Initial::Null,
        Initial::Vec3(parts) => Initial::List(parts.map(Initial::Float).to_vec()),
        Initial::Quat(parts) => Initial::List(parts.map(Initial::Float).to_vec()),
        Initial::Color(rgba) => Initial::Str(color_text(*rgba)),
        Initial::List(items) => Initial::List(items.iter().map(dynamic).collect()),
        Initial::Map(entries) => Initial::Map(
            entries
                .iter()
                .map(|(key, value)| entry((key, value)))
                .collect(),
        ),
        Initial::Struct(parts) => Initial::Map(
            parts
                .iter()
                .map(|(_, key, value)| entry((key, value)))
                .collect(),
        ),
        plain => plain.clone(),
    }
}

/// The expression of a `Value`.
fn dynamic_expression(initial: &Initial, rt: &TokenStream) -> TokenStream {
    match dynamic(initial) {
        Initial::Bool(value) => quote!(#rt::Value::Bool(#value)),
        Initial::Int(int) => quote!(#rt::Value::Int(#int)),
        Initial::Float(float) => quote!(#rt::Value::Float(#float)),
        Initial::Str(text) => quote!(#rt::Value::from(#text)),
        Initial::List(items) => {
            let items = items.iter().map(|item| dynamic_expression(item, rt));
            quote!(#rt::codegen::list([#(#items),*]))
        }
        Initial::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = dynamic_expression(value, rt);
                quote!((#key, #value))
            });
            quote!(#rt::codegen::map([#(#entries),*]))
        }
        _ => quote!(#rt::Value::Null),
    }
}

/// As JSON, with floats always showing a point.
impl fmt::Display for Initial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T]) -> fmt::Result {
            f.write_str("[")?;
            for (index, item) in items.iter().enumerate() {
                write!(f, "{}{item}", if index > 0 { "," } else { "" })?;
            }
            f.write_str("]")
        }
        fn map<'a>(
            f: &mut fmt::Formatter<'_>,
            entries: impl Iterator<Item = (&'a String, &'a Initial)>,
        ) -> fmt::Result {
            f.write_str("{")?;
            for (index, (key, value)) in entries.enumerate() {
                write!(f, "{}{key:?}:{value}", if index > 0 { "," } else { "" })?;
            }
            f.write_str("}")
        }
        match self {
            Self::Zero => f.write_str("zero"),
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(int) => write!(f, "{int}"),
            Self::Float(float) => write!(f, "{float:?}"),
            Self::Str(text) => write!(f, "{text:?}"),
            Self::Color(rgba) => f.write_str(&color_text(*rgba)),
            Self::Vec3(parts) => list(f, &parts.map(Self::Float)),
            Self::Quat(parts) => list(f, &parts.map(Self::Float)),
            Self::List(items) => list(f, items),
            Self::Map(entries) => map(f, entries.iter().map(|(key, value)| (key, value))),
            Self::Struct(parts) => map(f, parts.iter().map(|(_, key, value)| (key, value))),
        }
    }
}
