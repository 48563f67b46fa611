//! The rules of inference, one file per family: what is an orb, which fields it has, and what each of them is.
//!
//! Nothing here reads files, knows the lock or writes Rust. A decision that is not reported through a [`Reason`] or a
//! diagnostic must not be made here.
//!
//! [`Reason`]: crate::model::Reason

mod authority;
mod declared;
mod fields;
mod lane;
mod literals;
mod makers;
mod names;
mod nested;
mod options;
mod orbs;
mod rate;
mod select;
mod traits;
mod types;
mod usage;
mod values;
mod words;

pub use types::article;
pub use values::{fit, json, literal_type};

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use holo_grammar::ast::{File, Item, Node, Span, Value, ValueKind};
use holo_grammar::diagnostic::Diagnostic;

use crate::model::{Orb, World};

/// How many comparisons of names a file is worth; one with more has other troubles.
const MOST_COMPARED: usize = 1_000_000;

/// What the rules share while they work on one source.
pub(crate) struct Cx<'a> {
    /// The source.
    text: &'a str,
    /// The variants of each enum of the file.
    enums: Rc<BTreeMap<&'a str, Vec<&'a str>>>,
    /// The names of the structs of the file.
    structs: Rc<BTreeSet<&'a str>>,
    /// Names that are indexed by something that is no literal, found when first asked for.
    indexed: OnceCell<BTreeSet<&'a str>>,
    /// What there is to tell.
    diagnostics: Vec<Diagnostic>,
    /// Nested structs of the orb at hand, innermost first.
    nested: Vec<Orb>,
    /// How many names may still be compared in search of the one that a misspelt one means.
    comparisons: usize,
    /// Whether the file's one warning about a bare rate is out.
    bare_rate_told: bool,
}

impl<'a> Cx<'a> {
    fn new(text: &'a str, tree: &'a File) -> Self {
        let (mut enums, mut structs) = (BTreeMap::new(), BTreeSet::new());
        collect_types(&tree.items, &mut enums, &mut structs);
        Self {
            text,
            enums: Rc::new(enums),
            structs: Rc::new(structs),
            indexed: OnceCell::new(),
            diagnostics: Vec::new(),
            nested: Vec::new(),
            comparisons: MOST_COMPARED,
            bare_rate_told: false,
        }
    }

    /// The same source, for asking a question without telling anybody.
    fn quiet(&self) -> Self {
        Self {
            text: self.text,
            enums: Rc::clone(&self.enums),
            structs: Rc::clone(&self.structs),
            indexed: OnceCell::new(),
            diagnostics: Vec::new(),
            nested: Vec::new(),
            comparisons: 0,
            bare_rate_told: true,
        }
    }

    /// What is written at a span.
    fn written(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether the file indexes a field of that name by something that is no literal, as one does with a map.
    fn is_indexed(&self, name: &str) -> bool {
        self.indexed
            .get_or_init(|| usage::indexed(self.text))
            .contains(name)
    }

    /// The variant that `Mode.Idle` names and all that `Mode` has, if there is an enum `Mode` in the file.
    fn variant(&self, value: &'a Value) -> Option<(&'a str, Vec<String>)> {
        let ValueKind::Path(names) = &value.kind else {
            return None;
        };
        let [of, name] = names.as_slice() else {
            return None;
        };
        let all = self.enums.get(of.text.as_str())?;
        Some((&name.text, all.iter().map(ToString::to_string).collect()))
    }

    /// Whether a value is never synchronised: a function, a computed value, `${…}` or a member expression.
    fn never_synced(&self, value: &'a Value) -> bool {
        self.variant(value).is_none() && values::never_synced(value, self.written(value.span))
    }
}

/// Decides everything that one source leaves open. What is wrong is told; what could be decided is in the world. A misspelt
/// trait is told too, and becomes in the tree what it was meant to be.
#[must_use]
pub fn infer(text: &str, tree: &mut File) -> (World, Vec<Diagnostic>) {
    let misspelt = traits::mend(tree);
    let tree = &*tree;
    let mut cx = Cx::new(text, tree);
    cx.diagnostics = misspelt;
    traits::check(&mut cx, tree);
    let world = orbs::find(&mut cx, tree);
    let mut diagnostics = cx.diagnostics;
    diagnostics.sort_by_key(|one| (one.primary.span, one.code.id));
    diagnostics.dedup();
    (world, diagnostics)
}

fn collect_types<'a>(
    items: &'a [Item],
    enums: &mut BTreeMap<&'a str, Vec<&'a str>>,
    structs: &mut BTreeSet<&'a str>,
) {
    for item in items {
        let Item::Node(node) = item else { continue };
        match node.kind.text.as_str() {
            "enum" => {
                enums.insert(&node.label().text, variants(node));
            }
            "struct" => {
                structs.insert(&node.label().text);
            }
            _ => {}
        }
        collect_types(&node.items, enums, structs);
    }
}

fn variants(node: &Node) -> Vec<&str> {
    let mut names = Vec::new();
    for item in &node.items {
        if let Item::Field(field) = item {
            names.push(field.key.text.as_str());
        }
    }
    names
}
