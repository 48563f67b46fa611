//! `holo.toml`: what each key does, and what is said of each mistake in it.

use holoc::project::settings::{KEYS, Settings};

use crate::program::{folder, holoc, read, write};

const PLAYER: &str = "orb player @networked(rate: 20) { state { best: null } }\n";

#[test]
fn commands_without_a_path_take_the_project() {
    let dir = folder(&[
        (
            "holo.toml",
            "[build]\nsrc = [\"world\", \"more/b.hsplus\"]\nout = \"src/made\"\n",
        ),
        ("world/player.hsplus", PLAYER),
        ("more/b.hsplus", "orb b @networked {}"),
        ("more/c.hsplus", "orb c @netwroked {}"),
    ]);
    holoc(&dir, &["build"]).exits(0);
    for name in ["player.rs", "b.rs", "mod.rs", "holo.lock"] {
        assert!(!read(&dir, &format!("src/made/{name}")).is_empty());
    }
    assert!(!dir.path().join("src/made/c.rs").exists());
    assert_eq!(holoc(&dir, &["build", "--check"]).exits(0).stdout, "");
    holoc(&dir, &["check"]).exits(0);
    holoc(&dir, &["infer"]).exits(0);
    holoc(&dir, &["check", "more"]).exits(1);
    // From a folder below, with paths as one would write them there.
    let below = tempfile::TempDir::new_in(dir.path()).unwrap();
    assert_eq!(holoc(&below, &["build"]).exits(0).stdout, "up to date\n");
    let told = holoc(&below, &["check"]).exits(0).stdout;
    assert!(told.contains("../world/player.hsplus:1:29"), "{told}");
    // What the command line says counts more.
    holoc(&dir, &["build", "-o", "elsewhere"]).exits(0);
    assert!(dir.path().join("elsewhere/holo.lock").exists());
}

#[test]
fn the_lock_and_the_root_may_lie_elsewhere() {
    let dir = folder(&[
        (
            "conf/holo.toml",
            "[project]\nroot = \"..\"\n[build]\nsrc = \"world\"\nout = \"made\"\nlock = \"world/holo.lock\"\n",
        ),
        ("world/player.hsplus", PLAYER),
    ]);
    let conf = tempfile::TempDir::new_in(dir.path().join("conf")).unwrap();
    let wrote = holoc(&conf, &["build"]).exits(0).stdout;
    assert!(wrote.contains("world/holo.lock"), "{wrote}");
    assert!(
        dir.path().join("made/player.rs").exists() && dir.path().join("world/holo.lock").exists()
    );
    assert!(!dir.path().join("made/holo.lock").exists());
    holoc(&conf, &["build", "--check"]).exits(0);
    // The lock counts: a field before the first one gets the next number.
    write(
        dir.path(),
        "world/player.hsplus",
        "orb player @networked { state { first: 1, best: null } }\n",
    );
    holoc(&conf, &["build", "--check"]).exits(1);
    holoc(&conf, &["build"]).exits(0);
    assert!(read(&dir, "world/holo.lock").contains("id = 4\nname = \"first\""));
}

#[test]
fn codes_count_for_more_or_less() {
    let run = |check: &str| {
        let dir = folder(&[
            (
                "holo.toml",
                &format!("[build]\nsrc = \".\"\n[check]\n{check}\n"),
            ),
            ("p.hsplus", PLAYER),
        ]);
        let ran = holoc(&dir, &["check", "--format", "json"]);
        let built = holoc(&dir, &["build"]).code;
        let lines = ran
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let told: Vec<String> = lines
            .map(|line| {
                format!(
                    "{} {}",
                    line["code"].as_str().unwrap(),
                    line["severity"].as_str().unwrap()
                )
            })
            .collect();
        (told.join(", "), ran.code, built)
    };
    let says = |told: &str, code: i32| (told.to_owned(), Some(code), Some(code));
    assert_eq!(run(""), says("HS110 warning, HS121 note", 0));
    assert_eq!(run("allow = [\"HS110\", \"HS121\"]"), says("", 0));
    assert_eq!(
        run("warn = [\"HS121\"]"),
        says("HS110 warning, HS121 warning", 0)
    );
    assert_eq!(
        run("deny = [\"HS110\"]"),
        says("HS110 error, HS121 note", 1)
    );
}

#[test]
fn a_limit_to_what_is_shown() {
    let bad: String = (0..5)
        .map(|i| format!("orb a{i} @netwroked {{}}\n"))
        .collect();
    let dir = folder(&[("holo.toml", "[limits]\nshown = 2\n"), ("p.hsplus", &bad)]);
    let told = holoc(&dir, &["check", "p.hsplus"]).exits(1).stdout;
    assert_eq!(told.matches("[HS106]").count(), 2, "{told}");
    assert!(told.contains("… and 3 more"), "{told}");
}

#[test]
fn every_mistake_is_told_at_its_place() {
    for (text, place, part) in [
        ("[biuld]\n", "1:2", "did you mean `build`?"),
        (
            "[build]\nsource = \"a\"\n",
            "2:1",
            "there is no key `source`",
        ),
        ("[build]\nsrcs = \"a\"\n", "2:1", "did you mean `src`?"),
        (
            "[frobnicate]\n",
            "1:2",
            "known here: `project`, `build`, `check`, `limits`",
        ),
        ("build = 3\n", "1:9", "expected a table"),
        ("[build]\nsrc = [1]\n", "2:8", "expected a list of texts"),
        ("[build]\nout = 1\n", "2:7", "expected a path in quotes"),
        ("[build]\nout = \"\"\n", "2:7", "expected a path in quotes"),
        (
            "[check]\nallow = [\"HS1O1\"]\n",
            "2:10",
            "did you mean `HS101`?",
        ),
        (
            "[check]\nallow = [\"HS110\"]\ndeny = [\"HS110\"]\n",
            "3:9",
            "stands in two lists",
        ),
        (
            "[limits]\nshown = 0\n",
            "2:9",
            "expected a whole number from 1 to 10000",
        ),
        ("[limits]\nshown = \"9\"\n", "2:9", "found this string"),
        ("[build\n", "1:7", "this is no TOML"),
    ] {
        let dir = folder(&[("holo.toml", text), ("p.hsplus", PLAYER)]);
        for command in ["check", "build", "infer"] {
            let told = holoc(&dir, &[command, "p.hsplus"]).exits(1).stderr;
            assert!(
                told.contains("[HS201]") && told.contains(part),
                "{text}: {told}"
            );
            assert!(
                told.contains(&format!("holo.toml:{place} ")),
                "{text} {place}: {told}"
            );
        }
    }
}

#[test]
fn without_a_project_a_path_is_needed() {
    let dir = folder(&[]);
    for command in ["build", "check", "infer"] {
        let told = holoc(&dir, &[command]).exits(2).stderr;
        assert_eq!(
            told,
            "holoc: give a file or a folder, or name it as `src` in the `[build]` of a holo.toml\n"
        );
    }
}

#[test]
fn the_documentation_has_every_key() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/project.md"))
        .unwrap();
    let example = page
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let (settings, told) = Settings::parse(example);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(
        (settings.src.len(), settings.levels.len(), settings.shown),
        (1, 3, Some(50))
    );
    for (table, keys) in KEYS {
        assert!(example.contains(&format!("[{table}]")), "{table}");
        for key in *keys {
            assert!(example.contains(&format!("\n{key} = ")), "{key}");
        }
    }
}
