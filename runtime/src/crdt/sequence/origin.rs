//! [`Gone`]: which items of the initial value are deleted.
//!
//! Initial values are not encoded, so that they are gone is. Inside a map of synchronised values an entry may be removed and
//! come back as new; there every delete is an atom of its own, with the stamp that made it.

use crate::Stamp;
use crate::codec::{Dec, DecodeError, Enc};
use crate::crdt::Merge;
use crate::crdt::dots::Dots;

/// Ranges of indices, ascending and apart, with the stamps of those who deleted them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Gone(Vec<Range>);

#[derive(Clone, Debug, PartialEq)]
struct Range {
    first: u32,
    end: u32,
    /// None outside maps.
    dots: Dots,
}

impl Gone {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// First and end of each range.
    pub(crate) fn ranges(&self) -> Vec<(u32, u32)> {
        self.0
            .iter()
            .map(|range| (range.first, range.end))
            .collect()
    }

    pub(crate) fn contains(&self, index: u32) -> bool {
        let at = self.0.partition_point(|range| range.end <= index);
        self.0.get(at).is_some_and(|range| range.first <= index)
    }

    /// Deletes ranges, ascending and apart; `stamp` is there inside maps. All at once: a change may name very many.
    pub(crate) fn add(&mut self, ranges: &[(u32, u32)], stamp: Option<Stamp>) {
        if ranges.is_empty() {
            return;
        }
        let dots = stamp.map_or(Dots::None, Dots::One);
        let other = ranges.iter().map(|(first, end)| Range {
            first: *first,
            end: *end,
            dots: dots.clone(),
        });
        let other = Self(other.collect());
        *self = self.combine(&other, |ours, theirs| {
            let mut all = ours.cloned().unwrap_or_default();
            let theirs = theirs.map_or(&[][..], Dots::as_slice);
            theirs.iter().for_each(|dot| all.insert(*dot));
            Some(all)
        });
    }

    /// Merges what two states say; true when something came back.
    pub(crate) fn merge(&mut self, theirs: &Self, cx: &Merge<'_>) -> bool {
        let mut back = false;
        *self = self.combine(theirs, |ours, theirs| {
            if !cx.keyed {
                return Some(Dots::None);
            }
            let held = ours.is_some();
            let ours = ours.cloned().unwrap_or_default();
            let kept = cx.merge_dots(ours, theirs.unwrap_or(&Dots::None));
            back |= held && kept.is_empty();
            (!kept.is_empty()).then_some(kept)
        });
        back
    }

    /// Goes over both, range by range.
    fn combine(
        &self,
        other: &Self,
        mut of: impl FnMut(Option<&Dots>, Option<&Dots>) -> Option<Dots>,
    ) -> Self {
        let mut bounds: Vec<u32> = Vec::new();
        for range in self.0.iter().chain(&other.0) {
            bounds.extend([range.first, range.end]);
        }
        bounds.sort_unstable();
        bounds.dedup();
        let mut all: Vec<Range> = Vec::new();
        let at = |ranges: &[Range], index: u32| {
            let at = ranges.partition_point(|range| range.end <= index);
            ranges
                .get(at)
                .filter(|range| range.first <= index)
                .map(|range| range.dots.clone())
        };
        for pair in bounds.windows(2) {
            let (first, end) = (pair[0], pair[1]);
            let (ours, theirs) = (at(&self.0, first), at(&other.0, first));
            if ours.is_none() && theirs.is_none() {
                continue;
            }
            let Some(dots) = of(ours.as_ref(), theirs.as_ref()) else {
                continue;
            };
            match all.last_mut() {
                Some(last) if last.end == first && last.dots == dots => last.end = end,
                _ => all.push(Range { first, end, dots }),
            }
        }
        Self(all)
    }

    pub(crate) fn encode(&self, out: &mut Enc) {
        out.varint(self.0.len() as u64);
        let mut at = 0;
        for range in &self.0 {
            out.varint(u64::from(range.first - at));
            out.varint(u64::from(range.end - range.first - 1));
            at = range.end;
            if out.keyed() {
                out.varint(range.dots.len() as u64);
                range.dots.as_slice().iter().for_each(|dot| out.stamp(*dot));
            }
        }
    }

    pub(crate) fn decode(input: &mut Dec<'_>, keyed: bool) -> Result<Self, DecodeError> {
        let mut all: Vec<Range> = Vec::new();
        let mut at = 0u64;
        for _ in 0..input.count()? {
            let first = at
                .checked_add(input.varint()?)
                .ok_or(DecodeError::Range("index"))?;
            let end = first
                .checked_add(input.varint()?)
                .and_then(|last| last.checked_add(1));
            let end = end.filter(|end| *end <= super::wire::MAX_ORIGIN);
            let end = end.ok_or(DecodeError::Range("index"))?;
            let mut dots = Dots::None;
            if keyed {
                let count = input.count()? as u64;
                dots = Dots::decode(input, count)?;
                let ascending = dots.as_slice().is_sorted_by(|a, b| a.replica < b.replica);
                if dots.is_empty() || !ascending || dots.contains(Stamp::ORIGIN) {
                    return Err(DecodeError::NotCanonical("stamps"));
                }
            }
            let touches = all.last().is_some_and(|last| u64::from(last.end) == first);
            if touches && all.last().is_some_and(|last| last.dots == dots) {
                return Err(DecodeError::NotCanonical("range"));
            }
            all.push(Range {
                first: first as u32,
                end: end as u32,
                dots,
            });
            at = end;
        }
        Ok(Self(all))
    }

    /// All of it, into the undo log.
    pub(crate) fn write_record(&self, out: &mut Vec<u8>) {
        use crate::codec::write_varint;
        write_varint(out, self.0.len() as u64);
        for range in &self.0 {
            write_varint(out, u64::from(range.first));
            write_varint(out, u64::from(range.end));
            write_varint(out, range.dots.len() as u64);
            let dots = range.dots.as_slice().iter();
            dots.for_each(|dot| crate::crdt::dots::write_plain(*dot, out));
        }
    }

    pub(crate) fn read_record(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let mut all = Vec::new();
        for _ in 0..input.varint()? {
            let (first, end) = (input.varint()? as u32, input.varint()? as u32);
            let dots = (0..input.varint()?).map(|_| crate::crdt::dots::read_plain(input));
            let dots = Dots::from_vec(dots.collect::<Result<_, _>>()?);
            all.push(Range { first, end, dots });
        }
        Ok(Self(all))
    }
}
