//! The canonical binary encoding: one sequence of bytes for one meaning, and everything else refused.
//!
//! Integers are little-endian base-128 (LEB128) in their shortest form, signed ones zigzag first. A body is a table of the
//! replicas it names, in order of first use, and then the content. What a CRDT writes is its own affair (`crate::crdt`);
//! here live the primitives, the descriptors of types and the walker that checks a body before anything is applied.

mod check;
mod dec;
mod enc;
mod kind;
mod shape;

pub(crate) use check::{check_atoms, check_ops, check_state, check_value, raw_value};
pub use dec::{Dec, DecodeError};
pub use enc::Enc;
pub(crate) use enc::{Leaves, Mode, write_bytes, write_f64, write_varint, write_zigzag};
pub use kind::{Kind, ValueKind};

/// Values may nest this deep, wherever they are held.
pub(crate) const MAX_DEPTH: usize = 64;

/// Orbs may nest this deep in each other.
pub(crate) const MAX_ROWS: usize = 16;

/// A body may name this many replicas.
pub(crate) const MAX_REPLICAS: usize = 65_536;

/// A body is at most this long.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// A checksum that tells damaged bytes from intact ones. It does not protect against forgery.
fn checksum(bytes: &[u8]) -> [u8; 4] {
    let hash = xxhash_rust::xxh3::xxh3_64(bytes);
    let [a, b, c, d, ..] = hash.to_le_bytes();
    [a, b, c, d]
}

/// Ends an envelope: what is stored or sent as a unit begins with its format and ends with a checksum.
pub(crate) fn close(mut out: Vec<u8>) -> Vec<u8> {
    let sum = checksum(&out);
    out.extend_from_slice(&sum);
    out
}

/// A reader of what is inside an envelope of this format.
pub(crate) fn open<'a>(
    bytes: &'a [u8],
    format: u8,
    what: &'static str,
) -> Result<Dec<'a>, DecodeError> {
    let (content, sum) = bytes
        .split_last_chunk::<4>()
        .ok_or(DecodeError::Truncated)?;
    if checksum(content) != *sum {
        return Err(DecodeError::Damaged);
    }
    let mut input = Dec::plain(content);
    match input.u8()? {
        tag if tag == format => Ok(input),
        tag => Err(DecodeError::UnknownTag { what, tag }),
    }
}

#[cfg(test)]
mod tests;
