//! R5: which structs hold one another in a circle.
//!
//! What belongs here: the structs of a program as a graph, looked at once. What never will: what is said about a circle.

use std::collections::BTreeMap;

use super::named::struct_fields;
use crate::resolve::aliases::Meaning;
use crate::resolve::{Program, Scopes};

/// The structs of a program by the circles that they are in.
#[derive(Debug)]
pub(super) struct Cycles {
    /// For each entry the number of its circle; one that is in none is alone under its number.
    circle: Vec<usize>,
    /// The entries of each Rust name.
    named: BTreeMap<String, Vec<usize>>,
}

impl Cycles {
    /// Looks at all structs.
    pub(super) fn of(
        program: &Program<'_>,
        scopes: &Scopes<'_>,
        names: &BTreeMap<usize, String>,
    ) -> Self {
        let edges: Vec<Vec<usize>> = (0..scopes.entries.len())
            .map(|at| parts(program, scopes, at))
            .collect();
        let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, name) in names {
            named.entry(name.clone()).or_default().push(*at);
        }
        Self {
            circle: circles(&edges),
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

/// The structs that the fields of one name, whatever is made of them.
fn parts(program: &Program<'_>, scopes: &Scopes<'_>, at: usize) -> Vec<usize> {
    let entry = &scopes.entries[at];
    if !entry.is_type() {
        return Vec::new();
    }
    let mut parts = Vec::new();
    for field in struct_fields(entry.node) {
        let of_type = field.ty.as_ref().map(|ty| ty.span);
        let of_value = || field.value.as_ref().map(|value| value.span);
        let Some(span) = of_type.or_else(of_value) else {
            continue;
        };
        parts.extend(mentioned(
            program,
            scopes,
            entry.part,
            program.written(span),
        ));
    }
    parts
}

/// The structs and enums that a type mentions, those behind its aliases too.
fn mentioned(program: &Program<'_>, scopes: &Scopes<'_>, part: usize, written: &str) -> Vec<usize> {
    let (mut found, mut seen) = (Vec::new(), Vec::new());
    let mut texts = vec![(part, written.to_owned())];
    while let Some((part, text)) = texts.pop() {
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
            match scopes.meaning(program, part, word, &seen) {
                Some(Meaning::Entry(at)) => found.push(at),
                Some(Meaning::Alias(home, alias)) => {
                    seen.push(alias.name.span);
                    texts.push((home, program.written(alias.ty.span).to_owned()));
                    // An enum or struct of the same name may stand behind it.
                    let behind = scopes.meaning(program, part, word, &seen);
                    if let Some(Meaning::Entry(at)) = behind {
                        found.push(at);
                    }
                }
                None => {}
            }
        }
    }
    found
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
