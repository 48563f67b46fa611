//! Spans, and the leaves that hold them.

use crate::crdt::sequence::content::Content;
use crate::crdt::sequence::ids::Num;

/// A leaf holds at most so many spans.
pub(super) const SPANS: usize = 32;

const SHOWN: u32 = 1 << 31;

/// Items that stand side by side, have consecutive numbers, and all show or all do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: Num,
    bits: u32,
}

impl Span {
    pub(crate) fn new(first: Num, len: u32, shown: bool) -> Self {
        Self {
            first,
            bits: len | if shown { SHOWN } else { 0 },
        }
    }

    pub(crate) fn len(self) -> u32 {
        self.bits & !SHOWN
    }

    pub(crate) fn shown(self) -> bool {
        self.bits & SHOWN != 0
    }

    /// How many of it show.
    pub(crate) fn shows(self) -> u32 {
        if self.shown() { self.len() } else { 0 }
    }

    pub(crate) fn end(self) -> Num {
        self.first + self.len()
    }

    pub(super) fn set_len(&mut self, len: u32) {
        self.bits = len | (self.bits & SHOWN);
    }

    /// True when `next` goes on where this ends.
    pub(super) fn goes_on(self, next: Self) -> bool {
        self.end() == next.first && self.shown() == next.shown()
    }
}

/// A part of the sequence: spans in order, and what of them shows.
#[derive(Clone, Debug)]
pub(super) struct Leaf<C: Content> {
    pub(super) parent: u32,
    /// The leaf after it; its own number at the end.
    pub(super) next: u32,
    /// How many items show, and how many of these take two UTF-16 units.
    pub(super) size: Size,
    pub(super) spans: Vec<Span>,
    pub(super) chunk: C::Chunk,
}

/// How many items show, and how many of these take two UTF-16 units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) len: u32,
    pub(crate) wide: u32,
}

impl std::ops::AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.len += other.len;
        self.wide += other.wide;
    }
}

impl std::ops::SubAssign for Size {
    fn sub_assign(&mut self, other: Self) {
        self.len -= other.len;
        self.wide -= other.wide;
    }
}

impl<C: Content> Leaf<C> {
    pub(super) fn new(parent: u32, next: u32) -> Self {
        Self {
            parent,
            next,
            size: Size::default(),
            spans: Vec::new(),
            chunk: C::Chunk::default(),
        }
    }

    /// How many items show before a span.
    pub(super) fn shown_before(&self, span: usize) -> u32 {
        self.spans[..span].iter().map(|span| span.shows()).sum()
    }

    /// The span and the place in it of an item of this leaf. Where it is likely to be is looked at first.
    pub(super) fn find(&self, num: Num, likely: usize) -> (usize, u32) {
        let of = |span: &Span| span.first <= num && num < span.end();
        if let Some(span) = self.spans.get(likely).filter(|span| of(span)) {
            return (likely, num - span.first);
        }
        let span = self.spans.iter().position(of).unwrap_or_default();
        (span, num - self.spans[span].first)
    }

    /// True when so many items are the begin or the end of a span, not all of it, beside others that they would go on with if
    /// they were hidden: whoever deletes character by character moves the border between the two.
    pub(super) fn borders(&self, span: usize, at: u32, count: u32) -> bool {
        let held = self.spans[span];
        let hidden = Span::new(held.first + at, count, !held.shown());
        if at == 0 {
            let before = span.checked_sub(1).map(|before| self.spans[before]);
            return count < held.len() && before.is_some_and(|before| before.goes_on(hidden));
        }
        let next = self.spans.get(span + 1);
        at + count == held.len() && next.is_some_and(|next| hidden.goes_on(*next))
    }

    /// Gives such items to the span beside them.
    pub(super) fn move_border(&mut self, span: usize, at: u32, count: u32) {
        let held = self.spans[span];
        if at == 0 {
            let before = &mut self.spans[span - 1];
            before.set_len(before.len() + count);
            self.spans[span] = Span::new(held.first + count, held.len() - count, held.shown());
        } else {
            self.spans[span].set_len(at);
            let next = &mut self.spans[span + 1];
            *next = Span::new(next.first - count, next.len() + count, next.shown());
        }
    }

    /// Parts a span in two, so that the second begins at `at`; the index of the second.
    pub(super) fn cut(&mut self, span: usize, at: u32) -> usize {
        let held = self.spans[span];
        if at == 0 {
            return span;
        }
        if at < held.len() {
            self.spans[span].set_len(at);
            let rest = Span::new(held.first + at, held.len() - at, held.shown());
            self.spans.insert(span + 1, rest);
        }
        span + 1
    }

    /// Makes one span of two neighbours where they go on; true when it did.
    pub(super) fn join(&mut self, span: usize) -> bool {
        let (Some(one), Some(next)) = (self.spans.get(span), self.spans.get(span + 1)) else {
            return false;
        };
        let joins = one.goes_on(*next);
        if joins {
            let len = one.len() + next.len();
            self.spans[span].set_len(len);
            self.spans.remove(span + 1);
        }
        joins
    }
}
