//! The ops of a change: the items it made, and the elements it deleted. Both are read off the state when the change is sealed.
//!
//! They are `4 × segments + 2 × has written + has deleted`, the segments, their content, the ranges of deleted elements (count;
//! the name of the last and the ticks that it goes back, each), and what was written, which is the sequence's.

use super::content::Content;
use super::core::{Core, Unwanted};
use super::graves::Line;
use super::ids::{NONE, Num};
use super::order::Spot;
use super::tree::Link;
use super::wire::{self, Life, Name};
pub(super) use super::writer::Writer;
use super::writer::write_header;
use crate::codec::{Dec, DecodeError, Enc};
use crate::{Hlc, Stamp};

/// What was read of the ops of a change.
pub(super) struct Read<'a, C: Content> {
    segments: Vec<wire::Segment>,
    content: Vec<Option<C::Source<'a>>>,
}

impl<C: Content> Core<C> {
    /// True when the open change did something to it.
    pub(crate) fn touched(&self) -> bool {
        self.made.is_some() || !self.deleted.is_empty()
    }

    /// Writes what the open change did, which is over then. Something `written` follows.
    pub(crate) fn encode_ops(&mut self, tx: Stamp, written: bool, out: &mut Enc) {
        let made = self.made.take().unwrap_or(self.ids.total());
        if self.deleted.is_empty() && self.write_typed(made, written, tx, out) {
            return;
        }
        let (one, all);
        let ranges: &[(u64, Stamp)] = if let Some(range) = self.deleted_range(made) {
            one = range;
            std::slice::from_ref(&one)
        } else {
            all = self.deleted_ranges(made);
            &all
        };
        self.deleted.clear();
        let flags = (u64::from(written) << 1) | u64::from(!ranges.is_empty());
        match self.one_run(made) {
            Some(spot) => {
                out.varint((1 << 2) | flags);
                self.write_run(made, spot, tx, out);
            }
            None if made == self.ids.total() => out.varint(flags),
            None => self.write_made(made, flags, tx, out),
        }
        if !ranges.is_empty() {
            out.varint(ranges.len() as u64);
            for (first, last) in ranges {
                self.write_name_of(*last, tx, tx.time.bits(), out);
                out.varint(last.time.bits() - first);
            }
        }
    }

    /// Writes the items of the open change, if they go on behind what was there and nobody has changed anything since; most changes
    /// are no more than that. False if not.
    fn write_typed(&self, made: Num, written: bool, tx: Stamp, out: &mut Enc) -> bool {
        let Some(len) = self.ids.total().checked_sub(made).filter(|len| *len > 0) else {
            return false;
        };
        let (ids, tree) = (self.ids.last_run(), self.tree.last_run());
        if ids > made || tree >= made || !self.places.is_empty() || !self.order.knows_from(made) {
            return false;
        }
        let (_, time) = self.ids.id(made);
        out.varint((1 << 2) | (u64::from(written) << 1));
        write_header(Life::Content, len, time - tx.time.bits(), 1, out);
        self.write_name(made - 1, tx, time, out);
        self.order.write_last(len, &mut out.out);
        true
    }

    /// Writes the items of the open change, behind how many segments they are.
    fn write_made(&self, made: Num, flags: u64, tx: Stamp, out: &mut Enc) {
        let (items, content, count) = self.made_since(made, tx, out);
        out.varint((count << 2) | flags);
        out.out.extend_from_slice(&items);
        for (first, len) in content {
            self.write_content(first, len, &mut out.out);
        }
    }

    /// Where the items of the open change stand, if they are one run that shows in one place; most changes are no more than that.
    fn one_run(&self, made: Num) -> Option<Spot> {
        let len = self.ids.total() - made;
        if len == 0 || !self.places.is_empty() || self.piece(made, len) < len {
            return None;
        }
        let spot = self.order.spot(made);
        let span = self.order.span_at(spot);
        (span.shown() && span.end() == self.ids.total()).then_some(spot)
    }

    /// Writes a change's only segment and its content.
    fn write_run(&self, made: Num, spot: Spot, tx: Stamp, out: &mut Enc) {
        let (len, (_, time)) = (self.ids.total() - made, self.ids.id(made));
        let link = self.tree.link(made);
        let anchor = self.anchor(link);
        write_header(Life::Content, len, time - tx.time.bits(), anchor, out);
        self.write_anchor(
            link,
            anchor,
            &mut |num, out| self.write_name(num, tx, time, out),
            out,
        );
        self.order.write(spot, len, &mut out.out);
    }

    /// The one range of what was deleted, where all has consecutive times and nothing of it is the change's own.
    fn deleted_range(&self, made: Num) -> Option<(u64, Stamp)> {
        let [(first, len)] = self.deleted.as_slice() else {
            return None;
        };
        let (replica, time) = self
            .ids
            .whole(*first, *len)
            .filter(|_| first + len <= made)?;
        let last = Stamp {
            time: Hlc::from_bits(time + u64::from(len - 1)),
            replica,
        };
        Some((time, last))
    }

