//! [`Audit`]: checking the items of a state in memory that is in proportion to its bytes.
//!
//! A segment may take a byte, and what is known of it dozens. So none is kept: there is a mark every few segments, from which the
//! bytes are read again, and one number for each segment that hangs on something else than the one before it. What is read to be
//! merged, once all this holds, is `super::sections`'.

use super::wire::{self, Anchor, Life, Name, Segment, Skimmed, read_numbered, read_segment};
use crate::codec::{Dec, DecodeError};

type Result<T = ()> = std::result::Result<T, DecodeError>;

/// There is a mark where a segment begins so many bytes after the one before; so from one to the next there are no more segments.
const STEP: u32 = 24;

/// An item in one number: one of a section by its number among all, one of the initial value with the highest bit, or none.
type Code = u32;

const NONE: Code = u32::MAX;
const INITIAL: Code = 1 << 31;

/// A place in the bytes where a segment begins.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// The number among all of its first item.
    number: u32,
    /// How many bytes come before it.
    at: u32,
    /// How many segments up to it hang on something else than the one before them.
    chains: u32,
    /// The time after the segment before it.
    time: u64,
}

/// A segment that was found again.
struct Found {
    first: u64,
    number: u32,
    chain: usize,
    life: Life,
}

/// The sections of a state that has been checked.
#[derive(Debug, Default)]
pub(super) struct Audit<'a> {
    bytes: &'a [u8],
    marks: Vec<Mark>,
    /// Per section its first mark.
    sections: Vec<u32>,
    /// The number of items.
    total: u32,
    /// Of each segment that hangs on something else than the one before it, what stands to the right of it and of those that go on.
    rights: Vec<Code>,
    /// True where that is the ordinal of another of these instead, which has the same to its right.
    borrowed: Vec<bool>,
}

impl<'a> Audit<'a> {
    /// Reads and checks all sections.
    pub(super) fn read(input: &mut Dec<'a>) -> Result<Self> {
        let mut audit = Self::default();
        let count = input.count()?;
        audit.bytes = input.rest();
        let mut before = None;
        for section in 0..count {
            let last = input.stamp()?;
            if last.replica.is_none() || before >= Some(last.replica) {
                return Err(DecodeError::NotCanonical("sections"));
            }
            before = Some(last.replica);
            audit.read_section(input, section as u32, last.time.bits())?;
        }
        audit.note_rights()?;
        (0..audit.rights.len()).for_each(|chain| audit.settle(chain));
        audit.check_forms()?;
        Ok(audit)
    }

    /// Reads a section and leaves marks.
    fn read_section(&mut self, input: &mut Dec<'_>, section: u32, last: u64) -> Result {
        let first = last.checked_sub(input.varint()?).filter(|first| *first > 0);
        let mut time = first.ok_or(DecodeError::Range("time"))?;
        let (mut number, mut before) = (0u32, None);
        self.sections.push(self.marks.len() as u32);
        let count = input.count()?;
        let base = self.total;
        for place in 0..count {
            self.mark(base + number, input, time, place == 0)?;
            let mut name = |input: &mut Dec<'_>, _| read_numbered(input, section, number);
            let segment = read_segment(input, None, time, before.as_ref(), &mut name)?;
            if place == 0 && segment.first.time.bits() != time {
                return Err(DecodeError::NotCanonical("gap"));
            }
            if segment.anchor != Anchor::GoesOn {
                self.rights.push(NONE);
                self.borrowed.push(false);
            }
            time = segment.end();
            let items = number.checked_add(segment.len);
            let items = items.filter(|items| {
                let total = base.checked_add(*items);
                total.is_some_and(|total| total < super::ids::NONE)
            });
            number = items.ok_or(DecodeError::Range("items"))?;
            before = Some(segment);
        }
        if time != last.wrapping_add(1) {
            return Err(DecodeError::NotCanonical("sections"));
        }
        self.total = base + number;
        Ok(())
    }

