//! The CRDTs, and the two traits that everything synchronised implements.
//!
//! A type here says what its ops and its state mean and look like; when they travel, and whether they are due, is decided in
//! `crate::replica`. Every type follows one rule for merging: its state is a set of atoms, each with the stamp that made
//! it, and a merge keeps an atom that both sides hold, or that one side holds and the other's version does not cover.

mod atoms;
mod counter;
mod dots;
mod few;
mod g_set;
mod grown;
mod info;
mod json;
mod lww_map;
mod lww_register;
mod mark;
mod mv_register;
mod or_map;
mod or_set;
pub(crate) mod orb;
mod restamp;
mod sequence;
mod slots;
mod text;
mod two_p_set;
mod unknown;

pub use counter::{GCounter, GCounterEdit, PnCounter, PnCounterEdit};
pub(crate) use dots::{Dots, write_plain};
pub use g_set::{GSet, GSetEdit};
pub use info::{Authority, Field, Lane, OrbInfo};
pub use json::{AsPath, JsonDoc, JsonDocEdit, JsonKey, JsonPath, JsonRef, PathError};
pub(crate) use json::{Key as JsonStep, read_path as read_json_path};
pub use lww_map::{LwwMap, LwwMapEdit};
pub use lww_register::{LwwRegister, LwwRegisterEdit};
pub use mv_register::{MvRegister, MvRegisterEdit};
pub use or_map::{Held, OrMap, OrMapEdit};
pub(crate) use or_map::{STEP, write_step};
pub use or_set::{OrSet, OrSetEdit};
pub use orb::Orb;
pub use restamp::{Items as RestampItems, Restamp};
pub(crate) use sequence::ITEM_PLACES;
pub use sequence::{IndexError, Sequence, SequenceEdit};
pub(crate) use sequence::{
    check_positions_ops, check_positions_state, check_sequence_ops, check_sequence_state,
};
pub use text::{Anchor, Side, Text, TextEdit};
pub use two_p_set::{TwoPSet, TwoPSetEdit};
pub(crate) use unknown::Unknown;
pub use unknown::Unknown as UnknownFields;

use std::any::Any;

use crate::codec::{Dec, DecodeError, Enc, Kind};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::live::{Reading, Step};
use crate::mutants::{Mutant, on};
use crate::{Hlc, Stamp, Value, Version};

/// State that converges, seen as bytes: object-safe, and the same for a register and for a whole orb.
///
/// Implemented in this crate only; a struct of one's own implements [`Orb`] through `#[derive(Synced)]` and gets this.
/// Methods that take bytes are called with bytes that the walker has checked against the descriptor.
#[doc(hidden)]
pub trait Crdt: Any + Send + Sync {
    /// What this is on the wire.
    fn kind(&self) -> Kind;

    /// True when this is what it is on the wire.
    fn is(&self, kind: &Kind) -> bool {
        self.kind() == *kind
    }

    /// How many places the undo log can name in it.
    fn leaves(&self) -> u32 {
        1
    }

    /// Forgets what the change with this stamp wrote and took back again; true when the change has something to say
    /// about it all the same. Called outside transactions.
    fn settle(&mut self, tx: Stamp) -> bool;

    /// True while nobody wrote to it: it is not sent and not stored.
    fn pristine(&self) -> bool;

