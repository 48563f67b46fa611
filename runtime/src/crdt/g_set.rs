//! [`GSet`]: a set that only grows.

use std::fmt;
use std::ops::Deref;

use super::grown::Grown;
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

impl<V: Element<Tag = ()>> GSet<V> {
    /// A set that nobody wrote to, with the elements it has everywhere from the beginning. O(n).
    #[must_use]
    pub fn new<A: Assign<V>>(initial: impl IntoIterator<Item = A>) -> Self {
        let mut set = Self::default();
        for value in initial {
            set.0.hold(value.assign().canonical());
        }
        set
    }

    /// True when it holds the element. O(1).
    #[must_use]
    pub fn contains(&self, value: impl Assign<V>) -> bool {
        self.0.contains(&value.assign().canonical())
    }
}

impl GSet<Raw> {
    pub(crate) fn unknown(tag: crate::codec::ValueKind) -> Self {
        Self::with_tag(tag)
    }
}

impl<V: Element> GSet<V> {
    pub(crate) fn with_tag(tag: V::Tag) -> Self {
        Self(Grown::new(tag, false))
    }

    /// How many elements it holds. O(1).
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when it holds none. O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its elements, in an order of this replica's own. For the same order everywhere see [`GSet::sorted`]. O(n) for all.
    pub fn iter(&self) -> impl Iterator<Item = &V> {
        self.0.iter()
    }

    /// Its elements in the order of their canonical bytes, the same on every replica. O(n log n).
    #[must_use]
    pub fn sorted(&self) -> Vec<&V> {
        self.0.sorted()
    }
}

impl<V: Element<Tag = ()>> Default for GSet<V> {
    fn default() -> Self {
        Self(Grown::new((), false))
    }
}

impl<V: Element> fmt::Debug for GSet<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.sorted()).finish()
    }
}

impl<V: Element> Crdt for GSet<V> {
    fn kind(&self) -> Kind {
        Kind::GSet(V::kind(self.0.tag()))
    }

    fn settle(&mut self, _tx: Stamp) -> bool {
        self.0.settle()
    }

    fn pristine(&self) -> bool {
        self.0.pristine()
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        self.0.encode_ops(tx, out);
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        self.0.apply_ops(input, cx)
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        self.0.encode_state(out);
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        self.0.merge_state(input, cx)
    }

    fn start(&mut self, value: &Value) {
        self.0.start(value);
    }

    fn describe(&self, out: &mut String) {
        super::describe_line(&self.kind(), &self.0.to_value(), out);
    }

    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.0.restore(input)
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        self.0.restamp(input, at, cx)
    }

    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        if let Some(then) = same::<Self>(then) {
            self.0.assume(&then.0, at, how);
        }
    }
}

impl<V: Element<Tag = ()>> Synced for GSet<V> {
    type Edit<'a> = GSetEdit<'a, V>;

    fn kind_of() -> Kind {
        Kind::GSet(V::kind(&()))
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        GSetEdit::new(self, at)
    }
}

/// The view of a [`GSet`] inside an edit.
#[derive(Debug)]
pub struct GSetEdit<'a, V: Element> {
    set: &'a mut GSet<V>,
    at: At<'a>,
}

impl<'a, V: Element> GSetEdit<'a, V> {
    pub(crate) fn new(set: &'a mut GSet<V>, at: At<'a>) -> Self {
        Self { set, at }
    }

    /// Puts an element in, for ever; true when it was not there. An element that nests too deep refuses the whole edit.
    /// Concurrent inserts of one element are one. O(1).
    pub fn insert(&mut self, value: impl Assign<V>) -> bool {
        self.set.0.put(self.at, value.assign().canonical())
    }
}

impl<V: Element> Deref for GSetEdit<'_, V> {
    type Target = GSet<V>;

    fn deref(&self) -> &Self::Target {
        self.set
    }
}
