//! `holoc new`: a small project that builds and runs at once.
//!
//! Writes files that people will change; what is in them stands in `templates/new`.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use super::FINE;
use super::manner::{quiet, summary};
use super::session::Failure;
use crate::{emit, load, lock, pipeline};

/// The files of a project: where each goes, and its text.
const FILES: [(&str, &str); 6] = [
    (
        "Cargo.toml",
        include_str!("../../templates/new/Cargo.toml.in"),
    ),
    ("holo.toml", include_str!("../../templates/new/holo.toml")),
    (
        "README.md",
        include_str!("../../templates/new/README.md.in"),
    ),
    (".gitignore", "/target\n"),
    (
        "world/room.hsplus",
        include_str!("../../templates/new/room.hsplus"),
    ),
    (
        "src/main.rs",
        include_str!("../../templates/new/main.rs.in"),
    ),
];

pub(super) fn run(path: &Utf8Path, runtime: Option<&Utf8Path>) -> Result<u8, Failure> {
    let name = package_name(path)?;
    refuse_to_overwrite(path)?;
    let runtime = dependency(runtime)?;
    let failed = |at: &Utf8Path| {
        let at = at.to_owned();
        move |error| Failure::Write(at, error)
    };
    // A package in a folder of a workspace belongs to it or says that it does not.
    let workspace = if in_workspace(path) {
        "\n[workspace]\n"
    } else {
        ""
    };
    for (file, text) in FILES {
        let mut text = text.replace("@NAME@", name).replace("@RUNTIME@", &runtime);
        if file == "Cargo.toml" {
            text.push_str(workspace);
        }
        let file = path.join(file);
        let folder = file.parent().unwrap_or(path);
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        let mut new = std::fs::File::create_new(&file).map_err(failed(&file))?;
        new.write_all(text.as_bytes()).map_err(failed(&file))?;
    }
    generate(path)?;
    if !quiet() {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "made {path}; try it with `cd {path} && cargo run`")?;
        stdout.flush()?;
    }
    if runtime.starts_with('"') {
        summary(
            "it depends on holo-runtime from the registry; give --runtime DIR for a copy on this machine",
        )?;
    }
    Ok(FINE)
}

/// The name of the package: the last part of the path, if cargo and Rust take it.
fn package_name(path: &Utf8Path) -> Result<&str, Failure> {
    let name = path.file_name().unwrap_or_default();
    let plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    // What is no name of a crate, such as a keyword, is no name of a package.
    let is_name = syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_ok();
    // Names of crates that are always there.
    let taken = matches!(
        name,
        "test" | "core" | "std" | "alloc" | "proc_macro" | "proc-macro"
    );
    if plain && is_name && !taken {
        return Ok(name);
    }
    Err(Failure::Usage(format!(
        "`{name}` cannot name a package; take ASCII letters, digits, `-` and `_`, beginning with a letter"
    )))
}

fn refuse_to_overwrite(path: &Utf8Path) -> Result<(), Failure> {
    let empty = path
        .read_dir_utf8()
        .is_ok_and(|mut entries| entries.next().is_none());
    if path.exists() && !empty {
        return Err(Failure::Usage(format!(
            "`{path}` is there already and is left alone"
        )));
    }
    Ok(())
}

/// How the project depends on the runtime: by the path that was given, by that of the checkout that this holoc was built from if
/// it is still there, or by its version.
fn dependency(runtime: Option<&Utf8Path>) -> Result<String, Failure> {
    let is_runtime = |path: &Utf8Path| {
        let manifest = std::fs::read_to_string(path.join("Cargo.toml"));
        manifest.is_ok_and(|text| text.contains("name = \"holo-runtime\""))
    };
    let checkout = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    let path: Utf8PathBuf = match runtime {
        Some(path) if is_runtime(path) => path.to_owned(),
        Some(path) => {
            return Err(Failure::Usage(format!(
                "`{path}` does not hold holo-runtime"
            )));
        }
        None if is_runtime(&checkout) => checkout,
        None => return Ok(format!("\"{}\"", env!("CARGO_PKG_VERSION"))),
    };
    let path = path
        .canonicalize_utf8()
        .map_err(|error| Failure::Read(path, error))?;
    Ok(format!(
        "{{ path = {} }}",
        toml::Value::String(path.into_string())
    ))
}

/// Whether a folder above has a package or a workspace.
fn in_workspace(path: &Utf8Path) -> bool {
    let Ok(path) = camino::absolute_utf8(path) else {
        return false;
    };
    let mut above = path.ancestors().skip(1);
    above.any(|folder| folder.join("Cargo.toml").is_file())
}

/// Writes what `holoc build` in the new folder would.
fn generate(path: &Utf8Path) -> Result<(), Failure> {
    let loaded = load::load(&[path.join("world")])?;
    let units = loaded
        .sources
        .into_iter()
        .map(pipeline::Unit::parse)
        .collect();
    let mut lock = lock::Lock::default();
    let units = pipeline::compile(units, &mut lock, &mut pipeline::Nowhere);
    let modules: Vec<_> = pipeline::modules(&units);
    let plan = emit::plan(
        &path.join("src/generated"),
        &modules,
        &lock,
        &loaded.folders,
    )?;
    Ok(plan.carry_out()?)
}
