//! Nodes, their scopes, and the templates they take over.
//!
//! Turns the tree into a flat list of nodes, each with its scope path and the templates behind it, and merges a node with
//! its templates into one [`Shape`]. It knows names; it never decides what synchronises.

mod shape;

pub use shape::{Decl, Shape, shape};

use std::collections::BTreeMap;

use holo_grammar::ast::{File, Item, Node};

/// How many templates may stand behind one another; what is beyond is taken for a loop.
const MAX_CHAIN: usize = 32;

/// A node and where it stands.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The node.
    pub node: &'a Node,
    /// The entry that holds it.
    pub parent: Option<usize>,
    /// The templates that it uses or spreads, by entry, in source order.
    pub bases: Vec<usize>,
}

/// Every node of a file, parents before children, in source order.
#[derive(Debug, Default)]
pub struct Scopes<'a> {
    /// The nodes.
    pub entries: Vec<Entry<'a>>,
    by_name: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Scopes<'a> {
    /// Collects the nodes of a file and finds their templates.
    #[must_use]
    pub fn new(file: &'a File) -> Self {
        let mut scopes = Self::default();
        scopes.collect(&file.items, None);
        for at in 0..scopes.entries.len() {
            let node = scopes.entries[at].node;
            let spreads = node.items.iter().filter_map(|item| match item {
                Item::Spread(name) => Some(name),
                _ => None,
            });
            let names = node.using.iter().chain(spreads);
            scopes.entries[at].bases = names
                .filter_map(|name| scopes.template(&name.text, at))
                .collect();
        }
        scopes
    }

    fn collect(&mut self, items: &'a [Item], parent: Option<usize>) {
        for item in items {
            if let Item::Node(node) = item {
                let at = self.entries.len();
                self.entries.push(Entry {
                    node,
                    parent,
                    bases: Vec::new(),
                });
                self.by_name.entry(&node.label().text).or_default().push(at);
                self.collect(&node.items, Some(at));
            }
        }
    }

    /// Whether there is a node of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The template of that name which `from` sees: in its own scope, then outwards, then anywhere in the file.
    fn template(&self, name: &str, from: usize) -> Option<usize> {
        let all: Vec<usize> = self
            .by_name
            .get(name)?
            .iter()
            .copied()
            .filter(|at| *at != from)
            .collect();
        let best = |candidates: &[usize]| {
            let template = candidates
                .iter()
                .find(|at| self.entries[**at].node.kind.text == "template");
            template.or(candidates.first()).copied()
        };
        let mut scope = self.entries[from].parent;
        loop {
            let here: Vec<usize> = all
                .iter()
                .copied()
                .filter(|at| self.entries[*at].parent == scope)
                .collect();
            match (best(&here), scope) {
                (Some(found), _) => return Some(found),
                (None, Some(outer)) => scope = self.entries[outer].parent,
                (None, None) => return best(&all),
            }
        }
    }

    /// The templates behind a node, the nearest last, without the node itself. A loop of templates ends where it closes.
    #[must_use]
    pub fn chain(&self, at: usize) -> Vec<usize> {
        let mut chain = Vec::new();
        self.chain_into(at, &mut chain, &mut vec![at]);
        chain
    }

    fn chain_into(&self, at: usize, chain: &mut Vec<usize>, open: &mut Vec<usize>) {
        for &base in &self.entries[at].bases {
            if open.len() < MAX_CHAIN && !open.contains(&base) && !chain.contains(&base) {
                open.push(base);
                self.chain_into(base, chain, open);
                open.pop();
                chain.push(base);
            }
        }
    }

    /// The names of the nodes around it and its own, outermost first.
    #[must_use]
    pub fn path(&self, at: usize) -> Vec<&'a str> {
        let mut path = vec![self.entries[at].node.label().text.as_str()];
        let mut scope = self.entries[at].parent;
        while let Some(outer) = scope {
            path.push(self.entries[outer].node.label().text.as_str());
            scope = self.entries[outer].parent;
        }
        path.reverse();
        path
    }
}
