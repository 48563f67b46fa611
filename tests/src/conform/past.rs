//! What fixtures do with history: undo, redo, checkpoints and captures.

use holo_runtime::history::Grouping;
use holo_runtime::{Error, Replica};

use super::net::{Net, Node, Told};
use super::step::Step;

impl Net {
    /// A step that has to do with history.
    pub(super) fn history(&mut self, step: &Step) -> Result<Told, String> {
        match step {
            // With nothing to do they change nothing.
            Step::Undo(names) => self.each(names, |node| {
                node.replica.undo();
                Ok(())
            }),
            Step::Redo(names) => self.each(names, |node| {
                node.replica.redo();
                Ok(())
            }),
            Step::Checkpoint(names) => self.each(names, |node| {
                node.replica.checkpoint();
                Ok(())
            }),
            Step::Group {
                replicas,
                by_checkpoint,
            } => self.each(replicas, |node| {
                let by = [Grouping::Edit, Grouping::Checkpoint][usize::from(*by_checkpoint)];
                node.replica.group_undo(by);
                Ok(())
            }),
            Step::Capture { replicas, name } => self.each(replicas, |node| {
                node.captures.capture(name, &mut node.replica).map(drop)
            }),
            Step::Restore { replicas, name } => self.each(replicas, |node| {
                let id = node.captures.find(name).ok_or(Error::NoCapture)?;
                node.captures.restore(id, &mut node.replica).map(drop)
            }),
            Step::ExpectUndo(expected) => {
                self.count(expected, "steps to undo", Replica::undo_depth)
            }
            Step::ExpectRedo(expected) => {
                self.count(expected, "steps to do again", Replica::redo_depth)
            }
            _ => Ok(Told::new()),
        }
    }

    /// Does something to each of these replicas, and tells what was refused.
    fn each(
        &mut self,
        names: &[String],
        mut work: impl FnMut(&mut Node) -> Result<(), Error>,
    ) -> Result<Told, String> {
        let mut told = Told::new();
        for name in names {
            let at = self.find(name)?;
            if let Err(error) = work(&mut self.nodes[at]) {
                told.push(format!("{name}: {error}"));
            }
        }
        Ok(told)
    }
}
