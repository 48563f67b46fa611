//! Frames: when they leave, what is in them, and how it is shown.

use holo_runtime::live::LiveError;
use holo_runtime::{LwwRegister, Quat, Synced, Vec3};

use super::{Peer, World, cubes};

#[test]
fn a_pose_sent_at_20_hz_is_shown_in_between() {
    let [mut alice, mut bob] = cubes();
    let mut frames = 0;
    for now in 0..2_000 {
        let x = now as f64 / 1_000.0;
        alice.place(now, x);
        if let Some(frame) = alice.poll(now) {
            frames += 1;
            // Bob's clock is another one, a second ahead.
            bob.lane
                .apply(&mut bob.replica, &frame, now + 1_000)
                .unwrap();
        }
        if now > 200 {
            let shown = bob.x(now + 1_000);
            assert!((shown - (x - 0.1)).abs() <= 0.001, "{now}: {shown}");
        }
    }
    assert_eq!(frames, 40);
}

#[test]
fn a_thousand_writes_a_second_leave_at_20_hz_without_drift_and_the_last_is_sent() {
    let [mut alice, mut bob] = cubes();
    let mut sent = Vec::new();
    // Called late and unevenly, as by a frame loop of 7 to 21 ms.
    let (mut called, mut gap) = (0, 7);
    for now in 0..10_000 {
        if now < 9_500 {
            alice.place(now, now as f64 / 100.0);
        }
        if now == called {
            gap = 7 + (gap * 5) % 15;
            called += gap;
            if let Some(frame) = alice.poll(now) {
                sent.push(now);
                bob.hear(&frame, now);
            }
        }
    }
    let in_motion = sent.iter().filter(|at| **at < 9_500).count();
    assert!((189..=191).contains(&in_motion), "{in_motion} in 9.5 s");
    let last = *sent.iter().rfind(|at| **at < 9_500).unwrap();
    assert!(last >= 9_430, "the last at {last}");
    // Settled in between; what was shown last is what was set last.
    bob.take(&mut alice);
    assert_eq!(bob.x(11_000), 94.99);
    assert!(!alice.lane.is_moving());
}

#[test]
fn what_stands_still_sends_no_more_than_that_it_does_and_then_nothing() {
    let [mut alice, _] = cubes();
    alice.place(0, 1.0);
    let mut lengths = Vec::new();
    for now in 0..2_000 {
        lengths.extend(alice.poll(now).map(|frame| frame.len()));
    }
    assert_eq!(
        lengths.len(),
        5,
        "one frame and its rest until it settles: {lengths:?}"
    );
    assert!(lengths[1..].iter().all(|len| *len < 40), "{lengths:?}");
}

#[test]
fn differences_below_a_step_are_not_sent_and_still_settle_exactly() {
    let [mut alice, mut bob] = cubes();
    alice.place(0, 1.0);
    let first = alice.poll(0).unwrap().len();
    for now in 1..200 {
        alice.place(now, 1.0 + now as f64 * 1e-6);
        let again = alice.poll(now);
        assert!(again.is_none_or(|frame| frame.len() < first - 10), "{now}");
    }
    alice.lane.settle(&mut alice.replica, 200).unwrap();
    bob.take(&mut alice);
    assert_eq!(bob.replica.state().position.get().x, 1.000_199);
}

#[test]
fn fields_have_steps_bounds_rates_and_ways_of_their_own() {
    let [mut alice, mut bob] = cubes();
    let turn = Quat::new(0.0, 0.6, 0.0, 0.8);
    let mut grips = 0;
    for now in (0..1_000).step_by(10) {
        let set = alice.lane.update(&mut alice.replica, now, |cube| {
            cube.rotation.set(turn);
            cube.grip.set(now as f64 / 100.0);
            cube.grip.set(f64::NAN);
            cube.label.set(format!("at {now}"));
            assert_eq!(cube.grip.get(), (now as f64 / 100.0).min(1.0));
        });
        set.unwrap();
        if let Some(frame) = alice.poll(now) {
            let before = bob.lane.shown(&bob.replica, now).grip;
            bob.hear(&frame, now);
            let shown = bob.lane.shown(&bob.replica, now);
            grips += usize::from(shown.grip != before);
            assert!(shown.grip <= 1.0, "within bounds: {}", shown.grip);
            assert_eq!(shown.grip % 0.25, 0.0, "in steps");
        }
    }
    assert!(grips <= 2, "0, then 1 at its own rate: {grips}");
    let shown = bob.lane.shown(&bob.replica, 1_050);
    assert_eq!(shown.label, "at 950");
    let dot = shown.rotation.y * turn.y + shown.rotation.w * turn.w;
    assert!(dot > 0.999_99, "{:?}", shown.rotation);
    let long = alice.lane.update(&mut alice.replica, 1_100, |cube| {
        cube.label.set("x".repeat(2_000));
    });
    assert!(
        matches!(long, Err(LiveError::TooLong { max: 1_024, .. })),
        "{long:?}"
    );
}

