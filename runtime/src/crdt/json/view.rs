//! The edit view of a document.

use std::ops::Deref;

use super::{AsPath, JsonDoc, JsonPath, JsonRef, Op, Put};
use crate::codec::MAX_DEPTH;
use crate::crdt::dots::Dots;
use crate::edit::At;
use crate::value::{Assign, Element};
use crate::{Limit, Stamp, Value};

/// The view of a [`JsonDoc`] inside an edit. A path that cannot be read, and what nests too deep, refuse the whole edit.
#[derive(Debug)]
pub struct JsonDocEdit<'a> {
    doc: &'a mut JsonDoc,
    at: At<'a>,
}

impl<'a> JsonDocEdit<'a> {
    pub(super) fn new(doc: &'a mut JsonDoc, at: At<'a>) -> Self {
        Self { doc, at }
    }

    /// Puts a value at a path, in place of all that is there. Maps on the way are made where they are missing, and where a plain
    /// value stands. The parts of a map merge from then on with what others write to them. Of concurrent sets of one path the
    /// greater stamp shows. O(depth × log width + what is put in and replaced).
    pub fn set(&mut self, path: impl AsPath, value: impl Assign<Value>) {
        let value = value.assign().canonical();
        let Some(path) = self.read(path, value.depth()) else {
            return;
        };
        let keys = path.keys();
        // The first that is no map takes all below it along, so those further in are missing too.
        let first = (0..keys.len()).find(|depth| !self.place(&keys[..*depth]).is_map());
        for depth in first.map_or(0..0, |first| first..keys.len()) {
            self.step(&keys[..depth], Put::Map);
        }
        self.put(keys, value);
    }

    /// Deletes what is at a path; true when something was. Deleting the root leaves an empty map. What others write there or
    /// below concurrently stays. O(what it deletes).
    pub fn delete(&mut self, path: impl AsPath) -> bool {
        let Some(path) = self.read(path, 0) else {
            return false;
        };
        if self.doc.get(&path).is_none() {
            return false;
        }
        let root = path.keys().is_empty();
        self.step(path.keys(), if root { Put::Map } else { Put::Nothing });
        true
    }

    /// Empties the document. What others write concurrently stays. O(n).
    pub fn clear(&mut self) {
        self.step(&[], Put::Map);
    }

    /// The path, if what is to stand there is not too deep.
    fn read(&self, path: impl AsPath, depth: usize) -> Option<JsonPath> {
        match path.as_path() {
            Ok(path) if path.keys().len() + depth <= MAX_DEPTH => return Some(path),
            Ok(_) => self.at.refuse(Limit::Depth),
            Err(error) => self.at.refuse(Limit::Path(error)),
        }
        None
    }

    fn place(&self, path: &[String]) -> JsonRef<'_> {
        let root = self.doc.root();
        path.iter().fold(root, |place, key| place.child(key))
    }

    /// Puts a value in, a map key by key.
    fn put(&mut self, path: &[String], value: Value) {
        let Value::Map(entries) = value else {
            return self.step(path, Put::Plain(value));
        };
        self.step(path, Put::Map);
        for (key, value) in entries {
            let mut inner = path.to_vec();
            inner.push(key);
            self.put(&inner, value);
        }
    }

    /// Takes away what stands at a path and puts something in.
    fn step(&mut self, path: &[String], put: Put) {
        let mut cut = Dots::None;
        if self.place(path).is_initial() {
            cut.insert(Stamp::ORIGIN);
        }
        if let Some(node) = self.doc.root.find(path) {
            node.seen(self.at.stamp(), &mut cut);
        }
        self.step_over(path, cut, put);
    }

    /// Makes a step of an own change again, with what it had seen; false if nothing is left of that, and nothing comes.
    pub(super) fn again(&mut self, path: &[String], mut cut: Dots, put: Put) -> bool {
        let (mut there, initial) = (Dots::None, self.place(path).is_initial());
        if let Some(node) = self.doc.root.find(path) {
            node.seen(self.at.stamp(), &mut there);
        }
        cut.retain(|stamp| initial || !stamp.is_origin());
        let acts = !matches!(put, Put::Nothing) || cut.contains(Stamp::ORIGIN);
        let acts = acts || there.as_slice().iter().any(|stamp| cut.cuts(*stamp));
        if acts {
            self.step_over(path, cut, put);
        }
        acts
    }

    /// Takes away what a cut has seen at a path and puts something in.
    fn step_over(&mut self, path: &[String], cut: Dots, put: Put) {
        let (stamp, keyed) = (self.at.stamp(), self.at.keyed());
        let found = self.doc.root.find(path).cloned().unwrap_or_default();
        self.at.add_op(6 + 24 * cut.len());
        self.at
            .add_bytes(path.iter().map(|key| key.size()).sum::<usize>());
        if let Put::Plain(value) = &put {
            self.at.add_value(value, None);
        }
        self.at.record(|_| {});
        self.doc.found.push(found);
        let (root, op) = (&mut self.doc.root, put.clone());
        root.at(path, |node| node.put(&cut, op, stamp, keyed));
        let path = path.to_vec();
        self.doc.ops.push(Op { path, cut, put });
    }
}

impl Deref for JsonDocEdit<'_> {
    type Target = JsonDoc;

    fn deref(&self) -> &Self::Target {
        self.doc
    }
}
