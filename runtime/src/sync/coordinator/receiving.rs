//! What is done about what comes.

use super::Coordinator;
use crate::crdt::Synced;
use crate::sync::merkle::staging::Staging;
use crate::sync::merkle::{Answer, Offer, Question};
use crate::sync::peer::{Parts, PeerId};
use crate::sync::{Event, Message, Received, SyncError};
use crate::{Applied, Delta, Error, Stamp, Status, Version};

/// The most bytes of one message in parts.
const MAX_WHOLE: usize = 64 << 20;

impl<T: Synced> Coordinator<T> {
    /// Takes in what a peer sent. What has to be answered at once is there for [`Coordinator::poll`].
    ///
    /// # Errors
    /// When it cannot be read, when nobody is connected under that number, or when it is a state that does not fit. Nothing has
    /// changed then, and the peer stays connected; whether to go on with it is the caller's to say.
    pub fn handle(&mut self, from: PeerId, bytes: &[u8], now: u64) -> Result<(), SyncError> {
        let result = self.take(from, bytes, now);
        if result.is_err() {
            self.stats.refused = self.stats.refused.saturating_add(1);
        }
        result
    }

    fn take(&mut self, from: PeerId, bytes: &[u8], now: u64) -> Result<(), SyncError> {
        if !self.peers.contains_key(&from) {
            return Err(SyncError::NotConnected(from));
        }
        let max = self.options.message_bytes.max(1_024);
        if bytes.len() > max {
            return Err(SyncError::TooLong {
                len: bytes.len(),
                max,
            });
        }
        let message = Message::decode(bytes)?;
        self.stats.received[message.code() as usize].count(bytes.len());
        if let Message::Part { .. } = message {
            return self.take_part(from, message, now);
        }
        self.receive(from, message, now)
    }

    fn receive(&mut self, from: PeerId, message: Message, now: u64) -> Result<(), SyncError> {
        match message {
            Message::Status { answer, status } => {
                self.hear(from, &status, now);
                if answer {
                    self.greet(from, false);
                }
            }
            Message::Changes(changes) => self.apply(from, changes.into(), now)?,
            Message::Snapshot(snapshot) => self.apply(from, snapshot.into(), now)?,
            Message::Ack { durable, version } => self.hear_ack(from, &version, durable),
            Message::Want { request, leaving } => self.rescue(from, request, &leaving),
            Message::Rescue {
                request,
                status,
                snapshot,
            } => self.begin_anew(from, (request, &status, snapshot))?,
            Message::Submit(changes) => self.admit(from, changes),
            Message::Reject(rejection) => self.rejected(from, rejection, now),
            Message::Offer(offer) => self.consider(from, *offer, now)?,
            Message::Question(question) => self.answer(from, &question, now),
            Message::Answer(answer) => self.go_on(from, answer, now)?,
            Message::Live(bytes) => self.inbox.push(Received::Live { from, bytes }),
            Message::Application { code, bytes } => {
                self.inbox.push(Received::Application { from, code, bytes });
            }
            Message::Unknown(code) => self.events.push(Event::Unknown(from, code)),
            // A part in a part makes no sense.
            Message::Part { .. } => return Err(crate::DecodeError::Range("part").into()),
        }
        Ok(())
    }

    fn hear(&mut self, from: PeerId, status: &Status, now: u64) {
        self.seal();
        let standing = self.replica.observe(status);
        let Some(peer) = self.peers.get_mut(&from) else {
            return;
        };
        if peer.replica.replace(status.replica()).is_none() {
            peer.sent = status.version().clone();
            self.events.push(Event::Met(from, status.replica()));
        }
        peer.known = status.version().clone();
        if !peer.waits() {
            peer.retries = 0;
        }
        self.dirty = true;
        if self.before_authority(from) {
            self.acknowledged(status.version(), status.is_durable());
        }
        self.settle(from, status, &standing, now);
    }

    fn hear_ack(&mut self, from: PeerId, version: &Version, durable: bool) {
        let ours = self.replica.version();
        if let Some(peer) = self.peers.get_mut(&from) {
            if !peer.known.covers_all(version) {
                peer.retries = 0;
            }
            peer.known.join(version);
            peer.sent.join(version);
            if peer
                .offered
                .as_ref()
                .is_some_and(|it| version.covers_all(it.offer.head.version()))
            {
                peer.offered = None;
            }
            self.dirty |= self.replica.has_open() || !peer.sent.covers_all(ours);
        }
        if self.before_authority(from) {
            self.acknowledged(version, durable);
        }
    }

