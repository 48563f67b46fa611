//! Nothing makes the parser panic, hang or overflow its stack.

mod common;

use holo_grammar::{MAX_DEPTH, SourceFile, parse};

const SOURCES: &[&str] = &[
    "// Docs\norb player @networked(sync_rate: 20hz) {\n  state { health: 100, score: 0 @counter // pts\n }\n  position: [0, 1, -2]\n}\n",
    "import { a as b } from \"x\"\ntemplate \"T\" using 'B' { level: synced Map<string, int[]> | null = {} if (x > 1)\n ...Base }\n",
    "object a { @on_x => f()\n onClick: () => { let s = `a ${b + `c`} d`; return /x[/]/g }\n @t { a: { b: [1, #fff, 20hz] } } <div a=\"b\">it's</div> }\n",
    "networked { position: synced  hp: interpolated }\n# note\n\"k\": “smart” 'q' \"\\u{1F600}\\x41\" /* c */ panel#id ->\n日本語: \"é\"\r\n",
];

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

/// Parses, and checks that every span lies in the text and on character boundaries.
fn check(text: &str) {
    let parsed = parse(text);
    for one in &parsed.diagnostics {
        let spans = one
            .secondary
            .iter()
            .map(|label| label.span)
            .chain(one.fixes.iter().map(|fix| fix.span));
        for span in spans.chain([one.primary.span]) {
            assert!(
                text.get(span.range()).is_some(),
                "{span:?} of {one:?} in {text:?}"
            );
        }
    }
    // The printer slices the text at every span of the tree.
    let _ = common::tree_of(text);
}

#[test]
fn every_prefix() {
    for source in SOURCES {
        for end in (0..=source.len()).filter(|end| source.is_char_boundary(*end)) {
            check(&source[..end]);
            check(&source[end..]);
        }
    }
}

#[test]
fn mutations() {
    let pieces = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "'",
        "`",
        "${",
        "/*",
        "//",
        "/",
        "@",
        "#",
        ":",
        ",",
        "=",
        "=>",
        "->",
        "\n",
        " ",
        "\\",
        "<",
        ">",
        "|",
        "?",
        "...",
        "0x",
        "1e",
        "if (",
        "synced ",
        "state {",
        "“",
        "”",
        "\u{0}",
        "é",
        "-",
        "import ",
        "on_x",
        "export ",
        "@a export ",
        "@on_a ",
        "@a @on_b ",
        "() | () => ",
        "x: A<\n",
        "x: () | () =>\n",
        "state\n",
        "a b: ",
        "999999999999999999999",
    ];
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..20_000 {
        let mut text: Vec<char> = SOURCES[random.below(SOURCES.len())].chars().collect();
        for _ in 0..=random.below(6) {
            let at = random.below(text.len() + 1);
            match random.below(3) {
                0 => drop(text.drain(at..(at + random.below(12)).min(text.len()))),
                1 => drop(text.splice(at..at, pieces[random.below(pieces.len())].chars())),
                _ => {
                    let from = random.below(text.len() + 1);
                    let copy: Vec<char> = text[from..(from + 20).min(text.len())].to_vec();
                    drop(text.splice(at..at, copy));
                }
            }
        }
        check(&text.into_iter().collect::<String>());
    }
}

#[test]
fn nested_and_unclosed_brackets() {
    let nested = "[".repeat(10_000) + &"]".repeat(10_000);
    let deep_value = "a: ".to_owned() + &"{ b: ".repeat(10_000);
    let deep_nodes = "a { ".repeat(10_000);
    for text in [
        nested.clone(),
        "a: ".to_owned() + &nested,
        "[".repeat(10_000),
        "{".repeat(10_000),
        deep_value,
        deep_nodes,
    ] {
        let parsed = parse(&text);
        let codes: Vec<_> = parsed.diagnostics.iter().map(|one| one.code.id).collect();
        assert_eq!(codes, ["HS012"], "{}", &text[..20]);
    }
    assert!(parse(&"]".repeat(10_000)).diagnostics.len() == 1);
    assert!(parse(&"orb a {\n".repeat(10_000)).diagnostics.len() < 20);
}

#[test]
fn depth_at_the_limit() {
    for open in [
        "[",
        "{ a: ",
        "a { ",
        "@t { ",
        "@networked(a: { ",
        "x @t(a: [",
        "<a b={",
    ] {
        let brackets = open.matches(['(', '[', '{']).count();
        for (depth, wanted) in [
            (MAX_DEPTH - brackets, 0),
            (MAX_DEPTH, 0),
            (MAX_DEPTH + brackets, 1),
        ] {
            let closers: String = open
                .chars()
                .rev()
                .filter_map(|c| "([{".find(c).map(|at| [')', ']', '}'][at]))
                .collect();
            let times = depth / brackets;
            let text = format!("{}{}", open.repeat(times), closers.repeat(times));
            let found = parse(&text)
                .diagnostics
                .iter()
                .filter(|one| one.code.id == "HS012")
                .count();
            assert_eq!(found, wanted, "{open} {depth}");
        }
    }
}

#[test]
fn long_runs() {
    let runs = [
        "x: A<",
        "@a ",
        "a b ",
        "x: 1 @a ",
        "orb\n@a\n",
        "a? ",
        "if a ",
        "<a ",
        "'a ",
        "`${\n",
        "/a ",
        "\"\n",
        "a: b -> ",
        "export ",
        "@a export ",
        "@on_a ",
        "@a @on_b ",
        "() | () => ",
        "x: A<\n",
        "x: () | () =>\n",
        "state\n",
        "a b: ",
        "\\u",
        "1.",
        "-",
    ];
    for run in runs {
        check(&run.repeat(4_000));
    }
}

#[test]
fn limits_of_size() {
    let text = |bytes: usize| vec![b' '; bytes];
    for (bytes, wanted) in [
        (holo_grammar::MAX_SOURCE_BYTES - 1, 0),
        (holo_grammar::MAX_SOURCE_BYTES, 0),
        (holo_grammar::MAX_SOURCE_BYTES + 1, 1),
    ] {
        let (source, found) = SourceFile::new("big", text(bytes));
        assert_eq!(found.len(), wanted);
        assert_eq!(source.text().is_empty(), wanted == 1);
    }
}

#[test]
fn many_unseen_characters_in_a_row() {
    // Each was skipped by a call within the call for the one before.
    for unit in ["\u{200b}", "\u{a0}", "\u{a0} ", "\u{202e}"] {
        let text = format!("a: 1\n{}b: 2", unit.repeat(300_000));
        assert_eq!(parse(&text).file.items.len(), 2, "{unit:?}");
    }
}
