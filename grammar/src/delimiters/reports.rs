//! What is said about brackets.
//!
//! What belongs here: the words of each report. What never will: the decision which bracket is at fault.

use super::{MAX_DEPTH, Pass, Waiting};
use crate::ast::Span;
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::token::{Bracket, Kind, Tok};

impl Pass<'_> {
    pub(super) fn report_unclosed(
        &mut self,
        top: Waiting,
        count: usize,
        before: u32,
        here: Option<Span>,
    ) {
        let (opener, closer) = (top.bracket.opener(), top.bracket.closer());
        let all: String = self.waiting[self.waiting.len() - count..]
            .iter()
            .rev()
            .map(|one| one.bracket.closer())
            .collect();
        let message = match count {
            1 => format!("this `{opener}` is never closed"),
            _ => format!(
                "this `{opener}` and {} around it are never closed",
                count - 1
            ),
        };
        let after = self.out.last().map_or(before, |last| last.end);
        let mut report = Diagnostic::error(&codes::UNCLOSED, message, self.out[top.index].span())
            .label(format!("no `{closer}` closes it"))
            .help(format!("write `{closer}` where the block ends"));
        report = match here {
            Some(span) => report.also(span, format!("`{closer}` seems to be missing before this")),
            None => report.also(Span::new(after, after), "the file ends here"),
        };
        self.reports.push(report.fix(Fix {
            message: format!("insert `{all}`"),
            span: Span::new(after, after),
            replacement: all,
            applicability: Applicability::Unsafe,
        }));
    }

    pub(super) fn report_stray(&mut self, token: Tok, bracket: Bracket, suspect: Option<Span>) {
        let closer = bracket.closer();
        let mut report = Diagnostic::error(
            &codes::STRAY_CLOSER,
            format!("this `{closer}` closes nothing"),
            token.span(),
        )
        .label(format!("no open `{}` waits for it", bracket.opener()))
        .help("remove it, or open the block that it should close");
        if let Some(span) = suspect {
            report = report.also(
                span,
                "this string seems to end too soon, with brackets open in it",
            );
        }
        self.reports.push(report.fix(Fix {
            message: "remove it".into(),
            span: token.span(),
            replacement: String::new(),
            applicability: Applicability::Unsafe,
        }));
    }

    pub(super) fn mismatched(&mut self, top: Waiting, token: Tok, found: Bracket) {
        let opener = self.out[top.index].span();
        let right = top.bracket.closer();
        let (left, wrong) = (top.bracket.opener(), found.closer());
        self.reports.push(
            Diagnostic::error(
                &codes::MISMATCHED_CLOSER,
                format!("this `{left}` is closed by `{wrong}`"),
                opener,
            )
            .label(format!("only `{right}` closes it"))
            .also(token.span(), format!("write `{right}` here"))
            .fix(Fix {
                message: format!("write `{right}`"),
                span: token.span(),
                replacement: right.to_string(),
                applicability: Applicability::Unsafe,
            }),
        );
        self.pop_with(Tok {
            kind: Kind::Close(top.bracket),
            ..token
        });
    }

    pub(super) fn report_depth(&mut self, token: Tok) {
        if self.too_deep {
            return;
        }
        self.too_deep = true;
        self.reports.push(
            Diagnostic::error(
                &codes::TOO_DEEP,
                format!("brackets are nested more than {MAX_DEPTH} deep"),
                token.span(),
            )
            .label("what is inside this one is not read")
            .help("move inner blocks into templates of their own"),
        );
    }
}
