//! [`Positions`]: items in order without content, whose life is somebody else's: what the lists in documents are made of.
//!
//! Who made which item, how items hang and where moves put them is [`Core`]'s, as in every sequence. Which of them show is told
//! from outside, because an item of a document is there while something is written in it. What is written is not known here.

use super::content::Content;
use super::core::{Core, Unwanted};
use super::ids::Num;
use super::sections::Sections;
use super::state::Read;
use super::wire::{self, Anchor, Name};
use crate::Stamp;
use crate::codec::{Dec, DecodeError, Enc};
use crate::crdt::{Merge, Unknown};
use crate::edit::At;

/// Content of which there is none.
#[derive(Clone, Copy, Debug)]
struct Bare;

impl Content for Bare {
    type Tag = ();
    type Chunk = ();
    type Source<'a> = ();

    const FULL: usize = u32::MAX as usize;
    const LASTS: bool = true;

    fn size((): &()) -> usize {
        0
    }

    fn insert((): &mut (), _: u32, _: u32, _: u32, (): &mut ()) -> u32 {
        0
    }

    fn remove((): &mut (), _: u32, _: u32, _: u32, (): &mut ()) -> u32 {
        0
    }

    fn part((): &mut (), _: u32, _: u32) -> ((), u32) {
        ((), 0)
    }

    fn encode((): &(), _: u32, _: u32, _: u32, _: &mut Vec<u8>) {}

    fn decode((): &(), _: u32, _: &mut Dec<'_>) -> Result<(), DecodeError> {
        Ok(())
    }

    fn source((): &mut ()) {}

    fn skip((): &mut (), _: u32) {}

    fn shrink((): &mut ()) {}

    fn clear((): &mut ()) {}
}

/// Items in order.
#[derive(Clone, Debug)]
pub(crate) struct Positions(Core<Bare>);

impl Default for Positions {
    fn default() -> Self {
        Self(Core::new(()))
    }
}

impl Positions {
    /// How many items show.
    pub(crate) fn len(&self) -> usize {
        self.0.len() as usize
    }

    /// True when all items are of the initial value, and none of them has been moved.
    pub(crate) fn pristine(&self) -> bool {
        self.0.pristine()
    }

    /// The item that shows at an index.
    pub(crate) fn at(&self, index: usize) -> Option<Stamp> {
        let index = u32::try_from(index).ok()?;
        let place = (index < self.0.len()).then(|| self.0.order().at(index).0)?;
        Some(self.0.stamp(self.0.element_at(place)))
    }

