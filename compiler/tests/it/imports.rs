//! Imports over real files: what they bring in, and what can be wrong with them.

use camino::Utf8PathBuf;
use holoc::load;
use holoc::lock::Lock;
use holoc::pipeline::{self, Disk, Unit};

use crate::support::compact;

/// Compiles files; those named in `built` are given on the command line, from the folder that holds them all.
pub(crate) fn compile(files: &[(&str, &str)], built: &[&str]) -> Vec<Unit> {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let paths: Vec<_> = built.iter().map(|name| root.join(name)).collect();
    let loaded = load::load(&paths).unwrap();
    let units = loaded.sources.into_iter().map(Unit::parse).collect();
    pipeline::compile(units, &mut Lock::default(), &mut Disk)
}

pub(crate) fn all(units: &[Unit]) -> String {
    let one = |unit: &Unit| format!("[{}]\n{}", unit.source.path, compact(unit));
    units.iter().map(one).collect::<Vec<_>>().join("\n")
}

const MUGS: &str = "template \"Mug\" @networked { position: [0, 1, 0]\nstate { full: true } }";
const MUG: &str =
    "Mug 20: ~position <Vec3> [0.0,1.0,0.0], ~rotation <Quat> [0.0,0.0,0.0,1.0], full <bool> true";

#[test]
fn templates_come_with_every_form_of_import() {
    for (import, using) in [
        ("import { Mug } from \"./mugs.hsplus\"", "Mug"),
        ("import { Mug } from \"./mugs\"", "Mug"),
        ("import { Mug } from \"mugs.hsplus\"", "Mug"),
        ("import { Mug as Cup } from \"./mugs.hsplus\"", "Cup"),
        ("import \"./mugs.hsplus\"", "Mug"),
        ("@import \"./mugs.hsplus\" as lib", "lib.Mug"),
        ("import * as lib from \"./mugs.hsplus\"", "lib.Mug"),
        ("import Mug from \"./mugs.hsplus\"", "Mug"),
    ] {
        let room = format!("{import}\nobject \"Red\" using \"{using}\" {{ position: [3, 0, 0] }}");
        let files = [("room.hsplus", room.as_str()), ("mugs.hsplus", MUGS)];
        let expected = format!("[mugs.hsplus]\n{MUG}\n[room.hsplus]\nRed of Mug");
        assert_eq!(all(&compile(&files, &["."])), expected, "{import}");
    }
}

#[test]
fn an_object_that_adds_to_an_imported_template_is_a_type_of_its_own() {
    let room =
        "import { Mug } from \"./mugs.hsplus\"\nobject \"Red\" using \"Mug\" { state { hot: 1 } }";
    let units = compile(&[("room.hsplus", room), ("mugs.hsplus", MUGS)], &["."]);
    let red = MUG.replace("Mug", "Red");
    assert_eq!(
        all(&units),
        format!("[mugs.hsplus]\n{MUG}\n[room.hsplus]\n{red}, hot <i64> 1")
    );
    // What comes from the other file is told where it stands.
    let orb = &units[1].world.orbs[0];
    assert_eq!(orb.span.range(), 43..48);
}

#[test]
fn what_is_imported_is_built_too() {
    let room = "import { Mug } from \"./lib/mugs.hsplus\"\nobject \"Red\" using \"Mug\" {}";
    let files = [("room.hsplus", room), ("lib/mugs.hsplus", MUGS)];
    let expected = format!("[room.hsplus]\nRed of Mug\n[lib/mugs.hsplus]\n{MUG}");
    assert_eq!(all(&compile(&files, &["room.hsplus"])), expected);
}

#[test]
fn a_name_is_passed_on() {
    let files = [
        (
            "a.hsplus",
            "import { Mug } from \"./b.hsplus\"\nobject \"Red\" using \"Mug\" {}",
        ),
        ("b.hsplus", "import { Mug } from \"./mugs.hsplus\""),
        ("mugs.hsplus", MUGS),
    ];
    let expected = format!("[a.hsplus]\nRed of Mug\n[b.hsplus]\n\n[mugs.hsplus]\n{MUG}");
    assert_eq!(all(&compile(&files, &["."])), expected);
}

#[test]
fn enums_and_structs_come_too() {
    let types = "enum Mode { Idle, Busy }";
    let room = "import { Mode } from \"./types.hsplus\"\norb r @synced { state { mode: Mode = Mode.Busy } }";
    let units = compile(&[("room.hsplus", room), ("types.hsplus", types)], &["."]);
    assert_eq!(
        compact(&units[0]),
        "R 30: mode <super::types::Mode> \"Busy\""
    );
}

