//! What is said of a tree on the wire.
//!
//! | | |
//! |---|---|
//! | offer | 16 bytes of root, then a snapshot without its state |
//! | question | 16 bytes of root, count, then places |
//! | answer | 16 bytes of root, count, then per node: place, 0 and count and per child its nibble and 8 bytes of hash, or 1 and count and per leaf its path and its content, each with its length |
//! | place | nibbles with their count, two to a byte, the first in the upper half |

use super::tree::DEPTH;
use crate::Snapshot;
use crate::codec::{Dec, DecodeError, write_bytes, write_varint};

/// So many places may stand in a question, and so many nodes in an answer.
pub(crate) const MAX_PLACES: usize = 1_024;

/// A place in a tree: the first nibbles of the hashes of the paths below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The nibbles from above, and zeroes.
    bits: u128,
    depth: u8,
}

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// The nibbles under which children stand, with the lower halves of their hashes.
    Branch(Vec<(u8, u64)>),
    /// Paths and contents: of one leaf, unless the hashes of paths collide.
    Leaves(Vec<(Vec<u8>, Vec<u8>)>),
}

/// A state, described by the root of its tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The hash of all of it.
    pub root: u128,
    /// The version and all that a snapshot says beside its state, which is left out.
    pub head: Snapshot,
}

/// Which places of a tree are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Of the tree with this root.
    pub root: u128,
    /// The places, ascending; the root of it has none of its nibbles.
    pub places: Vec<Place>,
}

/// What stands at places of a tree. Places that were asked for and are not in it have to be asked for again; with no node at all,
/// the tree is not there any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Of the tree with this root.
    pub root: u128,
    /// The nodes, by place.
    pub nodes: Vec<(Place, Node)>,
}

impl Place {
    /// The place of the whole tree.
    pub const ROOT: Self = Self { bits: 0, depth: 0 };

    /// The place of a child.
    #[must_use]
    pub fn child(&self, nibble: u8) -> Self {
        if usize::from(self.depth) >= DEPTH {
            return *self;
        }
        let digit = u128::from(nibble & 15) << (124 - 4 * u32::from(self.depth));
        Self {
            bits: self.bits | digit,
            depth: self.depth + 1,
        }
    }

    pub(super) fn nibbles(&self) -> impl Iterator<Item = u8> {
        let bits = self.bits;
        (0..usize::from(self.depth)).map(move |depth| super::tree::nibble(bits, depth))
    }

    /// The least and the greatest hash of a path below it.
    pub(super) fn range(&self) -> (u128, u128) {
        let free = 128 - 4 * u32::from(self.depth);
        let tail = u128::MAX.checked_shr(128 - free).unwrap_or(0);
        (self.bits, self.bits | tail)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.depth);
        let bytes = usize::from(self.depth).div_ceil(2);
        out.extend_from_slice(&self.bits.to_be_bytes()[..bytes]);
    }

    fn decode(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let depth = input.u8()?;
        if usize::from(depth) > DEPTH {
            return Err(DecodeError::Range("place"));
        }
        let mut bits = [0; 16];
        let bytes = usize::from(depth).div_ceil(2);
        bits[..bytes].copy_from_slice(input.take(bytes)?);
        let place = Self {
            bits: u128::from_be_bytes(bits),
            depth,
        };
        if depth % 2 == 1 && bits[bytes - 1] & 15 != 0 {
            return Err(DecodeError::NotCanonical("place"));
        }
        Ok(place)
    }
}

impl Offer {
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.root.to_le_bytes());
        out.extend_from_slice(&self.head.encode());
    }

    pub(crate) fn decode(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let root = u128::from_le_bytes(input.array()?);
        let head = Snapshot::decode(input.take(input.rest().len())?)?;
        if !head.body.is_empty() {
            return Err(DecodeError::NotCanonical("offer"));
        }
        Ok(Self { root, head })
    }
}

impl Question {
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.root.to_le_bytes());
        write_varint(out, self.places.len() as u64);
        self.places.iter().for_each(|place| place.encode(out));
    }

    pub(crate) fn decode(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let root = u128::from_le_bytes(input.array()?);
        let places = ascending(input, Place::decode, |place| *place)?;
        Ok(Self { root, places })
    }
}

impl Answer {
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.root.to_le_bytes());
        write_varint(out, self.nodes.len() as u64);
        for (place, node) in &self.nodes {
            place.encode(out);
            node.encode(out);
        }
    }

    pub(crate) fn decode(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let root = u128::from_le_bytes(input.array()?);
        let node = |input: &mut Dec<'_>| Ok((Place::decode(input)?, Node::decode(input)?));
        let nodes = ascending(input, node, |(place, _)| *place)?;
        Ok(Self { root, nodes })
    }
}

impl Node {
    /// Bytes on the wire, about.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Branch(children) => 20 + children.len() * 9,
            Self::Leaves(leaves) => leaves
                .iter()
                .map(|(path, content)| 26 + path.len() + content.len())
                .sum(),
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Branch(children) => {
                out.push(0);
                write_varint(out, children.len() as u64);
                for (nibble, hash) in children {
                    out.push(*nibble);
                    out.extend_from_slice(&hash.to_le_bytes());
                }
            }
            Self::Leaves(leaves) => {
                out.push(1);
                write_varint(out, leaves.len() as u64);
                for (path, content) in leaves {
                    write_bytes(out, path);
                    write_bytes(out, content);
                }
            }
        }
    }

    fn decode(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        let branch = input.u8()?;
        match branch {
            0 => {
                let child = |input: &mut Dec<'_>| match input.u8()? {
                    nibble @ 0..16 => Ok((nibble, u64::from_le_bytes(input.array()?))),
                    _ => Err(DecodeError::Range("child")),
                };
                Ok(Self::Branch(ascending(input, child, |(nibble, _)| {
                    *nibble
                })?))
            }
            1 => {
                let leaf =
                    |input: &mut Dec<'_>| Ok((input.bytes()?.to_vec(), input.bytes()?.to_vec()));
                Ok(Self::Leaves(ascending(input, leaf, |(path, _)| {
                    path.clone()
                })?))
            }
            tag => Err(DecodeError::UnknownTag { what: "node", tag }),
        }
    }
}

/// Up to a bound of things, strictly ascending.
fn ascending<T, K: PartialOrd>(
    input: &mut Dec<'_>,
    mut read: impl FnMut(&mut Dec<'_>) -> Result<T, DecodeError>,
    key: impl Fn(&T) -> K,
) -> Result<Vec<T>, DecodeError> {
    let count = input.count()?;
    if count > MAX_PLACES {
        return Err(DecodeError::Range("places"));
    }
    let mut all: Vec<T> = Vec::new();
    for _ in 0..count {
        let next = read(input)?;
        if all.last().is_some_and(|last| key(last) >= key(&next)) {
            return Err(DecodeError::NotCanonical("places"));
        }
        all.push(next);
    }
    Ok(all)
}
