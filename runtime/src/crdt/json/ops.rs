//! Ops, state and merge of a document.

use std::collections::BTreeMap;

use super::{JsonDoc, JsonDocEdit, Node, Op, Put};
use crate::codec::{Dec, DecodeError, Enc, Kind};
use crate::crdt::dots::Dots;
use crate::crdt::{Apply, Crdt, Merge, Restamp, Unknown};
use crate::edit::At;
use crate::value::Element;
use crate::{Stamp, Value};

impl Crdt for JsonDoc {
    fn kind(&self) -> Kind {
        Kind::JsonDoc
    }

    fn settle(&mut self, _tx: Stamp) -> bool {
        coalesce(&mut self.ops);
        self.found.clear();
        !self.ops.is_empty()
    }

    fn pristine(&self) -> bool {
        self.root.vacant()
    }

    /// Each path is written as what it shares with the one before, and the rest.
    fn encode_ops(&mut self, _tx: Stamp, out: &mut Enc) {
        out.varint(self.ops.len() as u64);
        let mut before: &[String] = &[];
        for op in &self.ops {
            let pairs = before.iter().zip(&op.path);
            let shared = pairs.take_while(|(a, b)| a == b).count();
            out.varint(shared as u64);
            out.varint((op.path.len() - shared) as u64);
            let rest = op.path[shared..].iter();
            rest.for_each(|key| key.encode(&mut out.out));
            op.encode(out);
            before = &op.path;
        }
        self.ops.clear();
        self.found.clear();
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        let mut path: Vec<String> = Vec::new();
        for _ in 0..input.count()? {
            let (cut, put) = read_step(input, &mut path)?;
            self.root
                .at(&path, |node| node.put(&cut, put, cx.stamp, cx.keyed));
        }
        Ok(())
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        self.root.encode(out);
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        let theirs = match input {
            Some(input) => Node::decode(input, cx.keyed)?,
            None => Node::default(),
        };
        self.root.merge(theirs, cx);
        Ok(())
    }

    fn start(&mut self, value: &Value) {
        self.initial = value.clone().canonical();
    }

    fn describe(&self, out: &mut String) {
        crate::crdt::describe_line(&Kind::JsonDoc, &self.initial, out);
    }

    /// Puts back what the last step found at its path.
    fn revert(&mut self, _leaf: u32, _input: &mut Dec<'_>) -> Result<(), DecodeError> {
        if let (Some(op), Some(found)) = (self.ops.pop(), self.found.pop()) {
            self.root.at(&op.path, |node| *node = found);
        }
        Ok(())
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        let mut path: Vec<String> = Vec::new();
        for _ in 0..input.count()? {
            let (cut, put) = read_step(input, &mut path)?;
            let cut = cx.translate(&cut);
            if !JsonDocEdit::new(self, at).again(&path, cut, put) {
                cx.drop_one();
            }
        }
        Ok(())
    }
}

/// Reads a step whose path begins as the one before.
fn read_step(input: &mut Dec<'_>, path: &mut Vec<String>) -> Result<(Dots, Put), DecodeError> {
    path.truncate(usize::try_from(input.varint()?).unwrap_or(usize::MAX));
    for _ in 0..input.count()? {
        path.push(input.str()?.to_owned());
    }
    let header = input.varint()?;
    let cut = Dots::decode(input, header >> 2)?;
    let put = match header & 3 {
        1 => Put::Plain(Value::decode(&(), input)?),
        2 => Put::Map,
        _ => Put::Nothing,
    };
    Ok((cut, put))
}

/// Leaves out every step whose place a later one has taken, with all that it had seen: that one takes over what it cut. Of a step
/// that took initial values away this much stays, since its doing so is remembered at its place.
fn coalesce(ops: &mut Vec<Op>) {
    let all = std::mem::take(ops);
    let mut taken: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for mut op in all.into_iter().rev() {
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
        };
        out.varint(self.cut.len() as u64 * 4 + put);
        let cut = self.cut.as_slice().iter();
        cut.for_each(|stamp| out.stamp(*stamp));
        if let Put::Plain(value) = &self.put {
            value.encode(&mut out.out);
        }
    }
}
