//! What edits of items note down for undo, and how that is undone.
//!
//! What was put in is deleted; what was deleted is put in again where it stood, as new items, which steps go on to know by their
//! first names. An element is moved back, or gets its value back, while nobody has moved it or written to it since.

use super::content::Content;
use super::core::Core;
use super::ids::Num;
use crate::Stamp;
use crate::codec::{Dec, DecodeError, write_bytes, write_varint};
use crate::crdt::dots::{read_plain, write_plain};
use crate::edit::At;
use crate::history::Undo;

/// What is noted; the first two are kinds of places too.
pub(super) mod deed {
    pub(crate) const WRITTEN: u8 = 0;
    pub(crate) const MOVED: u8 = 1;
    pub(crate) const MADE: u8 = 2;
    pub(crate) const DELETED: u8 = 3;
}

/// The places that an item has: where its value was written, and where it was moved.
pub(crate) const ITEM_PLACES: [u8; 2] = [deed::WRITTEN, deed::MOVED];

/// Elements in a row, with consecutive times, that were deleted.
struct Row {
    first: Stamp,
    len: u32,
    /// Where it showed, if it had been moved.
    place: Option<Stamp>,
    /// When its value was written, if it was.
    written: Option<Stamp>,
}

fn write_option(stamp: Option<Stamp>, out: &mut Vec<u8>) {
    out.push(u8::from(stamp.is_some()));
    stamp.into_iter().for_each(|stamp| write_plain(stamp, out));
}

fn read_option(input: &mut Dec<'_>) -> Result<Option<Stamp>, DecodeError> {
    input.bool()?.then(|| read_plain(input)).transpose()
}

fn read_len(input: &mut Dec<'_>) -> Result<u32, DecodeError> {
    u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("length"))
}

/// A gap between elements.
struct Gap {
    left: Option<Stamp>,
    right: Option<Stamp>,
    index: u32,
}

impl Gap {
    fn write(&self, out: &mut Vec<u8>) {
        write_option(self.left, out);
        write_option(self.right, out);
        write_varint(out, u64::from(self.index));
    }

    fn read(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            left: read_option(input)?,
            right: read_option(input)?,
            index: read_len(input)?,
        })
    }
}

impl<C: Content> Core<C> {
    /// Where elements stand that show from an index on.
    fn gap_around(&self, index: u32, len: u32) -> Gap {
        let element = |at: u32| self.ids.stamp(self.element_at(self.order.at(at).0));
        let right = index + len;
        Gap {
            left: index.checked_sub(1).map(element),
            right: (right < self.len()).then(|| element(right)),
            index,
        }
    }

    /// The index of a gap by now, for what stood at a place in it. Places tell it to the item; but what comes back comes back
    /// beside the places where it was, so after that neighbours tell it better.
    fn index_in(&self, gap: &Gap, stood: Stamp, at: At<'_>) -> u32 {
        let stood = at.names(|names| names.again(stood)).unwrap_or(stood);
        let stood = self.ids.num(stood).map(|num| self.order.index_of(num));
        let plain = at.names(|names| names.is_plain()).unwrap_or(true);
        if let (true, Some(index)) = (plain, stood) {
            return index;
        }
        let behind = |num: Num| self.order.index_of(num) + u32::from(self.order.span(num).shown());
        let living = |name: Option<Stamp>| {
            let element = self.named(name?, at)?;
            Some(self.place_of(element))
        };
        if let Some(left) = living(gap.left) {
            return behind(left);
        }
        if let Some(right) = living(gap.right) {
            return self.order.index_of(right);
        }
        let left = gap.left.and_then(|left| self.ids.num(left));
        let index = stood.or_else(|| left.map(behind));
        index.unwrap_or(gap.index.min(self.len()))
    }

    /// Puts content in, and notes it.
    pub(crate) fn insert_noted(
        &mut self,
        at: At<'_>,
        index: u32,
        len: u32,
        bytes: usize,
        source: &mut C::Source<'_>,
    ) -> Option<Num> {
        let made = self.insert(at, index, len, bytes, source)?;
        at.note_deed(|out| {
            out.push(deed::MADE);
            write_plain(self.ids.stamp(made), out);
            write_varint(out, u64::from(len));
        });
        Some(made)
    }

