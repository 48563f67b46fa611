//! The walker: checks a whole body by its descriptors alone, before anything is applied.
//!
//! It is the one place that says what each kind looks like on the wire. Writers and readers of `crate::crdt` follow it.

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
/// | sequence, text | as `crate::crdt::sequence` says |
/// | orb | shape, then each field's ops |
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
/// | sequence, text | as `crate::crdt::sequence` says |
/// | orb | shape, then each field's state |
///
/// Inside a map of synchronised values a register, and each key of a map, has the last write of every replica: count, then stamps
/// with values; and a set's element that is out has the stamps that keep it out, after its dots.
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
        Kind::OrSet(value) => {
            let mut before = None;
            for _ in 0..some(input)? {
                ascending(&mut before, raw_value(input, value)?, "set")?;
                let header = header(input)?;
                stamps(input, header >> 1, false)?;
                if header & 1 == 1 && input.keyed() {
                    let marks = some(input)?;
                    stamps(input, marks as u64, false)?;
                }
            }
            Ok(())
        }
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
        Kind::Sequence(value) => check_sequence_state(input, Some(value)),
        Kind::Text => check_sequence_state(input, None),
        Kind::Orb => row(input, check_state),
    }
}

fn row(input: &mut Dec<'_>, field: fn(&mut Dec<'_>, &Kind) -> Result) -> Result {
    input.row(|input| {
        let shape = input.shape()?;
        shape.iter().try_for_each(|(_, kind)| field(input, kind))
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
        ValueKind::I32 => i32::try_from(input.zigzag()?)
            .map(drop)
            .map_err(|_| DecodeError::Range("i32")),
        ValueKind::I64 => i64::try_from(input.zigzag()?)
            .map(drop)
            .map_err(|_| DecodeError::Range("i64")),
        ValueKind::U32 => u32::try_from(input.varint()?)
            .map(drop)
            .map_err(|_| DecodeError::Range("u32")),
        ValueKind::U64 => input.varint().map(drop),
        ValueKind::F32 => input.f32().map(drop),
        ValueKind::F64 => input.f64().map(drop),
        ValueKind::String => input.str().map(drop),
        ValueKind::Vec3 => (0..3).try_for_each(|_| input.f64().map(drop)),
        ValueKind::Quat => {
            let [x, y, z, w] = [input.f64()?, input.f64()?, input.f64()?, input.f64()?];
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
mod tests {
    use super::*;
    use crate::Hlc;
    use crate::codec::write_varint;

    fn walk(kind: &Kind, state: bool, content: &[u8]) -> Result {
        let mut bytes = vec![0];
        bytes.extend_from_slice(content);
        let mut input = Dec::body(&bytes, Hlc::from_millis(1))?;
        let walker = if state { check_state } else { check_ops };
        walker(&mut input, kind)?;
        input.end()
    }

    #[test]
    fn only_one_form_of_a_value_is_accepted() {
        let float = |value: f64| value.to_bits().to_le_bytes();
        let register = Kind::LwwRegister(ValueKind::F64);
        assert_eq!(walk(&register, false, &float(1.5)), Ok(()));
        for wrong in [float(-0.0), (f64::NAN.to_bits() | 1).to_le_bytes()] {
            assert_eq!(
                walk(&register, false, &wrong),
                Err(DecodeError::NotCanonical("float"))
            );
        }
        let integer = Kind::LwwRegister(ValueKind::U64);
        assert_eq!(
            walk(&integer, false, &[0x80, 0]),
            Err(DecodeError::NotCanonical("integer"))
        );
        let mut beyond = Vec::new();
        write_varint(&mut beyond, u64::from(u32::MAX) + 1);
        let small = Kind::LwwRegister(ValueKind::U32);
        assert_eq!(walk(&small, false, &beyond), Err(DecodeError::Range("u32")));
        let half_a_turn: Vec<u8> = [0.0, 0.5, 0.0, 0.0].into_iter().flat_map(float).collect();
        let turn = Kind::LwwRegister(ValueKind::Quat);
        assert_eq!(
            walk(&turn, false, &half_a_turn),
            Err(DecodeError::NotCanonical("rotation"))
        );
    }

    #[test]
    fn collections_are_sorted_and_say_something() {
        let set = Kind::OrSet(ValueKind::Bool);
        // Elements whose initial atom was cut: value, then 1.
        assert_eq!(walk(&set, true, &[2, 0, 1, 1, 1]), Ok(()));
        assert_eq!(
            walk(&set, true, &[2, 1, 1, 0, 1]),
            Err(DecodeError::NotCanonical("set"))
        );
        assert_eq!(
            walk(&set, true, &[0]),
            Err(DecodeError::NotCanonical("empty collection"))
        );
        assert_eq!(
            walk(&set, true, &[1, 1, 0]),
            Err(DecodeError::NotCanonical("entry"))
        );
        // An orb's shape ascends by id, and is said once.
        let counters = |ids: [u8; 2]| [0, 2, ids[0], 2, ids[1], 2, 7, 7];
        assert_eq!(walk(&Kind::Orb, false, &counters([1, 1])), Ok(()));
        assert_eq!(
            walk(&Kind::Orb, false, &counters([1, 0])),
            Err(DecodeError::NotCanonical("shape"))
        );
        assert_eq!(
            walk(&Kind::Orb, false, &counters([0, 1])),
            Err(DecodeError::NotCanonical("shape"))
        );
    }
}
