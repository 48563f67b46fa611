//! Times the replay of editing traces and a queue. `cargo run --release -p holo-tests --example traces`

// What goes wrong here is told by the panic.
#![allow(clippy::unwrap_used)]

#[path = "../tests/traces/trace.rs"]
mod trace;

use std::time::Instant;

use holo_runtime::{Clock, Replica, ReplicaId, Sequence, Snapshot, Text};

#[global_allocator]
static PEAK: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn timed<R>(name: &str, run: impl Fn() -> R) -> R {
    let mut times = Vec::new();
    let mut result = None;
    for _ in 0..5 {
        drop(result.take());
        PEAK.reset_peak_usage();
        let before = PEAK.current_usage();
        let start = Instant::now();
        let made = run();
        times.push(start.elapsed());
        let (peak, kept) = (PEAK.peak_usage() - before, PEAK.current_usage() - before);
        if times.len() == 5 {
            times.sort();
            println!(
                "{name}: {:?}, peak {} KiB, kept {} KiB",
                times[2],
                peak >> 10,
                kept >> 10
            );
        }
        result = Some(made);
    }
    result.unwrap()
}

fn fresh<T: holo_runtime::Synced>() -> Replica<T> {
    let replica = Replica::with_clock(ReplicaId::new(1).unwrap(), Clock::manual(1_000_000));
    replica.with_log_limits(64, 1 << 16)
}

fn main() {
    for name in trace::SEQUENTIAL {
        let Some(trace) = trace::read(name) else {
            continue;
        };
        let mut author = timed(name, || trace.alone());
        assert_eq!(author.state().to_string(), trace.end);
        let bytes = author.snapshot().encode();
        println!("  encoded {} B", bytes.len());
        let _read = timed("  load and read", || {
            let snapshot = Snapshot::decode(&bytes).unwrap();
            let id = ReplicaId::new(2).unwrap();
            let again = Replica::<Text>::from_snapshot(id, Clock::manual(1), snapshot).unwrap();
            again.state().to_string()
        });
    }
    for name in trace::CONCURRENT {
        let Some(trace) = trace::read(name) else {
            continue;
        };
        let changes = trace.changes();
        let bytes: usize = changes.iter().map(|change| change.encode().len()).sum();
        timed(name, || trace::heard(&changes));
        println!("  messages {bytes} B");
    }
    timed("list: 50,000 push and shift", || {
        let mut list = fresh::<Sequence<i64>>();
        (0..50_000).for_each(|value| {
            list.edit(|list| list.push(value));
        });
        (0..50_000).for_each(|_| {
            list.edit(|list| list.shift());
        });
        list
    });
    timed("text: 50,000 append and crop", || {
        let mut text = fresh::<Text>();
        (0..50_000).for_each(|_| text.edit(|text| text.push("x")));
        (0..50_000).for_each(|_| text.edit(|text| text.delete(0..1).unwrap_or_default()));
        text
    });
}
