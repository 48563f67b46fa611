//! How a document is read: what shows at a place, of what was written there and of what stood there initially.

use std::collections::BTreeMap;

use super::node::Node;
use crate::Value;

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
        let initial = match self.initial {
            Some(Value::Map(entries)) => entries.get(key),
            _ => None,
        };
        Self::place(self.node.and_then(|node| node.children.get(key)), initial)
    }

    /// What was written shows before what was there; of a map and a plain value the newer one.
    fn shown(self) -> Shown<'a> {
        let plain = self.node.and_then(Node::greatest_plain);
        let newest = |stamp| self.node.and_then(Node::of_map) < Some(stamp);
        match plain {
            Some((stamp, value)) if newest(*stamp) => Shown::Plain(value),
            Some(_) => Shown::Map,
            None if self.node.is_some_and(Node::is_map) => Shown::Map,
            None => match self.initial {
                None => Shown::Nothing,
                Some(Value::Map(_)) => Shown::Map,
                Some(value) => Shown::Plain(value),
            },
        }
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

    /// The plain value there, a list among them; none of a map. O(writers).
    #[must_use]
    pub fn plain(self) -> Option<&'a Value> {
        match self.shown() {
            Shown::Plain(value) => Some(value),
            Shown::Map | Shown::Nothing => None,
        }
    }

    /// What stands under a key of a map. O(log width).
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        let child = self.is_map().then(|| self.child(key))?;
        child.is_there().then_some(child)
    }

    /// The entries of a map by key; of a plain value there are none. O(n).
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

    /// A list. O(writers).
    #[must_use]
    pub fn as_list(self) -> Option<&'a [Value]> {
        match self.plain()? {
            Value::List(items) => Some(items),
            _ => None,
        }
    }
}
