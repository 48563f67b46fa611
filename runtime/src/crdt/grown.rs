//! [`Grown`]: what [`super::GSet`] and [`super::TwoPSet`] are inside: elements that come once and, of the second kind, go once.
//!
//! What may be done to the elements is the business of the two; here stands how that is held, sent and merged.

mod face;
mod ops;
mod view;

pub(super) use self::face::grown_set;
use super::mark::Mark;
use super::slots::Slots;
use crate::value::Element;

/// The elements that were ever put in, and those among them that were ever taken out.
#[derive(Clone, Debug)]
pub(super) struct Grown<V: Element> {
    slots: Slots<V, Entry>,
    /// Slots that the open change has touched.
    dirty: Vec<u32>,
    len: usize,
    tag: V::Tag,
    /// True when elements can be taken out.
    removes: bool,
}

/// What happened to an element.
#[derive(Clone, Debug, Default)]
struct Entry {
    initial: bool,
    added: Mark,
    out: Mark,
    /// True when the open change has touched it.
    dirty: bool,
}

impl Entry {
    fn visible(&self) -> bool {
        (self.initial || self.added.is_set()) && !self.out.is_set()
    }

    /// True when the state encodes it: it differs from its initial state.
    fn written(&self) -> bool {
        self.added.is_set() || self.out.is_set()
    }

    /// True when there is nothing left to remember.
    fn vacant(&self) -> bool {
        !self.initial && !self.written() && !self.dirty
    }
}

impl<V: Element> Grown<V> {
    pub(super) fn new(tag: V::Tag, removes: bool) -> Self {
        Self {
            slots: Slots::default(),
            dirty: Vec::new(),
            len: 0,
            tag,
            removes,
        }
    }

    /// Makes an element one of the initial ones.
    pub(super) fn hold(&mut self, value: V) {
        self.change(value, |entry| entry.initial = true);
    }

    pub(super) fn contains(&self, value: &V) -> bool {
        self.find(value).is_some_and(Entry::visible)
    }

    /// True when the element was taken out, for ever.
    pub(super) fn is_out(&self, value: &V) -> bool {
        self.find(value).is_some_and(|entry| entry.out.is_set())
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &V> {
        let visible = self.slots.iter().filter(|(_, _, entry)| entry.visible());
        visible.map(|(_, value, _)| value)
    }

    /// The elements in the order of their canonical bytes.
    pub(super) fn sorted(&self) -> Vec<&V> {
        let slots = self.slots.sorted(Entry::visible).into_iter();
        slots
            .filter_map(|slot| self.slots.get(slot))
            .map(|(value, _)| value)
            .collect()
    }

    fn find(&self, value: &V) -> Option<&Entry> {
        let slot = self.slots.find(value)?;
        self.slots.get(slot).map(|(_, entry)| entry)
    }

    /// Changes an entry, making it if need be, and keeps the count true; a vacant one is taken out. The slot it stands in, or
    /// stood in.
    fn change(&mut self, value: V, change: impl FnOnce(&mut Entry)) -> u32 {
        let found = self.slots.find(&value);
        let slot = found.unwrap_or_else(|| self.slots.insert(value, Entry::default()));
        self.change_slot(slot, change);
        slot
    }

    fn change_slot(&mut self, slot: u32, change: impl FnOnce(&mut Entry)) {
        let Some(entry) = self.slots.entry_mut(slot) else {
            return;
        };
        let before = entry.visible();
        change(entry);
        let (after, vacant) = (entry.visible(), entry.vacant());
        self.len = self.len + usize::from(after) - usize::from(before);
        if vacant {
            self.slots.remove(slot);
        }
    }
}
