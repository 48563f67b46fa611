//! What must hold for every text whatsoever, as functions that panic where it does not.
//!
//! The fuzz targets, the bounded runs in the ordinary tests and the tests over the public corpus all call these. What
//! belongs here: laws that need no expectation of their own. What never will: making texts, which `crate::texts` does.

mod format;
mod infer;
mod parse;
mod tree;

pub use format::format;
pub use infer::infer;
pub use parse::parse;

use holo_grammar::SourceFile;
use holo_grammar::ast::Span;
use holo_grammar::diagnostic::Diagnostic;

/// How much of an input is looked at.
pub const MAX_INPUT: usize = 64 * 1024;

/// A law by its name, as the fuzz targets and the tests call it.
pub type Law = fn(&[u8]);

/// All laws by name.
pub const ALL: [(&str, Law); 3] = [("parse", parse), ("format", format), ("infer", infer)];

/// The text of an input.
fn read(bytes: &[u8]) -> (SourceFile, Vec<Diagnostic>) {
    SourceFile::new("fuzz.hsplus", bytes[..bytes.len().min(MAX_INPUT)].to_vec())
}

/// Every place that a diagnostic names is one in the text, and it says something.
fn check_diagnostics(text: &str, diagnostics: &[Diagnostic]) {
    for one in diagnostics {
        let marks = one.secondary.iter().map(|label| label.span);
        let fixes = one.fixes.iter().chain(&one.along).map(|fix| fix.span);
        for span in marks.chain(fixes).chain([one.primary.span]) {
            check_span(text, span, one);
        }
        assert!(!one.message.is_empty(), "{one:?}");
    }
}

fn check_span(text: &str, span: Span, what: &dyn std::fmt::Debug) {
    assert!(text.get(span.range()).is_some(), "{span:?} in {what:?}");
}
