//! [`Status`]: what a replica says of itself before it sends anything, and what another concludes from it.
//!
//! A status costs O(replicas) and holds no content. It shows chains that two replicas write to, states that differ though
//! they must not, floors that were laid, and to the members of a list what everybody has.

use super::core::Core;
use super::{Applied, Replica};
use crate::codec::{self, Dec, DecodeError, write_varint};
use crate::crdt::{Crdt, Synced};
use crate::snapshot::{read_chains, read_floor};
use crate::{Hlc, ReplicaId, Version};

/// The first byte of an encoded status.
const FORMAT: u8 = 1;

/// Of a closed chain so many of the last places and hashes are told.
const TRAIL: usize = 256;

/// What a replica holds, in numbers and hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub(super) replica: ReplicaId,
    /// The last time of its own chain.
    pub(super) last: Hlc,
    pub(super) version: Version,
    pub(super) floor: Version,
    pub(super) chains: Vec<u64>,
    pub(super) state: Option<u128>,
    /// Chains that it has closed: the ends of the changes it holds of each, and the hash of each change alone.
    pub(super) closed: Vec<(ReplicaId, Vec<(Hlc, u64)>)>,
    /// Members that it has stopped listening to.
    pub(super) expelled: Vec<ReplicaId>,
    /// It will still hold this after a restart, as far as it knows; only then does it acknowledge anything.
    pub(super) durable: bool,
}

/// What comparing with a peer's status showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// Chains that two replicas write to. With one's own id among them, [`Replica::restamp`] is the way on.
    pub forks: Vec<Fork>,
    /// Both hold the same changes, and not the same state. That is a defect, here or there: report it.
    pub diverged: Option<Divergence>,
    /// Changes made here lie below what the peer has collected: [`Replica::restamp`] on its snapshot.
    pub below_floor: bool,
}

/// A chain that two replicas write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fork {
    /// The id that both use.
    pub replica: ReplicaId,
    /// How much of the chain was held here when it was closed. What lies behind is not taken.
    pub held: Hlc,
}

/// Two states at one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The hash of the state here.
    pub ours: u128,
    /// The hash of the peer's.
    pub theirs: u128,
}

impl Status {
    /// Whose it is. O(1).
    #[must_use]
    pub fn replica(&self) -> ReplicaId {
        self.replica
    }

    /// What it holds. O(1).
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Its canonical bytes. O(replicas).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORMAT];
        out.extend_from_slice(&self.replica.get().to_le_bytes());
        write_varint(&mut out, self.last.bits());
        self.version.encode_into(&mut out);
        self.floor.encode_into(&mut out);
        for chain in &self.chains {
            out.extend_from_slice(&chain.to_le_bytes());
        }
        out.push(u8::from(self.state.is_some()));
        if let Some(state) = self.state {
            out.extend_from_slice(&state.to_le_bytes());
        }
        write_varint(&mut out, self.closed.len() as u64);
        for (replica, trail) in &self.closed {
            out.extend_from_slice(&replica.get().to_le_bytes());
            write_varint(&mut out, trail.len() as u64);
            for (last, hash) in trail {
                write_varint(&mut out, last.bits());
                out.extend_from_slice(&hash.to_le_bytes());
            }
        }
        write_varint(&mut out, self.expelled.len() as u64);
        for replica in &self.expelled {
            out.extend_from_slice(&replica.get().to_le_bytes());
        }
        out.push(u8::from(self.durable));
        codec::close(out)
    }

    /// A status from its bytes. O(bytes); it takes at most eight times the bytes of memory, and 64 KiB.
    ///
    /// # Errors
    /// When they are damaged, or not canonical.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = codec::open(bytes, FORMAT, "status format")?;
        let replica = input.replica_id()?;
        let last = Hlc::from_bits(input.varint()?);
        let version = Version::decode_from(&mut input)?;
        let floor = read_floor(&mut input, &version)?;
        let chains = read_chains(&mut input, &version)?;
        let mut state = None;
        if input.bool()? {
            state = Some(u128::from_le_bytes(input.array()?));
        }
        let closed = ascending(&mut input, |input| Ok((input.replica_id()?, trail(input)?)))?;
        let expelled = ascending(&mut input, |input| input.replica_id())?;
        let durable = input.bool()?;
        input.end()?;
        Ok(Self {
            replica,
            last,
            version,
            floor,
            chains,
            state,
            closed,
            expelled,
            durable,
        })
    }
}

