//! The clock guard: one peer in the year 9999 neither wins for ever nor drags everybody's clock along.

/// How far in the future a change may claim to be.
///
/// A server has a clock to trust and refuses early ([`Guard::trusted`]); a replica among peers cannot know whose clock is
/// wrong, so it reports a skew and holds a change back only when it is beyond doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// From this many milliseconds ahead a change is counted in [`crate::Applied::ahead`].
    pub report_ms: u64,
    /// From this many milliseconds ahead it is held back until the clock gets there.
    pub hold_ms: u64,
}

impl Guard {
    /// For a replica with a trusted clock: holds beyond 5 minutes.
    #[must_use]
    pub const fn trusted() -> Self {
        Self {
            report_ms: 5 * 60_000,
            hold_ms: 5 * 60_000,
        }
    }
}

impl Default for Guard {
    /// For a replica among peers: reports from 5 minutes, holds beyond 24 hours.
    fn default() -> Self {
        Self {
            report_ms: 5 * 60_000,
            hold_ms: 24 * 60 * 60_000,
        }
    }
}
