//! Lists and texts over a floor: what goes and what stays. That nobody can tell is shown by schedules, in `holo-tests`.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{Clock, Replica, ReplicaId, Sequence, Synced, Text, Version};

fn replica<T: Synced>(id: u64) -> Replica<T> {
    Replica::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(1))
}

fn collect<T: Synced>(replica: &mut Replica<T>) {
    replica.flush();
    let version = replica.version().clone();
    replica.advance_floor(&version).unwrap();
}

/// The size of what is stored beside versions and names.
fn size<T: Synced>(replica: &mut Replica<T>) -> usize {
    replica.snapshot().encode().len()
}

#[test]
fn a_deleted_item_goes_when_nothing_hangs_on_it() {
    let mut a = replica::<Text>(1);
    for (at, letter) in ["a", "b", "c"].into_iter().enumerate() {
        a.edit(|text| text.insert(at, letter).unwrap());
        a.flush();
    }
    a.edit(|text| text.delete(1..2).unwrap());
    let place = a.state().anchor(1, holo_runtime::Side::After).unwrap();
    collect(&mut a);
    let held = size(&mut a);
    // "c" hangs on what is deleted, which therefore stays, without its content.
    a.edit(|text| text.delete(1..2).unwrap());
    assert_eq!(a.state().position(&place), Some(1));
    collect(&mut a);
    let left = size(&mut a);
    assert!(left < held, "{left} of {held}");
    assert_eq!(a.state().position(&place), None, "its character is gone");
    assert_eq!(*a.state(), "a");
    a.edit(|text| text.delete(0..1).unwrap());
    collect(&mut a);
    assert!(size(&mut a) < left);
    a.edit(|text| text.push("x"));
    assert_eq!(*a.state(), "x");
}

/// "x" goes between "l" and "r", which is then deleted: as long as "x" is there it says that it stood before "r".
#[test]
fn a_deleted_item_stays_while_another_has_it_to_its_right() {
    let mut a = replica::<Text>(1);
    a.edit(|text| text.push("r"));
    a.flush();
    a.edit(|text| text.insert(0, "l").unwrap());
    a.flush();
    let mut whole = a.snapshot();
    let mut b = replica::<Text>(2);
    b.apply(whole.clone()).unwrap();
    a.edit(|text| text.insert(1, "x").unwrap());
    a.edit(|text| text.delete(2..3).unwrap());
    b.edit(|text| text.insert(1, "y").unwrap());
    b.edit(|text| text.push("z"));
    for (one, other) in [(1, 2), (2, 1)] {
        let _ = (one, other);
        whole = a.snapshot();
        b.apply(whole.clone()).unwrap();
        a.apply(b.snapshot()).unwrap();
    }
    let before = a.state().to_string();
    collect(&mut a);
    assert_eq!(
        (a.state().to_string(), a.state_hash()),
        (before, b.state_hash())
    );
}

/// What was inserted and deleted since the floor is not known to all.
#[test]
fn only_what_lies_below_the_floor_goes() {
    let mut a = replica::<Sequence<i64>>(1);
    a.edit(|list| list.extend([1i64, 2, 3]));
    a.flush();
    let version = a.version().clone();
    let mut b = replica::<Sequence<i64>>(2);
    b.apply(a.changes_since(&Version::new())).unwrap();
    a.edit(|list| list.delete(2)).unwrap();
    a.flush();
    b.edit(|list| list.push(9));
    let late = b.flush().unwrap();
    a.advance_floor(&version).unwrap();
    assert!(*a.floor() == version);
    a.apply(late).unwrap();
    b.apply(a.snapshot()).unwrap();
    assert_eq!(a.state().to_vec(), [1, 2, 9]);
    assert_eq!(a.snapshot().encode(), b.snapshot().encode());
}

/// A floor is drawn only where everybody above it has known all below it.
#[test]
fn the_line_is_drawn_before_what_somebody_above_it_did_not_know() {
    let clock = Clock::manual(1_000);
    let mut a = Replica::<Text>::with_clock(ReplicaId::new(1).unwrap(), Clock::manual(1_000));
    let mut b = Replica::<Text>::with_clock(ReplicaId::new(2).unwrap(), clock.clone());
    a.edit(|text| text.push("abc"));
    b.apply(a.changes_since(b.version())).unwrap();
    let start = a.version().clone();
    a.edit(|text| text.delete(1..2).unwrap());
    a.flush();
    let deleted = a.version().clone();
    clock.advance(5_000);
    b.edit(|text| text.insert(2, "x").unwrap());
    a.apply(b.changes_since(a.version())).unwrap();
    a.advance_floor(&deleted).unwrap();
    assert_eq!(
        *a.floor(),
        start,
        "whoever typed \"x\" did not know the delete"
    );
    let (whole, text) = (a.version().clone(), a.state().to_string());
    a.advance_floor(&whole).unwrap();
    assert_eq!(
        (a.floor().max_time(), a.state().to_string()),
        (whole.max_time(), text)
    );
}
