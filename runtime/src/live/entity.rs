//! [`Entities`]: the things that move, each by the way that leads to it: the root, or entries of maps.
//!
//! Held by number. One that nobody uses any more is forgotten, so what came and went leaves nothing.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::LiveError;
use super::epoch::Grants;
use super::frame::{MAX_STEPS, MAX_WAY};
use super::mover::Mover;
use super::shape::Paths;
use super::track::Track;
use crate::DecodeError;
use crate::codec::{Dec, write_bytes, write_varint};

/// The root.
pub(super) const ROOT: u32 = 0;

/// Something that has live fields.
#[derive(Debug)]
pub(super) struct Entity {
    parent: u32,
    /// The path of the map it is an entry of, in its parent.
    map: u32,
    key: Box<[u8]>,
    /// What is heard of its fields.
    pub(super) tracks: Vec<Track>,
    /// What is moved here.
    pub(super) mover: Option<Box<Mover>>,
    pub(super) grants: Grants,
    /// Its number in the frames of this replica's session.
    pub(super) number: Option<u32>,
    /// How many reasons there are to keep it: entries below it, numbers of senders, what is moved here.
    users: u32,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Entities {
    all: Vec<Option<Entity>>,
    free: Vec<u32>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Default for Entities {
    fn default() -> Self {
        let mut root = Entity::new(ROOT, 0, Box::default());
        root.users = 1;
        Self {
            all: vec![Some(root)],
            free: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Entity {
    fn new(parent: u32, map: u32, key: Box<[u8]>) -> Self {
        Self {
            parent,
            map,
            key,
            tracks: Vec::new(),
            mover: None,
            grants: Grants::default(),
            number: None,
            users: 0,
        }
    }

    pub(super) fn track(&self, path: u32) -> Option<&Track> {
        self.tracks.iter().find(|track| track.path == path)
    }
}

impl Entities {
    /// More things than this are not followed.
    const MOST: usize = 65_536;

    pub(super) fn get(&self, entity: u32) -> Option<&Entity> {
        self.all.get(entity as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, entity: u32) -> Option<&mut Entity> {
        self.all.get_mut(entity as usize)?.as_mut()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (u32, &mut Entity)> {
        let all = self.all.iter_mut().enumerate();
        all.filter_map(|(number, entity)| Some((number as u32, entity.as_mut()?)))
    }

    /// One more than the greatest number there is.
    pub(super) fn bound(&self) -> u32 {
        self.all.len() as u32
    }

    fn hash(&self, parent: u32, map: u32, key: &[u8]) -> u64 {
        self.hasher.hash_one((parent, map, key))
    }

    /// The entry of a map.
    pub(super) fn find(&self, parent: u32, map: u32, key: &[u8]) -> Option<u32> {
        let same = |number: &u32| {
            let held = self.all.get(*number as usize).and_then(Option::as_ref);
            held.is_some_and(|it| it.parent == parent && it.map == map && *it.key == *key)
        };
        self.index.find(self.hash(parent, map, key), same).copied()
    }

    /// The entry of a map, made if need be. One that is made has to be used or released.
    pub(super) fn enter(&mut self, parent: u32, map: u32, key: &[u8]) -> Result<u32, LiveError> {
        if let Some(number) = self.find(parent, map, key) {
            return Ok(number);
        }
        if self.index.len() >= Self::MOST {
            return Err(LiveError::TooMany("entities"));
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.all.push(None);
            self.all.len() as u32 - 1
        });
        self.all[number as usize] = Some(Entity::new(parent, map, key.into()));
        self.take(parent);
        let hash = self.hash(parent, map, key);
        let (all, hasher) = (&self.all, &self.hasher);
        let rehash = |number: &u32| {
            let held = all.get(*number as usize).and_then(Option::as_ref);
            held.map_or(0, |it| hasher.hash_one((it.parent, it.map, &*it.key)))
        };
        self.index.insert_unique(hash, number, rehash);
        Ok(number)
    }

    /// One more reason to keep it.
    pub(super) fn take(&mut self, entity: u32) {
        if let Some(entity) = self.get_mut(entity) {
            entity.users = entity.users.saturating_add(1);
        }
    }

    /// One reason less; without any it is forgotten.
    pub(super) fn release(&mut self, entity: u32) {
        if let Some(held) = self.get_mut(entity) {
            held.users = held.users.saturating_sub(1);
        }
        self.tidy(entity);
    }

    /// Forgets it where there is no reason to keep it.
    pub(super) fn tidy(&mut self, entity: u32) {
        let used = |held: &Entity| held.users > 0 || held.mover.is_some();
        let Some(held) = self.get(entity).filter(|held| !used(held)) else {
            return;
        };
        let hash = self.hash(held.parent, held.map, &held.key);
        if let Ok(found) = self.index.find_entry(hash, |number| *number == entity) {
            found.remove();
        }
        let held = self.all.get_mut(entity as usize).and_then(Option::take);
        self.free.push(entity);
        if let Some(held) = held {
            self.release(held.parent);
        }
    }

    /// The way from the root, as steps: for each the path of a map and a key.
    pub(super) fn steps(&self, entity: u32) -> Vec<(u32, &[u8])> {
        let mut steps = Vec::new();
        let mut at = entity;
        while let Some(held) = self.get(at).filter(|_| at != ROOT) {
            steps.push((held.map, &*held.key));
            at = held.parent;
        }
        steps.reverse();
        steps
    }

    /// Whoever it stands in, and so on up to the root, itself first.
    pub(super) fn lineage(&self, entity: u32) -> impl Iterator<Item = &Entity> {
        let mut at = Some(entity);
        std::iter::from_fn(move || {
            let number = at?;
            let held = self.get(number)?;
            at = (number != ROOT).then_some(held.parent);
            Some(held)
        })
    }

    /// The way as bytes.
    pub(super) fn way(&self, entity: u32, paths: &Paths) -> Vec<u8> {
        let mut out = Vec::new();
        for (map, key) in self.steps(entity) {
            let path = paths.get(map);
            write_varint(&mut out, path.len() as u64);
            path.iter()
                .for_each(|id| write_varint(&mut out, u64::from(*id)));
            write_bytes(&mut out, key);
        }
        out
    }

    /// The entity at the end of a way, with one more reason to keep it.
    pub(super) fn follow(&mut self, way: &[u8], paths: &mut Paths) -> Result<u32, LiveError> {
        let mut input = Dec::plain(way);
        let (mut entity, mut steps) = (ROOT, 0);
        if way.len() > MAX_WAY {
            return Err(DecodeError::Range("way to an entity").into());
        }
        let end = loop {
            if input.is_empty() {
                break Ok(entity);
            }
            steps += 1;
            match self.step(entity, steps, &mut input, paths) {
                Ok(next) => entity = next,
                Err(error) => break Err(error),
            }
        };
        match end {
            Ok(entity) => self.take(entity),
            Err(_) => self.tidy(entity),
        }
        end
    }

    fn step(
        &mut self,
        entity: u32,
        steps: usize,
        input: &mut Dec<'_>,
        paths: &mut Paths,
    ) -> Result<u32, LiveError> {
        let ids = input.count()?;
        if ids > MAX_STEPS || steps > MAX_STEPS {
            return Err(DecodeError::Range("way to an entity").into());
        }
        let id = |_| u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("field"));
        let path = (0..ids).map(id).collect::<Result<Vec<u32>, _>>()?;
        let key = input.bytes()?;
        self.enter(entity, paths.number(&path)?, key)
    }
}
