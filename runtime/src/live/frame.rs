//! [`Frame`]: what one sender's fast fields are now, as bytes. A frame stands by itself: whoever missed others reads it.
//!
//! Only the form: what a frame does to what is shown is decided in `super::applying`. Byte by byte:
//!
//! ```text
//! frame  := version u8 (1), sender 8 bytes, session 8 bytes, flags u8 (1: complete), tick - session varint, at varint,
//!           count varint, group*, count varint, name*, count varint, want*
//! group  := frame tick - tick varint, frame at - at varint, epoch varint, flags u8 (1: jump),
//!           count varint, (path: count varint, id varint*; form)*, columns
//! form   := 0 raw | 1 number | 3 vector, in millimetres | 2, 4 the same with a step f64 | 5 rotation, bits u8
//! columns:= count varint, first number varint, last - first varint, (base zigzag, width u8)* a column,
//!           length varint, bits: for each entity its gap by Rice code and its values, to a whole byte
//! name   := number - number before varint, bytes shared with the name before varint, other bytes
//! want   := sender 8 bytes, session 8 bytes, count varint, number - number before varint*
//! ```
//! All integers are little-endian; sizes, orders and widths are the least that do, and anything else is refused.

use std::sync::Arc;

use super::columns;
use super::form::{Cell, Form};
use crate::codec::{Dec, write_bytes, write_varint};
use crate::{DecodeError, Hlc, ReplicaId};

/// A frame is at most this long.
pub const MAX_FRAME: usize = 64 << 10;
/// Bytes of a value that is no number.
pub(super) const MAX_RAW: usize = 1_024;
/// The way to an entity is at most this long.
pub(super) const MAX_WAY: usize = 2_048;
/// Values in one frame.
pub(super) const MAX_CELLS: usize = 65_536;
/// Parts of a path to a field, or steps of a way.
pub(super) const MAX_STEPS: usize = 16;

const VERSION: u8 = 1;

/// The ids of the fields that lead from an entity to one of its live fields.
pub(super) type Path = Box<[u32]>;

/// What one sender's fast fields are now.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) sender: ReplicaId,
    /// The first tick of the sender's session.
    pub(super) session: Hlc,
    /// True when everything that moved since it was last sent is in here, so that the rest stands still.
    pub(super) complete: bool,
    /// The greatest tick in it.
    pub(super) tick: Hlc,
    /// The sender's time in milliseconds.
    pub(super) at: u64,
    pub(super) groups: Vec<Group>,
    /// What numbers stand for, ascending: the way to the entity.
    pub(super) names: Vec<(u32, Arc<[u8]>)>,
    /// Numbers that somebody else has to name.
    pub(super) wants: Vec<Want>,
}

/// Entities whose same fields were set at one time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) tick: Hlc,
    pub(super) at: u64,
    pub(super) epoch: u32,
    /// True when the values are not reached on a way from those before.
    pub(super) jump: bool,
    pub(super) fields: Vec<(Path, Form)>,
    /// The numbers of the entities, ascending.
    pub(super) numbers: Vec<u32>,
    /// Their values, entity by entity. Of a raw field the first part says which of `raws` it is.
    pub(super) cells: Vec<Cell>,
    pub(super) raws: Vec<Arc<[u8]>>,
}

/// Numbers of a sender's session that are not known here.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Want {
    pub(super) sender: ReplicaId,
    pub(super) session: Hlc,
    pub(super) numbers: Vec<u32>,
}

impl Group {
    /// One of nothing yet: its tick, time, epoch and whether it jumps; then its fields.
    pub(super) fn new(set: (Hlc, u64, u32, bool), fields: Vec<(Path, Form)>) -> Self {
        let (tick, at, epoch, jump) = set;
        Self {
            tick,
            at,
            epoch,
            jump,
            fields,
            numbers: Vec::new(),
            cells: Vec::new(),
            raws: Vec::new(),
        }
    }

    /// The order of groups in a frame: the newest first.
    pub(super) fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |it: &Self| (std::cmp::Reverse((it.tick, it.at)), it.epoch, it.jump);
        let paths = |it: &Self| {
            it.fields
                .iter()
                .map(|(path, _)| path.clone())
                .collect::<Vec<_>>()
        };
        let first = |it: &Self| it.numbers.first().copied();
        let keys = key(self).cmp(&key(other));
        keys.then_with(|| paths(self).cmp(&paths(other)))
            .then_with(|| first(self).cmp(&first(other)))
    }
}

