//! Taking in changes: in any order, any number of times, each with its effect exactly once.

use super::core::Core;
use super::{Applied, Delta};
use crate::codec::{Dec, DecodeError, Kind, check_ops};
use crate::crdt::{Apply, Crdt};
use crate::mutants::{Mutant, on};
use crate::{Change, Error, Hlc, ReplicaId, Stamp, Version};

/// So many chains may be known to be written to by two replicas; more are refused without being remembered.
const MAX_CLOSED: usize = 4_096;

/// True when a change is the next of its chain and everything it rests on is held.
///
/// An honest author has held whatever it cuts, so what a body cuts is something it rests on too. Without that a forged cut
/// would kill an element where it came after it, and miss it where it came before.
pub(super) fn is_ready(change: &Change, version: &Version) -> bool {
    // A body without a replica table begins with a zero and cuts nobody.
    rests_on(change, version)
        && (on(Mutant::CausalitySkipped)
            || change.body.first() == Some(&0)
            || cuts_held(&check(change), version))
}

/// The body of a change that is ready.
fn ready<'a>(change: &'a Change, version: &Version) -> Option<Checked<'a>> {
    if !rests_on(change, version) {
        return None;
    }
    let body = check(change);
    let held = on(Mutant::CausalitySkipped) || cuts_held(&body, version);
    held.then_some(body)
}

/// True when what a body cuts is held. What cannot be read cuts nothing.
fn cuts_held(body: &Checked<'_>, version: &Version) -> bool {
    let held = |body: &Body<'_>| body.cuts.iter().all(|cut| version.covers(*cut));
    body.as_ref().map_or(true, held)
}

/// True when a change is the next of its chain and what its header names is held.
fn rests_on(change: &Change, version: &Version) -> bool {
    let held = version.get(change.replica);
    let next = held == change.prev
        || on(Mutant::HolesAccepted) && held < change.prev
        || (held == Hlc::ZERO && change.prev <= version.floor());
    if on(Mutant::CausalitySkipped) {
        return next;
    }
    let mut deps = change.deps.iter();
    next && deps.all(|(replica, time)| version.covers(Stamp::new(*time, *replica)))
}

type Checked<'a> = Result<Body<'a>, DecodeError>;

/// A body that can be read.
struct Body<'a> {
    kind: Kind,
    ops: Dec<'a>,
    /// Per replica the greatest stamp that is cut.
    cuts: Vec<Stamp>,
}

/// Walks a whole body, so that applying it cannot stop half way.
fn check(change: &Change) -> Checked<'_> {
    let ops = Dec::body(&change.body, change.time)?;
    let mut ops = ops.of_change(change.replica, change.ticks);
    let kind = Kind::decode(&mut ops)?;
    let mut walked = ops.clone();
    check_ops(&mut walked, &kind)?;
    walked.end()?;
    let cuts = walked.met().collect();
    Ok(Body { kind, ops, cuts })
}

impl Core {
    pub(super) fn changes_since(&mut self, state: &mut dyn Crdt, version: &Version) -> Delta {
        self.flush(state);
        // Over a floor that is not ours we cannot know which of our changes lie below it.
        if version.floor() > self.version.floor() && !on(Mutant::FloorIgnored) {
            return Delta::Changes(Vec::new());
        }
        match self.log.since(version) {
            Some(mut changes) => {
                if let Some(stored) = self.behind_storage() {
                    // What rests on it waits as well, so all behind it stays here.
                    let mut all = changes.iter();
                    let from =
                        all.position(|change| change.replica == self.id && change.last() > stored);
                    changes.truncate(from.unwrap_or(changes.len()));
                }
                Delta::Changes(changes)
            }
            None if self.behind_storage().is_some() => Delta::Changes(Vec::new()),
            None => Delta::Snapshot(self.snapshot(state)),
        }
    }

    pub(super) fn apply(&mut self, state: &mut dyn Crdt, delta: Delta) -> Result<Applied, Error> {
        self.flush(state);
        let mut report = Applied::default();
        self.release_held(state, &mut report);
        match delta {
            Delta::Changes(changes) => {
                for change in changes {
                    self.receive(state, change, &mut report);
                }
            }
            Delta::Snapshot(snapshot) => self.merge(state, snapshot, &mut report)?,
        }
        report.pending = self.pending.len();
        Ok(report)
    }

