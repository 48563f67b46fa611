//! [`Children`]: the places below a place, by key.
//!
//! A path of short keys makes a place of each, so the way to one value must not cost a whole tree at every step.

use std::collections::BTreeMap;

use super::node::Node;

/// Places by key, in the order of the keys. One alone, the usual case on the way to a value, takes one allocation.
#[derive(Clone, Debug, Default)]
pub(super) enum Children {
    /// No place.
    #[default]
    None,
    /// One.
    One(Box<(Box<str>, Node)>),
    /// Several, or fewer than there were.
    Many(BTreeMap<Box<str>, Box<Node>>),
}

impl Children {
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(_) => 1,
            Self::Many(all) => all.len(),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Self::None => None,
            Self::One(one) => (*one.0 == *key).then_some(&one.1),
            Self::Many(all) => all.get(key).map(|node| &**node),
        }
    }

    /// The place under a key, a vacant one if there was none.
    pub(super) fn entry(&mut self, key: &str) -> &mut Node {
        if let Self::One(one) = self
            && *one.0 != *key
        {
            let (first, node) = (one.0.clone(), std::mem::take(&mut one.1));
            *self = Self::Many(BTreeMap::from([(first, Box::new(node))]));
        }
        if self.is_empty() && !matches!(self, Self::One(_)) {
            *self = Self::One(Box::new((key.into(), Node::default())));
        }
        match self {
            Self::One(one) => &mut one.1,
            Self::Many(all) => all.entry(key.into()).or_default(),
            Self::None => unreachable!("an empty one has become one of one"),
        }
    }

    /// Takes away what `keep` does not hold for.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&str, &mut Node) -> bool) {
        match self {
            Self::None => {}
            Self::One(one) => {
                if !keep(&one.0, &mut one.1) {
                    *self = Self::None;
                }
            }
            Self::Many(all) => {
                all.retain(|key, node| keep(key, node));
                if all.is_empty() {
                    *self = Self::None;
                }
            }
        }
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Node> {
        match self {
            Self::One(one) if *one.0 == *key => {
                let node = std::mem::take(&mut one.1);
                *self = Self::None;
                Some(node)
            }
            Self::Many(all) => {
                let node = all.remove(key);
                if all.is_empty() {
                    *self = Self::None;
                }
                node.map(|node| *node)
            }
            _ => None,
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Node)> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(one) => (Some((&*one.0, &one.1)), None),
            Self::Many(all) => (None, Some(all)),
        };
        let many = many.into_iter().flatten();
        one.into_iter()
            .chain(many.map(|(key, node)| (&**key, &**node)))
    }
}
