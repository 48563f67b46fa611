//! The state: a section of items per replica, their content in one block, which initial items are gone, and when others were
//! deleted.
//!
//! A section is the stamp of its last item, the ticks between its first and its last, and its segments. Where items stand is not
//! said: it follows from how they hang. A merge puts in what is not held and deletes what the other has deleted; only inside a
//! map of synchronised values, where removes cut, may items go.

use super::column::{Column, Part, Reader};
use super::content::Content;
use super::core::{Core, Unwanted};
use super::ids::{Held, NONE, Num};
use super::mutant::{Mutant, planted};
use super::numbers::Numbers;
use super::ops::Writer;
use super::origin::Gone;
use super::sections::Sections;
use super::wire::Life;
use crate::codec::{Dec, DecodeError, Enc, Mode};
use crate::crdt::Merge;
use crate::{Hlc, ReplicaId, Stamp};

/// A state as it was read.
pub(crate) struct Read<'a, C: Content> {
    pub(super) sections: Sections,
    content: Vec<Option<C::Source<'a>>>,
    gone: Gone,
    /// When the dead ones were deleted.
    column: Vec<Part>,
}

impl<C: Content> Read<'_, C> {
    /// Items that have no content.
    pub(super) fn bare(sections: Sections) -> Self {
        let content = sections.segments.iter().map(|_| None).collect();
        let gone = Gone::default();
        Self {
            sections,
            content,
            gone,
            column: Vec::new(),
        }
    }
}

impl<C: Content> Core<C> {
    /// True while nobody wrote to it.
    pub(crate) fn pristine(&self) -> bool {
        self.gone.is_empty() && self.ids.replicas().all(|(_, id, _)| id.is_none())
    }

    /// True when what replicas compare of it is as it was at the beginning, whatever is remembered of what is deleted.
    pub(crate) fn blank(&self) -> bool {
        let initial = |held: &Held| {
            let (mut num, end, mut shown) = (held.first, held.first + held.len, 0);
            while num < end {
                let span = self.order.span(num);
                let count = span.end().min(end) - num;
                shown += if span.shown() { count } else { 0 };
                num += count;
            }
            shown
        };
        let nothing_else = || self.len() == self.ids.held(0).iter().map(initial).sum::<u32>();
        self.gone.is_empty() && self.moved.is_empty() && nothing_else()
    }

    /// Writes the state. `written` finds the next element from a number on whose value is written elsewhere.
    pub(crate) fn encode_state(&self, written: &dyn Fn(Num) -> Option<Num>, out: &mut Enc) {
        if out.mode() == Mode::Hash {
            return self.encode_shown(out);
        }
        let (mut content, mut column) = (Vec::new(), Column::default());
        let numbers = Numbers::of(self);
        out.varint(numbers.sections.len() as u64);
        for (section, (replica, id)) in numbers.sections.iter().enumerate() {
            let held = self.ids.held(*replica);
            let first = held.first().map_or(0, |held| held.time);
            let last = held.last().map_or(0, Held::end) - 1;
            out.stamp(Stamp::new(Hlc::from_bits(last), *id));
            out.varint(last - first);
            let mut writer = Writer::new(first);
            let start = out.out.len();
            let mut name = |num: Num, now: u64, out: &mut Enc| {
                let here = (section as u32, numbers.number(self, *replica, now));
                self.write_numbered(num, &numbers, Some(here), out);
            };
            for part in held {
                let (mut num, end) = (part.first, part.first + part.len);
                while num < end {
                    let len = self.tree.run(num, end - num);
                    let (life, len) = self.life(num, len, written);
                    self.write_piece(&mut writer, (num, len, life), &mut name, out);
                    if life == Life::Dead {
                        self.graves.of(num, len, |len, line| column.push(len, line));
                    }
                    num += len;
                }
            }
            writer.flush(out);
            let segments = out.out.split_off(start);
            out.varint(writer.count);
            out.out.extend_from_slice(&segments);
            content.append(&mut writer.content);
        }
        for (first, len) in content {
            self.write_content(first, len, &mut out.out);
        }
        self.gone.encode(out);
        column.encode(out);
    }

    fn write_numbered(&self, num: Num, numbers: &Numbers, here: Option<(u32, u32)>, out: &mut Enc) {
        if num == NONE {
            return out.varint(0);
        }
        let (replica, time) = self.ids.id(num);
        if replica == 0 {
            out.varint(1);
            return out.varint(time);
        }
        let section = numbers.section_of(replica);
        out.varint(u64::from(section) + 2);
        let number = numbers.number(self, replica, time);
        match here {
            Some((here, at)) if here == section => out.varint(u64::from(at - number)),
            _ => out.varint(u64::from(number)),
        }
    }