    pub(super) fn receive(&mut self, state: &mut dyn Crdt, change: Change, report: &mut Applied) {
        let author = change.replica;
        let held = self.version.get(author);
        if self.version.covers(change.last_stamp()) {
            if self.log.contradicts(&change) {
                self.close(author, report);
            } else {
                report.duplicates += 1;
                if on(Mutant::AppliedTwice) {
                    self.apply_body(state, &change, check(&change)).ok();
                }
            }
        } else if self.is_closed(author) || self.is_expelled(&change) {
            report.closed += 1;
        } else if author == self.id {
            // Our own changes come from us alone: somebody else uses our id.
            self.close(author, report);
        } else if self.is_below_floor(&change) {
            report.below_floor += 1;
        } else if self.is_ahead(change.last(), self.guard.hold_ms) {
            report.held += 1;
            report.dropped += self.held.insert(change);
        } else if let Some(body) = ready(&change, &self.version) {
            self.apply_ready(state, &change, body, report);
            self.log.push(change);
            self.apply_pending(state, report);
        } else if change.prev < held {
            self.close(author, report);
        } else {
            report.dropped += self.pending.insert(change);
        }
    }

    fn is_closed(&self, replica: ReplicaId) -> bool {
        self.closed.contains_key(&replica) && !on(Mutant::ClosedTaken)
    }

    /// Notes that two replicas write to a chain. What is held of it stays; nothing more is taken.
    pub(super) fn close(&mut self, replica: ReplicaId, report: &mut Applied) {
        if on(Mutant::ForkUndetected) {
            report.duplicates += 1;
            return;
        }
        report.forked += 1;
        if self.closed.len() < MAX_CLOSED {
            let held = self.version.get(replica);
            self.closed.entry(replica).or_insert(held);
        }
        self.pending.forget(replica);
        self.held.forget(replica);
    }

    pub(super) fn is_ahead(&self, time: Hlc, by_ms: u64) -> bool {
        time.millis() > self.clock.now_millis().saturating_add(by_ms)
    }

    pub(super) fn apply_pending(&mut self, state: &mut dyn Crdt, report: &mut Applied) {
        while let Some(change) = self.pending.take_ready(&self.version) {
            self.apply_ready(state, &change, check(&change), report);
            self.log.push(change);
        }
    }

    /// Applies a change whose turn it is. One that cannot be read has no effect, but counts: the chain goes on.
    fn apply_ready(
        &mut self,
        state: &mut dyn Crdt,
        change: &Change,
        body: Checked<'_>,
        report: &mut Applied,
    ) {
        report.ahead += usize::from(self.is_ahead(change.last(), self.guard.report_ms));
        if let Err(unreadable) = self.apply_body(state, change, body) {
            report.unreadable += 1;
            // What is malformed is empty for everybody, so nothing is missing. A newer peer, or one of the document's own type,
            // reads what is merely unknown here.
            self.incomplete |= matches!(unreadable, Unreadable::Here);
        }
        report.applied += 1;
        for (replica, time) in &change.deps {
            self.heads.remove_covered(*replica, *time);
        }
        self.heads.advance(change.replica, change.last());
        self.chains.extend(change, self.version.get(change.replica));
        self.version.advance(change.replica, change.last());
        self.last = self.last.max(change.last());
        if self.pending.purge(change.replica, change.last()) > 0 {
            self.close(change.replica, report);
        }
    }

    fn apply_body(
        &mut self,
        state: &mut dyn Crdt,
        change: &Change,
        body: Checked<'_>,
    ) -> Result<(), Unreadable> {
        let mut body = body?;
        if body.kind != state.kind() {
            return Err(Unreadable::Here);
        }
        let stamp = change.stamp();
        let floor = self.version.floor();
        let unknown = &mut self.unknown;
        Ok(state.apply_ops(
            &mut body.ops,
            &mut Apply {
                stamp,
                floor,
                keyed: false,
                unknown,
            },
        )?)
    }
}

/// Why a body has no effect here.
enum Unreadable {
    /// It is malformed, by its bytes alone.
    Anywhere,
    /// It holds what this version or this type does not know.
    Here,
}

impl From<DecodeError> for Unreadable {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::UnknownTag { .. } => Self::Here,
            _ => Self::Anywhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::crdt::Crdt;
    use crate::{Change, Clock, Hlc, LwwRegister, OrSet, Replica, ReplicaId};

