//! Taking in a frame: numbers become entities, values become samples.
//!
//! A frame is read whole before anything is done with it. What rules is decided by `super::track`, field by field.

use super::LiveError;
use super::core::Core;
use super::curve::Sample;
use super::form::{Form, Reading};
use super::frame::{Frame, Group, Want};
use super::showing::to_time;
use super::source::{Source, Wanted};
use super::time::Shift;
use super::track::{Heard, Track};
use crate::{ReplicaId, Stamp};

impl Core {
    /// Takes in a frame of another replica. One of an older session than is known changes nothing.
    pub(super) fn hear(
        &mut self,
        own: ReplicaId,
        frame: &Frame,
        now: u64,
    ) -> Result<(), LiveError> {
        if frame.sender == own {
            return Ok(());
        }
        self.answer(own, &frame.wants);
        let known = self.sources.get(&frame.sender).map(|source| source.session);
        if known.is_some_and(|known| known > frame.session) {
            return Ok(());
        }
        if known.is_some_and(|known| known < frame.session) {
            self.forget(frame.sender);
        }
        if !self.sources.contains_key(&frame.sender) && self.sources.len() >= MOST_SOURCES {
            return Err(LiveError::TooMany("senders"));
        }
        let before = self.arrive(frame, now);
        self.name(frame)?;
        for group in &frame.groups {
            self.take_group(frame, group, before, now)?;
        }
        if let Some(source) = self.sources.get_mut(&frame.sender) {
            let made = to_time(frame.at) + source.shift.at(now);
            if frame.complete {
                source.complete = source.complete.max(Some(made));
            }
        }
        Ok(())
    }

    /// Notes that a frame came; until when its sender's other fields are known to have stood.
    fn arrive(&mut self, frame: &Frame, now: u64) -> Option<i64> {
        let source = self.sources.entry(frame.sender).or_insert_with(|| Source {
            session: frame.session,
            numbers: Vec::new(),
            shift: Shift::new(frame.at, now),
            heard: now,
            complete: None,
            at: frame.at,
        });
        source.shift.hear(frame.at, now);
        source.heard = source.heard.max(now);
        let newer = frame.at >= source.at;
        source.at = source.at.max(frame.at);
        source.complete.filter(|_| newer)
    }

    /// Takes down what numbers stand for.
    fn name(&mut self, frame: &Frame) -> Result<(), LiveError> {
        for (number, way) in &frame.names {
            let place = *number as usize;
            if place >= MOST_NUMBERS {
                return Err(LiveError::TooMany("entities"));
            }
            let Some(source) = self.sources.get(&frame.sender) else {
                return Ok(());
            };
            // A number stands for one thing as long as its session lasts.
            if source.numbers.get(place).copied().flatten().is_some() {
                continue;
            }
            let entity = self.entities.follow(way, &mut self.paths)?;
            if let Some(source) = self.sources.get_mut(&frame.sender) {
                if source.numbers.len() <= place {
                    source.numbers.resize(place + 1, None);
                }
                source.numbers[place] = Some(entity);
            }
            if let Some(wanted) = self.wanted.get_mut(&frame.sender) {
                wanted.numbers.remove(number);
            }
        }
        self.wanted.retain(|_, wanted| !wanted.numbers.is_empty());
        Ok(())
    }

    fn take_group(
        &mut self,
        frame: &Frame,
        group: &Group,
        stood: Option<i64>,
        now: u64,
    ) -> Result<(), LiveError> {
        let fields = group.fields.iter();
        let paths = fields.map(|(path, form)| Ok((self.paths.number(path)?, *form)));
        let paths = paths.collect::<Result<Vec<(u32, Form)>, LiveError>>()?;
        let stamp = Stamp::new(group.tick, frame.sender);
        let Some(source) = self.sources.get(&frame.sender) else {
            return Ok(());
        };
        let shift = source.shift.at(now);
        let (at, made) = (to_time(group.at) + shift, to_time(frame.at) + shift);
        let numbers = source.numbers.as_slice();
        let known = |number: &u32| numbers.get(*number as usize).copied().flatten();
        let entities: Vec<Option<u32>> = group.numbers.iter().map(known).collect();
        let mut cells = group.cells.iter();
        for (number, entity) in group.numbers.iter().zip(entities) {
            let Some(entity) = entity else {
                cells.by_ref().take(paths.len()).for_each(drop);
                self.want(frame.sender, *number);
                continue;
            };
            let epoch = self.granted(entity, group.epoch, stamp.replica);
            let Some(held) = self.entities.get_mut(entity) else {
                continue;
            };
            for ((path, form), cell) in paths.iter().zip(&mut cells) {
                let track = match held.tracks.iter().position(|track| track.path == *path) {
                    Some(place) => &mut held.tracks[place],
                    None => {
                        held.tracks.push(Track::new(*path, *form));
                        match held.tracks.last_mut() {
                            Some(track) => track,
                            None => continue,
                        }
                    }
                };
                let raw = match form {
                    Form::Raw => usize::try_from(cell[0]).ok(),
                    _ => None,
                };
                let raw = raw.and_then(|raw| group.raws.get(raw));
                let sample = Sample {
                    at,
                    value: form.restore(cell),
                    jump: group.jump,
                };
                let heard = Heard {
                    epoch,
                    stamp,
                    sample,
                    made,
                    stood_until: stood,
                };
                track.change_form(*form);
                track.hear(&heard, raw);
            }
        }
        Ok(())
    }

    fn want(&mut self, sender: ReplicaId, number: u32) {
        let wanted = self.wanted.entry(sender).or_default();
        if wanted.numbers.len() < Wanted::MOST {
            wanted.numbers.insert(number);
        }
    }

    /// Numbers of this replica's that somebody asks about are named in the next frame.
    fn answer(&mut self, own: ReplicaId, wants: &[Want]) {
        let Some(session) = self.session.filter(|session| session.id == own) else {
            return;
        };
        let ours = |want: &&Want| want.sender == own && want.session == session.first;
        let asked: Vec<u32> = wants
            .iter()
            .filter(ours)
            .flat_map(|want| want.numbers.iter().copied())
            .collect();
        if asked.is_empty() {
            return;
        }
        for (entity, held) in self.entities.iter_mut() {
            if held
                .number
                .is_some_and(|number| asked.binary_search(&number).is_ok())
            {
                self.unnamed.push(entity);
            }
        }
    }
}

/// More senders than this are not heard.
const MOST_SOURCES: usize = 1_024;
/// Numbers of one session.
pub(super) const MOST_NUMBERS: usize = 65_536;

/// Where a value is no number, what is sent instead of one.
pub(super) fn raw_of(value: &Reading) -> Option<&std::sync::Arc<[u8]>> {
    match value {
        Reading::Numbers(_) => None,
        Reading::Bytes(bytes) => Some(bytes),
    }
}
