//! R5: what the name of a type means where it is written: a struct, an enum, or an alias and what that stands for.
//!
//! What is made of structs and enums is decided in [`super::named`].

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use holo_codegen::schema::{Crdt, ValueType};
use holo_grammar::ast::{Alias, Node, Span};
use holo_grammar::diagnostic::Diagnostic;

use super::Cx;
use super::declared::{self, Declared};
use super::named::{distinct, variants};
use super::words::Words;
use crate::codes;
use crate::resolve::aliases::{self, Meaning};
use crate::resolve::links::rust_path;

/// How many aliases one type may be made of.
const MOST_EXPANDED: usize = 256;

/// A type of the program's own.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Custom {
    /// One of some words, and the path of the enum.
    Enum(Rc<Words>, Option<String>),
    /// The path of the struct.
    Struct(String),
    /// What an alias stands for.
    Alias(Box<Declared>),
}

/// What was found for names of types, so that no name is worked out twice.
#[derive(Debug, Default)]
pub(super) struct Customs {
    /// By the part that asks, the part where the name is written, and the name.
    named: RefCell<BTreeMap<(usize, usize, String), Option<Custom>>>,
    /// The words of each enum, by the part that asks and the path that it knows the enum by.
    words: RefCell<BTreeMap<(usize, String), Rc<Words>>>,
}

impl<'a> Cx<'a> {
    /// The struct, enum or alias that a name means where it is written, which counts as used from now on.
    pub(super) fn custom(&self, name: &str, written: Span) -> Option<Custom> {
        let part = self.program.part_of(written);
        let key = (self.part, part, name.to_owned());
        let known = self.customs.named.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let found = self.expand(part, name, &[], &Cell::new(MOST_EXPANDED));
            let mut named = self.customs.named.borrow_mut();
            named.insert(key, found.clone());
            found
        })
    }

    /// What a name means in a part, inside the aliases that are open.
    fn expand(&self, part: usize, name: &str, open: &[Span], left: &Cell<usize>) -> Option<Custom> {
        let (home, alias) = match self.scopes.meaning(part, name, open) {
            Some(Meaning::Entry(at)) => return Some(self.entry(at)),
            Some(Meaning::Alias(home, alias)) => (home, alias),
            None => return self.within_itself(part, name, open),
        };
        left.set(left.get().checked_sub(1)?);
        if let Some(circle) = self.scopes.circle(home, alias) {
            self.later(stands_for_itself(&circle));
            let any = Declared::Crdt(super::types::option_value());
            return Some(Custom::Alias(Box::new(any)));
        }
        let open: Vec<Span> = open.iter().copied().chain([alias.name.span]).collect();
        let declared = declared::declared(&alias.ty, &|name| self.expand(home, name, &open, left));
        Some(Custom::Alias(Box::new(declared)))
    }

    /// An alias inside its own list or map: what would hold itself is any value there.
    fn within_itself(&self, part: usize, name: &str, open: &[Span]) -> Option<Custom> {
        let Some(Meaning::Alias(_, alias)) = self.scopes.meaning(part, name, &[]) else {
            return None;
        };
        if open.contains(&alias.name.span) {
            self.later(recursive(name, alias.name.span));
        }
        let any = Declared::Crdt(Crdt::LwwRegister(ValueType::Value));
        Some(Custom::Alias(Box::new(any)))
    }

    fn entry(&self, at: usize) -> Custom {
        let entry = &self.scopes.entries[at];
        let path = || {
            let rust = self.type_names.get(&at).filter(|rust| !rust.is_empty())?;
            self.used.borrow_mut().insert(at);
            let module = |part: usize| &self.program.parts[part].module;
            Some(rust_path(module(self.part), module(entry.part), rust))
        };
        if entry.node.kind.text != "enum" {
            let any = || Custom::Alias(Box::new(Declared::Unknown));
            return path().map_or_else(any, Custom::Struct);
        }
        let words = variants(entry.node);
        let path = distinct(&words).then(path).flatten();
        let words = Words::of(words);
        if let Some(path) = &path {
            let mut known = self.customs.words.borrow_mut();
            known.insert((self.part, path.clone()), Rc::clone(&words));
        }
        Custom::Enum(words, path)
    }

    /// The words of the enum that a field may hold one of, or some of, and the type of a value of it.
    pub(super) fn words_within(&self, crdt: &Crdt) -> Option<(Rc<Words>, ValueType)> {
        let (ty, path) = match crdt {
            Crdt::LwwRegister(ty @ ValueType::Option(inner)) => match &**inner {
                ValueType::Enum(path) => (ty, path),
                _ => return None,
            },
            Crdt::OrSet(ty @ ValueType::Enum(path)) => (ty, path),
            _ => return None,
        };
        let known = self.customs.words.borrow();
        let words = known.get(&(self.part, path.clone()))?;
        Some((Rc::clone(words), ty.clone()))
    }

    /// The declaration of the struct of that name, or of an alias for it.
    pub(super) fn structure(&self, name: &str, written: Span) -> Option<&'a Node> {
        let part = self.program.part_of(written);
        let (mut part, mut name, mut open) = (part, name, Vec::new());
        loop {
            if open.len() > MOST_EXPANDED {
                return None;
            }
            match self.scopes.meaning(part, name, &open)? {
                Meaning::Entry(at) => {
                    let node = self.scopes.entries[at].node;
                    return (node.kind.text != "enum").then_some(node);
                }
                Meaning::Alias(home, alias) => {
                    open.push(alias.name.span);
                    (part, name) = (home, aliases::only_name(&alias.ty)?);
                }
            }
        }
    }
}

fn stands_for_itself(circle: &[&Alias]) -> Diagnostic {
    // Told once, wherever one enters the circle: at the first of them.
    let start = circle.iter().enumerate();
    let start = start.min_by_key(|(_, alias)| alias.name.span);
    let start = start.map_or(0, |(at, _)| at);
    let turned = || circle.iter().cycle().skip(start).take(circle.len());
    let (first, last) = (circle[start], turned().last().unwrap_or(&circle[start]));
    let names: Vec<_> = turned()
        .chain([&first])
        .map(|one| format!("`{}`", one.name))
        .collect();
    let error = Diagnostic::error(
        &codes::ALIAS_CYCLE,
        format!("`{}` stands for itself, so it is no type", first.name),
        first.name.span,
    );
    let error = match circle.len() {
        1 => error.label("its own name is all that it stands for"),
        _ => error
            .label(names.join(" is "))
            .also(last.name.span, "the circle closes here"),
    };
    error.help(format!(
        "say what it is, as in `type {} = string`",
        first.name
    ))
}

/// Warns of a type that would hold itself without end.
pub(super) fn recursive(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        &codes::TYPE_RECURSIVE,
        format!("`{name}` would hold a value of its own type"),
        span,
    )
    .label("what it holds is kept as any value")
    .help("keep the others in a map by id, and the id here")
}
