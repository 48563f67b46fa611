//! What is said about each mistake, and what is still read.

mod common;

use common::{mistakes, tree_of};

/// A text with one mistake, what is said, and the tree.
#[track_caller]
fn case(text: &str, said: &str, tree: &str) {
    assert_eq!(mistakes(text), said, "{text}");
    assert_eq!(tree_of(text), tree, "{text}");
}

#[test]
fn brackets_that_are_not_closed() {
    case(
        "orb a {\n  @physics {\n    mass: 1\n\n  color: \"x\"\n}\norb b { x: 1 }",
        "2:12 HS009 this `{` is never closed [5:3 `}` seems to be missing before this] (insert `}`)",
        "NODE orb a {@physics(mass: 1); color = \"x\"}; NODE orb b {x = 1}",
    );
    case(
        "orb a {\n  health: 100\n\norb b { x: 1 }\norb c { y: 1 }",
        "1:7 HS009 this `{` is never closed [4:1 `}` seems to be missing before this] (insert `}`)",
        "NODE orb a {health = 100}; NODE orb b {x = 1}; NODE orb c {y = 1}",
    );
    case(
        "orb a {\n  p: [0, 1\n  q: 1\n}\norb b { }",
        "2:6 HS009 this `[` is never closed [3:3 `]` seems to be missing before this] (insert `]`)",
        "NODE orb a {p = [0, 1]; q = 1}; NODE orb b {}",
    );
    case(
        "orb a {\n  @networked(rate: 20\n  x: 1\n}",
        "2:13 HS009 this `(` is never closed [3:3 `)` seems to be missing before this] (insert `)`)",
        "NODE orb a {@networked(rate: 20); x = 1}",
    );
    case(
        "orb a {\n  onClick() {\n    if (x) {\n      y()\n  }\n  z: 1\n}\norb b { }",
        "3:12 HS009 this `{` is never closed [5:3 `}` seems to be missing before this] (insert `}`)",
        "NODE orb a {CODE onClick <if (x) { y()>; z = 1}; NODE orb b {}",
    );
    case(
        "orb \"x\" {",
        "1:9 HS009 this `{` is never closed [1:10 the file ends here] (insert `}`)",
        "NODE orb x {}",
    );
}

#[test]
fn brackets_that_close_nothing() {
    case(
        "orb a { x: 1 }\n}\norb b { }",
        "2:1 HS010 this `}` closes nothing (remove it)",
        "NODE orb a {x = 1}; NODE orb b {}",
    );
    case(
        "orb d {\n  x: 1\n  }\n  y: 2\n}\norb e { }",
        "3:3 HS010 this `}` closes nothing (remove it)",
        "NODE orb d {x = 1; y = 2}; NODE orb e {}",
    );
    case(
        "orb a {\n  p: [0, 1, 2)\n  q: 1\n}",
        "2:6 HS011 this `[` is closed by `)` [2:14 write `]` here] (write `]`)",
        "NODE orb a {p = [0, 1, 2]; q = 1}",
    );
}

#[test]
fn colons_values_and_commas() {
    case(
        "orb a {\n  health 100\n  x: 1\n}",
        "2:10 HS013 `health` is followed by `100` without a `:` (insert `:`)",
        "NODE orb a {health = 100; x = 1}",
    );
    case(
        "orb a { position [0, 1, 2] }",
        "1:18 HS013 `position` is followed by `[` without a `:` (insert `:`)",
        "NODE orb a {position = [0, 1, 2]}",
    );
    case(
        "orb a {\n  health:\n  x: 1\n}",
        "2:9 HS014 `health` has no value",
        "NODE orb a {health; x = 1}",
    );
    case(
        "orb a { health: }",
        "1:15 HS014 `health` has no value",
        "NODE orb a {health}",
    );
    case(
        "a: = 5\nb: 1",
        "1:2 HS014 `a` has no value [1:4 this does not begin a value]",
        "a; b = 1",
    );
    case(
        "orb a { x: 1,, y: 2 }",
        "1:14 HS015 a comma stands where an item was expected (remove it)",
        "NODE orb a {x = 1; y = 2}",
    );
    case(
        "p: [1,,2]",
        "1:7 HS015 a comma stands where an item was expected (remove it)",
        "p = [1, 2]",
    );
    case(
        "@synced(a: 1,, b: 2)",
        "1:14 HS015 a comma stands where an item was expected (remove it)",
        "@synced(a: 1, b: 2)",
    );
    case(
        "x: 1 2\ny: 3",
        "1:6 HS018 `2` follows a value (make a list of them)",
        "x = 1; y = 3",
    );
    case(
        "orb a {\n  100\n  x: 1\n}",
        "2:3 HS017 `100` cannot begin an item",
        "NODE orb a {x = 1}",
    );
}

