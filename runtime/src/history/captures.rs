//! [`SnapshotManager`]: named captures of a state, and going back to them.
//!
//! A capture is a snapshot, held here for as long as its owner wants. Going back to one is an edit: see
//! [`Replica::return_to`].

use std::collections::BTreeMap;
use std::fmt;

use crate::mutants::{self, Mutant};
use crate::{Error, Replica, Snapshot, Synced};

/// How much is captured at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureLimits {
    /// How many captures.
    pub captures: usize,
    /// Bytes of all of them.
    pub bytes: usize,
}

/// 64 captures and 64 mebibytes.
impl Default for CaptureLimits {
    fn default() -> Self {
        Self {
            captures: 64,
            bytes: 64 << 20,
        }
    }
}

/// The number of a capture: never used for another by the same manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaptureId(u64);

impl fmt::Display for CaptureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A state by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    id: CaptureId,
    name: String,
    snapshot: Snapshot,
}

impl Capture {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> CaptureId {
        self.id
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The state, with the version that it is of.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    fn bytes(&self) -> usize {
        self.name.len() + self.snapshot.weight()
    }
}

/// Named captures of states, bounded in number and bytes. They are local: nobody else sees them, and nothing of them is sent.
///
/// ```
/// use holo_runtime::{LwwRegister, Replica, ReplicaId, history::SnapshotManager};
///
/// let mut health = Replica::<LwwRegister<i64>>::new(ReplicaId::random());
/// health.edit(|health| health.set(100));
/// let mut snapshots = SnapshotManager::default();
/// let before = snapshots.capture("before-battle", &mut health)?;
/// health.edit(|health| health.set(3));
/// snapshots.restore(before, &mut health)?;
/// assert_eq!(health.state().get(), &100);
/// # Ok::<(), holo_runtime::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct SnapshotManager {
    limits: CaptureLimits,
    held: BTreeMap<CaptureId, Capture>,
    made: u64,
}

impl SnapshotManager {
    /// One that holds nothing yet, with bounds of its own.
    #[must_use]
    pub fn new(limits: CaptureLimits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Captures a state under a name, in place of the capture that has the name by now. Seals the open change. O(state).
    ///
    /// # Errors
    /// [`Error::CapturesFull`] and [`Error::CaptureTooLarge`]; the captures are then as they were.
    pub fn capture<T: Synced>(
        &mut self,
        name: impl Into<String>,
        replica: &mut Replica<T>,
    ) -> Result<CaptureId, Error> {
        let id = CaptureId(self.made + 1);
        let (name, snapshot) = (name.into(), replica.snapshot());
        let capture = Capture { id, name, snapshot };
        let before = self.find(&capture.name);
        let others = || self.held.values().filter(|held| Some(held.id) != before);
        let (held, taken) = (others().count(), others().map(Capture::bytes).sum());
        if held >= self.limits.captures {
            return Err(Error::CapturesFull { held });
        }
        let (bytes, room) = (capture.bytes(), self.limits.bytes.saturating_sub(taken));
        if bytes > room {
            return Err(Error::CaptureTooLarge { bytes, room });
        }
        if let Some(before) = before {
            self.held.remove(&before);
        }
        self.made += 1;
        self.held.insert(id, capture);
        Ok(id)
    }

    /// Goes back to a capture, by one edit; false when nothing differs. See [`Replica::return_to`].
    ///
    /// # Errors
    /// [`Error::NoCapture`], and those of [`Replica::return_to`]. Nothing has changed then.
    pub fn restore<T: Synced>(
        &self,
        id: CaptureId,
        replica: &mut Replica<T>,
    ) -> Result<bool, Error> {
        let capture = self.held.get(&id).ok_or(Error::NoCapture)?;
        if mutants::on(Mutant::RestoreForgets) {
            return Ok(false);
        }
        replica.return_to(&capture.snapshot)
    }

    /// The capture of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<CaptureId> {
        let mut held = self.held.values();
        held.find(|held| held.name == name).map(Capture::id)
    }

    /// A capture by its number.
    #[must_use]
    pub fn get(&self, id: CaptureId) -> Option<&Capture> {
        self.held.get(&id)
    }

    /// All captures, oldest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Capture> {
        self.held.values()
    }

    /// Forgets a capture; true when it was there.
    pub fn forget(&mut self, id: CaptureId) -> bool {
        self.held.remove(&id).is_some()
    }
}
