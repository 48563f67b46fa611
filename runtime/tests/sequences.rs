//! Sequences and text at work: characters of all widths, cursors, refusals, what stays in memory's reach; their bytes, golden, cut
//! short and mutated; and the laws of merging over states that random edits made.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Anchor, Change, Clock, Error, IndexError, Limit, OrMap, Replica, ReplicaId, Sequence, Side,
    Snapshot, Synced, Text,
};

#[derive(Clone, Debug, Synced)]
struct Page {
    #[synced(initial = "abc")]
    body: Text,
    #[synced(initial = [1, 2, 3])]
    list: Sequence<i64>,
}

#[derive(Clone, Debug, Synced)]
struct Book {
    top: Page,
    pages: OrMap<String, Page>,
}

fn replica<T: Synced>(id: u64) -> Replica<T> {
    Replica::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(1))
}

#[test]
fn positions_count_characters_or_utf_16_units() {
    let mut a = replica::<Text>(1);
    a.edit(|text| {
        text.push("a\r\n🦀é");
        text.insert(1, "").unwrap();
        text.insert(4, "日").unwrap();
    });
    let text = a.state();
    assert_eq!(*text, "a\r\n🦀日é");
    assert_eq!((text.len(), text.len_utf16()), (6, 7));
    for (char, unit) in [(0, 0), (3, 3), (4, 5), (5, 6), (6, 7)] {
        assert_eq!(text.to_utf16(char), Ok(unit));
        assert_eq!(text.from_utf16(unit), Ok(char));
    }
    assert_eq!(text.from_utf16(4), Err(IndexError::Inside(4)));
    assert_eq!(
        text.from_utf16(8),
        Err(IndexError::Beyond { index: 8, len: 7 })
    );
    assert_eq!(text.slice(2..5).unwrap(), "\n🦀日");
    assert_eq!(text.slice_utf16(3..6).unwrap(), "🦀日");
    a.edit(|text| {
        text.replace_utf16(3..5, "x").unwrap();
        text.delete_utf16(0..1).unwrap();
        text.insert_utf16(2, "🧑‍🚀").unwrap();
        text.splice(0, 2, "").unwrap();
    });
    assert_eq!(*a.state(), "🧑‍🚀x日é");
}

#[test]
fn a_large_text_is_whole_at_every_position() {
    let mut a = replica::<Text>(1);
    let piece = "0123456789é🦀\r\n".repeat(4_000);
    a.edit(|text| text.push(&piece));
    assert!(*a.state() == *piece);
    let chars: Vec<char> = piece.chars().collect();
    for start in (0..chars.len()).step_by(3_331) {
        let part: String = chars[start..(start + 40).min(chars.len())].iter().collect();
        assert_eq!(
            a.state()
                .slice(start..start + part.chars().count())
                .unwrap(),
            part
        );
        let unit = chars[..start]
            .iter()
            .map(|char| char.len_utf16())
            .sum::<usize>();
        assert_eq!(a.state().to_utf16(start), Ok(unit));
    }
    let mut b = replica::<Text>(2);
    b.apply(a.snapshot()).unwrap();
    assert_eq!(a.state_hash(), b.state_hash());
    let too_large = "x".repeat(Limit::MAX_BYTES + 1);
    let refused = a.try_edit(|text| text.insert(3, &too_large).map_err(Error::from));
    assert_eq!(refused, Err(Error::Limit(Limit::Bytes)));
    assert!(*a.state() == *piece);
}

#[test]
fn places_that_are_not_there_are_refused_and_nothing_is_changed() {
    let mut a = replica::<Page>(1);
    let beyond = |index, len| Err(IndexError::Beyond { index, len });
    a.edit(|page| {
        assert_eq!(page.body.insert(4, "x"), beyond(4, 3));
        assert_eq!(page.body.delete(2..4), beyond(4, 3));
        let backwards = std::ops::Range { start: 2, end: 1 };
        assert_eq!(page.body.replace(backwards, "x"), beyond(2, 3));
        assert_eq!(page.body.splice(1, usize::MAX, "x"), beyond(usize::MAX, 3));
        assert_eq!(page.list.insert(4, 9), beyond(4, 3));
        assert_eq!(page.list.set(3, 9), beyond(3, 3));
        assert_eq!(page.list.delete(3).map(drop), beyond(3, 3));
        assert_eq!(page.list.move_item(0, 3), beyond(3, 3));
        assert_eq!(page.list.delete_range(1..4), beyond(4, 3));
    });
    assert!(a.flush().is_none());
    a.edit(|page| {
        assert_eq!((page.list.pop(), page.list.shift()), (Some(3), Some(1)));
        page.list.clear();
        assert_eq!((page.list.pop(), page.list.shift()), (None, None));
    });
}

