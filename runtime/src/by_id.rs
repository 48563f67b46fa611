//! [`ById`]: values by replica, sorted, in one piece of memory.
//!
//! Versions and hashes of chains are compared and joined whole far more often than one replica is added to them. What the values mean
//! is not known here.

use crate::ReplicaId;

/// Values by replica. Looking one up is O(log replicas), adding a replica O(replicas), walking through all of them next to nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ById<T>(Vec<(ReplicaId, T)>);

impl<T: Copy> ById<T> {
    /// Entries that ascend by replica.
    pub(crate) fn of(sorted: Vec<(ReplicaId, T)>) -> Self {
        debug_assert!(sorted.is_sorted_by(|(a, _), (b, _)| a < b));
        Self(sorted)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn find(&self, replica: ReplicaId) -> Result<usize, usize> {
        if let [(only, _)] = self.0.as_slice()
            && *only == replica
        {
            return Ok(0);
        }
        self.0.binary_search_by_key(&replica, |(held, _)| *held)
    }

    pub(crate) fn get(&self, replica: ReplicaId) -> Option<T> {
        let (_, value) = self.0.get(self.find(replica).ok()?)?;
        Some(*value)
    }

    /// Entries by replica.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (ReplicaId, T)> + '_ {
        self.0.iter().copied()
    }

    pub(crate) fn set(&mut self, replica: ReplicaId, value: T) {
        match self.find(replica) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (replica, value)),
        }
    }

    /// Sets a value unless a greater one is there.
    pub(crate) fn raise(&mut self, replica: ReplicaId, value: T)
    where
        T: Ord,
    {
        match self.find(replica) {
            Ok(at) => self.0[at].1 = value.max(self.0[at].1),
            Err(at) => self.0.insert(at, (replica, value)),
        }
    }

    pub(crate) fn remove(&mut self, replica: ReplicaId) {
        if let Ok(at) = self.find(replica) {
            self.0.remove(at);
        }
    }

    /// Keeps the entries for which this holds, which may change their values.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(ReplicaId, &mut T) -> bool) {
        self.0.retain_mut(|(replica, value)| keep(*replica, value));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes in others, which ascend by replica; where both have one, what is made of ours and theirs. O(replicas of both) at most.
    pub(crate) fn join(
        &mut self,
        others: impl Iterator<Item = (ReplicaId, T)>,
        both: impl Fn(T, T) -> T,
    ) {
        let (mut at, mut missing) = (0, Vec::new());
        for (replica, theirs) in others {
            let rest = self.0.get(at..).unwrap_or_default();
            let before = |(held, _): &(ReplicaId, T)| *held < replica;
            // The next is near where both have many, and may be far where there are few others.
            let near = rest.iter().take(8).position(|entry| !before(entry));
            at += near.unwrap_or_else(|| rest.partition_point(before));
            match self.0.get_mut(at) {
                Some((held, ours)) if *held == replica => *ours = both(*ours, theirs),
                _ => missing.push((replica, theirs)),
            }
        }
        match *missing.as_slice() {
            [] => {}
            [(replica, value)] => self.set(replica, value),
            _ => {
                // Two ascending runs, which the sort finds.
                self.0.append(&mut missing);
                self.0.sort_by_key(|(replica, _)| *replica);
            }
        }
    }

    /// The values, for who asks for many of them.
    pub(crate) fn lookup(&self) -> Lookup<'_, T> {
        Lookup {
            all: &self.0,
            next: 0,
        }
    }
}

/// Values by replica: O(1) where the next is asked for, or one that would stand before it and is not there; O(log replicas)
/// elsewhere.
pub(crate) struct Lookup<'a, T> {
    all: &'a [(ReplicaId, T)],
    /// Behind the last that was asked for.
    next: usize,
}

impl<T: Copy> Lookup<'_, T> {
    pub(crate) fn get(&mut self, replica: ReplicaId) -> Option<T> {
        let next = self.all.get(self.next);
        let before = || self.all.get(self.next.checked_sub(1)?);
        let found = match next {
            Some((held, _)) if *held == replica => Ok(self.next),
            Some((held, _)) if *held < replica => self.find(replica),
            _ if before().is_none_or(|(held, _)| *held < replica) => Err(self.next),
            _ => self.find(replica),
        };
        self.next = found.map_or_else(|at| at, |at| at + 1);
        self.all.get(found.ok()?).map(|(_, value)| *value)
    }

    fn find(&self, replica: ReplicaId) -> Result<usize, usize> {
        self.all.binary_search_by_key(&replica, |(held, _)| *held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> ReplicaId {
        ReplicaId::new(n).unwrap()
    }

    fn every(step: u64, plus: u64) -> ById<u64> {
        let entries = (1..=60 / step).map(|n| (id(n * step), n * step % 7 + plus));
        ById::of(entries.collect())
    }

    #[test]
    fn joined_as_a_whole_is_as_joined_one_by_one() {
        for (one, other) in [(1, 2), (2, 1), (2, 3), (61, 1), (1, 30), (3, 50), (50, 3)] {
            for plus in 1..=3 {
                let (ours, theirs) = (every(one, 2), every(other, plus));
                let (mut joined, mut slowly) = (ours.clone(), ours.clone());
                joined.join(theirs.iter(), u64::max);
                for (replica, value) in theirs.iter() {
                    let held = slowly.get(replica).unwrap_or_default();
                    slowly.set(replica, held.max(value));
                }
                assert_eq!(joined, slowly, "{one} {other} {plus}");
            }
        }
    }

    #[test]
    fn many_are_found_in_any_order() {
        let some = every(3, 1);
        let mut found = some.lookup();
        let asked = [
            3, 4, 5, 6, 9, 9, 8, 7, 3, 1, 2, 60, 61, 62, 60, 2, 6, 12, 11,
        ];
        for n in asked.into_iter().chain(1..64) {
            assert_eq!(found.get(id(n)), some.get(id(n)), "{n}");
        }
    }
}
