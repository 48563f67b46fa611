//! A cube is grabbed and handed over between two headsets, at 20 Hz through loss and delay.
//!
//! The chart shows how far what Bob sees lies from where the cube is, over time. `cargo run -p holo-examples --example handover`

use std::collections::BinaryHeap;
use std::fmt::Write;

use holo_runtime::live::{LiveError, LiveLane};
use holo_runtime::{Clock, LwwRegister, Quat, Replica, ReplicaId, Synced, Vec3};

#[derive(Debug, Synced)]
#[synced(
    rate = "20hz",
    interpolation = "hermite",
    interpolation_delay = "100ms"
)]
struct Cube {
    #[synced(live)]
    position: LwwRegister<Vec3>,
    #[synced(live)]
    rotation: LwwRegister<Quat>,
}

/// One headset: its copy of the cube, its live lane, and a clock of its own.
struct Headset {
    cube: Replica<Cube>,
    lane: LiveLane<Cube>,
    clock: Clock,
}

impl Headset {
    fn new(id: ReplicaId) -> Self {
        let clock = Clock::manual(1_700_000_000_000);
        Self {
            cube: Replica::with_clock(id, clock.clone()),
            lane: LiveLane::new(),
            clock,
        }
    }

    fn hold(&mut self, now: u64, at: Vec3) -> Result<(), LiveError> {
        let turn = Quat::new(
            0.0,
            (now as f64 / 2_000.0).sin(),
            0.0,
            (now as f64 / 2_000.0).cos(),
        );
        self.lane.update(&mut self.cube, now, |cube| {
            cube.position.set(at);
            cube.rotation.set(turn);
        })
    }
}

/// Something under way, the first to arrive on top.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct UnderWay {
    arrives: std::cmp::Reverse<u64>,
    to: usize,
    frame: Vec<u8>,
}

/// A network that loses one frame in ten and delays the others by 40 to 90 ms.
struct Network {
    seed: u64,
    under_way: BinaryHeap<UnderWay>,
    lost: usize,
    bytes: usize,
}

impl Network {
    fn random(&mut self, below: u64) -> u64 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.seed >> 33) % below
    }

    fn send(&mut self, now: u64, to: usize, frame: Vec<u8>) {
        self.bytes += frame.len();
        if self.random(10) == 0 {
            self.lost += 1;
            return;
        }
        let arrives = std::cmp::Reverse(now + 40 + self.random(51));
        self.under_way.push(UnderWay { arrives, to, frame });
    }

    fn arrived(&mut self, now: u64) -> Option<(usize, Vec<u8>)> {
        if self.under_way.peek()?.arrives.0 > now {
            return None;
        }
        let next = self.under_way.pop()?;
        Some((next.to, next.frame))
    }
}

/// Where the cube is carried: Alice swings it for 3 seconds, Bob takes it from there and lets go after 6.
fn carried(now: u64) -> Vec3 {
    let s = now as f64 / 1_000.0;
    Vec3::new(0.5 * (2.0 * s).sin(), 1.2 + 0.1 * (5.0 * s).cos(), -0.1 * s)
}

const HANDOVER: u64 = 3_000;
const RELEASE: u64 = 6_000;
const END: u64 = 7_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", run(7)?.0);
    Ok(())
}

/// The chart, and how far the two are apart at the end, in metres.
fn run(seed: u64) -> Result<(String, f64), Box<dyn std::error::Error>> {
    let ids = [1, 2]
        .map(ReplicaId::new)
        .map(|id| id.unwrap_or_else(ReplicaId::random));
    let mut peers = ids.map(Headset::new);
    let mut network = Network {
        seed,
        under_way: BinaryHeap::new(),
        lost: 0,
        bytes: 0,
    };
    let mut out = String::from("   ms  holder  error of what the other sees (one # is 10 mm)\n");
    let (mut worst, mut frames) = (0.0f64, 0);
    for now in 0..END {
        let holder = usize::from(now >= HANDOVER);
        if now % 11 == 0 && now < RELEASE {
            // A headset draws 90 times a second, and moves what it holds each time.
            peers[holder].hold(now, carried(now))?;
        }
        if now == HANDOVER || now == RELEASE {
            let from = &mut peers[usize::from(now == RELEASE)];
            from.lane.settle(&mut from.cube, now)?;
        }
        for (from, peer) in peers.iter_mut().enumerate() {
            peer.clock.advance(1);
            if let Some(frame) = peer.lane.poll(&mut peer.cube, now)? {
                frames += 1;
                network.send(now, 1 - from, frame);
            }
        }
        while let Some((to, frame)) = network.arrived(now) {
            let peer = &mut peers[to];
            peer.lane.apply(&mut peer.cube, &frame, now)?;
        }
        if now % 100 == 0 {
            exchange(&mut peers)?;
            let error = error(&peers[1 - holder], now);
            if now > 500 && now < RELEASE && !(HANDOVER..HANDOVER + 300).contains(&now) {
                worst = worst.max(error);
            }
            draw(&mut out, now, error)?;
        }
    }
    let [alice, bob] = &mut peers;
    let apart = alice
        .cube
        .state()
        .position
        .get()
        .distance(*bob.cube.state().position.get());
    let (lost, bytes) = (network.lost, network.bytes / frames.max(1));
    writeln!(
        out,
        "{frames} frames of {bytes} bytes, {lost} lost; {:.0} mm at worst",
        worst * 1e3
    )?;
    let same = alice.cube.state_hash() == bob.cube.state_hash();
    writeln!(
        out,
        "{}",
        if same { "settled alike" } else { "NOT SETTLED" }
    )?;
    Ok((out, apart.max(worst / 10.0)))
}

/// How far what is seen lies from where the cube was at the moment that is shown: 100 ms and the fastest way here ago.
fn error(watcher: &Headset, now: u64) -> f64 {
    let seen = watcher.lane.shown(&watcher.cube, now).position;
    let then = now
        .min(RELEASE)
        .saturating_sub(if now < RELEASE { 140 } else { 0 });
    seen.distance(carried(then - then % 11))
}

/// One line of the chart.
fn draw(out: &mut String, now: u64, error: f64) -> std::fmt::Result {
    let marks = "#".repeat(((error * 100.0).round() as usize).min(60));
    let name = match now {
        RELEASE.. => "nobody",
        HANDOVER.. => "bob",
        _ => "alice",
    };
    writeln!(
        out,
        "{now:>5}  {name:<6}  {:>6.1} mm {marks}",
        error * 1_000.0
    )
}

/// The durable lane loses nothing: each gets what it lacks.
fn exchange(peers: &mut [Headset; 2]) -> Result<(), holo_runtime::Error> {
    let [alice, bob] = peers;
    bob.cube
        .apply(alice.cube.changes_since(bob.cube.version()))?;
    alice
        .cube
        .apply(bob.cube.changes_since(alice.cube.version()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_settles_alike_and_stays_near() {
        for seed in 0..20 {
            let (out, apart) = super::run(seed).unwrap();
            assert!(out.ends_with("settled alike\n"), "{seed}\n{out}");
            assert!(apart < 0.02, "{seed}: {apart}\n{out}");
        }
    }
}
