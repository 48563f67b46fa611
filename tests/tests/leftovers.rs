//! That pose ticks leave nothing behind in memory: counted by the allocator, so this is the only test of its process.

use holo_runtime::live::LiveLane;
use holo_runtime::{Clock, LwwRegister, OrMap, Quat, Replica, ReplicaId, Synced, Vec3};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[derive(Debug, Synced)]
#[synced(rate = "20hz")]
struct Cube {
    #[synced(live)]
    position: LwwRegister<Vec3>,
    #[synced(live)]
    rotation: LwwRegister<Quat>,
}

type World = OrMap<u32, Cube>;

const CUBES: u32 = 20;
const TICKS: u64 = 10_000;
/// After so many ticks all is as it was so many ticks before.
const PERIOD: u64 = 100;

struct Pair {
    alice: (Replica<World>, LiveLane<World>),
    bob: (Replica<World>, LiveLane<World>),
    clock: Clock,
    now: u64,
    /// Bytes that each side has taken and not given back.
    left: [i64; 2],
}

impl Pair {
    fn new() -> Self {
        let clock = Clock::manual(1_700_000_000_000);
        let replica = |id| {
            let id = ReplicaId::new(id).unwrap_or_else(ReplicaId::random);
            Replica::<World>::with_clock(id, clock.clone())
        };
        let (mut alice, mut bob) = (replica(1), replica(2));
        alice.edit(|cubes| {
            (0..CUBES).for_each(|key| {
                cubes.insert(key);
            });
        });
        let applied = bob.apply(alice.changes_since(bob.version()));
        assert!(applied.is_ok());
        // No key writes: these are durable edits, and stay in the log like others.
        let lane = || LiveLane::new().with_key_writes_every(1 << 40);
        Self {
            alice: (alice, lane()),
            bob: (bob, lane()),
            clock,
            now: 0,
            left: [0; 2],
        }
    }

    fn snapshots(&mut self) -> [Vec<u8>; 2] {
        [&mut self.alice.0, &mut self.bob.0].map(|replica| replica.snapshot().encode())
    }

    /// Every cube moves, and one in ten jumps.
    fn tick(&mut self) {
        self.now += 50;
        self.clock.advance(50);
        let (now, phase) = (self.now, self.now / 50 % PERIOD);
        let usage = || MEMORY.current_usage() as i64;
        let (replica, lane) = &mut self.alice;
        let before = usage();
        let set = lane.update(replica, now, |cubes| {
            for key in 0..CUBES {
                let Some(mut cube) = cubes.get(key) else {
                    continue;
                };
                let at = [phase as f64 / 10.0, f64::from(key), 0.5];
                match (u64::from(key) + phase) % 10 {
                    0 => cube.position.jump(at),
                    _ => cube.position.set(at),
                }
                cube.rotation.set(Quat::new(at[0], 0.0, at[2], 1.0));
            }
        });
        assert!(set.is_ok());
        let Ok(Some(frame)) = lane.poll(replica, now) else {
            panic!("what moves is sent at each tick");
        };
        self.left[0] += usage() - before - frame.capacity() as i64;
        let (replica, lane) = &mut self.bob;
        let before = usage();
        assert!(lane.apply(replica, &frame, now + 20).is_ok());
        let shown = lane.shown(replica, now + 30);
        assert!(shown.get(0).is_some());
        self.left[1] += usage() - before;
    }
}

#[test]
fn ten_thousand_pose_ticks_leave_not_a_byte_on_either_side() {
    let mut pair = Pair::new();
    let before = pair.snapshots();
    (0..10 * PERIOD).for_each(|_| pair.tick());
    pair.left = [0; 2];
    (0..TICKS).for_each(|_| pair.tick());
    assert_eq!(pair.left, [0; 2], "bytes left by each side");
    assert_eq!(pair.snapshots(), before, "in what would be stored");
    assert!(pair.alice.1.is_moving());
}
