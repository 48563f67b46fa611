//! What stands at one place of a document: atoms, and the places below. How it is shown is `super::read`'s.

use super::children::Children;
use super::list::{List, item_of};
use super::wire::{GONE, LIST, MAP, PLAIN};
use super::{Key, Put};
use crate::codec::{Dec, DecodeError};
use crate::crdt::Merge;
use crate::crdt::atoms::merge_writes;
use crate::crdt::dots::Dots;
use crate::crdt::mark::Mark;
use crate::mutants::{Mutant, on};
use crate::value::Element;
use crate::{Stamp, Value};

/// One place. A map or list that lost the write that made it is there while something in it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Plain values, the last of each replica.
    pub(super) plain: Vec<(Stamp, Value)>,
    /// Those who made a map here.
    pub(super) made: Dots,
    pub(super) children: Children,
    /// Those who made a list here.
    pub(super) listed: Dots,
    pub(super) list: Option<Box<List>>,
    /// That what stood here initially, and below, was taken away.
    pub(super) gone: Mark,
}

/// What is newest of what is written at a place. Of what is equally new, which can only be forged, the last here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Top {
    Plain,
    Map,
    List,
}

/// What stands under a key initially.
pub(super) fn entry_of<'v>(initial: Option<&'v Value>, key: &str) -> Option<&'v Value> {
    match initial {
        Some(Value::Map(entries)) => entries.get(key),
        _ => None,
    }
}

impl Node {
    /// True when there is nothing to remember.
    pub(super) fn vacant(&self) -> bool {
        self.plain.is_empty()
            && self.made.is_empty()
            && self.children.is_empty()
            && self.listed.is_empty()
            && self.list.is_none()
            && !self.gone.is_set()
    }

    pub(super) fn greatest_plain(&self) -> Option<&(Stamp, Value)> {
        self.plain.iter().max_by_key(|(stamp, _)| *stamp)
    }

    /// True when something is written here or below.
    pub(super) fn alive(&self) -> bool {
        !self.plain.is_empty() || self.is_map() || self.is_list()
    }

    fn is_map(&self) -> bool {
        !self.made.is_empty() || self.children.iter().any(|(_, child)| child.alive())
    }

    fn is_list(&self) -> bool {
        !self.listed.is_empty() || self.list.as_ref().is_some_and(|list| list.alive())
    }

    /// True when a peer that knows what stands here initially sees anything else; `gone` where that was taken away above.
    pub(super) fn speaks(&self, gone: bool) -> bool {
        let below = gone || self.gone.is_set();
        let list = self.list.as_ref();
        self.gone.is_set()
            || !self.plain.is_empty()
            || !self.made.is_empty()
            || !self.listed.is_empty()
            || self.children.iter().any(|(_, child)| child.speaks(below))
            || list.is_some_and(|list| list.speaks(below))
    }

    /// What is newest; none where nothing is written.
    pub(super) fn top(&self) -> Option<Top> {
        let kinds = [
            (Top::Plain, !self.plain.is_empty()),
            (Top::Map, self.is_map()),
            (Top::List, self.is_list()),
        ];
        let mut there = kinds.into_iter().filter(|(_, there)| *there);
        match (there.next(), there.next()) {
            (None, _) => None,
            // How new it is takes longer to say, and does not matter.
            (Some((only, _)), None) => Some(only),
            _ => {
                let there = kinds.into_iter().filter(|(_, there)| *there);
                let there = there.map(|(kind, _)| (self.latest_of(kind), kind));
                let newest = match on(Mutant::OldestShows) {
                    true => there.min(),
                    false => there.max(),
                };
                newest.map(|(_, kind)| kind)
            }
        }
    }

    /// The greatest stamp of a kind and of all that is in it.
    fn latest_of(&self, kind: Top) -> Option<Stamp> {
        let of = |dots: &Dots| dots.as_slice().iter().copied().max();
        match kind {
            Top::Plain => self.greatest_plain().map(|(stamp, _)| *stamp),
            Top::Map => {
                let inside = self.children.iter();
                let inside = inside.filter_map(|(_, child)| child.latest()).max();
                of(&self.made).max(inside)
            }
            Top::List => {
                let items = self.list.iter().flat_map(|list| list.items.values());
                let inside = items.filter_map(|node| node.latest()).max();
                of(&self.listed).max(inside)
            }
        }
    }

    /// The greatest stamp of all that is written here and below.
    pub(super) fn latest(&self) -> Option<Stamp> {
        let kinds = [Top::Plain, Top::Map, Top::List].into_iter();
        kinds.filter_map(|kind| self.latest_of(kind)).max()
    }

    /// The greatest stamp of each replica here and below, but for those of one change.
    pub(super) fn seen(&self, but: Stamp, seen: &mut Dots) {
        let plain = self.plain.iter().map(|(stamp, _)| *stamp);
        let made = self.made.as_slice().iter().copied();
        let atoms = plain.chain(made);
        let atoms = atoms.chain(self.listed.as_slice().iter().copied());
        atoms
            .filter(|atom| *atom != but)
            .for_each(|atom| seen.insert(atom));
        for (_, child) in self.children.iter() {
            child.seen(but, seen);
        }
        for node in self.list.iter().flat_map(|list| list.items.values()) {
            node.seen(but, seen);
        }
    }

