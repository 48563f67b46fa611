//! The walker's part for sequences and text: what their ops and states look like, checked before anything is applied.
//!
//! The tables of what is written stand in `super::wire`, `super::ops` and `super::state`.

use super::audit::Audit;
use super::column::Column;
use super::origin::Gone;
use super::wire::{self, Life, Name};
use crate::codec::{Dec, DecodeError, ValueKind, check_atoms, check_value};

type Result<T = ()> = std::result::Result<T, DecodeError>;

/// Walks the ops of a change on a sequence of values of this kind; none is text.
pub(crate) fn check_sequence_ops(input: &mut Dec<'_>, value: Option<&ValueKind>) -> Result {
    let head = input.varint()?;
    if head == 0 {
        return Err(DecodeError::NotCanonical("empty collection"));
    }
    let count = usize::try_from(head >> 2).map_err(|_| DecodeError::Range("count"))?;
    let segments = input.rest();
    wire::read_ops(input, count, |_| {})?;
    for skimmed in wire::skim(segments, count) {
        let skimmed = skimmed?;
        content(input, skimmed.life, skimmed.len, value)?;
    }
    if head & 1 == 1 {
        wire::read_deleted(input, |_, _| {})?;
    }
    if head & 2 == 2 {
        written(input, value, |input| {
            wire::read_name(input, input.base().bits())
        })?;
    }
    Ok(())
}

/// Walks the state of a sequence of values of this kind; none is text.
pub(crate) fn check_sequence_state(input: &mut Dec<'_>, value: Option<&ValueKind>) -> Result {
    let audit = Audit::read(input)?;
    let (mut segments, mut expected, mut dead) = (0, 0, 0);
    audit.lives(|life, len| {
        segments += 1;
        expected += u64::from(len) * u64::from(life == Life::Written);
        dead += u64::from(len) * u64::from(life == Life::Dead);
        content(input, life, len, value)
    })?;
    let keyed = input.keyed();
    let gone = Gone::decode(input, keyed)?;
    Column::read(input, dead, |_| {})?;
    let mut elements = 0;
    if let Some(value) = value {
        elements = input.count()?;
        let mut before = None;
        for _ in 0..elements {
            let (element, is_initial) = audit.item(input)?;
            let mut there = true;
            if !is_initial {
                expected = expected.wrapping_sub(1);
                there = audit.life(element)? == Life::Written;
            }
            if !there || before.is_some_and(|before| before >= element) {
                return Err(DecodeError::NotCanonical("written"));
            }
            before = Some(element);
            check_atoms(input, |input| check_value(input, value))?;
        }
    }
    if expected != 0 {
        return Err(DecodeError::NotCanonical("written"));
    }
    if segments == 0 && gone.is_empty() && elements == 0 {
        return Err(DecodeError::NotCanonical("empty collection"));
    }
    Ok(())
}

/// Walks what a change made and moved of items whose life is somebody else's.
pub(crate) fn check_positions_ops(input: &mut Dec<'_>) -> Result {
    let head = input.varint()?;
    if head == 0 || head & 3 != 0 {
        return Err(DecodeError::NotCanonical("items"));
    }
    let count = usize::try_from(head >> 2).map_err(|_| DecodeError::Range("count"))?;
    let mut last = Ok(());
    wire::read_ops(input, count, |segment| {
        last = last.clone().and(lasts(segment.life));
    })?;
    last
}

/// Walks the state of such items, and those that are named behind them, each with what follows it.
pub(crate) fn check_positions_state<'a>(
    input: &mut Dec<'a>,
    mut with: impl FnMut(&mut Dec<'a>) -> Result,
) -> Result {
    let (audit, mut segments) = (Audit::read(input)?, 0);
    audit.lives(|life, _| {
        segments += 1;
        lasts(life)
    })?;
    let (gone, named) = (input.varint()?, input.count()?);
    if gone != 0 || (segments == 0 && named == 0) {
        return Err(DecodeError::NotCanonical("items"));
    }
    let mut before = None;
    for _ in 0..named {
        let (item, is_initial) = audit.item(input)?;
        let there = is_initial || audit.life(item)? == Life::Content;
        if !there || before.is_some_and(|before| before >= item) {
            return Err(DecodeError::NotCanonical("items"));
        }
        before = Some(item);
        with(input)?;
    }
    Ok(())
}

/// Items in which something may be written are all there, or places of such.
fn lasts(life: Life) -> Result {
    match life {
        Life::Content | Life::Place => Ok(()),
        Life::Dead | Life::Written => Err(DecodeError::NotCanonical("items")),
    }
}

/// Walks the content of a segment, and sees to it that text has no elements that move or are written.
fn content(input: &mut Dec<'_>, life: Life, len: u32, value: Option<&ValueKind>) -> Result {
    match (life, value) {
        (Life::Dead, _) | (Life::Place | Life::Written, Some(_)) => Ok(()),
        (Life::Place | Life::Written, None) => Err(DecodeError::NotCanonical("text")),
        (Life::Content, None) => input.chars(len).map(drop),
        (Life::Content, Some(value)) => (0..len).try_for_each(|_| check_value(input, value)),
    }
}

/// Walks what was written: elements, ascending by stamp, each with its value.
fn written(
    input: &mut Dec<'_>,
    value: Option<&ValueKind>,
    mut name: impl FnMut(&mut Dec<'_>) -> Result<Name>,
) -> Result {
    let Some(value) = value else {
        return Err(DecodeError::NotCanonical("text"));
    };
    let mut before = None;
    let count = input.count()?;
    for _ in 0..count {
        let Name::Stamp(element) = wire::some_item(name(input)?)? else {
            return Err(DecodeError::NotCanonical("item"));
        };
        if before.is_some_and(|before| before >= (element.replica, element.time)) {
            return Err(DecodeError::NotCanonical("written"));
        }
        before = Some((element.replica, element.time));
        check_value(input, value)?;
    }
    if count == 0 {
        return Err(DecodeError::NotCanonical("empty collection"));
    }
    Ok(())
}
