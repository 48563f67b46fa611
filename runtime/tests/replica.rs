//! The rules of `Replica`, one test each: chains, waiting, the clock guard, the log, snapshots, transactions.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Applied, Change, Clock, Delta, Error, Guard, Limit, LwwMap, LwwRegister, OrSet, PnCounter,
    Replica, ReplicaId, Snapshot, Synced, Value, Version,
};

#[derive(Debug, Synced)]
struct Player {
    #[synced(initial = 100)]
    health: LwwRegister<i64>,
    inventory: OrSet<String>,
    kills: PnCounter,
    notes: LwwMap<String, Value>,
}

const START: u64 = 1_700_000_000_000;
const DAY: u64 = 24 * 60 * 60_000;

fn replica<T: Synced>(id: u64, millis: u64) -> (Replica<T>, Clock) {
    let clock = Clock::manual(millis);
    (
        Replica::with_clock(ReplicaId::new(id).unwrap(), clock.clone()),
        clock,
    )
}

fn player(id: u64) -> Replica<Player> {
    replica(id, START).0
}

fn changes(delta: Delta) -> Vec<Change> {
    match delta {
        Delta::Changes(changes) => changes,
        Delta::Snapshot(_) => panic!("a snapshot where changes were expected"),
    }
}

#[test]
fn all_720_orders_of_six_changes_give_one_state() {
    let [mut a, mut b, mut c] = [1, 2, 3].map(player);
    a.edit(|p| {
        p.inventory.insert("sword");
        p.health.set(90);
    });
    let a1 = a.flush().unwrap();
    b.apply(a1.clone()).unwrap();
    b.edit(|p| p.inventory.remove("sword"));
    let b1 = b.flush().unwrap();
    c.edit(|p| {
        p.inventory.insert("sword");
        p.notes.set("k", 1);
    });
    let c1 = c.flush().unwrap();
    a.edit(|p| {
        p.kills.increment(5);
        p.notes.set("k", "two");
    });
    let a2 = a.flush().unwrap();
    c.apply(vec![a1.clone(), b1.clone()]).unwrap();
    c.edit(|p| p.notes.delete("k"));
    let c2 = c.flush().unwrap();
    b.apply(c1.clone()).unwrap();
    b.edit(|p| p.kills.decrement(2));
    let b2 = b.flush().unwrap();

    let all = [a1, a2, b1, b2, c1, c2];
    let mut hashes = std::collections::BTreeSet::new();
    let mut order: Vec<usize> = (0..6).collect();
    permute(&mut order, 0, &mut |order| {
        let mut fresh = player(9);
        for index in order {
            fresh
                .apply(vec![all[*index].clone(), all[*index].clone()])
                .unwrap();
        }
        assert_eq!(fresh.pending(), 0);
        hashes.insert((fresh.state_hash(), fresh.snapshot().encode()));
    });
    assert_eq!(hashes.len(), 1);
}

fn permute(order: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
    if from == order.len() {
        return visit(order);
    }
    for index in from..order.len() {
        order.swap(from, index);
        permute(order, from + 1, visit);
        order.swap(from, index);
    }
}

#[test]
fn a_thousand_changes_reversed_lose_nothing() {
    let (mut a, mut b) = (player(1), player(2));
    for _ in 0..1_000 {
        a.edit(|p| p.kills.increment(1));
        a.flush();
    }
    let mut all = changes(a.changes_since(&Version::new()));
    assert_eq!(all.len(), 1_000);
    all.reverse();
    let report = b.apply(all).unwrap();
    assert_eq!(
        (report.applied, b.pending(), b.state().kills.value()),
        (1_000, 0, 1_000)
    );
}

#[test]
fn the_buffer_of_waiting_changes_is_bounded_and_drops_the_furthest() {
    let (mut a, mut b) = (player(1), player(2));
    for _ in 0..4_100 {
        a.edit(|p| p.kills.increment(1));
        a.flush();
    }
    let all = changes(a.changes_since(&Version::new()));
    let report = b.apply(all[1..].to_vec()).unwrap();
    assert_eq!((b.pending(), report.dropped), (4_096, 3));
    b.apply(all[0].clone()).unwrap();
    assert_eq!(
        (b.pending(), b.state().kills.value()),
        (0, 4_097),
        "what was nearest is all there"
    );
    b.apply(a.changes_since(b.version())).unwrap();
    assert_eq!(b.state().kills.value(), 4_100);
}

