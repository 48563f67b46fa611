//! Measures: how long a piece of work takes, and how much memory. What is measured is the workloads'.

use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// How often a piece of work is done; the median counts.
const RUNS: usize = 5;
/// What takes longer than this is done once.
const SLOW: Duration = Duration::from_secs(5);

/// What came of it.
pub(crate) struct Measured<T> {
    /// The median.
    pub(crate) time: Duration,
    /// Of how many runs.
    pub(crate) runs: usize,
    /// The most memory that was in use at once, above what was in use before, in bytes.
    pub(crate) peak: usize,
    /// What the last run made.
    pub(crate) made: T,
}

/// Does a piece of work several times over.
pub(crate) fn measure<T>(mut work: impl FnMut() -> T) -> Measured<T> {
    measure_from(|| (), |()| work())
}

/// Does a piece of work several times over, each time from something freshly prepared, which is not measured.
pub(crate) fn measure_from<S, T>(
    mut prepare: impl FnMut() -> S,
    mut work: impl FnMut(S) -> T,
) -> Measured<T> {
    let mut times = Vec::new();
    loop {
        let start = prepare();
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let clock = Instant::now();
        let made = work(start);
        let time = clock.elapsed();
        let peak = MEMORY.peak_usage().saturating_sub(before);
        times.push(time);
        if times.len() == RUNS || time > SLOW {
            return Measured {
                time: median(&mut times),
                runs: times.len(),
                peak,
                made,
            };
        }
    }
}

/// Memory in use, in bytes.
pub(crate) fn in_use() -> usize {
    MEMORY.current_usage()
}

/// The one in the middle; zero of none.
pub(crate) fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// In milliseconds.
pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// In microseconds.
pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// In KiB.
pub(crate) fn kib(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}
