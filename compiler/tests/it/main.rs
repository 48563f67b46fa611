//! The compiler from outside: rules by table, mistakes and numbers by golden files, the command by running it.

// In a test a panic is the message.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod aliases;
mod ast;
mod cli;
mod compat;
mod corpus;
mod explain;
mod fixing;
mod format;
mod golden;
mod guide;
mod imports;
mod keyed;
mod locking;
mod manners;
mod named;
mod packages;
mod policies;
mod program;
mod projects;
mod robust;
mod rules;
mod sarif;
mod schema;
mod support;
mod told;
mod watching;
mod worlds;
