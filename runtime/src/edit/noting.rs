//! What a view notes down of a write, beside the record that takes it back: what undo needs once the transaction is long over.
//!
//! A record names slots, which move; a note names a place by fields and keys. Without undo nothing is noted, and nothing is paid
//! but a look at whether there is undo. What becomes of notes is `crate::history`'s.

use std::sync::Arc;

use super::{At, Tx};
use crate::Stamp;
use crate::codec::write_varint;
use crate::crdt::write_plain;
use crate::history::{After, Names, Note, Notes, What};

impl Tx {
    /// Says what the next write that is noted stands for.
    pub(crate) fn stands_for(&self, after: After) {
        if let Some(notes) = &self.notes {
            notes.borrow_mut().stands_for(after);
        }
    }

    /// Works with the notes, where there are any.
    pub(crate) fn with_notes<R>(&self, work: impl FnOnce(&mut Notes) -> R) -> Option<R> {
        self.notes
            .as_ref()
            .map(|notes| work(&mut notes.borrow_mut()))
    }
}

impl<'a> At<'a> {
    /// Notes a write over something that stood at a place of this leaf: undo writes it again, while this write is the one in force.
    pub(crate) fn note_write(
        self,
        before: Stamp,
        place: impl FnOnce(&mut Vec<u8>),
        value: impl FnOnce(&mut Vec<u8>),
    ) {
        self.note_write_as(before, None, |_, out| place(out), value);
    }

