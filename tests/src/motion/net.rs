//! What travels: messages of coordinators, live frames, and what is carried by hand; all of it may be lost, late, or come twice.

use std::sync::atomic::Ordering;

use holo_runtime::sync::{Event, PeerId, Received, SyncError};
use holo_runtime::{Change, Delta, Snapshot, Version};

use super::Net;
use crate::coordinated::{START, must};

/// Something under way.
pub(super) struct Parcel {
    at: u64,
    from: usize,
    to: usize,
    load: Load,
}

#[derive(Clone)]
pub(super) enum Load {
    /// From one coordinator to another.
    Message(Vec<u8>),
    /// A live frame on a channel of its own.
    Frame(Vec<u8>),
    Change(Vec<u8>),
    Snapshot(Vec<u8>),
}

/// Time goes by in steps of so many milliseconds at most.
const STEP: u64 = 10;

impl Net {
    /// Time goes by, and everything that is due happens.
    pub(super) fn pass(&mut self, millis: u64) {
        let until = self.now + millis;
        while self.now < until {
            let next = self.wire.iter().map(|parcel| parcel.at).min();
            let wakeups = self
                .nodes
                .iter()
                .filter_map(|node| node.coordinator.next_wakeup());
            let next = wakeups.chain(next).min().unwrap_or(until);
            let most = until.min(self.now + STEP);
            self.tick(next.clamp(self.now + 1, most));
            self.deliver();
            for from in 0..self.nodes.len() {
                self.send_frame(from);
                while let Some(out) = self.nodes[from].coordinator.poll(self.now) {
                    self.post(from, out.to.0 as usize, Load::Message(out.bytes));
                }
            }
        }
        self.look();
    }

    /// All clocks go on.
    pub(super) fn tick(&mut self, now: u64) {
        self.now = now;
        for node in &self.nodes {
            node.clock.store(now + node.ahead.0, Ordering::Relaxed);
        }
    }

    pub(super) fn post(&mut self, from: usize, to: usize, load: Load) {
        let apart = self.apart.contains(&(from.min(to), from.max(to)));
        let mut delay = 5;
        if !self.healing {
            if apart || self.rng.chance(12) {
                self.tally.lost += 1;
                return;
            }
            delay = 1 + self.rng.bits() % 150;
            if self.rng.chance(10) {
                let (at, load) = (self.now + delay * 3, load.clone());
                self.wire.push(Parcel { at, from, to, load });
            }
        }
        let at = self.now + delay;
        self.wire.push(Parcel { at, from, to, load });
    }

    fn deliver(&mut self) {
        let now = self.now;
        let due: Vec<Parcel> = self
            .wire
            .extract_if(.., |parcel| parcel.at <= now)
            .collect();
        for Parcel { from, to, load, .. } in due {
            match load {
                Load::Message(bytes) => self.handle(from, to, &bytes),
                Load::Frame(frame) => self.hear(to, &frame),
                Load::Change(bytes) => self.take(to, must(Change::decode(&bytes)).into()),
                Load::Snapshot(bytes) => self.take(to, must(Snapshot::decode(&bytes)).into()),
            }
        }
    }

    fn handle(&mut self, from: usize, to: usize, bytes: &[u8]) {
        let (node, now) = (&mut self.nodes[to].coordinator, self.now);
        match node.handle(PeerId(from as u64), bytes, now) {
            Ok(()) => self.tally.messages += 1,
            Err(SyncError::NotConnected(_)) => {}
            Err(error) => panic!("{error}"),
        }
        while let Some(event) = self.nodes[to].coordinator.event() {
            if std::env::var("HOLO_TRACE").is_ok() && !matches!(event, Event::Sent(..)) {
                println!("{} {to} {event:?}", now - START);
            }
            match event {
                Event::Diverged(_) => panic!("one version, two states"),
                Event::Forked(..) if !self.is_star() => panic!("a fork without a cause"),
                _ => {}
            }
        }
        while let Some(received) = self.nodes[to].coordinator.received() {
            if let Received::Live { bytes, .. } = received {
                self.hear(to, &bytes);
            }
        }
    }

    /// Carries by hand what one holds and the other lacks. Before an authority only what it has taken may go that way.
    pub(super) fn carry(&mut self, from: usize, to: usize) {
        let pair = (from.min(to), from.max(to));
        if from == to || self.is_star() && from > 0 {
            return;
        }
        if !self.is_star() && !self.by_hand.contains(&pair) {
            return;
        }
        let version = match self.rng.chance(75) {
            true => self.nodes[to].coordinator.replica().version().clone(),
            false => Version::new(),
        };
        let whole = self.rng.chance(20);
        let delta = self.nodes[from].coordinator.with_replica(|replica| {
            replica.flush();
            match whole && !replica.unstored() {
                true => Delta::from(replica.snapshot()),
                false => replica.changes_since(&version),
            }
        });
        match delta {
            Delta::Changes(changes) => {
                for change in changes {
                    self.post(from, to, Load::Change(change.encode()));
                }
            }
            Delta::Snapshot(snapshot) => self.post(from, to, Load::Snapshot(snapshot.encode())),
        }
    }

    fn take(&mut self, to: usize, delta: Delta) {
        self.tally.carried += 1;
        let node = &mut self.nodes[to].coordinator;
        let report = must(node.with_replica(|replica| replica.apply(delta)));
        let odd = (report.forked, report.below_floor, report.unreadable);
        assert_eq!(odd, (0, 0, 0), "{report:?}");
    }
}
