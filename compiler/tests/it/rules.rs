//! Every sentence of the rule book that the compiler follows, as a source and what is to come of it.

use holoc::lock::Lock;

use crate::support::{compact, compile, compile_bytes};

const POSE: &str = "~position <Vec3> [0.0,0.0,0.0], ~rotation <Quat> [0.0,0.0,0.0,1.0]";

/// Checks a table of (source, expected); `POSE` stands for an undeclared pose.
pub(crate) fn table(rows: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (source, expected) in rows {
        let found = compact(&compile("test.hsplus", source, &mut Lock::default()));
        let expected = expected.replace("POSE", POSE);
        if found != expected {
            wrong.push_str(&format!(
                "--- {source}\nexpected:\n{expected}\nfound:\n{found}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn canonical_sample() {
    let source = "orb player @networked @synced {\n  position: [0, 1.6, 0]\n  state {\n    health: 100 // Synced as LWWRegister\n    inventory: [] // Synced as ORSet\n  }\n  sync_rate: 20hz\n}\n";
    let expected = "Player 20: ~position <Vec3> [0.0,1.6,0.0], ~rotation <Quat> [0.0,0.0,0.0,1.0], health <i64> 100, inventory OrSet<Value> []";
    table(&[(source, expected)]);
    let unit = compile("player.hsplus", source, &mut Lock::default());
    let health = &unit.world.orbs[0].fields[2];
    assert_eq!(
        health.reason.to_string(),
        "R5: an integer literal is a LwwRegister<i64>; write `health: PNCounter` to make it a counter"
    );
    assert_eq!(health.docs, ["Synced as LWWRegister"]);
}

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
            "orb a @synced { state { v: text = \"\" } }",
            "A 30: v <Option<Value>> null\nHS116 line 1",
        ),
        (
            "orb a @synced { state { v: 0 @crdt(\"rga\") } }",
            "A 30: v <Option<Value>> null\nHS116 line 1",
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
            "A 30: v <i64> 0",
        ),
    ]);
}

#[test]
fn r7_templates_and_children() {
    let template = "template \"T\" { @networked\nstate { hp: 100 } }\n";
    let base = "T 20: POSE, hp <i64> 100";
    let rows = [
        ("object \"A\" using \"T\" { hp: 3 }", "\nA of T"),
        (
            "object \"A\" using \"T\" { position: [1, 1, 1]\nstate { hp: 50 } }",
            "\nA of T",
        ),
        (
            "object \"A\" using \"T\" { state { mp: 1 } }",
            "\nA 20: POSE, hp <i64> 100, mp <i64> 1",
        ),
        (
            "object \"A\" using \"T\" { @host_only }",
            "\nA 20 host: POSE, hp <i64> 100",
        ),
        ("object \"A\" { ...T\nstate { hp: 50.5 } }", "\nA of T"),
        ("object \"A\" using \"Missing\" { }", ""),
    ];
    for (object, expected) in rows {
        table(&[(&format!("{template}{object}"), &format!("{base}{expected}"))]);
    }
    table(&[
        (
            "template \"T\" { state { hp: 1 } }\nobject \"A\" using \"T\" { @networked }",
            "A 20: POSE, hp <i64> 1",
        ),
        (
            "object \"Arm\" @networked { object \"Hand\" { position: [1, 1, 1] } }",
            "Arm 20: POSE",
        ),
        (
            "object \"Arm\" { object \"Hand\" @networked { position: [1, 1, 1] } }",
            "Hand 20: ~position <Vec3> [1.0,1.0,1.0], ~rotation <Quat> [0.0,0.0,0.0,1.0]",
        ),
        // A template that uses itself ends somewhere.
        (
            "template \"T\" using \"T\" { @networked }\ntemplate \"U\" using \"V\" { @networked }\ntemplate \"V\" using \"U\" {}",
            "T 20: POSE\nU 20: POSE\nV 20: POSE",
        ),
    ]);
}

#[test]
fn r9_names() {
    table(&[
        ("player { @networked }", "Player 20: POSE"),
        ("panel#main @networked { }", "Main 20: POSE"),
        ("orb@shared { @networked }", "Shared 20: POSE"),
        ("orb \"GameBall 2\" @networked {}", "GameBall2 20: POSE"),
        ("orb \"日本語\" @networked {}", "日本語 20: POSE"),
        ("orb \"3d-model\" @networked {}", "N3dModel 20: POSE"),
        (
            "orb \"\" @networked {}",
            ": POSE\nHS105 line 1".replacen(':', " 20:", 1).as_str(),
        ),
        (
            "zone Shop { sign Sign @networked {} }\nzone Plaza { sign Sign @networked {} }",
            "ShopSign 20: POSE\nPlazaSign 20: POSE",
        ),
        (
            "orb a @networked {}\norb a @networked {}",
            "A 20: POSE\nA 20: POSE\nHS102 line 2",
        ),
        ("orb a {}\norb a @networked {}", "A 20: POSE\nHS102 line 2"),
        ("orb a {}\norb a {}", ""),
        (
            "orb ball @networked {}\norb Ball @networked {}",
            "Ball 20: POSE\nBall 20: POSE\nHS104 line 2",
        ),
        (
            "composition W { template \"Ball\" { @networked }\nobject \"Ball\" using \"Ball\" {} }",
            "Ball 20: POSE\nBall of Ball",
        ),
        (
            "orb a @synced { state { maxHp: 1\nmax_hp: 2 } }",
            "A 30: maxHp <i64> 1, max_hp <i64> 2\nHS103 line 2",
        ),
        (
            "orb a @synced { state { type: 1\nself: 2 } }",
            "A 30: type <i64> 1, self <i64> 2",
        ),
        (
            "orb a @synced { state { x: 1\nx: 2\ny: 3 } }",
            "A 30: x <i64> 1, y <i64> 3\nHS101 line 2",
        ),
    ]);
    let unit = compile(
        "t.hsplus",
        "orb a @synced { state { type: 1\nself: 2 } }",
        &mut Lock::default(),
    );
    let rust: Vec<_> = unit.world.orbs[0]
        .fields
        .iter()
        .map(|field| field.rust.as_str())
        .collect();
    assert_eq!(rust, ["r#type", "self_"]);
    let unit = compile(
        "t.hsplus",
        "zone Shop { sign Sign @networked {} }",
        &mut Lock::default(),
    );
    assert_eq!(unit.world.orbs[0].wire, "Shop/Sign");
    assert_eq!(
        holoc::emit::module_path("a/b-c.hsplus").unwrap(),
        ["a", "b_c"]
    );
    assert_eq!(holoc::emit::module_path("type.hsplus").unwrap(), ["r#type"]);
    assert_eq!(holoc::emit::module_path("mod.hsplus").unwrap(), ["mod_"]);
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
fn instances_name_a_type() {
    table(&[
        (
            "template \"T\" @synced { state { x: 1 } }\ntemplate \"U\" using \"T\" {}\nobject \"a\" using \"U\"\nobject \"b\" using \"a\"",
            "T 30: x <i64> 1\nU 30: x <i64> 1\na of U\nb of U",
        ),
        (
            "template \"Mug\" @synced { state { x: 1 } }\nobject \"a\" using \"Mgu\"",
            "Mug 30: x <i64> 1\nHS135 line 2",
        ),
        (
            "import { Mgu } from \"x\"\ntemplate \"Mug\" @synced { state { x: 1 } }\nobject \"a\" using \"Mgu\"",
            "Mug 30: x <i64> 1",
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
