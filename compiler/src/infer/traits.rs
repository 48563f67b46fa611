//! Traits by name: misspelt ones, and sync traits that stand where they can do nothing.

use holo_grammar::ast::{File, Item, TraitUse};
use holo_grammar::diagnostic::Diagnostic;

use super::Cx;
use crate::{codes, family};

/// Reports every misspelt trait of a file, and sync traits outside any node.
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
    spelling(cx, &tree.items);
}

fn spelling(cx: &mut Cx<'_>, items: &[Item]) {
    for item in items {
        match item {
            Item::Node(node) => {
                spell(cx, &node.header);
                spelling(cx, &node.items);
            }
            Item::Field(field) => spell(cx, &field.traits),
            Item::Trait(used) => spell(cx, std::slice::from_ref(used)),
            Item::State(block) => spelling(cx, &block.items),
            Item::Networked(block) => spelling(cx, &block.items),
            Item::Code(code) => spell(cx, &code.traits),
            Item::Import(_) | Item::Spread(_) | Item::Other(_) => {}
        }
    }
}

fn spell(cx: &mut Cx<'_>, used: &[TraitUse]) {
    for wrong in used.iter().filter_map(family::check) {
        cx.tell(wrong);
    }
}
