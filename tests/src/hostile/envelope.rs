//! Envelopes around bodies that no replica has written: whoever forges one computes the checksum too.

use holo_runtime::{Change, Snapshot};
use xxhash_rust::xxh3::xxh3_64;

/// Bytes as the codec writes them.
#[derive(Clone, Debug, Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    /// A number in its shortest form.
    pub fn varint(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.0.push((value as u8) | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
        self
    }

    /// As they are.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Behind their length.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.varint(bytes.len() as u64).raw(bytes)
    }
}

/// Ends an envelope with the checksum that fits.
#[must_use]
pub fn close(mut content: Vec<u8>) -> Vec<u8> {
    let sum = xxh3_64(&content).to_le_bytes();
    content.extend_from_slice(&sum[..4]);
    content
}

/// A change of a replica that nobody has heard of, made at a time, with this body.
#[must_use]
pub fn change(replica: u64, time: u64, ticks: u32, body: &[u8]) -> Vec<u8> {
    let mut out = Writer(vec![1]);
    out.raw(&replica.to_le_bytes()).varint(time).varint(time);
    out.varint(u64::from(ticks)).varint(0).bytes(body);
    close(out.0)
}

/// A snapshot of what one replica that nobody has heard of made up to a time, with this body.
#[must_use]
pub fn state(replica: u64, time: u64, body: &[u8]) -> Vec<u8> {
    let version = |out: &mut Writer| {
        out.varint(0)
            .varint(1)
            .raw(&replica.to_le_bytes())
            .varint(time);
    };
    let mut out = Writer(vec![1]);
    version(&mut out);
    out.varint(0).varint(0).raw(&[0; 8]);
    version(&mut out);
    out.raw(&[0]).bytes(body);
    close(out.0)
}

/// A change with another body.
#[must_use]
pub fn with_body(of: &Change, body: &[u8]) -> Vec<u8> {
    let bits = |time: holo_runtime::Hlc| time.bits();
    let mut out = Writer(vec![1]);
    out.raw(&of.replica().get().to_le_bytes());
    out.varint(bits(of.time()))
        .varint(bits(of.time()) - bits(of.prev()))
        .varint(bits(of.last()) - bits(of.time()) + 1)
        .varint(of.deps().len() as u64);
    for (replica, time) in of.deps() {
        out.raw(&replica.get().to_le_bytes());
        out.varint(bits(of.time()) - bits(*time));
    }
    out.bytes(body);
    close(out.0)
}

/// What stands before the body of a snapshot, and the body.
#[must_use]
pub fn parts_of(of: &Snapshot) -> (Vec<u8>, Vec<u8>) {
    let bytes = of.encode();
    let names = of.version().iter().len();
    let before = 1 + of.version().encode().len() + of.floor().encode().len() + 8 * names;
    let content = &bytes[..bytes.len() - 4];
    let mut input = Reader(&content[before..]);
    input.varint();
    for _ in 0..input.varint() {
        input.take(8);
        input.varint();
    }
    input.take(1);
    let head = content[..content.len() - input.0.len()].to_vec();
    let body = input.bytes().to_vec();
    (head, body)
}

/// A snapshot with another body.
#[must_use]
pub fn snapshot(head: &[u8], body: &[u8]) -> Vec<u8> {
    let mut out = Writer(head.to_vec());
    out.bytes(body);
    close(out.0)
}

/// Reads what a replica has written: it never fails on that.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken
    }

    pub(super) fn varint(&mut self) -> u64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.take(1)[0];
            value |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return value;
            }
        }
    }

    pub(super) fn bytes(&mut self) -> &'a [u8] {
        let len = self.varint() as usize;
        self.take(len)
    }
}
