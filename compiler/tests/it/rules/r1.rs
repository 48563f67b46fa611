//! R1: what makes an orb, and the options that say more of it.

use super::table;

#[test]
fn r1_what_makes_an_orb() {
    table(&[
        ("orb a @networked {}", "A 20: POSE"),
        ("orb a { @networked }", "A 20: POSE"),
        ("orb a @synced { state { x: 1 } }", "A 30: x <i64> 1"),
        ("orb a @replicated { state { x: 1 } }", "A 30: x <i64> 1"),
        (
            "orb a @sync(networked: true) { state { x: 1 } }",
            "A 30: x <i64> 1",
        ),
        ("orb a @crdt { state { x: 1 } }", "A 30: x <i64> 1"),
        (
            "networked_object a { hp: synced }",
            "A 20: hp <Option<Value>> null\nHS121 line 1",
        ),
        (
            "orb a { networked { position: synced } }",
            "A 20: ~position <Vec3> [0.0,0.0,0.0]",
        ),
        ("orb a { level: synced int = 1 }", "A 30: level <i64> 1"),
        ("orb a { level: replicated int = 1 }", "A 30: level <i64> 1"),
        ("orb a { x: 1 }", ""),
        ("orb a @owned {}", "HS123 line 1"),
        (
            "orb a @host_only @persistent { x: 1 }",
            "HS123 line 1\nHS123 line 1",
        ),
        // The same trait twice merges; one option with two values is one warning, and the later wins.
        (
            "orb a { @networked { rate: 10hz }\n@networked { sync: [\"x\"] }\nstate { x: 1, y: 2 } }",
            "A 10: x <i64> 1",
        ),
        (
            "orb a { @networked { rate: 10hz }\n@networked { sync_rate: 30hz } }",
            "A 30: POSE\nHS113 line 2",
        ),
        (
            "orb a { @networked { rate: 10hz }\n@networked { sync_rate: \"10hz\" } }",
            "A 10: POSE",
        ),
        // Options stand in the trait, in the block, or as items.
        (
            "orb a @networked { sync_rate: 5hz\nsync_position: false }",
            "A 5: ~rotation <Quat> [0.0,0.0,0.0,1.0]",
        ),
        (
            "orb a { networked { sync_rate: 5hz\nhp: synced }\nhp: 3 }",
            "A 5: hp <i64> 3",
        ),
        (
            "@synced { rate: 2hz }\norb a @networked {}",
            "A 20: POSE\nHS128 line 1",
        ),
    ]);
}

#[test]
fn rates() {
    let rows = [
        ("20hz", "20", ""),
        ("\"20hz\"", "20", ""),
        ("20Hz", "20", ""),
        ("50ms", "20", ""),
        ("1s", "1", ""),
        ("240hz", "240", ""),
        ("20", "20", "\nHS110 line 1"),
        ("\"20\"", "20", "\nHS110 line 1"),
        ("fast", "20", "\nHS107 line 1"),
        ("20khz", "20", "\nHS108 line 1"),
        ("0hz", "20", "\nHS109 line 1"),
        ("0ms", "20", "\nHS109 line 1"),
        ("241hz", "20", "\nHS109 line 1"),
        ("-5", "20", "\nHS109 line 1"),
    ];
    for (rate, hz, told) in rows {
        for option in ["sync_rate", "syncRate", "rate", "send_rate"] {
            let source = format!("orb a @networked({option}: {rate}) {{}}");
            table(&[(&source, &format!("A {hz}: POSE{told}"))]);
        }
    }
    table(&[
        (
            "orb a @networked(rate: 10) {}\norb b @networked(rate: 20) {}",
            "A 10: POSE\nB 20: POSE\nHS110 line 1",
        ),
        ("orb a @networked(syncTier: physics) {}", "A 60: POSE"),
    ]);
}

#[test]
fn a_rate_among_the_items_counts_if_it_is_a_frequency() {
    table(&[
        ("orb a @networked { rate: 5hz }", "A 5: POSE"),
        ("orb a @networked { rate: \"5hz\" }", "A 5: POSE"),
        ("orb a @networked { rate: 50ms }", "A 20: POSE"),
        ("orb a @networked { send_rate: 5hz }", "A 5: POSE"),
        ("orb a @networked { syncRate: 5hz }", "A 5: POSE"),
        (
            "orb a @networked { rate: 5khz }",
            "A 20: POSE\nHS108 line 1",
        ),
        ("orb a @networked { rate: 5 }", "A 20: POSE"),
        (
            "orb a @networked(sync: [\"rate\"]) { rate: 5 }",
            "A 20: rate <i64> 5",
        ),
        ("orb a { rate: 5hz }", ""),
    ]);
}
