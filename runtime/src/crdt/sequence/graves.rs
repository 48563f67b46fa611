//! [`Graves`]: when items were deleted, as long as that lies above the floor. What is deleted and has no grave was deleted below.
//!
//! Of several deletes the earliest counts: it is the first that everybody will have seen. Deletes in a row, one change each,
//! take one entry forwards and backwards. What may be collected is decided in `super::collect`.

use std::collections::BTreeMap;

use super::ids::Num;

/// Times of items with consecutive numbers: equal, one more each, or one less each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) len: u32,
    pub(crate) time: u64,
    pub(crate) step: i64,
}

impl Line {
    pub(crate) fn at(&self, index: u32) -> u64 {
        self.time
            .wrapping_add_signed(self.step.wrapping_mul(i64::from(index)))
    }

    fn last(&self) -> u64 {
        self.at(self.len - 1)
    }

    /// A part of it.
    pub(crate) fn part(&self, skip: u32, len: u32) -> Self {
        let step = if len > 1 { self.step } else { 0 };
        Self {
            len,
            time: self.at(skip),
            step,
        }
    }

    /// True when a time goes on with it.
    pub(crate) fn takes(&self, time: u64) -> bool {
        let step = i128::from(time) - i128::from(self.last());
        (-1..=1).contains(&step) && (self.len == 1 || step == i128::from(self.step))
    }

    /// Takes in what of another goes on with it; how much that is.
    pub(crate) fn extend(&mut self, next: &Self) -> u32 {
        if !self.takes(next.time) {
            return 0;
        }
        let step = (i128::from(next.time) - i128::from(self.last())) as i64;
        let whole = next.len == 1 || next.step == step;
        let taken = if whole { next.len } else { 1 };
        (self.step, self.len) = (step, self.len + taken);
        taken
    }

    /// The first place from which on another is before it, and the first from which on it is not, of two places at most.
    fn beaten_by(&self, other: &Self) -> std::ops::Range<u32> {
        let over = |index: u32| self.at(index) > other.at(index);
        let (mut low, mut high) = (0, self.len);
        if over(0) == over(self.len - 1) {
            return if over(0) { 0..self.len } else { 0..0 };
        }
        // Two lines cross once.
        let begins = over(0);
        while low < high {
            let middle = low + (high - low) / 2;
            match over(middle) == begins {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        if begins { 0..low } else { low..self.len }
    }
}

/// Graves by the number of the first item of each line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graves {
    lines: BTreeMap<Num, Line>,
    /// The line that was added last, which mostly is made longer. It is not among the others until another is added.
    open: Option<(Num, Line)>,
}

impl Graves {
    /// Digs graves for items that have none.
    pub(crate) fn add(&mut self, first: Num, line: Line) {
        if let Some(open) = &mut self.open
            && goes_on(open, first, &line)
        {
            return;
        }
        self.close();
        self.open = Some((first, line));
    }

    /// Puts the open line among the others.
    fn close(&mut self) {
        if let Some((first, line)) = self.open.take() {
            self.lines.insert(first, line);
        }
    }

    /// When an item was deleted, if that lies above the floor.
    pub(crate) fn get(&self, num: Num) -> Option<u64> {
        let within = |(first, line): (Num, Line)| {
            let at = num.checked_sub(first).filter(|at| *at < line.len)?;
            Some(line.at(at))
        };
        let before = || self.lines.range(..=num).next_back();
        let closed = || before().and_then(|(first, line)| within((*first, *line)));
        self.open.and_then(within).or_else(closed)
    }

    /// Sees to it that no line crosses a number.
    fn split(&mut self, num: Num) {
        let before = self.lines.range_mut(..num).next_back();
        if let Some((first, line)) = before.filter(|(first, line)| num - **first < line.len) {
            let (skip, whole) = (num - first, *line);
            *line = whole.part(0, skip);
            self.lines.insert(num, whole.part(skip, whole.len - skip));
        }
    }

    /// Of items that have graves these are the times too: the earlier counts.
    pub(crate) fn lower(&mut self, first: Num, by: Line) {
        self.close();
        let end = first + by.len;
        let mut beaten: Vec<(Num, Line)> = Vec::new();
        for (held, line) in self.around(first, end) {
            let (start, stop) = (first.max(held), end.min(held + line.len));
            if start < stop {
                let ours = line.part(start - held, stop - start);
                let theirs = by.part(start - first, stop - start);
                let part = ours.beaten_by(&theirs);
                if !part.is_empty() {
                    let line = theirs.part(part.start, part.len() as u32);
                    beaten.push((start + part.start, line));
                }
            }
        }
        for (num, line) in beaten {
            self.remove(num, line.len);
            self.lines.insert(num, line);
        }
    }

    /// The closed lines that reach into a range, and perhaps one before it.
    fn around(&self, first: Num, end: Num) -> impl Iterator<Item = (Num, Line)> + '_ {
        let from = self.lines.range(..first).next_back();
        let from = from.map_or(first, |(held, _)| *held);
        let lines = self.lines.range(from..end);
        lines.map(|(first, line)| (*first, *line))
    }

