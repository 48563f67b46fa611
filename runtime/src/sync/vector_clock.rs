//! [`VectorClock`]: who has seen what of whom, for an application's own messages. Replicas have [`crate::Version`] instead.

use std::collections::BTreeMap;

use crate::ReplicaId;

/// How two clocks stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Causality {
    /// The first is in the past of the second.
    Before,
    /// The second is in the past of the first.
    After,
    /// They are the same.
    Equal,
    /// Neither has seen the other. This is not the same as equal.
    Concurrent,
}

/// A count of events for each of some nodes.
///
/// Laws: [`VectorClock::merge`] is commutative, associative and idempotent; a clock is before its increment; two clocks that were
/// incremented without a merge between them are concurrent. Clocks have no total order, so there is no `Ord`. A count of zero is the
/// same as none.
///
/// Cost: O(nodes), increments O(log nodes). (Fidge, 1988; Mattern, 1989.)
///
/// ```
/// use holo_runtime::sync::{Causality, VectorClock};
///
/// let mut alice = VectorClock::new();
/// alice.increment("alice")?;
/// let mut bob = alice.clone();
/// bob.increment("bob")?;
/// assert_eq!(alice.compare(&bob), Causality::Before);
/// alice.increment("alice")?;
/// assert_eq!(alice.compare(&bob), Causality::Concurrent);
/// # Ok::<(), holo_runtime::sync::ClockOverflow>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VectorClock<K: Ord = ReplicaId> {
    counts: BTreeMap<K, u64>,
}

/// A node has counted all that it can. The clock is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a vector clock's count is at its end")]
pub struct ClockOverflow;

impl<K: Ord> Default for VectorClock<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Ord> VectorClock<K> {
    /// A clock that has seen nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            counts: BTreeMap::new(),
        }
    }

    /// Counts an event of a node; the new count.
    ///
    /// # Errors
    /// [`ClockOverflow`] where the count is `u64::MAX`; it never starts again.
    pub fn increment(&mut self, node: K) -> Result<u64, ClockOverflow> {
        let count = self.counts.get(&node).copied().unwrap_or(0);
        let next = count.checked_add(1).ok_or(ClockOverflow)?;
        self.counts.insert(node, next);
        Ok(next)
    }

    /// How many events of a node it has seen.
    #[must_use]
    pub fn get(&self, node: &K) -> u64 {
        self.counts.get(node).copied().unwrap_or(0)
    }

    /// Sets how many events of a node it has seen, as when it was read from somewhere.
    pub fn set(&mut self, node: K, count: u64) {
        match count {
            0 => drop(self.counts.remove(&node)),
            count => drop(self.counts.insert(node, count)),
        }
    }

    /// The nodes and their counts, by node.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, u64)> {
        self.counts.iter().map(|(node, count)| (node, *count))
    }

    /// How this clock stands to another.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Causality {
        let within = |a: &Self, b: &Self| a.iter().all(|(node, count)| count <= b.get(node));
        match (within(self, other), within(other, self)) {
            (true, true) => Causality::Equal,
            (true, false) => Causality::Before,
            (false, true) => Causality::After,
            (false, false) => Causality::Concurrent,
        }
    }
}

impl<K: Ord + Clone> VectorClock<K> {
    /// Sees what the other has seen as well.
    pub fn merge(&mut self, other: &Self) {
        for (node, count) in other.iter() {
            if count > self.get(node) {
                self.counts.insert(node.clone(), count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(counts: [u64; 3]) -> VectorClock<usize> {
        let mut clock = VectorClock::new();
        counts
            .into_iter()
            .enumerate()
            .for_each(|(node, count)| clock.set(node, count));
        clock
    }

    fn all() -> Vec<VectorClock<usize>> {
        let counts = (0..27).map(|n| [n % 3, n / 3 % 3, n / 9]);
        counts.map(clock).collect()
    }

    #[test]
    fn merging_is_the_least_upper_bound() {
        for a in &all() {
            for b in &all() {
                let (mut ab, mut ba) = (a.clone(), b.clone());
                ab.merge(b);
                ba.merge(a);
                assert_eq!(ab, ba);
                assert_ne!(a.compare(&ab), Causality::After);
                assert_ne!(a.compare(&ab), Causality::Concurrent);
                for c in &all() {
                    let above = |x: &VectorClock<usize>| {
                        matches!(x.compare(c), Causality::Before | Causality::Equal)
                    };
                    assert_eq!(above(&ab), above(a) && above(b), "{a:?} {b:?} {c:?}");
                }
            }
        }
    }

    #[test]
    fn equal_is_told_apart_from_concurrent() {
        for a in &all() {
            for b in &all() {
                let expected = match (a.compare(b), a == b) {
                    (Causality::Equal, same) | (_, same @ true) => {
                        assert!(same && a.compare(b) == Causality::Equal);
                        Causality::Equal
                    }
                    (Causality::Before, _) => Causality::After,
                    (Causality::After, _) => Causality::Before,
                    (Causality::Concurrent, _) => Causality::Concurrent,
                };
                assert_eq!(b.compare(a), expected);
            }
        }
        assert_eq!(
            clock([1, 0, 0]).compare(&clock([0, 1, 0])),
            Causality::Concurrent
        );
        assert_eq!(
            clock([1, 0, 0]).compare(&clock([1, 1, 0])),
            Causality::Before
        );
    }

    #[test]
    fn a_count_at_its_end_is_an_error_and_stays() {
        let mut clock = clock([u64::MAX - 1, 0, 0]);
        assert_eq!(clock.increment(0), Ok(u64::MAX));
        assert_eq!(clock.increment(0), Err(ClockOverflow));
        assert_eq!(clock.get(&0), u64::MAX);
        assert_eq!(clock.increment(1), Ok(1));
    }
}
