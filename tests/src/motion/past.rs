//! What a run does with the past: undo, redo, captures, restore and timelines; and what must hold of them on the spot.

use std::collections::{BTreeMap, VecDeque};

use holo_runtime::history::{CaptureId, SnapshotManager, Timeline, TimelineLimits};
use holo_runtime::{Replica, Version};

use super::{Net, World};
use crate::coordinated::must;

/// What a node remembers beside its undo stack.
#[derive(Default)]
pub(super) struct Past {
    captures: SnapshotManager,
    /// What each capture has to give back.
    then: BTreeMap<CaptureId, String>,
    timeline: Option<Timeline<World>>,
    /// Versions that the timeline has followed, and how the state looked.
    seen: VecDeque<(Version, String)>,
}

const NAMES: [&str; 2] = ["before-battle", "at noon"];

fn restorable(replica: &Replica<World>) -> String {
    let World {
        ledger,
        cubes: _,
        pointer,
        ticker,
    } = replica.state();
    let (ledger, pointer, ticker) = (ledger.restorable(), pointer.get(), ticker.get());
    format!("{ledger} {pointer:?} {ticker:?}")
}

impl Net {
    /// One thing that has to do with the past.
    pub(super) fn travel(&mut self, at: usize) {
        let back = self.history;
        match self.rng.below(10) {
            0..4 if back => self.undo(at),
            4 => self.capture(at),
            5 | 6 if back => self.restore(at),
            7 | 8 => self.follow(at),
            _ => self.review(at),
        }
    }

    fn undo(&mut self, at: usize) {
        let back = self.rng.chance(60);
        let node = &mut self.nodes[at].coordinator;
        let before = node.state().ledger.booked();
        let acted = node.with_replica(|replica| match back {
            true => replica.undo(),
            false => replica.redo(),
        });
        let after = node.state().ledger.booked();
        assert!(acted || before == after, "it says that it did nothing");
        self.books.went_back(&before, &after);
        self.tally.undone += u64::from(acted);
    }

    fn capture(&mut self, at: usize) {
        let name = *self.rng.pick(&NAMES);
        let node = &mut self.nodes[at];
        let past = &mut node.past;
        node.coordinator.with_replica(|replica| {
            let id = must(past.captures.capture(name, replica));
            past.then.insert(id, restorable(replica));
        });
    }

    /// Going back leaves what the capture held, and nothing to go back for once more.
    fn restore(&mut self, at: usize) {
        let name = *self.rng.pick(&NAMES);
        let node = &mut self.nodes[at];
        let (past, coordinator) = (&node.past, &mut node.coordinator);
        let Some(id) = past.captures.find(name) else {
            return self.capture(at);
        };
        let before = coordinator.state().ledger.booked();
        coordinator.with_replica(|replica| {
            must(past.captures.restore(id, replica));
            let shown = restorable(replica);
            assert_eq!(Some(&shown), past.then.get(&id), "what was captured");
            let again = past.captures.restore(id, replica);
            assert_eq!(again, Ok(false), "going back leaves a difference");
        });
        let after = coordinator.state().ledger.booked();
        self.books.went_back(&before, &after);
        self.tally.restored += 1;
    }

    /// Takes in what is new, and notes how it looks.
    fn follow(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        let past = &mut node.past;
        node.coordinator.with_replica(|replica| {
            let limits = TimelineLimits {
                changes: 40,
                ..TimelineLimits::default()
            };
            let timeline = past
                .timeline
                .get_or_insert_with(|| Timeline::of(replica, limits));
            must(timeline.follow(replica));
            // What is not stored yet is in no timeline.
            if timeline.versions().last() == Some(replica.version()) {
                let text = format!("{:?}", replica.state());
                past.seen.push_back((replica.version().clone(), text));
            }
            while past.seen.len() > 4 {
                past.seen.pop_front();
            }
        });
    }

    /// What was there can be looked at again, as far as the timeline goes back.
    fn review(&mut self, at: usize) {
        let past = &self.nodes[at].past;
        let Some(timeline) = &past.timeline else {
            return;
        };
        let versions = timeline.versions();
        for (version, text) in past.seen.iter().filter(|it| versions.contains(&it.0)) {
            let then = must(timeline.at(version));
            assert_eq!(format!("{then:?}"), *text, "a state in the past");
            self.tally.reviewed += 1;
        }
    }
}
