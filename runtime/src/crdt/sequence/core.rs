//! [`Core`]: what `Sequence` and `Text` share. Items with an identity, where they stand, which of them show, and which element
//! shows where after it was moved.
//!
//! What the content is stands in `super::content`; the wire in `super::ops` and `super::state`; the verbs of edits in
//! `super::edits`.

use std::collections::{BTreeMap, BTreeSet};

use super::content::Content;
use super::graves::Graves;
use super::ids::{Held, Ids, NONE, Num};
use super::mutant::{Mutant, planted};
use super::order::{Order, Span, Spot, Where};
use super::origin::Gone;
use super::tree::{Link, Tree};
use super::wire::{self, Anchor, Life, Name, Segment};
use crate::{Hlc, ReplicaId, Stamp};

/// Items, their order and their content.
#[derive(Clone, Debug)]
pub(crate) struct Core<C: Content> {
    pub(crate) tag: C::Tag,
    pub(super) ids: Ids,
    pub(super) tree: Tree,
    pub(super) order: Order<C>,
    /// Items of the initial value that are deleted.
    pub(super) gone: Gone,
    /// When other items were deleted.
    pub(super) graves: Graves,
    /// It stands inside a map of synchronised values, where removes cut.
    pub(super) keyed: bool,
    /// The element of each place that a move made.
    pub(super) places: BTreeMap<Num, Num>,
    /// The place where each moved element shows.
    pub(super) moved: BTreeMap<Num, Num>,
    /// Elements whose value follows, while a state is merged.
    pub(super) expected: BTreeSet<Num>,
    /// The first item of the open change.
    pub(super) made: Option<Num>,
    /// Elements that the open change deleted.
    pub(super) deleted: Vec<(Num, u32)>,
    /// An empty chunk, kept for its memory.
    pub(super) spare: C::Chunk,
}

