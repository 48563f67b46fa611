//! From schemas to Rust files, and to JSON: text, module tree, and writing it all or nothing.
//!
//! The only stage that writes. What the Rust looks like is the generator's business, in `holo-codegen`.

mod files;
mod schema;
mod text;
mod tree;

pub use files::{Change, EmitError, Plan};
pub use schema::render as render_schema;
pub use text::{MARK, render};
pub use tree::module_path;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use holo_codegen::schema::Module;

use crate::lock::{FILE_NAME, Lock};

/// What a build wants the output folder to hold.
///
/// # Errors
/// When the folder cannot be read, or holds a file of somebody else's where one is to go.
pub fn plan(
    out: &Utf8Path,
    modules: &[Module],
    lock: &Lock,
    folders: &[Utf8PathBuf],
) -> Result<Plan, EmitError> {
    plan_with_lock_at(out, &out.join(FILE_NAME), modules, lock, folders)
}

/// As [`plan`], with the lock somewhere else.
///
/// # Errors
/// As [`plan`].
pub fn plan_with_lock_at(
    out: &Utf8Path,
    lock_path: &Utf8Path,
    modules: &[Module],
    lock: &Lock,
    folders: &[Utf8PathBuf],
) -> Result<Plan, EmitError> {
    plan_with_schemas(out, lock_path, modules, lock, folders, false)
}

/// As [`plan_with_lock_at`], with the schema of each source as JSON beside its Rust: if `schemas` says so of all, and otherwise of
/// those whose schema is there already, which is so kept fresh.
///
/// # Errors
/// As [`plan`].
pub fn plan_with_schemas(
    out: &Utf8Path,
    lock_path: &Utf8Path,
    modules: &[Module],
    lock: &Lock,
    folders: &[Utf8PathBuf],
    schemas: bool,
) -> Result<Plan, EmitError> {
    let mut plan = Plan::read(out, lock_path)?;
    let mut paths: BTreeMap<Vec<String>, String> = BTreeMap::new();
    let sources: BTreeSet<&str> = modules.iter().map(|one| one.source.as_str()).collect();
    for (file, source) in plan.generated() {
        // What an earlier run made of other sources stays, unless this run looked where its source was.
        let gone =
            !folders.is_empty() && !folders.iter().any(|folder| folder.join(&source).is_file());
        let ours = sources.contains(source.as_str());
        if let Some(path) = module_path(&source)
            .filter(|path| (source == "stdin" || !gone) && !ours && tree::is_of(&file, path))
        {
            plan.keep(&file);
            if !file.ends_with(schema::ENDING) {
                paths.insert(path, source);
            }
        }
    }
    for (module, text) in modules.iter().zip(text::render_all(modules)?) {
        let Some(path) = module_path(&module.source) else {
            continue;
        };
        plan.want(&tree::file(&path), text);
        let beside = tree::schema_file(&path);
        if schemas || plan.is_ours(&beside) {
            plan.want(&beside, schema::render(module));
        }
        paths.insert(path, module.source.clone());
    }
    for (file, text) in tree::mod_files(&paths) {
        plan.want(&file, text);
    }
    plan.want(FILE_NAME, lock.render());
    plan.foreign()?;
    Ok(plan)
}
