//! Undo and redo of a replica's own edits.
//!
//! Which steps there are is `crate::history`'s to remember; here each is gone through, as a transaction like any other.

use super::core::Core;
use super::{Applied, Guard, Replica};
use crate::codec::{Dec, DecodeError};
use crate::crdt::{Crdt, Synced};
use crate::edit::{At, Tx};
use crate::history::{
    After, Assume, Did, Doing, Grouping, Record, Step, Undo, UndoLimits, UndoManager,
};
use crate::{Change, Clock, Error, ReplicaId, Snapshot, Stamp};

impl<T: Synced> Replica<T> {
    /// Remembers own edits from here on, so that they can be undone. What is remembered is this replica's alone, in memory. O(1).
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
        self.remember(limits);
        self
    }

    /// The same, from here on, for a replica that is there already. What was remembered before is forgotten.
    /// O(what was remembered).
    pub fn remember(&mut self, limits: UndoLimits) {
        self.core.history = Some(Box::new(UndoManager::new(limits)));
    }

    /// Says what makes a step from here on. Edits that had been joined to one so far stay one step. O(1).
    pub fn group_undo(&mut self, grouping: Grouping) {
        if let Some(history) = &mut self.core.history {
            history.set_grouping(grouping);
        }
    }

    /// Ends the step that edits have been joined to, and seals the open change: what was edited since the last checkpoint is one
    /// change and, with [`Grouping::Checkpoint`], one step. O(what was edited).
    pub fn checkpoint(&mut self) -> Option<Change> {
        if let Some(history) = &mut self.core.history {
            history.close();
        }
        self.flush()
    }

    /// Takes back the latest step that is still in force, by an edit; false when there is none. Seals the open change.
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
    /// O(what the step did).
    pub fn redo(&mut self) -> bool {
        self.core.travel(&mut self.state, Doing::Redo)
    }

    /// How many steps can be undone at most. O(1).
    #[must_use]
    pub fn undo_depth(&self) -> usize {
        self.core.history.as_ref().map_or(0, |it| it.depths().0)
    }

    /// How many steps can be done again at most. O(1).
    #[must_use]
    pub fn redo_depth(&self) -> usize {
        self.core.history.as_ref().map_or(0, |it| it.depths().1)
    }

    /// True when there is a step to undo; others may have overwritten it meanwhile. O(1).
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.undo_depth() > 0
    }

    /// True when there is a step to do again; others may have overwritten it meanwhile. O(1).
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.redo_depth() > 0
    }

    /// Forgets all steps. O(steps).
    pub fn clear_history(&mut self) {
        if let Some(history) = &mut self.core.history {
            history.clear();
        }
    }
}

impl<T: Synced> Replica<T> {
    /// Goes back to an earlier state, by one edit of the open change, which is one step of undo; false when nothing differs.
    ///
    /// It writes the difference: to registers, maps, sets, sequences, texts and documents what they held then. What others have
    /// written meanwhile goes too, as by any edit whose author has seen it. Counters, [`crate::GSet`] and [`crate::TwoPSet`] stay as
    /// they are, save in entries of a map that come back. No clock is rewound and no stamp used again: whoever has not seen this
    /// edit merges with it. O(state).
    ///
    /// # Errors
    /// When the snapshot is of another type or cannot be read, or the difference does not fit one change. Nothing has changed then.
    pub fn return_to(&mut self, then: &Snapshot) -> Result<bool, Error> {
        let then = Self::viewing(self.state.fresh(), then, &[])?;
        let tx = self.core.begin(&mut self.state)?;
        self.state
            .assume(&then.state, At::root(&tx), Assume::Restored);
        let refused = tx.refused();
        let acts = tx.acts();
        if refused.is_some() || !acts {
            tx.revert(&mut self.state);
        }
        self.core.end(tx, refused.is_none() && acts, Doing::Edit);
        refused.map_or(Ok(acts), |limit| Err(limit.into()))
    }

