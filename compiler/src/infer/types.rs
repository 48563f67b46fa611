//! R5: the type and CRDT of one field, from the strongest word on it to the weakest.
//!
//! Annotation, field trait, `@crdt` on the node, then usage, the field's well-known name, its template, its literal. (The
//! lock is stronger than usage; it has its say afterwards, in [`crate::lock`].)

use std::collections::BTreeMap;

use holo_codegen::schema::{Crdt, Initial, ValueType};
use holo_grammar::ast::{Arg, Field, Span, TraitUse, Value, ValueKind};

use super::declared::{self, Declared, Named};
use super::makers::marker_word;
use super::mistakes::{self, empty_map, misfit, not_constant};
use super::nested::{self, Holder};
use super::{Cx, counting, literals, values, words};
use crate::model::Reason;

/// What a field turned out to be.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) crdt: Crdt,
    pub(super) initial: Initial,
    pub(super) annotated: bool,
    pub(super) reason: Reason,
}

impl Typed {
    pub(super) fn guess(
        crdt: Crdt,
        initial: Initial,
        text: impl Into<String>,
        otherwise: impl Into<String>,
    ) -> Self {
        Self {
            crdt,
            initial,
            annotated: false,
            reason: Reason::new("R5", text, otherwise),
        }
    }

    pub(super) fn said(crdt: Crdt, initial: Initial, text: impl Into<String>) -> Self {
        Self {
            crdt,
            initial,
            annotated: true,
            reason: Reason::new("R5", text, ""),
        }
    }
}

/// A field whose type is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) name: &'a str,
    pub(super) field: Option<&'a Field>,
    pub(super) base: Option<&'a Field>,
    /// The value that somebody else gives it, which counts before its own.
    pub(super) given: Option<&'a Value>,
    pub(super) span: Span,
}

impl<'a> Asked<'a> {
    /// The value that counts, markers and types that only look like values aside.
    pub(super) fn value(&self) -> Option<&'a Value> {
        let own = |field: Option<&'a Field>| field.and_then(|field| field.value.as_ref());
        [self.given, own(self.field), own(self.base)]
            .into_iter()
            .flatten()
            .find(|value| marker_word(value).is_none())
    }
}

impl<'a> Asked<'a> {
    /// The value that decides the type, if somebody else's value stands over it, and that other one.
    pub(super) fn over_base(&self) -> (Option<&'a Value>, Option<&'a Value>) {
        let own = |field: Option<&'a Field>| field.and_then(|field| field.value.as_ref());
        match (self.base, self.given) {
            (Some(_), _) => (own(self.base), self.given.or(own(self.field))),
            (None, Some(given)) => (own(self.field), Some(given)),
            (None, None) => (None, None),
        }
    }
}

/// The arguments of `@crdt(…)` on a node, by the fields that they name; of two for one field, the last.
pub(super) type NodeCrdts<'a> = BTreeMap<&'a str, &'a Arg>;

/// Decides one field. `node_crdt` are the arguments of `@crdt(…)` on the node.
pub(super) fn decide<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    node_crdt: &NodeCrdts<'a>,
    holder: &Holder<'_>,
) -> Typed {
    let typed = by_strongest_word(cx, asked, node_crdt, holder);
    mistakes::equal_elements(cx, asked, &typed);
    counting::check(cx, asked, &typed, holder);
    typed
}

fn by_strongest_word<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    node_crdt: &NodeCrdts<'a>,
    holder: &Holder<'_>,
) -> Typed {
    let said = said_crdt(cx, asked, node_crdt);
    for field in [asked.field, asked.base].into_iter().flatten() {
        if let Some(declared) = declared::of_field(field, |name| cx.custom(name, field.span)) {
            let span = field
                .ty
                .as_ref()
                .map(|ty| ty.span)
                .or(field.value.as_ref().map(|value| value.span));
            // A bare type name after the colon stands where a value would, though not where the value of the object does.
            let value = if field.ty.is_some() {
                asked.value()
            } else if asked.field.is_some_and(|own| !std::ptr::eq(own, field)) {
                asked.over_base().1
            } else {
                asked.given
            };
            let span = span.unwrap_or(field.span);
            let named = said.and_then(|said| declared::crdt_name(said.name));
            let refined = named.and_then(|named| declared::refined(&declared, named));
            let declared = refined.unwrap_or(declared);
            let typed = annotated(cx, asked, declared, span, value, holder);
            if let Some(said) = said {
                mistakes::two_types(cx, asked, &typed.crdt, span, said);
            }
            return typed;
        }
    }
    if let Some(said) = said {
        return overridden(cx, asked, said.name, said.span);
    }
    if let Some(typed) = counting::counter(cx, asked) {
        return typed;
    }
    if let Some(typed) = literals::well_known(asked) {
        return typed;
    }
    literals::literal(cx, asked, holder)
}

