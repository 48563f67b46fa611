//! R1: what makes a node an orb, and the words on single fields that do or say so.

use holo_grammar::ast::{Field, Value, ValueKind};

use crate::family;
use crate::resolve::{Decl, Shape};

/// What makes a node an orb.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Makers {
    /// `@networked` on the node or a field, `networked_object` or `networked {}`.
    pub(super) networked: bool,
    /// Only fields of `state {}` are marked.
    pub(super) state_only: bool,
}

impl Makers {
    /// What makes this node an orb, if anything does.
    pub(super) fn of(shape: &Shape<'_>) -> Option<Self> {
        let has = |name: &str| shape.traits.iter().any(|used| used.name.text == name);
        let networked = has("networked") || shape.networked_object || !shape.networked.is_empty();
        let other = shape
            .traits
            .iter()
            .any(|used| family::makes_orb(&used.name.text))
            || !shape.marked.is_empty()
            || shape.props.iter().any(|decl| marks_orb(decl.field));
        let state_only = !networked && !other && shape.state.iter().any(is_marked_state);
        // `@networked position` is as networked as `@networked`.
        let marks = shape.marked.iter().map(|(used, _)| *used);
        let decls = shape.props.iter().chain(&shape.state);
        let mut marks =
            marks.chain(decls.flat_map(|decl| decl.governed.into_iter().chain(&decl.field.traits)));
        let by_field = marks.any(|used| used.name.text == "networked");
        (networked || other || state_only).then_some(Self {
            networked: networked || by_field,
            state_only,
        })
    }
}

/// Whether a field's own words make its node an orb.
pub(super) fn marks_orb(field: &Field) -> bool {
    field.modifier.is_some()
        || field
            .traits
            .iter()
            .any(|used| family::makes_orb(&used.name.text))
}

/// Whether a field names itself as synchronised; `@crdt` on a field only says what it is.
pub(super) fn is_marker(field: &Field) -> bool {
    let names = |name: &str| family::makes_orb(name) && name != "crdt";
    field.modifier.is_some()
        || field.traits.iter().any(|used| names(&used.name.text))
        || field
            .value
            .as_ref()
            .is_some_and(|value| marker_word(value).is_some())
}

/// The words that say of a field what is to be done with it.
pub(super) const MARKERS: [&str; 4] = ["synced", "replicated", "interpolated", "owner_only"];

/// `synced`, `interpolated`, `owner_only`: a value that is a marker.
pub(super) fn marker_word(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::Path(names) if names.len() == 1 => {
            let word = names[0].text.as_str();
            MARKERS.contains(&word).then_some(word)
        }
        _ => None,
    }
}

pub(super) fn is_marked_state(decl: &Decl<'_>) -> bool {
    marks_orb(decl.field)
        || decl
            .governed
            .is_some_and(|used| family::makes_orb(&used.name.text))
}

pub(super) fn is_local(decl: &Decl<'_>) -> bool {
    match decl
        .field
        .traits
        .iter()
        .find(|used| family::owned(&used.name.text))
    {
        Some(used) => used.name.text == "local_only",
        None => decl
            .governed
            .is_some_and(|used| used.name.text == "local_only"),
    }
}
