//! Maps of synchronised values: what a remove takes and what it leaves, identities, failed edits, and peers of other schemas.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use holo_runtime::{
    Clock, Error, InstanceId, LwwMap, LwwRegister, OrMap, OrSet, PnCounter, Replica, ReplicaId,
    Synced, Version,
};

#[derive(Clone, Debug, Synced)]
struct Drone {
    #[synced(initial = 100)]
    battery: LwwRegister<i64>,
    trips: PnCounter,
    #[synced(initial = ["torch"])]
    cargo: OrSet<String>,
    notes: LwwMap<String, i64>,
}

#[derive(Clone, Debug, Synced)]
struct World {
    drones: OrMap<String, Drone>,
    spawned: OrMap<InstanceId, Drone>,
    rooms: OrMap<String, OrMap<String, Drone>>,
}

fn replica<T: Synced>(id: u64) -> Replica<T> {
    Replica::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(1_000_000))
}

fn exchange<A: Synced, B: Synced>(a: &mut Replica<A>, b: &mut Replica<B>) {
    b.apply(a.changes_since(b.version())).unwrap();
    a.apply(b.changes_since(a.version())).unwrap();
}

fn both() -> (Replica<World>, Replica<World>) {
    let (mut a, mut b) = (replica::<World>(1), replica(2));
    a.edit(|w| {
        let mut drone = w.drones.entry("x");
        drone.battery.set(50);
        drone.trips.increment(5);
        drone.cargo.remove("torch");
    });
    exchange(&mut a, &mut b);
    (a, b)
}

#[test]
fn a_remove_leaves_what_was_written_concurrently_and_nothing_else() {
    let (mut a, mut b) = both();
    b.edit(|w| w.drones.entry("x").trips.increment(2));
    exchange(&mut a, &mut b);
    a.edit(|w| assert!(w.drones.remove("x")));
    b.edit(|w| w.drones.entry("x").trips.increment(1));
    exchange(&mut a, &mut b);
    for replica in [&a, &b] {
        let drone = replica.state().drones.get("x").unwrap();
        assert_eq!(
            *drone.battery.get(),
            100,
            "the write was seen, so it is gone"
        );
        assert_eq!(
            drone.trips.value(),
            3,
            "who goes on counting keeps their own total"
        );
        assert!(drone.cargo.contains("torch"), "initial elements are back");
    }
    assert_eq!(a.state_hash(), b.state_hash());
}

#[test]
fn what_comes_back_inherits_nothing_and_an_entry_without_writes_is_there() {
    let (mut a, mut b) = both();
    a.edit(|w| {
        w.drones.remove("x");
        assert!(!w.drones.contains_key("x") && w.drones.get_mut("x").is_none());
        assert!(w.drones.insert("x") && !w.drones.insert("x"));
    });
    exchange(&mut a, &mut b);
    let drone = b.state().drones.get("x").unwrap();
    assert_eq!((*drone.battery.get(), drone.trips.value()), (100, 0));
    assert_eq!(b.state().drones.len(), 1);
    b.edit(|w| w.drones.clear());
    exchange(&mut a, &mut b);
    assert!(a.state().drones.is_empty());
    let nothing = replica::<World>(3).state_hash();
    assert_eq!(
        a.state_hash(),
        nothing,
        "what is removed leaves nothing behind"
    );
}