    /// Applies what a peer holds, which therefore need not be sent to it.
    fn apply(&mut self, from: PeerId, delta: Delta, now: u64) -> Result<(), SyncError> {
        self.seal();
        let mut held = Version::new();
        match &delta {
            Delta::Changes(changes) => {
                let all = changes.iter();
                all.for_each(|change| held.advance(change.replica(), change.last()));
            }
            Delta::Snapshot(snapshot) => held.join(snapshot.version()),
        }
        let result = self.replica.apply(delta);
        if let Some(peer) = self.peers.get_mut(&from) {
            peer.ack_due = true;
        }
        match result {
            Ok(report) => {
                if let Some(peer) = self.peers.get_mut(&from) {
                    let ours = self.replica.version();
                    for (replica, last) in held.iter() {
                        if ours.covers(Stamp::new(last, replica)) {
                            peer.known.advance(replica, last);
                            peer.sent.advance(replica, last);
                        }
                    }
                }
                self.report(from, &report);
                Ok(())
            }
            // What has been collected there is not known here, so there is nothing to merge it with.
            Err(Error::BelowFloor) => {
                if self.court.judge.is_none() {
                    self.begin(from, now);
                }
                Ok(())
            }
            // Comparing shows what to do about it.
            Err(Error::SnapshotBelowFloor | Error::Forked(_) | Error::IdUsed(_)) => {
                self.greet(from, true);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn report(&mut self, from: PeerId, report: &Applied) {
        if report.applied > 0 {
            self.dirty = true;
            self.events.push(Event::Applied(from, report.applied));
        }
        if report.pending > 0 {
            self.events.push(Event::Pending(report.pending));
        }
        if report.held > 0 {
            self.events.push(Event::Held(report.held));
        }
        if report.forked + report.below_floor > 0 {
            self.greet(from, true);
        }
    }

    /// Looks at an offered state: what is not held of it is asked for.
    fn consider(&mut self, from: PeerId, offer: Offer, now: u64) -> Result<(), SyncError> {
        self.seal();
        self.replica.flush();
        if self.replica.version().covers_all(offer.head.version()) {
            if let Some(peer) = self.peers.get_mut(&from) {
                peer.ack_due = true;
                peer.known.join(offer.head.version());
            }
            return Ok(());
        }
        let same = |staging: &Staging| {
            staging.offer.root == offer.root && staging.offer.head.version() == offer.head.version()
        };
        let current = self.peers.get(&from).and_then(|peer| peer.staging.as_ref());
        if !current.is_some_and(same) {
            let pinned = self.pin();
            let staging = Staging::new(offer, pinned);
            if let Some(peer) = self.peers.get_mut(&from) {
                peer.staging = Some(staging);
            }
        }
        self.ask_on(from, now)
    }

    /// Takes in parts of a tree.
    fn go_on(&mut self, from: PeerId, answer: Answer, now: u64) -> Result<(), SyncError> {
        let Some(peer) = self.peers.get_mut(&from) else {
            return Ok(());
        };
        let Some(staging) = &mut peer.staging else {
            return Ok(());
        };
        if staging.offer.root != answer.root {
            return Ok(());
        }
        if answer.nodes.is_empty() {
            peer.staging = None;
            return Ok(());
        }
        if let Err(error) = staging.take(answer) {
            peer.staging = None;
            return Err(error.into());
        }
        self.ask_on(from, now)
    }

    /// Asks for the next parts of a tree, or takes the state that they make.
    fn ask_on(&mut self, from: PeerId, now: u64) -> Result<(), SyncError> {
        let Some(mut peer) = self.peers.remove(&from) else {
            return Ok(());
        };
        let question = peer.staging.as_ref().and_then(Staging::question);
        if let Some(question) = question {
            self.wait(&mut peer, now);
            self.enqueue(&mut peer, from, &Message::Question(question));
            self.peers.insert(from, peer);
            return Ok(());
        }
        let staging = peer.staging.take();
        self.peers.insert(from, peer);
        match staging {
            None => Ok(()),
            Some(staging) => {
                let snapshot = self
                    .replica
                    .snapshot_of(&staging.offer.head, &staging.finish()?)?;
                self.apply(from, snapshot.into(), now)
            }
        }
    }

    /// Answers a question about a tree that was offered.
    fn answer(&mut self, from: PeerId, question: &Question, now: u64) {
        let Some(mut peer) = self.peers.remove(&from) else {
            return;
        };
        let offered = peer.offered.clone();
        let offered = offered.filter(|pinned| pinned.offer.root == question.root);
        let mut nodes = Vec::new();
        if let Some(pinned) = &offered {
            let (mut bytes, most) = (0, self.options.message_bytes / 2);
            for place in &question.places {
                let Some(node) = pinned.tree.node(place) else {
                    continue;
                };
                bytes += node.weight();
                if bytes > most && !nodes.is_empty() {
                    break;
                }
                nodes.push((*place, node));
            }
            self.wait(&mut peer, now);
        }
        let root = question.root;
        self.enqueue(&mut peer, from, &Message::Answer(Answer { root, nodes }));
        self.peers.insert(from, peer);
    }

    /// Puts a long message together.
    fn take_part(&mut self, from: PeerId, part: Message, now: u64) -> Result<(), SyncError> {
        let (
            Some(peer),
            Message::Part {
                whole,
                index,
                count,
                bytes,
            },
        ) = (self.peers.get_mut(&from), part)
        else {
            return Ok(());
        };
        let same = |held: &Parts| held.whole == whole && held.count == count;
        if !peer.parts.as_ref().is_some_and(same) {
            peer.parts = Some(Parts::new(whole, count));
        }
        let Some(held) = &mut peer.parts else {
            return Ok(());
        };
        let Some(bytes) = held.take(index, bytes) else {
            if held.bytes > MAX_WHOLE {
                let len = held.bytes;
                peer.parts = None;
                return Err(SyncError::TooLong {
                    len,
                    max: MAX_WHOLE,
                });
            }
            return Ok(());
        };
        peer.parts = None;
        let message = Message::decode(&bytes)?;
        self.stats.received[message.code() as usize].count(0);
        self.receive(from, message, now)
    }
}
