//! [`LiveLane`]: the live lane of one replica, as an application uses it.
//!
//! A thin shell that knows the type; the work is done in [`Core`], which does not.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;

use super::core::{Core, Spot};
use super::entity::ROOT;
use super::epoch::Grant;
use super::form::Reading;
use super::frame::{Frame, MAX_RAW};
use super::shape::Declare;
use super::view::{LiveAt, Pen, Set, ShownAt, first};
use super::{LiveError, Moving};
use crate::codec::ValueKind;
use crate::{Replica, ReplicaId, Stamp};

/// The live fields of a replica: set here and sent, heard from others and shown.
///
/// `now` is everywhere the same clock, in milliseconds: any that never goes back. Clocks of different peers need not agree.
/// Memory follows what moves and who is heard, not how long or how often.
pub struct LiveLane<T: Moving> {
    core: Core,
    of: PhantomData<fn() -> T>,
}

impl<T: Moving> Default for LiveLane<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Moving> LiveLane<T> {
    /// A lane on which nothing moves.
    #[must_use]
    pub fn new() -> Self {
        let mut core = Core::default();
        core.root_shape = Declare::root::<T>(&mut core.shapes, &mut core.paths);
        Self {
            core,
            of: PhantomData,
        }
    }

    /// Sets how long a field stands still before it settles, in milliseconds; 250 unless set.
    #[must_use]
    pub fn with_settle_after(mut self, millis: u64) -> Self {
        self.core.times.settle = millis;
        self
    }

    /// Sets how often a field that moves is made durable, in milliseconds; 1,000 unless set.
    #[must_use]
    pub fn with_key_writes_every(mut self, millis: u64) -> Self {
        self.core.times.key = millis.max(1);
        self
    }

    /// Sets how long a sender counts as present after it was heard last, in milliseconds; 30,000 unless set. What it moved
    /// is shown no longer than that.
    #[must_use]
    pub fn with_ttl(mut self, millis: u64) -> Self {
        self.core.times.ttl = millis;
        self
    }