    /// Leaves a mark, where it is time for one.
    fn mark(&mut self, number: u32, input: &Dec<'_>, time: u64, always: bool) -> Result {
        let at = u32::try_from(self.bytes.len() - input.rest().len());
        let at = at.map_err(|_| DecodeError::Range("items"))?;
        if !always && self.marks.last().is_some_and(|last| at - last.at < STEP) {
            return Ok(());
        }
        self.marks.push(Mark {
            number,
            at,
            chains: self.rights.len() as u32,
            time,
        });
        Ok(())
    }

    /// The number of the first item of a section; of the one behind the last, that of items.
    fn base(&self, section: usize) -> u32 {
        let mark = self
            .sections
            .get(section)
            .and_then(|mark| self.marks.get(*mark as usize));
        mark.map_or(self.total, |mark| mark.number)
    }

    /// Reads all segments once more, and calls with each: its number, the ordinal of the next that hangs on something else, and the
    /// segment before it in its section.
    fn again(
        &self,
        mut each: impl FnMut(&Segment, u32, usize, Option<&Segment>) -> Result,
    ) -> Result {
        for (section, mark) in self.sections.iter().enumerate() {
            let Some(mark) = self.marks.get(*mark as usize) else {
                continue;
            };
            let mut input = Dec::plain(&self.bytes[mark.at as usize..]);
            let (base, end) = (mark.number, self.base(section + 1));
            let (mut number, mut chains, mut time) = (base, mark.chains as usize, mark.time);
            let mut before: Option<Segment> = None;
            while number < end {
                let at = number - base;
                let mut name = |input: &mut Dec<'_>, _| read_numbered(input, section as u32, at);
                let segment = read_segment(&mut input, None, time, before.as_ref(), &mut name)?;
                each(&segment, number, chains, before.as_ref())?;
                chains += usize::from(segment.anchor != Anchor::GoesOn);
                number += segment.len;
                time = segment.end();
                before = Some(segment);
            }
        }
        Ok(())
    }

    /// The segment that holds an item.
    fn find(&self, item: u32) -> Result<Found> {
        let range = DecodeError::Range("item");
        let at = self.marks.partition_point(|mark| mark.number <= item);
        let mark = at
            .checked_sub(1)
            .and_then(|at| self.marks.get(at))
            .ok_or(range.clone())?;
        let (mut number, mut chains, mut time) = (mark.number, mark.chains as usize, mark.time);
        for skimmed in wire::skim(&self.bytes[mark.at as usize..], STEP as usize) {
            let Skimmed {
                life,
                len,
                gap,
                goes_on,
            } = skimmed?;
            chains += usize::from(!goes_on);
            time += gap;
            if item - number < len {
                return Ok(Found {
                    first: time,
                    number,
                    chain: chains.saturating_sub(1),
                    life,
                });
            }
            number += len;
            time += u64::from(len);
        }
        Err(range)
    }

    /// A name as a number.
    fn code(&self, name: Name) -> Result<Code> {
        let (section, number) = match name {
            Name::None => return Ok(NONE),
            Name::Stamp(stamp) => return Ok(INITIAL | stamp.time.bits() as u32),
            Name::Number(section, number) => (section as usize, number),
        };
        let code = self.base(section).checked_add(number);
        let code =
            code.filter(|code| section < self.sections.len() && *code < self.base(section + 1));
        code.ok_or(DecodeError::Range("item"))
    }

    /// A name as a number, and the ordinal that the segment of a numbered item goes by; it is older than this.
    fn older(&self, name: Name, than: u64) -> Result<(Code, usize)> {
        let code = self.code(name)?;
        let (mut time, mut chain) = (0, 0);
        if code < INITIAL {
            let found = self.find(code)?;
            time = found.first + u64::from(code - found.number);
            chain = found.chain;
        }
        match time < than {
            true => Ok((code, chain)),
            false => Err(DecodeError::Range("item")),
        }
    }

