//! The texts that benchmarks read, and the table that they print.
//!
//! What belongs here: sources in memory. What never will: a measurement.

use std::path::{Path, PathBuf};

/// The public corpus if it lies beside the workspace, else the fixtures of the compiler.
pub(crate) fn sources() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = here.join("../../shared/corpus");
    let folder = if corpus.is_dir() {
        corpus
    } else {
        println!(
            "the corpus is not at {}; fixtures are read instead",
            corpus.display()
        );
        here.join("../tests/fixtures")
    };
    let mut paths = Vec::new();
    collect(&folder, &mut paths);
    paths.sort();
    let texts = paths
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok());
    texts.collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "hsplus") {
            paths.push(path);
        }
    }
}

/// Whether what follows a source is read as if it stood alone: nothing in the source is left open.
fn is_whole(source: &String) -> bool {
    let parsed = holo_grammar::parse(&format!("{source}\norb probe {{}}\n"));
    let last = parsed.file.items.last();
    matches!(last, Some(holo_grammar::ast::Item::Node(node)) if node.label().text == "probe")
}

/// A text of so many bytes, or little less, made of whole sources.
pub(crate) fn text_of(sources: &[String], bytes: usize) -> String {
    let whole: Vec<&String> = sources.iter().filter(|source| is_whole(source)).collect();
    let mut text = String::with_capacity(bytes);
    for source in whole.into_iter().cycle() {
        if text.len() + source.len() + 1 > bytes {
            break;
        }
        text.push_str(source);
        text.push('\n');
    }
    text
}

/// A line of the table: what was measured, the figure, and the goal beside it.
pub(crate) fn row(what: &str, figure: &str, goal: &str) {
    println!("{what:<44} {figure:>14}   {goal}");
}
