//! How a document is read: what shows at a place, of what was written there and of what stood there initially.

use std::collections::BTreeMap;

use super::list::{initial_item, item_of};
use super::node::{Node, Top, entry_of};
use crate::{Stamp, Value};

/// A place in a document where something stands.
#[derive(Clone, Copy, Debug)]
pub struct JsonRef<'a> {
    /// What was written there.
    node: Option<&'a Node>,
    /// What stands there initially, unless it was taken away.
    initial: Option<&'a Value>,
}

/// What shows at a place.
enum Shown<'a> {
    Nothing,
    Plain(&'a Value),
    Map,
    List,
}

impl<'a> JsonRef<'a> {
    pub(super) fn root(node: &'a Node, initial: &'a Value) -> Self {
        Self::place(Some(node), Some(initial))
    }

    fn place(node: Option<&'a Node>, initial: Option<&'a Value>) -> Self {
        let gone = node.is_some_and(|node| node.gone.is_set());
        Self {
            node,
            initial: initial.filter(|_| !gone),
        }
    }

    /// The place under a key, whether or not something stands there.
    pub(super) fn child(self, key: &str) -> Self {
        let node = self.node.and_then(|node| node.children.get(key));
        Self::place(node, entry_of(self.initial, key))
    }

    /// The place of an item, whether or not something stands there.
    pub(super) fn item_place(self, item: Stamp) -> Self {
        let list = self.node.and_then(|node| node.list.as_ref());
        let node = list.and_then(|list| list.items.get(&item));
        Self::place(node.map(|node| &**node), item_of(self.initial, item))
    }

    /// The item that stands at an index of a list.
    pub(super) fn item_at(self, index: usize) -> Option<Stamp> {
        match (self.node.and_then(|node| node.list.as_ref()), self.initial) {
            (Some(list), _) => list.positions.at(index),
            (None, Some(Value::List(items))) => (index < items.len()).then(|| initial_item(index)),
            _ => None,
        }
    }

    /// What was written shows before what was there; of several kinds the newest.
    fn shown(self) -> Shown<'a> {
        match self.node.and_then(Node::top) {
            Some(Top::Map) => Shown::Map,
            Some(Top::List) => Shown::List,
            Some(Top::Plain) => {
                let plain = self.node.and_then(Node::greatest_plain);
                plain.map_or(Shown::Nothing, |(_, value)| Shown::Plain(value))
            }
            None => match self.initial {
                None => Shown::Nothing,
                Some(Value::Map(_)) => Shown::Map,
                Some(Value::List(_)) => Shown::List,
                Some(value) => Shown::Plain(value),
            },
        }
    }

    /// What was written there.
    pub(super) fn written(self) -> Option<&'a Node> {
        self.node
    }

    pub(super) fn is_there(self) -> bool {
        !matches!(self.shown(), Shown::Nothing)
    }

    /// True when what stood there initially still does, shown or not.
    pub(super) fn is_initial(self) -> bool {
        self.initial.is_some()
    }

    /// True when it is a map. O(1), or O(width) where much was deleted.
    #[must_use]
    pub fn is_map(self) -> bool {
        matches!(self.shown(), Shown::Map)
    }

    /// True when it is a list. O(writers).
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self.shown(), Shown::List)
    }

    /// The plain value there; none of a map or a list. O(writers).
    #[must_use]
    pub fn plain(self) -> Option<&'a Value> {
        match self.shown() {
            Shown::Plain(value) => Some(value),
            _ => None,
        }
    }

    /// How many items a list has, O(1), or entries a map, O(n).
    #[must_use]
    pub fn len(self) -> usize {
        match (self.shown(), self.node.and_then(|node| node.list.as_ref())) {
            (Shown::List, Some(list)) => list.positions.len(),
            (Shown::List, None) => match self.initial {
                Some(Value::List(items)) => items.len(),
                _ => 0,
            },
            _ => self.entries().len(),
        }
    }

    /// True when there is nothing in it. O(n) for a map, O(1) for a list.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// What stands at an index of a list. O(log n).
    #[must_use]
    pub fn item(self, index: usize) -> Option<Self> {
        let item = self.is_list().then(|| self.item_at(index))?;
        Some(self.item_place(item?))
    }

    /// The items of a list in order; of anything else there are none. O(n).
    #[must_use]
    pub fn items(self) -> Vec<Self> {
        if !self.is_list() {
            return Vec::new();
        }
        match (self.node.and_then(|node| node.list.as_ref()), self.initial) {
            (Some(list), _) => {
                let shown = list.positions.shown();
                shown.map(|item| self.item_place(item)).collect()
            }
            (None, Some(Value::List(items))) => {
                let items = (0..items.len()).map(initial_item);
                items.map(|item| self.item_place(item)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What stands under a key of a map. O(log width).
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        let child = self.is_map().then(|| self.child(key))?;
        child.is_there().then_some(child)
    }

    /// The entries of a map by key; of anything else there are none. O(n).
    #[must_use]
    pub fn entries(self) -> Vec<(&'a str, Self)> {
        if !self.is_map() {
            return Vec::new();
        }
        let mut keys: BTreeMap<&'a str, Self> = BTreeMap::new();
        if let Some(Value::Map(entries)) = self.initial {
            keys.extend(entries.keys().map(|key| (key.as_str(), self.child(key))));
        }
        if let Some(node) = self.node {
            let children = node.children.iter();
            keys.extend(children.map(|(key, _)| (key, self.child(key))));
        }
        keys.retain(|_, child| child.is_there());
        keys.into_iter().collect()
    }

    /// All of it as a value. O(n).
    #[must_use]
    pub fn to_value(self) -> Value {
        match self.shown() {
            Shown::Plain(value) => value.clone(),
            Shown::List => Value::List(self.items().into_iter().map(Self::to_value).collect()),
            Shown::Map | Shown::Nothing => {
                let entries = self.entries().into_iter();
                let entries = entries.map(|(key, child)| (key.to_owned(), child.to_value()));
                Value::Map(entries.collect())
            }
        }
    }
}

/// The value as its Rust type, where it is of that type.
impl<'a> JsonRef<'a> {
    /// A truth value. O(writers).
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.plain()? {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// An integer. O(writers).
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self.plain()? {
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// A floating-point number, or an integer as one. O(writers).
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        match self.plain()? {
            Value::Float(value) => Some(*value),
            Value::Int(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// Text. O(writers).
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        match self.plain()? {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }
}
