//! R9: what things are called in Rust, and names that would meet there.

use std::collections::BTreeMap;

use holo_codegen::names as rust;
use holo_grammar::ast::Span;
use holo_grammar::diagnostic::Diagnostic;

use super::Cx;
use crate::model::{Field, Orb};
use crate::resolve::Scopes;
use crate::{codes, idents};

/// A name as a Rust type; empty if it has no letter or digit.
pub(super) fn pascal(name: &str) -> String {
    idents::pascal_case(name).unwrap_or_default()
}

/// The Rust type of something within something else, from the types of both. `Self_` stands on its own only.
pub(super) fn within<'n>(parts: impl IntoIterator<Item = &'n str>) -> String {
    let parts = parts.into_iter();
    parts.map(|part| part.trim_end_matches('_')).collect()
}

/// A name as a Rust field; empty if it has no letter or digit.
pub(super) fn field(name: &str) -> String {
    idents::snake_case(name).unwrap_or_default()
}

/// Reports fields of one type that have no name in Rust, or the same.
pub(super) fn check_fields<'f>(cx: &mut Cx<'_>, fields: impl IntoIterator<Item = &'f Field>) {
    let mut seen: BTreeMap<&str, &Field> = BTreeMap::new();
    for field in fields {
        if field.rust.is_empty() {
            cx.tell(empty("field", &field.wire, field.span));
        } else if let Some(first) = seen.insert(&field.rust, field) {
            let pair = [first, field].map(|one| (one.wire.as_str(), one.span));
            cx.tell(alike(pair[0], pair[1], &field.rust));
        }
    }
}

/// Two fields of one type that have the same name in Rust.
pub(super) fn alike(first: (&str, Span), second: (&str, Span), rust: &str) -> Diagnostic {
    let message = format!("`{}` and `{}` are both `{rust}` in Rust", first.0, second.0);
    Diagnostic::error(&codes::FIELD_COLLISION, message, second.1)
        .label("the second of them")
        .also(first.1, "the first of them")
        .help("rename one of the two")
}

/// A name with nothing in it that could be a Rust name.
pub(super) fn empty(what: &str, name: &str, span: Span) -> Diagnostic {
    let message = if name.is_empty() {
        format!("this {what} has an empty name")
    } else {
        format!("the name `{name}` has no letter and no digit")
    };
    Diagnostic::error(&codes::EMPTY_NAME, message, span)
        .label("expected a name with a letter or a digit")
        .help(if what == "field" {
            "give it a name, as in `health: 100`"
        } else {
            "give it a name, as in `orb player`"
        })
}

/// A node that becomes a type, while types are named.
#[derive(Clone, Debug)]
pub(super) struct Named<'a> {
    /// Its kind.
    pub(super) kind: &'a str,
    /// The names of its scopes and its own, outermost first.
    pub(super) path: Vec<&'a str>,
    /// The scope it stands in.
    pub(super) parent: Option<usize>,
    /// Its name in the source.
    pub(super) span: Span,
}

impl<'a> Named<'a> {
    /// The node of an entry.
    pub(super) fn of(scopes: &Scopes<'a>, at: usize) -> Self {
        Self {
            kind: &scopes.entries[at].node.kind.text,
            path: scopes.path(at),
            parent: scopes.entries[at].parent,
            span: scopes.entries[at].node.label().span,
        }
    }
}

impl Named<'_> {
    fn label(&self) -> &str {
        self.path.last().copied().unwrap_or_default()
    }
}

/// The Rust type of each node; those of one name in different scopes are prefixed by their parents.
pub(super) fn types(cx: &mut Cx<'_>, nodes: &[Named<'_>]) -> Vec<String> {
    let names = quietly(nodes);
    for members in group(&names).values() {
        for pair in members.windows(2) {
            collision(cx, &nodes[pair[0]], &nodes[pair[1]], &names[pair[1]]);
        }
    }
    for (node, _) in nodes.iter().zip(&names).filter(|(_, name)| name.is_empty()) {
        cx.tell(empty("orb", node.label(), node.span));
    }
    names
}

