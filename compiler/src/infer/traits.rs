//! Traits by name: misspelt ones, and sync traits that stand where they can do nothing.

use holo_grammar::ast::{File, Item, TraitUse};
use holo_grammar::diagnostic::Diagnostic;

use super::Cx;
use crate::{codes, family};

/// Reports sync traits outside any node.
pub(super) fn check(cx: &mut Cx<'_>, tree: &File) {
    for item in &tree.items {
        if let Item::Trait(used) = item
            && family::owned(&used.name.text)
        {
            let name = &used.name.text;
            cx.tell(
                Diagnostic::warning(
                    &codes::TRAIT_ALONE,
                    format!("`@{name}` stands outside any node"),
                    used.span,
                )
                .label("this synchronises nothing")
                .help(format!(
                    "move it into the node that it is for, as in `orb player @{name} {{ … }}`"
                )),
            );
        }
    }
}

/// Reports every misspelt trait, and makes it what it was meant to be, so that all else is read as it will be once it is
/// mended.
pub(super) fn mend(tree: &mut File) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    mend_items(&mut tree.items, &mut told);
    told
}

fn mend_items(items: &mut [Item], told: &mut Vec<Diagnostic>) {
    for item in items {
        match item {
            Item::Node(node) => {
                mend_traits(&mut node.header, told);
                mend_items(&mut node.items, told);
            }
            Item::Field(field) => mend_traits(&mut field.traits, told),
            Item::Trait(used) => mend_traits(std::slice::from_mut(used), told),
            Item::State(block) => mend_items(&mut block.items, told),
            Item::Networked(block) => mend_items(&mut block.items, told),
            Item::Code(code) => mend_traits(&mut code.traits, told),
            Item::Import(_)
            | Item::Spread(_)
            | Item::Const(_)
            | Item::Alias(_)
            | Item::Other(_) => {}
        }
    }
}

fn mend_traits(traits: &mut [TraitUse], told: &mut Vec<Diagnostic>) {
    for used in traits {
        if let Some(meant) = family::misspelt(&used.name.text) {
            told.push(family::typo(used, meant));
            meant.clone_into(&mut used.name.text);
        }
    }
}