#[test]
fn a_slow_clock_still_wins_over_what_it_has_seen() {
    let (mut fast, _) = replica::<Player>(1, START + 3_600_000);
    let (mut slow, _) = replica::<Player>(2, START);
    fast.edit(|p| p.health.set(1));
    slow.apply(fast.changes_since(slow.version())).unwrap();
    slow.edit(|p| p.health.set(2));
    fast.apply(slow.changes_since(fast.version())).unwrap();
    assert_eq!(
        (fast.state().health.get(), slow.state().health.get()),
        (&2, &2)
    );
}

#[test]
fn a_clock_a_year_ahead_is_held_back_and_drags_nobody() {
    let (mut future, _) = replica::<Player>(1, START + 365 * DAY);
    let (mut here, clock) = replica::<Player>(2, START);
    future.edit(|p| p.health.set(1));
    let report = here.apply(future.changes_since(&Version::new())).unwrap();
    assert_eq!(
        (report.held, here.held(), here.state().health.get()),
        (1, 1, &100)
    );
    here.edit(|p| p.health.set(2));
    let mine = here.flush().unwrap();
    assert_eq!(mine.time().millis(), START, "our clock did not move");

    clock.advance(364 * DAY);
    here.apply(Vec::new()).unwrap();
    assert_eq!(
        (here.held(), here.state().health.get()),
        (0, &1),
        "released when the time has come"
    );
}

#[test]
fn a_snapshot_from_the_future_is_held_as_a_whole() {
    let (mut future, _) = replica::<Player>(1, START + 365 * DAY);
    let (mut here, clock) = replica::<Player>(2, START);
    future.edit(|p| p.health.set(1));
    here.apply(future.snapshot()).unwrap();
    assert_eq!(
        (here.version().is_empty(), here.state().health.get()),
        (true, &100)
    );
    clock.advance(365 * DAY);
    here.apply(Vec::new()).unwrap();
    assert_eq!(here.state().health.get(), &1);
}

#[test]
fn skew_within_a_day_is_reported_and_works_unless_the_clock_is_trusted() {
    let (mut ahead, _) = replica::<Player>(1, START + 10 * 60_000);
    ahead.edit(|p| p.health.set(1));
    let delta = ahead.changes_since(&Version::new());
    let mut peer = player(2);
    let report = peer.apply(delta.clone()).unwrap();
    assert_eq!(
        (report.ahead, report.held, peer.state().health.get()),
        (1, 0, &1)
    );
    let mut server = player(3).with_guard(Guard::trusted());
    let report = server.apply(delta).unwrap();
    assert_eq!((report.held, server.state().health.get()), (1, &100));
}

#[test]
fn what_rests_on_a_held_change_waits_for_it() {
    let (mut future, _) = replica::<Player>(1, START + 2 * DAY);
    future.edit(|p| p.kills.increment(1));
    let first = future.flush().unwrap();
    future.edit(|p| p.kills.increment(1));
    let second = future.flush().unwrap();
    let (mut here, clock) = replica::<Player>(2, START);
    here.apply(vec![second, first]).unwrap();
    assert_eq!((here.held(), here.state().kills.value()), (2, 0));
    clock.advance(2 * DAY);
    here.apply(Vec::new()).unwrap();
    assert_eq!(
        (here.held(), here.pending(), here.state().kills.value()),
        (0, 0, 2)
    );
}

#[test]
fn who_is_behind_the_log_gets_a_snapshot_that_is_merged() {
    let mut a = player(1).with_log_limits(10, 1 << 20);
    let mut b = player(2);
    for index in 0..50 {
        a.edit(|p| p.notes.set(format!("key {index}"), index));
        a.flush();
    }
    b.edit(|p| p.notes.set("mine", true));
    let delta = a.changes_since(b.version());
    assert!(matches!(delta, Delta::Snapshot(_)));
    b.apply(delta).unwrap();
    assert_eq!(b.state().notes.len(), 51, "nothing of ours was lost");
    for index in 0..3 {
        a.edit(|p| p.notes.set("late", index));
        a.flush();
    }
    assert_eq!(
        changes(a.changes_since(b.version())).len(),
        3,
        "who has caught up gets changes again"
    );
}

