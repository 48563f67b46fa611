//! R9: names.

use holoc::lock::Lock;

use super::table;
use crate::support::compile;

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
fn a_head_of_one_word_is_kind_and_name() {
    let orb = |source: &str| {
        let mut unit = compile("t.hsplus", source, &mut Lock::default());
        let orb = unit.world.orbs.remove(0);
        (orb.kind, orb.label, orb.rust)
    };
    let names =
        |kind: &str, label: &str, rust: &str| (kind.to_owned(), label.to_owned(), rust.to_owned());
    assert_eq!(
        orb("player { @networked }"),
        names("player", "player", "Player")
    );
    assert_eq!(
        orb("panel#main @networked { }"),
        names("panel", "main", "Main")
    );
    assert_eq!(
        orb("orb@shared { @networked }"),
        names("orb", "shared", "Shared")
    );
    assert_eq!(orb("orb \"a b\" { @networked }"), names("orb", "a b", "AB"));
}

#[test]
fn the_name_in_rust_is_split_at_every_change() {
    for (name, rust) in [
        ("GameBall 2", "GameBall2"),
        ("game_ball-2", "GameBall2"),
        ("gameBall", "GameBall"),
        ("日本語", "日本語"),
        ("3d-model", "N3dModel"),
    ] {
        let unit = compile(
            "t.hsplus",
            &format!("orb \"{name}\" @networked {{}}"),
            &mut Lock::default(),
        );
        assert_eq!(unit.world.orbs[0].rust, rust);
        assert_eq!(unit.world.orbs[0].wire, name);
    }
}

#[test]
fn what_is_of_one_name_is_told_apart_or_is_an_error() {
    table(&[
        // In different scopes: by the parents, as many as it takes.
        (
            "zone A { zone Shop { sign Sign @networked {} } }\nzone B { zone Shop { sign Sign @networked {} } }",
            "AShopSign 20: POSE\nBShopSign 20: POSE",
        ),
        // Of different kinds in one scope there is nothing to tell them apart by.
        (
            "orb a @networked {}\npanel a @networked {}",
            "A 20: POSE\nA 20: POSE\nHS104 line 2",
        ),
        // Alike but for case: nobody minds where nothing is synchronised.
        ("orb ball {}\norb Ball {}", ""),
        ("orb ball {}\norb Ball @networked {}", "Ball 20: POSE"),
    ]);
}

#[test]
fn a_letter_is_one_letter_however_it_is_written() {
    let (one, two) = ("caf\u{e9}", "cafe\u{301}");
    table(&[
        (
            &format!("orb \"{two}\" @networked {{}}"),
            "Caf\u{e9} 20: POSE",
        ),
        (
            &format!("orb \"{one}\" @networked {{}}\norb \"{two}\" @networked {{}}"),
            "Caf\u{e9} 20: POSE\nCaf\u{e9} 20: POSE\nHS104 line 2",
        ),
        (
            &format!("orb a @synced {{ state {{ {one}: 1\n{two}: 2 }} }}"),
            &format!("A 30: {one} <i64> 1, {two} <i64> 2\nHS103 line 2"),
        ),
        // Of which one word cannot be told from another in Rust, there is no enum.
        (
            &format!("enum E {{ {one}, {two} }}\norb a @synced {{ state {{ e: E }} }}"),
            &format!("A 30: e <String> \"{one}\""),
        ),
    ]);
}

#[test]
fn no_field_of_a_struct_is_left_out_in_silence() {
    let told = |fields: &str| {
        let told = |used: &str| {
            let text = format!("struct S {{ {fields} }}\norb a @synced {{ state {{ {used} }} }}");
            let unit = compile("t.hsplus", &text, &mut Lock::default());
            let told = unit.diagnostics.iter().map(|one| one.code.id);
            told.collect::<Vec<_>>()
        };
        // However it is used, and once where it is used in two ways.
        assert_eq!(told("l: S[]"), told("l: S[]\nf: S"), "{fields}");
        told("l: S[]")
    };
    assert_eq!(told("a: int, b: int"), [""; 0]);
    assert_eq!(told("maxHp: int, max_hp: string"), ["HS103"]);
    assert_eq!(told("a: int, a: string"), ["HS101"]);
    assert_eq!(told("a: int, \"--\": string"), ["HS105"]);
}

#[test]
fn elements_of_lists_have_a_type_that_meets_no_other() {
    let list = "orb Shop @synced { state { items: [{ a: 1 }] } }";
    let codes = |rest: &str| {
        let text = format!("{list}\n{rest}");
        let unit = compile("t.hsplus", &text, &mut Lock::default());
        let told = unit.diagnostics.iter().map(|one| one.code.id);
        told.collect::<Vec<_>>()
    };
    assert_eq!(codes(""), [""; 0]);
    for rest in [
        "orb ShopItemsItem @synced { state { x: 1 } }",
        "struct ShopItemsItem { a: int }\norb u @synced { state { l: ShopItemsItem[] } }",
        "orb \"Shop Items\" @synced { state { x: { item: 1 }\nitem: { y: 1 } } }",
        "orb \"Sho\" @synced { state { p_items: [{ b: 1 }] } }\norb \"ShoP\" @synced { state { items: [{ b: 1 }] } }",
    ] {
        assert!(codes(rest).contains(&"HS104"), "{rest}: {:?}", codes(rest));
    }
}

#[test]
fn structs_and_enums_are_types_beside_the_orbs() {
    let unit = compile(
        "t.hsplus",
        "enum Mode { calm }\nstruct Item { name: string }\ntemplate \"T\" @synced { state { m: Mode\nitems: Item[] } }",
        &mut Lock::default(),
    );
    let world = &unit.world;
    assert_eq!(world.enums[0].rust, "Mode");
    assert_eq!(world.records[0].rust, "Item");
    assert_eq!(world.orbs[0].rust, "T");
}
