//! The floor: who may lay it, what is collected below it, what merges over it, and who has to come back by restamping.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Clock, Delta, Error, LwwMap, LwwRegister, OrMap, OrSet, PnCounter, Replica, ReplicaId,
    Snapshot, Synced, Version,
};

#[derive(Debug, Synced)]
struct Notes {
    title: LwwRegister<String>,
    pages: LwwMap<String, i64>,
    tags: OrSet<String>,
    rooms: OrMap<String, LwwMap<String, i64>>,
    visits: PnCounter,
}

const START: u64 = 1_700_000_000_000;

fn id(id: u64) -> ReplicaId {
    ReplicaId::new(id).unwrap()
}

fn notes(number: u64) -> (Replica<Notes>, Clock) {
    let clock = Clock::manual(START);
    (Replica::with_clock(id(number), clock.clone()), clock)
}

fn send<T: Synced>(from: &mut Replica<T>, to: &mut Replica<T>) {
    let delta = from.changes_since(to.version());
    to.apply(delta).unwrap();
}

/// Both tell the other how they stand, until nothing moves.
fn agree<T: Synced>(a: &mut Replica<T>, b: &mut Replica<T>) {
    for _ in 0..3 {
        send(a, b);
        send(b, a);
        let (one, other) = (a.status(), b.status());
        a.observe(&other);
        b.observe(&one);
    }
}

#[test]
fn what_is_below_the_floor_is_collected_and_the_hash_stays() {
    let ((mut server, clock), (mut client, _)) = (notes(9), notes(1));
    client.edit(|n| {
        n.pages.set("a", 1);
        n.pages.set("b", 1);
        n.tags.insert("x");
        n.rooms.entry("hall").set("k", 1);
    });
    client.flush();
    client.edit(|n| {
        n.pages.delete("a");
        n.tags.remove("x");
        n.rooms.entry("hall").delete("k");
    });
    send(&mut client, &mut server);
    let (before, bytes) = (server.state_hash(), server.snapshot().encode().len());
    let version = server.version().clone();
    server.advance_floor(&version).unwrap();
    assert_eq!(server.version().floor(), version.max_time());
    assert_eq!(
        server.version().iter().len(),
        0,
        "entries below the floor go"
    );
    assert_eq!(server.state_hash(), before);
    assert!(
        server.snapshot().encode().len() < bytes,
        "deletes are forgotten"
    );
    // It works on, and whoever holds all of it takes the floor.
    clock.advance(10);
    server.edit(|n| n.pages.set("c", 1));
    agree(&mut server, &mut client);
    assert_eq!(client.version(), server.version());
    assert_eq!(client.snapshot().encode(), server.snapshot().encode());
    client.edit(|n| n.pages.set("a", 2));
    agree(&mut server, &mut client);
    assert_eq!(server.state().pages.get("a"), Some(&2));
    assert_eq!(client.snapshot().encode(), server.snapshot().encode());
}

#[test]
fn an_entry_that_holds_only_deletes_is_not_there() {
    let ((mut a, _), (mut b, _)) = (notes(1), notes(2));
    a.edit(|n| n.rooms.entry("hall").set("k", 1));
    send(&mut a, &mut b);
    // The entry is removed while another deletes a key in it.
    a.edit(|n| n.rooms.remove("hall"));
    b.edit(|n| n.rooms.entry("hall").delete("k"));
    agree(&mut a, &mut b);
    assert!(a.state().rooms.is_empty() && b.state().rooms.is_empty());
    let (hash, version) = (b.state_hash(), a.version().clone());
    a.advance_floor(&version).unwrap();
    assert_eq!(a.state_hash(), hash, "collecting shows nowhere");
}

#[test]
fn a_chain_starts_anew_above_the_floor() {
    let ((mut server, clock), (mut client, client_clock)) = (notes(9), notes(1));
    client.edit(|n| n.visits.increment(1));
    send(&mut client, &mut server);
    clock.advance(1_000);
    server.edit(|n| n.visits.increment(1));
    let version = {
        server.flush();
        server.version().clone()
    };
    agree(&mut server, &mut client);
    server.advance_floor(&version).unwrap();
    agree(&mut server, &mut client);
    assert_eq!(client.version().floor(), version.max_time());
    client_clock.advance(5);
    client.edit(|n| n.visits.increment(1));
    let change = client.flush().unwrap();
    assert!(change.prev() > holo_runtime::Hlc::ZERO && change.prev() <= version.max_time());
    assert_eq!(server.apply(change).unwrap().applied, 1);
    // Who joins later gets a snapshot, and its clock starts above the floor.
    let (mut joiner, _) = notes(3);
    send(&mut server, &mut joiner);
    joiner.edit(|n| n.visits.increment(1));
    assert!(joiner.flush().unwrap().time() > version.max_time());
    agree(&mut server, &mut joiner);
    assert_eq!(server.state().visits.value(), 4);
    assert_eq!(server.snapshot().encode(), joiner.snapshot().encode());
}

