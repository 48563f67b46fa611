//! A first look at all brackets, which only counts.
//!
//! What belongs here: pairs where nothing is missing, and numbers about the whole text or one line. What never will: a
//! decision about one bracket.

use std::collections::VecDeque;

use super::MAX_DEPTH;
use crate::token::{Bracket, Kind, Tok};

/// Pairs the brackets of a text in which each has its partner and none stands too deep; otherwise says no.
pub(super) fn pair_balanced(tokens: &mut [Tok]) -> bool {
    let mut stack: Vec<(Bracket, usize)> = Vec::with_capacity(MAX_DEPTH);
    for at in 0..tokens.len() {
        match tokens[at].kind {
            Kind::Open(_) if stack.len() == MAX_DEPTH => return false,
            Kind::Open(bracket) => stack.push((bracket, at)),
            Kind::Close(bracket) => match stack.pop() {
                Some((open, from)) if open == bracket => tokens[from].partner = (at - from) as u32,
                _ => return false,
            },
            _ => {}
        }
    }
    stack.is_empty()
}

/// How many brackets have no partner, if those of each shape are counted alone.
pub(super) struct Lone {
    /// Braces left open.
    pub(super) braces: usize,
    /// Round and square brackets left open.
    pub(super) lists: usize,
    /// Braces that close nothing.
    pub(super) surplus: usize,
}

/// Counts them.
pub(super) fn lone(tokens: &[Tok]) -> Lone {
    let count = |wanted: Bracket| {
        let (mut open, mut surplus) = (0_usize, 0_usize);
        for token in tokens {
            match token.kind {
                Kind::Open(bracket) if bracket == wanted => open += 1,
                Kind::Close(bracket) if bracket == wanted && open == 0 => surplus += 1,
                Kind::Close(bracket) if bracket == wanted => open -= 1,
                _ => {}
            }
        }
        (open, surplus)
    };
    let (braces, surplus) = count(Bracket::Brace);
    Lone {
        braces,
        lists: count(Bracket::Paren).0 + count(Bracket::Square).0,
        surplus,
    }
}

/// How many brackets the strings of the first line of these tokens open and do not close.
pub(super) fn swallowed(text: &str, tokens: &[Tok]) -> usize {
    let rest = tokens.iter().skip(1).take_while(|token| !token.first);
    tokens
        .first()
        .into_iter()
        .chain(rest)
        .map(|token| left_open(text, *token))
        .sum()
}

/// How many more brackets a string opens than it closes.
fn left_open(text: &str, token: Tok) -> usize {
    if !matches!(token.kind, Kind::Str | Kind::Template) {
        return 0;
    }
    let text = &text.as_bytes()[token.span().range()];
    let count = |wanted: &[u8]| text.iter().filter(|byte| wanted.contains(byte)).count();
    count(b"([{").saturating_sub(count(b")]}"))
}

/// Strings that leave brackets open and are followed by what cannot follow a string: they end too soon.
pub(super) fn suspects(text: &str, tokens: &[Tok]) -> VecDeque<(usize, usize)> {
    let follows = |next: &Tok| {
        !next.first
            && match next.kind {
                Kind::Ident | Kind::Str | Kind::Number | Kind::Template | Kind::Open(_) => true,
                Kind::Op => text.as_bytes()[next.start as usize] == b'/',
                _ => false,
            }
    };
    tokens
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| matches!(pair[0].kind, Kind::Str) && follows(&pair[1]))
        .map(|(at, pair)| (at, left_open(text, pair[0])))
        .filter(|(_, count)| *count > 0)
        .collect()
}
