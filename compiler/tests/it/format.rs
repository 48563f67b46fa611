//! What `fmt` does to a source, in golden files, and the command itself.

use std::path::{Path, PathBuf};

use holoc::format::{Refusal, format};

use crate::program::{Ran, folder, holoc, read, with_input};

const UGLY: &str = "orb a @synced{\nx:1\n}\n";
const NEAT: &str = "orb a @synced {\n  x: 1\n}\n";
const BROKEN: &str = "orb a @synced {\n  x: \"1\n";

#[track_caller]
fn exits(ran: &Ran, code: i32) {
    assert_eq!(ran.code, Some(code), "{ran:?}");
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "hsplus"));
    paths.sort();
    paths
}

#[test]
fn sources_are_laid_out_as_expected() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let paths = fixtures();
    assert!(paths.len() >= 8);
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let found = format(&text).unwrap_or_else(|refusal| panic!("{path:?}: {refusal:?}"));
        let golden = path.with_extension("expected");
        if update {
            std::fs::write(&golden, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap();
        assert!(found == expected, "{path:?} became\n{found}");
        assert_eq!(format(&found).unwrap(), found, "{path:?}");
    }
}

#[test]
fn a_text_with_mistakes_is_left_alone() {
    for text in [
        "orb a { x: 1",
        "orb a { x: 1 ) }",
        "orb a }",
        "orb a { x: \"1 }",
        "orb a { /* x }",
        "orb a @synced { x: }",
    ] {
        assert!(matches!(format(text), Err(Refusal::Mistakes(_))), "{text}");
    }
}

#[test]
fn a_small_text_does_not_become_a_large_one() {
    let open = format!("x\n{}{{\n", " ".repeat(1000)).repeat(100);
    let (lines, close) = ("x\n".repeat(1000), "}\n".repeat(100));
    let text = format!("orb a {{\naction f() {{\n{open}{lines}{close}}}\n}}\n");
    let result = format(&text).unwrap();
    assert!(result.len() < 300_000, "{}", result.len());
}

#[test]
fn files_are_written_only_when_they_change() {
    let folder = folder(&[("ugly.hsplus", UGLY), ("neat.hsplus", NEAT)]);
    let before = std::fs::metadata(folder.path().join("neat.hsplus")).unwrap();
    let output = holoc(&folder, &["fmt"]);
    exits(&output, 0);
    let said = output.stdout;
    assert!(
        said.contains("ugly.hsplus") && !said.contains("neat.hsplus"),
        "{said}"
    );
    assert_eq!(read(&folder, "ugly.hsplus"), NEAT);
    let after = std::fs::metadata(folder.path().join("neat.hsplus")).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
    let again = holoc(&folder, &["fmt", "."]);
    exits(&again, 0);
    assert_eq!(again.stdout, "");
}

#[test]
fn check_shows_a_difference_and_writes_nothing() {
    let folder = folder(&[("ugly.hsplus", UGLY)]);
    let output = holoc(&folder, &["fmt", "--check", "ugly.hsplus"]);
    exits(&output, 1);
    let said = output.stdout;
    assert!(
        said.contains("-orb a @synced{\n-x:1\n+orb a @synced {\n+  x: 1\n"),
        "{said}"
    );
    assert_eq!(read(&folder, "ugly.hsplus"), UGLY);
    exits(&with_input(&folder, &["fmt", "--check", "-"], NEAT), 0);
    exits(&with_input(&folder, &["fmt", "--check", "-"], UGLY), 1);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = folder(&[]);
    let output = with_input(&folder, &["fmt", "-"], UGLY);
    exits(&output, 0);
    assert_eq!(output.stdout, NEAT);
}

#[test]
fn a_broken_file_stays_and_its_neighbours_are_formatted() {
    let folder = folder(&[("a.hsplus", BROKEN), ("b.hsplus", UGLY)]);
    let output = holoc(&folder, &["fmt"]);
    exits(&output, 1);
    let said = output.stderr;
    assert!(
        said.contains("HS005") && said.contains("is left as it is"),
        "{said}"
    );
    assert_eq!(read(&folder, "a.hsplus"), BROKEN);
    assert_eq!(read(&folder, "b.hsplus"), NEAT);
    let piped = with_input(&folder, &["fmt", "-"], BROKEN);
    exits(&piped, 1);
    assert_eq!(piped.stdout, "");
    exits(&holoc(&folder, &["fmt", "not_there.hsplus"]), 2);
}

#[test]
fn a_byte_order_mark_stays() {
    let folder = folder(&[("a.hsplus", &format!("\u{feff}{UGLY}"))]);
    exits(&holoc(&folder, &["fmt"]), 0);
    assert_eq!(read(&folder, "a.hsplus"), format!("\u{feff}{NEAT}"));
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("real/a.hsplus", UGLY)]);
    let real = folder.path().join("real/a.hsplus");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("link.hsplus");
    symlink(&real, &link).unwrap();
    exits(&holoc(&folder, &["fmt", "link.hsplus"]), 0);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    let mode = std::fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(
        (mode & 0o777, read(&folder, "real/a.hsplus")),
        (0o640, NEAT.to_owned())
    );
}

#[test]
fn odd_texts_are_laid_out_in_one_run() {
    // Found by fuzzing: blanks that are not plain above a line, brackets of a wide script in code, a tag behind a
    // brace, blanks in a text without its end, a value below its key behind a tab.
    for text in [
        "orb a {\n  @render {\u{a0}\n      <div\n          class=1>\n        <p>{ b }</p>\n  }\n}\n",
        "+=orb a @b（rate： 20hz） {\n  c： 3，\n}\n",
        "object Portal @portal(to: 'a\tb) {\n  c: 1\n}\n",
        "dialect {\n  scale:\n\t 1.0\n  at: [0]\n}\n",
        "@meta {<div>\n-  title: \"a\"\n}\n",
        "d {\nx:\u{c}\n 3\n}\n",
    ] {
        let once = format(text).unwrap_or_else(|refusal| panic!("{text:?}: {refusal:?}"));
        assert_eq!(format(&once).ok().as_ref(), Some(&once), "{text:?}");
    }
}

#[test]
fn no_space_makes_a_comment_of_a_hash() {
    // Found by fuzzing: `# }` is a comment.
    for text in [
        "orb a @netted {\n  @grabbable\n#}\n",
        "orb a @netted {\n  b: c#/*d*/\n}\n",
    ] {
        let result = format(text);
        assert!(
            !matches!(result, Err(Refusal::Changed)),
            "{text:?}: {result:?}"
        );
    }
}
