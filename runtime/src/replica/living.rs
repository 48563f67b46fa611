//! What the live lane asks of a replica: ticks beside its chain, and edits of what is found by a way.
//!
//! Live values themselves are none of the replica's: see `crate::live`.

use super::Replica;
use super::core::Core;
use crate::crdt::{Crdt, Synced};
use crate::edit::At;
use crate::history::Doing;
use crate::{Error, Hlc};

impl<T: Synced> Replica<T> {
    /// A tick that no change has: after all that was made or seen here, and before every edit from now on.
    pub(crate) fn live_tick(&mut self) -> Result<Hlc, Error> {
        self.core.live_tick()
    }

    /// True when nothing was made or seen since this tick was taken.
    pub(crate) fn is_latest(&self, tick: Hlc) -> bool {
        self.core.last == tick && self.core.open.is_none_or(|open| open.time < tick)
    }

    /// Takes note of a tick of another's; false where it lies so far ahead that the clock guard would hold a change back.
    pub(crate) fn witness(&mut self, tick: Hlc) -> bool {
        self.core.witness(tick)
    }

    /// Edits the state where it has no type: makes durable what moves. With the write before it, it `joins` one undo step, which
    /// `goes_on` until another edit comes in between.
    pub(crate) fn edit_state(
        &mut self,
        (joins, goes_on): (bool, bool),
        edit: impl FnOnce(&mut dyn Crdt, At<'_>),
    ) -> Result<(), Error> {
        let tx = self.core.begin(&mut self.state)?;
        edit(&mut self.state, At::root(&tx));
        let refused = tx.refused();
        if refused.is_some() {
            tx.revert(&mut self.state);
        }
        let doing = Doing::Motion { joins, goes_on };
        self.core.end(tx, refused.is_none(), doing);
        refused.map_or(Ok(()), |limit| Err(limit.into()))
    }
}

impl Core {
    /// The same; also for ticks that were heard under an earlier id.
    pub(super) fn witness(&mut self, tick: Hlc) -> bool {
        let now = self.clock.now_millis();
        let fits = tick.millis() <= now.saturating_add(self.guard.hold_ms);
        if fits {
            self.last = self.last.max(tick);
            // What is edited from here on is later than it, and so joins no change that was opened before.
            self.live = self.live.max(tick);
        }
        fits
    }

    fn live_tick(&mut self) -> Result<Hlc, Error> {
        let items = |open: crate::edit::Open| {
            open.time
                .checked_add(u64::from(open.ticks))
                .unwrap_or(Hlc::MAX)
        };
        let last = self
            .open
            .map_or(self.last, |open| self.last.max(items(open)));
        let tick = Hlc::tick(last, self.clock.now_millis()).ok_or(Error::ClockExhausted)?;
        (self.last, self.live) = (tick, tick);
        Ok(tick)
    }
}
