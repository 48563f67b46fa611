//! [`Core`]: all of a lane but the type of the state, compiled once for all types.

use std::collections::BTreeMap;

use super::LiveError;
use super::entity::{Entities, ROOT};
use super::epoch::Grant;
use super::form::{Form, Reading};
use super::mover::{Mover, Slot};
use super::shape::{Paths, Shapes, SlotShape};
use super::source::{Source, Wanted};
use super::view::Set;
use crate::codec::ValueKind;
use crate::mutants::{self, Mutant};
use crate::{Hlc, ReplicaId, Stamp};

/// A live field: of which entity, and which of its places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) entity: u32,
    pub(super) shape: u32,
    pub(super) slot: u32,
    /// When the entity came to be; what was set before does not show on it.
    pub(super) born: Stamp,
}

impl Spot {
    pub(super) const fn root(shape: u32) -> Self {
        Self {
            entity: ROOT,
            shape,
            slot: 0,
            born: Stamp::ORIGIN,
        }
    }

    /// This place; afterwards `self` is the next.
    pub(super) fn next(&mut self) -> Self {
        let here = *self;
        self.slot += 1;
        here
    }
}

/// What a lane holds.
#[derive(Debug, Default)]
pub(super) struct Core {
    pub(super) paths: Paths,
    pub(super) shapes: Shapes,
    pub(super) root_shape: u32,
    pub(super) entities: Entities,
    pub(super) sources: BTreeMap<ReplicaId, Source>,
    pub(super) session: Option<Session>,
    pub(super) times: Times,
    /// The tick of what is set until the next frame, or until something else takes a tick.
    pub(super) tick: Option<Hlc>,
    /// Entities with something to send.
    pub(super) dirty: Vec<u32>,
    /// Entities that are moved here.
    pub(super) moving: Vec<u32>,
    /// No moving field has to be looked at before.
    pub(super) check_at: u64,
    /// When the next frame is due, in microseconds.
    pub(super) due_us: u64,
    pub(super) wanted: BTreeMap<ReplicaId, Wanted>,
    /// Entities whose numbers have to be named in the next frame.
    pub(super) unnamed: Vec<u32>,
    pub(super) sweep: u32,
    /// Who this replica is, as of the last call.
    pub(super) id: Option<ReplicaId>,
}

/// This replica's session: its numbers hold as long as it lasts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    pub(super) id: ReplicaId,
    pub(super) first: Hlc,
    pub(super) numbers: u32,
}

/// Times that an application may set, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) settle: u64,
    pub(super) key: u64,
    pub(super) ttl: u64,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            settle: 250,
            key: 1_000,
            ttl: 30_000,
        }
    }
}

impl Core {
    pub(super) fn slot_shape(&self, spot: Spot) -> Option<&SlotShape> {
        self.shapes.slot(spot.shape, spot.slot)
    }

    /// The spot of the first place of a map's entry.
    pub(super) fn entry(&self, map: Spot, key: &[u8], born: Stamp) -> Option<Spot> {
        let shape = self.slot_shape(map)?;
        Some(Spot {
            entity: self.entities.find(map.entity, shape.path, key)?,
            shape: shape.entries?,
            slot: 0,
            born,
        })
    }

    /// The same, made if need be.
    pub(super) fn enter(
        &mut self,
        map: Spot,
        key: &[u8],
        born: Stamp,
    ) -> Result<Option<Spot>, LiveError> {
        let Some((path, Some(shape))) = self.slot_shape(map).map(|it| (it.path, it.entries)) else {
            return Ok(None);
        };
        let entity = self.entities.enter(map.entity, path, key)?;
        Ok(Some(Spot {
            entity,
            shape,
            slot: 0,
            born,
        }))
    }

    /// The epoch of a write to an entity: of the nearest around it that was granted to anybody.
    pub(super) fn epoch_of(&self, entity: u32, stamp: Stamp) -> u32 {
        let mut lineage = self.entities.lineage(entity);
        let granted = lineage.find(|entity| !entity.grants.is_empty());
        granted.map_or(0, |entity| entity.grants.epoch_of(stamp))
    }

