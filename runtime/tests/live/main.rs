//! The live lane: what is sent, what is shown, and what becomes durable.

#![allow(clippy::unwrap_used)]

mod bytes;
mod leftovers;
mod rules;
mod sending;

use holo_runtime::live::LiveLane;
use holo_runtime::{Clock, InstanceId, LwwRegister, OrMap, Quat, Replica, ReplicaId, Synced, Vec3};

#[derive(Debug, Synced)]
#[synced(rate = "20hz")]
struct Cube {
    #[synced(live)]
    position: LwwRegister<Vec3>,
    #[synced(live)]
    rotation: LwwRegister<Quat>,
    /// Shown as it is, in steps of its own, and at half the rate.
    #[synced(live, quantum = 0.25, bounds = [-1.0, 1.0], interpolation = "none", rate = "10hz")]
    grip: LwwRegister<f64>,
    #[synced(live)]
    label: LwwRegister<String>,
    name: LwwRegister<String>,
}

#[derive(Debug, Synced)]
#[synced(rate = "20hz")]
struct World {
    cubes: OrMap<InstanceId, Cube>,
    table: Cube,
}

/// Where the clocks of replicas start.
const START: u64 = 1_700_000_000_000;

/// One peer: a replica with a clock that a test moves, and its lane.
struct Peer<T: holo_runtime::live::Moving> {
    replica: Replica<T>,
    clock: Clock,
    lane: LiveLane<T>,
}

impl<T: holo_runtime::live::Moving> Peer<T> {
    fn new(id: u64) -> Self {
        let clock = Clock::manual(START);
        Self {
            replica: Replica::with_clock(ReplicaId::new(id).unwrap(), clock.clone()),
            clock,
            lane: LiveLane::new(),
        }
    }

    /// Moves the clock of stamps to a time of the lane.
    fn at(&mut self, now: u64) -> &mut Self {
        let late = (START + now).saturating_sub(self.clock.now_millis());
        self.clock.advance(late);
        self
    }

    fn poll(&mut self, now: u64) -> Option<Vec<u8>> {
        let peer = self.at(now);
        peer.lane.poll(&mut peer.replica, now).unwrap()
    }

    fn hear(&mut self, frame: &[u8], now: u64) {
        let peer = self.at(now);
        peer.lane.apply(&mut peer.replica, frame, now).unwrap();
    }

    /// Takes in all durable changes of another.
    fn take(&mut self, from: &mut Self) {
        let delta = from.replica.changes_since(self.replica.version());
        self.replica.apply(delta).unwrap();
    }
}

impl Peer<Cube> {
    fn place(&mut self, now: u64, x: f64) {
        let peer = self.at(now);
        let update = peer.lane.update(&mut peer.replica, now, |cube| {
            cube.position.set([x, 0.0, 0.0])
        });
        update.unwrap();
    }

    fn x(&self, now: u64) -> f64 {
        self.lane.shown(&self.replica, now).position.x
    }
}

fn cubes<const N: usize>() -> [Peer<Cube>; N] {
    std::array::from_fn(|index| Peer::new(index as u64 + 1))
}
