//! [`Typing`]: where the last items of all stand while somebody goes on behind them. Then nothing is looked for, and all that hangs
//! on the gap is as it was.
//!
//! It holds as long as nothing else changes: whoever puts in, hides or shows anything otherwise forgets it.

use super::{Content, Num, Order, Size};
use crate::crdt::sequence::mutant::any_planted;

/// Where the last items stand. They show, and they are the last of their span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typing {
    /// The index behind them.
    index: u32,
    leaf: u32,
    span: usize,
    /// How many show in the leaf up to behind them.
    shown: u32,
}

impl<C: Content> Order<C> {
    /// The last item of all was put in, and shows right before this index.
    pub(crate) fn typed(&mut self, last: Num, index: u32) {
        let spot = self.spot(last);
        let leaf = &self.leaves[spot.leaf as usize];
        let span = leaf.spans[spot.span];
        // Mistakes are planted in what is passed by here.
        if any_planted() || !span.shown() || spot.at + 1 < span.len() {
            return;
        }
        self.typing = Some(Typing {
            index,
            leaf: spot.leaf,
            span: spot.span,
            shown: leaf.shown_before(spot.span) + span.len(),
        });
    }

    /// True when what goes in at an index goes on behind the last items of all, as those did.
    pub(crate) fn goes_on(&self, index: u32, len: u32) -> bool {
        let here = self.typing.is_some_and(|typing| typing.index == index);
        here && len <= C::FULL as u32 / 2
    }

    /// True while it is known where the last items of all stand, and those from this one on are in one span.
    pub(crate) fn knows_from(&self, first: Num) -> bool {
        let spans = |typing: Typing| &self.leaves[typing.leaf as usize].spans;
        let span = self.typing.map(|typing| spans(typing)[typing.span]);
        span.is_some_and(|span| span.first <= first)
    }

    /// Writes the content of so many of the last items of all, where [`Order::knows_from`] the first of them.
    pub(crate) fn write_last(&self, count: u32, out: &mut Vec<u8>) {
        let Some(typing) = &self.typing else { return };
        let leaf = &self.leaves[typing.leaf as usize];
        let at = typing.shown - count;
        C::encode(&leaf.chunk, leaf.size.len, at, count, out);
    }

    /// Puts items in behind the last of all, where [`Order::goes_on`].
    pub(crate) fn extend(&mut self, len: u32, source: &mut C::Source<'_>) {
        let Some(typing) = &mut self.typing else {
            return;
        };
        let (number, span, at) = (typing.leaf, typing.span, typing.shown);
        typing.index += len;
        typing.shown += len;
        let leaf = &mut self.leaves[number as usize];
        let held = &mut leaf.spans[span];
        let first = held.end();
        held.set_len(held.len() + len);
        let wide = C::insert(&mut leaf.chunk, leaf.size.len, at, len, source);
        let full = C::size(&leaf.chunk) > C::FULL;
        self.recent = span;
        self.places.assign(first, first + len, number);
        self.count(number, Size { len, wide }, true);
        if full {
            self.typing = None;
            self.make_room(number);
            self.part_large(number);
        }
    }
    /// What is remembered is so; for tests.
    #[cfg(test)]
    pub(super) fn check_typing(&self) {
        let Some(typing) = self.typing else { return };
        let leaf = &self.leaves[typing.leaf as usize];
        let span = leaf.spans[typing.span];
        assert!(span.shown());
        assert_eq!(self.places.end(), span.end());
        assert_eq!(typing.shown, leaf.shown_before(typing.span) + span.len());
        let before = self.before_leaf(typing.leaf).len;
        assert_eq!(typing.index, before + typing.shown);
    }
}
