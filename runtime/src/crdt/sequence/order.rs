//! [`Order`]: the items of a sequence in order, those that show and those that do not, and the content of those that show.
//!
//! A B-tree of spans: leaves hold runs of items, inner nodes count what shows below them. Where an item *belongs* is decided in
//! `super::tree`; here it is put where it is told.

mod change;
mod cursor;
mod grow;
mod leaf;
mod places;
mod typing;

pub(crate) use change::Where;
pub(crate) use leaf::{Size, Span};

use self::cursor::Cursor;
use self::leaf::Leaf;
use self::places::Places;
use self::typing::Typing;
use super::content::Content;
use super::ids::{NONE, Num};

/// How many children an inner node has at most.
const FAN: usize = 32;

/// An inner node. All leaves are equally deep.
#[derive(Clone, Debug)]
struct Node {
    parent: u32,
    count: usize,
    /// The place of the child that was counted last.
    near: usize,
    /// Its children are leaves.
    bottom: bool,
    kids: [u32; FAN],
    sizes: [Size; FAN],
}

impl Node {
    fn new(parent: u32, bottom: bool) -> Self {
        Self {
            parent,
            count: 0,
            near: 0,
            bottom,
            kids: [0; FAN],
            sizes: [Size::default(); FAN],
        }
    }

    fn place_of(&self, kid: u32) -> usize {
        let kids = &self.kids[..self.count];
        kids.iter()
            .position(|held| *held == kid)
            .unwrap_or_default()
    }

    fn size(&self) -> Size {
        let mut size = Size::default();
        self.sizes[..self.count].iter().for_each(|kid| size += *kid);
        size
    }
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    leaf: u32,
    span: usize,
    /// Its place in the span.
    at: u32,
}

/// The items in order.
#[derive(Clone, Debug)]
pub(crate) struct Order<C: Content> {
    leaves: Vec<Leaf<C>>,
    nodes: Vec<Node>,
    root: u32,
    places: Places,
    size: Size,
    cursor: Option<Cursor>,
    /// The place in its leaf of the span that items were last put in.
    recent: usize,
    typing: Option<Typing>,
}

impl<C: Content> Default for Order<C> {
    fn default() -> Self {
        Self {
            leaves: Vec::new(),
            nodes: Vec::new(),
            root: 0,
            places: Places::default(),
            size: Size::default(),
            cursor: None,
            recent: 0,
            typing: None,
        }
    }
}

impl<C: Content> Order<C> {
    /// How much shows.
    pub(crate) fn size(&self) -> Size {
        self.size
    }

    /// The item that shows at an index, which is less than the length.
    pub(crate) fn at(&self, index: u32) -> (Num, Spot) {
        let (leaf, left) = self.leaf_at(index);
        self.inside(leaf, left)
    }

    /// The item of a leaf that shows behind so many others of it.
    fn inside(&self, leaf: u32, mut left: u32) -> (Num, Spot) {
        for (place, span) in self.leaves[leaf as usize].spans.iter().enumerate() {
            if left < span.shows() {
                let spot = Spot {
                    leaf,
                    span: place,
                    at: left,
                };
                return (span.first + left, spot);
            }
            left -= span.shows();
        }
        unreachable!("inner nodes count what their leaves show")
    }

    /// The leaf in which a count reaches an index, and what is left to count there.
    fn descend(&self, index: u32, count: impl Fn(Size) -> u32) -> (u32, u32) {
        let (mut node, mut left) = (&self.nodes[self.root as usize], index);
        loop {
            let mut place = 0;
            while left >= count(node.sizes[place]) && place + 1 < node.count {
                left -= count(node.sizes[place]);
                place += 1;
            }
            if node.bottom {
                return (node.kids[place], left);
            }
            node = &self.nodes[node.kids[place] as usize];
        }
    }

    /// The leaf and the content in it from an index on, and how far into that content the index is. Indices count UTF-16 units
    /// where `wide`.
    pub(crate) fn chunk_at(&self, index: u32, wide: bool) -> Option<(&C::Chunk, Size, u32, u32)> {
        let units = |size: Size| size.len + if wide { size.wide } else { 0 };
        if index >= units(self.size) {
            return None;
        }
        let (number, left) = self.descend(index, units);
        let leaf = &self.leaves[number as usize];
        Some((&leaf.chunk, leaf.size, left, number))
    }

