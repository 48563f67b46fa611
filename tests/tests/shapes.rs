//! A schema with everything a schema can say: generated code and its hand-written twin are the same and converge, and what both start
//! with is what was declared. `cargo run -p holo-tests --bin twins` writes both anew.

#![deny(warnings, clippy::all)]
// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

#[path = "shapes/generated.rs"]
#[rustfmt::skip]
mod generated;
#[path = "shapes/twins.rs"]
#[rustfmt::skip]
mod twins;

use holo_codegen::derive::derive_element;
use holo_codegen::generate::{self, Options, Surroundings};
use holo_codegen::schema::{Enum, Initial, Module, Policy, Record};
use holo_runtime::value::{Custom, Element};
use holo_runtime::{LwwRegister, Orb, Replica, ReplicaId, Synced, Value, Vec3};
use holo_tests::fixtures::here;
use holo_tests::{parity, shapes, subject};

macro_rules! both {
    ($($module:ident)*) => {$(
        subject!(value $module::Phase);
        subject!(value $module::Grip);
        subject!(value $module::Item);
        subject!(nested $module::StatsEdit<'_> { strength, max_hp, turn, words, doc, badges });
        subject!(nested $module::HeroEdit<'_> {
            stats, item, items, phase, first, phases, maybe, list, path, title, mood, seen, gone, notes, plain
        });
        subject!($module::World { heroes, scores, by_phase, rooms, captain, by_word });
    )*};
}

both!(generated twins);

#[test]
fn both_files_are_what_would_be_written_now() {
    for (file, text) in shapes::files() {
        let held = std::fs::read_to_string(here(file)).unwrap();
        assert!(
            held == text,
            "{file} is stale; see above how to write it anew"
        );
    }
}

#[test]
fn derive_and_generator_emit_the_same_tokens() {
    let shown = |tokens: &str| prettyplease::unparse(&syn::parse_str(tokens).unwrap());
    let module = shapes::module();
    let alone = |enums: &[Enum], records: &[Record]| {
        let (enums, records) = (enums.to_vec(), records.to_vec());
        let alone = Module {
            enums,
            records,
            ..Module::default()
        };
        generate::module(&alone, &Options::default()).to_string()
    };
    // Of these the generator writes the type as well, before what the derive adds to it.
    let twins = holo_tests::twins::values::of_enum;
    for one in &module.enums {
        let derived = derive_element(twins(one).parse().unwrap()).to_string();
        assert!(
            alone(std::slice::from_ref(one), &[]).ends_with(&derived),
            "{}",
            one.name
        );
    }
    let twins = holo_tests::twins::values::of_record;
    for one in &module.records {
        let derived = derive_element(twins(one).parse().unwrap()).to_string();
        assert!(
            alone(&[], std::slice::from_ref(one)).ends_with(&derived),
            "{}",
            one.name
        );
    }
    for orb in &module.orbs {
        let twin = holo_tests::twins::twin(orb).parse().unwrap();
        let derived = holo_codegen::derive::derive(twin).to_string();
        let public = Surroundings::public(orb);
        let mut generated = generate::implementations(orb, &public, &Options::default());
        generated.extend(generate::part_checks(orb, &Options::default()));
        assert_eq!(
            shown(&derived),
            shown(&generated.to_string()),
            "{}",
            orb.name
        );
    }
}

#[test]
fn both_are_described_alike_and_exchange_changes() {
    let module = shapes::module();
    let world = module.orbs.iter().find(|orb| orb.name == "World").unwrap();
    let hash = holo_codegen::orb_wire_hash(world, &module);
    parity::exchange::<generated::World, twins::World>(hash);
    parity::converges::<generated::World>();
}

