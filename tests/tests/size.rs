//! What is left in memory after much has come and gone. One test a process would be cleaner; so they take turns.

use std::sync::Mutex;

use holo_runtime::{Clock, LwwMap, OrSet, Replica, ReplicaId, Synced};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

static TURN: Mutex<()> = Mutex::new(());

fn fresh<T: Synced>() -> Replica<T> {
    let id = ReplicaId::new(1).unwrap_or_else(ReplicaId::random);
    Replica::with_clock(id, Clock::manual(1_700_000_000_000))
}

/// Seals what is open and collects all of it, as an authority may.
fn collect<T: Synced>(replica: &mut Replica<T>) {
    replica.flush();
    let version = replica.version().clone();
    replica
        .advance_floor(&version)
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_million_adds_and_removes_leave_at_most_64_kib() {
    let _turn = TURN.lock();
    let before = MEMORY.current_usage();
    let mut replica = fresh::<OrSet<String>>();
    for round in 0..1_000_000u32 {
        replica.edit(|set| set.insert("sword"));
        replica.edit(|set| set.remove("sword"));
        if round % 100 == 99 {
            // Elements of their own in between, so that slots come and go.
            replica.edit(|set| set.insert(round.to_string()));
            replica.flush();
            replica.edit(|set| set.clear());
            replica.flush();
        }
        if round % 250_000 == 249_999 {
            collect(&mut replica);
        }
    }
    let left = MEMORY.current_usage().saturating_sub(before);
    assert!(left <= 64 << 10, "{left} bytes are left");
    assert!(replica.snapshot().encode().len() < 256);
    assert!(replica.state().is_empty());
}

#[test]
fn a_map_that_is_overwritten_a_million_times_stays_flat() {
    let _turn = TURN.lock();
    let before = MEMORY.current_usage();
    let mut replica = fresh::<LwwMap<u32, i64>>();
    let mut size = None;
    for round in 0..1_000_000i64 {
        let key = (round * 7_919 % 1_000) as u32;
        replica.edit(|map| map.set(key, round));
        if round % 100 == 99 {
            // And others that are deleted again.
            replica.edit(|map| map.set(1_000_000 + round as u32, round));
            replica.flush();
            replica.edit(|map| map.delete(1_000_000 + round as u32));
            replica.flush();
        }
        if round % 100_000 == 99_999 {
            collect(&mut replica);
            let now = MEMORY.current_usage().saturating_sub(before);
            let first = *size.get_or_insert(now);
            assert!(
                now <= first + first / 4,
                "{now} bytes after {round}, {first} at first"
            );
        }
    }
    assert_eq!(replica.state().len(), 1_000);
    let left = size.unwrap_or_default();
    assert!(left < 512 << 10, "{left} bytes for 1,000 keys");
}
