//! What stands under one key of a map, and what a map needs to know of it.

use std::fmt;

use crate::codec::{Dec, DecodeError, Enc, Kind, Mode, write_bytes};
use crate::crdt::dots::Dots;
use crate::crdt::{Apply, Crdt, Merge, Synced, Unknown};
use crate::{Hlc, Stamp, Value, Version};

/// What can stand in a map: anything synchronised, or where its type is not known what its descriptor says.
#[doc(hidden)]
pub trait Held: Crdt + Sized {
    /// What has to be known at run time to make one.
    type Tag: Clone + fmt::Debug + Send + Sync + 'static;

    /// One that nobody wrote to.
    fn fresh(tag: &Self::Tag) -> Self;

    /// What it is on the wire.
    fn kind_of(tag: &Self::Tag) -> Kind;
}

impl<T: Synced> Held for T {
    type Tag = ();

    fn fresh((): &()) -> Self {
        Self::default()
    }

    fn kind_of((): &()) -> Kind {
        <T as Synced>::kind_of()
    }
}

/// Something synchronised whose type is known only by its descriptor.
pub struct Opaque(Box<dyn Crdt>);

impl Held for Opaque {
    type Tag = Kind;

    fn fresh(kind: &Kind) -> Self {
        Self(crate::crdt::unknown::fresh(kind))
    }

    fn kind_of(kind: &Kind) -> Kind {
        kind.clone()
    }
}

/// What stands under a key. It is there while an atom is: its own, or one of what it holds.
#[derive(Debug)]
pub(super) struct Entry<V> {
    /// The stamps of those who made the entry, whether or not they wrote anything into it.
    pub(super) dots: Dots,
    pub(super) value: V,
    /// Fields that peers have and the type of the value lacks.
    pub(super) unknown: Option<Box<Unknown>>,
    /// 1 + its number in the dirty list, 0 when the open change has not touched it.
    pub(super) dirty: u32,
}

impl<V: Clone> Clone for Entry<V> {
    fn clone(&self) -> Self {
        Self {
            dots: self.dots.clone(),
            value: self.value.clone(),
            unknown: self
                .unknown
                .as_ref()
                .map(|unknown| Box::new(unknown.copy())),
            dirty: self.dirty,
        }
    }
}

impl<V: Held> Entry<V> {
    pub(super) fn fresh(tag: &V::Tag) -> Self {
        Self {
            dots: Dots::None,
            value: V::fresh(tag),
            unknown: None,
            dirty: 0,
        }
    }

    /// True when what it holds is as it was at the beginning.
    pub(super) fn pristine(&self) -> bool {
        self.value.pristine()
            && self
                .unknown
                .as_ref()
                .is_none_or(|unknown| unknown.is_empty())
    }

    /// True when there is nothing to see of it: nobody made it, and what is left of what it held is what was deleted there.
    pub(super) fn blank(&self) -> bool {
        self.dots.is_empty() && self.value_blank()
    }

    /// True when there is nothing to see of what it holds.
    pub(super) fn value_blank(&self) -> bool {
        let unknown = self.unknown.as_deref();
        self.value.blank() && unknown.is_none_or(Crdt::blank)
    }

    /// True when nothing is left of it.
    pub(super) fn vacant(&self) -> bool {
        self.dots.is_empty() && self.pristine()
    }

    /// Works on the value beside what its type does not know.
    pub(super) fn with<R>(&mut self, work: impl FnOnce(&mut V, &mut Unknown) -> R) -> R {
        let Some(mut unknown) = self.unknown.take() else {
            // Hardly any entry has some, so none is made room for before there is.
            let mut unknown = Unknown::default();
            let result = work(&mut self.value, &mut unknown);
            if !unknown.is_empty() {
                self.unknown = Some(Box::new(unknown));
            }
            return result;
        };
        let result = work(&mut self.value, &mut unknown);
        self.unknown = (!unknown.is_empty()).then_some(unknown);
        result
    }

    /// Writes what it holds, which somebody wrote to.
    pub(super) fn encode_value(&self, out: &mut Enc) {
        match &self.unknown {
            Some(unknown) => self.value.encode_state(unknown, out),
            None => self.value.encode_state(&Unknown::default(), out),
        }
    }

    /// Writes all its atoms: for their stamps.
    fn encode_atoms(&self, out: &mut Enc) {
        self.dots.as_slice().iter().for_each(|dot| out.stamp(*dot));
        if !self.pristine() {
            out.map(|out| self.encode_value(out));
        }
    }

    /// What a cut leaves of it.
    pub(super) fn remainder(&self, tag: &V::Tag, cut: &Dots) -> Result<Self, DecodeError> {
        let mut out = scratch();
        let mut rest = Self::fresh(tag);
        if !self.pristine() {
            out.map(|out| self.encode_value(out));
            rest.fill(&out.finish(), &seen_by(cut))?;
        }
        rest.dots = self.dots.clone();
        rest.dots.retain(|dot| !cut.cuts(dot));
        Ok(rest)
    }