fn word<'a>(cx: &Cx<'a>, value: &'a Value) -> &'a str {
    match &value.kind {
        ValueKind::Str(text) => text,
        _ => cx.written(value.span),
    }
}

/// A CRDT that is named beside a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct SaidCrdt<'a> {
    /// Its name as written.
    pub(super) name: &'a str,
    /// Where the name stands.
    pub(super) span: Span,
    /// All that would go with it.
    pub(super) whole: Span,
}

/// The CRDT that a trait of the field names, or else one of its node.
fn said_crdt<'a>(cx: &Cx<'a>, asked: Asked<'a>, of_node: &NodeCrdts<'a>) -> Option<SaidCrdt<'a>> {
    let fields = [asked.field, asked.base].into_iter().flatten();
    let traits = fields.flat_map(|field| &field.traits);
    let mut said = traits.filter_map(|used| crdt_of_trait(cx, used));
    said.next().or_else(|| {
        let arg = of_node.get(asked.name);
        arg.map(|arg| said_by(cx, arg, arg.span))
    })
}

fn said_by<'a>(cx: &Cx<'a>, arg: &'a Arg, whole: Span) -> SaidCrdt<'a> {
    SaidCrdt {
        name: word(cx, &arg.value),
        span: arg.value.span,
        whole,
    }
}

/// The CRDT that a trait on a field names.
fn crdt_of_trait<'a>(cx: &Cx<'a>, used: &'a TraitUse) -> Option<SaidCrdt<'a>> {
    let arg = |keys: &[&str]| {
        let named = used.args.iter().find(|arg| {
            arg.key
                .as_ref()
                .is_some_and(|key| keys.contains(&key.text.as_str()))
        });
        named.or_else(|| {
            used.args
                .iter()
                .find(|arg| arg.key.is_none() && used.name.text == "crdt")
        })
    };
    match used.name.text.as_str() {
        "counter" => Some(SaidCrdt {
            name: "PnCounter",
            span: used.name.span,
            whole: used.span,
        }),
        "ordered" => Some(SaidCrdt {
            name: "Sequence",
            span: used.name.span,
            whole: used.span,
        }),
        "crdt" => {
            let arg = arg(&["type", "crdt", "crdtType"])?;
            Some(said_by(cx, arg, used.span))
        }
        "sync_tier" => {
            let arg = arg(&["crdtType", "crdt_type"])?;
            Some(said_by(cx, arg, arg.span))
        }
        _ => None,
    }
}

fn annotated<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    declared: Declared,
    span: Span,
    value: Option<&'a Value>,
    holder: &Holder<'_>,
) -> Typed {
    let written = super::rate::shorten(cx.written(span));
    let name = asked.name;
    match declared {
        Declared::Crdt(crdt) => {
            let text = format!("declared as `{written}`, which is {}", described(&crdt));
            match cx.words_within(&crdt) {
                Some((words, ty)) if matches!(crdt, Crdt::OrSet(_)) => {
                    words::set_of(cx, asked, (&words, ty), value, text)
                }
                Some((words, ty)) => words::one_of(cx, asked, (&words, ty), value, text),
                None => start(cx, asked, crdt, value, text),
            }
        }
        Declared::Words(words, path) => {
            let text = match &path {
                Some(_) => format!("declared as `{written}`, an enum whose last writer wins"),
                None => format!("`{written}` is one of some words, kept as text"),
            };
            let named = path.is_some();
            let ty = declared::words_type(path);
            let mut typed = words::one_of(cx, asked, (&words, ty), value, text);
            if !named {
                typed.reason.otherwise = words::how_to_name(name, &words);
            }
            typed
        }
        Declared::Struct(path) => {
            let null = value.is_some_and(|value| value.kind == ValueKind::Null);
            match cx.structure(cx.written(span), span) {
                Some(node) if !null => nested::of_struct(cx, asked, node, value, holder),
                _ => {
                    let record = ValueType::Option(Box::new(ValueType::Record(path)));
                    let text = format!("declared as `{written}`, a struct that may be null");
                    start(cx, asked, Crdt::LwwRegister(record), value, text)
                }
            }
        }
        Declared::Bare(bare) => {
            let crdt = of_literal(bare, value);
            let text = format!("declared as `{written}`, which is {}", described(&crdt));
            start(cx, asked, crdt, value, text)
        }
        Declared::Keyed(key, held, of) => {
            let held = keyed(cx, asked, *held, of, holder);
            let crdt = Crdt::OrMap(key, Box::new(held));
            let text = format!("declared as `{written}`, whose entries merge one by one");
            start(cx, asked, crdt, value, text)
        }
        Declared::Unknown => {
            mistakes::unknown_type(cx, name, &written, span);
            let crdt = option_value();
            let initial = value
                .and_then(|value| values::fit(value, &crdt))
                .unwrap_or(Initial::Null);
            Typed::said(
                crdt,
                initial,
                format!("declared as `{written}`, which is kept as any value"),
            )
        }
    }
}

