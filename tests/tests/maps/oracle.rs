//! The oracle for maps: it keeps every event of every change, and asks of each whether some remove had seen it.
//!
//! It knows nothing of atoms' encodings, of snapshots or of merging; only of who had seen what.

use std::collections::BTreeMap;

use holo_runtime::{ReplicaId, Stamp};
use holo_tests::sim::Sealed;

/// Something that an edit did at a path.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) path: Vec<&'static str>,
    pub(crate) what: What,
}

/// What it did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    /// Made an entry.
    Made,
    /// Wrote a register or a key, or deleted the key.
    Write(Option<i64>),
    /// Counted.
    Add(i64),
    /// Put an element in.
    Put,
    /// Took an element out.
    CutElement,
    /// Removed what stands at the path.
    Cut,
}

/// An event with its place in history.
struct Placed<'a> {
    change: &'a Sealed<Event>,
    /// Its number within the change.
    number: usize,
    event: &'a Event,
    /// It counts as an atom: it took an initial element out.
    marks: bool,
    /// The author's running total, for counters.
    total: i64,
}

pub(crate) struct Oracle<'a> {
    events: Vec<Placed<'a>>,
}

impl Placed<'_> {
    fn stamp(&self) -> Stamp {
        Stamp::new(self.change.time, self.change.author)
    }

    fn author(&self) -> ReplicaId {
        self.change.author
    }

    fn is_cut(&self) -> bool {
        matches!(self.event.what, What::Cut | What::CutElement)
    }

    /// True when the author of this had seen the other event.
    fn saw(&self, other: &Placed<'_>) -> bool {
        if self.stamp() == other.stamp() {
            other.number < self.number
        } else {
            self.change.past.covers(other.stamp())
        }
    }

    fn kills(&self, other: &Placed<'_>) -> bool {
        if !self.saw(other) || !other.event.path.starts_with(&self.event.path) {
            return false;
        }
        match self.event.what {
            What::Cut => true,
            // An element that is taken out takes its adds along, and not what keeps an initial element out.
            What::CutElement => other.event.what == What::Put,
            _ => false,
        }
    }
}

impl<'a> Oracle<'a> {
    /// Takes changes in the order of their stamps, so that what an author had seen comes first.
    pub(crate) fn new(sealed: &'a [Sealed<Event>]) -> Self {
        let mut oracle = Self { events: Vec::new() };
        for change in sealed {
            for (number, event) in change.ops.iter().enumerate() {
                let mut placed = Placed {
                    change,
                    number,
                    event,
                    marks: false,
                    total: 0,
                };
                let before = |other: &Placed<'_>| placed.saw(other);
                match event.what {
                    What::CutElement => {
                        let marked = oracle.alive(&event.path, before).any(|mark| mark.marks);
                        placed.marks = event.path.last() == Some(&"torch") && !marked;
                    }
                    What::Add(by) => {
                        let own = oracle.alive(&event.path, before);
                        let own = own.filter(|own| own.author() == placed.author());
                        let own = own.filter(|own| matches!(own.event.what, What::Add(_)));
                        placed.total = own.last().map_or(0, |own| own.total) + by;
                    }
                    _ => {}
                }
                oracle.events.push(placed);
            }
        }
        oracle
    }

    /// The atoms at or below a path that no remove has killed, of those events alone that `among` holds for.
    fn alive<'b>(
        &'b self,
        path: &'b [&'static str],
        among: impl Fn(&Placed<'a>) -> bool + 'b,
    ) -> impl Iterator<Item = &'b Placed<'a>> {
        let at = self
            .events
            .iter()
            .filter(|event| event.event.path.starts_with(path));
        at.filter(move |event| {
            let atom = among(event) && (!event.is_cut() || event.marks);
            let killed = || {
                let mut cuts = self.events.iter().filter(|cut| cut.is_cut() && among(cut));
                cuts.any(|cut| cut.kills(event))
            };
            atom && !killed()
        })
    }

    /// True when anything is left at or below the path that shows: a key that is deleted does not.
    pub(crate) fn exists(&self, path: &[&'static str]) -> bool {
        self.alive(path, |_| true).any(|event| {
            let write = matches!(event.event.what, What::Write(_));
            !write || self.written(&event.event.path).flatten().is_some()
        })
    }

    /// The last write that is left.
    pub(crate) fn written(&self, path: &[&'static str]) -> Option<Option<i64>> {
        let writes = self.alive(path, |_| true).filter_map(|write| {
            let What::Write(value) = write.event.what else {
                return None;
            };
            Some((write.stamp(), write.number, value))
        });
        writes
            .max_by_key(|(stamp, number, _)| (*stamp, *number))
            .map(|(_, _, value)| value)
    }

    /// The sum of each replica's last total that is left.
    pub(crate) fn total(&self, path: &[&'static str]) -> i64 {
        let mut totals = BTreeMap::new();
        for add in self.alive(path, |_| true) {
            if matches!(add.event.what, What::Add(_)) {
                totals.insert(add.author(), add.total);
            }
        }
        totals.values().sum()
    }

    /// True when an add is left, or the element is initial and nothing keeps it out.
    pub(crate) fn holds(&self, path: &[&'static str], initial: bool) -> bool {
        let (mut added, mut out) = (false, false);
        for event in self.alive(path, |_| true) {
            added |= event.event.what == What::Put;
            out |= event.marks;
        }
        added || (initial && !out)
    }
}
