//! Making own changes again, CRDT by CRDT: what each op becomes on a state that has gone on without it.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Clock, GCounter, GSet, Guard, LwwMap, LwwRegister, MvRegister, OrMap, OrSet, PnCounter,
    Replica, ReplicaId, Restamped, Synced, TwoPSet, Version,
};

#[derive(Debug, Synced)]
struct Item {
    hp: LwwRegister<i64>,
    score: PnCounter,
    #[synced(initial = ["torch"])]
    tags: OrSet<String>,
    notes: LwwMap<String, i64>,
}

#[derive(Debug, Synced)]
struct Bag {
    #[synced(initial = 7)]
    coins: LwwRegister<i64>,
    #[synced(initial = ["map"])]
    tags: OrSet<String>,
    notes: LwwMap<String, i64>,
    visits: GCounter,
    inner: Item,
    items: OrMap<String, Item>,
    grown: GSet<i64>,
    gone: TwoPSet<i64>,
    votes: MvRegister<i64>,
}

const START: u64 = 1_700_000_000_000;
const DAY: u64 = 24 * 60 * 60_000;

fn id(id: u64) -> ReplicaId {
    ReplicaId::new(id).unwrap()
}

/// What both know, then what each does without the other; the client comes back.
fn comes_back(
    both: impl FnOnce(&mut BagEdit<'_>),
    away: &[fn(&mut BagEdit<'_>)],
    others: impl FnOnce(&mut BagEdit<'_>),
) -> (Replica<Bag>, Restamped) {
    let clock = Clock::manual(START);
    let mut server = Replica::<Bag>::with_clock(id(9), clock.clone());
    let mut client = Replica::<Bag>::with_clock(id(1), Clock::manual(START));
    client.edit(both);
    server.apply(client.changes_since(&Version::new())).unwrap();
    for edit in away {
        client.edit(edit);
        client.flush();
    }
    clock.advance(60_000);
    server.edit(others);
    server.edit(|b| b.coins.set(*b.coins.get()));
    server.flush();
    let version = server.version().clone();
    server.advance_floor(&version).unwrap();
    assert!(client.observe(&server.status()).below_floor);
    let report = client.restamp(id(2), server.snapshot()).unwrap();
    assert_eq!((report.held, report.unproven, report.lost), (1, 0, 0));
    assert_eq!(report.again, away.len());
    server
        .apply(client.changes_since(server.version()))
        .unwrap();
    assert_eq!(server.state_hash(), client.state_hash());
    assert_eq!(server.snapshot().encode(), client.snapshot().encode());
    (server, report)
}

#[test]
fn writes_are_made_again_in_structs_as_well() {
    let (bag, report) = comes_back(
        |b| b.coins.set(1),
        &[
            |b| b.coins.set(2),
            |b| b.inner.hp.set(3),
            |b| b.inner.hp.set(4),
        ],
        |b| b.coins.set(9),
    );
    assert_eq!(
        (*bag.state().coins.get(), *bag.state().inner.hp.get()),
        (2, 4)
    );
    assert_eq!(report.dropped, 0);
}

#[test]
fn each_increment_counts_once() {
    let (bag, _) = comes_back(
        |b| {
            b.visits.increment(5);
            b.inner.score.increment(5);
            b.items.entry("x").score.increment(5);
        },
        &[
            |b| {
                b.visits.increment(10);
                b.inner.score.decrement(10);
                b.items.entry("x").score.increment(10);
            },
            |b| {
                b.visits.increment(100);
                b.inner.score.increment(100);
                b.items.entry("x").score.decrement(100);
            },
        ],
        |b| b.inner.score.increment(1_000),
    );
    let state = bag.state();
    assert_eq!(
        (state.visits.value(), state.inner.score.value()),
        (115, 1_095)
    );
    assert_eq!(state.items.get("x").unwrap().score.value(), -85);
}

#[test]
fn a_remove_takes_what_is_left_of_what_it_saw() {
    let (bag, report) = comes_back(
        |b| {
            b.tags.insert("both");
            b.tags.insert("gone");
            b.tags.insert("again");
        },
        &[
            |b| {
                b.tags.remove("both");
                b.tags.remove("gone");
                b.tags.remove("again");
                b.tags.remove("map");
                b.tags.insert("mine");
                b.tags.insert("short");
            },
            |b| {
                b.tags.remove("short");
            },
        ],
        |b| {
            b.tags.remove("gone");
            b.tags.insert("again");
        },
    );
    // "again" stays: the other's add was not seen by the remove, though what it saw was replaced by it.
    assert_eq!(bag.state().tags.sorted(), ["mine", "again"]);
    assert_eq!(report.dropped, 1, "the remove of what is gone");
}

#[test]
fn keys_are_set_again_and_deleted_if_they_are_there() {
    let (bag, report) = comes_back(
        |b| {
            b.notes.set("a", 1);
            b.notes.set("b", 1);
        },
        &[|b| {
            b.notes.set("c", 1);
            b.notes.delete("a");
            b.notes.delete("b");
        }],
        |b| {
            b.notes.delete("a");
            b.notes.set("b", 2);
            b.notes.set("c", 2);
        },
    );
    let notes: Vec<_> = bag.state().notes.sorted();
    assert_eq!(notes, [(&"c".to_owned(), &1)]);
    assert_eq!(report.dropped, 1);
}

#[test]
fn entries_are_removed_as_far_as_they_were_seen() {
    let (bag, report) = comes_back(
        |b| {
            b.items.entry("seen").hp.set(1);
            b.items.entry("more").hp.set(1);
            b.items.entry("gone").hp.set(1);
        },
        &[
            |b| {
                b.items.remove("seen");
                b.items.remove("more");
                b.items.remove("gone");
                b.items.entry("mine").tags.insert("t");
            },
            |b| {
                b.items.remove("mine");
                b.items.entry("new").tags.remove("torch");
            },
        ],
        |b| {
            b.items.entry("more").notes.set("k", 1);
            b.items.remove("gone");
        },
    );
    let state = bag.state();
    let keys: Vec<_> = state
        .items
        .sorted()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(keys, ["new", "more"]);
    let more = state.items.get("more").unwrap();
    assert_eq!((*more.hp.get(), more.notes.get("k")), (0, Some(&1)));
    assert!(state.items.get("new").unwrap().tags.is_empty());
    assert_eq!(report.dropped, 1, "the remove of what is gone");
}

#[test]
fn ops_inside_what_is_gone_are_dropped_and_told() {
    let (bag, report) = comes_back(
        |b| {
            b.items.entry("gone").hp.set(1);
            b.items.entry("stays").score.increment(1);
        },
        &[|b| {
            b.items.entry("gone").hp.set(2);
            b.items.entry("gone").score.increment(50);
            b.items.entry("stays").score.increment(10);
        }],
        |b| {
            b.items.remove("gone");
        },
    );
    assert!(!bag.state().items.contains_key("gone"));
    assert_eq!(bag.state().items.get("stays").unwrap().score.value(), 11);
    assert_eq!(report.dropped, 1);
}

/// A counter starts anew in an entry that another removed in between; what was added since counts, and only that.
#[test]
fn a_counter_that_was_removed_in_between_counts_what_was_added() {
    let clock = Clock::manual(START);
    let mut server = Replica::<Bag>::with_clock(id(9), clock.clone());
    let mut client = Replica::<Bag>::with_clock(id(1), Clock::manual(START));
    client.edit(|b| b.items.entry("x").score.increment(5));
    server.apply(client.changes_since(&Version::new())).unwrap();
    server.edit(|b| b.items.remove("x"));
    client
        .apply(server.changes_since(client.version()))
        .unwrap();
    client.edit(|b| b.items.entry("x").score.increment(2));
    client.flush();
    client.edit(|b| b.items.entry("x").score.decrement(1));
    clock.advance(60_000);
    server.edit(|b| b.coins.set(1));
    server.flush();
    let version = server.version().clone();
    server.advance_floor(&version).unwrap();
    client.restamp(id(2), server.snapshot()).unwrap();
    assert_eq!(client.state().items.get("x").unwrap().score.value(), 1);
}

/// The way back is open as often as it takes, and from storage.
#[test]
fn what_was_made_again_and_not_sent_can_be_made_again() {
    let clock = Clock::manual(START);
    let mut server = Replica::<Bag>::with_clock(id(9), clock.clone());
    let mut client = Replica::<Bag>::with_clock(id(1), Clock::manual(START));
    client.edit(|b| {
        b.visits.increment(1);
        b.tags.insert("t");
    });
    for round in 0..3 {
        clock.advance(60_000);
        server.edit(|b| b.coins.set(round));
        server.flush();
        let version = server.version().clone();
        server.advance_floor(&version).unwrap();
        let stored = client.store();
        client = Replica::open(stored.bytes(), id(20 + round as u64), clock.clone()).unwrap();
        client.edit(|b| b.visits.increment(10));
        let report = client
            .restamp(id(10 + round as u64), server.snapshot())
            .unwrap();
        assert_eq!((report.again, report.unproven), (2 + round as usize, 0));
    }
    server
        .apply(client.changes_since(server.version()))
        .unwrap();
    assert_eq!(server.state().visits.value(), 31);
    assert!(server.state().tags.contains("t"));
}

/// Whoever wrote while the clock was a year ahead is held back by all, until it starts again.
#[test]
fn an_author_past_the_guard_starts_again() {
    let clock = Clock::manual(START + 365 * DAY);
    let mut client = Replica::<Bag>::with_clock(id(1), clock);
    let mut server =
        Replica::<Bag>::with_clock(id(9), Clock::manual(START)).with_guard(Guard::trusted());
    let wall = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(START + 365 * DAY));
    let mut wrong = Replica::<Bag>::with_clock(id(3), Clock::Manual(wall.clone()));
    wrong.edit(|b| b.coins.set(3));
    wrong.flush();
    assert!(!wrong.must_restamp(), "its own clock says that all is well");
    wall.store(START, std::sync::atomic::Ordering::Relaxed);
    assert!(wrong.must_restamp(), "until it is put right");
    let report = server.apply(wrong.changes_since(&Version::new())).unwrap();
    assert_eq!((report.held, server.version().is_empty()), (1, true));
    let report = wrong.restamp(id(4), server.snapshot()).unwrap();
    assert_eq!(report.again, 1);
    assert!(!wrong.must_restamp());
    let report = server.apply(wrong.changes_since(&Version::new())).unwrap();
    assert_eq!((report.applied, *server.state().coins.get()), (1, 3));
    // What is held is sent on to nobody, and is in no snapshot.
    client.edit(|b| b.coins.set(1));
    server.apply(client.changes_since(&Version::new())).unwrap();
    assert_eq!(server.held(), 2);
    let mut fresh = Replica::<Bag>::with_clock(id(5), Clock::manual(START));
    fresh.apply(server.snapshot()).unwrap();
    fresh.apply(server.changes_since(&Version::new())).unwrap();
    assert_eq!((*fresh.state().coins.get(), fresh.held()), (3, 0));
}

/// A server that has the change, and whose answer was lost: the version proves that nothing has to be made again.
#[test]
fn what_the_snapshot_holds_is_not_made_again() {
    let mut server = Replica::<Bag>::with_clock(id(9), Clock::manual(START));
    let mut client = Replica::<Bag>::with_clock(id(1), Clock::manual(START));
    client.edit(|b| b.visits.increment(1));
    server.apply(client.changes_since(&Version::new())).unwrap();
    client.edit(|b| b.visits.increment(10));
    let report = client.restamp(id(2), server.snapshot()).unwrap();
    assert_eq!((report.held, report.again), (1, 1));
    assert_eq!(client.state().visits.value(), 11);
    // What was acknowledged is not even looked at.
    client.flush();
    let version = client.version().clone();
    client.acknowledge(&version);
    assert_eq!(client.unsent().count(), 0);
}

#[test]
fn sets_that_only_grow_grow_and_what_is_out_stays_out() {
    let (bag, report) = comes_back(
        |b| {
            b.gone.insert(1);
            b.gone.insert(2);
        },
        &[|b| {
            b.grown.insert(7);
            b.gone.insert(3);
            b.gone.remove(1);
            b.gone.remove(2);
        }],
        |b| {
            b.gone.remove(2);
            b.gone.insert(3);
            b.gone.remove(3);
        },
    );
    assert_eq!(bag.state().grown.sorted(), [&7]);
    assert!(bag.state().gone.is_empty());
    assert_eq!(report.dropped, 1, "the remove of what is out");
}

#[test]
fn a_vote_stands_beside_what_its_author_had_not_seen() {
    let (bag, _) = comes_back(
        |b| b.votes.set(1),
        &[|b| b.votes.set(2), |b| b.votes.set(3)],
        |b| b.coins.set(1),
    );
    assert_eq!(bag.state().votes.values(), [&3], "it replaces what it saw");
    let (bag, _) = comes_back(
        |b| b.votes.set(1),
        &[|b| b.votes.set(2), |b| b.votes.set(3)],
        |b| b.votes.set(9),
    );
    assert_eq!(bag.state().votes.values(), [&9, &3]);
}
