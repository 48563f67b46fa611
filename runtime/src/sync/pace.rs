//! [`Pace`]: when the next message is due, without drift and without bursts. It knows no clock; time is given.

/// A grid of moments, so many a second. What is due is due once, however late somebody looks.
///
/// The grid never moves: the next moment is the last one and a period, not the time of looking and a period. So a caller that
/// always looks a little late still gets the full rate. Moments that were missed are skipped, not made up for.
///
/// ```
/// use holo_runtime::sync::Pace;
///
/// let mut pace = Pace::hertz(20.0).unwrap();
/// assert!(pace.take(1_000));
/// assert!(!pace.take(1_049));
/// assert!(pace.take(1_057));
/// assert_eq!(pace.next(), Some(1_100));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    period: u128,
    /// The next moment, in nanoseconds; none before the first.
    next: Option<u128>,
}

const NANOS: u128 = 1_000_000;

impl Pace {
    /// The rate of who says nothing: 20 a second.
    pub const DEFAULT_HERTZ: f64 = 20.0;

    /// So many moments a second: from 1 to 240, none otherwise.
    #[must_use]
    pub fn hertz(rate: f64) -> Option<Self> {
        if !(1.0..=240.0).contains(&rate) {
            return None;
        }
        let period = (1e9 / rate) as u128;
        Some(Self { period, next: None })
    }

    /// True when a moment has come, which is then used up. The grid starts when this is asked first. O(1).
    pub fn take(&mut self, now: u64) -> bool {
        let now = u128::from(now) * NANOS;
        let next = self.next.unwrap_or(now);
        if now < next {
            return false;
        }
        let passed = (now - next) / self.period;
        self.next = Some(next + (passed + 1) * self.period);
        true
    }

    /// The first millisecond at which [`Pace::take`] says yes; none before the grid has started, when any does.
    #[must_use]
    pub fn next(&self) -> Option<u64> {
        let next = self.next?.div_ceil(NANOS);
        Some(u64::try_from(next).unwrap_or(u64::MAX))
    }
}

impl Default for Pace {
    fn default() -> Self {
        let period = 50 * NANOS;
        Self { period, next: None }
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn the_grid_does_not_drift_whatever_the_lateness() {
        for rate in [1.0, 20.0, 30.0, 60.0, 240.0] {
            let mut pace = Pace::hertz(rate).unwrap();
            let (mut taken, mut now) = (0, 5_000);
            while now < 65_000 {
                taken += u64::from(pace.take(now));
                now = pace.next().unwrap() + 1;
            }
            assert!(taken.abs_diff(rate as u64 * 60) <= 1, "{rate}: {taken}");
        }
    }

    #[test]
    fn what_was_missed_is_not_made_up_for() {
        let mut pace = Pace::hertz(20.0).unwrap();
        assert!(pace.take(0));
        assert!(pace.take(999));
        assert!(!pace.take(999));
        assert_eq!(pace.next(), Some(1_000));
    }

    #[test]
    fn rates_that_make_no_sense_are_none() {
        for rate in [0.0, 0.9, 240.1, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Pace::hertz(rate), None, "{rate}");
        }
    }
}
