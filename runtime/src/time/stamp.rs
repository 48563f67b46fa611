//! Hybrid logical time, replica ids, and the stamp that orders all writes.

use std::fmt;
use std::num::NonZeroU64;

/// A hybrid logical time: 48 bits of Unix milliseconds, then 16 bits of counter.
///
/// It follows the wall clock when that moves forward and counts when it does not, so that a replica's times strictly
/// increase and exceed every time it has seen. (Kulkarni et al., "Logical Physical Clocks", 2014.)
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hlc(u64);

impl Hlc {
    /// The origin of time: the stamp of initial values, never issued to a change.
    pub const ZERO: Self = Self(0);
    /// The last time there is.
    pub const MAX: Self = Self(u64::MAX);

    const COUNTER_BITS: u32 = 16;
    const MAX_MILLIS: u64 = (1 << 48) - 1;

    /// A time from its 64 bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The 64 bits of this time.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The first time of a millisecond of the Unix epoch; later than year 10889 counts as the last millisecond.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        let millis = if millis > Self::MAX_MILLIS {
            Self::MAX_MILLIS
        } else {
            millis
        };
        Self(millis << Self::COUNTER_BITS)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0 >> Self::COUNTER_BITS
    }

    /// The time `ticks` later, or none where time ends.
    #[must_use]
    pub const fn checked_add(self, ticks: u64) -> Option<Self> {
        match self.0.checked_add(ticks) {
            Some(bits) => Some(Self(bits)),
            None => None,
        }
    }

    /// The next time to issue: the wall clock's, or one more than the last.
    #[must_use]
    pub fn tick(last: Self, now_millis: u64) -> Option<Self> {
        let next = last.checked_add(1)?;
        Some(next.max(Self::from_millis(now_millis)))
    }
}

impl fmt::Debug for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}", self.millis(), self.0 & 0xffff)
    }
}

/// The identity of one replica of one document: a random number, never zero.
///
/// An id belongs to one running replica. A process that cannot prove that it knows the last change it made under an id
/// must start under a fresh one; two replicas that share an id fork its chain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicaId(NonZeroU64);

impl ReplicaId {
    /// An id from a number, none for zero. Use it where ids are handed out; otherwise [`ReplicaId::random`].
    #[must_use]
    pub const fn new(id: u64) -> Option<Self> {
        match NonZeroU64::new(id) {
            Some(id) => Some(Self(id)),
            None => None,
        }
    }

    /// A fresh id from the operating system's randomness.
    ///
    /// In a browser take 64 random bits from `crypto.getRandomValues` and use [`ReplicaId::new`].
    ///
    /// # Panics
    /// When the operating system has no randomness to give, which no caller could mend.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    #[must_use]
    pub fn random() -> Self {
        loop {
            match getrandom::u64() {
                Ok(id) => {
                    if let Some(id) = Self::new(id) {
                        return id;
                    }
                }
                Err(error) => panic!("the operating system gave no randomness: {error}"),
            }
        }
    }

    /// The id as a number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Debug for ReplicaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{:x}", self.0)
    }
}

impl fmt::Display for ReplicaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// When and by whom something was written. Stamps are totally ordered, by time and then by replica.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// The time.
    pub time: Hlc,
    /// The writer; none for an initial value, which nobody wrote.
    pub replica: Option<ReplicaId>,
}

impl Stamp {
    /// The stamp of initial values: before every write and covered by every version.
    pub const ORIGIN: Self = Self {
        time: Hlc::ZERO,
        replica: None,
    };

    /// The stamp of a write.
    #[must_use]
    pub const fn new(time: Hlc, replica: ReplicaId) -> Self {
        Self {
            time,
            replica: Some(replica),
        }
    }

    /// True for initial values.
    #[must_use]
    pub const fn is_origin(self) -> bool {
        self.replica.is_none()
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.replica {
            Some(replica) => write!(f, "{:?}@{replica:?}", self.time),
            None => f.write_str("origin"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tick_follows_the_wall_clock_and_never_stands_still() {
        let noon = Hlc::from_millis(1_000);
        assert_eq!(Hlc::tick(Hlc::ZERO, 1_000), Some(noon));
        assert_eq!(Hlc::tick(noon, 1_000), noon.checked_add(1));
        assert_eq!(
            Hlc::tick(noon, 400),
            noon.checked_add(1),
            "a clock set back does not rewind time"
        );
        assert_eq!(Hlc::tick(Hlc::MAX, 0), None);
    }

    #[test]
    fn the_counter_overflows_into_the_next_millisecond() {
        let mut time = Hlc::from_millis(7);
        for _ in 0..=u32::from(u16::MAX) {
            time = Hlc::tick(time, 7).unwrap();
        }
        assert_eq!(time, Hlc::from_millis(8));
    }

    #[test]
    fn stamps_order_by_time_then_replica_and_the_origin_is_first() {
        let [a, b] = [1, 2].map(|id| ReplicaId::new(id).unwrap());
        let at = Hlc::from_millis;
        assert!(Stamp::new(at(1), b) < Stamp::new(at(2), a));
        assert!(Stamp::new(at(1), a) < Stamp::new(at(1), b));
        assert!(Stamp::ORIGIN < Stamp::new(Hlc::ZERO, a));
        assert_eq!(size_of::<Stamp>(), 16);
    }
}
