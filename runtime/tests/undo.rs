//! Undo and redo: own writes are taken back where they are still in force, by edits like any other.

use holo_runtime::history::{Grouping, UndoLimits};
use holo_runtime::{
    Clock, GCounter, GSet, Hlc, LwwMap, LwwRegister, MvRegister, OrMap, OrSet, PnCounter, Replica,
    ReplicaId, Synced, TwoPSet,
};

#[derive(Synced, Debug, Clone)]
struct World {
    color: LwwRegister<String>,
    title: MvRegister<String>,
    #[synced(initial = 100)]
    score: PnCounter,
    visits: GCounter,
    tags: OrSet<String>,
    seen: GSet<String>,
    once: TwoPSet<String>,
    keys: LwwMap<String, i64>,
    players: OrMap<String, Player>,
    counts: OrMap<String, PnCounter>,
}

#[derive(Synced, Debug, Clone)]
struct Player {
    #[synced(initial = 10)]
    health: LwwRegister<i64>,
    kills: PnCounter,
    bag: OrSet<String>,
    friends: OrMap<String, LwwRegister<i64>>,
}

fn id(number: u64) -> ReplicaId {
    ReplicaId::new(number).unwrap()
}

fn replica(number: u64) -> Replica<World> {
    Replica::with_clock(id(number), Clock::manual(1_000)).with_undo(UndoLimits::default())
}

fn sync(a: &mut Replica<World>, b: &mut Replica<World>) {
    let delta = a.changes_since(b.version());
    b.apply(delta).unwrap();
    let delta = b.changes_since(a.version());
    a.apply(delta).unwrap();
    assert_eq!(a.state_hash(), b.state_hash());
    assert_eq!(a.snapshot().encode(), b.snapshot().encode());
}

fn shown(replica: &Replica<World>) -> String {
    format!("{:?}", replica.state())
}

#[test]
fn steps_go_back_and_forth_in_order() {
    let (mut a, mut b) = (replica(1), replica(2));
    let mut states = vec![shown(&a)];
    let edits: Vec<fn(&mut <World as Synced>::Edit<'_>)> = vec![
        |w| w.color.set("red"),
        |w| w.color.set("blue"),
        |w| {
            w.color.set("green");
            w.score.increment(5);
        },
        |w| w.score.decrement(20),
        |w| drop(w.tags.insert("a")),
        |w| {
            w.tags.insert("b");
            w.tags.remove("a");
        },
        |w| {
            w.tags.clear();
            w.tags.insert("b");
            w.tags.remove("b");
            w.tags.insert("c");
        },
        |w| w.keys.set("x", 1),
        |w| {
            w.keys.set("x", 2);
            w.keys.set("y", 2);
        },
        |w| drop(w.keys.delete("x")),
        |w| w.keys.clear(),
        |w| w.title.set("Dune"),
        |w| w.title.set("Arrakis"),
        |w| w.players.entry("anna").health.set(7),
        |w| w.players.entry("anna").health.set(8),
        |w| {
            w.players.entry("anna").kills.increment(3);
            w.players.entry("anna").bag.insert("sword");
            w.players.entry("anna").friends.entry("bob").set(1);
        },
        |w| drop(w.players.remove("anna")),
        |w| drop(w.players.insert("anna")),
        |w| {
            w.players.entry("anna").health.set(9);
            w.players.remove("anna");
            w.players.entry("anna").health.set(1);
            w.counts.entry("n").increment(4);
        },
        |w| w.counts.entry("n").decrement(3),
        |w| {
            w.counts.clear();
            w.players.clear();
        },
    ];
    for sealed in [false, true] {
        for edit in &edits {
            a.edit(|world| edit(world));
            if sealed {
                a.flush();
            }
            states.push(shown(&a));
        }
        for round in 0..3 {
            for (index, state) in states.iter().enumerate().rev().skip(1) {
                assert!(a.undo(), "nothing to undo at {index}");
                assert_eq!(shown(&a), *state, "undo {index}, round {round}");
                if round == 2 {
                    sync(&mut a, &mut b);
                }
            }
            assert!(!a.can_undo() && !a.undo());
            for (index, state) in states.iter().enumerate().skip(1) {
                assert!(a.redo(), "nothing to redo at {index}");
                assert_eq!(shown(&a), *state, "redo {index}, round {round}");
                if round == 1 {
                    sync(&mut a, &mut b);
                }
            }
            assert!(!a.can_redo() && !a.redo());
        }
        while a.undo() {}
        a.clear_history();
        states.truncate(1);
        assert_eq!(shown(&a), states[0]);
        sync(&mut a, &mut b);
    }
}
