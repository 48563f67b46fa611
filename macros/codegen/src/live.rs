//! The live fields of a type: the view that an update writes through, and what is shown.
//!
//! Only registers on the live lane have a place in them, so that a live write to a durable field does not compile. Nested
//! types and maps of types are there whatever they hold: what that is, only they know.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::generate::{Options, Surroundings, by_id, crdt_type, ident, value_type};
use crate::schema::{Crdt, Field, Lane, Orb, ValueType};
use crate::{lints, names};

/// What a field is to the live lane.
enum Part<'a> {
    Moves(&'a ValueType),
    Nested,
    Entries(&'a ValueType),
}

/// True when a field has a place in the views of its type's live fields.
#[must_use]
pub fn has_place(crdt: &Crdt, lane: Lane) -> bool {
    part(crdt, lane).is_some()
}

fn part(crdt: &Crdt, lane: Lane) -> Option<Part<'_>> {
    match (crdt, lane) {
        (Crdt::LwwRegister(value), Lane::Live) => Some(Part::Moves(value)),
        (Crdt::Nested(_), _) => Some(Part::Nested),
        (Crdt::OrMap(key, value), _) => match **value {
            Crdt::Nested(_) => Some(Part::Entries(key)),
            _ => None,
        },
        _ => None,
    }
}

/// The type of the entries of a map.
fn entries(field: &Field) -> &Crdt {
    match &field.crdt {
        Crdt::OrMap(_, value) => value,
        crdt => crdt,
    }
}

/// The implementation of `Moving` and the two structs that it speaks of.
pub(crate) fn implementation(
    orb: &Orb,
    surroundings: &Surroundings,
    options: &Options,
) -> TokenStream {
    let rt = &options.runtime;
    let name = ident(&orb.rust);
    let table = by_id(orb);
    let parts: Vec<(usize, &Field, Part<'_>)> = table
        .iter()
        .enumerate()
        .filter_map(|(index, field)| Some((index, *field, part(&field.crdt, field.lane)?)))
        .collect();
    if parts.is_empty() {
        return quote! {
            impl #rt::live::Moving for #name {
                type Live<'a> = ();
                type Shown<'a> = ();

                fn declare(_to: &mut #rt::live::Declare<'_>) {}

                fn live<'a>(&'a self, _at: &mut #rt::live::LiveAt<'a>) {}

                fn shown<'a>(&'a self, _at: &mut #rt::live::ShownAt<'a>) {}
            }
        };
    }
    let structs = structs(orb, &parts, surroundings, rt);
    let declared = parts.iter().map(|(index, field, part)| {
        let index = Literal::usize_unsuffixed(*index);
        let ty = crdt_type(entries(field), rt);
        match part {
            Part::Moves(_) => quote!(to.field::<Self>(#index);),
            Part::Nested => quote!(to.part::<Self, #ty>(#index);),
            Part::Entries(_) => quote!(to.map::<Self, #ty>(#index);),
        }
    });
    let make = |method: &str| -> Vec<TokenStream> {
        let method = format_ident!("{}", method);
        let one = |(_, field, part): &(usize, &Field, Part<'_>)| {
            let name = ident(&field.rust);
            match part {
                Part::Moves(_) => quote!(#name: at.field(&self.#name),),
                Part::Nested => quote!(#name: #rt::live::Moving::#method(&self.#name, at),),
                Part::Entries(_) => quote!(#name: at.map(&self.#name),),
            }
        };
        parts.iter().map(one).collect()
    };
    let (made_live, made_shown) = (make("live"), make("shown"));
    let (live, shown) = (view(orb, names::live), view(orb, names::shown));
    let lifetime = borrows(&parts).then(|| quote!(<'a>));
    quote! {
        #structs

        impl #rt::live::Moving for #name {
            type Live<'a> = #live<'a>;
            type Shown<'a> = #shown #lifetime;

            fn declare(to: &mut #rt::live::Declare<'_>) {
                #(#declared)*
            }

            fn live<'a>(&'a self, at: &mut #rt::live::LiveAt<'a>) -> Self::Live<'a> {
                #live { #(#made_live)* }
            }

            fn shown<'a>(&'a self, at: &mut #rt::live::ShownAt<'a>) -> Self::Shown<'a> {
                #shown { #(#made_shown)* }
            }
        }
    }
}

fn view(orb: &Orb, name: fn(&str) -> String) -> syn::Ident {
    format_ident!("{}", name(&ident(&orb.rust).to_string()))
}

/// True when what is shown holds more than values.
fn borrows(parts: &[(usize, &Field, Part<'_>)]) -> bool {
    parts
        .iter()
        .any(|(.., part)| !matches!(part, Part::Moves(_)))
}

fn structs(
    orb: &Orb,
    parts: &[(usize, &Field, Part<'_>)],
    surroundings: &Surroundings,
    rt: &TokenStream,
) -> TokenStream {
    let (vis, rust) = (&surroundings.vis, &orb.rust);
    let vis_of = |field: &Field| {
        let at = orb.fields.iter().position(|it| it.id == field.id);
        at.and_then(|at| surroundings.field_vis.get(at)).cloned()
    };
    let live_fields = parts.iter().map(|(_, field, part)| {
        let (name, vis) = (ident(&field.rust), vis_of(field));
        let ty = crdt_type(entries(field), rt);
        let docs = format!(" Moves `{}`.", field.wire.replace('`', "'"));
        let ty = match part {
            Part::Moves(value) => {
                let value = value_type(value, rt);
                quote!(#rt::live::LiveEdit<'a, #value>)
            }
            Part::Nested => quote!(<#ty as #rt::live::Moving>::Live<'a>),
            Part::Entries(key) => {
                let key = value_type(key, rt);
                quote!(#rt::live::LiveMapEdit<'a, #key, #ty>)
            }
        };
        quote!(#[doc = #docs] #vis #name: #ty,)
    });
    let shown_fields = parts.iter().map(|(_, field, part)| {
        let (name, vis) = (ident(&field.rust), vis_of(field));
        let ty = crdt_type(entries(field), rt);
        let docs = format!(" `{}` as it is shown.", field.wire.replace('`', "'"));
        let ty = match part {
            Part::Moves(value) => value_type(value, rt),
            Part::Nested => quote!(<#ty as #rt::live::Moving>::Shown<'a>),
            Part::Entries(key) => {
                let key = value_type(key, rt);
                quote!(#rt::live::ShownMap<'a, #key, #ty>)
            }
        };
        quote!(#[doc = #docs] #vis #name: #ty,)
    });
    let (live, shown) = (view(orb, names::live), view(orb, names::shown));
    let live_docs = format!(" The live fields of a [`{rust}`] inside an update.");
    let shown_docs = format!(" The live fields of a [`{rust}`] as they are shown.");
    let lifetime = borrows(parts).then(|| quote!(<'a>));
    let of_items = lints::of_items();
    quote! {
        #[doc = #live_docs]
        #of_items
        #vis struct #live<'a> { #(#live_fields)* }

        #[doc = #shown_docs]
        #of_items
        #[derive(Clone, Debug)]
        #vis struct #shown #lifetime { #(#shown_fields)* }
    }
}
