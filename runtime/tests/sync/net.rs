//! Two or more coordinators on a line that takes 10 ms, in virtual time. Loss and the like are the simulator's, in `tests/`.

use std::sync::atomic::{AtomicU64, Ordering};

use holo_runtime::sync::{Coordinator, Event, Options, PeerId, Strategy, SyncError};
use holo_runtime::{Clock, Replica, ReplicaId, Synced};

pub(crate) const START: u64 = 1_000_000;

/// True for what is lost.
type Lose = Box<dyn FnMut(usize, usize, &[u8]) -> bool>;

pub(crate) struct Net<T: Synced> {
    pub(crate) now: u64,
    pub(crate) clock: Clock,
    pub(crate) nodes: Vec<Coordinator<T>>,
    wire: Vec<(u64, usize, usize, Vec<u8>)>,
    /// What is lost: from, to, bytes.
    pub(crate) lose: Lose,
    pub(crate) sent: Vec<(u64, usize, usize, usize)>,
}

pub(crate) fn id(number: u64) -> ReplicaId {
    ReplicaId::new(number).unwrap_or_else(ReplicaId::random)
}

pub(crate) fn coordinator<T: Synced>(
    number: u64,
    clock: &Clock,
    options: Options,
) -> Coordinator<T> {
    let fresh = AtomicU64::new(number * 1_000);
    let replica = Replica::with_clock(id(number), clock.clone());
    let ids = move || id(fresh.fetch_add(1, Ordering::Relaxed));
    Coordinator::new(replica)
        .with_options(options)
        .with_ids(ids)
}

impl<T: Synced> Net<T> {
    /// Everybody is connected with everybody.
    pub(crate) fn of(strategies: &[Strategy]) -> Self {
        let mut net = Self::apart(strategies);
        for a in 0..net.nodes.len() {
            for b in 0..a {
                net.connect(a, b);
            }
        }
        net
    }

    pub(crate) fn apart(strategies: &[Strategy]) -> Self {
        let clock = Clock::manual(START);
        let numbered = strategies.iter().zip(1..);
        let nodes = numbered
            .map(|(strategy, number)| coordinator(number, &clock, Options::with(*strategy)));
        Self {
            now: START,
            nodes: nodes.collect(),
            clock,
            wire: Vec::new(),
            lose: Box::new(|_, _, _| false),
            sent: Vec::new(),
        }
    }

    pub(crate) fn connect(&mut self, a: usize, b: usize) {
        self.nodes[a].connect(PeerId(b as u64), self.now);
        self.nodes[b].connect(PeerId(a as u64), self.now);
    }

    /// Runs for so many milliseconds.
    pub(crate) fn run(&mut self, millis: u64) {
        for _ in 0..millis {
            self.step();
        }
    }

    pub(crate) fn step(&mut self) {
        self.now += 1;
        self.clock.advance(1);
        let now = self.now;
        let due: Vec<_> = self.wire.extract_if(.., |(at, ..)| *at <= now).collect();
        for (_, from, to, bytes) in due {
            match self.nodes[to].handle(PeerId(from as u64), &bytes, now) {
                Ok(()) | Err(SyncError::NotConnected(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        for from in 0..self.nodes.len() {
            while let Some(out) = self.nodes[from].poll(now) {
                let to = out.to.0 as usize;
                self.sent.push((now, from, to, out.bytes.len()));
                if !(self.lose)(from, to, &out.bytes) {
                    self.wire.push((now + 10, from, to, out.bytes));
                }
            }
        }
    }

    pub(crate) fn events(&mut self, at: usize) -> Vec<Event> {
        std::iter::from_fn(|| self.nodes[at].event()).collect()
    }

    pub(crate) fn hashes(&mut self) -> Vec<u128> {
        let nodes = self.nodes.iter_mut();
        nodes
            .map(|node| node.with_replica(|it| it.state_hash()))
            .collect()
    }

    pub(crate) fn agree(&mut self) {
        let hashes = self.hashes();
        assert!(
            hashes.windows(2).all(|pair| pair[0] == pair[1]),
            "{hashes:x?}"
        );
        for node in &self.nodes[1..] {
            assert_eq!(node.replica().version(), self.nodes[0].replica().version());
        }
    }
}
