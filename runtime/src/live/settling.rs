//! From live to durable: a key write every second while a field moves, and the last value once it stands still.
//!
//! Both are ordinary edits of the replica. Nothing is written where a newer write rules.

use super::Moving;
use super::core::Core;
use crate::crdt::Crdt;
use crate::edit::At;
use crate::mutants::{self, Mutant};
use crate::{Error, Replica, Stamp};

/// One step of the way to a durable register.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// The field with this id.
    Field(u32),
    /// The entry under a key of these bytes.
    Key(&'a [u8]),
}

/// A field that becomes durable.
#[derive(Clone, Copy, Debug)]
struct Due {
    entity: u32,
    slot: u32,
    /// True when it stops moving.
    settles: bool,
}

impl Core {
    /// Makes durable what is due: all that moves where `all` is set. Whether anything was written.
    pub(super) fn settle<T: Moving>(
        &mut self,
        replica: &mut Replica<T>,
        now: u64,
        all: bool,
    ) -> Result<bool, Error> {
        let due = self.due(now, all);
        let mut wrote = false;
        // In parts, each well within what one change may be.
        let parts = due.chunks(1_024).len();
        for (index, part) in due.chunks(1_024).enumerate() {
            let ruling: Vec<Due> = part
                .iter()
                .filter(|due| self.still_rules(replica, due))
                .copied()
                .collect();
            if !ruling.is_empty() && !mutants::on(Mutant::NeverSettled) {
                let (joins, goes_on) = self.step_of(&ruling);
                let step = (joins || index > 0, goes_on || index + 1 < parts);
                replica.edit_state(step, |state, at| {
                    for due in &ruling {
                        self.write(state, at, due);
                    }
                })?;
                wrote = true;
            }
            for due in part {
                self.after(due, now, ruling.iter().any(|it| is_same(it, due)));
            }
        }
        if !due.is_empty() {
            self.stop_moving();
        }
        Ok(wrote)
    }

    /// The fields that are due, and when to look again.
    fn due(&mut self, now: u64, all: bool) -> Vec<Due> {
        let mut due = Vec::new();
        if !all && now < self.check_at {
            return due;
        }
        let times = self.times;
        let mut next = u64::MAX;
        for entity in &self.moving {
            let held = self.entities.get_mut(*entity);
            let Some(mover) = held.and_then(|held| held.mover.as_deref_mut()) else {
                continue;
            };
            for slot in &mut mover.slots {
                let rest = slot.touched.saturating_add(times.settle);
                let key = slot.keyed.saturating_add(times.key);
                let settles = all || now >= rest;
                slot.settles = settles;
                if settles || now >= key {
                    let (entity, slot) = (*entity, slot.slot);
                    due.push(Due {
                        entity,
                        slot,
                        settles,
                    });
                    next = next.min(now.saturating_add(1));
                    continue;
                }
                next = next.min(rest).min(key);
                // What differed too little to be sent is sent once the field stands still.
                if slot.small {
                    if now > slot.touched {
                        (slot.small, slot.dirty) = (false, true);
                        if !mover.queued {
                            mover.queued = true;
                            self.dirty.push(*entity);
                        }
                    } else {
                        next = next.min(now.saturating_add(1));
                    }
                }
            }
        }
        self.check_at = next;
        due
    }

    /// All that is written of a motion is one undo step: whether a write has to join the one before it, and whether another follows.
    fn step_of(&self, written: &[Due]) -> (bool, bool) {
        let movers = self.moving.iter().filter_map(|entity| {
            let held = self.entities.get(*entity)?;
            held.mover.as_deref()
        });
        let (mut joins, mut goes_on) = (false, written.iter().any(|due| !due.settles));
        for slot in movers.flat_map(|mover| &mover.slots) {
            joins |= slot.written;
            goes_on |= slot.written && !slot.settles;
        }
        (joins, goes_on)
    }

    /// True when no newer write, durable or live, rules over the value that is moved here.
    fn still_rules<T: Moving>(&self, replica: &Replica<T>, due: &Due) -> bool {
        let held = self.entities.get(due.entity);
        let slot = held.and_then(|held| held.mover.as_deref()?.find(due.slot));
        let (Some(slot), steps) = (slot, self.steps(due)) else {
            return false;
        };
        let Some(durable) = replica.state().stamp_at(&steps) else {
            return false;
        };
        let own = (slot.epoch, Stamp::new(slot.tick, replica.id()));
        let heard = self.heard_of(due.entity, slot.path);
        own > (self.epoch_of(due.entity, durable), durable) && heard.is_none_or(|heard| own > heard)
    }

