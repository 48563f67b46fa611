//! [`TwoPSet`]: a set whose elements come once and go once.

use super::grown::{Grown, grown_set};
use super::{Apply, Crdt, Merge, Restamp, Synced, Unknown, same};
use crate::codec::{Dec, DecodeError, Enc, Kind};
use crate::edit::At;
use crate::history::Assume;
use crate::value::{Assign, Element, Raw};
use crate::{Stamp, Value};

/// A two-phase set: what was taken out never comes back, whoever puts it in again and whenever. A remove beats every insert.
///
/// # Law
/// Merging is the union of what was ever inserted and the union of what was ever removed, hence commutative, associative and
/// idempotent; what is in the first and not in the second is held.
///
/// # Cost
/// Insert, remove and look-up are O(1), a merge is O(n). Removed elements are kept for ever: that is what the type is for (revoked
/// keys, closed tickets). For elements that come and go see [`crate::OrSet`].
///
/// # Paper
/// Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011.
#[derive(Clone)]
pub struct TwoPSet<V: Element>(Grown<V>);

grown_set!(TwoPSet, TwoPSetEdit, removes: true);

impl<V: Element<Tag = ()>> TwoPSet<V> {
    /// True when the element was taken out, so that it cannot come back. O(1).
    #[must_use]
    pub fn is_removed(&self, value: impl Assign<V>) -> bool {
        self.0.is_out(&value.assign().canonical())
    }
}

impl<V: Element> TwoPSetEdit<'_, V> {
    /// Puts an element in; true when it was not there and had never been taken out. An element that nests too deep refuses the
    /// whole edit. Any remove of it, concurrent ones too, wins over it. O(1).
    pub fn insert(&mut self, value: impl Assign<V>) -> bool {
        self.set.0.put(self.at, value.assign().canonical())
    }

    /// Takes an element out for ever; true when it was there. It wins over concurrent inserts. O(1).
    pub fn remove(&mut self, value: impl Assign<V>) -> bool {
        self.set.0.take(self.at, value.assign().canonical())
    }

    /// Takes out, for ever, all elements that are there. What others insert concurrently stays. O(n).
    pub fn clear(&mut self) {
        let all: Vec<V> = self.set.iter().cloned().collect();
        for value in all {
            self.set.0.take(self.at, value);
        }
    }
}