    /// Deletes items, and notes it; `written` says when the value of an element was written, if it was.
    pub(crate) fn delete_noted(
        &mut self,
        at: At<'_>,
        index: u32,
        len: u32,
        taken: &mut C::Chunk,
        written: &dyn Fn(Num) -> Option<Stamp>,
    ) {
        if at.names(|_| ()).is_none() {
            return self.delete(at, index, len, taken);
        }
        let rows = self.rows(index, len, written);
        let gap = self.gap_around(index, len);
        self.delete(at, index, len, taken);
        let below = |out: &mut Vec<u8>| out.push(deed::WRITTEN);
        at.note_taken(below, |out| {
            out.push(deed::DELETED);
            gap.write(out);
            write_varint(out, rows.len() as u64);
            for row in &rows {
                write_plain(row.first, out);
                write_varint(out, u64::from(row.len));
                write_option(row.place, out);
                write_option(row.written, out);
            }
            let mut content = Vec::new();
            C::encode(taken, u32::MAX, 0, len, &mut content);
            write_bytes(out, &content);
        });
    }

    /// The elements that show from an index on.
    fn rows(&self, index: u32, len: u32, written: &dyn Fn(Num) -> Option<Stamp>) -> Vec<Row> {
        let (mut rows, mut at, end) = (Vec::new(), index, index + len);
        while at < end {
            let (num, spot) = self.order.at(at);
            let count = (self.order.span_at(spot).end() - num).min(end - at);
            let element = self.element_at(num);
            let count = self.before_place(num, count);
            let mut count = self.ids.run(element, count);
            if let Some(offset) = (0..count).find(|it| written(element + it).is_some()) {
                count = offset.max(1);
            }
            rows.push(Row {
                first: self.ids.stamp(element),
                len: count,
                place: (element != num).then(|| self.ids.stamp(num)),
                written: written(element),
            });
            at += count;
        }
        rows
    }

    /// Moves what shows at an index, and notes it.
    pub(crate) fn relocate_noted(&mut self, at: At<'_>, from: u32, to: u32) {
        let (gap, (held, _)) = (self.gap_around(from, 1), self.order.at(from));
        let element = self.ids.stamp(self.element_at(held));
        let held = self.ids.stamp(held);
        if let Some(place) = self.relocate(at, from, to) {
            let stamp = Some(self.ids.stamp(place));
            at.note_write_as(
                held,
                stamp,
                |names, out| {
                    out.push(deed::MOVED);
                    write_plain(names.first(element), out);
                },
                |out| {
                    write_plain(held, out);
                    gap.write(out);
                },
            );
        }
    }

    /// The element with a name that it has or had, if it lives.
    pub(super) fn named(&self, name: Stamp, at: At<'_>) -> Option<Num> {
        let now = at.names(|names| names.now(name)).unwrap_or(name);
        let element = self.ids.num(now)?;
        self.alive(element).then_some(element)
    }

    /// Undoes what was noted of items; `written` is as for deletes.
    pub(crate) fn undo(
        &mut self,
        deed: u8,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
        written: &dyn Fn(Num) -> Option<Stamp>,
    ) -> Result<(), DecodeError> {
        match deed {
            deed::MOVED => self.move_back(input, at, cx),
            _ if cx.probes() => Ok(()),
            deed::MADE => self.take_out(input, at, written),
            _ => self.put_in_again(input, at),
        }
    }

    fn move_back(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let element = self.named(read_plain(input)?, at);
        let (held, gap) = (read_plain(input)?, Gap::read(input)?);
        let Some(element) = element else {
            return Ok(());
        };
        let place = self.place_of(element);
        // One that has come back stands where it was moved to, and nobody has moved it since.
        let rules = match place == element {
            true => !cx.probes(),
            false => cx.rules(self.ids.stamp(place)),
        };
        if !rules || !self.order.span(place).shown() {
            return Ok(());
        }
        let from = self.order.index_of(place);
        let gap = self.index_in(&gap, held, at);
        let to = if gap > from { gap - 1 } else { gap };
        self.relocate_noted(at, from, to);
        Ok(())
    }

