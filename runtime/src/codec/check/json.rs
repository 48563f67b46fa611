//! The walker over documents.

use super::{ascending, check_dynamic, dots, some, stamps, writes};
use crate::codec::MAX_DEPTH;
use crate::codec::dec::{Dec, DecodeError};

type Result<T = ()> = std::result::Result<T, DecodeError>;

/// Walks the steps of a change.
pub(super) fn ops(input: &mut Dec<'_>) -> Result {
    let mut path: Vec<&str> = Vec::new();
    for _ in 0..some(input)? {
        read_path(input, &mut path)?;
        let header = input.varint()?;
        stamps(input, header >> 2, true)?;
        match header & 3 {
            0 | 2 => {}
            1 => input.deeper(path.len(), plain)?,
            _ => return Err(DecodeError::NotCanonical("step")),
        }
    }
    Ok(())
}

/// The path of a step, of which as much as possible is shared with the one before.
fn read_path<'a>(input: &mut Dec<'a>, path: &mut Vec<&'a str>) -> Result {
    let shared = usize::try_from(input.varint()?).map_err(|_| DecodeError::Range("path"))?;
    if shared > path.len() {
        return Err(DecodeError::Range("path"));
    }
    let next = path.get(shared).copied();
    path.truncate(shared);
    for index in 0..input.count()? {
        let key = input.str()?;
        if index == 0 && next == Some(key) {
            return Err(DecodeError::NotCanonical("path"));
        }
        if path.len() >= MAX_DEPTH {
            return Err(DecodeError::TooDeep);
        }
        path.push(key);
    }
    Ok(())
}

/// Walks what a state says of a place and of those below it.
pub(super) fn place(input: &mut Dec<'_>) -> Result {
    let flags = input.varint()?;
    if !(1..8).contains(&flags) {
        return Err(DecodeError::NotCanonical("place"));
    }
    if flags & 4 != 0 && input.keyed() {
        dots(input)?;
    }
    if flags & 1 != 0 {
        writes(input, plain)?;
    }
    if flags & 2 != 0 {
        let made = input.count()?;
        stamps(input, made as u64, false)?;
        let children = input.count()?;
        if made + children == 0 {
            return Err(DecodeError::NotCanonical("place"));
        }
        let mut before = None;
        for _ in 0..children {
            ascending(&mut before, input.str()?, "keys")?;
            input.nested(place)?;
        }
    }
    Ok(())
}

/// A value that is no map: a map is places of its own.
fn plain(input: &mut Dec<'_>) -> Result {
    match input.rest().first() {
        Some(7) => Err(DecodeError::NotCanonical("plain value")),
        _ => check_dynamic(input),
    }
}
