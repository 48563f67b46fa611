//! [`Anchor`]: a place in a text that stays where it is while others type.

use super::Text;
use crate::codec::{Dec, DecodeError};
use crate::crdt::dots::{read_plain, write_plain};
use crate::{IndexError, Stamp};

/// Which neighbour a place belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The character before it: what is typed at the place comes behind it.
    Before,
    /// The character after it: what is typed at the place comes before it.
    After,
}

/// A place in a text, bound to a character and not to a number. It may be sent and stored; where its character is deleted,
/// it stands where that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Anchor {
    /// None at the start, or the end.
    item: Option<Stamp>,
    side: Side,
}

impl Anchor {
    /// Its canonical bytes. O(1).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let side = u8::from(self.side == Side::After);
        let mut out = vec![side + 2 * u8::from(self.item.is_some())];
        if let Some(item) = self.item {
            write_plain(item, &mut out);
        }
        out
    }

    /// An anchor from its bytes. O(1).
    ///
    /// # Errors
    /// When they are cut off, not canonical, or followed by more.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = Dec::plain(bytes);
        let head = input.u8()?;
        if head > 3 {
            return Err(DecodeError::NotCanonical("anchor"));
        }
        let side = if head & 1 == 1 {
            Side::After
        } else {
            Side::Before
        };
        let item = (head & 2 == 2)
            .then(|| read_plain(&mut input))
            .transpose()?;
        input.end()?;
        Ok(Self { item, side })
    }
}

impl Text {
    /// The place at a position, bound to the character on one side of it. Without one it is the start or the end. O(log n).
    ///
    /// # Errors
    /// When the position is greater than the length.
    pub fn anchor(&self, position: usize, side: Side) -> Result<Anchor, IndexError> {
        self.check(&(position..position), self.len())?;
        let index = match side {
            Side::Before => position.checked_sub(1),
            Side::After => Some(position).filter(|position| *position < self.len()),
        };
        let item = index.map(|index| {
            let (num, _) = self.core.order().at(index as u32);
            self.core.stamp(num)
        });
        Ok(Anchor { item, side })
    }

    /// The place at a position in UTF-16 units. O(log n).
    ///
    /// # Errors
    /// When the position is beyond the end or inside a character.
    pub fn anchor_utf16(&self, position: usize, side: Side) -> Result<Anchor, IndexError> {
        self.anchor(self.from_utf16(position)?, side)
    }

    /// Where an anchor is now; none while its character has not arrived, and once it was deleted and collected below a floor.
    /// O(log n).
    #[must_use]
    pub fn position(&self, anchor: &Anchor) -> Option<usize> {
        let Some(item) = anchor.item else {
            let at_end = anchor.side == Side::After;
            return Some(if at_end { self.len() } else { 0 });
        };
        let num = self.core.num(item)?;
        let index = self.core.order().index_of(num) as usize;
        let behind = anchor.side == Side::Before && self.core.order().span(num).shown();
        Some(index + usize::from(behind))
    }

    /// Where an anchor is now, in UTF-16 units. O(log n).
    #[must_use]
    pub fn position_utf16(&self, anchor: &Anchor) -> Option<usize> {
        self.to_utf16(self.position(anchor)?).ok()
    }
}
