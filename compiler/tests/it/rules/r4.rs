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
