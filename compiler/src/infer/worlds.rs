//! R7: compositions as types of their own, which hold their objects and collections of what is spawned in them.
//!
//! Decides what the members are called, and builds the types. What belongs to which composition is decided in [`members`], and
//! what the objects are themselves in [`super::orbs`].

mod instances;
mod members;

pub(super) use members::{Member, members};

use std::collections::BTreeMap;
use std::rc::Rc;

use holo_codegen::names::escape;
use holo_codegen::schema::{Authority, Crdt, FieldPolicy, Initial, Lane, Policy, ValueType};
use holo_grammar::ast::Span;

use super::orbs::{Role, Survey};
use super::{Cx, article, names};
use crate::model::{Field, Orb, Reason, World};
use crate::resolve::Scopes;
use crate::resolve::links::rust_path;

/// The head of what becomes a world.
const COMPOSITION: &str = "composition";

/// Builds the types of all compositions.
pub(super) fn build<'a>(cxs: &mut [Cx<'a>], worlds: &mut [World], survey: &Survey<'a>) {
    let types: Vec<Types> = worlds.iter().map(Types::of).collect();
    for (&at, members) in &survey.members {
        let part = cxs[0].scopes.entries[at].part;
        let built = members
            .iter()
            .map(|member| match member {
                Member::Object(inner) => {
                    let known = Known {
                        worlds,
                        types: &types,
                    };
                    object(&mut cxs[part], known, survey, (at, *inner))
                }
                Member::Spawned(of, span) => spawning(&cxs[part], survey, *of, *span),
            })
            .collect();
        let built = named_apart(&cxs[part].scopes, at, members, built);
        finish(
            &mut cxs[part],
            (&mut worlds[part], &types[part]),
            survey,
            at,
            built,
        );
    }
}

/// Where the types of a world are, as they were before there were compositions among them; of two alike, the first.
struct Types {
    by_rust: BTreeMap<String, usize>,
    by_wire: BTreeMap<String, usize>,
}

impl Types {
    fn of(world: &World) -> Self {
        let index = |name: fn(&Orb) -> &String| {
            let all = world.orbs.iter().enumerate().rev();
            all.map(|(at, orb)| (name(orb).clone(), at)).collect()
        };
        Self {
            by_rust: index(|orb| &orb.rust),
            by_wire: index(|orb| &orb.wire),
        }
    }
}

/// The types of all sources.
#[derive(Clone, Copy)]
struct Known<'k> {
    worlds: &'k [World],
    types: &'k [Types],
}

impl<'k> Known<'k> {
    fn orb(self, part: usize, rust: &str) -> Option<&'k Orb> {
        let at = *self.types[part].by_rust.get(rust)?;
        self.worlds[part].orbs.get(at)
    }
}

/// Puts the members into the type of the composition, which it may have already for a state of its own.
fn finish<'a>(
    cx: &mut Cx<'a>,
    (world, types): (&mut World, &Types),
    survey: &Survey<'a>,
    at: usize,
    members: Vec<Field>,
) {
    let scopes = Rc::clone(&cx.scopes);
    let node = scopes.entries[at].node;
    let wire = scopes.path(at).join("/");
    let own = types.by_wire.get(&wire).copied();
    let own = own.filter(|_| survey.roles[at] == Role::Type);
    let own = own.unwrap_or_else(|| {
        world.orbs.push(Orb {
            label: node.label().text.clone(),
            kind: node.kind.text.clone(),
            docs: node.docs.clone(),
            span: node.label().span,
            rate_hz: None,
            authority: Authority::Shared,
            policy: Policy::default(),
            fields: Vec::new(),
            members: Vec::new(),
            rust: survey.rust.get(&at).cloned().unwrap_or_default(),
            wire,
        });
        world.orbs.len() - 1
    });
    world.orbs[own].members = members;
    names::check_fields(cx, world.orbs[own].parts());
}

/// The type of an entry, as a part of the program names it.
fn type_path(cx: &Cx<'_>, survey: &Survey<'_>, at: usize) -> String {
    let rust = survey.rust.get(&at).map(String::as_str).unwrap_or_default();
    let module = |part: usize| &cx.program.parts[part].module;
    rust_path(module(cx.part), module(cx.scopes.entries[at].part), rust)
}

