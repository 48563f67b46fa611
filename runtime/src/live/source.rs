//! [`Source`]: a sender whose frames arrive: its session, its numbers, and its clock.

use std::collections::BTreeSet;

use super::core::Core;
use super::time::Shift;
use crate::{Hlc, ReplicaId, Stamp};

/// Somebody whose frames are heard.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) session: Hlc,
    /// The entity of each number, none where it was not named yet.
    pub(super) numbers: Vec<Option<u32>>,
    pub(super) shift: Shift,
    /// When a frame of its came last, by the clock here.
    pub(super) heard: u64,
    /// When its newest complete frame was made, by the clock here; what is not in it stands still until then.
    pub(super) complete: Option<i64>,
    /// When its newest frame was made, by its own clock.
    pub(super) at: u64,
}

/// Numbers of a source that are not known here.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) numbers: BTreeSet<u32>,
    /// When they were asked for last.
    pub(super) asked: Option<u64>,
}

impl Wanted {
    /// Numbers asked for at once.
    pub(super) const MOST: usize = 256;
    /// How long an answer is waited for, in milliseconds.
    pub(super) const PATIENCE: u64 = 200;
}

impl Core {
    /// Forgets a sender, and what it moved: the durable values show again.
    pub(super) fn forget(&mut self, who: ReplicaId) {
        self.forget_before(who, Hlc::MAX);
        self.wanted.remove(&who);
        if let Some(source) = self.sources.remove(&who) {
            for entity in source.numbers.into_iter().flatten() {
                self.entities.release(entity);
            }
        }
    }

    /// Forgets what a sender moved before a time.
    pub(super) fn forget_before(&mut self, who: ReplicaId, before: Hlc) {
        for (_, entity) in self.entities.iter_mut() {
            entity.tracks.retain(|track| {
                track.stamp.replica != Some(who) || track.stamp >= Stamp::new(before, who)
            });
        }
    }

    /// Forgets the senders that were not heard for too long.
    pub(super) fn expire(&mut self, now: u64) {
        let late = |source: &Source| source.heard.saturating_add(self.times.ttl) < now;
        let gone = self.sources.iter().filter(|(_, source)| late(source));
        for who in gone.map(|(who, _)| *who).collect::<Vec<_>>() {
            self.forget(who);
        }
    }
}
