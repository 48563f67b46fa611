//! [`Places`]: which leaf an item stands in, as ranges of numbers.
//!
//! Most neighbours in number are neighbours in the sequence too, so there are far fewer ranges than items.

use std::collections::BTreeMap;

use crate::crdt::sequence::ids::Num;

/// From its number on, up to the next entry, items stand in this leaf.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    ranges: BTreeMap<Num, u32>,
    end: Num,
    /// The last range: what was put in last is asked for most.
    last: (Num, u32),
}

impl Places {
    pub(super) fn leaf(&self, num: Num) -> u32 {
        if num >= self.last.0 {
            return self.last.1;
        }
        let range = self.ranges.range(..=num).next_back();
        range.map_or(0, |(_, leaf)| *leaf)
    }

    /// Says that a range of items stands in a leaf.
    pub(super) fn assign(&mut self, first: Num, end: Num, leaf: u32) {
        if first == self.end {
            // New items.
            if self.end == 0 || self.last.1 != leaf {
                self.ranges.insert(first, leaf);
                self.last = (first, leaf);
            }
            self.end = end;
            return;
        }
        if end < self.end {
            let after = self.leaf(end);
            self.ranges.insert(end, after);
        }
        while let Some((key, _)) = self.ranges.range(first..end).next_back() {
            let key = *key;
            self.ranges.remove(&key);
        }
        let before = self.ranges.range(..first).next_back();
        if before.is_none_or(|(_, before)| *before != leaf) {
            self.ranges.insert(first, leaf);
        }
        if self.ranges.get(&end) == Some(&leaf) {
            self.ranges.remove(&end);
        }
        self.find_last();
    }

    /// Forgets the items from this one on.
    pub(super) fn truncate(&mut self, end: Num) {
        drop(self.ranges.split_off(&end));
        self.end = end;
        self.find_last();
    }

    fn find_last(&mut self) {
        let last = self.ranges.last_key_value();
        self.last = last.map_or((0, 0), |(first, leaf)| (*first, *leaf));
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