    /// The same for a write that, where it is wide, takes away what stands below the place too.
    pub(crate) fn note_step(
        self,
        (before, stamp): (Stamp, Option<Stamp>),
        wide: bool,
        place: impl FnOnce(ItemNames<'_>, &mut Vec<u8>),
        value: impl FnOnce(&mut Vec<u8>),
    ) {
        if wide && let Some(notes) = &self.tx.notes {
            notes.borrow_mut().turn();
        }
        self.note_write_as(before, stamp, place, value);
        if wide && let Some(notes) = &self.tx.notes {
            notes.borrow_mut().takes(None);
        }
    }

    /// The same for a write whose stamp is not that of the change, at a place that names items.
    pub(crate) fn note_write_as(
        self,
        before: Stamp,
        stamp: Option<Stamp>,
        place: impl FnOnce(ItemNames<'_>, &mut Vec<u8>),
        value: impl FnOnce(&mut Vec<u8>),
    ) {
        let Some(notes) = &self.tx.notes else { return };
        let mut notes = notes.borrow_mut();
        let mut bytes = self.way(&notes);
        let names = ItemNames {
            names: notes.names().clone(),
            way: &bytes.clone(),
        };
        place(names, &mut bytes);
        let place = bytes.len();
        let after = notes.takes_after(&bytes);
        if let Some(Note {
            what:
                What::Write {
                    after: held,
                    stamp: own,
                    ..
                },
            ..
        }) = notes.noted(&bytes)
        {
            (*held, *own) = (after, stamp);
            return;
        }
        value(&mut bytes);
        let what = What::Write {
            before,
            after,
            stamp,
        };
        notes.push(Note::new(bytes, place, what));
    }

    /// Notes that so much was added to this leaf.
    pub(crate) fn note_amount(self, by: i128) {
        let Some(notes) = &self.tx.notes else { return };
        let mut notes = notes.borrow_mut();
        let bytes = self.way(&notes);
        if let Some(noted) = notes.noted(&bytes) {
            if let What::Amount(sum) = &mut noted.what {
                *sum += by;
            }
            return;
        }
        let place = bytes.len();
        notes.push(Note::new(bytes, place, What::Amount(by)));
    }

    /// Notes something else that was done to this leaf.
    pub(crate) fn note_deed(self, deed: impl FnOnce(&mut Vec<u8>)) {
        self.push_deed(What::Deed, deed);
    }

    /// Notes something that was done to this leaf, after which places in it are not what they were.
    pub(crate) fn note_turn(self, deed: impl FnOnce(&mut Vec<u8>)) {
        self.push_deed(What::Turn, deed);
    }

    /// Notes that all below some place of this leaf was taken away.
    pub(crate) fn note_taken(
        self,
        below: impl FnOnce(&mut Vec<u8>),
        deed: impl FnOnce(&mut Vec<u8>),
    ) {
        self.push_deed(What::Turn, deed);
        if let Some(notes) = &self.tx.notes {
            let mut notes = notes.borrow_mut();
            let mut place = self.way(&notes);
            below(&mut place);
            notes.takes(Some(place));
        }
    }

    fn push_deed(self, what: What, deed: impl FnOnce(&mut Vec<u8>)) {
        let Some(notes) = &self.tx.notes else { return };
        let mut notes = notes.borrow_mut();
        let mut bytes = self.way(&notes);
        deed(&mut bytes);
        notes.push(Note::new(bytes, 0, what));
    }

    /// The next write that is noted brings back the one that was made with this stamp.
    pub(crate) fn revives(self, stamp: Stamp) {
        self.tx.stands_for(After::Revived(stamp));
    }

    /// What the items of this leaf are called; none without undo.
    pub(crate) fn names<R>(self, ask: impl FnOnce(ItemNames<'_>) -> R) -> Option<R> {
        let notes = self.tx.notes.as_ref()?.borrow();
        let way = self.way(&notes);
        let names = notes.names().clone();
        Some(ask(ItemNames { names, way: &way }))
    }

    /// Items with consecutive times have come back under other names, and with each what was written there: `label` says which
    /// stamp that had, of an item and a kind of place, where it was written at all.
    pub(crate) fn came_back(
        self,
        (old, now): (Stamp, Stamp),
        len: u32,
        label: impl Fn(u32, u8) -> Option<Stamp>,
    ) {
        let Some(notes) = &self.tx.notes else { return };
        let mut notes = notes.borrow_mut();
        let way = self.way(&notes);
        for index in 0..len {
            let (Some(old), Some(now)) = (nth(old, index), nth(now, index)) else {
                return;
            };
            notes.rename(&way, old, now);
            let first = notes.names().first(&way, old);
            for kind in crate::crdt::ITEM_PLACES {
                let mut place = way.clone();
                place.push(kind);
                write_plain(first, &mut place);
                let stood = label(index, kind);
                if let Some(id) = notes.came_back(&place, stood) {
                    let len = place.len();
                    notes.push(Note::new(place, len, What::Label(id)));
                }
            }
        }
    }

    /// The way to this leaf, by leaves and keys.
    fn way(self, notes: &Notes) -> Vec<u8> {
        let scopes = self.tx.scopes.borrow();
        let (mut steps, mut scope) = (Vec::new(), self.scope as usize);
        while let Some(inside) = scope.checked_sub(1).and_then(|at| scopes.get(at)) {
            steps.push((inside.leaf, scope - 1));
            scope = inside.parent as usize;
        }
        let mut way = Vec::new();
        for (leaf, scope) in steps.into_iter().rev() {
            write_varint(&mut way, u64::from(leaf));
            way.push(crate::crdt::STEP);
            way.extend_from_slice(notes.key(scope));
        }
        write_varint(&mut way, u64::from(self.leaf));
        way
    }
}

/// What the items of a list are called.
pub(crate) struct ItemNames<'a> {
    names: Arc<Names>,
    way: &'a [u8],
}

impl ItemNames<'_> {
    /// The first name of an item.
    pub(crate) fn first(&self, stamp: Stamp) -> Stamp {
        self.names.first(self.way, stamp)
    }

    /// What this very item, which may have gone, is called since it was made again.
    pub(crate) fn again(&self, stamp: Stamp) -> Stamp {
        self.names.again(stamp)
    }

    /// True when no item has come back.
    pub(crate) fn is_plain(&self) -> bool {
        self.names.is_plain(self.way)
    }

    /// The name that it has now, by any that it has had.
    pub(crate) fn now(&self, stamp: Stamp) -> Stamp {
        self.names.now(self.way, stamp)
    }
}

/// The stamp of an item of a row.
fn nth(first: Stamp, index: u32) -> Option<Stamp> {
    let time = first.time.checked_add(u64::from(index))?;
    Some(Stamp { time, ..first })
}