    /// The items that show, in order.
    pub(crate) fn shown(&self) -> impl Iterator<Item = Stamp> + '_ {
        let spans = self.0.order().leaves().flat_map(|(_, _, spans)| spans);
        let places = spans
            .filter(|span| span.shown())
            .flat_map(|span| span.first..span.end());
        places.map(|place| self.0.stamp(self.0.element_at(place)))
    }

    /// True when there is an item with this stamp. One of an initial value always is: it is made as it is named.
    pub(crate) fn holds(&mut self, item: Stamp) -> bool {
        self.find(item).is_some()
    }

    fn find(&mut self, item: Stamp) -> Option<Num> {
        let num = self.0.item(Name::Stamp(item))?;
        (!self.0.places.contains_key(&num)).then_some(num)
    }

    /// How many items of the initial value there are.
    pub(crate) fn initial(&self) -> usize {
        let held = self.0.ids.held(0).iter();
        held.map(|part| part.end() as usize).max().unwrap_or(0)
    }

    /// Sees to it that there are so many items of the initial value.
    pub(crate) fn expect(&mut self, count: usize) {
        let last = count.checked_sub(1).map(|last| wire::origin(last as u64));
        if let Some(last) = last.filter(|_| (count as u64) < wire::MAX_ORIGIN) {
            self.0.item(Name::Stamp(last));
        }
    }

    /// Shows or hides an item, wherever it stands.
    pub(crate) fn set_shown(&mut self, item: Stamp, shown: bool) {
        let Some(num) = self.find(item) else { return };
        let place = self.0.place_of(num);
        if self.0.order().span(place).shown() == shown {
            return;
        }
        match shown {
            true => self.0.order.show(place, 1, &mut ()),
            false => self.0.order.hide(place, 1, None, &mut (), |_, _| {}),
        }
    }

    /// Makes so many items in a row at an index; the first, unless the edit is refused. They show.
    pub(crate) fn insert(&mut self, at: At<'_>, index: usize, count: u32) -> Option<Stamp> {
        let (first, index) = (self.0.ids.total(), u32::try_from(index).ok()?);
        self.0.insert(at, index, count, 0, &mut ());
        (self.0.ids.total() > first).then(|| self.0.stamp(first))
    }

    /// Moves an item from one index to another, counted without it; true unless the edit is refused.
    pub(crate) fn relocate(&mut self, at: At<'_>, from: usize, to: usize) -> bool {
        let first = self.0.ids.total();
        if let (Ok(from), Ok(to)) = (u32::try_from(from), u32::try_from(to)) {
            self.0.relocate(at, from, to);
        }
        self.0.ids.total() > first
    }

    /// Takes back one write; the kind of the record is read already. True for one that made items.
    pub(crate) fn restore(&mut self, kind: u8, input: &mut Dec<'_>) -> Result<bool, DecodeError> {
        self.0.restore(kind, input)?;
        Ok(kind == super::edits::record::MADE)
    }

    /// The next item that the same replica made in the same breath.
    pub(crate) fn next(item: Stamp) -> Stamp {
        let time = item.time.checked_add(1).unwrap_or(item.time);
        Stamp { time, ..item }
    }

    /// True when the open change made or moved items.
    pub(crate) fn touched(&self) -> bool {
        self.0.touched()
    }

    /// Writes what the open change made and moved, which is over then.
    pub(crate) fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        self.0.encode_ops(tx, false, out);
    }

    /// Takes in what a change made and moved. Nothing of it shows yet.
    pub(crate) fn apply_ops(&mut self, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        for segment in read_ops(input)? {
            let none = Unwanted::default();
            self.0.take_in(&segment, &none, None, |core, first, _| {
                core.place(&segment, first);
            });
        }
        Ok(())
    }

    /// Passes over what a change made and moved.
    pub(crate) fn skip(input: &mut Dec<'_>) -> Result<(), DecodeError> {
        read_ops(input).map(drop)
    }

    /// Writes the state.
    pub(crate) fn encode_state(&self, out: &mut Enc) {
        self.0.encode_state(&|_| None, out);
    }

    /// Writes items by name, in the order of their authors and times, each with what follows it.
    pub(crate) fn encode_items(
        &self,
        items: &mut [Stamp],
        out: &mut Enc,
        mut with: impl FnMut(Stamp, &mut Enc),
    ) {
        items.sort_unstable_by_key(|item| (item.replica, item.time));
        let nums: Vec<Num> = items.iter().filter_map(|item| self.0.num(*item)).collect();
        self.0
            .encode_elements(&nums, out, |num, out| with(self.0.stamp(num), out));
    }

    /// What is compared of where items of the initial value stand, which not everybody knows: those that were moved, and to where.
    pub(crate) fn moved_initial(&self) -> Vec<(Stamp, Stamp)> {
        let moved = self.0.moved.iter();
        let moved = moved.map(|(element, place)| (self.0.stamp(*element), self.0.stamp(*place)));
        let mut moved: Vec<_> = moved.filter(|(item, _)| item.is_origin()).collect();
        moved.sort_unstable();
        moved
    }

    /// Merges a state that was read; none is the initial one. Inside maps items that a remove of the entry has cut go. Which items
    /// show is to be told anew.
    pub(crate) fn merge(&mut self, theirs: Option<Items>, cx: &Merge<'_>) {
        let sections = theirs.map_or_else(Sections::default, |items| items.0);
        let mut cx = Merge {
            unknown: &mut Unknown::default(),
            ..*cx
        };
        let lost = self.0.merge(Read::bare(sections), &mut cx);
        if !lost.0.is_empty() {
            self.0.rebuild(&lost);
        }
    }

    /// How many items show before this one, wherever it stands.
    pub(crate) fn before(&mut self, item: Stamp) -> Option<usize> {
        let num = self.find(item)?;
        Some(self.0.order().index_of(self.0.place_of(num)) as usize)
    }

    /// Where an item stands, by the item that holds the place: itself until it is moved.
    pub(crate) fn place_of(&mut self, item: Stamp) -> Option<Stamp> {
        let num = self.find(item)?;
        Some(self.0.stamp(self.0.place_of(num)))
    }

    /// How many items show before a place.
    pub(crate) fn before_place(&self, place: Stamp) -> Option<usize> {
        let num = self.0.num(place)?;
        Some(self.0.order().index_of(num) as usize)
    }

    /// How many items show before the one behind this one, wherever it stands; none is the start.
    pub(crate) fn behind(&mut self, item: Option<Stamp>) -> usize {
        let Some(num) = item.and_then(|item| self.find(item)) else {
            return 0;
        };
        let place = self.0.place_of(num);
        let order = self.0.order();
        order.index_of(place) as usize + usize::from(order.span(place).shown())
    }
}

/// The items of a state as they were read.
pub(crate) struct Items(Sections);

impl Items {
    pub(crate) fn read(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let items = Self(Sections::read(input)?);
        // None of the initial value is deleted.
        input.varint()?;
        Ok(items)
    }

    /// Reads the name of an item.
    pub(crate) fn item(&self, input: &mut Dec<'_>) -> Result<Stamp, DecodeError> {
        self.0.item(input)
    }
}

/// Items that a change made in a row, or a place that it moved one to.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) first: Stamp,
    pub(crate) len: u32,
    /// The item that was moved.
    pub(crate) element: Option<Stamp>,
    /// What stood to the left, unless that is the start.
    pub(crate) left: Option<Stamp>,
    /// What stood to the right, where that is what they hang on.
    pub(crate) right: Option<Stamp>,
}

/// Reads what a change made and moved.
pub(crate) fn read_made(input: &mut Dec<'_>) -> Result<Vec<Made>, DecodeError> {
    let stamp = |name: Name| match name {
        Name::Stamp(stamp) => Some(stamp),
        _ => None,
    };
    let made = read_ops(input)?.into_iter().map(|segment| {
        let (left, right) = match segment.anchor {
            Anchor::Left(right) => (None, stamp(right)),
            Anchor::Right(left) | Anchor::Between(left, _) => (stamp(left), None),
            Anchor::GoesOn => (None, None),
        };
        Made {
            first: segment.first,
            len: segment.len,
            element: stamp(segment.element),
            left,
            right,
        }
    });
    Ok(made.collect())
}

/// The segments of a change, all of whose items are made or moved.
fn read_ops(input: &mut Dec<'_>) -> Result<Vec<wire::Segment>, DecodeError> {
    let head = input.varint()?;
    let count = usize::try_from(head >> 2).map_err(|_| DecodeError::Range("count"))?;
    let mut segments = Vec::new();
    wire::read_ops(input, count, |segment| segments.push(*segment))?;
    Ok(segments)
}
