//! The generator: from a schema to Rust. What is generated is a table and two matches a type; the work is the runtime's.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::schema::{Authority, Crdt, Enum, Field, Initial, Lane, Module, Orb, ValueType};
use crate::wire;
use crate::{custom, initial, lints, live, policy};

/// How the generated code refers to its surroundings.
#[derive(Clone, Debug)]
pub struct Options {
    /// The path of the runtime, absolute: `::holo_runtime`.
    pub runtime: TokenStream,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            runtime: quote!(::holo_runtime),
        }
    }
}

/// What a hand-written struct adds to its schema: who may see it, and the fields that are not synchronised.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The visibility of the type.
    pub vis: TokenStream,
    /// The visibility of each field, in the order of the schema.
    pub field_vis: Vec<TokenStream>,
    /// Fields that stay local and start with their default.
    pub skipped: Vec<TokenStream>,
}

impl Surroundings {
    /// Everything public and synchronised: what `holoc` writes.
    #[must_use]
    pub fn public(orb: &Orb) -> Self {
        Self {
            vis: quote!(pub),
            field_vis: vec![quote!(pub); orb.fields.len()],
            skipped: Vec::new(),
        }
    }
}

/// The name of an enum's variant for words that it does not know.
#[must_use]
pub fn other_variant(it: &Enum) -> String {
    custom::other_variant(it).to_string()
}

