//! `holo.lock`: numbers that stay, come back, and are never given twice.

use holoc::lock::Lock;
use holoc::pipeline::Unit;

use crate::support::{compact, compile};

/// Compiles one version of a source after another over one lock.
fn history(versions: &[&str]) -> (Vec<Unit>, Lock) {
    let mut lock = Lock::default();
    let units = versions.iter().map(|version| {
        let unit = compile(
            "a.hsplus",
            &format!("orb a @synced {{ state {{ {version} }} }}"),
            &mut lock,
        );
        // Every step goes through the text, as it does between two builds.
        lock = Lock::parse(&lock.render()).unwrap();
        unit
    });
    (units.collect(), lock)
}

fn ids(unit: &Unit) -> Vec<(&str, u32)> {
    unit.world.orbs[0]
        .fields
        .iter()
        .map(|field| (field.wire.as_str(), field.id))
        .collect()
}

fn codes(unit: &Unit) -> Vec<&str> {
    unit.diagnostics.iter().map(|one| one.code.id).collect()
}

#[test]
fn new_fields_take_the_next_number() {
    let (units, _) = history(&["x: 1, y: 2", "z: 3, y: 2, x: 1"]);
    assert_eq!(ids(&units[0]), [("x", 1), ("y", 2)]);
    assert_eq!(ids(&units[1]), [("z", 3), ("y", 2), ("x", 1)]);
    assert!(codes(&units[1]).is_empty());
}

#[test]
fn removed_numbers_are_kept_and_come_back() {
    let (units, lock) = history(&["x: 1, y: 2", "y: 2", "y: 2, z: 1", "x: 1, y: 2"]);
    assert_eq!(ids(&units[2]), [("y", 2), ("z", 3)]);
    assert_eq!(ids(&units[3]), [("x", 1), ("y", 2)]);
    let text = lock.render();
    assert!(
        text.contains("name = \"z\"") && text.contains("retired = true"),
        "{text}"
    );
}

#[test]
fn a_guess_yields_to_the_lock() {
    let (units, _) = history(&["x: 1.0", "x: 1"]);
    assert_eq!(compact(&units[1]), "A 30: x <f64> 1.0\nHS124 line 1");
    assert_eq!(ids(&units[1]), [("x", 1)]);
    // An annotation that is taken away leaves a guess, and the lock remembers.
    let (units, _) = history(&["x: PNCounter = 0", "x: 0"]);
    assert_eq!(compact(&units[1]), "A 30: x PnCounter 0\nHS124 line 1");
}

#[test]
fn an_annotation_or_a_start_that_changes_is_a_new_field() {
    let (units, _) = history(&["x: 0", "x: PNCounter = 0", "x: 0 @crdt(\"lww\")"]);
    assert_eq!(
        (ids(&units[1]), codes(&units[1])),
        (vec![("x", 2)], vec!["HS125"])
    );
    // Back to what it was: its old number.
    assert_eq!(
        (ids(&units[2]), codes(&units[2])),
        (vec![("x", 1)], vec!["HS125"])
    );
    let (units, _) = history(&["x: 1", "x: 2", "x: 1"]);
    assert_eq!(
        (ids(&units[1]), codes(&units[1])),
        (vec![("x", 2)], vec!["HS125"])
    );
    assert_eq!(ids(&units[2]), [("x", 1)]);
    let (units, _) = history(&["x: 1", "x: \"one\""]);
    assert_eq!(
        (ids(&units[1]), codes(&units[1])),
        (vec![("x", 2)], vec!["HS125"])
    );
}

#[test]
fn nested_structs_have_numbers_of_their_own() {
    let (units, lock) = history(&["s: { a: 1, b: 2 }", "s: { b: 2, c: 3 }"]);
    assert_eq!(ids(&units[1]), [("b", 2), ("c", 3)]);
    assert!(lock.render().contains("name = \"a.s\""));
}

#[test]
fn the_text_is_the_same_whatever_the_order() {
    let (mut one, mut other) = (Lock::default(), Lock::default());
    let (a, b) = ("orb a @networked {}", "orb b @networked {}");
    compile("a.hsplus", a, &mut one);
    compile("b.hsplus", b, &mut one);
    compile("b.hsplus", b, &mut other);
    compile("a.hsplus", a, &mut other);
    assert_eq!(one.render(), other.render());
}

#[test]
fn a_source_with_errors_locks_nothing() {
    let mut lock = Lock::default();
    let unit = compile(
        "a.hsplus",
        "orb a @networked { state { x: 1, x: 2 } }",
        &mut lock,
    );
    assert!(unit.failed() && lock == Lock::default());
}

#[test]
fn a_name_that_looks_like_a_conflict_is_none() {
    let mut lock = Lock::default();
    // Found by fuzzing: the name runs over lines, and one of them is like the middle of a merge conflict.
    let unit = compile("a.hsplus", "orb \"a\n=======\nb\" @networked {}", &mut lock);
    assert!(!unit.failed());
    assert_eq!(Lock::parse(&lock.render()), Ok(lock.clone()));
    let broken = lock.render().replace("[[orb]]", "=======\n[[orb]]");
    let told = Lock::parse(&broken).unwrap_err();
    assert!(told.message.contains("merge conflict"), "{}", told.message);
}
