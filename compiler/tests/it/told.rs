//! Mistakes that take several files: what the command says about each project in `tests/fixtures/projects`, held beside it.
//!
//! `commands` holds one command a line, run one after the other in a copy of the folder; `told.txt` is what they said.
//! `UPDATE_GOLDEN=1 cargo test -p holoc` writes it anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::program::{holoc, write};

/// The files of a project, by their paths below it.
fn files(folder: &Path, below: &str, out: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            files(&path, &format!("{name}/"), out);
        } else {
            out.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
}

fn told(project: &Path) -> String {
    let copy = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    files(project, "", &mut all);
    for (name, text) in &all {
        if name != "commands" && name != "told.txt" {
            write(&copy, name, text);
        }
    }
    let commands = std::fs::read_to_string(project.join("commands")).unwrap();
    let mut out = String::new();
    for command in commands.lines() {
        let args: Vec<&str> = command.split(' ').collect();
        let ran = holoc(&copy, &args);
        writeln!(out, "$ holoc {command}\n{}{}", ran.stdout, ran.stderr).unwrap();
        writeln!(out, "= {}\n", ran.code.unwrap()).unwrap();
    }
    let lines = out.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.collect()
}

#[test]
fn mistakes_of_several_files_are_told_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/projects");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut projects: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    projects.sort();
    assert!(projects.len() > 8);
    let mut wrong = String::new();
    for project in projects {
        let golden = project.join("told.txt");
        let found = told(&project);
        if update {
            std::fs::write(&golden, &found).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != found {
            writeln!(wrong, "{}:\n{found}", golden.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
