//! Structs and enums as types of fields: what is generated for them, and where.

use holo_codegen::schema::{Initial, ValueType};
use holoc::lock::Lock;

use crate::rules::table;
use crate::support::compile;

const TYPES: &str = "enum Mode { Idle, Busy }\nstruct Item { name: string = \"?\", count: int = 1, mode: Mode, tags: string[] }\n";

fn orb(field: &str) -> String {
    format!("{TYPES}orb a @synced {{ state {{ {field} }} }}")
}

#[test]
fn enums_and_structs_are_types_wherever_a_value_may_stand() {
    for (field, expected) in [
        ("m: Mode", "m <Mode> \"Idle\""),
        ("m: Mode | null", "m <Option<Mode>> null"),
        ("m: Mode[]", "m OrSet<Mode> []"),
        ("m: Mode[] = [\"Busy\"]", "m OrSet<Mode> [\"Busy\"]"),
        (
            "m: Mode[] = [Busy, Mode.Idle]",
            "m OrSet<Mode> [\"Busy\",\"Idle\"]",
        ),
        (
            "m: Mode[] = [\"Bsuy\", \"Idle\"]",
            "m OrSet<Mode> [\"Bsuy\",\"Idle\"]\nHS118 line 3",
        ),
        ("m: Mode | null = Mode.Busy", "m <Option<Mode>> \"Busy\""),
        ("m: Mode | null = Busy", "m <Option<Mode>> \"Busy\""),
        ("m: Mode | null = null", "m <Option<Mode>> null"),
        (
            "m: Mode | null = \"Bsuy\"",
            "m <Option<Mode>> null\nHS118 line 3",
        ),
        ("m: Mode?", "m <Option<Mode>> null"),
        ("m: Map<string, Mode>", "m LwwMap<String, Mode> {}"),
        ("i: Item[]", "i OrSet<Item> []"),
        ("i: synced Item | null = null", "i <Option<Item>> null"),
        ("i: LwwMap<string, Item>", "i LwwMap<String, Item> {}"),
        (
            "i: Map<string, Item | null>",
            "i LwwMap<String, Option<Item>> {}",
        ),
    ] {
        table(&[(&orb(field), &format!("A 30: {expected}"))]);
    }
}

#[test]
fn a_struct_by_itself_merges_field_by_field() {
    let nested = "name <String> \"?\", count <i64> 1, mode <Mode> \"Idle\", tags OrSet<String> []";
    table(&[
        (&orb("i: Item"), &format!("AI: {nested}\nA 30: i AI {{}}")),
        (
            &orb("i: Item = { count: 5, name: \"cup\" }"),
            &format!(
                "AI: {}\nA 30: i AI {{}}",
                nested
                    .replace("\"?\"", "\"cup\"")
                    .replace("<i64> 1", "<i64> 5")
            ),
        ),
    ]);
}

#[test]
fn only_what_is_used_is_made() {
    let world = |field| compile("t.hsplus", &orb(field), &mut Lock::default()).world;
    let plain = world("n: 0");
    assert_eq!((plain.enums.len(), plain.records.len()), (0, 0));
    let mode = world("m: Mode");
    assert_eq!((mode.enums.len(), mode.records.len()), (1, 0));
    // What merges part by part is no value.
    let parts = world("i: Item\nm: Map<string, Item>");
    assert_eq!((parts.enums.len(), parts.records.len()), (1, 0));
    let names: Vec<_> = mode.enums[0]
        .variants
        .iter()
        .map(|one| one.rust.as_str())
        .collect();
    assert_eq!(names, ["Idle", "Busy"]);
    // A struct brings what it holds.
    let item = world("i: Item[]");
    assert_eq!((item.enums.len(), item.records.len()), (1, 1));
    let fields: Vec<_> = item.records[0]
        .fields
        .iter()
        .map(|field| {
            (
                field.wire.as_str(),
                field.ty.to_string(),
                field.initial.clone(),
            )
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("name", "String".to_owned(), Initial::Str("?".to_owned())),
            ("count", "i64".to_owned(), Initial::Int(1)),
            ("mode", "Mode".to_owned(), Initial::Str("Idle".to_owned())),
            ("tags", "Value".to_owned(), Initial::Zero),
        ]
    );
}

