//! The compiler from outside: rules by table, mistakes and numbers by golden files, the command by running it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cli;
mod compat;
mod corpus;
mod explain;
mod fixing;
mod format;
mod golden;
mod imports;
mod locking;
mod named;
mod policies;
mod program;
mod robust;
mod rules;
mod sarif;
mod support;
mod usage;
