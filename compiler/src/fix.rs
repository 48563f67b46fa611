//! Mending a text with the fixes of its own diagnostics.
//!
//! Pure: text in, text out, and what reads it is handed in. Which fix a mistake gets is decided where the mistake is found.

use std::collections::BTreeMap;

use holo_grammar::ast::Span;
use holo_grammar::diagnostic::{Applicability, Code, Diagnostic, Fix, Severity};

/// How many bytes may be read in search of fixes that help; a text that needs more is mended as far as that goes.
const MOST_READ: usize = 256 * 1024 * 1024;

/// Which fixes may be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Those whose meaning is certain.
    Safe,
    /// Guesses too.
    All,
}

/// A text after its fixes.
#[derive(Clone, Debug)]
pub struct Mended {
    /// The text.
    pub text: String,
    /// How many fixes were applied.
    pub fixed: usize,
    /// What there is to tell of it now.
    pub diagnostics: Vec<Diagnostic>,
}

/// Applies fixes until none is left that helps. One that makes a new error, or leaves what it should mend, is not applied.
#[must_use]
pub fn mend(text: &str, level: Level, read: &mut dyn FnMut(&str) -> Vec<Diagnostic>) -> Mended {
    let told = read(text);
    mend_told(text, told, level, read)
}

/// The same for a text of which it is known what there is to tell.
#[must_use]
pub fn mend_told(
    text: &str,
    diagnostics: Vec<Diagnostic>,
    level: Level,
    read: &mut dyn FnMut(&str) -> Vec<Diagnostic>,
) -> Mended {
    let mut mended = Mended {
        text: text.to_owned(),
        fixed: 0,
        diagnostics,
    };
    let mut trials = (MOST_READ / text.len().max(1)).clamp(16, 1000);
    loop {
        let repairs = choose(&mended.text, &mended.diagnostics, level);
        let mut round = Round {
            text: &mended.text,
            errors: errors(&mended.diagnostics),
            accepted: Vec::new(),
            outcome: None,
            trials: &mut trials,
            read,
        };
        round.grow(&repairs);
        let fixed = round.accepted.len();
        let Some((text, diagnostics)) = round.outcome else {
            return mended;
        };
        mended = Mended {
            text,
            fixed: mended.fixed + fixed,
            diagnostics,
        };
    }
}

/// One fix and the diagnostic that it should mend.
#[derive(Clone, Copy, Debug)]
struct Repair<'d> {
    fix: &'d Fix,
    code: &'static Code,
    at: u32,
}

/// The first fix of each diagnostic that may be applied, and those along with it, in the order of the text; of two that
/// overlap, the first.
fn choose<'d>(text: &str, diagnostics: &'d [Diagnostic], level: Level) -> Vec<Repair<'d>> {
    let allowed = |fix: &&Fix| {
        let certain = level == Level::All || fix.applicability == Applicability::Safe;
        certain
            && text
                .get(fix.span.range())
                .is_some_and(|old| old != fix.replacement)
    };
    let mut repairs: Vec<Repair<'_>> = diagnostics
        .iter()
        .flat_map(|one| {
            let repair = |fix, at| Repair {
                fix,
                code: one.code,
                at,
            };
            let first = one.fixes.iter().find(allowed).into_iter();
            let along = one.along.iter().filter(allowed);
            first
                .map(move |fix| repair(fix, one.primary.span.start))
                .chain(along.map(move |fix| repair(fix, fix.span.start)))
        })
        .collect();
    repairs.sort_by_key(|repair| repair.fix.span);
    let mut last: Option<Span> = None;
    repairs.retain(|repair| {
        let span = repair.fix.span;
        // Two that insert at one place would depend on their order.
        let free = last.is_none_or(|last| {
            last.end < span.start || (last.end == span.start && last.start < last.end)
        });
        if free {
            last = Some(span);
        }
        free
    });
    repairs
}

/// One look at a text: all that helps is applied together.
struct Round<'a, 'd> {
    text: &'a str,
    errors: BTreeMap<&'static str, usize>,
    accepted: Vec<Repair<'d>>,
    outcome: Option<(String, Vec<Diagnostic>)>,
    trials: &'a mut usize,
    read: &'a mut dyn FnMut(&str) -> Vec<Diagnostic>,
}

