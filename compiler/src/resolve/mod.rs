//! Nodes, their scopes, and the templates and types that they name, in their own source or in one that it imports.
//!
//! Turns trees into a flat list of nodes, each with its scope path and the templates behind it, and merges a node with
//! its templates into one [`Shape`]. It knows names; it never decides what synchronises.

pub mod aliases;
mod imports;
pub mod links;
pub mod program;
mod shape;
mod shift;

use imports::Imports;
pub use program::{Part, Program};
pub use shape::{Decl, Shape, governed, is_code_block, shape};

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use holo_grammar::ast::{Alias, Item, Node, Span};

/// How many templates may stand behind one another; what is beyond is taken for a loop.
const MAX_CHAIN: usize = 32;

/// How many sources a name may be passed on through.
const MAX_HOPS: usize = 32;

/// The kind of a node that others are made of.
const TEMPLATE: &str = "template";

/// Kinds of nodes that are types of values and no objects.
const TYPES: [&str; 4] = ["struct", "enum", "interface", "type"];

/// A node and where it stands.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The node.
    pub node: &'a Node,
    /// The part of the program that it stands in.
    pub part: usize,
    /// The entry that holds it.
    pub parent: Option<usize>,
    /// The templates that it uses or spreads, by entry, in source order.
    pub bases: Vec<usize>,
}

impl Entry<'_> {
    /// Whether it declares a type of values.
    #[must_use]
    pub fn is_type(&self) -> bool {
        TYPES.contains(&self.node.kind.text.as_str())
    }

    /// Whether it is there for others to be made of.
    #[must_use]
    pub fn is_template(&self) -> bool {
        self.node.kind.text == TEMPLATE
    }
}

