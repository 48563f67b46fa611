//! The schema of a synchronised type and the one generator behind `holoc` and `#[derive(Synced)]`.
//!
//! A schema comes from a `.hsplus` file through the compiler or from a Rust struct through [`mod@derive`]; [`generate`] turns it
//! into the same implementations either way. No parser of HoloScript and no rendering of diagnostics belong here.

mod custom;
pub mod derive;
mod docs;
pub mod generate;
pub mod initial;
mod lints;
pub mod live;
pub mod names;
mod policy;
pub mod schema;
mod wire;

pub use wire::{field_line, orb_wire_hash, wire_hash};
