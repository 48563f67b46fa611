//! What is sent when: the tick, and the strategies.

use std::sync::Arc;

use super::{Coordinator, Outgoing, Strategy};
use crate::crdt::Synced;
use crate::mutants::{self, Mutant};
use crate::sync::merkle::{MerkleTree, Offer};
use crate::sync::peer::{Peer, Pinned};
use crate::sync::{Code, Event, Message, PeerId};
use crate::{Change, Delta, Version};

/// So many messages may wait for a peer.
const MAX_QUEUED: usize = 1_024;

impl<T: Synced> Coordinator<T> {
    /// Does what is due.
    pub(super) fn tick(&mut self, now: u64) {
        if self.peers.is_empty() {
            return;
        }
        if now >= self.beat_at {
            self.beat(now);
        }
        if self.next_work().is_some_and(|at| at <= now) && self.pace.take(now) {
            self.seal();
            self.dirty = false;
            let peers: Vec<PeerId> = self.peers.keys().copied().collect();
            peers.into_iter().for_each(|peer| self.serve(peer, now));
        }
    }

    /// When there is something to do, were it not for the pace; zero for at once.
    pub(super) fn next_work(&self) -> Option<u64> {
        let of_peer = |peer: &Peer| {
            if peer.ack_due || peer.live.is_some() {
                return Some(0);
            }
            (peer.waits() || peer.staging.is_some()).then_some(peer.retry_at)
        };
        let dirty = self.dirty.then_some(0);
        let repair = self.repair.as_ref().map(|repair| repair.retry_at);
        let peers = self.peers.values().filter_map(of_peer);
        peers.chain(dirty).chain(repair).min()
    }

    /// Tells everybody what is held here.
    fn beat(&mut self, now: u64) {
        self.beat_at = now.saturating_add(self.options.heartbeat_ms.max(1));
        self.seal();
        self.replica.compact();
        let status = self.replica.full_status();
        let peers: Vec<PeerId> = self.peers.keys().copied().collect();
        for to in peers {
            let answer = self
                .peers
                .get(&to)
                .is_some_and(|peer| peer.replica.is_none());
            let status = Box::new(status.clone());
            self.post(to, &Message::Status { answer, status });
        }
    }

    /// Tells one peer what is held here.
    pub(super) fn greet(&mut self, to: PeerId, answer: bool) {
        self.seal();
        let status = Box::new(self.replica.full_status());
        self.post(to, &Message::Status { answer, status });
    }

    fn serve(&mut self, to: PeerId, now: u64) {
        let Some(mut peer) = self.peers.remove(&to) else {
            return;
        };
        if peer.ack_due {
            peer.ack_due = false;
            let (version, durable) = self.replica.tellable();
            self.enqueue(&mut peer, to, &Message::Ack { durable, version });
        }
        if let Some(frame) = peer.live.take() {
            self.enqueue(&mut peer, to, &Message::Live(frame));
        }
        if peer.replica.is_some() {
            self.again(&mut peer, to, now);
            match self.options.strategy {
                Strategy::Full => self.send_full(&mut peer, to, now),
                Strategy::Delta => self.send_delta(&mut peer, to, now),
                Strategy::Merkle => self.send_offer(&mut peer, to, now),
                Strategy::Optimistic => self.submit(&mut peer, to, now),
            }
        }
        self.peers.insert(to, peer);
        if self
            .repair
            .as_ref()
            .is_some_and(|it| it.peer == to && it.retry_at <= now)
        {
            self.ask_for_rescue(now);
        }
    }

    /// Gives up what nobody acknowledged in time, so that it is sent again.
    fn again(&mut self, peer: &mut Peer, to: PeerId, now: u64) {
        if now < peer.retry_at {
            return;
        }
        if let Some(question) = peer.staging.as_ref().and_then(|staging| staging.question()) {
            self.stats.retries = self.stats.retries.saturating_add(1);
            self.enqueue(peer, to, &Message::Question(question));
            self.wait(peer, now);
        }
        if peer.waits() {
            self.stats.retries = self.stats.retries.saturating_add(1);
            peer.retries = peer.retries.saturating_add(1);
            if !mutants::on(Mutant::ResendDropped) {
                peer.sent = peer.known.clone();
            }
            peer.offered = None;
        }
    }

    /// Notes when to give up waiting for an acknowledgement.
    pub(super) fn wait(&self, peer: &mut Peer, now: u64) {
        let delay = self
            .options
            .retry_ms
            .saturating_mul(1 << peer.retries.min(4));
        peer.retry_at = now.saturating_add(delay.max(1));
    }

    /// True when all that is held here may be sent: nothing waits to be stored first. Seals the open change, which may.
    pub(super) fn may_show_all(&mut self) -> bool {
        self.seal();
        self.replica.flush();
        !self.replica.unstored()
    }

    fn send_full(&mut self, peer: &mut Peer, to: PeerId, now: u64) {
        if peer.sent.covers_all(self.replica.version()) && !self.replica.has_open() {
            return;
        }
        if self.may_show_all() {
            let snapshot = self.replica.snapshot();
            if !peer.sent.covers_all(snapshot.version()) {
                peer.sent.join(snapshot.version());
                self.wait(peer, now);
                self.enqueue(peer, to, &Message::Snapshot(snapshot));
            }
        }
    }

