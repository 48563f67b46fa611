//! That live values leave nothing behind but key writes.

use holo_runtime::history::{Grouping, UndoLimits};

use super::cubes;

#[test]
fn ten_thousand_ticks_leave_the_durable_state_as_it_was() {
    let [mut alice, mut bob] = cubes();
    // No key writes: a second of this test is no second.
    alice.lane = alice.lane.with_key_writes_every(1 << 40);
    alice
        .replica
        .edit(|cube| cube.position.set([0.5, 0.0, 0.0]));
    bob.take(&mut alice);
    let before = [&mut alice, &mut bob].map(|peer| {
        (
            peer.replica.snapshot().encode(),
            peer.replica.version().clone(),
            peer.replica.state_hash(),
        )
    });
    for tick in 0..10_000u64 {
        alice.place(tick * 50, (tick % 100) as f64 / 10.0);
        let frame = alice.poll(tick * 50).unwrap();
        bob.hear(&frame, tick * 50 + 10);
    }
    let after = [&mut alice, &mut bob].map(|peer| {
        (
            peer.replica.snapshot().encode(),
            peer.replica.version().clone(),
            peer.replica.state_hash(),
        )
    });
    assert_eq!(before, after);
    assert_eq!(bob.x(9_999 * 50 + 110), 9.9);
}

#[test]
fn a_field_that_moves_is_made_durable_once_a_second_and_goes_on_smoothly() {
    let [mut alice, mut bob] = cubes();
    let mut writes = Vec::new();
    let mut before: Option<f64> = None;
    for now in (0..10_000).step_by(10) {
        alice.place(now, now as f64 / 1_000.0);
        if let Some(frame) = alice.poll(now) {
            bob.hear(&frame, now);
        }
        // Durable changes arrive before or after the frame, and at once.
        if alice.replica.flush().is_some() {
            writes.push(now);
            bob.take(&mut alice);
        }
        let x = bob.x(now);
        if let Some(before) = before.filter(|_| now > 200) {
            assert!((x - before - 0.01).abs() < 0.003, "{now}: {before} to {x}");
        }
        before = Some(x);
    }
    assert_eq!(writes.len(), 9, "{writes:?}");
    assert_eq!(alice.replica.version().iter().count(), 1);
}

#[test]
fn a_motion_is_one_step_of_undo() {
    let [mut alice] = cubes();
    alice.replica.remember(UndoLimits::default());
    alice
        .replica
        .edit(|cube| cube.position.set([0.5, 0.0, 0.0]));
    for now in (0..3_500).step_by(50) {
        alice.place(now, 1.0 + now as f64 / 1_000.0);
        alice.poll(now);
    }
    (3_500..4_000)
        .step_by(50)
        .for_each(|now| drop(alice.poll(now)));
    assert!(!alice.lane.is_moving());
    assert_eq!(alice.replica.undo_depth(), 2, "the edit, and the motion");
    assert!(alice.replica.undo());
    assert_eq!(alice.replica.state().position.get().x, 0.5);
    assert!(alice.replica.redo());
    assert_eq!(alice.replica.state().position.get().x, 4.45);
}

#[test]
fn two_motions_are_two_steps_and_an_edit_in_between_parts_one() {
    let [mut alice] = cubes();
    alice.replica.remember(UndoLimits::default());
    for from in [0, 2_000] {
        for now in (from..from + 1_500).step_by(50) {
            alice.place(now, now as f64);
            alice.poll(now);
        }
        (from + 1_500..from + 2_000)
            .step_by(50)
            .for_each(|now| drop(alice.poll(now)));
    }
    assert_eq!(alice.replica.undo_depth(), 2);
    for now in (4_000..5_500).step_by(50) {
        alice.place(now, now as f64);
        alice.poll(now);
        if now == 5_200 {
            alice.replica.edit(|cube| cube.name.set("in between"));
        }
    }
    alice.lane.settle(&mut alice.replica, 5_500).unwrap();
    assert_eq!(alice.replica.undo_depth(), 5, "key, name, the rest");
    alice.replica.undo();
    assert_eq!(alice.replica.state().position.get().x, 5_000.0);
    assert_eq!(alice.replica.state().name.get(), "in between");
}

#[test]
fn a_motion_joins_what_a_checkpoint_groups() {
    let [mut alice] = cubes();
    alice.replica.remember(UndoLimits {
        grouping: Grouping::Checkpoint,
        ..UndoLimits::default()
    });
    alice.replica.edit(|cube| cube.name.set("held"));
    for now in (0..1_500).step_by(50) {
        alice.place(now, now as f64);
        alice.poll(now);
    }
    alice.lane.settle(&mut alice.replica, 1_500).unwrap();
    alice.replica.edit(|cube| cube.name.set("let go"));
    alice.replica.checkpoint();
    assert_eq!(alice.replica.undo_depth(), 1);
}
