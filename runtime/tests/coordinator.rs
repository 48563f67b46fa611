//! Coordinators in virtual time: what is sent when, by which strategy, and what is done when something goes wrong.

#[path = "sync/net.rs"]
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
                    it.notes.delete(&1);
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
