//! What moves: live fields that are set, sent, heard and looked at, and what must hold of them at any moment.

use holo_runtime::live::{Grant, LiveLane};
use holo_runtime::sync::PeerId;
use holo_runtime::{Hlc, Quat, Vec3};

use super::net::Load;
use super::{CUBES, Net};
use crate::coordinated::must;

/// Numbers from here on are not counted up to, but set.
pub(super) const DUEL: f64 = 1_000_000.0;
/// Nothing is set farther out than this in any direction.
const REACH: f64 = 2.0;

impl Net {
    pub(super) fn move_something(&mut self, at: usize) {
        let place = [0; 3].map(|_| self.rng.below(4_001) as f64 / 1_000.0 - REACH);
        let key = self.rng.below(CUBES as usize) as u32;
        let (what, counts) = (self.rng.below(5), at == self.counter());
        let now = self.now;
        let node = &mut self.nodes[at];
        let (lane, ahead) = (&mut node.lane, node.ahead.1);
        let set = node.coordinator.with_replica(|replica| {
            lane.update(replica, now + ahead, |world| {
                if counts && what < 3 {
                    let more = world.ticker.get() + 1.0;
                    world.ticker.set(more);
                }
                let Some(mut cube) = world.cubes.get(key).filter(|_| what > 0) else {
                    return world.pointer.set(place);
                };
                match what {
                    1 => cube.position.set(place),
                    2 => cube.position.jump(place),
                    3 => cube
                        .rotation
                        .set(Quat::new(place[0], place[1], place[2], 1.0)),
                    _ => cube.grip.set(place[0]),
                }
            })
        });
        must(set);
    }

    /// Who counts the ticker up: one who is never restarted, or, before an authority, none.
    pub(super) fn counter(&self) -> usize {
        match self.is_star() {
            true => usize::MAX,
            false => 0,
        }
    }

    /// Durable edits of what moves: they show at once to whoever makes them, as nothing that they have heard of is later.
    pub(super) fn edit_what_moves(&mut self, at: usize) {
        let key = self.rng.below(CUBES as usize) as u32;
        let what = self.rng.below(4);
        let place = [1.5, self.rng.below(1_000) as f64 / 1_000.0, 0.0];
        let (now, owned) = (self.now, !self.grants.is_empty());
        let node = &mut self.nodes[at];
        node.coordinator.edit(|world| match what {
            0 => {
                world.cubes.remove(key);
            }
            1 => {
                world.cubes.insert(key);
            }
            2 => {
                if let Some(mut cube) = world.cubes.get_mut(key) {
                    cube.position.set(place);
                }
            }
            _ => world.pointer.set(place),
        });
        let shown = node
            .lane
            .shown(node.coordinator.replica(), now + node.ahead.1);
        if what == 3 && !owned {
            assert_eq!(shown.pointer, Vec3::from(place), "an edit shows at once");
        }
    }

    pub(super) fn let_go(&mut self, at: usize) {
        let now = self.now;
        let node = &mut self.nodes[at];
        let (lane, ahead) = (&mut node.lane, node.ahead.1);
        let settled = node
            .coordinator
            .with_replica(|replica| lane.settle(replica, now + ahead));
        must(settled);
    }

    /// A server makes somebody the owner of all that moves, and all know of it.
    pub(super) fn grant(&mut self, at: usize) {
        // Who begins anew under another id would have to be granted it once more.
        if self.is_star() || self.rng.chance(70) {
            return;
        }
        let epoch = self.grants.len() as u32 + 1;
        let owner = self.nodes[at].coordinator.replica().id();
        self.own(Grant {
            owner,
            epoch,
            since: Hlc::ZERO,
        });
    }

    pub(super) fn own(&mut self, grant: Grant) {
        self.grants.push(grant);
        for node in &mut self.nodes {
            node.lane.grant(grant);
        }
    }

    /// What a node moved and heard is gone; the server tells it again who owns what.
    pub(super) fn begin_lane_anew(&mut self, at: usize) {
        self.nodes[at].lane = LiveLane::new();
        for grant in self.grants.clone() {
            self.nodes[at].lane.grant(grant);
        }
    }

    /// A frame goes with the coordinator to whoever is connected, and on a channel of its own to the others.
    pub(super) fn send_frame(&mut self, from: usize) {
        let Some(frame) = self.frame(from) else {
            return;
        };
        self.tally.frames += 1;
        self.nodes[from].coordinator.send_live(&frame);
        let peers: Vec<PeerId> = self.nodes[from].coordinator.peers().collect();
        for to in (0..self.nodes.len()).filter(|to| *to != from) {
            if !peers.contains(&PeerId(to as u64)) {
                self.post(from, to, Load::Frame(frame.clone()));
            }
        }
    }

    /// The frame that is due, if one is.
    pub(super) fn frame(&mut self, from: usize) -> Option<Vec<u8>> {
        let now = self.now;
        let node = &mut self.nodes[from];
        let (lane, ahead) = (&mut node.lane, node.ahead.1);
        let frame = node
            .coordinator
            .with_replica(|replica| lane.poll(replica, now + ahead));
        must(frame)
    }

    pub(super) fn hear(&mut self, to: usize, frame: &[u8]) {
        let now = self.now;
        let node = &mut self.nodes[to];
        let (lane, ahead) = (&mut node.lane, node.ahead.1);
        let heard = node
            .coordinator
            .with_replica(|replica| lane.apply(replica, frame, now + ahead));
        must(heard);
    }

    /// What is shown is within reach, and of length one where it is a rotation; and what one alone counts up never goes down.
    pub(super) fn look(&mut self) {
        let counts = !self.history && self.grants.is_empty() && !self.is_star();
        for node in &mut self.nodes {
            let replica = node.coordinator.replica();
            let shown = node.lane.shown(replica, self.now + node.ahead.1);
            // Curves and what is carried on may swing out, by no more than what was set lies apart.
            let most = 3.0 * REACH;
            let near = |at: Vec3| [at.x, at.y, at.z].iter().all(|part| part.abs() <= most);
            assert!(near(shown.pointer), "{}", shown.pointer);
            self.tally.overlaid += u64::from(shown.pointer != *replica.state().pointer.get());
            for (_, cube) in shown.cubes.iter() {
                let Quat { x, y, z, w } = cube.rotation;
                assert!((x * x + y * y + z * z + w * w - 1.0).abs() < 1e-9);
                assert!(near(cube.position) && cube.grip.abs() <= most, "{cube:?}");
            }
            if counts && shown.ticker < DUEL {
                assert!(shown.ticker >= node.ticked, "{} goes back", node.ticked);
                node.ticked = shown.ticker;
            }
        }
    }
}
