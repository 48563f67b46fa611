//! Random programs through the whole compiler: what is generated for all of them compiles without a warning, in one crate,
//! and each of them converges.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use camino::Utf8PathBuf;
use holo_codegen::schema::{Crdt, Module, Orb};
use holo_tests::fixtures::{build, compile};
use holo_tests::programs::program;

/// How many programs there are; `HOLO_PROGRAMS` makes it more or fewer.
const PROGRAMS: u64 = 200;

#[test]
fn random_programs_compile_and_converge() {
    let count = std::env::var("HOLO_PROGRAMS").map_or(PROGRAMS, |count| count.parse().unwrap());
    let out = Utf8PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("programs");
    if out.exists() {
        fs::remove_dir_all(&out).unwrap();
    }
    let sources = out.join("sources");
    fs::create_dir_all(&sources).unwrap();
    for seed in 0..count {
        fs::write(sources.join(format!("p{seed}.hsplus")), program(seed)).unwrap();
    }
    let generated = out.join("generated");
    build(&sources, &generated);
    let (modules, stale) = compile(&sources, &generated);
    assert_eq!(stale, "", "what was just written is stale");
    fs::write(out.join("main.rs"), main_of(&modules, count)).unwrap();
    trybuild::TestCases::new().pass(out.join("main.rs"));
}

#[test]
fn programs_are_as_various_as_they_should_be() {
    let all: String = (0..PROGRAMS).map(program).collect();
    for form in [
        "orb ",
        "object ",
        "networked_object ",
        "template ",
        "composition ",
        "using ",
        "enum ",
        "struct ",
        "spawn(",
        "@networked",
        "@replicated",
        ": synced ",
        "Item[]",
        "Mode.",
        "日本語",
        "type:",
        "self:",
        "__proto__",
        "*/ }}",
        ": {}",
        "null",
        "PNCounter",
        "Map<",
        "// ",
    ] {
        assert!(all.contains(form), "no program has `{form}`");
    }
    assert_eq!(program(7), program(7));
}

/// A program that runs the largest orb of each module in the simulator, with all that it holds. The others are compiled
/// and no more: a simulator for each would take minutes to compile.
fn main_of(modules: &BTreeMap<Vec<String>, Module>, programs: u64) -> String {
    let mut out = String::from(
        "#![deny(warnings)]\n#[allow(dead_code)]\n#[path = \"generated/mod.rs\"]\nmod generated;\n\n",
    );
    let mut runs = Vec::new();
    for (path, module) in modules {
        let path = format!("generated::{}", path.join("::"));
        out.push_str(&random_values(&path, module));
        for orb in &module.orbs {
            let view = holo_codegen::names::view(&orb.rust);
            out.push_str(&subject(&format!("nested {path}::{view}<'_>"), module, orb));
        }
        // Of every other program the composition, if it has one: of all, they would take minutes.
        let worlds = runs.len() % 2 == 0;
        let size = |orb: &&Orb| (worlds && orb.rate_hz.is_none(), orb.fields.len());
        let largest = module.orbs.iter().max_by_key(size);
        let largest = largest.unwrap_or_else(|| panic!("{path} has no orb"));
        let name = format!("{path}::{}", largest.rust);
        out.push_str(&subject(&name, module, largest));
        runs.push(format!("    converges::<{name}>();\n"));
    }
    assert_eq!(runs.len() as u64, programs);
    out + RUN + "fn main() {\n" + &runs.concat() + "}\n"
}

/// Lets the simulator edit a type, if there is anything in it to edit.
fn subject(name: &str, module: &Module, orb: &Orb) -> String {
    let fields = orb.fields.iter().filter(|one| can_edit(module, &one.crdt));
    let fields: Vec<&str> = fields.map(|one| one.rust.as_str()).collect();
    if fields.is_empty() {
        return String::new();
    }
    format!(
        "holo_tests::subject!({name} {{ {} }});\n",
        fields.join(", ")
    )
}

const RUN: &str = "
fn converges<T: holo_tests::sim::Subject>() {
    for seed in 0..4 {
        let log = if seed % 2 == 0 { 10_000 } else { 2 };
        let plan = holo_tests::sim::Plan { replicas: 3, steps: 50, log };
        holo_tests::sim::run::<T>(seed, plan);
    }
}

";

/// How to make a random one of each enum and record, from their own words and from one that no schema knows.
fn random_values(path: &str, module: &Module) -> String {
    let mut out = String::new();
    let mut random = |rust: &str, body: &str| {
        let head = format!("impl holo_tests::poke::Random for {path}::{rust}");
        let act = "fn random(rng: &mut holo_tests::rng::Rng) -> Self";
        let _ = writeln!(out, "{head} {{\n    {act} {{ {body} }}\n}}");
    };
    for one in &module.enums {
        let words: Vec<&str> = one
            .variants
            .iter()
            .map(|variant| variant.wire.as_str())
            .collect();
        random(
            &one.rust,
            &format!(
                "Self::from(*rng.pick(&[{}\"?\"]))",
                words
                    .iter()
                    .map(|word| format!("{word:?}, "))
                    .collect::<String>()
            ),
        );
    }
    for one in &module.records {
        let parts = one
            .fields
            .iter()
            .map(|part| format!("one.{} = holo_tests::poke::Random::random(rng);", part.rust));
        let parts: String = parts.collect();
        random(
            &one.rust,
            &format!("let mut one = Self::default(); {parts} one"),
        );
    }
    out
}

/// Whether there is something in it that `holo_tests::poke` knows how to edit.
fn can_edit(module: &Module, crdt: &Crdt) -> bool {
    match crdt {
        Crdt::GCounter | Crdt::PnCounter | Crdt::LwwRegister(_) => true,
        Crdt::OrSet(_) | Crdt::LwwMap(..) | Crdt::JsonDoc => true,
        Crdt::MvRegister(_) | Crdt::GSet(_) | Crdt::TwoPSet(_) => true,
        Crdt::Sequence(_) | Crdt::Text => true,
        Crdt::Nested(name) => {
            let orb = module.orbs.iter().find(|orb| orb.rust == *name);
            orb.is_some_and(|orb| orb.fields.iter().any(|one| can_edit(module, &one.crdt)))
        }
        Crdt::OrMap(_, value) => can_edit(module, value),
    }
}