    /// The epoch that a sender claims for its value, where it was granted.
    pub(super) fn granted(&self, entity: u32, claimed: u32, owner: Option<ReplicaId>) -> u32 {
        if claimed == 0 || mutants::on(Mutant::EpochIgnored) {
            return 0;
        }
        let mut lineage = self.entities.lineage(entity);
        let granted = lineage.find(|entity| !entity.grants.is_empty());
        match granted.is_some_and(|entity| entity.grants.has(claimed, owner)) {
            true => claimed,
            false => 0,
        }
    }

    pub(super) fn grant(&mut self, entity: u32, grant: Grant) {
        if let Some(held) = self.entities.get_mut(entity) {
            let first = held.grants.is_empty();
            held.grants.add(grant);
            if first {
                self.entities.take(entity);
            }
        }
    }

    /// Sets a live value under a tick.
    pub(super) fn set(
        &mut self,
        spot: Spot,
        (own, durable): (Stamp, Stamp),
        kind: &ValueKind,
        set: Set,
        now: u64,
    ) {
        let Some(shape) = self.slot_shape(spot) else {
            return;
        };
        let (path, options) = (shape.path, shape.options.clone());
        let form = Form::of(kind, options.quantum);
        let value = within(set.value, form, options.bounds);
        let cell = match &value {
            Reading::Numbers(numbers) => form.quantise(numbers),
            Reading::Bytes(_) => [0; 4],
        };
        let epoch = self.epoch_of(spot.entity, own);
        let durable = (self.epoch_of(spot.entity, durable), durable);
        let Some(entity) = self.entities.get_mut(spot.entity) else {
            return;
        };
        let heard = entity.tracks.iter().find(|track| track.path == path);
        let heard = heard.map(|track| (track.epoch, track.stamp));
        let mover = entity.mover.get_or_insert_with(|| {
            self.moving.push(spot.entity);
            Box::new(Mover {
                shape: spot.shape,
                ..Mover::default()
            })
        });
        let slot = match mover.find_mut(spot.slot) {
            Some(slot) => slot,
            None => {
                let value = (value.clone(), cell);
                mover.insert(Slot::new(
                    (spot.slot, path, form),
                    value,
                    (own.time, epoch),
                    now,
                ));
                self.check_at = self.check_at.min(now);
                match mover.find_mut(spot.slot) {
                    Some(slot) => slot,
                    None => return,
                }
            }
        };
        slot.touched = now;
        let held = (
            slot.epoch,
            Stamp {
                time: slot.tick,
                ..own
            },
        );
        let rules = held > durable && heard.is_none_or(|heard| held >= heard) && epoch == held.0;
        if !set.jump && rules && slot.is_as_sent(&value, &cell) {
            // Kept as exactly as it was set, for when it settles.
            (slot.value, slot.cell) = (value, cell);
            (slot.dirty, slot.small) = (false, false);
            return;
        }
        let near = slot.is_near(&value, options.threshold);
        slot.cell = cell;
        (slot.value, slot.tick, slot.epoch, slot.at) = (value, own.time, epoch, now);
        slot.jump |= set.jump;
        if near && rules && !set.jump {
            slot.small = true;
            self.check_at = self.check_at.min(now);
            return;
        }
        (slot.dirty, slot.small) = (true, false);
        if !mover.queued {
            mover.queued = true;
            self.dirty.push(spot.entity);
        }
    }
}

/// A value brought within declared bounds; of a rotation there are none.
fn within(value: Reading, form: Form, bounds: Option<(f64, f64)>) -> Reading {
    match (value, bounds, form) {
        (Reading::Numbers(numbers), Some((least, most)), Form::Scalar(_) | Form::Vector(_)) => {
            Reading::Numbers(numbers.map(|number| number.max(least).min(most)))
        }
        (value, ..) => value,
    }
}
