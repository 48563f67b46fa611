//! The compiler from outside: rules by table, mistakes and numbers by golden files, the command by running it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cli;
mod corpus;
mod explain;
mod golden;
mod locking;
mod robust;
mod rules;
mod support;
mod usage;
