//! Random schedules with undo, redo, checkpoints and captures, over an orb with every kind of field that gives back what was there.

use holo_runtime::{
    JsonDoc, LwwMap, LwwRegister, MvRegister, OrMap, OrSet, PnCounter, Sequence, Synced, Text,
};
use holo_tests::poke::Poke;
use holo_tests::rng::Rng;
use holo_tests::sim::{self, Plan, Subject};
use holo_tests::subject;

#[derive(Debug, Synced)]
struct Hero {
    #[synced(initial = 3)]
    health: LwwRegister<i64>,
    kills: PnCounter,
    #[synced(initial = ["sword", "bow"])]
    bag: OrSet<String>,
    flags: LwwMap<String, i64>,
    friends: OrMap<String, LwwRegister<i64>>,
}

#[derive(Debug, Synced)]
struct World {
    #[synced(initial = 100)]
    health: LwwRegister<i64>,
    title: MvRegister<String>,
    #[synced(initial = 7)]
    score: PnCounter,
    #[synced(initial = ["sword"])]
    bag: OrSet<String>,
    flags: LwwMap<String, i64>,
    heroes: OrMap<String, Hero>,
    counts: OrMap<String, PnCounter>,
    list: Sequence<i64>,
    text: Text,
    doc: JsonDoc,
}

subject!(nested HeroEdit<'_> { health, kills, bag, flags, friends });

impl Subject for World {
    type Op = ();

    /// Of a title one value comes back where there were several.
    fn shown(&self) -> String {
        let Self {
            health,
            title,
            score,
            bag,
            flags,
            heroes,
            counts,
            list,
            text,
            doc,
        } = self;
        let title = title.get();
        format!(
            "{health:?} {title:?} {score:?} {bag:?} {flags:?} {heroes:?} {counts:?} {list:?} {text:?} {doc:?}"
        )
    }

    fn act(edit: &mut WorldEdit<'_>, rng: &mut Rng) -> Vec<()> {
        for _ in 0..=rng.below(3) {
            match rng.below(15) {
                9 | 10 => edit.list.poke(rng),
                11 | 12 => edit.text.poke(rng),
                13 | 14 => edit.doc.poke(rng),
                0 => edit.health.poke(rng),
                1 => edit.title.poke(rng),
                2 => edit.score.poke(rng),
                3 => edit.bag.poke(rng),
                4 => edit.flags.poke(rng),
                5 => edit.counts.poke(rng),
                _ => edit.heroes.poke(rng),
            }
        }
        Vec::new()
    }
}

fn seeds(default: u64) -> std::ops::Range<u64> {
    if let Some(seed) = std::env::var("HOLO_SEED")
        .ok()
        .and_then(|it| it.parse().ok())
    {
        return seed..seed + 1;
    }
    let count = std::env::var("HOLO_SEEDS")
        .ok()
        .and_then(|it| it.parse().ok());
    0..count.unwrap_or(default)
}

#[test]
fn schedules_with_history_converge_and_give_back_what_was_there() {
    for seed in seeds(1_500) {
        let plan = Plan {
            replicas: 1 + (seed % 4) as usize,
            steps: 60,
            log: [1_000, 3][(seed / 4 % 2) as usize],
        };
        sim::run_with_history::<World>(seed, plan);
    }
}
