//! The verbs of edits, and how each is taken back.

use super::content::Content;
use super::core::{Core, nothing};
use super::graves::Line;
use super::ids::{NONE, Num};
use super::mutant::{Mutant, planted};
use super::order::Spot;
use super::origin::Gone;
use super::tree::Link;
use crate::codec::{Dec, DecodeError, write_varint};
use crate::edit::At;

/// What a record takes back.
pub(super) mod record {
    /// Items that were put in: how many.
    pub(crate) const MADE: u8 = 0;
    /// Elements that were deleted.
    pub(crate) const DELETED: u8 = 1;
    /// An element that was moved: the element, and where it showed.
    pub(crate) const MOVED: u8 = 2;
    /// A value that was written; the sequence's own.
    pub(crate) const WRITTEN: u8 = 3;
}

fn write_numbers<const N: usize>(numbers: [u32; N], out: &mut Vec<u8>) {
    for number in numbers {
        write_varint(out, u64::from(number));
    }
}

impl<C: Content> Core<C> {
    /// How many items show.
    pub(crate) fn len(&self) -> u32 {
        self.order.size().len
    }

    /// How an item hangs that goes in at an index, and where its left neighbour stands.
    fn gap(&mut self, index: u32) -> (Link, Option<Spot>) {
        let total = self.ids.total();
        let Some(before) = index.checked_sub(1) else {
            let right = if self.len() == 0 {
                NONE
            } else {
                self.order.at(0).0
            };
            return (self.tree.link_between(NONE, right, false, total), None);
        };
        let (left, spot) = self.order.seek(before);
        if planted(Mutant::DeletedAnchors)
            && let Some(hidden) = self.order.hidden_next_to(spot)
        {
            return (self.tree.link_between(left, hidden, true, total), None);
        }
        let beside = self.order.next_to(spot);
        let right = match beside {
            Some(right) => right,
            None if index < self.len() => self.order.at(index).0,
            None => NONE,
        };
        let link = self.tree.link_between(left, right, beside.is_some(), total);
        (link, Some(spot))
    }

    /// Puts content in at an index, which is at most the length; the first item. `bytes` is what it takes on the wire.
    pub(crate) fn insert(
        &mut self,
        at: At<'_>,
        index: u32,
        len: u32,
        bytes: usize,
        source: &mut C::Source<'_>,
    ) -> Option<Num> {
        if len == 0 {
            return None;
        }
        if len > self.ids.room() {
            at.refuse(crate::Limit::Ops);
            return None;
        }
        if self.order.goes_on(index, len) {
            return self.go_on(at, len, bytes, source);
        }
        let (link, spot) = self.gap(index);
        let follows = self.follows(link);
        let made = self.make(at, len, follows, bytes, |core, id| {
            core.add(id, len, link, true, spot, source)
        });
        if made.is_some() {
            self.order.typed(self.ids.total() - 1, index + len);
        }
        made
    }

    /// Puts content in behind the last items of all, where nothing is new about how it hangs.
    fn go_on(
        &mut self,
        at: At<'_>,
        len: u32,
        bytes: usize,
        source: &mut C::Source<'_>,
    ) -> Option<Num> {
        let follows = self.made.is_some();
        self.make(at, len, follows, bytes, |core, (replica, time)| {
            let first = core.ids.push(replica, time, len);
            core.order.extend(len, source);
            first
        })
    }

    /// True when an item that hangs so goes on with what the open change made last.
    fn follows(&self, link: Link) -> bool {
        let next = |left: Num, right: Num| {
            left + 1 == self.ids.total() && self.tree.link(left).right() == right
        };
        self.made.is_some() && matches!(link, Link::Right { left, right } if next(left, right))
    }

    /// Takes ticks for new items, makes them, and says how that is taken back.
    fn make(
        &mut self,
        at: At<'_>,
        len: u32,
        follows: bool,
        bytes: usize,
        add: impl FnOnce(&mut Self, (u32, u64)) -> Num,
    ) -> Option<Num> {
        let time = match planted(Mutant::TicksNotCounted) {
            true => Some(at.stamp().time),
            false => at.ticks(len),
        }?;
        match follows {
            true => at.add_bytes(bytes),
            false => at.add_op(48 + bytes),
        }
        self.keyed |= at.keyed();
        let replica = self.ids.intern(Some(at.replica()));
        let first = add(self, (replica, time.bits()));
        self.made.get_or_insert(first);
        at.record(|out| {
            out.push(record::MADE);
            write_varint(out, u64::from(len));
        });
        Some(first)
    }

    /// Deletes so many items from an index on, all of which show. Their content goes to `taken`, as far as it is empty before.
    pub(crate) fn delete(&mut self, at: At<'_>, index: u32, len: u32, taken: &mut C::Chunk) {
        self.keyed |= at.keyed();
        let (before, last) = (self.deleted.len(), self.deleted.last().copied());
        let mut gone: Option<Gone> = None;
        // Mostly there is only one.
        let mut run: Option<(Num, u32, Option<Num>)> = None;
        let mut more: Vec<(Num, u32, Option<Num>)> = Vec::new();
        let (mut left, has_initial) = (len, !self.ids.held(0).is_empty());
        while left > 0 {
            let (num, spot) = self.order.seek(index);
            let mut count = (self.order.span_at(spot).end() - num).min(left);
            let mut element = num;
            if !self.places.is_empty() {
                element = self.element_at(num);
                count = self.before_place(num, count);
            }
            let initial = has_initial && {
                count = self.ids.run(element, count);
                self.ids.id(element).0 == 0
            };
            let spot = (element == num).then_some(spot);
            if initial {
                self.mark_gone(at, element, count, &mut gone);
            }
            self.kill(element, count, spot, taken, |num, len, element| match run {
                None => run = Some((num, len, element)),
                Some(_) => more.push((num, len, element)),
            });
            self.mark_deleted(at, element, count);
            if !initial {
                let line = Line::at_once(at.stamp().time)(count);
                self.graves.add(element, line);
            }
            left -= count;
        }
        at.record(|out| {
            out.push(record::DELETED);
            write_varint(out, before as u64);
            let last = last.unwrap_or_default();
            write_numbers([last.0, last.1], out);
            out.push(u8::from(gone.is_some()));
            if let Some(gone) = &gone {
                gone.write_record(out);
            }
            write_varint(out, (run.iter().len() + more.len()) as u64);
            for (first, len, element) in run.iter().chain(&more) {
                write_numbers([*first, *len, element.map_or(0, |held| held + 1)], out);
            }
            C::encode(taken, len, 0, len, out);
        });
    }

