//! Positions: in Unicode scalar values, in UTF-16 units, and from one to the other.

use std::ops::Range;

use super::Text;
use crate::IndexError;
use crate::crdt::sequence::byte_of;

impl Text {
    /// How many UTF-16 units it takes. O(1).
    #[must_use]
    pub fn len_utf16(&self) -> usize {
        let size = self.core.order().size();
        size.len as usize + size.wide as usize
    }

    /// The characters of a range. O(log n + characters).
    ///
    /// # Errors
    /// When it is not within the length.
    pub fn slice(&self, range: Range<usize>) -> Result<String, IndexError> {
        self.check(&range, self.len())?;
        let mut out = String::new();
        let (mut at, end) = (range.start as u32, range.end as u32);
        while at < end {
            let Some((chunk, size, inside, _)) = self.core.order().chunk_at(at, false) else {
                break;
            };
            let count = (size.len - inside).min(end - at);
            let (first, last) = (byte_of(chunk, size.len, inside), inside + count);
            out.push_str(&chunk[first..byte_of(chunk, size.len, last)]);
            at += count;
        }
        Ok(out)
    }

    /// The characters of a range that counts UTF-16 units. O(log n + characters).
    ///
    /// # Errors
    /// When it is not within the length, or ends inside a character.
    pub fn slice_utf16(&self, range: Range<usize>) -> Result<String, IndexError> {
        self.check(&range, self.len_utf16())?;
        self.slice(self.from_utf16(range.start)?..self.from_utf16(range.end)?)
    }

    /// The position in characters of one in UTF-16 units. O(log n).
    ///
    /// # Errors
    /// When it is beyond the end or inside a character.
    pub fn from_utf16(&self, index: usize) -> Result<usize, IndexError> {
        let len = self.len_utf16();
        if index == len {
            return Ok(self.len());
        }
        let beyond = IndexError::Beyond { index, len };
        let unit = u32::try_from(index).map_err(|_| beyond)?;
        let (chunk, size, inside, leaf) = self.core.order().chunk_at(unit, true).ok_or(beyond)?;
        let before = self.core.order().before_leaf(leaf).len as usize;
        let inside = inside as usize;
        if size.wide == 0 {
            return Ok(before + inside);
        }
        let mut units = 0;
        for (at, char) in chunk.chars().enumerate() {
            if units >= inside {
                let here = units == inside;
                return if here {
                    Ok(before + at)
                } else {
                    Err(IndexError::Inside(index))
                };
            }
            units += char.len_utf16();
        }
        Err(IndexError::Inside(index))
    }

    /// The position in UTF-16 units of one in characters. O(log n).
    ///
    /// # Errors
    /// When it is beyond the end.
    pub fn to_utf16(&self, index: usize) -> Result<usize, IndexError> {
        let len = self.len();
        if index == len {
            return Ok(self.len_utf16());
        }
        let beyond = IndexError::Beyond { index, len };
        let at = u32::try_from(index).map_err(|_| beyond)?;
        let (chunk, _, inside, leaf) = self.core.order().chunk_at(at, false).ok_or(beyond)?;
        let before = self.core.order().before_leaf(leaf);
        let chars = chunk.chars().take(inside as usize);
        let units: usize = chars.map(char::len_utf16).sum();
        Ok(before.len as usize + before.wide as usize + units)
    }

    pub(super) fn check(&self, range: &Range<usize>, len: usize) -> Result<(), IndexError> {
        let index = range.start.max(range.end);
        if range.start > range.end || range.end > len {
            return Err(IndexError::Beyond { index, len });
        }
        Ok(())
    }
}
