//! What each kind looks like, and what is refused.

use super::*;
use crate::Hlc;
use crate::codec::write_varint;

fn walk(kind: &Kind, state: bool, content: &[u8]) -> Result {
    let mut bytes = vec![0];
    bytes.extend_from_slice(content);
    let mut input = Dec::body(&bytes, Hlc::from_millis(1))?;
    let walker = if state { check_state } else { check_ops };
    walker(&mut input, kind)?;
    input.end()
}

#[test]
fn only_one_form_of_a_value_is_accepted() {
    let float = |value: f64| value.to_bits().to_le_bytes();
    let register = Kind::LwwRegister(ValueKind::F64);
    assert_eq!(walk(&register, false, &float(1.5)), Ok(()));
    for wrong in [float(-0.0), (f64::NAN.to_bits() | 1).to_le_bytes()] {
        assert_eq!(
            walk(&register, false, &wrong),
            Err(DecodeError::NotCanonical("float"))
        );
    }
    let integer = Kind::LwwRegister(ValueKind::U64);
    assert_eq!(
        walk(&integer, false, &[0x80, 0]),
        Err(DecodeError::NotCanonical("integer"))
    );
    let mut beyond = Vec::new();
    write_varint(&mut beyond, u64::from(u32::MAX) + 1);
    let small = Kind::LwwRegister(ValueKind::U32);
    assert_eq!(walk(&small, false, &beyond), Err(DecodeError::Range("u32")));
    let half_a_turn: Vec<u8> = [0.0, 0.5, 0.0, 0.0].into_iter().flat_map(float).collect();
    let turn = Kind::LwwRegister(ValueKind::Quat);
    assert_eq!(
        walk(&turn, false, &half_a_turn),
        Err(DecodeError::NotCanonical("rotation"))
    );
}

#[test]
fn collections_are_sorted_and_say_something() {
    let set = Kind::OrSet(ValueKind::Bool);
    // Elements whose initial atom was cut: value, then 1.
    assert_eq!(walk(&set, true, &[2, 0, 1, 1, 1]), Ok(()));
    assert_eq!(
        walk(&set, true, &[2, 1, 1, 0, 1]),
        Err(DecodeError::NotCanonical("set"))
    );
    assert_eq!(
        walk(&set, true, &[0]),
        Err(DecodeError::NotCanonical("empty collection"))
    );
    assert_eq!(
        walk(&set, true, &[1, 1, 0]),
        Err(DecodeError::NotCanonical("entry"))
    );
    // An orb's shape ascends by id, and is said once.
    let counters = |ids: [u8; 2]| [0, 2, ids[0], 2, ids[1], 2, 7, 7];
    assert_eq!(walk(&Kind::Orb, false, &counters([1, 1])), Ok(()));
    assert_eq!(
        walk(&Kind::Orb, false, &counters([1, 0])),
        Err(DecodeError::NotCanonical("shape"))
    );
    assert_eq!(
        walk(&Kind::Orb, false, &counters([0, 1])),
        Err(DecodeError::NotCanonical("shape"))
    );
}

#[test]
fn sets_that_elements_come_into_once_say_each_once() {
    let grows = Kind::GSet(ValueKind::Bool);
    assert_eq!(walk(&grows, true, &[2, 0, 1]), Ok(()));
    assert_eq!(
        walk(&grows, true, &[2, 1, 1]),
        Err(DecodeError::NotCanonical("set"))
    );
    let phases = Kind::TwoPSet(ValueKind::Bool);
    assert_eq!(walk(&phases, true, &[2, 0, 1, 1, 0]), Ok(()));
    for bits in [0, 3, 4] {
        // That it came and went, both, is said in entries of maps alone.
        assert_eq!(
            walk(&phases, false, &[1, 0, bits]),
            Err(DecodeError::NotCanonical("entry"))
        );
    }
    let entries = Kind::OrMap(ValueKind::Bool, Box::new(phases));
    assert_eq!(walk(&entries, false, &[1, 0, 2, 1, 0, 3]), Ok(()));
}