    /// Moves live fields. The durable state stays as it is until they settle. O(1) a field.
    ///
    /// # Errors
    /// [`LiveError::TooLong`] or [`LiveError::TooMany`] for a field that was then left as it is; the others are set.
    pub fn update<R>(
        &mut self,
        replica: &mut Replica<T>,
        now: u64,
        update: impl FnOnce(&mut T::Live<'_>) -> R,
    ) -> Result<R, LiveError> {
        self.core.id = Some(replica.id());
        let tick = match self.core.tick.filter(|tick| replica.is_latest(*tick)) {
            Some(tick) => tick,
            None => replica.live_tick()?,
        };
        self.core.tick = Some(tick);
        let spot = Spot::root(self.core.root_shape);
        let writer = Writer {
            core: RefCell::new(&mut self.core),
            stamp: Stamp::new(tick, replica.id()),
            now,
            entered: RefCell::default(),
            refused: Cell::new(None),
        };
        let mut at = LiveAt { pen: &writer, spot };
        let result = update(&mut replica.state().live(&mut at));
        let (refused, entered) = (writer.refused.take(), writer.entered.take());
        // What was only looked at is not kept.
        entered
            .into_iter()
            .for_each(|entity| self.core.entities.tidy(entity));
        refused.map_or(Ok(result), Err)
    }

    /// The live fields as they are shown at this moment: between samples, a little in the past, or the durable value where
    /// nothing newer moves. What is moved here is shown as it was set. O(fields of the type); entries of maps as they are read.
    #[must_use]
    pub fn shown<'a>(&'a self, replica: &'a Replica<T>, now: u64) -> T::Shown<'a> {
        let mut at = ShownAt {
            core: &self.core,
            spot: Some(Spot::root(self.core.root_shape)),
            now,
        };
        replica.state().shown(&mut at)
    }

    /// What is to be sent to everybody now, as one frame; none while the next is not due or there is nothing to say. Call it
    /// often, such as once a rendered frame: it keeps to the declared rate by itself and never drifts, and where a limit of bytes a
    /// second is declared, to that on an average.
    ///
    /// Fields that move are also made durable once a second, and settle when they stand still: these edits leave by
    /// [`Replica::changes_since`] like others. O(what moves).
    ///
    /// # Errors
    /// [`LiveError::Replica`] when the replica refuses such an edit.
    pub fn poll(
        &mut self,
        replica: &mut Replica<T>,
        now: u64,
    ) -> Result<Option<Vec<u8>>, LiveError> {
        if !self.core.is_due(now) {
            return Ok(None);
        }
        self.core.id = Some(replica.id());
        self.core.expire(now);
        self.core.sweep(replica, now);
        let wrote = self.core.settle(replica, now, false)?;
        let idle = self.core.moving.is_empty() && self.core.wanted.is_empty();
        if idle && self.core.unnamed.is_empty() {
            return Ok(None);
        }
        let set = self.core.tick.take();
        if wrote || !self.core.has_session(replica.id()) {
            let tick = match set.filter(|_| !wrote) {
                Some(tick) => tick,
                None => replica.live_tick()?,
            };
            self.core.go_on(tick);
            self.core.start_session(replica.id(), tick);
        }
        let frame = self.core.frame(replica.id(), now);
        let frame = frame.map(|frame| frame.encode());
        if let Some(bytes) = &frame {
            self.core.pay(bytes.len(), now);
        }
        Ok(frame)
    }

    /// Takes in a frame of another replica. Frames may be lost, come twice or in any order; one's own do nothing. The replica
    /// takes note of the frame's tick, so that what is set after it was seen is later. O(frame).
    ///
    /// # Errors
    /// [`LiveError::Frame`] and [`LiveError::ClockAhead`]: nothing has changed then. [`LiveError::TooMany`]: what there was room
    /// for is taken in.
    pub fn apply(
        &mut self,
        replica: &mut Replica<T>,
        frame: &[u8],
        now: u64,
    ) -> Result<(), LiveError> {
        let frame = Frame::decode(frame)?;
        if !replica.witness(frame.tick) {
            return Err(LiveError::ClockAhead);
        }
        self.core.id = Some(replica.id());
        self.core.hear(replica.id(), &frame, now)
    }

    /// Settles all that is moved here, as when it is let go: the last values become an edit, later than every frame. Returns
    /// whether there was any. A field that somebody else has written to or moved since is theirs and left alone.
    ///
    /// # Errors
    /// [`LiveError::Replica`] when the replica refuses the edit.
    pub fn settle(&mut self, replica: &mut Replica<T>, now: u64) -> Result<bool, LiveError> {
        self.core.id = Some(replica.id());
        Ok(self.core.settle(replica, now, true)?)
    }

    /// Forgets a sender that has left: what it moved shows its durable value. To be called when its presence ends; one that is
    /// only silent is forgotten by itself (see [`LiveLane::with_ttl`]).
    pub fn gone(&mut self, who: ReplicaId) {
        self.core.forget(who);
    }

    /// Takes note that a server has made somebody the owner of the whole state. For one entry of a map see
    /// [`super::LiveMapEdit::grant`].
    pub fn grant(&mut self, grant: Grant) {
        self.core.grant(ROOT, grant);
    }

    /// True while something that was set here has not settled.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        !self.core.moving.is_empty()
    }
}

impl<T: Moving> fmt::Debug for LiveLane<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveLane")
            .field("moving", &self.core.moving.len())
            .field("senders", &self.core.sources.keys())
            .finish_non_exhaustive()
    }
}

/// What views write through while an update runs.
struct Writer<'a> {
    core: RefCell<&'a mut Core>,
    stamp: Stamp,
    now: u64,
    /// Entities that were entered, whether or not anything was set there.
    entered: RefCell<Vec<u32>>,
    refused: Cell<Option<LiveError>>,
}

impl Pen for Writer<'_> {
    fn enter(&self, map: Spot, key: &[u8], born: Stamp) -> Option<Spot> {
        match self.core.borrow_mut().enter(map, key, born) {
            Ok(spot) => {
                let entity = spot.map(|spot| spot.entity);
                self.entered.borrow_mut().extend(entity);
                spot
            }
            Err(error) => {
                first(&self.refused, error);
                None
            }
        }
    }

    fn set(&self, spot: Spot, durable: Stamp, kind: ValueKind, set: Set) {
        if let Reading::Bytes(bytes) = &set.value
            && bytes.len() > MAX_RAW
        {
            let (len, max) = (bytes.len(), MAX_RAW);
            return first(&self.refused, LiveError::TooLong { len, max });
        }
        let mut core = self.core.borrow_mut();
        core.set(spot, (self.stamp, durable), &kind, set, self.now);
    }

    fn shown(&self, spot: Spot, durable: Stamp, stood: Reading) -> Option<Reading> {
        let core = self.core.borrow();
        core.shown(spot, durable, &|| stood.clone(), self.now)
    }

    fn grant(&self, entity: u32, grant: Grant) {
        self.core.borrow_mut().grant(entity, grant);
    }
}
