//! [`Body`]: the bytes of a change. Most changes are a few bytes, which stand in place; others are shared. What they say is not
//! known here.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// So many bytes stand in place.
const FEW: usize = 30;

/// Bytes that never change; a clone takes no memory of its own.
#[derive(Clone)]
pub(crate) struct Body(Held);

#[derive(Clone)]
enum Held {
    Few(u8, [u8; FEW]),
    Shared(Arc<[u8]>),
}

impl Body {
    /// What stands behind one byte, and that.
    pub(crate) fn behind(first: u8, rest: &[u8]) -> Self {
        let mut bytes = [0; FEW];
        if let Some(held) = bytes.get_mut(1..=rest.len()) {
            held.copy_from_slice(rest);
            bytes[0] = first;
            return Self(Held::Few(rest.len() as u8 + 1, bytes));
        }
        Self(Held::Shared([&[first], rest].concat().into()))
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        match bytes.split_first() {
            Some((first, rest)) if bytes.len() <= FEW => Self::behind(*first, rest),
            Some(_) => Self(Held::Shared(bytes.into())),
            None => Self(Held::Few(0, [0; FEW])),
        }
    }
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Held::Few(len, bytes) => bytes.get(..usize::from(*len)).unwrap_or(bytes),
            Held::Shared(bytes) => bytes,
        }
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Body {}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_bytes_wherever_they_stand() {
        let all: Vec<u8> = (1..=2 * FEW as u8).collect();
        for len in 0..all.len() {
            let bytes = &all[..len];
            assert_eq!(&*Body::from(bytes), bytes);
            assert_eq!(*Body::behind(9, bytes), *[&[9], bytes].concat());
        }
    }
}
