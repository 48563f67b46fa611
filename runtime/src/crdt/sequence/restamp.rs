//! Making ops again on a state that has gone on without them, as edits of it.
//!
//! A run goes in as a whole behind the nearest item that is left of those that stood to its left; a delete takes what is left of
//! what it saw. What becomes of stamps is answered by `crate::crdt::restamp`.

use super::content::Content;
use super::core::Core;
use super::ids::Num;
use super::wire::{self, Anchor, Life, Name, Segment};
use crate::Stamp;
use crate::codec::{Dec, DecodeError};
use crate::crdt::{Restamp, RestampItems};
use crate::edit::At;

impl<C: Content> Core<C> {
    /// Says which items there are, in order.
    pub(crate) fn items(&self, out: &mut RestampItems) {
        out.begin_sequence();
        for (_, _, spans) in self.order.leaves() {
            for span in spans {
                let mut num = span.first;
                while num < span.end() {
                    let len = self.ids.run(num, span.end() - num);
                    out.stands(self.ids.stamp(num), len);
                    num += len;
                }
            }
        }
    }

    /// Makes what a change did to items again; true when writes follow.
    pub(crate) fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<bool, DecodeError> {
        let head = input.varint()?;
        let count = usize::try_from(head >> 2).map_err(|_| DecodeError::Range("count"))?;
        let mut segments = Vec::new();
        wire::read_ops(input, count, |segment| segments.push(*segment))?;
        for segment in &segments {
            match segment.life {
                Life::Content => {
                    let before = input.rest().len();
                    let mut source = C::decode(&self.tag, segment.len, input)?;
                    let bytes = before - input.rest().len();
                    let index = self.gap_again(segment, cx);
                    let made = self.insert(at, index, segment.len, bytes, &mut source);
                    self.note_made(segment, made, cx);
                }
                Life::Place
                    if took_back(segment, input) && self.living(segment.element, cx).is_none() => {}
                Life::Place => self.move_again(segment, at, cx),
                // What the change itself took out again.
                Life::Dead | Life::Written => {}
            }
        }
        if head & 1 == 1 {
            let mut ranges = Vec::new();
            wire::read_deleted(input, |first, last| ranges.push((first, last)))?;
            for (first, last) in ranges {
                self.delete_again(first, last, at, cx);
            }
        }
        Ok(head & 2 == 2)
    }

    /// An element that the author named, if it still lives.
    pub(super) fn living(&mut self, name: Name, cx: &Restamp<'_>) -> Option<Num> {
        let Name::Stamp(stamp) = name else {
            return None;
        };
        let now = cx.item(stamp)?;
        let element = self.item(Name::Stamp(now))?;
        self.alive(element).then_some(element)
    }

    fn note_made(&self, segment: &Segment, made: Option<Num>, cx: &mut Restamp<'_>) {
        if let Some(made) = made {
            cx.made_items(segment.first, segment.len, self.ids.stamp(made));
        }
    }

    /// The index at which what a change put in goes by now.
    fn gap_again(&mut self, segment: &Segment, cx: &Restamp<'_>) -> u32 {
        if let Some(left) = cx.left_of(segment.first) {
            let mut left = left.into_iter();
            let nearest = left.find_map(|(first, len)| self.last_of(first, len.into(), cx));
            return nearest.map_or(0, |num| self.behind(num));
        }
        // The author did not know it any more itself; what it named is all there is to go by.
        let (left, right) = match segment.anchor {
            Anchor::Left(right) => (Name::None, right),
            Anchor::Right(left) => (left, Name::None),
            Anchor::Between(left, right) => (left, right),
            Anchor::GoesOn => (Name::None, Name::None),
        };
        let mut now = |name: Name| match name {
            Name::Stamp(stamp) => cx.item(stamp).and_then(|now| self.item(Name::Stamp(now))),
            _ => None,
        };
        match (now(left), now(right)) {
            (Some(left), _) => self.behind(left),
            (None, Some(right)) => self.order.index_of(right),
            (None, None) => 0,
        }
    }

    /// The last item that is there of a row.
    fn last_of(&self, first: Stamp, len: u64, cx: &Restamp<'_>) -> Option<Num> {
        let rows = cx.items(first, len);
        rows.into_iter().rev().find_map(|(first, len)| {
            let time = first.time.bits();
            let replica = self.ids.replica(first.replica)?;
            let parts = self.ids.parts(replica, time, time + len);
            parts.last().map(|part| part.first + part.len - 1)
        })
    }

    /// The index behind an item.
    fn behind(&self, num: Num) -> u32 {
        self.order.index_of(num) + u32::from(self.order.span(num).shown())
    }

    fn move_again(&mut self, segment: &Segment, at: At<'_>, cx: &mut Restamp<'_>) {
        let Some(element) = self.living(segment.element, cx) else {
            return cx.drop_one();
        };
        let from = self.order.index_of(self.place_of(element));
        let gap = self.gap_again(segment, cx);
        let to = if gap > from { gap - 1 } else { gap };
        let made = self.relocate(at, from, to);
        self.note_made(segment, made, cx);
    }

    fn delete_again(&mut self, first: u64, last: Stamp, at: At<'_>, cx: &mut Restamp<'_>) {
        let count = last.time.bits() - first + 1;
        let first = Stamp {
            time: crate::Hlc::from_bits(first),
            ..last
        };
        let mut any = false;
        for (row, len) in cx.items(first, count) {
            let Some(replica) = self.ids.replica(row.replica) else {
                continue;
            };
            let time = row.time.bits();
            for part in self.ids.parts(replica, time, time + len) {
                any |= self.delete_items(part.first, part.len, at);
            }
        }
        if !any {
            cx.drop_one();
        }
    }

    /// Deletes those elements with consecutive numbers that still live; true when there was one.
    fn delete_items(&mut self, first: Num, len: u32, at: At<'_>) -> bool {
        let (mut num, end, mut any) = (first, first + len, false);
        while num < end {
            let is_place = self.places.contains_key(&num);
            let place = self.place_of(num);
            let span = self.order.span(place);
            let mut count = 1;
            if place == num && !is_place {
                count = self.before_place(num, (end - num).min(span.end() - num));
                let moved = self.moved.range(num..num + count).next();
                count = moved.map_or(count, |(moved, _)| moved - num);
            }
            if span.shown() && !is_place {
                let index = self.order.index_of(place);
                self.delete(at, index, count, &mut C::Chunk::default());
                any = true;
            }
            num += count;
        }
        any
    }
}

/// True when a change made an element and moved it: if it is not there again, the change took it back itself.
fn took_back(segment: &Segment, input: &Dec<'_>) -> bool {
    matches!(segment.element, Name::Stamp(element)
        if element.replica == input.author() && element.time >= input.base())
}
