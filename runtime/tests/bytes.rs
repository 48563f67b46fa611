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
    #[synced(initial = {"i": 1, "l": ["i", {"k": 1}]})]
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
    sheet.doc.push("m", number);
    sheet.doc.insert("l", 1, Value::List(vec![Value::Null]));
    sheet.doc.move_item("l", 0, 1);
    sheet.doc.delete("l.2");
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
0101000000000000001000020110010608100002010b03030e060101080400010261040e0800000001026c080f0103051c01030701010001\
01040e0200000001026d040903080601010001000103060002026c0001010302010001030100010100000004000001026107010801010001\
0f0100010178020004010b03010908010a08010e0801010801017301016f01030001026c080f0503011c0103030101000109040e06000000\
01026d040d0403040500020261026205010803080002026d0001070103080002026c00010903020100010b010001010000000400";
const STATE: &str = "\
02020000000000000001000000000000001000020110010608100004010b03010908010a08010e0101080601017302016901016f00020004\
0161080101080101010000010a0000000102000101010800016904016c08000102020d02020b01011c010100010502020b02011c01020000\
040100040101040200080102100101020e00010a00000001020001010210000300080101080101010600010a000000010200010101080001\
6d080102100102021000010a0000010800010902000002020001010210030203000101010803060101780302100201010808010173020210\
010802016901010210016f0402100108020004016102010210010162010101080308016904010210016c08000102020902020b01011c0101\
00010102020b02011c01020000040100040101080101040102100200080102100101020a00010a0000000102000101021000030008010108\
0101010200010a0000000102000101010800016d080102100102020c00010a00000104000109020000020200010102100304030001010108\
0308";

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
    let list = *["l", "a.l", "l.0"].get(random(seed, 3)).unwrap();
    let len = match sheet.doc.get(list) {
        None => (list != "l.0").then_some(0),
        Some(place) => place.is_list().then(|| place.len()),
    };
    let at = random(seed, len.unwrap_or(0).max(1));
    match random(seed, 12) {
        0 => sheet.title.set(random(seed, 5) as i64),
        1 => drop(sheet.seen.insert(word)),
        2 => drop(sheet.open.insert(word)),
        3 => drop(sheet.open.remove(word)),
        4 => drop(sheet.doc.delete(path)),
        5 => sheet.doc.set(path, Value::Map(Default::default())),
        6 => sheet.doc.set(
            list.rsplit_once('.').map_or(list, |(above, _)| above),
            Value::List(vec![Value::Null]),
        ),
        7 if len.is_some() => sheet.doc.insert(list, at, random(seed, 5) as i64),
        8 if len.is_some_and(|len| len > 0) => sheet.doc.move_item(list, at, 0),
        9 => drop(sheet.doc.delete(list)),
        10 if len.is_some() => sheet.doc.push(list, Value::List(vec![Value::Null])),
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
