//! R2: what can be wrong with the naming of fields: markers that are none, and names that mean two things.
//!
//! Tells of it and decides nothing.

use std::collections::BTreeMap;

use holo_grammar::ast::{Field, Item, Span, ValueKind};
use holo_grammar::diagnostic::{Applicability, Diagnostic, Severity};

use super::makers::{MARKERS, marker_word};
use super::options::{OptionUse, is_item, is_network_option};
use super::select::Pick;
use super::{Cx, declared, repair};
use crate::resolve::Shape;
use crate::{codes, family};

/// Reports words that stand where a marker does and are none.
pub(super) fn check<'a>(cx: &mut Cx<'a>, shape: &Shape<'a>) {
    let blocks = shape.networked.iter().flat_map(|block| &block.items);
    let in_blocks = blocks.filter_map(|item| match item {
        Item::Field(field) if !is_network_option(&field.key.text) => Some((field, true)),
        _ => None,
    });
    let props = shape.props.iter().filter(|_| shape.networked_object);
    let props = props.map(|decl| decl.field);
    let props = props
        .filter(|field| !is_item(field, shape))
        .map(|field| (field, false));
    let found: Vec<(&Field, bool)> = in_blocks.chain(props).collect();
    for (field, in_block) in found {
        check_one(cx, field, in_block);
    }
}

fn check_one(cx: &mut Cx<'_>, field: &Field, in_block: bool) {
    let Some(value) = field.value.as_ref() else {
        return;
    };
    let ValueKind::Path(names) = &value.kind else {
        return;
    };
    let [word] = names.as_slice() else { return };
    let typed = declared::of_field(field, |name| cx.custom(name, field.span)).is_some();
    if typed || marker_word(value).is_some() {
        return;
    }
    let near = MARKERS.map(|one| (family::distance(&word.text, one), one));
    let near = near
        .into_iter()
        .filter(|(distance, one)| *distance <= family::tolerance(one));
    cx.misread.insert(field.key.span);
    let message = format!("`{word}` is no marker of a field");
    match near.min() {
        // A slip must not open to everybody what only the owner may write.
        Some((_, near)) => cx.tell(
            Diagnostic::error(&codes::MARKER_UNKNOWN, message, value.span)
                .label(format!("did you mean `{near}`?"))
                .help("write `synced`, `replicated`, `interpolated` or `owner_only`")
                .fix(repair::write(value.span, near, Applicability::Unsafe)),
        ),
        None if in_block => cx.tell(
            Diagnostic::warning(&codes::MARKER_UNKNOWN, message, value.span)
                .label("has no effect")
                .help("write `synced`, `replicated`, `interpolated` or `owner_only`"),
        ),
        // Elsewhere it may be a value that is worked out.
        None => {}
    }
}

/// Notes properties that cannot be named, because the state of the same node has a field of their name.
pub(super) fn hidden<'a>(cx: &mut Cx<'a>, shape: &Shape<'a>, picks: &[Pick<'a>]) {
    let chosen: BTreeMap<&str, _> = picks
        .iter()
        .filter_map(|pick| Some((pick.name, pick.decl?)))
        .collect();
    for decl in &shape.props {
        let key = &decl.field.key;
        let Some(chosen) = chosen.get(key.text.as_str()) else {
            continue;
        };
        let other = chosen.field.key.span;
        if other == key.span || is_item(decl.field, shape) || !cx.in_one_node(other, key.span) {
            continue;
        }
        let message = format!("the state has a `{key}` too, so this property stays local");
        cx.tell(
            Diagnostic::new(&codes::PROPERTY_HIDDEN, Severity::Note, message, key.span)
                .label("hidden by the field of the state")
                .also(other, "the one that is synchronised")
                .help("keep one of the two, or rename one"),
        );
    }
}

/// Notes a state field that is worked out from others. Functions go without saying.
pub(super) fn left_out(cx: &mut Cx<'_>, field: &Field) {
    let Some(value) = field
        .value
        .as_ref()
        .filter(|value| value.kind != ValueKind::Function)
    else {
        return;
    };
    let message = format!("`{}` is worked out, so it is not synchronised", field.key);
    cx.tell(
        Diagnostic::new(&codes::NEVER_SYNCED, Severity::Note, message, value.span)
            .label("left out")
            .help("synchronise what it is worked out from, or give it a value of its own"),
    );
}

/// Warns of a field that one option asks for and another takes away.
pub(super) fn contradiction(cx: &mut Cx<'_>, name: &str, used: &OptionUse<'_>, list: Span) {
    let message = format!("`{name}` is listed and switched off at once; the list wins");
    let written = cx.written(used.span);
    let fix = cx.remove(used.span, Applicability::Safe);
    let warning = Diagnostic::warning(&codes::CONTRADICTION, message, used.span)
        .label("has no effect")
        .help(format!("take `{name}` off the list, or remove `{written}`"));
    // What a template says counts for others.
    cx.tell(if cx.in_one_node(used.span, list) {
        warning.fix(fix)
    } else {
        warning
    });
}