    /// Writes what the change with this stamp did to it; called once a change, when `settle` said so.
    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc);

    /// Applies the ops of a change.
    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError>;

    /// Writes its state; called when not `pristine`.
    fn encode_state(&self, unknown: &Unknown, out: &mut Enc);

    /// Merges another state of it; none is the initial state.
    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError>;

    /// Starts with this value instead; called on a fresh one. What does not fit changes nothing.
    fn start(&mut self, value: &Value);

    /// Its type and what it starts with, in one canonical line; called on a fresh one.
    fn describe(&self, out: &mut String);

    /// How often a second changes are sent, where the declaration says it.
    fn rate_hz(&self) -> Option<f64> {
        None
    }

    /// Takes back one write of the current transaction.
    fn revert(&mut self, leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError>;

    /// True when the state that replicas compare is the initial one, whatever is remembered of what is gone.
    fn blank(&self) -> bool {
        self.pristine()
    }

    /// Forgets what nobody can ask for any more: everything that a floor covers was seen by whoever writes from now on.
    fn collect(&mut self, _floor: Hlc) {}

    /// Says which items stand in it, in their order: what is made again goes where it stood.
    fn items(&self, _out: &mut RestampItems) {}

    /// The stamp of the register at the end of a way; none where no register stands there.
    fn stamp_at(&self, _way: &[Step<'_>]) -> Option<Stamp> {
        None
    }

    /// Writes a live value to the register at the end of a way, as an edit; false where none stands there.
    fn write_at(&mut self, _way: &[Step<'_>], _value: &Reading, _at: At<'_>) -> bool {
        false
    }

    /// Makes the ops of an own change again, as edits of the open change; called on what may have changed since.
    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        _at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        cx.drop_ops(&self.kind(), input)
    }

    /// Undoes what one note of an own edit says, by an edit of the open change, where that is still in force. What cannot be undone
    /// has no effect.
    fn undo(
        &mut self,
        _leaf: u32,
        _input: &mut Dec<'_>,
        _at: At<'_>,
        _cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        Ok(())
    }

    /// Takes on what another of the same type holds, by edits of the open change.
    fn assume(&mut self, _then: &dyn Crdt, _at: At<'_>, _how: Assume) {}
}

/// Another of the same type.
pub(crate) fn same<T: Crdt>(then: &dyn Crdt) -> Option<&T> {
    (then as &dyn Any).downcast_ref()
}

/// State that converges and can be edited: what a [`crate::Replica`] holds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not synchronised state",
    label = "this does not implement `Synced`",
    note = "use a CRDT such as `LwwRegister<T>` or `OrSet<T>`, or put `#[derive(Synced)]` on the struct"
)]
pub trait Synced: Crdt + Default {
    /// The view that an edit works through.
    type Edit<'a>;

    /// Another of the same shape that nobody wrote to.
    #[doc(hidden)]
    #[must_use]
    fn fresh(&self) -> Self {
        Self::default()
    }

    /// What it is on the wire, without one at hand.
    #[doc(hidden)]
    #[must_use]
    fn kind_of() -> Kind {
        Kind::Orb
    }

    /// The view of this state at a place in the transaction.
    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a>;
}

/// A struct that starts with values of its holder's instead of its own.
#[doc(hidden)]
#[must_use]
pub fn nested<T: Crdt + Default>(value: &Value) -> T {
    let mut fresh = T::default();
    fresh.start(value);
    fresh
}

/// A list as generated code has it.
#[doc(hidden)]
#[must_use]
pub fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::List(items.into())
}

/// A map as generated code has it.
#[doc(hidden)]
#[must_use]
pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let entries = entries.map(|(key, value)| (key.to_owned(), value));
    Value::Map(entries.into_iter().collect())
}

/// Writes what a fresh one is on the wire, and what it starts with.
#[doc(hidden)]
pub fn describe<T: Crdt>(fresh: &T, out: &mut String) {
    fresh.describe(out);
}

/// A line of a type and an initial value.
fn describe_line(kind: &Kind, initial: &Value, out: &mut String) {
    out.push_str(&format!("{kind}="));
    initial.describe(out);
}

/// What applying a change needs to know beside its bytes.
#[doc(hidden)]
#[derive(Debug)]
pub struct Apply<'a> {
    pub(crate) stamp: Stamp,
    /// Everything up to here has been seen by whoever writes from now on.
    pub(crate) floor: Hlc,
    /// True inside a map of synchronised values, where removes cut.
    pub(crate) keyed: bool,
    pub(crate) unknown: &'a mut Unknown,
}

/// What merging a state needs to know beside its bytes.
#[doc(hidden)]
#[derive(Debug)]
pub struct Merge<'a> {
    pub(crate) theirs: &'a Version,
    pub(crate) ours: &'a Version,
    /// True inside a map of synchronised values, where removes cut.
    pub(crate) keyed: bool,
    /// Set when a register lost all that was written to it and must start anew; its holder sees to that.
    pub(crate) reset: bool,
    pub(crate) unknown: &'a mut Unknown,
}

impl Merge<'_> {
    /// The one rule: of two holders of the atoms of one place, which atom each side may keep.
    pub(crate) fn keep_ours(&self, stamp: Stamp, held_by_them: bool) -> bool {
        held_by_them || !self.theirs.covers(stamp) || on(Mutant::StaleSnapshotMerged)
    }

    pub(crate) fn keep_theirs(&self, stamp: Stamp, held_by_us: bool) -> bool {
        held_by_us || !self.ours.covers(stamp) || on(Mutant::RemovedTakenBack)
    }

    /// The stamps that are left of two sets of them.
    pub(crate) fn merge_dots(&self, ours: dots::Dots, theirs: &dots::Dots) -> dots::Dots {
        let mut kept = ours.clone();
        kept.retain(|dot| self.keep_ours(dot, theirs.contains(dot)));
        for dot in theirs.as_slice() {
            if self.keep_theirs(*dot, ours.contains(*dot)) {
                kept.insert(*dot);
            }
        }
        kept
    }
}
