//! Sources through all stages but the last.
//!
//! Decides which sources are understood together, and collects what there is to tell. Files are opened only through a
//! [`Host`]; nothing is written.

mod link;
mod paths;

use std::collections::BTreeSet;

use holo_codegen::schema::Module;
use holo_grammar::ast::{File, Span};
use holo_grammar::codes::{NOT_UTF8, UNCLOSED};
use holo_grammar::diagnostic::{Diagnostic, Severity};

use crate::load::Source;
use crate::lock::Lock;
use crate::model::World;
use crate::resolve::program::{Lines, Part, Program, behind, move_to};
use crate::{codes, emit, infer, lower};

pub use link::{Disk, Host, Nowhere};
pub use paths::check_paths;

/// A source and all that became of it.
#[derive(Debug)]
pub struct Unit {
    /// The source; its own diagnostics have moved to [`Unit::diagnostics`].
    pub source: Source,
    /// The tree.
    pub tree: File,
    /// What was inferred, numbered.
    pub world: World,
    /// What there is to tell, by place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Unit {
    /// Reads a source and nothing more.
    #[must_use]
    pub fn parse(mut source: Source) -> Self {
        let parsed = holo_grammar::parse(source.file.text());
        let mut diagnostics = std::mem::take(&mut source.diagnostics);
        let bad_bytes = diagnostics.iter().any(|one| *one.code == NOT_UTF8);
        let told = parsed.diagnostics.into_iter();
        diagnostics.extend(told.filter(|one| !(bad_bytes && is_bad_byte(source.file.text(), one))));
        Self {
            source,
            tree: parsed.file,
            world: World::default(),
            diagnostics,
        }
    }

    /// Reads a source that stands alone and decides what it means.
    #[must_use]
    pub fn compile(source: Source, lock: &mut Lock) -> Self {
        let unit = Self::parse(source);
        let mut units = compile(vec![unit], lock, &mut Nowhere);
        // One unit goes in, and nothing can be imported from nowhere.
        units.swap_remove(0)
    }

    /// Takes in what was inferred, and numbers it.
    fn take(&mut self, world: World, told: Vec<Diagnostic>, lock: &mut Lock) {
        self.world = world;
        self.extend(told);
        // Names that collide would collide in the lock too, and nothing is written anyway.
        if self.failed() {
            let mut own = lock.of_source(&self.source.path);
            own.apply(&self.source.path, &mut self.world);
        } else {
            let told = lock.apply(&self.source.path, &mut self.world);
            self.diagnostics.extend(told);
        }
        self.diagnostics
            .sort_by_key(|one| (one.primary.span, one.code.id));
    }

    /// Takes in what inference tells, but for what only follows from an error: a note on what holds one, and a name that
    /// is a bad byte.
    fn extend(&mut self, told: Vec<Diagnostic>) {
        let known = self.diagnostics.iter().chain(&told);
        let errors: BTreeSet<Span> = known
            .filter(|one| one.severity == Severity::Error)
            .map(|one| one.primary.span)
            .collect();
        let text_errors: BTreeSet<Span> = self
            .diagnostics
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .map(|one| one.primary.span)
            .collect();
        let bad_bytes = self.diagnostics.iter().any(|one| *one.code == NOT_UTF8);
        let text = self.source.file.text();
        let torn = torn(text, &self.diagnostics);
        let follows = |one: &Diagnostic| {
            let Span { start, end } = one.primary.span;
            let mut within = errors
                .range(Span::new(start, start)..)
                .take_while(|error| error.start <= end);
            let noted = one.severity == Severity::Note && within.any(|error| error.end <= end);
            // What the text itself is wrong with is told once.
            let told = one.severity == Severity::Error && text_errors.contains(&one.primary.span);
            let within_torn = torn
                .iter()
                .any(|group| group.start <= start && end <= group.end);
            noted
                || told
                || within_torn
                || (bad_bytes && *one.code == codes::EMPTY_NAME && has_bad_byte(text, one))
        };
        self.diagnostics
            .extend(told.into_iter().filter(|one| !follows(one)));
    }