#[test]
fn who_comes_back_from_below_takes_the_snapshot_and_makes_its_edits_again() {
    let ((mut server, clock), (mut away, _)) = (notes(9), notes(1));
    server.edit(|n| {
        n.pages.set("a", 1);
        n.pages.set("gone", 1);
        n.tags.insert("old");
    });
    send(&mut server, &mut away);
    away.edit(|n| {
        n.visits.increment(1);
        n.pages.set("mine", 1);
    });
    send(&mut away, &mut server);
    // Offline it goes on.
    away.edit(|n| {
        n.visits.increment(10);
        n.pages.set("gone", 5);
        n.pages.delete("a");
        n.tags.insert("new");
    });
    away.flush();
    away.edit(|n| {
        n.tags.remove("old");
        n.tags.remove("new");
        n.visits.increment(100);
    });
    away.flush();
    // The others delete, and the floor passes.
    clock.advance(60_000);
    server.edit(|n| {
        n.pages.delete("gone");
        n.pages.delete("a");
        n.tags.insert("newer");
    });
    server.flush();
    let version = server.version().clone();
    server.advance_floor(&version).unwrap();

    assert!(
        away.changes_since(server.version()).is_empty(),
        "nothing is sent from below"
    );
    assert!(away.observe(&server.status()).below_floor);
    let hash = server.state_hash();
    server.apply(away.snapshot()).unwrap();
    assert_eq!(server.state_hash(), hash, "nor taken");
    assert_eq!(away.apply(server.snapshot()), Err(Error::BelowFloor));
    let before = away.snapshot().encode();
    assert!(away.restamp(id(9), server.snapshot()).is_err(), "a used id");
    assert_eq!(away.snapshot().encode(), before, "nothing has changed");

    let report = away.restamp(id(2), server.snapshot()).unwrap();
    assert_eq!((report.again, report.held, report.unproven), (2, 1, 0));
    assert_eq!(report.dropped, 1, "the delete of what is gone");
    agree(&mut server, &mut away);
    let state = server.state();
    assert_eq!(state.visits.value(), 111, "each increment once");
    assert_eq!(state.pages.get("gone"), Some(&5), "a set is issued again");
    assert_eq!(state.pages.get("a"), None);
    assert_eq!(state.tags.sorted(), ["newer"], "removes take what they saw");
    assert_eq!(server.snapshot().encode(), away.snapshot().encode());
}

/// A change whose chain lies below the floor does not slip in: its totals would bring what came before.
#[test]
fn a_late_change_from_below_the_floor_is_refused() {
    let ((mut server, clock), (mut away, away_clock)) = (notes(9), notes(1));
    away.edit(|n| n.visits.increment(1));
    let lost = away.flush().unwrap();
    away_clock.advance(120_000);
    away.edit(|n| n.visits.increment(10));
    let late = away.flush().unwrap();
    clock.advance(60_000);
    server.edit(|n| n.title.set("t"));
    server.flush();
    let version = server.version().clone();
    server.advance_floor(&version).unwrap();
    let report = server.apply(vec![lost, late]).unwrap();
    assert_eq!((report.applied, report.below_floor), (0, 1));
    assert!(away.observe(&server.status()).below_floor);
    away.restamp(id(2), server.snapshot()).unwrap();
    agree(&mut server, &mut away);
    assert_eq!(server.state().visits.value(), 11);
}

#[test]
fn nothing_is_collected_without_a_list_of_members_who_all_have_spoken() {
    let ((mut a, _), (mut b, _), (mut c, _)) = (notes(1), notes(2), notes(3));
    a.edit(|n| n.pages.set("k", 1));
    agree(&mut a, &mut b);
    assert!(!a.compact(), "no list");
    for replica in [&mut a, &mut b, &mut c] {
        replica.set_members([1, 2, 3].map(id));
    }
    agree(&mut a, &mut b);
    assert!(!a.compact(), "one has not spoken");
    a.observe(&c.status());
    assert!(!a.compact(), "and holds nothing when it does");
    agree(&mut a, &mut c);
    assert!(a.compact());
    assert!(!a.compact(), "there is nothing more");
}

/// The acknowledgement came before what its author had made when it spoke.
#[test]
fn an_acknowledgement_counts_once_all_of_its_authors_chain_is_here() {
    let ((mut a, _), (mut b, clock)) = (notes(1), notes(2));
    a.edit(|n| n.pages.set("k", 1));
    agree(&mut a, &mut b);
    // Made before b hears of the delete, with a clock that runs ahead.
    clock.advance(10);
    b.edit(|n| n.pages.set("k", 2));
    a.edit(|n| n.pages.delete("k"));
    send(&mut a, &mut b);
    a.set_members([id(2)]);
    a.observe(&b.status());
    assert!(!a.compact(), "what b made before is under way");
    send(&mut b, &mut a);
    a.observe(&b.status());
    assert!(a.compact());
    assert_eq!(a.state().pages.get("k"), Some(&2));
}