    /// Writes the names of elements, by stamp, each with what follows it.
    pub(super) fn encode_elements(
        &self,
        elements: &[Num],
        out: &mut Enc,
        mut with: impl FnMut(Num, &mut Enc),
    ) {
        let numbers = Numbers::of(self);
        for element in elements {
            self.write_numbered(*element, &numbers, None, out);
            with(*element, out);
        }
    }

    /// What is compared: what shows, in order, but for initial items, which not everybody knows; where they and others were
    /// moved; and which are gone.
    fn encode_shown(&self, out: &mut Enc) {
        let (mut runs, mut pieces) = (Vec::new(), Vec::new());
        for (_, _, spans) in self.order.leaves() {
            for span in spans.iter().filter(|span| span.shown()) {
                let mut num = span.first;
                while num < span.end() {
                    let len = self.before_place(num, self.ids.run(num, span.end() - num));
                    if self.push_run(num, len, &mut runs) {
                        pieces.push((num, len));
                    }
                    num += len;
                }
            }
        }
        out.varint(runs.len() as u64);
        for (stamp, len) in &runs {
            out.stamp(*stamp);
            out.varint(u64::from(*len));
        }
        for (num, len) in pieces {
            self.order.read(num, len, |chunk, size, at, count| {
                C::encode(chunk, size, at, count, &mut out.out);
            });
        }
        let mut moved: Vec<(Stamp, Stamp)> = Vec::new();
        for (element, place) in &self.moved {
            moved.push((self.ids.stamp(*element), self.ids.stamp(*place)));
        }
        moved.sort_unstable();
        out.varint(moved.len() as u64);
        for (element, place) in moved {
            out.stamp(element);
            out.varint(element.time.bits());
            out.stamp(place);
        }
        self.gone.encode(out);
    }

    /// Joins items that show to the run before, or begins one; false for initial items.
    fn push_run(&self, num: Num, len: u32, runs: &mut Vec<(Stamp, u32)>) -> bool {
        let stamp = self.ids.stamp(num);
        let element = self.ids.stamp(self.element_at(num));
        if stamp.replica.is_none() || element.replica.is_none() {
            return false;
        }
        let follows = |first: &Stamp, len: u32| {
            first.replica == stamp.replica
                && first.time.bits() + u64::from(len) == stamp.time.bits()
        };
        match runs.last_mut() {
            Some((first, held)) if follows(first, *held) => *held += len,
            _ => runs.push((stamp, len)),
        }
        true
    }

