//! [`LwwRegister`]: one value, the greatest stamp wins.

use std::fmt;
use std::ops::Deref;

use super::{Apply, Crdt, Merge, Synced, Unknown};
use crate::codec::{Dec, DecodeError, Enc, Kind, Mode};
use crate::edit::At;
use crate::value::{Assign, Element, Raw};
use crate::{Stamp, Value};

/// A register whose last write wins, by stamp: by time, and between equal times by replica.
///
/// A write that was made after another was seen always wins over it, however slow the writer's clock. Concurrent writes
/// are decided the same way everywhere. Reading and writing are O(1).
/// (Johnson and Thomas, RFC 677, 1975; Shapiro et al., "A comprehensive study of CRDTs", 2011.)
#[derive(Clone)]
pub struct LwwRegister<V: Element> {
    stamp: Stamp,
    value: V,
    tag: V::Tag,
}

impl<V: Element<Tag = ()>> LwwRegister<V> {
    /// A register that nobody wrote to, with the value it has everywhere until somebody does.
    #[must_use]
    pub fn new(initial: impl Assign<V>) -> Self {
        Self {
            stamp: Stamp::ORIGIN,
            value: initial.assign().canonical(),
            tag: (),
        }
    }
}

impl LwwRegister<Raw> {
    pub(crate) fn unknown(tag: crate::codec::ValueKind) -> Self {
        Self {
            stamp: Stamp::ORIGIN,
            value: Raw::default(),
            tag,
        }
    }
}

impl<V: Element> LwwRegister<V> {
    /// The value.
    #[must_use]
    pub fn get(&self) -> &V {
        &self.value
    }

    /// When and by whom it was written.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// The greater stamp wins. Equal stamps mean one write, or a forged twin: then the greater bytes win, so that even
    /// that is decided everywhere alike.
    fn offer(&mut self, stamp: Stamp, value: V) {
        let wins =
            stamp > self.stamp || (stamp == self.stamp && bytes(&value) > bytes(&self.value));
        if wins {
            self.stamp = stamp;
            self.value = value;
        }
    }
}

fn bytes<V: Element>(value: &V) -> Vec<u8> {
    let mut out = Vec::new();
    value.encode(&mut out);
    out
}

impl<V: Element<Tag = ()> + Default> Default for LwwRegister<V> {
    fn default() -> Self {
        Self {
            stamp: Stamp::ORIGIN,
            value: V::default().canonical(),
            tag: (),
        }
    }
}

impl<V: Element> fmt::Debug for LwwRegister<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<V: Element> Crdt for LwwRegister<V> {
    fn kind(&self) -> Kind {
        Kind::LwwRegister(V::kind(&self.tag))
    }

    fn settle(&mut self, tx: Stamp) -> bool {
        self.stamp == tx
    }

    fn pristine(&self) -> bool {
        self.stamp.is_origin()
    }

    fn encode_ops(&mut self, _tx: Stamp, out: &mut Enc) {
        self.value.encode(&mut out.out);
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        let value = V::decode(&self.tag, input)?;
        self.offer(cx.stamp, value);
        Ok(())
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        debug_assert!(out.mode() == Mode::Hash || !self.pristine());
        out.stamp(self.stamp);
        self.value.encode(&mut out.out);
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        _cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        // A register's writes supersede each other by stamp alone, so the greatest of both sides is the one that neither
        // version can have seen overwritten.
        if let Some(input) = input {
            let stamp = input.stamp()?;
            let value = V::decode(&self.tag, input)?;
            self.offer(stamp, value);
        }
        Ok(())
    }

    fn start(&mut self, value: &Value) {
        if let Some(value) = V::from_value(value) {
            self.value = value.alone().canonical();
        }
    }

    fn describe(&self, out: &mut String) {
        super::describe_line(&self.kind(), &self.value.to_value(), out);
    }

    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.stamp = super::dots::read_plain(input)?;
        self.value = V::decode(&self.tag, input)?;
        Ok(())
    }
}

impl<V: Element<Tag = ()> + Default> Synced for LwwRegister<V> {
    type Edit<'a> = LwwRegisterEdit<'a, V>;

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        LwwRegisterEdit { register: self, at }
    }
}

/// The view of an [`LwwRegister`] inside an edit.
#[derive(Debug)]
pub struct LwwRegisterEdit<'a, V: Element> {
    register: &'a mut LwwRegister<V>,
    at: At<'a>,
}

impl<V: Element> LwwRegisterEdit<'_, V> {
    /// Writes a value. Writing the same value again is a write too: it wins over what is concurrent and older.
    pub fn set(&mut self, value: impl Assign<V>) {
        let value = value.assign().canonical();
        if !self.at.admits(&value) {
            return;
        }
        let LwwRegister {
            stamp, value: held, ..
        } = &*self.register;
        self.at.record_once(|out| {
            super::dots::write_plain(*stamp, out);
            held.encode(out);
        });
        let again = *stamp == self.at.stamp();
        if !again {
            self.at.add_op(24);
        }
        self.at.add_value(&value, again.then_some(held));
        self.register.stamp = self.at.stamp();
        self.register.value = value;
    }

    /// Writes what the function makes of the value that is held.
    pub fn update(&mut self, change: impl FnOnce(&V) -> V)
    where
        V: Assign<V>,
    {
        let value = change(&self.register.value);
        self.set(value);
    }
}

impl<V: Element> Deref for LwwRegisterEdit<'_, V> {
    type Target = LwwRegister<V>;

    fn deref(&self) -> &Self::Target {
        self.register
    }
}
