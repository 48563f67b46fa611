//! Support for tests that need more than one crate: a seeded network of replicas, and random edits for every CRDT, and
//! hand-written twins of generated types.
//!
//! What is tested lives in `tests/tests`; nothing here decides whether a result is right, except [`sim`], which demands that
//! replicas with the same changes are equal to the bit.

pub mod authority;
pub mod conform;
pub mod coordinated;
pub mod fixtures;
pub mod hostile;
pub mod laws;
pub mod ledger;
pub mod lists;
pub mod live;
pub mod motion;
pub mod parity;
pub mod peers;
pub mod poke;
pub mod programs;
pub mod random;
pub mod rng;
pub mod shapes;
pub mod sim;
pub mod texts;
pub mod twins;
