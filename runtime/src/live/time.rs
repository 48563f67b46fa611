//! [`Shift`]: how far a sender's clock and the way here put its times behind ours.
//!
//! An estimate from arrivals alone: what came fastest in the last seconds came without waiting.

/// How long an arrival counts.
const WINDOW_MS: u64 = 5_000;
/// The estimate moves by one millisecond in so many.
const SLOWNESS: u64 = 16;

/// What has to be added to a sender's times: at least the difference of the clocks, at most that and the fastest way.
///
/// It follows the least difference of two windows, slowly, so that times that are shifted by it keep their order.
#[derive(Clone, Debug)]
pub(super) struct Shift {
    /// The least difference of this window and of the last.
    least: [i64; 2],
    since: u64,
    /// What the estimate was, and when.
    held: (i64, u64),
}

impl Shift {
    /// From a first arrival: `now` here, `at` there.
    pub(super) fn new(at: u64, now: u64) -> Self {
        let difference = difference(at, now);
        Self {
            least: [difference; 2],
            since: now,
            held: (difference, now),
        }
    }

    /// Counts an arrival.
    pub(super) fn hear(&mut self, at: u64, now: u64) {
        // What is left of a millisecond's time stays: arrivals may come faster than the estimate moves.
        let left = now.saturating_sub(self.held.1) % SLOWNESS;
        self.held = (self.at(now), (now - left.min(now)).max(self.held.1));
        if now.saturating_sub(self.since) >= WINDOW_MS {
            self.least = [difference(at, now), self.least[0]];
            self.since = now;
        }
        self.least[0] = self.least[0].min(difference(at, now));
    }

    /// What to add at this moment.
    pub(super) fn at(&self, now: u64) -> i64 {
        let target = self.least[0].min(self.least[1]);
        let (held, since) = self.held;
        let most = (now.saturating_sub(since) / SLOWNESS) as i64;
        held + (target - held).clamp(-most, most)
    }
}

fn difference(at: u64, now: u64) -> i64 {
    let clamp = |millis: u64| {
        i64::try_from(millis)
            .unwrap_or(i64::MAX / 4)
            .min(i64::MAX / 4)
    };
    clamp(now) - clamp(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_the_fastest_way_and_never_hurries() {
        let mut shift = Shift::new(1_000, 5_080);
        let mut before = shift.at(5_080);
        for tick in 1..400u64 {
            let (sent, late) = (1_000 + tick * 50, [80, 20, 55, 120][tick as usize % 4]);
            let now = sent + 4_000 + late;
            shift.hear(sent, now);
            assert!((shift.at(now) - before).abs() <= 20, "{tick}");
            before = shift.at(now);
        }
        assert_eq!(before, 4_020);
    }

    #[test]
    fn it_follows_a_way_that_grew_longer() {
        let mut shift = Shift::new(0, 20);
        for tick in 1..600u64 {
            shift.hear(tick * 50, tick * 50 + 200);
        }
        assert_eq!(shift.at(30_200), 200);
    }
}
