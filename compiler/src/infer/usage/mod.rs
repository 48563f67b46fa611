//! R6: what code does with fields. A light scan of code that is otherwise kept as raw text.
//!
//! Answers questions about names; what follows from the answers is decided by the rules. No types, no CRDTs.

mod code;
mod spawns;
mod tokens;
mod writes;

pub(super) use code::bodies;
pub(super) use spawns::spawned;
pub(super) use writes::{indexed, writes};

use std::collections::{BTreeMap, BTreeSet};

use holo_grammar::ast::Span;
use writes::{Act, Write};

/// What the code of one source does with each name.
#[derive(Debug, Default)]
pub(super) struct Usage<'a> {
    by_name: BTreeMap<&'a str, Written>,
}

/// What is done to one name, wherever that is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    /// The first write.
    pub(super) first: Span,
    /// Whether all that is done is counting by whole numbers.
    pub(super) counts: bool,
    /// The first write that counts up or down.
    pub(super) count: Option<Span>,
    /// The first write that goes by place or order.
    pub(super) place: Option<Span>,
}

impl<'a> Usage<'a> {
    /// Scans bodies, each with where it stands, knowing which names are whole numbers.
    pub(super) fn of(
        bodies: impl IntoIterator<Item = (&'a str, u32)>,
        whole: impl Fn(&str) -> bool,
    ) -> Self {
        let mut usage = Self::default();
        for (body, base) in bodies {
            for write in writes(body, base) {
                if let Some(name) = write.target() {
                    let written = usage.by_name.entry(name).or_insert(Written {
                        first: write.span,
                        counts: true,
                        count: None,
                        place: None,
                    });
                    written.add(&write, &whole);
                }
            }
        }
        usage
    }

    /// What is done to something of that name, whoever holds it.
    pub(super) fn of_name(&self, name: &str) -> Option<&Written> {
        self.by_name.get(name)
    }
}

impl Written {
    fn add(&mut self, write: &Write<'_>, whole: &impl Fn(&str) -> bool) {
        self.counts &= match write.act {
            Act::Count(by) => by.is_none_or(whole),
            _ => false,
        };
        match write.act {
            Act::Count(_) => self.count = self.count.or(Some(write.span)),
            Act::Place | Act::Order => self.place = self.place.or(Some(write.span)),
            Act::Assign | Act::Element => {}
        }
    }
}

/// The names of the fields of its own node that a body writes: `this.x = 1`, `x += 1`, `this.x.push(1)`.
pub(super) fn written(body: &str) -> BTreeSet<&str> {
    writes(body, 0).iter().filter_map(Write::own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_told_from_reads() {
        let body = "this.hp -= d; if (this.mp == 3) { let gold = 1; gold = 2 } score += 1; this.bag.push('x=1'); // y = 1
            state.kills++; other.z = 1; f({ a: q }); ++n; this.grid[i] = 0; w => w.v\nset door \"open\"\ntoggle lamp\nincrement laps by 2";
        let names: Vec<_> = written(body).into_iter().collect();
        let expected = [
            "bag", "door", "grid", "hp", "kills", "lamp", "laps", "n", "other", "score",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn only_indexing_by_a_variable_makes_a_map() {
        let names: Vec<_> = indexed("a[i] b['x'] c [d] e: [] f[0] this.g[h.i] k: T[]")
            .into_iter()
            .collect();
        assert_eq!(names, ["a", "g"]);
    }

    #[test]
    fn counting_is_told_from_assigning() {
        let act = |body: &'static str| {
            let all = writes(body, 0);
            assert_eq!(all.len(), 1, "{body}: {all:?}");
            all[0].act
        };
        for body in [
            "n += 1",
            "n -= 2;",
            "n++",
            "--n",
            "this.n = this.n + 1",
            "n = n - 3 }",
            "n.increment(2)",
            "n.decrement()",
            "increment n",
            "decrement n by 2",
            "increment(n)",
            "state.n += 10\nx(1)",
        ] {
            assert_eq!(act(body), Act::Count(None), "{body}");
        }
        assert_eq!(act("n += this.step"), Act::Count(Some("step")));
        assert_eq!(act("n = n + step"), Act::Count(Some("step")));
        for body in [
            "n = 3",
            "n += 0.5",
            "n += a * b",
            "n *= 2",
            "n = n * 2",
            "n += 'x'",
            "n = m + 1",
            "set n 4",
            "n += f(x)",
            "n += 1 + x",
            "n = n + 1 / 2",
        ] {
            assert_eq!(act(body), Act::Assign, "{body}");
        }
        assert_eq!(act("n += 2.5 * dt"), Act::Assign);
        assert_eq!(act("n.push(1)"), Act::Element);
        assert_eq!(act("n[i] = 2"), Act::Place);
        assert_eq!(act("n.sort()"), Act::Order);
        assert_eq!(act("n = n.slice(1)"), Act::Order);
    }
}
