//! R3: who may write.

use super::table;

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
