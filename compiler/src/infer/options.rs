//! R1: options, wherever they stand: in a trait, in `networked {}`, or as items of the node.

use std::collections::BTreeMap;

use holo_grammar::ast::{Field, Item, Name, Span, TraitUse, Value, ValueKind};
use holo_grammar::diagnostic::{Applicability, Diagnostic};

use super::policy::canonical;
use super::{Cx, authority, rate};
use crate::resolve::Shape;
use crate::{codes, family};

/// Options that cannot be mistaken for a property when they stand as an item of a node.
const AS_ITEMS: [&str; 14] = [
    "sync_rate",
    "syncRate",
    "send_rate",
    "sync",
    "sync_properties",
    "syncProperties",
    "sync_position",
    "sync_rotation",
    "sync_scale",
    "syncTier",
    "authority",
    "interpolation",
    "interpolation_delay",
    "conflict_resolution",
];

/// Options that are common words, and options only where nothing but synchronising is meant.
const IN_NETWORKED: [&str; 8] = [
    "rate",
    "mode",
    "properties",
    "reliable",
    "channel",
    "interpolate",
    "ownership",
    "transferable",
];

/// One option that somebody set.
#[derive(Clone, Copy, Debug)]
pub(super) struct OptionUse<'a> {
    /// The name that all its spellings share.
    pub(super) name: &'a str,
    /// The trait that carries it, or `networked` for blocks and items.
    pub(super) of: &'a str,
    /// Its value.
    pub(super) value: &'a Value,
    /// Where it stands.
    pub(super) span: Span,
}

/// All options of a node, in source order, a template's first.
#[derive(Debug, Default)]
pub(super) struct Options<'a> {
    uses: Vec<OptionUse<'a>>,
    /// The last use of each name.
    last: BTreeMap<&'a str, usize>,
}

impl<'a> Options<'a> {
    /// Collects the options of a node and reports those with two values.
    pub(super) fn gather(cx: &mut Cx<'a>, shape: &Shape<'a>) -> Self {
        let mut options = Self::default();
        for used in &shape.traits {
            options.take_trait(used);
        }
        for block in &shape.networked {
            for item in &block.items {
                if let Item::Field(field) = item
                    && let Some(value) = &field.value
                    && is_network_option(&field.key.text)
                {
                    options.push(&field.key, "networked", value, field.span);
                }
            }
        }
        for decl in &shape.props {
            if is_item(decl.field, shape)
                && let Some(value) = &decl.field.value
            {
                options.push(&decl.field.key, "networked", value, decl.field.span);
            }
        }
        options.contradictions(cx);
        options
    }

    fn take_trait(&mut self, used: &'a TraitUse) {
        // The arguments of `@crdt` are fields, and those of `@persistent` and `@owned` have meanings of their own.
        if !family::makes_orb(&used.name.text) || used.name.text == "crdt" {
            return;
        }
        for arg in &used.args {
            match &arg.key {
                Some(key) => self.push(key, &used.name.text, &arg.value, arg.span),
                None => self.add(OptionUse {
                    name: "properties",
                    of: &used.name.text,
                    value: &arg.value,
                    span: arg.span,
                }),
            }
        }
    }

    fn push(&mut self, key: &'a Name, of: &'a str, value: &'a Value, span: Span) {
        self.add(OptionUse {
            name: canonical(&key.text),
            of,
            value,
            span,
        });
    }

    fn add(&mut self, one: OptionUse<'a>) {
        self.last.insert(one.name, self.uses.len());
        self.uses.push(one);
    }

    /// Every use of an option.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &OptionUse<'a>> {
        self.uses.iter().filter(move |one| one.name == name)
    }

    /// The use that counts: the last one.
    pub(super) fn last(&self, name: &str) -> Option<&OptionUse<'a>> {
        self.uses.get(*self.last.get(name)?)
    }

    /// The truth of an option, if it is set to one.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match &self.last(name)?.value.kind {
            ValueKind::Bool(on) => Some(*on),
            ValueKind::Str(text) if text == "none" => Some(false),
            ValueKind::Str(_) => Some(true),
            ValueKind::Null => Some(false),
            _ => None,
        }
    }

    fn contradictions(&self, cx: &mut Cx<'a>) {
        let mut latest: BTreeMap<(&str, &str), &OptionUse<'a>> = BTreeMap::new();
        for later in &self.uses {
            // Authority has a rule of its own, and lists in different traits add up.
            if later.name == "authority" {
                continue;
            }
            let of = if later.name == "properties" {
                later.of
            } else {
                ""
            };
            let Some(earlier) = latest.insert((later.name, of), later) else {
                continue;
            };
            if same(cx, earlier, later) {
                continue;
            }
            // Of two authorities the stricter counts, whichever is the later.
            if later.name == "mode"
                && authority::read(earlier)
                    .or(authority::read(later))
                    .is_some()
            {
                continue;
            }
            let [was, is] = [earlier, later].map(|one| rate::shorten(cx.written(one.value.span)));
            let message = format!(
                "`{}` is `{was}` and `{is}` for one node; `{is}` wins",
                later.name
            );
            let mut warning = Diagnostic::warning(&codes::OPTION_TWICE, message, later.span)
                .label("this one counts")
                .also(earlier.span, "this one does not")
                .help("keep one of the two");
            // What a template says counts for others.
            if cx.in_one_node(earlier.span, later.span) {
                warning = warning.fix(cx.remove(earlier.span, Applicability::Safe));
            }
            cx.tell(warning);
        }
    }
}

fn same(cx: &Cx<'_>, a: &OptionUse<'_>, b: &OptionUse<'_>) -> bool {
    if a.name == "rate" {
        return rate::hertz(a.value) == rate::hertz(b.value);
    }
    let plain = |one: &OptionUse<'_>| {
        cx.written(one.value.span)
            .trim_matches(['"', '\''])
            .to_owned()
    };
    plain(a) == plain(b)
}

/// Whether an item of the node is an option rather than a property.
pub(super) fn is_item(field: &Field, shape: &Shape<'_>) -> bool {
    let key = field.key.text.as_str();
    // `rate: 5` may be a rate of anything, `rate: 5hz` only one thing.
    let frequency = || field.value.as_ref().is_some_and(rate::is_frequency);
    AS_ITEMS.contains(&key)
        || (shape.networked_object && IN_NETWORKED.contains(&key))
        || (key == "rate" && frequency())
}

/// Whether an entry of `networked {}` is an option rather than a field.
pub(super) fn is_network_option(key: &str) -> bool {
    AS_ITEMS.contains(&key) || IN_NETWORKED.contains(&key)
}
