//! `#[derive(Element)]`: enums of words and structs of plain values.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Data, DeriveInput, Error, Fields, LitStr};

use super::{Errors, literal, types};
use crate::custom;
use crate::generate::Options;
use crate::initial;
use crate::schema::{Enum, Initial, Record, RecordField, Variant};

/// The implementations, or one precise error for each thing that is wrong.
pub(super) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let implementations = lower(&input, &mut errors);
    let errors = errors.into_tokens();
    quote!(#errors #implementations)
}

fn lower(input: &DeriveInput, errors: &mut Errors) -> Option<TokenStream> {
    if !input.generics.params.is_empty() {
        let message = "a value cannot be generic: its form on the wire is fixed";
        errors.push(Error::new_spanned(&input.generics, message));
        return None;
    }
    let (mut name, mut options) = (input.ident.to_string(), Options::default());
    each(&input.attrs, errors, |meta| {
        if meta.path.is_ident("name") {
            name = text(meta)?;
        } else if meta.path.is_ident("crate") {
            let path: LitStr = meta.value()?.parse()?;
            options.runtime = path.parse::<syn::Path>()?.to_token_stream();
        } else {
            return Err(meta.error("unknown option: a value takes `name` and `crate`"));
        }
        Ok(())
    });
    match &input.data {
        Data::Enum(data) => words(input, name, data, &options, errors),
        Data::Struct(data) => record(input, name, &data.fields, &options, errors),
        Data::Union(_) => {
            let message = "a union cannot be a value: use a struct or an enum";
            errors.push(Error::new_spanned(&input.ident, message));
            None
        }
    }
}

fn words(
    input: &DeriveInput,
    name: String,
    data: &syn::DataEnum,
    options: &Options,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let (mut other, mut variants) = (None, Vec::<Variant>::new());
    for variant in &data.variants {
        let (mut wire, mut is_other) = (variant.ident.to_string(), false);
        each(&variant.attrs, errors, |meta| {
            if meta.path.is_ident("name") {
                wire = text(meta)?;
            } else if meta.path.is_ident("other") {
                is_other = true;
            } else {
                return Err(meta.error("unknown option: a variant takes `name` and `other`"));
            }
            Ok(())
        });
        if is_other {
            other = Some(variant.ident.clone());
        } else if !matches!(variant.fields, Fields::Unit) {
            let message =
                "a variant of a value is a word alone; what comes with it belongs in a struct";
            errors.push(Error::new_spanned(variant, message));
        } else if variants.iter().any(|held| held.wire == wire) {
            let message = format!("the word {wire:?} is already taken");
            errors.push(Error::new_spanned(variant, message));
        } else {
            let (rust, docs) = (variant.ident.to_string(), Vec::new());
            variants.push(Variant { wire, rust, docs });
        }
    }
    let Some(other) = other else {
        let message = "words that only a newer version knows need a place: add `#[element(other)] Other(String)`";
        errors.push(Error::new_spanned(&input.ident, message));
        return None;
    };
    let (rust, docs) = (input.ident.to_string(), Vec::new());
    let it = Enum {
        name,
        rust,
        docs,
        variants,
    };
    Some(custom::enum_implementations(&it, &other, options))
}

fn record(
    input: &DeriveInput,
    name: String,
    fields: &Fields,
    options: &Options,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let Fields::Named(fields) = fields else {
        let message = "a value with parts needs named fields";
        errors.push(Error::new_spanned(&input.ident, message));
        return None;
    };
    let (mut kept, mut parts) = (None, Vec::<RecordField>::new());
    for field in &fields.named {
        match part(field, errors) {
            Part::Kept => kept = field.ident.clone(),
            Part::Wrong => {}
            Part::Of(part) if parts.iter().any(|held| held.wire == part.wire) => {
                let message = format!("the name {:?} is already taken", part.wire);
                errors.push(Error::new_spanned(field, message));
            }
            Part::Of(part) => parts.push(part),
        }
    }
    let Some(kept) = kept else {
        let message = "what another version of this struct wrote needs a place: add `#[element(kept)] kept: Kept`";
        errors.push(Error::new_spanned(&input.ident, message));
        return None;
    };
    let (rust, docs) = (input.ident.to_string(), Vec::new());
    let it = Record {
        name,
        rust,
        docs,
        fields: parts,
    };
    errors
        .0
        .is_none()
        .then(|| custom::record_implementations(&it, &kept, options))
}

/// What a field of a struct is to the value.
enum Part {
    Kept,
    Of(RecordField),
    Wrong,
}

fn part(field: &syn::Field, errors: &mut Errors) -> Part {
    let rust = field
        .ident
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut wire = rust.strip_prefix("r#").unwrap_or(&rust).to_owned();
    let (mut kept, mut initial) = (false, Initial::Zero);
    let mut span = proc_macro2::Span::call_site();
    each(&field.attrs, errors, |meta| {
        if meta.path.is_ident("name") {
            wire = text(meta)?;
        } else if meta.path.is_ident("kept") {
            kept = true;
        } else if meta.path.is_ident("initial") {
            span = meta.input.span();
            initial = literal::initial(meta)?;
        } else {
            return Err(meta.error("unknown option: a part takes `name`, `initial` and `kept`"));
        }
        Ok(())
    });
    if kept {
        return Part::Kept;
    }
    let Some(ty) = errors.keep(types::value_type(&field.ty)) else {
        return Part::Wrong;
    };
    let ty = types::settle_value(ty, &initial);
    if initial::canonical_value(&initial, &ty).is_none() {
        let message = format!("this initial value does not fit {ty}");
        errors.push(Error::new(span, message));
    }
    let docs = Vec::new();
    Part::Of(RecordField {
        wire,
        rust,
        docs,
        ty,
        initial,
    })
}

fn each(
    attrs: &[Attribute],
    errors: &mut Errors,
    mut option: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("element")) {
        errors.keep(attr.parse_nested_meta(|meta| option(&meta)));
    }
}

fn text(meta: &ParseNestedMeta<'_>) -> syn::Result<String> {
    Ok(meta.value()?.parse::<LitStr>()?.value())
}
