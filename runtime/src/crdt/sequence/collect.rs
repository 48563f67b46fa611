//! Collecting: which deleted items a floor lets go of, and starting over without them.
//!
//! An item goes when its insert and its delete lie below the floor, unless something that stays hangs on it or has it to its
//! right. Whoever writes above the floor has seen the delete, and names only what shows. So what goes depends on nothing but the
//! changes below the floor, replicas that collect at different moments agree, and whatever comes later finds what it names.
//!
//! What an item names has a smaller number than itself, so one pass over the runs, backwards, says what has to stay; within a
//! run everything up to the last item that stays does.

use std::collections::BTreeMap;

use super::content::Content;
use super::core::{Core, nothing};
use super::graves::Graves;
use super::ids::{NONE, Num};
use super::tree::Link;
use crate::mutants::{Mutant, on};
use crate::{Hlc, Stamp};

/// Ranges of numbers, ascending and apart.
type Ranges = Vec<(Num, Num)>;

/// What has become of the numbers of items.
#[derive(Debug, Default)]
pub(crate) struct Renumbered {
    /// First and length of what stayed, and its first number now.
    parts: Vec<(Num, u32, Num)>,
}

impl Renumbered {
    /// The number that an item has now; none when it is gone.
    pub(crate) fn get(&self, num: Num) -> Option<Num> {
        let at = self.parts.partition_point(|(first, _, _)| *first <= num);
        let (first, len, now) = self.parts.get(at.checked_sub(1)?)?;
        (num - first < *len).then(|| now + (num - first))
    }

    /// Calls with the parts of a range that are left: how much of it comes before, the number now, and the length.
    fn each(&self, first: Num, len: u32, mut with: impl FnMut(u32, Num, u32)) {
        let end = first + len;
        let at = self
            .parts
            .partition_point(|(held, len, _)| held + len <= first);
        for (held, len, now) in self.parts[at..].iter().take_while(|part| part.0 < end) {
            let (start, stop) = (first.max(*held), end.min(held + len));
            with(start - first, now + (start - held), stop - start);
        }
    }
}

impl<C: Content> Core<C> {
    /// Forgets what a floor lets go of; the numbers of items change when it was something.
    pub(crate) fn collect(&mut self, floor: Hlc) -> Option<Renumbered> {
        if floor == Hlc::ZERO || self.ids.total() == 0 {
            return None;
        }
        self.graves.collect(floor.bits());
        let standing = self.standing(floor);
        self.dissolve();
        let kept = self.kept(&standing, floor);
        let count: u32 = kept.iter().map(|(first, end)| end - first).sum();
        (count < self.ids.total()).then(|| self.start_over(&kept))
    }

    /// Items that stay whatever hangs on them, as far as they lie below the floor; others may be among them.
    fn standing(&self, floor: Hlc) -> Ranges {
        let mut all: Ranges = Vec::new();
        let initial = self.ids.held(0).iter();
        all.extend(initial.map(|held| (held.first, held.first + held.len)));
        for (_, _, spans) in self.order.leaves() {
            let shown = spans.iter().filter(|span| span.shown());
            all.extend(shown.map(|span| (span.first, span.end())));
        }
        all.extend(self.moved.keys().map(|element| (*element, element + 1)));
        if !on(Mutant::CollectedUndeleted) {
            let lines = self.graves.lines();
            all.extend(lines.map(|(first, line)| (first, first + line.len)));
        }
        let latest = self.latest_places(floor);
        for (place, element) in &self.places {
            let open = self.keeps(*element) || self.graves.get(*element).is_some();
            let last = latest.get(element);
            let passed = last.is_some_and(|last| *last > self.ids.stamp(*place));
            if open && !passed {
                all.push((*place, place + 1));
            }
        }
        all.sort_unstable();
        all.dedup_by(|next, before| {
            let joins = next.0 <= before.1;
            if joins {
                before.1 = before.1.max(next.1);
            }
            joins
        });
        all
    }

    /// The last place below the floor that a move made for each element. Whoever writes above the floor has seen it, so those
    /// before it are nowhere any more. Inside a map a cut might take it and leave those, so there all count.
    fn latest_places(&self, floor: Hlc) -> BTreeMap<Num, Stamp> {
        let mut latest: BTreeMap<Num, Stamp> = BTreeMap::new();
        for (place, element) in self.places.iter().filter(|_| !self.keyed) {
            let stamp = self.ids.stamp(*place);
            if stamp.time <= floor {
                let held = latest.entry(*element).or_insert(stamp);
                *held = stamp.max(*held);
            }
        }
        latest
    }

