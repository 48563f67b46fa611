//! The rules that are combinators: types, headers, trait arguments and imports.
//!
//! What belongs here: rules that are a plain sequence of parts. What never will: the choice of an item or a value, which
//! peeking decides. Every rule is boxed, which keeps the crate quick to compile; they are built once for each file.

use chumsky::error::EmptyErr;
use chumsky::extra::Full;
use chumsky::input::InputRef;
use chumsky::prelude::*;

use super::cursor::{Cursor, State};
use super::imports;
use crate::ast::{Arg, Import, Name, Span, TraitUse, Type, TypeKind};
use crate::token::{Bracket, Kind, Tok};

pub(super) type Input<'s> = &'s [Tok];
pub(super) type Extra<'s> = Full<EmptyErr, State<'s>, ()>;
pub(super) type Rule<'s, T> = Boxed<'s, 's, Input<'s>, T, Extra<'s>>;

/// What a header is made of.
pub(super) enum Part {
    /// A name in quotes or bare.
    Name(Name),
    /// `#id`.
    Id(Name),
    /// `using "T"`.
    Using(Name),
    /// `@t(…)`.
    Trait(TraitUse),
    /// Parameters, a return type, `extends X`, `-> y`: nothing the tree has a place for.
    Other,
}

/// The boxed rules.
pub(super) struct Rules<'s> {
    ty: Rule<'s, (Type, usize)>,
    header: Rule<'s, Vec<Part>>,
    args: Rule<'s, Vec<Arg>>,
    import: Rule<'s, (Import, usize)>,
}

impl<'s> Rules<'s> {
    /// Builds them.
    pub(super) fn new() -> Self {
        Self {
            ty: ty(),
            header: header(),
            args: args(),
            import: imports::import(),
        }
    }

    /// A type at the start of some tokens, and how many of them it takes.
    pub(super) fn ty(&self, tokens: Input<'s>, state: &mut State<'s>) -> Option<(Type, usize)> {
        self.ty.parse_with_state(tokens, state).into_output()
    }

    /// The parts of a header, which all of the tokens are.
    pub(super) fn header(&self, tokens: Input<'s>, state: &mut State<'s>) -> Vec<Part> {
        self.header
            .parse_with_state(tokens, state)
            .into_output()
            .unwrap_or_default()
    }

    /// The arguments between the parentheses of a trait, which all of the tokens are.
    pub(super) fn args(&self, tokens: Input<'s>, state: &mut State<'s>) -> Vec<Arg> {
        self.args
            .parse_with_state(tokens, state)
            .into_output()
            .unwrap_or_default()
    }

    /// An import at the start of some tokens, and how many of them it takes.
    pub(super) fn import(
        &self,
        tokens: Input<'s>,
        state: &mut State<'s>,
    ) -> Option<(Import, usize)> {
        self.import.parse_with_state(tokens, state).into_output()
    }
}

/// A token of one kind.
pub(super) fn kind<'s>(wanted: Kind) -> Rule<'s, Tok> {
    any()
        .filter(move |token: &Tok| token.kind == wanted)
        .boxed()
}

/// A token of one kind directly behind the one before.
fn glued<'s>(wanted: Kind) -> Rule<'s, Tok> {
    any()
        .filter(move |token: &Tok| token.kind == wanted && token.glued)
        .boxed()
}

/// One particular word.
pub(super) fn word<'s>(wanted: &'static str) -> Rule<'s, Tok> {
    kind(Kind::Ident)
        .try_map_with(move |token, extra| {
            let context: &mut State<'s> = extra.state();
            let found = &context.0.text[token.span().range()];
            if found == wanted {
                Ok(token)
            } else {
                Err(EmptyErr::default())
            }
        })
        .boxed()
}

/// A name in quotes or bare.
pub(super) fn name<'s>() -> Rule<'s, Name> {
    any()
        .filter(|token: &Tok| matches!(token.kind, Kind::Ident | Kind::Str | Kind::Number))
        .map_with(|token, extra| Cursor::new(&[], extra.state()).name_of(token))
        .boxed()
}

/// What a hand-written rule reads, as a combinator; nothing read is no match.
fn by_hand<'s, T: 's>(read: fn(&mut Cursor<'s, '_>) -> Option<T>) -> Rule<'s, T> {
    custom(move |input: &mut InputRef<'s, '_, Input<'s>, Extra<'s>>| {
        let here = input.cursor();
        let rest = input.slice_from(&here..);
        let mut cursor = Cursor::new(rest, input.state());
        let found = read(&mut cursor);
        for _ in 0..cursor.at {
            input.skip();
        }
        found.ok_or_else(EmptyErr::default)
    })
    .boxed()
}

/// A bracket with all that is in it.
fn group<'s>() -> Rule<'s, Bracket> {
    by_hand(|cursor| match cursor.kind(0) {
        Some(Kind::Open(bracket)) => {
            cursor.skip();
            Some(bracket)
        }
        _ => None,
    })
}

fn ty<'s>() -> Rule<'s, (Type, usize)> {
    let full = recursive(|ty| {
        let single = suffixes(primary(ty.boxed()));
        kind(Kind::Pipe)
            .or_not()
            .ignore_then(
                single
                    .separated_by(kind(Kind::Pipe))
                    .at_least(1)
                    .collect::<Vec<Type>>(),
            )
            .map_with(|mut types, extra| match types.pop() {
                Some(only) if types.is_empty() => only,
                last => {
                    types.extend(last);
                    let span = span_of(extra.slice());
                    Type {
                        kind: TypeKind::Union(types),
                        span,
                    }
                }
            })
            .boxed()
    });
    full.map_with(|ty, extra| {
        let tokens: &[Tok] = extra.slice();
        (ty, tokens.len())
    })
    .lazy()
    .boxed()
}

