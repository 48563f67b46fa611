//! Restamping: the one way back from below a floor, from a forked chain, and from a clock that ran far ahead.
//!
//! The replica takes a snapshot in place of its state, a fresh id, and makes its own unsent changes again, in their order,
//! as edits of what is there now. What each op becomes is said beside its CRDT, by `Crdt::restamp`.

use std::collections::BTreeMap;

use super::core::Core;
use super::{Applied, Replica};
use crate::codec::{Dec, Kind};
use crate::crdt::{Crdt, Restamp, RestampItems, Synced};
use crate::edit::At;
use crate::history::Doing;
use crate::mutants::{Mutant, on};
use crate::{Change, Error, Hlc, ReplicaId, Snapshot, Version};

/// What became of one's own changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restamped {
    /// Changes made again under the fresh id.
    pub again: usize,
    /// Changes that the snapshot holds already.
    pub held: usize,
    /// Changes of which nobody can say whether the snapshot holds them. They were not made again: better once too few than twice.
    pub unproven: usize,
    /// Ops that had nothing left to act on, or did not fit a change any more.
    pub dropped: usize,
    /// Changes that had fallen out of the bounded list of unsent ones.
    pub lost: usize,
}

/// What a snapshot says of an own change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    Held,
    Lacks,
    None,
}

impl<T: Synced> Replica<T> {
    /// Takes a snapshot in place of the state, goes on under a fresh id, and makes own changes again that the snapshot's version
    /// proves it lacks. Sets, adds and increments are issued again; a remove takes what is left of what it had seen. What others made
    /// that is not in the snapshot is gone from here, and comes back from its authors.
    ///
    /// What [`Replica::undo`] remembers goes on under the fresh id, unless something could not be made again: then it is forgotten.
    ///
    /// After a fork, let [`Replica::observe`] see the status of whoever made the snapshot first: it tells which changes of the chain
    /// are whose. O(state + unsent changes).
    ///
    /// # Errors
    /// When the snapshot cannot be read, is incomplete, or knows the fresh id. Nothing has changed then.
    pub fn restamp(&mut self, id: ReplicaId, snapshot: Snapshot) -> Result<Restamped, Error> {
        let state = self.state.fresh();
        self.restamp_with_state(id, snapshot, state)
    }

    /// As [`Replica::restamp`], of a state whose shape is known only at run time. Nobody may have written to it yet. O(state +
    /// unsent changes).
    ///
    /// # Errors
    /// As there.
    pub fn restamp_with_state(
        &mut self,
        id: ReplicaId,
        snapshot: Snapshot,
        mut state: T,
    ) -> Result<Restamped, Error> {
        self.core.flush(&mut self.state);
        let known = id == self.core.id || snapshot.names(id);
        if known || self.core.outbox.iter().any(|own| own.change.replica == id) {
            return Err(Error::IdUsed(id));
        }
        if snapshot.is_incomplete() {
            return Err(Error::Incomplete);
        }
        let mut core = self.core.anew(id);
        core.merge_now(&mut state, &snapshot, &mut Applied::default())?;
        let (own, mut report) = self.core.to_make_again(&snapshot);
        let base = core.version.clone();
        let mut items = RestampItems::default();
        if !own.changes.is_empty() {
            self.state.items(&mut items);
        }
        for (change, bases) in own.changes {
            report.again += 1;
            report.dropped += core.make_again(
                &mut state,
                (&change, &bases),
                (&base, &own.held),
                &mut items,
            );
        }
        let mut history = self.core.history.take();
        if let Some(history) = &mut history {
            let ids = own.held.keys().copied();
            history.leave(ids.chain([self.core.id]));
            match report.lost + report.unproven + report.dropped {
                0 => history.rename_items(items.again()),
                _ => history.clear(),
            }
        }
        core.inherit(&mut state, history);
        core.witness(self.core.live);
        let waiting = std::mem::replace(&mut self.core, core);
        self.state = state;
        let mut changes = waiting.pending.into_changes();
        changes.extend(waiting.held.into_changes());
        changes.retain(|change| !own.held.contains_key(&change.replica));
        self.apply(changes)?;
        Ok(report)
    }
}

/// Up to where a snapshot covers a chain.
fn agreed(replica: ReplicaId, snapshot: &Snapshot) -> Hlc {
    let version = &snapshot.version;
    version.get(replica).max(version.floor())
}

/// Own changes to make again.
struct Again {
    /// Each with the author's totals of the counters before it.
    changes: Vec<(Change, Vec<i128>)>,
    /// The ids that they were made under, and how much of each chain the snapshot holds.
    held: BTreeMap<ReplicaId, Hlc>,
}

