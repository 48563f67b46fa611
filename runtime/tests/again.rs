//! Own changes of registers that keep concurrent writes, of sets whose elements come once and of documents, made again by an author
//! who comes back from below the floor.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Clock, GSet, JsonDoc, LwwRegister, MvRegister, OrMap, Replica, ReplicaId, Synced, TwoPSet,
    Value, Version,
};

#[derive(Clone, Debug, Synced)]
struct Sheet {
    title: MvRegister<String>,
    seen: GSet<String>,
    #[synced(initial = ["torch"])]
    open: TwoPSet<String>,
    #[synced(initial = {"color": {"r": 1}})]
    doc: JsonDoc,
}

#[derive(Clone, Debug, Synced)]
struct Desk {
    top: Sheet,
    sheets: OrMap<String, Sheet>,
    round: LwwRegister<i64>,
}

const START: u64 = 1_700_000_000_000;

fn id(id: u64) -> ReplicaId {
    ReplicaId::new(id).unwrap()
}

/// What both know, then what each does without the other; the client comes back. How many ops had nothing left to act on.
fn comes_back(
    both: impl FnOnce(&mut DeskEdit<'_>),
    away: &[fn(&mut DeskEdit<'_>)],
    others: impl FnOnce(&mut DeskEdit<'_>),
) -> (Desk, usize) {
    let clock = Clock::manual(START);
    let mut server = Replica::<Desk>::with_clock(id(9), clock.clone());
    let mut client = Replica::<Desk>::with_clock(id(1), Clock::manual(START));
    client.edit(both);
    server.apply(client.changes_since(&Version::new())).unwrap();
    for edit in away {
        client.edit(edit);
        client.flush();
    }
    clock.advance(60_000);
    server.edit(others);
    server.edit(|d| d.round.set(1));
    server.flush();
    let version = server.version().clone();
    server.advance_floor(&version).unwrap();
    assert!(client.observe(&server.status()).below_floor);
    let report = client.restamp(id(2), server.snapshot()).unwrap();
    assert_eq!(report.again, away.len());
    server
        .apply(client.changes_since(server.version()))
        .unwrap();
    assert_eq!(server.state_hash(), client.state_hash());
    assert_eq!(server.snapshot().encode(), client.snapshot().encode());
    (server.state().clone(), report.dropped)
}

#[test]
fn a_write_replaces_only_what_its_author_had_seen() {
    let (desk, dropped) = comes_back(
        |d| d.top.title.set("shared"),
        &[|d| d.top.title.set("one"), |d| d.top.title.set("mine")],
        |d| d.top.title.set("theirs"),
    );
    assert_eq!(desk.top.title.values(), ["theirs", "mine"]);
    assert_eq!(dropped, 0);
    // Where nobody else wrote, there is no conflict with what one wrote before oneself.
    let (desk, _) = comes_back(
        |d| d.top.title.set("shared"),
        &[|d| d.top.title.set("mine")],
        |_| {},
    );
    assert_eq!(desk.top.title.values(), ["mine"]);
}

#[test]
fn elements_come_and_go_again() {
    let (desk, dropped) = comes_back(
        |d| {
            d.top.open.insert("rope");
            d.top.open.insert("map");
        },
        &[|d| {
            d.top.seen.insert("mine");
            d.top.open.insert("mine");
            d.top.open.remove("torch");
            d.top.open.remove("rope");
        }],
        |d| {
            d.top.open.remove("rope");
            d.top.open.remove("map");
        },
    );
    assert_eq!(desk.top.seen.sorted(), ["mine"]);
    assert_eq!(desk.top.open.sorted(), ["mine"]);
    assert_eq!(dropped, 1, "the rope was out already");
}

#[test]
fn steps_in_documents_take_what_they_had_seen_and_put_what_they_put() {
    let (desk, dropped) = comes_back(
        |d| {
            d.top.doc.set("a.old", 1);
            d.top.doc.set("b.old", 1);
            d.top.doc.set("c", 1);
        },
        &[
            |d| {
                d.top.doc.set("x.y", 5);
                d.top.doc.delete("a");
                d.top.doc.delete("color.r");
            },
            |d| {
                d.top.doc.set("b", 6);
                d.top.doc.delete("c");
                d.sheets.entry("s").doc.set("k", 7);
            },
        ],
        |d| {
            d.top.doc.set("a.new", 2);
            d.top.doc.set("b.new", 2);
            d.top.doc.delete("c");
        },
    );
    let shown = r#"{"a": {"new": 2}, "b": 6, "color": {}, "x": {"y": 5}}"#;
    assert_eq!(desk.top.doc.to_string(), shown);
    assert_eq!(dropped, 1, "c was gone already");
    let sheet = desk.sheets.get("s").unwrap();
    assert_eq!(sheet.doc.get("k").unwrap().as_i64(), Some(7));
}

#[test]
fn items_of_lists_are_put_in_where_their_neighbours_stand() {
    let (desk, dropped) = comes_back(
        |d| {
            d.top.doc.set("l", list(&["a", "b", "c", "d"]));
            d.top.doc.set("m", list(&["x", "y"]));
        },
        &[
            |d| {
                // Two in a row in front of c, one of which holds a list.
                d.top.doc.insert("l", 2, "1");
                d.top.doc.insert("l", 3, list(&["2"]));
                d.top.doc.move_item("l", 0, 5);
                d.top.doc.delete("l.3");
                d.top.doc.push("fresh", "3");
            },
            |d| {
                // In front of d, which came to stand behind what was put in.
                d.top.doc.insert("l", 3, "0");
                d.top.doc.push("l.2", "more");
                d.top.doc.push("fresh", "4");
                d.top.doc.delete("fresh.0");
                d.top.doc.set("m.0.k", 5);
                d.top.doc.move_item("m", 0, 1);
            },
        ],
        |d| {
            d.top.doc.delete("l.1");
            d.top.doc.insert("l", 1, "new");
            d.top.doc.delete("m.0");
        },
    );
    let shown = r#"{"color": {"r": 1}, "fresh": ["4"], "l": ["new", "1", ["2", "more"], "0", "d", "a"], "m": ["y"]}"#;
    assert_eq!(desk.top.doc.to_string(), shown);
    // Into the item that is gone nothing is written, nor is it moved.
    assert_eq!(dropped, 3);
}

fn list(items: &[&str]) -> Value {
    Value::List(items.iter().map(|item| Value::from(*item)).collect())
}

#[test]
fn in_entries_of_maps_as_well() {
    let (desk, _) = comes_back(
        |d| {
            let mut sheet = d.sheets.entry("s");
            sheet.title.set("shared");
            sheet.open.insert("rope");
        },
        &[|d| {
            let mut sheet = d.sheets.entry("s");
            sheet.title.set("mine");
            sheet.seen.insert("mine");
            sheet.open.remove("rope");
            sheet.doc.delete("color");
        }],
        |d| d.sheets.entry("s").title.set("theirs"),
    );
    let sheet = desk.sheets.get("s").unwrap();
    assert_eq!(sheet.title.values(), ["theirs", "mine"]);
    assert_eq!(sheet.seen.sorted(), ["mine"]);
    assert_eq!(sheet.open.sorted(), ["torch"]);
    assert_eq!(sheet.doc.to_string(), "{}");
}
