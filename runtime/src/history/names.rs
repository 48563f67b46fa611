//! [`Names`]: items of lists, texts and documents that go by another name by now. Steps know them by their first.
//!
//! An item that came back is a new one; and what is made again under a fresh id has new stamps.

use std::collections::BTreeMap;

use crate::{Hlc, ReplicaId, Stamp};

/// First and present names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// What came back, by the way to the list.
    lists: BTreeMap<Vec<u8>, List>,
    len: usize,
    /// What was made again: rows by their old names, and by their new ones.
    again: Rows,
    before: Rows,
}

#[derive(Clone, Debug, Default)]
struct List {
    now: BTreeMap<Stamp, Stamp>,
    first: BTreeMap<Stamp, Stamp>,
}

/// Rows of items by the first: how many, and another name of the first.
#[derive(Clone, Debug, Default)]
struct Rows(BTreeMap<(Option<ReplicaId>, Hlc), (u32, Stamp)>);

impl Rows {
    fn get(&self, stamp: Stamp) -> Option<Stamp> {
        let upto = ..=(stamp.replica, stamp.time);
        let ((replica, time), (len, other)) = self.0.range(upto).next_back()?;
        let inside = stamp.time.bits().checked_sub(time.bits())?;
        let time = other.time.checked_add(inside)?;
        let held = *replica == stamp.replica && inside < u64::from(*len);
        held.then_some(Stamp { time, ..*other })
    }

    /// The last of the names that follow one another.
    fn last(&self, mut stamp: Stamp) -> Stamp {
        // Each leads to another id, so there are no more than rows.
        for _ in 0..self.0.len() {
            match self.get(stamp) {
                Some(next) => stamp = next,
                None => break,
            }
        }
        stamp
    }
}

impl Names {
    /// The first name of an item.
    pub(crate) fn first(&self, way: &[u8], stamp: Stamp) -> Stamp {
        let stamp = self.before.last(stamp);
        let list = self.lists.get(way);
        let first = list.and_then(|list| list.first.get(&stamp));
        first.copied().unwrap_or(stamp)
    }

    /// The name that an item has now, by any that it has had.
    pub(crate) fn now(&self, way: &[u8], stamp: Stamp) -> Stamp {
        let first = self.first(way, stamp);
        let list = self.lists.get(way);
        let now = list.and_then(|list| list.now.get(&first));
        self.again(now.copied().unwrap_or(first))
    }

    /// What this very item, which may have gone, is called since it was made again.
    pub(crate) fn again(&self, stamp: Stamp) -> Stamp {
        self.again.last(stamp)
    }

    /// True when no item of a list has come back.
    pub(crate) fn is_plain(&self, way: &[u8]) -> bool {
        !self.lists.contains_key(way)
    }

    /// An item has come back under another name.
    pub(crate) fn rename(&mut self, way: &[u8], stamp: Stamp, now: Stamp) {
        let (first, now) = (self.first(way, stamp), self.before.last(now));
        let list = self.lists.entry(way.to_vec()).or_default();
        list.now.insert(first, now);
        list.first.insert(now, first);
        self.len += 1;
    }

    /// A row of items was made again.
    pub(crate) fn made_again(&mut self, (first, len): (Stamp, u32), now: Stamp) {
        let key = |stamp: Stamp| (stamp.replica, stamp.time);
        self.again.0.insert(key(first), (len, now));
        self.before.0.insert(key(now), (len, first));
        self.len += 1;
    }

    /// About how many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.len * 4 * size_of::<Stamp>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(time: u64, replica: u64) -> Stamp {
        Stamp::new(Hlc::from_bits(time), ReplicaId::new(replica).unwrap())
    }

    #[test]
    fn an_item_is_known_by_every_name_it_had() {
        let (way, mut names) = ([7], Names::default());
        assert_eq!(names.now(&way, stamp(1, 1)), stamp(1, 1));
        names.rename(&way, stamp(1, 1), stamp(5, 1));
        names.rename(&way, stamp(5, 1), stamp(9, 1));
        names.made_again((stamp(8, 1), 3), stamp(20, 2));
        names.made_again((stamp(21, 2), 1), stamp(30, 3));
        for name in [
            stamp(1, 1),
            stamp(5, 1),
            stamp(9, 1),
            stamp(21, 2),
            stamp(30, 3),
        ] {
            assert_eq!(names.first(&way, name), stamp(1, 1), "{name:?}");
            assert_eq!(names.now(&way, name), stamp(30, 3), "{name:?}");
        }
        assert_eq!(names.again(stamp(1, 1)), stamp(1, 1));
        assert_eq!(names.now(&[8], stamp(10, 1)), stamp(22, 2));
        assert!(names.is_plain(&[8]) && !names.is_plain(&way));
    }
}
