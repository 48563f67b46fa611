//! The options of `#[synced(…)]` that become a policy: words, durations and numbers.

use syn::meta::ParseNestedMeta;
use syn::{Lit, LitBool, LitStr};

use crate::schema::{
    Channel, Compression, Consistency, FieldPolicy, Interpolation, Ownership, OwnershipModel,
    Persistence, Policy, Storage, Tier,
};

/// Reads one option of a struct; false when it is none of a policy's.
pub(super) fn of_orb(policy: &mut Policy, meta: &ParseNestedMeta<'_>) -> syn::Result<bool> {
    match name(meta).as_str() {
        "channel" => policy.channel = Some(word(meta, Channel::ALL, Channel::word)?),
        "interpolation" => {
            policy.interpolation = word(meta, Interpolation::ALL, Interpolation::word)?;
        }
        "interpolation_delay" => policy.interpolation_delay_ms = short(meta)?,
        "ownership" => meta.parse_nested_meta(|meta| ownership(&mut policy.ownership, &meta))?,
        "persistence" => {
            let kept = policy.persistence.get_or_insert_default();
            if meta.input.peek(syn::token::Paren) {
                meta.parse_nested_meta(|meta| persistence(kept, &meta))?;
            }
        }
        "room" => policy.room = Some(text(meta)?),
        "max_peers" => policy.max_peers = Some(whole(meta)?),
        "tier" => policy.tier = Some(word(meta, Tier::ALL, Tier::word)?),
        "threshold" => policy.threshold = Some(positive(meta)?),
        "buffer" => policy.buffer_ms = Some(short(meta)?),
        "latency_tolerance" => policy.latency_tolerance_ms = Some(short(meta)?),
        "bandwidth_limit" => policy.bandwidth_limit = Some(whole(meta)?),
        "compression" => policy.compression = word(meta, Compression::ALL, Compression::word)?,
        "visible_to_others" => policy.visible_to_others = flag(meta)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Reads one option of a field; false when it is none of a policy's.
pub(super) fn of_field(policy: &mut FieldPolicy, meta: &ParseNestedMeta<'_>) -> syn::Result<bool> {
    match name(meta).as_str() {
        "authority" => {
            policy.authority = Some(super::attributes::authority(&meta.value()?.parse()?)?);
        }
        "rate" => policy.rate_hz = Some(super::attributes::rate(&meta.value()?.parse()?)?),
        "channel" => policy.channel = Some(word(meta, Channel::ALL, Channel::word)?),
        "interpolation" => {
            policy.interpolation = Some(word(meta, Interpolation::ALL, Interpolation::word)?);
        }
        "quantum" => policy.quantum = Some(positive(meta)?),
        "bounds" => policy.bounds = Some(bounds(meta)?),
        "priority" => policy.priority = Some(whole(meta)?),
        "compression" => {
            policy.compression = Some(word(meta, Compression::ALL, Compression::word)?);
        }
        "max_latency" => policy.max_latency_ms = Some(short(meta)?),
        "jitter_buffer" => policy.jitter_buffer_ms = Some(short(meta)?),
        "consistency" => {
            policy.consistency = Some(word(meta, Consistency::ALL, Consistency::word)?);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn ownership(ownership: &mut Ownership, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    match name(meta).as_str() {
        "model" => ownership.model = word(meta, OwnershipModel::ALL, OwnershipModel::word)?,
        "transferable" => ownership.transferable = flag(meta)?,
        "claim_on_interact" => ownership.claim_on_interact = flag(meta)?,
        "transfer_on_grab" => ownership.transfer_on_grab = flag(meta)?,
        "transfer_on_release" => ownership.transfer_on_release = flag(meta)?,
        "transfer_cooldown" => ownership.transfer_cooldown_ms = short(meta)?,
        "owner_can_delete" => ownership.owner_can_delete = flag(meta)?,
        _ => {
            return Err(meta.error(
                "unknown option: ownership takes `model`, `transferable`, `claim_on_interact`, `transfer_on_grab`, \
                 `transfer_on_release`, `transfer_cooldown` and `owner_can_delete`",
            ));
        }
    }
    Ok(())
}

fn persistence(persistence: &mut Persistence, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    match name(meta).as_str() {
        "storage" => persistence.storage = word(meta, Storage::ALL, Storage::word)?,
        "ttl" => persistence.ttl_ms = Some(duration(meta)?),
        "restore_on_join" => persistence.restore_on_join = flag(meta)?,
        "auto_load" => persistence.auto_load = flag(meta)?,
        "key" => persistence.key = Some(text(meta)?),
        "save_interval" => persistence.save_interval_ms = Some(short(meta)?),
        _ => {
            return Err(meta.error(
                "unknown option: persistence takes `storage`, `ttl`, `restore_on_join`, `auto_load`, `key` and `save_interval`",
            ));
        }
    }
    Ok(())
}

fn name(meta: &ParseNestedMeta<'_>) -> String {
    meta.path
        .get_ident()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// One of the words of an option.
fn word<T: Copy>(
    meta: &ParseNestedMeta<'_>,
    all: &[T],
    of: fn(T) -> &'static str,
) -> syn::Result<T> {
    let text: LitStr = meta.value()?.parse()?;
    let value = text.value();
    let found = all.iter().copied().find(|each| of(*each) == value);
    found.ok_or_else(|| {
        let words: Vec<String> = all.iter().map(|each| format!("{:?}", of(*each))).collect();
        let message = format!("`{}` is one of {}", name(meta), words.join(", "));
        syn::Error::new(text.span(), message)
    })
}

fn text(meta: &ParseNestedMeta<'_>) -> syn::Result<String> {
    Ok(meta.value()?.parse::<LitStr>()?.value())
}

/// `flag`, or `flag = true` or `false`.
fn flag(meta: &ParseNestedMeta<'_>) -> syn::Result<bool> {
    if meta.input.peek(syn::Token![=]) {
        Ok(meta.value()?.parse::<LitBool>()?.value)
    } else {
        Ok(true)
    }
}

fn whole<T: TryFrom<i128>>(meta: &ParseNestedMeta<'_>) -> syn::Result<T> {
    let value = meta.value()?;
    let negative = value.parse::<Option<syn::Token![-]>>()?.is_some();
    let number: syn::LitInt = value.parse()?;
    let magnitude = number.base10_parse::<i128>()?;
    let out_of_range = |_| syn::Error::new(number.span(), "this number is out of range here");
    T::try_from(if negative { -magnitude } else { magnitude }).map_err(out_of_range)
}

fn positive(meta: &ParseNestedMeta<'_>) -> syn::Result<f64> {
    let lit: Lit = meta.value()?.parse()?;
    let number = match &lit {
        Lit::Int(int) => int.base10_parse::<f64>()?,
        Lit::Float(float) => float.base10_parse::<f64>()?,
        _ => f64::NAN,
    };
    if number > 0.0 && number.is_finite() {
        Ok(number)
    } else {
        Err(syn::Error::new(lit.span(), "expected a number above zero"))
    }
}

/// `[-10.0, 10.0]`: the least, then the greater most.
fn bounds(meta: &ParseNestedMeta<'_>) -> syn::Result<(f64, f64)> {
    let value = meta.value()?;
    let span = value.span();
    let content;
    syn::bracketed!(content in value);
    let mut numbers = Vec::new();
    while !content.is_empty() {
        let sign = match content.parse::<Option<syn::Token![-]>>()? {
            Some(_) => -1.0,
            None => 1.0,
        };
        numbers.push(match content.parse::<Lit>()? {
            Lit::Int(int) => sign * int.base10_parse::<f64>()?,
            Lit::Float(float) => sign * float.base10_parse::<f64>()?,
            _ => f64::NAN,
        });
        content.parse::<Option<syn::Token![,]>>()?;
    }
    match *numbers.as_slice() {
        [least, most] if least < most && least.is_finite() && most.is_finite() => Ok((least, most)),
        _ => Err(syn::Error::new(
            span,
            "expected two numbers, the least and the greatest: `[-10.0, 10.0]`",
        )),
    }
}

fn short(meta: &ParseNestedMeta<'_>) -> syn::Result<u32> {
    let span = meta.input.span();
    u32::try_from(duration(meta)?)
        .map_err(|_| syn::Error::new(span, "longer than 49 days is no such time"))
}

/// `"100ms"`, `"2s"`, `"5m"`, `"1h"`, `"7d"`, or a number of milliseconds.
fn duration(meta: &ParseNestedMeta<'_>) -> syn::Result<u64> {
    let lit: Lit = meta.value()?.parse()?;
    let millis = match &lit {
        Lit::Int(int) => Some(int.base10_parse::<u64>()?),
        Lit::Str(text) => millis(&text.value()),
        _ => None,
    };
    millis.ok_or_else(|| {
        let message = "not a time: write it as in \"100ms\", \"2s\", \"5m\", \"1h\" or \"7d\"";
        syn::Error::new(lit.span(), message)
    })
}

fn millis(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let factor = match &text[digits.len()..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    digits.trim().parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_and_bounds() {
        assert_eq!(
            (millis("100ms"), millis("7 d")),
            (Some(100), Some(604_800_000))
        );
        for wrong in ["", "5", "ms", "-1s", "1.5s", "5 weeks", "999999999999999d"] {
            assert_eq!(millis(wrong), None, "{wrong}");
        }
    }
}
