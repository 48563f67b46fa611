//! Storing a replica, coming back from storage, and copying one.
//!
//! Where the bytes go is the caller's. What is kept here is the rule that a change is stored before it is sent, and that who
//! cannot prove what it sent last starts under a fresh id.

use super::core::Core;
use super::outbox::{Outbox, Own};
use super::{Applied, Replica};
use crate::codec::{self, Dec, DecodeError, write_bytes, write_varint, write_zigzag};
use crate::crdt::Synced;
use crate::mutants::{Mutant, on};
use crate::{Change, Clock, Error, Hlc, ReplicaId, Snapshot, Version};

/// The first byte of a stored replica.
const FORMAT: u8 = 1;

/// An own change takes at least so many bytes there.
const LEAST_OWN: usize = 20;

/// A replica as bytes, and up to where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    replica: ReplicaId,
    last: Hlc,
    version: Version,
    bytes: Vec<u8>,
}

impl Stored {
    /// What to write to storage, as a whole or not at all. O(1).
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T: Synced> Replica<T> {
    /// Everything that has to survive: the state, and own changes that are not known to be safe elsewhere. Seals the open
    /// change. O(state).
    pub fn store(&mut self) -> Stored {
        let snapshot = self.snapshot();
        let mut out = vec![FORMAT];
        out.extend_from_slice(&self.core.id.get().to_le_bytes());
        write_varint(&mut out, self.core.own_last.bits());
        write_bytes(&mut out, &snapshot.encode());
        let unsent = self.core.outbox.iter();
        write_varint(&mut out, unsent.len() as u64);
        for own in unsent {
            write_bytes(&mut out, &own.change.encode());
            write_varint(&mut out, own.bases.len() as u64);
            own.bases
                .iter()
                .for_each(|base| write_zigzag(&mut out, *base));
        }
        Stored {
            replica: self.core.id,
            last: self.core.own_last,
            version: snapshot.version,
            bytes: codec::close(out),
        }
    }

    /// From now on own changes are sent only once they are stored: [`Replica::changes_since`] keeps back what is not, and what
    /// came after it, until [`Replica::is_stored`] says so. Then, and only then, [`Replica::resume`] may be used.
    ///
    /// A status acknowledges nothing until it is stored either: a member that forgets what it has acknowledged would fall below
    /// the floor.
    ///
    /// [`Replica::snapshot`] and [`Replica::flush`] hand out everything: the caller asks for them by name. O(1).
    #[must_use]
    pub fn store_first(mut self) -> Self {
        self.core.stored = Some((Hlc::ZERO, Version::new()));
        self
    }

    /// Says that these bytes are in storage for good. O(1).
    pub fn is_stored(&mut self, stored: &Stored) {
        let ours = stored.replica == self.core.id;
        if let (Some((last, version)), true) = (&mut self.core.stored, ours)
            && stored.last >= *last
        {
            (*last, *version) = (stored.last, stored.version.clone());
        }
    }

    /// True when own changes wait to be stored before they are sent. O(1).
    #[must_use]
    pub fn unstored(&self) -> bool {
        self.core.behind_storage().is_some()
    }

    /// A replica from storage, under a fresh id. O(state).
    ///
    /// # Errors
    /// When the bytes cannot be read, or the id has been used.
    pub fn open(stored: &[u8], id: ReplicaId, clock: Clock) -> Result<Self, Error> {
        Self::open_with_state(stored, id, clock, T::default())
    }

    /// As [`Replica::open`], of a state whose shape is known only at run time. Nobody may have written to it yet. O(state).
    ///
    /// # Errors
    /// As there.
    pub fn open_with_state(
        stored: &[u8],
        id: ReplicaId,
        clock: Clock,
        state: T,
    ) -> Result<Self, Error> {
        let (_, _, snapshot, outbox) = read(stored)?;
        let used = outbox.iter().any(|own| own.change.replica == id);
        if used {
            return Err(Error::IdUsed(id));
        }
        let mut replica = Self::restore(id, clock, snapshot, state)?;
        replica.core.take_outbox(outbox);
        Ok(replica)
    }

    /// A replica from storage, under the id that it had. Only for who can prove that nothing was sent that is not in these bytes:
    /// with [`Replica::store_first`], and the bytes of the last store that succeeded. Otherwise two chains grow from one stamp.
    /// O(state).
    ///
    /// # Errors
    /// When the bytes cannot be read.
    pub fn resume(stored: &[u8], clock: Clock) -> Result<Self, Error> {
        Self::resume_with(stored, clock, T::default())
    }

    /// As [`Replica::resume`], of a state whose shape is known only at run time. Nobody may have written to it yet. O(state).
    ///
    /// # Errors
    /// As there.
    pub fn resume_with(stored: &[u8], clock: Clock, state: T) -> Result<Self, Error> {
        let (id, own_last, snapshot, outbox) = read(stored)?;
        let Self {
            mut state,
            mut core,
        } = Self::with_state(id, clock, state);
        core.merge_now(&mut state, &snapshot, &mut Applied::default())?;
        core.take_outbox(outbox);
        core.own_last = own_last;
        core.last = core.last.max(own_last);
        core.stored = Some((own_last, core.version.clone()));
        Ok(Self { state, core })
    }

    /// A copy under a fresh id, which goes on by itself: a draft, or a preview. It can be merged back. Seals the open change.
    /// O(state).
    ///
    /// # Errors
    /// [`Error::IdUsed`] when the id is known already.
    pub fn fork(&mut self, id: ReplicaId) -> Result<Self, Error> {
        let snapshot = self.snapshot();
        if id == self.core.id || snapshot.names(id) {
            return Err(Error::IdUsed(id));
        }
        let clock = self.core.clock.clone();
        let Self {
            mut state,
            mut core,
        } = Self::with_state(id, clock, self.state.fresh());
        core.merge_now(&mut state, &snapshot, &mut Applied::default())?;
        core.guard = self.core.guard;
        core.log = self.core.log.clone();
        core.closed = self.core.closed.clone();
        core.last = self.core.last;
        Ok(Self { state, core })
    }

    /// Own changes that are not known to be safe elsewhere and may be sent, oldest first, under the ids that they were made under:
    /// what a client submits to an authority. It reaches back further than the log. O(unsent changes) for all.
    pub fn unsent(&mut self) -> impl Iterator<Item = &Change> {
        self.core.flush(&mut self.state);
        let (id, behind) = (self.core.id, self.core.behind_storage());
        let stored = move |change: &&Change| {
            change.replica != id || behind.is_none_or(|stored| change.last() <= stored)
        };
        self.core
            .outbox
            .iter()
            .map(|own| &own.change)
            .filter(stored)
    }

    /// Says that somebody holds this for good, so that own changes in it need not be kept: what a server's durable
    /// acknowledgement is for. It must be of the chains that this replica knows; see [`Replica::forks`]. O(unsent changes).
    pub fn acknowledge(&mut self, version: &Version) {
        self.core.outbox.forget(version);
    }
}

impl Core {
    /// Takes what was unsent from storage, and logs it: it is sent as it was.
    fn take_outbox(&mut self, outbox: Outbox) {
        let mut start = self.version.clone();
        for own in outbox.iter().rev() {
            start.rewind(own.change.replica, own.change.prev);
        }
        self.log = self.log.emptied();
        self.log.skip_to(&start);
        for own in outbox.iter() {
            self.log.push(own.change.clone());
        }
        // What else was held when they were made is not known any more.
        self.log.skip_to(&Version::new());
        self.outbox = outbox;
    }

