//! Every option of the sync family, the traits that take it, and what it may be set to.
//!
//! A table and questions about it. What an option does is decided by whoever reads it.

/// What an option may be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    /// A truth value.
    Flag,
    /// A truth value or one of some words.
    FlagOr(&'static [&'static str]),
    /// One of some words.
    Word(&'static [&'static str]),
    /// A time; a bare number is milliseconds.
    Millis,
    /// A time; a bare number is seconds.
    Seconds,
    /// A whole number from 0.
    Count,
    /// A number from 0.
    Number,
    /// Text.
    Text,
    /// Something that has rules of its own, or that is kept as it is.
    Any,
}

use Wants::{Any, Count, Flag, FlagOr, Millis, Number, Seconds, Text, Word};

pub(super) const CHANNELS: &[&str] = &["reliable", "unreliable", "ordered"];
pub(super) const INTERPOLATIONS: &[&str] = &[
    "none",
    "linear",
    "hermite",
    "catmull-rom",
    "catmull_rom",
    "slerp",
];
pub(super) const TIERS: &[&str] = &["physics", "movement", "ai_agent", "cosmetic"];
pub(super) const COMPRESSIONS: &[&str] = &["none", "delta", "quantized", "lz4"];

/// The options of `@networked` and of everything that makes an orb.
const NETWORKED: &[(&str, Wants)] = &[
    ("rate", Any),
    ("properties", Any),
    ("authority", Any),
    (
        "mode",
        Word(&[
            "owner",
            "shared",
            "server",
            "host",
            "last",
            "reliable",
            "unreliable",
            "ordered",
        ]),
    ),
    ("networked", Flag),
    ("sync_position", Flag),
    ("sync_rotation", Flag),
    ("sync_scale", Flag),
    ("position", Any),
    ("rotation", Any),
    ("scale", Any),
    ("reliable", Flag),
    ("channel", Word(CHANNELS)),
    ("interpolation", FlagOr(INTERPOLATIONS)),
    ("interpolation_delay", Millis),
    ("interpolation_ms", Millis),
    (
        "ownership",
        Word(&[
            "last_interacted",
            "mine",
            "first_grab",
            "request",
            "host",
            "any",
            "sticky",
            "owner",
        ]),
    ),
    ("ownership_model", Word(&["host", "any", "sticky"])),
    ("transferable", Flag),
    ("auto_claim_on_interact", Flag),
    ("conflict_resolution", Any),
    (
        "persistence",
        FlagOr(&["server", "local", "indexeddb", "session", "none"]),
    ),
    ("room", Text),
    ("max_peers", Count),
    ("transport", Any),
    ("tick_rate", Any),
    ("buffer_ms", Millis),
    ("compression", FlagOr(COMPRESSIONS)),
    ("compress_state", Flag),
    ("bandwidth_limit", Any),
    ("latency_tolerance", Millis),
    ("visibility", Any),
    ("syncTier", Word(TIERS)),
    ("threshold", Number),
    ("owner", Any),
    ("id", Any),
];

const OWNED: &[(&str, Wants)] = &[
    ("owner", Any),
    ("ownership", Any),
    ("transfer_allowed", Flag),
    ("transfer_on_release", Flag),
    ("transfer_on_grab", Flag),
    ("transfer_mode", Any),
    ("transfer_cooldown", Seconds),
    ("owner_can_delete", Flag),
    ("transferable", Flag),
    ("visible_to_others", Flag),
];

const OWNERSHIP: &[(&str, Wants)] = &[("transferable", Flag), ("owner_id", Any)];

const PERSISTENT: &[(&str, Wants)] = &[
    ("storage", Word(&["server", "local", "indexeddb"])),
    ("ttl", Seconds),
    ("ttlMs", Millis),
    ("restore_on_join", Flag),
    ("key", Text),
    ("auto_load", Flag),
    ("save_interval", Seconds),
];

const ONLY: &[(&str, Wants)] = &[("visible_to_others", Flag)];

const SYNC_TIER: &[(&str, Wants)] = &[
    ("mode", Word(&["strong", "eventual", "crdt"])),
    ("updateRateHz", Any),
    ("compression", FlagOr(COMPRESSIONS)),
    ("priority", Any),
    ("interpolation", FlagOr(INTERPOLATIONS)),
    ("crdtType", Any),
    ("crdt_type", Any),
    ("maxLatencyMs", Millis),
    ("jitterBufferMs", Millis),
];

/// The options of a trait; none for one whose arguments are names of fields.
pub(super) fn of_trait(name: &str) -> Option<&'static [(&'static str, Wants)]> {
    Some(match name {
        "networked" | "synced" | "replicated" | "sync" => NETWORKED,
        "owned" => OWNED,
        "ownership" => OWNERSHIP,
        "persistent" => PERSISTENT,
        "host_only" | "local_only" | "owner_only" => ONLY,
        "sync_tier" => SYNC_TIER,
        _ => return None,
    })
}

/// The other spellings of options.
pub(super) const SPELLINGS: &[&str] = &[
    "sync_rate",
    "syncRate",
    "send_rate",
    "sendRate",
    "sync",
    "sync_properties",
    "syncProperties",
    "interpolate",
    "interpolationDelay",
    "syncPosition",
    "syncRotation",
    "syncScale",
    "sync_tier",
    "room_id",
    "roomId",
    "maxPeers",
];

/// The name that all spellings of an option share.
pub(in crate::infer) fn canonical(key: &str) -> &str {
    match key {
        "sync_rate" | "syncRate" | "send_rate" | "sendRate" => "rate",
        "sync" | "sync_properties" | "syncProperties" => "properties",
        "interpolate" => "interpolation",
        "interpolationDelay" => "interpolation_delay",
        "syncPosition" => "sync_position",
        "syncRotation" => "sync_rotation",
        "syncScale" => "sync_scale",
        "sync_tier" => "syncTier",
        "room_id" | "roomId" => "room",
        "maxPeers" => "max_peers",
        other => other,
    }
}
