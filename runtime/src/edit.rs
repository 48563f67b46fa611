//! What an edit closure works with: the transaction and the handle that leads each view to it.
//!
//! The views themselves stand beside their CRDTs; opening and sealing changes is `crate::replica`'s. What a transaction notes down
//! for undo stands in `noting`.

mod noting;

pub(crate) use noting::ItemNames;

use std::cell::{Cell, RefCell};
use std::fmt;

use crate::codec::{Dec, MAX_BODY};
use crate::crdt::Crdt;
use crate::history::Notes;
use crate::value::{Element, InstanceId};
use crate::{Hlc, Limit, ReplicaId, Stamp};

/// One transaction: the stamp of its writes and the records that undo them.
#[derive(Debug)]
pub struct Tx {
    replica: ReplicaId,
    time: Hlc,
    floor: Hlc,
    log: RefCell<UndoLog>,
    /// What undo needs to know, where there is undo.
    notes: Option<Box<RefCell<Notes>>>,
    scopes: RefCell<Vec<Scope>>,
    ops: Cell<usize>,
    bytes: Cell<usize>,
    spawned: Cell<u32>,
    ticks: Cell<u32>,
    refused: Cell<Option<Limit>>,
    acts: Cell<bool>,
}

/// The change that edits join until it is sealed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    pub(crate) time: Hlc,
    pub(crate) ops: usize,
    pub(crate) bytes: usize,
    /// How many instances were spawned.
    pub(crate) spawned: u32,
    /// How many ticks items have taken.
    pub(crate) ticks: u32,
}

/// The inside of one entry of a map: the scope and leaf of the map, and the entry's slot in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scope {
    parent: u32,
    leaf: u32,
    slot: u32,
}

/// Inverse records, in the order of the writes: which leaf, and what it needs to go back.
#[derive(Debug, Default)]
pub(crate) struct UndoLog {
    bytes: Vec<u8>,
    entries: Vec<(u32, usize)>,
    /// The scope and leaf of the last record.
    last: Option<(u32, u32)>,
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
        self.last = None;
    }
}

impl Tx {
    /// A transaction that goes on an open change.
    #[inline]
    pub(crate) fn new(
        replica: ReplicaId,
        open: Open,
        floor: Hlc,
        log: UndoLog,
        notes: Option<Box<RefCell<Notes>>>,
    ) -> Self {
        Self {
            replica,
            time: open.time,
            floor,
            log: RefCell::new(log),
            notes,
            scopes: RefCell::default(),
            ops: Cell::new(open.ops),
            bytes: Cell::new(open.bytes),
            spawned: Cell::new(open.spawned),
            ticks: Cell::new(open.ticks),
            refused: Cell::new(None),
            acts: Cell::new(false),
        }
    }

    pub(crate) fn refused(&self) -> Option<Limit> {
        self.refused.take()
    }

    /// The open change with this transaction in it.
    pub(crate) fn open(&self) -> Open {
        Open {
            time: self.time,
            ops: self.ops.get(),
            bytes: self.bytes.get(),
            spawned: self.spawned.get(),
            ticks: self.ticks.get(),
        }
    }

    /// True when something was written, and not only looked at.
    pub(crate) fn acts(&self) -> bool {
        self.acts.get()
    }

    pub(crate) fn revert(&self, state: &mut dyn Crdt) {
        self.log.borrow_mut().revert(state);
    }

    /// Gives the memory of its log back.
    pub(crate) fn give_back(&mut self, scratch: &mut UndoLog) {
        std::mem::swap(self.log.get_mut(), scratch);
    }

    /// What it has noted down, where there is undo.
    pub(crate) fn take_notes(&mut self) -> Option<Notes> {
        self.notes.take().map(|notes| notes.into_inner())
    }

    /// The stamp of its writes.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp::new(self.time, self.replica)
    }
}

/// Writes the way to a leaf inside entries of maps, from the outermost; the leaf of the state that it begins at. Maps nest no
/// deeper than types do.
fn write_way(scopes: &[Scope], (scope, leaf): (u32, u32), out: &mut Vec<u8>) -> u32 {
    let inside = (scope as usize).checked_sub(1);
    let Some(inside) = inside.and_then(|at| scopes.get(at)) else {
        return leaf;
    };
    let root = write_way(scopes, (inside.parent, inside.leaf), out);
    crate::crdt::write_step(inside.slot, leaf, out);
    root
}

/// The handle that a view keeps: the transaction and which leaf of the state this is.
#[derive(Clone, Copy)]
pub struct At<'a> {
    tx: &'a Tx,
    /// The entry of a map that this is in: 1 + its number in the transaction, 0 outside.
    scope: u32,
    leaf: u32,
}

