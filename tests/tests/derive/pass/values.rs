#![deny(warnings, clippy::all)]
//! Enums and structs of plain values, maps of synchronised ones, and structs that start with values of their holder's.

use holo_runtime::{
    InstanceId, Kept, LwwMap, LwwRegister, OrMap, OrSet, PnCounter, Replica, ReplicaId, Vec3,
};

mod renamed {
    pub use holo_runtime::*;
}

#[derive(Clone, Debug, holo_runtime::Element)]
#[element(crate = "renamed")]
enum Phase {
    #[element(name = "lobby")]
    Lobby,
    Running,
    #[element(other)]
    Unheard(String),
}

#[derive(Clone, Debug, holo_runtime::Element)]
#[element(name = "thing")]
pub struct Item {
    #[element(initial = "sword")]
    pub name: String,
    #[element(initial = 2, name = "n")]
    count: u32,
    at: Vec3,
    tags: Vec<String>,
    #[element(kept)]
    kept: Kept,
}

#[derive(Debug, holo_runtime::Synced)]
struct Stats {
    #[synced(initial = 3)]
    strength: LwwRegister<i64>,
    #[synced(name = "max hp")]
    max_hp: PnCounter,
}

#[derive(Debug, holo_runtime::Synced)]
struct Player {
    #[synced(initial(strength = 7, "max hp" = 20))]
    stats: Stats,
    #[synced(initial = "Running")]
    phase: LwwRegister<Phase>,
    #[synced(initial = {"name": "bow", "at": [1, 2, 3]})]
    item: LwwRegister<Item>,
    bag: OrSet<Item>,
    notes: LwwMap<Phase, Vec<i64>>,
}

#[derive(Debug, holo_runtime::Synced)]
struct World {
    #[synced(initial(phase = "lobby", stats(strength = -1)))]
    captain: Player,
    players: OrMap<InstanceId, Player>,
    scores: OrMap<String, OrMap<Phase, PnCounter>>,
}

fn main() {
    let mut world = Replica::<World>::new(ReplicaId::random());
    let id = world.edit(|w| {
        let id = w.players.spawn();
        let mut player = w.players.entry(id);
        player.bag.insert(Item { count: 5, ..Item::default() });
        player.notes.set("Running", [1, 2]);
        player.phase.set(Phase::Lobby);
        w.scores.entry("red").entry("lobby").increment(1);
        w.captain.phase.set("what");
        id
    });
    let state = world.state();
    assert_eq!((*state.captain.stats.strength.get(), state.captain.stats.max_hp.value()), (-1, 20));
    assert_eq!(state.captain.phase.get().as_str(), "what");
    assert_eq!(state.captain.item.get().name, "bow");
    let player = state.players.get(id).unwrap();
    assert_eq!((*player.stats.strength.get(), player.phase.get()), (7, &Phase::Lobby));
    let item = player.bag.iter().next().unwrap();
    assert_eq!((item.name.as_str(), item.count, item.at, item.tags.len()), ("sword", 5, Vec3::ZERO, 0));
    assert_eq!(state.scores.get("red").and_then(|red| red.get("lobby")).map(PnCounter::value), Some(1));
    assert!(!matches!(Phase::default(), Phase::Running | Phase::Unheard(_)));
}
