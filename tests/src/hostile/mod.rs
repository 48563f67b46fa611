//! Bytes from anybody: what must hold for whatever reads them, and inputs that are almost right.
//!
//! A [`Scenario`] is what some honest replicas of a random orb have said to each other. The laws take one of these encodings
//! with something changed in it. The fuzz targets, the bounded run in the ordinary tests and the tests of single bombs all call
//! them. What belongs here: laws, and how inputs are made. What never will: counting memory, which wants an allocator of
//! one's own and is handed in as a [`Meter`].

pub mod bombs;
mod envelope;
mod laws;
mod mutate;
mod scenario;

pub use envelope::{Writer, change, close, parts_of, snapshot, state, with_body};
pub use laws::{ALL, Law, fuzz, law, sound};
pub use mutate::{mutate, mutate_text};
pub use scenario::Scenario;

/// Reading so many bytes may take this much memory at once beside them: eight times as much, and 64 KiB.
#[must_use]
pub fn allowance(bytes: usize) -> usize {
    8 * bytes + (64 << 10)
}

/// Who counts memory. What happens between the two calls may take at most so many bytes at once.
pub trait Meter {
    /// What is measured begins.
    fn begin(&mut self);

    /// It is over.
    ///
    /// # Panics
    /// When it took more than is allowed.
    fn end(&mut self, what: &'static str, input: usize, allowed: usize);

    /// Something that was mutated has been accepted, and held to what holds for the honest.
    fn accepted(&mut self) {}
}

/// Counts nothing: for whoever bounds memory by other means, as libFuzzer does.
#[derive(Debug)]
pub struct Unmetered;

impl Meter for Unmetered {
    fn begin(&mut self) {}

    fn end(&mut self, _what: &'static str, _input: usize, _allowed: usize) {}
}