    /// Deletes what is left of items that were put in.
    fn take_out(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        written: &dyn Fn(Num) -> Option<Stamp>,
    ) -> Result<(), DecodeError> {
        let (first, len) = (read_plain(input)?, read_len(input)?);
        let mut found = Vec::new();
        for index in 0..len {
            let time = first.time.checked_add(u64::from(index));
            let time = time.ok_or(DecodeError::Range("time"))?;
            if let Some(element) = self.named(Stamp { time, ..first }, at) {
                let place = self.place_of(element);
                if self.order.span(place).shown() {
                    found.push(self.order.index_of(place));
                }
            }
        }
        found.sort_unstable();
        while let Some(last) = found.pop() {
            let mut start = last;
            while found.last().is_some_and(|before| before + 1 == start) {
                start = found.pop().unwrap_or(start);
            }
            let taken = &mut C::Chunk::default();
            self.delete_noted(at, start, last + 1 - start, taken, written);
        }
        Ok(())
    }

    /// Puts items in again that were deleted.
    fn put_in_again(&mut self, input: &mut Dec<'_>, at: At<'_>) -> Result<(), DecodeError> {
        let gap = Gap::read(input)?;
        let mut rows = Vec::new();
        for _ in 0..input.varint()? {
            rows.push(Row {
                first: read_plain(input)?,
                len: read_len(input)?,
                place: read_option(input)?,
                written: read_option(input)?,
            });
        }
        let content = input.bytes()?;
        self.bring_back(&rows, content, Some(&gap), at)
    }

    /// Puts rows in again, each where it stood, and none before the one before it.
    fn bring_back(
        &mut self,
        rows: &[Row],
        content: &[u8],
        gap: Option<&Gap>,
        at: At<'_>,
    ) -> Result<(), DecodeError> {
        let len = rows.iter().map(|row| row.len).sum();
        let bytes = content.len() / rows.len().max(1);
        let tag = self.tag.clone();
        let mut source = C::decode(&tag, len, &mut Dec::plain(content))?;
        let plain = at.names(|names| names.is_plain()).unwrap_or(true);
        let mut least = 0;
        for (number, row) in rows.iter().enumerate() {
            let stood = row.place.unwrap_or(row.first);
            let stood = at.names(|names| names.again(stood)).unwrap_or(stood);
            let index = match (gap, number, self.ids.num(stood)) {
                (Some(gap), 0, _) => self.index_in(gap, stood, at),
                (Some(_), _, Some(num)) if plain => self.order.index_of(num).max(least),
                _ => least,
            };
            let Some(made) = self.insert_noted(at, index, row.len, bytes, &mut source) else {
                return Ok(());
            };
            least = index + row.len;
            let names = (row.first, self.ids.stamp(made));
            at.came_back(names, row.len, |_, kind| match kind {
                deed::WRITTEN => row.written,
                _ => row.place,
            });
        }
        Ok(())
    }

    /// Takes on all that another one shows, in place of what shows here.
    pub(crate) fn revive(
        &mut self,
        then: &Self,
        at: At<'_>,
        written: &dyn Fn(Num) -> Option<Stamp>,
    ) {
        if self.len() > 0 {
            let taken = &mut C::Chunk::default();
            self.delete_noted(at, 0, self.len(), taken, &|_| None);
        }
        let mut content = Vec::new();
        for (chunk, size, _) in then.order.leaves() {
            C::encode(chunk, size.len, 0, size.len, &mut content);
        }
        let rows = then.rows(0, then.len(), written);
        let done = self.bring_back(&rows, &content, None, at);
        debug_assert!(done.is_ok(), "own content did not decode: {done:?}");
    }
}
