//! The public corpus: every file that carries a form of the sync family gives what a person reads in it.

use std::path::PathBuf;

use holoc::lock::Lock;

use crate::support::{compact, compile};

/// File and expectation, written by reading the files.
const EXPECTED: [(&str, &str); 19] = [
    (
        "files/examples__game-state-machine.hsplus",
        "GameController 20 host: ~position <Vec3> [0.0,1.0,0.0], hp <i64> 100, level <i64> 1, dungeon_level <i64> 1, score <i64> 0",
    ),
    (
        "files/examples__hsplus__multi-agent__swarm-consensus.hsplus",
        "SwarmAgent 10: POSE, agentId <String> \"\", response <Option<Value>> null, confidence <f64> 0.0\nHS110 line 15\nHS121 line 19",
    ),
    (
        "files/examples__showcase__state-emotion-weather-procedural-showcase.hsplus",
        "HS123 line 95",
    ),
    (
        "snippets/docs__academy__level-1-fundamentals__01-what-is-holoscript.md__L112.hsplus",
        "Cube 20: POSE",
    ),
    (
        "snippets/docs__academy__level-2-intermediate__01-advanced-traits.md__L202.hsplus",
        "EventfulObject 20: POSE",
    ),
    (
        "snippets/docs__academy__level-2-intermediate__01-advanced-traits.md__L52.hsplus",
        "SyncedPhysicsObject 20: POSE, ~velocity <Vec3> [0.0,0.0,0.0]\nHS110 line 9",
    ),
    (
        "snippets/docs__api__traits.md__L440.hsplus",
        "SyncedPlayer 30: POSE, health <Option<Value>> null\nHS112 line 2",
    ),
    (
        "snippets/docs__api__traits.md__L467.hsplus",
        "PlayerAvatar 20 owner: POSE",
    ),
    (
        "snippets/docs__api__traits.md__L481.hsplus",
        "GameManager 20 host: POSE",
    ),
    (
        "snippets/docs__cookbook__multi-agent-choreography.md__L8.hsplus",
        "ChoreographyDirector 20 server: POSE, agents OrSet<Value> [], currentBeat PnCounter 0\nDancerBeta 20: ~position <Vec3> [2.0,0.0,0.0], ~rotation <Quat> [0.0,0.0,0.0,1.0]",
    ),
    (
        "snippets/docs__cookbook__robotics-export-pipeline.md__L7.hsplus",
        "RobotArm 20 server: POSE",
    ),
    (
        "snippets/docs__guides__FEATURE_MIGRATION.md__L230.hsplus",
        "Shared 20: ~position <Vec3> [0.0,1.0,-2.0], ~rotation <Quat> [0.0,0.0,0.0,1.0]",
    ),
    (
        "snippets/docs__guides__traits.md__L219.hsplus",
        "CustomBall 30: POSE\nBall of CustomBall",
    ),
    (
        "snippets/docs__reference__WHITEPAPER.md__L80.hsplus",
        "GrabbableOrb 20: POSE",
    ),
    (
        "snippets/docs__strategy__research__2026-03-09_holoscript-three-format-impossibility-map.md__L234.hsplus",
        "TherapistView 30: patient_state <Option<Value>> null\nHS121 line 24",
    ),
    (
        "snippets/docs__traits__social.md__L46.hsplus",
        "Ball 20: POSE",
    ),
    (
        "snippets/docs__videos__04-multiplayer.md__L20.hsplus",
        "SharedBall 20: ~position <Vec3> [0.0,1.0,-2.0], ~rotation <Quat> [0.0,0.0,0.0,1.0], color <String> \"blue\"\nHS110 line 11",
    ),
    (
        "snippets/docs__videos__04-multiplayer.md__L215.hsplus",
        "HS128 line 2\nHS128 line 5",
    ),
    (
        "snippets/docs__videos__04-multiplayer.md__L73.hsplus",
        "ColorCube 30: color <String> \"purple\"\nSpawnPoint 20: POSE\nHS143 line 16",
    ),
];

#[test]
fn every_synchronised_file_gives_what_a_person_reads_in_it() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("skipped: the corpus is not at {}", corpus.display());
        return;
    }
    for (file, expected) in EXPECTED {
        let text = std::fs::read_to_string(corpus.join(file)).unwrap();
        let found = compact(&compile(file, &text, &mut Lock::default()));
        let pose = "~position <Vec3> [0.0,0.0,0.0], ~rotation <Quat> [0.0,0.0,0.0,1.0]";
        assert_eq!(found, expected.replace("POSE", pose), "{file}");
    }
}

#[test]
fn no_other_file_gives_an_orb_or_an_error() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    for folder in ["files", "snippets"] {
        let Ok(entries) = std::fs::read_dir(corpus.join(folder)) else {
            return;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            let unit = compile(&name, &text, &mut Lock::default());
            let known = EXPECTED.iter().any(|(file, _)| *file == name);
            assert!(known || unit.world.orbs.is_empty(), "{name} has an orb");
            let ours = unit.diagnostics.iter().find(|one| one.code.id >= "HS100");
            assert!(known || ours.is_none(), "{name}: {ours:?}");
        }
    }
}