    /// Reads a state; none is the initial one.
    pub(crate) fn read_state<'a>(
        &self,
        input: Option<&mut Dec<'a>>,
        keyed: bool,
    ) -> Result<Read<'a, C>, DecodeError> {
        let mut read = Read {
            sections: Sections::default(),
            content: Vec::new(),
            gone: Gone::default(),
            column: Vec::new(),
        };
        if let Some(input) = input {
            read.sections = Sections::read(input)?;
            for segment in &read.sections.segments {
                read.content.push(match segment.life {
                    Life::Content => Some(C::decode(&self.tag, segment.len, input)?),
                    _ => None,
                });
            }
            read.gone = Gone::decode(input, keyed)?;
            let dead = read.sections.count(Life::Dead);
            Column::read(input, dead, |part| read.column.push(part))?;
        }
        Ok(read)
    }

    /// Merges a state that was read. The items that something has cut are to be dropped when all is merged.
    pub(crate) fn merge(&mut self, read: Read<'_, C>, cx: &mut Merge<'_>) -> Unwanted {
        self.keyed |= cx.keyed;
        if !cx.keyed {
            self.absorb(read, &Unwanted::default(), Some(cx));
            return Unwanted::default();
        }
        let lost = self.lost(&read.sections, cx);
        // A replica all of whose changes lie below the floor has no entry any more.
        let mut unwanted: Vec<(ReplicaId, u64, u64)> = Vec::new();
        for segment in &read.sections.segments {
            let id = segment.first.replica.filter(|id| {
                let before = unwanted.last();
                before.is_none_or(|(before, _, _)| before != id)
            });
            if let Some(id) = id {
                let seen = cx.ours.get(id).max(cx.ours.floor());
                unwanted.push((id, 0, seen.bits().saturating_add(1)));
            }
        }
        let unwanted = Unwanted(unwanted);
        self.absorb(read, &unwanted, Some(cx));
        lost
    }

    /// What was read is merged; elements whose values did not come are deleted.
    pub(super) fn end_merge(&mut self) {
        self.expected.clear();
    }

    /// Drops items that something has cut.
    pub(crate) fn drop_lost(&mut self, lost: &Unwanted, cx: &mut Merge<'_>) {
        if !lost.0.is_empty() {
            // The initial content went with the rest; whoever holds this has it anew.
            cx.reset |= !self.ids.held(0).is_empty();
            self.rebuild(lost);
        }
    }

    fn absorb(&mut self, mut read: Read<'_, C>, unwanted: &Unwanted, cx: Option<&mut Merge<'_>>) {
        let (held, mut places) = (self.ids.total(), Vec::new());
        for at in &read.sections.by_time {
            let segment = &read.sections.segments[*at as usize];
            let content = read.content[*at as usize].as_mut();
            self.take_in(
                segment,
                unwanted,
                content,
                |core, first, len| match segment.life {
                    Life::Place => places.push((segment, first)),
                    Life::Written => core.expected.extend(first..first + len),
                    _ => {}
                },
            );
        }
        if !planted(Mutant::MergeForgetsDeletes) {
            self.bury_dead(&read.sections, read.column, held);
            match cx {
                Some(cx) => cx.reset |= self.gone.merge(&read.gone, cx),
                None => self.gone = read.gone,
            }
            self.hide_gone();
        }
        // Last, so that it is known of each element whether it lives, or since when it does not.
        for (segment, place) in places {
            self.place(segment, place);
        }
    }

    /// Deletes what another state has deleted. Items from `held` on have come with it.
    fn bury_dead(&mut self, sections: &Sections, column: Vec<Part>, held: Num) {
        let mut column = Reader::new(column);
        for segment in sections.of_life(Life::Dead) {
            let Some(replica) = self.ids.replica(segment.first.replica) else {
                column.pass(segment.len);
                continue;
            };
            let (mut time, end) = (segment.first.time.bits(), segment.end());
            while time < end {
                let (len, line) = column.next((end - time) as u32);
                for part in self.ids.parts(replica, time, time + u64::from(len)) {
                    let skip = (part.time - time) as u32;
                    let line = line.map(|line| line.part(skip, part.len));
                    let old = held.saturating_sub(part.first).min(part.len);
                    if old > 0 {
                        let line = line.map(|line| line.part(0, old));
                        self.bury(part.first, old, line);
                    }
                    if let Some(line) = line.filter(|_| old < part.len) {
                        let line = line.part(old, part.len - old);
                        self.graves.add(part.first + old, line);
                    }
                }
                time += u64::from(len);
            }
        }
    }

    /// Hides the initial items that are gone.
    fn hide_gone(&mut self) {
        let mut taken = C::Chunk::default();
        for (first, end) in self.gone.ranges() {
            for part in self.ids.parts(0, u64::from(first), u64::from(end)) {
                self.kill(part.first, part.len, None, &mut taken, |_, _, _| {});
            }
        }
    }

    /// Items held here that the other has seen and holds no longer.
    fn lost(&self, theirs: &Sections, cx: &Merge<'_>) -> Unwanted {
        let mut lost = Vec::new();
        for (_, id, held) in self.ids.replicas() {
            let Some(id) = id else { continue };
            let seen = cx.theirs.get(id).max(cx.theirs.floor()).bits();
            let mut kept = theirs
                .of(id)
                .map(|held| (held.first.time.bits(), held.end()));
            let mut next = kept.next();
            for part in held {
                let (mut time, end) = (part.time, part.end().min(seen.saturating_add(1)));
                while time < end {
                    match next {
                        Some((_, after)) if after <= time => next = kept.next(),
                        Some((first, after)) if first <= time => time = after,
                        _ => {
                            let until = next.map_or(end, |(first, _)| first.min(end));
                            lost.push((id, time, until));
                            time = until;
                        }
                    }
                }
            }
        }
        lost.sort_unstable();
        Unwanted(lost)
    }

    /// Starts over with all items but these. Of the initial value only its names are left.
    pub(super) fn rebuild(&mut self, lost: &Unwanted) {
        let mut out = Enc::new(Mode::Body, Hlc::MAX);
        out.map(|out| self.encode_state(&|_| None, out));
        let body = out.finish();
        let mut fresh = Self::new(self.tag.clone());
        fresh.keyed = self.keyed;
        let read = Dec::body(&body, Hlc::MAX)
            .and_then(|mut input| fresh.read_state(Some(&mut input), true));
        debug_assert!(read.is_ok(), "own bytes did not decode");
        if let Ok(read) = read {
            fresh.absorb(read, lost, None);
        }
        *self = fresh;
    }
}
