//! What shows of the steps and items that somebody has seen.

use std::collections::{BTreeMap, BTreeSet};

use holo_runtime::{JsonKey, Stamp, Value};

use super::oracle::{Key, Oracle, Path, Put, Step, begins};
use super::order::{Item, Order};

/// What is left of what somebody has seen, of one document.
pub(crate) struct View<'o, 'a> {
    pub(super) oracle: &'o Oracle<'a>,
    pub(super) doc: &'static str,
    /// Steps whose atom is left.
    pub(super) atoms: Vec<&'o Step>,
    /// The paths at which initial values were taken away.
    pub(super) gone: Vec<&'o Path>,
    /// Items that nobody has taken with the entry.
    pub(super) items: Vec<(&'o Path, &'o Item)>,
}

impl<'o> View<'o, '_> {
    /// True when the entry is there.
    pub(crate) fn exists(&self) -> bool {
        !self.atoms.is_empty() || !self.gone.is_empty() || self.has_moved()
    }

    /// True when an initial item that is there was moved.
    fn has_moved(&self) -> bool {
        self.items.iter().any(|(path, item)| {
            let element = [&path[..], &[Key::Item(item.element)]].concat();
            let moved = item.element != item.id && item.element.is_origin();
            moved && !self.gone.iter().any(|gone| begins(&element, gone))
        })
    }

    pub(crate) fn value(&self) -> Value {
        self.shown(&[]).unwrap_or(Value::Map(BTreeMap::new()))
    }

    /// What stands initially at a path and was not taken away.
    pub(super) fn initial(&self, path: &[Key]) -> Option<&'o Value> {
        if self.gone.iter().any(|gone| begins(path, gone)) {
            return None;
        }
        self.first(path)
    }

    /// What stands initially at a path.
    fn first(&self, path: &[Key]) -> Option<&'o Value> {
        let all = (self.oracle.initial)(self.doc);
        path.iter().try_fold(all, |value, key| match (value, key) {
            (Value::Map(entries), Key::Name(name)) => entries.get(name),
            (Value::List(items), Key::Item(item)) if item.is_origin() => {
                items.get(item.time.bits() as usize)
            }
            _ => None,
        })
    }

    pub(super) fn resolve(&self, keys: &[JsonKey]) -> Path {
        let mut path = Path::new();
        for key in keys {
            let key = match key {
                JsonKey::Name(name) => Key::Name(name.clone()),
                JsonKey::Index(index) => Key::Item(self.shown_items(&path)[*index]),
            };
            path.push(key);
        }
        path
    }

    pub(super) fn is_map(&self, path: &[Key]) -> bool {
        matches!(self.shown(path), Some(Value::Map(_)))
            || (path.is_empty() && self.shown(path).is_none())
    }

    pub(super) fn is_list(&self, path: &[Key]) -> bool {
        matches!(self.shown(path), Some(Value::List(_)))
    }

    pub(super) fn is_there(&self, path: &[Key], item: Stamp) -> bool {
        let path = [path, &[Key::Item(item)]].concat();
        self.initial(&path).is_some() || self.below(&path).next().is_some()
    }

    fn below<'p>(&'p self, path: &'p [Key]) -> impl Iterator<Item = (&'p Path, &'o Step)> + 'p {
        self.atoms.iter().filter_map(move |step| {
            let of = step.path.as_ref().filter(|of| begins(of, path))?;
            Some((of, *step))
        })
    }

    /// The items of a list, whatever is written in them.
    pub(super) fn order(&self, path: &[Key]) -> Order {
        let first = match self.first(path) {
            Some(Value::List(items)) => items.len(),
            _ => 0,
        };
        let made = self.items.iter().filter(|(of, _)| of[..] == *path);
        Order::new(first, made.map(|(_, item)| (*item).clone()))
    }

    fn shown_items(&self, path: &[Key]) -> Vec<Stamp> {
        let order = self.order(path);
        let places = order.places(&|item| self.is_there(path, item));
        places
            .into_iter()
            .map(|place| order.element(place))
            .collect()
    }

    /// What stands at a path: of a plain value, a map and a list the newest.
    fn shown(&self, path: &[Key]) -> Option<Value> {
        let kind = |of: &Path, step: &Step| match (of.get(path.len()), &step.put) {
            (Some(Key::Name(_)), _) | (None, Put::Map) => 1,
            (Some(Key::Item(_)), _) | (None, Put::List) => 2,
            _ => 0,
        };
        let all = self.below(path);
        let newest = all.max_by_key(|(of, step)| {
            (
                self.oracle.stamp(step.change),
                kind(of, step),
                step.killers.len(),
            )
        });
        match newest {
            Some((of, step)) => Some(match (kind(of, step), &step.put) {
                (0, Put::Plain(value)) => value.clone(),
                (1, _) => self.map(path),
                _ => self.list(path),
            }),
            None => Some(match self.initial(path)? {
                Value::Map(_) => self.map(path),
                Value::List(_) => self.list(path),
                value => value.clone(),
            }),
        }
    }

    fn list(&self, path: &[Key]) -> Value {
        let items = self.shown_items(path).into_iter();
        let value = |item| self.shown(&[path, &[Key::Item(item)]].concat());
        Value::List(items.filter_map(value).collect())
    }

    /// The map at a path, of all that shows in it.
    fn map(&self, path: &[Key]) -> Value {
        let mut keys: BTreeSet<String> = BTreeSet::new();
        for (of, _) in self.below(path) {
            if let Some(Key::Name(name)) = of.get(path.len()) {
                keys.insert(name.clone());
            }
        }
        if let Some(Value::Map(entries)) = self.initial(path) {
            keys.extend(entries.keys().cloned());
        }
        let entry = |key: String| {
            let inner = [path, &[Key::Name(key.clone())]].concat();
            self.shown(&inner).map(|value| (key, value))
        };
        Value::Map(keys.into_iter().filter_map(entry).collect())
    }
}
