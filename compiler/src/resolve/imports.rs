//! What a source takes from others, by the names that it has for it.
//!
//! Names and sources only; what stands under a name is for the scopes to find.

use std::collections::{BTreeMap, BTreeSet};

use holo_grammar::ast::Name;

use super::program::Part;

/// An import that leads to a source: its place among the others, the source, and whether it only hands on what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    order: usize,
    target: usize,
    exported: bool,
}

/// What one source imports, so that a name is found without reading all imports.
#[derive(Debug, Default)]
pub(super) struct Imports<'a> {
    /// By the name here: the ways, each with the name there.
    named: BTreeMap<&'a str, Vec<(Way, &'a str)>>,
    /// By the word that stands before the names: `lib` of `lib.Mug`.
    aliased: BTreeMap<&'a str, Vec<Way>>,
    /// Those that take everything as it is called there.
    all: Vec<Way>,
    /// What would come from where nothing was found: names, and the words that stand before them.
    lost: BTreeSet<&'a str>,
    /// Whether anything might come from there.
    all_lost: bool,
}

impl<'a> Imports<'a> {
    /// Reads the imports of a source. Of two that do the same, the first counts.
    pub(super) fn of(part: &Part<'a>) -> Self {
        let mut imports = Self::default();
        let mut seen: BTreeSet<(usize, bool, &str, &str)> = BTreeSet::new();
        for (order, (import, target)) in part.imports().enumerate() {
            let Some(target) = target else {
                let local =
                    |(there, here): &'a (Name, Option<Name>)| here.as_ref().unwrap_or(there);
                let names = import.names.iter().map(local).chain(&import.alias);
                imports.lost.extend(names.map(|name| name.text.as_str()));
                imports.all_lost |= import.names.is_empty() && import.alias.is_none();
                continue;
            };
            let exported = import.exported;
            let way = Way {
                order,
                target,
                exported,
            };
            for (there, here) in &import.names {
                let local = here.as_ref().unwrap_or(there).text.as_str();
                if seen.insert((target, exported, local, &there.text)) {
                    let ways = imports.named.entry(local).or_default();
                    ways.push((way, there.text.as_str()));
                }
            }
            let word = import.alias.as_ref().map(|alias| alias.text.as_str());
            let everything = word.is_none() && import.names.is_empty();
            if let Some(word) = word.filter(|word| seen.insert((target, exported, word, "."))) {
                imports.aliased.entry(word).or_default().push(way);
            } else if everything && seen.insert((target, exported, "", "*")) {
                imports.all.push(way);
            }
        }
        imports
    }

    /// Whether a name may come from where nothing was found.
    pub(super) fn lost(&self, name: &str) -> bool {
        let mut heads = name.match_indices('.').map(|(dot, _)| &name[..dot]);
        self.all_lost || self.lost.contains(name) || heads.any(|head| self.lost.contains(head))
    }

    /// Where a name may come from, in the order of the imports: the source, and what it is called there. What is only handed
    /// on is left out for the source itself.
    pub(super) fn ways(&self, name: &str, itself: bool) -> Vec<(usize, String)> {
        let named = self.named.get(name).into_iter().flatten();
        let mut found: Vec<(Way, &str)> = named.map(|(way, there)| (*way, *there)).collect();
        for (dot, _) in name.match_indices('.') {
            let ways = self.aliased.get(&name[..dot]).into_iter().flatten();
            found.extend(ways.map(|way| (*way, &name[dot + 1..])));
        }
        found.extend(self.all.iter().map(|way| (*way, name)));
        // Of one import, the name that it spells out comes first.
        found.sort_by_key(|(way, _)| way.order);
        found.dedup_by_key(|(way, _)| way.order);
        let used = found.iter().filter(|(way, _)| !(itself && way.exported));
        used.map(|(way, there)| (way.target, (*there).to_owned()))
            .collect()
    }
}
