//! Two replicas under one id: how it is noticed, what is closed, and the way back.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Change, Clock, Delta, Error, LwwRegister, OrSet, PnCounter, Replica, ReplicaId, Snapshot,
    Status, Synced, Version,
};

#[derive(Debug, Synced)]
struct Player {
    health: LwwRegister<i64>,
    inventory: OrSet<String>,
    kills: PnCounter,
}

const START: u64 = 1_700_000_000_000;

fn id(id: u64) -> ReplicaId {
    ReplicaId::new(id).unwrap()
}

fn player(number: u64, millis: u64) -> Replica<Player> {
    Replica::with_clock(id(number), Clock::manual(START + millis))
}

fn sealed(player: &mut Replica<Player>, kills: i64) -> Change {
    player.edit(|p| p.kills.increment(kills));
    player.flush().unwrap()
}

#[test]
fn twins_at_the_same_last_stamp_are_told_apart_by_their_hashes() {
    let (mut one, mut twin) = (player(1, 0), player(1, 0));
    assert_eq!(sealed(&mut one, 1).last(), sealed(&mut twin, 2).last());
    let (mut a, mut b) = (player(2, 0), player(3, 0));
    a.apply(one.changes_since(&Version::new())).unwrap();
    b.apply(twin.changes_since(&Version::new())).unwrap();
    assert_eq!(a.version(), b.version(), "versions alone do not show it");
    let standing = a.observe(&b.status());
    assert_eq!(standing.forks.len(), 1);
    assert_eq!(standing.forks[0].replica, id(1));
    let noticed: Vec<_> = a.forks().collect();
    assert_eq!(noticed, standing.forks);
    // The chain goes on nowhere.
    let report = a.apply(sealed(&mut one, 1)).unwrap();
    assert_eq!((report.closed, report.applied), (1, 0));
}

#[test]
fn a_snapshot_with_another_chain_is_not_merged() {
    let (mut one, mut twin) = (player(1, 0), player(1, 0));
    sealed(&mut one, 1);
    sealed(&mut twin, 2);
    let (mut a, mut b) = (player(2, 0), player(3, 0));
    a.apply(one.changes_since(&Version::new())).unwrap();
    b.apply(twin.changes_since(&Version::new())).unwrap();
    sealed(&mut b, 10);
    assert_eq!(a.apply(b.snapshot()), Err(Error::Forked(id(1))));
    assert_eq!(a.state().kills.value(), 1);
    assert_eq!(a.forks().len(), 1);
}

#[test]
fn a_change_that_meets_no_boundary_is_a_fork() {
    let (mut one, mut twin) = (player(1, 0), player(1, 5));
    sealed(&mut one, 1);
    let mut a = player(2, 0);
    a.apply(one.changes_since(&Version::new())).unwrap();
    let late = Clock::manual(START + 10);
    let mut one = {
        let stored = one.store();
        Replica::<Player>::resume(stored.bytes(), late).unwrap()
    };
    a.apply(sealed(&mut one, 1)).unwrap();
    // It lies between two changes that are held, and is neither of them.
    let report = a.apply(sealed(&mut twin, 7)).unwrap();
    assert_eq!((report.forked, report.duplicates), (1, 0));
    assert_eq!(a.state().kills.value(), 2);
    // The true ones still count as held.
    let report = a.apply(one.changes_since(&Version::new())).unwrap();
    assert_eq!((report.forked, report.closed), (0, 0));
}

#[test]
fn a_twin_with_the_same_stamps_and_another_body_is_a_fork() {
    let (mut one, mut twin) = (player(1, 0), player(1, 0));
    let mut a = player(2, 0);
    a.apply(sealed(&mut one, 1)).unwrap();
    let report = a.apply(sealed(&mut twin, 2)).unwrap();
    assert_eq!((report.forked, report.duplicates), (1, 0));
}

