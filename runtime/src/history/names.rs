//! [`Names`]: items of lists and texts that went and came back. They come back as new items; steps know them by their first names.

use std::collections::BTreeMap;

use crate::Stamp;

/// First and present names, by the way to the list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    lists: BTreeMap<Vec<u8>, List>,
    len: usize,
}

#[derive(Clone, Debug, Default)]
struct List {
    now: BTreeMap<Stamp, Stamp>,
    first: BTreeMap<Stamp, Stamp>,
}

impl Names {
    /// The first name of an item.
    pub(crate) fn first(&self, way: &[u8], stamp: Stamp) -> Stamp {
        let list = self.lists.get(way);
        let first = list.and_then(|list| list.first.get(&stamp));
        first.copied().unwrap_or(stamp)
    }

    /// The name that an item has now, by any that it has had.
    pub(crate) fn now(&self, way: &[u8], stamp: Stamp) -> Stamp {
        let first = self.first(way, stamp);
        let list = self.lists.get(way);
        let now = list.and_then(|list| list.now.get(&first));
        now.copied().unwrap_or(first)
    }

    /// True when no item of a list has come back.
    pub(crate) fn is_plain(&self, way: &[u8]) -> bool {
        !self.lists.contains_key(way)
    }

    /// An item has come back under another name.
    pub(crate) fn rename(&mut self, way: &[u8], stamp: Stamp, now: Stamp) {
        let first = self.first(way, stamp);
        let list = self.lists.entry(way.to_vec()).or_default();
        list.now.insert(first, now);
        list.first.insert(now, first);
        self.len += 1;
    }

    /// About how many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.len * 4 * size_of::<Stamp>()
    }
}
