//! Options that matter while a program runs, in every place where they may stand, and what is wrong with them.

use holo_codegen::schema::{
    Authority, Channel, Compression, Consistency, FieldPolicy, Interpolation, Ownership,
    OwnershipModel, Persistence, Policy, Storage, Tier,
};
use holoc::lock::Lock;

use crate::rules::table;
use crate::support::compile;

fn policy(source: &str) -> Policy {
    let unit = compile("test.hsplus", source, &mut Lock::default());
    assert_eq!(unit.diagnostics, [], "{source}");
    unit.world.orbs[0].policy.clone()
}

fn of_field(source: &str) -> FieldPolicy {
    let unit = compile("test.hsplus", source, &mut Lock::default());
    assert_eq!(unit.diagnostics, [], "{source}");
    let fields = &unit.world.orbs[0].fields;
    fields
        .iter()
        .find(|field| field.wire == "x")
        .unwrap()
        .policy
        .clone()
}

#[test]
fn options_mean_the_same_wherever_they_stand() {
    let expected = Policy {
        interpolation: Interpolation::Hermite,
        ..Policy::default()
    };
    for source in [
        "orb a @networked(interpolation: \"hermite\") {}",
        "orb a @networked(interpolation = \"hermite\") {}",
        "orb a @networked(interpolate: hermite) {}",
        "orb a { @networked { interpolation: \"hermite\" } }",
        "orb a { @networked(interpolation: \"hermite\") }",
        "orb a { networked { interpolation: \"hermite\" position: synced } }",
        "orb a @networked { interpolation: \"hermite\" }",
        "networked_object a { interpolation: \"hermite\" }",
        "template \"a\" { @networked { interpolation: \"hermite\" } }",
    ] {
        assert_eq!(policy(source), expected, "{source}");
    }
    assert_eq!(policy("orb a @networked {}"), Policy::default());
}

#[test]
fn every_option_of_a_node_is_lowered() {
    let source = "orb a {
        @networked { channel: \"ordered\" interpolation: \"catmull-rom\" interpolation_delay: 0.2s room_id: \"lobby\" max_peers: 8
            syncTier: cosmetic buffer_ms: 50 latency_tolerance: 80ms bandwidth_limit: 4096 compression: \"lz4\" ownership: \"request\" }
        @synced { threshold: 0.01 }
        @owned { transfer_allowed: false transfer_on_release: true transfer_cooldown: 2 owner_can_delete: true }
        @persistent { storage: \"indexeddb\" ttl: 1h restore_on_join: true auto_load: true key: \"k\" save_interval: 30 }
        @owner_only(visible_to_others: false)
        @grabbable
    }";
    let expected = Policy {
        channel: Some(Channel::Ordered),
        interpolation: Interpolation::CatmullRom,
        interpolation_delay_ms: 200,
        ownership: Ownership {
            model: OwnershipModel::Request,
            transferable: false,
            claim_on_interact: true,
            transfer_on_grab: true,
            transfer_on_release: true,
            transfer_cooldown_ms: 2000,
            owner_can_delete: true,
        },
        persistence: Some(Persistence {
            storage: Storage::IndexedDb,
            ttl_ms: Some(3_600_000),
            restore_on_join: true,
            auto_load: true,
            key: Some("k".to_owned()),
            save_interval_ms: Some(30_000),
        }),
        room: Some("lobby".to_owned()),
        max_peers: Some(8),
        tier: Some(Tier::Cosmetic),
        threshold: Some(0.01),
        buffer_ms: Some(50),
        latency_tolerance_ms: Some(80),
        bandwidth_limit: Some(4096),
        compression: Compression::Lz4,
        visible_to_others: false,
    };
    assert_eq!(policy(source), expected);
}

#[test]
fn words_and_truth_values_say_the_same() {
    let channel = |options: &str| policy(&format!("orb a @networked({options}) {{}}")).channel;
    assert_eq!(channel("reliable: true"), Some(Channel::Reliable));
    assert_eq!(channel("reliable: false"), Some(Channel::Unreliable));
    assert_eq!(channel("mode: \"reliable\""), Some(Channel::Reliable));
    let kept = |options: &str| policy(&format!("orb a @networked({options}) {{}}")).persistence;
    assert_eq!(kept("persistence: true"), Some(Persistence::default()));
    assert_eq!(kept("persistence: false"), None);
    let delta = policy("orb a @networked(compress_state: true) {}").compression;
    assert_eq!(delta, Compression::Delta);
    let mine = policy("orb a @networked(ownership: \"mine\") {}")
        .ownership
        .model;
    assert_eq!(mine, OwnershipModel::Owner);
    // Ownership moves to who grabs it.
    for grabs in ["@grabbable", "@throwable"] {
        assert!(
            policy(&format!("orb a @networked {grabs} {{}}"))
                .ownership
                .transfer_on_grab
        );
    }
}

#[test]
fn options_of_a_field_are_lowered() {
    let source = "orb a @synced { state { x: 0 @sync_tier { mode: \"crdt\" updateRateHz: 10 compression: \"delta\" priority: 3
        interpolation: \"none\" maxLatencyMs: 40 jitterBufferMs: 20 } } }";
    let expected = FieldPolicy {
        rate_hz: Some(10.0),
        interpolation: Some(Interpolation::None),
        priority: Some(3),
        compression: Some(Compression::Delta),
        max_latency_ms: Some(40),
        jitter_buffer_ms: Some(20),
        consistency: Some(Consistency::Crdt),
        ..FieldPolicy::default()
    };
    assert_eq!(of_field(source), expected);
    for (source, authority) in [
        (
            "orb a { networked { x: owner_only }\nx: 1 }",
            Authority::Owner,
        ),
        (
            "orb a @synced { state { x: 0 @host_only } }",
            Authority::Host,
        ),
        (
            "orb a @synced { state { @owner_only x: 0 } }",
            Authority::Owner,
        ),
    ] {
        assert_eq!(of_field(source).authority, Some(authority), "{source}");
    }
}

#[test]
fn what_is_wrong_with_an_option_is_told() {
    let pose = "A 20: POSE";
    for (option, code) in [
        ("chanel: \"reliable\"", "HS142"),
        ("frobnicate: 3", "HS142"),
        ("channel: \"fast\"", "HS143"),
        ("channel: 3", "HS143"),
        ("reliable: \"yes\"", "HS143"),
        ("max_peers: -1", "HS143"),
        ("max_peers: 2.5", "HS143"),
        ("room: 12", "HS143"),
        ("interpolation_delay: \"soon\"", "HS143"),
        ("interpolation_delay: -5", "HS143"),
        ("interpolation_delay: 100hz", "HS144"),
        ("latency_tolerance: 3kg", "HS144"),
    ] {
        let source = format!("orb a @networked({option}) {{}}");
        table(&[(&source, &format!("{pose}\n{code} line 1"))]);
    }
    let unit = compile(
        "t",
        "orb a @networked(chanel: \"relable\") {}",
        &mut Lock::default(),
    );
    let fix = &unit.diagnostics[0].fixes[0];
    assert_eq!(fix.replacement, "channel");
    let unit = compile(
        "t",
        "orb a @networked(channel: \"relable\") {}",
        &mut Lock::default(),
    );
    let fix = &unit.diagnostics[0].fixes[0];
    assert_eq!(fix.replacement, "\"reliable\"");
}
