//! The public corpus, read in place: what `holoc` generates for it compiles without a warning.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use std::fs;

use camino::Utf8PathBuf;
use holo_tests::fixtures::{build, here};

#[test]
fn generated_code_of_the_corpus_compiles() {
    let corpus = here("../../shared/corpus");
    if !corpus.exists() {
        println!("skipped: there is no corpus at {corpus}");
        return;
    }
    let out = Utf8PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("corpus");
    if out.exists() {
        fs::remove_dir_all(&out).unwrap();
    }
    build(&corpus, &out.join("generated"));
    let main = "#![deny(warnings, clippy::all)]\n#[allow(dead_code)]\n#[path = \"generated/mod.rs\"]\nmod generated;\nfn main() {}\n";
    fs::write(out.join("main.rs"), main).unwrap();
    trybuild::TestCases::new().pass(out.join("main.rs"));
}