    /// The way to the durable register of a field.
    fn steps(&self, due: &Due) -> Vec<Step<'_>> {
        let fields = |path| self.paths.get(path).iter().map(|id| Step::Field(*id));
        let mut steps = Vec::new();
        for (map, key) in self.entities.steps(due.entity) {
            steps.extend(fields(map));
            steps.push(Step::Key(key));
        }
        let held = self.entities.get(due.entity);
        let slot = held.and_then(|held| held.mover.as_deref()?.find(due.slot));
        steps.extend(slot.into_iter().flat_map(|slot| fields(slot.path)));
        steps
    }

    fn write(&self, state: &mut dyn Crdt, at: At<'_>, due: &Due) {
        let held = self.entities.get(due.entity);
        let Some(slot) = held.and_then(|held| held.mover.as_deref()?.find(due.slot)) else {
            return;
        };
        state.write_at(&self.steps(due), &slot.value, at);
    }

    /// What has settled moves no more; what goes on is sent again, after its key write.
    fn after(&mut self, due: &Due, now: u64, wrote: bool) {
        let Some(held) = self.entities.get_mut(due.entity) else {
            return;
        };
        let Some(mover) = held.mover.as_deref_mut() else {
            return;
        };
        if due.settles || !wrote {
            // One that was overtaken starts anew when it is set again.
            mover.slots.retain(|slot| slot.slot != due.slot);
            return;
        }
        if let Some(slot) = mover.find_mut(due.slot) {
            (slot.keyed, slot.dirty, slot.due_us) = (now, true, 0);
            (slot.again, slot.written) = (true, true);
        }
        if !mover.queued {
            mover.queued = true;
            self.dirty.push(due.entity);
        }
    }

    /// What was written durably goes on under a tick after that write.
    pub(super) fn go_on(&mut self, tick: crate::Hlc) {
        for entity in &self.dirty {
            let held = self.entities.get_mut(*entity);
            let mover = held.and_then(|held| held.mover.as_deref_mut());
            for slot in mover.into_iter().flat_map(|mover| &mut mover.slots) {
                if std::mem::take(&mut slot.again) {
                    slot.tick = tick;
                }
            }
        }
    }

    /// Forgets the movers that nothing is left of.
    fn stop_moving(&mut self) {
        let (mut still, mut stopped) = (Vec::new(), Vec::new());
        for entity in std::mem::take(&mut self.moving) {
            let Some(held) = self.entities.get_mut(entity) else {
                continue;
            };
            let moves = held
                .mover
                .as_ref()
                .is_some_and(|mover| !mover.slots.is_empty());
            if moves {
                still.push(entity);
            } else {
                held.mover = None;
                stopped.push(entity);
            }
        }
        self.moving = still;
        if !stopped.is_empty() {
            let entities = &self.entities;
            let moves = |entity: &u32| entities.get(*entity).is_some_and(|it| it.mover.is_some());
            self.dirty.retain(moves);
        }
        for entity in stopped {
            self.entities.tidy(entity);
        }
    }

    /// Forgets what was heard long ago and is durable by now; a few entities at each call.
    pub(super) fn sweep<T: Moving>(&mut self, replica: &Replica<T>, now: u64) {
        const AT_ONCE: u32 = 32;
        const OLD_MS: i64 = 2_000;
        let bound = self.entities.bound();
        for _ in 0..AT_ONCE.min(bound) {
            self.sweep = (self.sweep + 1) % bound;
            let entity = self.sweep;
            let Some(held) = self
                .entities
                .get(entity)
                .filter(|held| !held.tracks.is_empty())
            else {
                continue;
            };
            let is_old = |at: i64| at < super::showing::to_time(now) - OLD_MS;
            let mut over = Vec::new();
            for track in &held.tracks {
                if !track.newest().is_none_or(is_old) {
                    continue;
                }
                let due = Due {
                    entity,
                    slot: u32::MAX,
                    settles: false,
                };
                let mut steps = self.steps(&due);
                steps.extend(self.paths.get(track.path).iter().map(|id| Step::Field(*id)));
                let durable = replica.state().stamp_at(&steps);
                let rank = durable.map(|durable| (self.epoch_of(entity, durable), durable));
                // One whose entity is not here yet waits for it as long as its sender is there.
                if rank.is_some_and(|rank| rank >= (track.epoch, track.stamp)) {
                    over.push(track.path);
                }
            }
            if let Some(held) = self.entities.get_mut(entity).filter(|_| !over.is_empty()) {
                held.tracks.retain(|track| !over.contains(&track.path));
            }
        }
    }
}

fn is_same(a: &Due, b: &Due) -> bool {
    (a.entity, a.slot) == (b.entity, b.slot)
}