    /// Places of elements that were deleted below the floor are items like any other.
    fn dissolve(&mut self) {
        let dead = self
            .places
            .iter()
            .filter(|(_, element)| !self.keeps(**element) && self.graves.get(**element).is_none());
        let dead: Vec<Num> = dead.map(|(place, _)| *place).collect();
        for place in dead {
            self.places.remove(&place);
        }
    }

    /// The items that stay.
    fn kept(&self, standing: &Ranges, floor: Hlc) -> Ranges {
        let total = self.ids.total();
        let count = self.tree.runs();
        // Per run the end of what others that stay hang on, or have to their right.
        let mut needed: Vec<Num> = vec![0; count];
        let mut kept: Ranges = Vec::new();
        for run in (0..count).rev() {
            let (first, end, link) = self.tree.nth(run, total);
            let above = self.above(first, end, floor);
            let at = standing.partition_point(|(start, _)| *start < above);
            let last = at.checked_sub(1).map_or(0, |at| standing[at].1.min(above));
            let stays = last.max(needed[run]).max(first);
            if stays > first {
                self.need(link, &mut needed);
            }
            // From the back: what lies above the floor, then what stays below it.
            for (start, stop) in [(above.max(stays), end), (first, stays)] {
                match kept.last_mut() {
                    Some((after, _)) if start < stop && *after == stop => *after = start,
                    _ if start < stop => kept.push((start, stop)),
                    _ => {}
                }
            }
        }
        kept.reverse();
        kept
    }

    /// Notes that what a run hangs on and has to its right has to stay.
    fn need(&self, link: Link, needed: &mut [Num]) {
        let (parent, right) = match link {
            Link::Left(on) => (on, NONE),
            Link::Right { left, right } => (left, right),
        };
        for (num, broken) in [
            (parent, Mutant::CollectedParents),
            (right, Mutant::CollectedRight),
        ] {
            if num != NONE && !on(broken) {
                let end = &mut needed[self.tree.run_of(num)];
                *end = (*end).max(num + 1);
            }
        }
    }

    /// The first item of a run that lies above the floor. Each is older than those that follow.
    fn above(&self, first: Num, end: Num, floor: Hlc) -> Num {
        let (mut low, mut high) = (first, end);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.ids.id(middle).1 <= floor.bits() {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    /// Starts over with some of the items. One that names what is gone, which only somebody can have made who does not know the
    /// floor, hangs on the start.
    fn start_over(&mut self, kept: &Ranges) -> Renumbered {
        let mut old = std::mem::replace(self, Self::new(self.tag.clone()));
        let mut now = Renumbered::default();
        for (first, end) in kept {
            let mut num = *first;
            while num < *end {
                let span = old.order.span(num);
                let len = old.piece(num, end - num).min(span.end() - num);
                let link = now.link(old.tree.link(num));
                let stamp = old.ids.stamp(num);
                let id = (self.ids.intern(stamp.replica), stamp.time.bits());
                let mut taken = C::Chunk::default();
                let made = if span.shown() {
                    old.order.hide(num, len, None, &mut taken, |_, _| {});
                    self.add(id, len, link, true, None, &mut C::source(&mut taken))
                } else {
                    nothing::<C>(|source| self.add(id, len, link, false, None, source))
                };
                match now.parts.last_mut() {
                    Some(part) if part.0 + part.1 == num => part.1 += len,
                    _ => now.parts.push((num, len, made)),
                }
                num += len;
            }
        }
        self.take_over(old, &now);
        now
    }

    /// Takes over all that is known of items beside where they stand.
    fn take_over(&mut self, old: Self, now: &Renumbered) {
        let pairs = |all: BTreeMap<Num, Num>| {
            let pairs = all.into_iter();
            pairs
                .filter_map(|(one, other)| Some((now.get(one)?, now.get(other)?)))
                .collect()
        };
        (self.places, self.moved) = (pairs(old.places), pairs(old.moved));
        (self.gone, self.keyed) = (old.gone, old.keyed);
        let mut graves = Graves::default();
        for (first, line) in old.graves.lines() {
            now.each(first, line.len, |skip, num, len| {
                graves.add(num, line.part(skip, len))
            });
        }
        self.graves = graves;
        self.made = old.made.and_then(|made| now.get(made));
        for (first, len) in old.deleted {
            now.each(first, len, |_, num, len| self.deleted.push((num, len)));
        }
    }
}

impl Renumbered {
    fn link(&self, link: Link) -> Link {
        let get = |num: Num| match num {
            NONE => Some(NONE),
            num => self.get(num),
        };
        let orphan = Link::Right {
            left: NONE,
            right: NONE,
        };
        match link {
            Link::Left(on) => get(on).map_or(orphan, Link::Left),
            Link::Right { left, right } => get(left).map_or(orphan, |left| Link::Right {
                left,
                right: get(right).unwrap_or(NONE),
            }),
        }
    }
}
