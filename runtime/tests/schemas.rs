//! Peers of different schemas: what one does not know it holds, merges and passes on.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Clock, GCounter, LwwMap, LwwRegister, OrSet, Orb, PnCounter, Replica, ReplicaId, Synced,
    Version,
};

mod old {
    use super::*;

    #[derive(Debug, Synced)]
    pub(super) struct Stats {
        pub(super) strength: LwwRegister<i64>,
    }

    #[derive(Debug, Synced)]
    pub(super) struct Player {
        pub(super) health: LwwRegister<i64>,
        pub(super) stats: Stats,
    }
}

mod new {
    use super::*;

    #[derive(Debug, Synced)]
    pub(super) struct Stats {
        pub(super) strength: LwwRegister<i64>,
        pub(super) wit: PnCounter,
    }

    #[derive(Debug, Synced)]
    pub(super) struct Pet {
        pub(super) name: LwwRegister<String>,
    }

    #[derive(Debug, Synced)]
    pub(super) struct Player {
        pub(super) health: LwwRegister<i64>,
        pub(super) stats: Stats,
        #[synced(initial = ["torch", "map"])]
        pub(super) inventory: OrSet<String>,
        pub(super) visits: GCounter,
        pub(super) notes: LwwMap<String, f64>,
        pub(super) pet: Pet,
    }
}

fn replica<T: Synced>(id: u64) -> Replica<T> {
    Replica::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(1_000_000))
}

fn edited(id: u64) -> Replica<new::Player> {
    let mut a = replica::<new::Player>(id);
    a.edit(|p| {
        p.health.set(5);
        p.stats.strength.set(6);
        p.stats.wit.increment(7);
        p.inventory.insert("sword");
        p.inventory.remove("map");
        p.visits.increment(8);
        p.notes.set("pi", 3.25);
        p.pet.name.set("Rex");
    });
    a
}

#[test]
fn an_old_peer_passes_on_what_it_does_not_know() {
    let mut a = edited(1);
    let mut between = replica::<old::Player>(2);
    let mut b = replica::<new::Player>(3);
    between.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!(
        (
            between.state().health.get(),
            between.state().stats.strength.get()
        ),
        (&5, &6)
    );
    assert_eq!(
        between.state_hash(),
        a.state_hash(),
        "what is unknown counts in the hash"
    );
    b.apply(between.snapshot()).unwrap();
    assert_eq!(format!("{:?}", a.state()), format!("{:?}", b.state()));
    assert_eq!(a.state_hash(), b.state_hash());
}

/// The old peer knows that `map` was removed, and has never heard of `torch`: its snapshot must not take `torch` away.
#[test]
fn initial_elements_survive_a_snapshot_from_a_peer_that_never_heard_of_them() {
    let mut a = edited(1);
    let mut between = replica::<old::Player>(2);
    between.apply(a.changes_since(&Version::new())).unwrap();
    let mut b = replica::<new::Player>(3);
    b.apply(between.snapshot()).unwrap();
    assert_eq!(b.state().inventory.sorted(), ["sword", "torch"]);
}

#[test]
fn old_peers_merge_concurrent_states_of_fields_they_do_not_know() {
    let (mut a, mut b) = (edited(1), edited(2));
    b.edit(|p| {
        p.inventory.remove("sword");
        p.inventory.insert("bow");
        p.stats.wit.decrement(1);
        p.notes.delete("pi");
        p.pet.name.set("Fido");
    });
    let (mut x, mut y) = (replica::<old::Player>(3), replica::<old::Player>(4));
    x.apply(a.snapshot()).unwrap();
    y.apply(b.snapshot()).unwrap();
    x.apply(y.snapshot()).unwrap();
    y.apply(x.snapshot()).unwrap();
    a.apply(b.snapshot()).unwrap();
    assert_eq!(
        (x.state_hash(), y.state_hash()),
        (a.state_hash(), a.state_hash())
    );
    assert_eq!(
        a.state().inventory.sorted(),
        ["bow", "sword", "torch"],
        "only one of two adds was removed"
    );
    assert_eq!(a.state().stats.wit.value(), 13);
}

#[test]
fn the_wire_hash_sees_types_and_initial_values_and_not_names() {
    #[derive(Debug, Synced)]
    #[synced(name = "renamed", rate = "5hz")]
    struct Renamed {
        #[synced(name = "hp")]
        points: LwwRegister<i64>,
        stats: old::Stats,
    }
    #[derive(Debug, Synced)]
    struct Retyped {
        health: LwwRegister<f64>,
        stats: old::Stats,
    }
    #[derive(Debug, Synced)]
    struct Restarted {
        #[synced(initial = 1)]
        health: LwwRegister<i64>,
        stats: old::Stats,
    }
    let hash = old::Player::INFO.wire_hash();
    assert_eq!(hash, Renamed::INFO.wire_hash());
    assert_ne!(hash, Retyped::INFO.wire_hash());
    assert_ne!(hash, Restarted::INFO.wire_hash());
    assert_ne!(hash, new::Player::INFO.wire_hash());
}
