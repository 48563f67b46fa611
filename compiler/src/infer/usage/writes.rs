//! What changes a name, and how: assigning, counting, adding elements, going by places.

use std::collections::BTreeSet;

use holo_grammar::ast::Span;

use super::tokens::{Kind, Token, tokens};

/// Methods that add or remove elements, or set entries.
const ELEMENTS: [&str; 8] = [
    "push", "add", "remove", "delete", "insert", "clear", "set", "append",
];

/// Methods that go by place or order.
const ORDERED: [&str; 7] = [
    "pop", "shift", "unshift", "splice", "sort", "reverse", "swap",
];

/// Methods that give a list of which the name often becomes the new value.
const SLICING: [&str; 2] = ["slice", "reverse"];

/// What a write does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::infer) enum Act<'a> {
    /// Sets it to something.
    Assign,
    /// Counts up or down by whole numbers: by a literal, or by what a name holds.
    Count(Option<&'a str>),
    /// Adds or removes an element or an entry.
    Element,
    /// Sets what stands at a place: `f[i] = v`.
    Place,
    /// Goes by the order of its elements.
    Order,
}

/// A write to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::infer) struct Write<'a> {
    /// The names that lead to it: `this`, `bag`.
    chain: Vec<&'a str>,
    /// Whether its first name is a variable of the body.
    local: bool,
    /// What it does.
    pub(in crate::infer) act: Act<'a>,
    /// Where it stands.
    pub(in crate::infer) span: Span,
}

impl<'a> Write<'a> {
    /// The name of what is written, whoever holds it; none for a variable.
    pub(in crate::infer) fn target(&self) -> Option<&'a str> {
        if self.local && self.chain.len() == 1 {
            return None;
        }
        self.chain.last().copied()
    }

    /// The field of its own node that it writes to or into.
    pub(in crate::infer) fn own(&self) -> Option<&'a str> {
        let names: &[&str] = match *self.chain.first()? {
            "this" | "self" => &self.chain[1..],
            _ if self.local => &[],
            _ => &self.chain,
        };
        names.iter().copied().find(|name| *name != "state")
    }

    /// The field of a surrounding `state` that it writes to or into: `state.x`, or `x` where no `this` stands before it.
    pub(in crate::infer) fn outer(&self) -> Option<&'a str> {
        match self.chain.as_slice() {
            ["state", name, ..] => Some(name),
            ["this" | "self", ..] => None,
            [name, ..] if !self.local => Some(name),
            _ => None,
        }
    }
}

/// Every write in a body that stands at `base`.
pub(in crate::infer) fn writes(body: &str, base: u32) -> Vec<Write<'_>> {
    let tokens = tokens(body);
    let locals = locals(&tokens);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (chain, end) = chain(&tokens, at);
        if chain.is_empty() {
            at += 1;
            continue;
        }
        let declared = at > 0 && is_declaring(&tokens[at - 1]);
        let held = at > 0 && (tokens[at - 1].is(".") || tokens[at - 1].is("?."));
        let write = (!declared && !held)
            .then(|| write(&tokens, at, end, &chain))
            .flatten();
        if let Some((names, act, next)) = write {
            let local = names.first().is_some_and(|first| locals.contains(first));
            let last = tokens[next.max(at + 1).min(tokens.len()) - 1];
            let offset = |at: usize| base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            found.push(Write {
                chain: names,
                local,
                act,
                span: Span::new(offset(tokens[at].at), offset(last.at + last.text.len())),
            });
            at = next.max(at + 1);
        } else {
            at = end;
        }
    }
    found
}

/// Names that are indexed by something that is no literal, anywhere in the text: `stock[id]`.
pub(in crate::infer) fn indexed(text: &str) -> BTreeSet<&str> {
    let tokens = tokens(text);
    let hit = |window: &[Token<'_>]| match window {
        [name, open, inner, close] if name.kind == Kind::Word && open.is("[") && open.glued => {
            let literal = matches!(inner.kind, Kind::Text | Kind::Integer | Kind::Number);
            !(inner.is("]") || (literal && close.is("]")))
        }
        _ => false,
    };
    tokens
        .windows(4)
        .filter(|window| hit(window))
        .map(|window| window[0].text)
        .collect()
}

fn is_declaring(token: &Token<'_>) -> bool {
    token.says("let") || token.says("const") || token.says("var")
}

fn locals<'a>(tokens: &[Token<'a>]) -> BTreeSet<&'a str> {
    let declared = |pair: &[Token<'a>]| {
        (is_declaring(&pair[0]) && pair[1].kind == Kind::Word).then_some(pair[1].text)
    };
    tokens.windows(2).filter_map(declared).collect()
}

/// The dotted words from `at` on, and where they end.
fn chain<'a>(tokens: &[Token<'a>], at: usize) -> (Vec<&'a str>, usize) {
    let mut chain = Vec::new();
    let mut end = at;
    while let Some(token) = tokens.get(end).filter(|token| token.kind == Kind::Word) {
        chain.push(token.text);
        end += 1;
        let dot = tokens
            .get(end)
            .is_some_and(|token| token.is(".") || token.is("?."));
        let word = tokens
            .get(end + 1)
            .is_some_and(|token| token.kind == Kind::Word);
        if !(dot && word) {
            break;
        }
        end += 1;
    }
    (chain, end)
}

