//! Captures and going back to them; the state at earlier versions.

use holo_runtime::history::{CaptureLimits, SnapshotManager, Timeline, TimelineLimits, UndoLimits};
use holo_runtime::{
    Clock, Error, GCounter, GSet, LwwMap, LwwRegister, MvRegister, OrMap, OrSet, PnCounter,
    Replica, ReplicaId, Synced, TwoPSet, Version,
};

#[derive(Synced, Debug)]
struct World {
    #[synced(initial = 100)]
    health: LwwRegister<i64>,
    title: MvRegister<String>,
    score: PnCounter,
    visits: GCounter,
    #[synced(initial = ["torch"])]
    tags: OrSet<String>,
    seen: GSet<String>,
    once: TwoPSet<String>,
    keys: LwwMap<String, i64>,
    players: OrMap<String, Player>,
}

#[derive(Synced, Debug)]
struct Player {
    health: LwwRegister<i64>,
    kills: PnCounter,
    bag: OrSet<String>,
}

fn replica(number: u64) -> Replica<World> {
    let id = ReplicaId::new(number).unwrap_or_else(|| panic!("0 is no id"));
    Replica::with_clock(id, Clock::manual(1_000)).with_undo(UndoLimits::default())
}

fn sync(a: &mut Replica<World>, b: &mut Replica<World>) {
    let delta = a.changes_since(b.version());
    assert!(b.apply(delta).is_ok());
    let delta = b.changes_since(a.version());
    assert!(a.apply(delta).is_ok());
    assert_eq!(a.state_hash(), b.state_hash());
    assert_eq!(a.snapshot().encode(), b.snapshot().encode());
}

fn begin(w: &mut <World as Synced>::Edit<'_>) {
    w.health.set(90);
    w.title.set("Dune");
    w.score.increment(5);
    w.visits.increment(1);
    w.tags.insert("sword");
    w.seen.insert("a");
    w.once.insert("a");
    w.keys.set("x", 1);
    w.keys.set("y", 1);
    w.players.entry("anna").health.set(7);
    w.players.entry("anna").kills.increment(2);
    w.players.entry("ben").bag.insert("bow");
}

fn battle(w: &mut <World as Synced>::Edit<'_>) {
    w.health.set(3);
    w.title.set("Arrakis");
    w.score.increment(10);
    w.visits.increment(1);
    w.tags.clear();
    w.tags.insert("wound");
    w.seen.insert("b");
    w.once.remove("a");
    w.keys.set("x", 2);
    w.keys.delete("y");
    w.keys.set("z", 3);
    w.players.remove("anna");
    w.players.entry("ben").bag.clear();
    w.players.entry("eve").kills.increment(1);
}

#[test]
fn going_back_writes_the_difference_and_neither_doubles_nor_rewinds() {
    let (mut a, mut b) = (replica(1), replica(2));
    let mut snapshots = SnapshotManager::default();
    a.edit(begin);
    sync(&mut a, &mut b);
    let id = snapshots.capture("before-battle", &mut a).unwrap();
    assert!(!snapshots.restore(id, &mut a).unwrap(), "nothing differs");
    assert!(a.flush().is_none());
    b.edit(battle);
    sync(&mut a, &mut b);
    let before = a.version().clone();
    assert!(snapshots.restore(id, &mut a).unwrap());
    sync(&mut a, &mut b);
    let state = b.state();
    assert_eq!(
        (state.health.get(), state.title.get().as_str()),
        (&90, "Dune")
    );
    assert_eq!(state.tags.sorted(), ["sword", "torch"]);
    assert_eq!(
        state.keys.sorted(),
        [(&"x".to_owned(), &1), (&"y".to_owned(), &1)]
    );
    let names: Vec<_> = state
        .players
        .sorted()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["ben", "anna"]);
    let anna = state.players.get("anna").unwrap();
    assert_eq!(
        (anna.health.get(), anna.kills.value()),
        (&7, 2),
        "the entry comes back as it was"
    );
    assert!(state.players.get("ben").unwrap().bag.contains("bow"));
    // What adds up or only grows stays.
    assert_eq!((state.score.value(), state.visits.value()), (15, 2));
    assert_eq!((state.seen.len(), state.once.len()), (2, 0));
    assert!(a.version().covers_all(&before) && a.version() != &before);
    assert!(!snapshots.restore(id, &mut a).unwrap(), "once");
    // It is one step.
    assert!(a.undo());
    assert_eq!(a.state().health.get(), &3);
    assert_eq!(a.state().tags.sorted(), ["wound"]);
    assert_eq!(a.state().players.len(), 2);
    sync(&mut a, &mut b);
    assert!(a.redo());
    assert_eq!(a.state().health.get(), &90);
    sync(&mut a, &mut b);
}

