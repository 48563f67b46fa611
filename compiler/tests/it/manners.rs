//! How the command behaves on a terminal and in a pipe.

use std::process::{Command, Stdio};

use crate::program::{folder, holoc};

const PLAYER: &str = "orb player @networked(rate: 20) { state { best: null } }\n";

/// Whoever reads has gone before anything is written: no command may panic or call that a failure of its own.
#[cfg(unix)]
#[test]
fn a_broken_pipe_ends_quietly() {
    let dir = folder(&[
        ("p.hsplus", PLAYER),
        ("holo.toml", "[build]\nsrc = \".\"\n"),
    ]);
    for args in [
        &["check"][..],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["check", "--format", "github"],
        &["build"],
        &["build", "--check", "-o", "other"],
        &["infer"],
        &["infer", "--format", "json"],
        &["ast", "p.hsplus"],
        &["compat", "p.hsplus", "p.hsplus"],
        &["explain"],
        &["explain", "HS101"],
        &["completions", "bash"],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_holoc"))
            .args(args)
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .and_then(std::process::Child::wait_with_output)
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {told}");
        assert!(
            !told.contains("panicked") && !told.contains("pipe"),
            "{args:?}: {told}"
        );
    }
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let dir = folder(&[("p.hsplus", PLAYER)]);
    let coloured = |args: &[&str]| holoc(&dir, args).exits(0).stdout.contains('\u{1b}');
    assert!(!coloured(&["check", "p.hsplus"]));
    assert!(!coloured(&["check", "p.hsplus", "--color", "never"]));
    assert!(coloured(&["check", "p.hsplus", "--color", "always"]));
    assert!(coloured(&["--color", "always", "explain", "HS101"]));
    assert!(!coloured(&[
        "check", "p.hsplus", "--color", "always", "--format", "json"
    ]));
    holoc(&dir, &["check", "p.hsplus", "--color", "mauve"]).exits(2);
}

#[test]
fn quiet_leaves_out_summaries_and_nothing_else() {
    let dir = folder(&[("p.hsplus", PLAYER), ("good.hsplus", "orb g @networked {}")]);
    assert_eq!(
        holoc(&dir, &["check", "good.hsplus", "-q"]).exits(0).stderr,
        ""
    );
    let ran = holoc(&dir, &["check", "p.hsplus", "--quiet"]).exits(0);
    assert!(
        ran.stdout.contains("HS110") && ran.stderr.is_empty(),
        "{ran:?}"
    );
    let ran = holoc(&dir, &["build", ".", "-q"]).exits(0);
    assert!(
        ran.stdout.is_empty() && ran.stderr.contains("HS110") && !ran.stderr.contains("1 warning"),
        "{ran:?}"
    );
    assert!(
        !holoc(&dir, &["infer", "good.hsplus", "-q"])
            .exits(0)
            .stdout
            .is_empty()
    );
}

#[test]
fn every_shell_has_completions() {
    let dir = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = holoc(&dir, &["completions", shell]).exits(0).stdout;
        for word in ["unsafe-fixes", "compat", "sarif"] {
            // Elvish and PowerShell complete flags and commands, not the values of flags.
            let values = !matches!(shell, "powershell" | "elvish");
            assert!(
                script.contains(word) || (word == "sarif" && !values),
                "{shell}: {word}"
            );
        }
    }
    holoc(&dir, &["completions", "tcsh"]).exits(2);
}

#[test]
fn every_command_says_what_it_is_for() {
    let dir = folder(&[]);
    let help = holoc(&dir, &["--help"]).exits(0).stdout;
    let commands = [
        "build",
        "check",
        "infer",
        "fmt",
        "compat",
        "new",
        "watch",
        "completions",
        "explain",
        "ast",
    ];
    for command in commands {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "{command}: {help}"
        );
        assert!(
            holoc(&dir, &[command, "--help"])
                .exits(0)
                .stdout
                .contains("Usage: holoc "),
            "{command}"
        );
    }
}
