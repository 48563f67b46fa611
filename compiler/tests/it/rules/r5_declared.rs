//! R5: what a field is by what its author says, the strongest word first.

use holoc::lock::Lock;

use super::table;
use crate::support::{compact, compile};

#[test]
fn r5_annotations() {
    let rows = [
        ("number", "<f64> 0.0"),
        ("int", "<i64> 0"),
        ("int = 5", "<i64> 5"),
        ("float = 1", "<f64> 1.0"),
        ("string", "<String> \"\""),
        ("boolean", "<bool> false"),
        ("vec3", "<Vec3> [0.0,0.0,0.0]"),
        ("Vector3", "<Vec3> [0.0,0.0,0.0]"),
        ("quaternion = [0, 0, 180]", "<Quat> [0.0,0.0,1.0,0.0]"),
        ("color = #fff", "<Color> \"#ffffff\""),
        ("PNCounter", "PnCounter 0"),
        ("counter = 3", "PnCounter 3"),
        ("GCounter", "GCounter 0"),
        ("string[]", "OrSet<String> []"),
        ("Set<int>", "OrSet<i64> []"),
        ("or-set", "OrSet<Value> []"),
        ("Map<string, int>", "LwwMap<String, i64> {}"),
        ("Map<number, vec3>", "LwwMap<i64, Vec3> {}"),
        ("string | null", "<Option<String>> null"),
        ("int?", "<Option<i64>> null"),
        ("any = [1]", "<Value> [1]"),
        ("\"idle\" | \"run\"", "<String> \"idle\""),
        ("Mode", "<Mode> \"calm\""),
        ("LwwRegister<int>", "<i64> 0"),
    ];
    for (ty, expected) in rows {
        let source = format!("enum Mode {{ calm, wild }}\norb a @synced {{ state {{ v: {ty} }} }}");
        table(&[(&source, &format!("A 30: v {expected}"))]);
    }
    table(&[
        (
            "orb a @synced { state { v: Sword | Shield = 1 } }",
            "A 30: v <Value> 1",
        ),
        (
            "orb a @synced { state { v: Sword = null } }",
            "A 30: v <Option<Value>> null\nHS119 line 1",
        ),
        (
            "orb a @synced { state { v?: int } }",
            "A 30: v <Option<i64>> null",
        ),
        (
            "orb a @synced { state { v: int = \"x\" } }",
            "A 30: v <i64> 0\nHS118 line 1",
        ),
        (
            "orb a @synced { state { v: GCounter = -1 } }",
            "A 30: v GCounter 0\nHS118 line 1",
        ),
        (
            "orb a @synced { state { v: text = \"hi\" } }",
            "A 30: v Text \"hi\"",
        ),
        ("orb a @synced { state { v: Text } }", "A 30: v Text \"\""),
        (
            "orb a @synced { state { v: string = \"hi\" @crdt(\"text\") } }",
            "A 30: v Text \"hi\"",
        ),
        (
            "orb a @synced { state { v: [2, 1, 2] @crdt(\"rga\") } }",
            "A 30: v Sequence<i64> [2,1,2]",
        ),
        (
            "orb a @synced { state { v: Sequence<string> = [\"b\", \"b\"] } }",
            "A 30: v Sequence<String> [\"b\",\"b\"]",
        ),
        (
            "orb a @synced { state { v: string[] = [\"b\"] @ordered } }",
            "A 30: v Sequence<String> [\"b\"]",
        ),
        (
            "orb a @synced { state { v: list @ordered } }",
            "A 30: v Sequence<Value> []",
        ),
        (
            "orb a @synced { state { v: [1.5] @ordered } }",
            "A 30: v Sequence<f64> [1.5]",
        ),
        (
            "orb a @synced { state { v: 0 @crdt(\"foo\") } }",
            "A 30: v <Option<Value>> null\nHS117 line 1",
        ),
        (
            "orb a @synced { state { v: 0 @counter } }",
            "A 30: v PnCounter 0",
        ),
        (
            "orb a @synced { state { v: 0 @crdt(\"g_counter\") } }",
            "A 30: v GCounter 0",
        ),
        (
            "orb a @synced { state { v: [] @sync_tier { crdtType: \"or-set\" } } }",
            "A 30: v OrSet<Value> []",
        ),
        (
            "orb a @crdt(v: \"pn_counter\") { state { v: 0 } }",
            "A 30: v PnCounter 0",
        ),
        // The strongest word first: annotation, field trait, node trait.
        (
            "orb a @crdt(v: \"or_set\") { state { v: 0 @counter } }",
            "A 30: v PnCounter 0",
        ),
        (
            "orb a @synced { state { v: int = 0 @counter } }",
            "A 30: v <i64> 0\nHS150 line 1",
        ),
    ]);
}

