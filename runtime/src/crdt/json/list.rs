//! [`List`]: the items of a place that is a list, each a place of its own.
//!
//! Where items stand is the sequence's (`Positions`); what is written in them is `super::node`'s. An item is there while an atom
//! in it is, so a write into an item that somebody deletes at once keeps it, as in a map. What held an item stays, hidden, so that
//! others may stand beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::node::Node;
use crate::codec::{Dec, DecodeError, Enc};
use crate::crdt::Merge;
use crate::crdt::dots::Dots;
use crate::crdt::sequence::{Positions, PositionsRead};
use crate::{Hlc, Stamp, Value};

/// Items, their order, and what is written in them.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub(super) positions: Positions,
    pub(super) items: BTreeMap<Stamp, Box<Node>>,
}

/// The item of an initial list at an index.
pub(super) fn initial_item(index: usize) -> Stamp {
    Stamp {
        time: Hlc::from_bits(index as u64),
        replica: None,
    }
}

/// What an item is initially.
pub(super) fn item_of(initial: Option<&Value>, item: Stamp) -> Option<&Value> {
    let index = usize::try_from(item.time.bits()).ok()?;
    match initial {
        Some(Value::List(items)) if item.is_origin() => items.get(index),
        _ => None,
    }
}

fn initial_len(initial: Option<&Value>) -> usize {
    match initial {
        Some(Value::List(items)) => items.len(),
        _ => 0,
    }
}

impl List {
    /// True when there is nothing to remember.
    pub(super) fn vacant(&self) -> bool {
        self.positions.pristine() && self.items.is_empty()
    }

    /// True when something is written in an item.
    pub(super) fn alive(&self) -> bool {
        self.items.values().any(|node| node.alive())
    }

    /// True when a peer that knows what stands here initially sees anything else.
    pub(super) fn speaks(&self, gone: bool) -> bool {
        self.items.values().any(|node| node.speaks(gone)) || !self.moved(gone).is_empty()
    }

    /// Initial items that are there and were moved, and to where.
    fn moved(&self, gone: bool) -> Vec<(Stamp, Stamp)> {
        if gone {
            return Vec::new();
        }
        let mut moved = self.positions.moved_initial();
        let is_gone = |item: &Stamp| self.items.get(item).is_some_and(|node| node.gone.is_set());
        moved.retain(|(item, _)| !is_gone(item));
        moved
    }

    /// The place of an item, a vacant one if need be; none where there is no such item.
    pub(super) fn open(&mut self, item: Stamp, initial: Option<&Value>) -> Option<&mut Node> {
        self.expect(initial);
        let held = self.positions.holds(item);
        held.then(|| &mut **self.items.entry(item).or_default())
    }

    /// Sees to it that initial items have positions.
    pub(super) fn expect(&mut self, initial: Option<&Value>) {
        let (before, len) = (self.positions.initial(), initial_len(initial));
        self.positions.expect(len);
        for index in before..len {
            let item = initial_item(index);
            self.show(item, initial);
        }
    }

    /// Shows or hides an item as something is written in it or not, and forgets its place where there is nothing to remember.
    pub(super) fn close(&mut self, item: Stamp, initial: Option<&Value>) {
        if self.items.get(&item).is_some_and(|node| node.vacant()) {
            self.items.remove(&item);
        }
        self.show(item, initial);
    }

    fn show(&mut self, item: Stamp, initial: Option<&Value>) {
        let shown = self.is_there(item, initial);
        self.positions.set_shown(item, shown);
    }

    fn is_there(&self, item: Stamp, initial: Option<&Value>) -> bool {
        let first = item_of(initial, item).is_some();
        match self.items.get(&item) {
            Some(node) => node.alive() || (first && !node.gone.is_set()),
            None => first,
        }
    }

    /// Kills every atom at or below the cut, in all items.
    pub(super) fn cut(&mut self, cut: &Dots, initial: Option<&Value>) {
        for (item, node) in &mut self.items {
            node.cut(cut, item_of(initial, *item));
        }
        self.sync(initial);
    }

    /// Shows what is there, here and below; called when it may be anything.
    pub(super) fn refresh(&mut self, initial: Option<&Value>) {
        self.expect(initial);
        for (item, node) in &mut self.items {
            node.refresh(item_of(initial, *item));
        }
        self.sync(initial);
    }

    fn sync(&mut self, initial: Option<&Value>) {
        self.items.retain(|_, node| !node.vacant());
        let shown: Vec<Stamp> = self.positions.shown().collect();
        let first = (0..initial_len(initial)).map(initial_item);
        let there: Vec<Stamp> = self.items.keys().copied().chain(first).collect();
        for item in shown.into_iter().chain(there) {
            self.show(item, initial);
        }
    }

    /// Merges another state; none is the initial one.
    pub(super) fn merge(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &Merge<'_>,
    ) -> Result<(), DecodeError> {
        let (mut met, mut theirs) = (BTreeSet::new(), None);
        if let Some(input) = input {
            // Names are those of the state that is read, whatever becomes of the items in it.
            let read = PositionsRead::read(input)?;
            for _ in 0..input.count()? {
                let item = read.item(input)?;
                let node = self.items.entry(item).or_default();
                node.merge(Some(input), cx)?;
                met.insert(item);
            }
            theirs = Some(read);
        }
        for (item, node) in &mut self.items {
            if !met.contains(item) {
                node.merge(None, cx)?;
            }
        }
        self.positions.merge(theirs, cx);
        let positions = &mut self.positions;
        self.items
            .retain(|item, node| !node.vacant() && positions.holds(*item));
        Ok(())
    }

    /// Writes items and what is written in them.
    pub(super) fn encode(&self, out: &mut Enc) {
        self.positions.encode_state(out);
        let mut items: Vec<Stamp> = self.items.keys().copied().collect();
        out.varint(items.len() as u64);
        self.positions
            .encode_items(&mut items, out, |item, out| self.encode_item(item, out));
    }

    /// Writes what is compared: items in order, save initial ones, which not everybody knows; where those were moved; and what
    /// is written in all of them.
    pub(super) fn encode_shown(&self, gone: bool, out: &mut Enc) {
        let name = |item: Stamp, out: &mut Enc| {
            out.stamp(item);
            out.varint(item.time.bits());
        };
        let made = self.positions.shown().filter(|item| !item.is_origin());
        let made: Vec<Stamp> = made.collect();
        out.varint(made.len() as u64);
        made.into_iter().for_each(|item| name(item, out));
        let moved = self.moved(gone);
        out.varint(moved.len() as u64);
        for (item, place) in moved {
            name(item, out);
            name(place, out);
        }
        let said = self.items.iter().filter(|(_, node)| node.speaks(gone));
        let said: Vec<_> = said.collect();
        out.varint(said.len() as u64);
        for (item, node) in said {
            name(*item, out);
            node.encode(gone, out);
        }
    }

    fn encode_item(&self, item: Stamp, out: &mut Enc) {
        if let Some(node) = self.items.get(&item) {
            node.encode(false, out);
        }
    }
}
