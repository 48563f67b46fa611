//! R9: sources whose paths cannot be modules, or only one and the same.
//!
//! Looks at paths alone, never at what a source says.

use std::collections::BTreeMap;

use holo_grammar::ast::Span;
use holo_grammar::diagnostic::Diagnostic;

use super::Unit;
use crate::{codes, emit, idents};

/// Reports sources whose paths lead to one module, and paths that lead to none.
pub fn check_paths(units: &mut [Unit]) {
    // Each module and folder of modules, as a file system may tell them apart: the source that makes it, whether it is a
    // folder, and its name as Rust has it.
    let mut seen: BTreeMap<Vec<String>, (String, bool, String)> = BTreeMap::new();
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
        let folded: Vec<String> = path.iter().map(|part| idents::folded(part)).collect();
        for depth in 1..=path.len() {
            let folder = depth < path.len();
            let module = path[..depth].join("::");
            let (first, was_folder, name) = seen
                .entry(folded[..depth].to_vec())
                .or_insert_with(|| (shown.clone(), folder, module.clone()));
            // A folder of one name may be made by many; anything else only by one.
            if (folder && *was_folder && *name == module) || *first == shown {
                continue;
            }
            let both = match (*was_folder, folder) {
                (true, false) => format!("`{shown}` and the folder of `{first}`"),
                (false, true) => format!("`{first}` and the folder of `{shown}`"),
                _ => format!("`{first}` and `{shown}`"),
            };
            let message = if *name == module {
                format!("{both} both become the module `{module}`")
            } else {
                format!("{both} both become one file where capital letters do not count")
            };
            unit.diagnostics.push(
                Diagnostic::error(&codes::PATH_COLLISION, message, Span::default())
                    .label("the second of them")
                    .help("rename one of the two"),
            );
            break;
        }
    }
}
