//! Making a frame: what moved since the last one, at most at the rate that was declared.
//!
//! What is due is decided here; how it looks as bytes in `super::frame`, what of it becomes durable in `super::settling`.

use super::applying::{MOST_NUMBERS, raw_of};
use super::core::{Core, Session};
use super::form::Form;
use super::frame::{Frame, Group, MAX_WAY, Path, Want};
use super::mover::Slot;
use super::source::Wanted;
use crate::{Hlc, ReplicaId};

/// Bytes that a frame is filled up to, by estimate. Names and wants come on top.
const BUDGET: usize = 24 << 10;
/// Bytes of names in one frame, by estimate.
const NAMES: usize = 24 << 10;

/// One field that goes into the frame: its priority, since when it waits, its entity, and its place in the mover.
type Candidate = (i32, u64, u32, usize);

impl Core {
    /// True once a frame is due; then the next is due one period after this one was, however late this call is.
    pub(super) fn is_due(&mut self, now: u64) -> bool {
        let now_us = now.saturating_mul(1_000);
        let Some(period) = self
            .shapes
            .shortest_period()
            .filter(|_| now_us >= self.due_us)
        else {
            return false;
        };
        self.due_us = next_due(self.due_us, period, now_us);
        true
    }

    /// A frame of so many bytes has left. Where a limit is declared, the next waits until it has been paid for, and then has what is
    /// newest.
    pub(super) fn pay(&mut self, bytes: usize, now: u64) {
        let Some(limit) = self.shapes.bandwidth() else {
            return;
        };
        let takes_us = (bytes as u64).saturating_mul(1_000_000) / limit.max(1);
        let paid = now.saturating_mul(1_000).saturating_add(takes_us);
        self.due_us = self.due_us.max(paid);
    }

    /// The frame of this moment; none where there is nothing to say.
    pub(super) fn frame(&mut self, id: ReplicaId, now: u64) -> Option<Frame> {
        self.number_movers();
        let (chosen, complete) = self.choose(now);
        let groups = self.groups(&chosen, now);
        let names = self.names();
        let wants = self.wants(now);
        let silent = groups.is_empty() && names.is_empty() && wants.is_empty();
        if silent && self.moving.is_empty() {
            return None;
        }
        let session = self.session?.first;
        let greatest = groups.iter().map(|group| group.tick).max();
        Some(Frame {
            sender: id,
            session,
            complete,
            tick: greatest.unwrap_or(session),
            at: now,
            groups,
            names,
            wants,
        })
    }

    /// True while there is a session under this id whose numbers suffice for what is to be sent.
    pub(super) fn has_session(&self, id: ReplicaId) -> bool {
        let fits = |session: &Session| {
            let more = session.numbers as usize + self.dirty.len();
            session.id == id && more < MOST_NUMBERS
        };
        self.session.as_ref().is_some_and(fits)
    }

    /// Starts a session where there is none that holds.
    pub(super) fn start_session(&mut self, id: ReplicaId, tick: Hlc) {
        if self.has_session(id) {
            return;
        }
        let mut numbered = Vec::new();
        for (entity, held) in self.entities.iter_mut() {
            if held.number.take().is_some() {
                numbered.push(entity);
            }
            if let Some(mover) = &mut held.mover {
                mover.slots.iter_mut().for_each(|slot| slot.dirty = true);
                if !mover.queued {
                    mover.queued = true;
                    self.dirty.push(entity);
                }
                // All that moves is under way again, from this session's first tick on.
                for slot in &mut mover.slots {
                    slot.tick = slot.tick.max(tick);
                }
            }
        }
        numbered
            .into_iter()
            .for_each(|entity| self.entities.release(entity));
        self.unnamed.clear();
        self.session = Some(Session {
            id,
            first: tick,
            numbers: 0,
        });
    }

