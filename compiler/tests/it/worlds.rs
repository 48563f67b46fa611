//! R7: what compositions hold, and what objects of templates start with.

use std::fmt::Write;

use holoc::codes;
use holoc::lock::Lock;
use holoc::model::Orb;
use holoc::pipeline::Unit;

use crate::support::compile;

/// Each composition on a line: its members by their names in Rust, with their types and what they start with.
fn worlds(unit: &Unit) -> String {
    let mut out = String::new();
    let held = |orb: &&Orb| !orb.members.is_empty();
    for orb in unit.world.orbs.iter().filter(held) {
        let members: Vec<String> = orb
            .members
            .iter()
            .map(|one| match one.initial.to_string().as_str() {
                "zero" => format!("{}: {}", one.rust, one.crdt),
                own => format!("{}: {} {own}", one.rust, one.crdt),
            })
            .collect();
        writeln!(out, "{} {{ {} }}", orb.rust, members.join(", ")).unwrap();
    }
    for one in &unit.diagnostics {
        writeln!(out, "{}", one.code.id).unwrap();
    }
    out.trim_end().to_owned()
}

fn table(rows: &[(&str, &str)]) {
    for (source, expected) in rows {
        let unit = compile("test.hsplus", source, &mut Lock::default());
        assert_eq!(worlds(&unit), *expected, "{source}");
    }
}

#[test]
fn a_composition_holds_its_named_objects() {
    table(&[
        (
            "composition \"My World\" { object \"Big Door\" @synced { state { open: false } } object \"Rock\" {} }",
            "MyWorld { big_door: BigDoor }",
        ),
        // Wherever they stand in it.
        (
            "composition A { group \"Hall\" { object \"Door\" @synced { state { open: false } } } }",
            "A { door: Door }",
        ),
        // An object within another is local unless it is marked itself.
        (
            "composition A { object \"Car\" @synced { state { x: 1 }\nobject \"Wheel\" { state { y: 1 } } } }",
            "A { car: Car }",
        ),
        (
            "composition A { object \"Car\" { object \"Wheel\" @synced { state { y: 1 } } } }",
            "A { wheel: Wheel }",
        ),
        // One that holds nothing is no type, and neither is a file.
        ("composition A { object \"Rock\" {} }", ""),
        ("object \"Door\" @synced { state { open: false } }", ""),
        // One within another is a member of it.
        (
            "composition A { composition B { object \"Door\" @synced { state { open: false } } } }",
            "A { b: B }\nB { door: Door }",
        ),
        // Two of one name are told apart by where they stand, and so is one that has the name of its world.
        (
            "composition A { template \"T\" @synced { state { x: 1 } }\ngroup \"L\" { object \"Cup\" using \"T\" }\ngroup \"R\" { object \"Cup\" using \"T\" } }",
            "A { l_cup: T, r_cup: T }",
        ),
        (
            "composition A { object \"A\" @synced { state { x: 1 } } }",
            "A { a: AA }",
        ),
        // Its own state stands beside what it holds.
        (
            "composition A { state { @synced door: 1 }\nobject \"Door\" @synced { state { x: 1 } } }",
            "A { door: Door }\nHS103",
        ),
    ]);
}

