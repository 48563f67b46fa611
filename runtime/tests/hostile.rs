//! Bytes from anybody: mutated changes and snapshots with a checksum that fits. None panics, each is refused or has a defined
//! effect, and what is good still works afterwards.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Change, Clock, GCounter, GSet, InstanceId, JsonDoc, LwwMap, LwwRegister, MvRegister, OrMap,
    OrSet, PnCounter, Quat, Replica, ReplicaId, Sequence, Snapshot, Synced, Text, TwoPSet, Value,
    Version,
};

#[derive(Debug, Synced)]
struct Inner {
    count: PnCounter,
    tags: OrSet<String>,
    title: MvRegister<String>,
    #[synced(initial = ["s"])]
    seen: GSet<String>,
    #[synced(initial = ["o"])]
    open: TwoPSet<String>,
    #[synced(initial = {"k": {"l": 1}, "start": [1, {"x": 2}]})]
    doc: JsonDoc,
    #[synced(initial = ["a", "b", "c"])]
    rows: Sequence<String>,
    #[synced(initial = "Hello")]
    text: Text,
}

#[derive(Debug, Synced)]
struct Everything {
    #[synced(initial = 5)]
    number: LwwRegister<i64>,
    turn: LwwRegister<Quat>,
    maybe: LwwRegister<Option<Value>>,
    #[synced(initial = ["a", "b"])]
    set: OrSet<Value>,
    map: LwwMap<String, f64>,
    visits: GCounter,
    inner: Inner,
    items: OrMap<String, Inner>,
    deep: OrMap<InstanceId, OrMap<String, LwwRegister<Vec<i64>>>>,
    words: OrMap<i64, LwwMap<String, Value>>,
}

fn replica(id: u64) -> Replica<Everything> {
    let id = ReplicaId::new(id).unwrap();
    Replica::with_clock(id, Clock::manual(1_000_000))
}

/// SplitMix64.
fn random(state: &mut u64) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) as usize
}

fn scribble(inner: &mut InnerEdit<'_>) {
    inner.title.set("t");
    inner.seen.insert("x");
    inner.open.insert("x");
    inner.open.remove("o");
    inner.doc.set("k.l.m", Value::List(vec![Value::Null]));
    inner.doc.set("n", 2);
    inner.doc.delete("k.l");
    inner.rows.delete(1).unwrap();
    inner.rows.extend(["x", "y", "z"]);
    inner.rows.move_item(2, 0).unwrap();
    inner.rows.set(1, "w").unwrap();
    inner.text.replace(1..3, "日🦀").unwrap();
    inner.doc.push("list", 1);
    inner.doc.insert("list", 0, Value::List(vec![Value::Null]));
    inner.doc.move_item("list", 0, 1);
    inner.doc.set("list.0", 3);
    inner.doc.push("start", 4);
    inner.doc.delete("start.0");
}

fn edited() -> Replica<Everything> {
    let mut a = replica(1);
    a.edit(|e| {
        e.set.insert("x");
        e.inner.count.increment(1);
        e.items.entry("old").tags.insert("t");
        e.items.entry("both").count.increment(2);
        e.words.entry(1).set("w", 1);
        scribble(&mut e.inner);
        scribble(&mut e.items.entry("both"));
    });
    let mut b = replica(2);
    b.apply(a.changes_since(&Version::new())).unwrap();
    b.edit(|e| {
        e.number.set(-1);
        e.turn.set(Quat::new(0.0, 1.0, 0.0, 1.0));
        e.maybe.set(Value::List(vec![
            Value::Float(0.5),
            Value::Map([("k".to_owned(), Value::Null)].into()),
        ]));
        e.set.remove("x");
        e.set.remove("a");
        e.set.insert(7);
        e.map.set("pi", 3.25);
        e.map.set("gone", 1.0);
        e.map.delete("gone");
        e.visits.increment(300);
        e.inner.tags.insert("t");
        e.items.remove("old");
        e.items.entry("both").count.increment(1);
        e.items.entry("new").tags.insert("u");
        e.words.entry(1).set("w", "two");
        scribble(&mut e.inner);
        scribble(&mut e.items.entry("both"));
        let id = e.deep.spawn();
        e.deep.entry(id).entry("k").set([1, 2]);
    });
    b
}

/// Changes some bytes, or cuts some out, and lets the checksum fit again.
fn mutate(bytes: &[u8], seed: &mut u64) -> Vec<u8> {
    let mut content = bytes[..bytes.len() - 4].to_vec();
    for _ in 0..=random(seed) % 3 {
        let at = random(seed) % content.len().max(1);
        if content.is_empty() {
            break;
        }
        match random(seed) % 5 {
            0 => drop(content.remove(at)),
            1 => content.insert(at, random(seed) as u8),
            2 => content[at] = [0, 1, 0x7f, 0x80, 0xff][random(seed) % 5],
            3 => content[at] ^= 1 << (random(seed) % 8),
            _ => content.truncate(at.max(1)),
        }
    }
    let sum = xxhash_rust::xxh3::xxh3_64(&content).to_le_bytes();
    content.extend_from_slice(&sum[..4]);
    content
}

#[test]
fn mutated_changes_and_snapshots_never_panic_nor_spoil_what_is_good() {
    let mut b = edited();
    let good = b.flush().unwrap();
    let (change, snapshot) = (good.encode(), b.snapshot().encode());
    let mut seed = 42;
    let (mut refused, mut taken) = (0, 0);
    for _ in 0..12_000 {
        let mut here = replica(3);
        match Change::decode(&mutate(&change, &mut seed)) {
            Ok(change) => {
                here.apply(change).unwrap();
                taken += 1;
            }
            Err(_) => refused += 1,
        }
        match Snapshot::decode(&mutate(&snapshot, &mut seed)).map(|snapshot| here.apply(snapshot)) {
            Ok(Ok(_)) => taken += 1,
            Ok(Err(_)) | Err(_) => refused += 1,
        }
        // Whatever was taken in, the replica still works, and what it says of itself can be read.
        here.edit(|e| e.visits.increment(1));
        let said = Snapshot::decode(&here.snapshot().encode()).unwrap();
        let mut fresh = replica(4);
        fresh.apply(said).unwrap();
        assert_eq!(fresh.state_hash(), here.state_hash());
        assert_eq!(
            format!("{:?}", fresh.state()),
            format!("{:?}", here.state())
        );
    }
    assert!(
        refused > 1_000 && taken > 1_000,
        "{refused} refused, {taken} taken"
    );
}
