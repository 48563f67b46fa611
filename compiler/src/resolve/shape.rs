//! One node with its templates merged in: traits, properties, state, handlers.
//!
//! What the object says comes after what its template says, so the later word wins wherever the two speak of one thing.

use std::collections::{BTreeMap, BTreeSet};

use holo_grammar::ast::{Field, Item, NetworkedBlock, Node, Span, StateBlock, TraitUse, ValueKind};

use super::Scopes;
use crate::family;

/// Blocks inside a node whose code is the node's own.
const CODE_BLOCKS: [&str; 6] = [
    "logic", "actions", "computed", "watch", "methods", "handlers",
];

/// Whether a node is nothing but code.
#[must_use]
pub fn is_code_block(node: &Node) -> bool {
    CODE_BLOCKS.contains(&node.kind.text.as_str())
}

/// A declaration of a property or a state field, with the one of a template that it replaces.
#[derive(Clone, Copy, Debug)]
pub struct Decl<'a> {
    /// The declaration that counts.
    pub field: &'a Field,
    /// The template's declaration of the same name.
    pub base: Option<&'a Field>,
    /// The trait alone on a line that governs it inside `state {}`.
    pub governed: Option<&'a TraitUse>,
}

/// What a node says, templates included.
#[derive(Debug, Default)]
pub struct Shape<'a> {
    /// Traits of the header and the body.
    pub traits: Vec<&'a TraitUse>,
    /// Sync-family traits with the name that follows them on the line: `@networked position`.
    pub marked: Vec<(&'a TraitUse, &'a Field)>,
    /// Properties in source order.
    pub props: Vec<Decl<'a>>,
    /// State fields in source order.
    pub state: Vec<Decl<'a>>,
    /// `networked {}` blocks.
    pub networked: Vec<&'a NetworkedBlock>,
    /// Where the bodies of its handlers stand.
    pub code: Vec<Span>,
    /// Fields declared twice by one node: the first and the second.
    pub twice: Vec<(&'a Field, &'a Field)>,
    /// Whether any of the nodes is a `networked_object`.
    pub networked_object: bool,
}

/// Merges a node with the templates behind it.
#[must_use]
pub fn shape<'a>(scopes: &Scopes<'a>, at: usize) -> Shape<'a> {
    let mut shape = Shape::default();
    for base in scopes.chain(at) {
        shape.take(scopes.entries[base].node);
        // A template's own mistakes are reported where it stands.
        shape.twice.clear();
    }
    shape.take(scopes.entries[at].node);
    shape
}

impl<'a> Shape<'a> {
    fn take(&mut self, node: &'a Node) {
        self.networked_object |= node.kind.text == "networked_object";
        self.traits.extend(&node.header);
        let (mut props, mut state) = (Vec::new(), Vec::new());
        for item in &node.items {
            match item {
                Item::Trait(used) => self.traits.push(used),
                Item::Field(field) => self.take_field(field, &mut props),
                // A machine's named states are the states it can be in, and none of its data.
                Item::State(block) if block.name.is_some() && node.kind.text == "state_machine" => {
                }
                Item::State(block) => state.extend(governed(block)),
                Item::Networked(block) => self.networked.push(block),
                Item::Code(code) => self.code.push(code.body),
                Item::Node(inner) if is_code_block(inner) => self.code.push(inner.span),
                Item::Node(_)
                | Item::Import(_)
                | Item::Spread(_)
                | Item::Const(_)
                | Item::Alias(_)
                | Item::Other(_) => {}
            }
        }
        let given = self.given(&props, &state);
        let given = |decl: &Decl<'a>| given.contains(decl.field.key.text.as_str());
        let (given, props) = props.into_iter().partition(given);
        merge(&mut self.props, props, &mut self.twice);
        state.extend::<Vec<_>>(given);
        merge(&mut self.state, state, &mut self.twice);
    }

    /// The properties that give values to fields of a template's state: `hp: 3` where the template has `state { hp: 2 }`.
    fn given(&self, props: &[Decl<'a>], state: &[Decl<'a>]) -> BTreeSet<&'a str> {
        let names = |all: &[Decl<'a>]| -> BTreeSet<&'a str> {
            let names = all.iter().map(|one| one.field.key.text.as_str());
            names.collect()
        };
        if self.state.is_empty() || props.is_empty() {
            return BTreeSet::new();
        }
        let mut given = names(props);
        let (theirs, taken, own) = (names(&self.state), names(&self.props), names(state));
        given.retain(|name| theirs.contains(name) && !taken.contains(name) && !own.contains(name));
        given
    }

    fn take_field(&mut self, field: &'a Field, props: &mut Vec<Decl<'a>>) {
        if let Some(value) = &field.value
            && (matches!(value.kind, ValueKind::Function)
                || (matches!(value.kind, ValueKind::Map(_)) && is_handler(&field.key.text)))
        {
            self.code.push(value.span);
        }
        let marker = field
            .traits
            .iter()
            .find(|used| family::makes_orb(&used.name.text));
        match marker {
            // `@networked position`: a bare name after the trait lists it and declares nothing.
            Some(used) if is_flag(field) && used.span.start < field.key.span.start => {
                self.marked.push((used, field))
            }
            _ => props.push(Decl {
                field,
                base: None,
                governed: None,
            }),
        }
    }
}

/// The fields of a state block, each with the trait that governs it.
#[must_use]
pub fn governed(block: &StateBlock) -> Vec<Decl<'_>> {
    let mut governing = None;
    let mut fields = Vec::new();
    for item in &block.items {
        match item {
            Item::Trait(used) if family::owned(&used.name.text) => governing = Some(used),
            Item::Field(field) => fields.push(Decl {
                field,
                base: None,
                governed: governing,
            }),
            _ => {}
        }
    }
    fields
}

/// Lays the declarations of a node over those of its templates.
fn merge<'a>(
    into: &mut Vec<Decl<'a>>,
    fields: Vec<Decl<'a>>,
    twice: &mut Vec<(&'a Field, &'a Field)>,
) {
    let inherited = into.len();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut index: BTreeMap<&str, usize> = into
        .iter()
        .enumerate()
        .map(|(i, d)| (d.field.key.text.as_str(), i))
        .collect();
    for decl in fields {
        let key = decl.field.key.text.as_str();
        if let Some(first) = seen.get(key) {
            twice.push((into[*first].field, decl.field));
            continue;
        }
        let at = match index.get(key).copied() {
            Some(i) if i < inherited => {
                let old = into[i];
                into[i] = Decl {
                    base: Some(old.base.unwrap_or(old.field)),
                    governed: decl.governed.or(old.governed),
                    ..decl
                };
                i
            }
            _ => {
                into.push(decl);
                index.insert(key, into.len() - 1);
                into.len() - 1
            }
        };
        seen.insert(key, at);
    }
}

/// Whether the field is a name and nothing else, which reads as `true`.
#[must_use]
fn is_flag(field: &Field) -> bool {
    let implied = match &field.value {
        None => true,
        Some(value) => {
            matches!(value.kind, ValueKind::Bool(true)) && value.span.start <= field.key.span.start
        }
    };
    implied && field.ty.is_none() && field.modifier.is_none()
}

fn is_handler(key: &str) -> bool {
    let mut rest = key.strip_prefix("on").unwrap_or_default().chars();
    rest.next().is_some_and(|c| c == '_' || c.is_uppercase())
}