#[test]
fn two_snapshots_taken_concurrently_lose_nothing_without_logs() {
    let (mut a, mut b) = (player(1), player(2));
    a.edit(|p| p.inventory.insert("shield"));
    b.apply(a.snapshot()).unwrap();
    a.edit(|p| {
        p.inventory.remove("shield");
        p.kills.increment(3);
    });
    b.edit(|p| {
        p.inventory.insert("bow");
        p.kills.increment(4);
    });
    let (from_a, from_b) = (a.snapshot(), b.snapshot());
    a.apply(from_b).unwrap();
    b.apply(from_a).unwrap();
    assert_eq!(a.state_hash(), b.state_hash());
    assert_eq!(
        (a.state().inventory.sorted(), a.state().kills.value()),
        (vec![&"bow".to_owned()], 7)
    );
}

#[test]
fn a_removed_element_does_not_return_from_a_stale_peer() {
    let (mut a, mut stale) = (player(1), player(2));
    a.edit(|p| p.inventory.insert("sword"));
    stale.apply(a.changes_since(stale.version())).unwrap();
    a.edit(|p| p.inventory.remove("sword"));
    a.flush();
    a.apply(stale.snapshot()).unwrap();
    assert!(a.state().inventory.is_empty(), "by merging an old state");
    a.apply(stale.changes_since(&Version::new())).unwrap();
    assert!(a.state().inventory.is_empty(), "by receiving an old change");
}

#[test]
fn an_edit_that_panics_leaves_no_trace() {
    let mut a = player(1);
    a.edit(|p| {
        p.inventory.insert("kept");
        p.health.set(50);
    });
    let before = format!("{:?}", a.state());
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        a.edit(|p| {
            p.health.set(1);
            p.health.set(2);
            p.inventory.remove("kept");
            p.inventory.insert("new");
            p.kills.increment(9);
            p.notes.set("k", Value::Null);
            p.inventory.clear();
            panic!("half way");
        });
    }));
    assert!(result.is_err());
    assert_eq!(format!("{:?}", a.state()), before);
    let change = a.flush().unwrap();
    let mut b = player(2);
    b.apply(change).unwrap();
    assert_eq!(format!("{:?}", b.state()), before);
}

#[test]
fn edits_join_one_change_and_superseded_writes_do_not_travel() {
    let mut a = player(1);
    for health in 0..1_000 {
        a.edit(|p| p.health.set(health));
    }
    let all = changes(a.changes_since(&Version::new()));
    assert_eq!(all.len(), 1);
    assert!(all[0].body().len() < 12, "{} bytes", all[0].body().len());
    assert!(changes(a.changes_since(&all_of(&a))).is_empty());
}

fn all_of(replica: &Replica<Player>) -> Version {
    replica.version().clone()
}

#[test]
fn an_edit_that_comes_to_nothing_is_no_change() {
    let mut a = player(1);
    assert_eq!(a.flush(), None);
    a.edit(|p| {
        p.inventory.insert("x");
        p.inventory.remove("x");
        p.kills.increment(0);
        p.notes.delete("absent");
    });
    assert_eq!(a.flush(), None);
    assert!(a.version().is_empty());
}

#[test]
fn limits_refuse_the_edit_and_keep_what_was_before() {
    let mut a = player(1);
    a.edit(|p| p.health.set(7));
    let refused = |a: &mut Replica<Player>, text: usize| -> Result<(), Error> {
        a.try_edit(|p| {
            p.notes.set("text", "x".repeat(text));
            Ok(())
        })
    };
    assert_eq!(
        refused(&mut a, Limit::MAX_BYTES),
        Err(Error::Limit(Limit::Bytes))
    );
    assert!(a.state().notes.is_empty());
    assert_eq!(refused(&mut a, Limit::MAX_BYTES - 1_000), Ok(()));
    let mut b = player(2);
    b.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!(
        (b.state().notes.len(), b.state().health.get()),
        (1, &7),
        "the largest edit arrives"
    );
}

#[test]
fn the_most_ops_and_the_deepest_value_arrive_and_one_more_is_refused() {
    let nested = |depth: usize| (0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner]));
    let insert = |count: usize| {
        move |p: &mut PlayerEdit<'_>| -> Result<(), Error> {
            (0..count).for_each(|index| p.notes.set("k", index as i64));
            p.notes.clear();
            for index in 0..count {
                p.inventory.insert(format!("{index:x}"));
            }
            Ok(())
        }
    };
    let mut a = player(1);
    let mut b = player(2);
    assert_eq!(a.try_edit(insert(20_000)), Ok(()));
    assert!(matches!(a.try_edit(insert(70_000)), Err(Error::Limit(_))));
    let deep = |p: &mut PlayerEdit<'_>, depth| -> Result<(), Error> {
        p.notes.set("deep", nested(depth));
        Ok(())
    };
    assert_eq!(a.try_edit(|p| deep(p, 64)), Ok(()));
    assert_eq!(a.try_edit(|p| deep(p, 65)), Err(Error::Limit(Limit::Depth)));
    let report = b.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!((report.unreadable, b.state().inventory.len()), (0, 20_000));
    assert_eq!(a.state_hash(), b.state_hash());
}

