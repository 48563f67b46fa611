//! What the leaves of a sequence hold: text or values, behind one interface.
//!
//! A chunk holds what shows in one leaf, in order. Where items stand and who made them is not known here.

use std::fmt::Debug;

use crate::codec::{Dec, DecodeError};
use crate::value::Element;

/// The content of a kind of sequence. Places and counts are in items.
pub(crate) trait Content: Clone + Debug + Send + Sync + 'static {
    /// What has to be known at run time to read some.
    type Tag: Clone + Debug + PartialEq + Send + Sync + 'static;

    /// What shows in one leaf.
    type Chunk: Clone + Debug + Default + Send + Sync + 'static;

    /// Content that is to be put in, taken from its front.
    type Source<'a>;

    /// The size of a chunk beyond which its leaf is parted.
    const FULL: usize;

    /// True when items do not die here: whoever holds them says which of them show.
    const LASTS: bool = false;

    /// How large a chunk is.
    fn size(chunk: &Self::Chunk) -> usize;

    /// Puts the next `count` of the source in at a place of a chunk of `len`; how many of them take two UTF-16 units.
    fn insert(
        chunk: &mut Self::Chunk,
        len: u32,
        at: u32,
        count: u32,
        source: &mut Self::Source<'_>,
    ) -> u32;

    /// Moves a part of a chunk of `len` to the end of another; how many of it take two UTF-16 units.
    fn remove(
        chunk: &mut Self::Chunk,
        len: u32,
        at: u32,
        count: u32,
        taken: &mut Self::Chunk,
    ) -> u32;

    /// Parts a chunk of `len`: its tail, and how many of that take two UTF-16 units.
    fn part(chunk: &mut Self::Chunk, len: u32, at: u32) -> (Self::Chunk, u32);

    /// Writes a part of a chunk of `len`.
    fn encode(chunk: &Self::Chunk, len: u32, at: u32, count: u32, out: &mut Vec<u8>);

    /// Reads `count` items that `encode` wrote.
    fn decode<'a>(
        tag: &Self::Tag,
        count: u32,
        input: &mut Dec<'a>,
    ) -> Result<Self::Source<'a>, DecodeError>;

    /// A chunk as a source; the chunk may be empty afterwards.
    fn source(chunk: &mut Self::Chunk) -> Self::Source<'_>;

    /// Passes over the next `count` of a source.
    fn skip(source: &mut Self::Source<'_>, count: u32);

    /// Forgets memory that is not needed.
    fn shrink(chunk: &mut Self::Chunk);

    /// Forgets what it holds, and not the memory.
    fn clear(chunk: &mut Self::Chunk);
}

/// UTF-8, one item per Unicode scalar value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Utf8;

/// The byte at which a character stands. In a text of so many characters as bytes that is the same number.
pub(crate) fn byte_of(text: &str, len: u32, at: u32) -> usize {
    if text.len() == len as usize || at == 0 {
        return (at as usize).min(text.len());
    }
    // Characters are counted by the bytes that begin them, a block at once.
    let begins = |byte: &u8| u8::from(*byte & 0xc0 != 0x80);
    let bytes = text.as_bytes();
    let (mut start, mut left) = (0, at);
    for block in bytes.chunks_exact(BLOCK) {
        let chars = u32::from(block.iter().map(begins).sum::<u8>());
        if chars > left {
            break;
        }
        left -= chars;
        start += BLOCK;
    }
    for (inside, byte) in bytes[start..].iter().enumerate() {
        if begins(byte) == 1 {
            if left == 0 {
                return start + inside;
            }
            left -= 1;
        }
    }
    text.len()
}

/// So many bytes of text are counted at once.
const BLOCK: usize = 32;

/// How many characters take two UTF-16 units: those of four bytes in UTF-8.
fn wide(text: &str) -> u32 {
    text.bytes().filter(|byte| *byte >= 0xf0).count() as u32
}

impl Content for Utf8 {
    type Tag = ();
    type Chunk = String;
    type Source<'a> = &'a str;

    const FULL: usize = 1_024;

    fn size(chunk: &String) -> usize {
        chunk.len()
    }

    fn insert(chunk: &mut String, len: u32, at: u32, count: u32, source: &mut &str) -> u32 {
        let end = if count == 1 {
            source.chars().next().map_or(0, char::len_utf8)
        } else {
            // As long as the source has no more characters than that, its length in them is not known.
            byte_of(source, u32::MAX, count)
        };
        let (piece, rest) = source.split_at(end);
        *source = rest;
        chunk.insert_str(byte_of(chunk, len, at), piece);
        wide(piece)
    }