#[test]
fn an_object_starts_with_its_own_values() {
    let template = "composition A { template \"Ball\" @networked { state { hp: 100, tint: \"#ff0000\", stats: { wins: 0, name: \"x\" }, tags: [\"a\"] } }\n";
    let object = |text: &str| {
        let source = format!("{template}object \"B\" using \"Ball\" {{ {text} }} }}");
        worlds(&compile("test.hsplus", &source, &mut Lock::default()))
    };
    for (text, expected) in [
        ("", "A { b: Ball }"),
        ("state { hp: 100 }", "A { b: Ball }"),
        ("state { hp: 5 }", "A { b: Ball {\"hp\":5} }"),
        // A property gives a value to what the template has in its state.
        ("hp: 5", "A { b: Ball {\"hp\":5} }"),
        (
            "position: [1, 2, 3]",
            "A { b: Ball {\"position\":[1.0,2.0,3.0]} }",
        ),
        (
            "rotation: [0, 90, 0]",
            "A { b: Ball {\"rotation\":[0.0,0.7071067811865476,0.0,0.7071067811865475]} }",
        ),
        (
            "state { stats: { wins: 3 }, tags: [], tint: \"#0f0\" }",
            "A { b: Ball {\"tint\":#00ff00,\"stats\":{\"wins\":3},\"tags\":[]} }",
        ),
        // What does not fit is told, and never dropped in silence.
        ("state { hp: 5.5 }", "A { b: Ball }\nHS118"),
        ("state { tint: \"red\" }", "A { b: Ball }\nHS118"),
        ("state { stats: { losses: 1 } }", "A { b: Ball }\nHS118"),
        ("state { stats: { wins: \"no\" } }", "A { b: Ball }\nHS118"),
        ("state { hp: now() }", "A { b: Ball }\nHS120"),
    ] {
        assert_eq!(object(text), expected, "{text}");
    }
    // However the template says the type.
    for (ty, own, expected) in [
        ("Mood", "Mood.wild", "\"wild\""),
        ("Mood = Mood.calm", "Mood.wild", "\"wild\""),
        ("int", "5", "5"),
        ("int = 4", "5", "5"),
        ("PNCounter", "5", "5"),
        ("string[]", "[\"a\"]", "[\"a\"]"),
        ("string | null", "\"a\"", "\"a\""),
    ] {
        let source = format!(
            "enum Mood {{ calm, wild }}\ncomposition A {{ template \"Ball\" @synced {{ state {{ f: {ty} }} }}\nobject \"B\" using \"Ball\" {{ state {{ f: {own} }} }} }}"
        );
        let unit = compile("test.hsplus", &source, &mut Lock::default());
        assert_eq!(
            worlds(&unit),
            format!("A {{ b: Ball {{\"f\":{expected}}} }}"),
            "{source}"
        );
    }
    // An object that adds a field, or a sync trait, has a type of its own.
    assert_eq!(object("hp: 5, state { mp: 1 }"), "A { b: B }");
    let source = format!("{template}object \"B\" using \"Ball\" {{ hp: 5, state {{ mp: 1 }} }} }}");
    let unit = compile("test.hsplus", &source, &mut Lock::default());
    let own = unit.world.orbs.iter().find(|orb| orb.rust == "B").unwrap();
    let hp = own.fields.iter().find(|field| field.wire == "hp").unwrap();
    assert_eq!(hp.initial.to_string(), "5");
    assert_eq!(object("@owned"), "A { b: B }");
}

#[test]
fn what_is_spawned_goes_into_a_collection() {
    let t = "template \"Fox\" @synced { state { x: 1 } }";
    let collection = "A { foxes: OrMap<InstanceId, Fox> }";
    let both = "A { fox: Fox, foxes: OrMap<InstanceId, Fox> }";
    let rows = [
        // No object uses it.
        (format!("composition A {{ {t} }}"), collection),
        (format!("{t}\ncomposition A {{ }}"), collection),
        // An object uses it, so there is none, unless code spawns more.
        (format!("composition A {{ {t}\nobject \"Fox\" using \"Fox\" }}"), "A { fox: Fox }"),
        (
            format!("composition A {{ {t}\nobject \"Fox\" using \"Fox\"\nlogic {{ on_start() {{ spawn(\"Fox\") }} }} }}"),
            both,
        ),
        (
            format!("composition A {{ {t}\nobject \"Fox\" using \"Fox\" {{ action call() {{ spawn Fox at here }} }} }}"),
            both,
        ),
        // One for all goes to whoever spawns it.
        (
            format!("{t}\ncomposition A {{ logic {{ go() {{ spawn(\"Fox\") }} }} }}\ncomposition B {{ }}"),
            collection,
        ),
        // A local template is nobody's.
        ("composition A { template \"Fox\" { state { x: 1 } }\nlogic { go() { spawn(\"Fox\") } } }".to_owned(), ""),
    ];
    for (source, expected) in rows {
        let unit = compile("test.hsplus", &source, &mut Lock::default());
        assert_eq!(worlds(&unit), expected, "{source}");
    }
}

#[test]
fn a_spawn_counts_for_the_innermost_composition() {
    let t = "template \"Fox\" @synced { state { x: 1 } }";
    let spawns = "logic { go() { spawn(\"Fox\") } }";
    table(&[
        // However the composition around it knows the template.
        (
            &format!("{t}\ncomposition A {{ composition B {{ {spawns} }} }}"),
            "A { b: B }\nB { foxes: OrMap<InstanceId, Fox> }",
        ),
        (
            &format!("composition A {{ {t}\ncomposition B {{ {spawns} }} }}"),
            "A { b: B }\nB { foxes: OrMap<InstanceId, Fox> }",
        ),
        // Both spawn it, so both hold what they spawn.
        (
            &format!("composition A {{ {t}\n{spawns}\ncomposition B {{ {spawns} }} }}"),
            "A { b: B, foxes: OrMap<InstanceId, Fox> }\nB { foxes: OrMap<InstanceId, Fox> }",
        ),
        // Code of a template belongs to the composition around it, too.
        (
            "composition A { template \"Fox\" @synced { state { x: 1 }\naction litter() { spawn Fox } } }\ncomposition B { }",
            "A { foxes: OrMap<InstanceId, Fox> }",
        ),
    ]);
}