    /// Gives numbers to what has none and is to be sent.
    fn number_movers(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        for entity in &self.dirty {
            if let Some(held) = self.entities.get_mut(*entity)
                && held.number.is_none()
                && (session.numbers as usize) < MOST_NUMBERS
            {
                held.number = Some(session.numbers);
                session.numbers += 1;
                self.entities.take(*entity);
                self.unnamed.push(*entity);
            }
        }
    }

    /// The fields that go into this frame, and whether that is all that moved. The rest waits.
    fn choose(&mut self, now: u64) -> (Vec<Candidate>, bool) {
        let now_us = now.saturating_mul(1_000);
        let (mut chosen, mut bytes, mut complete) = (Vec::new(), 0, true);
        let number = |entity: &u32| self.entities.get(*entity).and_then(|held| held.number);
        self.dirty.sort_by_cached_key(number);
        for entity in &self.dirty {
            let held = self.entities.get(*entity);
            let mover = held.and_then(|held| held.mover.as_deref());
            for (place, slot) in mover
                .iter()
                .flat_map(|mover| mover.slots.iter().enumerate())
            {
                if slot.dirty && slot.due_us > now_us {
                    complete = false;
                } else if slot.dirty {
                    bytes += 8 + raw_of(&slot.value).map_or(0, |raw| raw.len());
                    let shape = mover.and_then(|mover| self.shapes.slot(mover.shape, slot.slot));
                    let priority = shape.map_or(0, |shape| shape.options.priority);
                    chosen.push((-priority, slot.at, *entity, place));
                }
            }
        }
        if bytes > BUDGET {
            complete = false;
            self.cut(&mut chosen);
        }
        (chosen, complete)
    }

    /// Leaves what matters most, and of that what waits longest.
    fn cut(&self, chosen: &mut Vec<Candidate>) {
        chosen.sort_unstable();
        let (mut bytes, mut fit) = (0, 0);
        for (.., entity, place) in chosen.iter() {
            let held = self
                .entities
                .get(*entity)
                .and_then(|held| held.mover.as_deref());
            let raw = held.and_then(|mover| raw_of(&mover.slots.get(*place)?.value));
            bytes += 8 + raw.map_or(0, |raw| raw.len());
            if bytes > BUDGET {
                break;
            }
            fit += 1;
        }
        chosen.truncate(fit);
        chosen.sort_unstable_by_key(|(.., entity, place)| {
            (
                self.entities.get(*entity).and_then(|held| held.number),
                *place,
            )
        });
    }

    /// Puts the chosen fields of each entity together with those of others that were set alike.
    fn groups(&mut self, chosen: &[Candidate], now: u64) -> Vec<Group> {
        let now_us = now.saturating_mul(1_000);
        let mut groups: Vec<(Vec<u32>, Group)> = Vec::new();
        let mut fields: Vec<u32> = Vec::new();
        for run in chosen.chunk_by(|(.., a, _), (.., b, _)| a == b) {
            let Some((.., entity, _)) = run.first() else {
                continue;
            };
            let Some(held) = self.entities.get_mut(*entity) else {
                continue;
            };
            let (Some(number), Some(mover)) = (held.number, held.mover.as_deref_mut()) else {
                continue;
            };
            let shape = mover.shape;
            let mut done = 0;
            while let Some((.., first)) = run.get(done) {
                let Some(slot) = mover.slots.get(*first) else {
                    break;
                };
                let set = (slot.tick, slot.at, slot.epoch, slot.jump);
                let alike = |(.., place): &&Candidate| {
                    let slot = mover.slots.get(*place);
                    slot.is_some_and(|it| (it.tick, it.at, it.epoch, it.jump) == set)
                };
                let count = run[done..].iter().take_while(alike).count().max(1);
                fields.clear();
                fields.push(shape);
                let places = run[done..done + count].iter().map(|(.., place)| *place);
                fields.extend(
                    places
                        .clone()
                        .filter_map(|it| Some(mover.slots.get(it)?.slot)),
                );
                let same = |(held, group): &(Vec<u32>, Group)| {
                    (group.tick, group.at, group.epoch, group.jump) == set && *held == fields
                };
                let found = groups.iter().rposition(same);
                let index = found.unwrap_or_else(|| {
                    let forms = places.clone().filter_map(|place| {
                        let slot = mover.slots.get(place)?;
                        Some((Path::from(self.paths.get(slot.path)), slot.form))
                    });
                    groups.push((fields.clone(), Group::new(set, forms.collect())));
                    groups.len() - 1
                });
                let Some((_, group)) = groups.get_mut(index) else {
                    break;
                };
                group.numbers.push(number);
                for place in places {
                    if let Some(slot) = mover.slots.get_mut(place) {
                        let period = self.shapes.slot(shape, slot.slot);
                        let period = period.map_or(0, |shape| shape.options.period_us);
                        send(slot, group);
                        slot.due_us = next_due(slot.due_us, period, now_us);
                    }
                }
                done += count;
            }
        }
        self.unqueue();
        let mut groups: Vec<Group> = groups.into_iter().map(|(_, group)| group).collect();
        groups.sort_by(Group::order);
        groups
    }

