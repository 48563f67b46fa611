//! Which deletes a floor forgets inside maps: the same ones, in whatever steps it moved.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{Clock, LwwMap, OrMap, Replica, ReplicaId};

type Rooms = OrMap<String, LwwMap<String, i64>>;

fn rooms(number: u64, millis: u64) -> Replica<Rooms> {
    Replica::with_clock(ReplicaId::new(number).unwrap(), Clock::manual(millis))
}

fn send(from: &mut Replica<Rooms>, to: &mut Replica<Rooms>) {
    let delta = from.changes_since(to.version());
    to.apply(delta).unwrap();
}

#[test]
fn a_delete_below_a_greater_write_goes_in_one_step_or_in_two() {
    let (mut early, mut late) = (rooms(1, 1_000), rooms(2, 2_000));
    // A delete, and a concurrent write above it: in a map both are kept, since a remove may cut either.
    early.edit(|rooms| rooms.entry("hall").set("k", 1));
    send(&mut early, &mut late);
    early.edit(|rooms| rooms.entry("hall").delete("k"));
    early.flush();
    let below = early.version().clone();
    late.edit(|rooms| rooms.entry("hall").set("k", 2));
    send(&mut early, &mut late);
    send(&mut late, &mut early);
    let all = early.version().clone();
    assert_eq!(all, *late.version());

    early.advance_floor(&below).unwrap();
    early.advance_floor(&all).unwrap();
    late.advance_floor(&all).unwrap();
    assert_eq!(early.state_hash(), late.state_hash());
    assert_eq!(early.snapshot().encode(), late.snapshot().encode());
}

#[test]
fn a_delete_that_hides_a_smaller_write_stays() {
    let (mut early, mut late) = (rooms(1, 1_000), rooms(2, 2_000));
    late.edit(|rooms| rooms.entry("hall").set("k", 2));
    send(&mut late, &mut early);
    late.edit(|rooms| rooms.entry("hall").delete("k"));
    early.edit(|rooms| rooms.entry("hall").set("k", 1));
    send(&mut early, &mut late);
    send(&mut late, &mut early);
    let all = late.version().clone();
    late.advance_floor(&all).unwrap();
    assert!(late.state().is_empty() || late.state().get("hall").unwrap().is_empty());
    let mut again = rooms(3, 3_000);
    send(&mut late, &mut again);
    assert_eq!(again.state_hash(), late.state_hash());
    assert!(
        !again
            .state()
            .get("hall")
            .is_some_and(|hall| hall.contains_key("k"))
    );
}
