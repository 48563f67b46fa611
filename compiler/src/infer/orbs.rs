//! R1, R7, R9: which nodes are types, which are instances of one, and what all of them are called.

use std::collections::BTreeMap;
use std::rc::Rc;

use holo_grammar::ast::{Item, Node, Span};
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix, Severity};

use super::fields::{self, Making};
use super::makers::Makers;
use super::nested::{self, Holder};
use super::options::Options;
use super::select;
use super::worlds::{self, Member};
use super::{Cx, Shared, authority, elsewhere, names, policy, rate, repair, taken};
use crate::model::{Instance, Orb, World};
use crate::resolve::{Scopes, Shape};
use crate::{codes, family};

/// What a node is to synchronising.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Type,
    /// Of the entry with that index.
    InstanceOf(usize),
}

/// How many objects may be instances of one another before they are taken for a circle.
const MAX_HOPS: usize = 64;

/// What is known of all nodes of a program before any of them is built.
pub(super) struct Survey<'a> {
    pub(super) shapes: Vec<Shape<'a>>,
    pub(super) roles: Vec<Role>,
    /// What each composition holds, if it holds anything.
    pub(super) members: BTreeMap<usize, Vec<Member>>,
    /// The Rust type of each entry that is one.
    pub(super) rust: BTreeMap<usize, String>,
}

impl<'a> Survey<'a> {
    /// Finds which nodes are types, which are instances, and what the types are called.
    pub(super) fn new(shared: &Shared<'a>) -> Self {
        let (program, scopes) = (shared.program, &shared.scopes);
        let shapes = taken::shapes(shared, taken::MOST);
        let roles = roles(shared, &shapes);
        let members = worlds::members(shared, &roles);
        let mut survey = Self {
            shapes,
            roles,
            members,
            rust: BTreeMap::new(),
        };
        for part in 0..program.parts.len() {
            // Collisions are told when the part itself is built.
            let types = survey.types(scopes, part);
            let named: Vec<_> = types
                .iter()
                .map(|at| names::Named::of(scopes, *at))
                .collect();
            let rust = names::quietly(&named);
            survey.rust.extend(types.into_iter().zip(rust));
        }
        survey
    }

    /// The nodes of a part that are types.
    fn types(&self, scopes: &Scopes<'a>, part: usize) -> Vec<usize> {
        let all = scopes.of_part(part);
        all.filter(|at| self.roles[*at] == Role::Type || self.members.contains_key(at))
            .collect()
    }
}

/// Finds the orbs and instances of a part.
pub(super) fn find<'a>(cx: &mut Cx<'a>, survey: &Survey<'a>) -> World {
    let scopes = Rc::clone(&cx.scopes);
    twins(cx, &survey.roles);
    let types = survey.types(&scopes, cx.part);
    let named: Vec<_> = types
        .iter()
        .map(|at| names::Named::of(&scopes, *at))
        .collect();
    let rust = names::types(cx, &named);

    let mut world = World::default();
    for ((&at, named), rust) in types.iter().zip(&named).zip(rust) {
        if survey.roles[at] != Role::Type {
            continue;
        }
        let wire = named.path.join("/");
        let orb = build(cx, scopes.entries[at].node, &survey.shapes[at], rust, wire);
        world.orbs.append(&mut cx.nested);
        world.orbs.push(orb);
        let synced = |at: usize| survey.roles[at] != Role::Plain;
        elsewhere::check(cx, at, &survey.shapes[at], synced);
    }
    template_typos(cx, &types);
    for at in scopes.of_part(cx.part) {
        let label = scopes.entries[at].node.label();
        match survey.roles[at] {
            Role::InstanceOf(of) => world.instances.push(Instance {
                name: label.text.clone(),
                of: scopes.entries[of].node.label().text.clone(),
                span: label.span,
            }),
            Role::Plain => not_synced(cx, scopes.entries[at].node),
            Role::Type => {}
        }
    }
    world
}

