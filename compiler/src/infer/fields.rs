//! R2, R5: lists of fields, and the fields of an orb once they are chosen.

use holo_grammar::ast::{Span, Value, ValueKind};
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix};

use super::nested::Holder;
use super::options::Options;
use super::select::{Pick, Why};
use super::types::{self, Asked, NodeCrdts};
use super::{Cx, lane, names, policy};
use crate::model::{self, Reason};
use crate::resolve::Decl;
use crate::{codes, family};

/// Names that mean something without being declared.
const BUILT_IN: [&str; 7] = [
    "position",
    "rotation",
    "scale",
    "velocity",
    "angularVelocity",
    "angular_velocity",
    "owner",
];

/// The names in a list: `"a,b"`, `"a"`, `[a, "b"]`.
pub(super) fn entries(value: &Value) -> Vec<(&str, Span)> {
    match &value.kind {
        ValueKind::Str(text) => text
            .split(',')
            .map(|entry| (entry.trim(), value.span))
            .filter(|(entry, _)| !entry.is_empty())
            .collect(),
        ValueKind::Path(names) => names
            .last()
            .map(|name| (name.text.as_str(), value.span))
            .into_iter()
            .collect(),
        ValueKind::List(items) => items.iter().flat_map(entries).collect(),
        _ => Vec::new(),
    }
}

/// Whether a listed name can be synchronised; what speaks against it is told.
pub(super) fn may_be_listed<'a>(
    cx: &mut Cx<'a>,
    (entry, span, listed): (&str, Span, bool),
    decl: Option<Decl<'a>>,
    known: impl Iterator<Item = &'a str>,
) -> bool {
    if let Some(value) = decl.and_then(|decl| decl.field.value.as_ref()) {
        let never = cx.never_synced(value);
        if never {
            let message = format!("`{entry}` is worked out, so it cannot be synchronised");
            let warning = Diagnostic::warning(&codes::NEVER_SYNCED, message, span)
                .label("left out")
                .also(value.span, "not a value of its own")
                .help("synchronise what it is worked out from");
            // Without it the list says what is done already; of a text with several names only a part would go.
            let alone = cx.written(span).trim_matches(['"', '\'']) == entry;
            cx.tell(if alone && listed {
                warning.fix(cx.remove(span, Applicability::Safe))
            } else {
                warning
            });
        }
        return !never;
    }
    if decl.is_some() || BUILT_IN.contains(&entry) {
        return true;
    }
    let known: Vec<&str> = known.take(cx.comparisons).collect();
    cx.comparisons -= known.len();
    let declared = known
        .into_iter()
        .map(|name| (family::distance(entry, name), name, 2));
    let built_in =
        BUILT_IN.map(|name| (family::distance(entry, name), name, family::tolerance(name)));
    // Of a name of three letters, two that differ leave nothing alike.
    let near = declared
        .chain(built_in)
        .filter(|(distance, name, most)| distance <= most && distance * 2 <= name.chars().count())
        .map(|(distance, name, _)| (distance, name))
        .min();
    match near {
        Some((_, near)) => cx.tell(
            Diagnostic::error(
                &codes::LISTED_TYPO,
                format!("there is no field `{entry}`"),
                span,
            )
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{near}`, or declare `{entry}`"))
            .fix(rename(cx.written(span), entry, near, span)),
        ),
        None => cx.tell(
            Diagnostic::warning(
                &codes::LISTED_UNKNOWN,
                format!("`{entry}` is declared nowhere"),
                span,
            )
            .label("it holds any value")
            .help(format!("declare it, as in `state {{ {entry}: 0 }}`")),
        ),
    }
    near.is_none()
}

/// Reports a path that leads nowhere in a structure.
pub(super) fn unknown_part(cx: &mut Cx<'_>, entry: &str, path: &str, known: &[&str], span: Span) {
    let last = path.rsplit('.').next().unwrap_or(path);
    let near = known
        .iter()
        .take(64)
        .map(|name| (family::distance(last, name), *name))
        .filter(|(distance, name)| *distance <= family::tolerance(name))
        .min();
    let message = format!("there is no field at `{entry}`");
    cx.tell(match near {
        Some((_, near)) => Diagnostic::error(&codes::LISTED_TYPO, message, span)
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{near}` for `{last}`"))
            .fix(rename(cx.written(span), last, near, span)),
        None => Diagnostic::warning(&codes::LISTED_UNKNOWN, message, span)
            .label("left out")
            .help("list a field that the structure declares"),
    });
}

fn rename(written: &str, entry: &str, near: &str, span: Span) -> Fix {
    Fix {
        message: format!("write `{near}`"),
        span,
        replacement: written.replacen(entry, near, 1),
        applicability: Applicability::Unsafe,
    }
}

/// What is known of an orb when its fields are made.
pub(super) struct Making<'m, 'a> {
    /// Its names.
    pub(super) holder: Holder<'m>,
    /// Its options.
    pub(super) options: &'m Options<'a>,
    /// The arguments of `@crdt(…)` on the node.
    pub(super) node_crdt: NodeCrdts<'a>,
    /// Whether it is networked, so that it interpolates by default.
    pub(super) networked: bool,
}

/// Makes the chosen fields.
pub(super) fn build<'a>(
    cx: &mut Cx<'a>,
    picks: Vec<Pick<'a>>,
    making: &Making<'_, 'a>,
) -> Vec<model::Field> {
    let mut fields = Vec::with_capacity(picks.len());
    for pick in picks {
        let field = pick.decl.map(|decl| decl.field);
        let base = pick.decl.and_then(|decl| decl.base);
        let asked = Asked {
            name: pick.name,
            field,
            base,
            given: None,
            span: pick.span,
        };
        let unknown =
            pick.why == Why::Listed && pick.decl.is_none() && !BUILT_IN.contains(&pick.name);
        let before = cx.diagnostics.len();
        let holder = Holder {
            parts: pick.parts.clone(),
            ..making.holder.clone()
        };
        let typed = types::decide(cx, asked, &making.node_crdt, &holder);
        if unknown {
            // The warning about the list has said it already.
            cx.diagnostics.truncate(before);
        }
        let lane = lane::decide(&pick, &typed.crdt, making.options, making.networked);
        fields.push(model::Field {
            id: 0,
            wire: pick.name.to_owned(),
            rust: names::field(pick.name),
            docs: field.map(|field| field.docs.clone()).unwrap_or_default(),
            span: pick.span,
            crdt: typed.crdt,
            lane,
            initial: typed.initial,
            annotated: typed.annotated,
            policy: policy::of_field(pick.decl, pick.owner_only),
            reason: reason(&pick, typed.reason),
        });
    }
    names::check_fields(cx, &fields);
    fields
}

/// The reason for a field: that for its type, unless it is there without being declared.
fn reason(pick: &Pick<'_>, typed: Reason) -> Reason {
    match (pick.decl, pick.why) {
        (None, Why::Pose) => Reason::new(
            "R2",
            format!(
                "an orb that lists no fields sends its {}, declared or not",
                pick.name
            ),
            format!(
                "write `sync_{}: false` to leave it out, or list the fields",
                pick.name
            ),
        ),
        (None, Why::Listed) => Reason::new(
            "R2",
            format!("it is listed; {}", typed.text),
            typed.otherwise,
        ),
        (_, Why::Written) => Reason::new(
            "R2",
            format!("a handler writes it; {}", typed.text),
            typed.otherwise,
        ),
        _ => typed,
    }
}