#[test]
fn instances_of_a_map_move_and_nested_ones_too() {
    let (mut alice, mut bob) = (Peer::<World>::new(1), Peer::<World>::new(2));
    let ids = alice
        .replica
        .edit(|world| [world.cubes.spawn(), world.cubes.spawn()]);
    bob.take(&mut alice);
    for now in (0..=500).step_by(50) {
        let x = now as f64 / 100.0;
        let set = alice.lane.update(&mut alice.replica, now, |world| {
            world.table.position.set([0.0, x, 0.0]);
            world.cubes.get(ids[1]).unwrap().position.set([x, 0.0, 0.0]);
        });
        set.unwrap();
        let frame = alice.poll(now).unwrap();
        bob.hear(&frame, now);
    }
    let shown = bob.lane.shown(&bob.replica, 500);
    assert_eq!(shown.table.position.y, 4.0);
    assert_eq!(shown.cubes.get(ids[1]).unwrap().position.x, 4.0);
    assert_eq!(shown.cubes.get(ids[0]).unwrap().position.x, 0.0);
    assert_eq!(shown.cubes.iter().count(), 2);
    alice.lane.settle(&mut alice.replica, 500).unwrap();
    bob.take(&mut alice);
    let cube = bob.replica.state().cubes.get(ids[1]).unwrap();
    assert_eq!(cube.position.get().x, 5.0);
    assert_eq!(bob.replica.state_hash(), alice.replica.state_hash());
    // What is removed moves no more, and is not made again.
    let moved = |peer: &mut Peer<World>, now| {
        let set = peer.lane.update(&mut peer.replica, now, |world| {
            world
                .cubes
                .get(ids[0])
                .map(|mut cube| cube.position.set([1.0; 3]))
        });
        set.unwrap().is_some()
    };
    assert!(moved(&mut alice, 600));
    alice.replica.edit(|world| world.cubes.remove(ids[0]));
    assert!(!moved(&mut alice, 610));
    alice.lane.settle(&mut alice.replica, 700).unwrap();
    assert!(!alice.replica.state().cubes.contains_key(ids[0]));
}

#[test]
fn who_comes_late_or_missed_a_name_asks_for_it() {
    let (mut alice, mut bob) = (Peer::<World>::new(1), Peer::<World>::new(2));
    let id = alice.replica.edit(|world| world.cubes.spawn());
    bob.take(&mut alice);
    let (mut shown_at, mut asked) = (None, 0);
    for now in (0..1_000).step_by(50) {
        let set = alice.lane.update(&mut alice.replica, now, |world| {
            let mut cube = world.cubes.get(id).unwrap();
            cube.position.set([now as f64 / 100.0, 0.0, 0.0]);
        });
        set.unwrap();
        let frame = alice.poll(now).unwrap();
        // The first frames, which name it, are lost.
        if now >= 200 {
            bob.hear(&frame, now);
        }
        if let Some(question) = bob.poll(now) {
            asked += 1;
            alice.hear(&question, now);
        }
        let x = bob
            .lane
            .shown(&bob.replica, now)
            .cubes
            .get(id)
            .unwrap()
            .position
            .x;
        if x > 0.0 && shown_at.is_none() {
            shown_at = Some(now);
        }
    }
    assert_eq!(asked, 1, "and no more once it knows");
    assert!(shown_at.is_some_and(|at| at <= 400), "{shown_at:?}");
}

#[derive(Debug, Synced)]
#[synced(rate = "20hz", bandwidth_limit = 1_000)]
struct Crowd {
    #[synced(live)]
    first: LwwRegister<Vec3>,
    #[synced(live)]
    second: LwwRegister<Vec3>,
}

#[test]
fn a_declared_limit_of_bytes_a_second_is_kept_and_the_last_value_is_sent() {
    let mut alice = Peer::<Crowd>::new(1);
    let mut bob = Peer::<Crowd>::new(2);
    let (mut bytes, mut frames) = (0, 0);
    for now in 0..10_000 {
        let peer = alice.at(now);
        let update = peer.lane.update(&mut peer.replica, now, |crowd| {
            crowd.first.set([now as f64, 1.0, 2.0]);
            crowd.second.set([2.0, now as f64, 1.0]);
        });
        update.unwrap();
        if let Some(frame) = alice.poll(now) {
            (bytes, frames) = (bytes + frame.len(), frames + 1);
            bob.hear(&frame, now);
        }
    }
    assert!((9_000..=10_100).contains(&bytes), "{bytes} in ten seconds");
    assert!(frames < 190, "{frames} frames, fewer than without a limit");
    for now in 10_000..11_000 {
        if let Some(frame) = alice.poll(now) {
            bob.hear(&frame, now);
        }
    }
    let shown = bob.lane.shown(&bob.replica, 11_000);
    assert_eq!(shown.second.y, 9_999.0);
}
