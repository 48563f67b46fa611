//! One source through all stages but the last, and what can be said of many at once.

use std::collections::BTreeMap;

use holo_codegen::schema::Module;
use holo_grammar::ast::{File, Span};
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
        diagnostics.extend(parsed.diagnostics);
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
        let (world, told) = infer::infer(unit.source.file.text(), &unit.tree);
        unit.world = world;
        unit.diagnostics.extend(told);
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

/// Reports sources whose paths lead to one module, and paths that lead to none.
pub fn check_paths(units: &mut [Unit]) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for unit in units {
        let shown = unit.source.file.name();
        let report = match emit::module_path(&unit.source.path) {
            None => Some(
                Diagnostic::error(
                    &codes::EMPTY_NAME,
                    format!("the path `{shown}` gives no module name"),
                    Span::default(),
                )
                .help("rename it so that every part has a letter or a digit"),
            ),
            Some(path) => seen.insert(path.join("::"), shown.to_owned()).map(|first| {
                let message = format!(
                    "`{first}` and `{shown}` both become the module `{}`",
                    path.join("::")
                );
                Diagnostic::error(&codes::PATH_COLLISION, message, Span::default())
                    .help("rename one of the two")
            }),
        };
        unit.diagnostics.extend(report);
    }
}
