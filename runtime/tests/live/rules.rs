//! Which of a durable and a live value shows: by (epoch, stamp), field by field, in every order.

use holo_runtime::live::{Grant, LiveError};
use holo_runtime::{Hlc, ReplicaId};

use super::{Cube, Peer, START, cubes};

/// All orders of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for order in orders(last) {
        for place in 0..=last {
            let mut order = order.clone();
            order.insert(place, last);
            all.push(order);
        }
    }
    all
}

#[test]
fn after_settling_all_show_the_last_value_in_every_order_of_frames_and_changes() {
    let [mut alice] = cubes();
    let mut frames = Vec::new();
    for now in [0, 50, 100] {
        alice.place(now, now as f64 / 100.0);
        frames.extend(alice.poll(now));
    }
    alice.place(120, 1.234_567_8);
    alice.lane.settle(&mut alice.replica, 130).unwrap();
    let change = alice.replica.flush().unwrap();
    frames.extend(alice.poll(150));
    assert_eq!(frames.len(), 3, "what settled says nothing more");
    for lost in 0..8u32 {
        for order in orders(4) {
            let [_, mut bob] = cubes();
            for (step, what) in order.iter().enumerate() {
                let now = 200 + step as u64;
                match frames.get(*what) {
                    Some(frame) if lost & (1 << what) == 0 => bob.hear(frame, now),
                    Some(_) => {}
                    None => {
                        bob.replica.apply(change.clone()).unwrap();
                    }
                }
            }
            assert_eq!(bob.x(1_000), 1.234_567_8, "{order:?} without {lost:b}");
        }
    }
}

#[test]
fn a_stale_frame_never_shows_over_a_newer_write_of_somebody_else() {
    let [mut alice, mut bob, mut carol] = cubes();
    alice.place(0, 1.0);
    let frame = alice.poll(0).unwrap();
    bob.hear(&frame, 20);
    bob.at(40)
        .replica
        .edit(|cube| cube.position.set([7.0, 0.0, 0.0]));
    for first in [true, false] {
        if first {
            carol.take(&mut bob);
        }
        carol.hear(&frame, 60);
        for now in [60, 100, 160, 400] {
            assert_eq!(carol.x(now), 7.0, "{now}");
            assert_eq!(bob.x(now), 7.0, "{now}");
        }
    }
    // Alice does not know yet and goes on; what she sets from now on is later.
    alice.take(&mut bob);
    assert_eq!(alice.x(100), 7.0);
    alice.place(100, 2.0);
    carol.hear(&alice.poll(100).unwrap(), 120);
    carol.hear(&alice.poll(150).unwrap(), 170);
    assert_eq!(carol.x(300), 2.0);
}

#[test]
fn what_was_overtaken_does_not_settle() {
    let [mut alice, mut bob] = cubes();
    alice.place(0, 1.0);
    bob.hear(&alice.poll(0).unwrap(), 10);
    bob.at(40)
        .replica
        .edit(|cube| cube.position.set([7.0, 0.0, 0.0]));
    alice.take(&mut bob);
    assert!(!alice.lane.settle(&mut alice.replica, 100).unwrap());
    assert!(!alice.lane.is_moving());
    assert_eq!(alice.replica.state().position.get().x, 7.0);
    // The same between two who move it: the later hand settles it.
    let [mut alice, mut bob] = cubes();
    alice.place(0, 1.0);
    bob.hear(&alice.poll(0).unwrap(), 10);
    bob.place(20, 2.0);
    alice.hear(&bob.poll(20).unwrap(), 30);
    assert!(!alice.lane.settle(&mut alice.replica, 100).unwrap());
    assert!(bob.lane.settle(&mut bob.replica, 100).unwrap());
    alice.take(&mut bob);
    assert_eq!((alice.x(500), bob.x(500)), (2.0, 2.0));
}

#[test]
fn fields_are_compared_one_by_one() {
    let [mut alice, mut bob] = cubes();
    let set = alice.lane.update(&mut alice.replica, 0, |cube| {
        cube.position.set([1.0, 0.0, 0.0]);
        cube.grip.set(1.0);
    });
    set.unwrap();
    let frame = alice.poll(0).unwrap();
    bob.hear(&frame, 10);
    bob.at(20).replica.edit(|cube| cube.grip.set(0.125));
    let shown = bob.lane.shown(&bob.replica, 200);
    assert_eq!((shown.position.x, shown.grip), (1.0, 0.125));
}

#[test]
fn an_edit_after_a_live_value_is_later_than_it_though_the_change_was_open() {
    let [mut alice, mut bob] = cubes();
    alice.replica.edit(|cube| cube.name.set("opens a change"));
    alice.place(0, 1.0);
    let frame = alice.poll(0).unwrap();
    alice
        .replica
        .edit(|cube| cube.position.set([9.0, 0.0, 0.0]));
    assert_eq!(alice.x(0), 9.0);
    bob.take(&mut alice);
    bob.hear(&frame, 10);
    assert_eq!(bob.x(500), 9.0);
}

#[test]
fn an_edit_after_a_frame_was_heard_is_later_than_it_though_the_change_was_open() {
    // At one moment the tick and the change have equal times, and of these the greater replica's wins.
    for moved in [0, 10] {
        let [mut alice, mut bob] = cubes();
        alice.replica.edit(|cube| cube.name.set("opens a change"));
        bob.place(moved, 1.0);
        let frame = bob.poll(moved).unwrap();
        alice.hear(&frame, 20);
        alice
            .replica
            .edit(|cube| cube.position.set([9.0, 0.0, 0.0]));
        assert_eq!(alice.x(500), 9.0, "{moved}");
        bob.take(&mut alice);
        assert_eq!(bob.x(500), 9.0, "{moved}");
    }
}

