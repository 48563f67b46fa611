//! What shows: the durable value, or a live one that is newer.
//!
//! A live value shows while its (epoch, stamp) exceeds that of the durable write. One that its own sender has made durable is
//! played to its end, which is the interpolation's delay away: that is where the durable value lies on the same way.

use super::core::{Core, Spot};
use super::form::{Form, Reading};
use super::track::Track;
use crate::Stamp;
use crate::mutants::{self, Mutant};
use crate::policy::Interpolation;

impl Core {
    /// The live value of a field; none where the durable one shows.
    pub(super) fn shown(
        &self,
        spot: Spot,
        durable: Stamp,
        stood: &dyn Fn() -> Reading,
        now: u64,
    ) -> Option<Reading> {
        let entity = self.entities.get(spot.entity)?;
        if entity.tracks.is_empty() && entity.mover.is_none() {
            return None;
        }
        let shape = self.slot_shape(spot)?;
        let track = entity.track(shape.path);
        let track = track.filter(|track| track.stamp > spot.born && self.is_there(track, now));
        let own = entity
            .mover
            .as_deref()
            .and_then(|mover| mover.find(spot.slot));
        let rank = |stamp: Stamp| (self.epoch_of(spot.entity, stamp), stamp);
        let durable = rank(durable);
        let own = own.map(|slot| {
            let stamp = Stamp {
                time: slot.tick,
                replica: self.id,
            };
            ((slot.epoch, stamp), slot)
        });
        let heard = track.map(|track| (track.epoch, track.stamp));
        if let Some((held, slot)) = own
            && held > durable
            && held.1 > spot.born
            && heard.is_none_or(|heard| held > heard)
        {
            return Some(slot.value.clone());
        }
        let track = track?;
        let t = to_time(now) - i64::from(shape.options.delay_ms);
        let mode = shape.options.mode;
        let on_top = mutants::on(Mutant::KeyWriteHidden);
        let rules = (track.epoch, track.stamp) > durable || on_top;
        let plays_out = durable.1.replica == track.stamp.replica
            && durable.0 == track.epoch
            && mode != Interpolation::None
            && track.newest().is_some_and(|newest| t < newest);
        if !rules && !plays_out {
            return None;
        }
        let t = match mode {
            Interpolation::None => i64::MAX,
            _ => t,
        };
        let stood = match (track.form, stood()) {
            (Form::Raw, _) | (_, Reading::Bytes(_)) => None,
            (_, Reading::Numbers(numbers)) => Some(numbers),
        };
        track.shown(mode, t, self.rests(track), stood)
    }

    fn source_of(&self, track: &Track) -> Option<&super::source::Source> {
        self.sources.get(&track.stamp.replica?)
    }

    /// True while the sender is there and still moves the field. It says so with every key write; one that is heard but has not
    /// named the field for several of these has dropped it, as it does when the entity is gone.
    fn is_there(&self, track: &Track, now: u64) -> bool {
        let Some(source) = self.source_of(track) else {
            return false;
        };
        let lease = to_time(self.times.key.saturating_mul(5));
        let silent = source.complete.zip(track.carried);
        let silent = silent.map_or(0, |(complete, carried)| complete - carried);
        now.saturating_sub(source.heard) <= self.times.ttl && silent <= lease
    }

    /// True when the sender is known to have left the field where it was.
    fn rests(&self, track: &Track) -> bool {
        let complete = self.source_of(track).and_then(|source| source.complete);
        complete > track.carried
    }

    /// The greatest live write of a field that is known, by whomever else.
    pub(super) fn heard_of(&self, entity: u32, path: u32) -> Option<(u32, Stamp)> {
        let track = self.entities.get(entity)?.track(path)?;
        Some((track.epoch, track.stamp))
    }
}

/// A time of the local clock, within what can be reckoned with.
pub(super) fn to_time(millis: u64) -> i64 {
    i64::try_from(millis).unwrap_or(i64::MAX).min(i64::MAX / 4)
}
