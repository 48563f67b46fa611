//! Packing: a snapshot in fewer bytes, for storage and for the wire. What a snapshot says, and its canonical bytes, stand in
//! [`super`]; packed bytes are not compared with anything.
//!
//! They are format, the length of the canonical bytes, these deflated (RFC 1951), zeros up to a third of that length, and a checksum.
//! So nobody can make more than three bytes of memory out of one of his. Who packs with another deflater gets other bytes, which
//! unpack to the same.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::Snapshot;
use crate::codec::{self, DecodeError, write_varint};

/// The first byte of a packed snapshot.
const FORMAT: u8 = 2;

/// What is packed is at most so many times as long.
const MOST: usize = 3;

/// How hard the deflater tries, of ten.
const LEVEL: u8 = 6;

impl Snapshot {
    /// Its bytes in fewer of them, where that saves any; at least a third of those. O(bytes), dozens of instructions for each.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let plain = self.encode();
        let mut out = vec![FORMAT];
        write_varint(&mut out, plain.len() as u64);
        let head = out.len();
        out.extend_from_slice(&compress_to_vec(&plain, LEVEL));
        out.resize(out.len().max(head + plain.len().div_ceil(MOST)), 0);
        if out.len() + 4 < plain.len() {
            codec::close(out)
        } else {
            plain
        }
    }

    /// A snapshot from bytes that were packed, or that were not. O(bytes); it takes at most eight times the bytes of memory, and
    /// 64 KiB.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] when the checksum does not fit: ask for it again. Anything else is final.
    pub fn unpack(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.first() != Some(&FORMAT) {
            return Self::decode(bytes);
        }
        let mut input = codec::open(bytes, FORMAT, "snapshot format")?;
        let range = DecodeError::Range("packed length");
        let len = usize::try_from(input.varint()?).map_err(|_| range.clone())?;
        if len.div_ceil(MOST) > input.rest().len() {
            return Err(range);
        }
        Self::decode(&inflate(input.rest(), len)?)
    }
}

/// Inflates to exactly so many bytes. Only zeros follow, and no more than there have to.
fn inflate(packed: &[u8], len: usize) -> Result<Vec<u8>, DecodeError> {
    let mut plain = vec![0; len];
    let mut state = Box::<DecompressorOxide>::default();
    let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (status, read, written) = decompress(&mut state, packed, &mut plain, 0, flags);
    if status != TINFLStatus::Done || written != len {
        return Err(DecodeError::Range("packed length"));
    }
    let rest = packed.get(read..).unwrap_or_default();
    let fits = rest.is_empty() || packed.len() == len.div_ceil(MOST);
    if !fits || rest.iter().any(|byte| *byte != 0) {
        return Err(DecodeError::NotCanonical("packing"));
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, Error, Replica, ReplicaId, Text};

    fn snapshot(text: &str) -> Snapshot {
        let id = ReplicaId::new(7).unwrap();
        let mut replica = Replica::<Text>::with_clock(id, Clock::manual(1_000));
        let pushed: Result<(), Error> = replica.try_edit(|view| {
            view.push(text);
            Ok(())
        });
        pushed.unwrap();
        replica.snapshot()
    }

    /// Text that packs to about half.
    fn prose() -> String {
        let mut seed = 1u64;
        let letters = (0..3_000).map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'a' + (seed >> 33) as u8 % 16)
        });
        letters.collect()
    }

    #[test]
    fn it_unpacks_to_what_was_packed_and_is_shorter_where_that_is_possible() {
        let texts = [String::new(), "ab".into(), prose(), "a".repeat(50_000)];
        for text in texts {
            let (plain, packed) = (snapshot(&text).encode(), snapshot(&text).pack());
            assert_eq!(Snapshot::unpack(&packed).unwrap(), snapshot(&text));
            assert_eq!(Snapshot::unpack(&plain).unwrap(), snapshot(&text));
            assert!(packed.len() <= plain.len() && packed.len() >= plain.len() / MOST);
            let pays = text.len() > 2;
            assert_eq!(packed.len() < plain.len() * 2 / 3, pays, "{}", text.len());
        }
    }

    #[test]
    fn every_prefix_and_every_flipped_bit_is_an_error() {
        let packed = snapshot(&prose()).pack();
        assert_eq!(packed[0], FORMAT);
        for end in 0..packed.len() {
            assert!(Snapshot::unpack(&packed[..end]).is_err(), "{end} bytes");
        }
        for bit in 0..packed.len() * 8 {
            let mut damaged = packed.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(Snapshot::unpack(&damaged).is_err(), "bit {bit}");
        }
    }

    fn forged(len: usize, stream: &[u8]) -> Result<Snapshot, DecodeError> {
        let mut out = vec![FORMAT];
        write_varint(&mut out, len as u64);
        out.extend_from_slice(stream);
        Snapshot::unpack(&codec::close(out))
    }

    #[test]
    fn bombs_and_loose_ends_are_refused() {
        let plain = snapshot(&prose()).encode();
        let packed = compress_to_vec(&plain, LEVEL);
        assert_eq!(forged(plain.len(), &packed), Ok(snapshot(&prose())));
        let range = Err(DecodeError::Range("packed length"));
        for wrong in [plain.len() - 1, plain.len() + 1, usize::MAX] {
            assert_eq!(forged(wrong, &packed), range, "{wrong}");
        }
        let loose = Err(DecodeError::NotCanonical("packing"));
        for tail in [0, 1] {
            let longer = [&packed[..], &[tail]].concat();
            assert_eq!(forged(plain.len(), &longer), loose, "{tail}");
        }
        // A megabyte of zeros is a kilobyte.
        let bomb = compress_to_vec(&[0; 1 << 20], LEVEL);
        assert_eq!(forged(1 << 20, &bomb), range);
    }
}
