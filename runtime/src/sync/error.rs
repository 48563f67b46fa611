//! What can go wrong at a coordinator. Whatever fails has changed nothing.

use super::PeerId;
use crate::{DecodeError, Error};

/// Why a message was not taken, or not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// It could not be read.
    #[error("a message cannot be read: {0}")]
    Decode(#[from] DecodeError),
    /// It does not fit what is held here.
    #[error("a state was not taken: {0}")]
    Replica(#[from] Error),
    /// A peer that was never connected, or is not any more.
    #[error("peer {} is not connected", .0.0)]
    NotConnected(PeerId),
    /// It is longer than a message may be.
    #[error("a message of {len} bytes is longer than {max}")]
    TooLong {
        /// How long it is.
        len: usize,
        /// How long it may be.
        max: usize,
    },
    /// A code that is not the application's.
    #[error("codes below 100 are not the application's: {0}")]
    Code(u32),
    /// More waits for the peer than is kept for it.
    #[error("too much waits for peer {} already", .0.0)]
    Choked(PeerId),
}
