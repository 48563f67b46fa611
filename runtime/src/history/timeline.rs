//! [`Timeline`]: the state at earlier versions, to look at.
//!
//! It is a snapshot to begin with and the changes after it, so each state is what a replica would hold that had received just
//! these. It follows a replica and writes to none.

use std::collections::VecDeque;

use crate::{Change, Delta, Error, Replica, Snapshot, Synced, Version};

/// How far back a timeline goes. What is older is folded into the snapshot that it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimelineLimits {
    /// How many changes.
    pub changes: usize,
    /// Bytes of all of them.
    pub bytes: usize,
}

/// A thousand changes and four mebibytes.
impl Default for TimelineLimits {
    fn default() -> Self {
        Self {
            changes: 1_000,
            bytes: 4 << 20,
        }
    }
}

/// The states that a replica has had, as far as they are kept.
///
/// Law: the state at a version is that of a fresh replica that received just the changes of the version, to the bit of its hash,
/// however much was folded. Memory is that of the changes, and of one snapshot.
///
/// ```
/// use holo_runtime::history::{Timeline, TimelineLimits};
/// use holo_runtime::{LwwRegister, Replica, ReplicaId};
///
/// let mut color = Replica::<LwwRegister<String>>::new(ReplicaId::random());
/// let mut timeline = Timeline::of(&mut color, TimelineLimits::default());
/// for name in ["red", "green"] {
///     color.edit(|color| color.set(name));
///     timeline.follow(&mut color)?;
/// }
/// let versions = timeline.versions();
/// assert_eq!(timeline.at(&versions[1])?.get(), "red");
/// # Ok::<(), holo_runtime::Error>(())
/// ```
#[derive(Debug)]
pub struct Timeline<T: Synced> {
    /// One that nobody wrote to, for its shape.
    blank: T,
    base: Snapshot,
    /// What came after, in an order in which it can be applied.
    changes: VecDeque<Change>,
    bytes: usize,
    limits: TimelineLimits,
    /// The version after all of them.
    version: Version,
}

impl<T: Synced> Timeline<T> {
    /// A timeline that begins with what a replica holds now. Seals the open change. O(state).
    #[must_use]
    pub fn of(replica: &mut Replica<T>, limits: TimelineLimits) -> Self {
        let base = replica.snapshot();
        Self {
            blank: replica.state().fresh(),
            version: base.version().clone(),
            base,
            changes: VecDeque::new(),
            bytes: 0,
            limits,
        }
    }

    /// Takes in what the replica has applied and sealed since the last time: each change is a step. Seals the open change. How many
    /// steps there are more.
    ///
    /// Call it as often as every step is to be seen; the replica's log has to reach back to the last time. Where it does not, and
    /// after a snapshot was merged, or the replica has begun anew under another id, the timeline begins anew with what is there. O(what is new), and now and then O(state).
    ///
    /// # Errors
    /// When the snapshot that the timeline begins with cannot be read, which its own always can.
    pub fn follow(&mut self, replica: &mut Replica<T>) -> Result<usize, Error> {
        let delta = replica.changes_since(&self.version);
        let goes_on = replica.version().covers_all(&self.version);
        let (Delta::Changes(changes), true) = (delta, goes_on) else {
            *self = Self::of(replica, self.limits);
            return Ok(0);
        };
        let found = changes.len();
        for change in changes {
            self.version.advance(change.replica(), change.last());
            self.bytes += change.weight();
            self.changes.push_back(change);
        }
        self.fold()?;
        Ok(found)
    }

    /// How many changes are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// True when there is nothing but the beginning.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The version at the beginning and after each change, oldest first. O(changes × replicas).
    #[must_use]
    pub fn versions(&self) -> Vec<Version> {
        let mut version = self.base.version().clone();
        let mut versions = vec![version.clone()];
        for change in &self.changes {
            version.advance(change.replica(), change.last());
            versions.push(version.clone());
        }
        versions
    }

    /// The state at a version: one of [`Timeline::versions`], or any other that some replica could have had since the beginning.
    /// O(state + changes).
    ///
    /// # Errors
    /// [`Error::NotInTimeline`] when it lies before the beginning or after the end, or is no version of anybody.
    pub fn at(&self, version: &Version) -> Result<T, Error> {
        let covered = |change: &&Change| version.covers(change.last_stamp());
        let changes = self.changes.iter().filter(covered).cloned().collect();
        let view = self.view(changes)?;
        let same = version.covers_all(view.version()) && view.version().covers_all(version);
        same.then(|| view.into_state()).ok_or(Error::NotInTimeline)
    }

    /// A replica that holds the beginning and some changes, and that nobody writes to.
    fn view(&self, changes: Vec<Change>) -> Result<Replica<T>, Error> {
        let mut view = Replica::viewing(self.blank.fresh(), &self.base, &changes)?;
        view.apply(changes)?;
        Ok(view)
    }

    /// Folds the oldest changes into the beginning, many at once, since each time costs as much as the state.
    fn fold(&mut self) -> Result<(), Error> {
        let TimelineLimits { changes, bytes } = self.limits;
        if self.changes.len() <= changes && self.bytes <= bytes {
            return Ok(());
        }
        let mut folded = Vec::new();
        while self.changes.len() > changes - changes / 4 || self.bytes > bytes - bytes / 4 {
            let Some(change) = self.changes.pop_front() else {
                break;
            };
            self.bytes -= change.weight();
            folded.push(change);
        }
        self.base = self.view(folded)?.snapshot();
        Ok(())
    }
}