    fn send_delta(&mut self, peer: &mut Peer, to: PeerId, now: u64) {
        if peer.sent.covers_all(self.replica.version()) && !self.replica.has_open() {
            return;
        }
        match self.replica.changes_since(&peer.sent) {
            Delta::Changes(mut changes) => {
                if mutants::on(Mutant::SentFromWrongVersion) {
                    changes.drain(..changes.len().min(1));
                }
                for batch in batches(changes, self.options.message_bytes / 2, Change::weight) {
                    for change in &batch {
                        peer.sent.advance(change.replica(), change.last());
                    }
                    self.wait(peer, now);
                    self.enqueue(peer, to, &Message::Changes(batch));
                }
            }
            Delta::Snapshot(snapshot) => {
                peer.sent.join(snapshot.version());
                self.wait(peer, now);
                self.enqueue(peer, to, &Message::Snapshot(snapshot));
            }
        }
    }

    fn send_offer(&mut self, peer: &mut Peer, to: PeerId, now: u64) {
        let open = self.replica.has_open();
        let asks = peer.offered.is_some() && peer.waits();
        if asks || !open && peer.sent.covers_all(self.replica.version()) {
            return;
        }
        if self.may_show_all() {
            let pinned = self.pin();
            peer.sent.join(pinned.offer.head.version());
            peer.offered = Some(pinned.clone());
            self.wait(peer, now);
            self.enqueue(peer, to, &Message::Offer(Box::new(pinned.offer.clone())));
        }
    }

    /// The tree of the state as it is now.
    pub(super) fn pin(&mut self) -> Arc<Pinned> {
        self.seal();
        self.replica.flush();
        if let Some(pinned) = &self.tree {
            let head = &pinned.offer.head;
            if head.version() == self.replica.version() && head.floor() == self.replica.floor() {
                return pinned.clone();
            }
        }
        let (head, leaves) = self.replica.leaves();
        let tree = MerkleTree::new(leaves);
        let root = tree.root();
        let offer = Offer { root, head };
        let pinned = Arc::new(Pinned { tree, offer });
        self.tree = Some(pinned.clone());
        pinned
    }

    fn submit(&mut self, peer: &mut Peer, to: PeerId, now: u64) {
        let mut changes = Vec::new();
        for change in self.replica.unsent() {
            if peer.sent.get(change.replica()) < change.last() {
                changes.push(change.clone());
            }
        }
        // Who cannot prove what was known is taken for somebody who knew nothing.
        let seen = |change: &Change| {
            let key = (change.replica(), change.last());
            self.seen.get(&key).cloned().unwrap_or_default()
        };
        let changes = changes.into_iter().map(|change| {
            let seen = seen(&change);
            (change, seen)
        });
        let weight = |(change, seen): &(Change, Version)| change.weight() + seen.iter().len() * 17;
        let changes: Vec<_> = changes.collect();
        for batch in batches(changes, self.options.message_bytes / 2, weight) {
            for (change, _) in &batch {
                peer.sent.advance(change.replica(), change.last());
            }
            self.wait(peer, now);
            self.enqueue(peer, to, &Message::Submit(batch));
        }
    }

    /// Puts a message into the queue of a peer; false where there is no room.
    pub(super) fn post(&mut self, to: PeerId, message: &Message) -> bool {
        let Some(mut peer) = self.peers.remove(&to) else {
            return false;
        };
        let posted = self.enqueue(&mut peer, to, message);
        self.peers.insert(to, peer);
        posted
    }

    pub(super) fn enqueue(&mut self, peer: &mut Peer, to: PeerId, message: &Message) -> bool {
        let bytes = message.encode();
        let (count, waiting) = peer.queued;
        let full = waiting > 0 && waiting + bytes.len() > self.options.queue_bytes;
        if full || count >= MAX_QUEUED {
            self.stats.choked = self.stats.choked.saturating_add(1);
            return false;
        }
        self.stats.sent[message.code() as usize].count(bytes.len());
        self.events.push(Event::Sent(to, message.code()));
        for bytes in self.split(bytes) {
            peer.queued.0 += 1;
            peer.queued.1 += bytes.len();
            self.queue.push_back(Outgoing { to, bytes });
        }
        true
    }

    /// A message that is too long goes in parts.
    fn split(&mut self, bytes: Vec<u8>) -> Vec<Vec<u8>> {
        let most = self.options.message_bytes.max(1_024);
        if bytes.len() <= most {
            return vec![bytes];
        }
        let whole = xxhash_rust::xxh3::xxh3_64(&bytes);
        let parts = bytes.chunks(most - 64);
        let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let part = |(index, bytes): (usize, &[u8])| Message::Part {
            whole,
            index: index as u32,
            count,
            bytes: bytes.to_vec(),
        };
        let parts: Vec<Vec<u8>> = parts.enumerate().map(|it| part(it).encode()).collect();
        for part in &parts {
            self.stats.sent[Code::Part as usize].count(part.len());
        }
        parts
    }
}

/// Cuts a list into pieces of about so many bytes, at least one thing each.
fn batches<I>(all: Vec<I>, most: usize, weight: impl Fn(&I) -> usize) -> Vec<Vec<I>> {
    let mut batches: Vec<Vec<I>> = Vec::new();
    let mut bytes = 0;
    for one in all {
        let more = weight(&one);
        match batches.last_mut() {
            Some(last) if bytes + more <= most => last.push(one),
            _ => {
                bytes = 0;
                batches.push(vec![one]);
            }
        }
        bytes += more;
    }
    batches
}
