//! The schema of a synchronised type and the one generator behind `holoc` and `#[derive(Synced)]`.

pub mod schema;