#[test]
fn expelling_takes_two_rounds() {
    let ((mut a, _), (mut b, _), (mut gone, clock)) = (notes(1), notes(2), notes(3));
    gone.edit(|n| n.pages.set("k", 1));
    agree(&mut a, &mut gone);
    agree(&mut a, &mut b);
    // Only b hears the last of it.
    gone.edit(|n| n.pages.set("last", 1));
    agree(&mut b, &mut gone);
    a.set_members([1, 2, 3].map(id));
    b.set_members([1, 2, 3].map(id));
    a.expel(id(3));
    a.observe(&b.status());
    assert!(!a.compact(), "b has not stopped listening");
    b.expel(id(3));
    b.observe(&a.status());
    a.observe(&b.status());
    assert!(!a.compact(), "a does not hold all that b does");
    send(&mut b, &mut a);
    assert_eq!(
        a.state().pages.get("last"),
        Some(&1),
        "what was heard before counts"
    );
    a.observe(&b.status());
    b.observe(&a.status());
    assert!(a.compact());
    // What comes later is refused.
    clock.advance(1_000_000);
    gone.edit(|n| n.pages.set("k", 9));
    let report = a.apply(gone.flush().unwrap()).unwrap();
    assert_eq!((report.applied, report.closed), (0, 1));
}

#[test]
fn a_snapshot_from_below_the_floor_is_not_merged() {
    let ((mut server, clock), (mut away, away_clock)) = (notes(9), notes(1));
    away_clock.advance(120_000);
    away.edit(|n| n.visits.increment(1));
    clock.advance(60_000);
    server.edit(|n| n.title.set("t"));
    server.flush();
    let version = server.version().clone();
    server.advance_floor(&version).unwrap();
    assert_eq!(
        server.apply(away.snapshot()),
        Err(Error::SnapshotBelowFloor)
    );
    assert_eq!(server.state().visits.value(), 0);
}

#[test]
fn a_floor_needs_all_that_lies_below_it() {
    let ((mut a, _), (mut b, _)) = (notes(1), notes(2));
    b.edit(|n| n.visits.increment(1));
    b.flush();
    let theirs = b.version().clone();
    assert_eq!(a.advance_floor(&theirs), Err(Error::Floor));
    let mut a = a.with_log_limits(1, 1 << 20);
    a.edit(|n| n.visits.increment(1));
    a.flush();
    let early = a.version().clone();
    for _ in 0..3 {
        a.edit(|n| n.visits.increment(1));
        a.flush();
    }
    assert_eq!(
        a.advance_floor(&early),
        Err(Error::Floor),
        "the log is too short"
    );
    let now = a.version().clone();
    assert_eq!(a.advance_floor(&now), Ok(()));
}

#[test]
fn snapshots_and_stores_carry_the_floor() {
    let (mut a, clock) = notes(1);
    a.edit(|n| n.pages.set("k", 1));
    a.flush();
    let version = a.version().clone();
    a.advance_floor(&version).unwrap();
    a.edit(|n| n.pages.set("l", 1));
    let snapshot = a.snapshot();
    let bytes = snapshot.encode();
    assert_eq!(Snapshot::decode(&bytes).unwrap(), snapshot);
    assert_eq!(snapshot.floor(), a.floor());
    for end in 0..bytes.len() {
        assert!(Snapshot::decode(&bytes[..end]).is_err(), "{end} bytes");
    }
    let stored = a.store();
    let mut back = Replica::<Notes>::open(stored.bytes(), id(7), clock).unwrap();
    assert_eq!(back.snapshot().encode(), bytes);
    assert_eq!(
        Version::decode(&a.version().encode()).unwrap(),
        *a.version()
    );
}

#[test]
fn a_peer_that_lags_behind_the_log_but_not_the_floor_merges_a_snapshot() {
    let ((a, _), (mut b, _)) = (notes(1), notes(2));
    let mut a = a.with_log_limits(2, 1 << 20);
    a.edit(|n| n.pages.set("k", 1));
    agree(&mut a, &mut b);
    let version = a.version().clone();
    a.advance_floor(&version).unwrap();
    b.edit(|n| n.pages.set("mine", 1));
    b.flush();
    for page in 0..5 {
        a.edit(|n| n.pages.set("k", page));
        a.flush();
    }
    let delta = a.changes_since(b.version());
    assert!(matches!(delta, Delta::Snapshot(_)));
    b.apply(delta).unwrap();
    assert_eq!(
        b.version().floor(),
        a.version().floor(),
        "the floor comes along"
    );
    assert_eq!(b.state().pages.get("mine"), Some(&1));
    agree(&mut a, &mut b);
    assert_eq!(a.snapshot().encode(), b.snapshot().encode());
}
