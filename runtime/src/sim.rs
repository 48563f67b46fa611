//! A seeded network of replicas on virtual time, for tests of one's own state (feature `sim`).
//!
//! One seed is one run, to the bit, on every machine. Everything that travels goes through its encoding; messages are lost,
//! late, doubled and out of order, clocks disagree, links break, processes die and come back from what they had stored. At the end
//! the network heals, and all replicas must hold the same. What the state *should* be is for the test to say; what may go wrong on
//! the way is in [`Faults`], how it goes wrong in `network`.
//!
//! ```
//! use holo_runtime::sim::Sim;
//! use holo_runtime::{LwwRegister, OrSet, Synced};
//!
//! #[derive(Debug, Synced)]
//! struct Player {
//!     health: LwwRegister<i64>,
//!     inventory: OrSet<i64>,
//! }
//!
//! let mut sim = Sim::<Player>::new(4711, 3);
//! sim.run(200, |player, random| {
//!     player.health.set(random.below(100) as i64);
//!     player.inventory.insert(random.below(9) as i64);
//! });
//! sim.assert_converged();
//! ```

mod faults;
mod network;
mod rng;

use std::fmt::Debug;

pub use faults::Faults;
pub use network::Sim;
pub use rng::Rng;

use crate::crdt::Synced;

/// Replicas that hold the same changes and not the same state, or that do not get to hold the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("seed {seed}: replicas {} and {} differ in their {what}:\n  {left}\n  {right}", .at.0, .at.1)]
pub struct Diverged {
    /// The seed of the run.
    pub seed: u64,
    /// Which two, by number.
    pub at: (usize, usize),
    /// What differs: `version`, `state`, or `bytes`.
    pub what: &'static str,
    /// The first one's.
    pub left: String,
    /// The second one's.
    pub right: String,
}

/// Runs `seeds` networks of `replicas` replicas, each for up to 200 steps of random edits, and makes sure that each converges.
///
/// `HOLO_SEED=4711` in the environment runs that seed alone. Cost: about a millisecond a seed for a small state.
///
/// ```
/// use holo_runtime::{PnCounter, sim};
///
/// sim::check::<PnCounter>(20, 3, |score, random| score.increment(random.below(10) as i64));
/// ```
///
/// # Panics
/// When one does not converge. The message names the seed, and the fewest steps after which it still fails.
pub fn check<T: Synced + Debug>(
    seeds: u64,
    replicas: usize,
    mut edit: impl FnMut(&mut T::Edit<'_>, &mut Rng),
) {
    let alone = std::env::var("HOLO_SEED").ok();
    let alone: Option<u64> = alone.and_then(|text| text.parse().ok());
    let range = alone.map_or(0..seeds, |seed| seed..seed.saturating_add(1));
    for seed in range {
        let mut fails = |steps: usize| {
            let mut sim = Sim::<T>::new(seed, replicas);
            sim.run(steps, &mut edit);
            sim.settle().err()
        };
        if let Some(mut diverged) = fails(200) {
            let mut fewest = 200;
            for steps in 1..200 {
                if let Some(earlier) = fails(steps) {
                    (fewest, diverged) = (steps, earlier);
                    break;
                }
            }
            panic!("after {fewest} steps, {diverged}");
        }
    }
}
