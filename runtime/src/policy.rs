//! Options of an orb or a field that matter while a program runs, and that are not data: none of it is in the wire hash.
//!
//! The runtime records them, as constants, for an application, a coordinator or a server to act on:
//! `Player::INFO.policy.interpolation`. Nothing here acts.

use crate::Authority;

/// The options of an orb.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// How its changes are carried; none leaves it to the lane.
    pub channel: Option<Channel>,
    /// How a shown value moves between two that arrived.
    pub interpolation: Interpolation,
    /// How far in the past moving values are shown, in milliseconds.
    pub interpolation_delay_ms: u32,
    /// Who owns it and how that changes.
    pub ownership: Ownership,
    /// Where it outlives the session; none where it does not.
    pub persistence: Option<Persistence>,
    /// The room it is shared in; none is that of the connection.
    pub room: Option<&'static str>,
    /// How many peers may share it; none is no bound of its own.
    pub max_peers: Option<u32>,
    /// How often and how surely it is needed.
    pub tier: Option<Tier>,
    /// The smallest difference worth sending.
    pub threshold: Option<f64>,
    /// How long values wait to be shown evenly, in milliseconds.
    pub buffer_ms: Option<u32>,
    /// How late a value may be and still count, in milliseconds.
    pub latency_tolerance_ms: Option<u32>,
    /// Bytes a second that live frames may take, on an average.
    pub bandwidth_limit: Option<u64>,
    /// How it is made smaller on the way.
    pub compression: Compression,
    /// Whether others see it at all.
    pub visible_to_others: bool,
}

impl Policy {
    /// What holds where nothing is said.
    pub const DEFAULT: Self = Self {
        channel: None,
        interpolation: Interpolation::Linear,
        interpolation_delay_ms: 100,
        ownership: Ownership::DEFAULT,
        persistence: None,
        room: None,
        max_peers: None,
        tier: None,
        threshold: None,
        buffer_ms: None,
        latency_tolerance_ms: None,
        bandwidth_limit: None,
        compression: Compression::None,
        visible_to_others: true,
    };
}

/// The options of a field; what is none is as the orb has it.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldPolicy {
    /// Who may write it.
    pub authority: Option<Authority>,
    /// How often it is sent, in hertz.
    pub rate_hz: Option<f64>,
    /// How its changes are carried.
    pub channel: Option<Channel>,
    /// How a shown value moves between two that arrived.
    pub interpolation: Option<Interpolation>,
    /// The step to which numbers are rounded when they travel.
    pub quantum: Option<f64>,
    /// Between which numbers each part of a live value lies.
    pub bounds: Option<(f64, f64)>,
    /// What goes first when not everything can; greater is sooner.
    pub priority: Option<i32>,
    /// How it is made smaller on the way.
    pub compression: Option<Compression>,
    /// How late a value may be and still count, in milliseconds.
    pub max_latency_ms: Option<u32>,
    /// How long values wait to be shown evenly, in milliseconds.
    pub jitter_buffer_ms: Option<u32>,
    /// What readers may rely on.
    pub consistency: Option<Consistency>,
}

impl FieldPolicy {
    /// What holds where nothing is said: everything as the orb has it.
    pub const DEFAULT: Self = Self {
        authority: None,
        rate_hz: None,
        channel: None,
        interpolation: None,
        quantum: None,
        bounds: None,
        priority: None,
        compression: None,
        max_latency_ms: None,
        jitter_buffer_ms: None,
        consistency: None,
    };
}

/// Who owns an orb, and how that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// Who becomes the owner.
    pub model: OwnershipModel,
    /// Whether the owner can change at all.
    pub transferable: bool,
    /// Touching it claims it.
    pub claim_on_interact: bool,
    /// Grabbing it takes it over.
    pub transfer_on_grab: bool,
    /// Letting go gives it back.
    pub transfer_on_release: bool,
    /// How long after a transfer the next one waits, in milliseconds.
    pub transfer_cooldown_ms: u32,
    /// Whether the owner may delete it.
    pub owner_can_delete: bool,
}

impl Ownership {
    /// What holds where nothing is said: anybody, by touching it.
    pub const DEFAULT: Self = Self {
        model: OwnershipModel::Any,
        transferable: true,
        claim_on_interact: true,
        transfer_on_grab: false,
        transfer_on_release: false,
        transfer_cooldown_ms: 0,
        owner_can_delete: false,
    };
}

/// Where an orb is kept between sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persistence {
    /// Who keeps it.
    pub storage: Storage,
    /// How long it is kept, in milliseconds; none is for ever.
    pub ttl_ms: Option<u64>,
    /// Whether whoever joins gets what was kept.
    pub restore_on_join: bool,
    /// Whether it is loaded at the start.
    pub auto_load: bool,
    /// The name under which it is kept; none is its own name.
    pub key: Option<&'static str>,
    /// How often it is saved, in milliseconds; none is whenever it changes.
    pub save_interval_ms: Option<u32>,
}

impl Persistence {
    /// What holds where an orb is kept and no more is said: by the server, for ever.
    pub const DEFAULT: Self = Self {
        storage: Storage::Server,
        ttl_ms: None,
        restore_on_join: false,
        auto_load: false,
        key: None,
        save_interval_ms: None,
    };
}

/// How changes are carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// All arrive.
    Reliable,
    /// Some may be lost.
    Unreliable,
    /// All arrive, in order.
    Ordered,
}

/// How a shown value moves between two that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// It jumps.
    None,
    /// Straight.
    Linear,
    /// By value and speed at both ends.
    Hermite,
    /// Smoothly through all of them.
    CatmullRom,
}

/// Who becomes the owner of an orb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnershipModel {
    /// Nobody in particular.
    Any,
    /// The host of the session.
    Host,
    /// Whoever has it keeps it.
    Sticky,
    /// Whoever made it.
    Owner,
    /// Whoever touched it last.
    LastInteracted,
    /// Whoever grabbed it first.
    FirstGrab,
    /// Whoever asks and is granted it.
    Request,
}

/// Who keeps an orb between sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// The server.
    Server,
    /// The device.
    Local,
    /// The browser's database.
    IndexedDb,
}

/// How often and how surely an orb is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Every step of a simulation.
    Physics,
    /// As people move.
    Movement,
    /// As agents decide.
    AiAgent,
    /// Whenever there is room.
    Cosmetic,
}

/// How bytes are saved on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// By sending differences.
    Delta,
    /// By rounding numbers.
    Quantized,
    /// By LZ4.
    Lz4,
}

/// What readers of a field may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// Everybody reads the same at once.
    Strong,
    /// Everybody reads the same in the end.
    Eventual,
    /// Everybody reads the same in the end, and nothing concurrent is lost.
    Crdt,
}
