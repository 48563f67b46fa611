//! [`Shape`]: the fields of a row as a body describes them, at first use, and refers to them afterwards.
//!
//! A body may describe very many, in two bytes a field. Hence no more is kept of a shape than where it stands, but for the
//! first few, which is all that an honest body has. What the fields hold is not known here.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::dec::{Dec, DecodeError};
use super::kind::Kind;

/// So many bytes of shapes are kept as they were read.
const KEPT: usize = 512;

/// The fields of a row: ids with what holds each, strictly ascending by both.
#[derive(Clone, Debug)]
pub(crate) enum Shape<'a> {
    Kept(Arc<[(u32, Kind)]>),
    /// The number of fields, and the bytes where they begin.
    Told(usize, &'a [u8]),
}

impl Shape<'_> {
    /// Calls with id and kind of each field.
    pub(crate) fn each(
        &self,
        mut field: impl FnMut(u32, &Kind) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        match self {
            Self::Kept(fields) => fields.iter().try_for_each(|(id, kind)| field(*id, kind)),
            Self::Told(count, bytes) => {
                read_fields(&mut Dec::plain(bytes), *count, |id, kind| field(id, &kind))
            }
        }
    }

    /// Those of some fields, in the same order, that are not in it.
    pub(crate) fn lacks(&self, fields: Vec<(u32, Kind)>) -> Result<Vec<(u32, Kind)>, DecodeError> {
        let mut lacking = Vec::new();
        let mut fields = fields.into_iter().peekable();
        self.each(|id, kind| {
            while let Some(field) = fields.next_if(|field| (field.0, &field.1) < (id, kind)) {
                lacking.push(field);
            }
            fields.next_if(|field| (field.0, &field.1) == (id, kind));
            Ok(())
        })?;
        lacking.extend(fields);
        Ok(lacking)
    }
}

/// The shapes of a body, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Shapes {
    /// Where each begins.
    starts: Vec<u32>,
    kept: Vec<Arc<[(u32, Kind)]>>,
    /// How many bytes the kept ones take there.
    bytes: usize,
    /// Their numbers, by their bytes.
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Shapes {
    /// The shape with a number; `all` is the body.
    pub(super) fn get<'a>(&self, index: usize, all: &'a [u8]) -> Result<Shape<'a>, DecodeError> {
        if let Some(kept) = self.kept.get(index) {
            return Ok(Shape::Kept(kept.clone()));
        }
        let range = DecodeError::Range("shape");
        let start = *self.starts.get(index).ok_or(range)?;
        let mut input = Dec::plain(&all[start as usize..]);
        let count = input.count()?;
        Ok(Shape::Told(count, input.rest()))
    }

    /// Reads a new shape, which must not be there yet.
    pub(super) fn define<'a>(
        &mut self,
        input: &mut Dec<'a>,
        all: &'a [u8],
    ) -> Result<Shape<'a>, DecodeError> {
        let start = all.len() - input.rest().len();
        let number = u32::try_from(self.starts.len()).map_err(|_| DecodeError::Range("shape"))?;
        let count = input.count()?;
        let rest = input.rest();
        let mut before: Option<(u32, Kind)> = None;
        read_fields(input, count, |id, kind| {
            let field = (id, kind);
            if id == 0 || before.as_ref().is_some_and(|before| *before >= field) {
                return Err(DecodeError::NotCanonical("shape"));
            }
            before = Some(field);
            Ok(())
        })?;
        let end = all.len() - input.rest().len();
        if count == 0 || !self.note(number, start, end, all) {
            return Err(DecodeError::NotCanonical("shape"));
        }
        let keeps = self.kept.len() == self.starts.len() && self.bytes + (end - start) <= KEPT;
        let first = u32::try_from(start).map_err(|_| DecodeError::Range("shape"))?;
        self.starts.push(first);
        if !keeps {
            return Ok(Shape::Told(count, rest));
        }
        let mut fields = Vec::with_capacity(count);
        read_fields(&mut Dec::plain(rest), count, |id, kind| {
            fields.push((id, kind));
            Ok(())
        })?;
        self.bytes += end - start;
        let kept: Arc<[(u32, Kind)]> = fields.into();
        self.kept.push(kept.clone());
        Ok(Shape::Kept(kept))
    }

    /// Notes what bytes a shape has; false when they were there before.
    fn note(&mut self, number: u32, start: usize, end: usize, all: &[u8]) -> bool {
        let (starts, hasher) = (&self.starts, &self.hasher);
        let bytes = &all[start..end];
        // A shape says itself where it ends, so no two of different length begin alike.
        let same = |held: &u32| {
            let held = starts.get(*held as usize).map(|start| *start as usize);
            held.is_some_and(|held| all[held..].starts_with(bytes))
        };
        let hash = hasher.hash_one(bytes);
        if self.known.find(hash, same).is_some() {
            return false;
        }
        let rehash = |held: &u32| {
            let start = starts
                .get(*held as usize)
                .map_or(0, |start| *start as usize);
            hasher.hash_one(first_of(&all[start..]))
        };
        self.known.insert_unique(hash, number, rehash);
        true
    }
}

/// The bytes of the shape at the front.
fn first_of(bytes: &[u8]) -> &[u8] {
    let mut input = Dec::plain(bytes);
    let read = input
        .count()
        .and_then(|count| read_fields(&mut input, count, |_, _| Ok(())));
    debug_assert!(read.is_ok(), "a shape that was read before: {read:?}");
    &bytes[..bytes.len() - input.rest().len()]
}

fn read_fields(
    input: &mut Dec<'_>,
    count: usize,
    mut field: impl FnMut(u32, Kind) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let mut id = 0u32;
    for _ in 0..count {
        let step = u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("field id"))?;
        id = id.checked_add(step).ok_or(DecodeError::Range("field id"))?;
        field(id, Kind::decode(input)?)?;
    }
    Ok(())
}
