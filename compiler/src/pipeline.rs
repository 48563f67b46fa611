//! One source through all stages but the last, and what can be said of many at once.

use std::collections::{BTreeMap, BTreeSet};

use holo_codegen::schema::Module;
use holo_grammar::ast::{File, Span};
use holo_grammar::codes::NOT_UTF8;
use holo_grammar::diagnostic::{Diagnostic, Severity};

use crate::load::Source;
use crate::lock::Lock;
use crate::model::World;
use crate::{codes, emit, infer, lower};

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

    /// Reads a source and decides what it means.
    #[must_use]
    pub fn compile(source: Source, lock: &mut Lock) -> Self {
        let mut unit = Self::parse(source);
        let (world, told) = infer::infer(unit.source.file.text(), &mut unit.tree);
        unit.world = world;
        unit.extend(told);
        // Names that collide would collide in the lock too, and nothing is written anyway.
        if !unit.failed() {
            unit.diagnostics
                .extend(lock.apply(&unit.source.path, &mut unit.world));
        } else {
            lock.clone().apply(&unit.source.path, &mut unit.world);
        }
        unit.diagnostics
            .sort_by_key(|one| (one.primary.span, one.code.id));
        unit
    }

    /// Takes in what inference tells, but for what only follows from an error: a note on what holds one, and a name that
    /// is a bad byte.
    fn extend(&mut self, told: Vec<Diagnostic>) {
        let known = self.diagnostics.iter().chain(&told);
        let errors: BTreeSet<Span> = known
            .filter(|one| one.severity == Severity::Error)
            .map(|one| one.primary.span)
            .collect();
        let bad_bytes = self.diagnostics.iter().any(|one| *one.code == NOT_UTF8);
        let text = self.source.file.text();
        let follows = |one: &Diagnostic| {
            let Span { start, end } = one.primary.span;
            let mut within = errors
                .range(Span::new(start, start)..)
                .take_while(|error| error.start <= end);
            let noted = one.severity == Severity::Note && within.any(|error| error.end <= end);
            noted || (bad_bytes && *one.code == codes::EMPTY_NAME && has_bad_byte(text, one))
        };
        self.diagnostics
            .extend(told.into_iter().filter(|one| !follows(one)));
    }

    /// The schema of the source.
    #[must_use]
    pub fn module(&self) -> Module {
        lower::lower(&self.source.path, &self.world)
    }

    /// Whether there is an error in it.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|one| one.severity == Severity::Error)
    }
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

/// Reports sources whose paths lead to one module, and paths that lead to none.
pub fn check_paths(units: &mut [Unit]) {
    // Each module and folder of modules with the source that makes it, and whether it is a folder.
    let mut seen: BTreeMap<Vec<String>, (String, bool)> = BTreeMap::new();
    for unit in units {
        let shown = unit.source.file.name().to_owned();
        let Some(path) = emit::module_path(&unit.source.path) else {
            let message = format!("the path `{shown}` gives no module name");
            unit.diagnostics.push(
                Diagnostic::error(&codes::EMPTY_NAME, message, Span::default())
                    .help("rename it so that every part has a letter or a digit"),
            );
            continue;
        };
        for depth in 1..=path.len() {
            let folder = depth < path.len();
            let (first, was_folder) = seen
                .entry(path[..depth].to_vec())
                .or_insert_with(|| (shown.clone(), folder));
            // A folder may be made by many; anything else only by one.
            if (folder && *was_folder) || *first == shown {
                continue;
            }
            let module = path[..depth].join("::");
            let both = match (*was_folder, folder) {
                (true, false) => format!("`{shown}` and the folder of `{first}`"),
                (false, true) => format!("`{first}` and the folder of `{shown}`"),
                _ => format!("`{first}` and `{shown}`"),
            };
            let message = format!("{both} both become the module `{module}`");
            unit.diagnostics.push(
                Diagnostic::error(&codes::PATH_COLLISION, message, Span::default())
                    .help("rename one of the two"),
            );
            break;
        }
    }
}
