//! Optimistic edits before an authority: shown at once, acknowledged or refused one by one, and applied once.

#[path = "sync/net.rs"]
#[allow(dead_code)]
mod net;

use holo_runtime::sync::{Code, Coordinator, Event, Message, Options, PeerId, Strategy};
use holo_runtime::{LwwMap, OrSet, PnCounter, Synced};
use net::{Net, coordinator};

#[derive(Debug, Synced)]
struct Shop {
    coins: PnCounter,
    bag: OrSet<String>,
    notes: LwwMap<i64, i64>,
}

const FORBIDDEN: u32 = 403;

/// An authority at 0 that takes nothing that is forged, and clients.
fn star(clients: usize) -> Net<Shop> {
    let mut strategies = vec![Strategy::Delta];
    strategies.extend(vec![Strategy::Optimistic; clients]);
    let mut net = Net::apart(&strategies);
    let options = Options::with(Strategy::Delta);
    let judge = |_: &_, after: &Shop| match after.bag.contains("forged") {
        true => Err(FORBIDDEN),
        false => Ok(()),
    };
    net.nodes[0] = coordinator(1, &net.clock, options).with_judge(judge);
    for client in 1..=clients {
        net.connect(0, client);
    }
    net.run(50);
    net
}

/// A change of its own.
fn edit(net: &mut Net<Shop>, at: usize, item: &str) {
    net.nodes[at].edit(|shop| {
        shop.bag.insert(item);
        shop.coins.increment(10);
    });
    net.nodes[at].with_replica(|replica| replica.flush());
}

fn acknowledged(events: &[Event]) -> usize {
    let durable = |event: &&Event| matches!(event, Event::Acknowledged { durable: true, .. });
    events.iter().filter(durable).count()
}

#[test]
fn an_edit_shows_at_once_and_is_acknowledged() {
    let mut net = star(2);
    edit(&mut net, 1, "rope");
    assert!(net.nodes[1].state().bag.contains("rope"));
    assert_eq!(net.nodes[1].statistics().unacknowledged, 1);
    net.run(500);
    assert_eq!(net.nodes[1].statistics().unacknowledged, 0);
    assert_eq!(acknowledged(&net.events(1)), 1);
    assert!(net.nodes[2].state().bag.contains("rope"));
    net.agree();
}

#[test]
fn of_three_pending_edits_one_is_refused_and_the_other_two_keep_their_effect() {
    for bad in 0..3 {
        let mut net = star(2);
        let before = net.nodes[1].replica().id();
        for number in 0..3 {
            let item = ["forged", ["rope", "lamp", "book"][number]][usize::from(number != bad)];
            edit(&mut net, 1, item);
        }
        assert_eq!(net.nodes[1].state().coins.value(), 30);
        net.run(3_000);
        let events = net.events(1);
        let rejected = events.iter().filter(|event| {
            matches!(event, Event::Rejected { replica, reason: FORBIDDEN, .. } if *replica == before)
        });
        assert_eq!(rejected.count(), 1, "{events:?}");
        for node in &net.nodes {
            let state = node.state();
            assert_eq!(
                (state.bag.len(), state.coins.value()),
                (2, 20),
                "{bad} {state:?}"
            );
            assert!(!state.bag.contains("forged"));
        }
        assert_ne!(net.nodes[1].replica().id(), before);
        assert_eq!(net.nodes[1].statistics().unacknowledged, 0);
        net.agree();
        // The chain under the fresh id goes on.
        edit(&mut net, 1, "key");
        net.run(500);
        assert!(net.nodes[2].state().bag.contains("key"));
        net.agree();
    }
}

#[test]
fn a_retry_after_a_lost_acknowledgement_is_applied_once() {
    let mut net = star(1);
    net.lose = Box::new(|from, _, _| from == 0);
    edit(&mut net, 1, "rope");
    net.run(3_000);
    let submitted = net.nodes[1].statistics().sent[Code::Submit as usize].messages;
    assert!(submitted >= 3, "{submitted}");
    assert_eq!(net.nodes[1].statistics().unacknowledged, 1);
    net.lose = Box::new(|_, _, _| false);
    net.run(9_000);
    assert_eq!(net.nodes[0].state().coins.value(), 10);
    assert_eq!(net.nodes[1].state().coins.value(), 10);
    assert_eq!(net.nodes[1].statistics().unacknowledged, 0);
    net.agree();
}

#[test]
fn a_lost_refusal_is_said_again() {
    let mut net = star(1);
    let mut lost = 0;
    net.lose = Box::new(move |from, _, bytes| {
        let refusal = matches!(Message::decode(bytes), Ok(Message::Reject(_)));
        lost += usize::from(from == 0 && refusal);
        from == 0 && refusal && lost <= 2
    });
    edit(&mut net, 1, "rope");
    edit(&mut net, 1, "forged");
    net.run(9_000);
    assert_eq!(net.nodes[1].state().coins.value(), 10);
    net.agree();
}

#[test]
fn a_snapshot_drops_no_pending_edits() {
    let mut net = star(2);
    net.lose = Box::new(|from, to, _| (from, to) == (1, 0));
    edit(&mut net, 1, "rope");
    edit(&mut net, 1, "lamp");
    // The authority forgets its log, so that the client gets a snapshot.
    for number in 0..20 {
        net.nodes[2].edit(|shop| shop.notes.set(number, number));
        net.run(60);
    }
    let snapshot = net.nodes[0].with_replica(|replica| replica.snapshot());
    let bytes = Message::Snapshot(snapshot).encode();
    let now = net.now;
    net.nodes[1].handle(PeerId(0), &bytes, now).unwrap();
    assert_eq!(net.nodes[1].state().coins.value(), 20);
    assert_eq!(net.nodes[1].statistics().unacknowledged, 2);
    net.lose = Box::new(|_, _, _| false);
    net.run(20_000);
    assert_eq!(net.nodes[0].state().coins.value(), 20);
    net.agree();
}

#[test]
fn two_clients_under_one_id_are_told_apart() {
    let mut net = star(2);
    let options = Options::with(Strategy::Optimistic);
    net.nodes[2] = coordinator(2, &net.clock, options).with_ids(|| net::id(77));
    net.connect(0, 2);
    edit(&mut net, 1, "rope");
    edit(&mut net, 2, "lamp");
    net.run(15_000);
    for node in &net.nodes {
        assert_eq!(
            (node.state().bag.len(), node.state().coins.value()),
            (2, 20)
        );
    }
    net.agree();
}

#[test]
fn a_client_that_moves_to_another_server_has_one_authority() {
    let mut net = Net::<Shop>::apart(&[Strategy::Delta, Strategy::Delta, Strategy::Optimistic]);
    net.connect(0, 1);
    net.connect(0, 2);
    net.connect(1, 2);
    let peers: Vec<PeerId> = net.nodes[2].peers().collect();
    assert_eq!(peers, [PeerId(1)]);
    edit(&mut net, 2, "rope");
    net.run(10_000);
    assert!(net.nodes[0].state().bag.contains("rope"));
}

/// A coordinator can be handed to a thread.
#[test]
fn it_is_send_and_sync() {
    fn check<T: Send + Sync>() {}
    check::<Coordinator<Shop>>();
}
