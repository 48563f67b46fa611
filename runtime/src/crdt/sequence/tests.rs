//! Sequences and text against a naive oracle: random schedules, every order of a few changes, planted mutants.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

mod oracle;
mod orders;
mod schedules;

use super::Sequence;
use crate::{Error, Synced, Text};

/// Something that an edit did, by what its author saw.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verb {
    Insert(usize, Vec<i64>),
    Delete(usize, usize),
    Set(usize, i64),
    Move(usize, usize),
}

/// What can be driven by verbs.
pub(super) trait Subject: Synced + Clone + std::fmt::Debug {
    const MOVES: bool;

    fn act(edit: &mut Self::Edit<'_>, verb: &Verb) -> Result<(), Error>;

    fn values(&self) -> Vec<i64>;

    fn check(&self);
}

impl Subject for Sequence<i64> {
    const MOVES: bool = true;

    fn act(edit: &mut Self::Edit<'_>, verb: &Verb) -> Result<(), Error> {
        match verb {
            Verb::Insert(index, values) => edit.insert_all(*index, values)?,
            Verb::Delete(index, len) => edit.delete_range(*index..*index + *len)?,
            Verb::Set(index, value) => edit.set(*index, *value)?,
            Verb::Move(from, to) => edit.move_item(*from, *to)?,
        }
        Ok(())
    }

    fn values(&self) -> Vec<i64> {
        let all = self.to_vec();
        for (index, value) in all.iter().enumerate() {
            assert_eq!(self.get(index), Some(value));
        }
        assert_eq!((all.len(), self.get(all.len())), (self.len(), None));
        all
    }

    fn check(&self) {
        self.core.order.check();
    }
}

/// Characters of one to four bytes, so that positions in all units are put to the test.
pub(super) fn letter(value: i64) -> char {
    match value % 5 {
        0 => char::from_u32(0x1f600 + (value % 70) as u32).unwrap(),
        1 => char::from_u32(0x4e00 + value as u32).unwrap(),
        2 => char::from_u32(0xe0 + (value % 30) as u32).unwrap(),
        _ => char::from(b' ' + (value % 90) as u8),
    }
}

impl Subject for Text {
    const MOVES: bool = false;

    fn act(edit: &mut Self::Edit<'_>, verb: &Verb) -> Result<(), Error> {
        match verb {
            Verb::Insert(index, values) => {
                let text: String = values.iter().map(|value| letter(*value)).collect();
                edit.insert(*index, &text)?;
            }
            Verb::Delete(index, len) => edit.delete(*index..*index + *len)?,
            Verb::Set(..) | Verb::Move(..) => {}
        }
        Ok(())
    }

    fn values(&self) -> Vec<i64> {
        let text = self.to_string();
        assert_eq!(text.chars().count(), self.len());
        assert_eq!(text.encode_utf16().count(), self.len_utf16());
        text.chars()
            .map(|char| i64::from(u32::from(char)))
            .collect()
    }

    fn check(&self) {
        self.check_order();
    }
}