/// A server holds the chain of one twin; the other makes its own again, and only what the server lacks.
#[test]
fn after_a_fork_each_change_counts_once() {
    let mut server = player(9, 0);
    let mut one = player(1, 0);
    one.edit(|p| p.kills.increment(1));
    server.apply(one.flush().unwrap()).unwrap();
    // One process too many, from the same storage.
    let stored = one.store();
    let mut twin = Replica::<Player>::resume(stored.bytes(), Clock::manual(START + 3)).unwrap();
    let before = server.version().clone();
    one.edit(|p| p.kills.increment(10));
    server.apply(one.flush().unwrap()).unwrap();
    twin.edit(|p| {
        p.kills.increment(100);
        p.inventory.insert("bow");
    });
    let stored = twin.store();
    twin.is_stored(&stored);
    let delta = twin.changes_since(&before);
    let rejected = server.apply(delta).unwrap();
    assert_eq!((rejected.duplicates, rejected.forked), (0, 1));
    let standing = twin.observe(&server.status());
    assert_eq!(standing.forks[0].replica, id(1));
    assert!(twin.must_restamp());
    let report = twin.restamp(id(5), server.snapshot()).unwrap();
    assert_eq!((report.again, report.held, report.unproven), (1, 1, 0));
    assert!(!twin.must_restamp());
    assert_eq!(twin.state().kills.value(), 111);
    assert!(
        twin.changes_since(server.version()).is_empty(),
        "not stored"
    );
    let stored = twin.store();
    twin.is_stored(&stored);
    server.apply(twin.changes_since(server.version())).unwrap();
    assert_eq!(server.state().kills.value(), 111);
    assert_eq!(server.state_hash(), twin.state_hash());
}

#[test]
fn a_status_round_trips_and_every_prefix_is_an_error() {
    let (mut one, mut twin) = (player(1, 0), player(1, 7));
    let mut a = player(2, 0);
    a.apply(sealed(&mut one, 1)).unwrap();
    a.apply(sealed(&mut twin, 1)).unwrap();
    for status in [a.status(), a.full_status()] {
        let bytes = status.encode();
        assert_eq!(Status::decode(&bytes).unwrap(), status);
        for end in 0..bytes.len() {
            assert!(Status::decode(&bytes[..end]).is_err(), "{end} bytes");
        }
    }
}

#[test]
fn equal_versions_with_different_states_are_reported() {
    let (mut a, mut b) = (player(1, 0), player(2, 0));
    a.edit(|p| p.health.set(1));
    b.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!(b.observe(&a.full_status()).diverged, None);
    // One that cannot read the changes holds them all the same, and lacks what they did.
    let mut older = Replica::<OrSet<i64>>::with_clock(id(3), Clock::manual(START));
    older.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!(older.version(), b.version());
    let standing = b.observe(&older.full_status());
    assert!(standing.forks.is_empty());
    assert!(standing.diverged.is_some_and(|it| it.ours != it.theirs));
}

#[test]
fn a_copy_goes_on_by_itself_and_merges_back() {
    let mut a = player(1, 0);
    a.edit(|p| p.inventory.insert("sword"));
    assert_eq!(a.fork(id(1)).unwrap_err(), Error::IdUsed(id(1)));
    let mut draft = a.fork(id(2)).unwrap();
    draft.edit(|p| p.inventory.insert("bow"));
    a.edit(|p| p.inventory.remove("sword"));
    assert_eq!(
        (a.state().inventory.len(), draft.state().inventory.len()),
        (0, 2)
    );
    let delta = draft.changes_since(a.version());
    assert!(matches!(&delta, Delta::Changes(changes) if changes.len() == 1));
    a.apply(delta).unwrap();
    draft.apply(a.changes_since(draft.version())).unwrap();
    assert_eq!(a.state().inventory.sorted(), ["bow"]);
    assert_eq!(a.state_hash(), draft.state_hash());
    let bytes = a.snapshot().encode();
    assert_eq!(
        Snapshot::decode(&bytes).unwrap().encode(),
        draft.snapshot().encode()
    );
}