    /// Ranges of what was deleted and is not the change's own, by replica and time: the first time and the last stamp.
    fn deleted_ranges(&self, made: Num) -> Vec<(u64, Stamp)> {
        let mut parts: Vec<(Stamp, u64)> = Vec::new();
        for (first, len) in &self.deleted {
            let (mut num, end) = (*first, (first + len).min(made));
            while num < end {
                let count = self.ids.run(num, end - num);
                let stamp = self.ids.stamp(num);
                parts.push((stamp, stamp.time.bits() + u64::from(count)));
                num += count;
            }
        }
        parts.sort_by_key(|(first, _)| (first.replica, first.time));
        let mut ranges: Vec<(u64, Stamp)> = Vec::new();
        for (first, end) in parts {
            let last = Stamp {
                time: Hlc::from_bits(end - 1),
                ..first
            };
            match ranges.last_mut() {
                Some((_, before)) if self.next_of(*before) == Some(first) => *before = last,
                _ => ranges.push((first.time.bits(), last)),
            }
        }
        ranges
    }

    /// The next item that the same replica made.
    fn next_of(&self, stamp: Stamp) -> Option<Stamp> {
        let held = self.ids.held(self.ids.replica(stamp.replica)?);
        let after = stamp.time.bits() + 1;
        let at = held.partition_point(|part| part.end() <= after);
        let time = held.get(at)?.time.max(after);
        Some(Stamp {
            time: Hlc::from_bits(time),
            ..stamp
        })
    }

    /// The segments of the open change, what their content is, and how many there are.
    fn made_since(&self, made: Num, tx: Stamp, out: &mut Enc) -> (Vec<u8>, Vec<(Num, u32)>, u64) {
        // The names go through the table of `out`, and the bytes are put behind their number.
        let start = out.out.len();
        let mut writer = Writer::new(tx.time.bits());
        let mut num = made;
        while num < self.ids.total() {
            let len = self.piece(num, self.ids.total() - num);
            if self.ids.stamp(num).replica != tx.replica {
                // An initial item that was named for the first time in the midst of the change.
                num += len;
                continue;
            }
            let (life, len) = self.life(num, len, &|_| None);
            let mut name = |num: Num, now: u64, out: &mut Enc| self.write_name(num, tx, now, out);
            self.write_piece(&mut writer, (num, len, life), &mut name, out);
            num += len;
        }
        writer.flush(out);
        let items = out.out.split_off(start);
        (items, writer.content, writer.count)
    }

    /// How many items from here on are side by side in time and in the tree.
    pub(super) fn piece(&self, num: Num, len: u32) -> u32 {
        self.tree.run(num, self.ids.run(num, len))
    }

    fn write_name(&self, num: Num, tx: Stamp, now: u64, out: &mut Enc) {
        match num {
            NONE => out.varint(0),
            num => self.write_name_of(self.ids.stamp(num), tx, now, out),
        }
    }

    /// Writes a name in the ops of a change.
    pub(crate) fn write_name_of(&self, stamp: Stamp, tx: Stamp, now: u64, out: &mut Enc) {
        match stamp.replica {
            None => {
                out.varint(1);
                out.varint(stamp.time.bits());
            }
            Some(_) if stamp.replica == tx.replica => {
                out.varint(2);
                out.varint(now.saturating_sub(stamp.time.bits()));
            }
            Some(replica) => {
                out.named(replica, stamp.time, 3);
                out.varint(tx.time.bits().saturating_sub(stamp.time.bits()));
            }
        }
    }

    /// Writes the content of elements, wherever it shows.
    pub(super) fn write_content(&self, first: Num, len: u32, out: &mut Vec<u8>) {
        let mut place = (first, len);
        if let (1, Some(moved)) = (len, self.moved.get(&first)) {
            place.0 = *moved;
        }
        self.order.read(place.0, place.1, |chunk, size, at, count| {
            C::encode(chunk, size, at, count, out);
        });
    }

    /// Writes items that are alike, or holds them back to join them with the next.
    pub(super) fn write_piece(
        &self,
        writer: &mut Writer,
        (num, len, life): (Num, u32, Life),
        name: &mut dyn FnMut(Num, u64, &mut Enc),
        out: &mut Enc,
    ) {
        let (_, time) = self.ids.id(num);
        let link = self.tree.link(num);
        let goes_on = writer.last.is_some_and(|last| {
            let right = self.tree.link(last).right();
            link == Link::Right { left: last, right }
        });
        let joins = goes_on && time == writer.time && life == writer.life && life != Life::Place;
        if life == Life::Content {
            writer.content.push((num, len));
        }
        if joins {
            writer.len += len;
        } else {
            writer.flush(out);
            let gap = time - writer.time;
            let anchor = if goes_on { 0 } else { self.anchor(link) };
            writer.begin(anchor, gap, life, len);
            // Names go through the table of `out`, and stand behind the header, which is written when its length is known.
            std::mem::swap(&mut writer.names, &mut out.out);
            self.write_anchor(link, anchor, &mut |num, out| name(num, time, out), out);
            if let (Life::Place, Some(element)) = (life, self.places.get(&num)) {
                name(*element, time, out);
            }
            std::mem::swap(&mut writer.names, &mut out.out);
        }
        writer.last = Some(num + len - 1);
        writer.time = time + u64::from(len);
    }

