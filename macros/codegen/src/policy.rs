//! Policies as constants: only what differs from the language's defaults is written.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::schema::{Authority, FieldPolicy, Ownership, Persistence, Policy};

/// The options of an orb as an expression; none where all of them are the defaults.
pub(crate) fn of_orb(policy: &Policy, rt: &TokenStream) -> Option<TokenStream> {
    let default = Policy::default();
    let mut said = Said::new(rt);
    said.some(
        "channel",
        policy.channel.map(|it| said.word("Channel", it.variant())),
    );
    if policy.interpolation != default.interpolation {
        said.put(
            "interpolation",
            said.word("Interpolation", policy.interpolation.variant()),
        );
    }
    if policy.interpolation_delay_ms != default.interpolation_delay_ms {
        said.put(
            "interpolation_delay_ms",
            number(policy.interpolation_delay_ms),
        );
    }
    if policy.ownership != default.ownership {
        said.put("ownership", ownership(&policy.ownership, rt));
    }
    said.some(
        "persistence",
        policy.persistence.as_ref().map(|it| persistence(it, rt)),
    );
    said.some("room", policy.room.as_ref().map(|it| quote!(#it)));
    said.some("max_peers", policy.max_peers.map(number));
    said.some(
        "tier",
        policy.tier.map(|it| said.word("Tier", it.variant())),
    );
    said.some("threshold", policy.threshold.map(|it| quote!(#it)));
    said.some("buffer_ms", policy.buffer_ms.map(number));
    said.some(
        "latency_tolerance_ms",
        policy.latency_tolerance_ms.map(number),
    );
    said.some("bandwidth_limit", policy.bandwidth_limit.map(number));
    if policy.compression != default.compression {
        said.put(
            "compression",
            said.word("Compression", policy.compression.variant()),
        );
    }
    if policy.visible_to_others != default.visible_to_others {
        let visible = policy.visible_to_others;
        said.put("visible_to_others", quote!(#visible));
    }
    said.expression("Policy")
}

/// The options of a field as an expression; none where it has none of its own.
pub(crate) fn of_field(policy: &FieldPolicy, rt: &TokenStream) -> Option<TokenStream> {
    let mut said = Said::new(rt);
    said.some("authority", policy.authority.map(|it| authority(it, rt)));
    said.some("rate_hz", policy.rate_hz.map(|it| quote!(#it)));
    said.some(
        "channel",
        policy.channel.map(|it| said.word("Channel", it.variant())),
    );
    let interpolation = policy
        .interpolation
        .map(|it| said.word("Interpolation", it.variant()));
    said.some("interpolation", interpolation);
    said.some("quantum", policy.quantum.map(|it| quote!(#it)));
    let bounds = policy.bounds;
    said.some(
        "bounds",
        bounds.map(|(least, most)| quote!((#least, #most))),
    );
    said.some("priority", policy.priority.map(number));
    said.some(
        "compression",
        policy
            .compression
            .map(|it| said.word("Compression", it.variant())),
    );
    said.some("max_latency_ms", policy.max_latency_ms.map(number));
    said.some("jitter_buffer_ms", policy.jitter_buffer_ms.map(number));
    said.some(
        "consistency",
        policy
            .consistency
            .map(|it| said.word("Consistency", it.variant())),
    );
    said.expression("FieldPolicy")
}

/// The runtime's word for who may write.
pub(crate) fn authority(authority: Authority, rt: &TokenStream) -> TokenStream {
    let variant = match authority {
        Authority::Shared => "Shared",
        Authority::Owner => "Owner",
        Authority::Host => "Host",
        Authority::Server => "Server",
    };
    let variant = format_ident!("{}", variant);
    quote!(#rt::Authority::#variant)
}

fn ownership(ownership: &Ownership, rt: &TokenStream) -> TokenStream {
    let default = Ownership::default();
    let mut said = Said::new(rt);
    if ownership.model != default.model {
        said.put(
            "model",
            said.word("OwnershipModel", ownership.model.variant()),
        );
    }
    if ownership.transfer_cooldown_ms != default.transfer_cooldown_ms {
        said.put(
            "transfer_cooldown_ms",
            number(ownership.transfer_cooldown_ms),
        );
    }
    for (name, value, default) in [
        ("transferable", ownership.transferable, default.transferable),
        (
            "claim_on_interact",
            ownership.claim_on_interact,
            default.claim_on_interact,
        ),
        (
            "transfer_on_grab",
            ownership.transfer_on_grab,
            default.transfer_on_grab,
        ),
        (
            "transfer_on_release",
            ownership.transfer_on_release,
            default.transfer_on_release,
        ),
        (
            "owner_can_delete",
            ownership.owner_can_delete,
            default.owner_can_delete,
        ),
    ] {
        if value != default {
            said.put(name, quote!(#value));
        }
    }
    said.expression("Ownership").unwrap_or_default()
}

fn persistence(persistence: &Persistence, rt: &TokenStream) -> TokenStream {
    let mut said = Said::new(rt);
    if persistence.storage != Persistence::default().storage {
        said.put(
            "storage",
            said.word("Storage", persistence.storage.variant()),
        );
    }
    said.some("ttl_ms", persistence.ttl_ms.map(number));
    if persistence.restore_on_join {
        said.put("restore_on_join", quote!(true));
    }
    if persistence.auto_load {
        said.put("auto_load", quote!(true));
    }
    said.some("key", persistence.key.as_ref().map(|it| quote!(#it)));
    said.some("save_interval_ms", persistence.save_interval_ms.map(number));
    let plain = quote!(#rt::policy::Persistence::DEFAULT);
    said.expression("Persistence").unwrap_or(plain)
}

/// A number without its type, which the field has.
fn number(number: impl Into<i128>) -> TokenStream {
    let literal = Literal::i128_unsuffixed(number.into());
    quote!(#literal)
}

/// The entries of one struct that differ from its defaults.
struct Said<'a> {
    rt: &'a TokenStream,
    entries: Vec<TokenStream>,
}

impl<'a> Said<'a> {
    fn new(rt: &'a TokenStream) -> Self {
        let entries = Vec::new();
        Self { rt, entries }
    }

    fn put(&mut self, name: &str, value: TokenStream) {
        let name = format_ident!("{}", name);
        self.entries.push(quote!(#name: #value));
    }

    fn some(&mut self, name: &str, value: Option<TokenStream>) {
        if let Some(value) = value {
            self.put(name, quote!(::core::option::Option::Some(#value)));
        }
    }

    fn word(&self, ty: &str, variant: &str) -> TokenStream {
        let (rt, ty, variant) = (
            self.rt,
            format_ident!("{}", ty),
            format_ident!("{}", variant),
        );
        quote!(#rt::policy::#ty::#variant)
    }

    fn expression(self, ty: &str) -> Option<TokenStream> {
        let (rt, entries, ty) = (self.rt, self.entries, format_ident!("{}", ty));
        (!entries.is_empty())
            .then(|| quote!(#rt::policy::#ty { #(#entries,)* ..#rt::policy::#ty::DEFAULT }))
    }
}
