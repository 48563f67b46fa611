//! Segments: how items look on the wire, in ops and in a state. Reading them checks them; the walker does nothing else.
//!
//! A segment is items of one replica, side by side in time, each the right child of the one before. Its header is
//! `32 × (length − 1) + 8 × life + 4 × gap + anchor`. A gap is followed by the ticks between it and the segment before.
//!
//! | anchor | what follows | the first item is |
//! |---|---|---|
//! | 0 | | the right child of the author's item before it, with the same to its right |
//! | 1 | name | the right child of this, with the same to its right |
//! | 2 | name, name | the right child of the first, made with the second to its right |
//! | 3 | name | the left child of this |
//!
//! | life | the items |
//! |---|---|
//! | 0 | are deleted |
//! | 1 | have content, which follows all segments in one block |
//! | 2 | live, with a value that was written later (in a state only) |
//! | 3 | is one place of a moved element, whose name follows |
//!
//! A name is 0 for the start or the end, 1 and an index for an item of the initial value, and else an item: in ops 2 and the
//! ticks since it for one of the author's own, or 3 + an index in the replica table and a stamp's distance; in a state 2 + the
//! number of a section, and the item's number in it, backwards from here in the section itself.

use crate::codec::{Dec, DecodeError};
use crate::{Hlc, ReplicaId, Stamp};

type Result<T = ()> = std::result::Result<T, DecodeError>;

/// The greatest index of an item of an initial value.
pub(super) const MAX_ORIGIN: u64 = 1 << 30;

/// What is known of the content of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    Dead,
    Content,
    Written,
    /// A place of a moved element.
    Place,
}

/// An item that is named, or none: the start or the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    None,
    /// By its stamp; an item of the initial value by its index.
    Stamp(Stamp),
    /// By its number in a section of a state; only while that is read.
    Number(u32, u32),
}

/// How the first item of a segment hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    GoesOn,
    /// The right child of an item, with the same to its right.
    Right(Name),
    /// The right child of the first, made with the second to its right.
    Between(Name, Name),
    Left(Name),
}

/// A segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    /// The first item.
    pub(crate) first: Stamp,
    pub(crate) len: u32,
    pub(crate) life: Life,
    pub(crate) anchor: Anchor,
    /// The element, of a place.
    pub(crate) element: Name,
}

impl Segment {
    /// Its last item.
    pub(super) fn last(&self) -> Stamp {
        Stamp {
            time: Hlc::from_bits(self.end() - 1),
            ..self.first
        }
    }

    /// The time after its last item.
    pub(crate) fn end(&self) -> u64 {
        self.first.time.bits() + u64::from(self.len)
    }
}

/// An item of the initial value.
pub(crate) fn origin(index: u64) -> Stamp {
    Stamp {
        time: Hlc::from_bits(index),
        replica: None,
    }
}

pub(super) fn read_origin(input: &mut Dec<'_>) -> Result<Name> {
    match input.varint()? {
        index @ 0..MAX_ORIGIN => Ok(Name::Stamp(origin(index))),
        _ => Err(DecodeError::Range("initial item")),
    }
}

/// Reads a name in ops; `now` is the time of the item that it is for, which it is older than.
pub(crate) fn read_name(input: &mut Dec<'_>, now: u64) -> Result<Name> {
    let code = input.varint()?;
    let stamp = match code {
        0 => return Ok(Name::None),
        1 => return read_origin(input),
        2 => {
            let time = match now.checked_sub(input.varint()?) {
                Some(time) if 0 < time && time < now => Hlc::from_bits(time),
                _ => return Err(DecodeError::Range("item")),
            };
            Stamp {
                time,
                replica: input.author(),
            }
        }
        _ => {
            let index = usize::try_from(code - 3).map_err(|_| DecodeError::Range("item"))?;
            let stamp = input.stamp_of(index)?;
            if stamp.time >= input.base() || stamp.replica == input.author() {
                return Err(DecodeError::Range("item"));
            }
            stamp
        }
    };
    Ok(Name::Stamp(stamp))
}

/// Reads a name in a state, for the item with this number of a section.
pub(super) fn read_numbered(input: &mut Dec<'_>, here: u32, at: u32) -> Result<Name> {
    let range = |_| DecodeError::Range("item");
    match input.varint()? {
        0 => Ok(Name::None),
        1 => read_origin(input),
        code => {
            let section = u32::try_from(code - 2).map_err(range)?;
            let number = u32::try_from(input.varint()?).map_err(range)?;
            if section != here {
                return Ok(Name::Number(section, number));
            }
            match at.checked_sub(number) {
                Some(number) if number < at => Ok(Name::Number(section, number)),
                _ => Err(DecodeError::Range("item")),
            }
        }
    }
}

/// A name that is not the start or the end.
pub(crate) fn some_item(name: Name) -> Result<Name> {
    match name {
        Name::None => Err(DecodeError::NotCanonical("item")),
        name => Ok(name),
    }
}

