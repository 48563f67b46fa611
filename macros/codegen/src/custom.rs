//! Enums of words and records: types of the program's own that are values.
//!
//! What is generated says how such a type becomes a `Value` and comes back; the runtime does the rest.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::generate::{Options, doc_lines, ident, value_type};
use crate::schema::{Enum, Initial, Record, RecordField};
use crate::{initial, lints};

/// The field of a generated record that holds what another version wrote. No name of a source becomes this one.
pub(crate) const KEPT: &str = "__kept";

/// The enum itself.
pub(crate) fn enum_definition(it: &Enum) -> TokenStream {
    let (name, other) = (ident(&it.rust), other_variant(it));
    let docs = doc_lines(&it.docs, || format!("One of the words of `{}`.", it.name));
    let variants = it.variants.iter().map(|variant| {
        let docs = doc_lines(&variant.docs, || format!("`{}`", variant.wire));
        let name = ident(&variant.rust);
        quote!(#docs #name,)
    });
    let of_items = lints::of_items();
    quote! {
        #docs
        #of_items
        #[derive(Clone, Debug)]
        pub enum #name {
            #(#variants)*
            /// A word that only another version knows.
            #other(::std::string::String),
        }
    }
}

/// The name of the variant for unknown words, which is none of the others'.
pub(crate) fn other_variant(it: &Enum) -> syn::Ident {
    let taken = |name: &str| it.variants.iter().any(|variant| variant.rust == name);
    let names = ["Other".to_owned(), "OtherWord".to_owned()].into_iter();
    let mut names = names.chain((2u32..).map(|number| format!("OtherWord{number}")));
    let free = names.find(|name| !taken(name));
    format_ident!("{}", free.unwrap_or_default())
}

/// The implementations for an enum that exists; `other` is its variant for unknown words.
pub(crate) fn enum_implementations(
    it: &Enum,
    other: &syn::Ident,
    options: &Options,
) -> TokenStream {
    let (rt, name) = (&options.runtime, ident(&it.rust));
    let words: Vec<&String> = it.variants.iter().map(|variant| &variant.wire).collect();
    let variants: Vec<syn::Ident> = it.variants.iter().map(|v| ident(&v.rust)).collect();
    let first = match variants.first() {
        Some(first) => quote!(Self::#first),
        None => quote!(Self::#other(::std::string::String::new())),
    };
    let equality = equality(&name, rt);
    let of_items = lints::of_items();
    let of_first = lints::of_first();
    quote! {
        #of_items
        impl #name {
            /// The word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #words,)*
                    Self::#other(word) => word,
                }
            }
        }

        #of_first
        impl ::core::default::Default for #name {
            fn default() -> Self {
                #first
            }
        }

        impl ::core::convert::From<&str> for #name {
            fn from(word: &str) -> Self {
                match word {
                    #(#words => Self::#variants,)*
                    _ => Self::#other(::std::string::String::from(word)),
                }
            }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl #rt::value::Custom for #name {
            const KIND: #rt::codegen::Shape = #rt::codegen::Shape::Word;

            fn to_value(&self) -> #rt::Value {
                #rt::Value::from(self.as_str())
            }

            fn from_value(value: &#rt::Value) -> ::core::option::Option<Self> {
                match value {
                    #rt::Value::Str(word) => ::core::option::Option::Some(Self::from(word.as_str())),
                    _ => ::core::option::Option::None,
                }
            }

            fn word(&self) -> ::core::option::Option<&str> {
                ::core::option::Option::Some(self.as_str())
            }
        }

        impl #rt::value::Assign<#name> for &str {
            fn assign(self) -> #name {
                #name::from(self)
            }
        }

        #equality
    }
}

/// The struct itself.
pub(crate) fn record_definition(it: &Record, options: &Options) -> TokenStream {
    let (rt, name, kept) = (&options.runtime, ident(&it.rust), format_ident!("{}", KEPT));
    let docs = doc_lines(&it.docs, || format!("A value of `{}`.", it.name));
    let fields = it.fields.iter().map(|field| {
        let (name, ty) = (ident(&field.rust), value_type(&field.ty, rt));
        let docs = doc_lines(&field.docs, || format!("`{}`", field.wire));
        quote!(#docs pub #name: #ty,)
    });
    let of_items = lints::of_items();
    quote! {
        #docs
        #of_items
        #[derive(Clone, Debug)]
        pub struct #name {
            #(#fields)*
            /// What another version of the type wrote; `..Default::default()` fills it in.
            #[doc(hidden)]
            pub #kept: #rt::Kept,
        }
    }
}

/// The implementations for a record that exists; `kept` is its field for what other versions wrote.
pub(crate) fn record_implementations(
    it: &Record,
    kept: &syn::Ident,
    options: &Options,
) -> TokenStream {
    let (rt, name) = (&options.runtime, ident(&it.rust));
    let fields: Vec<syn::Ident> = it.fields.iter().map(|field| ident(&field.rust)).collect();
    let keys: Vec<&String> = it.fields.iter().map(|field| &field.wire).collect();
    let initials = it.fields.iter().map(|field| initial_of(field, rt));
    let equality = equality(&name, rt);
    let of_values = lints::of_values();
    quote! {
        #of_values
        impl ::core::default::Default for #name {
            fn default() -> Self {
                Self { #(#fields: #initials,)* #kept: ::core::default::Default::default() }
            }
        }

        impl #rt::value::Custom for #name {
            const KIND: #rt::codegen::Shape = #rt::codegen::Shape::Record;

            fn to_value(&self) -> #rt::Value {
                let mut parts = self.#kept.writer();
                #(parts.part(#keys, &self.#fields, || Self::default().#fields);)*
                parts.finish()
            }

            fn from_value(value: &#rt::Value) -> ::core::option::Option<Self> {
                let mut record = Self {
                    #(#fields: #rt::codegen::read(value, #keys, || Self::default().#fields),)*
                    #kept: ::core::default::Default::default(),
                };
                let alone = #rt::value::Custom::to_value(&record);
                record.#kept.keep(value, &alone);
                ::core::option::Option::Some(record)
            }

            fn alone(self) -> Self {
                Self {
                    #(#fields: #rt::value::Element::alone(self.#fields),)*
                    #kept: ::core::default::Default::default(),
                }
            }
        }

        #equality
    }
}

fn initial_of(field: &RecordField, rt: &TokenStream) -> TokenStream {
    let ty = value_type(&field.ty, rt);
    let zero = initial::canonical_value(&Initial::Zero, &field.ty);
    match initial::canonical_value(&field.initial, &field.ty) {
        Some(fitting) if Some(&fitting) == zero.as_ref() => {
            quote!(::core::default::Default::default())
        }
        Some(fitting) => {
            let value = initial::value_expression(&fitting, &field.ty, rt);
            quote!(#rt::value::Assign::<#ty>::assign(#value))
        }
        None => {
            let (wire, ty) = (&field.wire, field.ty.to_string());
            let message = format!("the initial value of `{wire}` does not fit {ty}");
            quote!(::core::compile_error!(#message))
        }
    }
}

/// Two are the same when their bytes are.
fn equality(name: &syn::Ident, rt: &TokenStream) -> TokenStream {
    quote! {
        impl ::core::cmp::PartialEq for #name {
            fn eq(&self, other: &Self) -> bool {
                #rt::value::Element::same(self, other)
            }
        }

        impl ::core::cmp::Eq for #name {}

        impl ::core::hash::Hash for #name {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                #rt::value::Element::feed(self, state);
            }
        }
    }
}