/// What is put in when nothing shows.
pub(super) fn nothing<C: Content>(run: impl FnOnce(&mut C::Source<'_>) -> Num) -> Num {
    let mut none = C::Chunk::default();
    let mut source = C::source(&mut none);
    run(&mut source)
}

impl<C: Content> Core<C> {
    pub(crate) fn new(tag: C::Tag) -> Self {
        Self {
            tag,
            ids: Ids::default(),
            tree: Tree::default(),
            order: Order::default(),
            gone: Gone::default(),
            graves: Graves::default(),
            keyed: false,
            places: BTreeMap::new(),
            moved: BTreeMap::new(),
            expected: BTreeSet::new(),
            made: None,
            deleted: Vec::new(),
            spare: C::Chunk::default(),
        }
    }

    /// Starts with this content.
    pub(crate) fn start(&mut self, len: u32, content: &mut C::Chunk) {
        *self = Self::new(self.tag.clone());
        if len > 0 && u64::from(len) < wire::MAX_ORIGIN {
            let link = Link::Right {
                left: NONE,
                right: NONE,
            };
            self.add((0, 0), len, link, true, None, &mut C::source(content));
        }
    }

    /// Puts new items in.
    pub(super) fn add(
        &mut self,
        (replica, time): (u32, u64),
        len: u32,
        link: Link,
        shown: bool,
        spot: Option<Spot>,
        source: &mut C::Source<'_>,
    ) -> Num {
        let first = self.ids.push(replica, time, len);
        let place = self.tree.add(first, link, &self.ids, &self.order);
        // The spot is that of the item to the left; among siblings the new one may go elsewhere.
        let beside = matches!(link, Link::Right { left, .. } if place == Where::Behind(left));
        let spot = spot.filter(|_| beside);
        self.order
            .insert(place, spot, Span::new(first, len, shown), source);
        first
    }

    /// How an item that another names hangs: what is not held counts as the start, and the end.
    fn link_of(&mut self, anchor: Anchor) -> Link {
        let orphan = Link::Right {
            left: NONE,
            right: NONE,
        };
        let (left, right) = match anchor {
            Anchor::Left(name) => return self.item(name).map_or(orphan, Link::Left),
            Anchor::GoesOn => (None, None),
            Anchor::Right(name) => (self.item(name), None),
            Anchor::Between(Name::None, right) => (Some(NONE), Some(right)),
            Anchor::Between(left, right) => (self.item(left), Some(right)),
        };
        let Some(left) = left else { return orphan };
        let right = match right {
            None => self.tree.link(left).right(),
            Some(right) => self.item(right).unwrap_or(NONE),
        };
        Link::Right { left, right }
    }

    /// The item of a name, if it is held. Items of the initial value always are: where the type is not known they are made as
    /// they are named.
    pub(super) fn item(&mut self, name: Name) -> Option<Num> {
        let Name::Stamp(stamp) = name else {
            return None;
        };
        if stamp.replica.is_none() {
            self.expect_initial(stamp.time.bits() as u32 + 1);
        }
        self.ids.num(stamp)
    }

    fn expect_initial(&mut self, count: u32) {
        let held = self.ids.held(0).iter().map(Held::end).max().unwrap_or(0) as u32;
        if held < count && count - held <= self.ids.room() {
            let left = held.checked_sub(1).map_or(NONE, |last| {
                let last = self.ids.num(wire::origin(u64::from(last)));
                last.unwrap_or(NONE)
            });
            let link = Link::Right { left, right: NONE };
            let id = (0, u64::from(held));
            nothing::<C>(|source| self.add(id, count - held, link, false, None, source));
        }
    }

    /// Puts in what is wanted of a segment and not held yet, and calls with each part that is new.
    pub(super) fn take_in(
        &mut self,
        segment: &Segment,
        unwanted: &Unwanted,
        mut source: Option<&mut C::Source<'_>>,
        mut new: impl FnMut(&mut Self, Num, u32),
    ) {
        let id = segment.first.replica;
        let replica = self.ids.intern(id);
        let (mut time, end) = (segment.first.time.bits(), segment.end());
        let held = self.ids.parts(replica, time, end);
        let mut held = held.into_iter().peekable();
        while time < end {
            let (next, cut) = (held.peek().copied(), unwanted.next(id, time));
            let mut until = next.map_or(end, |part| part.time);
            let is_held = until == time;
            let is_cut = !is_held && cut.is_some_and(|(first, _)| first <= time);
            if let (true, Some(part)) = (is_held, next) {
                held.next();
                until = part.end();
            } else if let Some((first, after)) = cut {
                until = until.min(if is_cut { after } else { first });
            }
            let len = (until - time) as u32;
            if is_held || is_cut || len > self.ids.room() {
                if let Some(source) = &mut source {
                    C::skip(source, len);
                }
            } else {
                let link = self.link_at(segment, time);
                let id = (replica, time);
                let first = match &mut source {
                    Some(source) => self.add(id, len, link, true, None, source),
                    None => nothing::<C>(|source| self.add(id, len, link, false, None, source)),
                };
                new(self, first, len);
            }
            time = until;
        }
    }

    /// How the item of a segment at a time hangs.
    fn link_at(&mut self, segment: &Segment, time: u64) -> Link {
        if time == segment.first.time.bits() {
            return self.link_of(segment.anchor);
        }
        let before = Stamp {
            time: Hlc::from_bits(time - 1),
            ..segment.first
        };
        self.link_of(Anchor::Right(Name::Stamp(before)))
    }

    /// True when an element is not deleted, whether or not its content is known.
    pub(super) fn alive(&self, element: Num) -> bool {
        if self.places.contains_key(&element) {
            return false;
        }
        if C::LASTS {
            return true;
        }
        let (replica, time) = self.ids.id(element);
        match replica {
            0 => !self.gone.contains(time as u32),
            _ => {
                self.moved.contains_key(&element)
                    || self.expected.contains(&element)
                    || self.order.span(element).shown()
            }
        }
    }

    /// True when what is done to an element has to be kept: inside a map an initial one may come back.
    pub(super) fn keeps(&self, element: Num) -> bool {
        self.ids.id(element).0 == 0 || self.alive(element)
    }

    /// How many items from here on there are up to one that a move made, which counts alone.
    pub(super) fn before_place(&self, num: Num, len: u32) -> u32 {
        match self.places.range(num..num + len).next() {
            Some((place, _)) if *place == num => 1,
            Some((place, _)) => *place - num,
            None => len,
        }
    }

    /// The items in order.
    pub(crate) fn order(&self) -> &Order<C> {
        &self.order
    }

    pub(crate) fn stamp(&self, num: Num) -> Stamp {
        self.ids.stamp(num)
    }

    /// The item with a stamp, if it is held.
    pub(crate) fn num(&self, stamp: Stamp) -> Option<Num> {
        self.ids.num(stamp)
    }

    /// True when the open change made an item.
    pub(super) fn is_own(&self, num: Num) -> bool {
        self.made.is_some_and(|made| num >= made)
    }

    /// Where an element shows, or would.
    pub(crate) fn place_of(&self, element: Num) -> Num {
        self.moved.get(&element).copied().unwrap_or(element)
    }

    /// The element that shows at a place.
    pub(crate) fn element_at(&self, place: Num) -> Num {
        self.places.get(&place).copied().unwrap_or(place)
    }

    /// Makes an item a place of an element, which shows where the latest move put it.
    pub(super) fn settle_move(&mut self, place: Num, element: Num) {
        let known = self.keeps(element) || self.graves.get(element).is_some();
        if !known || self.places.contains_key(&element) {
            return;
        }
        self.places.insert(place, element);
        if !self.alive(element) {
            return;
        }
        let held = self.place_of(element);
        let later = self.ids.stamp(place) > self.ids.stamp(held) || planted(Mutant::LastMoveWins);
        if held == element || later {
            self.moved.insert(element, place);
            self.carry(held, place);
        }
    }

    /// Shows at one place what showed at another.
    pub(super) fn carry(&mut self, from: Num, to: Num) {
        let mut content = C::Chunk::default();
        let mut showed = false;
        self.order
            .hide(from, 1, None, &mut content, |_, _| showed = true);
        if showed {
            self.order.show(to, 1, &mut C::source(&mut content));
        }
    }

    /// What is known of an item, and for how many from there on the same is.
    pub(super) fn life(
        &self,
        num: Num,
        len: u32,
        written: &dyn Fn(Num) -> Option<Num>,
    ) -> (Life, u32) {
        if let Some(element) = self.places.get(&num) {
            let known = self.keeps(*element) || self.graves.get(*element).is_some();
            return (if known { Life::Place } else { Life::Dead }, 1);
        }
        let mut end = num + len;
        if let Some((place, _)) = self.places.range(num..end).next() {
            end = *place;
        }
        let moved = self
            .moved
            .range(num..end)
            .next()
            .map(|(element, _)| *element);
        let written = written(num).filter(|written| *written < end);
        if moved == Some(num) || written == Some(num) {
            return match (self.alive(num), written == Some(num)) {
                (false, _) => (Life::Dead, 1),
                (true, true) => (Life::Written, 1),
                (true, false) => (Life::Content, 1),
            };
        }
        end = end.min(moved.unwrap_or(end)).min(written.unwrap_or(end));
        let span = self.order.span(num);
        let life = if span.shown() || C::LASTS {
            Life::Content
        } else {
            Life::Dead
        };
        (life, span.end().min(end) - num)
    }
}

/// Items that are not to be put in: something has cut them. Ranges of times, ascending by replica and time, apart.
#[derive(Debug, Default)]
pub(crate) struct Unwanted(pub(super) Vec<(ReplicaId, u64, u64)>);

impl Unwanted {
    /// The next range of a replica that is not over at a time.
    fn next(&self, replica: Option<ReplicaId>, time: u64) -> Option<(u64, u64)> {
        let replica = replica?;
        let at = self
            .0
            .partition_point(|(id, _, end)| (*id, *end) <= (replica, time));
        let (id, first, end) = self.0.get(at)?;
        (*id == replica).then_some((*first, *end))
    }
}
