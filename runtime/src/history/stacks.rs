//! The two stacks, and which write at each place is the author's own and still in force.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::names::Names;
use super::notes::{After, Note, Notes, What};
use super::step::{Did, Draft, Record, Step, WriteId};
use crate::crdt::Dots;
use crate::{Hlc, ReplicaId, Stamp};

/// So many earlier ids are remembered.
const MOST_IDS: usize = 1_024;

/// What is remembered for undo, at most. What goes beyond it is forgotten, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndoLimits {
    /// How many steps.
    pub steps: usize,
    /// About how many bytes, in both stacks. One step beyond that is not remembered, and nor is what came before it.
    pub bytes: usize,
    /// What makes a step.
    pub grouping: Grouping,
}

/// What makes a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Every edit is one.
    #[default]
    Edit,
    /// All edits up to [`crate::Replica::checkpoint`], or up to an undo, are one.
    Checkpoint,
}

/// A hundred steps and four mebibytes; every edit is a step.
impl Default for UndoLimits {
    fn default() -> Self {
        Self {
            steps: 100,
            bytes: 4 << 20,
            grouping: Grouping::default(),
        }
    }
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    Edit,
    /// Making durable what moves: with the key writes before it, and with what comes after, it is one step.
    Motion {
        joins: bool,
        goes_on: bool,
    },
    Undo,
    Redo,
}

/// The stacks of one replica.
#[derive(Debug)]
pub(crate) struct UndoManager {
    limits: UndoLimits,
    done: VecDeque<Step>,
    undone: Vec<Step>,
    /// The step that edits join, where they are grouped.
    draft: Draft,
    /// The last own write at each place, and the stamp that it has by now.
    writes: BTreeMap<Vec<u8>, (Stamp, WriteId)>,
    next: WriteId,
    /// Items that have come back.
    names: Arc<Names>,
    /// How far was written under earlier ids.
    earlier: Dots,
    /// Bytes of the steps in both stacks.
    bytes: usize,
}

impl UndoManager {
    pub(crate) fn new(limits: UndoLimits) -> Self {
        Self {
            limits,
            done: VecDeque::new(),
            undone: Vec::new(),
            draft: Draft::default(),
            writes: BTreeMap::new(),
            next: 1,
            names: Arc::default(),
            earlier: Dots::None,
            bytes: 0,
        }
    }

    pub(crate) fn set_grouping(&mut self, grouping: Grouping) {
        self.close();
        self.limits.grouping = grouping;
    }

    /// How many steps can be undone, the one that is being gathered among them, and how many can be done again.
    pub(crate) fn depths(&self) -> (usize, usize) {
        let gathered = usize::from(!self.draft.is_empty());
        (self.done.len() + gathered, self.undone.len())
    }

    pub(crate) fn clear(&mut self) {
        let next = self.next;
        *self = Self::new(self.limits);
        self.next = next;
    }

    /// Takes in what a transaction noted that was kept and had this stamp.
    pub(crate) fn take(&mut self, notes: Notes, stamp: Stamp, doing: Doing) {
        if notes.is_empty() {
            return;
        }
        let grouped = self.limits.grouping == Grouping::Checkpoint;
        let (joins, goes_on) = match doing {
            Doing::Motion { joins, goes_on } => (joins, goes_on),
            _ => (false, false),
        };
        if !grouped && !joins {
            self.close();
        }
        let mut draft = match doing {
            Doing::Edit | Doing::Motion { .. } => std::mem::take(&mut self.draft),
            Doing::Undo | Doing::Redo => Draft::default(),
        };
        self.names = notes.names().clone();
        for note in notes.into_list() {
            if let Some(record) = self.record(note, stamp) {
                draft.push(record);
            }
        }
        match doing {
            Doing::Edit | Doing::Motion { .. } => {
                self.forget_undone();
                self.draft = draft;
                if !grouped && !goes_on {
                    self.close();
                }
            }
            Doing::Undo | Doing::Redo => {
                if let Some(step) = draft.close() {
                    self.put(step, doing == Doing::Redo);
                }
            }
        }
        self.shrink();
    }

    /// Ends the step that edits join; true when there was one.
    pub(crate) fn close(&mut self) -> bool {
        let Some(step) = std::mem::take(&mut self.draft).close() else {
            return false;
        };
        self.put(step, true);
        self.shrink();
        true
    }

    fn put(&mut self, step: Step, done: bool) {
        self.bytes += step.bytes;
        match done {
            true => self.done.push_back(step),
            false => self.undone.push(step),
        }
    }

    fn forget_undone(&mut self) {
        for step in std::mem::take(&mut self.undone) {
            self.bytes -= step.bytes;
        }
    }

    /// The latest step of a stack.
    pub(crate) fn pop(&mut self, doing: Doing) -> Option<Step> {
        let step = match doing {
            Doing::Undo => self.done.pop_back(),
            _ => self.undone.pop(),
        }?;
        self.bytes -= step.bytes;
        Some(step)
    }