    /// How a segment hangs that does not go on with the one before it.
    fn anchor(&self, link: Link) -> u64 {
        match link {
            Link::Left(_) => 3,
            Link::Right { left, right }
                if left != NONE && self.tree.link(left).right() == right =>
            {
                1
            }
            Link::Right { .. } => 2,
        }
    }

    fn write_anchor(
        &self,
        link: Link,
        anchor: u64,
        name: &mut dyn FnMut(Num, &mut Enc),
        out: &mut Enc,
    ) {
        match link {
            _ if anchor == 0 => {}
            Link::Left(right) => name(right, out),
            Link::Right { left, right } => {
                name(left, out);
                if anchor == 2 {
                    name(right, out);
                }
            }
        }
    }

    /// Reads the ops of a change: what is to be put in, whether something was written, and what is deleted.
    pub(crate) fn apply_ops(
        &mut self,
        input: &mut Dec<'_>,
        stamp: Stamp,
        keyed: bool,
    ) -> Result<bool, DecodeError> {
        self.keyed |= keyed;
        let head = input.varint()?;
        let count = usize::try_from(head >> 2).map_err(|_| DecodeError::Range("count"))?;
        if count == 1 {
            self.apply_one(input, stamp)?;
        } else {
            self.apply_many(input, count, stamp)?;
        }
        if head & 1 == 1 {
            let mut ranges: Vec<(u64, Stamp)> = Vec::new();
            wire::read_deleted(input, |first, last| ranges.push((first, last)))?;
            let initial = ranges.iter().take_while(|(_, last)| last.replica.is_none());
            let end = |last: &Stamp| last.time.bits() + 1;
            let initial: Vec<(u32, u32)> = initial
                .map(|(first, last)| (*first as u32, end(last) as u32))
                .collect();
            self.gone.add(&initial, keyed.then_some(stamp));
            for (first, last) in ranges {
                self.kill_times(last.replica, first, end(&last), stamp.time);
            }
        }
        Ok(head & 2 == 2)
    }

    /// Applies a change's only segment.
    fn apply_one(&mut self, input: &mut Dec<'_>, stamp: Stamp) -> Result<(), DecodeError> {
        let mut only = None;
        wire::read_ops(input, 1, |segment| only = Some(*segment))?;
        let Some(segment) = only else { return Ok(()) };
        let mut content = self.read_content(&segment, input)?;
        self.put_in(&segment, content.as_mut(), stamp);
        Ok(())
    }

    /// Applies segments. All content is read before anything is put in.
    fn apply_many(
        &mut self,
        input: &mut Dec<'_>,
        count: usize,
        stamp: Stamp,
    ) -> Result<(), DecodeError> {
        let read = self.read_ops(input, count)?;
        for (segment, mut content) in read.segments.iter().zip(read.content) {
            self.put_in(segment, content.as_mut(), stamp);
        }
        Ok(())
    }

    fn put_in(
        &mut self,
        segment: &wire::Segment,
        content: Option<&mut C::Source<'_>>,
        stamp: Stamp,
    ) {
        let none = Unwanted::default();
        self.take_in(segment, &none, content, |core, first, len| {
            if segment.life == Life::Dead {
                core.graves.add(first, Line::at_once(stamp.time)(len));
            }
            core.place(segment, first);
        });
    }

    fn read_content<'a>(
        &self,
        segment: &wire::Segment,
        input: &mut Dec<'a>,
    ) -> Result<Option<C::Source<'a>>, DecodeError> {
        match segment.life {
            Life::Content => C::decode(&self.tag, segment.len, input).map(Some),
            _ => Ok(None),
        }
    }

    fn read_ops<'a>(&self, input: &mut Dec<'a>, count: usize) -> Result<Read<'a, C>, DecodeError> {
        let mut segments = Vec::with_capacity(count.min(input.rest().len()));
        wire::read_ops(input, count, |segment| segments.push(*segment))?;
        let mut content = Vec::with_capacity(segments.len());
        for segment in &segments {
            content.push(self.read_content(segment, input)?);
        }
        Ok(Read { segments, content })
    }

    /// Makes an item that has come a place of its element, if it is one.
    pub(super) fn place(&mut self, segment: &wire::Segment, num: Num) {
        if let (Life::Place, name @ Name::Stamp(_)) = (segment.life, segment.element)
            && let Some(element) = self.item(name)
        {
            self.settle_move(num, element);
        }
    }
}