    /// A replica that holds a snapshot, to look at and to apply some changes to. Its id is nobody's.
    pub(crate) fn viewing(
        state: T,
        snapshot: &Snapshot,
        changes: &[Change],
    ) -> Result<Self, Error> {
        let named = |id: &ReplicaId| {
            snapshot.names(*id) || changes.iter().any(|change| change.replica == *id)
        };
        let mut ids = (1..).filter_map(ReplicaId::new);
        let id = ids.find(|id| !named(id)).ok_or(Error::ClockExhausted)?;
        let mut view = Self::with_state(id, Clock::manual(0), state)
            .with_log_limits(0, 0)
            .with_guard(Guard {
                report_ms: u64::MAX,
                hold_ms: u64::MAX,
            });
        let Self { state, core } = &mut view;
        core.merge_now(state, snapshot, &mut Applied::default())?;
        Ok(view)
    }

    /// The state alone.
    pub(crate) fn into_state(self) -> T {
        self.state
    }
}

impl Core {
    /// Goes back or forth by the latest step that has an effect.
    fn travel(&mut self, state: &mut dyn Crdt, doing: Doing) -> bool {
        if let Some(history) = &mut self.history {
            history.close();
        }
        // What is undone must not share a stamp with what undoes it.
        self.flush(state);
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
        if let Some(gone) = &record.gone {
            tx.with_notes(|notes| notes.bring_back(gone));
        }
        let earlier = self.history.as_ref().map(|it| it.earlier().clone());
        let earlier = earlier.unwrap_or_default();
        let mut cx = match &record.did {
            Did::Wrote { before, after } => {
                let Some(expected) = self.stamp_of(record.place(), *after, tx) else {
                    return Ok(());
                };
                tx.stands_for(After::Again(*before));
                Undo::new(Some(expected), 0, earlier)
            }
            Did::Added(amount) => Undo::new(None, *amount, earlier),
            Did::Deed | Did::Turn => Undo::new(None, 0, earlier),
        };
        let mut input = Dec::plain(&record.bytes);
        let leaf = u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("leaf"))?;
        let result = state.undo(leaf, &mut input, At::root(tx), &mut cx);
        tx.stands_for(After::Fresh);
        result
    }

    /// Goes on with what undo remembered under earlier ids, some of whose changes have been made again under this one.
    pub(super) fn inherit(&mut self, state: &mut dyn Crdt, history: Option<Box<UndoManager>>) {
        let Some(mut history) = history else { return };
        history.close();
        let written = history.written();
        self.history = Some(history);
        let Ok(tx) = self.begin(state) else { return };
        for (record, stamp) in written {
            let mut cx = Undo::probe();
            let mut input = Dec::plain(&record.bytes);
            let leaf = input.varint().ok();
            let leaf = leaf.and_then(|leaf| u32::try_from(leaf).ok());
            let looked = leaf.map(|leaf| state.undo(leaf, &mut input, At::root(&tx), &mut cx));
            let now = cx.found().filter(|now| now.replica == Some(self.id));
            if let (Some(Ok(())), Some(now), Some(history)) = (looked, now, &mut self.history)
                && now != stamp
            {
                history.rename(record.place(), now);
            }
        }
        tx.revert(state);
        self.end(tx, false, Doing::Edit);
    }

    /// The stamp that a write has by now, if it is the last own one at its place.
    fn stamp_of(&self, place: &[u8], write: u64, tx: &Tx) -> Option<Stamp> {
        let noted = tx.with_notes(|notes| notes.stands_at(place)).flatten();
        let held = match noted {
            Some((id, stamp)) => id.map(|id| (stamp.unwrap_or(tx.stamp()), id)),
            None => self.history.as_ref().and_then(|it| it.at(place)),
        };
        held.filter(|(_, id)| *id == write).map(|(stamp, _)| stamp)
    }
}
