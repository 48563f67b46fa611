//! Maps of what merges itself, and the CRDTs that are asked for by name.

use holoc::lock::Lock;

use crate::rules::table;
use crate::support::compile;

const TYPES: &str = "struct Item { name: string = \"?\", tags: string[], parts: Map<string, PNCounter> }\nenum Mode { Idle, Busy }\ntype Items = Map<string, Item>\n";
const ENTRY: &str = "name <String> \"?\", tags OrSet<String> [], parts OrMap<String, PnCounter> {}";

fn orb(field: &str) -> String {
    format!("{TYPES}orb a @synced {{ state {{ {field} }} }}")
}

#[test]
fn a_map_of_what_merges_merges_entry_by_entry() {
    for (ty, crdt) in [
        ("Map<string, PNCounter>", "OrMap<String, PnCounter> {}"),
        ("Map<int, GCounter>", "OrMap<i64, GCounter> {}"),
        ("Map<string, string[]>", "OrMap<String, OrSet<String>> {}"),
        ("Record<string, Set<int>>", "OrMap<String, OrSet<i64>> {}"),
        ("Map<string, Item[]>", "OrMap<String, OrSet<Item>> {}"),
        (
            "Map<string, Map<int, int>>",
            "OrMap<String, LwwMap<i64, i64>> {}",
        ),
        (
            "Map<string, Map<string, counter>>",
            "OrMap<String, OrMap<String, PnCounter>> {}",
        ),
        (
            "Map<string, MvRegister<int>>",
            "OrMap<String, MvRegister<i64>> {}",
        ),
        ("Map<string, json>", "OrMap<String, JsonDoc> {}"),
        ("Map<string, text>", "OrMap<String, Text> {}"),
        (
            "Map<string, Sequence<int>>",
            "OrMap<String, Sequence<i64>> {}",
        ),
        ("Map<string, OrSet>", "OrMap<String, OrSet<Value>> {}"),
        ("ORMap<string, int>", "OrMap<String, <i64>> {}"),
        ("or_map<string, Mode>", "OrMap<String, <Mode>> {}"),
        ("ORMap", "OrMap<String, <Value>> {}"),
        // What is a plain value is replaced as a whole, and so is what is named so.
        ("Map<string, int>", "LwwMap<String, i64> {}"),
        ("Map<string, Mode>", "LwwMap<String, Mode> {}"),
        (
            "Map<string, Item | null>",
            "LwwMap<String, Option<Item>> {}",
        ),
        ("LwwMap<string, Item>", "LwwMap<String, Item> {}"),
        ("LwwMap<string, string[]>", "LwwMap<String, Value> {}"),
        ("Map<string, Unheard>", "LwwMap<String, Value> {}"),
    ] {
        table(&[(&orb(&format!("v: {ty}")), &format!("A 30: v {crdt}"))]);
    }
}

#[test]
fn a_struct_in_a_map_has_a_type_of_its_own() {
    for (ty, crdt) in [
        ("Map<string, Item>", "OrMap<String, AVEntry>"),
        ("Items", "OrMap<String, AVEntry>"),
        ("ORMap<int, Item>", "OrMap<i64, AVEntry>"),
        (
            "Map<string, Map<string, Item>>",
            "OrMap<String, OrMap<String, AVEntry>>",
        ),
    ] {
        let expected = format!("AVEntry: {ENTRY}\nA 30: v {crdt} {{}}");
        table(&[(&orb(&format!("v: {ty}")), &expected)]);
    }
    let unit = compile("t.hsplus", &orb("v: Items"), &mut Lock::default());
    assert_eq!(unit.world.orbs[0].wire, "a.v[]");
}

