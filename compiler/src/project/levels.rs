//! Codes that count for more or less than usual, as a project asks for.
//!
//! What is wrong is decided long before; here it is only told louder, or not at all.

use std::collections::BTreeMap;

use holo_grammar::diagnostic::{Diagnostic, Severity};

/// What a project makes of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Not told; an error stays one.
    Allow,
    /// A warning, where it is a note.
    Warn,
    /// An error.
    Deny,
}

/// Raises and drops diagnostics. An error is never anything less: what cannot be compiled cannot be allowed.
pub fn apply(levels: &BTreeMap<&'static str, Level>, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.retain_mut(|one| {
        match levels.get(one.code.id) {
            Some(Level::Allow) if one.severity != Severity::Error => return false,
            Some(Level::Warn) => one.severity = one.severity.max(Severity::Warning),
            Some(Level::Deny) => one.severity = Severity::Error,
            _ => {}
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{RATE_BARE, UNTYPED};
    use holo_grammar::ast::Span;

    #[test]
    fn a_level_changes_what_is_no_error() {
        for (severity, level, after) in [
            (Severity::Note, Level::Allow, None),
            (Severity::Warning, Level::Allow, None),
            (Severity::Error, Level::Allow, Some(Severity::Error)),
            (Severity::Note, Level::Warn, Some(Severity::Warning)),
            (Severity::Error, Level::Warn, Some(Severity::Error)),
            (Severity::Note, Level::Deny, Some(Severity::Error)),
        ] {
            let mut told = vec![
                Diagnostic::new(&RATE_BARE, severity, "", Span::default()),
                Diagnostic::new(&UNTYPED, Severity::Note, "", Span::default()),
            ];
            apply(&BTreeMap::from([(RATE_BARE.id, level)]), &mut told);
            let found = told.iter().find(|one| *one.code == RATE_BARE);
            assert_eq!(
                found.map(|one| one.severity),
                after,
                "{severity:?} {level:?}"
            );
            assert!(
                told.iter()
                    .any(|one| *one.code == UNTYPED && one.severity == Severity::Note)
            );
        }
    }
}
