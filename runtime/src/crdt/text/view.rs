//! The edit view of a text.

use std::ops::{Deref, Range};

use super::Text;
use crate::edit::At;
use crate::{IndexError, Limit};

/// The view of a [`Text`] inside an edit.
///
/// A place that is not there is refused with an [`IndexError`], and nothing is changed.
#[derive(Debug)]
pub struct TextEdit<'a> {
    text: &'a mut Text,
    at: At<'a>,
}

impl<'a> TextEdit<'a> {
    pub(super) fn new(text: &'a mut Text, at: At<'a>) -> Self {
        Self { text, at }
    }

    /// Inserts text at a position. Of concurrent inserts in one place each stays in one piece, in the same order everywhere.
    /// O(log n + inserted).
    ///
    /// # Errors
    /// When the position is greater than the length.
    pub fn insert(&mut self, position: usize, text: &str) -> Result<(), IndexError> {
        self.text.check(&(position..position), self.text.len())?;
        if text.len() > Limit::MAX_BYTES {
            self.at.refuse(Limit::Bytes);
            return Ok(());
        }
        let chars = if text.len() == 1 {
            1
        } else {
            text.chars().count()
        };
        let (position, mut source) = (position as u32, text);
        self.text
            .core
            .insert_noted(self.at, position, chars as u32, text.len(), &mut source);
        Ok(())
    }

    /// Inserts text at the end. Concurrent pushes stay in one piece each. O(log n + inserted).
    pub fn push(&mut self, text: &str) {
        let inserted = self.insert(self.text.len(), text);
        debug_assert!(inserted.is_ok(), "the end is a place");
    }

    /// Deletes the characters of a range. What others insert within it concurrently stays. O(log n + deleted).
    ///
    /// # Errors
    /// When it is not within the length.
    pub fn delete(&mut self, range: Range<usize>) -> Result<(), IndexError> {
        self.text.check(&range, self.text.len())?;
        if !range.is_empty() {
            let (start, len) = (range.start as u32, range.len() as u32);
            self.text.core.taking(|core, taken| {
                core.delete_noted(self.at, start, len, taken, &|_| None);
            });
        }
        Ok(())
    }

    /// Puts text in place of the characters of a range. What others insert within the range concurrently stays, behind or before
    /// it. O(log n + both).
    ///
    /// # Errors
    /// When the range is not within the length.
    pub fn replace(&mut self, range: Range<usize>, text: &str) -> Result<(), IndexError> {
        // What is put in goes before what is deleted, so that both stand where the range began.
        let start = range.start;
        self.delete(range)?;
        self.insert(start, text)
    }

    /// Deletes so many characters at a position, and inserts text there. What others insert there concurrently stays. O(log n +
    /// both).
    ///
    /// # Errors
    /// When there are not so many.
    pub fn splice(&mut self, position: usize, delete: usize, text: &str) -> Result<(), IndexError> {
        let len = self.text.len();
        let end = position.checked_add(delete).ok_or(IndexError::Beyond {
            index: usize::MAX,
            len,
        })?;
        self.replace(position..end, text)
    }

    /// Deletes all of it. What others insert concurrently stays. O(n).
    pub fn clear(&mut self) {
        let deleted = self.delete(0..self.text.len());
        debug_assert!(deleted.is_ok(), "all of it is a range");
    }

    /// Inserts text at a position in UTF-16 units. Concurrently with others as [`TextEdit::insert`]. O(log n + inserted).
    ///
    /// # Errors
    /// When the position is beyond the end or inside a character.
    pub fn insert_utf16(&mut self, position: usize, text: &str) -> Result<(), IndexError> {
        self.insert(self.text.from_utf16(position)?, text)
    }

    /// Deletes the characters of a range in UTF-16 units. Concurrently with others as [`TextEdit::delete`]. O(log n + deleted).
    ///
    /// # Errors
    /// When it is not within the length, or ends inside a character.
    pub fn delete_utf16(&mut self, range: Range<usize>) -> Result<(), IndexError> {
        self.delete(self.range_utf16(range)?)
    }

    /// Puts text in place of the characters of a range in UTF-16 units. Concurrently with others as [`TextEdit::replace`]. O(log
    /// n + both).
    ///
    /// # Errors
    /// When the range is not within the length, or ends inside a character.
    pub fn replace_utf16(&mut self, range: Range<usize>, text: &str) -> Result<(), IndexError> {
        self.replace(self.range_utf16(range)?, text)
    }

    fn range_utf16(&self, range: Range<usize>) -> Result<Range<usize>, IndexError> {
        self.text.check(&range, self.text.len_utf16())?;
        Ok(self.text.from_utf16(range.start)?..self.text.from_utf16(range.end)?)
    }
}

impl Deref for TextEdit<'_> {
    type Target = Text;

    fn deref(&self) -> &Self::Target {
        self.text
    }
}