#[test]
fn a_struct_that_holds_a_map_of_its_own_kind_has_an_end() {
    table(&[(
        "struct Box { label: string, inner: Map<string, Box> }\norb a @synced { state { b: Box } }",
        "AB: label <String> \"\", inner OrMap<String, <Option<Value>>> {}\nA 30: b AB {}\nHS146 line 1",
    )]);
    // Maps of maps have one too: further in, any value.
    let deep = "Map<string, ".repeat(12) + "counter" + &">".repeat(12);
    let unit = compile(
        "t.hsplus",
        &orb(&format!("v: {deep}")),
        &mut Lock::default(),
    );
    let crdt = unit.world.orbs[0].fields[0].crdt.to_string();
    assert_eq!(crdt.matches("OrMap").count(), 4, "{crdt}");
    assert!(!unit.failed());
}

#[test]
fn entries_at_the_start_are_told_of() {
    for value in ["{ a: { name: \"x\" } }", "{ a: 1 }"] {
        let source = orb(&format!("v: Map<string, PNCounter> = {value}"));
        table(&[(&source, "A 30: v OrMap<String, PnCounter> {}\nHS116 line 4")]);
    }
    table(&[(
        &orb("v: Map<string, PNCounter> = {}"),
        "A 30: v OrMap<String, PnCounter> {}",
    )]);
    table(&[(
        &orb("v: Map<string, PNCounter> = 7"),
        "A 30: v OrMap<String, PnCounter> {}\nHS118 line 4",
    )]);
}

#[test]
fn crdts_are_known_by_their_names() {
    for (field, expected) in [
        ("v: MvRegister<int> = 3", "MvRegister<i64> 3"),
        (
            "v: multi_value_register = \"x\"",
            "MvRegister<String> \"x\"",
        ),
        ("v: GSet<string> = [\"x\"]", "GSet<String> [\"x\"]"),
        ("v: grow-only-set", "GSet<Value> []"),
        ("v: TwoPSet<Mode> = [\"Idle\"]", "TwoPSet<Mode> [\"Idle\"]"),
        ("v: two_phase_set = [1, 2]", "TwoPSet<i64> [1,2]"),
        ("v: json", "JsonDoc {}"),
        (
            "v: JsonDoc = { a: [1], b: null }",
            "JsonDoc {\"a\":[1],\"b\":null}",
        ),
        ("v: 0 @crdt(\"mv_register\")", "MvRegister<i64> 0"),
        ("v: [\"x\"] @crdt(\"gset\")", "GSet<String> [\"x\"]"),
        ("v: [] @crdt(\"2pset\")", "TwoPSet<Value> []"),
        ("v: {} @crdt(\"or_map\")", "OrMap<String, <Value>> {}"),
        ("v: { a: 1 } @crdt(\"json\")", "JsonDoc {\"a\":1}"),
        // The type says what is held, the CRDT how it merges.
        (
            "v: string = \"x\" @crdt(\"mv_register\")",
            "MvRegister<String> \"x\"",
        ),
        ("v: int[] @crdt(\"g_set\")", "GSet<i64> []"),
        (
            "v: Mode[] @sync_tier { crdtType: \"2p-set\" }",
            "TwoPSet<Mode> []",
        ),
        ("v: any = 1 @crdt(\"json\")", "JsonDoc 1"),
        (
            "v: int[] = [2, 1, 2] @crdt(\"rga\")",
            "Sequence<i64> [2,1,2]",
        ),
        ("v: string = \"x\" @crdt(\"text\")", "Text \"x\""),
    ] {
        table(&[(&orb(field), &format!("A 30: v {expected}"))]);
    }
    let of_node = "orb a @crdt(v: \"mv_register\", w: \"2pset\") { state { v: 0, w: [1] } }";
    table(&[(of_node, "A 30: v MvRegister<i64> 0, w TwoPSet<i64> [1]")]);
    for (field, expected) in [
        ("v: int @crdt(\"gset\")", "<i64> 0\nHS150 line 4"),
        ("v: GSet<int> = 1", "GSet<i64> []\nHS118 line 4"),
        (
            "v: MvRegister<int> = \"x\"",
            "MvRegister<i64> 0\nHS118 line 4",
        ),
    ] {
        table(&[(&orb(field), &format!("A 30: v {expected}"))]);
    }
}
