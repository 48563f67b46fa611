//! What generated code and its hand-written twin are held to: both converge, and they are the same to each other.

use holo_runtime::dynamic::{Dynamic, Schema};
use holo_runtime::{Clock, Orb, Replica, ReplicaId};

use crate::random;
use crate::rng::Rng;
use crate::sim::{self, Plan, Subject};

/// Runs 150 schedules of a small network.
///
/// # Panics
/// When replicas differ.
pub fn converges<T: Subject>() {
    for seed in 0..150 {
        let log = if seed % 2 == 0 { 10_000 } else { 2 };
        let plan = Plan {
            replicas: 3,
            steps: 60,
            log,
        };
        sim::run::<T>(seed, plan);
    }
}

/// Edits both sides at random, lets them exchange changes and snapshots, and compares states to the bit. Both describe
/// themselves alike, with this hash.
///
/// # Panics
/// When they differ.
pub fn exchange<G: Subject + Orb, T: Subject + Orb>(hash: u64) {
    assert_eq!(G::INFO, T::INFO);
    assert_eq!((G::INFO.wire_hash(), T::INFO.wire_hash()), (hash, hash));
    let clock = Clock::manual(1_000);
    let id = |id: u64| ReplicaId::new(id).unwrap_or_else(ReplicaId::random);
    let mut generated = Replica::<G>::with_clock(id(1), clock.clone());
    let mut derived = Replica::<T>::with_clock(id(2), clock.clone());
    let mut rng = Rng::new(hash);
    for round in 0..30 {
        generated.edit(|edit| G::act(edit, &mut rng));
        derived.edit(|edit| T::act(edit, &mut rng));
        clock.advance(rng.bits() % 3);
        let taken = if round % 7 == 3 {
            derived.apply(generated.snapshot())
        } else {
            derived.apply(generated.changes_since(derived.version()))
        };
        assert_eq!(taken.map(|report| report.unreadable), Ok(0));
        let report = generated.apply(derived.changes_since(generated.version()));
        assert_eq!(report.map(|report| report.unreadable), Ok(0));
        assert_eq!(generated.state_hash(), derived.state_hash());
        assert_eq!(
            format!("{:?}", generated.state()),
            format!("{:?}", derived.state())
        );
    }
}

/// Edits a type and what its schema makes at run time at random, lets the two exchange changes and snapshots, and compares states
/// and snapshots to the bit.
///
/// # Panics
/// When they differ.
pub fn dynamic<G: Subject + Orb>(schema: &Schema) {
    assert_eq!(schema.wire_hash(), G::INFO.wire_hash(), "{}", G::INFO.name);
    assert_eq!(
        (schema.name(), schema.rate_hz()),
        (G::INFO.name, G::INFO.rate_hz)
    );
    let clock = Clock::manual(1_000);
    let id = |id: u64| ReplicaId::new(id).unwrap_or_else(ReplicaId::random);
    let mut generated = Replica::<G>::with_clock(id(1), clock.clone());
    let mut dynamic = Replica::with_state(id(2), clock.clone(), Dynamic::new(schema));
    let (mut rng, mut changed) = (Rng::new(schema.wire_hash()), false);
    let initial = dynamic.state().to_value();
    for round in 0..40 {
        generated.edit(|edit| G::act(edit, &mut rng));
        let done = dynamic.try_edit(|edit| random::act(edit, &mut rng));
        let done = done.unwrap_or_else(|error| panic!("{}: {error}", schema.name()));
        clock.advance(rng.bits() % 3);
        let taken = if round % 7 == 3 {
            dynamic.apply(generated.snapshot())
        } else {
            dynamic.apply(generated.changes_since(dynamic.version()))
        };
        assert_eq!(taken.map(|report| report.unreadable), Ok(0));
        let report = if round % 7 == 5 {
            generated.apply(dynamic.snapshot())
        } else {
            generated.apply(dynamic.changes_since(generated.version()))
        };
        assert_eq!(report.map(|report| report.unreadable), Ok(0));
        changed |= dynamic.state().to_value() != initial;
        assert_eq!(
            generated.state_hash(),
            dynamic.state_hash(),
            "after {done:?}"
        );
        assert_eq!(
            generated.snapshot().encode(),
            dynamic.snapshot().encode(),
            "after {done:?}"
        );
    }
    assert!(changed, "nothing that was done to {} shows", schema.name());
}
