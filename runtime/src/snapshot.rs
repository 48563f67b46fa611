//! [`Snapshot`]: a whole state with the version it covers. It is merged, never blindly loaded.

mod packed;

use std::sync::Arc;

use crate::codec::{self, Dec, DecodeError, write_bytes};
use crate::{Hlc, ReplicaId, Version};

/// The first byte of an encoded snapshot.
const FORMAT: u8 = 1;

/// Encoded state and the version that it covers. Clones share the state.
///
/// Law: merging snapshots is commutative, associative and idempotent, so two that were taken concurrently lose nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub(crate) version: Version,
    /// What has been collected, as far as it was collected; its greatest time is the floor of the version.
    pub(crate) floor: Version,
    /// The hash of the chain of each replica that the version names, in its order; zero where it is not known.
    pub(crate) chains: Vec<u64>,
    pub(crate) heads: Version,
    pub(crate) incomplete: bool,
    pub(crate) body: Arc<[u8]>,
}

impl Snapshot {
    /// What it covers. O(1).
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// What its author may have collected. Whoever merges it must hold all of that, or hold nothing. O(1).
    #[must_use]
    pub fn floor(&self) -> &Version {
        &self.floor
    }

    /// True when it tells of changes made under an id.
    pub(crate) fn names(&self, replica: ReplicaId) -> bool {
        self.version.get(replica) > Hlc::ZERO || self.floor.get(replica) > Hlc::ZERO
    }

    /// True when its author held changes that it could not read, made by a newer version. Such a snapshot restores a replica that
    /// holds nothing, and is merged into no other: what is missing from it would be taken for removed. O(1).
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Memory it takes while it is kept.
    pub(crate) fn weight(&self) -> usize {
        let named = self.version.iter().len() + self.floor.iter().len() + self.heads.iter().len();
        size_of::<Self>() + self.body.len() + named * 32
    }

    /// Its canonical bytes: format, version, floor, hashes of chains, heads, whether it is incomplete, state, checksum. Equal states
    /// over equal floors have equal bytes. O(bytes).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORMAT];
        self.version.encode_into(&mut out);
        self.floor.encode_into(&mut out);
        for chain in &self.chains {
            out.extend_from_slice(&chain.to_le_bytes());
        }
        self.heads.encode_into(&mut out);
        out.push(u8::from(self.incomplete));
        write_bytes(&mut out, &self.body);
        codec::close(out)
    }

    /// A snapshot from its bytes. The state is checked when it is merged. O(bytes); it takes at most eight times the bytes of
    /// memory, and 64 KiB.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] when the checksum does not fit: ask for it again. Anything else is final.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = codec::open(bytes, FORMAT, "snapshot format")?;
        let version = Version::decode_from(&mut input)?;
        let floor = read_floor(&mut input, &version)?;
        let chains = read_chains(&mut input, &version)?;
        let heads = Version::decode_from(&mut input)?;
        let mut times = version.lookup();
        let held = heads
            .iter()
            .all(|(replica, time)| times.get(replica) == Some(time));
        if !held || heads.floor() != Hlc::ZERO || heads.is_empty() != (version.iter().len() == 0) {
            return Err(DecodeError::NotCanonical("heads"));
        }
        let incomplete = input.bool()?;
        let body = input.bytes()?.into();
        input.end()?;
        Ok(Self {
            version,
            floor,
            chains,
            heads,
            incomplete,
            body,
        })
    }
}

/// A floor that fits a version: its greatest time is the time below which the version holds everything.
pub(crate) fn read_floor(input: &mut Dec<'_>, version: &Version) -> Result<Version, DecodeError> {
    let floor = Version::decode_from(input)?;
    let moved = floor.iter().len() > 0 || floor.floor() == Hlc::ZERO;
    if floor.max_time() != version.floor() || !moved {
        return Err(DecodeError::NotCanonical("floor"));
    }
    Ok(floor)
}

/// A hash for each replica that a version names.
pub(crate) fn read_chains(input: &mut Dec<'_>, version: &Version) -> Result<Vec<u64>, DecodeError> {
    let entries = version.iter();
    entries
        .map(|_| input.array().map(u64::from_le_bytes))
        .collect()
}