    fn replica(id: u64) -> Replica<OrSet<i64>> {
        Replica::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(1_000))
    }

    /// A change that cuts an element without saying that it rests on the change that put it in.
    #[test]
    fn a_forged_cut_has_one_effect_in_every_order() {
        let (mut author, mut forger) = (replica(1), replica(9));
        author.edit(|set| set.insert(7));
        let add = author.flush().unwrap();
        forger.apply(add.clone()).unwrap();
        forger.edit(|set| set.remove(7));
        let cut = forger.flush().unwrap();
        let forged = Change {
            deps: Vec::new(),
            ..cut
        };
        let (mut one, mut other) = (replica(2), replica(3));
        one.apply(vec![add.clone(), forged.clone()]).unwrap();
        other.apply(vec![forged, add]).unwrap();
        assert_eq!((one.state().len(), other.state().len()), (0, 0));
        assert_eq!(one.state_hash(), other.state_hash());
    }

    /// Otherwise one peer that sends rubbish would make everybody's snapshots useless.
    #[test]
    fn a_malformed_body_is_empty_for_all_and_leaves_snapshots_whole() {
        let mut author = replica(1);
        author.edit(|set| set.insert(7));
        let good = author.flush().unwrap();
        let broken = |body: &[u8]| Change {
            body: body.into(),
            ..good.clone()
        };
        for (body, incomplete) in [(&[0, 4, 3, 0][..], false), (&[], false), (&[0, 99], true)] {
            let mut here = replica(2);
            let report = here.apply(broken(body)).unwrap();
            assert_eq!((report.applied, report.unreadable), (1, 1), "{body:?}");
            assert_eq!(here.snapshot().is_incomplete(), incomplete, "{body:?}");
        }
    }

    /// Types with item identity take several ticks in one change; the version stands at the last of them.
    #[test]
    fn a_change_of_several_ticks_counts_up_to_its_last() {
        let mut author = replica(1);
        author.edit(|set| set.insert(7));
        let first = Change {
            ticks: 300,
            ..author.flush().unwrap()
        };
        author.edit(|set| set.insert(8));
        let sealed = author.flush().unwrap();
        let time = first.last().checked_add(1).unwrap();
        let second = Change {
            prev: first.last(),
            time,
            ..sealed
        };
        let mut here = replica(2);
        here.apply(vec![second.clone(), first.clone()]).unwrap();
        assert_eq!(
            (here.version().get(first.replica), here.state().len()),
            (second.last(), 2)
        );
        here.edit(|set| set.insert(9));
        assert!(here.flush().unwrap().time() > second.last());
        // The clock guard looks at the last tick too.
        let far = Hlc::from_millis(25 * 60 * 60 * 1_000);
        let long = Change {
            ticks: u32::MAX,
            prev: Hlc::ZERO,
            time: far,
            ..second
        };
        let mut guarded = replica(3);
        assert_eq!(guarded.apply(long).unwrap().held, 1);
    }

    /// Two writes under one stamp can only be forged; even they are decided alike in every order.
    #[test]
    fn forged_twins_are_decided_alike_in_every_order() {
        let at = |id: u64| {
            Replica::<LwwRegister<i64>>::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(9))
        };
        let write = |value: i64| {
            let mut author = at(1);
            author.edit(|register| register.set(value));
            author.snapshot()
        };
        let (low, high) = (write(3), write(40));
        let merged = |order: [&crate::Snapshot; 2]| {
            let mut values = Vec::new();
            let mut register = LwwRegister::<i64>::default();
            for snapshot in order {
                let mut input =
                    super::Dec::body(&snapshot.body, snapshot.version.max_time()).unwrap();
                super::Kind::decode(&mut input).unwrap();
                let none = crate::Version::new();
                let unknown = &mut crate::crdt::Unknown::default();
                let mut cx = crate::crdt::Merge {
                    theirs: &none,
                    ours: &none,
                    keyed: false,
                    reset: false,
                    unknown,
                };
                register.merge_state(Some(&mut input), &mut cx).unwrap();
                values.push(*register.get());
            }
            values.pop()
        };
        assert_eq!(merged([&low, &high]), merged([&high, &low]));
    }
}
