//! R5: which structs hold one another in a circle.
//!
//! What belongs here: the structs of a program as a graph, looked at once. What never will: what is said about a circle.

use std::collections::BTreeMap;

use holo_grammar::ast::{Alias, Span};

use super::named::struct_fields;
use crate::resolve::aliases::Meaning;
use crate::resolve::{Program, Scopes};

/// The structs of a program by the circles that they are in.
#[derive(Debug)]
pub(super) struct Cycles {
    /// For each entry, and for aliases behind them, the number of its circle; one that is in none is alone under its number.
    circle: Vec<usize>,
    /// The entries of each Rust name.
    named: BTreeMap<String, Vec<usize>>,
}

impl Cycles {
    /// Looks at all structs.
    pub(super) fn of<'a>(
        program: &Program<'a>,
        scopes: &Scopes<'a>,
        names: &BTreeMap<usize, String>,
    ) -> Self {
        let mut graph = Graph {
            program,
            scopes,
            edges: vec![Vec::new(); scopes.entries.len()],
            numbers: BTreeMap::new(),
            open: Vec::new(),
        };
        graph.fill();
        let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, name) in names {
            named.entry(name.clone()).or_default().push(*at);
        }
        Self {
            circle: circles(&graph.edges),
            named,
        }
    }

    /// Whether a struct of that Rust name, which an entry holds, holds the entry in turn.
    pub(super) fn meet(&self, name: &str, at: usize) -> bool {
        let others = self.named.get(name).into_iter().flatten();
        others
            .into_iter()
            .any(|other| *other == at || self.circle.get(*other) == self.circle.get(at))
    }
}

/// Who names whom: structs by their entries, and behind them the aliases that they lead to.
struct Graph<'g, 'a> {
    program: &'g Program<'a>,
    scopes: &'g Scopes<'a>,
    edges: Vec<Vec<usize>>,
    /// The number of each alias, by where its name stands.
    numbers: BTreeMap<Span, usize>,
    /// Aliases that have not been looked at: the part that declares each, and its name.
    open: Vec<(usize, &'a Alias)>,
}

impl<'a> Graph<'_, 'a> {
    /// Looks at all structs, and at each alias once, however many structs name it.
    fn fill(&mut self) {
        for (at, entry) in self.scopes.entries.iter().enumerate() {
            if !entry.is_type() {
                continue;
            }
            for field in struct_fields(entry.node) {
                let of_type = field.ty.as_ref().map(|ty| ty.span);
                let of_value = || field.value.as_ref().map(|value| value.span);
                if let Some(span) = of_type.or_else(of_value) {
                    self.mentions(at, entry.part, span);
                }
            }
        }
        while let Some((part, alias)) = self.open.pop() {
            let Some(&at) = self.numbers.get(&alias.name.span) else {
                continue;
            };
            self.mentions(at, part, alias.ty.span);
        }
    }

    /// Adds what a type mentions.
    fn mentions(&mut self, from: usize, part: usize, written: Span) {
        let written = self.program.written(written);
        for word in written.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
            match self.scopes.meaning(part, word, &[]) {
                Some(Meaning::Entry(at)) => self.edges[from].push(at),
                Some(Meaning::Alias(home, alias)) => {
                    let at = self.number(home, alias);
                    self.edges[from].push(at);
                    // An enum or struct of the same name may stand behind it.
                    let behind = self.scopes.meaning(part, word, &[alias.name.span]);
                    if let Some(Meaning::Entry(at)) = behind {
                        self.edges[from].push(at);
                    }
                }
                None => {}
            }
        }
    }

    fn number(&mut self, home: usize, alias: &'a Alias) -> usize {
        *self.numbers.entry(alias.name.span).or_insert_with(|| {
            self.open.push((home, alias));
            self.edges.push(Vec::new());
            self.edges.len() - 1
        })
    }
}

/// A place that is being looked at: its number, the least number that it reaches, and the edge that is next.
struct Step {
    at: usize,
    next: usize,
}

/// Tarjan's strongly connected components, without recursion: the number of its component for each place.
fn circles(edges: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; edges.len()];
    let mut least = vec![UNSEEN; edges.len()];
    let mut circle = vec![UNSEEN; edges.len()];
    let mut waiting: Vec<usize> = Vec::new();
    let mut seen = 0;
    for start in 0..edges.len() {
        if order[start] != UNSEEN {
            continue;
        }
        let mut steps = vec![Step { at: start, next: 0 }];
        while let Some(Step { at, next }) = steps.last_mut() {
            let at = *at;
            if *next == 0 {
                (order[at], least[at]) = (seen, seen);
                seen += 1;
                waiting.push(at);
            }
            if let Some(&to) = edges[at].get(*next) {
                *next += 1;
                if order[to] == UNSEEN {
                    steps.push(Step { at: to, next: 0 });
                } else if circle[to] == UNSEEN {
                    least[at] = least[at].min(order[to]);
                }
                continue;
            }
            steps.pop();
            if let Some(Step { at: above, .. }) = steps.last() {
                least[*above] = least[*above].min(least[at]);
            }
            if least[at] == order[at] {
                while let Some(one) = waiting.pop() {
                    circle[one] = at;
                    if one == at {
                        break;
                    }
                }
            }
        }
    }
    circle
}

#[cfg(test)]
mod tests {
    use super::circles;

    #[test]
    fn circles_are_told_from_ways() {
        let edges = [vec![1], vec![2, 3], vec![0], vec![4], vec![], vec![5, 4]];
        let found = circles(&edges);
        assert_eq!(found[0], found[1]);
        assert_eq!(found[0], found[2]);
        let rest = [found[0], found[3], found[4], found[5]];
        let distinct: std::collections::BTreeSet<_> = rest.iter().collect();
        assert_eq!(distinct.len(), rest.len(), "{found:?}");
    }

    #[test]
    fn a_long_way_needs_no_stack() {
        let edges: Vec<_> = (0..1_000_000_usize)
            .map(|at| vec![(at + 1) % 1_000_000])
            .collect();
        assert!(circles(&edges).iter().all(|one| *one == 0));
    }
}
