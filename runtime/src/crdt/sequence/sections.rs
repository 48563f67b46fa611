//! The items of a state, section by section, as they are merged. That each names what is older, in the shortest way, is for
//! `super::audit` to see.
//!
//! What a segment looks like is `super::wire`'s; what becomes of what was read is `super::state`'s.

use super::wire::{Anchor, Life, Name, Segment, read_numbered, read_segment};
use crate::codec::{Dec, DecodeError};
use crate::{Hlc, ReplicaId, Stamp};

type Result<T = ()> = std::result::Result<T, DecodeError>;

/// The items of a state: a section per replica, in the order of their ids.
#[derive(Debug, Default)]
pub(crate) struct Sections {
    /// All segments, section by section.
    pub(crate) segments: Vec<Segment>,
    /// Per section, where its segments end and the number of each segment's first item.
    ends: Vec<usize>,
    numbers: Vec<u32>,
    /// The segments by time: what an item names comes before it.
    pub(crate) by_time: Vec<u32>,
}

impl Sections {
    /// Reads and checks all sections.
    pub(crate) fn read(input: &mut Dec<'_>) -> Result<Self> {
        let mut sections = Self::default();
        let mut before = None;
        let mut total = 0u32;
        for section in 0..input.count()? {
            let last = input.stamp()?;
            if last.replica.is_none() || before >= Some(last.replica) {
                return Err(DecodeError::NotCanonical("sections"));
            }
            before = Some(last.replica);
            total = sections.read_section(input, section as u32, last, total)?;
        }
        sections.resolve()?;
        Ok(sections)
    }

    fn read_section(
        &mut self,
        input: &mut Dec<'_>,
        section: u32,
        last: Stamp,
        total: u32,
    ) -> Result<u32> {
        let (start, mut number) = (self.segments.len(), 0u32);
        let first = last.time.bits().checked_sub(input.varint()?);
        let mut at = first
            .filter(|first| *first > 0)
            .ok_or(DecodeError::Range("time"))?;
        for place in 0..input.count()? {
            let mut name = |input: &mut Dec<'_>, _| read_numbered(input, section, number);
            let before = self.segments[start..].last();
            let segment = read_segment(input, last.replica, at, before, &mut name)?;
            if place == 0 && segment.first.time.bits() != at {
                return Err(DecodeError::NotCanonical("gap"));
            }
            at = segment.end();
            self.numbers.push(number);
            number = number
                .checked_add(segment.len)
                .ok_or(DecodeError::Range("items"))?;
            self.segments.push(segment);
        }
        self.ends.push(self.segments.len());
        if at != last.time.bits().wrapping_add(1) {
            return Err(DecodeError::NotCanonical("sections"));
        }
        let total = total.checked_add(number);
        total
            .filter(|total| *total < super::ids::NONE)
            .ok_or(DecodeError::Range("items"))
    }

    /// The segment that holds a numbered item, and the item's place in it.
    fn find(&self, section: u32, number: u32) -> Option<(usize, u32)> {
        let section = section as usize;
        let end = *self.ends.get(section)?;
        let start = section.checked_sub(1).map_or(0, |before| self.ends[before]);
        let numbers = &self.numbers[start..end];
        let at = numbers
            .partition_point(|first| *first <= number)
            .checked_sub(1)?;
        let inside = number - numbers[at];
        (inside < self.segments[start + at].len).then_some((start + at, inside))
    }

    fn stamp(&self, name: Name) -> Result<(Name, Option<usize>)> {
        let Name::Number(section, number) = name else {
            return Ok((name, None));
        };
        let found = self
            .find(section, number)
            .ok_or(DecodeError::Range("item"))?;
        let mut stamp = self.segments[found.0].first;
        stamp.time = Hlc::from_bits(stamp.time.bits() + u64::from(found.1));
        Ok((Name::Stamp(stamp), Some(found.0)))
    }

    /// Puts stamps for numbers, and sees to it that what an item names is older, and that it is named in the shortest way.
    fn resolve(&mut self) -> Result {
        let mut order: Vec<u32> = (0..self.segments.len() as u32).collect();
        order.sort_by_key(|at| self.segments[*at as usize].first);
        // What stands to the right of the items of each segment.
        let mut rights = vec![Name::None; self.segments.len()];
        for at in &order {
            let at = *at as usize;
            let (anchor, right) = self.resolve_one(at, &rights)?;
            let (element, _) = self.stamp(self.segments[at].element)?;
            self.older(element, at)?;
            rights[at] = right;
            let segment = &mut self.segments[at];
            (segment.anchor, segment.element) = (anchor, element);
        }
        self.by_time = order;
        Ok(())
    }

    /// The anchor of a segment by stamps, and what stands to its right.
    fn resolve_one(&self, at: usize, rights: &[Name]) -> Result<(Anchor, Name)> {
        let right_of = |segment: Option<usize>| segment.map_or(Name::None, |held| rights[held]);
        let (anchor, left, right) = match self.segments[at].anchor {
            Anchor::GoesOn => {
                let last = self.segments[at - 1].last();
                return Ok((Anchor::Right(Name::Stamp(last)), rights[at - 1]));
            }
            Anchor::Left(name) => {
                let (name, _) = self.stamp(name)?;
                self.older(name, at)?;
                return Ok((Anchor::Left(name), name));
            }
            Anchor::Right(name) => {
                let (left, held) = self.stamp(name)?;
                (Anchor::Right(left), left, right_of(held))
            }
            Anchor::Between(left, right) => {
                let ((left, held), (right, _)) = (self.stamp(left)?, self.stamp(right)?);
                if left != Name::None && right_of(held) == right {
                    return Err(DecodeError::NotCanonical("item"));
                }
                (Anchor::Between(left, right), left, right)
            }
        };
        self.older(left, at)?;
        self.older(right, at)?;
        let before = self.before(at).map(|before| Name::Stamp(before.last()));
        if before == Some(left) && rights[at - 1] == right {
            return Err(DecodeError::NotCanonical("run"));
        }
        Ok((anchor, right))
    }

    /// The segment before it in its section.
    fn before(&self, at: usize) -> Option<&Segment> {
        let before = self.segments.get(at.checked_sub(1)?)?;
        (before.first.replica == self.segments[at].first.replica).then_some(before)
    }

    fn older(&self, name: Name, at: usize) -> Result {
        match name {
            Name::Stamp(stamp)
                if stamp.replica.is_some() && stamp.time >= self.segments[at].first.time =>
            {
                Err(DecodeError::Range("item"))
            }
            _ => Ok(()),
        }
    }

    /// The segments of this life, in their order.
    pub(crate) fn of_life(&self, life: Life) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(move |held| held.life == life)
    }

    /// How many items are of this life.
    pub(crate) fn count(&self, life: Life) -> u64 {
        self.of_life(life)
            .map(|segment| u64::from(segment.len))
            .sum()
    }

    /// The segments of a replica, by time.
    pub(crate) fn of(&self, replica: ReplicaId) -> impl Iterator<Item = &Segment> {
        let segments = self.segments.iter();
        segments.filter(move |segment| segment.first.replica == Some(replica))
    }

    /// A name outside segments.
    pub(crate) fn item(&self, input: &mut Dec<'_>) -> Result<Stamp> {
        let (name, _) = self.stamp(read_numbered(input, u32::MAX, 0)?)?;
        match name {
            Name::Stamp(stamp) => Ok(stamp),
            _ => Err(DecodeError::NotCanonical("item")),
        }
    }
}
