//! Where a replica reads the wall clock. Time is injected, so that a test or a simulator owns it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of wall-clock time in Unix milliseconds. Clones share it.
#[derive(Clone)]
#[non_exhaustive]
pub enum Clock {
    /// The operating system's clock; not there in a browser, where [`Clock::custom`] asks `Date.now()`.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    System,
    /// A clock that stands still until it is advanced.
    Manual(Arc<AtomicU64>),
    /// A function that returns Unix milliseconds.
    Custom(Arc<dyn Fn() -> u64 + Send + Sync>),
}

impl Clock {
    /// A clock that stands at `millis` until [`Clock::advance`] moves it.
    #[must_use]
    pub fn manual(millis: u64) -> Self {
        Self::Manual(Arc::new(AtomicU64::new(millis)))
    }

    /// A clock that asks `now` for Unix milliseconds.
    #[must_use]
    pub fn custom(now: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self::Custom(Arc::new(now))
    }

    /// Moves a manual clock forward. Other clocks move by themselves and take no notice.
    pub fn advance(&self, millis: u64) {
        if let Self::Manual(now) = self {
            now.fetch_add(millis, Ordering::Relaxed);
        }
    }

    /// Unix milliseconds now. A clock before 1970 reads zero.
    #[must_use]
    pub fn now_millis(&self) -> u64 {
        match self {
            #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
            Self::System => std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| {
                    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
                }),
            Self::Manual(now) => now.load(Ordering::Relaxed),
            Self::Custom(now) => now(),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
            Self::System => f.write_str("System"),
            Self::Manual(now) => write!(f, "Manual({})", now.load(Ordering::Relaxed)),
            Self::Custom(_) => f.write_str("Custom"),
        }
    }
}
