//! [`Text`]: text that several people type in at once.
//!
//! Items, order, ops and state are `crate::crdt::sequence`'s; here are characters, the two ways of counting them, and cursors.

mod anchor;
mod units;
mod view;

use std::fmt;

pub use anchor::{Anchor, Side};
pub use view::TextEdit;

use super::sequence::{Core, Utf8};
use super::{Apply, Crdt, Merge, Restamp, RestampItems, Synced, Unknown, same};
use crate::codec::{Dec, DecodeError, Enc, Kind, Mode};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::{Hlc, Stamp, Value};

/// Text in which every character has an identity.
///
/// Positions count Unicode scalar values, or UTF-16 units in the methods that say so; a place that should survive the edits of
/// others is an [`Anchor`].
///
/// # Law
/// What one person types stays in one piece, forwards and backwards, whoever types in the same place at once; what is deleted
/// is gone for all. Merging is the union of characters and of deletes; so it is commutative, associative and idempotent.
///
/// # Cost
/// An edit and a position in the middle are O(log n), a merge is O(n log n). In memory a run of typing is one entry of each table,
/// whatever its length, beside its text.
///
/// # Paper
/// FugueMax: Weidner and Kleppmann, "The Art of the Fugue: minimizing interleaving in collaborative text editing", 2023.
///
/// # Example
/// ```
/// use holo_runtime::{Error, Replica, ReplicaId, Text};
///
/// let mut alice = Replica::<Text>::new(ReplicaId::random());
/// let mut bob = Replica::<Text>::new(ReplicaId::random());
/// alice.edit(|text| text.push("Hello world"));
/// bob.apply(alice.changes_since(bob.version()))?;
/// alice.try_edit(|text| text.insert(5, ",").map_err(Error::from))?;
/// bob.try_edit(|text| text.replace(6..11, "all").map_err(Error::from))?;
/// bob.apply(alice.changes_since(bob.version()))?;
/// assert_eq!(bob.state().to_string(), "Hello, all");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Text {
    core: Core<Utf8>,
}

impl Text {
    /// A text that starts with this: it is part of the declaration, the same everywhere, and sent to nobody. O(n).
    #[must_use]
    pub fn new(initial: &str) -> Self {
        let mut text = Self::default();
        text.begin(initial);
        text
    }

    fn begin(&mut self, initial: &str) {
        let len = u32::try_from(initial.chars().count());
        self.core.start(len.unwrap_or(0), &mut initial.to_owned());
    }

    /// How many Unicode scalar values it has. O(1).
    #[must_use]
    pub fn len(&self) -> usize {
        self.core.len() as usize
    }

    /// True when there is none. O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.core.len() == 0
    }

    /// Looks whether all counts are right; for tests.
    #[cfg(test)]
    pub(crate) fn check_order(&self) {
        self.core.order().check();
    }

    /// The pieces of the text in order; together they are all of it. O(n) for all.
    pub fn pieces(&self) -> impl Iterator<Item = &str> {
        let leaves = self.core.order().leaves();
        leaves
            .map(|(chunk, _, _)| chunk.as_str())
            .filter(|piece| !piece.is_empty())
    }
}

impl Default for Text {
    fn default() -> Self {
        Self {
            core: Core::new(()),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().try_for_each(|piece| f.write_str(piece))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_string().fmt(f)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        let mut rest = other;
        for piece in self.pieces() {
            match rest.strip_prefix(piece) {
                Some(left) => rest = left,
                None => return false,
            }
        }
        rest.is_empty()
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl Crdt for Text {
    fn kind(&self) -> Kind {
        Kind::Text
    }

    fn settle(&mut self, _tx: Stamp) -> bool {
        self.core.touched()
    }

    fn pristine(&self) -> bool {
        self.core.pristine()
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        self.core.encode_ops(tx, false, out);
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        self.core.apply_ops(input, cx.stamp, cx.keyed).map(drop)
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        if out.mode() == Mode::Leaves {
            return out.own_body(|body| self.encode_state(&Unknown::default(), body));
        }
        self.core.encode_state(&|_| None, out);
    }

    fn merge_state(
        &mut self,
        mut input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        if let Some(input) = input.as_deref_mut().filter(|input| input.in_leaves()) {
            return input.own_body(|body| self.merge_state(Some(body), cx));
        }
        let read = self.core.read_state(input, cx.keyed)?;
        let lost = self.core.merge(read, cx);
        self.core.drop_lost(&lost, cx);
        Ok(())
    }

    fn start(&mut self, value: &Value) {
        if let Value::Str(text) = value {
            self.begin(text);
        }
    }

    fn describe(&self, out: &mut String) {
        super::describe_line(&Kind::Text, &Value::Str(self.to_string()), out);
    }

    fn blank(&self) -> bool {
        self.core.blank()
    }

    fn collect(&mut self, floor: Hlc) {
        self.core.collect(floor);
    }

    fn items(&self, out: &mut RestampItems) {
        self.core.items(out);
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        self.core.restamp(input, at, cx).map(drop)
    }

    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let kind = input.u8()?;
        self.core.restore(kind, input)
    }

    fn undo(
        &mut self,
        _leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let deed = input.u8()?;
        self.core.undo(deed, input, at, cx, &|_| None)
    }

    /// Keeps what is the same at the start and at the end.
    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        let Some(then) = same::<Self>(then) else {
            return;
        };
        if how == Assume::Revived {
            if self.pristine() {
                self.core.revive(&then.core, at, &|_| None);
            }
            return;
        }
        let now: Vec<char> = self.to_string().chars().collect();
        let then: Vec<char> = then.to_string().chars().collect();
        let alike = |(a, b): &(&char, &char)| a == b;
        let start = now.iter().zip(&then).take_while(alike).count();
        let tails = now[start..].iter().rev().zip(then[start..].iter().rev());
        let end = tails.take_while(alike).count();
        let came: String = then[start..then.len() - end].iter().collect();
        let replaced = TextEdit::new(self, at).replace(start..now.len() - end, &came);
        debug_assert!(replaced.is_ok(), "the range is within the text");
    }
}

impl Synced for Text {
    type Edit<'a> = TextEdit<'a>;

    fn kind_of() -> Kind {
        Kind::Text
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        TextEdit::new(self, at)
    }
}
