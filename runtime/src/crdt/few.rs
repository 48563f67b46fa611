//! [`Few`]: a map that has mostly one or two entries, as the unknown fields of an orb.
//!
//! A tree would make room for a dozen at once, and whoever sends one orb in another, again and again, would make it do so for every
//! byte of theirs. What stands in it does not belong here.

use std::collections::BTreeMap;

/// Up to so many entries stand in a list of just that length.
const FEW: usize = 16;

/// Entries by key, in the order of the keys.
#[derive(Clone, Debug)]
pub(super) enum Few<K, V> {
    /// Hardly any, sorted.
    List(Vec<(K, V)>),
    /// More than that, or fewer than there were.
    Tree(BTreeMap<K, V>),
}

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl<K: Ord, V> Few<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        match self {
            Self::List(list) => {
                let at = list.binary_search_by(|(held, _)| held.cmp(key)).ok()?;
                list.get(at).map(|(_, value)| value)
            }
            Self::Tree(tree) => tree.get(key),
        }
    }

    /// What stands under a key, made if nothing does. O(log entries).
    pub(super) fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if let Self::List(list) = self
            && list.len() >= FEW
            && list.binary_search_by(|(held, _)| held.cmp(&key)).is_err()
        {
            *self = Self::Tree(std::mem::take(list).into_iter().collect());
        }
        match self {
            Self::Tree(tree) => tree.entry(key).or_insert_with(make),
            Self::List(list) => {
                let at = match list.binary_search_by(|(held, _)| held.cmp(&key)) {
                    Ok(at) => at,
                    Err(at) => {
                        list.reserve_exact(1);
                        list.insert(at, (key, make()));
                        at
                    }
                };
                &mut list[at].1
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let (list, tree) = match self {
            Self::List(list) => (Some(list), None),
            Self::Tree(tree) => (None, Some(tree)),
        };
        let list = list.into_iter().flatten().map(|(key, value)| (key, value));
        list.chain(tree.into_iter().flatten())
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        let (list, tree) = match self {
            Self::List(list) => (Some(list), None),
            Self::Tree(tree) => (None, Some(tree)),
        };
        let list = list.into_iter().flatten().map(|(_, value)| value);
        list.chain(tree.into_iter().flat_map(BTreeMap::values_mut))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_map_whether_it_has_few_entries_or_many() {
        let (mut few, mut map) = (Few::default(), BTreeMap::new());
        for step in 0..60u32 {
            let key = step * 37 % 41;
            *few.entry(key, || 0) += step;
            *map.entry(key).or_insert(0) += step;
            assert!(few.iter().eq(map.iter()), "after {step}");
            assert_eq!((few.get(&key), few.get(&99)), (map.get(&key), None));
        }
        few.values_mut().for_each(|value| *value = 1);
        assert_eq!(few.values().sum::<u32>(), 41);
    }
}