    /// Works on the place at a path, making the way there and taking away what is left vacant. `initial` is what stands here
    /// initially. Nothing is done where the path leads through an item that is not held.
    pub(super) fn at(
        &mut self,
        path: &[Key],
        initial: Option<&Value>,
        work: impl FnOnce(&mut Self, Option<&Value>),
    ) {
        let initial = initial.filter(|_| !self.gone.is_set());
        match path.split_first() {
            None => work(self, initial),
            Some((Key::Name(key), rest)) => {
                let child = self.children.entry(key);
                child.at(rest, entry_of(initial, key), work);
                if child.vacant() {
                    self.children.remove(key);
                }
            }
            Some((Key::Item(item), rest)) => {
                let list = self.list.get_or_insert_default();
                if let Some(node) = list.open(*item, initial) {
                    node.at(rest, item_of(initial, *item), work);
                    list.close(*item, initial);
                }
                self.tidy();
            }
        }
    }

    /// Works on the items here, of which there may be none yet.
    pub(super) fn with_list<R>(
        &mut self,
        initial: Option<&Value>,
        work: impl FnOnce(&mut List) -> R,
    ) -> R {
        let list = self.list.get_or_insert_default();
        list.expect(initial);
        let result = work(list);
        self.tidy();
        result
    }

    fn tidy(&mut self) {
        if self.list.as_ref().is_some_and(|list| list.vacant()) {
            self.list = None;
        }
    }

    /// The place at a path, if there is anything to remember of it.
    pub(super) fn find(&self, path: &[Key]) -> Option<&Self> {
        let mut keys = path.iter();
        keys.try_fold(self, |node, key| match key {
            Key::Name(key) => node.children.get(key),
            Key::Item(item) => node.list.as_ref()?.items.get(item).map(|node| &**node),
        })
    }

    /// Does what a change does here: all that it had seen goes, its own earlier steps too, and something comes.
    pub(super) fn put(
        &mut self,
        cut: &Dots,
        put: Put,
        (stamp, keyed): (Stamp, bool),
        initial: Option<&Value>,
    ) {
        let mut all = cut.clone();
        all.insert(stamp);
        if cut.contains(Stamp::ORIGIN) {
            self.gone.set(stamp, keyed);
        }
        let replaces = matches!(put, Put::List) && on(Mutant::ListsReplaced);
        if replaces || on(Mutant::CutIgnored) {
            self.seen(stamp, &mut all);
        }
        self.cut(&all, initial);
        match put {
            Put::Nothing => {}
            Put::Plain(value) => {
                self.plain.reserve_exact(1);
                self.plain.push((stamp, value));
            }
            Put::Map => self.made.insert(stamp),
            Put::List => self.listed.insert(stamp),
        }
    }

    /// Kills every atom here and below, at or below the cut. That initial values are gone outlasts it, and where items stood.
    pub(super) fn cut(&mut self, cut: &Dots, initial: Option<&Value>) {
        let initial = initial.filter(|_| !self.gone.is_set());
        self.plain.retain(|(stamp, _)| !cut.cuts(*stamp));
        self.made.retain(|dot| !cut.cuts(dot));
        self.listed.retain(|dot| !cut.cuts(dot));
        self.children.retain(|key, child| {
            child.cut(cut, entry_of(initial, key));
            !child.vacant()
        });
        if let Some(list) = &mut self.list {
            list.cut(cut, initial);
        }
        self.tidy();
    }

    /// Shows the items of lists that are there, here and below; called when they may be any.
    pub(super) fn refresh(&mut self, initial: Option<&Value>) {
        let initial = initial.filter(|_| !self.gone.is_set());
        self.children.retain(|key, child| {
            child.refresh(entry_of(initial, key));
            true
        });
        if let Some(list) = &mut self.list {
            list.refresh(initial);
        }
        self.tidy();
    }

    /// Merges another state of the place; none is the initial one.
    pub(super) fn merge(
        &mut self,
        mut input: Option<&mut Dec<'_>>,
        cx: &Merge<'_>,
    ) -> Result<(), DecodeError> {
        let flags = match &mut input {
            Some(input) => input.varint()?,
            None => 0,
        };
        let (mut gone, mut plain) = (Mark::default(), Vec::new());
        if let Some(input) = input.as_deref_mut().filter(|_| flags & GONE != 0) {
            gone = Mark::decode(input, cx.keyed)?;
        }
        if let Some(input) = input.as_deref_mut().filter(|_| flags & PLAIN != 0) {
            for _ in 0..input.count()? {
                plain.push((input.stamp()?, Value::decode(&(), input)?));
            }
        }
        self.gone.merge(&gone, cx);
        self.plain = merge_writes(std::mem::take(&mut self.plain), plain, cx);
        self.merge_map(input.as_deref_mut().filter(|_| flags & MAP != 0), cx)?;
        self.merge_list(input.filter(|_| flags & LIST != 0), cx)
    }

    fn merge_map(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &Merge<'_>,
    ) -> Result<(), DecodeError> {
        let (mut made, mut met) = (Dots::None, Vec::new());
        if let Some(input) = input {
            let count = input.varint()?;
            made = Dots::decode(input, count)?;
            for _ in 0..input.count()? {
                let key = input.str()?;
                self.children.entry(key).merge(Some(input), cx)?;
                met.push(key);
            }
        }
        self.made = cx.merge_dots(std::mem::take(&mut self.made), &made);
        let mut done = Ok(());
        self.children.retain(|key, child| {
            if met.binary_search(&key).is_err() && done.is_ok() {
                done = child.merge(None, cx);
            }
            !child.vacant()
        });
        done
    }

    fn merge_list(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &Merge<'_>,
    ) -> Result<(), DecodeError> {
        let (mut listed, mut items) = (Dots::None, None);
        if let Some(input) = input {
            let count = input.varint()?;
            listed = Dots::decode(input, count)?;
            items = input.bool()?.then_some(input);
        }
        self.listed = cx.merge_dots(std::mem::take(&mut self.listed), &listed);
        if items.is_some() || self.list.is_some() {
            self.list.get_or_insert_default().merge(items, cx)?;
        }
        self.tidy();
        Ok(())
    }
}
