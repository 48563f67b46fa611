//! The fixtures of this crate, compiled as `holoc build` would.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use holo_codegen::schema::Module;
use holoc::emit::Plan;
use holoc::lock::Lock;
use holoc::pipeline::{self, Disk, Unit};

/// A path in this crate.
#[must_use]
pub fn here(path: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The schemas of all fixtures, by module path, with their ids from the lock; and how the golden files differ from what would
/// be written now.
///
/// # Panics
/// When a fixture does not compile.
#[must_use]
pub fn schemas() -> (BTreeMap<Vec<String>, Module>, String) {
    compile(&here("fixtures"), &here("golden"))
}

/// The schemas of a file or folder by module path, and how what stands in the output folder differs from what would be written
/// now.
///
/// # Panics
/// When a source does not compile.
#[must_use]
pub fn compile(from: &Utf8Path, out: &Utf8Path) -> (BTreeMap<Vec<String>, Module>, String) {
    let (modules, plan) = plan(from, out);
    let changes = plan.changes().into_iter();
    let stale = changes.map(|(file, _)| plan.diff(file)).collect();
    (modules, stale)
}

/// Writes what `holoc build` would.
///
/// # Panics
/// When a source does not compile, or nothing can be written.
pub fn build(from: &Utf8Path, out: &Utf8Path) {
    let written = plan(from, out).1.carry_out();
    written.unwrap_or_else(|error| panic!("{error}"));
}

fn plan(from: &Utf8Path, out: &Utf8Path) -> (BTreeMap<Vec<String>, Module>, Plan) {
    let mut lock = match std::fs::read_to_string(out.join("holo.lock")) {
        Ok(text) => Lock::parse(&text).unwrap_or_else(|wrong| panic!("{}", wrong.message)),
        Err(_) => Lock::default(),
    };
    let loaded = holoc::load::load(&[from.to_owned()]).unwrap_or_else(|error| panic!("{error}"));
    let units: Vec<Unit> = loaded.sources.into_iter().map(Unit::parse).collect();
    let units = pipeline::compile(units, &mut lock, &mut Disk);
    for unit in &units {
        let (path, told) = (&unit.source.path, &unit.diagnostics);
        assert!(!unit.failed(), "{path}: {told:?}");
    }
    let modules: Vec<Module> = pipeline::modules(&units);
    let plan = holoc::emit::plan(out, &modules, &lock, &loaded.folders)
        .unwrap_or_else(|error| panic!("{error}"));
    let by_path = modules
        .into_iter()
        .filter_map(|module| holoc::emit::module_path(&module.source).map(|path| (path, module)));
    (by_path.collect(), plan)
}
