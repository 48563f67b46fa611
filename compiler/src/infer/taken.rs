//! R7: every node with what it takes from its templates.
//!
//! Knows how much that may be, and nothing of what it means.

use holo_grammar::ast::{Item, Node};
use holo_grammar::diagnostic::Diagnostic;

use super::Shared;
use crate::codes;
use crate::resolve::{Shape, shape};

/// How many items objects may take from templates, all in all: a template of a thousand for each of ten thousand objects
/// would fill any memory.
pub(super) const MOST: usize = 2_000_000;

/// Every node with its templates merged in. What is too much is told, and nothing to synchronising.
pub(super) fn shapes<'a>(shared: &Shared<'a>, most: usize) -> Vec<Shape<'a>> {
    let scopes = &shared.scopes;
    let items = |item: &Item| match item {
        Item::State(block) => block.items.len(),
        _ => 1,
    };
    let weights = scopes.entries.iter();
    let weights = weights.map(|entry| 1 + entry.node.items.iter().map(items).sum::<usize>());
    let weights: Vec<usize> = weights.collect();
    let (mut left, mut full) = (most, false);
    let mut shapes = Vec::with_capacity(weights.len());
    for (at, entry) in scopes.entries.iter().enumerate() {
        if entry.bases.is_empty() {
            shapes.push(shape(scopes, at));
            continue;
        }
        let chain = if full { Vec::new() } else { scopes.chain(at) };
        let taken = chain.iter().map(|base| weights[*base]).sum();
        match left.checked_sub(taken).filter(|_| !full) {
            Some(rest) => {
                left = rest;
                shapes.push(shape(scopes, at));
            }
            None => {
                if !full {
                    shared.told.borrow_mut().push(too_much(entry.node));
                }
                full = true;
                shapes.push(Shape::default());
            }
        }
    }
    shapes
}

fn too_much(node: &Node) -> Diagnostic {
    let label = node.label();
    let message = format!("with `{label}`, objects take too much from their templates");
    Diagnostic::error(&codes::NOT_YET, message, label.span)
        .label("not looked at, nor is any object of a template behind it")
        .help(format!(
            "all objects together may take {MOST} fields and other items; parts of a large template may be templates of \
             their own"
        ))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::resolve::program::Lines;
    use crate::resolve::{Part, Program, Scopes};

    #[test]
    fn what_templates_give_has_an_end() {
        let text = "template T { a: 1\nstate { b: 2\nc: 3 } }\norb x using T { d: 4 }\norb y using T {}\norb z { e: 5 }";
        let parsed = holo_grammar::parse(text);
        let part = Part {
            base: 0,
            name: "t.hsplus",
            module: Vec::new(),
            text,
            tree: &parsed.file,
            links: Vec::new(),
            lines: Lines::default(),
        };
        let program = Program { parts: vec![part] };
        let scopes = Rc::new(Scopes::new(&program));
        let sizes = |most: usize| {
            let shared = Shared::new(&program, &scopes);
            let shapes = shapes(&shared, most);
            let sizes = shapes.iter().map(|one| one.props.len() + one.state.len());
            let told = shared.told.borrow().len();
            (sizes.collect::<Vec<_>>(), told)
        };
        // A template counts with its own items and itself: four.
        assert_eq!(sizes(8), (vec![3, 4, 3, 1], 0));
        assert_eq!(sizes(7), (vec![3, 4, 0, 1], 1));
        assert_eq!(sizes(3), (vec![3, 0, 0, 1], 1));
    }
}
