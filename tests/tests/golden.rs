//! Every fixture, twice: the code that `holoc` generates for it, held in golden files and compiled without a warning, and the
//! struct that one would write by hand, its twin, with `#[derive(Synced)]`.
//!
//! Both must be the same, token by token, by wire hash and in the changes they exchange, and both must converge.
//! `cargo run -p holoc -- build tests/fixtures -o tests/golden` writes the golden files anew, and after it
//! `cargo run -p holo-tests --bin twins` the twins.

#![deny(warnings, clippy::all)]
// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

#[path = "../golden/mod.rs"]
#[rustfmt::skip]
mod golden;
#[path = "golden/twins.rs"]
#[rustfmt::skip]
mod twins;

use holo_codegen::generate::{self, Options, Surroundings};
use holo_runtime::Orb;
use holo_runtime::dynamic::Schema;
use holo_tests::fixtures::{here, schemas};
use holo_tests::sim::{self, Plan};
use holo_tests::{parity, subject};

/// Makes both types of each orb a subject of the simulator, and a test for each file.
macro_rules! fixtures {
    (
        values { $($($value:ident)::+;)* }
        nested { $($($view:ident)::+ { $($part:ident),+ $(,)? };)* }
        $($test:ident: $($($orb:ident)::+ { $($field:ident),+ $(,)? }),+;)+
    ) => {
        $(
            subject!(value golden::$($value)::+);
            subject!(value twins::$($value)::+);
        )*
        $(
            subject!(nested golden::$($view)::+<'_> { $($part),+ });
            subject!(nested twins::$($view)::+<'_> { $($part),+ });
        )*
        $($(
            subject!(golden::$($orb)::+ { $($field),+ });
            subject!(twins::$($orb)::+ { $($field),+ });
        )+)+
        $(
            #[test]
            fn $test() {
                $(
                    parity::converges::<golden::$($orb)::+>();
                    let hash = schema_hash(&[$(stringify!($orb)),+]);
                    parity::exchange::<golden::$($orb)::+, twins::$($orb)::+>(hash);
                    parity::dynamic::<golden::$($orb)::+>(&schema(&[$(stringify!($orb)),+]));
                )+
            }
        )+
    };
}

fixtures! {
    values {
        cat::Mood;
        world::names::Sleep;
        values::ValuesRecordsItem;
        world::props::Mood;
    }
    nested {
        robot_arm::RobotArmJointsGripperEdit { opening, force };
        robot_arm::RobotArmJointsEdit { base, shoulder, gripper };
        world::drone_swarm::DroneRotorEdit { rpm, tilt };
        world::drone_swarm::BetaRotorEdit { rpm, tilt };
        world::drone_swarm::DroneEdit { position, battery, cargo, rotor };
        world::drone_swarm::BetaEdit { position, cargo, escort };
        world::arena::BallEdit { position, color, bounces, score };
        world::arena::BallScoreEdit { home, away };
        world::arena::ConeEdit { up };
        world::arena::FlagEdit { raised };
        world::arena::GateEdit { open };
        world::props::CrateEdit { mood, load, marks, owner };
        world::props::CrateLoadEdit { stones, water };
        world::arena::StandEdit { flag };
        world::props::SparkEdit { heat };
        world::signs::PlazaSignEdit { text };
        world::signs::ShopSignEdit { text, price };
        chat_room::ChatCornerEdit { room_name, topic, messages, muted };
        guild::GuildMembersEntryEdit { title, gold, tags };
        dungeon::GameControllerEdit { position, hp, level, score };
        whiteboard::BoardEdit { strokes, page, locked };
    }
    arenas_agree_and_converge: world::arena::Arena { round, kick_off, spare, left_cone, stack, right_cone, gate, stand, cones, sparks };
    swarms_agree_and_converge: world::drone_swarm::Drones { alpha, beta };
    chat_rooms_agree_and_converge: chat_room::ChatCorner { room_name, topic, messages, muted };
    comments_agree_and_converge: comments::Sign { text, lines };
    cats_agree_and_converge: cat::Cat { mood, seen, owner_id, friends, sleep, bed, scores };
    doors_agree_and_converge: doors::Front { position, rotation, open }, doors::Back { position, rotation, open }, doors::Side { position, rotation, open }, doors::Cellar { open, lock }, doors::Attic { open };
    dungeons_agree_and_converge: dungeon::GameController { position, hp, level, score };
    game_managers_agree_and_converge: game_manager::GameManager { position, rotation, round, round_time, phase, paused };
    guilds_agree_and_converge: guild::Guild { motto, call, badges, banned, members, votes, teams, ranks, stock, settings, homes, notes };
    heroes_agree_and_converge: hero::Hero { level, title, mana, target, shield };
    keywords_agree_and_converge: keywords::N3dModel { r#type, self_, r#match, max_hp, display_name, 日本語 };
    lamps_agree_and_converge: lamp::Lamp { position, brightness, owner };
    mugs_agree_and_converge: mug::CoffeeMug { position, rotation }, mug::Saucer { position, rotation };
    players_agree_and_converge: player::Player { position, rotation, health, inventory };
    robot_arms_agree_and_converge: robot_arm::RobotArm { position, rotation, joints, load_kg, running, fault, serial };
    scoreboards_agree_and_converge: scoreboard::Scoreboard { goals, visitors, kills, fouls, best, champion, tags, limits };
    shared_balls_agree_and_converge: shared_ball::SharedBall { position, rotation, color };
    therapist_views_agree_and_converge: therapist_view::TherapistView { patient_state };
    values_agree_and_converge: values::Values { whole, fraction, negative, text, empty, nothing, colour, short, alpha, point, words, numbers, mixed, records, map, id, when, };
    whiteboards_agree_and_converge: whiteboard::Board { strokes, page, locked };
    drones_agree_and_converge: world::drone_swarm::Drone { position, rotation, battery, cargo, waypoint, rotor }, world::drone_swarm::Beta { position, rotation, battery, cargo, waypoint, rotor, escort };
    signs_agree_and_converge: world::signs::PlazaSign { text }, world::signs::ShopSign { text, price };
    signposts_agree_and_converge: world::signs::Plaza { sign }, world::signs::Shop { sign };
    rooms_agree_and_converge: chat_room::Lounge { chat_corner }, dungeon::Dungeon { game_controller }, whiteboard::Studio { north_board, south_board };
}

/// The schema of a type as JSON says it, read again.
fn schema(path: &[&str]) -> Schema {
    let (rust, module) = path.split_last().unwrap();
    let module: Vec<String> = module.iter().map(|part| (*part).to_owned()).collect();
    let text = holoc::emit::render_schema(&schemas().0[&module]);
    Schema::named(&text, rust).unwrap()
}

fn schema_hash(path: &[&str]) -> u64 {
    let (rust, module) = path.split_last().unwrap();
    let module: Vec<String> = module.iter().map(|part| (*part).to_owned()).collect();
    let modules = schemas().0;
    let orb = modules[&module]
        .orbs
        .iter()
        .find(|orb| orb.rust == *rust)
        .unwrap();
    holo_codegen::orb_wire_hash(orb, &modules[&module])
}

#[test]
fn golden_files_are_what_would_be_written_now() {
    let (modules, stale) = schemas();
    assert!(modules.len() >= 15);
    assert!(
        stale.is_empty(),
        "stale golden files; see above how to write them anew\n{stale}"
    );
}

#[test]
fn twins_are_what_would_be_written_now() {
    let text = holo_tests::twins::file(&schemas().0);
    let held = std::fs::read_to_string(here("tests/golden/twins.rs")).unwrap();
    assert!(
        held == text,
        "the twins are stale; see above how to write them anew"
    );
}

#[test]
fn derive_and_holoc_emit_the_same_tokens() {
    for module in schemas().0.values() {
        for orb in &module.orbs {
            let twin = holo_tests::twins::twin(orb);
            let derived = holo_codegen::derive::derive(twin.parse().unwrap());
            let public = Surroundings::public(orb);
            let mut generated = generate::implementations(orb, &public, &Options::default());
            // What only the derive must leave to the compiler of Rust.
            generated.extend(generate::part_checks(orb, &Options::default()));
            let shown = |tokens: &str| prettyplease::unparse(&syn::parse_str(tokens).unwrap());
            let (derived, generated) = (derived.to_string(), generated.to_string());
            assert_eq!(
                shown(&derived),
                shown(&generated),
                "{} of {}",
                orb.name,
                module.source
            );
            assert_eq!(derived, generated);
        }
    }
}

/// The canonical sample as generated, at the length that the oracle's own test has.
#[test]
fn ten_thousand_schedules_of_the_generated_player_converge() {
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                for seed in (half..10_000).step_by(2) {
                    let log = [10_000, 20, 3, 1][(seed % 4) as usize];
                    let replicas = 2 + (seed / 4 % 4) as usize;
                    let plan = Plan {
                        replicas,
                        steps: 80,
                        log,
                    };
                    sim::run::<golden::player::Player>(seed, plan);
                }
            });
        }
    });
}

