//! The compiler from outside: rules by table, mistakes and numbers by golden files, the command by running it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cli;
mod corpus;
mod explain;
mod fixing;
mod format;
mod golden;
mod locking;
mod program;
mod robust;
mod rules;
mod sarif;
mod support;
mod usage;
