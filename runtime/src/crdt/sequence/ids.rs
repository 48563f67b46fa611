//! [`Ids`]: who made which item. Inside a replica items go by small local numbers; on the wire by stamps.
//!
//! Numbers are given in the order in which items arrive, so a run that came as one is one entry in each table. Where items stand
//! is not known here.

use hashbrown::HashMap;

use crate::{Hlc, ReplicaId, Stamp};

/// The local number of an item. Origins of items are always smaller.
pub(crate) type Num = u32;

/// No item: the start where something is to the left, the end where it is to the right.
pub(crate) const NONE: Num = (1 << 31) - 1;

/// Items that came together: consecutive numbers, consecutive times of one replica.
#[derive(Clone, Copy, Debug)]
struct ByNum {
    first: Num,
    replica: u32,
    time: u64,
}

/// The same, among those of its replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) time: u64,
    pub(crate) first: Num,
    pub(crate) len: u32,
}

impl Held {
    /// The time after its last.
    pub(crate) fn end(&self) -> u64 {
        self.time + u64::from(self.len)
    }
}

/// The tables. Replica 0 is nobody: items of the initial value, whose time is their index.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    total: Num,
    nums: Vec<ByNum>,
    replicas: Vec<(Option<ReplicaId>, Vec<Held>)>,
    indices: HashMap<ReplicaId, u32>,
    /// The replica that was asked for last.
    recent: u32,
}

impl Default for Ids {
    fn default() -> Self {
        Self {
            total: 0,
            nums: Vec::new(),
            replicas: vec![(None, Vec::new())],
            indices: HashMap::default(),
            recent: 0,
        }
    }
}

impl Ids {
    /// How many items there are; the next number.
    pub(crate) fn total(&self) -> Num {
        self.total
    }

    /// How many more there is room for.
    pub(crate) fn room(&self) -> u32 {
        NONE - self.total
    }

    pub(crate) fn replica(&self, id: Option<ReplicaId>) -> Option<u32> {
        id.map_or(Some(0), |id| self.indices.get(&id).copied())
    }

    pub(crate) fn intern(&mut self, id: Option<ReplicaId>) -> u32 {
        let Some(held) = id else { return 0 };
        if self.replicas[self.recent as usize].0 == id {
            return self.recent;
        }
        let next = self.replicas.len() as u32;
        let index = *self.indices.entry(held).or_insert(next);
        if index == next {
            self.replicas.push((id, Vec::new()));
        }
        self.recent = index;
        index
    }

