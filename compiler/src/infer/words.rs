//! R5: fields that are one of some words: of an enum, or of a union, which is kept as text.

use std::collections::BTreeSet;
use std::rc::Rc;

use holo_codegen::schema::{Crdt, Initial, ValueType};
use holo_grammar::ast::{Value, ValueKind};
use holo_grammar::diagnostic::{Applicability, Diagnostic};

use super::declared::words_type;
use super::types::{Asked, Typed, start};
use super::{Cx, named, names, repair};
use crate::{codes, family};

/// Some words, in order and to be looked up.
#[derive(Debug, PartialEq)]
pub(super) struct Words {
    all: Vec<String>,
    known: BTreeSet<String>,
}

impl Words {
    /// The words of an enum or a union.
    pub(super) fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Rc<Self> {
        let all: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let known = all.iter().cloned().collect();
        Rc::new(Self { all, known })
    }

    /// The first, which is the zero.
    pub(super) fn first(&self) -> Option<String> {
        self.all.first().cloned()
    }

    fn has(&self, word: &str) -> bool {
        self.known.contains(word)
    }
}

/// A field that is one of some words, the first unless its value names another.
pub(super) fn one_of<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    (words, ty): (&Words, ValueType),
    value: Option<&'a Value>,
    text: String,
) -> Typed {
    let crdt = Crdt::LwwRegister(ty);
    let first = || match &crdt {
        Crdt::LwwRegister(ValueType::Option(_)) => Initial::Null,
        _ => words.first().map_or(Initial::Zero, Initial::Str),
    };
    let named = value.and_then(|value| named_word(cx, words, value));
    match (named, value) {
        (Some(word), Some(_)) if words.has(word) => {
            Typed::said(crdt, Initial::Str(word.to_owned()), text)
        }
        (Some(_), Some(value)) => {
            not_a_word(cx, asked, words, value);
            let initial = first();
            Typed::said(crdt, initial, text)
        }
        _ => {
            let none = first();
            let mut typed = start(cx, asked, crdt, value, text);
            if typed.initial == Initial::Zero {
                typed.initial = none;
            }
            typed
        }
    }
}

/// The word that a value is: of an enum, bare if there is such a word, or in quotes.
fn named_word<'a>(cx: &Cx<'a>, words: &Words, value: &'a Value) -> Option<&'a str> {
    match (&value.kind, cx.variant(value)) {
        (_, Some((name, ..))) => Some(name),
        (ValueKind::Path(names), None) => {
            let [name] = names.as_slice() else {
                return None;
            };
            Some(name.text.as_str()).filter(|name| words.has(name))
        }
        (ValueKind::Str(word), None) => Some(word.as_str()),
        _ => None,
    }
}

/// A set of variants of an enum, each of which must be one.
pub(super) fn set_of<'a>(
    cx: &mut Cx<'a>,
    asked: Asked<'a>,
    (words, ty): (&Words, ValueType),
    value: Option<&'a Value>,
    text: String,
) -> Typed {
    let crdt = Crdt::OrSet(ty);
    let Some(ValueKind::List(items)) = value.map(|value| &value.kind) else {
        return start(cx, asked, crdt, value, text);
    };
    let named: Option<Vec<(&str, &Value)>> = items
        .iter()
        .map(|item| Some((named_word(cx, words, item)?, item)))
        .collect();
    let Some(named) = named else {
        return start(cx, asked, crdt, value, text);
    };
    let mut elements: Vec<Initial> = Vec::new();
    for (word, item) in named {
        let element = Initial::Str(word.to_owned());
        if !words.has(word) {
            not_a_word(cx, asked, words, item);
        }
        if !elements.contains(&element) {
            elements.push(element);
        }
    }
    Typed::said(crdt, Initial::List(elements), text)
}

/// How words that are kept as text get an enum.
pub(super) fn how_to_name(field: &str, words: &Words) -> String {
    let all: Vec<&str> = words.all.iter().map(String::as_str).collect();
    if !named::distinct(&all) {
        return "two of the words are one name in Rust: tell them apart to make an enum of them"
            .to_owned();
    }
    let name = names::pascal(field);
    format!(
        "write `type {name} = …` with these words, and `{field}: {name}`, to make an enum of them"
    )
}

/// A field without a type whose value is a variant of an enum.
pub(super) fn variant<'a>(cx: &mut Cx<'a>, asked: Asked<'a>, value: &'a Value) -> Option<Typed> {
    let (word, words, path) = cx.variant(value)?;
    if !words.has(word) {
        not_a_word(cx, asked, &words, value);
    }
    Some(Typed::guess(
        Crdt::LwwRegister(words_type(path)),
        Initial::Str(word.to_owned()),
        "its value is a variant of an enum",
        format!("write `{}: T` to say otherwise", asked.name),
    ))
}

/// Reports a value that is none of the words that it may be.
fn not_a_word(cx: &mut Cx<'_>, asked: Asked<'_>, words: &Words, value: &Value) {
    let written = super::rate::shorten(cx.written(value.span));
    let mut expected: Vec<String> = words
        .all
        .iter()
        .take(8)
        .map(|word| format!("`{word}`"))
        .collect();
    if words.all.len() > expected.len() {
        expected.push("…".to_owned());
    }
    let error = Diagnostic::error(
        &codes::VALUE_MISFIT,
        format!("`{written}` does not fit the type of `{}`", asked.name),
        value.span,
    )
    .label(format!("expected one of {}", expected.join(", ")))
    .help("change the value or the type");
    let word = match &value.kind {
        ValueKind::Str(word) => word.as_str(),
        ValueKind::Path(names) => names.last().map_or("", |name| &name.text),
        _ => "",
    };
    let near = words
        .all
        .iter()
        .take(64)
        .map(|one| (family::distance(word, one), one));
    let near = near
        .filter(|(distance, one)| *distance <= family::tolerance(one))
        .min();
    cx.tell(match near {
        Some((_, near)) => {
            let text = cx.written(value.span).replacen(word, near, 1);
            let error = error
                .label(format!("did you mean `{near}`?"))
                .help(format!("it may be {}", expected.join(", ")));
            error.fix(repair::write(value.span, text, Applicability::Unsafe))
        }
        None => error,
    });
}
