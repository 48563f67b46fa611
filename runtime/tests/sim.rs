//! The simulator for users: it converges what converges, finds what does not, and one seed is one run.

#![cfg(feature = "sim")]
// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use std::panic::catch_unwind;

use holo_runtime::sim::{self, Faults, Sim};
use holo_runtime::{LwwMap, LwwRegister, OrSet, PnCounter, Sequence, Synced};

#[derive(Debug, Synced)]
struct Board {
    title: LwwRegister<i64>,
    tags: OrSet<i64>,
    votes: PnCounter,
    cells: LwwMap<i64, i64>,
    notes: Sequence<i64>,
}

fn scribble(board: &mut BoardEdit<'_>, random: &mut sim::Rng) {
    let number = random.below(9) as i64;
    match random.below(7) {
        0 => board.title.set(number),
        1 => drop(board.tags.insert(number)),
        2 => drop(board.tags.remove(number)),
        3 => board.votes.increment(number),
        4 => board.cells.set(number, number),
        5 => drop(board.cells.delete(number)),
        _ => board.notes.push(number),
    }
}

#[test]
fn state_of_ones_own_converges() {
    sim::check::<Board>(100, 4, scribble);
}

#[test]
fn one_seed_is_one_run() {
    let run = |seed| {
        let mut sim = Sim::<Board>::new(seed, 3);
        sim.run(100, scribble);
        let apart: Vec<String> = sim.states().map(|state| format!("{state:?}")).collect();
        sim.assert_converged();
        (apart, sim.bytes_sent(), sim.replica_mut(0).state_hash())
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn a_partition_keeps_apart_and_healing_brings_together() {
    let mut sim = Sim::<PnCounter>::new(1, 3).with_faults(Faults::NONE);
    sim.partition(&[0]);
    sim.edit(0, |counter| counter.increment(1));
    sim.edit(1, |counter| counter.increment(10));
    sim.advance(1_000);
    let values = |sim: &Sim<PnCounter>| sim.states().map(PnCounter::value).collect::<Vec<_>>();
    assert_eq!(values(&sim), [1, 10, 10]);
    sim.heal();
    sim.advance(1_000);
    assert_eq!(values(&sim), [11, 11, 11]);
    sim.assert_converged();
}

/// A document that is not one: each replica has made changes under the id of another.
#[test]
fn what_does_not_converge_is_told_with_its_seed() {
    let mut sim = Sim::<PnCounter>::new(42, 2).with_faults(Faults::NONE);
    let id = sim.replica(0).id();
    let twin = holo_runtime::Replica::with_clock(id, holo_runtime::Clock::manual(5));
    *sim.replica_mut(1) = twin;
    sim.edit(0, |counter| counter.increment(1));
    sim.edit(1, |counter| counter.increment(2));
    let told = catch_unwind(std::panic::AssertUnwindSafe(|| sim.assert_converged())).unwrap_err();
    let told = told.downcast_ref::<String>().unwrap();
    assert!(
        told.starts_with("seed 42: replicas 0 and 1 differ in their"),
        "{told}"
    );
}