    /// Notes what stands to the right of each segment that hangs on something else than the one before it, as far as it says so.
    /// What it names is older.
    fn note_rights(&mut self) -> Result {
        let mut rights = std::mem::take(&mut self.rights);
        let mut borrowed = std::mem::take(&mut self.borrowed);
        self.again(|segment, _, chain, _| {
            let older = |name: Name| self.older(name, segment.first.time.bits());
            if segment.life == Life::Place {
                older(segment.element)?;
            }
            let (right, from) = match segment.anchor {
                Anchor::GoesOn => return Ok(()),
                Anchor::Left(name) => (older(name)?.0, false),
                Anchor::Right(name) => match older(name)? {
                    // Nothing is to the right of an initial item that is not one itself.
                    (INITIAL.., _) => (NONE, false),
                    (_, chain) => (chain as Code, true),
                },
                Anchor::Between(left, right) => {
                    older(left)?;
                    (older(right)?.0, false)
                }
            };
            (rights[chain], borrowed[chain]) = (right, from);
            Ok(())
        })?;
        (self.rights, self.borrowed) = (rights, borrowed);
        Ok(())
    }

    /// Finds out what stands to the right of a segment that has that of another, which is older, and of all on the way there.
    fn settle(&mut self, chain: usize) {
        let mut end = chain;
        while self.borrowed[end] {
            end = self.rights[end] as usize;
        }
        let (right, mut at) = (self.rights[end], chain);
        while self.borrowed[at] {
            let next = self.rights[at] as usize;
            (self.rights[at], self.borrowed[at]) = (right, false);
            at = next;
        }
    }

    /// Each segment says in the shortest way how it hangs.
    fn check_forms(&self) -> Result {
        self.again(|segment, number, chain, before| {
            let (left, short) = match segment.anchor {
                Anchor::GoesOn | Anchor::Left(_) => return Ok(()),
                Anchor::Right(name) => (self.code(name)?, true),
                Anchor::Between(left, _) => (self.code(left)?, false),
            };
            let right = self.rights[chain];
            if !short && left != NONE {
                let right_of_left = match left {
                    INITIAL.. => NONE,
                    item => self.rights[self.find(item)?.chain],
                };
                if right_of_left == right {
                    return Err(DecodeError::NotCanonical("item"));
                }
            }
            let follows = before.is_some() && number.checked_sub(1) == Some(left);
            if follows && self.rights[chain - 1] == right {
                return Err(DecodeError::NotCanonical("run"));
            }
            Ok(())
        })
    }

    /// Life and length of each segment.
    pub(super) fn lives(&self, mut each: impl FnMut(Life, u32) -> Result) -> Result {
        for (section, mark) in self.sections.iter().enumerate() {
            let Some(mark) = self.marks.get(*mark as usize) else {
                continue;
            };
            let (mut number, end) = (mark.number, self.base(section + 1));
            for segment in wire::skim(&self.bytes[mark.at as usize..], usize::MAX) {
                let Skimmed { life, len, .. } = segment?;
                each(life, len)?;
                number += len;
                if number >= end {
                    break;
                }
            }
        }
        Ok(())
    }

    /// A name outside sections: numbers that ascend as stamps do, and whether it is one of the initial value.
    pub(super) fn item(&self, input: &mut Dec<'_>) -> Result<(u64, bool)> {
        match self.code(read_numbered(input, u32::MAX, 0)?)? {
            NONE => Err(DecodeError::NotCanonical("item")),
            code @ INITIAL.. => Ok((u64::from(code - INITIAL), true)),
            code => Ok((u64::from(code) | 1 << 32, false)),
        }
    }

    /// What is known of the content of an item that [`Audit::item`] read.
    pub(super) fn life(&self, item: u64) -> Result<Life> {
        self.find(item as u32).map(|found| found.life)
    }
}
