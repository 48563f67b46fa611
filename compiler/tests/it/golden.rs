//! Mistakes in sources: what a person and a program are told, held in files beside each source.
//!
//! `UPDATE_GOLDEN=1 cargo test -p holoc` writes them anew.

use std::path::Path;

use holoc::load::Source;
use holoc::lock::Lock;
use holoc::pipeline::Unit;
use holoc::report::{Format, Told, show};

fn rendered(unit: &Unit, format: Format) -> String {
    let mut out = Vec::new();
    let told = [Told {
        file: &unit.source.file,
        diagnostics: &unit.diagnostics,
    }];
    show(&told, format, false, &mut out).unwrap();
    // Trailing blanks at the marks are the renderer's, and editors drop them.
    String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

#[test]
fn mistakes_are_told_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.retain(|path| path.extension().is_some_and(|ending| ending == "hsplus"));
    names.sort();
    assert!(names.len() > 30);
    let mut wrong = Vec::new();
    for path in names {
        let name = path.file_name().unwrap().to_str().unwrap();
        let source = Source::new(name, name, std::fs::read(&path).unwrap());
        let unit = Unit::compile(source, &mut Lock::default());
        for (format, ending) in [(Format::Human, "txt"), (Format::Json, "jsonl")] {
            let golden = path.with_extension(ending);
            let found = rendered(&unit, format);
            if update {
                std::fs::write(&golden, &found).unwrap();
            } else if std::fs::read_to_string(&golden).unwrap_or_default() != found {
                wrong.push(format!("{}:\n{found}", golden.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
