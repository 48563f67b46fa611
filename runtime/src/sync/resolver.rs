//! [`ConflictResolver`]: which of several values written concurrently a reader takes.
//!
//! It is a reader and no part of merging: what it makes enters the state only by an edit. So one that breaks its laws costs its
//! readers an agreement, and never the replicas theirs.

use std::fmt;
use std::sync::Arc;

use crate::value::Element;
use crate::{MvRegister, Stamp};

/// One of several values that were written concurrently.
#[derive(Clone, Debug, PartialEq)]
pub struct Write<V> {
    /// When and by whom it was written.
    pub stamp: Stamp,
    /// The value.
    pub value: V,
}

/// A law that a rule of one's own has to keep, so that everybody reads the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// The same question has the same answer.
    Pure,
    /// The order of two makes no difference.
    Commutative,
    /// Of three it makes no difference which two come first.
    Associative,
    /// A value combined with itself is that value.
    Idempotent,
}

/// A rule that broke a law, and how it showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken<V> {
    /// Which law.
    pub law: Law,
    /// What was combined.
    pub of: Vec<V>,
    /// The two outcomes, which should be one.
    pub gave: [V; 2],
}

/// What a reader gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved<V> {
    /// The value.
    pub value: V,
    /// From so many values.
    pub of: usize,
    /// Set where a rule of one's own broke a law; then the last write was taken.
    pub broken: Option<Broken<V>>,
}

type Combine<V> = Arc<dyn Fn(&Write<V>, &Write<V>) -> V + Send + Sync>;

/// A rule for reading a register that keeps concurrent writes.
///
/// A rule of one's own combines two values, and is folded over all of them in the order of their stamps. What it makes of two
/// counts as written when the later of them was. On what it meets, it is checked to be pure, commutative, associative and
/// idempotent; where it is not, the last write is read instead, and the reader is told. All replicas that hold the same
/// writes read the same, whatever the rule.
///
/// Cost: O(1) but for a rule of one's own, which is asked O(n³) times of n concurrent values, of 6 at most.
///
/// ```
/// use holo_runtime::sync::{ConflictResolver, Write};
/// use holo_runtime::{MvRegister, Replica, ReplicaId};
///
/// let mut alice = Replica::<MvRegister<i64>>::new(ReplicaId::random());
/// let mut bob = Replica::<MvRegister<i64>>::new(ReplicaId::random());
/// alice.edit(|best| best.set(70));
/// bob.edit(|best| best.set(50));
/// bob.apply(alice.changes_since(bob.version()))?;
///
/// let greatest = ConflictResolver::custom(|a: &Write<i64>, b| a.value.max(b.value));
/// assert_eq!(greatest.read(bob.state()).value, 70);
/// let difference = ConflictResolver::custom(|a: &Write<i64>, b| a.value - b.value);
/// assert!(difference.read(bob.state()).broken.is_some());
/// # Ok::<(), holo_runtime::Error>(())
/// ```
#[derive(Clone)]
pub struct ConflictResolver<V> {
    rule: Rule<V>,
}

#[derive(Clone)]
enum Rule<V> {
    Last,
    First,
    Custom(Combine<V>),
}

/// More values than so many are not combined in all ways to check a rule.
const CHECKED: usize = 6;

impl<V: Element> ConflictResolver<V> {
    /// The value with the greatest stamp.
    #[must_use]
    pub fn last_write_wins() -> Self {
        Self { rule: Rule::Last }
    }

    /// The value with the least stamp.
    #[must_use]
    pub fn first_write_wins() -> Self {
        Self { rule: Rule::First }
    }

    /// What this makes of all of them.
    #[must_use]
    pub fn custom(combine: impl Fn(&Write<V>, &Write<V>) -> V + Send + Sync + 'static) -> Self {
        let rule = Rule::Custom(Arc::new(combine));
        Self { rule }
    }

    /// Reads a register.
    #[must_use]
    pub fn read(&self, register: &MvRegister<V>) -> Resolved<V> {
        let stamps = register.stamps().into_iter();
        let values = register.values();
        let of = values.len();
        let writes = stamps.zip(values.iter().map(|value| (*value).clone()));
        let writes: Vec<Write<V>> = writes
            .map(|(stamp, value)| Write { stamp, value })
            .collect();
        let last = register.get().clone();
        let (value, broken) = match (&self.rule, writes.as_slice()) {
            (Rule::First, [first, ..]) => (first.value.clone(), None),
            (Rule::Custom(combine), [_, _, ..]) => match check(combine, &writes) {
                None => (fold(combine, &writes), None),
                broken => (last, broken),
            },
            _ => (last, None),
        };
        Resolved { value, of, broken }
    }
}

fn join<V: Element>(combine: &Combine<V>, a: &Write<V>, b: &Write<V>) -> Write<V> {
    Write {
        stamp: a.stamp.max(b.stamp),
        value: combine(a, b).canonical(),
    }
}

