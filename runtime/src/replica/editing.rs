//! Editing: transactions that join the open change, and sealing it.

use std::cell::RefCell;

use super::Replica;
use super::core::Core;
use super::outbox::Own;
use crate::crdt::{Crdt, Synced};
use crate::edit::{At, Open, Tx};
use crate::history::{Doing, Notes, UndoManager};
use crate::{Change, Error, Hlc, Limit, ReplicaId, Stamp};

/// So many bytes of the memory of the writer stay between changes.
const KEPT: usize = 16_384;

/// Takes the transaction back unless it is told that all went well: on an error, and on a panic too.
struct Rollback<'a, T: Crdt> {
    state: &'a mut T,
    tx: &'a Tx,
    keep: bool,
}

impl<T: Crdt> Drop for Rollback<'_, T> {
    fn drop(&mut self) {
        if !self.keep {
            self.tx.revert(self.state);
        }
    }
}

impl<T: Synced> Replica<T> {
    /// Edits the state. The edit is one transaction: if the closure panics, nothing of it is kept.
    ///
    /// Edits join the open change until it is sealed by [`Replica::changes_since`], [`Replica::flush`],
    /// [`Replica::snapshot`] or [`Replica::apply`]; writes to the same place then travel once. O(the edits) beside the closure;
    /// taking them back costs as much again.
    ///
    /// # Panics
    /// When the edit is larger than a change may be (see [`Limit`]). Where that can happen, as with text that a user pasted,
    /// use [`Replica::try_edit`]. Nothing of the edit is kept then either.
    pub fn edit<R>(&mut self, edit: impl FnOnce(&mut T::Edit<'_>) -> R) -> R {
        match self.try_edit(|view| Ok::<R, Error>(edit(view))) {
            Ok(result) => result,
            Err(error) => panic!("{error}"),
        }
    }

    /// Edits the state, and keeps the edit only if the closure returns `Ok` and no limit is met. O(the edits) beside the closure.
    ///
    /// # Errors
    /// The closure's own, or [`Error::Limit`] when the edit is larger than a change may be, or [`Error::ClockExhausted`].
    pub fn try_edit<R, E: From<Error>>(
        &mut self,
        edit: impl FnOnce(&mut T::Edit<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let open = self.core.join(&mut self.state)?;
        let mut tx = self.core.transaction(open);
        let mut rollback = Rollback {
            state: &mut self.state,
            tx: &tx,
            keep: false,
        };
        let mut result = edit(&mut rollback.state.edit(At::root(&tx)));
        if let Some(limit) = tx.refused() {
            result = result.and(Err(Error::from(limit).into()));
        }
        rollback.keep = result.is_ok();
        drop(rollback);
        self.core.conclude(&mut tx, result.is_ok(), Doing::Edit);
        result
    }
}

impl Core {
    /// Starts a transaction on the open change, or on a new one.
    pub(super) fn begin(&mut self, state: &mut dyn Crdt) -> Result<Tx, Error> {
        let open = self.join(state)?;
        Ok(self.transaction(open))
    }

    /// The open change, or a new one.
    fn join(&mut self, state: &mut dyn Crdt) -> Result<Open, Error> {
        // An edit counts against the limits together with the open change, so one that is filling up is sealed first: what
        // fits a change of its own but for a sixteenth never fails because of earlier edits.
        let full =
            |open: &Open| open.ops > Limit::MAX_OPS / 16 || open.bytes > Limit::MAX_BYTES / 16;
        // What is edited after a live value was set is later than it.
        let before = |open: &Open| open.time <= self.live;
        match self.open {
            Some(open) if !full(&open) && !before(&open) => return Ok(open),
            Some(_) => drop(self.flush(state)),
            None => {}
        }
        let time = Hlc::tick(self.last, self.clock.now_millis());
        Ok(Open {
            time: time.ok_or(Error::ClockExhausted)?,
            ops: 0,
            bytes: 0,
            spawned: 0,
            ticks: 0,
        })
    }

    /// A transaction on an open change. It is never handed on by value where that matters: it is large.
    #[inline]
    fn transaction(&mut self, open: Open) -> Tx {
        let mut log = std::mem::take(&mut self.scratch);
        log.clear();
        let notes = |it: &UndoManager| Box::new(RefCell::new(Notes::new(it.names())));
        let notes = self.history.as_deref().map(notes);
        Tx::new(self.id, open, self.version.floor(), log, notes)
    }

    /// Ends a transaction; one that was taken back leaves the open change as it was.
    pub(super) fn end(&mut self, mut tx: Tx, kept: bool, doing: Doing) {
        self.conclude(&mut tx, kept, doing);
    }

    fn conclude(&mut self, tx: &mut Tx, kept: bool, doing: Doing) {
        if kept {
            self.open = Some(tx.open());
        }
        tx.give_back(&mut self.scratch);
        if let (true, Some(notes), Some(history)) = (kept, tx.take_notes(), &mut self.history) {
            history.take(notes, tx.stamp(), doing);
        }
    }

    pub(super) fn flush(&mut self, state: &mut dyn Crdt) -> Option<Change> {
        let open = self.open.take()?;
        let stamp = Stamp::new(open.time, self.id);
        if !state.settle(stamp) {
            if open.spawned > 0 {
                // Ids made from this time are out in the program: it is not used again.
                self.last = self.last.max(open.time);
            }
            return None;
        }
        let out = &mut self.writer;
        out.renew(open.time, self.own_last);
        state.kind().encode(&mut out.out);
        state.encode_ops(stamp, out);
        let body = out.body();
        let bases = std::mem::take(&mut out.bases);
        out.trim(KEPT);
        let change = Change {
            replica: self.id,
            prev: self.own_last,
            time: open.time,
            ticks: open.ticks.max(1),
            deps: self.take_heads(),
            body,
        };
        self.chains.extend(&change, self.version.get(self.id));
        self.last = self.last.max(change.last());
        self.own_last = change.last();
        self.version.advance(self.id, change.last());
        self.heads.advance(self.id, change.last());
        self.log.push(change.clone());
        self.outbox.push(Own {
            change: change.clone(),
            bases,
        });
        Some(change)
    }

    /// What the next change of its own rests on beside the one before it.
    fn take_heads(&mut self) -> Vec<(ReplicaId, Hlc)> {
        if self.heads.iter().all(|(head, _)| head == self.id) {
            // Where nobody else writes it stays in place.
            return Vec::new();
        }
        let heads = std::mem::take(&mut self.heads);
        heads.iter().filter(|(head, _)| *head != self.id).collect()
    }
}
