//! The sync family: the traits that holoc owns, and how to tell a misspelt one from a trait of somebody else's.
//!
//! Pure tables and questions about names. What a trait does to a node is decided in [`crate::infer`].

use holo_grammar::ast::TraitUse;
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix};

use crate::codes;

/// Traits that make a node an orb.
const MAKERS: [&str; 5] = ["networked", "synced", "replicated", "sync", "crdt"];

/// Traits that say more about an orb and make none.
const MODIFIERS: [&str; 7] = [
    "owned",
    "ownership",
    "persistent",
    "host_only",
    "local_only",
    "owner_only",
    "sync_tier",
];

/// Traits that are read and kept.
const KEPT: [&str; 11] = [
    "shared_world",
    "crdt_room",
    "versioned_state",
    "remote_presence",
    "networked_avatar",
    "world_state",
    "offline_sync",
    "session",
    "lobby",
    "presence",
    "rollback",
];

/// Names in use elsewhere that are near an owned one: no typos. Sorted.
const OTHERS: [&str; 16] = [
    "async",
    "cat",
    "crab",
    "crate",
    "credit",
    "cron",
    "crow",
    "cryo",
    "fallback",
    "lesson",
    "passion",
    "rat",
    "season",
    "sun",
    "version",
    "world_scale",
];

/// Whether the trait makes its node an orb.
#[must_use]
pub fn makes_orb(name: &str) -> bool {
    MAKERS.contains(&name)
}

/// Whether the trait says something about an orb without making one.
#[must_use]
pub fn modifies_orb(name: &str) -> bool {
    MODIFIERS.contains(&name)
}

/// Whether the trait belongs to the sync family, kept ones aside.
#[must_use]
pub fn owned(name: &str) -> bool {
    makes_orb(name) || modifies_orb(name)
}

/// Whether the name is known to belong to somebody else.
#[must_use]
pub fn known_elsewhere(name: &str) -> bool {
    OTHERS.binary_search(&name).is_ok()
}

/// The owned trait that `name` was probably meant to be, if it is none itself.
#[must_use]
pub fn misspelt(name: &str) -> Option<&'static str> {
    let known = || MAKERS.iter().chain(&MODIFIERS).chain(&KEPT).copied();
    if known().any(|k| k == name) || known_elsewhere(name) {
        return None;
    }
    let lower = name.to_lowercase();
    if let Some(same) =
        known().find(|k| *k == lower || k.replace('_', "") == lower.replace(['_', '-'], ""))
    {
        return Some(same);
    }
    let close = known().filter_map(|k| {
        // The kept names are common words, so only a slip of one letter counts as meaning them.
        let allowed = if KEPT.contains(&k) { 1 } else { tolerance(k) };
        Some(distance(&lower, k))
            .filter(|d| *d <= allowed)
            .map(|d| (d, k))
    });
    close.min().map(|(_, k)| k)
}

/// The report on a trait that is spelt almost like an owned one.
#[must_use]
pub fn typo(used: &TraitUse, meant: &str) -> Diagnostic {
    let written = &used.name.text;
    let fix = Fix {
        message: format!("write `@{meant}`"),
        span: used.name.span,
        replacement: meant.to_owned(),
        applicability: Applicability::Unsafe,
    };
    Diagnostic::error(
        &codes::TRAIT_TYPO,
        format!("there is no trait `@{written}`"),
        used.name.span,
    )
    .label(format!("did you mean `@{meant}`?"))
    .help(format!(
        "write `@{meant}`; if another tool defines `@{written}`, give it a name less like ours"
    ))
    .fix(fix)
}

/// How many slips in a name still mean that name.
#[must_use]
pub fn tolerance(name: &str) -> usize {
    (name.chars().count() / 3).clamp(1, 2)
}

/// The number of letters to add, drop, change or swap with their neighbour to get from one name to the other.
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // Names this different are never near, and a hostile name must not cost quadratic time.
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (above[j] + usize::from(x != y))
                .min(above[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_are_told_from_other_names() {
        for (written, meant) in [
            ("netwroked", Some("networked")),
            ("networkd", Some("networked")),
            ("Networked", Some("networked")),
            ("snyc", Some("sync")),
            ("hostonly", Some("host_only")),
            ("presense", Some("presence")),
            ("crate", None),
            ("version", None),
            ("grabbable", None),
            ("networked", None),
        ] {
            assert_eq!(misspelt(written), meant, "{written}");
        }
        assert!(OTHERS.is_sorted());
    }
}
