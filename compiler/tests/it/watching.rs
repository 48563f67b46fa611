//! `holoc watch`: it builds at the start, and again after a change.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{folder, holoc, write};

/// Ends the command whatever becomes of the test.
struct Watch(Child);

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until a file holds some text. The limit is generous: it only ends a test that fails.
#[track_caller]
fn wait_for(path: &std::path::Path, part: &str) {
    let start = Instant::now();
    loop {
        let found = std::fs::read_to_string(path).unwrap_or_default();
        if found.contains(part) {
            return;
        }
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "no `{part}` in {}: {found}",
            path.display()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_change_is_built() {
    let dir = folder(&[
        ("world/a.hsplus", "orb a @synced { state { first: 1 } }\n"),
        ("holo.toml", "[build]\nsrc = \"world\"\n"),
    ]);
    let log = std::fs::File::create(dir.path().join("log")).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_holoc"))
        .arg("watch")
        .current_dir(dir.path())
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let _watch = Watch(child);
    let (made, log) = (dir.path().join("generated"), dir.path().join("log"));
    wait_for(&made.join("a.rs"), "pub first:");
    wait_for(&log, "watching; Ctrl-C ends");
    write(
        dir.path(),
        "world/a.hsplus",
        "orb a @synced { state { first: 1, second: 2 } }\n",
    );
    wait_for(&made.join("a.rs"), "pub second:");
    // A mistake is told, and what was built stays.
    write(
        dir.path(),
        "world/a.hsplus",
        "orb a @netwroked { state { first: 1 } }\n",
    );
    wait_for(&log, "HS106");
    wait_for(&made.join("a.rs"), "pub second:");
    // A new source, and a new place to write to.
    write(
        dir.path(),
        "world/a.hsplus",
        "orb a @synced { state { first: 1 } }\n",
    );
    write(
        dir.path(),
        "world/b.hsplus",
        "orb b @synced { state { third: 1 } }\n",
    );
    wait_for(&made.join("b.rs"), "pub third:");
    write(
        dir.path(),
        "holo.toml",
        "[build]\nsrc = \"world\"\nout = \"other\"\n",
    );
    wait_for(&dir.path().join("other/b.rs"), "pub third:");
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let dir = folder(&[]);
    holoc(&dir, &["watch", "-"]).exits(2);
    holoc(&dir, &["watch"]).exits(2);
}
