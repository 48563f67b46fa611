//! R1: what makes an orb, and the options that say more of it.

use holo_grammar::ast::Item;
use holo_grammar::diagnostic::Severity;
use holoc::lock::Lock;

use super::table;
use crate::support::compile;

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
        ("orb a @host_only @persistent { x: 1 }", "HS123 line 1"),
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

#[test]
fn modifiers_alone_synchronise_nothing_and_beside_a_maker_are_no_news() {
    for name in [
        "owned",
        "ownership",
        "persistent",
        "host_only",
        "owner_only",
        "sync_tier",
    ] {
        let alone = format!("orb a @{name} {{ state {{ x: 1 }} }}");
        table(&[(&alone, "HS123 line 1")]);
        let unit = compile("t.hsplus", &alone, &mut Lock::default());
        let one = &unit.diagnostics[0];
        assert!(one.message.contains("not synced"), "{}", one.message);
        assert_eq!(one.severity, Severity::Note);
        // It is kept: the tree shows it.
        let Item::Node(node) = &unit.tree.items[0] else {
            panic!("{:?}", unit.tree)
        };
        assert_eq!(node.header[0].name.text, name);
        let beside = format!("orb a @synced @{name} {{ state {{ x: 1 }} }}");
        assert_eq!(
            compile("t.hsplus", &beside, &mut Lock::default()).diagnostics,
            [],
            "{name}"
        );
    }
}

#[test]
fn a_trait_twice_merges_option_by_option_wherever_it_stands() {
    table(&[
        (
            "orb a @networked(rate: 10hz) { @networked(sync: [\"x\"])\nstate { x: 1, y: 2 } }",
            "A 10: x <i64> 1",
        ),
        // Of three values the last wins, and each change of mind is told.
        (
            "orb a @networked(rate: 10hz) @networked(rate: 20hz) @networked(rate: 30hz) {}",
            "A 30: POSE\nHS113 line 1\nHS113 line 1",
        ),
        (
            "orb a @networked(sync_position: true) @networked(sync_position: false) {}",
            "A 20: ~rotation <Quat> [0.0,0.0,0.0,1.0]\nHS113 line 1",
        ),
        (
            "orb a @synced(position: true) @synced(position: false) { state { x: 1 } }",
            "A 30: x <i64> 1\nHS113 line 1",
        ),
    ]);
}

#[test]
fn items_are_options_under_their_exact_names_only() {
    table(&[
        ("orb a @networked { sync_position: true }", "A 20: POSE"),
        (
            "orb a @synced { sync_position: true\nstate { x: 1 } }",
            "A 30: ~position <Vec3> [0.0,0.0,0.0], x <i64> 1",
        ),
        // A property that is called almost so is a property.
        (
            "orb a @networked(sync: [synk_rate]) { synk_rate: 5 }",
            "A 20: synk_rate <i64> 5",
        ),
        (
            "orb a @synced(properties: [reliable]) { reliable: true }",
            "A 30: reliable <bool> true",
        ),
    ]);
}
