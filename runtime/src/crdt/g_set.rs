//! [`GSet`]: a set that only grows.

use super::grown::{Grown, grown_set};
use super::{Apply, Crdt, Merge, Restamp, Synced, Unknown, same};
use crate::codec::{Dec, DecodeError, Enc, Kind};
use crate::edit::At;
use crate::history::Assume;
use crate::value::{Assign, Element, Raw};
use crate::{Stamp, Value};

/// A grow-only set: elements are put in and stay. The union of all that was ever inserted.
///
/// # Law
/// Merging is union, hence commutative, associative and idempotent. An element that is there already is not sent again. Elements
/// are the same when their canonical bytes are.
///
/// # Cost
/// Insert and look-up are O(1), a merge is O(n); nothing is ever given back, so use it where the elements are few or meant to be
/// kept.
///
/// # Paper
/// Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011.
#[derive(Clone)]
pub struct GSet<V: Element>(Grown<V>);

grown_set!(GSet, GSetEdit, removes: false);

impl<V: Element> GSetEdit<'_, V> {
    /// Puts an element in, for ever; true when it was not there. An element that nests too deep refuses the whole edit.
    /// Concurrent inserts of one element are one. O(1).
    pub fn insert(&mut self, value: impl Assign<V>) -> bool {
        self.set.0.put(self.at, value.assign().canonical())
    }
}
