//! The oracle for documents: every step as a list, each atom asked whether a step that had seen it stands above it.
//!
//! It works out for itself which maps a write had to make on the way, from what its author had seen.

use std::collections::{BTreeMap, BTreeSet};

use holo_runtime::{Stamp, Value};
use holo_tests::sim::Sealed;

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
    Set(Vec<&'static str>, Value),
    Delete(Vec<&'static str>),
}

type Path = Vec<String>;

/// One step at one path; without a path it is about the entry.
struct Step<'a> {
    change: &'a Sealed<Event>,
    number: usize,
    path: Option<Path>,
    put: Option<Value>,
    /// True for the removal of the entry.
    is_cut: bool,
    /// True when it took initial values away.
    marks: bool,
}

impl Step<'_> {
    fn stamp(&self) -> Stamp {
        Stamp::new(self.change.time, self.change.author)
    }

    fn saw(&self, other: &Step<'_>) -> bool {
        if self.stamp() == other.stamp() {
            other.number < self.number
        } else {
            self.change.past.covers(other.stamp())
        }
    }

    /// True when this takes the atom of another step away.
    fn kills(&self, other: &Step<'_>) -> bool {
        let above = match (&self.path, &other.path) {
            (Some(path), Some(of)) => of.starts_with(path),
            _ => self.is_cut,
        };
        above && self.saw(other)
    }
}

pub(crate) struct Oracle<'a> {
    initial: &'a Value,
    steps: Vec<Step<'a>>,
}

/// What is left of the steps that somebody has seen.
struct View<'o, 'a> {
    oracle: &'o Oracle<'a>,
    /// Steps whose atom is left.
    atoms: Vec<&'o Step<'a>>,
    /// The paths at which initial values were taken away.
    gone: Vec<&'o Path>,
}

impl<'a> Oracle<'a> {
    pub(crate) fn new(doc: &'static str, initial: &'a Value, sealed: &'a [Sealed<Event>]) -> Self {
        let steps = Vec::new();
        let mut oracle = Self { initial, steps };
        for change in sealed {
            for event in change.ops.iter().filter(|event| event.doc == doc) {
                oracle.play(change, &event.act);
            }
        }
        oracle
    }

    fn play(&mut self, change: &'a Sealed<Event>, act: &Act) {
        let path = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Path>();
        match act {
            Act::Made => self.step(change, None, None, false),
            Act::Cut => self.step(change, None, None, true),
            Act::Set(keys, value) => {
                let keys = path(keys);
                let view = self.view(|step| sees(change, step));
                let missing = (0..keys.len()).find(|depth| !view.is_map(&keys[..*depth]));
                for depth in missing.map_or(0..0, |first| first..keys.len()) {
                    let map = Value::Map(BTreeMap::new());
                    self.step(change, Some(keys[..depth].to_vec()), Some(map), false);
                }
                self.put(change, keys, value);
            }
            Act::Delete(keys) => {
                let map = keys.is_empty().then(|| Value::Map(BTreeMap::new()));
                self.step(change, Some(path(keys)), map, false);
            }
        }
    }

    fn put(&mut self, change: &'a Sealed<Event>, path: Path, value: &Value) {
        let Value::Map(entries) = value else {
            return self.step(change, Some(path), Some(value.clone()), false);
        };
        let map = Value::Map(BTreeMap::new());
        self.step(change, Some(path.clone()), Some(map), false);
        for (key, value) in entries {
            let inner = path.iter().chain([key]).cloned().collect();
            self.put(change, inner, value);
        }
    }

    fn step(
        &mut self,
        change: &'a Sealed<Event>,
        path: Option<Path>,
        put: Option<Value>,
        is_cut: bool,
    ) {
        let view = self.view(|step| sees(change, step));
        let marks = path
            .as_ref()
            .is_some_and(|path| view.initial(path).is_some());
        let number = self.steps.len();
        self.steps.push(Step {
            change,
            number,
            path,
            put,
            is_cut,
            marks,
        });
    }

