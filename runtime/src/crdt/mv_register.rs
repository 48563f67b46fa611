//! [`MvRegister`]: a register that keeps what was written concurrently.

mod ops;

use std::fmt;
use std::ops::Deref;

use super::Synced;
use super::dots::Dots;
use crate::Stamp;
use crate::codec::Kind;
use crate::edit::At;
use crate::value::{Assign, Element, Raw};

/// A register that keeps every write that no other has seen: one value as a rule, several after concurrent writes, until
/// somebody who has seen them writes again.
///
/// # Law
/// What is held are exactly the maximal writes, those in the past of no other, in the order of their stamps; so merging is
/// commutative, associative and idempotent. The initial value is there while nobody has written.
///
/// # Cost
/// Reading and writing are O(values), and there are never more values than replicas that wrote concurrently.
///
/// # Paper
/// Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011; the siblings of Dynamo,
/// DeCandia et al., "Dynamo: Amazon's highly available key-value store", 2007.
///
/// # Example
///
/// ```
/// use holo_runtime::{MvRegister, Replica, ReplicaId};
///
/// let mut alice = Replica::<MvRegister<String>>::new(ReplicaId::random());
/// let mut bob = Replica::<MvRegister<String>>::new(ReplicaId::random());
/// alice.edit(|title| title.set("Dune"));
/// bob.edit(|title| title.set("Arrakis"));
/// bob.apply(alice.changes_since(bob.version()))?;
/// assert!(bob.state().has_conflict());
/// bob.edit(|title| title.set("Dune (Arrakis)"));
/// assert_eq!(bob.state().values(), ["Dune (Arrakis)"]);
/// # Ok::<(), holo_runtime::Error>(())
/// ```
#[derive(Clone)]
pub struct MvRegister<V: Element> {
    initial: V,
    /// In the order of their stamps, one of each replica.
    writes: Vec<(Stamp, V)>,
    /// What the first write of the open change replaced.
    cut: Dots,
    tag: V::Tag,
}

impl<V: Element<Tag = ()>> MvRegister<V> {
    /// A register that nobody wrote to, with the value it has everywhere until somebody does. O(1).
    #[must_use]
    pub fn new(initial: impl Assign<V>) -> Self {
        Self::with_tag(initial.assign().canonical(), ())
    }
}

impl MvRegister<Raw> {
    pub(crate) fn unknown(tag: crate::codec::ValueKind) -> Self {
        Self::with_tag(Raw::default(), tag)
    }
}

impl<V: Element> MvRegister<V> {
    /// One that starts with a canonical value.
    pub(crate) fn with_tag(initial: V, tag: V::Tag) -> Self {
        Self {
            initial,
            writes: Vec::new(),
            cut: Dots::None,
            tag,
        }
    }

    /// The value with the greatest stamp: what a reader takes who wants one value. O(values).
    #[must_use]
    pub fn get(&self) -> &V {
        self.writes.last().map_or(&self.initial, |(_, value)| value)
    }

    /// All values, in the order of their stamps; never none. O(values).
    #[must_use]
    pub fn values(&self) -> Vec<&V> {
        if self.writes.is_empty() {
            return vec![&self.initial];
        }
        self.writes.iter().map(|(_, value)| value).collect()
    }

    /// When and by whom each value was written, in the same order; none while the value is the initial one. O(values).
    #[must_use]
    pub fn stamps(&self) -> Vec<Stamp> {
        self.writes.iter().map(|(stamp, _)| *stamp).collect()
    }

    /// True when there are several values. O(1).
    #[must_use]
    pub fn has_conflict(&self) -> bool {
        self.writes.len() > 1
    }
}

impl<V: Element<Tag = ()> + Default> Default for MvRegister<V> {
    fn default() -> Self {
        Self::with_tag(V::default().canonical(), ())
    }
}

impl<V: Element> fmt::Debug for MvRegister<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.values()).finish()
    }
}

impl<V: Element<Tag = ()> + Default> Synced for MvRegister<V> {
    type Edit<'a> = MvRegisterEdit<'a, V>;

    fn kind_of() -> Kind {
        Kind::MvRegister(V::kind(&()))
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        MvRegisterEdit::new(self, at)
    }
}

/// The view of an [`MvRegister`] inside an edit.
#[derive(Debug)]
pub struct MvRegisterEdit<'a, V: Element> {
    register: &'a mut MvRegister<V>,
    at: At<'a>,
}

impl<'a, V: Element> MvRegisterEdit<'a, V> {
    pub(crate) fn new(register: &'a mut MvRegister<V>, at: At<'a>) -> Self {
        Self { register, at }
    }

    /// Writes a value in place of all that are there. Writing the same value again is a write too. A value that nests too deep
    /// refuses the whole edit. A concurrent write stays beside it, until somebody who has seen both writes again. O(values).
    pub fn set(&mut self, value: impl Assign<V>) {
        self.write(value.assign().canonical(), None);
    }

    /// Writes a value in place of those that its author had seen; of all, where that is not said.
    fn write(&mut self, value: V, seen: Option<&Dots>) {
        if !self.at.admits(&value) {
            return;
        }
        let (register, stamp) = (&mut *self.register, self.at.stamp());
        self.at.record_once(|out| register.write_record(out));
        let before = register.writes.last().map(|(last, _)| *last);
        self.at.note_write(
            before.unwrap_or(Stamp::ORIGIN),
            |_| {},
            |out| register.get().encode(out),
        );
        let own = register.writes.last().filter(|(last, _)| *last == stamp);
        if own.is_none() {
            self.at.add_op(24 * (register.writes.len() + 1));
        }
        self.at.add_value(&value, own.map(|(_, before)| before));
        register.write(stamp, value, seen);
    }

    /// Writes what the function makes of the value with the greatest stamp. A concurrent write stays beside it, as with
    /// [`MvRegisterEdit::set`]. O(values) beside the function.
    pub fn update(&mut self, change: impl FnOnce(&V) -> V)
    where
        V: Assign<V>,
    {
        let value = change(self.register.get());
        self.set(value);
    }
}

impl<V: Element> Deref for MvRegisterEdit<'_, V> {
    type Target = MvRegister<V>;

    fn deref(&self) -> &Self::Target {
        self.register
    }
}