impl fmt::Debug for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "At(leaf {})", self.leaf)
    }
}

impl<'a> At<'a> {
    pub(crate) fn root(tx: &'a Tx) -> Self {
        Self {
            tx,
            scope: 0,
            leaf: 0,
        }
    }

    /// The handle of what an entry of this map holds. The key is asked for where places have to be named for longer than slots last.
    pub(crate) fn inside(self, slot: u32, key: impl FnOnce(&mut Vec<u8>)) -> Self {
        let scope = Scope {
            parent: self.scope,
            leaf: self.leaf,
            slot,
        };
        let mut scopes = self.tx.scopes.borrow_mut();
        if scopes.last() != Some(&scope) {
            scopes.push(scope);
            if let Some(notes) = &self.tx.notes {
                notes.borrow_mut().enter(key);
            }
        }
        Self {
            tx: self.tx,
            scope: scopes.len() as u32,
            leaf: 0,
        }
    }

    /// True inside a map of synchronised values, where removes cut.
    pub(crate) fn keyed(self) -> bool {
        self.scope != 0
    }

    /// An identity that nothing else has.
    pub(crate) fn spawn(self) -> InstanceId {
        let number = self.tx.spawned.get();
        self.tx.spawned.set(number.saturating_add(1));
        let number = u16::try_from(number).unwrap_or_else(|_| {
            self.refuse(Limit::Ops);
            u16::MAX
        });
        InstanceId::new(self.tx.time, self.tx.replica, number)
    }

    /// Ticks for so many items, each with an identity of its own: the time of the first. None refuses the edit.
    pub(crate) fn ticks(self, count: u32) -> Option<Hlc> {
        let taken = self.tx.ticks.get();
        let first = self.tx.time.checked_add(u64::from(taken));
        let last = self
            .tx
            .time
            .checked_add(u64::from(taken) + u64::from(count));
        let all = taken.checked_add(count);
        match (first, last, all.filter(|all| *all <= MAX_BODY as u32)) {
            (Some(first), Some(_), Some(all)) => {
                self.tx.ticks.set(all);
                Some(first)
            }
            _ => {
                self.refuse(Limit::Ops);
                None
            }
        }
    }

    /// The handle of the next field, which has this many leaves; afterwards `self` stands behind it.
    #[must_use]
    pub fn take(&mut self, leaves: u32) -> Self {
        let here = *self;
        self.leaf += leaves;
        here
    }

    pub(crate) fn stamp(self) -> Stamp {
        self.tx.stamp()
    }

    /// The greatest stamp of this replica so far, ticks of items included: all that it has written.
    pub(crate) fn latest(self) -> Stamp {
        let time = self.tx.time.checked_add(u64::from(self.tx.ticks.get()));
        Stamp::new(time.unwrap_or(Hlc::MAX), self.tx.replica)
    }

    /// Everything up to here has been seen by whoever writes from now on.
    pub(crate) fn floor(self) -> Hlc {
        self.tx.floor
    }

    pub(crate) fn replica(self) -> ReplicaId {
        self.tx.replica
    }

    /// Writes an inverse record. One from inside an entry of a map begins with the way there.
    pub(crate) fn record(self, write: impl FnOnce(&mut Vec<u8>)) {
        self.tx.acts.set(true);
        self.record_touch(write);
    }

    /// The same, of what only makes ready to write.
    pub(crate) fn record_touch(self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut log = self.tx.log.borrow_mut();
        let log = &mut *log;
        let start = log.bytes.len();
        let leaf = match self.scope {
            0 => self.leaf,
            _ => {
                let scopes = self.tx.scopes.borrow();
                write_way(&scopes, (self.scope, self.leaf), &mut log.bytes)
            }
        };
        log.entries.push((leaf, start));
        log.last = Some((self.scope, self.leaf));
        write(&mut log.bytes);
    }

    /// Writes an inverse record of a leaf that goes back as a whole, unless the last record is its own already.
    pub(crate) fn record_once(self, write: impl FnOnce(&mut Vec<u8>)) {
        let recorded = self.tx.log.borrow().last == Some((self.scope, self.leaf));
        if !recorded {
            self.record(write);
        }
    }

    /// True when the last record is that of this leaf, and nothing is noted for undo: one more write leaves no trace of its own.
    pub(crate) fn is_recorded(self) -> bool {
        self.tx.notes.is_none() && self.tx.log.borrow().last == Some((self.scope, self.leaf))
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
