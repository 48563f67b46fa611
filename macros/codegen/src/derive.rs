//! `#[derive(Synced)]` as an ordinary function: a Rust struct in, implementations out.

mod attributes;
mod element;
mod literal;
mod policy;
mod types;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, Error, Fields};

use crate::generate::{self, Options, Surroundings};
use crate::initial;
use crate::schema::{Field, Initial, Lane, Orb};

/// The implementations for a struct, or one precise error for each thing that is wrong with it. Where it can, it emits the
/// implementations beside the errors, so that one mistake does not show up again at every use of the type.
#[must_use]
pub fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let lowered = lower(&input, &mut errors);
    let errors = errors.into_tokens();
    match lowered {
        Some(Lowered {
            orb,
            surroundings,
            options,
        }) => {
            let implementations = generate::implementations(&orb, &surroundings, &options);
            let checks = generate::part_checks(&orb, &options);
            quote!(#errors #implementations #checks)
        }
        None => errors,
    }
}

/// As [`derive()`], for enums of words and structs of plain values.
#[must_use]
pub fn derive_element(input: TokenStream) -> TokenStream {
    element::derive(input)
}

/// What a struct comes down to.
#[derive(Debug)]
pub struct Lowered {
    /// Its schema.
    pub orb: Orb,
    /// Its visibility and local fields.
    pub surroundings: Surroundings,
    /// Where the runtime is.
    pub options: Options,
}

/// The schema of a struct, as far as it can be told.
///
/// # Errors
/// All that is wrong with it, as one error with many messages.
pub fn schema(input: &DeriveInput) -> Result<Lowered, Error> {
    let mut errors = Errors::default();
    let lowered = lower(input, &mut errors);
    match (lowered, errors.0) {
        (Some(lowered), None) => Ok(lowered),
        (_, Some(error)) => Err(error),
        (None, None) => Err(Error::new_spanned(input, "not a struct of CRDTs")),
    }
}

/// Errors found so far; all are reported in one run.
#[derive(Default)]
struct Errors(Option<Error>);

impl Errors {
    fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    fn into_tokens(self) -> TokenStream {
        self.0.map(Error::into_compile_error).unwrap_or_default()
    }
}

fn lower(input: &DeriveInput, errors: &mut Errors) -> Option<Lowered> {
    let Data::Struct(data) = &input.data else {
        errors.push(Error::new_spanned(
            &input.ident,
            "only a struct can be synchronised: each field needs a CRDT",
        ));
        return None;
    };
    let Fields::Named(fields) = &data.fields else {
        errors.push(Error::new_spanned(
            &input.ident,
            "a synchronised struct needs named fields",
        ));
        return None;
    };
    if !input.generics.params.is_empty() {
        errors.push(Error::new_spanned(
            &input.generics,
            "a synchronised struct cannot be generic: its schema is fixed",
        ));
        return None;
    }
    let container = attributes::container(&input.attrs, errors);
    let mut orb = Orb {
        name: container.name.unwrap_or_else(|| input.ident.to_string()),
        rust: input.ident.to_string(),
        docs: Vec::new(),
        rate_hz: container.rate_hz,
        authority: container.authority,
        policy: container.policy,
        fields: Vec::new(),
    };
    let vis = input.vis.to_token_stream();
    let mut surroundings = Surroundings {
        vis,
        field_vis: Vec::new(),
        skipped: Vec::new(),
    };
    for field in &fields.named {
        lower_field(field, &mut orb, &mut surroundings, errors);
    }
    if orb.fields.is_empty() {
        if errors.0.is_none() {
            errors.push(Error::new_spanned(
                &input.ident,
                "there is no field to synchronise",
            ));
        }
        return None;
    }
    let runtime = container
        .runtime
        .unwrap_or_else(|| Options::default().runtime);
    Some(Lowered {
        orb,
        surroundings,
        options: Options { runtime },
    })
}

fn lower_field(
    field: &syn::Field,
    orb: &mut Orb,
    surroundings: &mut Surroundings,
    errors: &mut Errors,
) {
    let Some(ident) = &field.ident else {
        return;
    };
    let attributes = attributes::field(&field.attrs, errors);
    let crdt = match &attributes.crdt {
        _ if attributes.skip => None,
        Some(ty) => errors.keep(types::crdt(ty)),
        None => errors.keep(types::crdt(&field.ty)),
    };
    let Some(crdt) = crdt else {
        surroundings.skipped.push(ident.to_token_stream());
        return;
    };
    let mut initial = Initial::Zero;
    let mut crdt = crdt;
    if let Some((value, span)) = attributes.initial {
        crdt = types::settle(crdt, &value);
        if initial::canonical(&value, &crdt).is_some() {
            initial = value;
        } else {
            errors.push(Error::new(
                span,
                format!("this initial value does not fit {crdt}"),
            ));
        }
    }
    let id = attributes
        .id
        .unwrap_or_else(|| orb.fields.iter().map(|field| field.id).max().unwrap_or(0) + 1);
    let wire = attributes.name.unwrap_or_else(|| {
        let name = ident.to_string();
        name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
    });
    if let Some(other) = orb.fields.iter().find(|other| other.id == id) {
        errors.push(Error::new_spanned(
            ident,
            format!("id {id} is already taken by `{}`", other.rust),
        ));
    }
    if let Some(other) = orb.fields.iter().find(|other| other.wire == wire) {
        errors.push(Error::new_spanned(
            ident,
            format!("the name {wire:?} is already taken by `{}`", other.rust),
        ));
    }
    let is_register = matches!(crdt, crate::schema::Crdt::LwwRegister(_));
    if attributes.live && !is_register {
        errors.push(Error::new_spanned(
            ident,
            "only a register can be live: what is written to it is its latest value",
        ));
    }
    let lane = if attributes.live {
        Lane::Live
    } else {
        Lane::Durable
    };
    orb.fields.push(Field {
        id,
        wire,
        rust: ident.to_string(),
        docs: Vec::new(),
        crdt,
        lane,
        initial,
        policy: attributes.policy,
    });
    surroundings.field_vis.push(field.vis.to_token_stream());
}
