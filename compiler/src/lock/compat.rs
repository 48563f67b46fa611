//! What lies between two locks: which changes are safe, which break something, and which must never be made.
//!
//! Pure: two locks in, differences out. Where the locks come from is the command's business.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Lock, Locked};

/// How bad a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Programs and data of both sides go on together.
    Safe,
    /// Data or code of the old side is left behind; all that is read is read rightly.
    Breaking,
    /// Data would be taken for something that it is not.
    Forbidden,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Breaking => "breaking",
            Self::Forbidden => "forbidden",
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How bad it is.
    pub verdict: Verdict,
    /// The source.
    pub module: String,
    /// The orb, by its scope path.
    pub orb: String,
    /// The field and its number, unless the change is of the orb itself.
    pub field: Option<(String, u32)>,
    /// What changed, in a sentence without a full stop.
    pub what: String,
    /// Why that is safe or not, and what to do.
    pub why: String,
}

/// An orb by its source and its scope path.
pub type Name = (String, String);

/// All that changed from one lock to the other, by source and orb. `declared` are the orbs that the new sources declare, where that
/// is known: a lock forgets nothing, so it cannot tell by itself that an orb is gone.
#[must_use]
pub fn compare(old: &Lock, new: &Lock, declared: Option<&BTreeSet<Name>>) -> Vec<Difference> {
    let mut found = Vec::new();
    let names: BTreeSet<&Name> = old.orbs.keys().chain(new.orbs.keys()).collect();
    for name in names {
        let gone = declared.is_some_and(|declared| !declared.contains(name));
        match (old.orbs.get(name), new.orbs.get(name)) {
            (None, Some(_)) if !gone => found.push(whole(
                name,
                Verdict::Safe,
                "a new orb",
                "peers that do not know it never meet it",
            )),
            (Some(before), None) if !before.fields.is_empty() => found.push(whole(
                name,
                Verdict::Forbidden,
                "its numbers are gone from the lock",
                "if the orb comes back its fields get numbers that already mean something else; restore its entry",
            )),
            (Some(before), Some(_)) if gone && before.fields.iter().any(|entry| !entry.retired) => {
                found.push(removed(name, before, new, old));
            }
            (Some(before), Some(after)) => fields(name, before, after, &mut found),
            _ => {}
        }
    }
    found
}

fn whole(name: &Name, verdict: Verdict, what: &str, why: &str) -> Difference {
    Difference {
        verdict,
        module: name.0.clone(),
        orb: name.1.clone(),
        field: None,
        what: what.to_owned(),
        why: why.to_owned(),
    }
}

/// An orb that is declared no more; a new one of the same fields is probably it under another name.
fn removed(name: &Name, before: &Locked, new: &Lock, old: &Lock) -> Difference {
    let shape = |locked: &Locked| -> Vec<(String, String)> {
        let active = locked.fields.iter().filter(|entry| !entry.retired);
        active
            .map(|entry| (entry.wire.clone(), entry.ty.clone()))
            .collect()
    };
    let wanted = shape(before);
    let heir = new
        .orbs
        .iter()
        .find(|(other, locked)| !old.orbs.contains_key(*other) && shape(locked) == wanted);
    match heir {
        Some((heir, _)) => whole(
            name,
            Verdict::Breaking,
            &format!(
                "it is declared no more, and `{}` in `{}` is new with the same fields",
                heir.1, heir.0
            ),
            "an orb is known by its source and its name, so under another one its data is no longer read; keep both to keep it",
        ),
        None => whole(
            name,
            Verdict::Breaking,
            "it is declared no more",
            "code that uses it no longer compiles; its numbers stay in the lock in case it comes back",
        ),
    }
}