#[test]
fn elements_of_one_shape_are_a_record() {
    let source =
        "orb a @synced { state { rows: [{ id: 1, at: [0, 0, 1] }, { at: [1, 2, 3], id: 2.5 }] } }";
    let world = compile("t.hsplus", source, &mut Lock::default()).world;
    let record = &world.records[0];
    assert_eq!(
        (record.rust.as_str(), record.name.as_str()),
        ("ARowsItem", "a.rows[]")
    );
    let types: Vec<_> = record.fields.iter().map(|field| field.ty.clone()).collect();
    assert_eq!(types, [ValueType::F64, ValueType::Vec3]);
    // Mixed shapes have none.
    table(&[(
        "orb a @synced { state { rows: [{ id: 1 }, { at: 2 }] } }",
        "A 30: rows OrSet<Value> [{\"id\":1},{\"at\":2}]\nHS122 line 1",
    )]);
}

#[test]
fn a_struct_of_structs_has_an_end() {
    // Found by fuzzing: a struct that is merged part by part and holds itself.
    let source = "struct Box { label: string, lid: Lid }\nstruct Lid { of: Box }\norb a @synced { state { b: Box } }";
    let unit = compile("t.hsplus", source, &mut Lock::default());
    let told: Vec<_> = unit.diagnostics.iter().map(|one| one.code.id).collect();
    assert!(told.iter().all(|id| *id == "HS146"), "{told:?}");
    assert!(unit.world.orbs.len() < 4, "{:?}", unit.world.orbs);
    // Each holds two of the next, so that there are twice as many at each step.
    let one = |i: u32| format!("struct S{i} {{ a: S{0} b: S{0} }}\n", i + 1);
    let source = (0..30).map(one).collect::<String>()
        + "struct S30 { x: int }\norb a @synced { state { s: S0 } }";
    let unit = compile("t.hsplus", &source, &mut Lock::default());
    assert!(unit.failed());
    assert!(unit.world.orbs.len() < 10_000, "{}", unit.world.orbs.len());
}

#[test]
fn a_struct_that_holds_itself_has_an_end() {
    for fields in [
        "inner: Box | null",
        "inner: Box",
        "lid: Lid",
        "inner: Box[]",
    ] {
        let source = format!(
            "struct Lid {{ of: Box }}\nstruct Box {{ label: string, {fields} }}\norb a @synced {{ state {{ boxes: Box[] }} }}"
        );
        let unit = compile("t.hsplus", &source, &mut Lock::default());
        let told: Vec<_> = unit.diagnostics.iter().map(|one| one.code.id).collect();
        let expected: &[&str] = if fields.ends_with("[]") {
            &[]
        } else {
            &["HS146"]
        };
        assert!(
            told.iter().all(|id| expected.contains(id)),
            "{fields}: {told:?}"
        );
        assert_eq!(told.is_empty(), expected.is_empty(), "{fields}");
    }
}

#[test]
fn the_lock_knows_them_by_what_they_are_on_the_wire() {
    let mut lock = Lock::default();
    compile(
        "t.hsplus",
        &orb("m: string = \"Idle\"\ni: any[]"),
        &mut lock,
    );
    let before = lock.render();
    let unit = compile("t.hsplus", &orb("m: Mode\ni: Item[]"), &mut lock);
    assert_eq!(unit.diagnostics, []);
    assert_eq!(lock.render(), before);
}

#[test]
fn a_type_and_an_orb_of_one_name_collide_only_if_both_are_used() {
    let source = |field: &str| {
        format!("struct Crate {{ n: int }}\norb crate @synced {{ state {{ {field} }} }}")
    };
    table(&[
        (&source("x: 1"), "Crate 30: x <i64> 1"),
        (
            &source("x: Crate[]"),
            "Crate 30: x OrSet<Crate> []\nHS104 line 1",
        ),
    ]);
}