    fn view(&self, among: impl Fn(&Step<'a>) -> bool) -> View<'_, 'a> {
        let seen: Vec<&Step<'a>> = self.steps.iter().filter(|step| among(step)).collect();
        let alive = |step: &&&Step<'a>| !seen.iter().any(|other| other.kills(step));
        let atom = |step: &&&Step<'a>| step.put.is_some() || (step.path.is_none() && !step.is_cut);
        let atoms = seen.iter().filter(atom).filter(alive).copied().collect();
        // That initial values are gone outlasts all but the end of the entry.
        let cut = |step: &Step<'a>| seen.iter().any(|other| other.is_cut && other.kills(step));
        let gone = seen.iter().filter(|step| step.marks && !cut(step));
        let gone = gone.filter_map(|step| step.path.as_ref()).collect();
        View {
            oracle: self,
            atoms,
            gone,
        }
    }

    pub(crate) fn exists(&self) -> bool {
        let view = self.view(|_| true);
        !view.atoms.is_empty() || !view.gone.is_empty()
    }

    pub(crate) fn value(&self) -> Value {
        let map = Value::Map(BTreeMap::new());
        self.view(|_| true).shown(&[]).unwrap_or(map)
    }
}

/// What the author of a change has before it or in it; steps are played in the order of their stamps.
fn sees(change: &Sealed<Event>, step: &Step<'_>) -> bool {
    let stamp = Stamp::new(change.time, change.author);
    step.stamp() == stamp || change.past.covers(step.stamp())
}

impl View<'_, '_> {
    /// What stands initially at a path and was not taken away.
    fn initial(&self, path: &[String]) -> Option<&Value> {
        if self.gone.iter().any(|gone| path.starts_with(gone)) {
            return None;
        }
        path.iter()
            .try_fold(self.oracle.initial, |value, key| match value {
                Value::Map(entries) => entries.get(key),
                _ => None,
            })
    }

    fn is_map(&self, path: &[String]) -> bool {
        matches!(self.shown(path), Some(Value::Map(_)))
            || (path.is_empty() && self.shown(path).is_none())
    }

    fn shown(&self, path: &[String]) -> Option<Value> {
        let below = |step: &&&Step<'_>| {
            let of = step.path.as_ref();
            of.is_some_and(|of| of.starts_with(path))
        };
        let plain = |step: &Step<'_>| {
            let here = step.path.as_ref().is_some_and(|of| of.len() == path.len());
            here && !matches!(step.put, Some(Value::Map(_)))
        };
        let newest = self
            .atoms
            .iter()
            .filter(below)
            .max_by_key(|step| step.stamp());
        match newest {
            Some(_) => {
                let plains = self.atoms.iter().filter(below).filter(|step| plain(step));
                let plain_one = plains.max_by_key(|step| step.stamp());
                let maps = self.atoms.iter().filter(below).filter(|step| !plain(step));
                let map = maps.map(|step| step.stamp()).max();
                match plain_one {
                    Some(step) if Some(step.stamp()) > map => step.put.clone(),
                    _ => Some(self.map(path)),
                }
            }
            None => match self.initial(path)? {
                Value::Map(_) => Some(self.map(path)),
                value => Some(value.clone()),
            },
        }
    }

    /// The map at a path, of all that shows in it.
    fn map(&self, path: &[String]) -> Value {
        let mut keys: BTreeSet<String> = BTreeSet::new();
        for step in &self.atoms {
            let of = step.path.as_ref().filter(|of| of.starts_with(path));
            keys.extend(of.and_then(|of| of.get(path.len())).cloned());
        }
        if let Some(Value::Map(entries)) = self.initial(path) {
            keys.extend(entries.keys().cloned());
        }
        let entry = |key: String| {
            let inner: Path = path.iter().cloned().chain([key.clone()]).collect();
            self.shown(&inner).map(|value| (key, value))
        };
        Value::Map(keys.into_iter().filter_map(entry).collect())
    }
}
