//! What is wrong with a source, said once and rendered elsewhere.
//!
//! Every stage, here and in the compiler, reports through [`Diagnostic`]. Rendering, colours and files do not belong here.

use crate::ast::Span;

/// A stable code and what it stands for.
///
/// `HS0xx` are errors of the text and its structure and live in this crate; the compiler adds `HS1xx` and up.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `HS001`: never changes its meaning, never reused.
    pub id: &'static str,
    /// One line that says what is wrong in general.
    pub title: &'static str,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Probably not what was meant.
    Warning,
    /// Cannot be compiled.
    Error,
}

/// A place and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The words, without a full stop.
    pub message: String,
}

/// Whether a fix may be applied without being looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// The meaning is certain.
    Safe,
    /// A guess that a person should look at.
    Unsafe,
}

/// A change of the source that would mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as in "write `20hz`".
    pub message: String,
    /// The text to replace; empty to insert.
    pub span: Span,
    /// The new text.
    pub replacement: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
}

/// One thing to tell the author of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of thing.
    pub code: &'static Code,
    /// How bad.
    pub severity: Severity,
    /// What is wrong here, in one sentence without a full stop.
    pub message: String,
    /// Where, with what to write at the mark.
    pub primary: Label,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// Ways to mend it.
    pub fixes: Vec<Fix>,
    /// Fixes of the same mistake elsewhere in the source, where it is not told again.
    pub along: Vec<Fix>,
}

impl Diagnostic {
    /// A diagnostic at one place; the builders below add the rest.
    #[must_use]
    pub fn new(
        code: &'static Code,
        severity: Severity,
        message: impl Into<String>,
        span: Span,
    ) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            primary: Label {
                span,
                message: String::new(),
            },
            secondary: Vec::new(),
            help: None,
            fixes: Vec::new(),
            along: Vec::new(),
        }
    }

    /// An error.
    #[must_use]
    pub fn error(code: &'static Code, message: impl Into<String>, span: Span) -> Self {
        Self::new(code, Severity::Error, message, span)
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: &'static Code, message: impl Into<String>, span: Span) -> Self {
        Self::new(code, Severity::Warning, message, span)
    }

    /// The words at the mark.
    #[must_use]
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// Another place that explains it.
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.secondary.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A way to mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}

/// How many errors of one stage are kept, so that a hostile text costs no more memory than it justifies.
const MAX_REPORTS: usize = 1000;

/// What one stage has found so far. Beyond a bound it keeps no more; warnings never displace an error.
#[derive(Default)]
pub(crate) struct Reports(Vec<Diagnostic>);

impl Reports {
    /// Keeps one more, if there is room.
    pub(crate) fn push(&mut self, one: Diagnostic) {
        let room = match one.severity {
            Severity::Error => 2 * MAX_REPORTS,
            Severity::Warning | Severity::Note => MAX_REPORTS,
        };
        if self.0.len() < room {
            self.0.push(one);
        }
    }

    /// How many are kept.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets all but the first `count`.
    pub(crate) fn truncate(&mut self, count: usize) {
        self.0.truncate(count);
    }

    /// All that were kept, in the order in which they came.
    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

/// A piece of source inside a message: short, on one line, and with nothing in it that acts on a terminal.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut out: String = text
        .chars()
        .take(LONGEST)
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control() || crate::characters::is_hidden(c) => '\u{fffd}',
            c => c,
        })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}