/// The same, without a word on names that are empty or alike.
pub(super) fn quietly(nodes: &[Named<'_>]) -> Vec<String> {
    let mut names: Vec<String> = nodes.iter().map(|node| pascal(node.label())).collect();
    // Each round takes in one more scope; a path is at most as long as the nesting allows.
    let longest = nodes.iter().map(|node| node.path.len()).max().unwrap_or(0);
    for take in 2..=longest {
        let groups = group(&names);
        for members in groups.values().filter(|members| members.len() > 1) {
            let scopes = |i: &usize| nodes[*i].parent;
            if members.iter().all(|i| scopes(i) == scopes(&members[0])) {
                continue;
            }
            for &i in members {
                let path = &nodes[i].path;
                let from = path.len().saturating_sub(take);
                let parts: Vec<String> = path[from..].iter().map(|part| pascal(part)).collect();
                names[i] = within(parts.iter().map(String::as_str));
            }
        }
    }
    names
}

fn group(names: &[String]) -> BTreeMap<String, Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, name) in names
        .iter()
        .enumerate()
        .filter(|(_, name)| !name.is_empty())
    {
        groups.entry(name.clone()).or_default().push(i);
    }
    groups
}

fn collision(cx: &mut Cx<'_>, first: &Named<'_>, second: &Named<'_>, rust: &str) {
    // Two of one kind and name are told where the scopes are walked.
    if first.kind == second.kind && first.path == second.path && first.parent == second.parent {
        return;
    }
    let message = if first.label() == second.label() {
        format!("`{}` names two types", second.label())
    } else {
        format!(
            "`{}` and `{}` are both `{rust}` in Rust",
            first.label(),
            second.label()
        )
    };
    cx.tell(
        Diagnostic::error(&codes::ORB_COLLISION, message, second.span)
            .label("the second of them")
            .also(first.span, "the first of them")
            .help("rename one of the two"),
    );
}

/// Reports nested structs whose type is already taken.
pub(super) fn check_nested(cx: &mut Cx<'_>, orbs: &[Orb]) {
    let mut seen: BTreeMap<&str, &Orb> = BTreeMap::new();
    for orb in orbs {
        let Some(first) = seen.insert(&orb.rust, orb) else {
            continue;
        };
        // Two nodes are told apart where they are named.
        if orb.kind != "struct" && first.kind != "struct" {
            continue;
        }
        let message = format!(
            "`{}` and `{}` are both `{}` in Rust",
            first.label, orb.label, orb.rust
        );
        cx.tell(
            Diagnostic::error(&codes::ORB_COLLISION, message, orb.span)
                .label("the second of them")
                .also(first.span, "the first of them")
                .help("rename one of the two"),
        );
    }
}

/// What is generated beside a type: what edits it, and what moves and shows its live fields where it has any.
pub(super) fn views(orb: &Orb) -> Vec<String> {
    let mut names = vec![rust::view(&orb.rust)];
    let mut fields = orb.fields.iter().chain(&orb.members);
    if fields.any(|field| holo_codegen::live::has_place(&field.crdt, field.lane)) {
        names.extend([rust::live(&orb.rust), rust::shown(&orb.rust)]);
    }
    names
}

/// Reports types that are called like what edits, moves or shows another one.
pub(super) fn check_views(cx: &mut Cx<'_>, orbs: &[Orb]) {
    let views: BTreeMap<String, &Orb> = orbs
        .iter()
        .flat_map(|orb| views(orb).into_iter().map(move |name| (name, orb)))
        .collect();
    for orb in orbs {
        let Some(edited) = views.get(&orb.rust) else {
            continue;
        };
        let (does, done) = match orb.rust.as_str() {
            name if name.ends_with("Live") => ("moves", "what is moved"),
            name if name.ends_with("Shown") => ("shows", "what is shown"),
            _ => ("edits", "what is edited"),
        };
        let message = format!(
            "`{}` is `{}` in Rust, which is the name of what {does} `{}`",
            orb.label, orb.rust, edited.label
        );
        cx.tell(
            Diagnostic::error(&codes::ORB_COLLISION, message, orb.span)
                .label("this one")
                .also(edited.span, done)
                .help("rename one of the two"),
        );
    }
}
