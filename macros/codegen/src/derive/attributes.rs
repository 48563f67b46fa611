//! `#[synced(…)]` on a struct and on its fields.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Lit, LitInt, LitStr, Type};

use super::{Errors, literal, policy};
use crate::schema::{Authority, FieldPolicy, Initial, Policy};

/// What stands on the struct.
#[derive(Default)]
pub(super) struct Container {
    pub(super) name: Option<String>,
    pub(super) rate_hz: Option<f64>,
    pub(super) authority: Authority,
    pub(super) policy: Policy,
    pub(super) runtime: Option<TokenStream>,
}

/// What stands on a field.
#[derive(Default)]
pub(super) struct FieldAttributes {
    pub(super) crdt: Option<Type>,
    pub(super) name: Option<String>,
    pub(super) id: Option<u32>,
    pub(super) initial: Option<(Initial, Span)>,
    pub(super) live: bool,
    pub(super) policy: FieldPolicy,
    pub(super) skip: bool,
}

fn each(
    attrs: &[Attribute],
    errors: &mut Errors,
    mut option: impl FnMut(ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("synced")) {
        errors.keep(attr.parse_nested_meta(&mut option));
    }
}

pub(super) fn container(attrs: &[Attribute], errors: &mut Errors) -> Container {
    let mut container = Container::default();
    each(attrs, errors, |meta| {
        if meta.path.is_ident("name") {
            container.name = Some(meta.value()?.parse::<LitStr>()?.value());
        } else if meta.path.is_ident("rate") {
            container.rate_hz = Some(rate(&meta.value()?.parse()?)?);
        } else if meta.path.is_ident("authority") {
            container.authority = authority(&meta.value()?.parse()?)?;
        } else if meta.path.is_ident("crate") {
            let path: LitStr = meta.value()?.parse()?;
            container.runtime = Some(path.parse::<syn::Path>()?.to_token_stream());
        } else if !policy::of_orb(&mut container.policy, &meta)? {
            return Err(meta.error(
                "unknown option: a struct takes `name`, `rate`, `authority`, `crate`, and the policies `channel`, \
                 `interpolation`, `interpolation_delay`, `ownership(…)`, `persistence(…)`, `room`, `max_peers`, `tier`, \
                 `threshold`, `buffer`, `latency_tolerance`, `bandwidth_limit`, `compression` and `visible_to_others`",
            ));
        }
        Ok(())
    });
    container
}

pub(super) fn field(attrs: &[Attribute], errors: &mut Errors) -> FieldAttributes {
    let mut field = FieldAttributes::default();
    each(attrs, errors, |meta| {
        if meta.path.is_ident("crdt") {
            field.crdt = Some(meta.value()?.parse::<LitStr>()?.parse()?);
        } else if meta.path.is_ident("name") {
            field.name = Some(meta.value()?.parse::<LitStr>()?.value());
        } else if meta.path.is_ident("id") {
            let id: LitInt = meta.value()?.parse()?;
            let number = id.base10_parse::<u32>()?;
            if number == 0 {
                return Err(syn::Error::new(id.span(), "ids start at 1"));
            }
            field.id = Some(number);
        } else if meta.path.is_ident("initial") {
            let span = meta.input.span();
            field.initial = Some((literal::initial(&meta)?, span));
        } else if meta.path.is_ident("live") {
            field.live = true;
        } else if meta.path.is_ident("skip") {
            field.skip = true;
        } else if !policy::of_field(&mut field.policy, &meta)? {
            return Err(meta.error(
                "unknown option: a field takes `crdt`, `name`, `id`, `initial`, `live`, `skip`, and the policies \
                 `authority`, `rate`, `channel`, `interpolation`, `quantum`, `bounds`, `priority`, `compression`, `max_latency`, \
                 `jitter_buffer` and `consistency`",
            ));
        }
        Ok(())
    });
    field
}

pub(super) fn authority(text: &LitStr) -> syn::Result<Authority> {
    Ok(match text.value().as_str() {
        "shared" => Authority::Shared,
        "owner" => Authority::Owner,
        "host" => Authority::Host,
        "server" => Authority::Server,
        _ => {
            let message = "who may write is \"shared\", \"owner\", \"host\" or \"server\"";
            return Err(syn::Error::new(text.span(), message));
        }
    })
}

/// `"20hz"`, `"50ms"` or a number of hertz, from 1 to 240 Hz.
pub(super) fn rate(lit: &Lit) -> syn::Result<f64> {
    let wrong = |message: &str| syn::Error::new(lit.span(), message);
    let hertz = match lit {
        Lit::Int(int) => int.base10_parse::<f64>()?,
        Lit::Float(float) => float.base10_parse::<f64>()?,
        Lit::Str(text) => {
            let text = text.value();
            let lower = text.trim().to_lowercase();
            let number = |unit: &str| {
                lower
                    .strip_suffix(unit)
                    .and_then(|number| number.trim().parse::<f64>().ok())
            };
            match (number("hz"), number("ms")) {
                (Some(hertz), _) => hertz,
                (None, Some(period)) if period > 0.0 => 1_000.0 / period,
                _ => {
                    return Err(wrong(
                        "not a rate: write a frequency as in \"20hz\" or a period as in \"50ms\"",
                    ));
                }
            }
        }
        _ => {
            return Err(wrong(
                "not a rate: write a frequency as in \"20hz\" or a period as in \"50ms\"",
            ));
        }
    };
    if (1.0..=240.0).contains(&hertz) {
        Ok(hertz)
    } else {
        Err(wrong("a rate is between 1 and 240 Hz"))
    }
}