/// What stands at a chain, if it changes something: the names that lead to it, what is done, and where that ends.
fn write<'a>(
    tokens: &[Token<'a>],
    start: usize,
    end: usize,
    chain: &[&'a str],
) -> Option<(Vec<&'a str>, Act<'a>, usize)> {
    if start > 0 && (tokens[start - 1].is("++") || tokens[start - 1].is("--")) {
        return Some((chain.to_vec(), Act::Count(None), end));
    }
    if let Some(found) = command(tokens, start, chain) {
        return Some(found);
    }
    let mut next = end;
    let mut placed = false;
    if tokens
        .get(next)
        .is_some_and(|token| token.is("[") && token.glued)
    {
        next = closing(tokens, next) + 1;
        placed = true;
        // `rows[i].score` is something of its own, whose name counts.
        if tokens.get(next).is_some_and(|token| token.is(".")) {
            let (rest, last) = self::chain(tokens, next + 1);
            if !rest.is_empty() {
                let mut names = chain.to_vec();
                names.extend(rest);
                return write(tokens, start, last, &names);
            }
        }
    }
    let mark = tokens.get(next).filter(|token| token.kind == Kind::Mark)?;
    let act = match mark.text {
        "(" if !placed && chain.len() > 1 => {
            let method = *chain.last()?;
            let act = called(tokens, next, method)?;
            return Some((chain[..chain.len() - 1].to_vec(), act, next));
        }
        "=" | "??=" | "||=" | "&&=" | "*=" | "/=" | "%=" | "+=" | "-=" | "++" | "--" if placed => {
            Act::Place
        }
        "++" | "--" if !mark.fresh => Act::Count(None),
        "+=" | "-=" => step(tokens, next + 1).unwrap_or(Act::Assign),
        "=" => assigned(tokens, next + 1, chain),
        "*=" | "/=" | "%=" | "??=" | "||=" | "&&=" => Act::Assign,
        _ => return None,
    };
    Some((chain.to_vec(), act, next + 1))
}

/// `set f v`, `toggle f`, `increment f by 2`, `increment(f)`.
fn command<'a>(
    tokens: &[Token<'a>],
    start: usize,
    head: &[&'a str],
) -> Option<(Vec<&'a str>, Act<'a>, usize)> {
    let [word @ ("set" | "toggle" | "increment" | "decrement")] = head else {
        return None;
    };
    let mut at = start + 1;
    let called = tokens.get(at)?.is("(");
    if called {
        at += 1;
    } else if tokens.get(at)?.fresh || !(start == 0 || begins(tokens, start)) {
        return None;
    }
    let (names, end) = chain(tokens, at);
    let counts = matches!(*word, "increment" | "decrement");
    // `set(x)` is somebody's function; `increment(x)` can only be meant one way.
    if names.is_empty() || (called && !counts) {
        return None;
    }
    if !counts {
        return Some((names, Act::Assign, end));
    }
    let amount = match tokens.get(end) {
        Some(token) if token.says("by") || (called && token.is(",")) => {
            step(tokens, end + 1).unwrap_or(Act::Assign)
        }
        _ => Act::Count(None),
    };
    Some((names, amount, end))
}

/// Whether a statement may begin at a token.
fn begins(tokens: &[Token<'_>], at: usize) -> bool {
    let before = &tokens[at - 1];
    tokens[at].fresh || [";", "{", "}", ")"].iter().any(|mark| before.is(mark)) || before.is("=>")
}

fn called<'a>(tokens: &[Token<'a>], open: usize, method: &str) -> Option<Act<'a>> {
    if matches!(method, "increment" | "decrement") {
        let plain = tokens.get(open + 1).is_some_and(|token| token.is(")"));
        let amount = || step(tokens, open + 1).unwrap_or(Act::Assign);
        return Some(if plain { Act::Count(None) } else { amount() });
    }
    if ELEMENTS.contains(&method) {
        return Some(Act::Element);
    }
    ORDERED.contains(&method).then_some(Act::Order)
}

/// The whole number that something is counted by: one token or name, and nothing behind it.
fn step<'a>(tokens: &[Token<'a>], at: usize) -> Option<Act<'a>> {
    let first = tokens.get(at)?;
    let (by, end) = match first.kind {
        Kind::Integer => (None, at + 1),
        Kind::Word => {
            let (names, end) = chain(tokens, at);
            (names.last().copied(), end)
        }
        _ => return None,
    };
    let over = tokens.get(end).is_none_or(|token| {
        [";", "}", ")", ","].iter().any(|mark| token.is(mark))
            || (token.fresh && token.kind != Kind::Mark)
            || token.says("else")
    });
    over.then_some(Act::Count(by))
}

/// What `x = …` does: counts, if it is `x ± d`; takes another order, if it is `x.slice(…)`.
fn assigned<'a>(tokens: &[Token<'a>], at: usize, target: &[&'a str]) -> Act<'a> {
    let (names, end) = chain(tokens, at);
    let plain = |names: &[&'a str]| names.last().copied();
    if let [holder @ .., method] = names.as_slice()
        && SLICING.contains(method)
        && plain(holder) == plain(target)
    {
        return Act::Order;
    }
    let same = !names.is_empty() && plain(&names) == plain(target);
    let sign = tokens
        .get(end)
        .is_some_and(|token| token.is("+") || token.is("-"));
    if same && sign {
        return step(tokens, end + 1).unwrap_or(Act::Assign);
    }
    Act::Assign
}

/// The index of the `]` that closes the `[` at `open`, or the last token.
fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is("[") {
            depth += 1;
        } else if token.is("]") {
            if depth == 1 {
                return at;
            }
            depth = depth.saturating_sub(1);
        }
    }
    tokens.len()
}
