//! R6: what code says about fields.

use holo_grammar::diagnostic::Severity;
use holoc::lock::Lock;

use super::table;
use crate::support::{compact, compile};

/// An orb with one field of state and one handler.
fn orb(field: &str, code: &str) -> String {
    format!("orb a @synced {{ state {{ {field} }}\naction go(d) {{ {code} }} }}")
}

#[test]
fn r6_a_counter_only_if_everything_speaks_for_it() {
    let cases = [
        // Every way to count.
        ("n: 0", "this.n += 1", "n PnCounter 0"),
        ("n: 0", "state.n -= 1", "n PnCounter 0"),
        ("n: 0", "n++", "n PnCounter 0"),
        ("n: 0", "--n", "n PnCounter 0"),
        ("n: 0", "increment n\ndecrement(n)", "n PnCounter 0"),
        ("n: 0", "this.n.increment(2)", "n PnCounter 0"),
        ("n: 0", "this.n = this.n + 1\nn = n - 2", "n PnCounter 0"),
        // Only from the integer 0.
        ("n: 0.0", "n += 1", "n <f64> 0.0"),
        ("n: false", "n += 1", "n <bool> false"),
        // Only with at least one write.
        ("n: 0", "log(this.n)", "n <i64> 0"),
        // Only if every write counts.
        ("n: 0", "n += 1\nn = 0", "n <i64> 0\nHS140 line 1"),
        ("n: 0", "n += 1\nn *= 2", "n <i64> 0\nHS140 line 1"),
        ("n: 0", "set n 3", "n <i64> 0"),
        ("n: 0", "toggle n", "n <i64> 0"),
        // Only by whole numbers.
        ("n: 0", "n += 0.5", "n <i64> 0"),
        ("n: 0", "n += d", "n <i64> 0\nHS140 line 1"),
        ("n: 0", "n += Math.random()", "n <i64> 0"),
        // A variable of that name is something else.
        ("n: 0", "let n = 1\nn += 1", "n <i64> 0"),
    ];
    for (field, code, expected) in cases {
        table(&[(&orb(field, code), &format!("A 30: {expected}"))]);
    }
    // A step that is known to be whole.
    table(&[
        (
            &orb("n: 0\nstep: 2", "n += this.step"),
            "A 30: n PnCounter 0, step <i64> 2",
        ),
        (
            &orb("n: 0\nstep: 2.5", "n += this.step"),
            "A 30: n <i64> 0, step <f64> 2.5\nHS140 line 1",
        ),
    ]);
}

#[test]
fn r6_writes_anywhere_in_the_file_count() {
    let counted = orb("n: 0", "n += 1");
    table(&[
        (
            &format!("{counted}\nobject \"b\" {{ action reset() {{ a.n = 0 }} }}"),
            "A 30: n <i64> 0\nHS140 line 1",
        ),
        (
            &format!("{counted}\nlogic {{ on_win() {{ a.n += 10 }} }}"),
            "A 30: n PnCounter 0",
        ),
    ]);
}

#[test]
fn r6_a_lost_update_is_told_only_where_several_may_write() {
    let code = "health -= 10";
    table(&[
        (
            &orb("health: 100", code),
            "A 30: health <i64> 100\nHS140 line 1",
        ),
        (
            &orb("health: PNCounter = 100", code),
            "A 30: health PnCounter 100",
        ),
        (&orb("health: int = 100", code), "A 30: health <i64> 100"),
        (
            "orb a @synced @host_only { state { health: 100 }\naction hit() { health -= 10 } }",
            "A 30 host: health <i64> 100",
        ),
        (
            "orb a @synced(authority: \"server\") { state { health: 100 }\naction hit() { health -= 10 } }",
            "A 30 server: health <i64> 100",
        ),
        (
            "orb a @synced @owned { state { health: 100 }\naction hit() { health -= 10 } }",
            "A 30 owner: health <i64> 100",
        ),
    ]);
    let unit = compile(
        "test.hsplus",
        &orb("health: 100", code),
        &mut Lock::default(),
    );
    let fix = &unit.diagnostics[0].fixes[0];
    assert_eq!(fix.message, "write `health: PNCounter = 100`");
    let mut mended = unit.source.file.text().to_owned();
    mended.replace_range(fix.span.range(), &fix.replacement);
    assert_eq!(mended, orb("health: PNCounter = 100", code));
}

#[test]
fn r6_sets_that_are_used_like_lists_are_noted() {
    table(&[
        (
            &orb("f: []", "f.push(1)\nthis.f.remove(2)"),
            "A 30: f OrSet<Value> []",
        ),
        (
            &orb("f: []", "f.sort()"),
            "A 30: f OrSet<Value> []\nHS145 line 1",
        ),
        (
            &orb("f: []", "f[i] = 1"),
            "A 30: f OrSet<Value> []\nHS145 line 1",
        ),
        (
            &orb("f: []", "f = f.slice(1)"),
            "A 30: f OrSet<Value> []\nHS145 line 1",
        ),
    ]);
}

#[test]
fn r6_the_lock_wins_over_usage() {
    let mut lock = Lock::default();
    let plain = orb("n: 0", "log(n)");
    compile("test.hsplus", &plain, &mut lock);
    let counted = compile("test.hsplus", &orb("n: 0", "n += 1"), &mut lock);
    assert_eq!(compact(&counted), "A 30: n <i64> 0\nHS124 line 1");
    let declared = compile("test.hsplus", &orb("n: PNCounter = 0", "n += 1"), &mut lock);
    assert_eq!(compact(&declared), "A 30: n PnCounter 0\nHS125 line 1");
}

#[test]
fn r6_infer_says_why() {
    let unit = compile("test.hsplus", &orb("n: 0", "n += 1"), &mut Lock::default());
    assert_eq!(
        unit.world.orbs[0].fields[0].reason.to_string(),
        "R6: it starts at 0 and all code counts it up or down (as in line 2), so it is a counter; write `n: int = 0` for a last-writer-wins number"
    );
}

#[test]
fn r6_what_is_only_a_suggestion_is_a_note() {
    let unit = compile("t.hsplus", &orb("f: []", "f.sort()"), &mut Lock::default());
    let one = &unit.diagnostics[0];
    assert_eq!(one.severity, Severity::Note);
    assert!(
        one.help
            .as_deref()
            .is_some_and(|help| help.contains("Sequence"))
    );
    let unit = compile(
        "t.hsplus",
        &orb("n: 5", "n += 1\nn -= 2"),
        &mut Lock::default(),
    );
    let told: Vec<_> = unit.diagnostics.iter().map(|one| one.severity).collect();
    // One warning, however often it is counted.
    assert_eq!(told, [Severity::Warning]);
}
