//! What a coordinator can be told: how state is sent, and how patiently.

/// How a peer gets what it lacks. Both sides may differ in it, and all end in the same state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// The whole state, whenever it has changed. O(state) a tick: for small state, and for peers that remember nothing.
    Full,
    /// The changes that the peer lacks; the whole state only where the log does not reach back far enough. O(what it lacks).
    #[default]
    Delta,
    /// Those parts of the state that differ, found by comparing hashes: O(k log n) bytes for k of n entries, some round trips, and
    /// O(n) work at both ends. For who comes back to a large state after long.
    Merkle,
    /// Own changes to one authority, which takes or refuses each of them. Edits show at once, and are taken back when they are
    /// refused. The authority has one of the other strategies.
    Optimistic,
}

/// How a coordinator works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How a peer gets what it lacks.
    pub strategy: Strategy,
    /// So often everybody is told what is held here, in milliseconds. It costs a hash of the state.
    pub heartbeat_ms: u64,
    /// After so many milliseconds what nobody acknowledged is sent again; twice as many each time, up to 16 times as many.
    pub retry_ms: u64,
    /// A message is at most so many bytes long; longer ones travel in parts.
    pub message_bytes: usize,
    /// So many bytes may wait for a peer. What is more is left out, and sent when it asks again.
    pub queue_bytes: usize,
    /// So many events are kept for who listens.
    pub events: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            heartbeat_ms: 5_000,
            retry_ms: 500,
            message_bytes: 1 << 20,
            queue_bytes: 4 << 20,
            events: 1_024,
        }
    }
}

impl Options {
    /// Default options with a strategy.
    #[must_use]
    pub fn with(strategy: Strategy) -> Self {
        Self {
            strategy,
            ..Self::default()
        }
    }
}
