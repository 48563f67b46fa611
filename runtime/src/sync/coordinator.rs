//! [`Coordinator`]: a replica among peers. Bytes and the time go in, bytes come out.
//!
//! Here is what an application calls. What is sent when is in [`sending`], what is done about what comes in [`receiving`], the
//! way back after a fork, a rejection or a defect in [`repair`], and what an authority does with submissions in [`authority`].

mod authority;
mod options;
mod receiving;
mod repair;
mod sending;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

pub use options::{Options, Strategy};

use self::authority::{Court, Judge};
use self::repair::Repair;
use super::event::{Event, Events, Statistics};
use super::inbox::{Inbox, Received};
use super::peer::{Peer, PeerId, Pinned};
use super::{Code, Message, Pace, SyncError};
use crate::crdt::Synced;
use crate::{Error, Hlc, Replica, ReplicaId, Version};

/// Bytes for a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// To whom.
    pub to: PeerId,
    /// One message.
    pub bytes: Vec<u8>,
}

/// Where fresh ids come from.
type Ids = Box<dyn FnMut() -> ReplicaId + Send + Sync>;

/// A replica that keeps in step with its peers, over whatever carries bytes.
///
/// It has no threads, no sockets and no clock: hand it what came ([`Coordinator::handle`]), fetch what is to be sent
/// ([`Coordinator::poll`]) until there is no more, and come back when [`Coordinator::next_wakeup`] says. Time is in
/// milliseconds of any epoch; it should not go back. Messages may be lost, doubled, delayed and reordered.
///
/// Laws: coordinators that can reach one another end with equal states, whatever strategy each has; nothing is sent more often than the
/// rate says; a message that cannot be read changes nothing.
///
/// Cost: an idle coordinator costs a status for each peer and heartbeat. What a message costs is said at [`Strategy`].
///
/// ```
/// use holo_runtime::sync::{Coordinator, PeerId};
/// use holo_runtime::{OrSet, Replica, ReplicaId};
///
/// let new = || Coordinator::new(Replica::<OrSet<String>>::new(ReplicaId::random()));
/// let (mut alice, mut bob) = (new(), new());
/// let (to_bob, to_alice) = (PeerId(1), PeerId(1));
/// alice.connect(to_bob, 0);
/// bob.connect(to_alice, 0);
/// alice.edit(|set| { set.insert("sword"); });
/// for now in (0..500).step_by(50) {
///     while let Some(message) = alice.poll(now) {
///         bob.handle(to_alice, &message.bytes, now)?;
///     }
///     while let Some(message) = bob.poll(now) {
///         alice.handle(to_bob, &message.bytes, now)?;
///     }
/// }
/// assert!(bob.state().contains("sword"));
/// # Ok::<(), holo_runtime::sync::SyncError>(())
/// ```
pub struct Coordinator<T: Synced> {
    replica: Replica<T>,
    options: Options,
    pace: Pace,
    peers: BTreeMap<PeerId, Peer>,
    queue: VecDeque<Outgoing>,
    inbox: Inbox,
    events: Events,
    stats: Statistics,
    /// Something may have to be sent to somebody.
    dirty: bool,
    /// When everybody is told what is held here.
    beat_at: u64,
    /// What was held when own changes were made, for an authority.
    seen: BTreeMap<(ReplicaId, Hlc), Version>,
    sealed: Hlc,
    /// Own changes of which the authority has said that it holds them.
    acked: Version,
    repair: Option<Repair>,
    requests: u64,
    ids: Option<Ids>,
    court: Court<T>,
    /// The tree of the state as it was last asked for.
    tree: Option<Arc<Pinned>>,
}

impl<T: Synced> Coordinator<T> {
    /// A coordinator with default options, at the rate that the type declares.
    #[must_use]
    pub fn new(replica: Replica<T>) -> Self {
        let rate = replica.state().rate_hz().and_then(Pace::hertz);
        let mut coordinator = Self {
            replica,
            options: Options::default(),
            pace: rate.unwrap_or_default(),
            peers: BTreeMap::new(),
            queue: VecDeque::new(),
            inbox: Inbox::default(),
            events: Events::new(1_024),
            stats: Statistics::default(),
            dirty: false,
            beat_at: 0,
            seen: BTreeMap::new(),
            sealed: Hlc::ZERO,
            acked: Version::new(),
            repair: None,
            requests: 0,
            ids: None,
            court: Court::default(),
            tree: None,
        };
        #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
        {
            coordinator.ids = Some(Box::new(ReplicaId::random));
        }
        coordinator.sealed = coordinator.replica.own_last();
        coordinator
    }