impl Core {
    /// A core that holds nothing, with the settings of this one.
    fn anew(&self, id: ReplicaId) -> Self {
        let mut core = Self::new(id, self.clock.clone());
        core.guard = self.guard;
        core.log = self.log.emptied();
        core.stored = self.stored.as_ref().map(|_| (Hlc::ZERO, Version::new()));
        core.members = self.members.clone();
        core
    }

    fn to_make_again(&self, snapshot: &Snapshot) -> (Again, Restamped) {
        let mut report = Restamped {
            lost: self.outbox.lost(),
            ..Restamped::default()
        };
        let mut own = Again {
            changes: Vec::new(),
            held: BTreeMap::new(),
        };
        for entry in self.outbox.iter() {
            let change = &entry.change;
            let named = agreed(change.replica, snapshot);
            let held = own.held.entry(change.replica).or_insert(named);
            let proof = self.proof(change, snapshot);
            match proof {
                Proof::Held => {
                    report.held += 1;
                    *held = (*held).max(change.last());
                    if on(Mutant::RestampRepeats) {
                        own.changes.push((change.clone(), entry.bases.clone()));
                    }
                }
                Proof::None => report.unproven += 1,
                Proof::Lacks if on(Mutant::RestampForgets) => {}
                Proof::Lacks => own.changes.push((change.clone(), entry.bases.clone())),
            }
        }
        let named = agreed(self.id, snapshot);
        own.held.entry(self.id).or_insert(named);
        (own, report)
    }

    /// What a snapshot, and the trail of whoever closed the chain, say of an own change.
    fn proof(&self, change: &Change, snapshot: &Snapshot) -> Proof {
        let (replica, last) = (change.replica, change.last());
        let (named, floor) = (snapshot.version.get(replica), snapshot.version.floor());
        if self.closed.contains_key(&replica) && named > Hlc::ZERO {
            return self.proof_of_fork(change, named);
        }
        if last <= named {
            return Proof::Held;
        }
        if last > floor {
            return Proof::Lacks;
        }
        // Below the floor only the floor itself knows, and only of the chains that it still names.
        match (
            last <= snapshot.floor.get(replica),
            last > snapshot.floor.floor(),
        ) {
            // Of a closed chain it may be the other's.
            (true, _) if self.closed.contains_key(&replica) => Proof::None,
            (true, _) => Proof::Held,
            (false, true) => Proof::Lacks,
            (false, false) => Proof::None,
        }
    }

    /// The same for a chain that two replicas write to: what ends where the other's does, with its hash, is the same.
    fn proof_of_fork(&self, change: &Change, named: Hlc) -> Proof {
        let last = change.last();
        let mut trails = self.trail.iter().flat_map(|status| &status.closed);
        let trail = trails.find(|(replica, _)| *replica == change.replica);
        let Some((_, trail)) = trail else {
            return match last > named {
                true => Proof::Lacks,
                false => Proof::None,
            };
        };
        match trail.binary_search_by_key(&last, |(end, _)| *end) {
            Ok(at) if trail[at].1 == change.chain_hash(0) => Proof::Held,
            Ok(_) => Proof::Lacks,
            Err(0) if last <= named => Proof::None,
            Err(_) => Proof::Lacks,
        }
    }

    /// Makes a change again as edits of the state; how many of its ops came to nothing.
    fn make_again(
        &mut self,
        state: &mut dyn Crdt,
        (change, bases): (&Change, &[i128]),
        (base, own): (&Version, &BTreeMap<ReplicaId, Hlc>),
        items: &mut RestampItems,
    ) -> usize {
        let again = (self.id, self.own_last);
        items.begin_change();
        let mut cx = Restamp::new(base, own, again, bases, items);
        let Ok(tx) = self.begin(state) else {
            return 1;
        };
        let mut work = || {
            let input = Dec::body(&change.body, change.time)?;
            let mut input = input.of_change(change.replica, change.ticks);
            let kind = Kind::decode(&mut input)?;
            if kind != state.kind() {
                return cx.drop_ops(&kind, &mut input);
            }
            state.restamp(&mut input, At::root(&tx), &mut cx)
        };
        let done = work().is_ok() && tx.refused().is_none();
        let dropped = cx.dropped().max(usize::from(!done));
        if !done {
            tx.revert(state);
            items.take_back();
        }
        self.end(tx, done, Doing::Edit);
        self.flush(state);
        dropped
    }
}