#[test]
fn what_is_wrong_with_an_import_is_told() {
    let code = |files: &[(&str, &str)], built: &[&str]| {
        let units = compile(files, built);
        let told = units.iter().flat_map(|unit| &unit.diagnostics);
        told.map(|one| one.code.id).collect::<Vec<_>>()
    };
    let import = |path: &str| format!("import {{ Mug }} from \"{path}\"");
    for (path, expected) in [
        ("./mgus.hsplus", vec!["HS136"]),
        ("./nothing", vec!["HS136"]),
        ("../mugs.hsplus", vec!["HS137"]),
        ("./lib/mugs.hsplus", vec![]),
        ("@scope/mugs", vec![]),
        ("three", vec![]),
        ("./mugs.ts", vec![]),
    ] {
        let room = import(path);
        let files = [
            ("w/room.hsplus", room.as_str()),
            ("mugs.hsplus", MUGS),
            ("w/lib/mugs.hsplus", MUGS),
        ];
        assert_eq!(code(&files, &["w"]), expected, "{path}");
    }
    let files = [
        ("a.hsplus", "import { Cup } from \"./mugs.hsplus\""),
        ("mugs.hsplus", MUGS),
    ];
    assert_eq!(code(&files, &["."]), ["HS138"]);
    // A part of a word is no word.
    let files = [
        ("a.hsplus", "import { Mu } from \"./mugs.hsplus\""),
        ("mugs.hsplus", MUGS),
    ];
    assert_eq!(code(&files, &["."]), ["HS138"]);
}

#[test]
fn of_what_is_imported_a_template_comes_first() {
    let mugs = format!("object \"Mug\" @synced {{ state {{ x: 1 }} }}\n{MUGS}");
    let room = "import { Mug } from \"./mugs\"\nobject \"Red\" using \"Mug\" {}";
    let units = compile(&[("mugs.hsplus", &mugs), ("room.hsplus", room)], &["."]);
    let room = &units[1].world;
    assert!(room.orbs.is_empty(), "{:?}", room.orbs);
    // The object would make it an orb of 30 Hz with a field `x`.
    let mug = &units[0].world.orbs;
    assert_eq!(mug.len(), 2);
    let red = "import { Mug } from \"./mugs\"\nobject \"Red\" using \"Mug\" @owned {}";
    let units = compile(&[("mugs.hsplus", &mugs), ("room.hsplus", red)], &["."]);
    let fields = &units[1].world.orbs[0].fields;
    assert!(
        fields.iter().any(|field| field.wire == "full"),
        "{fields:?}"
    );
}

#[test]
fn circles_of_imports_end() {
    let a = "import { B } from \"./b.hsplus\"\ntemplate \"A\" using \"B\" @networked {}";
    let b = "import { A } from \"./a.hsplus\"\ntemplate \"B\" using \"A\" {}";
    let units = compile(&[("a.hsplus", a), ("b.hsplus", b)], &["."]);
    let told: Vec<_> = units.iter().flat_map(|unit| &unit.diagnostics).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].code.id, "HS139");
    assert_eq!(told[0].primary.message, "a.hsplus → b.hsplus → a.hsplus");
    // A file that imports itself.
    let own = compile(
        &[(
            "a.hsplus",
            "import { A } from \"./a.hsplus\"\norb A @networked {}",
        )],
        &["."],
    );
    assert_eq!(own[0].diagnostics[0].code.id, "HS139");
}

#[test]
fn a_mistake_shown_in_two_files_names_the_other() {
    let mugs = "template \"Mug\" @networked(rate: 20hz) {}";
    let room = "import { Mug } from \"./mugs.hsplus\"\nobject \"Red\" using \"Mug\" @networked(rate: 30hz) {}";
    let units = compile(&[("room.hsplus", room), ("mugs.hsplus", mugs)], &["."]);
    let told = &units[1].diagnostics[0];
    assert_eq!(told.code.id, "HS113");
    assert_eq!(told.secondary, []);
    assert!(
        told.help
            .as_deref()
            .unwrap()
            .ends_with("mugs.hsplus`, line 1)"),
        "{:?}",
        told.help
    );
    assert_eq!(units[0].diagnostics, []);
}
