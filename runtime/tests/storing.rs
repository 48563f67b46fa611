//! Storing and coming back: what survives, under which id, and that nothing is sent before it is stored.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{Clock, Delta, Error, OrSet, PnCounter, Replica, ReplicaId, Synced, Version};

#[derive(Debug, Synced)]
struct Notes {
    tags: OrSet<String>,
    visits: PnCounter,
}

const START: u64 = 1_700_000_000_000;

fn id(id: u64) -> ReplicaId {
    ReplicaId::new(id).unwrap()
}

fn notes(number: u64) -> Replica<Notes> {
    Replica::with_clock(id(number), Clock::manual(START))
}

#[test]
fn what_was_unsent_survives_and_is_sent_as_it_was() {
    let (mut a, mut b) = (notes(1), notes(2));
    a.edit(|n| n.visits.increment(1));
    b.apply(a.changes_since(&Version::new())).unwrap();
    a.acknowledge(b.version());
    a.edit(|n| n.visits.increment(10));
    a.edit(|n| n.tags.insert("t"));
    let stored = a.store();
    let unsent: Vec<_> = a.unsent().cloned().collect();
    assert_eq!(unsent.len(), 1);

    let used = Replica::<Notes>::open(stored.bytes(), id(1), Clock::manual(START));
    assert_eq!(used.unwrap_err(), Error::IdUsed(id(1)));
    let mut back = Replica::<Notes>::open(stored.bytes(), id(3), Clock::manual(START)).unwrap();
    assert_eq!(back.unsent().cloned().collect::<Vec<_>>(), unsent);
    back.edit(|n| n.visits.increment(100));
    let delta = back.changes_since(b.version());
    assert!(
        matches!(&delta, Delta::Changes(changes) if changes.len() == 2),
        "no snapshot"
    );
    b.apply(delta).unwrap();
    assert_eq!(b.state().visits.value(), 111);
    assert_eq!(b.snapshot().encode(), back.snapshot().encode());
}

#[test]
fn torn_bytes_are_an_error() {
    let mut a = notes(1);
    a.edit(|n| n.visits.increment(1));
    let stored = a.store();
    for end in 0..stored.bytes().len() {
        let torn = &stored.bytes()[..end];
        assert!(Replica::<Notes>::open(torn, id(2), Clock::manual(START)).is_err());
        assert!(Replica::<Notes>::resume(torn, Clock::manual(START)).is_err());
    }
}

#[test]
fn nothing_is_sent_before_it_is_stored() {
    let (a, mut b) = (notes(1), notes(2));
    let mut a = a.store_first();
    a.edit(|n| n.visits.increment(1));
    assert!(a.changes_since(&Version::new()).is_empty() && a.unstored());
    assert_eq!(a.unsent().count(), 0);
    let first = a.store();
    assert!(
        a.changes_since(&Version::new()).is_empty(),
        "the disk has not said so"
    );
    a.is_stored(&first);
    a.edit(|n| n.visits.increment(10));
    b.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!(b.state().visits.value(), 1, "what is stored, and no more");
    // The process dies before the second store. It may go on under its id: nobody has seen what it lost.
    let mut a = Replica::<Notes>::resume(first.bytes(), Clock::manual(START)).unwrap();
    a.edit(|n| n.visits.increment(100));
    let second = a.store();
    a.is_stored(&second);
    let report = b.apply(a.changes_since(b.version())).unwrap();
    assert_eq!((report.applied, report.forked), (1, 0));
    assert_eq!(b.state().visits.value(), 101);
    assert_eq!((a.id(), a.state_hash()), (id(1), b.state_hash()));
}

#[test]
fn who_lags_behind_the_log_gets_nothing_that_is_not_stored() {
    let mut a = notes(1).store_first().with_log_limits(1, 1 << 20);
    for _ in 0..3 {
        a.edit(|n| n.visits.increment(1));
        a.flush();
    }
    assert!(a.changes_since(&Version::new()).is_empty());
    let stored = a.store();
    a.is_stored(&stored);
    assert!(matches!(
        a.changes_since(&Version::new()),
        Delta::Snapshot(_)
    ));
}

/// A member that acknowledged what it then forgot would write below the floor without knowing.
#[test]
fn nothing_is_acknowledged_before_it_is_stored() {
    let (mut a, mut b) = (notes(1), notes(2).store_first());
    a.set_members([id(2)]);
    a.edit(|n| n.visits.increment(1));
    b.apply(a.changes_since(&Version::new())).unwrap();
    a.observe(&b.status());
    assert!(!a.compact(), "b may still forget it");
    let stored = b.store();
    b.is_stored(&stored);
    a.observe(&b.status());
    assert!(a.compact());
}

/// Otherwise a process that dies, and makes something else under the same stamp, looks like two.
#[test]
fn a_status_tells_nothing_that_is_not_stored() {
    let (mut a, mut b) = (notes(1).store_first(), notes(2));
    a.edit(|n| n.visits.increment(1));
    let stored = a.store();
    a.is_stored(&stored);
    a.edit(|n| n.visits.increment(10));
    let status = a.full_status();
    assert!(a.unstored());
    assert_eq!(status.version(), &{
        let mut back = Replica::<Notes>::resume(stored.bytes(), Clock::manual(START)).unwrap();
        back.status().version().clone()
    });
    let mut back = Replica::<Notes>::resume(stored.bytes(), Clock::manual(START)).unwrap();
    back.edit(|n| n.tags.insert("other"));
    let stored = back.store();
    back.is_stored(&stored);
    b.apply(back.changes_since(b.version())).unwrap();
    let standing = b.observe(&status);
    assert!(standing.forks.is_empty() && standing.diverged.is_none());
}
