//! Writing: primitives on a byte vector, and [`Enc`], which adds what a body shares: replica table and shapes.

use hashbrown::HashMap;

use super::kind::Kind;
use crate::value::canonical_f64;
use crate::{Hlc, ReplicaId, Stamp};

pub(crate) fn write_varint(out: &mut Vec<u8>, value: u64) {
    write_varint128(out, u128::from(value));
}

fn write_varint128(out: &mut Vec<u8>, mut value: u128) {
    while value >= 0x80 {
        out.push((value as u8) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A signed integer, zigzag: small magnitudes of either sign are short.
pub(crate) fn write_zigzag(out: &mut Vec<u8>, value: i128) {
    write_varint128(out, ((value << 1) ^ (value >> 127)) as u128);
}

pub(crate) fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

pub(crate) fn write_f64(out: &mut Vec<u8>, value: f64) {
    out.extend_from_slice(&canonical_f64(value).to_bits().to_le_bytes());
}

/// What an encoding is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// The body of a change or a snapshot: stamps are short, relative to the base and through the table.
    Body,
    /// Input of the state hash: stamps are absolute, and what is dead is left out.
    Hash,
}

/// The writer of one body.
#[derive(Debug)]
pub struct Enc {
    /// Content so far.
    pub(crate) out: Vec<u8>,
    mode: Mode,
    base: Hlc,
    table: Vec<ReplicaId>,
    /// The greatest time written of each replica of the table.
    latest: Vec<Hlc>,
    indices: HashMap<ReplicaId, usize>,
    /// The index that was named last.
    last: usize,
    maps: usize,
    /// The last time of the author before the change that is written; zero where there is none.
    pub(crate) prev: Hlc,
    /// The author's totals of the counters that were written, as they were before the change. They do not travel.
    pub(crate) bases: Vec<i128>,
    shapes: HashMap<Vec<(u32, Kind)>, usize>,
    /// The shape of the last row and its number, while there are shapes.
    last_shape: (Vec<(u32, Kind)>, usize),
    /// Places of fields, kept for the memory.
    pub(crate) places: Vec<usize>,
}

impl Enc {
    /// A writer whose stamps are encoded as distances before `base`, which is at or after every one of them.
    pub(crate) fn new(mode: Mode, base: Hlc) -> Self {
        Self {
            out: Vec::new(),
            mode,
            base,
            table: Vec::new(),
            latest: Vec::new(),
            maps: 0,
            prev: Hlc::ZERO,
            bases: Vec::new(),
            indices: HashMap::default(),
            last: 0,
            shapes: HashMap::default(),
            last_shape: (Vec::new(), 0),
            places: Vec::new(),
        }
    }

    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// The time that stamps are distances before.
    pub(crate) fn base(&self) -> Hlc {
        self.base
    }

    /// Runs `inner` inside a map of synchronised values.
    pub(crate) fn map<R>(&mut self, inner: impl FnOnce(&mut Self) -> R) -> R {
        self.maps += 1;
        let result = inner(self);
        self.maps -= 1;
        result
    }

    /// True inside a map of synchronised values, where more is kept of what was written.
    pub(crate) fn keyed(&self) -> bool {
        self.maps > 0
    }

    /// The greatest stamp written of each replica.
    pub(crate) fn met(&self) -> impl Iterator<Item = Stamp> + '_ {
        let table = self.table.iter().zip(&self.latest);
        table.map(|(replica, time)| Stamp::new(*time, *replica))
    }

    pub(crate) fn varint(&mut self, value: u64) {
        write_varint(&mut self.out, value);
    }

    pub(crate) fn zigzag(&mut self, value: i128) {
        write_zigzag(&mut self.out, value);
    }

    /// A stamp: 0 for the origin, else 1 + index in the replica table, then the distance before the base.
    pub(crate) fn stamp(&mut self, stamp: Stamp) {
        let Some(replica) = stamp.replica else {
            return self.varint(0);
        };
        if self.mode == Mode::Hash {
            self.varint(replica.get());
            return self.varint(stamp.time.bits());
        }
        self.named(replica, stamp.time, 1);
        self.varint(self.base.bits().saturating_sub(stamp.time.bits()));
    }

    /// A replica by its index in the table, plus so much; `time` is the last of its that is meant.
    pub(crate) fn named(&mut self, replica: ReplicaId, time: Hlc, plus: u64) {
        // Most bodies name one replica, or the same again and again.
        let next = self.table.len();
        let index = match self.table.get(self.last) {
            Some(last) if *last == replica => self.last,
            _ => *self.indices.entry(replica).or_insert(next),
        };
        self.last = index;
        if index == next {
            self.table.push(replica);
            self.latest.push(time);
        }
        self.latest[index] = self.latest[index].max(time);
        self.varint(index as u64 + plus);
    }

    /// The shape of a row, which is mostly that of the row before: whether it is, and what it is if not.
    pub(crate) fn shape_of(
        &mut self,
        is: impl FnOnce(&[(u32, Kind)]) -> bool,
        make: impl FnOnce() -> Vec<(u32, Kind)>,
    ) {
        let (last, number) = (&self.last_shape.0, self.last_shape.1);
        if !self.shapes.is_empty() && is(last) {
            return self.varint(number as u64);
        }
        self.shape(make());
    }

    /// The shape of a row: 0 and the shape itself at first use, its number (from 1) afterwards.
    pub(crate) fn shape(&mut self, shape: Vec<(u32, Kind)>) {
        if let Some(number) = self.shapes.get(&shape).copied() {
            self.last_shape = (shape, number);
            return self.varint(number as u64);
        }
        self.varint(0);
        self.varint(shape.len() as u64);
        let mut before = 0;
        for (id, kind) in &shape {
            self.varint(u64::from(id - before));
            before = *id;
            kind.encode(&mut self.out);
        }
        let number = self.shapes.len() + 1;
        self.last_shape = (shape.clone(), number);
        self.shapes.insert(shape, number);
    }

    /// The finished body: replica table, then content.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.out.len() + 1 + self.table.len() * 8);
        write_varint(&mut body, self.table.len() as u64);
        for replica in &self.table {
            body.extend_from_slice(&replica.get().to_le_bytes());
        }
        body.extend_from_slice(&self.out);
        body
    }
}