    fn remove(chunk: &mut String, len: u32, at: u32, count: u32, taken: &mut String) -> u32 {
        let start = byte_of(chunk, len, at);
        if let (1, Some(0..0x80)) = (count, chunk.as_bytes().get(start)) {
            taken.push(chunk.remove(start));
            return 0;
        }
        let end = byte_of(chunk, len, at + count);
        let piece = &chunk[start..end];
        let wide = wide(piece);
        taken.push_str(piece);
        chunk.drain(start..end);
        wide
    }

    fn part(chunk: &mut String, len: u32, at: u32) -> (String, u32) {
        let tail = chunk.split_off(byte_of(chunk, len, at));
        let wide = wide(&tail);
        (tail, wide)
    }

    fn encode(chunk: &String, len: u32, at: u32, count: u32, out: &mut Vec<u8>) {
        let start = byte_of(chunk, len, at);
        let end = byte_of(chunk, len, at.saturating_add(count));
        out.extend_from_slice(&chunk.as_bytes()[start..end]);
    }

    fn decode<'a>((): &(), count: u32, input: &mut Dec<'a>) -> Result<&'a str, DecodeError> {
        input.chars(count)
    }

    fn source(chunk: &mut String) -> &str {
        chunk
    }

    fn skip(source: &mut &str, count: u32) {
        *source = &source[byte_of(source, u32::MAX, count)..];
    }

    fn shrink(chunk: &mut String) {
        chunk.shrink_to_fit();
    }

    fn clear(chunk: &mut String) {
        chunk.clear();
    }
}

/// Values, one per item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Items<V>(std::marker::PhantomData<V>);

impl<V: Element> Content for Items<V> {
    type Tag = V::Tag;
    type Chunk = Vec<V>;
    type Source<'a> = std::vec::IntoIter<V>;

    const FULL: usize = 64;

    fn size(chunk: &Vec<V>) -> usize {
        chunk.len()
    }

    fn insert(
        chunk: &mut Vec<V>,
        _len: u32,
        at: u32,
        count: u32,
        source: &mut std::vec::IntoIter<V>,
    ) -> u32 {
        let at = at as usize;
        match count {
            1 => source
                .next()
                .into_iter()
                .for_each(|value| chunk.insert(at, value)),
            _ => drop(chunk.splice(at..at, source.take(count as usize))),
        }
        0
    }

    fn remove(chunk: &mut Vec<V>, _len: u32, at: u32, count: u32, taken: &mut Vec<V>) -> u32 {
        let at = at as usize;
        match count {
            1 => taken.push(chunk.remove(at)),
            _ => taken.extend(chunk.drain(at..at + count as usize)),
        }
        0
    }

    fn part(chunk: &mut Vec<V>, _len: u32, at: u32) -> (Vec<V>, u32) {
        (chunk.split_off(at as usize), 0)
    }

    fn encode(chunk: &Vec<V>, _len: u32, at: u32, count: u32, out: &mut Vec<u8>) {
        let part = chunk.iter().skip(at as usize).take(count as usize);
        part.for_each(|value| value.encode(out));
    }

    fn decode<'a>(
        tag: &V::Tag,
        count: u32,
        input: &mut Dec<'a>,
    ) -> Result<std::vec::IntoIter<V>, DecodeError> {
        let values = (0..count).map(|_| V::decode(tag, input));
        values.collect::<Result<Vec<V>, _>>().map(Vec::into_iter)
    }

    fn source(chunk: &mut Vec<V>) -> std::vec::IntoIter<V> {
        std::mem::take(chunk).into_iter()
    }

    fn skip(source: &mut std::vec::IntoIter<V>, count: u32) {
        source.take(count as usize).for_each(drop);
    }

    fn shrink(chunk: &mut Vec<V>) {
        chunk.shrink_to_fit();
    }

    fn clear(chunk: &mut Vec<V>) {
        chunk.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::byte_of;

    #[test]
    fn characters_are_found_wherever_blocks_part_them() {
        for unit in ["aé", "\u{1f600}x\u{1f600}", "€", "plain é"] {
            let text = unit.repeat(40);
            let len = text.chars().count();
            for (at, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(byte_of(&text, len as u32, at as u32), byte, "{unit} {at}");
            }
            for beyond in [len, len + 1, usize::MAX >> 40] {
                assert_eq!(byte_of(&text, u32::MAX, beyond as u32), text.len());
            }
        }
    }
}