#[test]
fn the_canonical_sample_is_what_it_says() {
    let player = golden::player::Player::default();
    assert_eq!(
        player.position.get(),
        &holo_runtime::Vec3::new(0.0, 1.6, 0.0)
    );
    assert_eq!((player.health.get(), player.inventory.len()), (&100, 0));
    assert_eq!(
        (
            golden::player::Player::INFO.name,
            golden::player::Player::INFO.rate_hz
        ),
        ("player", Some(20.0))
    );
    let lanes: Vec<_> = golden::player::Player::INFO
        .fields
        .iter()
        .map(|field| (field.name, field.lane))
        .collect();
    use holo_runtime::Lane::{Durable, Live};
    let expected = [
        ("position", Live),
        ("rotation", Live),
        ("health", Durable),
        ("inventory", Durable),
    ];
    assert_eq!(lanes, expected);
}

#[test]
fn hostile_comments_and_strings_stay_what_they_are() {
    assert_eq!(
        golden::comments::Sign::default().text.get(),
        "*/ }}\"; fn evil() {} /*"
    );
}

#[test]
fn an_instance_with_fields_of_its_own_starts_with_its_own_values() {
    let beta = golden::world::drone_swarm::Beta::default();
    assert_eq!((beta.position.get().x, beta.escort.get()), (4.0, &true));
    assert_eq!(
        golden::world::drone_swarm::Drone::default()
            .position
            .get()
            .x,
        0.0
    );
}