    /// Forgets the graves of items.
    pub(crate) fn remove(&mut self, first: Num, len: u32) {
        let end = first + len;
        self.close();
        if self.lines.is_empty() {
            return;
        }
        self.split(first);
        self.split(end);
        while let Some((held, _)) = self.lines.range(first..end).next() {
            let held = *held;
            self.lines.remove(&held);
        }
    }

    /// Forgets the graves up to a floor.
    pub(crate) fn collect(&mut self, floor: u64) {
        let mut all = Self::default();
        let bound = |len| Line {
            len,
            time: floor,
            step: 0,
        };
        self.close();
        for (first, line) in std::mem::take(&mut self.lines) {
            let above = line.beaten_by(&bound(line.len));
            if !above.is_empty() {
                let kept = line.part(above.start, above.len() as u32);
                all.add(first + above.start, kept);
            }
        }
        *self = all;
    }

    /// All lines, in no particular order.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (Num, Line)> + '_ {
        let closed = self.lines.iter().map(|(first, line)| (*first, *line));
        closed.chain(self.open)
    }

    /// The graves of items in their order: how many have none, or a line.
    pub(crate) fn of(&self, first: Num, len: u32, mut with: impl FnMut(u32, Option<Line>)) {
        let (mut num, end) = (first, first + len);
        let mut each = |(held, line): (Num, Line), num: &mut Num| {
            let (start, stop) = ((*num).max(held), end.min(held.saturating_add(line.len)));
            if start < stop {
                if *num < start {
                    with(start - *num, None);
                }
                with(stop - start, Some(line.part(start - held, stop - start)));
                *num = stop;
            }
        };
        let mut open = self.open;
        for (held, line) in self.around(first, end) {
            if let Some(before) = open.take_if(|(first, _)| *first < held) {
                each(before, &mut num);
            }
            each((held, line), &mut num);
        }
        if let Some(last) = open {
            each(last, &mut num);
        }
        if num < end {
            with(end - num, None);
        }
    }
}

/// Makes a line longer where another goes on with it: behind it, or before it, one by one.
fn goes_on(open: &mut (Num, Line), first: Num, line: &Line) -> bool {
    let (begin, held) = open;
    if *begin + held.len == first {
        let mut longer = *held;
        let joins = longer.extend(line) == line.len;
        if joins {
            *held = longer;
        }
        return joins;
    }
    let before = line.len == 1 && first + 1 == *begin;
    let joins =
        before && line.time.checked_sub(1) == Some(held.time) && (held.len == 1 || held.step == -1);
    if joins {
        *begin = first;
        *held = Line {
            len: held.len + 1,
            time: line.time,
            step: -1,
        };
    }
    joins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(len: u32, time: u64, step: i64) -> Line {
        Line { len, time, step }
    }

    /// Against a plain table.
    #[test]
    fn the_earliest_delete_of_each_item_counts() {
        let mut seed = 3u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        let (mut graves, mut plain) = (Graves::default(), vec![None::<u64>; 60]);
        for round in 0..20_000 {
            let first = random(60) as usize;
            let len = 1 + random(60 - first as u64) as usize;
            let time = 100 + random(40);
            let step = if len > 1 { random(3) as i64 - 1 } else { 0 };
            let by = line(len as u32, time, step);
            match random(6) {
                0..2 => {
                    let free = plain[first..].iter().take_while(|held| held.is_none());
                    let len = free.count().min(len);
                    if len > 0 {
                        graves.add(first as u32, by.part(0, len as u32));
                        (0..len).for_each(|at| plain[first + at] = Some(by.at(at as u32)));
                    }
                }
                2..4 => {
                    graves.lower(first as u32, by);
                    for at in 0..len {
                        let held = &mut plain[first + at];
                        *held = held.map(|held| held.min(by.at(at as u32)));
                    }
                }
                4 => {
                    graves.remove(first as u32, len as u32);
                    plain[first..first + len].fill(None);
                }
                _ if random(8) == 0 => {
                    graves.collect(time);
                    plain
                        .iter_mut()
                        .for_each(|held| *held = held.filter(|held| *held > time));
                }
                _ => {}
            }
            for (num, held) in plain.iter().enumerate() {
                assert_eq!(graves.get(num as u32), *held, "round {round}, item {num}");
            }
            let mut all = Vec::new();
            graves.of(first as u32, len as u32, |count, line| {
                all.extend((0..count).map(|at| line.map(|line| line.at(at))));
            });
            assert_eq!(all, plain[first..first + len], "round {round}");
        }
    }

    #[test]
    fn deletes_in_a_row_take_one_line_each_way() {
        let mut graves = Graves::default();
        (0..100).for_each(|num| graves.add(num, line(1, 1_000 + u64::from(num), 0)));
        (200..300)
            .rev()
            .for_each(|num| graves.add(num, line(1, 5_000 - u64::from(num), 0)));
        assert_eq!(graves.lines().count(), 2);
        assert_eq!(
            (graves.get(99), graves.get(200)),
            (Some(1_099), Some(4_800))
        );
    }
}
