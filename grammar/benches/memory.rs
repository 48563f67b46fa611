//! How much memory a text needs while it is read, as a multiple of its size.
//!
//! Apart from the speed, because counting costs time. What never belongs here: a test; no figure makes this fail.

// Nobody reads the documentation of a bench.
#![allow(missing_docs)]

mod common;

use common::{row, sources, text_of};
use holo_grammar::parse;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    let sources = sources();
    let largest = 16 << 20;
    measure(
        "the corpus as one text",
        &text_of(&sources, sources.iter().map(|one| one.len() + 1).sum()),
    );
    measure("16 MiB of it", &text_of(&sources, largest));
    for unit in [
        "x ", "a\n", "a: 1\n", "a:1,", "{}", "[[]],", "@a ", "@a\n", "a@b", "\"\" ", "[", "{",
        "1,", "\u{200b}", "// a\n",
    ] {
        measure(
            &format!("16 MiB of {unit:?}"),
            &unit.repeat(largest / unit.len()),
        );
        let block = format!(
            "orb a @synced {{ state {{ x: [{}] }} }}",
            unit.repeat((largest - 64) / unit.len())
        );
        measure(&format!("the same in a list of an orb, {unit:?}"), &block);
    }
}

fn measure(what: &str, text: &str) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let parsed = parse(text);
    let peak = MEMORY.peak_usage().saturating_sub(before);
    drop(parsed);
    let times = peak as f64 / text.len() as f64;
    row(what, &format!("{times:.1} x"), "goal: at most 64 x");
}
