//! Finding what differs between two states by comparing hashes of parts of them.
//!
//! A state is cut into leaves ([`crate::codec`] says where: at fields, and at the entries of maps and sets), each with a path
//! and the bytes of what stands there, stamps and all. What belongs here: the tree over leaves, what is said of it on the wire,
//! and putting a peer's state together again. When that is done is `super::coordinator`'s.

pub(super) mod exchange;
mod proof;
pub(super) mod staging;
mod tree;

pub use exchange::{Answer, Node, Offer, Place, Question};
pub use proof::Proof;
pub use tree::MerkleTree;
