//! The errors of the runtime and the limits that cause some of them.

use crate::codec::{DecodeError, MAX_BODY, MAX_DEPTH};
use crate::{IndexError, PathError, ReplicaId};

/// What can go wrong. Whatever fails has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Bytes that could not be read.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// An edit that is larger than a change may be; it was taken back.
    #[error("the edit was taken back: {0}")]
    Limit(#[from] Limit),
    /// A place in a sequence or a text that is not there.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A replica would start under an id that has made changes already, some of which it may not know.
    #[error("replica id {0} has been used before; start under a fresh one")]
    IdUsed(ReplicaId),
    /// A snapshot from a replica that could not read all it holds, which only restores a replica that holds nothing.
    #[error(
        "the snapshot lacks changes that its author could not read; ask another peer, or for changes"
    )]
    Incomplete,
    /// Two replicas write under one id, so what is held of its chain here and there is not the same.
    #[error("two replicas write under the id {0}; take a snapshot of whom you trust and restamp")]
    Forked(ReplicaId),
    /// The peer has collected what is not held here, or what changes made here do not know of.
    #[error("the peer has collected what is not held here; restamp on its snapshot")]
    BelowFloor,
    /// The snapshot lies below what has been collected here.
    #[error("the snapshot lies below what has been collected here; its author has to restamp")]
    SnapshotBelowFloor,
    /// A floor that cannot be promised: something up to it is not held, or cannot be told from what lies above it.
    #[error("no floor can be laid there: what lies below it is not known any more")]
    Floor,
    /// There is no capture of this name or number.
    #[error("there is no such capture; it was never made, or it was forgotten")]
    NoCapture,
    /// No more captures are held than were asked for; a name that is there may be captured anew.
    #[error("{held} captures are held, which is all there is room for; forget one first")]
    CapturesFull {
        /// How many there are.
        held: usize,
    },
    /// A capture that does not fit beside those that are held.
    #[error(
        "the capture takes {bytes} bytes, and there is room for {room}; forget one, or raise the limit"
    )]
    CaptureTooLarge {
        /// What it takes.
        bytes: usize,
        /// What is left.
        room: usize,
    },
    /// A version that a timeline does not hold: older than what it keeps, newer, or none that ever was.
    #[error("the timeline does not hold this version")]
    NotInTimeline,
    /// The clock stands at the end of time.
    #[error("the replica's clock stands at the end of time; start under a fresh id")]
    ClockExhausted,
}

/// A bound that an edit ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// Too many ops in one change.
    #[error("more than {max} ops in one change", max = Self::MAX_OPS)]
    Ops,
    /// Too many bytes in one change.
    #[error("more than {max} bytes in one change; split the edit", max = Self::MAX_BYTES)]
    Bytes,
    /// A value nested too deep.
    #[error("a value nested deeper than {MAX_DEPTH} levels")]
    Depth,
    /// A counter's own total beyond its type.
    #[error("a replica's total of a counter would overflow")]
    Overflow,
    /// A path into a document that cannot be read, or leads nowhere.
    #[error("a path into a document: {0}")]
    Path(PathError),
}

impl Limit {
    /// The most ops in one change.
    pub const MAX_OPS: usize = 65_536;
    /// The most bytes in one change, by an estimate that is never too small.
    pub const MAX_BYTES: usize = MAX_BODY - 4_096;
}
