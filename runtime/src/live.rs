//! The live lane: fast fields such as poses, sent as their latest value and shown smoothly, beside the durable state.
//!
//! Live values are an overlay. They are in no version, no hash, no snapshot and no history, and leave nothing behind: a field
//! that stands still has settled into an ordinary edit, and one whose sender is gone shows its durable value again. What of
//! a frame is lost is made up for by the next.
//!
//! ```
//! use holo_runtime::live::LiveLane;
//! use holo_runtime::{LwwRegister, Replica, ReplicaId, Synced, Vec3};
//!
//! #[derive(Synced)]
//! #[synced(rate = "20hz")]
//! struct Cube {
//!     #[synced(live)]
//!     position: LwwRegister<Vec3>,
//! }
//!
//! let mut alice = Replica::<Cube>::new(ReplicaId::random());
//! let mut bob = Replica::<Cube>::new(ReplicaId::random());
//! let (mut moves, mut sees) = (LiveLane::new(), LiveLane::new());
//!
//! // Every 50 ms: move, and send what there is to send. Times are milliseconds of a clock that never goes back.
//! for now in (0..1_000).step_by(50) {
//!     moves.update(&mut alice, now, |cube| cube.position.set([now as f64 / 1_000.0, 0.0, 0.0]))?;
//!     if let Some(frame) = moves.poll(&mut alice, now)? {
//!         sees.apply(&mut bob, &frame, now + 20)?;
//!     }
//! }
//! // What is shown lags 100 ms and lies between the samples.
//! assert_eq!(sees.shown(&bob, 975).position, Vec3::new(0.855, 0.0, 0.0));
//!
//! // Let go: the last value is an edit like any other.
//! moves.settle(&mut alice, 1_000)?;
//! bob.apply(alice.changes_since(bob.version()))?;
//! assert_eq!(bob.state().position.get().x, 0.95);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A field that is not live has no place in an update:
//!
//! ```compile_fail,E0609
//! # use holo_runtime::{live::LiveLane, LwwRegister, Replica, ReplicaId, Synced, Vec3};
//! #[derive(Synced)]
//! struct Cube {
//!     #[synced(live)]
//!     position: LwwRegister<Vec3>,
//!     name: LwwRegister<String>,
//! }
//! let mut cube = Replica::<Cube>::new(ReplicaId::random());
//! LiveLane::new().update(&mut cube, 0, |cube| cube.name.set("durable"));
//! ```
//!
//! Sockets, timers and what a server checks are the caller's.

mod applying;
mod bits;
mod columns;
mod core;
mod curve;
mod entity;
mod epoch;
mod form;
mod frame;
mod lane;
mod mover;
mod sending;
mod settling;
mod shape;
mod showing;
mod source;
#[cfg(test)]
mod tests;
mod time;
mod track;
mod view;

pub use self::epoch::Grant;
pub use self::form::QUANTUM;
#[doc(hidden)]
pub use self::form::Reading;
pub use self::frame::MAX_FRAME;
pub use self::lane::LiveLane;
#[doc(hidden)]
pub use self::settling::Step;
pub use self::shape::{Declare, RATE_HZ};
pub use self::view::{LiveAt, LiveEdit, LiveMapEdit, ShownAt, ShownMap};

use crate::crdt::Synced;
use crate::value::Element;
use crate::{DecodeError, Error, OrMap};

/// State that may have live fields. Implemented by `holoc`, by `#[derive(Synced)]`, and by maps of such types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no live fields",
    note = "put `#[derive(Synced)]` on the struct and `#[synced(live)]` on the registers that move"
)]
pub trait Moving: Synced {
    /// The live fields as an update writes them.
    type Live<'a>;

    /// The live fields as they are shown.
    type Shown<'a>: Clone + std::fmt::Debug;

    /// Says which fields are live.
    #[doc(hidden)]
    fn declare(to: &mut Declare<'_>);

    /// The view of this state at a place.
    #[doc(hidden)]
    fn live<'a>(&'a self, at: &mut LiveAt<'a>) -> Self::Live<'a>;

    /// What is shown of this state at a place.
    #[doc(hidden)]
    fn shown<'a>(&'a self, at: &mut ShownAt<'a>) -> Self::Shown<'a>;
}

impl<K: Element<Tag = ()>, V: Moving> Moving for OrMap<K, V> {
    type Live<'a> = LiveMapEdit<'a, K, V>;
    type Shown<'a> = ShownMap<'a, K, V>;

    fn declare(to: &mut Declare<'_>) {
        to.entries::<V>();
    }

    fn live<'a>(&'a self, at: &mut LiveAt<'a>) -> Self::Live<'a> {
        at.map(self)
    }

    fn shown<'a>(&'a self, at: &mut ShownAt<'a>) -> Self::Shown<'a> {
        at.map(self)
    }
}

/// What can go wrong in the live lane. Whatever fails has changed nothing but what is said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// A frame that cannot be read. It is dropped as a lost one would be.
    #[error("the live frame cannot be read: {0}")]
    Frame(#[from] DecodeError),
    /// A frame from so far in the future that the clock guard would hold a change back.
    #[error(
        "the live frame lies further ahead than the clock guard admits; its sender's clock is wrong"
    )]
    ClockAhead,
    /// More things than a lane follows.
    #[error("more {0} than a live lane follows")]
    TooMany(&'static str),
    /// A value that is no number and too long to be live; it can be edited.
    #[error("a live value of {len} bytes is longer than {max}; edit the replica instead")]
    TooLong {
        /// How long it is.
        len: usize,
        /// How long it may be.
        max: usize,
    },
    /// The replica refused an edit or has no ticks left.
    #[error(transparent)]
    Replica(#[from] Error),
}