#[test]
fn documents_have_one_form() {
    let ops = |bytes: &[u8]| walk(&Kind::JsonDoc, false, bytes);
    let plain = [0, 1, 0, 1, 2, b'a', 1, 3, 2];
    assert_eq!(ops(&plain), Ok(()));
    // A map or a list is no plain value; a path shares all it can; something is done.
    for nested in [6, 7] {
        let mut map = plain;
        map[7] = nested;
        assert_eq!(ops(&map), Err(DecodeError::NotCanonical("plain value")));
    }
    let twice = [0, 2, 0, 1, 2, b'a', 0, 0, 1, 2, b'a', 0];
    assert_eq!(ops(&twice), Err(DecodeError::NotCanonical("path")));
    assert_eq!(ops(&[0, 1, 1, 0, 0]), Err(DecodeError::Range("path")));
    assert_eq!(
        ops(&[0, 0]),
        Err(DecodeError::NotCanonical("empty collection"))
    );
    let deep = |keys: usize| {
        let mut bytes = vec![0, 1, 0, keys as u8];
        bytes.extend([2, b'k'].repeat(keys));
        bytes.push(2);
        ops(&bytes)
    };
    assert_eq!((deep(64), deep(65)), (Ok(()), Err(DecodeError::TooDeep)));
    let state = |bytes: &[u8]| walk(&Kind::JsonDoc, true, bytes);
    assert_eq!(state(&[4]), Ok(()));
    assert_eq!(state(&[2, 0, 1, 1, b'a', 4]), Ok(()));
    for nothing in [&[0][..], &[16], &[2, 0, 0], &[8, 0, 0]] {
        assert_eq!(state(nothing), Err(DecodeError::NotCanonical("place")));
    }
    assert_eq!(
        state(&[2, 0, 2, 1, b'b', 4, 1, b'a', 4]),
        Err(DecodeError::NotCanonical("keys"))
    );
}

#[test]
fn items_of_documents_are_named_in_one_way() {
    let ops = |bytes: &[u8], ticks: u32| {
        let all = [&[0][..], bytes].concat();
        let author = crate::ReplicaId::new(1).unwrap();
        let mut input = Dec::body(&all, Hlc::from_bits(9))?.of_change(author, ticks);
        check_ops(&mut input, &Kind::JsonDoc)?;
        input.end()
    };
    // Two items at the end of the initial list of one, and what is put into the second.
    let made = [1, 0, 1, 2, b'l', 4, 0x2a, 1, 0, 0];
    let put = [1, 1, 1, 0, 1, 1, 2];
    let both = [&made[..], &put].concat();
    assert_eq!(ops(&both, 2), Ok(()));
    assert_eq!(ops(&both, 1), Err(DecodeError::Range("ticks")));
    // The change ends before that item, or begins at the beginning of time.
    let mut late = both.clone();
    late[15] = 3;
    assert_eq!(ops(&late, 2), Err(DecodeError::Range("item")));
    late[15] = 18;
    assert_eq!(ops(&late, 2), Err(DecodeError::Range("item")));
    // Lists come once each; what deletes is a step; an initial item has an index.
    let again = [&[2][..], &made[1..], &[1, 0, 4, 1, 0, 0, 0]].concat();
    assert_eq!(ops(&again, 4), Err(DecodeError::NotCanonical("lists")));
    for head in [0, 5, 6] {
        let mut other = both.clone();
        other[5] = head;
        assert_eq!(ops(&other, 2), Err(DecodeError::NotCanonical("items")));
    }
    let far = [0, 1, 0, 1, 0, 0, 0x80, 0x80, 0x80, 0x80, 4, 0];
    assert_eq!(ops(&far, 2), Err(DecodeError::Range("item")));
    let state = |bytes: &[u8]| walk(&Kind::JsonDoc, true, bytes);
    // An initial item that is gone; a list of no items; items out of order.
    assert_eq!(state(&[8, 0, 1, 0, 0, 1, 1, 0, 4]), Ok(()));
    assert_eq!(
        state(&[8, 0, 1, 0, 0, 0]),
        Err(DecodeError::NotCanonical("items"))
    );
    assert_eq!(
        state(&[8, 0, 1, 0, 0, 2, 1, 1, 4, 1, 0, 4]),
        Err(DecodeError::NotCanonical("items"))
    );
}