fn fold<V: Element>(combine: &Combine<V>, writes: &[Write<V>]) -> V {
    let mut all = writes.iter().cloned();
    let first = all.next();
    let folded = all.fold(first, |one, next| Some(join(combine, &one?, &next)));
    match folded {
        Some(write) => write.value,
        None => unreachable!("there are two writes at least"),
    }
}

/// The first law that a rule breaks on these values.
fn check<V: Element>(combine: &Combine<V>, writes: &[Write<V>]) -> Option<Broken<V>> {
    let writes = &writes[..writes.len().min(CHECKED)];
    let broken = |law, of: &[&Write<V>], gave: [Write<V>; 2]| {
        let [one, other] = gave.map(|write| write.value);
        (!one.same(&other)).then(|| Broken {
            law,
            of: of.iter().map(|write| write.value.clone()).collect(),
            gave: [one, other],
        })
    };
    for a in writes {
        let found = broken(Law::Idempotent, &[a], [join(combine, a, a), a.clone()]);
        if found.is_some() {
            return found;
        }
        for b in writes {
            let ab = join(combine, a, b);
            let again = broken(Law::Pure, &[a, b], [ab.clone(), join(combine, a, b)]);
            let turned = || broken(Law::Commutative, &[a, b], [ab.clone(), join(combine, b, a)]);
            let found = again.or_else(turned);
            if found.is_some() {
                return found;
            }
        }
    }
    for a in writes {
        for b in writes {
            let ab = join(combine, a, b);
            for c in writes {
                let left = join(combine, &ab, c);
                let right = join(combine, a, &join(combine, b, c));
                let found = broken(Law::Associative, &[a, b, c], [left, right]);
                if found.is_some() {
                    return found;
                }
            }
        }
    }
    None
}

impl<V> fmt::Debug for ConflictResolver<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.rule {
            Rule::Last => "ConflictResolver(last write wins)",
            Rule::First => "ConflictResolver(first write wins)",
            Rule::Custom(_) => "ConflictResolver(custom)",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;
    use crate::{Clock, Replica, ReplicaId};

    /// Registers with these values written concurrently, taken in in all rotations.
    fn registers(values: &[i64]) -> Vec<Replica<MvRegister<i64>>> {
        let id = |number: u64| ReplicaId::new(number).unwrap();
        let mut changes = Vec::new();
        for (value, number) in values.iter().zip(1..) {
            let mut author =
                Replica::<MvRegister<i64>>::with_clock(id(number), Clock::manual(number));
            author.edit(|register| register.set(*value));
            changes.push(author.flush().unwrap());
        }
        let reader = |turn: usize| {
            let mut reader = Replica::with_clock(id(99), Clock::manual(1_000));
            let mut changes = changes.clone();
            changes.rotate_left(turn);
            reader.apply(changes).unwrap();
            reader
        };
        (0..values.len()).map(reader).collect()
    }

    fn read(resolver: &ConflictResolver<i64>, values: &[i64]) -> Resolved<i64> {
        let mut all: Vec<_> = registers(values)
            .iter()
            .map(|it| resolver.read(it.state()))
            .collect();
        all.dedup();
        assert_eq!(all.len(), 1, "the order of arrival shows");
        all.remove(0)
    }

    #[test]
    fn everybody_reads_the_same_whatever_the_order_of_arrival() {
        let values = [5, 9, 2, 7];
        assert_eq!(read(&ConflictResolver::last_write_wins(), &values).value, 7);
        assert_eq!(
            read(&ConflictResolver::first_write_wins(), &values).value,
            5
        );
        let greatest = ConflictResolver::custom(|a: &Write<i64>, b| a.value.max(b.value));
        assert_eq!(
            read(&greatest, &values),
            Resolved {
                value: 9,
                of: 4,
                broken: None
            }
        );
        let latest = ConflictResolver::custom(|a: &Write<i64>, b| match b.stamp > a.stamp {
            true => b.value,
            false => a.value,
        });
        assert_eq!(read(&latest, &values).value, 7);
        assert_eq!(latest.read(&MvRegister::new(3)).value, 3);
    }

    #[test]
    fn a_rule_that_breaks_a_law_is_not_followed_and_the_two_states_are_told() {
        let calls = AtomicI64::new(0);
        let rules: [(Law, ConflictResolver<i64>); 4] = [
            (
                Law::Idempotent,
                ConflictResolver::custom(|a, b| a.value + b.value),
            ),
            (Law::Commutative, ConflictResolver::custom(|a, _| a.value)),
            (
                Law::Associative,
                ConflictResolver::custom(|a, b| (a.value + b.value) / 2),
            ),
            (
                Law::Pure,
                ConflictResolver::custom(move |a, b| match a.value == b.value {
                    true => a.value,
                    false => calls.fetch_add(1, Ordering::Relaxed),
                }),
            ),
        ];
        for (law, rule) in rules {
            let register = registers(&[4, 9, 40]).remove(0);
            let got = rule.read(register.state());
            let broken = got.broken.unwrap();
            assert_eq!((got.value, broken.law), (40, law));
            assert_ne!(broken.gave[0], broken.gave[1]);
            assert!(!broken.of.is_empty());
        }
    }
}
