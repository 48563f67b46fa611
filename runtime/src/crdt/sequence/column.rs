//! The graves in a state: one column over its dead items, in the order of its segments.
//!
//! It is lines, as few as there can be. A line is `4 × (length − 1) + code`: 0 where the items were deleted below the floor, else 1, 2
//! or 3 where the times are equal, ascend by one or descend by one. Its first time follows, as a signed difference from the last
//! time of the line before, the first from the base. How many items there are follows from the segments.

use super::graves::Line;
use crate::codec::{Dec, DecodeError, Enc};

type Result<T> = std::result::Result<T, DecodeError>;

/// A line of a column: none is below the floor.
pub(super) type Part = (u32, Option<Line>);

/// Joins parts to lines.
#[derive(Debug, Default)]
pub(super) struct Column {
    lines: Vec<Part>,
}

impl Column {
    /// Adds the next items.
    pub(super) fn push(&mut self, len: u32, line: Option<Line>) {
        let Some(mut line) = line else {
            match self.lines.last_mut() {
                Some((held, None)) => *held += len,
                _ => self.lines.push((len, None)),
            }
            return;
        };
        if let Some((held, Some(before))) = self.lines.last_mut() {
            let taken = before.extend(&line);
            *held += taken;
            if taken == line.len {
                return;
            }
            line = line.part(taken, line.len - taken);
        }
        self.lines.push((line.len, Some(line)));
    }

    pub(super) fn encode(&self, out: &mut Enc) {
        let mut before = out.base().bits();
        for (len, line) in &self.lines {
            let more = u64::from(*len - 1) << 2;
            let Some(line) = line else {
                out.varint(more);
                continue;
            };
            out.varint(more | code(line.step));
            out.zigzag(i128::from(line.time) - i128::from(before));
            before = line.at(line.len - 1);
        }
    }

    /// Reads the column of so many items, and hands out its lines one by one: whoever only checks them keeps none.
    pub(super) fn read(input: &mut Dec<'_>, items: u64, mut each: impl FnMut(Part)) -> Result<()> {
        let base = input.base().bits();
        let (mut left, mut time): (u64, u64) = (items, base);
        let mut before: Option<Part> = None;
        while left > 0 {
            let head = input.varint()?;
            let len = u32::try_from((head >> 2) + 1).map_err(|_| DecodeError::Range("run"))?;
            let rest = left.checked_sub(u64::from(len));
            left = rest.ok_or(DecodeError::Range("run"))?;
            let line = match head & 3 {
                0 => None,
                code => Some(read_line(input, (len, code), time)?),
            };
            let joins = match (&before, line) {
                (Some((_, None)), None) => true,
                (Some((_, Some(before))), Some(line)) => before.takes(line.time),
                _ => false,
            };
            if joins {
                return Err(DecodeError::NotCanonical("deletes"));
            }
            time = line.map_or(time, |line| line.at(len - 1));
            each((len, line));
            before = Some((len, line));
        }
        Ok(())
    }
}

/// Reads the times of a line that begins behind this one.
fn read_line(input: &mut Dec<'_>, (len, code): (u32, u64), before: u64) -> Result<Line> {
    let step: i64 = match code {
        1 => 0,
        2 => 1,
        _ => -1,
    };
    if len == 1 && step != 0 {
        return Err(DecodeError::NotCanonical("deletes"));
    }
    let range = DecodeError::Range("time");
    let time = i128::from(before).checked_add(input.zigzag()?);
    let last = time.and_then(|time| time.checked_add(i128::from(step) * i128::from(len - 1)));
    let known = 1..=i128::from(input.base().bits());
    match (time, last) {
        (Some(time), Some(last)) if known.contains(&time) && known.contains(&last) => Ok(Line {
            len,
            time: time as u64,
            step,
        }),
        _ => Err(range),
    }
}

fn code(step: i64) -> u64 {
    match step {
        0 => 1,
        1 => 2,
        _ => 3,
    }
}

/// Hands a column out, part by part.
pub(super) struct Reader {
    lines: std::vec::IntoIter<Part>,
    open: Option<Part>,
}

impl Reader {
    pub(super) fn new(lines: Vec<Part>) -> Self {
        Self {
            lines: lines.into_iter(),
            open: None,
        }
    }

    /// Passes over items.
    pub(super) fn pass(&mut self, count: u32) {
        let mut left = count;
        while left > 0 {
            left -= self.next(left).0;
        }
    }

    /// The next items, at most so many.
    pub(super) fn next(&mut self, most: u32) -> Part {
        let Some((len, line)) = self.open.take().or_else(|| self.lines.next()) else {
            return (most, None);
        };
        if len <= most {
            return (len, line);
        }
        self.open = Some((len - most, line.map(|line| line.part(most, len - most))));
        (most, line.map(|line| line.part(0, most)))
    }
}
