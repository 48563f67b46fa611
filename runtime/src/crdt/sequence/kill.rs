//! Deleting: elements are hidden wherever they show, and it is noted when.

use super::content::Content;
use super::core::Core;
use super::graves::Line;
use super::ids::Num;
use super::mutant::{Mutant, planted};
use super::order::Spot;
use crate::{Hlc, ReplicaId};

impl<C: Content> Core<C> {
    /// Deletes elements with consecutive numbers, wherever they show, and calls with each run that showed and, of a moved
    /// element, with itself.
    pub(super) fn kill(
        &mut self,
        first: Num,
        len: u32,
        spot: Option<Spot>,
        taken: &mut C::Chunk,
        mut hidden: impl FnMut(Num, u32, Option<Num>),
    ) {
        let end = first + len;
        if self.moved.is_empty() && self.places.is_empty() {
            let runs = |num, len| hidden(num, len, None);
            return self.order.hide(first, len, spot, taken, runs);
        }
        let mut num = first;
        while num < end {
            let place = self.places.range(num..end).next().map(|(place, _)| *place);
            let moved = self
                .moved
                .range(num..end)
                .next()
                .map(|(element, _)| *element);
            let stop = place.unwrap_or(end).min(moved.unwrap_or(end));
            if num < stop {
                let runs = |num, len| hidden(num, len, None);
                self.order.hide(num, stop - num, None, taken, runs);
            }
            if Some(stop) == moved && !planted(Mutant::MoveBeatsDelete) {
                let runs = |place, len| hidden(place, len, Some(stop));
                if let Some(place) = self.moved.remove(&stop) {
                    self.order.hide(place, 1, None, taken, runs);
                }
            }
            num = stop + 1;
        }
    }

    /// Deletes the elements of a replica from one time up to another, as a change of this time does.
    pub(super) fn kill_times(&mut self, replica: Option<ReplicaId>, first: u64, end: u64, by: Hlc) {
        let Some(index) = self.ids.replica(replica) else {
            return;
        };
        let at = Line::at_once(by);
        for part in self.ids.parts(index, first, end) {
            self.bury(
                part.first,
                part.len,
                replica.is_some().then(|| at(part.len)),
            );
            if planted(Mutant::DeleteStopsEarly) {
                return;
            }
        }
    }

    /// Deletes elements with consecutive numbers that were made by somebody, at these times; none is below the floor.
    pub(super) fn bury(&mut self, first: Num, len: u32, times: Option<Line>) {
        let (mut killed, mut count): (Vec<(Num, u32)>, u32) = (Vec::new(), 0);
        let mut taken = C::Chunk::default();
        self.kill(first, len, None, &mut taken, |num, len, element| {
            killed.push((element.unwrap_or(num), len));
            count += len;
        });
        let Some(times) = times else { return };
        for (num, len) in killed {
            self.graves.add(num, times.part(num - first, len));
        }
        if count < len {
            self.graves.lower(first, times);
        }
    }
}

impl Line {
    /// Items that were deleted at one time.
    pub(super) fn at_once(time: Hlc) -> impl Fn(u32) -> Self {
        move |len| Self {
            len,
            time: time.bits(),
            step: 0,
        }
    }
}
