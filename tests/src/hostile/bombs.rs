//! Bodies made by hand to take far more memory than bytes: what a mutation does not find.

use super::envelope::Writer;

/// Orbs in orbs, as deep as they go, again and again: a byte each.
#[must_use]
pub fn orbs(entries: usize) -> Vec<u8> {
    let mut out = Writer(vec![0, 16]);
    let mut map = entries_of(entries, &[16]);
    // The shape of an orb whose only field is an orb, and of the last, whose only field is a counter.
    let mut first = true;
    for key in 0..entries {
        map.varint(key as u64).varint(2);
        for depth in 0..12 {
            match (first, depth) {
                (true, 0) => map.raw(&[0, 1, 1, 16]),
                (true, 11) => map.raw(&[0, 1, 1, 2]),
                (_, 11) => map.raw(&[3]),
                _ => map.raw(&[2]),
            };
        }
        map.raw(&[1]);
        first = false;
    }
    out.raw(&map.0);
    out.0
}

/// The shape of an orb whose field 1 is a map from numbers to what a descriptor says, and the count of its entries.
fn entries_of(count: usize, held: &[u8]) -> Writer {
    let mut out = Writer::default();
    out.raw(&[0, 1, 1, 6, 5]).raw(held).varint(count as u64);
    out
}

/// A shape of very many fields.
#[must_use]
pub fn fields(count: usize) -> Vec<u8> {
    let mut out = Writer(vec![0, 16, 0]);
    out.varint(count as u64);
    out.raw(&[1, 2].repeat(count));
    out.raw(&[1].repeat(count));
    out.0
}

/// Very many shapes, each of another field, in the entries of a map.
#[must_use]
pub fn shapes(count: usize) -> Vec<u8> {
    let mut out = Writer(vec![0, 16]);
    let mut map = entries_of(count, &[16]);
    for key in 0..count {
        map.varint(key as u64).varint(2);
        map.raw(&[0, 1]).varint(key as u64 + 1).raw(&[2, 1]);
    }
    out.raw(&map.0);
    out.0
}

/// A shape of fields whose descriptors nest as deep as they may.
#[must_use]
pub fn descriptors(count: usize) -> Vec<u8> {
    let mut out = Writer(vec![0, 16, 0]);
    out.varint(count as u64);
    for _ in 0..count {
        out.varint(1).raw(&[1]).raw(&[15; 64]).raw(&[1]);
    }
    out.raw(&[0].repeat(count));
    out.0
}

/// Ops on a list whose items are dead and alive by turns: three bytes for two segments.
#[must_use]
pub fn segments(count: usize) -> Vec<u8> {
    let mut out = Writer(vec![0, 16, 0, 1, 1, 12, 1]);
    out.varint(count as u64 * 4);
    // The first stands between start and end.
    out.raw(&[2, 0, 0]);
    for index in 1..count {
        out.varint(if index % 2 == 0 { 0 } else { 8 });
    }
    out.raw(&[1].repeat(count / 2));
    out.0
}

/// Deletes of very many items of an initial value, each a range of its own.
#[must_use]
pub fn deletes(count: usize) -> Vec<u8> {
    let mut out = Writer(vec![0, 16, 0, 1, 1, 12, 1]);
    out.varint(1).varint(count as u64);
    for index in 0..count {
        out.raw(&[1]).varint(index as u64 * 2).varint(0);
    }
    out.0
}

/// A value of lists in lists.
#[must_use]
pub fn lists(count: usize) -> Vec<u8> {
    let mut out = Writer(vec![0, 16, 0, 1, 1, 1, 13, 6]);
    out.varint(count as u64);
    out.raw(&[6, 1, 0].repeat(count));
    out.0
}

/// A document whose steps make way through empty keys.
#[must_use]
pub fn paths(count: usize) -> Vec<u8> {
    let mut out = Writer(vec![0, 16, 0, 1, 1, 14, 0]);
    out.varint(count as u64);
    for key in 0..count {
        let key = format!("{key:x}");
        out.varint(0).varint(60).varint(key.len() as u64 + 1);
        out.raw(key.as_bytes()).raw(&[1; 59]).raw(&[1, 0]);
    }
    out.0
}

/// A state of a list whose items are dead and alive by turns: three bytes for two segments.
#[must_use]
pub fn sections(replica: u64, count: usize) -> Vec<u8> {
    let mut out = Writer(vec![1]);
    out.raw(&replica.to_le_bytes())
        .raw(&[16, 0, 1, 1, 12, 1, 1, 1, 0]);
    out.varint(count as u64 - 1)
        .varint(count as u64)
        .raw(&[2, 0, 0]);
    for index in 1..count {
        out.varint(if index % 2 == 0 { 0 } else { 8 });
    }
    // Content; no initial item is deleted; all deletes lie below the floor; nothing was written to.
    out.raw(&[1].repeat(count / 2)).raw(&[0]);
    out.varint((count as u64 / 2 - 1) << 2).raw(&[0]);
    out.0
}

/// All of these that are changes, by name, each of about so many bytes.
#[must_use]
pub fn all(bytes: usize) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("orbs in orbs", orbs(bytes / 17)),
        ("many fields", fields(bytes / 3)),
        ("many shapes", shapes(bytes / 11)),
        ("deep descriptors", descriptors(bytes / 68)),
        ("many segments", segments(bytes * 2 / 3)),
        ("many deletes", deletes(bytes / 5)),
        ("lists in lists", lists(bytes / 3)),
        ("long paths", paths(bytes / 70)),
    ]
}
