//! Changing: putting items in, hiding and showing them, and taking the last ones back.

use super::leaf::SPANS;
use super::{Content, NONE, Num, Order, Size, Span, Spot};

/// Where new items go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    /// Right behind an item; [`NONE`] is the start.
    Behind(Num),
    /// Right before an item.
    Before(Num),
}

impl<C: Content> Order<C> {
    /// Puts new items in, with content if they show. `spot` is where the item they go behind stands, if that is known.
    pub(crate) fn insert(
        &mut self,
        place: Where,
        spot: Option<Spot>,
        items: Span,
        source: &mut C::Source<'_>,
    ) {
        self.begin();
        self.typing = None;
        // A large piece is put in in parts, so that no leaf ever holds much more than it should.
        let most = if items.shown() {
            C::FULL as u32 / 2
        } else {
            u32::MAX
        };
        let (mut place, mut spot, mut first) = (place, spot, items.first);
        while first < items.end() {
            let count = most.min(items.end() - first);
            let part = Span::new(first, count, items.shown());
            self.insert_part(place, spot, part, source);
            first += count;
            (place, spot) = (Where::Behind(first - 1), None);
        }
    }

    fn insert_part(
        &mut self,
        place: Where,
        spot: Option<Spot>,
        items: Span,
        source: &mut C::Source<'_>,
    ) {
        let (mut leaf, mut span, mut at) = self.gap(place, spot);
        if self.leaves[leaf as usize].spans.len() + 2 > SPANS
            && !self.extends(leaf, span, at, items)
        {
            self.part_leaf(leaf, SPANS / 2);
            (leaf, span, at) = self.gap(place, None);
        }
        let held = &mut self.leaves[leaf as usize];
        if at > 0 {
            span = held.cut(span, at);
        }
        let before = held.shown_before(span);
        let extends = span > 0 && held.spans[span - 1].goes_on(items);
        if extends {
            let len = held.spans[span - 1].len() + items.len();
            held.spans[span - 1].set_len(len);
        } else {
            held.spans.insert(span, items);
        }
        self.recent = span - usize::from(extends);
        self.places.assign(items.first, items.end(), leaf);
        if items.shown() {
            let held = &mut self.leaves[leaf as usize];
            let wide = C::insert(&mut held.chunk, held.size.len, before, items.len(), source);
            let full = C::size(&held.chunk) > C::FULL;
            let len = items.len();
            self.count(leaf, Size { len, wide }, true);
            if full {
                self.make_room(leaf);
                self.part_large(leaf);
            }
        }
    }

    /// Leaf, span and place in it of a gap between items.
    fn gap(&self, place: Where, spot: Option<Spot>) -> (u32, usize, u32) {
        match place {
            Where::Behind(NONE) => (0, 0, 0),
            Where::Behind(num) => {
                let spot = spot.unwrap_or_else(|| self.spot(num));
                if spot.at + 1 == self.span_at(spot).len() {
                    (spot.leaf, spot.span + 1, 0)
                } else {
                    (spot.leaf, spot.span, spot.at + 1)
                }
            }
            Where::Before(num) => {
                let spot = self.spot(num);
                (spot.leaf, spot.span, spot.at)
            }
        }
    }

    /// True when items at a gap only make the span before it longer.
    fn extends(&self, leaf: u32, span: usize, at: u32, items: Span) -> bool {
        let spans = &self.leaves[leaf as usize].spans;
        at == 0 && span > 0 && spans[span - 1].goes_on(items)
    }

    /// Sees to it that a leaf has room for two more spans.
    pub(super) fn make_room(&mut self, leaf: u32) {
        if self.leaves[leaf as usize].spans.len() + 2 > SPANS {
            self.part_leaf(leaf, SPANS / 2);
        }
    }

    /// Makes exactly these items, or as many of them as stand in one span, a span; where it stands.
    fn carve(&mut self, num: Num, spot: Option<Spot>, len: u32) -> (u32, usize) {
        let mut spot = spot.unwrap_or_else(|| self.spot(num));
        let span = self.span_at(spot);
        let whole = spot.at == 0 && span.len() <= len;
        if !whole && self.leaves[spot.leaf as usize].spans.len() + 2 > SPANS {
            self.part_leaf(spot.leaf, SPANS / 2);
            spot = self.spot(num);
        }
        let leaf = &mut self.leaves[spot.leaf as usize];
        let span = leaf.cut(spot.span, spot.at);
        if leaf.spans[span].len() > len {
            leaf.cut(span, len);
        }
        (spot.leaf, span)
    }

    fn join_around(&mut self, leaf: u32, span: usize) {
        let leaf = &mut self.leaves[leaf as usize];
        leaf.join(span);
        if span > 0 {
            leaf.join(span - 1);
        }
    }

    /// Hides items with consecutive numbers, and calls with each run of them that showed. Their content goes to `taken`.
    pub(crate) fn hide(
        &mut self,
        first: Num,
        len: u32,
        spot: Option<Spot>,
        taken: &mut C::Chunk,
        mut hidden: impl FnMut(Num, u32),
    ) {
        let (mut num, end, mut spot) = (first, first + len, spot);
        self.typing = None;
        while num < end {
            let here = spot.take().unwrap_or_else(|| self.spot(num));
            let span = self.span_at(here);
            let count = (span.end() - num).min(end - num);
            if span.shown() {
                let borders = self.leaves[here.leaf as usize].borders(here.span, here.at, count);
                let (leaf, place) = match borders {
                    true => (here.leaf, here.span),
                    false => self.carve(num, Some(here), count),
                };
                let held = &mut self.leaves[leaf as usize];
                let before = held.shown_before(place) + if borders { here.at } else { 0 };
                let wide = C::remove(&mut held.chunk, held.size.len, before, count, taken);
                match borders {
                    true => held.move_border(place, here.at, count),
                    false => held.spans[place] = Span::new(num, count, false),
                }
                let size = Size { len: count, wide };
                let empties = held.size == size;
                if empties {
                    C::shrink(&mut held.chunk);
                }
                self.count(leaf, size, false);
                if !borders {
                    self.join_around(leaf, place);
                }
                hidden(num, count);
            }
            num += count;
        }
    }

    /// Shows items with consecutive numbers that are hidden.
    pub(crate) fn show(&mut self, first: Num, len: u32, source: &mut C::Source<'_>) {
        let (mut num, end) = (first, first + len);
        self.typing = None;
        while num < end {
            let (leaf, place) = self.carve(num, None, (end - num).min(C::FULL as u32 / 2));
            let held = &mut self.leaves[leaf as usize];
            let count = held.spans[place].len();
            let before = held.shown_before(place);
            let wide = C::insert(&mut held.chunk, held.size.len, before, count, source);
            held.spans[place] = Span::new(num, count, true);
            let full = C::size(&held.chunk) > C::FULL;
            self.count(leaf, Size { len: count, wide }, true);
            self.join_around(leaf, place);
            if full {
                self.make_room(leaf);
                self.part_large(leaf);
            }
            num += count;
        }
    }

    /// Takes out the items from this one on, which are the last that came.
    pub(crate) fn truncate(&mut self, first: Num, end: Num) {
        let mut taken = C::Chunk::default();
        self.hide(first, end - first, None, &mut taken, |_, _| {});
        let mut num = first;
        while num < end {
            let (leaf, place) = self.carve(num, None, end - num);
            let held = &mut self.leaves[leaf as usize];
            num += held.spans.remove(place).len();
            if place > 0 {
                held.join(place - 1);
            }
        }
        self.places.truncate(first);
    }
}
