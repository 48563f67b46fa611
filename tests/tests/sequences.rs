//! Sequences and texts in orbs and in maps, over the simulated network; and peers that do not know them, which hold, merge and
//! pass them on.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Change, Clock, Delta, LwwRegister, OrMap, PnCounter, Replica, ReplicaId, Sequence, Snapshot,
    Synced, Text,
};
use holo_tests::lists;
use holo_tests::poke::Poke;
use holo_tests::rng::Rng;
use holo_tests::sim::{self, Plan};
use holo_tests::subject;

#[derive(Clone, Debug, Synced)]
struct Page {
    #[synced(initial = "new 🗒")]
    body: Text,
    #[synced(initial = ["a", "b"])]
    tags: Sequence<String>,
    views: PnCounter,
}

#[derive(Clone, Debug, Synced)]
struct Board {
    title: Text,
    #[synced(initial = [1, 2, 3])]
    order: Sequence<i64>,
    pages: OrMap<String, Page>,
    done: LwwRegister<bool>,
}

/// The same before it had any of this.
#[derive(Clone, Debug, Synced)]
struct Old {
    #[synced(id = 4)]
    done: LwwRegister<bool>,
}

subject!(nested PageEdit<'_> { body, tags, views });
subject!(Board {
    title,
    order,
    pages,
    done
});

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn check(seed: u64) {
    let log = [10_000, 20, 3, 1][(seed % 4) as usize];
    let plan = Plan {
        replicas: 2 + (seed / 4 % 4) as usize,
        steps: 40 + (seed % 7) as usize * 20,
        log,
    };
    sim::run::<Board>(seed, plan);
}

/// `HOLO_SEED=123` runs that seed alone; `HOLO_SEEDS=1000000` runs so many.
#[test]
fn random_schedules_in_orbs_and_maps_converge() {
    if let Some(seed) = number("HOLO_SEED") {
        return check(seed);
    }
    let seeds = number("HOLO_SEEDS").unwrap_or(2_000);
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || (half..seeds).step_by(2).for_each(check));
        }
    });
}

/// Two lay floors whenever they like, a third never; nobody can tell.
#[test]
fn nobody_can_tell_who_has_collected() {
    let seeds = match number("HOLO_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("HOLO_SEEDS").unwrap_or(1_000)).collect(),
    };
    for seed in seeds {
        let outcome = std::panic::catch_unwind(|| lists::run(seed));
        assert!(outcome.is_ok(), "seed {seed}");
    }
}

/// Takes in what a peer has, as bytes: changes or a snapshot.
fn exchange<A: Synced, B: Synced>(from: &mut Replica<A>, to: &mut Replica<B>, snapshot: bool) {
    let delta = if snapshot {
        let bytes = from.snapshot().encode();
        Delta::from(Snapshot::decode(&bytes).unwrap())
    } else {
        match from.changes_since(to.version()) {
            Delta::Changes(changes) => {
                let bytes = changes.iter().map(Change::encode);
                Delta::from(
                    bytes
                        .map(|bytes| Change::decode(&bytes).unwrap())
                        .collect::<Vec<_>>(),
                )
            }
            other => other,
        }
    };
    let report = to.apply(delta).unwrap();
    assert_eq!(
        report.unreadable + report.forked + report.held,
        0,
        "{report:?}"
    );
}

#[test]
fn a_peer_that_does_not_know_them_passes_them_on_whole() {
    fn replica<T: Synced>(id: u64) -> Replica<T> {
        Replica::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(1_000_000))
    }
    for seed in 0..number("HOLO_SEEDS").unwrap_or(400) {
        let mut rng = Rng::new(seed);
        let (mut a, mut b) = (replica::<Board>(1), replica::<Board>(2));
        let mut old = replica::<Old>(3);
        for _ in 0..30 {
            let snapshot = rng.chance(30);
            match rng.below(8) {
                0..2 => a.edit(|edit| edit.poke(&mut rng)),
                2..4 => b.edit(|edit| edit.poke(&mut rng)),
                4 => exchange(&mut a, &mut old, snapshot),
                5 => exchange(&mut old, &mut a, snapshot),
                6 => exchange(&mut b, &mut old, snapshot),
                _ => exchange(&mut old, &mut b, snapshot),
            }
        }
        for snapshot in [false, true] {
            exchange(&mut a, &mut old, snapshot);
            exchange(&mut b, &mut old, snapshot);
            exchange(&mut old, &mut a, snapshot);
            exchange(&mut old, &mut b, snapshot);
        }
        let all = format!("{:?}", a.state());
        assert_eq!(all, format!("{:?}", b.state()), "seed {seed}");
        assert_eq!(a.state_hash(), b.state_hash(), "seed {seed}");
        assert_eq!(
            a.state_hash(),
            old.state_hash(),
            "seed {seed}: who does not know them"
        );
        let bytes = a.snapshot().encode();
        assert_eq!(
            bytes,
            old.snapshot().encode(),
            "seed {seed}: who does not know them"
        );
        assert_eq!(bytes, b.snapshot().encode(), "seed {seed}");
    }
}

trait PokeBoard {
    fn poke(&mut self, rng: &mut Rng);
}

impl PokeBoard for BoardEdit<'_> {
    fn poke(&mut self, rng: &mut Rng) {
        match rng.below(3) {
            0 => self.title.poke(rng),
            1 => self.order.poke(rng),
            _ => self.pages.poke(rng),
        }
    }
}
