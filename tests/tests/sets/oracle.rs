//! The oracle for registers that keep concurrent writes and for sets whose elements come once: every event, and who had seen it.

use holo_runtime::Stamp;
use holo_tests::sim::Sealed;

/// Something that an edit did under a key; what stands in no map has the empty one.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) key: &'static str,
    pub(crate) what: What,
}

/// What it did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    /// Made the entry.
    Made,
    /// Removed the entry.
    Cut,
    Write(i64),
    /// Into the set that only grows.
    Insert(&'static str),
    /// Into the set of two phases.
    Open(&'static str),
    /// Out of it.
    Close(&'static str),
}

struct Placed<'a> {
    change: &'a Sealed<Event>,
    number: usize,
    event: &'a Event,
}

impl Placed<'_> {
    fn stamp(&self) -> Stamp {
        Stamp::new(self.change.time, self.change.author)
    }

    /// True when the author of this had seen the other event.
    fn saw(&self, other: &Placed<'_>) -> bool {
        if self.stamp() == other.stamp() {
            other.number < self.number
        } else {
            self.change.past.covers(other.stamp())
        }
    }
}

pub(crate) struct Oracle<'a> {
    events: Vec<Placed<'a>>,
}

impl<'a> Oracle<'a> {
    pub(crate) fn new(sealed: &'a [Sealed<Event>]) -> Self {
        let of = |change: &'a Sealed<Event>| {
            let events = change.ops.iter().enumerate();
            events.map(move |(number, event)| Placed {
                change,
                number,
                event,
            })
        };
        let events = sealed.iter().flat_map(of).collect();
        Self { events }
    }

    /// The events under a key that no remove of it has seen.
    fn alive(&self, key: &'static str) -> impl Iterator<Item = &Placed<'a>> {
        let under = move |placed: &&Placed<'a>| placed.event.key == key;
        let cut = |placed: &Placed<'a>| placed.event.what == What::Cut;
        self.events.iter().filter(under).filter(move |placed| {
            let mut cuts = self.events.iter().filter(|other| cut(other)).filter(under);
            !cut(placed) && !cuts.any(|cut| cut.saw(placed))
        })
    }

    pub(crate) fn exists(&self, key: &'static str) -> bool {
        self.alive(key).next().is_some()
    }

    pub(crate) fn any(&self, key: &'static str, what: What) -> bool {
        self.alive(key).any(|placed| placed.event.what == what)
    }

    /// The writes that no other has seen, in the order of their stamps, or the initial value.
    pub(crate) fn values(&self, key: &'static str, initial: i64) -> Vec<i64> {
        let is_write = |placed: &&&Placed<'a>| matches!(placed.event.what, What::Write(_));
        let writes: Vec<&Placed<'a>> = self.alive(key).filter(|p| is_write(&p)).collect();
        let mut maximal: Vec<(Stamp, i64)> = writes
            .iter()
            .filter(|write| !writes.iter().any(|other| other.saw(write)))
            .filter_map(|write| match write.event.what {
                What::Write(value) => Some((write.stamp(), value)),
                _ => None,
            })
            .collect();
        maximal.sort();
        if maximal.is_empty() {
            return vec![initial];
        }
        maximal.into_iter().map(|(_, value)| value).collect()
    }
}
