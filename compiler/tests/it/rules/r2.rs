//! R2: which fields of an orb synchronise.

use super::table;

#[test]
fn r2_which_fields() {
    let state = "state { hp: 100, mp: 5 }";
    let lists = [
        "properties: [\"hp\"]",
        "sync: [hp]",
        "sync_properties: \"hp\"",
        "syncProperties: [\"state.hp\"]",
    ];
    for list in lists {
        table(&[(
            &format!("orb a @networked({list}) {{ {state} }}"),
            "A 20: hp <i64> 100",
        )]);
    }
    table(&[
        (
            "orb a @networked(sync: \"mp, hp\") { state { hp: 100, mp: 5, xp: 1 } }",
            "A 20: hp <i64> 100, mp <i64> 5",
        ),
        (
            "orb a { @synced { properties: [\"color\"] } }",
            "A 30: color <Option<Value>> null\nHS112 line 1",
        ),
        // Markers do not exclude state.
        (
            "orb a { state { hp: 1 }\n@networked position\nmp: 2 }",
            "A 20: ~position <Vec3> [0.0,0.0,0.0], hp <i64> 1",
        ),
        (
            "orb a @networked { level: synced int = 1\nstate { hp: 1 } }",
            "A 20: level <i64> 1, hp <i64> 1",
        ),
        // Nothing named: state, what handlers write, and the pose.
        (
            "orb a @networked { n: 0\nm: 0\nbag: []\nother: 1\naction go() { this.n = 1\nm += 1\nthis.bag.push(2) } }",
            "A 20: POSE, n <i64> 0, m PnCounter 0, bag OrSet<Value> []",
        ),
        (
            "orb a @networked { n: 0\non_tick: () => { let n = 1; n = 2; this.q = n == 3 } }",
            "A 20: POSE",
        ),
        (
            "orb a @synced { position: [1, 2, 3] }",
            "A 30: ~position <Vec3> [1.0,2.0,3.0]",
        ),
        ("orb a @synced { color: \"blue\" }", "A 30: \nHS132 line 1"),
        (
            "orb a @synced { @grabbable\nposition: true\nstate { x: 1 } }",
            "A 30: position <bool> true, x <i64> 1",
        ),
        (
            "orb a @synced(position: true) { state { x: 1 } }",
            "A 30: ~position <Vec3> [0.0,0.0,0.0]",
        ),
        (
            "orb a @networked(sync_scale: true) {}",
            "A 20: POSE, ~scale <Vec3> [1.0,1.0,1.0]",
        ),
        // `state` is all of it; the state's field comes before the property.
        (
            "orb a @networked(sync: [state]) { state { x: 1, y: 2 }\nz: 3 }",
            "A 20: x <i64> 1, y <i64> 2",
        ),
        (
            "orb a @networked(sync: [\"state.x\", \"x\"]) { state { x: 1 }\nx: true }",
            "A 20: x <i64> 1\nHS149 line 2",
        ),
        (
            "orb a { @synced { properties: [\"*\"] } }\norb b @synced(properties: \"*\") { c: 1\nd: f()\nstate { e: 2 } }",
            "A 30: POSE, ~scale <Vec3> [1.0,1.0,1.0]\nB 30: POSE, ~scale <Vec3> [1.0,1.0,1.0], c <i64> 1, e <i64> 2",
        ),
        // Never: functions, computed, `${…}`, members.
        (
            "orb a @synced { state { x: 1\nf: () => { go() }\nc: computed { x }\ns: `v ${x}`\nm: this.x } }",
            "A 30: x <i64> 1\nHS129 line 3\nHS129 line 4\nHS129 line 5",
        ),
        (
            "orb a @synced(properties: [m]) { m: this.x }",
            "A 30: \nHS129 line 1",
        ),
        // A listed vector is live when interpolation is on.
        (
            "orb a @networked(sync: [aim], interpolation: true) { aim: [0, 0, 1] }",
            "A 20: ~aim <Vec3> [0.0,0.0,1.0]",
        ),
        (
            "orb a @networked(sync: [aim], interpolation: false) { aim: [0, 0, 1] }",
            "A 20: aim <Vec3> [0.0,0.0,1.0]",
        ),
        (
            "orb a @synced { state { home: [0, 0, 1] } }",
            "A 30: home <Vec3> [0.0,0.0,1.0]",
        ),
    ]);
}

#[test]
fn r2_paths_lead_into_structures() {
    let orb = |list: &str| {
        format!(
            "orb a @synced(properties: [{list}]) {{ state {{ stats: {{ hp: 1, mp: {{ now: 2, max: 3 }} }}\nbag: [] }} }}"
        )
    };
    table(&[
        (
            &orb("\"stats.hp\""),
            "AStats: hp <i64> 1\nA 30: stats AStats {}",
        ),
        (
            &orb("\"state.stats.hp\""),
            "AStats: hp <i64> 1\nA 30: stats AStats {}",
        ),
        (
            &orb("\"stats.hp\", \"stats.mp.max\""),
            "AStatsMp: max <i64> 3\nAStats: hp <i64> 1, mp AStatsMp {}\nA 30: stats AStats {}",
        ),
        (
            &orb("\"stats.mp\", \"bag\""),
            "AStatsMp: now <i64> 2, max <i64> 3\nAStats: mp AStatsMp {}\nA 30: stats AStats {}, bag OrSet<Value> []",
        ),
        // All of it wins over a part of it, in either order.
        (
            &orb("\"stats.hp\", \"stats\""),
            "AStatsMp: now <i64> 2, max <i64> 3\nAStats: hp <i64> 1, mp AStatsMp {}\nA 30: stats AStats {}",
        ),
        (
            &orb("\"stats\", \"stats.hp\""),
            "AStatsMp: now <i64> 2, max <i64> 3\nAStats: hp <i64> 1, mp AStatsMp {}\nA 30: stats AStats {}",
        ),
        // A part of a plain value travels with all of it.
        (&orb("\"bag.first\""), "A 30: bag OrSet<Value> []"),
        (
            &orb("\"stats.hpp\", \"bag\""),
            "A 30: bag OrSet<Value> []\nHS111 line 1",
        ),
        (
            &orb("\"stats.luck\", \"bag\""),
            "A 30: bag OrSet<Value> []\nHS112 line 1",
        ),
    ]);
}

