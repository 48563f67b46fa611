//! The oracle for documents: every step as a list, each atom asked whether a step that had seen it stands above it, and every item
//! of every list by itself.
//!
//! It works out for itself which maps a write had to make on the way, and which items indices meant, from what its author had
//! seen. How items stand is `super::order`'s.

use std::collections::BTreeSet;

use holo_runtime::{Hlc, JsonKey, Stamp, Value};
use holo_tests::sim::Sealed;

use super::order::{Item, Parent};
use super::view::View;

/// Something that an edit did to one of the documents.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) doc: &'static str,
    pub(crate) act: Act,
}

/// What it did.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Made the entry that the document stands in.
    Made,
    /// Removed it.
    Cut,
    Set(Vec<JsonKey>, Value),
    Insert(Vec<JsonKey>, usize, Value),
    Move(Vec<JsonKey>, usize, usize),
    Delete(Vec<JsonKey>),
}

/// A step of a path, with items by their stamps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Name(String),
    Item(Stamp),
}

pub(crate) type Path = Vec<Key>;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Put {
    Nothing,
    Plain(Value),
    Map,
    List,
}

/// One step at one path; without a path it is about the entry.
pub(super) struct Step {
    pub(super) doc: &'static str,
    pub(super) change: usize,
    pub(super) path: Option<Path>,
    pub(super) put: Put,
    /// True for the removal of the entry.
    pub(super) is_cut: bool,
    /// True when it took initial values away.
    pub(super) marks: bool,
    /// Steps that take its atom away.
    pub(super) killers: Vec<usize>,
}

/// All that was ever done.
pub(crate) struct Oracle<'a> {
    pub(super) initial: &'a dyn Fn(&str) -> &'a Value,
    sealed: &'a [Sealed<Event>],
    steps: Vec<Step>,
    /// Items with the document and the list that they are in, the change that made them, and the number of steps before that.
    items: Vec<(&'static str, Path, usize, usize, Item)>,
    tick: u64,
}

pub(super) fn begins(path: &[Key], with: &[Key]) -> bool {
    path.starts_with(with)
}

impl<'a> Oracle<'a> {
    /// Plays all changes.
    pub(crate) fn new(initial: &'a dyn Fn(&str) -> &'a Value, sealed: &'a [Sealed<Event>]) -> Self {
        let mut oracle = Self {
            initial,
            sealed,
            steps: Vec::new(),
            items: Vec::new(),
            tick: 0,
        };
        for (number, change) in sealed.iter().enumerate() {
            oracle.tick = change.time.bits();
            for event in &change.ops {
                oracle.play(number, event.doc, &event.act);
            }
        }
        oracle
    }

    pub(super) fn stamp(&self, change: usize) -> Stamp {
        Stamp::new(self.sealed[change].time, self.sealed[change].author)
    }

    /// True when the author of a change has another before it or in it.
    fn saw(&self, change: usize, other: usize) -> bool {
        change == other || self.sealed[change].past.covers(self.stamp(other))
    }

    fn play(&mut self, change: usize, doc: &'static str, act: &Act) {
        match act {
            Act::Made => self.step(change, doc, None, Put::Map, false),
            Act::Cut => self.step(change, doc, None, Put::Nothing, true),
            Act::Set(keys, value) => {
                let path = self.make_way(change, doc, keys);
                self.put(change, doc, path, value);
            }
            Act::Insert(keys, index, value) => {
                let path = self.make_way(change, doc, keys);
                let is_list = self.view(change, doc).is_list(&path);
                if !is_list {
                    self.step(change, doc, Some(path.clone()), Put::List, false);
                }
                self.fill(change, doc, &path, *index, std::slice::from_ref(value));
            }
            Act::Move(keys, from, to) => self.relocate(change, doc, keys, *from, *to),
            Act::Delete(keys) => {
                let path = self.view(change, doc).resolve(keys);
                let put = match path.is_empty() {
                    true => Put::Map,
                    false => Put::Nothing,
                };
                self.step(change, doc, Some(path), put, false);
            }
        }
    }

    /// The path that keys and indices mean, with the maps on the way that are missing.
    fn make_way(&mut self, change: usize, doc: &'static str, keys: &[JsonKey]) -> Path {
        let view = self.view(change, doc);
        let path = view.resolve(keys);
        let missing = (0..path.len())
            .find(|depth| matches!(path[*depth], Key::Name(_)) && !view.is_map(&path[..*depth]));
        for depth in missing.map_or(0..0, |first| first..path.len()) {
            self.step(change, doc, Some(path[..depth].to_vec()), Put::Map, false);
        }
        path
    }

    fn put(&mut self, change: usize, doc: &'static str, path: Path, value: &Value) {
        let put = match value {
            Value::Map(_) => Put::Map,
            Value::List(_) => Put::List,
            plain => Put::Plain(plain.clone()),
        };
        self.step(change, doc, Some(path.clone()), put, false);
        match value {
            Value::Map(entries) => {
                for (key, value) in entries {
                    let inner = [&path[..], &[Key::Name(key.clone())]].concat();
                    self.put(change, doc, inner, value);
                }
            }
            Value::List(items) => self.fill(change, doc, &path, 0, items),
            _ => {}
        }
    }

