//! A simulator of the live lane: peers that move and edit one world over a network that loses, repeats, reorders and delays.
//!
//! One seed is one run. What a run demands: what nobody moves any more shows everywhere as the durable state has it, and that is
//! one state; nothing shown is ever not a number or farther out than anything that was set; live values leave no trace in the
//! durable state but edits of those who moved.

use holo_runtime::live::LiveLane;
use holo_runtime::{Clock, LwwRegister, OrMap, Quat, Replica, ReplicaId, Synced, Vec3};

use crate::rng::Rng;

/// What the peers share.
#[derive(Debug, Synced)]
#[synced(rate = "20hz", interpolation = "catmull_rom")]
pub struct World {
    cubes: OrMap<u32, Cube>,
    /// Moved by all, as a cursor that is fought over.
    #[synced(live, interpolation = "hermite")]
    pointer: LwwRegister<Vec3>,
}

#[derive(Debug, Synced)]
#[synced(rate = "30hz")]
struct Cube {
    #[synced(live)]
    position: LwwRegister<Vec3>,
    #[synced(live)]
    rotation: LwwRegister<Quat>,
    #[synced(live, rate = "10hz")]
    grip: LwwRegister<f64>,
}

struct Peer {
    replica: Replica<World>,
    lane: LiveLane<World>,
    clock: Clock,
    /// How far its clock for the lane is from the others'.
    ahead: u64,
}

/// What is under way: when it arrives, to whom, and what.
struct UnderWay {
    arrives: u64,
    to: usize,
    frame: Vec<u8>,
}

/// One run.
pub struct LiveSim {
    rng: Rng,
    now: u64,
    peers: Vec<Peer>,
    under_way: Vec<UnderWay>,
    /// What happened, for the tests to see that something did.
    pub frames: usize,
    /// Frames that were lost.
    pub lost: usize,
    /// Times that a peer was shown something else than its durable state.
    pub overlaid: usize,
}

const CUBES: u32 = 6;
/// Nothing is set farther out than this in any direction.
const REACH: f64 = 2.0;