fn ascending<T: PartialOrd>(
    input: &mut Dec<'_>,
    mut read: impl FnMut(&mut Dec<'_>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let count = input.count()?;
    // No more than there can be: each takes its eight bytes of an id or a hash, and mostly one more.
    let mut all: Vec<T> = Vec::with_capacity(count.min(input.rest().len() / 8));
    for _ in 0..count {
        let next = read(input)?;
        if all.last().is_some_and(|last| *last >= next) {
            return Err(DecodeError::NotCanonical("status"));
        }
        all.push(next);
    }
    Ok(all)
}

fn trail(input: &mut Dec<'_>) -> Result<Vec<(Hlc, u64)>, DecodeError> {
    ascending(input, |input| {
        let last = Hlc::from_bits(input.varint()?);
        Ok((last, u64::from_le_bytes(input.array()?)))
    })
}

impl<T: Synced> Replica<T> {
    /// What this replica holds, for peers to compare with. Seals the open change. O(replicas).
    pub fn status(&mut self) -> Status {
        self.core.flush(&mut self.state);
        self.core.status()
    }

    /// The same with a hash of the state, which shows whether two replicas with the same changes differ. There is none while own
    /// changes wait to be stored. O(state).
    pub fn full_status(&mut self) -> Status {
        let hash = self.state_hash();
        Status {
            state: (!self.unstored()).then_some(hash),
            ..self.core.status()
        }
    }

    /// Compares with what a peer says of itself: notices forks and divergence, and takes the peer's floor where everything held
    /// there is held here. Seals the open change. O(replicas), and O(state) when the floor moves or hashes are compared.
    pub fn observe(&mut self, status: &Status) -> Standing {
        self.core.observe(&mut self.state, status)
    }

    /// The chains that two replicas write to, as far as that was noticed. O(forks).
    pub fn forks(&self) -> impl ExactSizeIterator<Item = Fork> {
        let closed = self.core.closed.iter();
        closed.map(|(replica, held)| Fork {
            replica: *replica,
            held: *held,
        })
    }

    /// Takes no more of a chain: what an authority does before it hands out the snapshot that the chain's author restamps on, so that
    /// nothing that is still under way comes in beside what is made again. O(changes that wait).
    pub fn close_chain(&mut self, replica: ReplicaId) {
        self.core.close(replica, &mut Applied::default());
    }

    /// True when this replica can go on only by [`Replica::restamp`]: an id under which it has unsent changes is closed, or what it
    /// wrote lies so far in the future that others hold it back. O(unsent changes).
    #[must_use]
    pub fn must_restamp(&self) -> bool {
        let core = &self.core;
        let ahead = |time| core.is_ahead(time, core.guard.hold_ms);
        let mut unsent = core.outbox.iter().map(|own| &own.change);
        core.closed.contains_key(&core.id)
            || unsent.any(|it| core.closed.contains_key(&it.replica) || ahead(it.last()))
    }
}

impl Core {
    fn status(&self) -> Status {
        let closed = self.closed.keys().map(|replica| {
            let ends = self.log.chain(*replica).rev().take(TRAIL);
            let mut ends: Vec<_> = ends.map(|it| (it.last(), it.chain_hash(0))).collect();
            ends.reverse();
            (*replica, ends)
        });
        let (mut version, mut last) = (self.version.clone(), self.own_last);
        let mut chains = self.chains.clone();
        if let Some(stored) = self.behind_storage() {
            // What is not stored may be made again as something else, so nobody hears of it.
            version.rewind(self.id, stored);
            chains.set(self.id, 0);
            last = stored;
        }
        Status {
            replica: self.id,
            last,
            floor: self.floor.clone(),
            chains: chains.of(&version),
            version,
            state: None,
            closed: closed.collect(),
            expelled: self.expelled(),
            durable: self.is_durable(),
        }
    }

    fn observe(&mut self, state: &mut dyn Crdt, status: &Status) -> Standing {
        self.flush(state);
        let mut standing = Standing::default();
        self.is_out |= status.expelled.binary_search(&self.id).is_ok();
        self.find_forks(status, &mut standing);
        if status.version.floor() > self.version.floor() {
            standing.below_floor = self.made_below(&status.floor, &status.version);
            if !standing.below_floor && self.version.covers_all(&status.floor) && self.holds(status)
            {
                self.lay_floor(state, &status.floor);
            }
        }
        if standing.forks.is_empty() {
            self.find_forks(status, &mut standing);
        }
        self.learn_chains(status);
        if self.version == status.version
            && standing.forks.is_empty()
            && let Some(theirs) = status.state
        {
            let ours = self.state_hash(state);
            standing.diverged = (ours != theirs).then_some(Divergence { ours, theirs });
        }
        self.hear(status);
        standing
    }

    /// True when everything that the peer holds is held here.
    fn holds(&self, status: &Status) -> bool {
        let mut theirs = status.version.iter();
        theirs.all(|(replica, last)| self.version.get(replica) >= last)
    }

    /// Takes hashes of chains that are not known here, as after a floor that the log does not reach back to. Not of own chains:
    /// they would hide that another writes to them.
    fn learn_chains(&mut self, status: &Status) {
        if status.version.floor() == self.version.floor() {
            for ((replica, last), hash) in status.version.iter().zip(&status.chains) {
                let mut unsent = self.outbox.iter();
                let own = unsent.any(|own| own.change.replica == replica);
                let same = self.version.get(replica) == last;
                if same && !own && self.chains.get(replica) == 0 {
                    self.chains.set(replica, *hash);
                }
            }
        }
    }

    fn find_forks(&mut self, status: &Status, standing: &mut Standing) {
        let mut found = Vec::new();
        found.extend(self.differing_chain(&status.version, &status.chains));
        if status.version.get(self.id) > self.own_last {
            found.push(self.id);
        }
        for (replica, _) in &status.closed {
            let mut unsent = self.outbox.iter();
            if *replica == self.id || unsent.any(|own| own.change.replica == *replica) {
                found.push(*replica);
            }
        }
        if !found.is_empty() {
            self.trail = Some(status.clone());
        }
        for replica in found {
            self.close(replica, &mut Applied::default());
            standing.forks.push(Fork {
                replica,
                held: self.version.get(replica),
            });
        }
    }
}
