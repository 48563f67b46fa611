//! The edit view of a sequence.

use std::ops::Deref;

use super::content::{Content, Items};
use super::edits::record;
use super::undo::deed;
use super::{IndexError, Sequence};
use crate::codec::write_varint;
use crate::crdt::atoms::Atoms;
use crate::crdt::dots::write_plain;
use crate::edit::At;
use crate::value::{Assign, Element};

/// The view of a [`Sequence`] inside an edit.
///
/// A place that is not there is refused with an [`IndexError`], and nothing is changed.
#[derive(Debug)]
pub struct SequenceEdit<'a, V: Element> {
    sequence: &'a mut Sequence<V>,
    at: At<'a>,
}

impl<'a, V: Element> SequenceEdit<'a, V> {
    pub(crate) fn new(sequence: &'a mut Sequence<V>, at: At<'a>) -> Self {
        Self { sequence, at }
    }

    /// Inserts before the element at an index, or at the end. Of concurrent inserts in one place all stay, in the same order
    /// everywhere. O(log n).
    ///
    /// # Errors
    /// When the index is greater than the length.
    pub fn insert(&mut self, index: usize, value: impl Assign<V>) -> Result<(), IndexError> {
        self.insert_all(index, [value])
    }

    /// Inserts several in a row, which stay together whatever others insert at once. Those of others that are concurrent come
    /// before or behind them. O(log n + values).
    ///
    /// # Errors
    /// When the index is greater than the length.
    pub fn insert_all<A: Assign<V>>(
        &mut self,
        index: usize,
        values: impl IntoIterator<Item = A>,
    ) -> Result<(), IndexError> {
        let len = self.len();
        if index > len {
            return Err(IndexError::Beyond { index, len });
        }
        let values = values.into_iter().map(|value| value.assign().canonical());
        let values: Vec<V> = values.collect();
        if !values.iter().all(|value| self.at.admits(value)) {
            return Ok(());
        }
        self.put_in(index, values);
        Ok(())
    }

    /// Inserts at the end. Concurrent pushes all stay, in the same order everywhere. O(log n).
    pub fn push(&mut self, value: impl Assign<V>) {
        self.extend([value]);
    }

    /// Inserts several at the end. What others push concurrently comes before or behind them. O(log n + values).
    pub fn extend<A: Assign<V>>(&mut self, values: impl IntoIterator<Item = A>) {
        let end = self.len();
        let inserted = self.insert_all(end, values);
        debug_assert!(inserted.is_ok(), "the end is a place");
    }

    /// Writes another value to the element at an index, which keeps its identity: it stays where it is, or goes where a concurrent
    /// move takes it. Of concurrent writes the last wins, and a delete beats them. O(log n).
    ///
    /// # Errors
    /// When there is no such element.
    pub fn set(&mut self, index: usize, value: impl Assign<V>) -> Result<(), IndexError> {
        self.write(index, value.assign().canonical())
    }

    /// Puts canonical values in at an index.
    pub(super) fn put_in(&mut self, index: usize, mut values: Vec<V>) {
        let count = values.len() as u32;
        let bytes = values.iter().map(V::size).sum();
        let source = &mut Items::source(&mut values);
        self.sequence
            .core
            .insert_noted(self.at, index as u32, count, bytes, source);
    }

