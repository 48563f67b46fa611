//! The bytes of documents, of registers that keep concurrent writes and of sets whose elements come once: golden, cut short, and
//! the laws of merging over states that random edits made.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Change, Clock, GSet, JsonDoc, MvRegister, OrMap, Replica, ReplicaId, Snapshot, Synced, TwoPSet,
    Value,
};

#[derive(Clone, Debug, Synced)]
struct Sheet {
    title: MvRegister<i64>,
    #[synced(initial = ["i"])]
    seen: GSet<String>,
    #[synced(initial = ["i"])]
    open: TwoPSet<String>,
    #[synced(initial = {"i": 1})]
    doc: JsonDoc,
}

#[derive(Clone, Debug, Synced)]
struct Desk {
    top: Sheet,
    sheets: OrMap<String, Sheet>,
}

fn replica<T: Synced>(id: u64) -> Replica<T> {
    Replica::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(1))
}

fn scribble(sheet: &mut SheetEdit<'_>, number: i64) {
    sheet.title.set(number);
    sheet.seen.insert("s");
    sheet.open.insert("o");
    sheet.open.remove("i");
    sheet.doc.set("a.b", number);
    sheet.doc.delete("i");
}

/// A change that rests on another one, and the state after it.
fn golden() -> (Change, Snapshot) {
    let (mut a, mut b) = (replica::<Desk>(1), replica::<Desk>(2));
    a.edit(|d| scribble(&mut d.top, 1));
    a.edit(|d| scribble(&mut d.sheets.entry("x"), 2));
    b.apply(a.changes_since(b.version())).unwrap();
    b.edit(|d| scribble(&mut d.top, 3));
    b.edit(|d| scribble(&mut d.sheets.entry("x"), 4));
    b.edit(|d| d.top.doc.set("a", Value::List(vec![Value::Null])));
    (b.flush().unwrap(), b.snapshot())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The body of a snapshot, which stands before the checksum and after its length.
fn body_of(snapshot: &Snapshot, length: usize) -> Vec<u8> {
    let bytes = snapshot.encode();
    let end = bytes.len() - 4;
    bytes[end - length..end].to_vec()
}

#[test]
fn bytes_do_not_change() {
    let (change, snapshot) = golden();
    assert_eq!(hex(change.body()), CHANGE);
    assert_eq!(hex(&body_of(&snapshot, STATE.len() / 2)), STATE);
}

const CHANGE: &str = "\
0101000000000000001000020110010608100002010b03030e060101010100010161050101060100010178020004010b03010908010a0801\
0e0801010101017301016f01010002016101620501010308";
const STATE: &str = "\
02020000000000000001000000000000001000020110010608100004010b03010908010a08010e0101000601017302016901016f00020002\
0161010101000601000169040101780302010201010008010173020201010002016901010201016f04020101000200020161020102010101\
62010101000308016904010201";

/// Cuts a body short where it stands in an envelope, and lets length and checksum fit again.
fn cut_short(envelope: &[u8], body: &[u8], keep: usize) -> Vec<u8> {
    let content = &envelope[..envelope.len() - 4];
    let length = |of: usize| match of {
        0..128 => vec![of as u8],
        _ => vec![of as u8 | 0x80, (of >> 7) as u8],
    };
    let head = content.len() - body.len() - length(body.len()).len();
    let mut out = content[..head].to_vec();
    out.extend(length(keep));
    out.extend(&body[..keep]);
    let sum = xxhash_rust::xxh3::xxh3_64(&out).to_le_bytes();
    out.extend(&sum[..4]);
    out
}

#[test]
fn every_prefix_of_a_body_is_an_error() {
    let (change, snapshot) = golden();
    let body = change.body();
    for keep in 0..body.len() {
        let cut = Change::decode(&cut_short(&change.encode(), body, keep)).unwrap();
        let mut here = replica::<Desk>(3);
        let mut before = replica::<Desk>(1);
        before.edit(|d| scribble(&mut d.top, 1));
        before.edit(|d| scribble(&mut d.sheets.entry("x"), 2));
        here.apply(before.snapshot()).unwrap();
        assert_eq!(here.apply(cut).unwrap().unreadable, 1, "{keep} bytes");
    }
    let body = body_of(&snapshot, STATE.len() / 2);
    // A body of a replica table and a kind alone is the initial state, and this one has two replicas to name.
    for keep in 0..body.len() {
        let cut = Snapshot::decode(&cut_short(&snapshot.encode(), &body, keep)).unwrap();
        let mut here = replica::<Desk>(3);
        assert!(here.apply(cut).is_err(), "{keep} bytes");
        assert_eq!(here.state_hash(), replica::<Desk>(3).state_hash());
    }
}

/// SplitMix64.
fn random(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) as usize) % below
}

fn scribble_at_random(sheet: &mut SheetEdit<'_>, seed: &mut u64) {
    let word = ["i", "s", "o"][random(seed, 3)];
    let path = ["i", "a", "a.b", "a.i"][random(seed, 4)];
    match random(seed, 7) {
        0 => sheet.title.set(random(seed, 5) as i64),
        1 => drop(sheet.seen.insert(word)),
        2 => drop(sheet.open.insert(word)),
        3 => drop(sheet.open.remove(word)),
        4 => drop(sheet.doc.delete(path)),
        5 => sheet.doc.set(path, Value::Map(Default::default())),
        _ => sheet.doc.set(path, random(seed, 5) as i64),
    }
}

/// Three replicas with edits of their own over something that they share.
fn three(seed: u64) -> [Replica<Desk>; 3] {
    let mut all = [1, 2, 3].map(replica::<Desk>);
    let mut seed = seed;
    for round in 0..12 {
        let at = random(&mut seed, 3);
        all[at].edit(|d| match random(&mut seed, 5) {
            0 => drop(d.sheets.remove("x")),
            1 | 2 => scribble_at_random(&mut d.top, &mut seed),
            _ => scribble_at_random(&mut d.sheets.entry("x"), &mut seed),
        });
        if round < 8 && random(&mut seed, 3) == 0 {
            let snapshot = all[at].snapshot();
            all[(at + 1) % 3].apply(snapshot).unwrap();
        }
    }
    all
}

fn merged(states: &[Snapshot]) -> Snapshot {
    let mut here = replica::<Desk>(9);
    for state in states {
        here.apply(state.clone()).unwrap();
    }
    here.snapshot()
}

#[test]
fn merging_is_commutative_associative_and_idempotent() {
    for seed in 0..1_500 {
        let [a, b, c] = three(seed).map(|mut replica| replica.snapshot());
        let pair = |one: &Snapshot, other: &Snapshot| merged(&[one.clone(), other.clone()]);
        let ab = pair(&a, &b);
        assert_eq!(ab.encode(), pair(&b, &a).encode(), "seed {seed}: commutes");
        let (left, right) = (pair(&ab, &c), pair(&a, &pair(&b, &c)));
        assert_eq!(left.encode(), right.encode(), "seed {seed}: associates");
        let again = [a.clone(), ab.clone(), a.clone(), b.clone()];
        assert_eq!(merged(&again).encode(), ab.encode(), "seed {seed}: again");
    }
}
