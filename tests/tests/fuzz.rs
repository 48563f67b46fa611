//! The fuzz targets, bounded: the same laws over texts made from seeds.
//!
//! `HOLO_FUZZ` says how many texts there are, `HOLO_SEED` which one to try alone.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};

use holo_tests::laws;
use holo_tests::texts::Texts;

/// How many texts are tried.
const TEXTS: u64 = 2_000;

/// Which run this is; the seeds of another begin elsewhere.
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
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let broken: Vec<(u64, &str)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| try_all(&texts, &next, count)))
            .collect();
        let found = workers.into_iter().map(|one| one.join().unwrap());
        found.flatten().collect()
    });
    assert!(
        broken.is_empty(),
        "seeds and laws that they break: {broken:?}"
    );
}

fn try_all(texts: &Texts, next: &AtomicU64, count: u64) -> Vec<(u64, &'static str)> {
    let mut broken = Vec::new();
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= count || broken.len() > 20 {
            return broken;
        }
        let text = texts.text(seed);
        for (name, law) in laws::ALL {
            if catch_unwind(|| law(&text)).is_err() {
                broken.push((seed, name));
            }
        }
    }
}