    /// The same with other options.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.events.limit(options.events);
        self.options = options;
        self
    }

    /// The same at another rate; see [`Pace::hertz`].
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The same with another source of fresh ids, which a repair needs. In a browser there is none unless it is given here.
    #[must_use]
    pub fn with_ids(mut self, ids: impl FnMut() -> ReplicaId + Send + Sync + 'static) -> Self {
        self.ids = Some(Box::new(ids));
        self
    }

    /// Makes this the authority of its peers: each submitted change is shown with the state that it would lead to, and taken or refused
    /// with a reason of the application's. A change costs what applying it twice costs, and a refusal O(state).
    #[must_use]
    pub fn with_judge(
        mut self,
        judge: impl FnMut(&crate::Change, &T) -> Result<(), u32> + Send + Sync + 'static,
    ) -> Self {
        self.court.judge = Some(Box::new(judge) as Judge<T>);
        self
    }

    /// The state, edits that nobody has seen yet included.
    #[must_use]
    pub fn state(&self) -> &T {
        self.replica.state()
    }

    /// The replica, to read.
    #[must_use]
    pub fn replica(&self) -> &Replica<T> {
        &self.replica
    }

    /// The replica, to do what the coordinator does not: to store it, to lay a floor, to say who takes part. What it holds afterwards is
    /// sent like any edit. Its id must not change.
    pub fn with_replica<R>(&mut self, work: impl FnOnce(&mut Replica<T>) -> R) -> R {
        self.seal();
        let result = work(&mut self.replica);
        self.seal();
        self.dirty = true;
        result
    }

    /// Gives the replica back.
    #[must_use]
    pub fn into_replica(mut self) -> Replica<T> {
        self.seal();
        self.replica
    }

    /// Edits the state, at once as it shows here; see [`Replica::edit`]. What is written several times within a period is sent once.
    pub fn edit<R>(&mut self, edit: impl FnOnce(&mut T::Edit<'_>) -> R) -> R {
        self.dirty = true;
        self.replica.edit(edit)
    }

    /// Edits the state; see [`Replica::try_edit`].
    ///
    /// # Errors
    /// As there.
    pub fn try_edit<R, E: From<Error>>(
        &mut self,
        edit: impl FnOnce(&mut T::Edit<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.dirty = true;
        self.replica.try_edit(edit)
    }

    /// Says that a peer can be reached from now on, and greets it. One that is connected already is greeted anew.
    ///
    /// With [`Strategy::Optimistic`] it becomes the authority in place of any other, which is disconnected.
    pub fn connect(&mut self, peer: PeerId, now: u64) {
        if self.options.strategy == Strategy::Optimistic {
            let others: Vec<PeerId> = self.peers.keys().copied().collect();
            let others = others.into_iter().filter(|other| *other != peer);
            others.for_each(|other| self.disconnect(other));
        }
        self.disconnect(peer);
        if self.peers.is_empty() {
            self.beat_at = now.saturating_add(self.options.heartbeat_ms);
        }
        self.peers.insert(peer, Peer::default());
        self.events.push(Event::Connected(peer));
        self.greet(peer, true);
    }

    /// Says that a peer cannot be reached any more. What it lacks is found out when it comes back.
    pub fn disconnect(&mut self, peer: PeerId) {
        if self.peers.remove(&peer).is_some() {
            self.queue.retain(|message| message.to != peer);
            self.repair.take_if(|repair| repair.peer == peer);
            self.events.push(Event::Disconnected(peer));
        }
    }

    /// The peers that are connected.
    pub fn peers(&self) -> impl Iterator<Item = PeerId> {
        self.peers.keys().copied()
    }

    /// The next message to send, if one is due. Ask until there is none.
    pub fn poll(&mut self, now: u64) -> Option<Outgoing> {
        if self.queue.is_empty() {
            self.tick(now);
        }
        let message = self.queue.pop_front()?;
        if let Some(peer) = self.peers.get_mut(&message.to) {
            peer.queued.0 = peer.queued.0.saturating_sub(1);
            peer.queued.1 = peer.queued.1.saturating_sub(message.bytes.len());
        }
        Some(message)
    }

    /// When [`Coordinator::poll`] has something to do again, if nothing comes and nothing is edited before; a moment that has
    /// passed means at once. None while nobody is connected. O(peers).
    #[must_use]
    pub fn next_wakeup(&self) -> Option<u64> {
        if !self.queue.is_empty() {
            return Some(0);
        }
        if self.peers.is_empty() {
            return None;
        }
        let tick = self
            .next_work()
            .map(|at| at.max(self.pace.next().unwrap_or(0)));
        Some(tick.unwrap_or(u64::MAX).min(self.beat_at))
    }

    /// Sends the latest values to all peers, with the next tick and in place of any that still wait. They arrive or not.
    pub fn send_live(&mut self, bytes: &[u8]) {
        for peer in self.peers.values_mut() {
            peer.live = Some(bytes.to_vec());
        }
    }

    /// Sends a message of the application's, at once. It arrives or not.
    ///
    /// # Errors
    /// [`SyncError::Code`] when the code is not the application's, [`SyncError::NotConnected`], or [`SyncError::Choked`] when too
    /// much waits for that peer.
    pub fn send(&mut self, peer: PeerId, code: u32, bytes: Vec<u8>) -> Result<(), SyncError> {
        if code < Code::APPLICATION {
            return Err(SyncError::Code(code));
        }
        if !self.peers.contains_key(&peer) {
            return Err(SyncError::NotConnected(peer));
        }
        match self.post(peer, &Message::Application { code, bytes }) {
            true => Ok(()),
            false => Err(SyncError::Choked(peer)),
        }
    }

    /// The next live frame or message of the application's that has come.
    pub fn received(&mut self) -> Option<Received> {
        self.inbox.pop()
    }

    /// The next event. Who does not ask for long loses the oldest, and harms nobody.
    pub fn event(&mut self) -> Option<Event> {
        self.events.pop()
    }

    /// What was counted. O(1).
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        Statistics {
            pending: self.replica.pending(),
            held: self.replica.held(),
            unacknowledged: self.replica.unsafe_len(),
            events_lost: self.events.lost(),
            received_lost: self.inbox.lost(),
            ..self.stats.clone()
        }
    }

    /// Seals the open change, and notes what its author held.
    fn seal(&mut self) {
        let optimistic = self.options.strategy == Strategy::Optimistic;
        if !optimistic || !self.replica.has_open() && self.replica.own_last() == self.sealed {
            return;
        }
        let held = self.replica.version().clone();
        let before = self.sealed;
        self.replica.flush();
        let id = self.replica.id();
        for last in self.replica.own_after(before) {
            self.seen.entry((id, last)).or_insert_with(|| held.clone());
        }
        self.sealed = self.replica.own_last();
    }
}