#[test]
fn spawned_identities_are_unique_and_sort_by_time() {
    let (mut a, mut b) = (replica::<World>(1), replica::<World>(2));
    let mut ids: Vec<InstanceId> = Vec::new();
    for round in 0..3 {
        ids.extend(a.edit(|w| [w.spawned.spawn(), w.spawned.spawn()]));
        ids.extend(b.edit(|w| [w.spawned.spawn()]));
        let dead = a.edit(|w| w.spawned.spawn());
        a.edit(|w| w.spawned.remove(dead));
        if round == 1 {
            exchange(&mut a, &mut b);
        }
    }
    exchange(&mut a, &mut b);
    let unique: BTreeSet<InstanceId> = ids.iter().copied().collect();
    assert_eq!((unique.len(), a.state().spawned.len()), (9, 9));
    let sorted: Vec<InstanceId> = b
        .state()
        .spawned
        .sorted()
        .iter()
        .map(|(id, _)| **id)
        .collect();
    assert_eq!(sorted, unique.into_iter().collect::<Vec<_>>());
    for id in ids {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
}

/// Nobody else has seen it, but the program has.
#[test]
fn an_identity_is_not_used_again_when_its_change_came_to_nothing() {
    let mut a = replica::<World>(1);
    let first = a.edit(|w| w.spawned.spawn());
    a.edit(|w| w.spawned.remove(first));
    assert!(a.flush().is_none());
    assert_ne!(a.edit(|w| w.spawned.spawn()), first);
}

#[test]
fn an_edit_that_fails_leaves_no_trace_in_entries_and_their_entries() {
    let (mut a, mut b) = both();
    a.edit(|w| {
        w.rooms.entry("hall").entry("y").battery.set(7);
        w.drones.entry("z").cargo.insert("rope");
    });
    let before = format!("{:?}", a.state());
    let failed = a.try_edit(|w| {
        w.rooms.entry("hall").entry("y").battery.set(8);
        w.rooms.entry("hall").entry("y").notes.set("n", 1);
        w.rooms.entry("hall").remove("y");
        w.rooms.entry("hall").entry("y").trips.increment(3);
        w.rooms.remove("hall");
        w.rooms.entry("cellar").insert("k");
        w.drones.entry("x").cargo.insert("torch");
        w.drones.remove("x");
        w.drones.insert("x");
        w.drones.remove("x");
        w.drones.entry("z").cargo.clear();
        w.spawned.spawn();
        Err::<(), _>(Error::ClockExhausted)
    });
    assert!(failed.is_err());
    assert_eq!(before, format!("{:?}", a.state()));
    exchange(&mut a, &mut b);
    assert_eq!(before, format!("{:?}", b.state()));
    assert_eq!(a.state_hash(), b.state_hash());
}

#[test]
fn a_change_cuts_what_it_wrote_over_and_what_it_cut_before() {
    let (mut a, mut b) = both();
    b.edit(|w| w.drones.entry("x").notes.set("b", 1));
    exchange(&mut a, &mut b);
    // One open change: a counter of a's own, an element and a note of b's, and then the whole entry.
    a.edit(|w| w.drones.entry("x").trips.increment(1));
    a.edit(|w| w.drones.entry("x").notes.delete("b"));
    a.edit(|w| w.drones.entry("x").battery.set(1));
    a.edit(|w| w.drones.remove("x"));
    exchange(&mut a, &mut b);
    assert!(b.state().drones.is_empty(), "{:?}", b.state());
    assert_eq!(a.state_hash(), b.state_hash());
}

mod old {
    use super::*;

    #[derive(Clone, Debug, Synced)]
    pub(super) struct Drone {
        #[synced(initial = 100)]
        pub(super) battery: LwwRegister<i64>,
    }

    #[derive(Clone, Debug, Synced)]
    pub(super) struct World {
        pub(super) drones: OrMap<String, Drone>,
    }
}

#[derive(Clone, Debug, Synced)]
struct Older {
    #[synced(id = 9)]
    other: PnCounter,
}

/// SplitMix64.
fn random(state: &mut u64) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) as usize
}

fn act(world: &mut Replica<World>, seed: &mut u64) {
    let key = ["x", "y"][random(seed) % 2];
    let number = random(seed) as i64 % 10;
    world.edit(|w| match random(seed) % 9 {
        0 => drop(w.drones.remove(key)),
        1 => drop(w.rooms.remove(key)),
        2 => w.drones.entry(key).battery.set(number),
        3 => w.drones.entry(key).trips.increment(number),
        4 => drop(w.drones.entry(key).cargo.remove("torch")),
        5 => w.drones.entry(key).notes.set("n", number),
        6 => w.rooms.entry(key).entry("in").battery.set(number),
        7 => drop(w.rooms.entry(key).remove("in")),
        _ => drop(w.rooms.entry(key).insert("in")),
    });
}

/// Two that know everything meet only through one that lacks fields inside entries, and one that lacks the maps altogether.
#[test]
fn peers_that_know_less_hold_and_merge_and_pass_on_what_is_in_maps() {
    for seed in 0..1_500u64 {
        let mut rng = seed;
        let (mut a, mut b) = (replica::<World>(1), replica::<World>(2));
        let (mut less, mut none) = (replica::<old::World>(3), replica::<Older>(4));
        for _ in 0..25 {
            match random(&mut rng) % 8 {
                0 | 1 => act(&mut a, &mut rng),
                2 | 3 => act(&mut b, &mut rng),
                4 => less.edit(|w| match random(&mut rng) % 3 {
                    0 => drop(w.drones.remove("x")),
                    1 => w.drones.entry("x").battery.set(77),
                    _ => w.drones.clear(),
                }),
                5 => drop(less.apply(a.snapshot()).unwrap()),
                6 => drop(none.apply(less.snapshot()).unwrap()),
                _ => drop(b.apply(none.snapshot()).unwrap()),
            }
        }
        for _ in 0..3 {
            exchange(&mut a, &mut less);
            less.apply(none.snapshot()).unwrap();
            none.apply(less.changes_since(&Version::new())).unwrap();
            none.apply(less.snapshot()).unwrap();
            none.apply(b.snapshot()).unwrap();
            b.apply(none.snapshot()).unwrap();
            less.apply(b.snapshot()).unwrap();
            a.apply(less.snapshot()).unwrap();
        }
        let hash = a.state_hash();
        let hashes = [b.state_hash(), less.state_hash(), none.state_hash()];
        assert_eq!(hashes, [hash; 3], "seed {seed}");
        let shown = (format!("{:?}", a.state()), format!("{:?}", b.state()));
        assert_eq!(shown.0, shown.1, "seed {seed}");
        let copy = (a.state().clone(), less.state().clone());
        assert_eq!(format!("{:?}", copy.0), shown.0, "seed {seed}");
    }
}
