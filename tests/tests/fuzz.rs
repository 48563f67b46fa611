//! The fuzz targets, bounded: the same laws over texts made from seeds, with bounds on time and memory for each.
//!
//! | variable | |
//! |---|---|
//! | `HOLO_FUZZ` | how many texts there are |
//! | `HOLO_FROM` | the seed of the first |
//! | `HOLO_SEED` | a seed to try alone; its text is printed |
//! | `HOLO_TRACE` | prints each seed before it is tried, for what ends the process, as a stack overflow does |
//!
//! What belongs here: the run and its bounds. What never will: what must hold for a text (`holo_tests::laws`).

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use holo_tests::laws::{self, Law};
use holo_tests::texts::Texts;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// How many texts are tried.
const TEXTS: u64 = 2_000;

/// How long a law may take for one text before the run is given up as hanging. Far above what any takes, for a test must
/// not fail on a slow machine; the slowest is printed.
const HANGS: Duration = Duration::from_secs(60);

/// How many bytes of memory a law may need at most for a text of so many bytes. A law holds several trees at once, and
/// their texts.
fn most_memory(bytes: usize) -> usize {
    (8 << 20) + 1024 * bytes
}

/// What a run found.
#[derive(Default)]
struct Found {
    broken: Vec<(u64, &'static str)>,
    bytes: usize,
    slowest: (Duration, u64, &'static str),
    /// Peak memory, the size of the text, its seed, and the law.
    largest: (usize, usize, u64, &'static str),
}

/// What the text is that is being tried, for the watchdog.
static NOW: Mutex<(u64, &str)> = Mutex::new((0, ""));

fn number(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    let number = value.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is no number: {value}")))
}

#[test]
fn every_text_keeps_every_law() {
    let texts = Texts::read();
    if let Some(seed) = number("HOLO_SEED") {
        let text = texts.text(seed);
        println!("{}", String::from_utf8_lossy(&text));
        return laws::ALL.iter().for_each(|(_, law)| law(&text));
    }
    let count = number("HOLO_FUZZ").unwrap_or(TEXTS);
    let from = number("HOLO_FROM").unwrap_or(0);
    let (tell, told) = mpsc::channel();
    let worker = std::thread::spawn(move || try_all(&texts, from..from + count, &tell));
    watch(&told);
    let found = worker.join().unwrap();
    let (time, slow, law) = found.slowest;
    let inputs = count * laws::ALL.len() as u64;
    println!("{inputs} inputs, {} MB of text", found.bytes / 1_000_000);
    println!("slowest: {time:?}, seed {slow}, law {law}");
    let (peak, bytes, large, law) = found.largest;
    println!("peak memory: {peak} bytes for a text of {bytes}, seed {large}, law {law}");
    assert!(
        found.broken.is_empty(),
        "seeds and laws that they break: {:?}",
        found.broken
    );
}

/// Waits for the worker, which tells of every text that it is done with.
fn watch(told: &mpsc::Receiver<()>) {
    loop {
        match told.recv_timeout(HANGS) {
            Ok(()) => {}
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                let (seed, law) = *NOW.lock().unwrap();
                panic!("seed {seed} hangs in law {law}");
            }
        }
    }
}

fn try_all(texts: &Texts, seeds: std::ops::Range<u64>, tell: &mpsc::Sender<()>) -> Found {
    let trace = std::env::var_os("HOLO_TRACE").is_some();
    let mut found = Found::default();
    for seed in seeds {
        if found.broken.len() > 20 {
            break;
        }
        if trace {
            eprintln!("{seed}");
        }
        let text = texts.text(seed);
        for (name, law) in laws::ALL {
            *NOW.lock().unwrap() = (seed, name);
            found.bytes += text.len();
            if !found.one(seed, name, law, &text) {
                found.broken.push((seed, name));
            }
            // The receiver is gone only when the run has been given up.
            let _ = tell.send(());
        }
    }
    found
}

impl Found {
    /// Tries one law on one text. Returns whether it held, within the bound on memory.
    fn one(&mut self, seed: u64, name: &'static str, law: Law, text: &[u8]) -> bool {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let begun = Instant::now();
        let kept = catch_unwind(|| law(text)).is_ok();
        let time = begun.elapsed();
        let peak = MEMORY.peak_usage().saturating_sub(before);
        self.slowest = self.slowest.max((time, seed, name));
        if !kept {
            // What a backtrace needs is no concern of the law.
            return false;
        }
        self.largest = self.largest.max((peak, text.len(), seed, name));
        if peak > most_memory(text.len()) {
            eprintln!(
                "seed {seed} needs {peak} bytes for a text of {}",
                text.len()
            );
            return false;
        }
        true
    }
}