#[test]
fn a_spawned_name_means_the_nearest_template() {
    let fox = |x: u32| format!("template \"Fox\" @synced {{ state {{ x: {x} }} }}");
    table(&[
        // In the composition whose own code it is, before one of the file.
        (
            &format!(
                "{}\nobject \"Old\" using \"Fox\"\ncomposition A {{ {}\nobject \"New\" using \"Fox\"\nlogic {{ go() {{ spawn(\"Fox\") }} }} }}",
                fox(1),
                fox(2)
            ),
            "A { new: AFox, foxes: OrMap<InstanceId, AFox> }",
        ),
        // In the object whose code it is.
        (
            &format!(
                "composition A {{ {}\nobject \"Old\" using \"Fox\"\ngroup \"Den\" {{ {}\nobject \"New\" using \"Fox\"\naction go() {{ spawn(\"Fox\") }} }} }}",
                fox(1),
                fox(2)
            ),
            "A { old: AFox, new: DenFox, foxes: OrMap<InstanceId, DenFox> }",
        ),
    ]);
}

#[test]
fn a_template_of_the_file_belongs_to_the_only_composition() {
    let t = "template \"Fox\" @synced { state { x: 1 } }";
    let only = "A { foxes: OrMap<InstanceId, Fox> }";
    table(&[
        (&format!("{t}\ncomposition A {{ }}"), only),
        // To which of two, nobody can say.
        (
            &format!("{t}\ncomposition A {{ }}\ncomposition B {{ }}"),
            "",
        ),
        (&format!("{t}\ncomposition A {{ composition B {{ }} }}"), ""),
        // It is the same with code that stands in none.
        (
            &format!(
                "{t}\nobject \"Old\" using \"Fox\"\nobject \"Den\" {{ action go() {{ spawn Fox }} }}\ncomposition A {{ }}"
            ),
            only,
        ),
        (
            &format!(
                "{t}\nobject \"Old\" using \"Fox\"\nobject \"Den\" {{ action go() {{ spawn Fox }} }}\ncomposition A {{ }}\ncomposition B {{ }}"
            ),
            "",
        ),
    ]);
}

#[test]
fn a_composition_does_not_change_with_who_imports_its_file() {
    let den = "template \"Fox\" @synced { state { x: 1 } }\ncomposition A { }";
    let held = "A { foxes: OrMap<InstanceId, Fox> }";
    for (room, own) in [
        ("object \"Old\" using \"Fox\" {}", ""),
        (
            "composition B { object \"Old\" using \"Fox\" {} }",
            "B { old: super::den::Fox }",
        ),
        (
            "composition B { logic { go() { spawn(\"Fox\") } } }",
            "B { foxes: OrMap<InstanceId, super::den::Fox> }",
        ),
    ] {
        let room = format!("import {{ Fox }} from \"./den\"\n{room}");
        let files = [("room.hsplus", room.as_str()), ("den.hsplus", den)];
        let units = crate::imports::compile(&files, &["."]);
        let told: Vec<String> = units.iter().map(worlds).collect();
        assert_eq!(told, [held, own], "{room}");
    }
}

#[test]
fn members_keep_their_numbers() {
    let mut lock = Lock::default();
    let source = |inside: &str| {
        format!("composition A {{ template \"T\" @synced {{ state {{ x: 1 }} }}\n{inside} }}")
    };
    let mut ids = |inside: &str| {
        let unit = compile("test.hsplus", &source(inside), &mut lock);
        let told: Vec<&str> = unit.diagnostics.iter().map(|one| one.code.id).collect();
        let world = unit.world.orbs.iter().find(|orb| orb.is_world()).unwrap();
        let ids = world
            .members
            .iter()
            .map(|one| format!("{} {}", one.id, one.wire));
        (ids.collect::<Vec<_>>(), told)
    };
    let first = ids("object \"p\" using \"T\"\nobject \"q\" using \"T\"");
    assert_eq!(first, (vec!["1 p".to_owned(), "2 q".to_owned()], vec![]));
    let second = ids("object \"r\" using \"T\"\nobject \"q\" using \"T\"");
    assert_eq!(second, (vec!["3 r".to_owned(), "2 q".to_owned()], vec![]));
    // Other values to start with make another member, as they make another field.
    let third = ids("object \"q\" using \"T\" { state { x: 2 } }");
    assert_eq!(third, (vec!["4 q".to_owned()], vec![codes::NEW_ID.id]));
}