#[test]
fn the_states_of_a_machine_are_no_data() {
    table(&[(
        "state_machine \"m\" @synced {\nstate patrol { speed: 4 }\nstate { now: \"patrol\" } }",
        "M 30: now <String> \"patrol\"",
    )]);
}

#[test]
fn a_node_without_anything_gets_a_pose() {
    table(&[
        ("object \"Mug\" @networked {}", "Mug 20: POSE"),
        ("networked_object Ball {}", "Ball 20: POSE"),
        (
            "object \"Mug\" @networked { rotation: [0, 180, 0]\ncolor: \"red\" }",
            "Mug 20: ~position <Vec3> [0.0,0.0,0.0], ~rotation <Quat> [0.0,1.0,0.0,0.0]",
        ),
        // `@synced` sends what is declared.
        (
            "object \"Mug\" @synced { rotation: [0, 180, 0] }",
            "Mug 30: ~rotation <Quat> [0.0,1.0,0.0,0.0]",
        ),
        (
            "object \"Mug\" @synced { scale: 2 }",
            "Mug 30: \nHS132 line 1",
        ),
    ]);
}

#[test]
fn a_list_leaves_out_what_it_does_not_name() {
    table(&[
        (
            "orb a @networked(sync: [x]) { position: [1, 2, 3]\nstate { x: 1, y: 2 } }",
            "A 20: x <i64> 1",
        ),
        // Every spelling of one field is that field.
        (
            "orb a @synced(properties: [\"state.x\", \"x\", \"this.x\"]) { state { x: 1 } }",
            "A 30: x <i64> 1",
        ),
        // Lists of several traits add up.
        (
            "orb a @networked(sync: [x]) @synced(properties: [y]) { state { x: 1, y: 2, z: 3 } }",
            "A 20: x <i64> 1, y <i64> 2",
        ),
        // A marker beside a list adds its field.
        (
            "orb a @synced(properties: [x]) { level: synced int = 1\nstate { x: 1, y: 2 } }",
            "A 30: level <i64> 1, x <i64> 1",
        ),
    ]);
}

#[test]
fn only_what_the_nodes_own_handlers_write_is_taken() {
    table(&[
        (
            "orb a @synced { n: 1 }\norb b { action go() { a.n = 2 } }",
            "A 30: \nHS132 line 1",
        ),
        (
            "orb a @synced { n: 1\nf: 2\non_hit() { this.n = 2; log(this.f) } }",
            "A 30: n <i64> 1",
        ),
    ]);
}

#[test]
fn a_listed_rotation_is_live_as_long_as_it_interpolates() {
    let orb = |options: &str| {
        format!("orb a @networked(sync: [aim]{options}) {{ aim: quaternion = [0, 0, 180] }}")
    };
    let aim = "aim <Quat> [0.0,0.0,1.0,0.0]";
    table(&[
        // Interpolation is on by default.
        (&orb(""), &format!("A 20: ~{aim}")),
        (
            &orb(", interpolation: \"hermite\""),
            &format!("A 20: ~{aim}"),
        ),
        (&orb(", interpolation: false"), &format!("A 20: {aim}")),
        (&orb(", interpolation: \"none\""), &format!("A 20: {aim}")),
        (
            "orb a @networked(sync: [n]) { n: 1.5 }",
            "A 20: n <f64> 1.5",
        ),
    ]);
}

#[test]
fn words_that_are_no_markers_are_told() {
    table(&[
        (
            "orb a { networked { hp: interpolatd\nmp: banana\nlevel: int\nmode: owner }\nhp: 1\nmp: 2\nlevel: 3 }",
            "A 20 owner: hp <i64> 1, mp <i64> 2, level <i64> 3\nHS148 line 1\nHS148 line 2",
        ),
        (
            "networked_object a { hp: synced\nmp: sycned }",
            "A 20: hp <Option<Value>> null\nHS121 line 1\nHS148 line 2",
        ),
        // Elsewhere a word is a value that is worked out.
        (
            "orb a @synced { hp: sycned\nstate { x: 1 } }",
            "A 30: x <i64> 1",
        ),
        (
            "orb a { networked { position synced } }",
            "A 20: ~position <Vec3> [0.0,0.0,0.0]\nHS013 line 1",
        ),
    ]);
}

#[test]
fn a_property_that_the_state_hides_is_noted_where_one_node_says_both() {
    table(&[
        (
            "orb a @synced { hp: 1\nstate { hp: 2 } }",
            "A 30: hp <i64> 2\nHS149 line 1",
        ),
        // What an object says over its template is no mistake.
        (
            "template \"T\" @synced { state { hp: 2 } }\nobject \"A\" using \"T\" { hp: 3 }",
            "T 30: hp <i64> 2\nA of T",
        ),
        (
            "template \"T\" @synced { state { hp: 2 } }\nobject \"A\" using \"T\" { hp: 3\nstate { mp: 1 } }",
            "T 30: hp <i64> 2\nA 30: hp <i64> 3, mp <i64> 1",
        ),
        // A property beside a state that keeps its field local is heard.
        (
            "orb a @synced(properties: [n]) { hp: 1\nstate { hp: 2, n: 3 } }",
            "A 30: n <i64> 3",
        ),
    ]);
}
