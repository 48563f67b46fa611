#![deny(warnings, clippy::all)]
//! Every policy at once, and none.

use holo_runtime::policy::*;
use holo_runtime::{Authority, LwwRegister, Orb, Synced, Vec3};

#[derive(Synced)]
#[synced(
    channel = "reliable",
    interpolation = "catmull_rom",
    interpolation_delay = "150ms",
    ownership(
        model = "request",
        transferable = false,
        claim_on_interact = false,
        transfer_on_grab,
        transfer_on_release = true,
        transfer_cooldown = "2s",
        owner_can_delete
    ),
    persistence(storage = "indexed_db", ttl = "1h", restore_on_join, auto_load = true, key = "ball", save_interval = 500),
    room = "lobby",
    max_peers = 8,
    tier = "ai_agent",
    threshold = 0.01,
    buffer = "50ms",
    latency_tolerance = "1s",
    bandwidth_limit = 64000,
    compression = "delta",
    visible_to_others = false
)]
struct Ball {
    #[synced(
        authority = "owner",
        rate = "30hz",
        channel = "unreliable",
        interpolation = "none",
        quantum = 0.001,
        priority = -3,
        compression = "quantized",
        max_latency = "100ms",
        jitter_buffer = "20ms",
        consistency = "eventual"
    )]
    position: LwwRegister<Vec3>,
}

#[derive(Synced)]
#[synced(persistence)]
struct Plain {
    on: LwwRegister<bool>,
}

const OWNERSHIP: Ownership = Ownership {
    model: OwnershipModel::Request,
    transferable: false,
    claim_on_interact: false,
    transfer_on_grab: true,
    transfer_on_release: true,
    transfer_cooldown_ms: 2_000,
    owner_can_delete: true,
};

const PERSISTENCE: Persistence = Persistence {
    storage: Storage::IndexedDb,
    ttl_ms: Some(3_600_000),
    restore_on_join: true,
    auto_load: true,
    key: Some("ball"),
    save_interval_ms: Some(500),
};

fn main() {
    let expected = Policy {
        channel: Some(Channel::Reliable),
        interpolation: Interpolation::CatmullRom,
        interpolation_delay_ms: 150,
        ownership: OWNERSHIP,
        persistence: Some(PERSISTENCE),
        room: Some("lobby"),
        max_peers: Some(8),
        tier: Some(Tier::AiAgent),
        threshold: Some(0.01),
        buffer_ms: Some(50),
        latency_tolerance_ms: Some(1_000),
        bandwidth_limit: Some(64_000),
        compression: Compression::Delta,
        visible_to_others: false,
    };
    assert_eq!(Ball::INFO.policy, &expected);
    let expected = FieldPolicy {
        authority: Some(Authority::Owner),
        rate_hz: Some(30.0),
        channel: Some(Channel::Unreliable),
        interpolation: Some(Interpolation::None),
        quantum: Some(0.001),
        bounds: None,
        priority: Some(-3),
        compression: Some(Compression::Quantized),
        max_latency_ms: Some(100),
        jitter_buffer_ms: Some(20),
        consistency: Some(Consistency::Eventual),
    };
    assert_eq!(Ball::INFO.fields[0].policy, &expected);
    let expected = Policy { persistence: Some(Persistence::DEFAULT), ..Policy::DEFAULT };
    assert_eq!(Plain::INFO.policy, &expected);
    assert_eq!(Plain::INFO.fields[0].policy, &FieldPolicy::DEFAULT);
}