    /// The replicas that made items, with these by time.
    pub(crate) fn replicas(&self) -> impl Iterator<Item = (u32, Option<ReplicaId>, &[Held])> + '_ {
        let all = self.replicas.iter().enumerate();
        all.filter(|(_, (_, held))| !held.is_empty())
            .map(|(index, (id, held))| (index as u32, *id, held.as_slice()))
    }

    pub(crate) fn held(&self, replica: u32) -> &[Held] {
        &self.replicas[replica as usize].1
    }

    /// Numbers the next items, which are not held yet.
    pub(crate) fn push(&mut self, replica: u32, time: u64, len: u32) -> Num {
        let first = self.total;
        self.total += len;
        let follows = self.nums.last().is_some_and(|last| {
            last.replica == replica && last.time + u64::from(first - last.first) == time
        });
        if !follows {
            self.nums.push(ByNum {
                first,
                replica,
                time,
            });
        }
        let held = &mut self.replicas[replica as usize].1;
        let at = match held.last() {
            Some(last) if last.time > time => held.partition_point(|run| run.time < time),
            _ => held.len(),
        };
        match at.checked_sub(1).and_then(|before| held.get_mut(before)) {
            Some(before) if before.end() == time && before.first + before.len == first => {
                before.len += len;
            }
            _ => held.insert(at, Held { time, first, len }),
        }
        first
    }

    /// Forgets the last items, which their own replica made last.
    pub(crate) fn pop(&mut self, len: u32) {
        let total = self.total - len;
        while self.total > total {
            let Some(run) = self.nums.last().copied() else {
                return;
            };
            let cut = (self.total - run.first).min(self.total - total);
            let held = &mut self.replicas[run.replica as usize].1;
            if let Some(last) = held.last_mut() {
                last.len -= cut.min(last.len);
                if last.len == 0 {
                    held.pop();
                }
            }
            self.total -= cut;
            if self.total == run.first {
                self.nums.pop();
            }
        }
    }

    /// Replica and time of an item.
    pub(crate) fn id(&self, num: Num) -> (u32, u64) {
        let at = match self.nums.last() {
            Some(last) if last.first <= num => self.nums.len(),
            _ => self.nums.partition_point(|run| run.first <= num),
        };
        let run = &self.nums[at - 1];
        (run.replica, run.time + u64::from(num - run.first))
    }

    /// The first of the last items that came together.
    pub(crate) fn last_run(&self) -> Num {
        self.nums.last().map_or(0, |run| run.first)
    }

    /// Who made these items, and the time of the first, if they all have consecutive times of one replica.
    pub(crate) fn whole(&self, first: Num, len: u32) -> Option<(Option<ReplicaId>, u64)> {
        let at = self.nums.partition_point(|run| run.first <= first);
        let end = self.nums.get(at).map_or(self.total, |next| next.first);
        let run = self.nums.get(at.checked_sub(1)?)?;
        let time = run.time + u64::from(first - run.first);
        (len <= end - first).then(|| (self.replicas[run.replica as usize].0, time))
    }

    pub(crate) fn stamp(&self, num: Num) -> Stamp {
        let (replica, time) = self.id(num);
        Stamp {
            time: Hlc::from_bits(time),
            replica: self.replicas[replica as usize].0,
        }
    }

    /// The item with this stamp.
    pub(crate) fn num(&self, stamp: Stamp) -> Option<Num> {
        let held = self.held(self.replica(stamp.replica)?);
        let time = stamp.time.bits();
        let run = match held.last() {
            Some(last) if last.time <= time => last,
            _ => {
                let at = held.partition_point(|run| run.time <= time);
                held.get(at.checked_sub(1)?)?
            }
        };
        (time < run.end()).then(|| run.first + (time - run.time) as u32)
    }

    /// The parts of a range of times that are held, by time.
    pub(crate) fn parts(&self, replica: u32, first: u64, end: u64) -> Vec<Held> {
        let held = self.held(replica);
        if held.last().is_none_or(|last| last.end() <= first) {
            return Vec::new();
        }
        let at = held.partition_point(|run| run.end() <= first);
        let mut parts = Vec::new();
        for run in held[at..].iter().take_while(|run| run.time < end) {
            let skip = first.saturating_sub(run.time);
            let time = run.time + skip;
            parts.push(Held {
                time,
                first: run.first + skip as u32,
                len: (run.end().min(end) - time) as u32,
            });
        }
        parts
    }

    /// How many of the items from here on have consecutive times of one replica, up to `len`.
    pub(crate) fn run(&self, num: Num, len: u32) -> u32 {
        let end = match self.nums.last() {
            Some(last) if last.first <= num => self.total,
            _ => {
                let at = self.nums.partition_point(|run| run.first <= num);
                self.nums.get(at).map_or(self.total, |next| next.first)
            }
        };
        len.min(end - num)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_from_both_sides_and_forgotten_from_the_end() {
        let id = ReplicaId::new(7);
        let stamp = |time| Stamp {
            time: Hlc::from_bits(time),
            replica: id,
        };
        let mut ids = Ids::default();
        let replica = ids.intern(id);
        assert_eq!(ids.push(0, 0, 2), 0);
        assert_eq!(ids.push(replica, 10, 3), 2);
        assert_eq!(ids.push(replica, 13, 1), 5);
        assert_eq!(ids.push(replica, 20, 2), 6);
        assert_eq!(ids.push(replica, 16, 1), 8, "late, as only a forger has it");
        for (num, time) in [(2, 10), (5, 13), (6, 20), (7, 21), (8, 16)] {
            assert_eq!(ids.stamp(num), stamp(time));
            assert_eq!(ids.num(stamp(time)), Some(num));
        }
        for time in [9, 14, 15, 17, 19, 22] {
            assert_eq!(ids.num(stamp(time)), None, "{time}");
        }
        let parts = ids.parts(replica, 12, 21);
        let parts: Vec<_> = parts.iter().map(|part| (part.first, part.len)).collect();
        assert_eq!(parts, [(4, 2), (8, 1), (6, 1)]);
        let mut ids = Ids::default();
        let replica = ids.intern(id);
        ids.push(replica, 10, 3);
        ids.push(replica, 20, 2);
        ids.pop(3);
        assert_eq!((ids.total(), ids.num(stamp(12))), (2, None));
        assert_eq!(ids.push(replica, 12, 1), 2);
        assert_eq!(ids.held(replica).len(), 1);
    }
}