/// All types of a source file, structs included.
#[must_use]
pub fn module(module: &Module, options: &Options) -> TokenStream {
    let enums = module.enums.iter().map(|it| {
        let item = custom::enum_definition(it);
        let impls = custom::enum_implementations(it, &custom::other_variant(it), options);
        quote!(#item #impls)
    });
    let records = module.records.iter().map(|it| {
        let item = custom::record_definition(it, options);
        let kept = format_ident!("{}", custom::KEPT);
        let impls = custom::record_implementations(it, &kept, options);
        quote!(#item #impls)
    });
    let orbs = module.orbs.iter().map(|orb| {
        let item = definition(orb, options);
        let impls = implementations(orb, &Surroundings::public(orb), options);
        quote!(#item #impls)
    });
    quote!(#(#enums)* #(#records)* #(#orbs)*)
}

/// The struct itself.
#[must_use]
pub fn definition(orb: &Orb, options: &Options) -> TokenStream {
    let name = ident(&orb.rust);
    let docs = doc_lines(&orb.docs, || format!("The state of `{}`.", orb.name));
    let fields = orb.fields.iter().map(|field| {
        let (name, ty) = (ident(&field.rust), crdt_type(&field.crdt, &options.runtime));
        let docs = doc_lines(&field.docs, || format!("`{}`", field.wire));
        quote!(#docs pub #name: #ty,)
    });
    let of_items = lints::of_items();
    quote! {
        #docs
        #of_items
        #[derive(Clone, Debug)]
        pub struct #name { #(#fields)* }
    }
}

/// The implementations for a struct that exists.
#[must_use]
pub fn implementations(orb: &Orb, surroundings: &Surroundings, options: &Options) -> TokenStream {
    let default = default_impl(orb, surroundings, options);
    let table = orb_impl(orb, options);
    let view = view(orb, surroundings, options);
    let live = live::implementation(orb, surroundings, options);
    quote!(#default #table #view #live)
}

/// That the parts which a holder gives values are fields of the struct, for the compiler of Rust to see: the derive cannot.
#[must_use]
pub fn part_checks(orb: &Orb, options: &Options) -> TokenStream {
    let rt = &options.runtime;
    let fields = orb.fields.iter().filter_map(|field| {
        let (Crdt::Nested(name), Initial::Struct(parts)) = (&field.crdt, &field.initial) else {
            return None;
        };
        let ty = path(name);
        let checks = parts.iter().map(|(_, part, _)| {
            let message = format!(
                "`{}` of `{}` starts with `{part}`, which is no field of it",
                field.wire, orb.name
            );
            quote!(
                const _: () = ::core::assert!(<#ty as #rt::Orb>::INFO.has(#part), #message);
            )
        });
        Some(quote!(#(#checks)*))
    });
    quote!(#(#fields)*)
}

fn default_impl(orb: &Orb, surroundings: &Surroundings, options: &Options) -> TokenStream {
    let name = ident(&orb.rust);
    let fields = orb.fields.iter().map(|field| {
        let name = ident(&field.rust);
        let value = initial::expression(&field.initial, &field.crdt, &options.runtime)
            .unwrap_or_else(|| {
                let message = format!(
                    "the initial value of `{}` does not fit {}",
                    field.wire, field.crdt
                );
                quote!(::core::compile_error!(#message))
            });
        quote!(#name: #value,)
    });
    let skipped = &surroundings.skipped;
    let of_values = lints::of_values();
    quote! {
        #of_values
        impl ::core::default::Default for #name {
            fn default() -> Self {
                Self { #(#fields)* #(#skipped: ::core::default::Default::default(),)* }
            }
        }
    }
}

/// The fields in the order of the table: by id.
pub(crate) fn by_id(orb: &Orb) -> Vec<&Field> {
    let mut fields: Vec<&Field> = orb.fields.iter().collect();
    fields.sort_by_key(|field| field.id);
    fields
}

fn orb_impl(orb: &Orb, options: &Options) -> TokenStream {
    let rt = &options.runtime;
    let (rust, name) = (ident(&orb.rust), &orb.name);
    let rate = orb.rate_hz.map(|rate| quote!(.with_rate(#rate)));
    let authority = (orb.authority != Authority::Shared)
        .then(|| policy::authority(orb.authority, rt))
        .map(|authority| quote!(.with_authority(#authority)));
    let policy = policy::of_orb(&orb.policy, rt).map(|policy| quote!(.with_policy(&#policy)));
    let fields = by_id(orb);
    let rows = fields.iter().map(|field| table_row(field, rt));
    let names: Vec<_> = fields.iter().map(|field| ident(&field.rust)).collect();
    let indices: Vec<_> = (0..names.len())
        .map(proc_macro2::Literal::usize_unsuffixed)
        .collect();
    let missing = format!("{} has {} fields", orb.rust, names.len());
    quote! {
        impl #rt::Orb for #rust {
            const INFO: &'static #rt::OrbInfo =
                &#rt::OrbInfo::new(#name, &[#(#rows),*]) #rate #authority #policy;

            fn field(&self, index: usize) -> &dyn #rt::codegen::Crdt {
                match index {
                    #(#indices => &self.#names,)*
                    _ => ::core::unreachable!(#missing),
                }
            }

            fn field_mut(&mut self, index: usize) -> &mut dyn #rt::codegen::Crdt {
                match index {
                    #(#indices => &mut self.#names,)*
                    _ => ::core::unreachable!(#missing),
                }
            }
        }
    }
}

fn table_row(field: &Field, rt: &TokenStream) -> TokenStream {
    let (id, name) = (proc_macro2::Literal::u32_unsuffixed(field.id), &field.wire);
    let lane = match field.lane {
        Lane::Durable => quote!(Durable),
        Lane::Live => quote!(Live),
    };
    let policy = policy::of_field(&field.policy, rt).map(|policy| quote!(.with_policy(&#policy)));
    let start = quote!(#id, #name, #rt::Lane::#lane);
    let line = wire::field_line(field);
    if field.crdt.is_described() {
        // What the types of the program's own look like on the wire, only they know.
        let line = field.crdt.to_string();
        let value = initial::typed(&field.initial, &field.crdt, rt);
        let describe = quote!(|out| #rt::codegen::describe(&#value, out));
        return quote!(#rt::Field::described(#start, #line, #describe) #policy);
    }
    let orb = field.crdt.orb().map(|name| {
        let ty = path(name);
        quote!(.with_orb(<#ty as #rt::Orb>::INFO))
    });
    quote!(#rt::Field::new(#start, #line) #orb #policy)
}

/// The edit view and what makes it. Handles are taken in the order of the table. An application uses the fields it needs, so
/// those it does not are no warning.
fn view(orb: &Orb, surroundings: &Surroundings, options: &Options) -> TokenStream {
    let rt = &options.runtime;
    let name = ident(&orb.rust);
    let view = format_ident!("{}", crate::names::view(&name.to_string()));
    let vis = &surroundings.vis;
    let docs = format!(" The view of a [`{}`] inside an edit.", orb.rust);
    let fields = orb
        .fields
        .iter()
        .zip(&surroundings.field_vis)
        .map(|(field, vis)| {
            let (name, ty) = (ident(&field.rust), view_type(&field.crdt, rt));
            let docs = format!(" Edits `{}`.", field.wire.replace('`', "'"));
            quote!(#[doc = #docs] #vis #name: #ty,)
        });
    let takes = by_id(orb).into_iter().map(|field| {
        let name = ident(&field.rust);
        match field.crdt {
            Crdt::Nested(_) => quote! {
                #name: {
                    let leaves = #rt::codegen::Crdt::leaves(&self.#name);
                    #rt::Synced::edit(&mut self.#name, at.take(leaves))
                },
            },
            _ => quote!(#name: #rt::Synced::edit(&mut self.#name, at.take(1)),),
        }
    });
    let of_items = lints::of_items();
    quote! {
        #[doc = #docs]
        #of_items
        #vis struct #view<'a> { #(#fields)* }

        impl #rt::Synced for #name {
            type Edit<'a> = #view<'a>;

            fn edit<'a>(&'a mut self, mut at: #rt::edit::At<'a>) -> Self::Edit<'a> {
                #view { #(#takes)* }
            }
        }
    }
}

/// The Rust type of a CRDT.
pub(crate) fn crdt_type(crdt: &Crdt, rt: &TokenStream) -> TokenStream {
    match crdt {
        Crdt::LwwRegister(value) => {
            let value = value_type(value, rt);
            quote!(#rt::LwwRegister<#value>)
        }
        Crdt::GCounter => quote!(#rt::GCounter),
        Crdt::PnCounter => quote!(#rt::PnCounter),
        Crdt::OrSet(value) => {
            let value = value_type(value, rt);
            quote!(#rt::OrSet<#value>)
        }
        Crdt::MvRegister(value) | Crdt::GSet(value) | Crdt::TwoPSet(value) => {
            let (name, value) = (ident(crdt.name()), value_type(value, rt));
            quote!(#rt::#name<#value>)
        }
        Crdt::JsonDoc => quote!(#rt::JsonDoc),
        Crdt::Sequence(value) => {
            let value = value_type(value, rt);
            quote!(#rt::Sequence<#value>)
        }
        Crdt::Text => quote!(#rt::Text),
        Crdt::LwwMap(key, value) => {
            let (key, value) = (value_type(key, rt), value_type(value, rt));
            quote!(#rt::LwwMap<#key, #value>)
        }
        Crdt::OrMap(key, value) => {
            let (key, value) = (value_type(key, rt), crdt_type(value, rt));
            quote!(#rt::OrMap<#key, #value>)
        }
        Crdt::Nested(name) => path(name),
    }
}

/// The path of a type of the program's own.
fn path(name: &str) -> TokenStream {
    match syn::parse_str::<syn::Path>(name) {
        Ok(path) => quote!(#path),
        Err(_) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

/// The Rust type of a CRDT's edit view.
fn view_type(crdt: &Crdt, rt: &TokenStream) -> TokenStream {
    match crdt {
        Crdt::LwwRegister(value) => {
            let value = value_type(value, rt);
            quote!(#rt::LwwRegisterEdit<'a, #value>)
        }
        Crdt::GCounter => quote!(#rt::GCounterEdit<'a>),
        Crdt::PnCounter => quote!(#rt::PnCounterEdit<'a>),
        Crdt::OrSet(value) => {
            let value = value_type(value, rt);
            quote!(#rt::OrSetEdit<'a, #value>)
        }
        Crdt::MvRegister(value) | Crdt::GSet(value) | Crdt::TwoPSet(value) => {
            let (name, value) = (format_ident!("{}Edit", crdt.name()), value_type(value, rt));
            quote!(#rt::#name<'a, #value>)
        }
        Crdt::JsonDoc => quote!(#rt::JsonDocEdit<'a>),
        Crdt::Sequence(value) => {
            let value = value_type(value, rt);
            quote!(#rt::SequenceEdit<'a, #value>)
        }
        Crdt::Text => quote!(#rt::TextEdit<'a>),
        Crdt::LwwMap(key, value) => {
            let (key, value) = (value_type(key, rt), value_type(value, rt));
            quote!(#rt::LwwMapEdit<'a, #key, #value>)
        }
        Crdt::OrMap(key, value) => {
            let (key, value) = (value_type(key, rt), crdt_type(value, rt));
            quote!(#rt::OrMapEdit<'a, #key, #value>)
        }
        Crdt::Nested(_) => {
            let ty = crdt_type(crdt, rt);
            quote!(<#ty as #rt::Synced>::Edit<'a>)
        }
    }
}

/// The Rust type of a value.
pub(crate) fn value_type(value: &ValueType, rt: &TokenStream) -> TokenStream {
    match value {
        ValueType::Bool => quote!(bool),
        ValueType::I32 => quote!(i32),
        ValueType::I64 => quote!(i64),
        ValueType::U32 => quote!(u32),
        ValueType::U64 => quote!(u64),
        ValueType::F32 => quote!(f32),
        ValueType::F64 => quote!(f64),
        ValueType::String => quote!(::std::string::String),
        ValueType::Vec3 => quote!(#rt::Vec3),
        ValueType::Quat => quote!(#rt::Quat),
        ValueType::Color => quote!(#rt::Color),
        ValueType::Value => quote!(#rt::Value),
        ValueType::ReplicaId => quote!(#rt::ReplicaId),
        ValueType::InstanceId => quote!(#rt::InstanceId),
        ValueType::Enum(name) | ValueType::Record(name) => path(name),
        ValueType::Option(inner) => {
            let inner = value_type(inner, rt);
            quote!(::core::option::Option<#inner>)
        }
        ValueType::List(inner) => {
            let inner = value_type(inner, rt);
            quote!(::std::vec::Vec<#inner>)
        }
    }
}

/// An identifier from a name of the schema; whatever is left that could not be one cannot become code.
pub(crate) fn ident(name: &str) -> syn::Ident {
    match name.strip_prefix("r#") {
        Some(raw) => syn::parse_str(name).unwrap_or_else(|_| format_ident!("{}_", raw)),
        None => syn::parse_str(name).unwrap_or_else(|_| format_ident!("invalid_name")),
    }
}

/// Doc comments as literals, one attribute a line, with a fallback so that no public item is without.
pub(crate) fn doc_lines(docs: &[String], fallback: impl FnOnce() -> String) -> TokenStream {
    let docs = if docs.is_empty() {
        vec![fallback()]
    } else {
        docs.to_vec()
    };
    let docs = crate::docs::harmless(&docs);
    let lines = docs.iter().map(|line| {
        if line.is_empty() {
            line.clone()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}
