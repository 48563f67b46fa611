//! Every sentence of the rule book that the compiler follows, as a source and what is to come of it: a file for each rule.

mod once;
mod r1;
mod r2;
mod r3;
mod r4;
mod r5;
mod r5_declared;
mod r6;
mod r7;
mod r8;
mod r9;

use holoc::lock::Lock;

use crate::support::{compact, compile};

const POSE: &str = "~position <Vec3> [0.0,0.0,0.0], ~rotation <Quat> [0.0,0.0,0.0,1.0]";

/// Checks a table of (source, expected); `POSE` stands for an undeclared pose.
pub(crate) fn table(rows: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (source, expected) in rows {
        let found = compact(&compile("test.hsplus", source, &mut Lock::default()));
        let expected = expected.replace("POSE", POSE);
        if found != expected {
            wrong.push_str(&format!(
                "--- {source}\nexpected:\n{expected}\nfound:\n{found}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn canonical_sample() {
    let source = "orb player @networked @synced {\n  position: [0, 1.6, 0]\n  state {\n    health: 100 // Synced as LWWRegister\n    inventory: [] // Synced as ORSet\n  }\n  sync_rate: 20hz\n}\n";
    let expected = "Player 20: ~position <Vec3> [0.0,1.6,0.0], ~rotation <Quat> [0.0,0.0,0.0,1.0], health <i64> 100, inventory OrSet<Value> []";
    table(&[(source, expected)]);
    let unit = compile("player.hsplus", source, &mut Lock::default());
    let health = &unit.world.orbs[0].fields[2];
    assert_eq!(
        health.reason.to_string(),
        "R5: an integer literal is a LwwRegister<i64>; write `health: PNCounter` to make it a counter"
    );
    assert_eq!(health.docs, ["Synced as LWWRegister"]);
}
