//! Names for types: what they stand for, through imports too, and what is generated for those made of words.

use holo_codegen::schema::Enum;
use holoc::lock::Lock;

use crate::imports::{all, compile as compile_files};
use crate::rules::table;
use crate::support::{compact, compile};

fn orb(types: &str, field: &str) -> String {
    format!("{types}\norb a @synced {{ state {{ {field} }} }}")
}

fn enums(source: &str) -> Vec<Enum> {
    compile("t.hsplus", source, &mut Lock::default())
        .world
        .enums
}

#[test]
fn a_name_is_what_it_stands_for() {
    for (types, field, expected) in [
        ("type Id = string", "x: Id", "x <String> \"\""),
        ("type Id = string", "x: Id = \"a\"", "x <String> \"a\""),
        (
            "type Id = string",
            "x: Id | null",
            "x <Option<String>> null",
        ),
        ("type Id = string", "x: Id[]", "x OrSet<String> []"),
        ("type Ids = string[]", "x: Ids", "x OrSet<String> []"),
        (
            "type By = Map<string, int>",
            "x: By",
            "x LwwMap<String, i64> {}",
        ),
        (
            "type Maybe = int | null",
            "x: Maybe = 3",
            "x <Option<i64>> 3",
        ),
        ("type Any = string | int", "x: Any = 3", "x <Value> 3"),
        ("type Score = PNCounter", "x: Score = 3", "x PnCounter 3"),
        ("type A = B\ntype B = int", "x: A = 3", "x <i64> 3"),
        (
            "type Id = int\ntype Ids = Id[]",
            "x: Ids = [1]",
            "x OrSet<i64> [1]",
        ),
        ("export type Id = int", "x: Id", "x <i64> 0"),
        (
            "type At = vec3",
            "x: synced At = [1, 2, 3]",
            "x <Vec3> [1.0,2.0,3.0]",
        ),
    ] {
        table(&[(&orb(types, field), &format!("A 30: {expected}"))]);
    }
}

#[test]
fn a_struct_by_another_name_merges_field_by_field() {
    let types =
        "struct Item { name: string, count: int }\ntype Thing = Item\ntype Maybe = Thing | null";
    let fields = "name <String> \"\", count <i64> 2";
    table(&[
        (
            &orb(types, "i: Thing = { count: 2 }"),
            &format!("AI: {fields}\nA 30: i AI {{}}"),
        ),
        (&orb(types, "i: Maybe"), "A 30: i <Option<Item>> null"),
        (&orb(types, "i: Thing[]"), "A 30: i OrSet<Item> []"),
    ]);
}

#[test]
fn words_with_a_name_are_an_enum_of_that_name() {
    let types = "/// How it feels.\ntype Mode = \"calm\" | \"very wild\"";
    table(&[
        (&orb(types, "m: Mode"), "A 30: m <Mode> \"calm\""),
        (
            &orb(types, "m: Mode = \"very wild\""),
            "A 30: m <Mode> \"very wild\"",
        ),
        (&orb(types, "m: Mode[]"), "A 30: m OrSet<Mode> []"),
        (
            &orb(types, "m: Mode = \"clam\""),
            "A 30: m <Mode> \"calm\"\nHS118 line 3",
        ),
        (
            &orb(
                "type Mode = \"a\" | \"b\" | null",
                "m: Mode = \"b\"\nn: Mode",
            ),
            "A 30: m <Option<Mode>> \"b\", n <Option<Mode>> null",
        ),
        // Two words that Rust could not tell apart are text.
        (
            &orb("type Mode = \"a\" | \"A\"", "m: Mode"),
            "A 30: m <String> \"a\"",
        ),
    ]);
    let made = enums(&orb(types, "m: Mode"));
    let variants: Vec<_> = made[0]
        .variants
        .iter()
        .map(|one| (&*one.wire, &*one.rust))
        .collect();
    assert_eq!(
        (made[0].rust.as_str(), made[0].docs.as_slice()),
        ("Mode", &["How it feels.".to_owned()][..])
    );
    assert_eq!(variants, [("calm", "Calm"), ("very wild", "VeryWild")]);
    // What nobody uses is not made.
    assert_eq!(enums(&orb(types, "m: 1")), []);
}

#[test]
fn words_without_a_name_are_text_and_it_is_said_how_to_name_them() {
    let source = orb("", "mode: \"calm\" | \"wild\" = \"wild\"");
    table(&[(&source, "A 30: mode <String> \"wild\"")]);
    let unit = compile("t.hsplus", &source, &mut Lock::default());
    let reason = unit.world.orbs[0].fields[0].reason.to_string();
    assert!(reason.contains("write `type Mode = …`"), "{reason}");
}