#[test]
fn strings_and_comments() {
    case(
        "orb a {\n  name: \"foo\n  color: \"red\"\n}",
        "2:9 HS005 this string is never closed (close it with `\"`)",
        "NODE orb a {name = \"foo\"; color = \"red\"}",
    );
    case(
        "orb a {\n  name: \"foo\n}",
        "2:9 HS005 this string is never closed (close it with `\"`)",
        "NODE orb a {name = \"foo\"}",
    );
    case(
        "x: 'abc\nz: 1",
        "1:4 HS005 this string is never closed (close it with `'`)",
        "x = \"abc\"; z = 1",
    );
    case(
        "x: `abc\nz: 1",
        "1:4 HS005 this string is never closed (close it with a backtick)",
        "x = \"abc\"; z = 1",
    );
    case(
        "orb a { x: 1 }\n/* never\norb b {",
        "2:1 HS006 this comment is never closed (close it at the end of its line)",
        "NODE orb a {x = 1}",
    );
    case(
        "z: \"a\\u{zz}b\"",
        "1:6 HS007 the escape `\\u{zz}` names no character (write a backslash)",
        "z = \"ab\"",
    );
    case(
        "orb a { name: “Bob” x: 1 }",
        "1:15 HS016 typographic quotes do not make a string (write straight quotes)",
        "NODE orb a {name = \"Bob\"; x = 1}",
    );
}

#[test]
fn integers_beyond_64_bits() {
    case(
        "y: 9223372036854775807\nz: -9223372036854775808",
        "",
        "y = 9223372036854775807; z = -9223372036854775808",
    );
    case(
        "y: 9223372036854775808",
        "1:4 HS008 the integer 9223372036854775808 does not fit 64 bits (make it a float, which is near enough)",
        "y = 9.223372036854776e18",
    );
}

#[test]
fn one_bracket_is_one_mistake() {
    case(
        "orb a {\n  p: [1, }\norb b { x: 1 }",
        "2:6 HS009 this `[` is never closed [2:10 `]` seems to be missing before this] (insert `]`)",
        "NODE orb a {p = [1]}; NODE orb b {x = 1}",
    );
    case(
        "orb a {\n  p: [1, 2 }\n  q: 1\n}\norb b { }",
        "2:6 HS011 this `[` is closed by `}` [2:12 write `]` here] (write `]`)",
        "NODE orb a {p = [1, 2]; q = 1}; NODE orb b {}",
    );
    case(
        "fn f(a, b {\n  g()\n}\n\nfn h() { }",
        "1:5 HS009 this `(` is never closed [5:1 `)` seems to be missing before this] (insert `)`)",
        "OTHER <fn f(a, b { g() }>; CODE fn h <>",
    );
}

