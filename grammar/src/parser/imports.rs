//! The rules for imports, and for exports that hand on what they import.

use chumsky::prelude::*;

use super::cursor::Cursor;
use super::rules::{Rule, kind, name, span_of, word};
use crate::ast::{Import, Name};
use crate::token::{Bracket, Kind, Tok};

/// What an import takes and under which names, and from where.
type Taken = ((Vec<(Name, Option<Name>)>, Option<Name>), Name);

/// `{ a, b as c, type D }`.
fn names<'s>() -> Rule<'s, Vec<(Name, Option<Name>)>> {
    let alias = word("as").ignore_then(name()).or_not();
    // `type A` among the names takes a type.
    let kind_word = word("type").then_ignore(
        any()
            .filter(|token: &Tok| token.kind == Kind::Ident)
            .rewind(),
    );
    let entry = kind_word.or_not().ignore_then(name().then(alias)).boxed();
    entry
        .separated_by(kind(Kind::Comma))
        .allow_trailing()
        .collect::<Vec<_>>()
        .delimited_by(
            kind(Kind::Open(Bracket::Brace)),
            kind(Kind::Close(Bracket::Brace)),
        )
        .boxed()
}

/// The path of an import.
fn path<'s>() -> Rule<'s, Name> {
    kind(Kind::Str)
        .map_with(|token, extra| Cursor::new(&[], extra.state()).name_of(token))
        .boxed()
}

/// The `type` of `import type { … }`.
fn typed<'s>() -> Rule<'s, Option<Tok>> {
    let brace = any().filter(|token: &Tok| token.kind == Kind::Open(Bracket::Brace));
    word("type").then_ignore(brace.rewind()).or_not().boxed()
}

/// `{ a } from "x"`, `* as y from "x"`, `a from "x"`, `"x" as y`.
fn taken<'s>() -> Rule<'s, Taken> {
    let alias = word("as").ignore_then(name()).or_not().boxed();
    let everything = kind(Kind::Op)
        .ignore_then(word("as"))
        .ignore_then(name())
        .map(|name| (Vec::new(), Some(name)));
    let default = kind(Kind::Ident)
        .map_with(|token, extra| Cursor::new(&[], extra.state()).name_of(token))
        .then(alias.clone())
        .then(kind(Kind::Comma).ignore_then(names()).or_not())
        .map(|(first, rest)| {
            let mut all = vec![first];
            all.extend(rest.unwrap_or_default());
            (all, None)
        });
    let taken = choice((
        names().map(|names| (names, None)).boxed(),
        everything.boxed(),
        default.boxed(),
    ));
    let long = typed()
        .ignore_then(taken)
        .then_ignore(word("from").or_not())
        .then(path());
    let short = path()
        .then(alias)
        .map(|(path, alias)| ((Vec::new(), alias), path));
    short.boxed().or(long.boxed()).boxed()
}

/// `{ a } from "x"`, `* from "x"`: the `from` tells it from a list of what the source itself declares.
fn handed_on<'s>() -> Rule<'s, Taken> {
    let all = kind(Kind::Op)
        .ignore_then(word("as").ignore_then(name()).or_not())
        .map(|alias| (Vec::new(), alias));
    typed()
        .ignore_then(names().map(|names| (names, None)).boxed().or(all.boxed()))
        .then_ignore(word("from"))
        .then(path())
        .boxed()
}

/// `import …` or `export … from …`, and how many tokens it takes.
pub(super) fn import<'s>() -> Rule<'s, (Import, usize)> {
    kind(Kind::At)
        .or_not()
        .ignore_then(word("import"))
        .ignore_then(taken())
        .map(|one| (false, one))
        .or(word("export")
            .ignore_then(handed_on())
            .map(|one| (true, one)))
        .map_with(|(exported, ((names, alias), path)), extra| {
            let tokens: &[Tok] = extra.slice();
            (
                Import {
                    exported,
                    path,
                    names,
                    alias,
                    span: span_of(tokens),
                },
                tokens.len(),
            )
        })
        .lazy()
        .boxed()
}
