//! The edit view of a document.

use std::ops::Deref;

use super::ops::STEP;
use super::{AsPath, JsonDoc, JsonKey, JsonPath, JsonRef, Key, Op, PathError, Put};
use crate::codec::MAX_DEPTH;
use crate::crdt::dots::Dots;
use crate::crdt::sequence::Positions;
use crate::edit::At;
use crate::value::{Assign, Element};
use crate::{Limit, Stamp, Value};

/// The view of a [`JsonDoc`] inside an edit. A path that cannot be read or leads through what is no list, an index beyond the end of
/// one, and what nests too deep, refuse the whole edit.
#[derive(Debug)]
pub struct JsonDocEdit<'a> {
    doc: &'a mut JsonDoc,
    at: At<'a>,
    /// How far steps cut: all that is there, where that is not said.
    reach: Option<Dots>,
}

/// Where a path leads.
struct Way {
    keys: Vec<Key>,
    /// The first place on it that is no map, and would have to be one.
    missing: Option<usize>,
}

impl<'a> JsonDocEdit<'a> {
    pub(super) fn new(doc: &'a mut JsonDoc, at: At<'a>) -> Self {
        Self {
            doc,
            at,
            reach: None,
        }
    }

    /// The same, but steps take away no more than this cut.
    pub(super) fn reaching(self, reach: Dots) -> Self {
        Self {
            reach: Some(reach),
            ..self
        }
    }

    /// Puts a value at a path, in place of all that is there. Maps on the way are made where they are missing, and where a plain
    /// value stands. The parts of a map or a list merge from then on with what others write to them. Where the path ends in an
    /// index that item gets another value and stays where it is. Of concurrent sets of one path the greater stamp shows.
    /// O(depth × log width + what is put in and replaced).
    pub fn set(&mut self, path: impl AsPath, value: impl Assign<Value>) {
        let value = value.assign().canonical();
        if let Some(way) = self.way(path, value.depth()) {
            self.make_way(&way);
            self.put(&way.keys, value);
        }
    }

    /// Inserts an item into the list at a path, before the one at an index or at the end. Where nothing stands a list is made.
    /// What others insert concurrently stays too. O(depth × log width + what is put in).
    pub fn insert(&mut self, path: impl AsPath, index: usize, value: impl Assign<Value>) {
        self.insert_at(path, Some(index), value.assign().canonical());
    }

    /// Inserts an item at the end of the list at a path. Where nothing stands a list is made.
    /// What others insert concurrently stays too. O(depth × log width + what is put in).
    pub fn push(&mut self, path: impl AsPath, value: impl Assign<Value>) {
        self.insert_at(path, None, value.assign().canonical());
    }

    /// Moves an item of the list at a path so that afterwards it stands at index `to`. What is in it, and its neighbours, are not
    /// touched; of two concurrent moves the later wins. O(depth × log width).
    pub fn move_item(&mut self, path: impl AsPath, from: usize, to: usize) {
        let Some(way) = self.way(path, 0) else { return };
        let place = self.place(&way.keys);
        if !place.is_list() {
            return self.refuse(PathError::NoList);
        }
        let (index, len) = (from.max(to), place.len());
        if index >= len {
            return self.refuse(PathError::Beyond { index, len });
        }
        if from != to {
            self.relocate(&way.keys, from, to);
        }
    }

    /// Deletes what is at a path, an item of a list too; true when something was. Deleting the root leaves an empty map.
    /// What others write there or below concurrently stays. O(what it deletes).
    pub fn delete(&mut self, path: impl AsPath) -> bool {
        let Some(path) = self.read(path, 0) else {
            return false;
        };
        let Ok(way) = self.resolve(&path) else {
            return false;
        };
        if way.missing.is_some() || !self.place(&way.keys).is_there() {
            return false;
        }
        let root = way.keys.is_empty();
        self.step(&way.keys, if root { Put::Map } else { Put::Nothing });
        true
    }

    /// Empties the document. What others write concurrently stays. O(n).
    pub fn clear(&mut self) {
        self.step(&[], Put::Map);
    }

    fn insert_at(&mut self, path: impl AsPath, index: Option<usize>, value: Value) {
        let Some(way) = self.way(path, value.depth() + 1) else {
            return;
        };
        let place = self.place(&way.keys);
        let (is_list, len) = match way.missing {
            Some(_) => (false, 0),
            None if !place.is_there() => (false, 0),
            None if place.is_list() => (true, place.len()),
            None => return self.refuse(PathError::NoList),
        };
        let index = index.unwrap_or(len);
        if index > len {
            return self.refuse(PathError::Beyond { index, len });
        }
        if !is_list {
            self.make_way(&way);
            self.step(&way.keys, Put::List);
        }
        self.fill(&way.keys, index, vec![value]);
    }

    fn refuse(&self, error: PathError) {
        self.at.refuse(Limit::Path(error));
    }

    /// The path, if what is to stand there is not too deep.
    fn read(&self, path: impl AsPath, depth: usize) -> Option<JsonPath> {
        match path.as_path() {
            Ok(path) if path.keys().len() + depth <= MAX_DEPTH => return Some(path),
            Ok(_) => self.at.refuse(Limit::Depth),
            Err(error) => self.refuse(error),
        }
        None
    }

    fn way(&self, path: impl AsPath, depth: usize) -> Option<Way> {
        let path = self.read(path, depth)?;
        match self.resolve(&path) {
            Ok(way) => Some(way),
            Err(error) => {
                self.refuse(error);
                None
            }
        }
    }

