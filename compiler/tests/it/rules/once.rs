//! One cause is told once.

use holoc::lock::Lock;

use super::table;
use crate::support::compile_bytes;

#[test]
fn one_cause_is_told_once() {
    table(&[
        // A misspelt trait is read as what it was meant to be.
        (
            "orb a @networkd {\nstate { x: 1 }\nsync_rate: fast }",
            "A 20: POSE, x <i64> 1\nHS106 line 1\nHS107 line 3",
        ),
        (
            "orb a {\nstate { @sinced\nx: 1 } }",
            "A 30: x <i64> 1\nHS106 line 2",
        ),
        ("orb a @hostonly {}", "HS106 line 1"),
        // A value that is missing or cannot be read is no value without a type.
        (
            "orb a @synced { state { x:\ny: 1 } }",
            "A 30: x <Option<Value>> null, y <i64> 1\nHS014 line 1",
        ),
    ]);
    let deep = format!(
        "orb a @synced {{ state {{\nx: {}{}\ny: 1 }} }}",
        "[".repeat(200),
        "]".repeat(200)
    );
    table(&[(&deep, "A 30: x OrSet<Value> [], y <i64> 1\nHS012 line 2")]);
}

#[test]
fn bad_bytes_are_told_once() {
    let bytes = b"orb a @synced {\n\xff\nstate { x: 1\n y: \xfe\n z: 2 \xff }\n}\norb \"\xff\" @synced { state { x: 1 } }";
    let unit = compile_bytes("test.hsplus", bytes, &mut Lock::default());
    let codes: Vec<_> = unit.diagnostics.iter().map(|one| one.code.id).collect();
    assert_eq!(codes, ["HS001"]);
    assert_eq!(unit.world.orbs[0].fields.len(), 3);
    // Where the character itself is written, it is a mistake like any other.
    table(&[(
        "\u{fffd}\norb a @synced { state { x: 1 } }",
        "A 30: x <i64> 1\nHS017 line 1",
    )]);
}
