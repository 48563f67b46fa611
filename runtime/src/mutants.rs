//! Planted mistakes: a test turns one on in its thread, and demands that the simulator notices.
//!
//! Without the feature of this name every question is answered at compile time, and nothing of it is left. No application
//! turns the feature on.

use std::cell::Cell;

/// A rule that is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mutant {
    /// Between equal times the one that comes first wins.
    NoTieBreak,
    /// A change does not wait for what it rests on.
    CausalitySkipped,
    /// Deleted keys are forgotten at once.
    EarlyTombstoneDrop,
    /// A remove takes whatever is there when it arrives.
    CutIgnored,
    /// Of a replica's totals the greatest wins.
    GreatestTotal,
    /// What a snapshot lacks is kept.
    StaleSnapshotMerged,
    /// What a snapshot holds is taken, also what was removed here.
    RemovedTakenBack,
    /// A chain that two replicas write to goes on.
    ForkUndetected,
    /// Changes are sent before they are stored.
    SentBeforeStored,
    /// What lies below the floor is sent and merged like anything else.
    FloorIgnored,
    /// A floor is laid although a member has not said that it holds all below it.
    FloorTooEarly,
    /// A floor is laid although a change above it was made without knowing one below.
    FloorUnseen,
    /// What has to be made again is not.
    RestampForgets,
    /// Changes that are known to be held are made again as well.
    RestampRepeats,
    /// Removes that are made again take all that is there.
    RestampTakesAll,
    /// A chain may have holes.
    HolesAccepted,
    /// Removed initial values come back by a merge.
    OriginReturns,
    /// Of a change that comes twice, the second has its effect too.
    AppliedTwice,
    /// A chain is open again to what was under way when its author began anew.
    ClosedTaken,
    /// Whoever makes a list in a document takes away the list that somebody else makes there.
    ListsReplaced,
    /// Of a map, a list and a plain value at one place the oldest shows.
    OldestShows,
    /// A deleted item is collected although others hang on it.
    CollectedParents,
    /// A deleted item is collected although another that stays has it to its right.
    CollectedRight,
    /// An item is collected although not everybody has seen its delete.
    CollectedUndeleted,
    /// Undo writes over what others have written since.
    UndoOverwrites,
    /// Undo of an amount sets the total that was there before.
    UndoSetsTotal,
    /// Going back to a capture writes nothing.
    RestoreForgets,
    /// A coordinator takes what it sends a peer for held a change further than it is.
    SentFromWrongVersion,
    /// What nobody has acknowledged is not sent again.
    ResendDropped,
    /// One leaf in which two states differ is taken for the same.
    LeafSkipped,
    /// Whoever submits a change does not hear that it was refused.
    RefusalUnheard,
    /// Live values of an owner and of others compare by stamp alone.
    EpochIgnored,
    /// Of two live values that which arrives last rules.
    LiveStampIgnored,
    /// A live value shows on top of newer durable ones.
    KeyWriteHidden,
    /// What stands still is not made durable.
    NeverSettled,
}

thread_local! {
    static PLANTED: Cell<Option<Mutant>> = const { Cell::new(None) };
}

/// Plants a mistake in this thread, or takes it out.
pub fn plant(mutant: Option<Mutant>) {
    PLANTED.set(mutant);
}

/// True when this mistake is planted.
#[inline]
pub(crate) fn on(mutant: Mutant) -> bool {
    cfg!(feature = "mutants") && PLANTED.get() == Some(mutant)
}
