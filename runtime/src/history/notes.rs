//! What one transaction notes down for undo. How notes become a step is `super::stacks`'.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::names::Names;
use super::step::WriteId;
use crate::Stamp;

/// One note: the way to a leaf, what of it, and what undo needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) bytes: Vec<u8>,
    /// How much of the bytes names the place, where there is one.
    pub(crate) place: usize,
    pub(crate) what: What,
    /// The way below which all was taken away, where it was.
    pub(crate) below: Option<Vec<u8>>,
}

impl Note {
    pub(crate) fn new(bytes: Vec<u8>, place: usize, what: What) -> Self {
        Self {
            bytes,
            place,
            what,
            below: None,
        }
    }
}

/// What was done.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// Something was written over what had this stamp.
    Write {
        before: Stamp,
        after: After,
        /// The stamp that it got, where it is not that of the change.
        stamp: Option<Stamp>,
    },
    /// So much was added.
    Amount(i128),
    /// Something else.
    Deed,
    /// Something else, after which places are not what they were.
    Turn,
    /// What stands at a place came back with an item, and stands for this write.
    Label(WriteId),
}

/// What a write stands for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum After {
    /// A value that was not there before.
    #[default]
    Fresh,
    /// The write with this number, once more.
    Again(WriteId),
    /// The write that was made with this stamp and had gone.
    Revived(Stamp),
}

/// The notes of a transaction.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    list: Vec<Note>,
    /// Where each place is noted.
    index: BTreeMap<Vec<u8>, usize>,
    /// Places that were noted before this are not what they were.
    turn: usize,
    /// What the next write stands for.
    after: After,
    /// The writes that can be revived, by place.
    gone: BTreeMap<Vec<u8>, (Stamp, WriteId)>,
    /// The keys of the scopes of the transaction.
    keys: Vec<Vec<u8>>,
    /// Items that have come back.
    names: Arc<Names>,
}

impl Notes {
    /// Notes that know these items by their first names.
    pub(crate) fn new(names: Arc<Names>) -> Self {
        Self {
            names,
            ..Self::default()
        }
    }

    pub(crate) fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// An item has come back under another name.
    pub(crate) fn rename(&mut self, way: &[u8], stamp: Stamp, now: Stamp) {
        Arc::make_mut(&mut self.names).rename(way, stamp, now);
    }

    /// Which write came back at a place, if it went when it had this stamp, where one is said.
    pub(crate) fn came_back(&self, place: &[u8], stamp: Option<Stamp>) -> Option<WriteId> {
        let (held, id) = self.gone.get(place)?;
        stamp.is_none_or(|stamp| stamp == *held).then_some(*id)
    }

    /// A scope is entered.
    pub(crate) fn enter(&mut self, key: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = Vec::new();
        key(&mut bytes);
        self.keys.push(bytes);
    }

    pub(crate) fn key(&self, scope: usize) -> &[u8] {
        self.keys.get(scope).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn stands_for(&mut self, after: After) {
        self.after = after;
    }

    /// From here on writes are revived that were taken away.
    pub(crate) fn bring_back(&mut self, gone: &BTreeMap<Vec<u8>, (Stamp, WriteId)>) {
        self.gone.clone_from(gone);
    }

    /// What a write at a place stands for.
    pub(crate) fn takes_after(&mut self, place: &[u8]) -> After {
        match std::mem::take(&mut self.after) {
            After::Revived(stamp) => match self.gone.get(place) {
                Some((held, id)) if *held == stamp => After::Again(*id),
                _ => After::Fresh,
            },
            after => after,
        }
    }

    /// Which write the last at a place stands for, and its stamp where it is not that of the change; none where nothing was noted.
    pub(crate) fn stands_at(&self, place: &[u8]) -> Option<(Option<WriteId>, Option<Stamp>)> {
        let note = self.list.get(*self.index.get(place)?)?;
        match note.what {
            What::Write {
                after: After::Again(id),
                stamp,
                ..
            } => Some((Some(id), stamp)),
            What::Label(id) => Some((Some(id), None)),
            _ => Some((None, None)),
        }
    }

    /// The note of a place, if it is still the same.
    pub(crate) fn noted(&mut self, place: &[u8]) -> Option<&mut Note> {
        let at = *self.index.get(place).filter(|at| **at >= self.turn)?;
        self.list.get_mut(at)
    }

    pub(crate) fn push(&mut self, note: Note) {
        match note.what {
            What::Turn => self.turn = self.list.len() + 1,
            What::Deed => {}
            What::Write { .. } | What::Amount(_) | What::Label(_) => {
                let place = note.bytes[..note.place].to_vec();
                self.index.insert(place, self.list.len());
            }
        }
        self.list.push(note);
    }

    /// Places that were noted before this are not what they were.
    pub(crate) fn turn(&mut self) {
        self.turn = self.list.len();
    }

    /// The last note took away all below a way; its own place, where none is said.
    pub(crate) fn takes(&mut self, below: Option<Vec<u8>>) {
        if let Some(note) = self.list.last_mut() {
            note.below = below.or_else(|| Some(note.bytes[..note.place].to_vec()));
        }
        self.turn();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn into_list(self) -> Vec<Note> {
        self.list
    }
}
