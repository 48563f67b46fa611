//! The bytes of messages: golden, canonical, and hostile ones.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use holo_runtime::sync::{
    Answer, Coordinator, MerkleTree, Message, Options, PeerId, Place, Question, Rejection,
    Strategy, SyncError,
};
use holo_runtime::{Clock, DecodeError, Hlc, LwwMap, OrSet, Replica, ReplicaId, Synced, Version};
use xxhash_rust::xxh3::xxh3_64;

#[derive(Debug, Synced)]
struct Board {
    notes: LwwMap<i64, String>,
    tags: OrSet<i64>,
}

fn id(number: u64) -> ReplicaId {
    ReplicaId::new(number).unwrap()
}

fn replica(number: u64) -> Replica<Board> {
    let mut replica = Replica::with_clock(id(number), Clock::manual(1_000));
    replica.edit(|board: &mut BoardEdit<'_>| {
        board.notes.set(1, "one");
        board.tags.insert(5);
    });
    replica
}

/// A message of each kind.
fn messages() -> Vec<(&'static str, Message)> {
    let mut replica = replica(7);
    let change = replica.flush().unwrap();
    let status = Box::new(replica.status());
    let snapshot = replica.snapshot();
    let version = replica.version().clone();
    let tree = MerkleTree::of(&mut replica);
    let root = tree.root();
    let nodes = vec![(Place::ROOT, tree.node(&Place::ROOT).unwrap())];
    let offered = offer();
    let last = Hlc::from_millis(5);
    let reject = Rejection {
        replica: id(9),
        last,
        held: Hlc::ZERO,
        reason: 403,
    };
    let places = vec![
        Place::ROOT,
        Place::ROOT.child(3),
        Place::ROOT.child(3).child(15),
    ];
    vec![
        (
            "status",
            Message::Status {
                answer: true,
                status: status.clone(),
            },
        ),
        (
            "changes",
            Message::Changes(vec![change.clone(), change.clone()]),
        ),
        ("snapshot", Message::Snapshot(snapshot.clone())),
        (
            "ack",
            Message::Ack {
                durable: true,
                version: version.clone(),
            },
        ),
        (
            "want",
            Message::Want {
                request: 3,
                leaving: vec![id(7), id(9)],
            },
        ),
        ("submit", Message::Submit(vec![(change, Version::new())])),
        ("reject", Message::Reject(reject)),
        ("offer", offered),
        ("question", Message::Question(Question { root, places })),
        ("answer", Message::Answer(Answer { root, nodes })),
        ("live", Message::Live(vec![1, 2, 3])),
        (
            "part",
            Message::Part {
                whole: 77,
                index: 1,
                count: 2,
                bytes: vec![8, 9],
            },
        ),
        (
            "rescue",
            Message::Rescue {
                request: 3,
                status,
                snapshot,
            },
        ),
        (
            "application",
            Message::Application {
                code: 300,
                bytes: b"hi".to_vec(),
            },
        ),
        ("unknown", Message::Unknown(99)),
    ]
}

/// The offer that a coordinator makes.
fn offer() -> Message {
    let mut one = Coordinator::new(replica(7)).with_options(Options::with(Strategy::Merkle));
    let mut other = replica(8);
    one.connect(PeerId(1), 0);
    let status = Box::new(other.status());
    one.handle(
        PeerId(1),
        &Message::Status {
            answer: false,
            status,
        }
        .encode(),
        0,
    )
    .unwrap();
    let all = std::iter::from_fn(|| one.poll(0)).map(|out| Message::decode(&out.bytes).unwrap());
    all.into_iter()
        .find(|message| matches!(message, Message::Offer(_)))
        .unwrap()
}

#[test]
fn bytes_are_golden() {
    let mut text = String::new();
    for (name, message) in messages() {
        let hex: String = message
            .encode()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        writeln!(text, "{name} {hex}").unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sync/messages.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), text);
}

#[test]
fn each_comes_back_and_nothing_else_is_taken_for_it() {
    for (name, message) in messages() {
        let bytes = message.encode();
        assert_eq!(Message::decode(&bytes).unwrap(), message, "{name}");
        for end in 0..bytes.len() {
            assert!(
                Message::decode(&bytes[..end]).is_err(),
                "{name}, {end} bytes"
            );
        }
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                Message::decode(&damaged),
                Err(DecodeError::Damaged),
                "{name}, bit {bit}"
            );
        }
    }
}

/// The same content under a checksum that fits.
fn closed(mut content: Vec<u8>) -> Vec<u8> {
    let sum = xxh3_64(&content).to_le_bytes();
    content.extend_from_slice(&sum[..4]);
    content
}

