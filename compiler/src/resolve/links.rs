//! Where the path of an import leads, as far as paths alone can tell.
//!
//! Pure: no file is opened here. Packages, and files of other languages, lead nowhere that holoc could follow.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::load::EXTENSION;

/// The files that an import may mean, best first; none if it means no source of ours.
///
/// `./x` and `../x` are relative to the folder of the source; `x.hsplus` is too. `@scope/x`, `three` and `./x.ts` belong to
/// other tools.
#[must_use]
pub fn candidates(folder: &Utf8Path, import: &str) -> Option<Vec<Utf8PathBuf>> {
    let relative = import.starts_with("./") || import.starts_with("../");
    let ending = format!(".{EXTENSION}");
    let own = import.ends_with(&ending) && !import.starts_with(['@', '/']) && !import.contains(':');
    if !(relative || own) || import.contains('\0') {
        return None;
    }
    let path = normal(&folder.join(import));
    match path.extension() {
        Some(EXTENSION) => Some(vec![path]),
        Some(_) => None,
        None => Some(vec![
            Utf8PathBuf::from(format!("{path}{ending}")),
            path.join(format!("index{ending}")),
        ]),
    }
}

/// A path without `.` and `..`, as far as it has names to take back.
#[must_use]
pub fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The path from one module to a name in another, both below the same root.
#[must_use]
pub fn rust_path(from: &[String], to: &[String], name: &str) -> String {
    if from == to {
        return name.to_owned();
    }
    // Up to the folder that both are in.
    let folders = from.len().min(to.len()).saturating_sub(1);
    let shared = from.iter().zip(to).take(folders);
    let shared = shared.take_while(|(from, to)| from == to).count();
    let up = "super::".repeat(from.len() - shared);
    let down: String = to[shared..]
        .iter()
        .map(|part| format!("{part}::"))
        .collect();
    format!("{up}{down}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_sources_are_followed() {
        let all = |import| {
            let found = candidates(Utf8Path::new("a/b"), import)?;
            Some(found.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(all("./x.hsplus").unwrap(), ["a/b/x.hsplus"]);
        assert_eq!(
            all("../c/./x").unwrap(),
            ["a/c/x.hsplus", "a/c/x/index.hsplus"]
        );
        assert_eq!(all("x.hsplus").unwrap(), ["a/b/x.hsplus"]);
        assert_eq!(all("../../../x.hsplus").unwrap(), ["../x.hsplus"]);
        for other in [
            "three",
            "@scope/x",
            "@scope/x.hsplus",
            "./x.ts",
            "https://a/x.hsplus",
            "/x.hsplus",
        ] {
            assert_eq!(all(other), None, "{other}");
        }
    }

    #[test]
    fn modules_reach_one_another() {
        let path = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(rust_path(&path("a"), &path("a"), "T"), "T");
        assert_eq!(rust_path(&path("a"), &path("b"), "T"), "super::b::T");
        assert_eq!(rust_path(&path("a::x"), &path("a::y"), "T"), "super::y::T");
        assert_eq!(
            rust_path(&path("a::x"), &path("b::c::y"), "T"),
            "super::super::b::c::y::T"
        );
        assert_eq!(
            rust_path(&path("a::x"), &path("a"), "T"),
            "super::super::a::T"
        );
    }
}
