//! [`OrSet`]: a set where a concurrent add beats a remove.

mod ops;
mod view;

use std::fmt;

pub use view::OrSetEdit;

use super::Synced;
use super::dots::Dots;
use super::slots::Slots;
use crate::Stamp;
use crate::codec::Kind;
use crate::edit::At;
use crate::mutants::{Mutant, on};
use crate::value::{Assign, Element, Raw};

/// An observed-remove set: a remove takes away what its author had seen, so an element added concurrently stays.
///
/// # Law
/// Each element holds the stamps of the adds that keep it in, one per replica; a remove carries the stamps it saw. A merge keeps a
/// stamp that both sides hold, or that one holds and the other's version does not cover; so it is commutative, associative and
/// idempotent. Elements are the same when their canonical bytes are.
///
/// # Cost
/// Insert, remove and look-up are O(1), a merge is O(n). Removed elements leave nothing behind, and never come back from a peer
/// that missed the remove; only initial ones are remembered.
///
/// # Paper
/// Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011; without tombstones after
/// Bieniusa et al., "An optimized conflict-free replicated set", 2012.
#[derive(Clone)]
pub struct OrSet<V: Element> {
    slots: Slots<V, Entry>,
    dirty: Vec<Dirty>,
    len: usize,
    tag: V::Tag,
}

/// What keeps an element in, or remembers that an initial one is out.
#[derive(Clone, Debug, Default, PartialEq)]
struct Entry {
    dots: Dots,
    origin: Origin,
    /// Inside a map of synchronised values, where the entry that holds the set may be removed and come back as new: the stamps
    /// of the removes of an initial element, which keep it out.
    marks: Option<Box<Dots>>,
    /// 1 + its number in the dirty list, 0 when the open change has not touched it.
    dirty: u32,
}

/// Whether an element is one of the initial ones.
///
/// An initial element that was removed stays marked. A peer whose schema lacks the field does not know the initial
/// elements; only the mark tells "removed" from "never heard of" when its snapshot is merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Origin {
    #[default]
    None,
    Held,
    Cut,
}

/// What the open change did to an element.
#[derive(Clone, Debug)]
struct Dirty {
    slot: u32,
    /// The stamps that kept it in before the change, the origin among them.
    before: Dots,
    /// Those of them that the change has cut.
    cut: Dots,
}

impl Entry {
    fn visible(&self) -> bool {
        !self.dots.is_empty() || self.holds_origin()
    }

    fn holds_origin(&self) -> bool {
        self.origin == Origin::Held && self.marks.is_none()
    }

    /// True when there is nothing left to remember.
    fn vacant(&self) -> bool {
        self.dots.is_empty() && self.origin == Origin::None && self.marks.is_none()
    }

    /// True when the state encodes it: it differs from its initial state.
    fn written(&self) -> bool {
        !self.dots.is_empty() || self.origin == Origin::Cut || self.marks.is_some()
    }

    /// Everything that keeps it in.
    fn atoms(&self) -> Dots {
        let mut atoms = self.dots.clone();
        if self.holds_origin() {
            atoms.insert(Stamp::ORIGIN);
        }
        atoms
    }

    /// What a remove does that was made with this stamp.
    fn cut(&mut self, cut: &Dots, stamp: Stamp, keyed: bool) {
        self.dots
            .retain(|dot| !cut.cuts(dot) && !on(Mutant::CutIgnored));
        if !cut.contains(Stamp::ORIGIN) {
            return;
        }
        if keyed {
            self.marks.get_or_insert_default().insert(stamp);
        } else {
            self.origin = Origin::Cut;
        }
    }
}

impl<V: Element<Tag = ()>> OrSet<V> {
    /// A set that nobody wrote to, with the elements it has everywhere until somebody does. O(n).
    #[must_use]
    pub fn new<A: Assign<V>>(initial: impl IntoIterator<Item = A>) -> Self {
        let mut set = Self::with_tag(());
        for value in initial {
            set.hold(value.assign().canonical());
        }
        set
    }

    /// True when it holds the element. O(1).
    #[must_use]
    pub fn contains(&self, value: impl Assign<V>) -> bool {
        let slot = self.slots.find(&value.assign().canonical());
        slot.and_then(|slot| self.slots.get(slot))
            .is_some_and(|(_, entry)| entry.visible())
    }
}

impl OrSet<Raw> {
    pub(crate) fn unknown(tag: crate::codec::ValueKind) -> Self {
        Self::with_tag(tag)
    }
}

impl<V: Element> OrSet<V> {
    pub(crate) fn with_tag(tag: V::Tag) -> Self {
        Self {
            slots: Slots::default(),
            dirty: Vec::new(),
            len: 0,
            tag,
        }
    }

    /// Makes an element one of the initial ones.
    fn hold(&mut self, value: V) {
        if self.slots.find(&value).is_none() {
            let origin = Origin::Held;
            self.slots.insert(
                value,
                Entry {
                    origin,
                    ..Entry::default()
                },
            );
            self.len += 1;
        }
    }

    /// How many elements it holds. O(1).
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// True when it holds none. O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Its elements, in an order of this replica's own. For the same order everywhere see [`OrSet::sorted`]. O(n) for all.
    pub fn iter(&self) -> impl Iterator<Item = &V> {
        self.slots
            .iter()
            .filter(|(_, _, entry)| entry.visible())
            .map(|(_, value, _)| value)
    }

    /// Its elements in the order of their canonical bytes, the same on every replica. O(n log n).
    #[must_use]
    pub fn sorted(&self) -> Vec<&V> {
        let slots = self.slots.sorted(Entry::visible);
        slots
            .into_iter()
            .filter_map(|slot| self.slots.get(slot))
            .map(|(value, _)| value)
            .collect()
    }

    /// Changes an entry, making it if need be, and keeps the count true; a vacant one is taken out. The slot it stands in,
    /// or stood in.
    fn change(&mut self, value: V, change: impl FnOnce(&mut Entry)) -> u32 {
        let slot = self
            .slots
            .find(&value)
            .unwrap_or_else(|| self.slots.insert(value, Entry::default()));
        self.change_slot(slot, change);
        slot
    }

    fn change_slot(&mut self, slot: u32, change: impl FnOnce(&mut Entry)) {
        let Some(entry) = self.slots.entry_mut(slot) else {
            return;
        };
        let before = entry.visible();
        change(entry);
        let (after, vacant) = (entry.visible(), entry.vacant() && entry.dirty == 0);
        self.len = self.len + usize::from(after) - usize::from(before);
        if vacant {
            self.slots.remove(slot);
        }
    }
}

impl<V: Element<Tag = ()>> Default for OrSet<V> {
    fn default() -> Self {
        Self::with_tag(())
    }
}

impl<V: Element> fmt::Debug for OrSet<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.sorted()).finish()
    }
}

impl<V: Element<Tag = ()>> Synced for OrSet<V> {
    type Edit<'a> = OrSetEdit<'a, V>;

    fn kind_of() -> Kind {
        Kind::OrSet(V::kind(&()))
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        OrSetEdit::new(self, at)
    }
}
