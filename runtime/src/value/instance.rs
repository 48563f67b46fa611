//! [`InstanceId`]: the identity of something that was spawned.

use std::fmt;

use super::{Element, Value};
use crate::codec::{Dec, DecodeError, ValueKind};
use crate::{Hlc, ReplicaId, Stamp};

/// The identity of something that was spawned while the program ran: by whom, when, and as which of its change. Ids sort by
/// the time of spawning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId {
    time: Hlc,
    replica: ReplicaId,
    number: u16,
}

impl InstanceId {
    /// The length of its encoding: time, replica and number, each with its greatest byte first, so that bytes sort as ids do.
    pub(crate) const LEN: usize = 18;

    /// The identity of what `replica` spawned at `time`, as number `number` of its change.
    #[must_use]
    pub fn new(time: Hlc, replica: ReplicaId, number: u16) -> Self {
        Self {
            time,
            replica,
            number,
        }
    }

    /// Who spawned it.
    #[must_use]
    pub fn replica(&self) -> ReplicaId {
        self.replica
    }

    /// When and by whom it was spawned.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp::new(self.time, self.replica)
    }

    pub(crate) fn from_bytes(bytes: [u8; Self::LEN]) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r] = bytes;
        let replica = u64::from_be_bytes([i, j, k, l, m, n, o, p]);
        Some(Self {
            time: Hlc::from_bits(u64::from_be_bytes([a, b, c, d, e, f, g, h])),
            replica: ReplicaId::new(replica)?,
            number: u16::from_be_bytes([q, r]),
        })
    }
}

/// As 36 hexadecimal digits, which sort as ids do.
impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (time, replica) = (self.time.bits(), self.replica.get());
        write!(f, "{time:016x}{replica:016x}{:04x}", self.number)
    }
}

/// Text that is no [`InstanceId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an instance id is 36 hexadecimal digits")]
pub struct ParseInstanceIdError;

impl std::str::FromStr for InstanceId {
    type Err = ParseInstanceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.as_bytes();
        if digits.len() != 2 * Self::LEN || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(ParseInstanceIdError);
        }
        let part = |range: std::ops::Range<usize>| {
            u64::from_str_radix(&text[range], 16).map_err(|_| ParseInstanceIdError)
        };
        Ok(Self {
            time: Hlc::from_bits(part(0..16)?),
            replica: ReplicaId::new(part(16..32)?).ok_or(ParseInstanceIdError)?,
            number: u16::try_from(part(32..36)?).map_err(|_| ParseInstanceIdError)?,
        })
    }
}

impl Element for InstanceId {
    type Tag = ();

    fn kind((): &()) -> ValueKind {
        ValueKind::InstanceId
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.time.bits().to_be_bytes());
        out.extend_from_slice(&self.replica.get().to_be_bytes());
        out.extend_from_slice(&self.number.to_be_bytes());
    }

    fn decode((): &(), input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        input.instance_id()
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn feed<H: std::hash::Hasher>(&self, hasher: &mut H) {
        std::hash::Hash::hash(self, hasher);
    }

    fn size(&self) -> usize {
        Self::LEN
    }

    fn to_value(&self) -> Value {
        Value::Str(self.to_string())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) => text.parse().ok(),
            _ => None,
        }
    }
}
