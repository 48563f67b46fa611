//! Numbers of many lengths: in their shortest form, seven bits a byte, and signed ones zigzag first. What they count is not known
//! here.

use super::{Dec, DecodeError};

impl Dec<'_> {
    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, DecodeError> {
        // Most numbers are small.
        if let Some((byte @ ..0x80, rest)) = self.rest.split_first() {
            self.rest = rest;
            return Ok(u64::from(*byte));
        }
        self.varint64()
    }

    fn varint64(&mut self) -> Result<u64, DecodeError> {
        if let Some(value) = self.eight() {
            return value;
        }
        let mut value = 0;
        for (at, byte) in self.rest.iter().take(9).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if *byte < 0x80 {
                if *byte == 0 && at > 0 {
                    return Err(DecodeError::NotCanonical("integer"));
                }
                self.rest = &self.rest[at + 1..];
                return Ok(value);
            }
        }
        // Ten bytes or more, or too few.
        u64::try_from(self.varint128()?).map_err(|_| DecodeError::Range("integer"))
    }

    /// A number of at most eight bytes, all read at once; none if it is longer, or the end is near.
    fn eight(&mut self) -> Option<Result<u64, DecodeError>> {
        let word = u64::from_le_bytes(*self.rest.first_chunk()?);
        let ends = !word & 0x8080_8080_8080_8080;
        if ends == 0 {
            return None;
        }
        // All but the number itself is cleared, and its groups of seven bits are moved together, by pairs, fours and eights.
        let last = ends.trailing_zeros() & !7;
        let word = word & (u64::MAX >> (56 - last));
        if word >> last == 0 && last > 0 {
            return Some(Err(DecodeError::NotCanonical("integer")));
        }
        self.rest = &self.rest[last as usize / 8 + 1..];
        let pairs = (word & 0x007f_007f_007f_007f) | ((word & 0x7f00_7f00_7f00_7f00) >> 1);
        let fours = (pairs & 0x3fff_0000_3fff) | ((pairs & 0x3fff_0000_3fff_0000) >> 2);
        Some(Ok(
            (fours & 0x0fff_ffff) | ((fours & 0x0fff_ffff_0000_0000) >> 4)
        ))
    }

    fn varint128(&mut self) -> Result<u128, DecodeError> {
        let mut value = 0u128;
        for shift in (0..128).step_by(7) {
            let byte = self.u8()?;
            let bits = u128::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                return Err(DecodeError::Range("integer"));
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let shortest = byte != 0 || shift == 0;
                return if shortest {
                    Ok(value)
                } else {
                    Err(DecodeError::NotCanonical("integer"))
                };
            }
        }
        Err(DecodeError::Range("integer"))
    }

    pub(crate) fn zigzag(&mut self) -> Result<i128, DecodeError> {
        let value = match self.rest.split_first() {
            Some((byte @ ..0x80, rest)) => {
                self.rest = rest;
                u128::from(*byte)
            }
            _ => match self.eight() {
                Some(value) => u128::from(value?),
                None => self.varint128()?,
            },
        };
        Ok(((value >> 1) as i128) ^ -((value & 1) as i128))
    }

    /// A signed integer of 64 bits.
    pub(crate) fn zigzag64(&mut self, what: &'static str) -> Result<i64, DecodeError> {
        let value = self.varint().map_err(|error| match error {
            DecodeError::Range(_) => DecodeError::Range(what),
            error => error,
        })?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }
}
