//! `holoc compat`: what each kind of change is called, and how the command exits.

use holoc::lock::Lock;
use holoc::lock::compat::{Verdict, compare};

use crate::program::{folder, holoc};

/// A lock of one orb: `next`, and for each field its number, name, type, start and whether it is retired.
fn lock(next: u32, fields: &[(u32, &str, &str, &str, bool)]) -> String {
    let mut text = format!(
        "version = 1\n\n[[orb]]\nmodule = \"p.hsplus\"\nname = \"player\"\nnext = {next}\n"
    );
    for (id, name, ty, initial, retired) in fields {
        text.push_str(&format!(
            "\n[[orb.field]]\nid = {id}\nname = \"{name}\"\ntype = \"{ty}\"\ninitial = \"{initial}\"\nretired = {retired}\n"
        ));
    }
    text
}

const INT: &str = "LwwRegister<i64>";
const HEALTH: (u32, &str, &str, &str, bool) = (1, "health", INT, "100", false);

#[test]
fn every_kind_of_change_has_its_verdict() {
    let old = lock(2, &[HEALTH]);
    let gone = (1, "health", INT, "100", true);
    let rows: &[(String, &[(Verdict, &str)])] = &[
        (lock(2, &[HEALTH]), &[]),
        (
            lock(3, &[HEALTH, (2, "mana", INT, "5", false)]),
            &[(Verdict::Safe, "a new field")],
        ),
        (lock(2, &[gone]), &[(Verdict::Breaking, "declared no more")]),
        (
            lock(3, &[gone, (2, "health", "PnCounter", "100", false)]),
            &[(Verdict::Breaking, "under a number of its own")],
        ),
        (
            lock(3, &[gone, (2, "health", INT, "150", false)]),
            &[(Verdict::Breaking, "now starts at 150")],
        ),
        (
            lock(2, &[(1, "health", "PnCounter", "100", false)]),
            &[(Verdict::Forbidden, "under the same number")],
        ),
        (
            lock(2, &[(1, "health", INT, "150", false)]),
            &[(Verdict::Forbidden, "now starts at 150")],
        ),
        (
            lock(2, &[(1, "hp", INT, "100", false)]),
            &[(Verdict::Breaking, "it was named `health`")],
        ),
        (lock(2, &[]), &[(Verdict::Breaking, "number 1 is gone")]),
        (
            lock(1, &[]),
            &[
                (Verdict::Forbidden, "will be given again"),
                (Verdict::Forbidden, "went back from 2 to 1"),
            ],
        ),
        (
            "version = 1\n".to_owned(),
            &[(Verdict::Forbidden, "its numbers are gone")],
        ),
        (
            format!("{old}\n[[orb]]\nmodule = \"b.hsplus\"\nname = \"ball\"\nnext = 1\n"),
            &[(Verdict::Safe, "a new orb")],
        ),
    ];
    let parse = |text: &str| Lock::parse(text).unwrap();
    for (new, expected) in rows {
        let found = compare(&parse(&old), &parse(new), None);
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (one, (verdict, part)) in found.iter().zip(*expected) {
            assert!(
                one.verdict == *verdict && one.what.contains(part),
                "{part}: {one:#?}"
            );
        }
    }
    // A number that a field of an earlier version had, and that the lock has lost since.
    let reused = lock(3, &[HEALTH, (2, "mana", INT, "5", false)]);
    let found = compare(&parse(&lock(3, &[HEALTH])), &parse(&reused), None);
    assert_eq!(found[0].verdict, Verdict::Forbidden, "{found:#?}");
    let back = compare(&parse(&lock(2, &[gone])), &parse(&old), None);
    assert_eq!((back.len(), back[0].verdict), (1, Verdict::Safe));
}

#[test]
fn sources_are_compared_as_a_build_would_number_them() {
    let dir = folder(&[
        (
            "old/p.hsplus",
            "orb player @synced { state { health: 100 } }\norb ball @synced { state { x: 1 } }\norb cup @synced { state { y: 1 } }",
        ),
        (
            "same/p.hsplus",
            "orb player @synced { state { mana: 5, health: 100 } }\norb ball @synced { state { x: 1 } }\norb cup @synced { state { y: 1 } }",
        ),
        (
            "gone/p.hsplus",
            "orb player @synced { state { health: \"full\" } }\norb sphere @synced { state { x: 1 } }",
        ),
        ("bad/p.hsplus", "orb player @netwroked {}"),
        ("empty/readme.txt", ""),
    ]);
    let ran = holoc(&dir, &["compat", "old", "same"]).exits(0);
    assert_eq!(
        ran.stdout,
        "safe: player.mana (#2) in p.hsplus\n    a new field\n    peers that do not know it keep it and pass it on\n1 safe\n"
    );
    assert_eq!(
        holoc(&dir, &["compat", "old", "old"]).exits(0).stdout,
        "nothing changed\n"
    );
    let ran = holoc(&dir, &["compat", "old", "gone", "--format", "json"]).exits(1);
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["verdict"], "breaking");
    let changes: Vec<(&str, &str)> = answer["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["orb"].as_str().unwrap(),
                one["verdict"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        changes,
        [
            ("ball", "breaking"),
            ("cup", "breaking"),
            ("player", "breaking"),
            ("sphere", "safe")
        ]
    );
    assert!(
        answer["changes"][0]["what"]
            .as_str()
            .unwrap()
            .contains("`sphere` in `p.hsplus` is new"),
        "{answer}"
    );
    assert_eq!(answer["changes"][2]["wire_id"], 2);
    // With the lock of a build, by its path or by its folder.
    holoc(&dir, &["build", "old", "-o", "out"]).exits(0);
    for old in ["out", "out/holo.lock"] {
        holoc(&dir, &["compat", old, "same"]).exits(0);
        holoc(&dir, &["compat", old, "gone"]).exits(1);
    }
    assert!(
        holoc(&dir, &["compat", "old", "bad"])
            .exits(1)
            .stderr
            .contains("HS106")
    );
    holoc(&dir, &["compat", "old", "empty"]).exits(2);
    holoc(&dir, &["compat", "old", "nowhere"]).exits(2);
    std::fs::write(dir.path().join("out/holo.lock"), "version = ").unwrap();
    assert!(
        holoc(&dir, &["compat", "out", "old"])
            .exits(1)
            .stderr
            .contains("HS126")
    );
}

#[test]
fn a_field_whose_guess_the_lock_keeps_is_no_change() {
    let dir = folder(&[
        (
            "old/p.hsplus",
            "orb player @synced { state { speed: 2.0 } }",
        ),
        ("new/p.hsplus", "orb player @synced { state { speed: 2 } }"),
    ]);
    assert_eq!(
        holoc(&dir, &["compat", "old", "new"]).exits(0).stdout,
        "nothing changed\n"
    );
}