#[test]
fn anchors_stay_where_they_are() {
    let (mut a, mut b) = (replica::<Text>(1), replica::<Text>(2));
    a.edit(|text| text.push("hello 🦀"));
    b.apply(a.changes_since(b.version())).unwrap();
    let state = a.state();
    let caret = |position, side| state.anchor(position, side).unwrap();
    let before = caret(6, Side::Before);
    let after = caret(6, Side::After);
    let (start, end) = (caret(0, Side::Before), caret(7, Side::After));
    b.edit(|text| text.insert(6, "big ").unwrap());
    b.edit(|text| text.push("!"));
    b.edit(|text| text.insert(0, "> ").unwrap());
    let late = b.state().anchor(1, Side::Before).unwrap();
    assert_eq!(
        a.state().position(&late),
        None,
        "its character has not come"
    );
    a.apply(b.changes_since(a.version())).unwrap();
    let position = |anchor: &Anchor| a.state().position(anchor).unwrap();
    assert_eq!(a.state().to_string(), "> hello big 🦀!");
    assert_eq!((position(&before), position(&after)), (8, 12));
    assert_eq!((position(&start), position(&end)), (0, 14));
    assert_eq!(a.state().position_utf16(&end), Some(15));
    for anchor in [before, after, start, end, late] {
        let bytes = anchor.encode();
        assert_eq!(Anchor::decode(&bytes), Ok(anchor));
        assert!((0..bytes.len()).all(|keep| Anchor::decode(&bytes[..keep]).is_err()));
    }
    a.edit(|text| text.delete(7..13).unwrap());
    let state = a.state();
    assert_eq!(
        (state.position(&before), state.position(&after)),
        (Some(7), Some(7))
    );
}

fn scribble(page: &mut PageEdit<'_>, number: i64) {
    page.body.insert(1, "x🦀").unwrap();
    page.body.delete(3..4).unwrap();
    page.body.push("y");
    page.list.push(number);
    page.list.move_item(0, 2).unwrap();
    page.list.set(0, number).unwrap();
    page.list.delete(1).unwrap();
}

