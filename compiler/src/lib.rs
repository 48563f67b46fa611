//! The compiler: `.hsplus` text to typed Rust that converges.
//!
//! The stages, in order: [`load`] finds sources, the grammar reads them, [`resolve`] and [`infer`] decide what they mean,
//! [`lock`] numbers the fields, [`lower`] makes the schema, [`emit`] writes files; [`report`] shows what is wrong.
//! Everything before `emit` is pure once the bytes are read. The CRDTs themselves belong to the runtime.

#[cfg(feature = "cli")]
pub mod cli;
pub mod codes;
pub mod emit;
pub mod explain;
pub mod family;
pub mod fix;
pub mod format;
pub mod idents;
pub mod infer;
mod library;
pub mod load;
pub mod lock;
pub mod lower;
pub mod model;
pub mod pipeline;
pub mod project;
pub mod report;
pub mod resolve;

pub use library::{Build, BuildError, Built, build};
