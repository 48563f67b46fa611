//! The primitives and what a body shares, written and read; small enough for Miri, which `.ci/miri` runs on them.

use super::dec::Dec;
use super::*;
use crate::{Hlc, ReplicaId, Stamp};

fn field(id: u32, kind: Kind) -> (u32, Kind) {
    (id, kind)
}

#[test]
fn integers_are_read_as_they_were_written_and_in_no_longer_form() {
    for value in [0, 1, 127, 128, 16_383, 16_384, u64::MAX >> 1, u64::MAX] {
        let mut out = Vec::new();
        write_varint(&mut out, value);
        write_zigzag(&mut out, -i128::from(value));
        let mut input = Dec::plain(&out);
        assert_eq!(input.varint(), Ok(value));
        assert_eq!(input.zigzag(), Ok(-i128::from(value)));
        assert_eq!(input.end(), Ok(()));
        let mut longer = out.clone();
        let end = out.iter().position(|byte| byte & 0x80 == 0).unwrap();
        longer[end] |= 0x80;
        longer.insert(end + 1, 0);
        assert!(Dec::plain(&longer).varint().is_err(), "{value}");
    }
    assert!(Dec::plain(&[0xff; 19]).zigzag().is_err());
    assert!(Dec::plain(&[0xff; 11]).varint().is_err());
}

#[test]
fn integers_of_every_length_are_read_whether_more_follows_or_not() {
    let values =
        (0..64).flat_map(|bits| [1 << bits, (1 << bits) - 1, 0x5bd1_e995_7b1f_36a7 >> bits]);
    for value in values {
        let mut out = Vec::new();
        write_varint(&mut out, value);
        let len = out.len();
        for tail in [0, 1, 9] {
            out.resize(len + tail, 0xff);
            let mut input = Dec::plain(&out);
            assert_eq!(input.varint(), Ok(value));
            assert_eq!(input.rest().len(), tail, "{value}");
            let mut signed = Dec::plain(&out);
            let half = (i128::from(value) >> 1) ^ -(i128::from(value) & 1);
            assert_eq!(signed.zigzag(), Ok(half));
            let mut longer = out.clone();
            longer[len - 1] |= 0x80;
            longer.insert(len, 0);
            assert!(Dec::plain(&longer).varint().is_err(), "{value}");
            assert!(Dec::plain(&longer).zigzag().is_err(), "{value}");
        }
    }
}

#[test]
fn text_is_read_by_bytes_and_by_characters() {
    let text = "aé日🦀";
    let mut out = Vec::new();
    write_bytes(&mut out, text.as_bytes());
    out.extend_from_slice(text.as_bytes());
    let mut input = Dec::plain(&out);
    assert_eq!(input.str(), Ok(text));
    assert_eq!(input.clone().chars(u32::MAX), Err(DecodeError::Truncated));
    assert_eq!((input.chars(2), input.chars(2)), (Ok("aé"), Ok("日🦀")));
    assert_eq!(Dec::plain(&[0xc0, 0x80]).chars(1), Err(DecodeError::Utf8));
    assert_eq!(
        Dec::plain(&[0xf0, b'a']).chars(1),
        Err(DecodeError::Truncated)
    );
    assert_eq!(
        Dec::plain(&[200, 1, 0]).bytes(),
        Err(DecodeError::Truncated)
    );
}

#[test]
fn stamps_go_through_the_table_in_the_order_of_their_use() {
    let stamp = |time, replica| Stamp::new(Hlc::from_bits(time), ReplicaId::new(replica).unwrap());
    let stamps = [
        stamp(5, 9),
        Stamp::ORIGIN,
        stamp(7, 2),
        stamp(6, 9),
        stamp(7, 9),
    ];
    let mut enc = Enc::new(Mode::Body, Hlc::from_bits(8));
    stamps.iter().for_each(|stamp| enc.stamp(*stamp));
    let body = enc.finish();
    let mut input = Dec::body(&body, Hlc::from_bits(8)).unwrap();
    for stamp in stamps {
        assert_eq!(input.stamp(), Ok(stamp));
    }
    assert!(input.met().eq([stamp(7, 9), stamp(7, 2)]));
    assert_eq!(input.end(), Ok(()));
    let unused = Dec::body(&body[..17], Hlc::from_bits(8)).unwrap();
    assert_eq!(
        unused.end(),
        Err(DecodeError::NotCanonical("replica table"))
    );
    let mut twice = body;
    twice.copy_within(1..9, 9);
    assert!(Dec::body(&twice, Hlc::from_bits(8)).is_err());
}

/// So many that most are no longer kept as they were read.
#[test]
fn shapes_are_the_same_whether_they_are_kept_or_read_again() {
    let kinds = [
        Kind::PnCounter,
        Kind::OrMap(ValueKind::U32, Box::new(Kind::Orb)),
        Kind::LwwRegister(ValueKind::Option(Box::new(ValueKind::F64))),
    ];
    let shapes: Vec<Vec<(u32, Kind)>> = (1..200)
        .map(|id| {
            vec![
                field(id, kinds[id as usize % 3].clone()),
                field(id + 300, Kind::Text),
            ]
        })
        .collect();
    let mut enc = Enc::new(Mode::Body, Hlc::ZERO);
    for shape in shapes.iter().chain(&shapes) {
        enc.shape(shape.clone());
    }
    let body = enc.finish();
    let mut input = Dec::body(&body, Hlc::ZERO).unwrap();
    for shape in shapes.iter().chain(&shapes) {
        let told = input.shape().unwrap();
        let mut read = Vec::new();
        told.each(|id, kind| {
            read.push((id, kind.clone()));
            Ok(())
        })
        .unwrap();
        assert_eq!(&read, shape);
        let more = vec![
            field(1, Kind::Text),
            read[0].clone(),
            field(999, Kind::Text),
        ];
        let mut sorted = more.clone();
        sorted.sort();
        let lacks = told.lacks(sorted).unwrap();
        assert_eq!(lacks, [field(1, Kind::Text), field(999, Kind::Text)]);
    }
    assert_eq!(input.end(), Ok(()));
}

#[test]
fn a_shape_is_refused_when_it_is_empty_or_unordered_or_there_already() {
    let refused = |bytes: &[u8]| {
        let mut input = Dec::plain(bytes);
        let read = input.shape().and_then(|_| input.shape());
        assert!(read.is_err(), "{bytes:?}");
    };
    refused(&[0, 0]);
    refused(&[0, 1, 0, 2]);
    refused(&[0, 2, 3, 2, 0, 2, 1]);
    refused(&[0, 1, 3, 2, 0, 1, 3, 2]);
    refused(&[0, 1, 3, 2, 2]);
    let mut good = Dec::plain(&[0, 1, 3, 2, 1]);
    assert!(good.shape().and_then(|_| good.shape()).is_ok());
}

#[test]
fn an_envelope_opens_with_its_format_and_its_checksum_alone() {
    let closed = close(vec![1, 2, 3]);
    assert_eq!(
        open(&closed, 1, "x").map(|input| input.rest().to_vec()),
        Ok(vec![2, 3])
    );
    assert!(matches!(
        open(&closed, 2, "x"),
        Err(DecodeError::UnknownTag { tag: 1, .. })
    ));
    for end in 0..closed.len() {
        assert!(open(&closed[..end], 1, "x").is_err());
    }
}
