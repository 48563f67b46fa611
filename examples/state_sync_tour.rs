//! Every snippet of the package that this project set out to replace (`@holoscript/state-sync`), in its order, in Rust, each with
//! what comes of it. `cargo run -p holo-examples --example state_sync_tour`

mod generated;

use generated::player::Player;
use holo_runtime::history::{Grouping, SnapshotManager, UndoLimits};
use holo_runtime::sync::{
    Causality, ConflictResolver, Coordinator, MerkleTree, Options, PeerId, Strategy, VectorClock,
    Write,
};
use holo_runtime::{
    Clock, Error, GCounter, GSet, JsonDoc, LwwMap, LwwRegister, MvRegister, OrSet, PnCounter,
    Replica, ReplicaId, Sequence, Synced, TwoPSet, Value, Vec3,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

type Snippet = (&'static str, fn() -> Outcome);

fn main() -> Outcome {
    for (name, snippet) in SNIPPETS {
        snippet()?;
        println!("{name}: as it should be");
    }
    Ok(())
}

const SNIPPETS: [Snippet; 13] = [
    ("quick start", quick_start),
    ("counters", counters),
    ("sets", sets),
    ("registers", registers),
    ("maps and sequences", maps_and_sequences),
    ("JSON documents", json_documents),
    ("deltas", deltas),
    ("Merkle trees", merkle_trees),
    ("conflict resolvers", conflict_resolvers),
    ("undo", undo),
    ("captures", captures),
    ("coordinator", coordinator),
    ("vector clocks, and an orb", vector_clocks_and_an_orb),
];

/// Two replicas of one document.
fn two<T: Synced>() -> [Replica<T>; 2] {
    [1_000, 1_001].map(|millis| Replica::with_clock(ReplicaId::random(), Clock::manual(millis)))
}

/// Each gets what it lacks.
fn meet<T: Synced>([a, b]: &mut [Replica<T>; 2]) -> Result<(), Error> {
    b.apply(a.changes_since(b.version()))?;
    a.apply(b.changes_since(a.version()))?;
    assert_eq!(a.state_hash(), b.state_hash());
    Ok(())
}

/// `createCRDT(CRDTType.PNCounter, 'player-score')`
fn quick_start() -> Outcome {
    let mut counter = Replica::<PnCounter>::new(ReplicaId::random());
    counter.edit(|counter| {
        counter.increment(10);
        counter.decrement(3);
    });
    assert_eq!(counter.state().value(), 7);
    Ok(())
}

/// `new GCounter('page-visits')`, `new PNCounter('player-score')`
fn counters() -> Outcome {
    let mut visits = two::<GCounter>();
    visits[0].edit(|visits| visits.increment(1));
    visits[1].edit(|visits| visits.increment(1));
    meet(&mut visits)?;
    assert_eq!(visits[0].state().value(), 2);

    let mut score = two::<PnCounter>();
    score[0].edit(|score| score.increment(100));
    score[1].edit(|score| score.decrement(25));
    meet(&mut score)?;
    assert_eq!(score[1].state().value(), 75);
    Ok(())
}

/// `new GSet('tags')`, `new TwoPSet('inventory')`, `new ORSet('online-players')`
fn sets() -> Outcome {
    let mut tags = two::<GSet<String>>();
    tags[0].edit(|tags| tags.insert("vr"));
    tags[1].edit(|tags| tags.insert("multiplayer"));
    meet(&mut tags)?;
    assert_eq!(tags[0].state().len(), 2);

    let mut inventory = two::<TwoPSet<String>>();
    inventory[0].edit(|inventory| {
        inventory.insert("sword");
        inventory.remove("sword");
        assert!(!inventory.insert("sword"), "cannot come back");
    });
    meet(&mut inventory)?;
    assert!(!inventory[1].state().contains("sword"));

    let mut players = two::<OrSet<String>>();
    players[0].edit(|players| {
        players.insert("alice");
        players.remove("alice");
        players.insert("alice");
    });
    meet(&mut players)?;
    assert!(players[1].state().contains("alice"), "works");
    Ok(())
}

/// `new LWWRegister('name')`, `new MVRegister('position')`
fn registers() -> Outcome {
    let mut name = two::<LwwRegister<String>>();
    name[0].edit(|name| name.set("Alice"));
    name[1].edit(|name| name.set("Bob"));
    meet(&mut name)?;
    assert_eq!(name[0].state().get(), "Bob", "the most recent");

    let mut position = two::<MvRegister<Vec3>>();
    position[0].edit(|position| position.set([1.0, 0.0, 0.0]));
    position[1].edit(|position| position.set([2.0, 0.0, 0.0]));
    meet(&mut position)?;
    assert_eq!(position[0].state().values().len(), 2, "all are preserved");
    Ok(())
}

/// `new LWWMap('player')`, `new RGASequence('chat')`
fn maps_and_sequences() -> Outcome {
    let mut data = two::<LwwMap<String, i64>>();
    data[0].edit(|data| {
        data.set("health", 100);
        data.set("level", 5);
        data.set("temp", 1);
    });
    meet(&mut data)?;
    data[1].edit(|data| data.delete("temp"));
    meet(&mut data)?;
    assert_eq!(data[0].state().get("temp"), None);
    assert_eq!(data[0].state().get("health"), Some(&100));

    let mut chat = two::<Sequence<String>>();
    chat[0].try_edit(|chat| {
        chat.insert(0, "Hello!")?;
        chat.insert(1, "World!")?;
        chat.delete(0)?;
        Ok::<(), Error>(())
    })?;
    meet(&mut chat)?;
    assert_eq!(chat[1].state().to_vec(), ["World!"]);
    Ok(())
}

/// `new JSONDoc('world')`
fn json_documents() -> Outcome {
    let mut world = two::<JsonDoc>();
    let place = [("x", 0.0), ("y", 1.6), ("z", 0.0)];
    let place = place.map(|(axis, at)| (axis.to_owned(), Value::from(at)));
    let place = Value::Map(place.into_iter().collect());
    world[0].edit(|world| {
        world.set(["players", "alice", "position"], place);
        world.set(["players", "alice", "health"], 100);
        world.set(["players", "bob", "health"], 50);
        world.delete(["players", "bob"]);
    });
    meet(&mut world)?;
    let health = |who: &str| world[1].state().get(["players", who, "health"]).is_some();
    assert!(health("alice") && !health("bob"));
    Ok(())
}

/// `syncManager.getDelta(lastSyncTime)`; by version, since a wall clock loses what is under way.
fn deltas() -> Outcome {
    let mut score = two::<PnCounter>();
    score[0].edit(|score| score.increment(1));
    let last_sync = score[1].version().clone();
    let delta = score[0].changes_since(&last_sync);
    assert!(delta.encoded_len() < 64);
    score[1].apply(delta.clone())?;
    score[1].apply(delta)?;
    assert_eq!(score[1].state().value(), 1, "twice is once");
    Ok(())
}

/// `new MerkleTreeSync()`
fn merkle_trees() -> Outcome {
    let leaves =
        |odd: u32| (0..1_000_u32).map(move |key| (key.to_be_bytes(), [u8::from(key == odd)]));
    let (ours, theirs) = (MerkleTree::new(leaves(7)), MerkleTree::new(leaves(2_000)));
    assert_ne!(ours.root(), theirs.root());
    let proof = ours.prove(&7_u32.to_be_bytes());
    assert!(proof.verify(ours.root(), &7_u32.to_be_bytes(), Some(&[1])));
    assert!(!proof.verify(theirs.root(), &7_u32.to_be_bytes(), Some(&[1])));
    Ok(())
}

/// `new ConflictResolver({ strategy: 'last-write-wins', customResolver })`
fn conflict_resolvers() -> Outcome {
    let mut best = two::<MvRegister<i64>>();
    best[0].edit(|best| best.set(70));
    best[1].edit(|best| best.set(50));
    meet(&mut best)?;
    let read = |resolver: ConflictResolver<i64>| resolver.read(best[0].state());
    assert_eq!(read(ConflictResolver::last_write_wins()).value, 50);
    assert_eq!(read(ConflictResolver::first_write_wins()).value, 70);
    let greatest = |a: &Write<i64>, b: &Write<i64>| a.value.max(b.value);
    assert_eq!(read(ConflictResolver::custom(greatest)).value, 70);
    // One that would not be the same everywhere is noticed, and not used.
    let difference = |a: &Write<i64>, b: &Write<i64>| a.value - b.value;
    let difference = read(ConflictResolver::custom(difference));
    assert!(difference.broken.is_some());
    assert_eq!(difference.value, 50);
    Ok(())
}

/// `new StateUndoManager()`
fn undo() -> Outcome {
    let state = Replica::<LwwMap<String, String>>::new(ReplicaId::random());
    let mut state = state.with_undo(UndoLimits::default());
    state.group_undo(Grouping::Checkpoint);
    state.edit(|state| state.set("color", "red"));
    state.checkpoint();
    state.edit(|state| state.set("color", "blue"));
    state.checkpoint();
    assert!(state.undo());
    assert_eq!(state.state().get("color").map(String::as_str), Some("red"));
    assert!(state.redo());
    assert_eq!(state.state().get("color").map(String::as_str), Some("blue"));
    Ok(())
}

/// `new SnapshotManager()`
fn captures() -> Outcome {
    let mut army = Replica::<OrSet<String>>::new(ReplicaId::random());
    let mut snapshots = SnapshotManager::default();
    army.edit(|army| army.insert("archer"));
    let before = snapshots.capture("before-battle", &mut army)?;
    army.edit(|army| army.clear());
    snapshots.restore(before, &mut army)?;
    assert!(army.state().contains("archer"));
    Ok(())
}

/// `new SyncCoordinator({ nodeId, syncInterval: 100, strategy: 'delta' })`
fn coordinator() -> Outcome {
    #[derive(Debug, Synced)]
    #[synced(rate = "10hz")]
    struct Session {
        counter: PnCounter,
        players: OrSet<String>,
    }
    let [a, b] = two::<Session>();
    let options = || Options::with(Strategy::Delta);
    let mut alice = Coordinator::new(a).with_options(options());
    let mut bob = Coordinator::new(b).with_options(options());
    let (to_alice, to_bob) = (PeerId(1), PeerId(2));
    alice.connect(to_bob, 0);
    bob.connect(to_alice, 0);
    alice.edit(|session| session.counter.increment(5));
    bob.edit(|session| session.players.insert("bob"));
    for now in (0..1_000).step_by(10) {
        while let Some(message) = alice.poll(now) {
            bob.handle(to_alice, &message.bytes, now)?;
        }
        while let Some(message) = bob.poll(now) {
            alice.handle(to_bob, &message.bytes, now)?;
        }
    }
    assert_eq!(bob.state().counter.value(), 5);
    assert!(alice.state().players.contains("bob"));
    Ok(())
}

/// `createVectorClock()`, and `orb player @networked @synced`
fn vector_clocks_and_an_orb() -> Outcome {
    let (mut a, mut b) = (VectorClock::default(), VectorClock::default());
    a.increment("node-a")?;
    assert_eq!(a.compare(&b), Causality::After);
    b.increment("node-b")?;
    assert_eq!(a.compare(&b), Causality::Concurrent);
    b.merge(&a);
    assert_eq!(a.compare(&b), Causality::Before);
    assert_eq!(b.compare(&b), Causality::Equal);

    // The orb as `holoc build` made it from `player.hsplus`.
    let mut players = two::<Player>();
    players[0].edit(|player| player.health.set(90));
    players[1].edit(|player| player.inventory.insert("sword"));
    meet(&mut players)?;
    let player = players[0].state();
    assert_eq!(player.health.get(), &90);
    assert_eq!(player.inventory.len(), 1);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_snippet_comes_out_as_it_should() {
        super::main().unwrap();
    }
}