/// Reads one segment. `at` is the time after the segment before.
pub(super) fn read_segment(
    input: &mut Dec<'_>,
    replica: Option<ReplicaId>,
    at: u64,
    before: Option<&Segment>,
    name: &mut dyn FnMut(&mut Dec<'_>, u64) -> Result<Name>,
) -> Result<Segment> {
    let header = input.varint()?;
    let len = u32::try_from((header >> 5) + 1).map_err(|_| DecodeError::Range("run"))?;
    let gap = if header & 4 == 4 { input.varint()? } else { 0 };
    if header & 4 == 4 && gap == 0 {
        return Err(DecodeError::NotCanonical("gap"));
    }
    let first = at.checked_add(gap).ok_or(DecodeError::Range("time"))?;
    first
        .checked_add(u64::from(len))
        .ok_or(DecodeError::Range("time"))?;
    let life = life_of(header);
    let anchor = match header & 3 {
        0 => Anchor::GoesOn,
        1 => Anchor::Right(some_item(name(input, first)?)?),
        2 => Anchor::Between(name(input, first)?, name(input, first)?),
        _ => Anchor::Left(some_item(name(input, first)?)?),
    };
    let goes_on = anchor == Anchor::GoesOn;
    let same = before.is_some_and(|before| before.life == life);
    let joins = goes_on && gap == 0 && same && life != Life::Place;
    if (goes_on && before.is_none()) || joins || (life == Life::Place && len > 1) {
        return Err(DecodeError::NotCanonical("run"));
    }
    let element = match life {
        Life::Place => some_item(name(input, first)?)?,
        _ => Name::None,
    };
    Ok(Segment {
        first: Stamp {
            time: Hlc::from_bits(first),
            replica,
        },
        len,
        life,
        anchor,
        element,
    })
}

/// Reads the segments of a change, and hands them out one by one: whoever only checks them keeps none.
pub(crate) fn read_ops(
    input: &mut Dec<'_>,
    count: usize,
    mut each: impl FnMut(&Segment),
) -> Result {
    let (base, ticks) = (input.base().bits(), u64::from(input.ticks()));
    let (author, mut at) = (input.author(), base);
    let mut before: Option<Segment> = None;
    for _ in 0..count {
        let mut segment = read_segment(input, author, at, before.as_ref(), &mut read_name)?;
        if let (Anchor::GoesOn, Some(before)) = (segment.anchor, &before) {
            segment.anchor = Anchor::Right(Name::Stamp(before.last()));
        }
        at = segment.end();
        if at - base > ticks {
            return Err(DecodeError::Range("ticks"));
        }
        if segment.life == Life::Written {
            return Err(DecodeError::NotCanonical("run"));
        }
        each(&segment);
        before = Some(segment);
    }
    Ok(())
}

/// What is seen of a segment without looking at what it names.
pub(super) struct Skimmed {
    pub(super) life: Life,
    pub(super) len: u32,
    /// The ticks between it and the segment before.
    pub(super) gap: u64,
    pub(super) goes_on: bool,
}

/// Segments that have been read before, passed over once more.
pub(super) fn skim(bytes: &[u8], count: usize) -> impl Iterator<Item = Result<Skimmed>> {
    let mut input = Dec::plain(bytes);
    (0..count).map(move |_| {
        let header = input.varint()?;
        let gap = if header & 4 == 4 { input.varint()? } else { 0 };
        let life = life_of(header);
        let names = [0, 1, 2, 1][(header & 3) as usize] + u32::from(life == Life::Place);
        for _ in 0..names {
            // A name is one number, and a second one unless it is the start or the end.
            if input.varint()? != 0 {
                input.varint()?;
            }
        }
        let len = u32::try_from((header >> 5) + 1).map_err(|_| DecodeError::Range("run"))?;
        let goes_on = header & 3 == 0;
        Ok(Skimmed {
            life,
            len,
            gap,
            goes_on,
        })
    })
}

fn life_of(header: u64) -> Life {
    match (header >> 3) & 3 {
        0 => Life::Dead,
        1 => Life::Content,
        2 => Life::Written,
        _ => Life::Place,
    }
}

/// Reads the ranges of deleted items, ascending by replica and time, and hands out of each the first time and the last item.
pub(crate) fn read_deleted(input: &mut Dec<'_>, mut each: impl FnMut(u64, Stamp)) -> Result {
    let count = input.count()?;
    let mut before: Option<Stamp> = None;
    for _ in 0..count {
        let name = read_name(input, input.base().bits())?;
        let Name::Stamp(last) = some_item(name)? else {
            return Err(DecodeError::NotCanonical("item"));
        };
        let least = u64::from(last.replica.is_some());
        let first = last.time.bits().checked_sub(input.varint()?);
        let first = first
            .filter(|first| *first >= least)
            .ok_or(DecodeError::Range("time"))?;
        let after = |before: &Stamp| (before.replica, before.time.bits()) < (last.replica, first);
        if before.as_ref().is_some_and(|before| !after(before)) {
            return Err(DecodeError::NotCanonical("range"));
        }
        each(first, last);
        before = Some(last);
    }
    match count {
        0 => Err(DecodeError::NotCanonical("empty collection")),
        _ => Ok(()),
    }
}
