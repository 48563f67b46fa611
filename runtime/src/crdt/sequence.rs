//! [`Sequence`]: a list of items with an identity, which people insert, move and delete at once.
//!
//! What it shares with text stands in `core`: items (`ids`), how they hang (`tree`), where they stand (`order`), ops and state.
//! Written values are the sequence's own.

mod audit;
mod check;
mod collect;
mod column;
mod content;
mod core;
mod edits;
mod graves;
mod ids;
mod kill;
mod mutant;
mod numbers;
mod ops;
mod order;
mod origin;
mod positions;
mod restamp;
mod sections;
mod state;
mod tree;
mod undo;
mod view;
mod wire;
mod writer;
mod written;

use std::collections::BTreeMap;
use std::fmt;

pub(crate) use check::{
    check_positions_ops, check_positions_state, check_sequence_ops, check_sequence_state,
};
pub(crate) use content::{Utf8, byte_of};
pub(crate) use core::Core;
pub(crate) use positions::{Items as PositionsRead, Made, Positions, read_made};
pub(crate) use undo::ITEM_PLACES;
pub use view::SequenceEdit;

use self::content::Items;
use self::ids::Num;
use super::Synced;
use super::atoms::Atoms;
use crate::codec::{Kind, ValueKind};
use crate::edit::At;
use crate::value::{Assign, Element, Raw};

/// A list in which every element has an identity.
///
/// # Law
/// An element inserted between two others stays between them, and what one person inserts in a row stays together, whoever
/// inserts beside it at once. An element that is moved keeps its identity: of two concurrent moves the later wins, writes to
/// it go along, and a delete beats both. Merging is the union of items and of deletes; so it is commutative, associative and
/// idempotent.
///
/// # Cost
/// Reads, inserts, deletes and moves at an index are O(log n), a merge is O(n log n). In memory a run of inserts is one entry of
/// each table, whatever its length, beside its values.
///
/// # Paper
/// FugueMax: Weidner and Kleppmann, "The Art of the Fugue: minimizing interleaving in collaborative text editing", 2023; moves
/// after Kleppmann, "Moving elements in list CRDTs", 2020.
///
/// # Example
/// ```
/// use holo_runtime::{Error, Replica, ReplicaId, Sequence};
///
/// let mut alice = Replica::<Sequence<String>>::new(ReplicaId::random());
/// let mut bob = Replica::<Sequence<String>>::new(ReplicaId::random());
/// alice.edit(|list| { list.push("bread"); list.push("milk"); });
/// bob.apply(alice.changes_since(bob.version()))?;
/// alice.try_edit(|list| list.insert(1, "butter").map_err(Error::from))?;
/// bob.try_edit(|list| list.move_item(1, 0).map_err(Error::from))?;
/// bob.apply(alice.changes_since(bob.version()))?;
/// assert_eq!(bob.state().to_vec(), ["milk", "bread", "butter"]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Sequence<V: Element> {
    core: Core<Items<V>>,
    /// Values that were written over those that elements came with.
    written: BTreeMap<Num, Atoms<V>>,
    /// Elements that the open change wrote to.
    dirty: Vec<Num>,
}

/// A place that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// Beyond the end.
    #[error("index {index} is beyond the end, which is at {len}")]
    Beyond {
        /// The index.
        index: usize,
        /// The length.
        len: usize,
    },
    /// Inside a character that takes two UTF-16 units.
    #[error("UTF-16 index {0} is inside a character")]
    Inside(usize),
}

impl Sequence<Raw> {
    pub(crate) fn unknown(value: ValueKind) -> Self {
        Self::with_tag(value)
    }
}

impl<V: Element<Tag = ()>> Sequence<V> {
    /// A list that starts with these elements: they are part of the declaration, the same everywhere, and sent to nobody. O(n).
    #[must_use]
    pub fn new<A: Assign<V>>(values: impl IntoIterator<Item = A>) -> Self {
        let values = values.into_iter().map(|value| value.assign().canonical());
        let (mut list, mut values) = (Self::with_tag(()), values.collect::<Vec<V>>());
        list.core.start(values.len() as u32, &mut values);
        list
    }
}

impl<V: Element> Sequence<V> {
    pub(crate) fn with_tag(tag: V::Tag) -> Self {
        Self {
            core: Core::new(tag),
            written: BTreeMap::new(),
            dirty: Vec::new(),
        }
    }

    /// How many elements there are. O(1).
    #[must_use]
    pub fn len(&self) -> usize {
        self.core.len() as usize
    }

    /// True when there are none. O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.core.len() == 0
    }

    /// The element at an index. O(log n).
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&V> {
        let index = u32::try_from(index).ok()?;
        let (chunk, _, inside, _) = self.core.order().chunk_at(index, false)?;
        chunk.get(inside as usize)
    }

    /// The elements in order. O(n) for all.
    pub fn iter(&self) -> impl Iterator<Item = &V> {
        self.core.order().leaves().flat_map(|(chunk, _, _)| chunk)
    }

    /// The elements in order, copied. O(n).
    #[must_use]
    pub fn to_vec(&self) -> Vec<V> {
        self.iter().cloned().collect()
    }
}

impl<V: Element<Tag = ()>> Default for Sequence<V> {
    fn default() -> Self {
        Self::with_tag(())
    }
}

impl<V: Element> fmt::Debug for Sequence<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<V: Element<Tag = ()>> Synced for Sequence<V> {
    type Edit<'a> = SequenceEdit<'a, V>;

    fn kind_of() -> Kind {
        Kind::Sequence(V::kind(&()))
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        SequenceEdit::new(self, at)
    }
}

#[cfg(test)]
mod tests;