#[test]
fn a_counter_at_its_end_refuses_and_a_sum_beyond_it_saturates() {
    let (mut a, mut b) = (player(1), player(2));
    a.edit(|p| p.kills.increment(i64::MAX));
    let over = a.try_edit(|p| {
        p.kills.increment(1);
        Ok::<_, Error>(())
    });
    assert_eq!(over, Err(Error::Limit(Limit::Overflow)));
    b.edit(|p| p.kills.increment(5));
    a.apply(b.changes_since(a.version())).unwrap();
    assert_eq!(a.state().kills.value(), i64::MAX);
    b.edit(|p| p.kills.decrement(10));
    a.apply(b.changes_since(a.version())).unwrap();
    assert_eq!(
        a.state().kills.value(),
        i64::MAX - 5,
        "the sum itself was not cut off"
    );
}

#[test]
fn two_replicas_under_one_id_are_noticed() {
    let (mut one, mut here) = (player(1), player(2));
    let (mut twin, _) = replica::<Player>(1, START + 1);
    one.edit(|p| p.health.set(1));
    one.flush();
    one.edit(|p| p.health.set(2));
    here.apply(one.changes_since(&Version::new())).unwrap();
    twin.edit(|p| p.health.set(3));
    twin.flush();
    twin.edit(|p| p.health.set(4));
    twin.flush();
    twin.edit(|p| p.health.set(5));
    let report: Applied = here.apply(twin.changes_since(&Version::new())).unwrap();
    assert!(report.forked > 0, "{report:?}");
}

#[test]
fn a_body_that_cannot_be_read_counts_without_effect() {
    #[derive(Debug, Synced)]
    struct Other {
        health: LwwRegister<String>,
    }
    let (mut other, _) = replica::<OrSet<i64>>(1, START);
    other.edit(|set| set.insert(1));
    let mut here = player(2);
    let report = here.apply(other.changes_since(&Version::new())).unwrap();
    assert_eq!((report.applied, report.unreadable), (1, 1));
    let (mut other, _) = replica::<Other>(3, START);
    other.edit(|p| p.health.set("text"));
    let report = here.apply(other.changes_since(&Version::new())).unwrap();
    assert_eq!(
        (report.unreadable, here.state().health.get()),
        (0, &100),
        "another kind is another field"
    );
}

#[test]
fn snapshots_round_trip_and_every_prefix_is_an_error() {
    let mut a = player(1);
    a.edit(|p| {
        p.inventory.insert("sword");
        p.notes
            .set("k", Value::List(vec![Value::Float(-0.0), Value::Null]));
    });
    let snapshot = a.snapshot();
    let bytes = snapshot.encode();
    assert_eq!(Snapshot::decode(&bytes).unwrap(), snapshot);
    for end in 0..bytes.len() {
        assert!(
            Snapshot::decode(&bytes[..end]).is_err(),
            "prefix of {end} bytes"
        );
    }
}

#[derive(Debug, Synced)]
struct Inner {
    deep: LwwRegister<Option<Value>>,
    values: OrSet<Value>,
}

#[derive(Debug, Synced)]
struct Outer {
    inner: Inner,
    notes: LwwMap<String, Value>,
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner]))
}

#[test]
fn the_deepest_value_arrives_from_wherever_it_is_held() {
    let (mut a, _) = replica::<Outer>(1, START);
    a.edit(|o| {
        o.inner.deep.set(Some(nested(64)));
        o.inner.values.insert(nested(64));
        o.notes.set("k", nested(64));
    });
    let (mut b, _) = replica::<Outer>(2, START);
    let report = b.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!((report.unreadable, a.state_hash()), (0, b.state_hash()));
    let (mut c, _) = replica::<Outer>(3, START);
    c.apply(a.snapshot()).unwrap();
    assert_eq!(c.state_hash(), b.state_hash());
}

