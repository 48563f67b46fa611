//! [`Atoms`]: what was written to one place that holds one value.
//!
//! Outside maps the greatest write is all there is to keep. Inside a map of synchronised values a remove may cut the greatest and
//! miss a smaller one that was concurrent, so there the last write of every replica is kept; the greatest shows.

use super::Merge;
use super::dots::{read_wide, write_wide};
use crate::codec::{Dec, DecodeError, Enc, Mode, write_varint};
use crate::mutants::{Mutant, on};
use crate::value::Element;
use crate::{Hlc, Stamp};

/// The greatest write, and those that it hides.
#[derive(Clone, Debug)]
pub(super) struct Atoms<V> {
    pub(super) stamp: Stamp,
    pub(super) value: V,
    /// The last writes of other replicas, by replica. Boxed twice: hardly any place has some.
    #[allow(clippy::box_collection)]
    others: Option<Box<Vec<(Stamp, V)>>>,
}

impl<V: Element> Atoms<V> {
    /// A place that nobody wrote to.
    pub(super) fn new(initial: V) -> Self {
        Self {
            stamp: Stamp::ORIGIN,
            value: initial,
            others: None,
        }
    }

    pub(super) fn is_origin(&self) -> bool {
        self.stamp.is_origin()
    }

    /// Takes a write unless a greater one is there. Equal stamps mean one write, or a forged twin: then the greater bytes win,
    /// so that even that is decided everywhere alike.
    pub(super) fn offer(&mut self, stamp: Stamp, value: V, keyed: bool) {
        if keyed && !self.is_origin() && self.stamp.replica != stamp.replica {
            let mut all = self.take_all();
            all.push((stamp, value));
            return self.put_all(all);
        }
        let twin = || stamp == self.stamp && bytes(&value) > bytes(&self.value);
        let later = match on(Mutant::NoTieBreak) {
            true => stamp.time > self.stamp.time,
            false => stamp > self.stamp,
        };
        if later || twin() {
            self.stamp = stamp;
            self.value = value;
        }
    }

    /// A write of this replica's own, which is greater than all it has seen, or made under the same stamp.
    pub(super) fn write(&mut self, stamp: Stamp, value: V, keyed: bool) {
        if keyed && !self.is_origin() && self.stamp.replica != stamp.replica {
            return self.offer(stamp, value, keyed);
        }
        self.stamp = stamp;
        self.value = value;
    }

    /// All writes that are kept.
    fn take_all(&mut self) -> Vec<(Stamp, V)> {
        let mut all = self.others.take().map_or_else(Vec::new, |others| *others);
        if !self.is_origin() {
            all.push((self.stamp, self.value.clone()));
        }
        all
    }

    /// Keeps the last of each replica and shows the greatest. With none at all, nobody wrote; the value is then what it was.
    fn put_all(&mut self, mut all: Vec<(Stamp, V)>) {
        last_of_each(&mut all);
        let greatest = all.iter().enumerate().max_by_key(|(_, (stamp, _))| *stamp);
        match greatest.map(|(index, _)| index) {
            Some(index) => (self.stamp, self.value) = all.remove(index),
            None => self.stamp = Stamp::ORIGIN,
        }
        self.others = (!all.is_empty()).then(|| Box::new(all));
    }

    pub(super) fn encode_state(&self, out: &mut Enc) {
        if !out.keyed() {
            out.stamp(self.stamp);
            return self.value.encode(&mut out.out);
        }
        // What is hidden is no part of the state that replicas compare.
        let others = self.others.as_ref().filter(|_| out.mode() != Mode::Hash);
        let mut all: Vec<(Stamp, &V)> = vec![(self.stamp, &self.value)];
        all.extend(
            others
                .into_iter()
                .flat_map(|others| others.iter().map(|(s, v)| (*s, v))),
        );
        all.sort_by_key(|(stamp, _)| stamp.replica);
        out.varint(all.len() as u64);
        for (stamp, value) in all {
            out.stamp(stamp);
            value.encode(&mut out.out);
        }
    }

    /// Reads what `encode_state` wrote.
    pub(super) fn decode(
        tag: &V::Tag,
        input: &mut Dec<'_>,
        keyed: bool,
    ) -> Result<Vec<(Stamp, V)>, DecodeError> {
        let count = if keyed { input.count()? } else { 1 };
        let mut all = Vec::new();
        for _ in 0..count {
            all.push((input.stamp()?, V::decode(tag, input)?));
        }
        Ok(all)
    }