#[test]
fn a_variant_of_an_enum_is_a_word() {
    let of =
        |field: &str| format!("enum Mode {{ Idle, Run }}\norb a @synced {{ state {{ {field} }} }}");
    table(&[
        (&of("m: Mode = Mode.Run"), "A 30: m <Mode> \"Run\""),
        (&of("m: Mode = Run"), "A 30: m <Mode> \"Run\""),
        (&of("m: Mode = \"Run\""), "A 30: m <Mode> \"Run\""),
        (&of("m: Mode.Run"), "A 30: m <Mode> \"Run\""),
        (&of("m: Mode"), "A 30: m <Mode> \"Idle\""),
        (
            &of("m: Mode = Mode.Rum"),
            "A 30: m <Mode> \"Idle\"\nHS118 line 2",
        ),
        (
            &of("m: \"a\" | \"b\" = \"c\""),
            "A 30: m <String> \"a\"\nHS118 line 2",
        ),
        // What is no enum is a member expression.
        (
            &of("m: computed(() => 1), n: 1"),
            "A 30: n <i64> 1\nHS129 line 2",
        ),
        (&of("m: Other.Run, n: 1"), "A 30: n <i64> 1\nHS129 line 2"),
    ]);
}

#[test]
fn a_type_without_a_value_starts_at_its_zero() {
    for (ty, expected) in [
        ("Mode", "<Mode> \"calm\""),
        ("quat", "<Quat> [0.0,0.0,0.0,1.0]"),
        ("color", "<Color> \"#ffffff\""),
        ("Sword", "<Option<Value>> null\nHS119 line 2"),
        ("Set<int>", "OrSet<i64> []"),
        ("any", "<Value> null"),
    ] {
        let source = format!("enum Mode {{ calm, wild }}\norb a @synced {{ state {{ v: {ty} }} }}");
        table(&[(&source, &format!("A 30: v {expected}"))]);
    }
}

/// Each word beats the next: annotation, field trait, `@crdt` on the node, the lock, usage, the literal.
#[test]
fn the_stronger_word_wins() {
    let orb = |on_node: &str, field: &str| {
        format!("orb a @synced {on_node} {{ state {{ {field} }}\naction go() {{ v += 1 }} }}")
    };
    let all = "@crdt(v: \"lww_register\")";
    table(&[
        (
            &orb(all, "v: GCounter = 0 @crdt(\"or_set\")"),
            "A 30: v GCounter 0\nHS150 line 1",
        ),
        (&orb(all, "v: 0 @crdt(\"g_counter\")"), "A 30: v GCounter 0"),
        (
            &orb(all, "v: 0 @sync_tier { crdtType: \"g-counter\" }"),
            "A 30: v GCounter 0",
        ),
        (&orb(all, "v: 0"), "A 30: v <i64> 0"),
        (&orb("", "v: 0"), "A 30: v PnCounter 0"),
        (&orb("", "v: 1"), "A 30: v <i64> 1\nHS140 line 1"),
    ]);
    // The lock stands between what is said and what is guessed.
    let history = |last: &str, expected: &str| {
        let mut lock = Lock::default();
        compile("t.hsplus", &orb("", "v: 0.0"), &mut lock);
        assert_eq!(compact(&compile("t.hsplus", last, &mut lock)), expected);
    };
    history(&orb("", "v: 0"), "A 30: v <f64> 0.0\nHS124 line 1");
    history(
        &orb("@crdt(v: \"pn_counter\")", "v: 0"),
        "A 30: v PnCounter 0\nHS125 line 1",
    );
    history(
        "orb a @synced { state { v: 0 } }",
        "A 30: v <f64> 0.0\nHS124 line 1",
    );
}

#[test]
fn every_row_of_the_table_that_is_written_as_a_type_is_kept_as_written() {
    let types = "struct Item { name: string }\nenum Mode { calm }";
    for (ty, expected) in [
        ("PNCounter", "v PnCounter 0"),
        ("counter", "v PnCounter 0"),
        ("string[]", "v OrSet<String> []"),
        ("Set<string>", "v OrSet<String> []"),
        ("Map<string, Mode>", "v LwwMap<String, Mode> {}"),
        ("Item | null", "v <Option<Item>> null"),
        ("Item[]", "v OrSet<Item> []"),
        ("Mode", "v <Mode> \"calm\""),
    ] {
        let source = format!("{types}\norb a @synced {{ state {{ v: {ty} }} }}");
        table(&[(&source, &format!("A 30: {expected}"))]);
    }
}