#[test]
fn words_of_an_enum_may_stand_in_quotes() {
    let types = "enum Mode { \"calm\", \"very wild\" }";
    table(&[(
        &orb(types, "m: Mode = \"very wild\""),
        "A 30: m <Mode> \"very wild\"",
    )]);
    assert_eq!(enums(&orb(types, "m: Mode"))[0].variants.len(), 2);
}

#[test]
fn a_circle_of_names_is_one_error() {
    table(&[
        (
            &orb("type A = A", "x: A"),
            "A 30: x <Option<Value>> null\nHS147 line 1",
        ),
        (
            &orb("type B = C | null\ntype C = D\ntype D = B", "x: D\ny: C"),
            "A 30: x <Option<Value>> null, y <Option<Value>> null\nHS147 line 1",
        ),
        // Into a circle from outside it.
        (
            &orb("type X = B\ntype B = B", "x: X"),
            "A 30: x <Option<Value>> null\nHS147 line 2",
        ),
        // One that nobody uses harms nobody.
        (&orb("type A = A", "x: 1"), "A 30: x <i64> 1"),
        // A list of itself has an end somewhere, but no type.
        (
            &orb("type T = T[]", "x: T"),
            "A 30: x OrSet<Value> []\nHS146 line 1",
        ),
    ]);
}

#[test]
fn a_struct_that_holds_itself_by_another_name_has_an_end() {
    let types = "type B = Box | null\nstruct Lid { of: B }\nstruct Box { lid: Lid }";
    let unit = compile(
        "t.hsplus",
        &orb(types, "boxes: Box[]"),
        &mut Lock::default(),
    );
    let told: Vec<_> = unit.diagnostics.iter().map(|one| one.code.id).collect();
    assert_eq!(told, ["HS146", "HS146"]);
}

#[test]
fn many_names_for_one_another_cost_no_more_than_they_are_worth() {
    let mut types: String = (0..200)
        .map(|i| format!("type T{i} = Map<T{}, T{}>\n", i + 1, i + 1))
        .collect();
    types.push_str("type T200 = int");
    let source = orb(&types, "x: T0");
    assert!(
        compact(&compile("t.hsplus", &source, &mut Lock::default())).starts_with("A 30: x OrMap")
    );
}

#[test]
fn names_come_through_imports() {
    let types = "export type Mode = \"calm\" | \"wild\"\nexport type Key = string\nexport type Keys = Key[]";
    let room = "import { Mode, Keys as All } from \"./types\"\norb r @synced { state { mode: Mode = \"wild\"\nkeys: All } }";
    let units = compile_files(&[("room.hsplus", room), ("types.hsplus", types)], &["."]);
    assert_eq!(
        all(&units),
        "[room.hsplus]\nR 30: mode <super::types::Mode> \"wild\", keys OrSet<String> []\n[types.hsplus]\n"
    );
    assert_eq!(units[1].world.enums.len(), 1);
}

#[test]
fn a_circle_through_imports_is_told_where_it_begins() {
    let a = "import { B } from \"./b\"\nexport type A = B";
    let b = "import { A } from \"./a\"\nexport type B = A";
    let c = "import { B } from \"./b\"\norb c @synced { state { x: B } }";
    let units = compile_files(&[("a.hsplus", a), ("b.hsplus", b), ("c.hsplus", c)], &["."]);
    let told = units.iter().flat_map(|unit| {
        unit.diagnostics
            .iter()
            .map(|one| (&*unit.source.path, one.code.id))
    });
    let told: Vec<_> = told.filter(|(_, id)| *id != "HS139").collect();
    assert_eq!(told, [("a.hsplus", "HS147")]);
}

#[test]
fn exports_hand_names_on() {
    let mugs = "export template \"Mug\" @networked { state { full: true } }\nexport type Key = int";
    for export in [
        "export { Mug, Key } from \"./lib/mugs\"",
        "export * from \"./lib/mugs\"",
        "export { Mug as Mug, Key } from './lib/mugs.hsplus'",
    ] {
        let room = "import { Mug, Key } from \"./index\"\nobject \"Red\" using \"Mug\" {}\norb r @synced { state { k: Key } }";
        let units = compile_files(
            &[
                ("room.hsplus", room),
                ("index.hsplus", export),
                ("lib/mugs.hsplus", mugs),
            ],
            &["room.hsplus"],
        );
        assert_eq!(
            compact(&units[0]),
            "R 30: k <i64> 0\nRed of Mug",
            "{export}"
        );
        assert_eq!(units.len(), 3, "{export}");
    }
    // What is only handed on is not there itself; a list of one's own is no import.
    let own = "export { Mug } from \"./mugs\"\nexport { Red }\nobject \"Red\" using \"Mug\" @synced { state { x: 1 } }";
    let units = compile_files(&[("a.hsplus", own), ("mugs.hsplus", mugs)], &["."]);
    assert_eq!(compact(&units[0]), "Red 30: x <i64> 1");
}