/// A change that rests on another one, and the state after it.
fn golden() -> (Change, Snapshot) {
    let (mut a, mut b) = (replica::<Book>(1), replica::<Book>(2));
    a.edit(|book| scribble(&mut book.top, 1));
    a.edit(|book| scribble(&mut book.pages.entry("x"), 2));
    b.apply(a.changes_since(b.version())).unwrap();
    b.edit(|book| scribble(&mut book.top, 3));
    b.edit(|book| scribble(&mut book.pages.entry("x"), 4));
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
0101000000000000001000020110010608100002010d010c03092b030a09030878f09fa6807901030a000b0d0303071b0201010106010307\
00010100060101780202092f05030509030378f09fa68079010305000b0d0803021b02010101080103020001010008";
const STATE: &str = "\
02010000000000000002000000000000001000020110010608100002010d010c03020111020303010108090102020702022b0200090202\
f09fa6807978f09fa68079010100011102010f01020101021b02010100020501020902001b030101010601020001110201000209060101\
0113020101780301130202010c020303010108090102020202022b0200090202f09fa6807978f09fa68079010100010113011102010a01\
020101021b02010100020001020902001b0301010108010200010113011102010001020908010101011304";

/// An envelope with another body, whose length and checksum fit.
fn with_body(envelope: &[u8], before: usize, body: &[u8]) -> Vec<u8> {
    let content = &envelope[..envelope.len() - 4];
    let length = |of: usize| match of {
        0..128 => vec![of as u8],
        _ => vec![of as u8 | 0x80, (of >> 7) as u8],
    };
    let mut out = content[..content.len() - before - length(before).len()].to_vec();
    out.extend(length(body.len()));
    out.extend(body);
    let sum = xxhash_rust::xxh3::xxh3_64(&out).to_le_bytes();
    out.extend(&sum[..4]);
    out
}

fn first() -> Snapshot {
    let mut before = replica::<Book>(1);
    before.edit(|book| scribble(&mut book.top, 1));
    before.edit(|book| scribble(&mut book.pages.entry("x"), 2));
    before.snapshot()
}

#[test]
fn every_prefix_of_a_body_is_an_error() {
    let (change, snapshot) = golden();
    let body = change.body();
    for keep in 0..body.len() {
        let cut = with_body(&change.encode(), body.len(), &body[..keep]);
        let mut here = replica::<Book>(3);
        here.apply(first()).unwrap();
        let report = here.apply(Change::decode(&cut).unwrap()).unwrap();
        assert_eq!(report.unreadable, 1, "{keep} bytes");
    }
    let body = body_of(&snapshot, STATE.len() / 2);
    for keep in 0..body.len() {
        let cut = with_body(&snapshot.encode(), body.len(), &body[..keep]);
        let mut here = replica::<Book>(3);
        assert!(
            here.apply(Snapshot::decode(&cut).unwrap()).is_err(),
            "{keep} bytes"
        );
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

/// None panics; two replicas that take the same in either order agree; and what is good still works afterwards. A snapshot that is
/// accepted by one that holds nothing is written again as it was.
#[test]
fn mutated_bodies_are_refused_or_have_one_effect() {
    let (change, snapshot) = golden();
    let state = body_of(&snapshot, STATE.len() / 2);
    let mut seed = 7;
    for round in 0..6_000 {
        let whole = if round % 2 == 0 {
            change.body()
        } else {
            state.as_slice()
        };
        let mut body = whole.to_vec();
        for _ in 0..=random(&mut seed, 3) {
            let at = random(&mut seed, body.len());
            match random(&mut seed, 4) {
                0 => body[at] = random(&mut seed, 256) as u8,
                1 => body[at] ^= 1 << random(&mut seed, 8),
                2 => drop(body.remove(at)),
                _ => body.insert(at, [0, 1, 2, 3, 0x7f, 0xff][random(&mut seed, 6)]),
            }
        }
        let mut here = replica::<Book>(3);
        if round % 2 == 0 {
            let bytes = with_body(&change.encode(), whole.len(), &body);
            let mutated = Change::decode(&bytes).unwrap();
            here.apply(first()).unwrap();
            here.apply(mutated.clone()).unwrap();
            let mut other = replica::<Book>(4);
            other.apply(mutated).unwrap();
            other.apply(first()).unwrap();
            assert_eq!(here.state_hash(), other.state_hash(), "round {round}");
        } else {
            let bytes = with_body(&snapshot.encode(), whole.len(), &body);
            let mutated = Snapshot::decode(&bytes).unwrap();
            if here.apply(mutated).is_ok() {
                let again = replica::<Book>(5).apply(here.snapshot());
                assert!(again.is_ok(), "round {round}: own bytes are refused");
            }
        }
        here.edit(|book| book.top.body.push("still"));
        assert!(here.state().top.body.to_string().ends_with("still"));
    }
}

fn scribble_at_random(page: &mut PageEdit<'_>, seed: &mut u64) {
    let (chars, items) = (page.body.len(), page.list.len());
    let number = random(seed, 50) as i64;
    match random(seed, 8) {
        0 if chars > 0 => page.body.delete(0..1 + random(seed, chars)).unwrap(),
        1 if items > 0 => drop(page.list.delete(random(seed, items)).unwrap()),
        2 if items > 0 => page.list.set(random(seed, items), number).unwrap(),
        3 if items > 0 => {
            let (from, to) = (random(seed, items), random(seed, items));
            page.list.move_item(from, to).unwrap();
        }
        4 | 5 => page.list.insert(random(seed, items + 1), number).unwrap(),
        _ => page.body.insert(random(seed, chars + 1), "né").unwrap(),
    }
}

/// Three replicas with edits of their own over something that they share.
fn three(seed: u64) -> [Snapshot; 3] {
    let mut all = [1, 2, 3].map(replica::<Book>);
    let mut seed = seed;
    for round in 0..16 {
        let at = random(&mut seed, 3);
        all[at].edit(|book| match random(&mut seed, 6) {
            0 => drop(book.pages.remove("x")),
            1 | 2 => scribble_at_random(&mut book.top, &mut seed),
            _ => scribble_at_random(&mut book.pages.entry("x"), &mut seed),
        });
        if round < 10 && random(&mut seed, 3) == 0 {
            let snapshot = all[at].snapshot();
            all[(at + 1) % 3].apply(snapshot).unwrap();
        }
    }
    all.map(|mut replica| replica.snapshot())
}

fn merged(states: &[Snapshot]) -> Snapshot {
    let mut here = replica::<Book>(9);
    for state in states {
        here.apply(state.clone()).unwrap();
    }
    here.snapshot()
}

#[test]
fn merging_is_commutative_associative_and_idempotent() {
    for seed in 0..1_000 {
        let [a, b, c] = three(seed);
        let pair = |one: &Snapshot, other: &Snapshot| merged(&[one.clone(), other.clone()]);
        let ab = pair(&a, &b);
        assert_eq!(ab.encode(), pair(&b, &a).encode(), "seed {seed}: commutes");
        let (left, right) = (pair(&ab, &c), pair(&a, &pair(&b, &c)));
        assert_eq!(left.encode(), right.encode(), "seed {seed}: associates");
        let again = [a.clone(), ab.clone(), a.clone(), b.clone()];
        assert_eq!(merged(&again).encode(), ab.encode(), "seed {seed}: again");
    }
}
