//! [`Tree`]: which item hangs on which, and what that says about where an item stands.
//!
//! FugueMax (Weidner and Kleppmann, "The Art of the Fugue", 2023): every item is the left or the right child of another. Left
//! children come in the order of their stamps; right children in the reverse order of what stood to their right when they were
//! made, and then by stamp. An item is typed as the right child of the one before it, so a run is a chain of those and
//! takes one entry here.
//!
//! In the paper an item names its neighbours in the whole order, deleted ones too. Here an edit names only what shows. Of two who
//! know the same, one may have collected a deleted neighbour and the other not; if that one names it, what it types hangs on nothing
//! for the first, and the two see different things (77 of 1,500 schedules; with this rule none). Both readings converge, and
//! both keep runs whole. They differ where two people type beside what a third deletes at once: then the deleted item does not
//! part what is typed. So documents that another editor merged by another rule need not come out the same to the letter
//! (`tests/tests/traces.rs` says by how much), and no such equality can be asked for.

use std::collections::BTreeMap;

use super::content::Content;
use super::ids::{Ids, NONE, Num};
use super::mutant::{Mutant, planted};
use super::order::{Order, Where};

/// How an item hangs in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Right child of `left`, made with `right` to its right. [`NONE`] is the start, and the end.
    Right {
        /// What it hangs on.
        left: Num,
        /// What stood to its right.
        right: Num,
    },
    /// Left child of this item.
    Left(Num),
}

impl Link {
    /// What stood to the right of an item when it was made.
    pub(crate) fn right(self) -> Num {
        match self {
            Self::Right { right, .. } | Self::Left(right) => right,
        }
    }
}

/// Items of consecutive numbers, each the right child of the one before and made with the same to its right.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: Num,
    link: Packed,
}

/// A [`Link`] in eight bytes.
#[derive(Clone, Copy, Debug)]
struct Packed {
    left: u32,
    right: Num,
}

/// In place of what it hangs on: it is a left child.
const LEFT: u32 = u32::MAX;

impl Run {
    fn new(first: Num, link: Link) -> Self {
        let link = match link {
            Link::Right { left, right } => Packed { left, right },
            Link::Left(right) => Packed { left: LEFT, right },
        };
        Self { first, link }
    }

    fn link(&self) -> Link {
        let Packed { left, right } = self.link;
        match left {
            LEFT => Link::Left(right),
            _ => Link::Right { left, right },
        }
    }
}

/// Children by what they hang on, in order. Hardly any item has more than one.
type Kids = BTreeMap<Num, Children>;

#[derive(Clone, Debug)]
enum Children {
    One(Num),
    /// Boxed twice, so that the many that have one child stay small.
    #[allow(clippy::box_collection)]
    Many(Box<Vec<Num>>),
}

impl Children {
    fn as_slice(&self) -> &[Num] {
        match self {
            Self::One(child) => std::slice::from_ref(child),
            Self::Many(children) => children,
        }
    }
}

/// The links of all items, and per item the children that begin a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    runs: Vec<Run>,
    left: Kids,
    right: Kids,
}

impl Tree {
    /// How many runs there are.
    pub(crate) fn runs(&self) -> usize {
        self.runs.len()
    }

    /// A run: its first item, the end of it, and how the first hangs.
    pub(crate) fn nth(&self, run: usize, total: Num) -> (Num, Num, Link) {
        let held = &self.runs[run];
        let end = self.runs.get(run + 1).map_or(total, |next| next.first);
        (held.first, end, held.link())
    }

    /// The first of the last run.
    pub(crate) fn last_run(&self) -> Num {
        self.runs.last().map_or(0, |run| run.first)
    }

    /// The run that an item is in: its place.
    pub(crate) fn run_of(&self, num: Num) -> usize {
        let at = match self.runs.last() {
            Some(last) if last.first <= num => self.runs.len(),
            _ => self.runs.partition_point(|run| run.first <= num),
        };
        at - 1
    }

    /// How an item hangs.
    pub(crate) fn link(&self, num: Num) -> Link {
        let run = &self.runs[self.run_of(num)];
        if run.first == num {
            return run.link();
        }
        Link::Right {
            left: num - 1,
            right: run.link.right,
        }
    }

    /// How many of the items from here on are in one run, up to `len`.
    pub(crate) fn run(&self, num: Num, len: u32) -> u32 {
        let next = self.runs.get(self.run_of(num) + 1);
        next.map_or(len, |next| len.min(next.first - num))
    }

    /// The child that goes on with the run of an item.
    fn next_in_run(&self, num: Num, total: Num) -> Option<Num> {
        let next = num.checked_add(1).filter(|next| *next < total)?;
        let at = self.run_of(next);
        (self.runs[at].first != next).then_some(next)
    }

    fn has_right(&self, num: Num, total: Num) -> bool {
        num + 1 < total && (self.next_in_run(num, total).is_some() || self.right.contains_key(&num))
    }

    /// The link of an item that is made between two that show, and whether these stand side by side.
    pub(crate) fn link_between(
        &self,
        left: Num,
        right: Num,
        side_by_side: bool,
        total: Num,
    ) -> Link {
        let below = match (left, right) {
            (_, NONE) => false,
            (NONE, _) => true,
            _ => self.has_right(left, total) && (side_by_side || self.is_right_below(right, left)),
        };
        if below && !planted(Mutant::NoLeftChildren) {
            Link::Left(right)
        } else {
            Link::Right { left, right }
        }
    }