#[test]
fn it_starts_with_what_was_declared() {
    use generated::{Grip, Hero, Item, Phase, Stats, World};
    let (hero, world) = (Hero::default(), World::default());
    assert_eq!(
        (*hero.stats.strength.get(), hero.stats.max_hp.value()),
        (7, 20)
    );
    assert_eq!(hero.stats.turn.get().z, 1.0);
    assert_eq!(hero.stats.words.sorted(), ["y", "z"]);
    assert_eq!(hero.stats.doc.to_string(), r#"{"own": "doc"}"#);
    assert_eq!(
        Stats::default().doc.to_string(),
        r#"{"inner": {"deep": 0.5}}"#
    );
    assert_eq!((hero.stats.badges.len(), hero.seen.len()), (1, 1));
    assert_eq!(
        (hero.title.get().name.as_str(), hero.gone.len()),
        ("axe", 0)
    );
    assert_eq!(*hero.mood.get(), Phase::InGame);
    assert_eq!(
        (
            *Stats::default().strength.get(),
            Stats::default().words.len()
        ),
        (3, 1)
    );
    assert_eq!(*world.captain.stats.strength.get(), 9);
    assert_eq!(
        world.captain.stats.max_hp.value(),
        20,
        "what is not named stays"
    );
    assert_eq!(world.captain.phase.get(), &Phase::Lobby);
    assert_eq!(
        (hero.phase.get(), hero.first.get()),
        (&Phase::InGame, &Phase::Lobby)
    );
    let bow = hero.item.get();
    assert_eq!(
        (bow.name.as_str(), bow.max_count, bow.small),
        ("bow", 1, 0.1)
    );
    assert_eq!(
        (bow.grip.force, bow.grip.tint.to_string()),
        (1.0, "#00ff00".to_owned())
    );
    assert!(!bow.__kept.is_some() && !bow.grip.__kept.is_some());
    assert!(hero.items.contains(bow));
    let fresh = Item::default();
    assert_eq!(
        (fresh.grip.force, fresh.at),
        (0.75, Vec3::new(1.0, 0.0, 3.0))
    );
    assert_eq!(
        (fresh.tags, fresh.spare),
        (vec!["a".to_owned(), "b".to_owned()], None)
    );
    let grip = Grip {
        force: 2.0,
        ..Grip::default()
    };
    assert_eq!(grip.tint.to_string(), "#ff8800");
}

/// Whoever starts from a part's own value and whoever starts from its holder's are not compatible, and the hash says so.
#[test]
fn the_wire_hash_sees_words_parts_and_the_values_of_holders() {
    let hash = |module: &Module| holo_codegen::wire_hash(module);
    let module = shapes::module();
    let mut other = module.clone();
    other.enums[0].variants.swap(0, 1);
    assert_ne!(hash(&module), hash(&other), "another first word");
    let mut other = module.clone();
    other.records[0].fields[0].initial = Initial::Int(5);
    assert_ne!(
        hash(&module),
        hash(&other),
        "another initial value in a record"
    );
    let mut other = module.clone();
    other.orbs[1].fields[0].initial = Initial::Zero;
    assert_ne!(hash(&module), hash(&other), "a struct that starts as it is");
    let mut other = module.clone();
    other.enums[0].name = "Stage".to_owned();
    other.orbs[2].policy = Policy::default();
    assert_eq!(
        hash(&module),
        hash(&other),
        "names and policies are no part of it"
    );
}

#[test]
fn text_and_words_any_and_records_are_the_same_bytes() {
    #[derive(Debug, Synced)]
    struct Words {
        phase: LwwRegister<generated::Phase>,
        item: LwwRegister<generated::Item>,
    }
    #[derive(Debug, Synced)]
    struct Loose {
        phase: LwwRegister<String>,
        item: LwwRegister<Value>,
    }
    let mut typed = Replica::<Words>::new(ReplicaId::random());
    let mut loose = Replica::<Loose>::new(ReplicaId::random());
    let odd = Value::Map(
        [
            ("name".to_owned(), Value::Int(7)),
            ("new".to_owned(), Value::Null),
        ]
        .into(),
    );
    loose.edit(|l| {
        l.phase.set("finale");
        l.item.set(&odd);
    });
    typed.apply(loose.snapshot()).unwrap();
    assert_eq!(typed.state().phase.get().as_str(), "finale");
    assert_eq!(
        typed.state().item.get().name,
        "sword",
        "what does not fit is as declared"
    );
    assert_eq!(typed.state_hash(), loose.state_hash());
    let changed = typed.state().item.get().clone();
    typed.edit(|t| {
        t.item.set(generated::Item {
            max_count: 9,
            ..changed
        })
    });
    typed.edit(|t| t.phase.set("in game"));
    loose.apply(typed.changes_since(loose.version())).unwrap();
    let mut expected = odd;
    if let Value::Map(parts) = &mut expected {
        parts.insert("max count".to_owned(), Value::Int(9));
    }
    assert_eq!(
        loose.state().item.get(),
        &expected,
        "only what was changed is written"
    );
    assert_eq!(loose.state().phase.get(), "in game");
    assert_eq!(typed.state_hash(), loose.state_hash());
}

/// Whatever a record or an enum is read from, it goes back to, and equal ones are the same.
#[test]
fn no_value_is_lost_in_a_record() {
    let mut rng = holo_tests::rng::Rng::new(7);
    for _ in 0..20_000 {
        let mut value: Value = holo_tests::poke::Random::random(&mut rng);
        if rng.chance(50) {
            // Most of what it is read from has some of its parts.
            let mut parts = match Custom::to_value(&generated::Item::default()) {
                Value::Map(parts) => parts,
                _ => Default::default(),
            };
            let keys: Vec<String> = parts.keys().cloned().collect();
            match rng.below(3) {
                0 => drop(parts.remove(rng.pick(&keys))),
                1 => drop(parts.insert(rng.pick(&keys).clone(), value)),
                _ => drop(parts.insert("extra".to_owned(), value)),
            }
            value = Value::Map(parts);
        }
        let value = value.canonical();
        let read = <generated::Item as Custom>::from_value(&value).unwrap();
        assert_eq!(Custom::to_value(&read), value);
        assert_eq!(read.clone().canonical(), read);
        let other = <generated::Item as Custom>::from_value(&value).unwrap();
        assert_eq!(other, read);
        let changed = generated::Item { big: 77, ..read };
        let again = <generated::Item as Custom>::from_value(&Custom::to_value(&changed)).unwrap();
        assert_eq!((again.big, again == changed), (77, true));
    }
}

#[test]
fn words_have_one_form() {
    use generated::Phase;
    let known = Phase::OtherWord("lobby".to_owned());
    assert_eq!(
        (known.clone().canonical(), known == Phase::Lobby),
        (Phase::Lobby, true)
    );
    assert!(matches!(known.canonical(), Phase::Lobby));
    assert!(matches!(Phase::from("other"), Phase::Other));
    assert_eq!(Phase::from("what").to_string(), "what");
}

#[test]
fn policies_are_constants() {
    use generated::World;
    use holo_runtime::policy::{FieldPolicy, Interpolation, Policy};
    assert_eq!(World::INFO.policy.interpolation, Interpolation::Hermite);
    assert_eq!(World::INFO.fields[1].policy.quantum, Some(0.001));
    assert_eq!(World::INFO.fields[0].policy, &FieldPolicy::DEFAULT);
    assert_eq!(generated::Hero::INFO.policy, &Policy::DEFAULT);
}
