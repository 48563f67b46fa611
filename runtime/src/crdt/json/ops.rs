//! Ops, state and merge of a document. What a path and a place look like is `super::wire`'s.

use std::collections::BTreeMap;

use super::node::Node;
use super::wire::{read_path, write_path};
use super::{JsonDoc, JsonDocEdit, Key, Op, Put};
use crate::codec::{Dec, DecodeError, Enc, Kind, Mode};
use crate::crdt::dots::Dots;
use crate::crdt::sequence::Positions;
use crate::crdt::{Apply, Crdt, Merge, Restamp, Unknown, same};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::value::Element;
use crate::{Stamp, Value};

/// The record of a step; those of items are the sequence's own.
pub(super) const STEP: u8 = 0xff;

impl Crdt for JsonDoc {
    fn kind(&self) -> Kind {
        Kind::JsonDoc
    }

    fn settle(&mut self, _tx: Stamp) -> bool {
        coalesce(&mut self.ops);
        self.shaped.sort_unstable();
        self.shaped.dedup();
        let root = &self.root;
        let touched = |path: &Vec<Key>| {
            let list = root.find(path).and_then(|node| node.list.as_ref());
            list.is_some_and(|list| list.positions.touched())
        };
        self.shaped.retain(touched);
        !self.ops.is_empty() || !self.shaped.is_empty()
    }

    fn pristine(&self) -> bool {
        self.root.vacant()
    }

    fn blank(&self) -> bool {
        !self.root.speaks(false)
    }

    /// First the items that were made and moved, list by list, then the steps.
    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        let (shaped, ops) = (
            std::mem::take(&mut self.shaped),
            std::mem::take(&mut self.ops),
        );
        let mut before: &[Key] = &[];
        out.varint(shaped.len() as u64);
        for path in &shaped {
            write_path(path, before, tx, out);
            self.root.at(path, Some(&self.initial), |node, initial| {
                node.with_list(initial, |list| list.positions.encode_ops(tx, out));
            });
            before = path;
        }
        out.varint(ops.len() as u64);
        for op in &ops {
            write_path(&op.path, before, tx, out);
            op.encode(out);
            before = &op.path;
        }
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        let (mut path, initial) = (Vec::new(), Some(&self.initial));
        for _ in 0..input.count()? {
            read_path(input, &mut path)?;
            let mut done = None;
            self.root.at(&path, initial, |node, initial| {
                done = Some(node.with_list(initial, |list| list.positions.apply_ops(input)));
            });
            // In an item that a remove has taken nothing is done.
            done.unwrap_or_else(|| Positions::skip(input))?;
        }
        for _ in 0..input.count()? {
            let (cut, put) = read_step(input, &mut path)?;
            let by = (cx.stamp, cx.keyed);
            self.root.at(&path, initial, |node, initial| {
                node.put(&cut, put, by, initial);
            });
        }
        Ok(())
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        if out.mode() == Mode::Leaves {
            return out.own_body(|body| self.root.encode(false, body));
        }
        self.root.encode(false, out);
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        match input {
            Some(input) if input.in_leaves() => {
                input.own_body(|body| self.root.merge(Some(body), cx))?;
            }
            input => self.root.merge(input, cx)?,
        }
        self.root.refresh(Some(&self.initial));
        Ok(())
    }

    fn start(&mut self, value: &Value) {
        self.initial = value.clone().canonical();
    }

    fn describe(&self, out: &mut String) {
        crate::crdt::describe_line(&Kind::JsonDoc, &self.initial, out);
    }

    /// Puts back what the last step found at its path, or takes items back.
    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let (kind, initial) = (input.u8()?, Some(&self.initial));
        if kind == STEP {
            if let Some(op) = self.ops.pop() {
                let found = op.found.map_or_else(Node::default, |found| *found);
                self.root.at(&op.path, initial, |node, _| *node = found);
            }
            return Ok(());
        }
        let mut made = Ok(false);
        if let Some(path) = self.shaped.last() {
            self.root.at(path, initial, |node, initial| {
                made = node.with_list(initial, |list| list.positions.restore(kind, input));
            });
        }
        if made? {
            self.shaped.pop();
        }
        Ok(())
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        super::again::make_again(self, input, at, cx)
    }

    fn undo(
        &mut self,
        _leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let own = cx.own(at);
        JsonDocEdit::new(self, at).reaching(own).undo(input, cx)
    }

    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        if let Some(then) = same::<Self>(then) {
            super::undo::assume(self, then, at, how);
        }
    }
}

/// Reads a step whose path begins as the one before.
pub(super) fn read_step(
    input: &mut Dec<'_>,
    path: &mut Vec<Key>,
) -> Result<(Dots, Put), DecodeError> {
    read_path(input, path)?;
    let header = input.varint()?;
    let cut = Dots::decode(input, header >> 2)?;
    let put = match header & 3 {
        1 => Put::Plain(Value::decode(&(), input)?),
        2 => Put::Map,
        3 => Put::List,
        _ => Put::Nothing,
    };
    Ok((cut, put))
}

/// Leaves out every step whose place a later one has taken, with all that it had seen: that one takes over what it cut. Of a step
/// that took initial values away this much stays, since its doing so is remembered at its place.
fn coalesce(ops: &mut Vec<Op>) {
    let all = std::mem::take(ops);
    let mut taken: BTreeMap<Vec<Key>, usize> = BTreeMap::new();
    for mut op in all.into_iter().rev() {
        op.found = None;
        let mut above = (0..=op.path.len()).filter_map(|depth| taken.get(&op.path[..depth]));
        let later = above.next().and_then(|index| ops.get_mut(*index));
        match later {
            Some(_) if op.cut.contains(Stamp::ORIGIN) => {
                op.put = Put::Nothing;
                ops.push(op);
            }
            Some(later) => {
                let cut = op.cut.as_slice().iter();
                cut.for_each(|stamp| later.cut.insert(*stamp));
            }
            None => {
                taken.insert(op.path.clone(), ops.len());
                ops.push(op);
            }
        }
    }
    ops.retain(|op| !op.cut.is_empty() || !matches!(op.put, Put::Nothing));
    ops.reverse();
}

impl Op {
    fn encode(&self, out: &mut Enc) {
        let put = match self.put {
            Put::Nothing => 0,
            Put::Plain(_) => 1,
            Put::Map => 2,
            Put::List => 3,
        };
        out.varint(self.cut.len() as u64 * 4 + put);
        let cut = self.cut.as_slice().iter();
        cut.for_each(|stamp| out.stamp(*stamp));
        if let Put::Plain(value) = &self.put {
            value.encode(&mut out.out);
        }
    }
}
