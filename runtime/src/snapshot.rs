//! [`Snapshot`]: a whole state with the version it covers. It is merged, never blindly loaded.

use std::sync::Arc;

use crate::codec::{Dec, DecodeError, checksum, write_bytes};
use crate::{Hlc, ReplicaId, Version};

/// The first byte of an encoded snapshot.
const FORMAT: u8 = 1;

/// Encoded state and the version that it covers. Clones share the state.
///
/// Law: merging snapshots is commutative, associative and idempotent, so two that were taken concurrently lose nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub(crate) version: Version,
    pub(crate) heads: Vec<(ReplicaId, Hlc)>,
    pub(crate) body: Arc<[u8]>,
}

impl Snapshot {
    /// What it covers.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Its canonical bytes: format, version, heads, state, checksum. Equal states at equal versions have equal bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORMAT];
        self.version.encode_into(&mut out);
        let mut heads = Version::new();
        self.heads
            .iter()
            .for_each(|(replica, time)| heads.advance(*replica, *time));
        heads.encode_into(&mut out);
        write_bytes(&mut out, &self.body);
        out.extend_from_slice(&checksum(&out));
        out
    }

    /// A snapshot from its bytes. The state is checked when it is merged.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] when the checksum does not fit: ask for it again. Anything else is final.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (content, sum) = bytes
            .split_last_chunk::<4>()
            .ok_or(DecodeError::Truncated)?;
        if checksum(content) != *sum {
            return Err(DecodeError::Damaged);
        }
        let mut input = Dec::plain(content);
        match input.u8()? {
            FORMAT => {}
            tag => {
                return Err(DecodeError::UnknownTag {
                    what: "snapshot format",
                    tag,
                });
            }
        }
        let version = Version::decode_from(&mut input)?;
        let heads = Version::decode_from(&mut input)?;
        if heads.floor() != Hlc::ZERO
            || heads
                .iter()
                .any(|(replica, time)| version.get(replica) < time)
        {
            return Err(DecodeError::NotCanonical("heads"));
        }
        let body = input.bytes()?.into();
        input.end()?;
        Ok(Self {
            version,
            heads: heads.iter().collect(),
            body,
        })
    }
}
