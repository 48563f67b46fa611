//! The live lane: what is sent, what is shown, and what becomes durable.

use holo_runtime::live::LiveLane;
use holo_runtime::{Clock, LwwRegister, Quat, Replica, ReplicaId, Synced, Vec3};

#[derive(Debug, Synced)]
#[synced(rate = "20hz")]
struct Cube {
    #[synced(live)]
    position: LwwRegister<Vec3>,
    #[synced(live)]
    rotation: LwwRegister<Quat>,
    name: LwwRegister<String>,
}

fn replica(id: u64) -> (Replica<Cube>, Clock) {
    let clock = Clock::manual(1_700_000_000_000);
    (
        Replica::with_clock(ReplicaId::new(id).unwrap(), clock.clone()),
        clock,
    )
}

#[test]
fn a_pose_sent_at_20_hz_is_shown_in_between() {
    let ((mut alice, _a), (mut bob, _b)) = (replica(1), replica(2));
    let (mut moves, mut sees) = (LiveLane::new(), LiveLane::new());
    let mut frames = 0;
    for now in 0..2_000 {
        let x = now as f64 / 1_000.0;
        moves
            .update(&mut alice, now, |cube| cube.position.set([x, 0.0, 0.0]))
            .unwrap();
        if let Some(frame) = moves.poll(&mut alice, now).unwrap() {
            frames += 1;
            sees.apply(&mut bob, &frame, now + 7_000).unwrap();
        }
        if now > 200 {
            let shown = sees.shown(&bob, now + 7_000).position.x;
            assert!((shown - (x - 0.1)).abs() <= 0.001, "{now}: {shown}");
        }
    }
    assert_eq!(frames, 40);
}
