//! One step: the records of what was done in it, and how they are gathered.

use std::collections::BTreeMap;

use crate::Stamp;

/// The number of a write: it stays the same while the value comes and goes under new stamps.
pub(crate) type WriteId = u64;

/// What one op did.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) bytes: Vec<u8>,
    /// How much of the bytes names the place, where there is one.
    pub(crate) place: usize,
    pub(crate) did: Did,
    /// The writes that it took away, by place, with their stamps then.
    pub(crate) gone: Option<Gone>,
}

/// Writes by place, with their stamps.
pub(crate) type Gone = BTreeMap<Vec<u8>, (Stamp, WriteId)>;

#[derive(Clone, Debug)]
pub(crate) enum Did {
    /// One write came in place of another.
    Wrote { before: WriteId, after: WriteId },
    /// So much was added.
    Added(i128),
    /// Something else.
    Deed,
    /// Something else, after which places are not what they were.
    Turn,
}

/// Records, in order. Their size is about what they take in memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) records: Vec<Record>,
    pub(crate) bytes: usize,
}

/// A step that is being gathered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    step: Step,
    /// The last record of each place.
    index: BTreeMap<Vec<u8>, usize>,
    /// Places that were recorded before this are not what they were.
    turn: usize,
}

impl Record {
    pub(crate) fn place(&self) -> &[u8] {
        &self.bytes[..self.place]
    }

    fn weight(&self) -> usize {
        let gone = self.gone.iter().flatten();
        let below: usize = gone.map(|(place, _)| place.len() + 64).sum();
        size_of::<Self>() + self.bytes.len() + below
    }
}

impl Draft {
    pub(crate) fn is_empty(&self) -> bool {
        self.step.records.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.step.bytes
    }

    /// The step, without what came to nothing; none if all of it did.
    pub(crate) fn close(mut self) -> Option<Step> {
        self.step
            .records
            .retain(|record| !matches!(record.did, Did::Added(0)));
        (!self.is_empty()).then_some(self.step)
    }

    /// Adds a record, to the last of its place where the two are one.
    pub(crate) fn push(&mut self, record: Record) {
        let last = self.index.get(record.place()).copied();
        let last = last.filter(|at| record.place > 0 && *at >= self.turn && record.gone.is_none());
        if let Some(held) = last.and_then(|at| self.step.records.get_mut(at)) {
            match (&mut held.did, &record.did) {
                (Did::Wrote { after: held, .. }, Did::Wrote { before, after })
                    if held == before =>
                {
                    return *held = *after;
                }
                (Did::Added(sum), Did::Added(by)) => return *sum += by,
                _ => {}
            }
        }
        let here = self.step.records.len();
        if record.place > 0 {
            self.index.insert(record.place().to_vec(), here);
        }
        if matches!(record.did, Did::Turn) || record.gone.is_some() {
            self.turn = here + 1;
        }
        self.step.bytes += record.weight();
        self.step.records.push(record);
    }
}