    /// Merges the writes of another state; true when none is left of those that were here, so that the value is no longer anybody's.
    ///
    /// Outside maps writes supersede each other by stamp alone, so the greatest of both sides is the one that neither version can
    /// have seen overwritten.
    pub(super) fn merge(&mut self, theirs: Vec<(Stamp, V)>, cx: &Merge<'_>) -> bool {
        if !cx.keyed {
            for (stamp, value) in theirs {
                self.offer(stamp, value, false);
            }
            return false;
        }
        let wrote = !self.is_origin();
        let ours = self.take_all();
        let kept = merge_writes(ours, theirs, cx);
        self.put_all(kept);
        wrote && self.is_origin()
    }

    /// Writes all of it into the undo log.
    pub(super) fn write_record(&self, out: &mut Vec<u8>) {
        write_wide(self.stamp, out);
        self.value.encode(out);
        let others = self.others.as_ref().map_or(&[][..], |others| others);
        write_varint(out, others.len() as u64);
        for (stamp, value) in others {
            write_wide(*stamp, out);
            value.encode(out);
        }
    }

    pub(super) fn read_record(tag: &V::Tag, input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let mut atoms = Self {
            stamp: read_wide(input)?,
            value: V::decode(tag, input)?,
            others: None,
        };
        let others: Vec<(Stamp, V)> = (0..input.varint()?)
            .map(|_| Ok((read_wide(input)?, V::decode(tag, input)?)))
            .collect::<Result<_, DecodeError>>()?;
        atoms.others = (!others.is_empty()).then(|| Box::new(others));
        Ok(atoms)
    }
}

/// The writes that are left of two sets of them, by replica.
pub(super) fn merge_writes<V: Element>(
    ours: Vec<(Stamp, V)>,
    theirs: Vec<(Stamp, V)>,
    cx: &Merge<'_>,
) -> Vec<(Stamp, V)> {
    let holds = |all: &[(Stamp, V)], stamp: Stamp| all.iter().any(|(held, _)| *held == stamp);
    let keep_theirs: Vec<bool> = theirs
        .iter()
        .map(|(stamp, _)| cx.keep_theirs(*stamp, holds(&ours, *stamp)))
        .collect();
    let mut kept = ours;
    kept.retain(|(stamp, _)| cx.keep_ours(*stamp, holds(&theirs, *stamp)));
    let theirs = theirs.into_iter().zip(keep_theirs);
    kept.extend(theirs.filter(|(_, keep)| *keep).map(|(atom, _)| atom));
    last_of_each(&mut kept);
    kept
}

/// Keeps the last write of each replica; of two under one stamp, which can only be forged, the one of the greater bytes.
fn last_of_each<V: Element>(all: &mut Vec<(Stamp, V)>) {
    // By replica, the greatest first.
    all.sort_by(|a, b| {
        let greatest_first = || b.0.cmp(&a.0).then_with(|| bytes(&b.1).cmp(&bytes(&a.1)));
        a.0.replica.cmp(&b.0.replica).then_with(greatest_first)
    });
    all.dedup_by_key(|(stamp, _)| stamp.replica);
}

impl<V: Element> Atoms<Option<V>> {
    /// Forgets the deletes up to a floor that hide no write which a cut could bring back to light: no smaller one is left.
    ///
    /// It is done with every change and merge as well as when the floor moves, and each delete is judged by what lies below it alone:
    /// what is held must not depend on which came first, nor on the steps in which the floor moved.
    pub(super) fn prune(&mut self, floor: Hlc) {
        if floor == Hlc::ZERO || self.others.is_none() && self.value.is_some() {
            return;
        }
        let others = self.others.as_deref().map_or(&[][..], |others| others);
        let others = others.iter().map(|(stamp, value)| (*stamp, value));
        let all = others.chain([(self.stamp, &self.value)]);
        let written = all.filter(|(stamp, _)| !stamp.is_origin());
        let live = written.clone().filter(|(_, value)| value.is_some());
        let least = live.map(|(stamp, _)| stamp).min();
        let hides = |stamp: Stamp| least.is_some_and(|least| least < stamp);
        let mut deletes = written.filter(|(_, value)| value.is_none());
        let any = deletes.any(|(stamp, _)| stamp.time <= floor && !hides(stamp));
        drop(deletes);
        if any {
            let mut all = self.take_all();
            all.retain(|(stamp, value)| value.is_some() || stamp.time > floor || hides(*stamp));
            self.put_all(all);
        }
    }
}

fn bytes<V: Element>(value: &V) -> Vec<u8> {
    let mut out = Vec::new();
    value.encode(&mut out);
    out
}
