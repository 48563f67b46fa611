//! R5: what a field is by its value and by its name.

use holo_grammar::diagnostic::Severity;
use holoc::lock::Lock;

use super::table;
use crate::support::compile;

#[test]
fn r5_literals() {
    let rows = [
        ("100", "<i64> 100"),
        ("-3", "<i64> -3"),
        ("1.5", "<f64> 1.5"),
        ("1e3", "<f64> 1000.0"),
        ("true", "<bool> true"),
        ("\"text\"", "<String> \"text\""),
        ("\"\"", "<String> \"\""),
        ("\"#ff8800\"", "<Color> \"#ff8800\""),
        ("#f80c", "<Color> \"#ff8800cc\""),
        ("[]", "OrSet<Value> []"),
        ("[\"a\", \"a\"]", "OrSet<String> [\"a\"]\nHS134 line 1"),
        ("[1, 2]", "OrSet<i64> [1,2]"),
        ("[1, 2.5]", "OrSet<f64> [1.0,2.5]"),
        ("[1, 2, 3]", "<Vec3> [1.0,2.0,3.0]"),
        ("{ x: 1, y: 2, z: 3 }", "<Vec3> [1.0,2.0,3.0]"),
        ("{}", "LwwMap<String, Value> {}"),
    ];
    for (value, expected) in rows {
        table(&[(
            &format!("orb a @synced {{ state {{ v: {value} }} }}"),
            &format!("A 30: v {expected}"),
        )]);
    }
    table(&[
        (
            "orb a @synced { state { v: null } }",
            "A 30: v <Option<Value>> null\nHS121 line 1",
        ),
        (
            "orb a @synced { state { v: uuid() } }",
            "A 30: v <Option<Value>> null\nHS120 line 1",
        ),
        (
            "orb a @synced { state { v: [{ a: 1 }] } }",
            "A 30: v OrSet<AVItem> [{\"a\":1}]",
        ),
        (
            "orb a @synced { state { v: [1, \"x\"] } }",
            "A 30: v OrSet<Value> [1,\"x\"]\nHS122 line 1",
        ),
        (
            "orb a @synced { state { v: { n: 1, in: { s: \"\" } } } }",
            "AVIn: s <String> \"\"\nAV: n <i64> 1, in AVIn {}\nA 30: v AV {}",
        ),
        (
            "orb a @synced { state { v: {} }\naction f(k) { v[k] = 1 } }",
            "A 30: v LwwMap<String, Value> {}",
        ),
        (
            "orb a @synced { state { v: { k: 1 } }\naction f(k) { state.v[k] = 1 } }",
            "A 30: v LwwMap<String, Value> {}\nHS116 line 1",
        ),
        (
            "orb a @synced { state { x: 1 if (features.x) } }",
            "A 30: x <i64> 1",
        ),
    ]);
}

#[test]
fn r5_names() {
    table(&[
        (
            "orb a @networked { rotation: [0, 180, 0] }",
            "A 20: ~position <Vec3> [0.0,0.0,0.0], ~rotation <Quat> [0.0,1.0,0.0,0.0]",
        ),
        (
            "orb a @networked { rotation: [0, 0, 0, 2] }",
            "A 20: ~position <Vec3> [0.0,0.0,0.0], ~rotation <Quat> [0.0,0.0,0.0,2.0]",
        ),
        (
            "orb a @synced(properties: [scale]) { scale: 0.5 }",
            "A 30: ~scale <Vec3> [0.5,0.5,0.5]",
        ),
        (
            "orb a @synced(properties: [velocity, owner]) {}",
            "A 30: velocity <Vec3> [0.0,0.0,0.0], owner <Option<ReplicaId>> null",
        ),
        // A literal of another type is stronger than the name.
        (
            "orb a @synced { state { rotation: \"left\" } }",
            "A 30: rotation <String> \"left\"",
        ),
        // A marker is no value.
        (
            "orb a { networked { position: synced\nowner: owner_only } }",
            "A 20: ~position <Vec3> [0.0,0.0,0.0], owner <Option<ReplicaId>> null",
        ),
        (
            "orb a { networked { aim: interpolated }\naim: [0, 0, 1] }",
            "A 20: ~aim <Vec3> [0.0,0.0,1.0]",
        ),
        (
            "orb a @synced(properties: [helth]) { state { health: 1 } }",
            "A 30: \nHS111 line 1",
        ),
    ]);
}

