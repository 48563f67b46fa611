//! [`Proof`]: that a leaf is in a tree, or that none is, for who knows only the root.

use super::MerkleTree;
use super::tree::{DEPTH, hash_branch, hash_leaf, nibble, place_of};

/// The hashes beside the way from the root to a leaf. Its size is O(log n).
///
/// Against forgery it is as strong as the hash, which is a fast one: it tells accidents and honest mistakes apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The children of each branch on the way, from the root.
    way: Vec<Vec<(u8, u128)>>,
    /// The hash of another leaf in whose place the path would stand.
    stands_there: Option<(Vec<u8>, Vec<u8>)>,
}

impl MerkleTree {
    /// A proof of what stands at a path, or that nothing does. O(log n).
    #[must_use]
    pub fn prove(&self, path: &[u8]) -> Proof {
        let mut way = self.way(place_of(path));
        let mut stands_there = None;
        if self.content(path).is_none()
            && let Some(last) = way.last()
        {
            let depth = way.len() - 1;
            let digit = nibble(place_of(path), depth);
            if last.iter().any(|(held, _)| *held == digit) {
                stands_there = self.iter().find(|(other, _)| {
                    let place = place_of(other);
                    (0..=depth).all(|at| nibble(place, at) == nibble(place_of(path), at))
                });
            }
        }
        way.shrink_to_fit();
        Proof {
            way,
            stands_there: stands_there.map(|(path, content)| (path.to_vec(), content.to_vec())),
        }
    }
}

impl Proof {
    /// True when, in a tree with this root, this stands at the path; none for nothing. O(log n).
    #[must_use]
    pub fn verify(&self, root: u128, path: &[u8], content: Option<&[u8]>) -> bool {
        let Some(found) = self.reached(root, place_of(path)) else {
            return false;
        };
        match (found, content, &self.stands_there) {
            (Some(hash), Some(content), None) => hash == hash_leaf(path, content),
            (None, None, None) => true,
            (Some(hash), None, Some((other, held))) => {
                other != path && hash == hash_leaf(other, held)
            }
            _ => false,
        }
    }

    /// The hash that the way leads to below the root, or that it leads to nothing; none when it does not belong to the root.
    fn reached(&self, root: u128, place: u128) -> Option<Option<u128>> {
        if self.way.is_empty() {
            return (root == 0).then_some(None);
        }
        let mut expected = Some(root);
        for (depth, children) in self.way.iter().enumerate() {
            if depth >= DEPTH || expected? != hash_branch(children.iter().copied()) {
                return None;
            }
            let digit = nibble(place, depth);
            let found = children.iter().find(|(held, _)| *held == digit);
            expected = found.map(|(_, hash)| *hash);
            if expected.is_none() && depth + 1 < self.way.len() {
                return None;
            }
        }
        Some(expected)
    }
}
