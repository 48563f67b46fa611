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

impl<C: Content> Core<C> {
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
        let left = index.checked_sub(1);
        let left = left.map(|left| self.ids.stamp(self.order.at(left).0));
        self.delete(at, index, len, taken);
        let below = |out: &mut Vec<u8>| out.push(deed::WRITTEN);
        at.note_taken(below, |out| {
            out.push(deed::DELETED);
            write_option(left, out);
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
        let (held, _) = self.order.at(from);
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
                    write_varint(out, u64::from(from));
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
        let (held, index) = (read_plain(input)?, read_len(input)?);
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
        let gap = match self.ids.num(held) {
            Some(held) => self.order.index_of(held),
            None => index.min(self.len()),
        };
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
        let left = read_option(input)?;
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
        let left = left.and_then(|left| {
            let now = at.names(|names| names.now(left)).unwrap_or(left);
            self.ids.num(now).or_else(|| self.ids.num(left))
        });
        self.bring_back(&rows, content, left, at)
    }

    /// Puts rows in again, each where it stood, and none before the one before it.
    fn bring_back(
        &mut self,
        rows: &[Row],
        content: &[u8],
        left: Option<Num>,
        at: At<'_>,
    ) -> Result<(), DecodeError> {
        let len = rows.iter().map(|row| row.len).sum();
        let bytes = content.len() / rows.len().max(1);
        let tag = self.tag.clone();
        let mut source = C::decode(&tag, len, &mut Dec::plain(content))?;
        let behind = |core: &Self, num: Num| {
            core.order.index_of(num) + u32::from(core.order.span(num).shown())
        };
        let mut least = left.map_or(0, |left| behind(self, left));
        for row in rows {
            let stood = self.ids.num(row.place.unwrap_or(row.first));
            let index = stood
                .map_or(0, |stood| self.order.index_of(stood))
                .max(least);
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
