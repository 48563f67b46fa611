//! How long each stage takes over the public corpus, and the command over folders.
//!
//! `cargo bench -p holoc`. What belongs here: measured time, beside what it should be. What never will: a test; no figure
//! makes this fail.

// Nobody reads the documentation of a bench, and in one a panic is the message.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use holo_grammar::diagnostic::Severity;
use holoc::load::Source;
use holoc::lock::Lock;
use holoc::pipeline::Unit;

/// How often everything is measured; the best counts.
const ROUNDS: usize = 10;

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folder = here.join("../../shared/corpus");
    if !folder.is_dir() {
        println!(
            "the corpus is not at {}; fixtures are read instead",
            folder.display()
        );
        folder = here.join("../tests/fixtures");
    }
    let mut paths = Vec::new();
    collect(&folder, &mut paths);
    paths.sort();
    let texts: Vec<Vec<u8>> = paths
        .iter()
        .filter_map(|path| std::fs::read(path).ok())
        .collect();
    let bytes: usize = texts.iter().map(Vec::len).sum();
    println!("{} sources, {bytes} bytes\n", texts.len());
    stages(&texts, bytes);
    println!();
    check(&folder);
    unchanged();
}

/// The stages over all sources, each as if it stood alone.
fn stages(texts: &[Vec<u8>], bytes: usize) {
    const NAMES: [&str; 5] = [
        "source",
        "text to tree",
        "infer and lock",
        "lower",
        "generate",
    ];
    let mut best = [Duration::MAX; NAMES.len()];
    let mut modules = 0;
    for _ in 0..ROUNDS {
        let mut sums = [Duration::ZERO; NAMES.len()];
        modules = 0;
        for text in texts {
            modules += usize::from(one(text.clone(), &mut sums));
        }
        for (best, sum) in best.iter_mut().zip(sums) {
            *best = (*best).min(sum);
        }
    }
    for (name, time) in NAMES.iter().zip(best) {
        row(
            name,
            &format!("{time:.2?}"),
            &format!("{:.1} MB/s", bytes as f64 / 1e6 / time.as_secs_f64()),
        );
    }
    println!("{modules} of the sources are lowered and generated");
}

/// One source through all stages. Returns whether there was something to generate.
fn one(text: Vec<u8>, sums: &mut [Duration; 5]) -> bool {
    let begun = Instant::now();
    let source = Source::new("bench.hsplus", "bench.hsplus", text);
    let read = Instant::now();
    let unit = Unit::parse(source);
    let parsed = Instant::now();
    let mut lock = Lock::default();
    let units = holoc::pipeline::compile(vec![unit], &mut lock, &mut holoc::pipeline::Nowhere);
    let inferred = Instant::now();
    sums[0] += read - begun;
    sums[1] += parsed - read;
    sums[2] += inferred - parsed;
    let unit = &units[0];
    let failed = unit
        .diagnostics
        .iter()
        .any(|one| one.severity == Severity::Error);
    if failed || unit.world.orbs.is_empty() {
        return false;
    }
    let modules = holoc::pipeline::modules(&units);
    let lowered = Instant::now();
    black_box(holoc::emit::render(&modules[0]).is_ok());
    sums[3] += lowered - inferred;
    sums[4] += lowered.elapsed();
    true
}

fn check(folder: &Path) {
    let time = fastest(|| command(folder, &["check", "."]));
    row(
        "holoc check, the whole folder",
        &format!("{time:.0?}"),
        "goal: under 0.5 s",
    );
}

/// A build of a hundred files in which nothing changed.
fn unchanged() {
    let folder = tempfile::tempdir().unwrap();
    for i in 0..100 {
        let fields: String = (0..20).map(|at| format!("    f{at}: {at}\n")).collect();
        let text = format!(
            "orb \"Thing {i}\" @networked(sync_rate: 20hz) {{\n  state {{\n{fields}  }}\n}}\n"
        );
        std::fs::write(folder.path().join(format!("thing_{i}.hsplus")), text).unwrap();
    }
    let build = || command(folder.path(), &["build", ".", "-o", "out"]);
    let begun = Instant::now();
    build();
    row(
        "holoc build of 100 files, the first",
        &format!("{:.0?}", begun.elapsed()),
        "",
    );
    assert!(
        folder.path().join("out/thing_99.rs").exists(),
        "nothing was built"
    );
    row(
        "holoc build of 100 files, unchanged",
        &format!("{:.0?}", fastest(build)),
        "goal: under 0.2 s",
    );
}

fn command(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holoc"));
    command
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().unwrap();
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

fn fastest(mut run: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        run();
        best = best.min(begun.elapsed());
    }
    best
}

fn row(what: &str, figure: &str, goal: &str) {
    println!("{what:<40} {figure:>12}   {goal}");
}
