//! Every file of the public corpus is read without a false error.
//!
//! The corpus lies beside the workspace and is read in place; where it is absent, the test says so and passes.

use std::path::{Path, PathBuf};

use holo_grammar::SourceFile;
use holo_grammar::diagnostic::Severity;

/// Sources that are truly broken, and why.
const BROKEN: &[(&str, &str)] = &[];

fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let mut paths = Vec::new();
    for folder in ["files", "snippets"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
            continue;
        };
        paths.extend(
            entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|ext| ext == "hsplus")),
        );
    }
    paths.sort();
    paths
}

#[test]
fn no_false_errors() {
    let paths = sources();
    if paths.is_empty() {
        println!("the corpus is not here; nothing was read");
        return;
    }
    let mut wrong = String::new();
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (source, mut diagnostics) = SourceFile::new(name.clone(), std::fs::read(path).unwrap());
        diagnostics.extend(holo_grammar::parse(source.text()).diagnostics);
        let errors: Vec<_> = diagnostics
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .collect();
        let known = BROKEN.iter().any(|(broken, _)| *broken == name);
        if known == errors.is_empty() {
            wrong += &format!("{name}: {} errors\n", errors.len());
        }
        if known {
            continue;
        }
        for one in errors.iter().take(4) {
            let (line, column) = source.line_col(one.primary.span.start);
            let text = &source.text()[source.line(line).unwrap().range()];
            wrong += &format!(
                "  {line}:{column} {} {} | {text}\n",
                one.code.id, one.message
            );
        }
    }
    println!("{} sources read", paths.len());
    assert!(wrong.is_empty(), "{wrong}");
}
