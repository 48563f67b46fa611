//! [`Mark`]: that something happened to a place, which nothing undoes but the end of what holds the place.
//!
//! Outside maps of synchronised values nothing ends, so it does not matter who did it and when. Inside one a remove of the entry
//! takes away what its author had seen, so there the stamps are kept.

use super::Merge;
use super::dots::Dots;
use crate::Stamp;
use crate::codec::{Dec, DecodeError, Enc};

/// Outside maps the origin stands for everybody; inside one there is the last stamp of every replica that did it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Mark(Dots);

impl Mark {
    pub(super) fn set(&mut self, stamp: Stamp, keyed: bool) {
        self.0.insert(if keyed { stamp } else { Stamp::ORIGIN });
    }

    pub(super) fn is_set(&self) -> bool {
        !self.0.is_empty()
    }

    /// True when this very change set it; outside maps nobody knows.
    pub(super) fn is_of(&self, stamp: Stamp) -> bool {
        self.0.contains(stamp)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn stamps(&self) -> &[Stamp] {
        self.0.as_slice()
    }

    /// Writes the stamps of one that is set, where there are any to write.
    pub(super) fn encode(&self, out: &mut Enc) {
        if out.keyed() {
            self.0.encode(out);
        }
    }

    /// Reads what `encode` wrote.
    pub(super) fn decode(input: &mut Dec<'_>, keyed: bool) -> Result<Self, DecodeError> {
        if !keyed {
            return Ok(Self(Dots::One(Stamp::ORIGIN)));
        }
        let count = input.varint()?;
        Dots::decode(input, count).map(Self)
    }

    pub(super) fn merge(&mut self, theirs: &Self, cx: &Merge<'_>) {
        if cx.keyed {
            self.0 = cx.merge_dots(std::mem::take(&mut self.0), &theirs.0);
        } else if theirs.is_set() {
            self.0 = Dots::One(Stamp::ORIGIN);
        }
    }

    /// Writes all of it into the undo log.
    pub(super) fn write_record(&self, out: &mut Vec<u8>) {
        self.0.write_record(out);
    }

    pub(super) fn read_record(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        Dots::read_record(input).map(Self)
    }
}

impl From<Dots> for Mark {
    fn from(dots: Dots) -> Self {
        Self(dots)
    }
}
