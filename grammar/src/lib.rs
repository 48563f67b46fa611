//! HoloScript text to a syntax tree.

pub mod ast;
pub mod diagnostic;
