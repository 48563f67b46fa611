//! R3: who may write.

use holoc::lock::Lock;

use super::table;
use crate::support::compile;

#[test]
fn r3_authority() {
    table(&[
        ("orb a @networked @host_only {}", "A 20 host: POSE"),
        ("orb a @networked @owner_only {}", "A 20 owner: POSE"),
        ("orb a @networked @owned {}", "A 20 owner: POSE"),
        (
            "orb a @networked(authority: \"server\") {}",
            "A 20 server: POSE",
        ),
        ("orb a @networked(mode: owner) {}", "A 20 owner: POSE"),
        ("orb a @networked(mode: \"reliable\") {}", "A 20: POSE"),
        (
            "orb a @synced(authority: \"last\") { state { x: 1 } }",
            "A 30: x <i64> 1",
        ),
        (
            "orb a @networked @owned @host_only {}",
            "A 20 host: POSE\nHS115 line 1",
        ),
        (
            "orb a @networked(authority: owner) @host_only {}",
            "A 20 host: POSE\nHS115 line 1",
        ),
        (
            "orb a @networked(authority: host) @host_only {}",
            "A 20 host: POSE",
        ),
        (
            "orb a @networked(authority: \"sever\") {}",
            "A 20: POSE\nHS130 line 1",
        ),
        (
            "orb a @networked(authority: \"everyone\") {}",
            "A 20: POSE\nHS130 line 1",
        ),
        (
            "orb a @networked @local_only {}",
            "A 20: POSE\nHS114 line 1",
        ),
        ("orb a @local_only { x: 1 }", ""),
    ]);
}

#[test]
fn the_stricter_of_two_authorities_wins_wherever_they_stand() {
    table(&[
        (
            "orb a @networked(authority: \"shared\", mode: \"server\") {}",
            "A 20 server: POSE\nHS115 line 1",
        ),
        (
            "orb a @networked(authority: \"owner\") { authority: \"host\" }",
            "A 20 host: POSE\nHS115 line 1",
        ),
        // Of two modes too, so the later one does not win there.
        (
            "orb a @networked(mode: \"server\") @networked(mode: \"shared\") {}",
            "A 20 server: POSE\nHS115 line 1",
        ),
        (
            "orb a @networked(mode: \"reliable\") @networked(mode: \"ordered\") {}",
            "A 20: POSE\nHS113 line 1",
        ),
        (
            "orb a @networked(authority: \"owner\") @owned @owner_only {}",
            "A 20 owner: POSE",
        ),
        ("orb a @networked(authority: \"shared\") {}", "A 20: POSE"),
    ]);
}

#[test]
fn nothing_but_local_only_contradicts_synchronising() {
    for other in [
        "host_only",
        "owner_only",
        "owned",
        "ownership",
        "persistent",
        "sync_tier",
    ] {
        let unit = compile(
            "t.hsplus",
            &format!("orb a @networked @{other} {{}}"),
            &mut Lock::default(),
        );
        assert_eq!(unit.diagnostics, [], "{other}");
    }
    table(&[
        (
            "orb a @local_only { networked { position: synced } }",
            "A 20: ~position <Vec3> [0.0,0.0,0.0]\nHS114 line 1",
        ),
        // On a field it keeps that field.
        (
            "orb a @synced { state { x: 1\ny: 2 @local_only } }",
            "A 30: x <i64> 1",
        ),
    ]);
}
