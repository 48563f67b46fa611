//! No text makes a stage panic, hang or point outside the text.

use std::path::Path;

use holo_grammar::diagnostic::Severity;
use holoc::lock::Lock;
use holoc::pipeline::Unit;
use holoc::report::{Format, Told, show};

use crate::support::{compact, compile_bytes};

/// How many mutations are tried; `HOLO_MUTATIONS` tries more.
const MUTATIONS: usize = 1_500;

/// A file with most of what the compiler knows.
const WORLD: &str = include_str!("robust.hsplus");

/// A small deterministic generator (xorshift), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// All stages, the renderers, and the generator where there is nothing wrong.
fn run(bytes: &[u8]) {
    run_to(bytes, true);
}

fn run_to(bytes: &[u8], written: bool) {
    let mut lock = Lock::default();
    let unit = compile_bytes("test.hsplus", bytes, &mut lock);
    check_spans(&unit);
    compact(&unit);
    let told = [Told {
        file: &unit.source.file,
        diagnostics: &unit.diagnostics,
    }];
    for format in [Format::Json, Format::Github] {
        show(&told, format, false, &mut std::io::sink()).unwrap();
    }
    assert!(Lock::parse(&lock.render()).is_ok_and(|again| again == lock));
    if written && !unit.failed() {
        let modules = holoc::pipeline::modules(std::slice::from_ref(&unit));
        holoc::emit::render(&modules[0]).unwrap();
        // What was decided once stays as it is, and nothing is told twice over.
        let again = compile_bytes("test.hsplus", bytes, &mut lock);
        assert_eq!(again.world, unit.world);
    }
}

fn check_spans(unit: &Unit) {
    let text = unit.source.file.text();
    for one in &unit.diagnostics {
        let marks = one.secondary.iter().map(|label| label.span);
        let fixes = one.fixes.iter().map(|fix| fix.span);
        for span in marks.chain(fixes).chain([one.primary.span]) {
            assert!(text.get(span.range()).is_some(), "{one:?}");
        }
        assert!(one.severity != Severity::Error || !one.message.is_empty());
    }
}

fn sources() -> Vec<Vec<u8>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![WORLD.as_bytes().to_vec()];
    for folder in [
        "tests/fixtures",
        "../../shared/corpus/files",
        "../../shared/corpus/snippets",
    ] {
        let Ok(entries) = std::fs::read_dir(here.join(folder)) else {
            continue;
        };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "hsplus"));
        paths.sort();
        found.extend(paths.iter().map(|path| std::fs::read(path).unwrap()));
    }
    found
}

#[test]
fn a_file_with_everything_is_fine() {
    let unit = compile_bytes("test.hsplus", WORLD.as_bytes(), &mut Lock::default());
    assert!(!unit.failed(), "{:?}", unit.diagnostics);
    assert!(unit.world.orbs.len() > 5);
}

#[test]
fn every_prefix() {
    for end in 0..=WORLD.len() {
        // The generator is the slow part, and the same for neighbours.
        run_to(&WORLD.as_bytes()[..end], end % 64 == 0);
    }
}

#[test]
fn mutations() {
    const PIECES: [&str; 40] = [
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "'",
        "`",
        ":",
        ",",
        ";",
        "=",
        "|",
        "?",
        "@",
        "#",
        "/*",
        "//",
        "\n",
        "-",
        "@networked ",
        "@synced ",
        "@crdt(x: \"pn_counter\") ",
        "state { x: 1 } ",
        "using \"T\" ",
        "networked { a: synced } ",
        "sync_rate: 5hz ",
        "rate: 0hz ",
        "x: int = 1\n",
        "x: Mode = Mode.A ",
        "...T ",
        "properties: [\"*\"] ",
        "\u{feff}",
        "日本",
        "type",
        "self",
        "{ a: { b: 1 } }",
        "1e999",
        "9223372036854775808",
    ];
    let count = std::env::var("HOLO_MUTATIONS").map_or(MUTATIONS, |count| count.parse().unwrap());
    let sources = sources();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..count {
        let mut bytes = sources[random.below(sources.len())].clone();
        bytes.truncate(8_000);
        for _ in 0..=random.below(6) {
            let at = random.below(bytes.len() + 1);
            let until = (at + random.below(40)).min(bytes.len());
            match random.below(5) {
                0 => drop(bytes.drain(at..until)),
                1 => {
                    let piece = PIECES[random.below(PIECES.len())];
                    bytes.splice(at..at, piece.bytes());
                }
                2 => {
                    let copied = bytes[at..until].to_vec();
                    let to = random.below(bytes.len() + 1);
                    bytes.splice(to..to, copied);
                }
                3 if at < bytes.len() => bytes[at] = random.below(256) as u8,
                _ => {
                    let piece = PIECES[random.below(PIECES.len())];
                    bytes.splice(at..until, piece.bytes());
                }
            }
        }
        let copy = bytes.clone();
        if std::panic::catch_unwind(move || run(&copy)).is_err() {
            panic!("this made it panic:\n{}", String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn ten_thousand_brackets() {
    for opener in [
        "{", "[", "(", "<", "@t(", "@t{", "a {", "a: {", "a: [", "a: (", "${", "`${", "x => {",
        "Map<",
    ] {
        let many = opener.repeat(10_000);
        for source in [
            many.clone(),
            format!(
                "orb a @networked {{ state {{ x: {many}\n y: 1 }} }}\norb b @synced {{ state {{ x: 1 }} }}"
            ),
            format!("orb a @networked({many}"),
            format!("orb a @synced {{ state {{ x: {many} = 1"),
        ] {
            run(source.as_bytes());
        }
    }
}
