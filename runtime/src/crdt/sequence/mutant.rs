//! Rules that tests break on purpose, to see that breaking them is noticed. In any other build none of this is there.

/// A rule to break.
#[cfg_attr(not(test), allow(dead_code))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// Equal right origins: whoever comes first stands last.
    NoTieBreak,
    /// Right children in the order of their stamps.
    RightOriginIgnored,
    /// The nearest right origin first.
    RightOriginReversed,
    /// Every item is a right child.
    NoLeftChildren,
    /// A new item hangs on what is deleted beside it.
    DeletedAnchors,
    /// An item that was moved is not found by a delete.
    MoveBeatsDelete,
    /// Of two moves the last to arrive wins.
    LastMoveWins,
    /// Of two writes the last to arrive wins.
    LastSetWins,
    /// A merge brings deleted items back.
    MergeForgetsDeletes,
    /// A delete reaches only what stands in one run.
    DeleteStopsEarly,
    /// Ticks of items are not counted.
    TicksNotCounted,
    /// An edit that is taken back leaves its deletes.
    RevertForgetsDeletes,
}

#[cfg(test)]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Mutant>> = const { std::cell::Cell::new(None) };
}

/// Runs with a rule broken.
#[cfg(test)]
pub(crate) fn with<R>(mutant: Option<Mutant>, run: impl FnOnce() -> R) -> R {
    PLANTED.set(mutant);
    let result = run();
    PLANTED.set(None);
    result
}

/// True where a test has broken this rule.
#[cfg(test)]
pub(crate) fn planted(mutant: Mutant) -> bool {
    PLANTED.get() == Some(mutant)
}

#[cfg(not(test))]
#[inline(always)]
pub(crate) fn planted(_mutant: Mutant) -> bool {
    false
}

/// True where a test has broken some rule.
pub(crate) fn any_planted() -> bool {
    #[cfg(test)]
    return PLANTED.get().is_some();
    #[cfg(not(test))]
    false
}