fn roles<'a>(shared: &Shared<'a>, shapes: &[Shape<'a>]) -> Vec<Role> {
    let scopes = &shared.scopes;
    let mut roles = vec![Role::Plain; shapes.len()];
    for at in 0..shapes.len() {
        if Makers::of(&shapes[at]).is_none() {
            continue;
        }
        let node = scopes.entries[at].node;
        let base = scopes.entries[at]
            .bases
            .iter()
            .rev()
            .find(|base| Makers::of(&shapes[**base]).is_some());
        roles[at] = match base {
            // A template is a type, whatever it is made of.
            Some(&base)
                if !scopes.entries[at].is_template()
                    && !speaks_of_sync(node)
                    && same_fields(shared, (at, &shapes[at]), &shapes[base]) =>
            {
                Role::InstanceOf(base)
            }
            _ => Role::Type,
        };
    }
    // An object like another that is itself an instance is one of the same type; in a circle each is its own.
    for at in 0..roles.len() {
        let mut hops = 0;
        while let Role::InstanceOf(base) = roles[at] {
            roles[at] = match roles[base] {
                Role::InstanceOf(next) if hops < MAX_HOPS => Role::InstanceOf(next),
                Role::InstanceOf(_) => Role::Type,
                _ => break,
            };
            hops += 1;
        }
    }
    roles
}

/// Whether the node itself has a word of the sync family.
fn speaks_of_sync(node: &Node) -> bool {
    let owned = |used: &holo_grammar::ast::TraitUse| family::owned(&used.name.text);
    node.kind.text == "networked_object"
        || node.header.iter().any(owned)
        || node.items.iter().any(|item| match item {
            Item::Trait(used) => owned(used),
            Item::Networked(_) => true,
            Item::Field(field) => field.modifier.is_some() || field.traits.iter().any(owned),
            _ => false,
        })
}

fn same_fields<'a>(shared: &Shared<'a>, (at, own): (usize, &Shape<'a>), base: &Shape<'a>) -> bool {
    let names = |shape: &Shape<'a>| {
        // Asked once more for the names alone; what there is to tell is told when the type is built.
        let mut quiet = Cx::new(shared, shared.scopes.entries[at].part).quiet();
        let options = Options::gather(&mut quiet, shape);
        let makers = Makers::of(shape).unwrap_or_default();
        select::select(&mut quiet, shape, &options, makers)
            .iter()
            .map(|pick| pick.name.to_owned())
            .collect::<Vec<_>>()
    };
    let (mut own, mut base) = (names(own), names(base));
    own.sort_unstable();
    base.sort_unstable();
    own == base
}

/// Reports nodes of one kind, name and scope of which one is synchronised.
fn twins(cx: &mut Cx<'_>, roles: &[Role]) {
    let scopes = Rc::clone(&cx.scopes);
    let mut seen: BTreeMap<(Option<usize>, &str, &str), usize> = BTreeMap::new();
    for at in scopes.of_part(cx.part) {
        let entry = &scopes.entries[at];
        let label = entry.node.label();
        let key = (
            entry.parent,
            entry.node.kind.text.as_str(),
            label.text.as_str(),
        );
        let Some(first) = seen.get(&key).copied() else {
            seen.insert(key, at);
            continue;
        };
        if roles[at] == Role::Plain && roles[first] == Role::Plain {
            continue;
        }
        let kind = &entry.node.kind.text;
        cx.tell(
            Diagnostic::error(
                &codes::DUPLICATE_ORB,
                format!("there are two {kind}s named `{label}` here"),
                label.span,
            )
            .label("named again here")
            .also(scopes.entries[first].node.label().span, "first named here")
            .help("rename one of the two; what is synchronised goes by its name"),
        );
    }
}

/// Builds the type of a node. Its nested structs are left in the context.
pub(super) fn build<'a>(
    cx: &mut Cx<'a>,
    node: &'a Node,
    shape: &Shape<'a>,
    rust: String,
    wire: String,
) -> Orb {
    let makers = Makers::of(shape).unwrap_or_default();
    for (first, second) in &shape.twice {
        cx.tell(nested::duplicate(
            &second.key.text,
            first.key.span,
            second.key.span,
        ));
    }
    local_and_synced(cx, shape, node);
    let options = Options::gather(cx, shape);
    policy::check(cx, shape);
    let rate_hz = rate::decide(cx, &options, makers.networked);
    let authority = authority::decide(cx, shape, &options);
    let picks = select::select(cx, shape, &options, makers);
    let label = node.label();
    // What is wrong with a list has been told with the list.
    if picks.is_empty() && options.last("properties").is_none() {
        cx.tell(
            Diagnostic::warning(
                &codes::NOTHING_SYNCED,
                format!("`{label}` has nothing to synchronise"),
                label.span,
            )
            .label("no state, and no listed or declared fields")
            .help("declare `state { … }`, or list fields with `@synced(properties: […])`"),
        );
    }
    let crdt_args = shape
        .traits
        .iter()
        .filter(|used| used.name.text == "crdt")
        .flat_map(|used| &used.args);
    let named = crdt_args.filter_map(|arg| Some((arg.key.as_ref()?.text.as_str(), arg)));
    let making = Making {
        holder: Holder {
            rust: &rust,
            wire: &wire,
            authority,
            parts: None,
        },
        options: &options,
        node_crdt: named.collect(),
        networked: makers.networked,
    };
    let fields = fields::build(cx, picks, &making);
    Orb {
        label: label.text.clone(),
        kind: node.kind.text.clone(),
        docs: node.docs.clone(),
        span: label.span,
        rate_hz: Some(rate_hz),
        authority,
        policy: policy::decide(shape, &options),
        fields,
        members: Vec::new(),
        rust,
        wire,
    }
}

