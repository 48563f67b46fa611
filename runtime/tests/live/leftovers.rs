//! That live values leave nothing behind but key writes.

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