/// What stands under the keys of a map, written at `span`.
fn keyed<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    held: Declared,
    span: Span,
    holder: &Holder<'_>,
) -> Crdt {
    let any = Crdt::LwwRegister(ValueType::Value);
    match held {
        Declared::Crdt(crdt) => crdt,
        Declared::Bare(bare) => of_literal(bare, None),
        Declared::Words(_, path) => Crdt::LwwRegister(declared::words_type(path)),
        Declared::Struct(_) => match cx.structure(cx.written(span), span) {
            Some(node) => nested::of_entries(cx, asked, node, holder),
            None => any,
        },
        Declared::Keyed(key, held, span) => {
            Crdt::OrMap(key, Box::new(keyed(cx, asked, *held, span, holder)))
        }
        Declared::Unknown => any,
    }
}

/// A field of a decided type, with its value as the start if it fits.
pub(super) fn start<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    crdt: Crdt,
    value: Option<&'a Value>,
    text: String,
) -> Typed {
    let initial = match value {
        None => Initial::Zero,
        Some(value) => match values::fit(value, &crdt) {
            Some(initial) if matches!(crdt, Crdt::LwwMap(..) | Crdt::OrMap(..)) => {
                empty_map(cx, asked, value, initial)
            }
            Some(initial) => initial,
            None if values::is_literal(value) => {
                misfit(cx, asked, &crdt, value);
                Initial::Zero
            }
            None => {
                not_constant(cx, asked, value);
                Initial::Zero
            }
        },
    };
    Typed::said(crdt, initial, text)
}

fn overridden<'a>(cx: &mut Cx<'a>, asked: Asked<'a>, name: &str, span: Span) -> Typed {
    let value = asked.value();
    match declared::crdt_name(name) {
        Some(named) => {
            let crdt = of_literal(named, value);
            let text = format!("said to be {}", described(&crdt));
            start(cx, asked, crdt, value, text)
        }
        None => {
            mistakes::unknown_crdt(cx, name, span);
            Typed::said(option_value(), Initial::Null, "its CRDT is unknown")
        }
    }
}

/// A CRDT named alone takes its value type from the literal.
fn of_literal(named: Named, value: Option<&Value>) -> Crdt {
    let single = || {
        value
            .and_then(values::literal_type)
            .unwrap_or(ValueType::Value)
    };
    let element = || match value.map(|value| &value.kind) {
        Some(ValueKind::List(items)) => values::element_type(items).unwrap_or(ValueType::Value),
        _ => ValueType::Value,
    };
    match named {
        Named::LwwRegister => Crdt::LwwRegister(single()),
        Named::GCounter => Crdt::GCounter,
        Named::PnCounter => Crdt::PnCounter,
        Named::OrSet => Crdt::OrSet(element()),
        Named::LwwMap => Crdt::LwwMap(ValueType::String, ValueType::Value),
        Named::MvRegister => Crdt::MvRegister(single()),
        Named::GSet => Crdt::GSet(element()),
        Named::TwoPSet => Crdt::TwoPSet(element()),
        Named::OrMap => {
            let any = Crdt::LwwRegister(ValueType::Value);
            Crdt::OrMap(ValueType::String, Box::new(any))
        }
        Named::JsonDoc => Crdt::JsonDoc,
        Named::Sequence => Crdt::Sequence(element()),
        Named::Text => Crdt::Text,
    }
}

pub(super) fn option_value() -> Crdt {
    Crdt::LwwRegister(ValueType::Option(Box::new(ValueType::Value)))
}

pub(super) fn described(crdt: &Crdt) -> String {
    let name = crdt.to_string();
    format!("{} {name}", article(&name))
}

/// The article before a word.
#[must_use]
pub fn article(word: &str) -> &'static str {
    if word.starts_with(['A', 'E', 'I', 'O', 'U', 'a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}