    /// Up to where own changes are stored, when there are some behind it and that matters.
    pub(super) fn behind_storage(&self) -> Option<Hlc> {
        let stored = self.stored.as_ref().map(|(last, _)| *last);
        let behind = stored.filter(|stored| self.own_last > *stored);
        behind.filter(|_| !on(Mutant::SentBeforeStored))
    }

    /// True when a restart would lose nothing, as far as this replica is told.
    pub(super) fn is_durable(&self) -> bool {
        let stored = self.stored.as_ref();
        stored.is_none_or(|(_, version)| *version == self.version)
    }
}

fn read(stored: &[u8]) -> Result<(ReplicaId, Hlc, Snapshot, Outbox), DecodeError> {
    let mut input: Dec<'_> = codec::open(stored, FORMAT, "format of a stored replica")?;
    let id = input.replica_id()?;
    let own_last = Hlc::from_bits(input.varint()?);
    let snapshot = Snapshot::decode(input.bytes()?)?;
    let count = input.count()?;
    let mut outbox = Outbox::with_room(count.min(input.rest().len() / LEAST_OWN));
    for _ in 0..count {
        let change = Change::decode(input.bytes()?)?;
        let count = input.count()?;
        // A counter has its total in the body too, and something before it that says what it is.
        if count > change.body.len() / 3 {
            return Err(DecodeError::Range("totals"));
        }
        let mut bases = Vec::with_capacity(count);
        for _ in 0..count {
            bases.push(input.zigzag()?);
        }
        outbox.push(Own { change, bases });
    }
    input.end()?;
    Ok((id, own_last, snapshot, outbox))
}
