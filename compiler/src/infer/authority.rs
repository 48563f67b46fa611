//! R3: who may write an orb.

use holo_codegen::schema::Authority;
use holo_grammar::ast::{Span, ValueKind};
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix};

use super::Cx;
use super::options::{OptionUse, Options};
use super::rate::shorten;
use crate::resolve::Shape;
use crate::{codes, family};

/// Every word for an authority and what it means.
const WORDS: [(&str, Authority); 5] = [
    ("shared", Authority::Shared),
    ("last", Authority::Shared),
    ("owner", Authority::Owner),
    ("host", Authority::Host),
    ("server", Authority::Server),
];

/// One word on the authority of an orb.
#[derive(Clone, Copy)]
struct Said {
    authority: Authority,
    /// The word.
    span: Span,
    /// All that could be taken away with it; none for a trait that says more.
    whole: Option<Span>,
}

/// The authority of an orb; two different ones are told, and the stricter wins.
pub(super) fn decide(cx: &mut Cx<'_>, shape: &Shape<'_>, options: &Options<'_>) -> Authority {
    let mut said: Vec<Said> = Vec::new();
    for used in &shape.traits {
        let authority = match used.name.text.as_str() {
            "host_only" => Authority::Host,
            "owner_only" | "owned" => Authority::Owner,
            _ => continue,
        };
        said.push(Said {
            authority,
            span: used.span,
            whole: used.args.is_empty().then_some(used.span),
        });
    }
    let option = |authority, used: &OptionUse<'_>| Said {
        authority,
        span: used.value.span,
        whole: Some(used.span),
    };
    for used in options.all("authority") {
        match read(used) {
            Some(authority) => said.push(option(authority, used)),
            None => unknown(cx, used),
        }
    }
    for used in options.all("mode") {
        // `mode: "reliable"` speaks of the channel.
        said.extend(read(used).map(|authority| option(authority, used)));
    }
    let Some(strictest) = said.iter().rev().max_by_key(|one| one.authority) else {
        return Authority::Shared;
    };
    let others: Vec<&Said> = said
        .iter()
        .filter(|one| one.authority != strictest.authority)
        .collect();
    if !others.is_empty() {
        twice(cx, strictest, &others);
    }
    strictest.authority
}

fn twice(cx: &mut Cx<'_>, strictest: &Said, others: &[&Said]) {
    let other = others[0];
    let [winner, loser] = [strictest.span, other.span].map(|span| shorten(cx.written(span)));
    let message =
        format!("`{loser}` and `{winner}` name two different authorities; the stricter wins");
    let mut warning = Diagnostic::warning(&codes::AUTHORITY_TWICE, message, strictest.span)
        .label("the stricter one, which counts")
        .also(other.span, "the other one")
        .help("keep one of the two");
    // What a template says counts for others.
    if let Some(whole) = other.whole
        && others.len() == 1
        && cx.in_one_node(other.span, strictest.span)
    {
        warning = warning.fix(cx.remove(whole, Applicability::Safe));
    }
    cx.tell(warning);
}

fn word<'a>(used: &OptionUse<'a>) -> Option<&'a str> {
    match &used.value.kind {
        ValueKind::Str(text) => Some(text),
        ValueKind::Path(names) => names.first().map(|name| name.text.as_str()),
        _ => None,
    }
}

/// The authority that an option names.
pub(super) fn read(used: &OptionUse<'_>) -> Option<Authority> {
    let text = word(used)?;
    WORDS
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, authority)| *authority)
}

fn unknown(cx: &mut Cx<'_>, used: &OptionUse<'_>) {
    let written = word(used).unwrap_or_else(|| cx.written(used.value.span));
    let near = WORDS
        .iter()
        .map(|(word, _)| *word)
        .find(|word| family::distance(word, written) <= family::tolerance(word));
    let message = format!("`{}` is not an authority", shorten(written));
    let span = used.value.span;
    let help = "write \"shared\", \"owner\", \"host\" or \"server\"";
    // A slip must not open to everybody what only the host may write, so it is no mere warning.
    let report = match near {
        Some(near) => Diagnostic::error(&codes::AUTHORITY_UNKNOWN, message, span)
            .label(format!("did you mean \"{near}\"?"))
            .fix(Fix {
                message: format!("write \"{near}\""),
                span,
                replacement: format!("\"{near}\""),
                applicability: Applicability::Unsafe,
            }),
        None => Diagnostic::warning(&codes::AUTHORITY_UNKNOWN, message, span)
            .label("read as \"shared\": everybody may write"),
    };
    cx.tell(report.help(help));
}