impl LiveSim {
    /// A run of three peers from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let peer = |id: u64| {
            let clock = Clock::manual(1_700_000_000_000 + rng.below(5_000) as u64);
            let id = ReplicaId::new(id).unwrap_or_else(ReplicaId::random);
            Peer {
                replica: Replica::with_clock(id, clock.clone()),
                lane: LiveLane::new(),
                clock,
                ahead: rng.below(100_000) as u64,
            }
        };
        Self {
            peers: (1..=3).map(peer).collect(),
            rng,
            now: 0,
            under_way: Vec::new(),
            frames: 0,
            lost: 0,
            overlaid: 0,
        }
    }

    /// Runs for so many milliseconds, then lets all come to rest and demands that all agree.
    ///
    /// # Panics
    /// When a demand is not met; that is the point.
    pub fn run(&mut self, millis: u64) {
        self.peers[0].replica.edit(|world| {
            (0..CUBES / 2).for_each(|key| {
                world.cubes.insert(key);
            });
        });
        while self.now < millis {
            let peer = self.rng.below(3);
            match self.rng.below(100) {
                0..30 => self.move_something(peer),
                30..33 => self.edit(peer),
                33..36 => self.exchange(peer),
                36..37 => self.let_go(peer),
                _ => self.pass(1 + self.rng.clone().below(12) as u64),
            }
        }
        self.come_to_rest();
    }

    fn move_something(&mut self, peer: usize) {
        let at = [0; 3].map(|_| self.rng.below(4_001) as f64 / 1_000.0 - REACH);
        let key = self.rng.below(CUBES as usize) as u32;
        let (what, now) = (self.rng.below(4), self.now);
        let peer = &mut self.peers[peer];
        let set = peer
            .lane
            .update(&mut peer.replica, now + peer.ahead, |world| {
                let Some(mut cube) = world.cubes.get(key).filter(|_| what > 0) else {
                    return world.pointer.set(at);
                };
                match what {
                    1 => cube.position.set(at),
                    2 => cube.rotation.set(Quat::new(at[0], at[1], at[2], 1.0)),
                    _ => cube.grip.set(at[0]),
                }
            });
        set.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Durable edits beside: of live fields, and of what there is.
    fn edit(&mut self, peer: usize) {
        let key = self.rng.below(CUBES as usize) as u32;
        let what = self.rng.below(4);
        self.peers[peer].replica.edit(|world| match what {
            0 => world.cubes.remove(key),
            1 => world.cubes.insert(key),
            2 => world.cubes.get_mut(key).is_some_and(|mut cube| {
                cube.position.set([1.5, 0.0, 0.0]);
                true
            }),
            _ => {
                world.pointer.set([0.0, 1.5, 0.0]);
                true
            }
        });
    }

    /// One gets what the others have.
    fn exchange(&mut self, to: usize) {
        for from in (0..3).filter(|from| *from != to) {
            let version = self.peers[to].replica.version().clone();
            let delta = self.peers[from].replica.changes_since(&version);
            let applied = self.peers[to].replica.apply(delta);
            applied.unwrap_or_else(|error| panic!("{error}"));
        }
    }

    fn let_go(&mut self, peer: usize) {
        let now = self.now;
        let peer = &mut self.peers[peer];
        let settled = peer.lane.settle(&mut peer.replica, now + peer.ahead);
        settled.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Time passes: frames leave and arrive, and everybody looks.
    fn pass(&mut self, millis: u64) {
        for _ in 0..millis {
            self.now += 1;
            for from in 0..3 {
                let now = self.now;
                let peer = &mut self.peers[from];
                peer.clock.advance(1);
                let frame = peer.lane.poll(&mut peer.replica, now + peer.ahead);
                if let Some(frame) = frame.unwrap_or_else(|error| panic!("{error}")) {
                    self.send(from, &frame);
                }
            }
            self.deliver();
        }
        self.look();
    }

    fn send(&mut self, from: usize, frame: &[u8]) {
        self.frames += 1;
        for to in (0..3).filter(|to| *to != from) {
            if self.rng.chance(15) {
                self.lost += 1;
                continue;
            }
            for _ in 0..1 + usize::from(self.rng.chance(5)) {
                self.under_way.push(UnderWay {
                    arrives: self.now + 20 + self.rng.below(120) as u64,
                    to,
                    frame: frame.to_vec(),
                });
            }
        }
    }

    fn deliver(&mut self) {
        let now = self.now;
        let (due, left) = std::mem::take(&mut self.under_way)
            .into_iter()
            .partition(|it| it.arrives <= now);
        self.under_way = left;
        for it in due {
            let peer = &mut self.peers[it.to];
            let applied = peer
                .lane
                .apply(&mut peer.replica, &it.frame, now + peer.ahead);
            applied.unwrap_or_else(|error| panic!("{error}"));
        }
    }

    /// What is shown is within reach, and of length one where it is a rotation.
    fn look(&mut self) {
        for peer in &self.peers {
            let shown = peer.lane.shown(&peer.replica, self.now + peer.ahead);
            let state = peer.replica.state();
            let near = |at: Vec3| {
                // Curves and what is carried on may swing out, by no more than what was set lies apart.
                let most = 3.0 * REACH;
                assert!(
                    [at.x, at.y, at.z].iter().all(|part| part.abs() <= most),
                    "{at}"
                );
            };
            near(shown.pointer);
            self.overlaid += usize::from(shown.pointer != *state.pointer.get());
            for (_, cube) in shown.cubes.iter() {
                near(cube.position);
                let Quat { x, y, z, w } = cube.rotation;
                assert!((x * x + y * y + z * z + w * w - 1.0).abs() < 1e-9);
                assert!(cube.grip.abs() <= 3.0 * REACH, "{}", cube.grip);
            }
        }
    }

    /// Nobody moves anything any more: all settles, and all see the same.
    fn come_to_rest(&mut self) {
        for _ in 0..3 {
            self.pass(500);
            (0..3).for_each(|peer| self.exchange(peer));
        }
        self.pass(1_000);
        // What moved on a cube that was removed meanwhile goes with its sender's presence at the latest.
        self.now += 31_000;
        let hashes: Vec<u128> = self
            .peers
            .iter_mut()
            .map(|peer| peer.replica.state_hash())
            .collect();
        assert!(
            hashes.iter().all(|hash| *hash == hashes[0]),
            "states differ"
        );
        for peer in &self.peers {
            assert!(!peer.lane.is_moving(), "something never settled");
            let shown = peer.lane.shown(&peer.replica, self.now + peer.ahead);
            let state = peer.replica.state();
            assert_eq!(shown.pointer, *state.pointer.get());
            for (key, cube) in state.cubes.iter() {
                let seen = shown.cubes.get(*key);
                let seen = seen.unwrap_or_else(|| panic!("cube {key} is not shown"));
                assert_eq!(seen.position, *cube.position.get(), "cube {key}");
                assert_eq!(seen.rotation, *cube.rotation.get(), "cube {key}");
                assert_eq!(seen.grip.to_bits(), cube.grip.get().to_bits(), "cube {key}");
            }
        }
    }
}