#[test]
fn a_value_that_is_too_deep_leaves_no_trace_anywhere() {
    let (mut a, _) = replica::<Outer>(1, START);
    for case in 0..3 {
        let result: Result<(), Error> = a.try_edit(|o| {
            match case {
                0 => o.inner.deep.set(Some(nested(70))),
                1 => assert!(!o.inner.values.insert(nested(70))),
                _ => o.notes.set("k", nested(70)),
            }
            Ok(())
        });
        assert_eq!(result, Err(Error::Limit(Limit::Depth)));
    }
    assert_eq!(a.flush(), None);
    assert!(a.state().inner.values.is_empty() && a.state().notes.is_empty());
}

#[test]
fn as_many_ops_as_a_change_may_hold_arrive_and_one_more_is_refused() {
    let (mut a, _) = replica::<OrSet<i64>>(1, START);
    let insert = |a: &mut Replica<OrSet<i64>>, count: i64| -> Result<(), Error> {
        a.try_edit(|set| {
            for value in 0..count {
                set.insert(value);
            }
            Ok(())
        })
    };
    let most = Limit::MAX_OPS as i64;
    assert_eq!(insert(&mut a, most + 1), Err(Error::Limit(Limit::Ops)));
    assert_eq!((a.state().len(), insert(&mut a, most)), (0, Ok(())));
    let (mut b, _) = replica::<OrSet<i64>>(2, START);
    let report = b.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!((report.unreadable, b.state().len()), (0, Limit::MAX_OPS));
}

#[test]
fn what_was_stored_is_restored_whatever_the_clock_says() {
    let mut a = player(1);
    a.edit(|p| p.health.set(7));
    let id = ReplicaId::new(2).unwrap();
    let lost_the_date = Clock::manual(0);
    let mut b = Replica::<Player>::from_snapshot(id, lost_the_date, a.snapshot()).unwrap();
    assert_eq!(b.state().health.get(), &7);
    b.edit(|p| p.health.set(8));
    a.apply(b.changes_since(a.version())).unwrap();
    assert_eq!(
        a.state().health.get(),
        &8,
        "and its next write comes after what it has seen"
    );
}

#[test]
fn an_id_is_used_by_one_replica_only() {
    let mut a = player(1);
    a.edit(|p| p.health.set(7));
    let used = Replica::<Player>::from_snapshot(a.id(), Clock::manual(START), a.snapshot());
    assert_eq!(used.unwrap_err(), Error::IdUsed(a.id()));
    let mut twin = player(1);
    assert_eq!(twin.apply(a.snapshot()), Err(Error::IdUsed(a.id())));
    assert!(twin.must_restamp());
    let report = twin.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!((report.applied, report.closed), (0, 1));
}

#[test]
fn a_snapshot_that_lacks_what_its_author_could_not_read_erases_nothing() {
    let mut a = player(1);
    a.edit(|p| p.kills.increment(5));
    // An older or a foreign peer that holds the changes without being able to read them.
    let (mut old, _) = replica::<OrSet<i64>>(2, START);
    let report = old.apply(a.changes_since(&Version::new())).unwrap();
    assert_eq!(report.unreadable, 1);
    let snapshot = old.snapshot();
    assert!(snapshot.is_incomplete());
    let (mut other, _) = replica::<OrSet<i64>>(3, START);
    other.edit(|set| set.insert(1));
    assert_eq!(other.apply(snapshot.clone()), Err(Error::Incomplete));
    let id = ReplicaId::new(4).unwrap();
    let mut again =
        Replica::<OrSet<i64>>::from_snapshot(id, Clock::manual(START), snapshot).unwrap();
    assert!(
        again.snapshot().is_incomplete(),
        "a restart does not make it whole"
    );
}

#[test]
fn one_author_that_floods_the_buffer_does_not_drown_the_others() {
    let (mut flood, mut a, mut b) = (player(1), player(2), player(3));
    for _ in 0..4_200 {
        flood.edit(|p| p.kills.increment(1));
        flood.flush();
    }
    b.apply(changes(flood.changes_since(&Version::new()))[1..].to_vec())
        .unwrap();
    a.edit(|p| p.kills.increment(1));
    let first = a.flush().unwrap();
    a.edit(|p| p.kills.increment(1));
    let second = a.flush().unwrap();
    b.apply(second).unwrap();
    b.apply(first).unwrap();
    assert_eq!(b.state().kills.value(), 2);
}