    /// Runs `work` with an empty chunk for what is taken out.
    pub(crate) fn taking<R>(&mut self, work: impl FnOnce(&mut Self, &mut C::Chunk) -> R) -> R {
        let mut taken = std::mem::take(&mut self.spare);
        let result = work(self, &mut taken);
        let large = C::size(&taken) > C::FULL;
        C::clear(&mut taken);
        if large {
            C::shrink(&mut taken);
        }
        self.spare = taken;
        result
    }

    /// Marks initial elements as gone, and keeps what was gone before.
    fn mark_gone(&mut self, at: At<'_>, element: Num, count: u32, before: &mut Option<Gone>) {
        let (_, index) = self.ids.id(element);
        before.get_or_insert_with(|| self.gone.clone());
        let stamp = at.keyed().then(|| at.stamp());
        self.gone
            .add(&[(index as u32, index as u32 + count)], stamp);
    }

    /// Keeps what the change is to say of a delete.
    fn mark_deleted(&mut self, at: At<'_>, first: Num, len: u32) {
        match self.deleted.last_mut() {
            Some((held, count)) if *held + *count == first => *count += len,
            Some((held, count)) if first + len == *held => (*held, *count) = (first, *count + len),
            _ => {
                at.add_op(48);
                self.deleted.push((first, len));
            }
        }
    }

    /// Moves what shows at an index so that it shows at another, counted without it; the place there.
    pub(crate) fn relocate(&mut self, at: At<'_>, from: u32, to: u32) -> Option<Num> {
        if self.ids.room() == 0 {
            at.refuse(crate::Limit::Ops);
            return None;
        }
        let (held, _) = self.order.at(from);
        let element = self.element_at(held);
        // The gap is looked for without the element: it must not be its own neighbour.
        let mut content = C::Chunk::default();
        self.order.hide(held, 1, None, &mut content, |_, _| {});
        let (link, spot) = self.gap(to);
        let follows = self.follows(link);
        let made = self.make(at, 1, follows, 32, |core, id| {
            nothing::<C>(|source| core.add(id, 1, link, false, spot, source))
        });
        let Some(place) = made else {
            self.order.show(held, 1, &mut C::source(&mut content));
            return None;
        };
        at.record(|out| {
            out.push(record::MOVED);
            write_varint(out, u64::from(element));
            write_varint(out, u64::from(held));
        });
        self.order.show(place, 1, &mut C::source(&mut content));
        self.places.insert(place, element);
        self.moved.insert(element, place);
        Some(place)
    }

    /// Takes back one write. Records come back last first; the kind is read already.
    pub(crate) fn restore(&mut self, kind: u8, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let number = |input: &mut Dec<'_>| {
            let number = input.varint()?;
            u32::try_from(number).map_err(|_| DecodeError::Range("item"))
        };
        match kind {
            record::MADE => {
                let len = number(input)?;
                let end = self.ids.total();
                let first = end - len;
                self.order.truncate(first, end);
                self.tree.truncate(first);
                self.ids.pop(len);
                self.made = self.made.filter(|made| *made < first);
                Ok(())
            }
            record::MOVED => {
                let (element, held) = (number(input)?, number(input)?);
                let place = self.place_of(element);
                self.places.remove(&place);
                match held == element {
                    true => drop(self.moved.remove(&element)),
                    false => drop(self.moved.insert(element, held)),
                }
                self.carry(place, held);
                Ok(())
            }
            _ => self.restore_deleted(input, &number),
        }
    }

    fn restore_deleted(
        &mut self,
        input: &mut Dec<'_>,
        number: &dyn Fn(&mut Dec<'_>) -> Result<u32, DecodeError>,
    ) -> Result<(), DecodeError> {
        let before = number(input)? as usize;
        let last = (number(input)?, number(input)?);
        self.deleted.truncate(before);
        if let Some(held) = self.deleted.last_mut() {
            *held = last;
        }
        if input.bool()? {
            self.gone = Gone::read_record(input)?;
        }
        let mut runs = Vec::new();
        for _ in 0..input.varint()? {
            runs.push((number(input)?, number(input)?, number(input)?));
        }
        let len = runs.iter().map(|(_, len, _)| len).sum();
        let mut content = C::decode(&self.tag, len, input)?;
        if planted(Mutant::RevertForgetsDeletes) {
            return Ok(());
        }
        for (first, len, element) in runs {
            if let Some(element) = element.checked_sub(1) {
                self.graves.remove(element, len);
                self.moved.insert(element, first);
            }
            self.graves.remove(first, len);
            self.order.show(first, len, &mut content);
        }
        Ok(())
    }
}