    /// Entities with nothing more to send leave the queue.
    fn unqueue(&mut self) {
        let entities = &mut self.entities;
        self.dirty.retain(|entity| {
            let mover = entities
                .get_mut(*entity)
                .and_then(|held| held.mover.as_mut());
            mover.is_some_and(|mover| {
                mover.queued = mover.slots.iter().any(|slot| slot.dirty);
                mover.queued
            })
        });
    }

    /// The ways of numbers that are new or were asked for, as many as fit.
    fn names(&mut self) -> Vec<(u32, std::sync::Arc<[u8]>)> {
        let mut names = Vec::new();
        let mut bytes = 0;
        while bytes < NAMES {
            let Some(entity) = self.unnamed.pop() else {
                break;
            };
            let number = self.entities.get(entity).and_then(|held| held.number);
            if let Some(number) = number {
                let way = self.entities.way(entity, &self.paths);
                bytes += way.len() + 4;
                // A key that long cannot be told to anybody; the entity moves by its durable values alone.
                if way.len() <= MAX_WAY {
                    names.push((number, way.into()));
                }
            }
        }
        names.sort_unstable_by_key(|(number, _)| *number);
        names.dedup_by_key(|(number, _)| *number);
        names
    }

    /// Numbers of others to ask for, again and again until they are named.
    fn wants(&mut self, now: u64) -> Vec<Want> {
        let mut wants = Vec::new();
        for (sender, wanted) in &mut self.wanted {
            let waits = |asked: u64| now.saturating_sub(asked) < Wanted::PATIENCE;
            let Some(source) = self.sources.get(sender) else {
                continue;
            };
            if wanted.asked.is_some_and(waits) || wanted.numbers.is_empty() {
                continue;
            }
            wanted.asked = Some(now);
            wants.push(Want {
                sender: *sender,
                session: source.session,
                numbers: wanted.numbers.iter().copied().collect(),
            });
        }
        wants.truncate(16);
        wants
    }
}

/// Puts a field's value into a group; then it is as sent.
fn send(slot: &mut Slot, group: &mut Group) {
    let mut cell = slot.cell;
    if let Some(raw) = raw_of(&slot.value).filter(|_| slot.form == Form::Raw) {
        cell[0] = group.raws.len() as i64;
        group.raws.push(raw.clone());
    }
    group.cells.push(cell);
    slot.sent = Some((cell, slot.value.clone()));
    (slot.dirty, slot.jump) = (false, false);
}

/// The time after `due` that lies whole periods from it and after now: being late once makes nothing later.
fn next_due(due: u64, period: u64, now_us: u64) -> u64 {
    let period = period.max(1);
    let missed = now_us.saturating_sub(due) / period;
    if due == 0 {
        return now_us.saturating_add(period);
    }
    due.saturating_add(period.saturating_mul(missed + 1))
}
