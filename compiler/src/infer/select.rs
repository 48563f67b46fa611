//! R2 and R4: which fields of an orb synchronise.

use std::collections::{BTreeMap, BTreeSet};

use holo_grammar::ast::{Field, Item, Span, ValueKind};

use super::makers::{Makers, is_local, is_marked_state, is_marker, marker_word, marks_orb};
use super::options::{Options, is_item, is_network_option};
use super::values::is_literal;
use super::{Cx, markers};
use crate::family;
use crate::resolve::{Decl, Shape};

/// The pose, in the order in which it is declared.
pub(super) const POSE: [&str; 3] = ["position", "rotation", "scale"];

/// Why a field is among the synchronised ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It is listed.
    Listed,
    /// It carries a marker.
    Marked,
    /// A value in `networked {}` that asks for interpolation.
    Interpolated,
    /// It stands in `state {}`.
    State,
    /// One of the node's handlers writes it.
    Written,
    /// Every node of its kind has it.
    Pose,
    /// It is declared, and its trait sends what is declared.
    Declared,
}

/// A field to synchronise.
#[derive(Clone, Debug)]
pub(super) struct Pick<'a> {
    /// Its name as written.
    pub(super) name: &'a str,
    /// Its declaration, if there is one.
    pub(super) decl: Option<Decl<'a>>,
    /// Why it is here.
    pub(super) why: Why,
    /// Where to point: the declaration, else what named it.
    pub(super) span: Span,
    /// Whether `networked {}` leaves it to the owner.
    pub(super) owner_only: bool,
    /// The paths inside it that are named, if not all of it is: `hp` of `"stats.hp"`.
    pub(super) parts: Option<Vec<&'a str>>,
}

/// The fields of an orb, pose first, then properties, then state.
pub(super) fn select<'a>(
    cx: &mut Cx<'a>,
    shape: &Shape<'a>,
    options: &Options<'a>,
    makers: Makers,
) -> Vec<Pick<'a>> {
    let mut selection = Selection::new(shape);
    markers::check(cx, shape);
    selection.choose(cx, options, makers);
    let chosen = selection.in_order();
    markers::hidden(cx, shape, &chosen);
    chosen
}

/// Whether a path leads to a field of a structure; if not, the names where it ends.
fn leads<'a>(fields: &'a [Field], path: &str) -> Result<(), Vec<&'a str>> {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    let found = fields.iter().find(|field| field.key.text == head);
    let Some(field) = found else {
        return Err(fields.iter().map(|field| field.key.text.as_str()).collect());
    };
    match field.value.as_ref().map(|value| &value.kind) {
        Some(ValueKind::Map(inner)) if !rest.is_empty() => leads(inner, rest),
        _ => Ok(()),
    }
}

/// The fields of one node while they are chosen.
struct Selection<'s, 'a> {
    shape: &'s Shape<'a>,
    props: BTreeMap<&'a str, usize>,
    states: BTreeMap<&'a str, usize>,
    picks: BTreeMap<&'a str, (Pick<'a>, usize)>,
}

impl<'s, 'a> Selection<'s, 'a> {
    fn new(shape: &'s Shape<'a>) -> Self {
        let index = |decls: &[Decl<'a>]| {
            decls
                .iter()
                .enumerate()
                .map(|(i, decl)| (decl.field.key.text.as_str(), i))
                .collect::<BTreeMap<_, _>>()
        };
        let mut props = index(&shape.props);
        props.retain(|_, i| !is_item(shape.props[*i].field, shape));
        Self {
            shape,
            props,
            states: index(&shape.state),
            picks: BTreeMap::new(),
        }
    }

    /// Takes what the node names, or all that synchronises where it names nothing.
    fn choose(&mut self, cx: &mut Cx<'a>, options: &Options<'a>, makers: Makers) {
        if makers.state_only {
            return self.state(cx, is_marked_state);
        }
        let listed = self.listed(cx, options);
        let marked = self.marked(cx, makers);
        if marked && !listed {
            self.state(cx, |_| true);
        } else if listed {
            self.state(cx, is_marked_state);
        } else {
            self.everything(cx, options, makers);
        }
    }