fn local_and_synced(cx: &mut Cx<'_>, shape: &Shape<'_>, node: &Node) {
    let Some(local) = shape
        .traits
        .iter()
        .find(|used| used.name.text == "local_only")
    else {
        return;
    };
    let maker = shape
        .traits
        .iter()
        .find(|used| family::makes_orb(&used.name.text));
    let label = node.label();
    let message = format!("`{label}` is both local only and synchronised");
    let mut error = Diagnostic::error(&codes::LOCAL_AND_SYNCED, message, local.span)
        .label("keeps it to one peer")
        .help("take one of the two away");
    if let Some(maker) = maker {
        error = error.also(maker.span, "synchronises it");
        // What was meant to stay must not leak, so of two guesses the one that keeps it comes first.
        error = error.fix(cx.remove(maker.span, Applicability::Unsafe));
    }
    cx.tell(error.fix(cx.remove(local.span, Applicability::Unsafe)));
}

/// How many templates a name is compared with.
const MOST_COMPARED: usize = 256;

/// Warns of a template that is nowhere and almost one that synchronises: without it the node would silently not.
fn template_typos(cx: &mut Cx<'_>, types: &[usize]) {
    let scopes = Rc::clone(&cx.scopes);
    let entries = types.iter().map(|at| &scopes.entries[*at]);
    let known: Vec<&str> = entries
        .filter(|entry| entry.is_template())
        .map(|entry| entry.node.label().text.as_str())
        .take(MOST_COMPARED)
        .collect();
    for using in scopes
        .of_part(cx.part)
        .filter_map(|at| scopes.entries[at].node.using.as_ref())
    {
        // What an import leads nowhere with may still be meant.
        if scopes.knows(cx.part, &using.text) || scopes.is_lost(cx.part, &using.text) {
            continue;
        }
        let near = known
            .iter()
            .map(|name| (family::distance(&using.text, name), name));
        let near = near
            .filter(|(distance, name)| *distance <= family::tolerance(name))
            .min();
        let Some((_, near)) = near else { continue };
        cx.tell(
            Diagnostic::warning(
                &codes::TEMPLATE_TYPO,
                format!("there is no template `{using}` in this file"),
                using.span,
            )
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{near}`, or import `{using}`"))
            .fix(Fix {
                message: format!("write `{near}`"),
                span: using.span,
                replacement: cx
                    .written(using.span)
                    .replacen(using.text.as_str(), near, 1),
                applicability: Applicability::Unsafe,
            }),
        );
    }
}

/// Notes traits that only modify an orb on a node that is none.
fn not_synced(cx: &mut Cx<'_>, node: &Node) {
    let body = node.items.iter().filter_map(|item| match item {
        Item::Trait(used) => Some(used),
        _ => None,
    });
    let mut modifiers = node.header.iter().chain(body).filter(|used| {
        let name = used.name.text.as_str();
        family::modifies_orb(name) && name != "local_only"
    });
    let Some(first) = modifiers.next() else {
        return;
    };
    let (label, name) = (node.label(), &first.name.text);
    let message = format!("`{label}` is not synced: `@{name}` alone synchronises nothing");
    let mut note = Diagnostic::new(&codes::NOT_SYNCED, Severity::Note, message, first.span)
        .label("modifies nothing")
        .help("add `@networked` or `@synced` to synchronise it")
        .fix(repair::write(
            Span::new(first.span.start, first.span.start),
            "@networked ",
            Applicability::Unsafe,
        ));
    for other in modifiers {
        note = note.also(other.span, "nor does this");
    }
    cx.tell(note);
}
