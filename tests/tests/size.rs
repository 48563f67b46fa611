//! What is left in memory after much has come and gone. One test a process would be cleaner; so they take turns.

use std::sync::Mutex;

use holo_runtime::{Clock, LwwMap, OrSet, Replica, ReplicaId, Sequence, Synced, Text};
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

/// SplitMix64.
fn random(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) % below.max(1) as u64) as usize
}

/// 50,000 inserts and as many deletes at random places, each a change, with the floor moving on: what is left when nothing shows
/// any more, and the encoded size of that.
fn comes_and_goes<T: Synced>(
    name: &str,
    mut insert: impl FnMut(&mut T::Edit<'_>, &mut dyn FnMut(usize) -> usize),
    mut delete: impl FnMut(&mut T::Edit<'_>, &mut dyn FnMut(usize) -> usize),
) {
    let _turn = TURN.lock();
    let before = MEMORY.current_usage();
    let (mut replica, mut seed) = (fresh::<T>(), 7);
    let mut most = 0;
    for round in 0..100_000 {
        let mut random = |below| random(&mut seed, below);
        // Half of the inserts first, so that much is there.
        match round {
            0..25_000 => replica.edit(|edit| insert(edit, &mut random)),
            25_000..75_000 if round % 2 == 0 => replica.edit(|edit| insert(edit, &mut random)),
            _ => replica.edit(|edit| delete(edit, &mut random)),
        }
        replica.flush();
        if round % 10_000 == 9_999 {
            collect(&mut replica);
            most = most.max(MEMORY.current_usage().saturating_sub(before));
        }
    }
    let left = MEMORY.current_usage().saturating_sub(before);
    let bytes = replica.snapshot().encode().len();
    println!("{name}: {left} bytes are left, at most {most} after a floor, {bytes} encoded");
    assert!(left <= 64 << 10, "{name}: {left} bytes are left");
    assert!(most <= 8 << 20, "{name}: {most} bytes while it is full");
    assert!(bytes < 128, "{name}: {bytes} bytes encoded");
}

#[test]
fn a_list_that_comes_and_goes_leaves_nothing() {
    comes_and_goes::<Sequence<i64>>(
        "list",
        |list, random| list.insert(random(list.len() + 1), 7).unwrap_or_default(),
        |list, random| {
            list.delete(random(list.len())).unwrap_or_default();
        },
    );
}

#[test]
fn a_text_that_comes_and_goes_leaves_nothing() {
    comes_and_goes::<Text>(
        "text",
        |text, random| text.insert(random(text.len() + 1), "é").unwrap_or_default(),
        |text, random| {
            let at = random(text.len());
            text.delete(at..at + 1).unwrap_or_default();
        },
    );
}

/// One short list, in which elements come, move, and go. What those that are there hang on stays, so it is not flat.
#[test]
fn a_list_that_is_sorted_again_and_again_stays_small() {
    let _turn = TURN.lock();
    let before = MEMORY.current_usage();
    let mut replica = fresh::<Sequence<i64>>();
    replica.edit(|list| list.extend(0..100i64));
    let mut seed = 7;
    for round in 0..100_000 {
        let (from, to) = (random(&mut seed, 100), random(&mut seed, 100));
        replica.edit(|list| list.move_item(from, to).unwrap_or_default());
        if round % 3 == 0 {
            replica.edit(|list| {
                list.push(7);
                list.delete(from).unwrap_or_default();
            });
        }
        replica.flush();
        if round % 10_000 == 9_999 {
            collect(&mut replica);
        }
    }
    let left = MEMORY.current_usage().saturating_sub(before);
    let bytes = replica.snapshot().encode().len();
    println!("sorted list: {left} bytes are left, {bytes} encoded");
    assert_eq!(replica.state().len(), 100);
    assert!(left <= 2 << 20, "{left} bytes are left");
}
