//! What stands at one place of a document: atoms, and the places below. How it is shown is `super::read`'s.

use super::Put;
use super::children::Children;
use crate::codec::{Dec, DecodeError, Enc, Mode, write_bytes};
use crate::crdt::Merge;
use crate::crdt::atoms::merge_writes;
use crate::crdt::dots::Dots;
use crate::crdt::mark::Mark;
use crate::value::Element;
use crate::{Stamp, Value};

/// What a state says of a place.
const PLAIN: u64 = 1;
const MAP: u64 = 2;
const GONE: u64 = 4;

/// One place. A map that lost the write that made it is there while something in it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Plain values, the last of each replica.
    pub(super) plain: Vec<(Stamp, Value)>,
    /// Those who made a map here.
    made: Dots,
    pub(super) children: Children,
    /// That what stood here initially, and below, was taken away.
    pub(super) gone: Mark,
}

impl Node {
    /// True when there is nothing to remember.
    pub(super) fn vacant(&self) -> bool {
        self.plain.is_empty()
            && self.made.is_empty()
            && self.children.is_empty()
            && !self.gone.is_set()
    }

    pub(super) fn greatest_plain(&self) -> Option<&(Stamp, Value)> {
        self.plain.iter().max_by_key(|(stamp, _)| *stamp)
    }

    /// The greatest stamp of the map and of all that is in it; none where there is no map.
    pub(super) fn of_map(&self) -> Option<Stamp> {
        let made = self.made.as_slice().iter().copied().max();
        let inside = self
            .children
            .iter()
            .filter_map(|(_, child)| child.latest())
            .max();
        made.max(inside)
    }

    fn latest(&self) -> Option<Stamp> {
        let plain = self.greatest_plain().map(|(stamp, _)| *stamp);
        plain.max(self.of_map())
    }

    /// True when there is a map, which is cheaper to say than how new it is.
    pub(super) fn is_map(&self) -> bool {
        let alive = |child: &Self| !child.plain.is_empty() || child.is_map();
        !self.made.is_empty() || self.children.iter().any(|(_, child)| alive(child))
    }

    /// The greatest stamp of each replica here and below, but for those of one change.
    pub(super) fn seen(&self, but: Stamp, seen: &mut Dots) {
        let plain = self.plain.iter().map(|(stamp, _)| *stamp);
        let atoms = plain.chain(self.made.as_slice().iter().copied());
        atoms
            .filter(|atom| *atom != but)
            .for_each(|atom| seen.insert(atom));
        for (_, child) in self.children.iter() {
            child.seen(but, seen);
        }
    }

    /// Works on the place at a path, making the way there and taking away what is left vacant.
    pub(super) fn at(&mut self, path: &[String], work: impl FnOnce(&mut Self)) {
        let Some((key, rest)) = path.split_first() else {
            return work(self);
        };
        let child = self.children.entry(key);
        child.at(rest, work);
        if child.vacant() {
            self.children.remove(key);
        }
    }

    /// The place at a path, if there is anything to remember of it.
    pub(super) fn find(&self, path: &[String]) -> Option<&Self> {
        let mut keys = path.iter();
        keys.try_fold(self, |node, key| node.children.get(key))
    }

    /// Does what a change does here: all that it had seen goes, its own earlier steps too, and something comes.
    pub(super) fn put(&mut self, cut: &Dots, put: Put, stamp: Stamp, keyed: bool) {
        let mut all = cut.clone();
        all.insert(stamp);
        self.cut(&all);
        if cut.contains(Stamp::ORIGIN) {
            self.gone.set(stamp, keyed);
        }
        match put {
            Put::Nothing => {}
            Put::Plain(value) => {
                self.plain.reserve_exact(1);
                self.plain.push((stamp, value));
            }
            Put::Map => self.made.insert(stamp),
        }
    }

    /// Kills every atom here and below, at or below the cut. That initial values are gone outlasts it.
    fn cut(&mut self, cut: &Dots) {
        self.plain.retain(|(stamp, _)| !cut.cuts(*stamp));
        self.made.retain(|dot| !cut.cuts(dot));
        self.children.retain(|_, child| {
            child.cut(cut);
            !child.vacant()
        });
    }

    pub(super) fn merge(&mut self, mut theirs: Self, cx: &Merge<'_>) {
        self.plain = merge_writes(std::mem::take(&mut self.plain), theirs.plain, cx);
        self.made = cx.merge_dots(std::mem::take(&mut self.made), &theirs.made);
        self.gone.merge(&theirs.gone, cx);
        self.children.retain(|key, child| {
            child.merge(theirs.children.remove(key).unwrap_or_default(), cx);
            !child.vacant()
        });
        theirs.children.retain(|key, theirs| {
            let mut child = Self::default();
            child.merge(std::mem::take(theirs), cx);
            if !child.vacant() {
                *self.children.entry(key) = child;
            }
            false
        });
    }

    pub(super) fn encode(&self, out: &mut Enc) {
        let (plain, map) = self.to_write(out.mode());
        let flags = if plain.is_empty() { 0 } else { PLAIN };
        let flags = flags | if map { MAP } else { 0 };
        out.varint(flags | if self.gone.is_set() { GONE } else { 0 });
        if self.gone.is_set() {
            self.gone.encode(out);
        }
        if !plain.is_empty() {
            out.varint(plain.len() as u64);
            for (stamp, value) in plain {
                out.stamp(*stamp);
                value.encode(&mut out.out);
            }
        }
        if map {
            self.made.encode(out);
            out.varint(self.children.len() as u64);
            for (key, child) in self.children.iter() {
                write_bytes(&mut out.out, key.as_bytes());
                child.encode(out);
            }
        }
    }

    /// The plain values by replica, and whether there is anything of a map: in a hash only what shows.
    fn to_write(&self, mode: Mode) -> (Vec<&(Stamp, Value)>, bool) {
        let map = !self.made.is_empty() || !self.children.is_empty();
        let greatest = self.greatest_plain();
        if mode == Mode::Hash && greatest.is_some() {
            let shows = greatest.map(|(stamp, _)| *stamp) > self.of_map();
            return match greatest.filter(|_| shows) {
                Some(greatest) => (vec![greatest], false),
                None => (Vec::new(), map),
            };
        }
        let mut plain: Vec<&(Stamp, Value)> = self.plain.iter().collect();
        plain.sort_by_key(|(stamp, _)| stamp.replica);
        (plain, map)
    }

    /// Reads what `encode` wrote.
    pub(super) fn decode(input: &mut Dec<'_>, keyed: bool) -> Result<Self, DecodeError> {
        let mut node = Self::default();
        let flags = input.varint()?;
        if flags & GONE != 0 {
            node.gone = Mark::decode(input, keyed)?;
        }
        if flags & PLAIN != 0 {
            for _ in 0..input.count()? {
                let stamp = input.stamp()?;
                node.plain.push((stamp, Value::decode(&(), input)?));
            }
        }
        if flags & MAP != 0 {
            let made = input.varint()?;
            node.made = Dots::decode(input, made)?;
            for _ in 0..input.count()? {
                let key = input.str()?;
                *node.children.entry(key) = Self::decode(input, keyed)?;
            }
        }
        Ok(node)
    }
}