    /// Makes items in a row before an index, and puts values into them.
    fn fill(
        &mut self,
        change: usize,
        doc: &'static str,
        path: &Path,
        index: usize,
        values: &[Value],
    ) {
        let view = self.view(change, doc);
        let order = view.order(path);
        let shown = order.places(&|item| view.is_there(path, item));
        let left = index.checked_sub(1).map(|left| shown[left]);
        let mut parent = order.between(left, shown.get(index).copied());
        let ids: Vec<Stamp> = values.iter().map(|_| self.next_id(change)).collect();
        for id in &ids {
            self.make(change, doc, path, *id, *id, parent);
            parent = Parent::Right(Some(*id), None, true);
        }
        for (id, value) in ids.into_iter().zip(values) {
            let inner = [&path[..], &[Key::Item(id)]].concat();
            self.put(change, doc, inner, value);
        }
    }

    fn relocate(
        &mut self,
        change: usize,
        doc: &'static str,
        keys: &[JsonKey],
        from: usize,
        to: usize,
    ) {
        if from == to {
            return;
        }
        let view = self.view(change, doc);
        let path = view.resolve(keys);
        let order = view.order(&path);
        let mut shown = order.places(&|item| view.is_there(&path, item));
        let element = order.element(shown.remove(from));
        let left = to.checked_sub(1).map(|left| shown[left]);
        let parent = order.between(left, shown.get(to).copied());
        let id = self.next_id(change);
        self.make(change, doc, &path, id, element, parent);
    }

    fn next_id(&mut self, change: usize) -> Stamp {
        self.tick += 1;
        Stamp::new(Hlc::from_bits(self.tick - 1), self.sealed[change].author)
    }

    fn make(
        &mut self,
        change: usize,
        doc: &'static str,
        path: &Path,
        id: Stamp,
        element: Stamp,
        parent: Parent,
    ) {
        let item = Item {
            id,
            element,
            parent,
        };
        self.items
            .push((doc, path.clone(), change, self.steps.len(), item));
    }

    fn step(
        &mut self,
        change: usize,
        doc: &'static str,
        path: Option<Path>,
        put: Put,
        is_cut: bool,
    ) {
        let initial = |path: &Path| self.view(change, doc).initial(path).is_some();
        let marks = path.as_ref().is_some_and(initial);
        let number = self.steps.len();
        for other in 0..number {
            let above = match (&path, &self.steps[other].path) {
                (Some(path), Some(of)) => begins(of, path),
                _ => is_cut,
            };
            let here = self.steps[other].doc == doc;
            if here && above && self.saw(change, self.steps[other].change) {
                self.steps[other].killers.push(number);
            }
        }
        self.steps.push(Step {
            doc,
            change,
            path,
            put,
            is_cut,
            marks,
            killers: Vec::new(),
        });
    }

    /// What the author of a change has before it.
    fn view(&self, change: usize, doc: &'static str) -> View<'_, 'a> {
        self.view_of(doc, &|other| self.saw(change, other))
    }

    /// What is there when all has arrived.
    pub(crate) fn all(&self, doc: &'static str) -> View<'_, 'a> {
        self.view_of(doc, &|_| true)
    }

    fn view_of(&self, doc: &'static str, sees: &dyn Fn(usize) -> bool) -> View<'_, 'a> {
        let sees_step = |number: usize| sees(self.steps[number].change);
        let numbers: Vec<usize> = (0..self.steps.len())
            .filter(|at| self.steps[*at].doc == doc && sees_step(*at))
            .collect();
        let cuts: Vec<usize> = numbers
            .iter()
            .copied()
            .filter(|at| self.steps[*at].is_cut)
            .collect();
        let mut items: Vec<(&Path, &Item)> = Vec::new();
        let mut held: BTreeSet<Stamp> = BTreeSet::new();
        let there = |path: &Path, held: &BTreeSet<Stamp>| {
            path.iter().all(|key| match key {
                Key::Item(item) => item.is_origin() || held.contains(item),
                Key::Name(_) => true,
            })
        };
        for (of, path, change, before, item) in &self.items {
            let cut = |cut: &usize| *cut >= *before && self.saw(self.steps[*cut].change, *change);
            let seen = *of == doc && sees(*change);
            if seen && !cuts.iter().any(cut) && there(path, &held) {
                held.insert(item.id);
                items.push((path, item));
            }
        }
        // What was written in an item that is not held is not there, and does nothing.
        let acts = |at: &usize| {
            let path = self.steps[*at].path.as_ref();
            path.is_none_or(|path| there(path, &held))
        };
        let acting: Vec<usize> = numbers.into_iter().filter(acts).collect();
        let is_acting = |at: &usize| acting.binary_search(at).is_ok();
        let alive = |step: &&Step| !step.killers.iter().any(is_acting);
        let atom = |step: &&Step| step.put != Put::Nothing;
        let steps = || acting.iter().map(|at| &self.steps[*at]);
        let atoms = steps().filter(atom).filter(alive).collect();
        // That initial values are gone outlasts all but the end of the entry.
        let ended = |step: &Step| {
            step.killers
                .iter()
                .any(|at| is_acting(at) && self.steps[*at].is_cut)
        };
        let gone = steps().filter(|step| step.marks && !ended(step));
        View {
            oracle: self,
            doc,
            atoms,
            gone: gone.filter_map(|step| step.path.as_ref()).collect(),
            items,
        }
    }
}
