//! [`Writer`]: joins items that are alike to segments, and writes what a segment begins with.
//!
//! What a segment looks like is `super::wire`'s; which items there are to write, and how they hang, is known to whoever calls.

use super::ids::Num;
use super::wire::Life;
use crate::codec::Enc;

/// Joins pieces to segments.
pub(super) struct Writer {
    /// The last item.
    pub(super) last: Option<Num>,
    /// The time after it.
    pub(super) time: u64,
    pub(super) life: Life,
    pub(super) len: u32,
    gap: u64,
    anchor: u64,
    pub(super) names: Vec<u8>,
    /// Items whose content is to follow.
    pub(super) content: Vec<(Num, u32)>,
    pub(super) count: u64,
}

impl Writer {
    /// A writer of segments from this time on.
    pub(super) fn new(time: u64) -> Self {
        Self {
            last: None,
            time,
            life: Life::Dead,
            len: 0,
            gap: 0,
            anchor: 0,
            names: Vec::new(),
            content: Vec::new(),
            count: 0,
        }
    }

    pub(super) fn begin(&mut self, anchor: u64, gap: u64, life: Life, len: u32) {
        (self.anchor, self.gap, self.life, self.len) = (anchor, gap, life, len);
        self.count += 1;
    }

    pub(super) fn flush(&mut self, out: &mut Enc) {
        if self.len > 0 {
            write_header(self.life, self.len, self.gap, self.anchor, out);
            out.out.append(&mut self.names);
            self.len = 0;
        }
    }
}

/// Writes what a segment begins with.
pub(super) fn write_header(life: Life, len: u32, gap: u64, anchor: u64, out: &mut Enc) {
    let life = match life {
        Life::Dead => 0,
        Life::Content => 1,
        Life::Written => 2,
        Life::Place => 3,
    };
    let gaps = u64::from(gap > 0);
    out.varint((u64::from(len - 1) << 5) | (life << 3) | (gaps << 2) | anchor);
    if gap > 0 {
        out.varint(gap);
    }
}
