//! How many bytes frames take, and what becomes of bytes that nobody sent.

use holo_runtime::live::{LiveError, LiveLane};
use holo_runtime::{LwwRegister, OrMap, Quat, Synced, Vec3};

use super::{Peer, cubes};

#[derive(Debug, Synced)]
#[synced(rate = "20hz")]
struct Entity {
    #[synced(live)]
    position: LwwRegister<Vec3>,
    #[synced(live)]
    rotation: LwwRegister<Quat>,
}

type Entities = OrMap<u32, Entity>;

/// A seeded generator (SplitMix64).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn a_hundred_of_a_thousand_entities_take_at_most_1200_bytes_a_tick() {
    let (mut alice, mut bob) = (Peer::<Entities>::new(1), Peer::<Entities>::new(2));
    alice.lane = LiveLane::new()
        .with_settle_after(1 << 40)
        .with_key_writes_every(1 << 40);
    alice.replica.edit(|map| {
        (0..1_000u32).for_each(|key| {
            map.insert(key);
        })
    });
    bob.take(&mut alice);
    let (mut seed, mut bytes, mut most) = (1, 0, 0);
    let unit = |seed: &mut u64| (random(seed) % 2_000_001) as f64 / 1e6 - 1.0;
    for tick in 0..200u64 {
        let now = tick * 50;
        // The first tick names all of them.
        let count = if tick == 0 { 1_000 } else { 100 };
        let mut last = (0, Vec3::ZERO, Quat::IDENTITY);
        let set = alice.lane.update(&mut alice.replica, now, |map| {
            for index in 0..count {
                let key = match tick {
                    0 => index,
                    _ => (random(&mut seed) % 1_000) as u32,
                };
                let at = [0; 3].map(|_| unit(&mut seed) * 50.0);
                let q = [0; 4].map(|_| unit(&mut seed));
                let q = Quat::new(q[0], q[1], q[2], q[3]).normalized();
                let mut entity = map.get(key).unwrap();
                entity.position.jump(at);
                entity.rotation.jump(q);
                last = (key, at.into(), q);
            }
        });
        set.unwrap();
        let frame = alice.poll(now).unwrap();
        bob.hear(&frame, now);
        if tick > 0 {
            bytes += frame.len();
            most = most.max(frame.len());
        }
        let shown = bob.lane.shown(&bob.replica, now + 100);
        let shown = shown.get(last.0).unwrap();
        assert!(shown.position.distance(last.1) < 0.000_9, "{tick}");
        let (p, q) = (shown.rotation, last.2);
        assert!((p.x * q.x + p.y * q.y + p.z * q.z + p.w * q.w).abs() > 0.999_99);
    }
    println!("{} bytes a tick, at most {most}", bytes / 199);
    assert!(most <= 1_200, "{most} bytes in one tick");
}

#[test]
fn damaged_frames_are_refused_or_do_bounded_harm() {
    let [mut alice] = cubes();
    let mut frames = Vec::new();
    for now in (0..500).step_by(50) {
        let set = alice.lane.update(&mut alice.replica, now, |cube| {
            cube.position.set([now as f64, 0.0, 1.0]);
            cube.rotation.set(Quat::new(0.0, 0.0, now as f64, 100.0));
            cube.label.set("moves");
        });
        set.unwrap();
        frames.extend(alice.poll(now));
    }
    let (mut seed, mut refused) = (7, 0);
    let [_, mut bob] = cubes();
    for round in 0..20_000usize {
        let mut frame = frames[round % frames.len()].clone();
        for _ in 0..1 + random(&mut seed) % 3 {
            let place = random(&mut seed) as usize % frame.len();
            frame[place] = random(&mut seed) as u8;
        }
        match bob.lane.apply(&mut bob.replica, &frame, round as u64) {
            Err(LiveError::Frame(_) | LiveError::ClockAhead | LiveError::TooMany(_)) => {
                refused += 1
            }
            Err(other) => panic!("{other}"),
            Ok(()) => {}
        }
        let shown = bob.lane.shown(&bob.replica, round as u64 + 50);
        let p = shown.position;
        assert!([p.x, p.y, p.z].iter().all(|part| part.is_finite()));
        let q = shown.rotation;
        let length = q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w;
        assert!((length - 1.0).abs() < 1e-9);
    }
    assert!(refused > 5_000, "{refused}");
    // And the next good frame works.
    let [mut carol] = cubes();
    let [_, _, mut dave] = cubes();
    carol.place(0, 3.0);
    dave.hear(&carol.poll(0).unwrap(), 30_000);
    assert_eq!(dave.x(30_200), 3.0);
}
