//! This project's live lane: the same moves, as ticks of fields that are quantised and leave nothing behind.

use holo_runtime::live::LiveLane;
use holo_runtime::{LwwRegister, OrMap, Quat, Replica, Synced, Vec3};

use super::replica;
use crate::subjects::{Pose, World};
use crate::w7::THINGS;

/// Something that moves. It is shown as it came in last, so that what is compared is what travelled, and not a curve.
#[derive(Synced)]
#[synced(rate = "20hz", interpolation = "none")]
struct Thing {
    #[synced(live)]
    position: LwwRegister<Vec3>,
    #[synced(live)]
    rotation: LwwRegister<Quat>,
}

/// Many things that move. They never settle and are never made durable meanwhile: that is an edit like those of the other rows.
pub(crate) struct Things {
    replica: Replica<OrMap<u32, Thing>>,
    lane: LiveLane<OrMap<u32, Thing>>,
    now: u64,
}

impl World for Things {
    /// Half a step of a rotation's parts is 0.0007, and the part that is not sent may be off by more.
    const NEAR: f64 = 3e-3;
    /// Samples of a second and more.
    const FULL: usize = 40;

    fn new(id: u8) -> Self {
        let mut replica = replica::<OrMap<u32, Thing>>(id.into());
        replica.edit(|things| {
            (0..THINGS).for_each(|key| {
                things.insert(key);
            });
        });
        let lane = LiveLane::new()
            .with_settle_after(1 << 40)
            .with_key_writes_every(1 << 40);
        let now = 0;
        Self { replica, lane, now }
    }

    fn set(&mut self, moves: &[(u32, Pose)]) {
        self.now += 50;
        let update = self.lane.update(&mut self.replica, self.now, |things| {
            for (key, [x, y, z, i, j, k, w]) in moves {
                let Some(mut thing) = things.get(*key) else {
                    continue;
                };
                thing.position.set(Vec3::new(*x, *y, *z));
                thing.rotation.set(Quat::new(*i, *j, *k, *w));
            }
        });
        update.expect("there is room for all");
    }

    fn encode(&mut self, _: &Self) -> Vec<u8> {
        let frame = self.lane.poll(&mut self.replica, self.now);
        let frame = frame.expect("nothing is made durable");
        frame.expect("what has moved is due")
    }

    fn apply(&mut self, bytes: &[u8]) {
        self.now += 50;
        let applied = self.lane.apply(&mut self.replica, bytes, self.now);
        applied.expect("a frame of ours");
    }

    fn get(&self, key: u32) -> Option<Pose> {
        let shown = self.lane.shown(&self.replica, self.now);
        let thing = shown.get(key)?;
        let (at, turn) = (thing.position, thing.rotation);
        Some([at.x, at.y, at.z, turn.x, turn.y, turn.z, turn.w])
    }

    fn all(&mut self) -> Vec<u8> {
        self.replica.snapshot().encode()
    }
}
