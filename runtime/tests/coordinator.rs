//! Coordinators in virtual time: what is sent when, by which strategy, and what is done when something goes wrong.

#[path = "sync/net.rs"]
#[allow(dead_code)]
mod net;

use holo_runtime::sync::{Code, Strategy};
use holo_runtime::{LwwMap, LwwRegister, OrMap, OrSet, PnCounter, Synced, Text};
use net::Net;

const ALL: [Strategy; 3] = [Strategy::Full, Strategy::Delta, Strategy::Merkle];

#[derive(Debug, Synced)]
#[synced(rate = "20hz")]
struct Player {
    #[synced(initial = 100)]
    health: LwwRegister<i64>,
    score: PnCounter,
    inventory: OrSet<String>,
    notes: LwwMap<i64, String>,
    friends: OrMap<String, Friend>,
    bio: Text,
}

#[derive(Debug, Synced)]
struct Friend {
    since: LwwRegister<i64>,
    tags: OrSet<i64>,
}

#[test]
fn each_strategy_brings_edits_to_the_others_and_no_more_often_than_the_rate() {
    for strategy in ALL {
        let mut net = Net::<Player>::of(&[strategy; 3]);
        net.run(100);
        for round in 0..200i64 {
            let at = (round % 3) as usize;
            net.nodes[at].edit(|it| {
                it.health.set(round);
                it.score.increment(1);
                it.inventory.insert(format!("item {}", round % 7));
                it.notes.set(round % 5, "x");
                it.friends.entry("anna").since.set(round);
                it.friends.entry("ben").tags.insert(round % 4);
                let end = it.bio.len();
                it.bio.insert(end, "é!").unwrap();
                if round % 4 == 3 {
                    it.inventory.remove("item 2");
                    it.notes.delete(1);
                    it.friends.remove("ben");
                    it.bio.delete(0..1).unwrap();
                }
            });
            net.run(7);
        }
        net.run(2_000);
        net.agree();
        assert_eq!(net.nodes[0].state().score.value(), 200, "{strategy:?}");
        let stats = net.nodes[0].statistics();
        let kind = match strategy {
            Strategy::Full => Code::Snapshot,
            Strategy::Merkle => Code::Offer,
            _ => Code::Changes,
        };
        let sent = stats.sent[kind as usize];
        // 1.4 s of edits at 20 Hz, to two peers.
        assert!((10..=70).contains(&sent.messages), "{strategy:?} {sent:?}");
    }
}

#[test]
fn one_trace_ends_in_one_state_under_the_four_strategies_and_its_bytes_are_counted() {
    let mut outcomes = Vec::new();
    for strategy in [
        Strategy::Full,
        Strategy::Delta,
        Strategy::Merkle,
        Strategy::Optimistic,
    ] {
        let other = match strategy {
            Strategy::Optimistic => Strategy::Delta,
            same => same,
        };
        let mut net = Net::<Player>::of(&[strategy, other]);
        net.run(100);
        for round in 0..100 {
            net.nodes[0].edit(|it| it.notes.set(round, "a note of some length"));
            net.nodes[0].edit(|it| it.score.increment(round));
            net.nodes[0].with_replica(|replica| replica.flush());
            net.run(100);
        }
        net.run(1_000);
        net.agree();
        let stats = net.nodes[0].statistics();
        assert!(stats.total_received().bytes > 0);
        outcomes.push((net.hashes()[0], stats.total_sent().bytes));
    }
    assert!(outcomes.windows(2).all(|pair| pair[0].0 == pair[1].0));
    let [full, delta, merkle, optimistic] = [0, 1, 2, 3].map(|at: usize| outcomes[at].1);
    println!("full {full} B, delta {delta} B, Merkle {merkle} B, optimistic {optimistic} B");
    assert!(delta * 3 < full && optimistic * 3 < full && merkle < full);
}

#[test]
fn a_thousand_writes_a_second_are_twenty_messages_with_the_last_value() {
    for strategy in ALL {
        let mut net = Net::<Player>::of(&[strategy; 2]);
        net.run(1_000);
        let before = net.sent.len();
        let start = net.now;
        for second in 0..5 {
            for write in 0..1_000 {
                net.nodes[0].edit(|it| it.health.set(second * 1_000 + write));
                net.step();
            }
        }
        let of = |from: u64| {
            let sent = net.sent[before..].iter();
            // Statuses and acknowledgements go the other way, or once in five seconds.
            let within = |at: u64| (start + from * 1_000..start + (from + 1) * 1_000).contains(&at);
            sent.filter(|(at, node, ..)| *node == 0 && within(*at))
                .count()
        };
        if strategy == Strategy::Delta {
            for second in 0..5 {
                assert!((19..=22).contains(&of(second)), "{} messages", of(second));
            }
            let changes = net.nodes[0].statistics().sent[Code::Changes as usize].messages;
            assert!((99..=101).contains(&changes), "{changes}");
        }
        net.run(1_000);
        assert_eq!(*net.nodes[1].state().health.get(), 4_999);
        net.agree();
    }
}

