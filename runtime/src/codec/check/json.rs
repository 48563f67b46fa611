//! The walker over documents.

use super::{ascending, check_dynamic, dots, stamps, writes};
use crate::codec::dec::{Dec, DecodeError};
use crate::crdt::{JsonStep, check_positions_ops, check_positions_state, read_json_path};

type Result<T = ()> = std::result::Result<T, DecodeError>;

/// Walks what a change did: the items that it made and moved, list by list, and its steps.
pub(super) fn ops(input: &mut Dec<'_>) -> Result {
    let mut path: Vec<JsonStep> = Vec::new();
    let (lists, mut before) = (input.count()?, None);
    for _ in 0..lists {
        read_json_path(input, &mut path)?;
        ascending(&mut before, path.clone(), "lists")?;
        check_positions_ops(input)?;
    }
    let steps = input.count()?;
    if lists + steps == 0 {
        return Err(DecodeError::NotCanonical("empty collection"));
    }
    for _ in 0..steps {
        read_json_path(input, &mut path)?;
        let header = input.varint()?;
        stamps(input, header >> 2, true)?;
        if header & 3 == 1 {
            plain(input)?;
        }
    }
    Ok(())
}

/// Walks what a state says of a place and of those below it.
pub(super) fn place(input: &mut Dec<'_>) -> Result {
    let flags = input.varint()?;
    if !(1..16).contains(&flags) {
        return Err(DecodeError::NotCanonical("place"));
    }
    if flags & 4 != 0 && input.keyed() {
        dots(input)?;
    }
    if flags & 1 != 0 {
        writes(input, plain)?;
    }
    if flags & 2 != 0 {
        let made = makers(input)?;
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
    if flags & 8 != 0 {
        let made = makers(input)?;
        match (input.bool()?, made) {
            (true, _) => check_positions_state(input, |input| input.nested(place))?,
            (false, 0) => return Err(DecodeError::NotCanonical("place")),
            (false, _) => {}
        }
    }
    Ok(())
}

/// Those who made a map or a list; how many.
fn makers(input: &mut Dec<'_>) -> Result<usize> {
    let made = input.count()?;
    stamps(input, made as u64, false)?;
    Ok(made)
}

/// A value that is no map and no list: those are places of their own.
fn plain(input: &mut Dec<'_>) -> Result {
    match input.rest().first() {
        Some(6 | 7) => Err(DecodeError::NotCanonical("plain value")),
        _ => check_dynamic(input),
    }
}
