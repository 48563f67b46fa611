//! Reading: [`Dec`] walks over bytes it does not own and refuses whatever [`super::Enc`] would not have written.

mod leaves;
mod numbers;

use std::sync::Arc;

use hashbrown::HashSet;

use super::shape::{Shape, Shapes};
use super::{MAX_DEPTH, MAX_REPLICAS, MAX_ROWS};
use crate::value::{InstanceId, canonical_f32, canonical_f64};
use crate::{Hlc, ReplicaId, Stamp};

/// So many replicas are compared with each other.
const FEW: usize = 8;

/// Why bytes could not be read. Nothing was changed when one of these is returned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes end too early.
    #[error("the bytes end before what they announce")]
    Truncated,
    /// The checksum does not fit: the bytes were damaged on the way. Ask for them again.
    #[error("the checksum does not fit: the bytes were damaged")]
    Damaged,
    /// There are bytes after the end.
    #[error("{0} bytes follow the end")]
    Trailing(usize),
    /// The meaning could have been written in another, canonical way.
    #[error("{0}: not in canonical form")]
    NotCanonical(&'static str),
    /// A tag that this version does not know.
    #[error("unknown {what} tag {tag}: written by a newer version")]
    UnknownTag {
        /// What kind of tag.
        what: &'static str,
        /// The tag.
        tag: u8,
    },
    /// Text that is not UTF-8.
    #[error("text is not UTF-8")]
    Utf8,
    /// A number outside its range.
    #[error("{0} is out of range")]
    Range(&'static str),
    /// Nested deeper than allowed.
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Longer than allowed.
    #[error("{what} of {len} bytes is longer than {max}")]
    TooLong {
        /// What is too long.
        what: &'static str,
        /// How long it is.
        len: usize,
        /// How long it may be.
        max: usize,
    },
}

/// A reader of canonical bytes.
#[derive(Debug, Clone)]
pub struct Dec<'a> {
    /// From the beginning.
    all: &'a [u8],
    rest: &'a [u8],
    /// None where it is empty, as it mostly is.
    table: Option<Arc<[ReplicaId]>>,
    /// The greatest time met of each replica of the table that has been named so far.
    met: Vec<Hlc>,
    base: Hlc,
    author: Option<ReplicaId>,
    ticks: u32,
    shapes: Shapes,
    depth: usize,
    rows: usize,
    maps: usize,
    /// Reads leaves, one behind another, instead of a body.
    leaves: bool,
}

impl<'a> Dec<'a> {
    /// A reader of bytes without stamps: a header, or a record of the undo log.
    pub(crate) fn plain(bytes: &'a [u8]) -> Self {
        Self {
            all: bytes,
            rest: bytes,
            table: None,
            met: Vec::new(),
            base: Hlc::ZERO,
            author: None,
            ticks: 0,
            shapes: Shapes::default(),
            depth: 0,
            rows: 0,
            maps: 0,
            leaves: false,
        }
    }

    /// A reader of a body written by [`super::Enc`] with the same base.
    pub(crate) fn body(bytes: &'a [u8], base: Hlc) -> Result<Self, DecodeError> {
        let mut dec = Self::plain(bytes);
        let count = dec.count()?;
        if count > MAX_REPLICAS {
            return Err(DecodeError::Range("replica table"));
        }
        if count > 0 {
            dec.table = Some(dec.read_table(count)?);
        }
        dec.base = base;
        Ok(dec)
    }

    fn read_table(&mut self, count: usize) -> Result<Arc<[ReplicaId]>, DecodeError> {
        let mut table: Vec<ReplicaId> = Vec::with_capacity(count.min(self.rest.len() / 8));
        for _ in 0..count {
            table.push(self.replica_id()?);
        }
        // Those of a counter ascend, and so does a single one. A few are compared with each other, many by a set.
        let distinct = table.is_sorted_by(|a, b| a < b)
            || match count {
                0..=FEW => (1..count).all(|at| !table[..at].contains(&table[at])),
                _ => {
                    let mut once = HashSet::with_capacity(count);
                    table.iter().all(|replica| once.insert(*replica))
                }
            };
        if !distinct {
            return Err(DecodeError::NotCanonical("replica table"));
        }
        Ok(table.into())
    }

