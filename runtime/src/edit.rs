//! What an edit closure works with: the transaction and the handle that leads each view to it.
//!
//! The views themselves stand beside their CRDTs; opening and sealing changes is `crate::replica`'s.

use std::cell::{Cell, RefCell};
use std::fmt;

use crate::codec::Dec;
use crate::crdt::Crdt;
use crate::value::Element;
use crate::{Hlc, Limit, ReplicaId, Stamp};

/// One transaction: the stamp of its writes and the records that undo them.
#[derive(Debug)]
pub struct Tx {
    replica: ReplicaId,
    time: Hlc,
    log: RefCell<UndoLog>,
    ops: Cell<usize>,
    bytes: Cell<usize>,
    refused: Cell<Option<Limit>>,
}

/// Inverse records, in the order of the writes: which leaf, and what it needs to go back.
#[derive(Debug, Default)]
pub(crate) struct UndoLog {
    bytes: Vec<u8>,
    entries: Vec<(u32, usize)>,
}

impl UndoLog {
    /// Takes back every write, last first.
    pub(crate) fn revert(&mut self, state: &mut dyn Crdt) {
        while let Some((leaf, start)) = self.entries.pop() {
            let result = state.revert(leaf, &mut Dec::plain(&self.bytes[start..]));
            debug_assert!(
                result.is_ok(),
                "an inverse record did not decode: {result:?}"
            );
            self.bytes.truncate(start);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.entries.clear();
    }
}

impl Tx {
    /// A transaction that goes on an open change of so many ops and bytes.
    pub(crate) fn new(
        replica: ReplicaId,
        time: Hlc,
        log: UndoLog,
        ops: usize,
        bytes: usize,
    ) -> Self {
        Self {
            replica,
            time,
            log: RefCell::new(log),
            ops: Cell::new(ops),
            bytes: Cell::new(bytes),
            refused: Cell::new(None),
        }
    }

    pub(crate) fn refused(&self) -> Option<Limit> {
        self.refused.take()
    }

    pub(crate) fn time(&self) -> Hlc {
        self.time
    }

    pub(crate) fn weight(&self) -> (usize, usize) {
        (self.ops.get(), self.bytes.get())
    }

    pub(crate) fn revert(&self, state: &mut dyn Crdt) {
        self.log.borrow_mut().revert(state);
    }

    pub(crate) fn into_log(self) -> UndoLog {
        self.log.into_inner()
    }
}

/// The handle that a view keeps: the transaction and which leaf of the state this is.
#[derive(Clone, Copy)]
pub struct At<'a> {
    tx: &'a Tx,
    leaf: u32,
}

impl fmt::Debug for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "At(leaf {})", self.leaf)
    }
}

impl<'a> At<'a> {
    pub(crate) fn root(tx: &'a Tx) -> Self {
        Self { tx, leaf: 0 }
    }

    /// The handle of the next field, which has this many leaves; afterwards `self` stands behind it.
    #[must_use]
    pub fn take(&mut self, leaves: u32) -> Self {
        let here = *self;
        self.leaf += leaves;
        here
    }

    pub(crate) fn stamp(self) -> Stamp {
        Stamp::new(self.tx.time, self.tx.replica)
    }

    pub(crate) fn replica(self) -> ReplicaId {
        self.tx.replica
    }

    /// Writes an inverse record.
    pub(crate) fn record(self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut log = self.tx.log.borrow_mut();
        let start = log.bytes.len();
        log.entries.push((self.leaf, start));
        write(&mut log.bytes);
    }

    /// Writes an inverse record of a leaf that goes back as a whole, unless the last record is its own already.
    pub(crate) fn record_once(self, write: impl FnOnce(&mut Vec<u8>)) {
        let recorded = self
            .tx
            .log
            .borrow()
            .entries
            .last()
            .is_some_and(|(leaf, _)| *leaf == self.leaf);
        if !recorded {
            self.record(write);
        }
    }

    /// Counts one more op in the change, which takes at most so many bytes beside its values.
    pub(crate) fn add_op(self, bytes: usize) {
        self.tx.ops.set(self.tx.ops.get() + 1);
        self.add_bytes(bytes);
        if self.tx.ops.get() > Limit::MAX_OPS {
            self.refuse(Limit::Ops);
        }
    }

    /// True when a value may be written at all. One that nests too deep refuses the edit and must not reach the state: its
    /// inverse record could not be read back.
    pub(crate) fn admits<V: Element>(self, value: &V) -> bool {
        let shallow = value.depth() <= crate::codec::MAX_DEPTH;
        if !shallow {
            self.refuse(Limit::Depth);
        }
        shallow
    }

    /// Counts bytes of the change.
    pub(crate) fn add_bytes(self, bytes: usize) {
        self.tx.bytes.set(self.tx.bytes.get() + bytes);
        if self.tx.bytes.get() > Limit::MAX_BYTES {
            self.refuse(Limit::Bytes);
        }
    }

    /// Counts a value that is written, in place of one that this change wrote before.
    pub(crate) fn add_value<V: Element>(self, value: &V, replaced: Option<&V>) {
        let replaced = replaced.map_or(0, V::size);
        self.tx
            .bytes
            .set(self.tx.bytes.get().saturating_sub(replaced));
        self.add_bytes(value.size());
    }

    /// Refuses the whole transaction: it is taken back when the closure returns.
    pub(crate) fn refuse(self, limit: Limit) {
        self.tx.refused.set(Some(limit));
    }
}
