//! What a run does with history: undo, redo, checkpoints, captures; and what must hold of them on the spot.

use holo_runtime::history::{Grouping, UndoLimits};

use super::{Net, Subject};

/// Few steps in some seeds, so that they are forgotten, and grouped ones in others.
pub(super) fn limits(seed: u64) -> UndoLimits {
    UndoLimits {
        steps: [100, 3][(seed % 2) as usize],
        grouping: [Grouping::Edit, Grouping::Checkpoint][(seed / 2 % 2) as usize],
        ..UndoLimits::default()
    }
}

impl<T: Subject> Net<T> {
    /// One thing that has to do with history.
    pub(super) fn travel(&mut self) {
        let at = self.rng.below(self.nodes.len());
        let node = &mut self.nodes[at];
        match self.rng.below(20) {
            0..7 => drop(node.replica.undo()),
            7..11 => drop(node.replica.redo()),
            11 => drop(node.replica.checkpoint()),
            12 => node.captured = Some(node.replica.snapshot()),
            13 => self.go_back(at),
            _ => self.back_and_forth(at),
        }
    }

    fn go_back(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        let Some(then) = &node.captured else { return };
        let back = node.replica.return_to(then);
        back.unwrap_or_else(|error| panic!("{error}"));
        let again = node.replica.return_to(then);
        assert_eq!(again, Ok(false), "going back leaves a difference");
    }

    /// Edits that nobody else comes between: undone they leave what was there before each, and done again what each made.
    fn back_and_forth(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        node.replica.checkpoint();
        node.replica.clear_history();
        node.replica.group_undo(Grouping::Edit);
        let mut states = vec![node.replica.state().shown()];
        for _ in 0..1 + self.rng.below(3) {
            let before = node.replica.undo_depth();
            node.replica.edit(|edit| T::act(edit, &mut self.rng));
            if self.rng.chance(30) {
                node.replica.flush();
            }
            let shown = node.replica.state().shown();
            match node.replica.undo_depth() > before {
                true => states.push(shown),
                false => assert_eq!(states.last(), Some(&shown), "a change without a step"),
            }
        }
        self.compare(at, &states);
        self.nodes[at]
            .replica
            .group_undo(limits(self.seed).grouping);
    }

    /// Goes back to the first state and forth to the last. A step of which nothing is left is passed over, and tells nothing.
    fn compare(&mut self, at: usize, states: &[String]) {
        let (replica, seed) = (&mut self.nodes[at].replica, self.seed);
        for _ in 0..self.rng.below(3) {
            for (index, state) in states.iter().enumerate().rev().skip(1) {
                let before = replica.undo_depth();
                if !replica.undo() || replica.undo_depth() + 1 != before {
                    return;
                }
                let shown = replica.state().shown();
                assert_eq!(shown, *state, "seed {seed}: undo {index}");
            }
            for (index, state) in states.iter().enumerate().skip(1) {
                if self.rng.chance(30) {
                    replica.flush();
                }
                let before = replica.redo_depth();
                if !replica.redo() || replica.redo_depth() + 1 != before {
                    return;
                }
                let shown = replica.state().shown();
                assert_eq!(shown, *state, "seed {seed}: redo {index}");
            }
        }
    }
}
