//! Sources that import one another, laid one behind another, so that one number names a place in any of them.
//!
//! Moves the spans of trees and finds the source of a span. It opens no files and decides nothing about names.

use std::cell::OnceCell;

use holo_grammar::ast::{File, Import, Item, Name, Span};

use super::shift;

/// One source of a [`Program`].
#[derive(Debug)]
pub struct Part<'a> {
    /// Where it begins.
    pub base: u32,
    /// What a person calls it.
    pub name: &'a str,
    /// The module that is made of it.
    pub module: Vec<String>,
    /// Its text.
    pub text: &'a str,
    /// Its tree, with spans from `base` on.
    pub tree: &'a File,
    /// For each of its imports, in source order, the part that it leads to.
    pub links: Vec<Option<usize>>,
    /// Where its lines end, found when first asked for.
    pub lines: Lines,
}

/// Where the lines of a text end.
#[derive(Debug, Default)]
pub struct Lines(OnceCell<Vec<usize>>);

impl Lines {
    /// The line of a place, from 1.
    fn of(&self, text: &str, place: usize) -> usize {
        let ends = || {
            let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            ends.map(|(at, _)| at).collect()
        };
        let ends = self.0.get_or_init(ends);
        ends.partition_point(|end| *end < place) + 1
    }
}

impl<'a> Part<'a> {
    /// The imports at its top level, each with the part that it leads to.
    pub fn imports(&self) -> impl Iterator<Item = (&'a Import, Option<usize>)> + '_ {
        let links = self.links.iter().copied().chain(std::iter::repeat(None));
        imports(self.tree).zip(links)
    }
}

/// The imports at the top level of a file, in source order.
pub fn imports(tree: &File) -> impl Iterator<Item = &Import> {
    tree.items.iter().filter_map(|item| match item {
        Item::Import(import) => Some(import),
        _ => None,
    })
}

/// Sources that are understood together. One that imports nothing and that nobody imports is a program of its own.
#[derive(Debug, Default)]
pub struct Program<'a> {
    /// The sources, by where they begin.
    pub parts: Vec<Part<'a>>,
}

impl<'a> Program<'a> {
    /// The part that holds a place.
    #[must_use]
    pub fn part_of(&self, span: Span) -> usize {
        self.parts
            .partition_point(|part| part.base <= span.start)
            .saturating_sub(1)
    }

    /// What is written at a span.
    #[must_use]
    pub fn written(&self, span: Span) -> &'a str {
        let Some(part) = self.parts.get(self.part_of(span)) else {
            return "";
        };
        part.text
            .get(away(span, part.base).range())
            .unwrap_or_default()
    }
}

impl Part<'_> {
    /// The line of a place in it, from 1.
    #[must_use]
    pub fn line(&self, span: Span) -> usize {
        let place = away(span, self.base).start as usize;
        self.lines.of(self.text, place)
    }
}

/// The span as it is in its own source, which begins at `base`.
#[must_use]
pub fn away(span: Span, base: u32) -> Span {
    Span::new(
        span.start.saturating_sub(base),
        span.end.saturating_sub(base),
    )
}

/// Where the source behind one of this length begins; none when places can no longer be numbered.
#[must_use]
pub fn behind(base: u32, text: &str) -> Option<u32> {
    // One more, so that the end of one is not the start of the next.
    let length = u32::try_from(text.len()).ok()?.checked_add(1)?;
    let next = base.checked_add(length)?;
    // Spans inside the next source must still fit.
    (next < u32::MAX / 2).then_some(next)
}

/// Moves a tree to where its source begins.
pub fn move_to(tree: &mut File, base: u32) {
    if base > 0 {
        shift::items(&mut tree.items, base);
    }
}

/// What an import calls `name`: the name in the source that it leads to, if it takes it at all.
#[must_use]
pub fn imported<'n>(import: &'n Import, name: &'n str) -> Option<&'n str> {
    let local = |(there, here): &(Name, Option<Name>)| here.as_ref().unwrap_or(there).text == name;
    if let Some((there, _)) = import.names.iter().find(|one| local(one)) {
        return Some(&there.text);
    }
    match &import.alias {
        Some(alias) => name.strip_prefix(alias.text.as_str())?.strip_prefix('.'),
        // `import "x"` takes everything as it is called there.
        None => import.names.is_empty().then_some(name),
    }
}
