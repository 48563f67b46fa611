//! [`Cursor`]: where the last edit was. The next one is mostly beside it, and then nothing is looked for from the root.
//!
//! It says nothing that the tree does not say; whoever changes what another leaf shows forgets it.

use super::{Content, Num, Order, Spot};

/// A leaf, and how many items show before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    pub(super) leaf: u32,
    pub(super) start: u32,
}

impl<C: Content> Order<C> {
    /// As [`Order::at`], for an edit: the place is remembered.
    pub(crate) fn seek(&mut self, index: u32) -> (Num, Spot) {
        let (leaf, left) = self.leaf_at(index);
        let start = index - left;
        self.cursor = Some(Cursor { leaf, start });
        self.inside(leaf, left)
    }

    /// The leaf of the item that shows at an index, and how many show before it there.
    pub(super) fn leaf_at(&self, index: u32) -> (u32, u32) {
        if let Some(cursor) = self.cursor
            && let Some(left) = index.checked_sub(cursor.start)
            && left < self.leaves[cursor.leaf as usize].size.len
        {
            return (cursor.leaf, left);
        }
        self.descend(index, |size| size.len)
    }

    /// What a leaf shows changes; where another begins may do so too.
    pub(super) fn moves(&mut self, leaf: u32) {
        if self.cursor.is_some_and(|cursor| cursor.leaf != leaf) {
            self.cursor = None;
        }
    }
}