/// Every node of a program, parents before children, in source order.
#[derive(Debug, Default)]
pub struct Scopes<'a> {
    /// The nodes.
    pub entries: Vec<Entry<'a>>,
    /// The first type of each name in a part.
    types: BTreeMap<(usize, &'a str), usize>,
    /// What objects may be made of, by the scope that it stands in: templates first.
    by_scope: BTreeMap<(usize, Option<usize>, &'a str), Vec<usize>>,
    /// The same, wherever in the part it stands.
    anywhere: BTreeMap<(usize, &'a str), Vec<usize>>,
    /// What each part imports.
    imports: Vec<Imports<'a>>,
    /// Names for types; of two alike in one part, the first.
    aliases: BTreeMap<(usize, &'a str), &'a Alias>,
    /// What is known of circles of aliases, by where the name of the first stands.
    circles: RefCell<BTreeMap<Span, Option<Vec<&'a Alias>>>>,
}

impl<'a> Scopes<'a> {
    /// Collects the nodes of a program and finds their templates.
    #[must_use]
    pub fn new(program: &Program<'a>) -> Self {
        let mut scopes = Self {
            imports: program.parts.iter().map(Imports::of).collect(),
            ..Self::default()
        };
        for (part, one) in program.parts.iter().enumerate() {
            scopes.collect(&one.tree.items, part, None);
        }
        scopes.index();
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

    fn collect(&mut self, items: &'a [Item], part: usize, parent: Option<usize>) {
        for item in items {
            if let Item::Alias(alias) = item {
                let name = (part, alias.name.text.as_str());
                self.aliases.entry(name).or_insert(alias);
            } else if let Item::Node(node) = item {
                let at = self.entries.len();
                self.entries.push(Entry {
                    node,
                    part,
                    parent,
                    bases: Vec::new(),
                });
                self.collect(&node.items, part, Some(at));
            }
        }
    }

    /// Finds types, and what objects may be made of, templates before all else.
    fn index(&mut self) {
        for (at, entry) in self.entries.iter().enumerate() {
            if entry.is_type() {
                let name = (entry.part, entry.node.label().text.as_str());
                self.types.entry(name).or_insert(at);
            }
        }
        for wanted in [true, false] {
            for (at, entry) in self.entries.iter().enumerate() {
                if entry.is_type() || entry.is_template() != wanted {
                    continue;
                }
                let Entry { part, parent, .. } = *entry;
                let name = entry.node.label().text.as_str();
                let scoped = self.by_scope.entry((part, parent, name));
                scoped.or_default().push(at);
                self.anywhere.entry((part, name)).or_default().push(at);
            }
        }
    }

    /// The nodes of one part.
    pub fn of_part(&self, part: usize) -> impl Iterator<Item = usize> + '_ {
        let first = self.entries.partition_point(|entry| entry.part < part);
        let end = self.entries.partition_point(|entry| entry.part <= part);
        first..end
    }

    /// Whether a part has a node of that name, or imports one.
    #[must_use]
    pub fn knows(&self, part: usize, name: &str) -> bool {
        let known = |at: usize, name: &str| {
            let name = (at, name);
            (self.types.contains_key(&name) || self.anywhere.contains_key(&name)).then_some(())
        };
        self.seek(part, name, &known).is_some()
    }

    /// Whether a name may come from an import that leads nowhere.
    #[must_use]
    pub fn is_lost(&self, part: usize, name: &str) -> bool {
        self.imports[part].lost(name)
    }

    /// The template of that name which `from` sees: in its own scope, then outwards, then anywhere in the source, then
    /// among what the source imports.
    pub fn template(&self, name: &str, from: usize) -> Option<usize> {
        let Entry { part, parent, .. } = self.entries[from];
        self.seen(name, (part, parent), Some(from))
    }

    /// The template of a name as it is seen from a scope of a part, but for one node that is not meant.
    fn seen(
        &self,
        name: &str,
        (part, mut scope): (usize, Option<usize>),
        but: Option<usize>,
    ) -> Option<usize> {
        let best = |all: Option<&Vec<usize>>| all?.iter().copied().find(|at| Some(*at) != but);
        loop {
            let here = best(self.by_scope.get(&(part, scope, name)));
            match (here, scope) {
                (Some(found), _) => return Some(found),
                (None, Some(outer)) => scope = self.entries[outer].parent,
                (None, None) => break,
            }
        }
        best(self.anywhere.get(&(part, name)))
            .or_else(|| self.seek(part, name, &|at, name| best(self.anywhere.get(&(at, name)))))
    }

    /// The template of that name which code in a node of a part sees: in that node, then as [`Scopes::template`] says.
    #[must_use]
    pub fn template_in(&self, name: &str, scope: (usize, Option<usize>)) -> Option<usize> {
        self.seen(name, scope, None)
    }

    /// The innermost node around a place.
    #[must_use]
    pub fn around(&self, span: Span) -> Option<usize> {
        let entries = &self.entries;
        let after = entries.partition_point(|entry| entry.node.span.start <= span.start);
        let mut at = after.checked_sub(1);
        while let Some(here) = at.filter(|here| entries[*here].node.span.end < span.end) {
            at = entries[here].parent;
        }
        at
    }

    /// Looks for a name in a part and then in what it imports: what is taken from the first that has it.
    fn seek<T>(
        &self,
        part: usize,
        name: &str,
        take: &dyn Fn(usize, &str) -> Option<T>,
    ) -> Option<T> {
        // The sources to look in, with the name that is wanted from each; what one imports, it passes on.
        let mut open = vec![(part, name.to_owned())];
        let mut seen = 0;
        while let Some((at, name)) = open.get(seen).cloned() {
            seen += 1;
            if let Some(found) = take(at, &name) {
                return Some(found);
            }
            // What a source only hands on, it does not use itself.
            for (target, there) in self.imports[at].ways(&name, seen == 1) {
                if open.len() >= MAX_HOPS {
                    break;
                }
                let way = (target, there);
                if !open.contains(&way) {
                    open.push(way);
                }
            }
        }
        None
    }

    /// The templates behind a node, the nearest last, without the node itself. A loop of templates ends where it closes.
    #[must_use]
    pub fn chain(&self, at: usize) -> Vec<usize> {
        let mut chain = Vec::new();
        self.chain_into(at, &mut chain, &mut BTreeSet::from([at]), 1);
        chain
    }

    /// `met` are those in the chain and those on the way to it.
    fn chain_into(
        &self,
        at: usize,
        chain: &mut Vec<usize>,
        met: &mut BTreeSet<usize>,
        depth: usize,
    ) {
        for &base in &self.entries[at].bases {
            if depth < MAX_CHAIN && met.insert(base) {
                self.chain_into(base, chain, met, depth + 1);
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
