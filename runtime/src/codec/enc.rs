//! Writing: primitives on a byte vector, and [`Enc`], which adds what a body shares: replica table and shapes.

use hashbrown::HashMap;

use super::kind::Kind;
use crate::change::Body;
use crate::value::canonical_f64;
use crate::{Hlc, ReplicaId, Stamp};

#[inline]
pub(crate) fn write_varint(out: &mut Vec<u8>, value: u64) {
    // Most numbers are small.
    match value {
        ..0x80 => out.push(value as u8),
        _ => write_varint64(out, value),
    }
}

fn write_varint64(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
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
    /// A state that is cut into leaves: all that a body has, and no leaf leans on another. Stamps are absolute, shapes are
    /// written out wherever they stand.
    Leaves,
}

/// The leaves of a state: paths and contents, in the order of the paths, which is that of the whole.
pub(crate) type Leaves = Vec<(Vec<u8>, Vec<u8>)>;

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
    /// The path of the leaf that is written, and where each began.
    path: Vec<u8>,
    begun: Vec<(Vec<u8>, usize)>,
    /// The shape of the last row and its number, while there are shapes.
    last_shape: (Vec<(u32, Kind)>, usize),
    /// Places of fields, kept for the memory.
    pub(crate) places: Vec<usize>,
    /// The last body, kept for its memory.
    body: Vec<u8>,
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
            path: Vec::new(),
            begun: Vec::new(),
            last_shape: (Vec::new(), 0),
            places: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Starts over as a writer of another body, in the memory that is there.
    pub(crate) fn renew(&mut self, base: Hlc, prev: Hlc) {
        (self.base, self.prev, self.maps) = (base, prev, 0);
        self.out.clear();
        self.table.clear();
        self.latest.clear();
        self.bases.clear();
        self.indices.clear();
        self.shapes.clear();
        (self.last, self.last_shape) = (0, (Vec::new(), 0));
    }

    /// Runs `inner` on a leaf of its own, behind whatever has been written of what holds it. The order of keys must be the
    /// order in which they are written.
    pub(crate) fn leaf<R>(
        &mut self,
        key: impl FnOnce(&mut Vec<u8>),
        inner: impl FnOnce(&mut Self) -> R,
    ) -> R {
        if self.mode != Mode::Leaves {
            return inner(self);
        }
        let depth = self.path.len();
        let mut bytes = Vec::new();
        key(&mut bytes);
        // Zero is the end of a key, and a zero in it is followed by the greatest byte: so paths compare as keys do.
        for byte in bytes {
            self.path.push(byte);
            if byte == 0 {
                self.path.push(0xff);
            }
        }
        self.path.extend_from_slice(&[0, 1]);
        self.begun.push((self.path.clone(), self.out.len()));
        let result = inner(self);
        self.path.truncate(depth);
        result
    }

    /// Runs `inner` on a body of its own, for what cannot do without one.
    pub(crate) fn own_body(&mut self, inner: impl FnOnce(&mut Self)) {
        let mut body = Self::new(Mode::Body, Hlc::MAX);
        body.maps = self.maps;
        inner(&mut body);
        write_bytes(&mut self.out, &body.finish());
    }

    /// The leaves that were written. The first has the empty path.
    pub(crate) fn into_leaves(self) -> Leaves {
        let mut leaves: Leaves = Vec::with_capacity(self.begun.len() + 1);
        let (mut path, mut start) = (Vec::new(), 0);
        for (next, at) in self.begun {
            leaves.push((path, self.out[start..at].to_vec()));
            (path, start) = (next, at);
        }
        leaves.push((path, self.out[start..].to_vec()));
        debug_assert!(
            leaves.is_sorted_by(|(a, _), (b, _)| a < b),
            "leaves out of order"
        );
        leaves
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
        match self.mode {
            Mode::Hash => {
                self.varint(replica.get());
                return self.varint(stamp.time.bits());
            }
            Mode::Leaves => {
                self.out.push(1);
                self.out.extend_from_slice(&replica.get().to_le_bytes());
                return self.varint(stamp.time.bits());
            }
            Mode::Body => {}
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
        if self.mode != Mode::Leaves && !self.shapes.is_empty() && is(last) {
            return self.varint(number as u64);
        }
        self.shape(make());
    }

    /// The shape of a row: 0 and the shape itself at first use, its number (from 1) afterwards.
    pub(crate) fn shape(&mut self, shape: Vec<(u32, Kind)>) {
        let known = self.shapes.get(&shape).copied();
        if let Some(number) = known.filter(|_| self.mode != Mode::Leaves) {
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
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.put_together();
        self.body
    }

    /// The finished body of a change, while the writer is kept for the next.
    pub(crate) fn body(&mut self) -> Body {
        if self.table.is_empty() {
            return Body::behind(0, &self.out);
        }
        self.put_together();
        self.body.as_slice().into()
    }

    fn put_together(&mut self) {
        let body = &mut self.body;
        body.clear();
        body.reserve(self.out.len() + 1 + self.table.len() * 8);
        write_varint(body, self.table.len() as u64);
        for replica in &self.table {
            body.extend_from_slice(&replica.get().to_le_bytes());
        }
        body.extend_from_slice(&self.out);
    }

    /// Gives its memory back if an unusually large body took more than this.
    pub(crate) fn trim(&mut self, most: usize) {
        let held = self.body.capacity() + self.out.capacity() + self.table.capacity() * 8;
        if held > most {
            *self = Self::new(self.mode, self.base);
        }
    }
}
