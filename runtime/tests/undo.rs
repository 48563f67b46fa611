//! Undo and redo: own writes are taken back where they are still in force, by edits like any other.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::history::{Grouping, UndoLimits};
use holo_runtime::{
    Clock, GCounter, GSet, JsonDoc, LwwMap, LwwRegister, MvRegister, OrMap, OrSet, PnCounter,
    Replica, ReplicaId, Sequence, Synced, Text, TwoPSet, path,
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
    #[synced(initial = [1, 2, 3])]
    list: Sequence<i64>,
    text: Text,
    doc: JsonDoc,
}

#[derive(Synced, Debug, Clone)]
struct Player {
    #[synced(initial = 10)]
    health: LwwRegister<i64>,
    kills: PnCounter,
    bag: OrSet<String>,
    friends: OrMap<String, LwwRegister<i64>>,
    quests: Sequence<String>,
    note: Text,
    about: JsonDoc,
}

fn id(number: u64) -> ReplicaId {
    ReplicaId::new(number).unwrap_or_else(|| panic!("0 is no id"))
}

fn replica(number: u64) -> Replica<World> {
    Replica::with_clock(id(number), Clock::manual(1_000)).with_undo(UndoLimits::default())
}

fn sync(a: &mut Replica<World>, b: &mut Replica<World>) {
    let delta = a.changes_since(b.version());
    assert!(b.apply(delta).is_ok());
    let delta = b.changes_since(a.version());
    assert!(a.apply(delta).is_ok());
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
        |w| {
            w.tags.insert("a");
        },
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
        |w| {
            w.keys.delete("x");
        },
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
        |w| {
            w.players.remove("anna");
        },
        |w| {
            w.players.insert("anna");
        },
        |w| {
            w.players.entry("anna").health.set(9);
            w.players.remove("anna");
            w.players.entry("anna").health.set(1);
            w.counts.entry("n").increment(4);
        },
        |w| w.counts.entry("n").decrement(3),
        |w| w.list.push(4),
        |w| {
            w.list.set(0, 10).unwrap();
            w.list.set(3, 40).unwrap();
        },
        |w| w.list.move_item(0, 2).unwrap(),
        |w| {
            w.list.delete_range(1..3).unwrap();
            w.list.insert(1, 7).unwrap();
        },
        |w| w.list.move_item(1, 0).unwrap(),
        |w| w.list.clear(),
        |w| w.list.extend([5, 6, 7]),
        |w| {
            w.list.set(1, 60).unwrap();
            w.list.move_item(1, 2).unwrap();
            w.list.delete(2).unwrap();
        },
        |w| w.text.push("Hello"),
        |w| w.text.insert(5, " world").unwrap(),
        |w| w.text.replace(0..5, "Good bye, cruel").unwrap(),
        |w| w.text.delete(8..15).unwrap(),
        |w| w.text.clear(),
        |w| {
            let mut eve = w.players.entry("eve");
            eve.note.push("dead");
            eve.quests.extend(["a", "b"]);
            eve.quests.set(0, "c").unwrap();
        },
        |w| w.players.entry("eve").quests.set(1, "d").unwrap(),
        |w| w.players.entry("eve").about.set("a.b", 1),
        |w| w.players.entry("eve").about.set("a.b", 2),
        |w| w.doc.set("lamp.color", "red"),
        |w| w.doc.set("lamp.color", "blue"),
        |w| w.doc.set("lamp", 3),
        |w| {
            w.doc.push("rooms", "hall");
            w.doc.push("rooms", "attic");
        },
        |w| w.doc.set(path!["rooms", 0], "cellar"),
        |w| w.doc.move_item("rooms", 0, 1),
        |w| {
            w.doc.delete(path!["rooms", 0]);
        },
        |w| w.doc.set(path!["rooms", 0, "door"], true),
        |w| {
            w.doc.delete("rooms");
            w.doc.set("rooms", 1);
        },
        |w| w.doc.clear(),
        |w| w.doc.set("x", 1),
        |w| {
            w.counts.clear();
            w.players.clear();
        },
    ];
    for sealed in [false, true] {
        for edit in &edits {
            a.edit(edit);
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

#[test]
fn what_others_wrote_since_stays() {
    let (mut a, mut b) = (replica(1), replica(2));
    a.edit(|w| {
        w.color.set("red");
        w.keys.set("x", 1);
        w.title.set("Dune");
        w.score.increment(5);
        w.players.entry("anna").health.set(3);
    });
    sync(&mut a, &mut b);
    a.edit(|w| {
        w.color.set("blue");
        w.keys.set("x", 2);
        w.keys.set("y", 2);
        w.title.set("Arrakis");
        w.score.increment(7);
        w.tags.insert("t");
        w.tags.insert("u");
        w.players.entry("anna").health.set(4);
        w.players.entry("ben").health.set(4);
    });
    sync(&mut a, &mut b);
    b.edit(|w| {
        w.color.set("green");
        w.keys.delete("x");
        w.title.set("Caladan");
        w.score.decrement(1);
        w.tags.insert("t");
        w.players.entry("anna").health.set(5);
        w.players.entry("ben").kills.increment(1);
    });
    sync(&mut a, &mut b);
    assert!(a.undo());
    let state = a.state();
    assert_eq!(state.color.get(), "green");
    assert_eq!(state.keys.get("x"), None, "deleted by another");
    assert_eq!(state.keys.get("y"), None, "written by nobody else");
    assert_eq!(state.title.values(), ["Caladan"]);
    assert_eq!(state.score.value(), 104, "the own amount alone");
    assert!(state.tags.contains("t") && !state.tags.contains("u"));
    assert_eq!(state.players.get("anna").unwrap().health.get(), &5);
    let ben = state.players.get("ben").unwrap();
    assert_eq!((ben.health.get(), ben.kills.value()), (&10, 1));
    sync(&mut a, &mut b);
    assert!(a.redo());
    let state = a.state();
    assert_eq!(state.color.get(), "green");
    assert_eq!(state.keys.get("y"), Some(&2));
    assert_eq!(state.score.value(), 111);
    let ben = state.players.get("ben").unwrap();
    assert_eq!((ben.health.get(), ben.kills.value()), (&4, 1));
    sync(&mut a, &mut b);
    // The first step has nothing of the color left, and its other parts still have.
    assert!(a.undo() && a.undo());
    assert_eq!(
        (a.state().color.get().as_str(), a.state().score.value()),
        ("green", 99)
    );
    assert!(!a.undo());
    sync(&mut a, &mut b);
}

#[test]
fn a_step_that_others_have_overwritten_is_passed_over() {
    let (mut a, mut b) = (replica(1), replica(2));
    a.edit(|w| w.color.set("red"));
    a.edit(|w| w.keys.set("x", 1));
    sync(&mut a, &mut b);
    b.edit(|w| w.keys.set("x", 2));
    sync(&mut a, &mut b);
    assert_eq!(a.undo_depth(), 2);
    assert!(a.undo(), "the color is left");
    assert_eq!(
        (
            a.state().color.get().as_str(),
            a.undo_depth(),
            a.redo_depth()
        ),
        ("", 0, 1)
    );
    assert!(!a.undo());
    let before = a.snapshot().encode();
    assert!(!a.undo() && a.flush().is_none(), "nothing happens");
    assert_eq!(before, a.snapshot().encode());
}

#[test]
fn a_removed_entry_comes_back_beside_what_others_put_in_and_amounts_count_once() {
    let (mut a, mut b) = (replica(1), replica(2));
    a.edit(|w| {
        let mut anna = w.players.entry("anna");
        anna.kills.increment(3);
        anna.health.set(1);
        anna.bag.insert("sword");
    });
    sync(&mut a, &mut b);
    b.edit(|w| w.players.entry("anna").kills.increment(4));
    sync(&mut a, &mut b);
    a.edit(|w| w.players.remove("anna"));
    b.edit(|w| {
        w.players.entry("anna").kills.increment(2);
        w.players.entry("anna").health.set(6);
    });
    sync(&mut a, &mut b);
    assert!(a.undo());
    let anna = a.state().players.get("anna").unwrap();
    assert_eq!((anna.kills.value(), anna.health.get()), (9, &6));
    assert!(anna.bag.contains("sword"));
    sync(&mut a, &mut b);
    assert!(a.redo());
    let anna = a.state().players.get("anna").unwrap();
    assert_eq!((anna.kills.value(), anna.health.get()), (6, &6));
    sync(&mut a, &mut b);
}

#[test]
fn sixty_ticks_between_checkpoints_are_one_step_and_one_change() {
    let mut a = replica(1);
    a.edit(|w| w.color.set("red"));
    a.group_undo(Grouping::Checkpoint);
    a.checkpoint();
    for tick in 0..60 {
        a.edit(|w| {
            w.players.entry("cube").health.set(tick);
            w.score.increment(1);
        });
    }
    assert!(a.checkpoint().is_some() && a.checkpoint().is_none());
    assert_eq!(a.undo_depth(), 2);
    let holo_runtime::Delta::Changes(changes) = a.changes_since(&Default::default()) else {
        panic!("a snapshot");
    };
    assert_eq!(changes.len(), 2);
    assert!(a.undo());
    assert_eq!((a.state().players.len(), a.state().score.value()), (0, 100));
    assert_eq!(a.state().color.get(), "red");
    // Without a checkpoint an undo ends the step.
    a.edit(|w| w.color.set("green"));
    a.edit(|w| w.color.set("blue"));
    assert!(!a.can_redo(), "an edit ends what can be done again");
    assert!(a.undo());
    assert_eq!(a.state().color.get(), "red");
}

#[test]
fn a_group_keeps_what_came_from_others_in_its_midst() {
    let (mut a, mut b) = (replica(1), replica(2));
    a.group_undo(Grouping::Checkpoint);
    a.edit(|w| w.color.set("red"));
    sync(&mut a, &mut b);
    b.edit(|w| w.color.set("theirs"));
    sync(&mut a, &mut b);
    a.edit(|w| w.color.set("blue"));
    assert!(a.undo());
    assert_eq!(a.state().color.get(), "theirs");
    assert!(a.redo());
    assert_eq!(a.state().color.get(), "blue");
}

#[test]
fn what_is_remembered_is_bounded() {
    let limits = UndoLimits {
        steps: 3,
        bytes: 2_000,
        ..UndoLimits::default()
    };
    let mut a = replica(1).with_undo(limits);
    for number in 0..10 {
        a.edit(|w| w.keys.set("k", number));
    }
    assert_eq!(a.undo_depth(), 3);
    assert!(a.undo() && a.undo() && a.undo() && !a.undo());
    assert_eq!(a.state().keys.get("k"), Some(&6));
    a.edit(|w| w.color.set("x".repeat(900)));
    a.edit(|w| w.color.set("y".repeat(900)));
    a.edit(|w| w.color.set("z".repeat(900)));
    a.edit(|w| w.color.set("w"));
    assert!(a.undo_depth() < 3, "three values of 900 bytes do not fit");
    assert!(a.undo() && a.redo());
    a.edit(|w| {
        for number in 0..100 {
            w.keys.set(number.to_string(), number);
        }
    });
    assert_eq!(
        a.undo_depth(),
        0,
        "one step beyond the bound, and what came before it"
    );
    a.edit(|w| w.color.set("v"));
    assert!(a.undo());
    assert_eq!(a.state().color.get(), "w");
}

#[test]
fn what_failed_and_what_only_grows_makes_no_step() {
    let mut a = replica(1);
    let failed: Result<(), holo_runtime::Error> = a.try_edit(|w| {
        w.color.set("red");
        Err(holo_runtime::Error::ClockExhausted)
    });
    assert!(failed.is_err() && !a.can_undo());
    a.edit(|w| {
        w.visits.increment(1);
        w.seen.insert("x");
        w.once.insert("x");
        w.once.remove("x");
        w.tags.remove("nothing");
    });
    assert!(!a.can_undo() && !a.undo());
    a.edit(|w| w.color.set("red"));
    a.clear_history();
    assert!(!a.undo());
    assert_eq!(a.state().color.get(), "red");
}

#[test]
fn undo_goes_on_under_a_fresh_id() {
    let (mut a, mut b) = (replica(1), replica(2));
    a.edit(|w| w.color.set("red"));
    sync(&mut a, &mut b);
    a.edit(|w| {
        w.color.set("blue");
        w.keys.set("x", 1);
        w.players.entry("anna").health.set(1);
    });
    a.edit(|w| w.keys.set("x", 2));
    b.edit(|w| w.players.entry("anna").kills.increment(1));
    a.restamp(id(7), b.snapshot()).unwrap();
    assert_eq!(a.state().keys.get("x"), Some(&2));
    assert!(a.undo());
    assert_eq!(a.state().keys.get("x"), Some(&1));
    assert!(a.undo());
    assert_eq!(
        (a.state().color.get().as_str(), a.state().keys.len()),
        ("red", 0)
    );
    let anna = a.state().players.get("anna").unwrap();
    assert_eq!((anna.health.get(), anna.kills.value()), (&10, 1));
    assert!(a.undo());
    assert_eq!(a.state().color.get(), "");
    sync(&mut a, &mut b);
}