    /// The declaration of a name: the state's before the property.
    fn decl(&self, name: &str) -> Option<Decl<'a>> {
        let state = self.states.get(name).map(|i| self.shape.state[*i]);
        state.or_else(|| self.props.get(name).map(|i| self.shape.props[*i]))
    }

    fn pick(&mut self, name: &'a str, why: Why, span: Span) {
        let decl = self.decl(name);
        let span = decl.map_or(span, |decl| decl.field.key.span);
        let order = self.picks.len();
        self.picks.entry(name).or_insert((
            Pick {
                name,
                decl,
                why,
                span,
                owner_only: false,
                parts: None,
            },
            order,
        ));
    }

    /// Picks what lies at a path inside a structure; false if the path does not lead into one.
    fn pick_path(&mut self, cx: &mut Cx<'a>, entry: &'a str, span: Span) -> bool {
        let Some((head, path)) = entry.split_once('.') else {
            return false;
        };
        let Some(decl) = self.decl(head) else {
            return false;
        };
        let Some(ValueKind::Map(inner)) = decl.field.value.as_ref().map(|value| &value.kind) else {
            // A part of a plain value travels with all of it.
            self.pick(head, Why::Listed, span);
            return true;
        };
        if let Err(known) = leads(inner, path) {
            super::fields::unknown_part(cx, entry, path, &known, span);
            return true;
        }
        let fresh = !self.picks.contains_key(head);
        self.pick(head, Why::Listed, span);
        if let Some((pick, _)) = self.picks.get_mut(head) {
            match &mut pick.parts {
                Some(parts) => parts.push(path),
                None if fresh => pick.parts = Some(vec![path]),
                // All of it is named elsewhere.
                None => {}
            }
        }
        true
    }

    fn state(&mut self, cx: &mut Cx<'a>, wanted: impl Fn(&Decl<'a>) -> bool) {
        for decl in &self.shape.state {
            let never = decl
                .field
                .value
                .as_ref()
                .is_some_and(|value| cx.never_synced(value));
            if wanted(decl) && !is_local(decl) && never {
                markers::left_out(cx, decl.field);
            } else if wanted(decl) && !is_local(decl) {
                let why = if is_marked_state(decl) {
                    Why::Marked
                } else {
                    Why::State
                };
                self.pick(&decl.field.key.text, why, decl.field.key.span);
            }
        }
    }

    /// Takes what lists name; false if there is no list.
    fn listed(&mut self, cx: &mut Cx<'a>, options: &Options<'a>) -> bool {
        let (mut any, mut list) = (false, Span::default());
        let uses: Vec<_> = options.all("properties").copied().collect();
        for (i, used) in uses.iter().enumerate() {
            // Of two lists in one trait, the later counts.
            if uses[i + 1..].iter().any(|later| later.of == used.of) {
                continue;
            }
            (any, list) = (true, used.span);
            for (entry, span) in super::fields::entries(used.value) {
                self.entry(
                    cx,
                    entry,
                    span,
                    matches!(used.value.kind, ValueKind::List(_)),
                );
            }
        }
        for name in POSE {
            if let Some(used) = options
                .last(name)
                .filter(|used| matches!(used.value.kind, ValueKind::Bool(true)))
            {
                (any, list) = (true, used.span);
                self.pick(name, Why::Listed, used.span);
            }
        }
        if any {
            for (name, option) in
                POSE.into_iter()
                    .zip(["sync_position", "sync_rotation", "sync_scale"])
            {
                match (options.last(option), options.flag(option)) {
                    (Some(used), Some(true)) => self.pick(name, Why::Listed, used.span),
                    (Some(used), Some(false)) if self.picks.contains_key(name) => {
                        markers::contradiction(cx, name, used, list)
                    }
                    _ => {}
                }
            }
        }
        any
    }

    fn entry(&mut self, cx: &mut Cx<'a>, entry: &'a str, span: Span, listed: bool) {
        let entry = entry.strip_prefix("this.").unwrap_or(entry);
        let entry = entry.strip_prefix("state.").unwrap_or(entry);
        match entry {
            "*" => self.star(cx, span),
            "state" if !self.props.contains_key("state") => self.state(cx, |_| true),
            _ if self.decl(entry).is_none() && self.pick_path(cx, entry, span) => {}
            _ => {
                if let Some((pick, _)) = self.picks.get_mut(entry) {
                    pick.parts = None;
                }
                if super::fields::may_be_listed(
                    cx,
                    (entry, span, listed),
                    self.decl(entry),
                    self.known(),
                ) {
                    self.pick(entry, Why::Listed, span);
                }
            }
        }
    }

    fn known(&self) -> impl Iterator<Item = &'a str> {
        self.states.keys().chain(self.props.keys()).copied()
    }

    /// `"*"`: state, pose, scale and every literal property.
    fn star(&mut self, cx: &mut Cx<'a>, span: Span) {
        self.state(cx, |_| true);
        for name in POSE {
            self.pick(name, Why::Listed, span);
        }
        for (name, i) in self.props.clone() {
            let field = self.shape.props[i].field;
            if field.value.as_ref().is_some_and(is_literal) {
                self.pick(name, Why::Listed, field.key.span);
            }
        }
    }

    /// Takes what markers name; false if there are none.
    fn marked(&mut self, cx: &Cx<'a>, makers: Makers) -> bool {
        let before = self.picks.len();
        for (_, field) in self.shape.marked.clone() {
            self.pick(&field.key.text, Why::Marked, field.key.span);
        }
        for block in self.shape.networked.clone() {
            for item in &block.items {
                let Item::Field(field) = item else { continue };
                let word = field.value.as_ref().and_then(marker_word);
                if word.is_some() || !is_network_option(&field.key.text) {
                    let why = if word == Some("interpolated") {
                        Why::Interpolated
                    } else {
                        Why::Marked
                    };
                    self.pick(&field.key.text, why, field.key.span);
                    if word == Some("owner_only")
                        && let Some((pick, _)) = self.picks.get_mut(field.key.text.as_str())
                    {
                        pick.owner_only = true;
                    }
                }
            }
        }
        for decl in &self.shape.props {
            let never = decl
                .field
                .value
                .as_ref()
                .is_some_and(|value| cx.never_synced(value));
            let crdt_alone = marks_orb(decl.field) && !makers.networked;
            if (is_marker(decl.field) || crdt_alone) && !never && !is_local(decl) {
                self.pick(&decl.field.key.text, Why::Marked, decl.field.key.span);
            }
        }
        self.picks.len() > before
    }

    /// Nothing is named: state, what handlers write, and the pose.
    fn everything(&mut self, cx: &mut Cx<'a>, options: &Options<'a>, makers: Makers) {
        let anchor = self
            .shape
            .traits
            .iter()
            .find(|used| family::makes_orb(&used.name.text))
            .map(|used| used.span);
        for (name, option, default) in [
            ("position", "sync_position", true),
            ("rotation", "sync_rotation", true),
            ("scale", "sync_scale", false),
        ] {
            let said = options.flag(option);
            let declared = self.decl(name).is_some();
            let given = if makers.networked {
                default
            } else {
                default && declared
            };
            if said.unwrap_or(given) {
                let why = if makers.networked || said == Some(true) {
                    Why::Pose
                } else {
                    Why::Declared
                };
                self.pick(name, why, anchor.unwrap_or_default());
            }
        }
        let mut written = BTreeSet::new();
        for span in &self.shape.code {
            written.extend(super::usage::written(cx.written(*span)));
        }
        for (name, i) in self.props.clone() {
            let field = self.shape.props[i].field;
            let crdt = field
                .traits
                .iter()
                .any(|used| ["crdt", "counter", "ordered"].contains(&used.name.text.as_str()));
            let never = field
                .value
                .as_ref()
                .is_some_and(|value| cx.never_synced(value));
            if (written.contains(name) || crdt) && !never && !is_local(&self.shape.props[i]) {
                self.pick(
                    name,
                    if crdt { Why::Marked } else { Why::Written },
                    field.key.span,
                );
            }
        }
        self.state(cx, |_| true);
    }

    fn in_order(self) -> Vec<Pick<'a>> {
        let Self {
            props,
            states,
            picks,
            ..
        } = self;
        let place = |pick: &Pick<'a>, order: usize| {
            let pose = POSE.iter().position(|name| *name == pick.name);
            match (pose, states.get(pick.name), props.get(pick.name)) {
                (Some(i), ..) => (0, i),
                (None, Some(i), _) => (3, *i),
                (None, None, Some(i)) => (1, *i),
                (None, None, None) => (2, order),
            }
        };
        let mut ordered: Vec<_> = picks
            .into_values()
            .map(|(pick, order)| (place(&pick, order), pick))
            .collect();
        ordered.sort_by_key(|(place, _)| *place);
        ordered.into_iter().map(|(_, pick)| pick).collect()
    }
}
