//! Schemas as text: what is read, in which spellings, and what is refused with its place.

use holo_runtime::dynamic::{Dynamic, Schema};
use holo_runtime::{Clock, Lane, Replica, ReplicaId, Value};
use holo_tests::random;
use holo_tests::rng::Rng;

fn field(field: &str) -> Result<Schema, String> {
    let text = format!(
        r#"{{"orb": "T", "fields": [{field}], "structs": {{"S": [{{"name": "x", "type": "i64"}}]}},
        "enums": {{"E": ["a", "b"]}}}}"#
    );
    Schema::from_json(&text).map_err(|error| error.to_string())
}

#[test]
fn types_and_crdts_are_read_in_every_spelling() {
    for (text, expected) in [
        (r#""type": "number""#, "LwwRegister<f64>"),
        (r#""type": "string?""#, "LwwRegister<Option<String>>"),
        (r#""type": "Vector3 | null""#, "LwwRegister<Option<Vec3>>"),
        (r#""type": "'a' | 'b'""#, "LwwRegister<String>"),
        (r#""type": "string[]""#, "OrSet<String>"),
        (
            r#""type": "string[]", "crdt": "sequence""#,
            "Sequence<String>",
        ),
        (
            r#""type": "Vec<string>", "crdt": "or-set""#,
            "OrSet<Vec<String>>",
        ),
        (r#""type": "i64[]", "crdt": "lww""#, "LwwRegister<Vec<i64>>"),
        (r#""type": "OrSet<i64>", "crdt": "OrSet""#, "OrSet<i64>"),
        (r#""crdt": "OrSet<u32>""#, "OrSet<u32>"),
        (r#""crdt": "2P-Set""#, "TwoPSet<Value>"),
        (r#""type": "counter""#, "PnCounter"),
        (r#""type": "i64", "crdt": "g_counter""#, "GCounter"),
        (r#""type": "text""#, "Text"),
        (r#""type": "string", "crdt": "text""#, "Text"),
        (r#""type": "i64", "crdt": "LwwMap""#, "LwwMap<String, i64>"),
        (
            r#""type": "u32, bool", "crdt": "LwwMap""#,
            "LwwMap<u32, bool>",
        ),
        (r#""type": "Map<i64, color>""#, "LwwMap<i64, Color>"),
        (r#""type": "S", "crdt": "OrMap""#, "OrMap<String, S>"),
        (
            r#""type": "InstanceId, OrMap<bool, Text>", "crdt": "OrMap""#,
            "OrMap<InstanceId, OrMap<bool, Text>>",
        ),
        (r#""type": "S""#, "S"),
        (r#""type": "S", "crdt": "Struct""#, "S"),
        (r#""type": "S", "crdt": "OrSet""#, "OrSet<S>"),
        (r#""type": "E""#, "LwwRegister<E>"),
        (r#""type": "ReplicaId""#, "LwwRegister<Option<ReplicaId>>"),
        (r#""fields": [{"name": "y", "type": "i64"}]"#, "f"),
        (
            r#""crdt": "OrMap", "type": "u32", "fields": [{"name": "y", "type": "i64"}]"#,
            "OrMap<u32, f>",
        ),
    ] {
        let schema = field(&format!(r#"{{"name": "f", {text}}}"#)).unwrap();
        assert_eq!(schema.fields()[0].ty, expected, "{text}");
    }
}

#[test]
fn what_is_no_schema_is_told_with_its_place() {
    for (text, expected) in [
        (r#"{"type": "i64"}"#, "fields[0]: it has no name"),
        (
            r#"{"name": "f"}"#,
            "fields[0]: it has neither a type nor a CRDT",
        ),
        (
            r#"{"name": "f", "type": "strin"}"#,
            "fields[0]: there is no type `strin`",
        ),
        (
            r#"{"name": "f", "type": "Map<"}"#,
            "fields[0].type: `Map<` is no type",
        ),
        (
            r#"{"name": "f", "crdt": "Bag"}"#,
            "fields[0]: `Bag` is no CRDT",
        ),
        (
            r#"{"name": "f", "type": "i64", "id": 0}"#,
            "fields[0].id: a number from 1 on",
        ),
        (
            r#"{"name": "f", "type": "i64", "lane": "fast"}"#,
            "fields[0].lane: it is durable or live",
        ),
        (
            r#"{"name": "f", "type": "u32", "initial": -1}"#,
            "fields[0].initial: -1 is no initial value of LwwRegister<u32>",
        ),
        (
            r#"{"name": "f", "type": "i64", "crdt": "LwwMap", "initial": {"a": 1}}"#,
            "fields[0].initial",
        ),
        (
            r#"{"name": "f", "type": "S", "initial": {"y": 1}}"#,
            "fields[0].initial",
        ),
        (
            r#"{"name": "f", "type": "i64"}, {"name": "g", "type": "i64", "id": 1}"#,
            "`f` and `g` have one id",
        ),
        (
            r#"{"name": "f", "type": "i64"}, {"name": "f", "type": "i64"}"#,
            "`f` is there twice",
        ),
        (r#"7"#, "fields[0]: expected an object, found 7"),
    ] {
        let error = field(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn schemas_without_an_end_are_refused() {
    let itself = r#"{"orb": "T", "fields": [{"name": "a", "type": "A"}],
        "structs": {"A": [{"name": "b", "type": "B"}], "B": [{"name": "a", "type": "A"}]}}"#;
    assert!(
        Schema::from_json(itself)
            .unwrap_err()
            .message
            .contains("hold themselves")
    );
    let value = itself.replace(r#""type": "A"}],"#, r#""type": "A", "crdt": "OrSet"}],"#);
    assert!(
        Schema::from_json(&value)
            .unwrap_err()
            .message
            .contains("hold themselves")
    );
    // Doubling sixteen times over is not deep, but large.
    let level = |n: usize| {
        let fields: Vec<String> = (0..16)
            .map(|at| format!(r#"{{"name": "f{at}", "type": "S{}"}}"#, n + 1))
            .collect();
        format!(r#""S{n}": [{}]"#, fields.join(","))
    };
    let structs: Vec<String> = (0..6).map(level).collect();
    let large = format!(
        r#"{{"orb": "T", "fields": [{{"name": "f", "type": "S0"}}], "structs": {{{}, "S6": [{{"name": "x", "type": "i64"}}]}}}}"#,
        structs.join(",")
    );
    assert!(
        Schema::from_json(&large)
            .unwrap_err()
            .message
            .contains("65536")
    );
    let long = format!("{}{}", " ".repeat(4 << 20), itself);
    assert!(
        Schema::from_json(&long)
            .unwrap_err()
            .message
            .contains("longer")
    );
    let deep = "[".repeat(100_000);
    assert!(Schema::from_json(&deep).is_err());
}

#[test]
fn a_document_has_several_orbs_with_their_policies() {
    let text = r#"{"orbs": [
        {"orb": "a", "rate_hz": 20, "authority": "server", "fields": [{"id": 3, "name": "p", "type": "vec3", "lane": "live"}]},
        {"orb": "b", "fields": [{"name": "q", "type": "b2"}]}], "structs": [{"name": "b2", "fields": []}]}"#;
    let all = Schema::all_from_json(text).unwrap();
    assert_eq!(
        (all[0].name(), all[0].rate_hz(), all.len()),
        ("a", Some(20.0), 2)
    );
    assert_eq!(all[0].authority(), holo_runtime::Authority::Server);
    let field = &all[0].fields()[0];
    assert_eq!(
        (field.id, field.lane, field.crdt),
        (3, Lane::Live, "LwwRegister")
    );
}

/// An edit that fails in its middle is taken back, and an orb without fields passes on what it is given.
#[test]
fn failed_edits_leave_nothing_and_no_fields_lose_nothing() {
    let schema = field(
        r#"{"name": "x", "type": "i64"}, {"name": "m", "type": "PnCounter", "crdt": "OrMap"}"#,
    )
    .unwrap();
    let at = |id: u64| (ReplicaId::new(id).unwrap(), Clock::manual(1));
    let mut replica = Replica::with_state(at(1).0, at(1).1, Dynamic::new(&schema));
    let failed = replica.try_edit(|edit| {
        edit.call("x", "set", &[Value::Int(3)])?;
        edit.call("m.red", "increment", &[])?;
        edit.call("m.red", "set", &[Value::Int(3)])
    });
    assert!(failed.is_err());
    assert_eq!(
        (replica.state().to_value(), replica.flush()),
        (Dynamic::new(&schema).to_value(), None)
    );
    replica
        .try_edit(|edit| edit.call("m.red", "increment", &[]))
        .unwrap();
    let mut blind = Replica::<Dynamic>::with_clock(at(2).0, at(2).1);
    blind.apply(replica.changes_since(blind.version())).unwrap();
    let mut again = Replica::with_state(at(3).0, at(3).1, Dynamic::new(&schema));
    again.apply(blind.snapshot()).unwrap();
    assert_eq!(again.state().field("m.red"), Some(Value::Int(1)));
    assert_eq!(again.state_hash(), replica.state_hash());
}

/// What a replica starts anew with has the schema of what it had.
#[test]
fn a_replica_that_starts_anew_keeps_its_schema() {
    let schema =
        field(r#"{"name": "x", "type": "i64"}, {"name": "s", "type": "string[]"}"#).unwrap();
    let at = |id: u64| (ReplicaId::new(id).unwrap(), Clock::manual(1));
    let fresh = |id: u64| Replica::with_state(at(id).0, at(id).1, Dynamic::new(&schema));
    let (mut alice, mut bob) = (fresh(1), fresh(2));
    alice
        .try_edit(|edit| edit.call("x", "set", &[Value::Int(3)]))
        .unwrap();
    bob.try_edit(|edit| edit.call("s", "add", &[Value::from("a")]))
        .unwrap();
    let report = bob.restamp(at(3).0, alice.snapshot()).unwrap();
    let both = r#"{"s": ["a"], "x": 3}"#;
    assert_eq!(
        (report.again, bob.state().to_value().to_string().as_str()),
        (1, both)
    );
    let fork = bob.fork(at(4).0).unwrap();
    assert_eq!(fork.state().to_value().to_string(), both);
    let stored = bob.store();
    let resumed = Replica::resume_with(stored.bytes(), at(3).1, Dynamic::new(&schema)).unwrap();
    let opened =
        Replica::open_with_state(stored.bytes(), at(5).0, at(5).1, Dynamic::new(&schema)).unwrap();
    assert_eq!(resumed.state().to_value().to_string(), both);
    assert_eq!(opened.state().to_value().to_string(), both);
}

/// Whatever stands in a text, it is a schema or an error.
#[test]
fn mutated_schemas_are_schemas_or_errors() {
    let (mut good, mut bad) = (0, 0);
    for seed in 0..3_000 {
        let mut rng = Rng::new(seed);
        let mut text = random::schema_text(seed % 50).into_bytes();
        for _ in 0..=rng.below(3) {
            let at = rng.below(text.len());
            match rng.below(3) {
                0 => drop(text.remove(at)),
                1 => text[at] = *rng.pick(b"{}[]<>?|,:\"0159nS"),
                _ => text.insert(at, *rng.pick(b"{}[]<>?|,:\"0159nS")),
            }
        }
        match Schema::from_json(&String::from_utf8_lossy(&text)) {
            Ok(schema) => {
                good += 1;
                let state = Dynamic::new(&schema);
                assert_eq!(state.differences(&state.to_value()), [], "seed {seed}");
            }
            Err(_) => bad += 1,
        }
    }
    assert!(good > 100 && bad > 100, "{good} good, {bad} bad");
}

/// What the compiler makes of random programs is read as it was meant: by hash, and by what it starts with.
#[test]
fn schemas_of_random_programs_are_read_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let sources = camino::Utf8Path::from_path(folder.path()).unwrap();
    for seed in 0..150 {
        let name = sources.join(format!("p{seed}.hsplus"));
        std::fs::write(name, holo_tests::programs::program(seed)).unwrap();
    }
    let (modules, _) = holo_tests::fixtures::compile(sources, &sources.join("out"));
    let mut read = 0;
    for module in modules.values() {
        let text = holoc::emit::render_schema(module);
        for orb in &module.orbs {
            let schema = Schema::named(&text, &orb.rust);
            let schema = schema.unwrap_or_else(|error| panic!("{}: {error}", orb.name));
            let hash = holo_codegen::orb_wire_hash(orb, module);
            assert_eq!(
                schema.wire_hash(),
                hash,
                "{} of {}\n{text}",
                orb.name,
                module.source
            );
            read += 1;
        }
    }
    assert!(read > 150, "only {read} types");
}