    /// What shows before a leaf.
    pub(crate) fn before_leaf(&self, leaf: u32) -> Size {
        let (mut before, mut kid) = (Size::default(), leaf);
        let mut parent = self.leaves[leaf as usize].parent;
        loop {
            let node = &self.nodes[parent as usize];
            let place = node.place_of(kid);
            node.sizes[..place].iter().for_each(|size| before += *size);
            if parent == self.root {
                return before;
            }
            (kid, parent) = (parent, node.parent);
        }
    }

    /// Where an item stands.
    pub(crate) fn spot(&self, num: Num) -> Spot {
        let leaf = self.places.leaf(num);
        let (span, at) = self.leaves[leaf as usize].find(num, self.recent);
        Spot { leaf, span, at }
    }

    /// The span that an item stands in.
    pub(crate) fn span(&self, num: Num) -> Span {
        self.span_at(self.spot(num))
    }

    pub(crate) fn span_at(&self, spot: Spot) -> Span {
        self.leaves[spot.leaf as usize].spans[spot.span]
    }

    /// How many items show before this one.
    pub(crate) fn index_of(&self, num: Num) -> u32 {
        let spot = self.spot(num);
        let leaf = &self.leaves[spot.leaf as usize];
        let inside = leaf.shown_before(spot.span);
        let shown = leaf.spans[spot.span].shown();
        self.before_leaf(spot.leaf).len + inside + if shown { spot.at } else { 0 }
    }

    /// True when the first item stands before the second. The end stands after all.
    pub(crate) fn is_before(&self, one: Num, other: Num) -> bool {
        if one == other || one == NONE {
            return false;
        }
        if other == NONE {
            return true;
        }
        let (a, b) = (self.spot(one), self.spot(other));
        if a.leaf == b.leaf {
            return (a.span, a.at) < (b.span, b.at);
        }
        let (mut left, mut right) = (a.leaf, b.leaf);
        let parent = |leaf: u32| self.leaves[leaf as usize].parent;
        let (mut above_left, mut above_right) = (parent(left), parent(right));
        while above_left != above_right {
            (left, right) = (above_left, above_right);
            above_left = self.nodes[left as usize].parent;
            above_right = self.nodes[right as usize].parent;
        }
        let node = &self.nodes[above_left as usize];
        node.place_of(left) < node.place_of(right)
    }

    /// The item after this one, which shows, if that stands in the same leaf, shows too, and nothing is between them.
    pub(crate) fn next_to(&self, spot: Spot) -> Option<Num> {
        let spans = &self.leaves[spot.leaf as usize].spans;
        let span = spans[spot.span];
        if spot.at + 1 < span.len() {
            return Some(span.first + spot.at + 1);
        }
        let next = spans.get(spot.span + 1)?;
        next.shown().then_some(next.first)
    }

    /// A hidden item right behind one that shows, in the same leaf. Only a broken rule asks for it.
    pub(crate) fn hidden_next_to(&self, spot: Spot) -> Option<Num> {
        let spans = &self.leaves[spot.leaf as usize].spans;
        let last = spot.at + 1 == spans[spot.span].len();
        let next = spans.get(spot.span + 1).filter(|_| last)?;
        (!next.shown()).then_some(next.first)
    }

    /// The leaves in order: what shows of each, and its spans.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = (&C::Chunk, Size, &[Span])> + '_ {
        let mut next = (!self.leaves.is_empty()).then_some(0);
        std::iter::from_fn(move || {
            let number = next?;
            let leaf = &self.leaves[number as usize];
            next = (leaf.next != number).then_some(leaf.next);
            Some((&leaf.chunk, leaf.size, leaf.spans.as_slice()))
        })
    }

    /// Writes the content of so many items from a spot on, all in its span, which shows.
    pub(crate) fn write(&self, spot: Spot, count: u32, out: &mut Vec<u8>) {
        let leaf = &self.leaves[spot.leaf as usize];
        let at = leaf.shown_before(spot.span) + spot.at;
        C::encode(&leaf.chunk, leaf.size.len, at, count, out);
    }

    /// Calls with the content of items that all show and have consecutive numbers: chunk, its length, place and count.
    pub(crate) fn read(
        &self,
        first: Num,
        len: u32,
        mut with: impl FnMut(&C::Chunk, u32, u32, u32),
    ) {
        let (mut num, end) = (first, first + len);
        while num < end {
            let spot = self.spot(num);
            let leaf = &self.leaves[spot.leaf as usize];
            let span = leaf.spans[spot.span];
            let count = (span.end() - num).min(end - num);
            if span.shown() {
                let at = leaf.shown_before(spot.span) + spot.at;
                with(&leaf.chunk, leaf.size.len, at, count);
            }
            num += count;
        }
    }
}
