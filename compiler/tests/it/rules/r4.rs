//! R4: traits that stand before items.

use super::table;

#[test]
fn r4_traits_before_items() {
    table(&[
        (
            "room a { state { draft: \"\"\n@networked\nroom_name: \"\"\n@synced\nchat: []\n@local_only\ntool: \"x\" } }",
            "A 20: room_name <String> \"\", chat OrSet<Value> []",
        ),
        (
            "room a @synced { state { x: 1\n@local_only\ntool: \"x\" } }",
            "A 30: x <i64> 1",
        ),
        (
            "orb a { state { x: 1\n@networked y: 2 } }",
            "A 20: y <i64> 2",
        ),
        // Before an action it annotates the action.
        (
            "orb a { @networked\naction go() { x = 1 }\nstate { x: 1 } }",
            "",
        ),
        (
            "orb a { @networked position\n@networked rotation }",
            "A 20: POSE",
        ),
        (
            "orb a @synced { state { @host_only\nx: 1 } }",
            "A 30: x <i64> 1",
        ),
    ]);
}

#[test]
fn a_trait_governs_until_the_next_or_the_end() {
    table(&[
        (
            "room a { state { a: 1\n@synced\nb: 2\nc: 3\n@local_only\nd: 4\ne: 5 } }",
            "A 30: b <i64> 2, c <i64> 3",
        ),
        // The end of the block is the end of its rule.
        (
            "room a { state { @synced\nb: 2 }\nstate { c: 3 } }",
            "A 30: b <i64> 2",
        ),
        // A trait on the line of a field is that field's, and comes before what governs it.
        (
            "room a { state { @synced\nb: 2\nc: 3 @local_only\nd: 4 } }",
            "A 30: b <i64> 2, d <i64> 4",
        ),
    ]);
}

#[test]
fn before_a_method_it_is_the_methods_own() {
    for method in [
        "action go() { x = 1 }",
        "go() { x = 1 }",
        "function go() { x = 1 }",
    ] {
        table(&[(
            &format!("orb a {{ @networked\n{method}\nstate {{ x: 1 }} }}"),
            "",
        )]);
    }
    // With a line between them it is the node's.
    table(&[(
        "orb a { @networked\n\naction go() { x = 1 }\nstate { x: 1 } }",
        "A 20: POSE, x <i64> 1",
    )]);
}