fn fields(name: &Name, before: &Locked, after: &Locked, found: &mut Vec<Difference>) {
    let by_id = |locked: &'_ Locked| -> BTreeMap<u32, Entry> {
        locked
            .fields
            .iter()
            .map(|entry| (entry.id, entry.clone()))
            .collect()
    };
    let (was, is) = (by_id(before), by_id(after));
    let ids: BTreeSet<u32> = was.keys().chain(is.keys()).copied().collect();
    for id in ids {
        let change = match (was.get(&id), is.get(&id)) {
            (None, Some(entry)) => added(before, entry),
            (Some(entry), None) => forgotten(after, entry),
            (Some(old), Some(new)) => changed(old, new, after),
            (None, None) => None,
        };
        let entry = is.get(&id).or(was.get(&id));
        if let (Some((verdict, what, why)), Some(entry)) = (change, entry) {
            found.push(Difference {
                verdict,
                module: name.0.clone(),
                orb: name.1.clone(),
                field: Some((entry.wire.clone(), id)),
                what,
                why: why.to_owned(),
            });
        }
    }
    if after.next < before.next {
        found.push(whole(
            name,
            Verdict::Forbidden,
            &format!(
                "the next number went back from {} to {}",
                before.next, after.next
            ),
            "numbers that were given before would be given again; restore `next`",
        ));
    }
}

type Change = (Verdict, String, &'static str);

fn added(before: &Locked, entry: &Entry) -> Option<Change> {
    if entry.id < before.next {
        let what = format!(
            "number {} was given before, and means another field now",
            entry.id
        );
        let why = "data of what it meant before would be taken for it; take the next number";
        return Some((Verdict::Forbidden, what, why));
    }
    let same_name = before
        .fields
        .iter()
        .find(|old| !old.retired && old.wire == entry.wire);
    let Some(old) = same_name.filter(|_| !entry.retired) else {
        return Some((
            Verdict::Safe,
            "a new field".to_owned(),
            "peers that do not know it keep it and pass it on",
        ));
    };
    let what = if old.ty == entry.ty {
        format!(
            "it started at {} and now starts at {}, under a number of its own",
            old.initial, entry.initial
        )
    } else {
        format!(
            "it was {} and is now {}, under a number of its own",
            old.ty, entry.ty
        )
    };
    let why =
        "what was written under the old number is no longer read; undo the change to read it again";
    Some((Verdict::Breaking, what, why))
}

fn forgotten(after: &Locked, entry: &Entry) -> Option<Change> {
    Some(if entry.id < after.next {
        (
            Verdict::Breaking,
            format!("number {} is gone from the lock", entry.id),
            "its data can never be read again, not even if the field comes back; restore its entry",
        )
    } else {
        (
            Verdict::Forbidden,
            format!(
                "number {} is gone from the lock, and will be given again",
                entry.id
            ),
            "the next new field would be given its data; restore its entry and `next`",
        )
    })
}

fn changed(old: &Entry, new: &Entry, after: &Locked) -> Option<Change> {
    if old.ty != new.ty {
        let what = format!(
            "it was {} and is now {}, under the same number",
            old.ty, new.ty
        );
        return Some((
            Verdict::Forbidden,
            what,
            "peers would take each other's data for something else; give it the next number",
        ));
    }
    if old.initial != new.initial {
        let what = format!(
            "it started at {} and now starts at {}, under the same number",
            old.initial, new.initial
        );
        let why = "what nobody wrote is never sent, so peers would start from different values; give it the next number";
        return Some((Verdict::Forbidden, what, why));
    }
    let successor = || {
        after
            .fields
            .iter()
            .any(|one| !one.retired && one.wire == new.wire)
    };
    match (old.retired, new.retired) {
        _ if old.wire != new.wire => Some((
            Verdict::Breaking,
            format!("it was named `{}`", old.wire),
            "its data is kept, and code that uses the old name no longer compiles",
        )),
        // What took its place says so.
        (false, true) if successor() => None,
        (false, true) => Some((
            Verdict::Breaking,
            "it is declared no more".to_owned(),
            "its data is kept and passed on, and code that uses it no longer compiles",
        )),
        (true, false) => Some((
            Verdict::Safe,
            "it is declared again".to_owned(),
            "what was written to it before is read again",
        )),
        _ => None,
    }
}