#[test]
fn going_back_merges_with_what_is_under_way() {
    let (mut a, mut b) = (replica(1), replica(2));
    a.edit(begin);
    sync(&mut a, &mut b);
    let then = a.snapshot();
    a.edit(battle);
    b.edit(|w| {
        w.score.increment(100);
        w.tags.insert("shield");
    });
    a.return_to(&then).unwrap();
    sync(&mut a, &mut b);
    assert_eq!(a.state().score.value(), 115);
    assert_eq!(a.state().tags.sorted(), ["sword", "torch", "shield"]);
}

#[test]
fn captures_are_named_listed_bounded_and_forgotten() {
    let mut a = replica(1);
    let limits = CaptureLimits {
        captures: 2,
        bytes: 100_000,
    };
    let mut snapshots = SnapshotManager::new(limits);
    let first = snapshots.capture("one", &mut a).unwrap();
    a.edit(|w| w.health.set(1));
    let second = snapshots.capture("two", &mut a).unwrap();
    assert_eq!(
        snapshots.capture("three", &mut a),
        Err(Error::CapturesFull { held: 2 })
    );
    a.edit(|w| w.health.set(2));
    let again = snapshots.capture("two", &mut a).unwrap();
    assert_ne!(second, again);
    assert_eq!(snapshots.restore(second, &mut a), Err(Error::NoCapture));
    let names: Vec<_> = snapshots.iter().map(|capture| capture.name()).collect();
    assert_eq!(
        (names, snapshots.find("two")),
        (vec!["one", "two"], Some(again))
    );
    assert!(snapshots.forget(first) && !snapshots.forget(first));
    a.edit(|w| w.title.set("x".repeat(200_000)));
    let large = snapshots.capture("three", &mut a);
    assert!(
        matches!(large, Err(Error::CaptureTooLarge { .. })),
        "{large:?}"
    );
    assert!(snapshots.restore(again, &mut a).unwrap());
    assert_eq!(a.state().title.get(), "");
}

#[test]
fn a_capture_that_does_not_fit_one_change_changes_nothing() {
    let mut a = replica(1);
    let large = "x".repeat(300 << 10);
    for part in 0..5 {
        a.edit(|w| w.keys.set(format!("{part}{large}"), 1));
        a.flush();
    }
    let then = a.snapshot();
    for _ in 0..5 {
        a.edit(|w| {
            let key = w.keys.sorted()[0].0.clone();
            w.keys.delete(key);
        });
        a.flush();
    }
    let before = a.snapshot().encode();
    assert!(matches!(a.return_to(&then), Err(Error::Limit(_))));
    assert_eq!(a.snapshot().encode(), before);
    assert!(a.undo(), "the steps are there");
}

#[test]
fn every_prefix_equals_a_fresh_replay_with_a_pruned_base() {
    for changes in [1_000, 8, 0] {
        let (mut a, mut b) = (replica(1), replica(2));
        let limits = TimelineLimits {
            changes,
            bytes: 1 << 20,
        };
        let mut timeline = Timeline::of(&mut a, limits);
        let mut replay = vec![(Version::new(), a.state_hash())];
        let mut steps = 0;
        for round in 0..10 {
            a.edit(if round % 2 == 0 { begin } else { battle });
            b.edit(|w| w.score.increment(round));
            if round % 3 == 0 {
                a.edit(|w| w.keys.set("x", round));
                a.undo();
                let delta = b.changes_since(a.version());
                a.apply(delta).unwrap();
            }
            steps += timeline.follow(&mut a).unwrap();
            replay.push((a.version().clone(), a.state_hash()));
        }
        let versions = timeline.versions();
        assert_eq!(versions.len(), timeline.len() + 1);
        assert!(timeline.len() <= changes && (changes < 20 || timeline.len() == steps));
        assert_eq!(versions.last(), Some(a.version()));
        let mut found = 0;
        for (version, hash) in &replay {
            match timeline.at(version) {
                Ok(state) => {
                    let id = ReplicaId::new(9).unwrap();
                    let mut fresh = Replica::with_state(id, Clock::manual(0), state);
                    assert_eq!(fresh.state_hash(), *hash);
                    found += 1;
                }
                Err(error) => assert_eq!(error, Error::NotInTimeline),
            }
        }
        assert!(
            found >= if changes == 1_000 { 11 } else { 1 },
            "{found} with {changes}"
        );
        b.edit(|w| w.health.set(1));
        b.flush();
        assert!(matches!(
            timeline.at(b.version()),
            Err(Error::NotInTimeline)
        ));
        if changes < 1_000 {
            assert!(matches!(
                timeline.at(&Version::new()),
                Err(Error::NotInTimeline)
            ));
        }
    }
}
