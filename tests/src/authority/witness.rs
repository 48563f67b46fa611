//! A witness of a star: it hears of all that the server has applied, and collects nothing.

use holo_runtime::Change;

use super::{Star, must};

impl Star {
    /// Tells the witness what the server has applied of what it took.
    pub(super) fn tell_witness(&mut self) {
        let version = self.server.version();
        let applied = |change: &Change| version.get(change.replica()) >= change.last();
        let (applied, waiting): (Vec<Change>, _) = std::mem::take(&mut self.taken)
            .into_iter()
            .partition(applied);
        self.taken = waiting;
        must(self.witness.apply(applied));
    }

    /// What the server shows is what the witness sees.
    pub(super) fn ask_witness(&mut self, hash: u128) {
        let seen = format!("{:?}", self.witness.state());
        let shown = format!("{:?}", self.server.state());
        assert_eq!(seen, shown, "who collects nothing sees something else");
        assert_eq!(self.witness.state_hash(), hash, "hash of the witness");
    }
}