/// One type without what may follow it: a name, a literal, a group, `typeof x`.
fn primary<'s>(ty: Rule<'s, Type>) -> Rule<'s, TypeKind> {
    let dotted = kind(Kind::Ident)
        .then_ignore(glued(Kind::Dot).then(glued(Kind::Ident)).repeated())
        .to_slice();
    let arguments = ty
        .clone()
        .separated_by(kind(Kind::Comma))
        .at_least(1)
        .collect::<Vec<Type>>()
        .delimited_by(glued(Kind::Lt), kind(Kind::Gt))
        .or_not();
    let named = dotted
        .then(arguments)
        .map_with(|(path, arguments): (Input<'s>, _), extra| {
            let context: &mut State<'s> = extra.state();
            let name = context.0.text[span_of(path).range()].to_owned();
            TypeKind::Named(name, arguments.unwrap_or_default())
        })
        .boxed();
    let literal = kind(Kind::Str)
        .map_with(|token, extra| {
            TypeKind::Literal(Cursor::new(&[], extra.state()).name_of(token).text)
        })
        .boxed();
    let result = kind(Kind::Arrow).then(ty).or_not();
    let grouped = group().then_ignore(result).map(|_| TypeKind::Other).boxed();
    let type_of = word("typeof")
        .then(kind(Kind::Ident))
        .map(|_| TypeKind::Other)
        .boxed();
    let number = kind(Kind::Number).map(|_| TypeKind::Other).boxed();
    choice((type_of, named, literal, grouped, number)).boxed()
}

/// A type with the `[]` and `?` behind it.
fn suffixes<'s>(primary: Rule<'s, TypeKind>) -> Rule<'s, Type> {
    let brackets = glued(Kind::Open(Bracket::Square))
        .then(kind(Kind::Close(Bracket::Square)))
        .to(true);
    let suffix = brackets
        .or(glued(Kind::Question).to(false))
        .repeated()
        .collect::<Vec<bool>>();
    primary
        .map_with(|kind, extra| Type {
            kind,
            span: span_of(extra.slice()),
        })
        .then(suffix)
        .map_with(|(ty, suffix), extra| {
            let span = span_of(extra.slice());
            suffix
                .into_iter()
                .fold(ty, |ty, array| suffixed(ty, array, span))
        })
        .boxed()
}

/// `T[]` or `T?`.
fn suffixed(inner: Type, array: bool, span: Span) -> Type {
    let kind = if array {
        TypeKind::Named("Array".into(), vec![inner])
    } else {
        TypeKind::Union(vec![
            inner,
            Type {
                kind: TypeKind::Named("null".into(), Vec::new()),
                span,
            },
        ])
    };
    Type { kind, span }
}

/// From the first of some tokens to the last.
pub(super) fn span_of(tokens: &[Tok]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span().to(last.span()),
        _ => Span::default(),
    }
}

fn header<'s>() -> Rule<'s, Vec<Part>> {
    let id = glued(Kind::Hash).ignore_then(name()).map(Part::Id).boxed();
    let shared = glued(Kind::At).ignore_then(name()).map(Part::Name).boxed();
    let using = word("using").ignore_then(name()).map(Part::Using).boxed();
    let extends = word("extends")
        .then(kind(Kind::Ident))
        .map(|_| Part::Other)
        .boxed();
    let trait_use = by_hand(|cursor| {
        let here = cursor.kind(0) == Some(Kind::At) && cursor.kind(1) == Some(Kind::Ident);
        here.then(|| Part::Trait(cursor.trait_use(false)))
    });
    let value = by_hand(|cursor| cursor.value().map(|_| Part::Other));
    let option = kind(Kind::Ident)
        .then(kind(Kind::Colon))
        .ignore_then(value.clone())
        .boxed();
    let target = any()
        .filter(|token: &Tok| matches!(token.kind, Kind::Arrow | Kind::Colon))
        .ignore_then(value)
        .boxed();
    let junk = group()
        .map(|_| Part::Other)
        .or(any().map(|_| Part::Other))
        .boxed();
    choice((
        id,
        shared,
        using,
        extends,
        trait_use,
        option,
        target,
        name().map(Part::Name).boxed(),
        junk,
    ))
    .repeated()
    .collect()
    .boxed()
}

fn args<'s>() -> Rule<'s, Vec<Arg>> {
    let separator = any().filter(|token: &Tok| matches!(token.kind, Kind::Colon | Kind::Eq));
    let key = name().then_ignore(separator).or_not();
    let value = by_hand(|cursor| cursor.value());
    let arg = key
        .then(value)
        .map_with(|(key, value), extra| {
            Some(Arg {
                key,
                value,
                span: span_of(extra.slice()),
            })
        })
        .boxed();
    // What is no argument is stepped over: arguments of foreign traits follow rules of their own.
    let comma = by_hand(|cursor| cursor.commas(true).then_some(None));
    let junk = group().map(|_| None).or(any().map(|_| None)).boxed();
    choice((comma, arg, junk))
        .repeated()
        .collect::<Vec<_>>()
        .map(|args| args.into_iter().flatten().collect())
        .boxed()
}
