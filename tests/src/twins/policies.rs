//! The attributes that say the policies of a schema, as one would write them by hand.

use std::fmt::{Display, Write};

use holo_codegen::schema::{Authority, FieldPolicy, Ownership, Persistence, Policy};

/// The options of a struct, each after a comma.
pub(super) fn of_orb(policy: &Policy, out: &mut String) {
    let default = Policy::default();
    word("channel", policy.channel.map(|it| it.word()), out);
    if policy.interpolation != default.interpolation {
        word("interpolation", Some(policy.interpolation.word()), out);
    }
    if policy.interpolation_delay_ms != default.interpolation_delay_ms {
        millis(
            "interpolation_delay",
            Some(policy.interpolation_delay_ms),
            out,
        );
    }
    if policy.ownership != default.ownership {
        ownership(&policy.ownership, out);
    }
    if let Some(kept) = &policy.persistence {
        persistence(kept, out);
    }
    word("room", policy.room.as_deref(), out);
    plain("max_peers", policy.max_peers, out);
    word("tier", policy.tier.map(|it| it.word()), out);
    plain(
        "threshold",
        policy.threshold.map(|it| format!("{it:?}")),
        out,
    );
    millis("buffer", policy.buffer_ms, out);
    millis("latency_tolerance", policy.latency_tolerance_ms, out);
    plain("bandwidth_limit", policy.bandwidth_limit, out);
    if policy.compression != default.compression {
        word("compression", Some(policy.compression.word()), out);
    }
    if !policy.visible_to_others {
        plain("visible_to_others", Some(false), out);
    }
}

/// The options of a field, each after a comma.
pub(super) fn of_field(policy: &FieldPolicy, out: &mut String) {
    if let Some(who) = policy.authority {
        authority(who, out);
    }
    plain("rate", policy.rate_hz.map(|it| format!("{it:?}")), out);
    word("channel", policy.channel.map(|it| it.word()), out);
    word(
        "interpolation",
        policy.interpolation.map(|it| it.word()),
        out,
    );
    plain("quantum", policy.quantum.map(|it| format!("{it:?}")), out);
    let bounds = policy.bounds;
    plain(
        "bounds",
        bounds.map(|(least, most)| format!("[{least:?}, {most:?}]")),
        out,
    );
    plain("priority", policy.priority, out);
    word("compression", policy.compression.map(|it| it.word()), out);
    millis("max_latency", policy.max_latency_ms, out);
    millis("jitter_buffer", policy.jitter_buffer_ms, out);
    word("consistency", policy.consistency.map(|it| it.word()), out);
}

/// Who may write.
pub(super) fn authority(authority: Authority, out: &mut String) {
    let who = match authority {
        Authority::Shared => "shared",
        Authority::Owner => "owner",
        Authority::Host => "host",
        Authority::Server => "server",
    };
    word("authority", Some(who), out);
}

fn ownership(ownership: &Ownership, out: &mut String) {
    let mut inner = String::new();
    word("model", Some(ownership.model.word()), &mut inner);
    let default = Ownership::default();
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
        plain(name, (value != default).then_some(value), &mut inner);
    }
    let cooldown = Some(ownership.transfer_cooldown_ms).filter(|it| *it != 0);
    millis("transfer_cooldown", cooldown, &mut inner);
    group("ownership", &inner, out);
}

fn persistence(persistence: &Persistence, out: &mut String) {
    let mut inner = String::new();
    word("storage", Some(persistence.storage.word()), &mut inner);
    millis("ttl", persistence.ttl_ms, &mut inner);
    plain(
        "restore_on_join",
        persistence.restore_on_join.then_some(true),
        &mut inner,
    );
    plain(
        "auto_load",
        persistence.auto_load.then_some(true),
        &mut inner,
    );
    word("key", persistence.key.as_deref(), &mut inner);
    millis("save_interval", persistence.save_interval_ms, &mut inner);
    group("persistence", &inner, out);
}

fn group(name: &str, inner: &str, out: &mut String) {
    let _ = write!(out, ", {name}({})", inner.trim_start_matches(", "));
}

fn word(name: &str, value: Option<&str>, out: &mut String) {
    plain(name, value.map(|value| format!("{value:?}")), out);
}

fn millis(name: &str, value: Option<impl Display>, out: &mut String) {
    plain(name, value.map(|value| format!("\"{value}ms\"")), out);
}

fn plain(name: &str, value: Option<impl Display>, out: &mut String) {
    if let Some(value) = value {
        let _ = write!(out, ", {name} = {value}");
    }
}