impl Frame {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1_400);
        out.push(VERSION);
        out.extend_from_slice(&self.sender.get().to_le_bytes());
        out.extend_from_slice(&self.session.bits().to_le_bytes());
        out.push(u8::from(self.complete));
        write_varint(
            &mut out,
            self.tick.bits().saturating_sub(self.session.bits()),
        );
        write_varint(&mut out, self.at);
        write_varint(&mut out, self.groups.len() as u64);
        for group in &self.groups {
            self.encode_group(group, &mut out);
        }
        write_varint(&mut out, self.names.len() as u64);
        let (mut last, mut way): (u32, &[u8]) = (0, &[]);
        for (number, name) in &self.names {
            write_varint(&mut out, u64::from(number - last));
            let shared = way
                .iter()
                .zip(name.iter())
                .take_while(|(a, b)| a == b)
                .count();
            write_varint(&mut out, shared as u64);
            write_bytes(&mut out, &name[shared..]);
            (last, way) = (*number, name);
        }
        write_varint(&mut out, self.wants.len() as u64);
        for want in &self.wants {
            out.extend_from_slice(&want.sender.get().to_le_bytes());
            out.extend_from_slice(&want.session.bits().to_le_bytes());
            write_varint(&mut out, want.numbers.len() as u64);
            let mut last = 0;
            for number in &want.numbers {
                write_varint(&mut out, u64::from(number - last));
                last = *number;
            }
        }
        out
    }

    fn encode_group(&self, group: &Group, out: &mut Vec<u8>) {
        write_varint(out, self.tick.bits().saturating_sub(group.tick.bits()));
        write_varint(out, self.at.saturating_sub(group.at));
        write_varint(out, u64::from(group.epoch));
        out.push(u8::from(group.jump));
        write_varint(out, group.fields.len() as u64);
        for (path, form) in &group.fields {
            write_varint(out, path.len() as u64);
            path.iter().for_each(|id| write_varint(out, u64::from(*id)));
            form.encode(out);
        }
        columns::encode(group, out);
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_FRAME {
            return Err(DecodeError::TooLong {
                what: "live frame",
                len: bytes.len(),
                max: MAX_FRAME,
            });
        }
        let mut input = Dec::plain(bytes);
        match input.u8()? {
            VERSION => {}
            tag => {
                let what = "live frame";
                return Err(DecodeError::UnknownTag { what, tag });
            }
        }
        let sender = input.replica_id()?;
        let session = Hlc::from_bits(u64::from_le_bytes(input.array()?));
        let complete = input.bool()?;
        let tick = session.checked_add(input.varint()?);
        let mut frame = Self {
            sender,
            session,
            complete,
            tick: tick.ok_or(DecodeError::Range("tick"))?,
            at: input.varint()?,
            groups: Vec::new(),
            names: Vec::new(),
            wants: Vec::new(),
        };
        if frame.at > 1 << 60 {
            return Err(DecodeError::Range("time"));
        }
        let mut cells = 0;
        for _ in 0..input.count()? {
            let group = frame.decode_group(&mut cells, &mut input)?;
            let ascends = frame
                .groups
                .last()
                .is_none_or(|last| last.order(&group).is_lt());
            if !ascends {
                return Err(DecodeError::NotCanonical("order of groups"));
            }
            frame.groups.push(group);
        }
        frame.decode_names(&mut input)?;
        for _ in 0..input.count()? {
            frame.wants.push(decode_want(&mut input)?);
        }
        match input.rest().len() {
            0 => Ok(frame),
            left => Err(DecodeError::Trailing(left)),
        }
    }

    fn decode_group(&self, cells: &mut usize, input: &mut Dec<'_>) -> Result<Group, DecodeError> {
        let tick = self.tick.bits().checked_sub(input.varint()?);
        let tick = tick.filter(|tick| *tick >= self.session.bits());
        let at = self.at.checked_sub(input.varint()?);
        let epoch = u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("epoch"))?;
        let tick = Hlc::from_bits(tick.ok_or(DecodeError::Range("tick"))?);
        let at = at.ok_or(DecodeError::Range("time"))?;
        let mut group = Group::new((tick, at, epoch, input.bool()?), Vec::new());
        for _ in 0..input.count()? {
            let steps = input.count()?;
            if steps == 0 || steps > MAX_STEPS {
                return Err(DecodeError::Range("path of a live field"));
            }
            let id = |_| u32::try_from(input.varint()?).map_err(|_| DecodeError::Range("field"));
            let path = (0..steps).map(id).collect::<Result<Path, _>>()?;
            group.fields.push((path, Form::decode(input)?));
        }
        if group.fields.is_empty() || !group.fields.is_sorted_by(|(a, _), (b, _)| a < b) {
            return Err(DecodeError::NotCanonical("fields of a group"));
        }
        columns::decode(&mut group, cells, input)?;
        Ok(group)
    }

    fn decode_names(&mut self, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let mut way: Vec<u8> = Vec::new();
        let mut last = None;
        for _ in 0..input.count()? {
            let number = next_number(&mut last, input)?;
            let shared = usize::try_from(input.varint()?).unwrap_or(usize::MAX);
            let other = input.bytes()?;
            let repeats = way
                .get(shared)
                .is_some_and(|next| other.first() == Some(next));
            if shared > way.len() || repeats || shared + other.len() > MAX_WAY {
                return Err(DecodeError::NotCanonical("name of an entity"));
            }
            way.truncate(shared);
            way.extend_from_slice(other);
            self.names.push((number, way.as_slice().into()));
        }
        Ok(())
    }
}

fn decode_want(input: &mut Dec<'_>) -> Result<Want, DecodeError> {
    let sender = input.replica_id()?;
    let session = Hlc::from_bits(u64::from_le_bytes(input.array()?));
    let (mut numbers, mut last) = (Vec::new(), None);
    for _ in 0..input.count()? {
        numbers.push(next_number(&mut last, input)?);
    }
    Ok(Want {
        sender,
        session,
        numbers,
    })
}

/// A number greater than the last, which only the first may equal zero.
fn next_number(last: &mut Option<u32>, input: &mut Dec<'_>) -> Result<u32, DecodeError> {
    let step = input.varint()?;
    if last.is_some() && step == 0 {
        return Err(DecodeError::NotCanonical("numbers"));
    }
    let number = u64::from(last.unwrap_or(0)).checked_add(step);
    let number = number.and_then(|number| u32::try_from(number).ok());
    *last = Some(number.ok_or(DecodeError::Range("number"))?);
    number.ok_or(DecodeError::Range("number"))
}
