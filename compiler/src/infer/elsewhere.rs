//! R8: state of a composition or of the file that a synchronised node writes, and that nobody synchronises.

use std::collections::BTreeSet;

use holo_grammar::ast::{Item, Span, StateBlock};
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix};

use super::makers::is_marked_state;
use super::{Cx, usage};
use crate::codes;
use crate::resolve::{Decl, Shape, governed};

/// Warns of each field of a surrounding state that the node's code writes and that stays local.
pub(super) fn check<'a>(
    cx: &mut Cx<'a>,
    at: usize,
    shape: &Shape<'a>,
    synced: impl Fn(usize) -> bool,
) {
    let own: BTreeSet<&str> = shape
        .props
        .iter()
        .chain(&shape.state)
        .map(|decl| decl.field.key.text.as_str())
        .collect();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let label = &cx.scopes.entries[at].node.label().text;
    for body in &shape.code {
        for write in usage::writes(cx.written(*body), body.start) {
            let Some(name) = write.outer() else { continue };
            if own.contains(name) || told.contains(name) {
                continue;
            }
            let Some(decl) = surrounding(cx, at, name, &synced) else {
                continue;
            };
            told.insert(name);
            tell(cx, label, name, decl.field.key.span, write.span);
        }
    }
}

/// The unsynchronised field of that name in the innermost state around a node that has one.
fn surrounding<'a>(
    cx: &Cx<'a>,
    at: usize,
    name: &str,
    synced: &impl Fn(usize) -> bool,
) -> Option<Decl<'a>> {
    let mut scope = cx.scopes.entries[at].parent;
    loop {
        let items: &'a [Item] = match scope {
            Some(outer) => &cx.scopes.entries[outer].node.items,
            None => &cx.program.parts[cx.scopes.entries[at].part].tree.items,
        };
        if let Some(decl) = find(items, name) {
            let travels = is_marked_state(&decl) || scope.is_some_and(synced);
            return (!travels).then_some(decl);
        }
        scope = cx.scopes.entries[scope?].parent;
    }
}

fn find<'a>(items: &'a [Item], name: &str) -> Option<Decl<'a>> {
    let blocks = items.iter().filter_map(|item| match item {
        Item::State(block) => Some(block),
        _ => None,
    });
    let plain = |block: &&StateBlock| block.name.is_none();
    let mut all = blocks.filter(plain).flat_map(governed);
    all.find(|decl| decl.field.key.text == name)
}

fn tell(cx: &mut Cx<'_>, node: &str, name: &str, declared: Span, written: Span) {
    let line = cx.line(declared);
    let message = format!("`state.{name}`, line {line}, is not synced");
    let fix = Fix {
        message: format!("write `@synced {name}: …`"),
        span: Span::new(declared.start, declared.start),
        replacement: "@synced ".to_owned(),
        applicability: Applicability::Unsafe,
    };
    cx.tell(
        Diagnostic::warning(&codes::STATE_ELSEWHERE, message, written)
            .label(format!(
                "`{node}` writes it, and only this peer will see it"
            ))
            .also(declared, "declared here, and local")
            .help(format!(
                "write `@synced` before it, or move `{name}` into the state of `{node}`"
            ))
            .fix(fix),
    );
}