#[test]
fn a_scripted_run_is_a_golden_list_of_events() {
    use holo_runtime::sync::{Event, PeerId};
    let mut net = Net::<Player>::of(&[Strategy::Delta; 2]);
    net.run(100);
    net.nodes[0].edit(|it| it.health.set(1));
    net.run(100);
    let now = net.now;
    net.nodes[1].send(PeerId(0), 100, vec![7]).unwrap();
    net.run(50);
    net.nodes[0].disconnect(PeerId(1));
    assert!(net.nodes[0].handle(PeerId(1), &[1, 2, 3], now).is_err());
    let (b, other) = (PeerId(1), net::id(2));
    assert_eq!(
        net.events(0),
        [
            Event::Connected(b),
            Event::Sent(b, Code::Status),
            Event::Met(b, other),
            Event::Sent(b, Code::Status),
            Event::Sent(b, Code::Changes),
            Event::Disconnected(b),
        ]
    );
    let a = PeerId(0);
    assert_eq!(
        net.events(1),
        [
            Event::Connected(a),
            Event::Sent(a, Code::Status),
            Event::Met(a, net::id(1)),
            Event::Sent(a, Code::Status),
            Event::Applied(a, 1),
            Event::Sent(a, Code::Ack),
            Event::Sent(a, Code::Application),
        ]
    );
}

#[test]
fn who_does_not_listen_loses_the_oldest_events_and_harms_nobody() {
    let mut net = Net::<Player>::of(&[Strategy::Delta; 2]);
    for round in 0..1_200 {
        net.nodes[0].edit(|it| it.health.set(round));
        net.run(51);
    }
    let stats = net.nodes[0].statistics();
    assert!(stats.events_lost > 100);
    assert_eq!(net.events(0).len(), 1_024);
    net.run(1_000);
    net.agree();
}

#[test]
fn three_of_a_hundred_thousand_keys_cost_few_bytes_between_coordinators() {
    let mut net = Net::<Player>::apart(&[Strategy::Merkle; 2]);
    net.nodes[0].edit(|it| {
        for key in 0..60_000 {
            it.notes.set(key, "x");
        }
    });
    net.nodes[0].edit(|it| {
        for key in 60_000..100_000 {
            it.notes.set(key, "x");
        }
    });
    let all = net.nodes[0].with_replica(|replica| replica.snapshot());
    net.nodes[1]
        .with_replica(|replica| replica.apply(all))
        .unwrap();
    net.nodes[0].edit(|it| {
        for key in [17, 40_000, 99_998] {
            it.notes.set(key, "y");
        }
    });
    net.connect(0, 1);
    net.run(1_000);
    net.agree();
    assert_eq!(net.nodes[1].state().notes.get(40_000).unwrap(), "y");
    let bytes: usize = net.sent.iter().map(|(.., bytes)| bytes).sum();
    println!("{bytes} B");
    assert!(bytes < 6_000, "{bytes} B");
}

#[test]
fn a_state_that_was_spoiled_is_noticed_and_mended() {
    for strategy in ALL {
        let mut net = Net::<LwwRegister<i64>>::of(&[strategy; 3]);
        net.run(100);
        net.nodes[0].edit(|it| it.set(5));
        net.run(500);
        net.agree();
        // A replica under another's id and time, with another value: one version, another state.
        let clock = net.clock.clone();
        let spoiled = |value: i64| {
            let mut author =
                holo_runtime::Replica::<LwwRegister<i64>>::with_clock(net::id(9), clock.clone());
            author.edit(|it| it.set(value));
            author.flush().unwrap()
        };
        let (good, bad) = (spoiled(7), spoiled(8));
        for (node, change) in [(0, &good), (1, &bad), (2, &good)] {
            net.nodes[node]
                .with_replica(|it| it.apply(change.clone()))
                .unwrap();
        }
        net.run(60_000);
        net.agree();
        let conflicts = net.nodes.iter().map(|node| node.statistics().conflicts);
        assert!(conflicts.sum::<u64>() > 0);
    }
}

#[test]
fn a_long_state_goes_in_parts() {
    let mut net = Net::<LwwMap<i64, String>>::of(&[Strategy::Full; 2]);
    net.run(100);
    for key in 0..3 {
        net.nodes[0].edit(|it| it.set(key, "long ".repeat(150_000)));
    }
    net.run(500);
    net.agree();
    let parts = net.nodes[0].statistics().sent[Code::Part as usize].messages;
    assert!(parts >= 3, "{parts}");
    assert!(net.sent.iter().all(|(.., bytes)| *bytes <= 1 << 20));
}

#[test]
fn nothing_is_sent_while_nothing_happens_but_heartbeats() {
    let mut net = Net::<Player>::of(&[Strategy::Delta, Strategy::Merkle]);
    net.nodes[0].edit(|it| it.health.set(3));
    net.run(3_000);
    let before = net.sent.len();
    net.run(50_000);
    assert_eq!(
        net.sent.len() - before,
        20,
        "one status each in five seconds"
    );
    let wakeup = net.nodes[0].next_wakeup().unwrap();
    assert!(wakeup > net.now + 1 && wakeup <= net.now + 5_000);
}
