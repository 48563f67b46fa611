//! What the undo of a record needs to know beside its bytes, and how much of an earlier state a field is to take on.

use crate::Stamp;
use crate::crdt::Dots;
use crate::edit::At;
use crate::mutants::{Mutant, on};

/// One record that is undone.
#[doc(hidden)]
#[derive(Debug)]
pub struct Undo {
    /// The stamp that its write has by now.
    expected: Option<Stamp>,
    amount: i128,
    /// How far this replica has written under earlier ids.
    earlier: Dots,
    /// What stands at the place instead; asked for when nothing is to be done.
    found: Option<Stamp>,
    probes: bool,
}

impl Undo {
    pub(crate) fn new(expected: Option<Stamp>, amount: i128, earlier: Dots) -> Self {
        Self {
            expected,
            amount,
            earlier,
            found: None,
            probes: false,
        }
    }

    /// One that only looks which stamp is in force.
    pub(crate) fn probe() -> Self {
        Self {
            probes: true,
            ..Self::new(None, 0, Dots::None)
        }
    }

    /// True when the write that is undone is the one in force: what is there has its stamp.
    pub(crate) fn rules(&mut self, there: Stamp) -> bool {
        self.found = Some(there);
        (self.expected == Some(there) || on(Mutant::UndoOverwrites)) && !self.probes
    }

    /// True when nothing is to be done.
    pub(crate) fn probes(&self) -> bool {
        self.probes
    }

    /// All that this replica has written so far, as a cut: what others have written is not undone with it.
    pub(crate) fn own(&self, at: At<'_>) -> Dots {
        let mut own = self.earlier.clone();
        own.insert(at.latest());
        own
    }

    /// How much was added.
    pub(crate) fn amount(&self) -> i128 {
        self.amount
    }

    pub(crate) fn found(&self) -> Option<Stamp> {
        self.found
    }
}

/// How much of an earlier state is taken on.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assume {
    /// What shows becomes what showed then. What only grows or adds up stays.
    Restored,
    /// What had gone comes back, amounts too, where nothing else stands.
    Revived,
}
