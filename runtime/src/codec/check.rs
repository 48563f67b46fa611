//! The walker: checks a whole body by its descriptors alone, before anything is applied.
//!
//! It is the one place that says what each kind looks like on the wire. Writers and readers of `crate::crdt` follow it.

mod json;

use super::dec::{Dec, DecodeError};
use super::kind::{Kind, ValueKind};
use crate::crdt::{check_sequence_ops, check_sequence_state};
use crate::value::{Element, Quat};

type Result<T = ()> = std::result::Result<T, DecodeError>;

/// Walks the ops of one change on something of this kind.
///
/// | kind | ops |
/// |---|---|
/// | register | value |
/// | counter | the author's new total |
/// | set | count, then per element: value, 2 × cut stamps + added, cut stamps |
/// | map | count, then per key: key, 0 or 1 and value |
/// | map of synchronised values | count, then per key: key, 4 × cut stamps + 2 × inner ops + created, cut stamps, inner ops |
/// | set that only grows | count, then the elements |
/// | set of two phases | count, then per element: value, 1 came or 2 went, inside a map of synchronised values also 3 both |
/// | register of all concurrent values | value, cut stamps with their count |
/// | document | count, then per list, by path: path, items made and moved; count, then per step: path, 4 × cut stamps + 0 nothing, 1 plain value, 2 map, 3 list, cut stamps, plain value |
/// | sequence, text | as `crate::crdt::sequence` says |
/// | orb | shape, then each field's ops |
///
/// A path in a document is how many keys it shares with the path before, and the further keys with their count; a key is 1 + its length
/// and the text, or 0 and the name of an item (`crate::crdt::json`). Items made and moved are written as a sequence's are.
pub(crate) fn check_ops(input: &mut Dec<'_>, kind: &Kind) -> Result {
    match kind {
        Kind::LwwRegister(value) => check_value(input, value),
        Kind::GCounter | Kind::PnCounter => total(input, kind),
        Kind::OrSet(value) => {
            for _ in 0..some(input)? {
                check_value(input, value)?;
                let header = header(input)?;
                stamps(input, header >> 1, true)?;
            }
            Ok(())
        }
        Kind::LwwMap(key, value) => {
            for _ in 0..some(input)? {
                check_value(input, key)?;
                if input.bool()? {
                    check_value(input, value)?;
                }
            }
            Ok(())
        }
        Kind::OrMap(key, value) => input.map(|input| {
            for _ in 0..some(input)? {
                check_value(input, key)?;
                let header = header(input)?;
                stamps(input, header >> 2, false)?;
                if header & 2 == 2 {
                    check_ops(input, value)?;
                }
            }
            Ok(())
        }),
        Kind::GSet(value) => (0..some(input)?).try_for_each(|_| check_value(input, value)),
        Kind::TwoPSet(value) => (0..some(input)?).try_for_each(|_| {
            check_value(input, value)?;
            match input.u8()? {
                1 | 2 => Ok(()),
                3 if input.keyed() => Ok(()),
                _ => Err(DecodeError::NotCanonical("entry")),
            }
        }),
        Kind::MvRegister(value) => {
            check_value(input, value)?;
            let count = input.count()?;
            stamps(input, count as u64, false)
        }
        Kind::JsonDoc => json::ops(input),
        Kind::Sequence(value) => check_sequence_ops(input, Some(value)),
        Kind::Text => check_sequence_ops(input, None),
        Kind::Orb => row(input, check_ops),
    }
}

