//! [`LwwRegister`]: one value, the greatest stamp wins.

use std::fmt;
use std::ops::Deref;

use super::atoms::Atoms;
use super::{Apply, Crdt, Merge, Restamp, Synced, Unknown, same};
use crate::codec::{Dec, DecodeError, Enc, Kind, Mode};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::live::{Reading, Step};
use crate::value::{Assign, Element, Raw};
use crate::{Stamp, Value};

/// A register whose last write wins, by stamp: by time, and between equal times by replica.
///
/// # Law
/// What is held is the write with the greatest stamp of all that were made; so merging is commutative, associative and idempotent.
/// A write that was made after another was seen always wins over it, however slow the writer's clock. Concurrent writes are
/// decided the same way everywhere.
///
/// # Cost
/// Reading, writing and merging are O(1), in memory one value and a stamp. Inside a map of synchronised values the last write of
/// every replica is kept, so that a cut may bring an older one back: O(writers).
///
/// # Paper
/// Johnson and Thomas, RFC 677, 1975; Shapiro et al., "A comprehensive study of convergent and commutative replicated data types",
/// 2011.
#[derive(Clone)]
pub struct LwwRegister<V: Element> {
    atoms: Atoms<V>,
    tag: V::Tag,
}

impl<V: Element<Tag = ()>> LwwRegister<V> {
    /// A register that nobody wrote to, with the value it has everywhere until somebody does. O(1).
    #[must_use]
    pub fn new(initial: impl Assign<V>) -> Self {
        Self {
            atoms: Atoms::new(initial.assign().canonical()),
            tag: (),
        }
    }
}

impl LwwRegister<Raw> {
    pub(crate) fn unknown(tag: crate::codec::ValueKind) -> Self {
        Self::with_tag(Raw::default(), tag)
    }
}

impl<V: Element> LwwRegister<V> {
    /// One that starts with a canonical value.
    pub(crate) fn with_tag(initial: V, tag: V::Tag) -> Self {
        Self {
            atoms: Atoms::new(initial),
            tag,
        }
    }

    /// The value. O(1).
    #[must_use]
    pub fn get(&self) -> &V {
        &self.atoms.value
    }

    /// When and by whom it was written. O(1).
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        self.atoms.stamp
    }
}

impl<V: Element<Tag = ()> + Default> Default for LwwRegister<V> {
    fn default() -> Self {
        Self {
            atoms: Atoms::new(V::default().canonical()),
            tag: (),
        }
    }
}

impl<V: Element> fmt::Debug for LwwRegister<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.atoms.value.fmt(f)
    }
}

impl<V: Element> Crdt for LwwRegister<V> {
    fn kind(&self) -> Kind {
        Kind::LwwRegister(V::kind(&self.tag))
    }

    fn is(&self, kind: &Kind) -> bool {
        matches!(kind, Kind::LwwRegister(value) if *value == V::kind(&self.tag))
    }

    fn settle(&mut self, tx: Stamp) -> bool {
        self.atoms.stamp == tx
    }

    fn pristine(&self) -> bool {
        self.atoms.is_origin()
    }

    fn encode_ops(&mut self, _tx: Stamp, out: &mut Enc) {
        self.atoms.value.encode(&mut out.out);
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        let value = V::decode(&self.tag, input)?;
        self.atoms.offer(cx.stamp, value, cx.keyed);
        Ok(())
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        debug_assert!(out.mode() == Mode::Hash || !self.pristine());
        self.atoms.encode_state(out);
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        let theirs = match input {
            Some(input) => Atoms::decode(&self.tag, input, cx.keyed)?,
            None => Vec::new(),
        };
        cx.reset |= self.atoms.merge(theirs, cx);
        Ok(())
    }

    fn start(&mut self, value: &Value) {
        if let Some(value) = V::tagged(&self.tag, value) {
            self.atoms.value = value.alone().canonical();
        }
    }

