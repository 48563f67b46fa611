//! R7: what belongs to which composition: objects, and collections of what is spawned.
//!
//! Looks at nodes and at code once each. What becomes of the members is decided around this, in `worlds`.

use std::collections::{BTreeMap, BTreeSet};

use holo_grammar::ast::Span;

use super::COMPOSITION;
use crate::infer::orbs::Role;
use crate::infer::{Shared, usage};
use crate::resolve::Scopes;

/// Something that a composition holds, by entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::infer) enum Member {
    /// An object, or a composition within it.
    Object(usize),
    /// What is spawned from a template, with where that is written.
    Spawned(usize, Option<Span>),
}

/// What each composition of a program holds; those that hold nothing are left out.
pub(in crate::infer) fn members(
    shared: &Shared<'_>,
    roles: &[Role],
) -> BTreeMap<usize, Vec<Member>> {
    let scopes = &shared.scopes;
    let homes = homes(scopes);
    let mut all: BTreeMap<usize, Vec<Member>> = BTreeMap::new();
    // Collected from the last to the first, and turned round in the end.
    for (at, held) in collections(shared, roles, &homes) {
        let held = held.into_iter().rev();
        let held = held.map(|(template, span)| Member::Spawned(template, span));
        all.insert(at, held.collect());
    }
    // What stands in a composition comes behind it, so of an inner one all is known when its turn comes.
    for at in (0..homes.len()).rev() {
        let object = roles[at] != Role::Plain && !scopes.entries[at].is_template();
        if let Some(home) = homes[at].filter(|_| object || all.contains_key(&at)) {
            all.entry(home).or_default().push(Member::Object(at));
        }
    }
    all.values_mut().for_each(|held| held.reverse());
    all
}

fn is_composition(scopes: &Scopes<'_>, at: usize) -> bool {
    scopes.entries[at].node.kind.text == COMPOSITION
}

/// The innermost composition around each node.
fn homes(scopes: &Scopes<'_>) -> Vec<Option<usize>> {
    let mut homes: Vec<Option<usize>> = Vec::with_capacity(scopes.entries.len());
    for entry in &scopes.entries {
        // Parents come first.
        let home = |parent| match is_composition(scopes, parent) {
            true => Some(parent),
            false => homes[parent],
        };
        homes.push(entry.parent.and_then(home));
    }
    homes
}

/// The templates of which compositions keep collections, each with the first place where code spawns it, if there is one.
type Collections = BTreeMap<usize, BTreeMap<usize, Option<Span>>>;

/// A template belongs to the compositions that spawn it. One that is there for nothing else belongs where it stands, or to the
/// only composition of its file. Other files have no say in this: what a file is does not change with who imports it.
fn collections(shared: &Shared<'_>, roles: &[Role], homes: &[Option<usize>]) -> Collections {
    let scopes = &shared.scopes;
    let synced = |at: usize| scopes.entries[at].is_template() && roles[at] == Role::Type;
    let mut found = Collections::new();
    for part in 0..shared.program.parts.len() {
        let mut compositions = scopes
            .of_part(part)
            .filter(|at| is_composition(scopes, *at));
        let Some(first) = compositions.next() else {
            continue;
        };
        let only = compositions.next().is_none().then_some(first);
        let mut needed: BTreeSet<usize> = BTreeSet::new();
        for (at, template, span) in spawned(shared, part) {
            let own = at.filter(|at| is_composition(scopes, *at));
            let own = own.or_else(|| homes[at?]);
            if let Some(home) = own.or(only).filter(|_| synced(template)) {
                let first = found.entry(home).or_default().entry(template);
                first.or_insert(Some(span));
                needed.insert(template);
            }
        }
        needed.extend(
            scopes
                .of_part(part)
                .flat_map(|at| &scopes.entries[at].bases),
        );
        for template in scopes.of_part(part).filter(|at| synced(*at)) {
            if let Some(home) = homes[template]
                .or(only)
                .filter(|_| !needed.contains(&template))
            {
                found.entry(home).or_default().insert(template, None);
            }
        }
    }
    found
}

/// What the code of a part spawns: the node in which it is written, if it is one, the template, and the place.
fn spawned(shared: &Shared<'_>, part: usize) -> Vec<(Option<usize>, usize, Span)> {
    let (program, scopes) = (shared.program, &shared.scopes);
    let mut found = Vec::new();
    for body in usage::bodies(&program.parts[part].tree.items) {
        let at = scopes.around(body);
        for (name, span) in usage::spawned(program.written(body), body.start) {
            if let Some(template) = scopes.template_in(name, (part, at)) {
                found.push((at, template, span));
            }
        }
    }
    found
}