impl<'d> Round<'_, 'd> {
    /// Accepts as many of the repairs as help: all of them, or else of each half what does.
    fn grow(&mut self, repairs: &[Repair<'d>]) {
        if repairs.is_empty() || *self.trials == 0 {
            return;
        }
        *self.trials -= 1;
        let together: Vec<Repair<'d>> = self.accepted.iter().chain(repairs).copied().collect();
        let text = apply(self.text, &together);
        let told = (self.read)(&text);
        if self.helps(&together, &told) {
            self.accepted = together;
            self.outcome = Some((text, told));
        } else if repairs.len() > 1 {
            let (first, second) = repairs.split_at(repairs.len() / 2);
            self.grow(first);
            self.grow(second);
        }
    }

    /// Whether there is no new error, and nothing is left of what was to be mended.
    fn helps(&self, repairs: &[Repair<'_>], told: &[Diagnostic]) -> bool {
        let new =
            |(code, count): (&str, usize)| count > self.errors.get(code).copied().unwrap_or(0);
        let left = |repair: &Repair<'_>| {
            let at = moved(repair.at, repairs);
            told.iter()
                .any(|one| one.code == repair.code && i64::from(one.primary.span.start) == at)
        };
        !errors(told).into_iter().any(new) && !repairs.iter().any(left)
    }
}

fn errors(told: &[Diagnostic]) -> BTreeMap<&'static str, usize> {
    let mut errors = BTreeMap::new();
    for one in told.iter().filter(|one| one.severity == Severity::Error) {
        *errors.entry(one.code.id).or_default() += 1;
    }
    errors
}

/// The text with repairs that do not overlap, in order.
fn apply(text: &str, repairs: &[Repair<'_>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for Repair { fix, .. } in repairs {
        let span = fix.span.range();
        out.push_str(text.get(from..span.start).unwrap_or_default());
        out.push_str(&fix.replacement);
        from = span.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Where an offset comes to lie.
fn moved(at: u32, repairs: &[Repair<'_>]) -> i64 {
    let before = repairs
        .iter()
        .filter(|repair| repair.fix.span.end <= at && repair.fix.span.start < at);
    let shift: i64 = before
        .map(|Repair { fix, .. }| {
            let old = i64::from(fix.span.end) - i64::from(fix.span.start);
            i64::try_from(fix.replacement.len())
                .unwrap_or(i64::MAX)
                .saturating_sub(old)
        })
        .sum();
    i64::from(at).saturating_add(shift)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{RATE_BARE, RATE_RANGE};

    /// A reader to whom every `from` is a warning with a fix, and every `bad` an error.
    fn reader(
        from: &'static str,
        to: &'static str,
        bad: &'static str,
    ) -> impl FnMut(&str) -> Vec<Diagnostic> {
        move |text| {
            let span = |at: usize, len: usize| Span::new(at as u32, (at + len) as u32);
            let warnings = text.match_indices(from).map(|(at, _)| {
                let span = span(at, from.len());
                Diagnostic::warning(&RATE_BARE, "", span).fix(Fix {
                    message: String::new(),
                    span,
                    replacement: to.to_owned(),
                    applicability: Applicability::Safe,
                })
            });
            let errors = text
                .match_indices(bad)
                .map(|(at, _)| Diagnostic::error(&RATE_RANGE, "", span(at, bad.len())));
            warnings.chain(errors).collect()
        }
    }

    #[test]
    fn all_that_helps_is_applied() {
        let mended = mend("a b a", Level::Safe, &mut reader("a", "xyz", "!"));
        assert_eq!((mended.text.as_str(), mended.fixed), ("xyz b xyz", 2));
        assert!(mended.diagnostics.is_empty());
    }

    #[test]
    fn a_fix_that_makes_an_error_is_not_applied() {
        let mended = mend("a.a!a.a", Level::Safe, &mut reader("a", "x", "x!"));
        // The second `a` becomes an error when it is changed; all others are mended.
        assert_eq!((mended.text.as_str(), mended.fixed), ("x.a!x.x", 3));
        assert_eq!(mended.diagnostics.len(), 1);
    }

    #[test]
    fn a_fix_that_mends_nothing_ends() {
        let mended = mend("a", Level::Safe, &mut reader("a", "aa", "!"));
        assert_eq!((mended.text.as_str(), mended.fixed), ("a", 0));
    }
}
