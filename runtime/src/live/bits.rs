//! Bits: a writer and a reader of numbers of any width up to 64, least significant bit first.
//!
//! What the numbers mean is said in `super::frame`.

use crate::DecodeError;

/// Appends numbers to bytes, bit by bit. [`BitWriter::finish`] fills the last byte with zeros.
pub(super) struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    held: u64,
    len: u32,
}

impl<'a> BitWriter<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            held: 0,
            len: 0,
        }
    }

    /// The lowest `width` bits of a number; `width` is at most 64.
    #[inline]
    pub(super) fn put(&mut self, value: u64, width: u32) {
        if width > 32 {
            self.part(value & 0xffff_ffff, 32);
            self.part(value >> 32, width - 32);
        } else {
            self.part(value, width);
        }
    }

    #[inline]
    fn part(&mut self, value: u64, width: u32) {
        self.held |= (value & ((1 << width) - 1)) << self.len;
        self.len += width;
        if self.len >= 32 {
            self.out
                .extend_from_slice(&(self.held as u32).to_le_bytes());
            self.held >>= 32;
            self.len -= 32;
        }
    }

    /// So many ones and a zero.
    pub(super) fn unary(&mut self, mut count: u64) {
        while count >= 32 {
            self.part(mask(32), 32);
            count -= 32;
        }
        self.part(mask(count as u32), count as u32 + 1);
    }

    pub(super) fn finish(mut self) {
        while self.len > 0 {
            self.out.push(self.held as u8);
            self.held >>= 8;
            self.len = self.len.saturating_sub(8);
        }
    }
}

/// Bits that are there after filling up, unless the bytes end.
const AT_ONCE: u32 = 56;

/// The lowest bits set.
fn mask(width: u32) -> u64 {
    1u64.checked_shl(width)
        .map_or(u64::MAX, |bit| bit.wrapping_sub(1))
}

/// Reads what a [`BitWriter`] wrote.
pub(super) struct BitReader<'a> {
    rest: &'a [u8],
    held: u64,
    len: u32,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self {
            rest,
            held: 0,
            len: 0,
        }
    }

    /// A number of this width, at most 64.
    #[inline]
    pub(super) fn get(&mut self, width: u32) -> Result<u64, DecodeError> {
        if width > AT_ONCE {
            let low = self.part(32)?;
            return Ok(low | (self.part(width - 32)? << 32));
        }
        self.part(width)
    }

    #[inline]
    fn part(&mut self, width: u32) -> Result<u64, DecodeError> {
        if self.len < width {
            self.fill();
            if self.len < width {
                return Err(DecodeError::Truncated);
            }
        }
        let value = self.held & ((1 << width) - 1);
        self.held >>= width;
        self.len -= width;
        Ok(value)
    }

    /// Holds as many whole bytes as fit. Bits above `len` may be held already; they are those that come next.
    #[inline]
    fn fill(&mut self) {
        if let Some(chunk) = self.rest.first_chunk::<8>() {
            let bytes = (u64::BITS - 1 - self.len) / 8;
            self.held |= u64::from_le_bytes(*chunk) << self.len;
            self.len += bytes * 8;
            self.rest = self.rest.get(bytes as usize..).unwrap_or_default();
            return;
        }
        while let (Some((byte, rest)), true) = (self.rest.split_first(), self.len <= AT_ONCE) {
            self.held |= u64::from(*byte) << self.len;
            self.len += 8;
            self.rest = rest;
        }
    }

    /// How many ones stand before the next zero; more than `most` are refused.
    pub(super) fn unary(&mut self, most: u64) -> Result<u64, DecodeError> {
        let mut count = 0;
        while self.part(1)? == 1 {
            count += 1;
            if count > most {
                return Err(DecodeError::Range("gap between numbers"));
            }
        }
        Ok(count)
    }

    /// Nothing may follow but zeros up to the next byte.
    pub(super) fn finish(mut self) -> Result<(), DecodeError> {
        self.fill();
        match (self.held, self.len < 8 && self.rest.is_empty()) {
            (0, true) => Ok(()),
            _ => Err(DecodeError::NotCanonical("bits behind the last value")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_width_come_back() {
        let mut out = Vec::new();
        let mut bits = BitWriter::new(&mut out);
        for width in 0..=64u32 {
            bits.put(0x9e37_79b9_7f4a_7c15 & mask(width), width);
            bits.unary(u64::from(width));
        }
        bits.finish();
        let mut bits = BitReader::new(&out);
        for width in 0..=64u32 {
            let expected = 0x9e37_79b9_7f4a_7c15 & mask(width);
            assert_eq!(bits.get(width), Ok(expected), "{width}");
            assert_eq!(bits.unary(64), Ok(u64::from(width)));
        }
        assert_eq!(bits.finish(), Ok(()));
        let mut short = BitReader::new(&out[..1]);
        assert_eq!(short.get(9), Err(DecodeError::Truncated));
        let refused = Err(DecodeError::NotCanonical("bits behind the last value"));
        assert_eq!(BitReader::new(&[0]).finish(), refused, "a byte too many");
        let mut dirty = BitReader::new(&[0b101]);
        assert_eq!(dirty.get(2), Ok(1));
        assert_eq!(dirty.finish(), refused, "a bit that nobody reads");
    }
}
