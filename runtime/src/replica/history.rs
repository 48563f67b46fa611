//! Undo and redo of a replica's own edits.
//!
//! Which steps there are is `crate::history`'s to remember; here each is gone through, as a transaction like any other.

use super::Replica;
use super::core::Core;
use crate::Change;
use crate::codec::{Dec, DecodeError};
use crate::crdt::{Crdt, Synced};
use crate::edit::{At, Tx};
use crate::history::{After, Did, Doing, Grouping, Record, Step, Undo, UndoLimits, UndoManager};

impl<T: Synced> Replica<T> {
    /// Remembers own edits from here on, so that they can be undone. What is remembered is this replica's alone, in memory.
    ///
    /// ```
    /// use holo_runtime::{LwwRegister, Replica, ReplicaId, history::UndoLimits};
    ///
    /// let mut color = Replica::<LwwRegister<String>>::new(ReplicaId::random()).with_undo(UndoLimits::default());
    /// color.edit(|color| color.set("red"));
    /// color.checkpoint();
    /// color.edit(|color| color.set("blue"));
    /// color.checkpoint();
    /// assert!(color.undo());
    /// assert_eq!(color.state().get(), "red");
    /// assert!(color.redo());
    /// assert_eq!(color.state().get(), "blue");
    /// ```
    #[must_use]
    pub fn with_undo(mut self, limits: UndoLimits) -> Self {
        self.core.history = Some(Box::new(UndoManager::new(limits)));
        self
    }

    /// Says what makes a step from here on. Edits that had been joined to one so far stay one step.
    pub fn group_undo(&mut self, grouping: Grouping) {
        if let Some(history) = &mut self.core.history {
            history.set_grouping(grouping);
        }
    }

    /// Ends the step that edits have been joined to, and seals the open change: what was edited since the last checkpoint is one
    /// change and, with [`Grouping::Checkpoint`], one step.
    pub fn checkpoint(&mut self) -> Option<Change> {
        if let Some(history) = &mut self.core.history {
            history.close();
        }
        self.flush()
    }

    /// Takes back the latest step that is still in force, by an edit of the open change; false when there is none.
    ///
    /// A write is taken back where nobody has written since; an element that was put in is taken out as far as this replica had
    /// put it in; one that was taken out is put in unless it is there; of a counter the amounts are taken back. What others have
    /// written stays, and so does what cannot be taken back: elements of [`crate::GSet`] and [`crate::TwoPSet`], amounts of
    /// [`crate::GCounter`]. A step of which nothing is in force any more is passed over and forgotten.
    ///
    /// O(what the step did). When what has to be written again does not fit a change, nothing happens and the step stays.
    pub fn undo(&mut self) -> bool {
        self.core.travel(&mut self.state, Doing::Undo)
    }

    /// Takes back the latest undo, by the same rules. The next edit ends what can be done again.
    pub fn redo(&mut self) -> bool {
        self.core.travel(&mut self.state, Doing::Redo)
    }

    /// How many steps can be undone at most.
    #[must_use]
    pub fn undo_depth(&self) -> usize {
        self.core.history.as_ref().map_or(0, |it| it.depths().0)
    }

    /// How many steps can be done again at most.
    #[must_use]
    pub fn redo_depth(&self) -> usize {
        self.core.history.as_ref().map_or(0, |it| it.depths().1)
    }

    /// True when there is a step to undo; others may have overwritten it meanwhile.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.undo_depth() > 0
    }

    /// True when there is a step to do again; others may have overwritten it meanwhile.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.redo_depth() > 0
    }

    /// Forgets all steps.
    pub fn clear_history(&mut self) {
        if let Some(history) = &mut self.core.history {
            history.clear();
        }
    }
}

impl Core {
    /// Goes back or forth by the latest step that has an effect.
    fn travel(&mut self, state: &mut dyn Crdt, doing: Doing) -> bool {
        loop {
            let Some(step) = self.history.as_mut().and_then(|it| it.pop(doing)) else {
                return false;
            };
            match self.go(state, &step, doing) {
                Some(true) => return true,
                Some(false) => {}
                None => {
                    if let Some(history) = &mut self.history {
                        history.put_back(step, doing);
                    }
                    return false;
                }
            }
        }
    }

    /// Goes through a step, last record first; whether it had an effect, and none if it does not fit.
    fn go(&mut self, state: &mut dyn Crdt, step: &Step, doing: Doing) -> Option<bool> {
        let tx = self.begin(state).ok()?;
        let mut done = true;
        for record in step.records.iter().rev() {
            done &= self.take_back(state, record, &tx).is_ok();
        }
        done &= tx.refused().is_none();
        let acts = tx.with_notes(|notes| !notes.is_empty()) == Some(true);
        if !(done && acts) {
            tx.revert(state);
        }
        self.end(tx, done && acts, doing);
        done.then_some(acts)
    }

    fn take_back(&self, state: &mut dyn Crdt, record: &Record, tx: &Tx) -> Result<(), DecodeError> {
        let mut cx = match &record.did {
            Did::Wrote { before, after } => {
                let Some(expected) = self.stamp_of(record.place(), *after, tx) else {
                    return Ok(());
                };
                tx.stands_for(After::Again(*before));
                Undo::new(Some(expected), 0)
            }
            Did::Added(amount) => Undo::new(None, *amount),
            Did::Deed | Did::Turn => Undo::new(None, 0),
            Did::Took(gone) => {
                tx.with_notes(|notes| notes.bring_back(gone));
                Undo::new(None, 0)
            }
        };
        let mut input = Dec::plain(&record.bytes);
        let leaf = u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("leaf"))?;
        let result = state.undo(leaf, &mut input, At::root(tx), &mut cx);
        tx.stands_for(After::Fresh);
        result
    }

    /// The stamp that a write has by now, if it is the last own one at its place.
    fn stamp_of(&self, place: &[u8], write: u64, tx: &Tx) -> Option<crate::Stamp> {
        let noted = tx.with_notes(|notes| notes.stands_at(place)).flatten();
        let held = match noted {
            Some(id) => id.map(|id| (tx.stamp(), id)),
            None => self.history.as_ref().and_then(|it| it.at(place)),
        };
        held.filter(|(_, id)| *id == write).map(|(stamp, _)| stamp)
    }
}