#[test]
fn an_edit_under_a_fresh_id_is_later_than_what_was_heard_under_the_one_before() {
    let [mut alice, mut bob] = cubes();
    let mut server = bob.replica.fork(ReplicaId::new(99).unwrap()).unwrap();
    // The clock of whoever moves it is ahead.
    for now in [9_000, 9_050] {
        alice.place(now, 1.0);
        bob.hear(&alice.poll(now).unwrap(), now - 9_000);
    }
    let fresh = ReplicaId::new(77).unwrap();
    bob.at(100)
        .replica
        .restamp(fresh, server.snapshot())
        .unwrap();
    bob.replica.edit(|cube| cube.position.set([7.0, 0.0, 0.0]));
    assert_eq!(bob.x(400), 7.0);
}

#[test]
fn an_owner_wins_over_later_stamps_of_others_once_it_was_granted() {
    let [mut alice, mut bob, mut carol] = cubes();
    let grant = |owner: &Peer<Cube>, epoch, since| Grant {
        owner: owner.replica.id(),
        epoch,
        since: Hlc::from_millis(START + since),
    };
    let to_alice = grant(&alice, 1, 0);
    for peer in [&mut alice, &mut bob, &mut carol] {
        peer.lane.grant(to_alice);
    }
    alice.place(100, 1.0);
    let owned = alice.poll(100).unwrap();
    // Bob owns nothing; his clock is ahead.
    bob.place(4_000, 2.0);
    let other = bob.poll(4_000).unwrap();
    bob.at(5_000)
        .replica
        .edit(|cube| cube.position.set([3.0, 0.0, 0.0]));
    for order in orders(3) {
        let [_, _, mut dave] = cubes();
        dave.lane.grant(to_alice);
        for what in order {
            match what {
                0 => dave.hear(&owned, 200),
                1 => dave.hear(&other, 200),
                _ => dave.take(&mut bob),
            }
        }
        assert_eq!(dave.x(900), 1.0);
    }
    // A grant to Bob: what he writes from then on wins over all that Alice still sends.
    let to_bob = grant(&bob, 2, 4_500);
    carol.hear(&owned, 200);
    carol.lane.grant(to_bob);
    bob.lane.grant(to_bob);
    carol.take(&mut bob);
    assert_eq!(carol.x(900), 3.0, "written by Bob after the grant");
    alice.place(9_000, 5.0);
    carol.hear(&alice.poll(9_000).unwrap(), 9_010);
    assert_eq!(carol.x(9_500), 3.0, "Alice's epoch is over");
    // An epoch that nobody granted counts for nothing.
    let [mut mallory, mut erin] = cubes();
    mallory.lane.grant(grant(&mallory, 99, 0));
    mallory.place(0, 6.0);
    erin.at(50)
        .replica
        .edit(|cube| cube.position.set([4.0, 0.0, 0.0]));
    erin.hear(&mallory.poll(0).unwrap(), 60);
    assert_eq!(erin.x(500), 4.0);
}

#[test]
fn what_somebody_moved_goes_when_they_do() {
    let [mut alice, mut bob] = cubes();
    alice.place(0, 1.0);
    let frame = alice.poll(0).unwrap();
    bob.hear(&frame, 0);
    assert_eq!(bob.x(200), 1.0);
    assert_eq!(bob.x(30_000), 1.0);
    assert_eq!(
        bob.x(30_001),
        0.0,
        "not heard for longer than presence lasts"
    );
    bob.hear(&frame, 40_000);
    assert_eq!(bob.x(40_200), 1.0);
    bob.lane.gone(alice.replica.id());
    assert_eq!(bob.x(40_200), 0.0);
    assert!(bob.poll(40_250).is_none());
}

#[test]
fn an_old_session_never_overwrites_a_new_one() {
    let [mut old, mut bob] = cubes();
    old.place(0, 1.0);
    let late = old.poll(0).unwrap();
    // The same replica comes back with a lane of its own.
    let mut new = Peer {
        lane: holo_runtime::live::LiveLane::new(),
        ..old
    };
    new.place(5_000, 2.0);
    let frame = new.poll(5_000).unwrap();
    bob.hear(&frame, 5_010);
    bob.hear(&late, 5_020);
    assert_eq!(bob.x(5_500), 2.0);
    // One's own frames, come back, do nothing.
    new.hear(&frame, 5_030);
    assert_eq!(new.x(5_500), 2.0);
}

#[test]
fn a_frame_from_the_year_9999_drags_no_clock_along() {
    let [mut bob] = cubes();
    let mut far = Peer::<Cube>::new(9);
    far.clock.advance(250_000_000_000_000);
    let set = far
        .lane
        .update(&mut far.replica, 0, |cube| cube.position.set([1.0; 3]));
    set.unwrap();
    let frame = far.lane.poll(&mut far.replica, 0).unwrap().unwrap();
    let refused = bob.lane.apply(&mut bob.replica, &frame, 0);
    assert_eq!(refused, Err(LiveError::ClockAhead));
    bob.replica.edit(|cube| cube.name.set("here"));
    let change = bob.replica.flush().unwrap();
    assert_eq!(change.time().millis(), START);
    assert_eq!(ReplicaId::new(1), Some(bob.replica.id()));
}
