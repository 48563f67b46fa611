//! How fast text becomes a tree, step by step, on one thread.
//!
//! `cargo bench -p holo-grammar`. What belongs here: measured time, beside what it should be. What never will: a test;
//! no figure makes this fail.

// Nobody reads the documentation of a bench.
#![allow(missing_docs)]

mod common;

use std::hint::black_box;
use std::time::{Duration, Instant};

use common::{row, sources, text_of};
use holo_grammar::{Stage, parse, parse_in_stages};

/// How often everything is measured; the best counts, for all else is the machine's doing.
const ROUNDS: usize = 30;

const MIB: usize = 1 << 20;

fn main() {
    let sources = sources();
    let bytes: usize = sources.iter().map(String::len).sum();
    println!("{} sources, {bytes} bytes\n", sources.len());
    corpus(&sources, bytes);
    println!();
    sizes(&sources);
    println!();
    hostile();
}

/// The steps over all sources.
fn corpus(sources: &[String], bytes: usize) {
    const STAGES: [Stage; 4] = [
        Stage::Lex,
        Stage::Delimiters,
        Stage::Parse,
        Stage::Diagnostics,
    ];
    let mut best = [Duration::MAX; 4];
    let mut whole = Duration::MAX;
    for _ in 0..ROUNDS {
        let mut sums = [Duration::ZERO; 4];
        for text in sources {
            let mut last = Instant::now();
            let parsed = parse_in_stages(text, |stage| {
                let now = Instant::now();
                if let Some(at) = STAGES.iter().position(|one| *one == stage) {
                    sums[at] += now - last;
                }
                last = now;
            });
            black_box(&parsed);
        }
        for (best, sum) in best.iter_mut().zip(sums) {
            *best = (*best).min(sum);
        }
        let begun = Instant::now();
        for text in sources {
            black_box(parse(black_box(text)));
        }
        whole = whole.min(begun.elapsed());
    }
    for (stage, time) in STAGES.iter().zip(best) {
        row(&format!("{stage:?}"), &speed(bytes, time), "");
    }
    row(
        "text to tree and diagnostics, and dropped",
        &speed(bytes, whole),
        "goal: at least 60 MB/s",
    );
}

/// Whether twice the text takes twice the time.
fn sizes(sources: &[String]) {
    let mut before: Option<Duration> = None;
    for size in [1, 2, 4, 8, 16] {
        let text = text_of(sources, size * MIB);
        let time = fastest(if size < 8 { 7 } else { 3 }, || {
            drop(black_box(parse(&text)))
        });
        let ratio = before.map_or_else(String::new, |half| {
            format!(
                "T(2n)/T(n) = {:.2}; goal: at most 2.3",
                time.as_secs_f64() / half.as_secs_f64()
            )
        });
        row(
            &format!("{size} MiB in {time:.1?}"),
            &speed(text.len(), time),
            &ratio,
        );
        before = Some(time);
    }
}

/// Texts that cost much where something is looked for again and again.
fn hostile() {
    const COUNT: usize = 10_000;
    for text in ["[", "{", "(", "{[(", "a: {\n", "a(\n"] {
        let many = text.repeat(COUNT / text.len().min(3));
        let time = fastest(5, || drop(black_box(parse(&many))));
        row(
            &format!("{COUNT} unclosed, of {text:?}"),
            &format!("{time:.2?}"),
            "goal: under 50 ms",
        );
    }
}

fn fastest(rounds: usize, mut run: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let begun = Instant::now();
        run();
        best = best.min(begun.elapsed());
    }
    best
}

fn speed(bytes: usize, time: Duration) -> String {
    format!("{:.1} MB/s", bytes as f64 / 1e6 / time.as_secs_f64())
}
