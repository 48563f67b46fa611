//! R9: which source becomes which module, and the `mod.rs` of each folder.

use std::collections::{BTreeMap, BTreeSet};

use super::MARK;
use crate::idents;
use crate::load::EXTENSION;

/// The files are formatted, if not by rustfmt; a folder may hold a source of its own name; and an application need not make
/// public what is generated.
const ATTRIBUTES: &str = "#[rustfmt::skip]\n#[allow(unreachable_pub, clippy::module_inception)]";

/// The module of a source: `a/b-c.hsplus` is `a::b_c`. None where a part has no letter or digit.
#[must_use]
pub fn module_path(source: &str) -> Option<Vec<String>> {
    let stem = source
        .strip_suffix(EXTENSION)
        .and_then(|stem| stem.strip_suffix('.'))
        .unwrap_or(source);
    stem.split('/').map(idents::module).collect()
}

fn plain(part: &str) -> &str {
    part.strip_prefix("r#").unwrap_or(part)
}

/// The file of a module, from the output folder.
#[must_use]
pub(super) fn file(path: &[String]) -> String {
    let parts: Vec<&str> = path.iter().map(|part| plain(part)).collect();
    format!("{}.rs", parts.join("/"))
}

/// The file of a module's schema, beside that of the module.
#[must_use]
pub(super) fn schema_file(path: &[String]) -> String {
    let parts: Vec<&str> = path.iter().map(|part| plain(part)).collect();
    format!("{}{}", parts.join("/"), super::schema::ENDING)
}

/// True when a file is one that is written for this module.
#[must_use]
pub(super) fn is_of(name: &str, path: &[String]) -> bool {
    file(path) == name || schema_file(path) == name
}

/// The `mod.rs` of the output folder and of each folder in it.
#[must_use]
pub(super) fn mod_files(paths: &BTreeMap<Vec<String>, String>) -> BTreeMap<String, String> {
    let mut folders: BTreeMap<Vec<String>, BTreeSet<(String, String)>> =
        BTreeMap::from([(Vec::new(), BTreeSet::new())]);
    for (path, source) in paths {
        for depth in 0..path.len() {
            let doc = if depth + 1 == path.len() {
                format!("The orbs of `{}`.", source.replace(['`', '\n', '\r'], " "))
            } else {
                format!(
                    "The folder `{}`.",
                    path[..=depth]
                        .iter()
                        .map(|part| plain(part))
                        .collect::<Vec<_>>()
                        .join("/")
                )
            };
            folders
                .entry(path[..depth].to_vec())
                .or_default()
                .insert((path[depth].clone(), doc));
        }
    }
    folders
        .into_iter()
        .map(|(folder, modules)| (mod_file(&folder), mod_text(&modules)))
        .collect()
}

fn mod_file(folder: &[String]) -> String {
    folder
        .iter()
        .map(|part| format!("{}/", plain(part)))
        .chain(["mod.rs".to_owned()])
        .collect()
}

fn mod_text(modules: &BTreeSet<(String, String)>) -> String {
    let mut text = format!(
        "{MARK} {}: the modules of this folder\n",
        env!("CARGO_PKG_VERSION")
    );
    for (name, doc) in modules {
        text.push_str(&format!("\n/// {doc}\n{ATTRIBUTES}\npub mod {name};\n"));
    }
    text
}
