//! How the items of one list stand, by the definition of FugueMax: a plain tree of single items, two of which are compared by the
//! way from the root to each.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use holo_runtime::{Hlc, Stamp};

/// A place in a list.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: Stamp,
    /// The item that shows there: itself, unless a move made the place.
    pub(crate) element: Stamp,
    pub(crate) parent: Parent,
}

/// How it hangs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Parent {
    Left(Stamp),
    /// None is the start; what stood to the right, none being the end; and whether that is what stood to the right of the parent.
    Right(Option<Stamp>, Option<Stamp>, bool),
}

/// The places that are held.
pub(crate) struct Order(BTreeMap<Stamp, Item>);

impl Order {
    pub(crate) fn new(initial: usize, made: impl Iterator<Item = Item>) -> Self {
        let origin = |index: usize| Stamp {
            time: Hlc::from_bits(index as u64),
            replica: None,
        };
        let first = (0..initial).map(|index| Item {
            id: origin(index),
            element: origin(index),
            parent: Parent::Right(index.checked_sub(1).map(origin), None, false),
        });
        let mut held: BTreeMap<Stamp, Item> = first.map(|item| (item.id, item)).collect();
        for mut item in made {
            // A place of what is not held is nobody's.
            if !held.contains_key(&item.element) {
                item.element = item.id;
            }
            held.insert(item.id, item);
        }
        Self(held)
    }

    pub(crate) fn element(&self, place: Stamp) -> Stamp {
        self.0[&place].element
    }

    /// The places where what is there shows, in order.
    pub(crate) fn places(&self, is_there: &dyn Fn(Stamp) -> bool) -> Vec<Stamp> {
        let mut latest: BTreeMap<Stamp, Stamp> = BTreeMap::new();
        for item in self.0.values() {
            let held = latest.entry(item.element).or_insert(item.element);
            let moved = item.id != item.element;
            if moved && (*held == item.element || item.id > *held) {
                *held = item.id;
            }
        }
        let there = latest.into_iter().filter(|(element, _)| is_there(*element));
        let mut places: Vec<Stamp> = there.map(|(_, place)| place).collect();
        places.sort_by(|a, b| self.compare(*a, *b));
        places
    }

    /// How an item hangs that is made between two places.
    pub(crate) fn between(&self, left: Option<Stamp>, right: Option<Stamp>) -> Parent {
        let below = |right: Stamp| {
            let way = self.way(right);
            left.is_none_or(|left| way.contains(&left))
        };
        match right {
            Some(right) if below(right) => Parent::Left(right),
            _ => {
                let same = left.is_some_and(|left| self.right(left) == right);
                Parent::Right(left, right, same)
            }
        }
    }

    /// How it hangs on what is held.
    fn parent(&self, item: Stamp) -> Parent {
        let held = |item: &Stamp| self.0.contains_key(item);
        match self.0[&item].parent {
            Parent::Left(on) if held(&on) => Parent::Left(on),
            Parent::Right(None, right, _) => Parent::Right(None, right.filter(held), false),
            Parent::Right(Some(left), right, same) if held(&left) => {
                let right = match same {
                    true => self.right(left),
                    false => right.filter(held),
                };
                Parent::Right(Some(left), right, false)
            }
            _ => Parent::Right(None, None, false),
        }
    }

    /// What stood to the right of an item when it was made.
    fn right(&self, item: Stamp) -> Option<Stamp> {
        match self.parent(item) {
            Parent::Left(on) => Some(on),
            Parent::Right(_, right, _) => right,
        }
    }

    /// The way from the root: what hangs on what, the root's child first.
    fn way(&self, item: Stamp) -> Vec<Stamp> {
        let mut way = vec![item];
        while let Parent::Left(on) | Parent::Right(Some(on), _, _) = self.parent(way[way.len() - 1])
        {
            way.push(on);
        }
        way.reverse();
        way
    }

    fn compare(&self, a: Stamp, b: Stamp) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        let (one, other) = (self.way(a), self.way(b));
        let same = one.iter().zip(&other).take_while(|(x, y)| x == y).count();
        let is_left = |item: Stamp| matches!(self.parent(item), Parent::Left(_));
        match (one.get(same), other.get(same)) {
            (None, Some(below)) if is_left(*below) => Ordering::Greater,
            (None, _) => Ordering::Less,
            (Some(below), None) if is_left(*below) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => self.siblings(*x, *y),
        }
    }

    fn siblings(&self, x: Stamp, y: Stamp) -> Ordering {
        match (self.parent(x), self.parent(y)) {
            (Parent::Left(_), Parent::Left(_)) => x.cmp(&y),
            (Parent::Left(_), _) => Ordering::Less,
            (_, Parent::Left(_)) => Ordering::Greater,
            (Parent::Right(_, a, _), Parent::Right(_, b, _)) => match (a, b) {
                _ if a == b => x.cmp(&y),
                (None, _) => Ordering::Less,
                (_, None) => Ordering::Greater,
                (Some(a), Some(b)) => self.compare(b, a),
            },
        }
    }
}
