//! Reading the leaves of a state, where stamps are whole and nothing leans on what came before; see [`crate::codec::Mode`].

use super::{Dec, DecodeError};
use crate::{Hlc, Stamp};

impl<'a> Dec<'a> {
    /// A reader of the leaves of a state, in the order of their paths.
    pub(crate) fn leaves(bytes: &'a [u8]) -> Self {
        Self {
            leaves: true,
            ..Self::plain(bytes)
        }
    }

    /// True where a state has been cut into leaves.
    pub(crate) fn in_leaves(&self) -> bool {
        self.leaves
    }

    /// Runs `inner` on a body of its own; see [`super::Enc::own_body`].
    pub(crate) fn own_body<R>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<R, DecodeError>,
    ) -> Result<R, DecodeError> {
        let mut body = Self::body(self.bytes()?, Hlc::MAX)?;
        (body.depth, body.rows, body.maps) = (self.depth, self.rows, self.maps);
        let result = inner(&mut body)?;
        body.end()?;
        Ok(result)
    }

    /// A stamp that leans on no table.
    pub(super) fn whole_stamp(&mut self) -> Result<Stamp, DecodeError> {
        if !self.bool()? {
            return Ok(Stamp::ORIGIN);
        }
        let replica = self.replica_id()?;
        match self.varint()? {
            0 => Err(DecodeError::Range("time")),
            time => Ok(Stamp::new(Hlc::from_bits(time), replica)),
        }
    }
}