    /// Puts back a step that could not be gone through.
    pub(crate) fn put_back(&mut self, step: Step, doing: Doing) {
        self.put(step, doing == Doing::Undo);
    }

    /// Rows of items were made again under other names.
    pub(crate) fn rename_items(&mut self, rows: impl Iterator<Item = ((Stamp, u32), Stamp)>) {
        let names = Arc::make_mut(&mut self.names);
        rows.for_each(|(row, now)| names.made_again(row, now));
    }

    /// The author goes on under another id than these. One who has had too many forgets what was done under them.
    pub(crate) fn leave(&mut self, ids: impl Iterator<Item = ReplicaId>) {
        if self.earlier.len() >= MOST_IDS {
            self.clear();
        }
        ids.for_each(|id| self.earlier.insert(Stamp::new(Hlc::MAX, id)));
    }

    /// How far was written under earlier ids.
    pub(crate) fn earlier(&self) -> &Dots {
        &self.earlier
    }

    /// Items that have come back.
    pub(crate) fn names(&self) -> Arc<Names> {
        self.names.clone()
    }

    fn held(&self) -> usize {
        self.bytes + self.draft.bytes() + self.names.bytes()
    }

    fn shrink(&mut self) {
        if self.held() > self.limits.bytes {
            self.forget_undone();
        }
        if self.draft.bytes() > self.limits.bytes {
            return self.clear();
        }
        while self.done.len() > self.limits.steps || self.held() > self.limits.bytes {
            let Some(step) = self.done.pop_front() else {
                break;
            };
            self.bytes -= step.bytes;
        }
        if self.depths() == (0, 0) {
            self.names = Arc::default();
            self.earlier = Dots::None;
        }
        self.tidy();
    }

    /// Forgets writes that no step knows any more, once they are many.
    fn tidy(&mut self) {
        let steps = || self.done.iter().chain(&self.undone);
        let records: usize = steps().map(|step| step.records.len()).sum();
        if !self.draft.is_empty() || self.writes.len() <= 64 + 4 * records {
            return;
        }
        let mut named: BTreeSet<&[u8]> = BTreeSet::new();
        for record in steps().flat_map(|step| &step.records) {
            named.insert(record.place());
            let gone = record.gone.iter().flatten();
            named.extend(gone.map(|(place, _)| place.as_slice()));
        }
        self.writes
            .retain(|place, _| named.contains(place.as_slice()));
    }

    fn fresh(&mut self) -> WriteId {
        self.next += 1;
        self.next
    }

    /// A note as it is kept: stamps, which change with every undo, become numbers.
    fn record(&mut self, note: Note, stamp: Stamp) -> Option<Record> {
        let Note {
            bytes,
            place,
            what,
            below,
        } = note;
        let place_len = place;
        let gone = below.map(|below| {
            let from = self.writes.range(below.clone()..);
            let there = from.take_while(|(place, _)| place.starts_with(&below));
            let there = there.filter(|(place, _)| **place != bytes[..place_len]);
            there.map(|(place, held)| (place.clone(), *held)).collect()
        });
        let did = match what {
            What::Write {
                before,
                after,
                stamp: own,
            } => self.wrote(&bytes[..place], before, after, own.unwrap_or(stamp)),
            What::Label(id) => {
                self.writes.insert(bytes, (stamp, id));
                return None;
            }
            What::Amount(by) => Did::Added(by),
            What::Deed => Did::Deed,
            What::Turn => Did::Turn,
        };
        Some(Record {
            bytes,
            place,
            did,
            gone,
        })
    }

    fn wrote(&mut self, place: &[u8], before: Stamp, after: After, stamp: Stamp) -> Did {
        let held = self.writes.get(place).filter(|(held, _)| *held == before);
        let before = held.map(|(_, id)| *id);
        let before = before.unwrap_or_else(|| self.fresh());
        let after = match after {
            After::Again(id) => id,
            After::Fresh | After::Revived(_) => self.fresh(),
        };
        self.writes.insert(place.to_vec(), (stamp, after));
        Did::Wrote { before, after }
    }

    /// A record of each place where something was written, with the last stamp of that.
    pub(crate) fn written(&self) -> Vec<(Record, Stamp)> {
        let steps = self.done.iter().chain(&self.undone);
        let records = steps.flat_map(|step| &step.records);
        let mut places = BTreeSet::new();
        let first = records.filter(|record| record.place > 0 && places.insert(record.place()));
        let written = first.filter_map(|record| Some((record.clone(), self.at(record.place())?.0)));
        written.collect()
    }

    /// The write at a place has another stamp from here on.
    pub(crate) fn rename(&mut self, place: &[u8], stamp: Stamp) {
        if let Some((held, _)) = self.writes.get_mut(place) {
            *held = stamp;
        }
    }

    /// The last own write at a place, and the stamp that it has by now.
    pub(crate) fn at(&self, place: &[u8]) -> Option<(Stamp, WriteId)> {
        self.writes.get(place).copied()
    }
}
