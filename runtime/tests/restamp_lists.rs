//! Making own changes to lists and texts again, on a state from above a floor.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{Clock, OrMap, Replica, ReplicaId, Restamped, Sequence, Synced, Text, Version};

#[derive(Debug, Synced)]
struct Note {
    #[synced(initial = "abc")]
    text: Text,
    #[synced(initial = [1, 2, 3])]
    list: Sequence<i64>,
    notes: OrMap<u32, Sequence<i64>>,
}

fn id(id: u64) -> ReplicaId {
    ReplicaId::new(id).unwrap()
}

type Step = fn(&mut NoteEdit<'_>);

/// What both know, then what each does without the other; the client comes back to where all deletes are collected.
fn comes_back(both: &[Step], away: &[Step], others: &[Step]) -> (Replica<Note>, Restamped) {
    let clock = Clock::manual(1_000);
    let mut server = Replica::<Note>::with_clock(id(9), clock.clone());
    let mut client = Replica::<Note>::with_clock(id(1), Clock::manual(1_000));
    for step in both {
        client.edit(step);
        client.flush();
    }
    server.apply(client.changes_since(&Version::new())).unwrap();
    for step in away {
        client.edit(step);
        client.flush();
    }
    clock.advance(60_000);
    for step in others {
        server.edit(step);
        server.flush();
    }
    let version = server.version().clone();
    server.advance_floor(&version).unwrap();
    assert!(client.observe(&server.status()).below_floor);
    let report = client.restamp(id(2), server.snapshot()).unwrap();
    assert_eq!((report.again, report.unproven), (away.len(), 0));
    server
        .apply(client.changes_since(server.version()))
        .unwrap();
    assert_eq!(server.state_hash(), client.state_hash());
    assert_eq!(server.snapshot().encode(), client.snapshot().encode());
    (server, report)
}

#[test]
fn what_was_typed_goes_behind_the_nearest_that_is_left_and_stays_whole() {
    let (note, report) = comes_back(
        &[|n| n.text.insert(3, "defg").unwrap()],
        &[
            // Behind "f", which is gone by then, and so is "e".
            |n| n.text.insert(6, "xy").unwrap(),
            // Behind what was typed, and inside it.
            |n| n.text.insert(8, "z").unwrap(),
            |n| n.text.insert(7, "-").unwrap(),
        ],
        &[|n| n.text.delete(4..6).unwrap()],
    );
    assert_eq!(note.state().text, "abcdx-yzg");
    assert_eq!(report.dropped, 0);
}

#[test]
fn what_was_typed_at_the_front_comes_to_the_front() {
    let (note, _) = comes_back(
        &[|n| n.text.insert(0, "123").unwrap()],
        &[
            |n| n.text.insert(2, "xy").unwrap(),
            |n| n.text.insert(0, "w").unwrap(),
        ],
        &[|n| n.text.delete(0..3).unwrap()],
    );
    assert_eq!(note.state().text, "wxyabc");
}

#[test]
fn deletes_take_what_is_left_of_what_they_saw() {
    let (note, report) = comes_back(
        &[|n| n.text.push("defg"), |n| n.list.extend([4i64, 5])],
        &[
            // "cde", of which "d" is gone, while something else stands there.
            |n| n.text.delete(2..5).unwrap(),
            |n| n.text.insert(0, "mine").unwrap(),
            // What it put in itself, but for the "m".
            |n| n.text.delete(1..4).unwrap(),
            |n| n.list.delete_range(4..4 + 1).unwrap(),
        ],
        &[
            |n| n.text.delete(3..4).unwrap(),
            |n| n.text.insert(3, "NEW").unwrap(),
            |n| n.list.delete_range(4..4 + 1).unwrap(),
        ],
    );
    assert_eq!(note.state().text, "mabNEWfg");
    assert_eq!(note.state().list.to_vec(), [1, 2, 3, 4]);
    assert_eq!(report.dropped, 1, "the delete of what is gone");
}

#[test]
fn what_is_gone_is_neither_moved_nor_written() {
    let (note, report) = comes_back(
        &[|n| n.list.extend([4i64, 5, 6])],
        &[
            |n| n.list.move_item(3, 0).unwrap(),
            |n| n.list.set(0, 40).unwrap(),
            |n| n.list.move_item(5, 1).unwrap(),
            |n| n.list.set(1, 60).unwrap(),
            |n| n.list.set(2, 10).unwrap(),
            |n| n.list.delete_range(1..1 + 1).unwrap(),
            |n| n.list.move_item(1, 2).unwrap(),
        ],
        &[
            |n| n.list.delete_range(3..3 + 1).unwrap(),
            |n| n.list.push(7),
        ],
    );
    // 4 is gone, and with it its move and its write; 6 was moved, written and deleted; 1 was written and moved behind 2.
    assert_eq!(note.state().list.to_vec(), [2, 10, 3, 5, 7]);
    assert_eq!(report.dropped, 2);
}

#[test]
fn what_a_change_takes_back_itself_is_not_made() {
    let (note, report) = comes_back(
        &[],
        &[|n| {
            n.text.push("xyz");
            n.text.delete(4..5).unwrap();
            n.list.push(9);
            n.list.move_item(3, 0).unwrap();
            n.list.delete_range(0..1).unwrap();
        }],
        &[|n| n.text.push("!")],
    );
    assert_eq!(note.state().text, "abcxz!");
    assert_eq!(
        (note.state().list.to_vec(), report.dropped),
        (vec![1, 2, 3], 0)
    );
}

#[test]
fn entries_of_a_map_have_lists_too() {
    let (note, report) = comes_back(
        &[
            |n| n.notes.entry(1u32).extend([1i64, 2, 3]),
            |n| n.notes.entry(2u32).push(1),
        ],
        &[
            |n| n.notes.entry(1u32).insert(2, 9).unwrap(),
            |n| n.notes.entry(2u32).insert(1, 9).unwrap(),
            |n| n.notes.entry(1u32).delete_range(0..1).unwrap(),
        ],
        &[
            |n| n.notes.entry(1u32).delete_range(1..2).unwrap(),
            |n| {
                n.notes.remove(2u32);
            },
        ],
    );
    assert_eq!(note.state().notes.get(1u32).unwrap().to_vec(), [9, 3]);
    // The entry is gone, and an insert alone does not make one again.
    assert!(!note.state().notes.contains_key(2u32));
    assert_eq!(report.dropped, 1);
}
