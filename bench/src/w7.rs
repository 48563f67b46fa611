//! W7: 1,000 things under numbers; 100 of them, chosen anew, move with each tick (position and rotation of 64-bit floats). The tick is
//! encoded and applied elsewhere.

use std::time::{Duration, Instant};

use crate::measure::{in_use, kib, median, micros};
use crate::random::Random;
use crate::report::Report;
use crate::subjects::{Pose, World, crdt_kit, crdts, floor, holo, loro, yrs};

pub(crate) const THINGS: u32 = 1_000;
const MOVED: usize = 100;
/// Ticks before growth is looked at, so that logs that are bounded are full.
const BEFORE: usize = 200;
const TICKS: usize = 200;

pub(crate) fn run(report: &mut Report) {
    subject::<holo::Things>(report, "holo");
    subject::<holo::Live>(report, "holo, live lane");
    subject::<crdts::Things>(report, "crdts");
    subject::<crdt_kit::Things>(report, "crdt-kit");
    subject::<yrs::Things>(report, "yrs");
    subject::<loro::Things>(report, "loro");
    subject::<floor::Things>(report, "floor: hash map");
    report.note("W7", "Medians of 200 ticks. *growth* is what these ticks have left behind: the encoded state after them by that before them, and memory on both sides. holo's ticks come over one connection (`Packer`), as in W2c and W4.");
    report.note("W7", "*holo, live lane* sends steps: of 1 mm, and of 0.0014 of a rotation's parts. Key writes, once a second, are edits as in the row above it and not counted here; before it all move for two seconds, so that what is kept of each is as much as it gets. Nobody beside it is shown: what quantises poses elsewhere (Colyseus, Croquet, netcode for game engines) is not written in Rust.");
}

/// The times of one tick, by phase.
#[derive(Default)]
struct Times {
    set: Vec<Duration>,
    encode: Vec<Duration>,
    apply: Vec<Duration>,
}

/// Two worlds, the moves that are made in both, and where all is by now.
struct Stage<W> {
    ours: W,
    theirs: W,
    random: Random,
    order: Vec<u32>,
    poses: Vec<Pose>,
    times: Times,
    bytes: usize,
}

fn subject<W: World>(report: &mut Report, subject: &str) {
    if report.skips(subject) {
        return;
    }
    let mut stage = Stage::<W>::new();
    (0..BEFORE).for_each(|_| stage.tick());
    let before = stage.ours.all().len();
    stage.times = Times::default();
    stage.times.set.reserve(TICKS);
    stage.times.encode.reserve(TICKS);
    stage.times.apply.reserve(TICKS);
    stage.bytes = 0;
    let memory = in_use();
    (0..TICKS).for_each(|_| stage.tick());
    let grown = in_use().saturating_sub(memory);
    stage.verify(subject);

    let bytes = stage.bytes as f64 / TICKS as f64;
    report.add("W7", subject, "tick", (bytes, "B"));
    let times = &mut stage.times;
    let [set, encode, apply] = [&mut times.set, &mut times.encode, &mut times.apply];
    for (metric, times) in [("set", set), ("encode", encode), ("apply", apply)] {
        report.add("W7", subject, metric, (micros(median(times)), "µs"));
    }
    let after = stage.ours.all().len();
    report.add("W7", subject, "growth", (after as f64 / before as f64, "×"));
    report.add("W7", subject, "memory growth", (kib(grown), "KiB"));
}

impl<W: World> Stage<W> {
    fn new() -> Self {
        let mut stage = Self {
            ours: W::new(1),
            theirs: W::new(2),
            random: Random::new(7),
            order: (0..THINGS).collect(),
            poses: vec![Pose::default(); THINGS as usize],
            times: Times::default(),
            bytes: 0,
        };
        for _ in 0..=W::FULL {
            let all: Vec<_> = (0..THINGS)
                .map(|key| (key, pose(&mut stage.random)))
                .collect();
            stage.moved(&all);
        }
        stage
    }

    fn tick(&mut self) {
        for at in 0..MOVED {
            let other = at + self.random.below(THINGS - at as u32) as usize;
            self.order.swap(at, other);
        }
        let moves: Vec<_> = self.order[..MOVED]
            .iter()
            .map(|key| (*key, pose(&mut self.random)))
            .collect();
        self.moved(&moves);
    }

    fn moved(&mut self, moves: &[(u32, Pose)]) {
        let start = Instant::now();
        self.ours.set(moves);
        let set = Instant::now();
        let bytes = self.ours.encode(&self.theirs);
        let encoded = Instant::now();
        self.theirs.apply(&bytes);
        self.times.apply.push(encoded.elapsed());
        self.times.encode.push(encoded - set);
        self.times.set.push(set - start);
        self.bytes += bytes.len();
        for (key, pose) in moves {
            self.poses[*key as usize] = *pose;
        }
    }

    fn verify(&self, subject: &str) {
        for (key, pose) in (0..).zip(&self.poses) {
            for world in [&self.ours, &self.theirs] {
                let held = world.get(key).expect("every thing was set");
                // A rotation and its opposite are the same.
                let near = |sign: f64| {
                    let mut parts = held.iter().zip(pose).enumerate();
                    parts.all(|(part, (a, b))| match part {
                        0..3 => (a - b).abs() < W::NEAR,
                        _ => (a - b * sign).abs() < W::NEAR,
                    })
                };
                let near = near(1.0) || near(-1.0);
                assert!(near, "{subject} has {key} elsewhere: {held:?}, {pose:?}");
            }
        }
    }
}

/// Anywhere within 100 m, turned anyhow.
fn pose(random: &mut Random) -> Pose {
    let mut pose: Pose = std::array::from_fn(|_| random.signed());
    let length = pose[3..].iter().map(|part| part * part).sum::<f64>().sqrt();
    pose[..3].iter_mut().for_each(|part| *part *= 100.0);
    pose[3..].iter_mut().for_each(|part| *part /= length);
    pose
}
