//! [`Snapshot`]: a whole state with the version it covers. It is merged, never blindly loaded.

use std::sync::Arc;

use crate::codec::{self, DecodeError, write_bytes};
use crate::{Hlc, Version};

/// The first byte of an encoded snapshot.
const FORMAT: u8 = 1;

/// Encoded state and the version that it covers. Clones share the state.
///
/// Law: merging snapshots is commutative, associative and idempotent, so two that were taken concurrently lose nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub(crate) version: Version,
    pub(crate) heads: Version,
    pub(crate) incomplete: bool,
    pub(crate) body: Arc<[u8]>,
}

impl Snapshot {
    /// What it covers.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// True when its author held changes that it could not read, made by a newer version. Such a snapshot restores a replica that
    /// holds nothing, and is merged into no other: what is missing from it would be taken for removed.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Its canonical bytes: format, version, heads, whether it is incomplete, state, checksum. Equal states at equal versions have equal bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORMAT];
        self.version.encode_into(&mut out);
        self.heads.encode_into(&mut out);
        out.push(u8::from(self.incomplete));
        write_bytes(&mut out, &self.body);
        codec::close(out)
    }

    /// A snapshot from its bytes. The state is checked when it is merged.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] when the checksum does not fit: ask for it again. Anything else is final.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = codec::open(bytes, FORMAT, "snapshot format")?;
        let version = Version::decode_from(&mut input)?;
        let heads = Version::decode_from(&mut input)?;
        let held = heads
            .iter()
            .all(|(replica, time)| version.get(replica) == time);
        if !held || heads.floor() != Hlc::ZERO || heads.is_empty() != version.is_empty() {
            return Err(DecodeError::NotCanonical("heads"));
        }
        let incomplete = input.bool()?;
        let body = input.bytes()?.into();
        input.end()?;
        Ok(Self {
            version,
            heads,
            incomplete,
            body,
        })
    }
}