    /// The greatest atom of each replica in it.
    pub(super) fn greatest(&self) -> Dots {
        let mut out = scratch();
        self.encode_atoms(&mut out);
        let mut greatest: Vec<Stamp> = out.met().collect();
        greatest.sort_by_key(|stamp| stamp.replica);
        Dots::from_vec(greatest)
    }

    /// How many replicas have atoms in it.
    pub(super) fn replicas(&self) -> usize {
        let mut out = scratch();
        self.encode_atoms(&mut out);
        out.met().count()
    }

    /// Everything in it that was there before the change: what a remove cuts. Called when the change is sealed, on an entry that
    /// it removed: what the change had cut in there before counts too, and of its own writes the ones that they replaced.
    pub(super) fn cut_of(&mut self, tx: Stamp, prev: Hlc) -> Dots {
        let mut out = scratch();
        out.prev = prev;
        self.encode_atoms(&mut out);
        if self.value.settle(tx) {
            let value = &mut self.value;
            out.map(|out| value.encode_ops(tx, out));
        }
        let mut cut: Vec<Stamp> = Vec::new();
        for stamp in out.met() {
            // Items of the change have times of their own, from its first on.
            let own = stamp.replica == tx.replica && stamp.time >= tx.time;
            if !own {
                cut.push(stamp);
            } else if let Some(replica) = tx.replica.filter(|_| prev > Hlc::ZERO) {
                cut.push(Stamp::new(prev, replica));
            }
        }
        cut.sort_by_key(|stamp| stamp.replica);
        Dots::from_vec(cut)
    }

    /// Kills every atom at or below the cut.
    pub(super) fn cut(&mut self, tag: &V::Tag, cut: &Dots) -> Result<(), DecodeError> {
        self.dots.retain(|dot| !cut.cuts(dot));
        if self.pristine() {
            return Ok(());
        }
        self.rebuild(tag, &seen_by(cut))
    }

    /// Forgets what a floor covers and nobody can see.
    pub(super) fn collect(&mut self, floor: Hlc) {
        if floor > Hlc::ZERO {
            self.with(|value, unknown| {
                value.collect(floor);
                unknown.collect(floor);
            });
        }
    }

    /// Makes what it holds anew, from those of its atoms that a version does not cover.
    pub(super) fn rebuild(&mut self, tag: &V::Tag, seen: &Version) -> Result<(), DecodeError> {
        let mut out = scratch();
        if !self.pristine() {
            out.map(|out| self.encode_value(out));
        }
        let body = out.finish();
        (self.value, self.unknown) = (V::fresh(tag), None);
        self.fill(&body, seen)
    }

    /// All of it, as bytes for undo.
    pub(super) fn write_whole(&self, out: &mut Vec<u8>) {
        let mut body = scratch();
        if !self.pristine() {
            body.map(|body| self.encode_value(body));
        }
        write_bytes(out, &body.finish());
    }

    /// Reads what `write_whole` wrote.
    pub(super) fn read_whole(tag: &V::Tag, input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let mut entry = Self::fresh(tag);
        entry.fill(input.bytes()?, &Version::new())?;
        Ok(entry)
    }

    /// Takes in the atoms of some bytes that a version does not cover.
    fn fill(&mut self, body: &[u8], seen: &Version) -> Result<(), DecodeError> {
        let mut input = Dec::body(body, Hlc::MAX)?;
        if input.is_empty() {
            return Ok(());
        }
        self.with(|value, unknown| {
            let mut cx = Merge {
                theirs: &Version::new(),
                ours: seen,
                keyed: true,
                reset: false,
                unknown,
            };
            value.merge_state(Some(&mut input), &mut cx)
        })
    }
}

/// A cut as the version that its author had seen.
fn seen_by(cut: &Dots) -> Version {
    let mut seen = Version::new();
    for stamp in cut.as_slice() {
        if let Some(replica) = stamp.replica {
            seen.advance(replica, stamp.time);
        }
    }
    seen
}

/// A writer for what never leaves the replica.
fn scratch() -> Enc {
    Enc::new(Mode::Body, Hlc::MAX)
}

impl Crdt for Opaque {
    fn kind(&self) -> Kind {
        self.0.kind()
    }

    fn leaves(&self) -> u32 {
        self.0.leaves()
    }

    fn settle(&mut self, tx: Stamp) -> bool {
        self.0.settle(tx)
    }

    fn pristine(&self) -> bool {
        self.0.pristine()
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        self.0.encode_ops(tx, out);
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        self.0.apply_ops(input, cx)
    }

    fn encode_state(&self, unknown: &Unknown, out: &mut Enc) {
        self.0.encode_state(unknown, out);
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        self.0.merge_state(input, cx)
    }

    fn start(&mut self, value: &Value) {
        self.0.start(value);
    }

    fn describe(&self, out: &mut String) {
        self.0.describe(out);
    }

    fn revert(&mut self, leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.0.revert(leaf, input)
    }

    fn blank(&self) -> bool {
        self.0.blank()
    }

    fn collect(&mut self, floor: Hlc) {
        self.0.collect(floor);
    }
}