#[test]
fn r5_a_name_that_means_something_needs_no_type() {
    for (name, expected) in [
        ("position", "~position <Vec3> [0.0,0.0,0.0]"),
        ("rotation", "~rotation <Quat> [0.0,0.0,0.0,1.0]"),
        ("scale", "~scale <Vec3> [1.0,1.0,1.0]"),
        ("velocity", "velocity <Vec3> [0.0,0.0,0.0]"),
        ("angularVelocity", "angularVelocity <Vec3> [0.0,0.0,0.0]"),
        ("owner", "owner <Option<ReplicaId>> null"),
    ] {
        table(&[(
            &format!("orb a @synced(properties: [{name}]) {{}}"),
            &format!("A 30: {expected}"),
        )]);
    }
}

#[test]
fn r5_a_template_says_what_its_objects_fields_are() {
    table(&[(
        "template \"T\" { state { hp: 1.5\nname: \"\" } }\nobject \"A\" using \"T\" @synced { state { hp: 2\nname: \"x\" } }",
        "A 30: hp <f64> 2.0, name <String> \"x\"",
    )]);
}

#[test]
fn r5_what_nothing_speaks_for_holds_any_value_with_a_note() {
    table(&[
        (
            "networked_object a { level: synced }",
            "A 20: level <Option<Value>> null\nHS121 line 1",
        ),
        (
            "orb a @synced { state { t: now() } }",
            "A 30: t <Option<Value>> null\nHS120 line 1",
        ),
    ]);
    let unit = compile(
        "t.hsplus",
        "networked_object a { level: synced }",
        &mut Lock::default(),
    );
    assert_eq!(unit.diagnostics[0].severity, Severity::Note);
}

#[test]
fn r5_a_listed_name_that_is_unknown_is_an_error_only_near_a_known_one() {
    let severity = |name: &str| {
        let source = format!("orb a @synced(properties: [{name}]) {{ state {{ health: 1 }} }}");
        let unit = compile("t.hsplus", &source, &mut Lock::default());
        unit.diagnostics.first().map(|one| one.severity)
    };
    assert_eq!(severity("health"), None);
    assert_eq!(severity("helth"), Some(Severity::Error));
    assert_eq!(severity("heal"), Some(Severity::Error));
    assert_eq!(severity("hea"), Some(Severity::Warning));
    assert_eq!(severity("colour"), Some(Severity::Warning));
}

#[test]
fn r5_a_structure_that_is_looked_up_by_a_name_worked_out_is_a_map() {
    let orb = "orb a @synced { state { v: {}, w: { k: 1 } } }";
    table(&[
        // Anywhere in the file.
        (
            &format!("{orb}\norb b {{ action f(k) {{ a.w[k] = 1 }} }}"),
            "A 30: v LwwMap<String, Value> {}, w LwwMap<String, Value> {}\nHS116 line 1",
        ),
        // A literal is a field by another spelling.
        (
            &format!("{orb}\norb b {{ action f() {{ a.w[\"k\"] = 1 }} }}"),
            "AW: k <i64> 1\nA 30: v LwwMap<String, Value> {}, w AW {}",
        ),
    ]);
}

#[test]
fn r5_elements_of_one_shape_get_a_type() {
    table(&[
        (
            "orb a @synced { state { v: [{ a: 1, b: \"\" }, { b: \"x\", a: 2 }] } }",
            "A 30: v OrSet<AVItem> [{\"a\":1,\"b\":\"\"},{\"a\":2,\"b\":\"x\"}]",
        ),
        (
            "orb a @synced { state { v: [{ a: 1 }, { b: 2 }] } }",
            "A 30: v OrSet<Value> [{\"a\":1},{\"b\":2}]\nHS122 line 1",
        ),
    ]);
}

#[test]
fn r5_a_conditional_field_is_always_there() {
    table(&[
        (
            "orb a { hp: synced int = 20 if (features.x) }",
            "A 30: hp <i64> 20",
        ),
        (
            "orb a @synced { state { x: 1 if (false)\ny: 2 } }",
            "A 30: x <i64> 1, y <i64> 2",
        ),
    ]);
}
