//! [`Places`]: which leaf an item stands in, as ranges of numbers.
//!
//! Most neighbours in number are neighbours in the sequence too, so there are far fewer ranges than items.

use crate::crdt::sequence::ids::Num;

/// A block holds at most so many ranges. Tests have small ones, so that they part.
const MOST: usize = if cfg!(test) { 8 } else { 128 };

/// From its number on, up to the next entry, items stand in this leaf. The ranges are in blocks, and never does a block hold none.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    blocks: Vec<Block>,
    end: Num,
    /// The last range: what was put in last is asked for most.
    last: (Num, u32),
}

/// Ranges side by side, by number.
#[derive(Clone, Debug)]
struct Block {
    first: Num,
    ranges: Vec<(Num, u32)>,
}

impl Block {
    fn new(ranges: Vec<(Num, u32)>) -> Self {
        let first = ranges.first().map_or(0, |(first, _)| *first);
        Self { first, ranges }
    }
}

impl Places {
    pub(super) fn leaf(&self, num: Num) -> u32 {
        if num >= self.last.0 {
            return self.last.1;
        }
        self.range(num).map_or(0, |(_, leaf)| leaf)
    }

    /// The number after the last item.
    #[cfg(test)]
    pub(super) fn end(&self) -> Num {
        self.end
    }

    /// Says that a range of items stands in a leaf.
    #[inline]
    pub(super) fn assign(&mut self, first: Num, end: Num, leaf: u32) {
        if first != self.end {
            return self.assign_again(first, end, leaf);
        }
        // New items.
        if self.end == 0 || self.last.1 != leaf {
            self.set(first, leaf);
            self.last = (first, leaf);
        }
        self.end = end;
    }

    fn assign_again(&mut self, first: Num, end: Num, leaf: u32) {
        let after = (end < self.end).then(|| self.leaf(end));
        self.clear(first, end);
        if self.range(first).is_none_or(|(_, before)| before != leaf) {
            self.set(first, leaf);
        }
        match after {
            Some(after) if after != leaf => self.set(end, after),
            Some(_) => self.clear(end, end + 1),
            None => {}
        }
        self.find_last();
    }

    /// Forgets the items from this one on.
    pub(super) fn truncate(&mut self, end: Num) {
        self.clear(end, Num::MAX);
        self.end = end;
        self.find_last();
    }

    /// Block and place in it of the range that an item is in.
    fn find(&self, num: Num) -> Option<(usize, usize)> {
        let after = self.blocks.partition_point(|block| block.first <= num);
        let block = after.checked_sub(1)?;
        let ranges = &self.blocks[block].ranges;
        let after = ranges.partition_point(|(first, _)| *first <= num);
        Some((block, after.checked_sub(1)?))
    }

    fn range(&self, num: Num) -> Option<(Num, u32)> {
        let (block, at) = self.find(num)?;
        Some(self.blocks[block].ranges[at])
    }

    /// Begins a range, or says where one stands that begins there.
    fn set(&mut self, num: Num, leaf: u32) {
        let (block, at) = match self.find(num) {
            Some((block, at)) if self.blocks[block].ranges[at].0 == num => {
                self.blocks[block].ranges[at].1 = leaf;
                return;
            }
            Some((block, at)) => (block, at + 1),
            None if self.blocks.is_empty() => {
                return self.blocks.push(Block::new(vec![(num, leaf)]));
            }
            None => (0, 0),
        };
        let held = &mut self.blocks[block];
        held.ranges.insert(at, (num, leaf));
        held.first = held.first.min(num);
        if held.ranges.len() > MOST {
            let tail = held.ranges.split_off(MOST / 2);
            self.blocks.insert(block + 1, Block::new(tail));
        }
    }

    /// Forgets the ranges that begin within these bounds.
    fn clear(&mut self, first: Num, end: Num) {
        let after = self.blocks.partition_point(|block| block.first < end);
        for at in (0..after).rev() {
            let ranges = &mut self.blocks[at].ranges;
            let from = ranges.partition_point(|(held, _)| *held < first);
            let to = ranges.partition_point(|(held, _)| *held < end);
            ranges.drain(from..to);
            match ranges.first() {
                Some((first, _)) => self.blocks[at].first = *first,
                None => drop(self.blocks.remove(at)),
            }
            if from > 0 {
                return;
            }
        }
    }

    fn find_last(&mut self) {
        let last = self.blocks.last().and_then(|block| block.ranges.last());
        self.last = last.copied().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_as_a_plain_table_has_them() {
        let (mut places, mut plain) = (Places::default(), Vec::new());
        let mut seed = 1u64;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % below
        };
        for step in 0..4_000 {
            let leaf = random(4) as u32;
            if plain.is_empty() || random(3) == 0 {
                let len = 1 + random(5);
                places.assign(plain.len() as u32, (plain.len() + len) as u32, leaf);
                plain.extend(std::iter::repeat_n(leaf, len));
            } else if random(20) == 0 {
                plain.truncate(plain.len() - random(plain.len().min(4)));
                places.truncate(plain.len() as u32);
            } else {
                let first = random(plain.len());
                let end = first + 1 + random(plain.len() - first);
                places.assign(first as u32, end as u32, leaf);
                plain[first..end].fill(leaf);
            }
            for (num, leaf) in plain.iter().enumerate() {
                assert_eq!(places.leaf(num as u32), *leaf, "step {step}, item {num}");
            }
        }
    }
}