/// The field of an object.
fn object<'a>(
    cx: &mut Cx<'a>,
    known: Known<'_>,
    survey: &Survey<'a>,
    (world, at): (usize, usize),
) -> Field {
    let scopes = Rc::clone(&cx.scopes);
    let node = scopes.entries[at].node;
    let label = node.label();
    let (of, initial) = match survey.roles[at] {
        Role::InstanceOf(of) => (of, instances::values(cx, known, survey, (at, of))),
        _ => (at, Initial::Zero),
    };
    let what = match (survey.roles[at], &initial) {
        (Role::InstanceOf(of), start) => {
            let of = &scopes.entries[of].node.label().text;
            let own = match start {
                Initial::Struct(parts) => {
                    let names = parts.iter().map(|(_, wire, _)| format!("`{wire}`"));
                    format!(" that starts with its own {}", listed(names.collect()))
                }
                _ => String::new(),
            };
            format!("it is {} `{of}`{own}", article(of))
        }
        _ if node.kind.text == COMPOSITION => "it is a composition within this one".to_owned(),
        _ => {
            let kind = &node.kind.text;
            format!("it is {} {kind} of its own shape", article(kind))
        }
    };
    let path: Vec<&str> = scopes.path(at).split_off(scopes.path(world).len());
    Field {
        docs: node.docs.clone(),
        ..member(
            path.join("/"),
            names::field(&label.text),
            label.span,
            (Crdt::Nested(type_path(cx, survey, of)), initial),
            Reason::new("R7", what, "take its sync traits away to keep it local"),
        )
    }
}

/// Names in a sentence, the first few of many.
fn listed(mut names: Vec<String>) -> String {
    const SHOWN: usize = 4;
    if names.len() > SHOWN {
        let more = names.len() - SHOWN;
        names.truncate(SHOWN);
        return format!("{} and {more} more", names.join(", "));
    }
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        last => last.unwrap_or_default(),
    }
}

/// The field of what is spawned from a template.
fn spawning(cx: &Cx<'_>, survey: &Survey<'_>, of: usize, spawned: Option<Span>) -> Field {
    let label = cx.scopes.entries[of].node.label();
    let why = match spawned {
        Some(_) => "code spawns objects of this template",
        None => "no object uses this template, so all there will be are spawned",
    };
    let rust = escape(&plural(names::field(&label.text).trim_start_matches("r#")));
    let value = Crdt::Nested(type_path(cx, survey, of));
    let here = spawned.unwrap_or(label.span);
    member(
        format!("{}[]", label.text),
        rust,
        here,
        (
            Crdt::OrMap(ValueType::InstanceId, Box::new(value)),
            Initial::Zero,
        ),
        Reason::new("R7", why, "take its sync traits away to keep it local"),
    )
}

fn member(
    wire: String,
    rust: String,
    span: Span,
    (crdt, initial): (Crdt, Initial),
    reason: Reason,
) -> Field {
    Field {
        id: 0,
        wire,
        rust,
        docs: Vec::new(),
        span,
        crdt,
        lane: Lane::Durable,
        initial,
        annotated: true,
        policy: FieldPolicy::default(),
        reason,
    }
}

/// More than one of what a word says.
fn plural(word: &str) -> String {
    let consonant = |c: char| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    if let Some(stem) = word.strip_suffix('y')
        && stem.ends_with(consonant)
    {
        return format!("{stem}ies");
    }
    let hisses = ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|end| word.ends_with(end));
    format!("{word}{}", if hisses { "es" } else { "s" })
}

/// Gives members of one name the names of what stands around them, too.
fn named_apart(
    scopes: &Scopes<'_>,
    world: usize,
    members: &[Member],
    mut fields: Vec<Field>,
) -> Vec<Field> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, field) in fields.iter().enumerate() {
        by_name.entry(field.rust.clone()).or_default().push(index);
    }
    let depth = scopes.path(world).len();
    for index in by_name.into_values().filter(|all| all.len() > 1).flatten() {
        match members[index] {
            Member::Object(at) => {
                fields[index].rust = names::field(&scopes.path(at)[depth..].join(" "))
            }
            Member::Spawned(..) => {
                let plain = fields[index].rust.trim_start_matches("r#");
                fields[index].rust = format!("spawned_{plain}");
            }
        }
    }
    fields
}