    /// Whether there is an error in it.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|one| one.severity == Severity::Error)
    }
}

/// The schemas of sources that were compiled together.
#[must_use]
pub fn modules(units: &[Unit]) -> Vec<Module> {
    let worlds = units
        .iter()
        .map(|unit| (unit.source.path.as_str(), &unit.world));
    lower::lower(worlds)
}

/// Decides what sources mean. What they import is read through the host, and comes back as further units, behind the ones
/// that were given.
#[must_use]
pub fn compile(mut units: Vec<Unit>, lock: &mut Lock, host: &mut dyn Host) -> Vec<Unit> {
    let links = link::link(&mut units, host);
    for unit in &mut units {
        let told = infer::mend(&mut unit.tree);
        unit.diagnostics.extend(told);
    }
    let groups: Vec<Vec<usize>> = link::groups(&links)
        .into_iter()
        .flat_map(|group| fitting(&units, group))
        .collect();
    for group in groups {
        let results = understand(&mut units, &links, &group);
        for (at, (world, told)) in group.into_iter().zip(results) {
            units[at].take(world, told, lock);
        }
    }
    units
}

/// The group, or each of its sources alone where they are too large to be understood together.
fn fitting(units: &[Unit], group: Vec<usize>) -> Vec<Vec<usize>> {
    let texts = group.iter().map(|at| units[*at].source.file.text());
    match texts.into_iter().try_fold(0, behind) {
        Some(_) => vec![group],
        None => group.into_iter().map(|at| vec![at]).collect(),
    }
}

/// Infers sources that import one another.
fn understand(
    units: &mut [Unit],
    links: &[Vec<Option<usize>>],
    group: &[usize],
) -> Vec<(World, Vec<Diagnostic>)> {
    let mut bases = Vec::with_capacity(group.len());
    let mut base = 0;
    for &at in group {
        move_to(&mut units[at].tree, base);
        bases.push(base);
        base = behind(base, units[at].source.file.text()).unwrap_or(base);
    }
    // A group is in order.
    let place = |target: usize| group.binary_search(&target).ok();
    let parts = group.iter().zip(&bases).map(|(&at, &base)| Part {
        base,
        name: units[at].source.file.name(),
        module: emit::module_path(&units[at].source.path).unwrap_or_default(),
        text: units[at].source.file.text(),
        tree: &units[at].tree,
        links: links[at].iter().map(|to| to.and_then(place)).collect(),
        lines: Lines::default(),
    });
    let program = Program {
        parts: parts.collect(),
    };
    infer::infer(&program)
}

/// Parentheses and lists that are never closed: what they hold is read as it was not meant. (Of a block the items are still
/// what they are.)
fn torn(text: &str, told: &[Diagnostic]) -> Vec<Span> {
    let unclosed = told.iter().filter(|one| *one.code == UNCLOSED);
    let opened = |one: &&Diagnostic| {
        let opener = text.get(one.primary.span.range());
        matches!(opener, Some("(" | "["))
    };
    let group = |one: &Diagnostic| {
        let closer = one.secondary.first()?;
        Some(Span::new(one.primary.span.start, closer.span.start))
    };
    unclosed.filter(opened).filter_map(group).collect()
}

/// What stands for bytes that are no UTF-8.
const BAD_BYTE: char = char::REPLACEMENT_CHARACTER;

fn has_bad_byte(text: &str, one: &Diagnostic) -> bool {
    text.get(one.primary.span.range())
        .is_some_and(|text| text.contains(BAD_BYTE))
}

/// Whether a mistake in the text is nothing but a byte that is no UTF-8, which is told already.
fn is_bad_byte(text: &str, one: &Diagnostic) -> bool {
    let mut spans = std::iter::once(&one.primary)
        .chain(&one.secondary)
        .map(|label| label.span.range());
    spans.any(|span| {
        text.get(span)
            .is_some_and(|text| text.starts_with(BAD_BYTE))
    })
}
