//! What a coordinator tells of itself: events for who listens, and counts. Nothing in here decides anything.

use std::collections::VecDeque;

use super::{Code, PeerId};
use crate::{Hlc, ReplicaId};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A peer was connected.
    Connected(PeerId),
    /// A peer was disconnected.
    Disconnected(PeerId),
    /// A peer said for the first time on this connection who it is and what it holds.
    Met(PeerId, ReplicaId),
    /// A message was made for a peer.
    Sent(PeerId, Code),
    /// So many changes, or a snapshot, of a peer were applied.
    Applied(PeerId, usize),
    /// So many changes wait for others that they rest on.
    Pending(usize),
    /// So many changes wait for the clock to reach them.
    Held(usize),
    /// Two replicas write under an id, as far as one can tell from here and a peer.
    Forked(PeerId, ReplicaId),
    /// A peer holds the same changes, and not the same state: a defect, here or there. It is repaired, and should be reported.
    Diverged(PeerId),
    /// What a peer has collected was not known when changes were made here.
    BelowFloor(PeerId),
    /// The state of a peer was taken, under a fresh id, and so many own changes were made again.
    Restamped {
        /// Whose state was taken.
        on: PeerId,
        /// The id before.
        from: ReplicaId,
        /// The id from now on.
        to: ReplicaId,
        /// Own changes that were made again.
        again: usize,
        /// Ops of them that had nothing left to act on, and changes that could not be made again.
        dropped: usize,
    },
    /// What two peers disagreed on is settled between them.
    Resolved(PeerId),
    /// The authority holds an own change. What is durable is safe, and is not kept here any more.
    Acknowledged {
        /// The id that the change was made under.
        replica: ReplicaId,
        /// Its last time.
        last: Hlc,
        /// It outlives a restart of the authority.
        durable: bool,
    },
    /// The authority does not take an own change; it has been taken back, and what else was made is made again.
    Rejected {
        /// The id that the change was made under.
        replica: ReplicaId,
        /// Its last time.
        last: Hlc,
        /// What the authority says of it.
        reason: u32,
    },
    /// A peer, to whom this one is an authority, submitted a change that was refused.
    Refused(PeerId, ReplicaId, Hlc),
    /// A message of a kind that this version does not know. It was left alone.
    Unknown(PeerId, u32),
    /// A repair waits for a fresh id, and there is nobody to give one.
    NeedsId,
}

/// A bounded queue of events: who does not listen loses the oldest, and is told how many.
#[derive(Clone, Debug)]
pub(super) struct Events {
    queue: VecDeque<Event>,
    bound: usize,
    lost: u64,
}

impl Events {
    pub(super) fn new(bound: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            bound,
            lost: 0,
        }
    }

    pub(super) fn limit(&mut self, bound: usize) {
        self.bound = bound;
        self.shrink();
    }

    pub(super) fn push(&mut self, event: Event) {
        self.queue.push_back(event);
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.queue.len() > self.bound {
            self.queue.pop_front();
            self.lost = self.lost.saturating_add(1);
        }
    }

    pub(super) fn pop(&mut self) -> Option<Event> {
        self.queue.pop_front()
    }

    pub(super) fn lost(&self) -> u64 {
        self.lost
    }
}

/// Messages and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// How many messages.
    pub messages: u64,
    /// How many bytes they had.
    pub bytes: u64,
}

impl Traffic {
    pub(super) fn count(&mut self, bytes: usize) {
        self.messages = self.messages.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }
}

/// Counts of what a coordinator did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// What was sent, by kind, in the order of [`Code`].
    pub sent: [Traffic; Code::COUNT],
    /// What was received, by kind.
    pub received: [Traffic; Code::COUNT],
    /// Messages that could not be read, or were from nobody who is connected.
    pub refused: u64,
    /// Replies that were left out because a peer asked for more than is kept for it. It asks again.
    pub choked: u64,
    /// Messages that were sent again because nobody acknowledged them.
    pub retries: u64,
    /// Forks, divergences, changes below a floor and rejections that were met.
    pub conflicts: u64,
    /// Changes that wait for others now.
    pub pending: usize,
    /// Changes that wait for the clock now.
    pub held: usize,
    /// Own changes that nobody has said to be safe.
    pub unacknowledged: usize,
    /// Events that nobody fetched in time.
    pub events_lost: u64,
    /// Live frames and messages of the application's that nobody fetched in time.
    pub received_lost: u64,
}

impl Statistics {
    /// Everything that was sent.
    #[must_use]
    pub fn total_sent(&self) -> Traffic {
        total(&self.sent)
    }

    /// Everything that was received.
    #[must_use]
    pub fn total_received(&self) -> Traffic {
        total(&self.received)
    }
}

fn total(all: &[Traffic]) -> Traffic {
    let mut total = Traffic::default();
    for one in all {
        total.messages = total.messages.saturating_add(one.messages);
        total.bytes = total.bytes.saturating_add(one.bytes);
    }
    total
}
