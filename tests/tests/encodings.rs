//! Golden bytes of every encoding: each kind of CRDT alone and inside a map, each type of value, and what replicas say of
//! themselves. Each is read and written again as it was, and cut short anywhere it is an error.
//!
//! `UPDATE_GOLDEN=1 cargo test -p holo-tests --test encodings` writes `tests/golden/encodings.txt` anew; a difference there is a
//! change of the wire format. What belongs here: a sample of each. What never will: what is not sent or stored.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

mod encodings {
    pub(crate) mod samples;
    pub(crate) mod table;
}

use encodings::samples;
use encodings::table::Table;

#[test]
fn bytes_do_not_change_and_none_may_be_missing() {
    let mut table = Table::default();
    samples::kinds(&mut table);
    samples::in_maps(&mut table);
    samples::values(&mut table);
    samples::documents(&mut table);
    table.compare();
}

#[test]
fn there_is_a_sample_of_every_kind_and_of_every_type_of_value() {
    let mut table = Table::default();
    samples::kinds(&mut table);
    samples::in_maps(&mut table);
    samples::values(&mut table);
    for crdt in holo_runtime::dynamic::CRDTS {
        let there = |name: &str| table.has(&name.replace('~', crdt));
        let alone = there("~ change") && there("~ state");
        assert!(alone && there("OrMap of ~ change"), "no sample of {crdt}");
    }
    let source = include_str!("../../runtime/src/codec/kind.rs");
    let (_, rest) = source.split_once("pub enum ValueKind {").unwrap();
    let (variants, _) = rest.split_once("\n}").unwrap();
    let names = variants.lines().filter(|line| !line.contains("///"));
    for name in names.map(|line| line.trim().trim_end_matches(',')) {
        let name = name.split('(').next().unwrap();
        let wanted = format!("value {name} change");
        assert!(name.is_empty() || table.has(&wanted), "no sample of {name}");
    }
}
