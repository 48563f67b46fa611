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

/// The authority of an orb; two different ones are told, and the stricter wins.
pub(super) fn decide(cx: &mut Cx<'_>, shape: &Shape<'_>, options: &Options<'_>) -> Authority {
    let mut said: Vec<(Authority, Span)> = Vec::new();
    for used in &shape.traits {
        match used.name.text.as_str() {
            "host_only" => said.push((Authority::Host, used.span)),
            "owner_only" | "owned" => said.push((Authority::Owner, used.span)),
            _ => {}
        }
    }
    for used in options.all("authority") {
        match read(used) {
            Some(authority) => said.push((authority, used.value.span)),
            None => unknown(cx, used),
        }
    }
    for used in options.all("mode") {
        // `mode: "reliable"` speaks of the channel.
        said.extend(read(used).map(|authority| (authority, used.value.span)));
    }
    let Some(&(strictest, at)) = said.iter().rev().max_by_key(|(authority, _)| *authority) else {
        return Authority::Shared;
    };
    if let Some((_, other)) = said.iter().find(|(authority, _)| *authority != strictest) {
        let [winner, loser] = [at, *other].map(|span| shorten(cx.written(span)));
        let message =
            format!("`{loser}` and `{winner}` name two different authorities; the stricter wins");
        cx.tell(
            Diagnostic::warning(&codes::AUTHORITY_TWICE, message, at)
                .label("the stricter one, which counts")
                .also(*other, "the other one")
                .help("keep one of the two"),
        );
    }
    strictest
}

fn word<'a>(used: &OptionUse<'a>) -> Option<&'a str> {
    match &used.value.kind {
        ValueKind::Str(text) => Some(text),
        ValueKind::Path(names) => names.first().map(|name| name.text.as_str()),
        _ => None,
    }
}

fn read(used: &OptionUse<'_>) -> Option<Authority> {
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
