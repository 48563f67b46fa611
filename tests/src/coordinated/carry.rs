//! State that comes over by Merkle trees alone, whatever it is made of.

use holo_runtime::sync::{Coordinator, Options, PeerId, Strategy};
use holo_runtime::{Clock, Replica, ReplicaId};

use super::{START, must};
use crate::rng::Rng;
use crate::sim::Subject;

/// What one replica holds comes over leaf by leaf to another that holds some of it, or nothing: the other way round too.
///
/// # Panics
/// When the two then differ in a bit.
pub fn carry<T: Subject>(seed: u64) {
    let mut rng = Rng::new(seed);
    let clock = Clock::manual(START);
    let mut replicas: Vec<Replica<T>> = (0..2)
        .map(|_| Replica::with_state(ReplicaId::random(), clock.clone(), T::begin(seed)))
        .collect();
    for _ in 0..rng.below(60) {
        let at = rng.below(2);
        replicas[at].edit(|edit| drop(T::act(edit, &mut rng)));
        clock.advance(rng.bits() % 5);
        if rng.chance(20) {
            let snapshot = replicas[at].snapshot();
            must(replicas[1 - at].apply(snapshot));
        }
    }
    let mut nodes = replicas
        .into_iter()
        .map(|replica| Coordinator::new(replica).with_options(Options::with(Strategy::Merkle)));
    let (Some(mut a), Some(mut b)) = (nodes.next(), nodes.next()) else {
        return;
    };
    a.connect(PeerId(0), 0);
    b.connect(PeerId(0), 0);
    for now in (0..2_000).step_by(50) {
        while let Some(out) = a.poll(now) {
            must(b.handle(PeerId(0), &out.bytes, now));
        }
        while let Some(out) = b.poll(now) {
            must(a.handle(PeerId(0), &out.bytes, now));
        }
    }
    let bytes = |node: &mut Coordinator<T>| node.with_replica(|it| it.snapshot().encode());
    assert!(
        bytes(&mut a) == bytes(&mut b),
        "seed {seed}: {:?} {:?}",
        a.state(),
        b.state()
    );
}
