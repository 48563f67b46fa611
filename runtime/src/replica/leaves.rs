//! The state as leaves, for Merkle trees: cut up, and put together again as a snapshot. Trees are `crate::sync`'s.

use super::Replica;
use crate::codec::{Dec, DecodeError, Enc, Kind, Leaves, Mode, check_state};
use crate::crdt::{Merge, Synced, Unknown};
use crate::{Hlc, Snapshot, Version};

impl<T: Synced> Replica<T> {
    /// A snapshot without its state, and the state as leaves. Seals the open change. O(state).
    pub(crate) fn leaves(&mut self) -> (Snapshot, Leaves) {
        self.core.flush(&mut self.state);
        let mut out = Enc::new(Mode::Leaves, Hlc::MAX);
        self.core.encode_state(&self.state, &mut out);
        (self.core.head(), out.into_leaves())
    }

    /// A snapshot from what it says beside its state, and all leaves of the state in the order of their paths. It is checked
    /// like any other when it is merged. O(state).
    pub(crate) fn snapshot_of(
        &self,
        head: &Snapshot,
        leaves: &[u8],
    ) -> Result<Snapshot, DecodeError> {
        let mut input = Dec::leaves(leaves);
        let kind = Kind::decode(&mut input)?;
        if kind != self.state.kind() {
            return Err(DecodeError::Range("type of the document"));
        }
        let (mut state, mut unknown) = (self.state.fresh(), Unknown::default());
        let written = !input.is_empty();
        if written {
            let mut walked = input.clone();
            check_state(&mut walked, &kind)?;
            walked.end()?;
        }
        let nothing = Version::new();
        let mut cx = Merge {
            theirs: &head.version,
            ours: &nothing,
            keyed: false,
            reset: false,
            unknown: &mut unknown,
        };
        state.merge_state(written.then_some(&mut input), &mut cx)?;
        let mut out = Enc::new(Mode::Body, head.version.max_time());
        kind.encode(&mut out.out);
        if !state.pristine() || !unknown.is_empty() {
            state.encode_state(&unknown, &mut out);
        }
        Ok(Snapshot {
            body: out.finish().into(),
            ..head.clone()
        })
    }
}