    fn table(&self) -> &[ReplicaId] {
        self.table.as_deref().unwrap_or_default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// All that is left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Nothing may follow, and every replica of the table must have been named.
    pub(crate) fn end(&self) -> Result<(), DecodeError> {
        match (self.rest.len(), self.met.len() == self.table().len()) {
            (0, true) => Ok(()),
            (0, false) => Err(DecodeError::NotCanonical("replica table")),
            (left, _) => Err(DecodeError::Trailing(left)),
        }
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(len)
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// The number of things that follow, each of at least one byte: never more than there are bytes.
    pub(crate) fn count(&mut self) -> Result<usize, DecodeError> {
        let count = usize::try_from(self.varint()?).map_err(|_| DecodeError::Range("count"))?;
        if count > self.rest.len() {
            Err(DecodeError::Truncated)
        } else {
            Ok(count)
        }
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let len = self.count()?;
        self.take(len)
    }

    pub(crate) fn str(&mut self) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| DecodeError::Utf8)
    }

    pub(crate) fn bool(&mut self) -> Result<bool, DecodeError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(DecodeError::NotCanonical("bool")),
        }
    }

    pub(crate) fn f64(&mut self) -> Result<f64, DecodeError> {
        let bits = u64::from_le_bytes(self.array()?);
        let value = f64::from_bits(bits);
        let canonical = canonical_f64(value).to_bits() == bits;
        if canonical {
            Ok(value)
        } else {
            Err(DecodeError::NotCanonical("float"))
        }
    }

    /// So many floats, each as by itself.
    pub(crate) fn f64s<const N: usize>(&mut self) -> Result<[f64; N], DecodeError> {
        let bytes = self.take(8 * N)?;
        let mut values = [0.0; N];
        let mut canonical = true;
        for (value, bytes) in values.iter_mut().zip(bytes.chunks_exact(8)) {
            let bits = u64::from_le_bytes(*bytes.first_chunk().ok_or(DecodeError::Truncated)?);
            *value = f64::from_bits(bits);
            canonical &= canonical_f64(*value).to_bits() == bits;
        }
        if canonical {
            Ok(values)
        } else {
            Err(DecodeError::NotCanonical("float"))
        }
    }

    pub(crate) fn f32(&mut self) -> Result<f32, DecodeError> {
        let bits = u32::from_le_bytes(self.array()?);
        let value = f32::from_bits(bits);
        let canonical = canonical_f32(value).to_bits() == bits;
        if canonical {
            Ok(value)
        } else {
            Err(DecodeError::NotCanonical("float"))
        }
    }

    pub(crate) fn replica_id(&mut self) -> Result<ReplicaId, DecodeError> {
        ReplicaId::new(u64::from_le_bytes(self.array()?)).ok_or(DecodeError::Range("replica id"))
    }

    pub(crate) fn instance_id(&mut self) -> Result<InstanceId, DecodeError> {
        InstanceId::from_bytes(self.array()?).ok_or(DecodeError::Range("instance id"))
    }

    pub(crate) fn stamp(&mut self) -> Result<Stamp, DecodeError> {
        if self.leaves {
            return self.whole_stamp();
        }
        let index =
            usize::try_from(self.varint()?).map_err(|_| DecodeError::Range("replica index"))?;
        match index.checked_sub(1) {
            Some(index) => self.stamp_of(index),
            None => Ok(Stamp::ORIGIN),
        }
    }

    /// A stamp of the replica at an index of the table.
    pub(crate) fn stamp_of(&mut self, index: usize) -> Result<Stamp, DecodeError> {
        let replica = *self
            .table()
            .get(index)
            .ok_or(DecodeError::Range("replica index"))?;
        if index > self.met.len() {
            return Err(DecodeError::NotCanonical("replica table"));
        }
        let before = self.varint()?;
        let time = match self.base.bits().checked_sub(before) {
            Some(time) if time > 0 => Hlc::from_bits(time),
            _ => return Err(DecodeError::Range("time")),
        };
        match self.met.get_mut(index) {
            Some(met) => *met = time.max(*met),
            None => self.met.push(time),
        }
        Ok(Stamp::new(time, replica))
    }

    /// Who wrote this, and the ticks that are its own; for the ops of a change.
    pub(crate) fn of_change(mut self, author: ReplicaId, ticks: u32) -> Self {
        self.author = Some(author);
        self.ticks = ticks;
        self
    }

    pub(crate) fn author(&self) -> Option<ReplicaId> {
        self.author
    }

    pub(crate) fn ticks(&self) -> u32 {
        self.ticks
    }

    pub(crate) fn base(&self) -> Hlc {
        self.base
    }

    /// The next so many characters of UTF-8.
    pub(crate) fn chars(&mut self, count: u32) -> Result<&'a str, DecodeError> {
        let mut end = 0;
        for _ in 0..count {
            end += match self.rest.get(end) {
                None => return Err(DecodeError::Truncated),
                Some(0..0x80) => 1,
                Some(0x80..0xe0) => 2,
                Some(0xe0..0xf0) => 3,
                Some(0xf0..) => 4,
            };
        }
        let text = std::str::from_utf8(self.take(end)?).map_err(|_| DecodeError::Utf8)?;
        Ok(text)
    }

    /// The greatest stamp met of each replica.
    pub(crate) fn met(&self) -> impl Iterator<Item = Stamp> + '_ {
        let table = self.table().iter().zip(&self.met);
        table.map(|(replica, time)| Stamp::new(*time, *replica))
    }

    /// The shape of the next row: a new one, or one that was defined before.
    pub(crate) fn shape(&mut self) -> Result<Shape<'a>, DecodeError> {
        let index = usize::try_from(self.varint()?).map_err(|_| DecodeError::Range("shape"))?;
        match index.checked_sub(1) {
            Some(index) => self.shapes.get(index, self.all),
            // A leaf leans on no other, so each shape is written out where it stands.
            None if self.leaves => Shapes::default().define(self, self.all),
            None => {
                let mut shapes = std::mem::take(&mut self.shapes);
                let shape = shapes.define(self, self.all);
                self.shapes = shapes;
                shape
            }
        }
    }

    /// Runs `inner` one orb deeper.
    pub(crate) fn row<R>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<R, DecodeError>,
    ) -> Result<R, DecodeError> {
        if self.rows >= MAX_ROWS {
            return Err(DecodeError::TooDeep);
        }
        self.rows += 1;
        let result = inner(self);
        self.rows -= 1;
        result
    }

    /// Runs `inner` inside a map of synchronised values.
    pub(crate) fn map<R>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<R, DecodeError>,
    ) -> Result<R, DecodeError> {
        self.maps += 1;
        let result = self.row(inner);
        self.maps -= 1;
        result
    }

    /// True inside a map of synchronised values.
    pub(crate) fn keyed(&self) -> bool {
        self.maps > 0
    }

    /// Runs `inner` one level of a value deeper.
    pub(crate) fn nested<R>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<R, DecodeError>,
    ) -> Result<R, DecodeError> {
        self.deeper(1, inner)
    }

    /// Runs `inner` so many levels of a value deeper.
    pub(crate) fn deeper<R>(
        &mut self,
        levels: usize,
        inner: impl FnOnce(&mut Self) -> Result<R, DecodeError>,
    ) -> Result<R, DecodeError> {
        if self.depth + levels > MAX_DEPTH {
            return Err(DecodeError::TooDeep);
        }
        self.depth += levels;
        let result = inner(self);
        self.depth -= levels;
        result
    }
}
