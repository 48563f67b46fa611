//! R5: what a field is by its value and by its name.

use super::table;

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