    /// True when an item that stands behind another hangs below it.
    ///
    /// What hangs on an item came after it and has a greater number, so the way up ends soon.
    fn is_right_below(&self, num: Num, other: Num) -> bool {
        let mut above = num;
        while above > other {
            let run = &self.runs[self.run_of(above)];
            if run.first <= other {
                return true;
            }
            above = match run.link() {
                Link::Right { left: NONE, .. } => return false,
                Link::Right { left, .. } => left,
                Link::Left(right) => right,
            };
        }
        above == other
    }

    /// Adds items with consecutive numbers, the last that there are, and says where they go.
    pub(crate) fn add<C: Content>(
        &mut self,
        first: Num,
        link: Link,
        ids: &Ids,
        order: &Order<C>,
    ) -> Where {
        let last = self.runs.last().map(|run| run.link.right);
        let behind = Some(first.wrapping_sub(1));
        match link {
            // The last item of all has no children yet.
            Link::Right { left, right } if Some(left) == behind && Some(right) == last => {
                return Where::Behind(left);
            }
            _ => self.runs.push(Run::new(first, link)),
        }
        match link {
            Link::Left(on) => self.place_left(first, on, ids, order),
            Link::Right { left, right } => self.place_right(first, left, right, ids, order),
        }
    }

    fn place_left<C: Content>(&mut self, num: Num, on: Num, ids: &Ids, order: &Order<C>) -> Where {
        let stamp = ids.stamp(num);
        let kids = self.left.get(&on).map_or(&[][..], Children::as_slice);
        let at = kids.partition_point(|kid| ids.stamp(*kid) < stamp);
        let next = kids.get(at).copied();
        let before = at.checked_sub(1).map(|before| kids[before]);
        hang(&mut self.left, on, at, num);
        match (next, before) {
            (None, _) => Where::Before(on),
            (_, Some(before)) => Where::Behind(self.last_of(before, ids, order)),
            (Some(next), None) => Where::Before(self.first_of(next)),
        }
    }

    /// Among right children the one that was made with the furthest to its right comes first.
    fn place_right<C: Content>(
        &mut self,
        num: Num,
        on: Num,
        right: Num,
        ids: &Ids,
        order: &Order<C>,
    ) -> Where {
        let is_before = |kid: Num| match planted(Mutant::NoTieBreak) {
            true => true,
            false => self.sorts_before(kid, num, right, ids, order),
        };
        let kids = self.right.get(&on).map_or(&[][..], Children::as_slice);
        let at = kids.partition_point(|kid| is_before(*kid));
        let mut before = at.checked_sub(1).map(|before| kids[before]);
        // The run that `on` is in may go on behind it: a child that has no entry.
        let next = (on != NONE).then(|| self.next_in_run(on, num)).flatten();
        if let Some(next) = next.filter(|next| is_before(*next)) {
            let right = self.link(next).right();
            let last = before.is_none_or(|held| self.sorts_before(held, next, right, ids, order));
            before = if last { Some(next) } else { before };
        }
        hang(&mut self.right, on, at, num);
        match before {
            None => Where::Behind(on),
            Some(before) => Where::Behind(self.last_of(before, ids, order)),
        }
    }

    /// True when a right child comes before another, which was made with `right` to its right.
    fn sorts_before<C: Content>(
        &self,
        one: Num,
        other: Num,
        right: Num,
        ids: &Ids,
        order: &Order<C>,
    ) -> bool {
        let held = self.link(one).right();
        if held == right || planted(Mutant::RightOriginIgnored) {
            return ids.stamp(one) < ids.stamp(other);
        }
        order.is_before(right, held) != planted(Mutant::RightOriginReversed)
    }

    /// The last item of all that hangs on this one, or itself.
    fn last_of<C: Content>(&self, num: Num, ids: &Ids, order: &Order<C>) -> Num {
        let mut num = num;
        loop {
            let next = self.runs.get(self.run_of(num) + 1);
            let end = next.map_or(num + 1, |next| next.first);
            let Some((on, kids)) = self.right.range(num..end).next() else {
                return end - 1;
            };
            let (goes_on, last) = (*on + 1, *kids.as_slice().last().unwrap_or(on));
            let right = || self.link(goes_on).right();
            let runs_last = goes_on < end && self.sorts_before(last, goes_on, right(), ids, order);
            num = if runs_last { goes_on } else { last };
        }
    }

    /// The first item of all that hangs on this one, or itself.
    fn first_of(&self, num: Num) -> Num {
        let mut num = num;
        while let Some(first) = self.left.get(&num).and_then(|kids| kids.as_slice().first()) {
            num = *first;
        }
        num
    }

    /// Forgets the items from this one on, which are the last that came.
    pub(crate) fn truncate(&mut self, end: Num) {
        while let Some(run) = self.runs.last().filter(|run| run.first >= end) {
            match run.link() {
                Link::Left(on) => unhang(&mut self.left, on, run.first),
                Link::Right { left, .. } => unhang(&mut self.right, left, run.first),
            }
            self.runs.pop();
        }
    }
}

/// Puts a child among those of an item.
fn hang(kids: &mut Kids, on: Num, at: usize, num: Num) {
    match kids.get_mut(&on) {
        None => drop(kids.insert(on, Children::One(num))),
        Some(Children::Many(children)) => children.insert(at, num),
        Some(held) => {
            let mut children = held.as_slice().to_vec();
            children.insert(at, num);
            *held = Children::Many(Box::new(children));
        }
    }
}

fn unhang(kids: &mut Kids, on: Num, num: Num) {
    if let Some(Children::Many(children)) = kids.get_mut(&on) {
        children.retain(|child| *child != num);
        if let [child] = children.as_slice() {
            let child = *child;
            kids.insert(on, Children::One(child));
        }
    } else {
        kids.remove(&on);
    }
}
