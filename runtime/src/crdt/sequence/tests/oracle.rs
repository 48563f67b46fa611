//! The oracle: a plain tree of single items, replayed from all changes by the definition of FugueMax.
//!
//! It knows nothing of runs, numbers, spans or encodings. Two items are compared by the way from the root to each.

use std::cmp::Ordering;

use super::Verb;
use crate::{Hlc, ReplicaId, Stamp, Version};

/// A sealed change: what its author held, and what was done.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) author: ReplicaId,
    pub(super) time: Hlc,
    pub(super) past: Version,
    pub(super) verbs: Vec<Verb>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Parent {
    Left(usize),
    /// None is the start; and what stood to the right, none being the end.
    Right(Option<usize>, Option<usize>),
}

#[derive(Debug)]
struct Item {
    id: Stamp,
    /// The change that made it.
    change: Stamp,
    parent: Parent,
    /// The element that it is a place of: itself, unless a move made it.
    element: usize,
    value: i64,
}

#[derive(Debug, Default)]
pub(super) struct Oracle {
    items: Vec<Item>,
    deletes: Vec<(Stamp, usize)>,
    sets: Vec<(Stamp, usize, i64)>,
}

impl Oracle {
    /// Replays changes, which stand in an order that respects causality, over what all start with.
    pub(super) fn replay(initial: &[i64], changes: &[Done]) -> Self {
        let mut oracle = Self::default();
        for (index, value) in initial.iter().enumerate() {
            let id = Stamp {
                time: Hlc::from_bits(index as u64),
                replica: None,
            };
            let parent = Parent::Right(index.checked_sub(1), None);
            oracle.make(id, Stamp::ORIGIN, parent, index, *value);
        }
        for change in changes {
            oracle.apply(change);
        }
        oracle
    }

    fn make(&mut self, id: Stamp, change: Stamp, parent: Parent, element: usize, value: i64) {
        self.items.push(Item {
            id,
            change,
            parent,
            element,
            value,
        });
    }

    fn apply(&mut self, change: &Done) {
        let stamp = Stamp::new(change.time, change.author);
        let mut tick = change.time.bits();
        let mut next = || {
            tick += 1;
            Stamp::new(Hlc::from_bits(tick - 1), change.author)
        };
        let saw = |made: Stamp| made == stamp || change.past.covers(made);
        for verb in &change.verbs {
            let shown = self.shown(&saw);
            match verb {
                Verb::Insert(index, values) => {
                    let mut left = index.checked_sub(1).map(|left| shown[left]);
                    let right = shown.get(*index).copied();
                    for value in values {
                        let parent = self.between(left, right);
                        let element = self.items.len();
                        self.make(next(), stamp, parent, element, *value);
                        left = Some(element);
                    }
                }
                Verb::Delete(index, len) => {
                    for place in &shown[*index..index + len] {
                        self.deletes.push((stamp, self.items[*place].element));
                    }
                }
                Verb::Set(index, value) => {
                    self.sets
                        .push((stamp, self.items[shown[*index]].element, *value));
                }
                Verb::Move(from, to) => {
                    if from == to {
                        continue;
                    }
                    let element = self.items[shown[*from]].element;
                    let mut others = shown.clone();
                    others.remove(*from);
                    let left = to.checked_sub(1).map(|left| others[left]);
                    let parent = self.between(left, others.get(*to).copied());
                    self.make(next(), stamp, parent, element, 0);
                }
            }
        }
    }

    fn between(&self, left: Option<usize>, right: Option<usize>) -> Parent {
        let below = |right: usize| {
            let mut above = Some(right);
            while let Some(item) = above {
                if Some(item) == left {
                    return true;
                }
                above = match self.items[item].parent {
                    Parent::Left(parent) => Some(parent),
                    Parent::Right(parent, _) => parent,
                };
            }
            left.is_none()
        };
        match right {
            Some(right) if below(right) => Parent::Left(right),
            _ => Parent::Right(left, right),
        }
    }

    /// What the holder of some changes sees, in order.
    fn shown(&self, saw: &dyn Fn(Stamp) -> bool) -> Vec<usize> {
        let shows = |place: usize| {
            let item = &self.items[place];
            let element = item.element;
            let deleted = self
                .deletes
                .iter()
                .any(|(by, dead)| *dead == element && saw(*by));
            let places = self.items.iter().filter(|other| {
                other.element == element && saw(other.change) && other.id > item.id
            });
            saw(item.change) && !deleted && places.count() == 0
        };
        let mut shown: Vec<usize> = (0..self.items.len())
            .filter(|place| shows(*place))
            .collect();
        shown.sort_by(|a, b| self.compare(*a, *b));
        shown
    }

    /// The way from the root: what hangs on what, the root's child first.
    fn way(&self, item: usize) -> Vec<usize> {
        let mut way = vec![item];
        while let Some(parent) = match self.items[way[way.len() - 1]].parent {
            Parent::Left(parent) => Some(parent),
            Parent::Right(parent, _) => parent,
        } {
            way.push(parent);
        }
        way.reverse();
        way
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        let (one, other) = (self.way(a), self.way(b));
        let same = one.iter().zip(&other).take_while(|(x, y)| x == y).count();
        let is_left = |item: usize| matches!(self.items[item].parent, Parent::Left(_));
        match (one.get(same), other.get(same)) {
            (None, Some(below)) if is_left(*below) => Ordering::Greater,
            (None, _) => Ordering::Less,
            (Some(below), None) if is_left(*below) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => self.siblings(*x, *y),
        }
    }

    fn siblings(&self, x: usize, y: usize) -> Ordering {
        let by_id = self.items[x].id.cmp(&self.items[y].id);
        match (self.items[x].parent, self.items[y].parent) {
            (Parent::Left(_), Parent::Left(_)) => by_id,
            (Parent::Left(_), _) => Ordering::Less,
            (_, Parent::Left(_)) => Ordering::Greater,
            (Parent::Right(_, a), Parent::Right(_, b)) => match (a, b) {
                _ if a == b => by_id,
                (None, _) => Ordering::Less,
                (_, None) => Ordering::Greater,
                (Some(a), Some(b)) => self.compare(b, a),
            },
        }
    }

    /// What everybody sees who holds all.
    pub(super) fn values(&self) -> Vec<i64> {
        let shown = self.shown(&|_| true);
        let value = |place: &usize| {
            let element = self.items[*place].element;
            let sets = self.sets.iter().enumerate();
            let sets = sets.filter(|(_, (_, set, _))| *set == element);
            let last = sets.max_by_key(|(number, (stamp, _, _))| (*stamp, *number));
            last.map_or(self.items[element].value, |(_, (_, _, value))| *value)
        };
        shown.iter().map(value).collect()
    }
}
