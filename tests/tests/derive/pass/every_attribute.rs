#![deny(warnings, clippy::all)]
//! Every attribute at once, on private and public fields.

mod renamed {
    pub use holo_runtime::*;
}

use renamed::{Color, GCounter, LwwMap, LwwRegister, OrSet, PnCounter, Quat, ReplicaId, Synced, Value, Vec3};

type Hp = LwwRegister<i64>;

#[derive(Synced)]
struct Stats {
    wit: PnCounter,
}

#[derive(Synced)]
#[synced(rate = "50ms", name = "player", crate = "renamed")]
pub struct Player {
    #[synced(crdt = "LwwRegister<i64>", initial = -7, name = "health")]
    pub hp: Hp,
    #[synced(initial = ["torch"], id = 9)]
    inventory: OrSet<String>,
    #[synced(live, initial = [0, 1.6, 0])]
    position: LwwRegister<Vec3>,
    rotation: LwwRegister<Quat>,
    #[synced(initial = "#ff8800")]
    color: LwwRegister<Color>,
    owner: LwwRegister<Option<ReplicaId>>,
    notes: LwwMap<String, Value>,
    r#type: GCounter,
    stats: Stats,
    #[synced(skip)]
    cache: Vec<u8>,
}

fn main() {
    use renamed::Orb;
    let player = Player::default();
    assert_eq!((player.hp.get(), player.position.get().y), (&-7, 1.6));
    assert!(player.inventory.contains("torch") && player.cache.is_empty());
    assert_eq!((Player::INFO.name, Player::INFO.rate_hz), ("player", Some(20.0)));
    let names: Vec<_> = Player::INFO.fields.iter().map(|field| (field.id, field.name)).collect();
    assert_eq!(names[0], (1, "health"));
    assert!(names.contains(&(9, "inventory")) && names.iter().any(|(_, name)| *name == "type"));
    let mut replica = renamed::Replica::<Player>::new(ReplicaId::random());
    replica.edit(|p| {
        p.hp.set(1);
        p.inventory.clear();
        p.position.set([1.0, 2.0, 3.0]);
        p.rotation.set(Quat::IDENTITY);
        p.color.set(Color::rgba(1, 2, 3, 4));
        p.owner.set(ReplicaId::random());
        p.notes.set("k", true);
        p.r#type.increment(1);
        p.stats.wit.decrement(1);
    });
    assert_eq!(replica.state().stats.wit.value(), -1);
}