/// Walks the state of something of this kind, which is not in its initial state.
///
/// | kind | state |
/// |---|---|
/// | register | stamp, value |
/// | counter | count, then per replica: stamp, total |
/// | set | count, then per element in byte order: value, 2 × dots + origin cut, dots |
/// | map | count, then per key in byte order: key, stamp, 0 or 1 and value |
/// | map of synchronised values | count, then per key in byte order: key, 2 × dots + inner state, dots, inner state |
/// | set that only grows | count, then the elements in byte order |
/// | set of two phases | count, then per element in byte order: value, 0 in or 1 out |
/// | register of all concurrent values | count, then per replica: stamp, value |
/// | document | 1 plain values + 2 map + 4 initial gone + 8 list; inside a map of synchronised values who took it away; plain values as a register's writes; who made the map, then count and per key in order: key, place; who made the list, then 0, or 1 and items as a sequence's, count and per item in order: name, place |
/// | sequence, text | as `crate::crdt::sequence` says |
/// | orb | shape, then each field's state |
///
/// Inside a map of synchronised values a register, and each key of a map, has the last write of every replica: count, then stamps
/// with values; and a set's element that is out has the stamps that keep it out, after its dots. The sets that nothing comes
/// back to, which have no stamps outside, have them there as other sets do; of one that only grows each element has some.
pub(crate) fn check_state(input: &mut Dec<'_>, kind: &Kind) -> Result {
    match kind {
        Kind::LwwRegister(value) => check_atoms(input, |input| check_value(input, value)),
        Kind::GCounter | Kind::PnCounter => {
            let mut before = None;
            for _ in 0..some(input)? {
                let replica = written(input)?;
                ascending(&mut before, replica, "counter")?;
                total(input, kind)?;
            }
            Ok(())
        }
        Kind::OrSet(value) => set(input, value, |input| {
            let header = header(input)?;
            stamps(input, header >> 1, false)?;
            if header & 1 == 1 && input.keyed() {
                dots(input)?;
            }
            Ok(())
        }),
        Kind::GSet(value) => set(input, value, |input| match input.keyed() {
            true => dots(input),
            false => Ok(()),
        }),
        Kind::TwoPSet(value) => set(input, value, |input| {
            if !input.keyed() {
                return input.bool().map(drop);
            }
            let header = header(input)?;
            stamps(input, header >> 1, false)?;
            if header & 1 == 1 { dots(input) } else { Ok(()) }
        }),
        Kind::MvRegister(value) => writes(input, |input| check_value(input, value)),
        Kind::LwwMap(key, value) => {
            let mut before = None;
            for _ in 0..some(input)? {
                ascending(&mut before, raw_value(input, key)?, "map")?;
                check_atoms(input, |input| {
                    if input.bool()? {
                        check_value(input, value)?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        }
        Kind::OrMap(key, value) => input.map(|input| {
            let mut before = None;
            for _ in 0..some(input)? {
                ascending(&mut before, raw_value(input, key)?, "map")?;
                let header = header(input)?;
                stamps(input, header >> 1, false)?;
                if header & 1 == 1 {
                    check_state(input, value)?;
                }
            }
            Ok(())
        }),
        Kind::JsonDoc | Kind::Sequence(_) | Kind::Text if input.in_leaves() => {
            input.own_body(|body| check_state(body, kind))
        }
        Kind::JsonDoc => json::place(input),
        Kind::Sequence(value) => check_sequence_state(input, Some(value)),
        Kind::Text => check_sequence_state(input, None),
        Kind::Orb => row(input, check_state),
    }
}

/// Elements in byte order, each with what keeps it in or out.
fn set(
    input: &mut Dec<'_>,
    value: &ValueKind,
    mut rest: impl FnMut(&mut Dec<'_>) -> Result,
) -> Result {
    let mut before = None;
    for _ in 0..some(input)? {
        ascending(&mut before, raw_value(input, value)?, "set")?;
        rest(input)?;
    }
    Ok(())
}

/// Some stamps with their count.
fn dots(input: &mut Dec<'_>) -> Result {
    let count = some(input)?;
    stamps(input, count as u64, false)
}

fn row(input: &mut Dec<'_>, field: fn(&mut Dec<'_>, &Kind) -> Result) -> Result {
    input.row(|input| {
        let shape = input.shape()?;
        shape.each(|_, kind| field(input, kind))
    })
}

/// The writes of one place: one, or inside a map of synchronised values the last of every replica.
pub(crate) fn check_atoms(
    input: &mut Dec<'_>,
    mut value: impl FnMut(&mut Dec<'_>) -> Result,
) -> Result {
    if !input.keyed() {
        written(input)?;
        return value(input);
    }
    writes(input, value)
}

/// The last write of each of some replicas.
fn writes(input: &mut Dec<'_>, mut value: impl FnMut(&mut Dec<'_>) -> Result) -> Result {
    let mut before = None;
    for _ in 0..some(input)? {
        let replica = written(input)?;
        ascending(&mut before, replica, "writes")?;
        value(input)?;
    }
    Ok(())
}

/// A count that is not zero: what has nothing to say is left out.
fn some(input: &mut Dec<'_>) -> Result<usize> {
    match input.count()? {
        0 => Err(DecodeError::NotCanonical("empty collection")),
        count => Ok(count),
    }
}

fn header(input: &mut Dec<'_>) -> Result<u64> {
    match input.varint()? {
        0 => Err(DecodeError::NotCanonical("entry")),
        header => Ok(header),
    }
}

fn total(input: &mut Dec<'_>, kind: &Kind) -> Result {
    match kind {
        Kind::GCounter => input.varint().map(drop),
        _ => i64::try_from(input.zigzag()?)
            .map(drop)
            .map_err(|_| DecodeError::Range("total")),
    }
}

fn written(input: &mut Dec<'_>) -> Result<crate::ReplicaId> {
    input
        .stamp()?
        .replica
        .ok_or(DecodeError::NotCanonical("origin stamp"))
}

/// Stamps strictly ascending by replica, with the origin first where it may stand.
fn stamps(input: &mut Dec<'_>, count: u64, origin: bool) -> Result {
    let mut before = None;
    for _ in 0..count {
        let replica = input.stamp()?.replica;
        if replica.is_none() && !origin {
            return Err(DecodeError::NotCanonical("origin stamp"));
        }
        ascending(&mut before, replica, "stamps")?;
    }
    Ok(())
}

fn ascending<T: PartialOrd>(before: &mut Option<T>, next: T, what: &'static str) -> Result {
    if before.as_ref().is_some_and(|before| *before >= next) {
        return Err(DecodeError::NotCanonical(what));
    }
    *before = Some(next);
    Ok(())
}

/// The bytes of the next value.
pub(crate) fn raw_value<'a>(input: &mut Dec<'a>, kind: &ValueKind) -> Result<&'a [u8]> {
    let all = input.rest();
    check_value(input, kind)?;
    Ok(&all[..all.len() - input.rest().len()])
}

/// Walks one value.
pub(crate) fn check_value(input: &mut Dec<'_>, kind: &ValueKind) -> Result {
    match kind {
        ValueKind::Bool => input.bool().map(drop),
        ValueKind::I32 => i32::try_from(input.zigzag64("i32")?)
            .map(drop)
            .map_err(|_| DecodeError::Range("i32")),
        ValueKind::I64 => input.zigzag64("i64").map(drop),
        ValueKind::U32 => u32::try_from(input.varint()?)
            .map(drop)
            .map_err(|_| DecodeError::Range("u32")),
        ValueKind::U64 => input.varint().map(drop),
        ValueKind::F32 => input.f32().map(drop),
        ValueKind::F64 => input.f64().map(drop),
        ValueKind::String => input.str().map(drop),
        ValueKind::Vec3 => input.f64s::<3>().map(drop),
        ValueKind::Quat => {
            let [x, y, z, w] = input.f64s()?;
            let quat = Quat::new(x, y, z, w);
            if quat.same(&quat.canonical()) {
                Ok(())
            } else {
                Err(DecodeError::NotCanonical("rotation"))
            }
        }
        ValueKind::Color => input.array::<4>().map(drop),
        ValueKind::ReplicaId => input.replica_id().map(drop),
        ValueKind::Option(inner) => {
            if input.bool()? {
                check_value(input, inner)?;
            }
            Ok(())
        }
        ValueKind::List(inner) => (0..input.count()?).try_for_each(|_| check_value(input, inner)),
        ValueKind::InstanceId => input.instance_id().map(drop),
        ValueKind::Value => check_dynamic(input),
    }
}

/// Walks a tagged value; its form is the one of `crate::value::Value`.
fn check_dynamic(input: &mut Dec<'_>) -> Result {
    match input.u8()? {
        0..=2 => Ok(()),
        3 => check_value(input, &ValueKind::I64),
        4 => check_value(input, &ValueKind::F64),
        5 => check_value(input, &ValueKind::String),
        6 => input.nested(|input| {
            let count = input.count()?;
            (0..count).try_for_each(|_| check_dynamic(input))
        }),
        7 => input.nested(|input| {
            let mut before = None;
            for _ in 0..input.count()? {
                ascending(&mut before, input.str()?, "map value")?;
                check_dynamic(input)?;
            }
            Ok(())
        }),
        tag => Err(DecodeError::UnknownTag { what: "value", tag }),
    }
}

#[cfg(test)]
mod tests;