    fn describe(&self, out: &mut String) {
        super::describe_line(&self.kind(), &self.atoms.value.to_value(), out);
    }

    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.atoms = Atoms::read_record(&self.tag, input)?;
        Ok(())
    }

    fn stamp_at(&self, way: &[Step<'_>]) -> Option<Stamp> {
        way.is_empty().then(|| self.stamp())
    }

    fn write_at(&mut self, way: &[Step<'_>], value: &Reading, at: At<'_>) -> bool {
        let value = match value {
            Reading::Numbers(numbers) => V::from_numbers(numbers),
            Reading::Bytes(bytes) => V::decode(&self.tag, &mut Dec::plain(bytes)).ok(),
        };
        let value = value.filter(|_| way.is_empty());
        let wrote = value.is_some();
        if let Some(value) = value {
            LwwRegisterEdit { register: self, at }.write(value.canonical());
        }
        wrote
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        _cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        let value = V::decode(&self.tag, input)?;
        LwwRegisterEdit { register: self, at }.write(value);
        Ok(())
    }

    /// The value before comes back while nobody has written since.
    fn undo(
        &mut self,
        _leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let value = V::decode(&self.tag, input)?;
        if cx.rules(self.atoms.stamp) {
            LwwRegisterEdit { register: self, at }.write(value);
        }
        Ok(())
    }

    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        let Some(Atoms { stamp, value, .. }) = same::<Self>(then).map(|then| &then.atoms) else {
            return;
        };
        let differs = match how {
            Assume::Restored => !self.atoms.value.same(value),
            Assume::Revived => self.atoms.is_origin() && !stamp.is_origin(),
        };
        if differs {
            at.revives(*stamp);
            let value = value.clone();
            LwwRegisterEdit { register: self, at }.write(value);
        }
    }
}

impl<V: Element<Tag = ()> + Default> Synced for LwwRegister<V> {
    type Edit<'a> = LwwRegisterEdit<'a, V>;

    fn kind_of() -> Kind {
        Kind::LwwRegister(V::kind(&()))
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        LwwRegisterEdit::new(self, at)
    }
}

/// The view of an [`LwwRegister`] inside an edit.
#[derive(Debug)]
pub struct LwwRegisterEdit<'a, V: Element> {
    register: &'a mut LwwRegister<V>,
    at: At<'a>,
}

impl<'a, V: Element> LwwRegisterEdit<'a, V> {
    pub(crate) fn new(register: &'a mut LwwRegister<V>, at: At<'a>) -> Self {
        Self { register, at }
    }

    /// Writes a value. Writing the same value again is a write too: it wins over what is concurrent and older. Of concurrent
    /// writes the greater stamp wins. O(1).
    pub fn set(&mut self, value: impl Assign<V>) {
        self.write(value.assign().canonical());
    }

    fn write(&mut self, value: V) {
        if !self.at.admits(&value) {
            return;
        }
        let held = &self.register.atoms;
        self.at.record_once(|out| held.write_record(out));
        self.at
            .note_write(held.stamp, |_| {}, |out| held.value.encode(out));
        let again = held.stamp == self.at.stamp();
        if !again {
            self.at.add_op(24);
        }
        self.at.add_value(&value, again.then_some(&held.value));
        let (stamp, keyed) = (self.at.stamp(), self.at.keyed());
        self.register.atoms.write(stamp, value, keyed);
    }

    /// Writes what the function makes of the value that is held. It is a write of the outcome: a concurrent one is not combined
    /// with it, and the greater stamp wins. O(1) beside the function.
    pub fn update(&mut self, change: impl FnOnce(&V) -> V)
    where
        V: Assign<V>,
    {
        let value = change(&self.register.atoms.value);
        self.set(value);
    }
}

impl<V: Element> Deref for LwwRegisterEdit<'_, V> {
    type Target = LwwRegister<V>;

    fn deref(&self) -> &Self::Target {
        self.register
    }
}