#[test]
fn a_string_that_ends_too_soon_is_one_mistake() {
    // The brackets inside the string close nothing later on, and nothing more is said of them.
    case(
        "orb a {\n  f: \"(x) => { if (x) { g(\"/h)\n      y()\n    }\n  }\n}\norb b { z: 1 }",
        "2:30 HS010 this `)` closes nothing [2:6 this string seems to end too soon, with brackets open in it] (remove it)",
        "NODE orb a {f = <\"(x) => { if (x) { g(\"/h>; OTHER <y()>}; NODE orb b {z = 1}",
    );
    case(
        "orb a {\n  f: \"(x) => { g(`a ${x}\"b`)\n    }\n}\norb b { z: 1 }",
        "2:27 HS005 this string is never closed (close it with a backtick)",
        "NODE orb a {f = <\"(x) => { g(`a ${x}\">; OTHER <b`)>}; NODE orb b {z = 1}",
    );
    case(
        "x: { a: \"`b:$\"{c}`,\n d: `e` }\ny: `f`",
        "1:18 HS005 this string is never closed (close it with a backtick)",
        "x = {a = <\"`b:$\"{c}`,>; d = \"e\"}; y = \"f\"",
    );
}

#[test]
fn escapes() {
    case(
        "a: \"x\\qy\"",
        "1:6 HS023 the escape `\\q` has no meaning (write a backslash)",
        "a = \"xqy\"",
    );
    // Those of regular expressions stay unspoken of.
    case("a: \"\\d+\\s\\.\\w\"", "", "a = \"d+s.w\"");
    case("a: \"\\b\\f\\v\\0\"", "", "a = \"\\u{8}\\u{c}\\u{b}\\0\"");
}

#[test]
fn numbers_beyond_any_float() {
    case(
        "a: 1e999\nb: -1e999ms\nc: 1e308",
        "1:4 HS024 the number 1e999 is larger than any float\n2:5 HS024 the number 1e999ms is larger than any float",
        &format!("a = {:?}; b = {}ms; c = 1e308", f64::MAX, f64::MIN),
    );
}

#[test]
fn what_is_kept_is_bounded() {
    for line in [
        "1\n",
        "a 1\n",
        "a:\n",
        "a: 1,,\n",
        "\u{1}x\n",
        "a：1\n",
        "x: \"\\q\"\n",
    ] {
        let found = holo_grammar::parse(&line.repeat(5_000)).diagnostics;
        assert!(
            (900..3_000).contains(&found.len()),
            "{line:?} {}",
            found.len()
        );
    }
}

#[test]
fn messages_are_short_and_show_nothing_hidden() {
    let text = format!("x: 1 \"{}\u{1b}[31m\u{202e}\"", "long ".repeat(100));
    for one in holo_grammar::parse(&text).diagnostics {
        assert!(one.message.chars().count() < 100, "{}", one.message);
        assert!(
            !one.message.contains(['\u{1b}', '\u{202e}']),
            "{}",
            one.message
        );
    }
    let text = "x: 1 \"\u{1b}\"";
    let said = mistakes(text);
    assert!(
        said.contains("HS018 `\"\u{fffd}\"` follows a value"),
        "{said}"
    );
}

#[test]
fn codes_are_unique_and_in_order() {
    let ids: Vec<_> = holo_grammar::codes::ALL
        .iter()
        .map(|code| code.id)
        .collect();
    let wanted: Vec<_> = (1..=ids.len())
        .map(|number| format!("HS{number:03}"))
        .collect();
    assert_eq!(ids, wanted);
}

#[test]
fn a_missing_value_behind_a_wide_colon_is_marked_whole() {
    // Found by fuzzing: the mark began inside the character.
    let text = "orb a @synced { state { width： } }";
    let parsed = holo_grammar::parse(text);
    let missing = parsed.diagnostics.iter().find(|one| one.code.id == "HS014");
    let span = missing.expect("there is no value").primary.span;
    assert_eq!(text.get(span.range()), Some("："));
}

#[test]
fn a_text_in_one_single_quote_ends_with_its_line() {
    // Found by fuzzing: a bracket in it carried the text over further lines.
    let text = "dialect Button {\n  color: '#3template {\n  a: b\n}\n}\n";
    let shown = format!("{:?}", holo_grammar::parse(text).file);
    assert!(shown.contains("Str(\"#3template {\")"), "{shown}");
}
