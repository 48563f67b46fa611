//! Characters that deceive: look-alikes, and those that cannot be seen.

mod common;

use common::{mistakes, tree_of};
use holo_grammar::SourceFile;
use holo_grammar::diagnostic::{Applicability, Severity};

/// The codes of all errors, of all warnings, and the tree.
#[track_caller]
fn case(text: &str, errors: &str, warnings: &str, tree: &str) {
    let parsed = holo_grammar::parse(text);
    let codes = |wanted: Severity| {
        let all = parsed
            .diagnostics
            .iter()
            .filter(|one| one.severity == wanted);
        let all: Vec<_> = all
            .map(|one| format!("{}@{}", one.code.id, one.primary.span.start))
            .collect();
        all.join(" ")
    };
    assert_eq!(
        codes(Severity::Error),
        errors,
        "{text:?}\n{}",
        mistakes(text)
    );
    assert_eq!(
        codes(Severity::Warning),
        warnings,
        "{text:?}\n{}",
        mistakes(text)
    );
    assert_eq!(tree_of(text), tree, "{text:?}");
}

/// The text after every fix, all of which must be safe; nothing may be left to say.
#[track_caller]
fn mended(text: &str) -> String {
    let mut out = text.to_owned();
    for one in holo_grammar::parse(text).diagnostics.iter().rev() {
        let fix = &one.fixes[0];
        assert_eq!(fix.applicability, Applicability::Safe, "{one:?}");
        out.replace_range(fix.span.range(), &fix.replacement);
    }
    assert_eq!(mistakes(&out), "", "{out:?}");
    out
}

#[test]
fn punctuation_of_other_scripts_is_read_as_what_it_looks_like() {
    case(
        "orb a ｛ health： 100， mana＝1； x: 2\u{37e} y: 3 ｝",
        "HS019@6 HS019@16 HS019@23 HS019@31 HS019@35 HS019@43 HS019@51",
        "",
        "NODE orb a {health = 100; mana = 1; x = 2; y = 3}",
    );
    case(
        "＠networked（rate： 20）",
        "HS019@0 HS019@12 HS019@19 HS019@25",
        "",
        "@networked(rate: 20)",
    );
    case("p: ［1、 2］", "HS019@3 HS019@7 HS019@12", "", "p = [1, 2]");
    assert_eq!(
        mended("orb a ｛ health： 100， p：［1，2］；｝"),
        "orb a { health: 100, p:[1,2];}"
    );
}

#[test]
fn a_dash_before_a_digit_is_a_minus_sign() {
    for dash in [
        '\u{2010}', '\u{2011}', '\u{2012}', '–', '—', '\u{2212}', '－',
    ] {
        case(&format!("a: {dash}3"), "HS019@3", "", "a = -3");
    }
    assert_eq!(mended("a: –3, b: \u{2212}0.5"), "a: -3, b: -0.5");
    // Anywhere else it is what it is: prose.
    case("a: \"x – y\" // 3 – 4", "", "", "a = \"x – y\" //3 – 4");
}

#[test]
fn blanks_of_other_kinds_are_warnings() {
    case("\u{a0}\u{a0}a:\u{3000}1", "", "HS019@0 HS019@6", "a = 1");
    assert_eq!(mended("\u{a0}\u{a0}a:\u{2003}1\u{2028}"), "  a: 1 ");
}

#[test]
fn what_stands_in_text_and_code_is_left_alone() {
    case(
        "s: \"（：，）\u{a0}\" // ：\u{a0}",
        "",
        "",
        "s = \"（：，）\\u{a0}\" //：",
    );
    case(
        "action f() { g（1）\u{a0}； }",
        "",
        "",
        "CODE action f <g（1） ；>",
    );
    case(
        "x: <p>日本：（語）</p>",
        "",
        "",
        "x = <<p>日本：（語）</p>>",
    );
}

#[test]
fn characters_without_width() {
    case("he\u{200b}alth: 1", "HS020@2", "", "he\u{200b}alth = 1");
    case(
        "\u{200b}health\u{feff}: 1",
        "",
        "HS020@0 HS020@9",
        "health = 1",
    );
    assert_eq!(mended("\u{200b}he\u{2060}alth\u{feff}: 1"), "health: 1");
    // Words of some scripts need a joiner.
    case("می\u{200c}خواهم: 1", "", "", "می\u{200c}خواهم = 1");
    case("he\u{200d}alth: 1", "HS020@2", "", "he\u{200d}alth = 1");
    case("s: \"👩\u{200d}🚀\"", "", "", "s = \"👩\\u{200d}🚀\"");
}

#[test]
fn control_characters_and_the_order_of_the_text() {
    case("a: 1 \u{7} b: 2", "HS021@5", "", "a = 1; b = 2");
    case("a: 1 \u{202e}b: 2", "HS022@5", "", "a = 1; b = 2");
    case("f() { g(\u{2066}) }", "HS022@8", "", "CODE f <g(\u{2066})>");
    case(
        "a: \"\u{1b}[0m\" // \u{202e}",
        "",
        "HS021@4 HS022@13",
        "a = \"\\u{1b}[0m\" //\u{202e}",
    );
    assert_eq!(
        mended("a: \"x\u{202e}\u{1b}\" // \u{202e}z"),
        "a: \"x\\u{202e}\\u{1b}\" // z"
    );
    case("a: 1\u{7f}\u{85}\n", "HS021@4 HS021@5", "", "a = 1");
}

#[test]
fn a_carriage_return_alone_breaks_a_line() {
    let (source, found) = SourceFile::new(
        "t",
        b"// note\rorb a {\r  x: 1 // y\r  z: 2\r\n}\r".to_vec(),
    );
    assert!(found.is_empty());
    assert_eq!(
        tree_of(source.text()),
        "NODE orb a {x = 1 //y; z = 2} //note"
    );
    assert_eq!((source.line_count(), source.line_col(9)), (6, (2, 2)));
    assert!(source.text().ends_with("2\r\n}\n"));
}
