//! R8: state that stands elsewhere.

use holoc::lock::Lock;

use super::table;
use crate::support::compile;

#[test]
fn r8_state_elsewhere_is_synced_only_if_marked() {
    let world = |state: &str, code: &str| {
        format!(
            "composition \"W\" {{\n  state {{ {state} }}\n  object \"b\" @networked {{ action go() {{ {code} }} }}\n}}"
        )
    };
    let body = "B 20: POSE";
    table(&[
        (
            &world("cursors: 1", "state.cursors = 2"),
            &format!("{body}\nHS141 line 3"),
        ),
        (
            &world("cursors: 1", "cursors = 2\nstate.cursors = 3"),
            &format!("{body}\nHS141 line 3"),
        ),
        (&world("cursors: 1", "log(state.cursors)"), body),
        (&world("cursors: 1", "this.cursors = 2"), body),
        (&world("cursors: 1", "let cursors = 2; cursors = 3"), body),
        (
            &world("@synced cursors: 1", "state.cursors = 2"),
            &format!("W 30: cursors <i64> 1\n{body}"),
        ),
        // Of the file.
        (
            "state { hits: 0 }\norb b @networked { action go() { state.hits = 1 } }",
            &format!("{body}\nHS141 line 2"),
        ),
        // Only a synchronised node is warned of.
        (
            "state { hits: 0 }\norb b { action go() { state.hits = 1 } }",
            "",
        ),
    ]);
    let source = world("cursors: 1", "state.cursors = 2");
    let unit = compile("test.hsplus", &source, &mut Lock::default());
    let one = &unit.diagnostics[0];
    assert_eq!(one.message, "`state.cursors`, line 2, is not synced");
    let fix = &one.fixes[0];
    let mut mended = source;
    mended.replace_range(fix.span.range(), &fix.replacement);
    assert_eq!(mended, world("@synced cursors: 1", "state.cursors = 2"));
}

#[test]
fn r8_one_warning_for_each_field() {
    let source = "composition \"W\" {\n  state { a: 1, b: 2 }\n  object \"o\" @networked { action go() { state.a = 2; state.b = 3; state.a = 4 } }\n}";
    table(&[(source, "O 20: POSE\nHS141 line 3\nHS141 line 3")]);
    let unit = compile("t.hsplus", source, &mut Lock::default());
    let messages: Vec<_> = unit
        .diagnostics
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "`state.a`, line 2, is not synced",
            "`state.b`, line 2, is not synced"
        ]
    );
    // Reads of it, and writes by nodes that are local, are nobody's business.
    table(&[(
        "composition \"W\" {\n  state { a: 1 }\n  object \"o\" { action go() { state.a = 2 } }\n  object \"p\" @networked { action go() { log(state.a) } }\n}",
        "P 20: POSE",
    )]);
}