/// SplitMix64.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn a_message_that_is_refused_has_changed_nothing_and_the_next_good_one_works() {
    let all: Vec<Vec<u8>> = messages()
        .iter()
        .map(|(_, message)| message.encode())
        .collect();
    let mut seed = 4_711;
    let mut refused = 0;
    for round in 0..300 {
        let strategy = [
            Strategy::Full,
            Strategy::Delta,
            Strategy::Merkle,
            Strategy::Optimistic,
        ][round % 4];
        let mut here = Coordinator::new(replica(3)).with_options(Options::with(strategy));
        here.connect(PeerId(1), 0);
        for now in 0..40 {
            let mut content = all[next(&mut seed) as usize % all.len()].clone();
            content.truncate(content.len() - 4);
            for _ in 0..=next(&mut seed) % 3 {
                let at = next(&mut seed) as usize % content.len();
                match next(&mut seed) % 4 {
                    0 => drop(content.remove(at)),
                    1 => content.insert(at, next(&mut seed) as u8),
                    2 => content.truncate(at.max(1)),
                    _ => content[at] = next(&mut seed) as u8,
                }
                content.resize(content.len().max(1), 1);
            }
            let before = here.with_replica(|it| (it.state_hash(), it.version().clone(), it.id()));
            if here.handle(PeerId(1), &closed(content), now).is_err() {
                refused += 1;
                let after =
                    here.with_replica(|it| (it.state_hash(), it.version().clone(), it.id()));
                assert_eq!(before, after);
            }
            std::iter::from_fn(|| here.poll(now)).for_each(drop);
        }
        here.connect(PeerId(2), 50);
        let good = replica(30).flush().unwrap();
        let bytes = Message::Changes(vec![good]).encode();
        here.handle(PeerId(2), &bytes, 50).unwrap();
        assert!(here.replica().version().get(id(30)) > Hlc::ZERO);
    }
    assert!(refused > 1_000, "{refused}");
}

#[test]
fn limits_hold_at_one_less_at_it_and_at_one_more() {
    let options = Options {
        message_bytes: 2_000,
        ..Options::default()
    };
    let mut here = Coordinator::new(replica(3)).with_options(options);
    here.connect(PeerId(1), 0);
    for (extra, fits) in [(0, true), (1, true), (2, false)] {
        // Format, two bytes of code, checksum.
        let bytes = Message::Application {
            code: 300,
            bytes: vec![0; 1_992 + extra],
        }
        .encode();
        assert_eq!(bytes.len(), 1_999 + extra);
        let result = here.handle(PeerId(1), &bytes, 0);
        assert_eq!(result.is_ok(), fits, "{result:?}");
    }
    let long = SyncError::TooLong {
        len: 2_001,
        max: 2_000,
    };
    assert!(long.to_string().contains("2001"));
    assert_eq!(
        here.send(PeerId(1), 99, Vec::new()),
        Err(SyncError::Code(99))
    );
    assert_eq!(
        here.send(PeerId(2), 100, Vec::new()),
        Err(SyncError::NotConnected(PeerId(2)))
    );
    let mut sent = 0;
    while here.send(PeerId(1), 100, vec![0; 1_900]).is_ok() {
        sent += 1;
        assert!(sent < 10_000, "what waits for a peer is not bounded");
    }
    assert!(here.statistics().choked > 0);
}

#[test]
fn proofs_verify_and_no_other_does() {
    let leaves = |changed: u32| {
        (0..500u32).map(move |key| (key.to_be_bytes(), [u8::from(key == changed); 3]))
    };
    let tree = MerkleTree::new(leaves(500));
    let other = MerkleTree::new(leaves(77));
    assert_eq!(tree.differing(&other), [77u32.to_be_bytes()]);
    for key in 0..600u32 {
        let path = key.to_be_bytes();
        let content = tree.content(&path);
        assert_eq!(content.is_some(), key < 500);
        let proof = tree.prove(&path);
        assert!(proof.verify(tree.root(), &path, content), "{key}");
        assert!(!proof.verify(tree.root(), &path, Some(&[9])), "{key}");
        assert!(!proof.verify(tree.root() ^ 1, &path, content), "{key}");
        assert!(
            !proof.verify(
                tree.root(),
                &path,
                content.map_or(Some(&[0; 3][..]), |_| None)
            ),
            "{key}"
        );
        assert!(!proof.verify(other.root(), &path, content), "{key}");
    }
}
