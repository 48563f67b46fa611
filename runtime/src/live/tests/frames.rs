//! The bytes of frames: golden, canonical, and hostile.

use std::sync::Arc;

use crate::live::form::Form;
use crate::live::frame::{Frame, Group, MAX_FRAME, Want};
use crate::{DecodeError, Hlc, ReplicaId};

fn frame() -> Frame {
    let path = |ids: &[u32]| ids.iter().copied().collect();
    let tick = |count: u64| {
        Hlc::from_millis(1_700_000_000_000)
            .checked_add(count)
            .unwrap()
    };
    let pose = vec![
        (path(&[1]), Form::Vector(0.001)),
        (path(&[2]), Form::Rotation(10)),
    ];
    let mut moved = Group::new((tick(9), 990, 0, false), pose);
    moved.numbers = vec![0, 3, 4, 900];
    for x in [0, 250, -7, 31_000] {
        moved.cells.push([x, 1_600, -x, 0]);
        moved.cells.push([3, x % 511, 0, -511]);
    }
    let said = vec![
        (path(&[4, 1]), Form::Raw),
        (path(&[4, 2]), Form::Scalar(0.5)),
    ];
    let mut named = Group::new((tick(4), 950, 2, true), said);
    named.numbers = vec![7];
    named.cells = vec![[0; 4], [-3, 0, 0, 0]];
    named.raws = vec![Arc::from(&b"\x03red"[..])];
    Frame {
        sender: ReplicaId::new(0xa11ce).unwrap(),
        session: tick(1),
        complete: true,
        tick: tick(9),
        at: 1_000,
        groups: vec![moved, named],
        names: vec![
            (3, Arc::from(&b"\x01\x05\x02ab"[..])),
            (4, Arc::from(&b"\x01\x05\x02ac"[..])),
        ],
        wants: vec![Want {
            sender: ReplicaId::new(0xb0b).unwrap(),
            session: tick(0),
            numbers: vec![0, 2, 40],
        }],
    }
}

#[test]
fn a_frame_has_golden_bytes() {
    let bytes = frame().encode();
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let golden = include_str!("frame.hex");
    assert_eq!(hex.join(" "), golden.trim());
    assert_eq!(Frame::decode(&bytes), Ok(frame()));
}

#[test]
fn every_truncated_frame_is_an_error() {
    let bytes = frame().encode();
    for len in 0..bytes.len() {
        assert!(Frame::decode(&bytes[..len]).is_err(), "{len}");
    }
    let long = [bytes.as_slice(), &[0]].concat();
    assert_eq!(Frame::decode(&long), Err(DecodeError::Trailing(1)));
    let huge = vec![1; MAX_FRAME + 1];
    assert!(matches!(
        Frame::decode(&huge),
        Err(DecodeError::TooLong { .. })
    ));
}

#[test]
fn what_decodes_has_no_other_bytes() {
    let bytes = frame().encode();
    let mut read = 0;
    for place in 0..bytes.len() {
        for flip in (0..8).map(|bit| 1u8 << bit).chain([0x7f, 0x80, 0xff]) {
            let mut mutated = bytes.clone();
            mutated[place] ^= flip;
            if let Ok(frame) = Frame::decode(&mutated) {
                assert_eq!(frame.encode(), mutated, "byte {place} ^ {flip}");
                read += 1;
            }
        }
    }
    assert!(read > 100, "only {read} mutations could be read");
}

#[test]
fn values_that_take_no_bits_are_bounded() {
    let mut group = frame().groups.remove(0);
    group.fields = (0..200)
        .map(|id| (vec![id].into(), Form::Scalar(0.001)))
        .collect();
    group.numbers = (0..400).collect();
    group.cells = vec![[7, 0, 0, 0]; 200 * 400];
    let frame = Frame {
        groups: vec![group],
        ..frame()
    };
    let bytes = frame.encode();
    assert!(bytes.len() < 2_000);
    let refused = Err(DecodeError::Range("values in a live frame"));
    assert_eq!(Frame::decode(&bytes), refused);
}