    /// Writes a canonical value to the element at an index.
    pub(super) fn write(&mut self, index: usize, value: V) -> Result<(), IndexError> {
        self.check(index)?;
        if !self.at.admits(&value) {
            return Ok(());
        }
        let Some(shown) = self.sequence.get(index).cloned() else {
            return Ok(());
        };
        let (at, keyed) = (self.at, self.at.keyed());
        let Sequence {
            core,
            written,
            dirty,
        } = &mut *self.sequence;
        let (place, _) = core.order().at(index as u32);
        let element = core.element_at(place);
        let own = core.is_own(element);
        let held = written.get(&element);
        let again = own || held.is_some_and(|held| held.stamp == at.stamp());
        let stamp = core.stamp(element);
        at.note_write_as(
            held.map_or(stamp, |held| held.stamp),
            None,
            |names, out| {
                out.push(deed::WRITTEN);
                write_plain(names.first(stamp), out);
            },
            |out| shown.encode(out),
        );
        at.record(|out| {
            out.push(record::WRITTEN);
            write_varint(out, u64::from(element));
            out.push(u8::from(!again));
            out.push(u8::from(held.is_some()));
            if let Some(held) = held {
                held.write_record(out);
            }
            shown.encode(out);
        });
        if !again {
            at.add_op(24);
            dirty.push(element);
        }
        at.add_value(&value, again.then_some(&shown));
        if !own {
            let held = written.entry(element).or_insert_with(|| Atoms::new(shown));
            held.write(at.stamp(), value.clone(), keyed);
        }
        core.put(element, value);
        Ok(())
    }

    /// Deletes the element at an index and returns it. It wins over concurrent moves and sets; two deletes are one. O(log n).
    ///
    /// # Errors
    /// When there is no such element.
    pub fn delete(&mut self, index: usize) -> Result<V, IndexError> {
        self.check(index)?;
        let taken = self.take(index, 1);
        taken.ok_or(IndexError::Beyond { index, len: 0 })
    }

    /// Deletes the elements of a range. What others insert within it concurrently stays. O(log n + elements).
    ///
    /// # Errors
    /// When it is not within the length.
    pub fn delete_range(&mut self, range: std::ops::Range<usize>) -> Result<(), IndexError> {
        let len = self.len();
        let index = range.start.max(range.end);
        if range.start > range.end || range.end > len {
            return Err(IndexError::Beyond { index, len });
        }
        if !range.is_empty() {
            self.take(range.start, range.len());
        }
        Ok(())
    }

    /// Deletes the last element and returns it. Two replicas that do so concurrently may both get the same one. O(log n).
    pub fn pop(&mut self) -> Option<V> {
        let last = self.len().checked_sub(1)?;
        self.take(last, 1)
    }

    /// Deletes the first element and returns it. Two replicas that do so concurrently may both get the same one. O(log n).
    pub fn shift(&mut self) -> Option<V> {
        (!self.is_empty()).then(|| self.take(0, 1))?
    }

    /// Deletes all elements. What others insert concurrently stays. O(n).
    pub fn clear(&mut self) {
        if !self.is_empty() {
            self.take(0, self.len());
        }
    }

    /// Moves an element so that afterwards it stands at index `to`. Its neighbours are not touched. Of concurrent moves of one
    /// element the later wins, and a delete beats both. O(log n).
    ///
    /// # Errors
    /// When one of the indices is not below the length.
    pub fn move_item(&mut self, from: usize, to: usize) -> Result<(), IndexError> {
        self.check(from)?;
        self.check(to)?;
        if from != to {
            self.sequence
                .core
                .relocate_noted(self.at, from as u32, to as u32);
        }
        Ok(())
    }

    fn check(&self, index: usize) -> Result<(), IndexError> {
        let len = self.len();
        if index < len {
            Ok(())
        } else {
            Err(IndexError::Beyond { index, len })
        }
    }

    /// Deletes elements; the last of them.
    pub(super) fn take(&mut self, index: usize, len: usize) -> Option<V> {
        let Sequence { core, written, .. } = &mut *self.sequence;
        let (index, len) = (index as u32, len as u32);
        core.taking(|core, taken| {
            core.delete_noted(self.at, index, len, taken, &|element| {
                written.get(&element).map(|held| held.stamp)
            });
            taken.pop()
        })
    }
}

impl<V: Element> Deref for SequenceEdit<'_, V> {
    type Target = Sequence<V>;

    fn deref(&self) -> &Self::Target {
        self.sequence
    }
}
