//! The laws over every source at hand: the fixtures of this project and the public corpus, read in place.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use camino::Utf8PathBuf;
use holo_tests::fixtures::here;
use holo_tests::laws;
use holo_tests::texts::sources;

#[test]
fn every_fixture_keeps_every_law() {
    let folders = [
        "fixtures",
        "../examples",
        "../compiler/tests/fixtures",
        "../compiler/tests/format",
        "../compiler/tests/it",
    ];
    let files: Vec<_> = folders
        .iter()
        .flat_map(|folder| sources(&here(folder)))
        .collect();
    assert!(files.len() > 60, "{}", files.len());
    check(&files);
}

#[test]
fn every_file_of_the_corpus_keeps_every_law() {
    // `HOLO_CORPUS` names a folder of other sources to try.
    let folder =
        std::env::var("HOLO_CORPUS").map_or(here("../../shared/corpus"), Utf8PathBuf::from);
    if !folder.exists() {
        println!("skipped: there is no corpus at {folder}");
        return;
    }
    let files = sources(&folder);
    assert!(!files.is_empty());
    check(&files);
    let laid_out = |path: &&Utf8PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        let (file, _) = holo_grammar::SourceFile::new(path.as_str(), bytes);
        holoc::format::format(file.text()).is_ok()
    };
    println!(
        "{} of {} files formatted",
        files.iter().filter(laid_out).count(),
        files.len()
    );
}

fn check(files: &[Utf8PathBuf]) {
    let mut broken = 0;
    for path in files {
        let bytes = std::fs::read(path).unwrap();
        for (name, law) in laws::ALL {
            if std::panic::catch_unwind(|| law(&bytes)).is_err() {
                eprintln!("{path} breaks a law of `{name}`; see above");
                broken += 1;
            }
        }
    }
    assert_eq!(broken, 0);
}