    /// The items that stand at the indices of a path by now.
    fn resolve(&self, path: &JsonPath) -> Result<Way, PathError> {
        let (mut place, mut missing) = (self.doc.root(), None);
        let mut keys = Vec::with_capacity(path.keys().len());
        for (depth, key) in path.keys().iter().enumerate() {
            match key {
                JsonKey::Name(name) => {
                    if missing.is_none() && !place.is_map() {
                        // This takes all below it along, so those further in are missing too.
                        missing = Some(depth);
                    }
                    place = place.child(name);
                    keys.push(Key::Name(name.clone()));
                }
                JsonKey::Index(_) if missing.is_some() || !place.is_list() => {
                    return Err(PathError::NoList);
                }
                JsonKey::Index(index) => {
                    let (index, len) = (*index, place.len());
                    let item = place.item_at(index);
                    let item = item.ok_or(PathError::Beyond { index, len })?;
                    place = place.item_place(item);
                    keys.push(Key::Item(item));
                }
            }
        }
        Ok(Way { keys, missing })
    }

    fn make_way(&mut self, way: &Way) {
        for depth in way.missing.map_or(0..0, |first| first..way.keys.len()) {
            self.step(&way.keys[..depth], Put::Map);
        }
    }

    pub(super) fn at(&self) -> At<'a> {
        self.at
    }

    pub(super) fn place(&self, path: &[Key]) -> JsonRef<'_> {
        let root = self.doc.root();
        path.iter().fold(root, |place, key| match key {
            Key::Name(name) => place.child(name),
            Key::Item(item) => place.item_place(*item),
        })
    }

    /// Puts a value in, a map key by key and a list item by item.
    pub(super) fn put(&mut self, path: &[Key], value: Value) {
        match value {
            Value::Map(entries) => {
                self.step(path, Put::Map);
                for (key, value) in entries {
                    let mut inner = path.to_vec();
                    inner.push(Key::Name(key));
                    self.put(&inner, value);
                }
            }
            Value::List(items) => {
                self.step(path, Put::List);
                self.fill(path, 0, items);
            }
            plain => self.step(path, Put::Plain(plain)),
        }
    }

    /// Makes items in a row and puts values into them.
    pub(super) fn fill(&mut self, path: &[Key], index: usize, values: Vec<Value>) {
        let (at, count) = (self.at, values.len() as u32);
        if count == 0 {
            return;
        }
        let mut first = None;
        self.shape(path, |positions| {
            first = positions.insert(at, index, count);
            first.is_some()
        });
        let Some(mut item) = first else { return };
        for value in values {
            let mut inner = path.to_vec();
            inner.push(Key::Item(item));
            self.put(&inner, value);
            item = Positions::next(item);
        }
    }

    /// Makes or moves items of the list at a path; `work` says whether it did.
    pub(super) fn shape(&mut self, path: &[Key], work: impl FnOnce(&mut Positions) -> bool) {
        let (doc, mut done) = (&mut *self.doc, false);
        doc.root.at(path, Some(&doc.initial), |node, initial| {
            done = node.with_list(initial, |list| work(&mut list.positions));
        });
        if done {
            self.at.add_bytes(size(path));
            doc.shaped.push(path.to_vec());
        }
    }

    /// Takes away what stands at a path and puts something in.
    pub(super) fn step(&mut self, path: &[Key], put: Put) {
        let mut cut = Dots::None;
        if self.place(path).is_initial() {
            cut.insert(Stamp::ORIGIN);
        }
        if let Some(node) = self.doc.root.find(path) {
            node.seen(self.at.stamp(), &mut cut);
        }
        if let Some(reach) = &self.reach {
            cut.retain(|stamp| stamp.is_origin() || reach.cuts(stamp));
        }
        self.step_over(path, cut, put);
    }

    /// Makes a step of an own change again, with what it had seen; false if nothing is left of that, and nothing comes.
    pub(super) fn again(&mut self, path: &[Key], mut cut: Dots, put: Put) -> bool {
        let (mut there, initial) = (Dots::None, self.place(path).is_initial());
        if let Some(node) = self.doc.root.find(path) {
            node.seen(self.at.stamp(), &mut there);
        }
        // Only what is there can be named: whoever holds it knows those stamps.
        let marks = initial && cut.contains(Stamp::ORIGIN);
        cut = there.up_to(&cut);
        if marks {
            cut.insert(Stamp::ORIGIN);
        }
        let acts = !matches!(put, Put::Nothing) || cut.contains(Stamp::ORIGIN);
        let acts = acts || there.as_slice().iter().any(|stamp| cut.cuts(*stamp));
        if acts {
            self.step_over(path, cut, put);
        }
        acts
    }

    /// Takes away what a cut has seen at a path and puts something in.
    fn step_over(&mut self, path: &[Key], cut: Dots, put: Put) {
        self.note_step(path, &put);
        let by = (self.at.stamp(), self.at.keyed());
        let found = self.doc.root.find(path).cloned().map(Box::new);
        self.at.add_op(6 + 24 * cut.len());
        self.at.add_bytes(size(path));
        if let Put::Plain(value) = &put {
            self.at.add_value(value, None);
        }
        self.at.record(|out| out.push(STEP));
        let (doc, what) = (&mut *self.doc, put.clone());
        doc.root.at(path, Some(&doc.initial), |node, initial| {
            node.put(&cut, what, by, initial);
        });
        let path = path.to_vec();
        doc.ops.push(Op {
            path,
            cut,
            put,
            found,
        });
    }
}

/// At most so many bytes does a path take.
fn size(path: &[Key]) -> usize {
    let keys = path.iter().map(|key| match key {
        Key::Name(name) => name.size() + 1,
        Key::Item(_) => 24,
    });
    4 + keys.sum::<usize>()
}

impl Deref for JsonDocEdit<'_> {
    type Target = JsonDoc;

    fn deref(&self) -> &Self::Target {
        self.doc
    }
}
