//! `holoc new` and `holoc::build`: packages that cargo builds and runs.
//!
//! They are built where the tests are, with the versions that are locked here, so that nothing is compiled twice or fetched.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::program::{folder, holoc, read, write};

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// An empty folder that is the same at every run, so that cargo knows what it built there before.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The folder in which everything is built.
fn target() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_holoc"))
        .ancestors()
        .nth(2)
        .unwrap()
}

fn cargo(package: &Path, args: &[&str]) -> Output {
    let _ = std::fs::copy(workspace().join("Cargo.lock"), package.join("Cargo.lock"));
    let target = Path::new(env!("CARGO_BIN_EXE_holoc"))
        .ancestors()
        .nth(2)
        .unwrap();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo
        .args(args)
        .args(["--offline", "--quiet", "--target-dir"])
        .arg(target)
        .current_dir(package);
    // As the workspace builds, or all that is shared is built again.
    for profile in ["DEV", "DEV_BUILD_OVERRIDE"] {
        cargo.env(format!("CARGO_PROFILE_{profile}_DEBUG"), "line-tables-only");
    }
    cargo.output().unwrap()
}

#[track_caller]
fn output(output: Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    // There is no warning in the package; what the runtime is warned of is not for here.
    assert!(!told.contains("--> src/"), "{told}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_new_project_builds_runs_and_converges() {
    let dir = scratch("new");
    let ran = holoc(&dir, &["new", "my-room"]).exits(0);
    assert_eq!(
        ran.stdout,
        "made my-room; try it with `cd my-room && cargo run`\n"
    );
    assert_eq!(ran.stderr, "");
    let package = dir.join("my-room");
    let said = output(cargo(&package, &["run"]));
    let lines: Vec<&str> = said.lines().collect();
    let state = "lit true, visits 2, notes [\"back at five\", \"water the plants\"]";
    assert_eq!(
        lines,
        [
            format!("ann: {state}").as_str(),
            &format!("ben: {state}"),
            "converged"
        ]
    );
    // What was written is what holoc writes, and the sources are as it lays them out.
    holoc(&package, &["build", "--check"]).exits(0);
    holoc(&package, &["fmt", "--check"]).exits(0);
    assert!(read(&dir, "my-room/README.md").starts_with("# my-room\n"));
    holoc(&dir, &["new", "my-room"]).exits(2);
}

#[test]
fn nothing_is_overwritten_and_no_name_is_guessed() {
    let dir = folder(&[
        ("taken/notes.txt", "mine"),
        ("file", "mine"),
        ("runtime/Cargo.toml", "[package]\nname = \"other\"\n"),
    ]);
    for name in [
        "taken",
        "file",
        "9lives",
        "two words",
        "fn",
        "test",
        "",
        "..",
    ] {
        holoc(&dir, &["new", name]).exits(2);
    }
    holoc(&dir, &["new", "a", "--runtime", "runtime"]).exits(2);
    assert!(!dir.path().join("a").exists());
    assert_eq!(
        (
            read(&dir, "taken/notes.txt").as_str(),
            read(&dir, "file").as_str()
        ),
        ("mine", "mine")
    );
    assert_eq!(
        std::fs::read_dir(dir.path().join("taken")).unwrap().count(),
        1
    );
    // Inside another package it says that it is none of its members.
    write(dir.path(), "Cargo.toml", "[workspace]\n");
    write(
        dir.path(),
        "runtime/Cargo.toml",
        "[package]\nname = \"holo-runtime\"\n",
    );
    holoc(&dir, &["new", "b", "--runtime", "runtime"]).exits(0);
    let manifest = read(&dir, "b/Cargo.toml");
    assert!(
        manifest.ends_with("\n[workspace]\n") && manifest.contains("runtime\" }"),
        "{manifest}"
    );
}

#[test]
fn a_build_script_makes_code_that_is_included() {
    let runtime = workspace().join("runtime");
    let manifest = format!(
        "[package]\nname = \"scripted\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nholo-runtime = {{ path = {runtime:?} }}\n\n[build-dependencies]\nholoc = {{ path = {:?}, default-features = false }}\n",
        env!("CARGO_MANIFEST_DIR")
    );
    let dir = scratch("scripted");
    for (name, text) in [
        ("Cargo.toml", manifest.as_str()),
        (
            "build.rs",
            "fn main() -> Result<(), holoc::BuildError> {\n    holoc::build(\"world\")\n}\n",
        ),
        (
            "world/room.hsplus",
            "orb room @synced { state { lit: false } }\n",
        ),
        (
            "world/deep/cup.hsplus",
            "orb cup @synced { state { full: true } }\n",
        ),
        (
            "src/main.rs",
            "#![deny(warnings)]\nmod world {\n    include!(concat!(env!(\"OUT_DIR\"), \"/holo/mod.rs\"));\n}\n\nfn main() {\n    let mut room = holo_runtime::Replica::<world::room::Room>::new(holo_runtime::ReplicaId::random());\n    room.edit(|room| { room.lit.set(true); });\n    let cup = world::deep::cup::Cup::default();\n    println!(\"{} {}\", room.state().lit.get(), cup.full.get());\n}\n",
        ),
    ] {
        write(&dir, name, text);
    }
    assert_eq!(output(cargo(&dir, &["run"])), "true true\n");
    let lock = read(&dir, "world/holo.lock");
    assert!(
        lock.contains("name = \"lit\"") && lock.contains("name = \"full\""),
        "{lock}"
    );
    // Cargo knows what to look at; without a word it would look at everything.
    let scripts = std::fs::read_dir(target().join("debug/build"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let said = scripts
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("scripted-")
        })
        .filter_map(|path| std::fs::read_to_string(path.join("output")).ok());
    let lines = "cargo:rerun-if-changed=world\ncargo:rerun-if-changed=world/deep/cup.hsplus\ncargo:rerun-if-changed=world/room.hsplus\n";
    assert!(said.into_iter().any(|said| said == lines));
    // A mistake in a source fails the build, and cargo passes on what is wrong.
    write(
        &dir,
        "world/room.hsplus",
        "orb room @netwroked { state { lit: false } }\n",
    );
    let failed = cargo(&dir, &["build"]);
    let told = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(
        !failed.status.success()
            && told.contains("[HS106]")
            && told.contains("world/room.hsplus:1:11"),
        "{told}"
    );
    assert_eq!(read(&dir, "world/holo.lock"), lock);
    // With the mistake mended and a change made, the script runs again.
    write(
        &dir,
        "world/room.hsplus",
        "orb room @synced { state { lit: true, rate: 1 } }\n",
    );
    assert_eq!(output(cargo(&dir, &["run"])), "true true\n");
    assert!(read(&dir, "world/holo.lock").contains("name = \"rate\""));
}

#[test]
fn a_build_says_why_it_fails() {
    use holoc::{Build, BuildError};
    let dir = folder(&[
        ("w/a.hsplus", "orb a @synced { state { x: 1 } }\n"),
        ("bad/a.hsplus", "orb a @netwroked {}\n"),
    ]);
    let at = |name: &str| dir.path().join(name);
    let build = |name: &str| Build::new().source(at(name)).out_dir(at("out"));
    assert!(matches!(Build::new().run(), Err(BuildError::NoSource)));
    assert!(matches!(build("nowhere").run(), Err(BuildError::Load(_))));
    assert!(matches!(build("bad").run(), Err(BuildError::Wrong(count)) if count.errors == 1));
    assert!(!at("out").exists());
    assert!(matches!(
        build("w").locked(true).run(),
        Err(BuildError::StaleLock(_))
    ));
    assert!(!at("out").exists() && !at("w/holo.lock").exists());
    assert_eq!(build("w").run().unwrap().changed.len(), 3);
    assert_eq!(build("w").locked(true).run().unwrap().changed.len(), 0);
    assert!(at("w/holo.lock").exists() && !at("out/holo.lock").exists());
    // Another place for the lock is another lock.
    build("w/a.hsplus")
        .lock(at("numbers/holo.lock"))
        .run()
        .unwrap();
    assert!(at("numbers/holo.lock").exists());
    std::fs::write(at("w/holo.lock"), "version = ").unwrap();
    assert!(matches!(build("w").run(), Err(BuildError::Wrong(_))));
}
