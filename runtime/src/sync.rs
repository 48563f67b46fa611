//! Keeping replicas in step over any transport: [`Coordinator`] takes bytes and the time, and gives bytes back.
//!
//! What belongs here: who is sent what and when, what is asked for again, how a peer that fell behind, forked or differs is
//! helped, and what is counted of it. How changes merge is the replica's; sockets, timers and threads are the caller's.

mod coordinator;
mod error;
mod event;
mod inbox;
mod merkle;
mod message;
mod pace;
mod peer;
mod resolver;
mod vector_clock;

pub use coordinator::{Coordinator, Options, Outgoing, Strategy};
pub use error::SyncError;
pub use event::{Event, Statistics, Traffic};
pub use inbox::Received;
pub use merkle::{Answer, MerkleTree, Node, Offer, Place, Proof, Question};
pub use message::{Code, Message, Rejection};
pub use pace::Pace;
pub use peer::PeerId;
pub use resolver::{Broken, ConflictResolver, Law, Resolved, Write};
pub use vector_clock::{Causality, ClockOverflow, VectorClock};
