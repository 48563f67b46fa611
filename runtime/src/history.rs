//! What was: undo and redo, named captures and going back to them, and the state at earlier versions.
//!
//! Nothing here rewinds anything. Undo and going back are edits like any other, with stamps of their own, and what others wrote
//! stays. How a write is undone is said beside its CRDT, by `Crdt::undo` and `Crdt::assume`; here stands what is remembered, for how
//! long, and in which order it is gone through. What is remembered is local: it is neither sent nor stored.

mod captures;
mod names;
mod notes;
mod stacks;
mod step;
mod timeline;
mod undo;

pub use captures::{Capture, CaptureId, CaptureLimits, SnapshotManager};
pub(crate) use names::Names;
pub(crate) use notes::{After, Note, Notes, What};
pub(crate) use stacks::{Doing, UndoManager};
pub use stacks::{Grouping, UndoLimits};
pub(crate) use step::{Did, Record, Step};
pub use timeline::{Timeline, TimelineLimits};
pub(crate) use undo::{Assume, Undo};
