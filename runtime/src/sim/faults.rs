//! [`Faults`]: what may go wrong in a simulated network, and how often.

/// What may go wrong in a simulated network. Percentages are of messages or of steps, times are milliseconds.
///
/// ```
/// use holo_runtime::sim::{Faults, Sim};
/// use holo_runtime::PnCounter;
///
/// // A network that is slow and drops half of what it gets, between processes that never die.
/// let faults = Faults { loss: 50, delay_ms: (50, 400), restarts: 0, ..Faults::default() };
/// let mut sim = Sim::<PnCounter>::new(1, 2).with_faults(faults);
/// sim.run(50, |counter, _| counter.increment(1));
/// sim.assert_converged();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    /// Messages that never arrive, in percent.
    pub loss: usize,
    /// Messages that arrive twice, in percent.
    pub duplicates: usize,
    /// The least and the greatest time that a message takes. Messages overtake each other within it.
    pub delay_ms: (u64, u64),
    /// By how much clocks differ, at most.
    pub skew_ms: u64,
    /// Steps at which a link breaks, or heals, in percent.
    pub partitions: usize,
    /// Steps at which a process dies and comes back from what it had stored, in percent. What it had not stored is lost, which
    /// the others may hold all the same.
    pub restarts: usize,
    /// Changes that a log keeps; a small number forces snapshots.
    pub log: usize,
}

impl Default for Faults {
    /// A bad network: a tenth of the messages lost, as many doubled, up to 300 ms late, clocks a minute apart, links that break, and
    /// now and then a process that dies.
    fn default() -> Self {
        Self {
            loss: 10,
            duplicates: 10,
            delay_ms: (5, 300),
            skew_ms: 60_000,
            partitions: 2,
            restarts: 1,
            log: 50,
        }
    }
}

impl Faults {
    /// A network that does everything right, at once.
    pub const NONE: Self = Self {
        loss: 0,
        duplicates: 0,
        delay_ms: (0, 0),
        skew_ms: 0,
        partitions: 0,
        restarts: 0,
        log: 65_536,
    };
}
