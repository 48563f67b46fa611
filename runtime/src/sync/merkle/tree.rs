//! [`MerkleTree`]: a tree of hashes whose shape depends on content alone.

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::exchange::{Node, Place};
use crate::{Replica, Synced};

/// A tree of hashes over leaves, each a path and some bytes.
///
/// A leaf stands where the hash of its path says, as deep as it takes to tell it from the others, so the same leaves make the
/// same tree in whatever order they came. A node has up to 16 children. Of n leaves, of which k differ, comparing two trees
/// looks at O(k log n) nodes.
///
/// Cost: building is O(n log n), [`MerkleTree::node`] and [`MerkleTree::content`] are O(log n). The hashes (XXH3, 128 bits) tell accidents apart, not
/// forgeries.
///
/// ```
/// use holo_runtime::sync::MerkleTree;
///
/// let here = MerkleTree::new([("a", "1"), ("b", "2"), ("c", "3")]);
/// let there = MerkleTree::new([("c", "3"), ("b", "5"), ("a", "1")]);
/// assert_ne!(here.root(), there.root());
/// assert_eq!(here.differing(&there), [b"b"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct MerkleTree {
    /// Paths and contents, one behind another.
    bytes: Vec<u8>,
    /// By the place of the path.
    leaves: Vec<Leaf>,
    /// Branches; a parent stands behind its children, and the root last.
    branches: Vec<Branch>,
    root: u128,
}

#[derive(Clone, Copy, Debug)]
struct Leaf {
    place: u128,
    hash: u128,
    start: usize,
    path: usize,
    content: usize,
}

#[derive(Clone, Debug)]
struct Branch {
    hash: u128,
    /// The children by nibble.
    children: Vec<(u8, Child)>,
}

/// What stands below a branch.
#[derive(Clone, Copy, Debug)]
enum Child {
    Branch(usize),
    /// Leaves of one place: one, unless hashes of paths collide.
    Leaves(usize, usize),
}

/// A path is 32 nibbles of its hash deep at most.
pub(super) const DEPTH: usize = 32;

/// Where a path stands.
pub(super) fn place_of(path: &[u8]) -> u128 {
    xxh3_128(path)
}

pub(super) fn nibble(place: u128, depth: usize) -> u8 {
    (place >> (124 - 4 * depth)) as u8 & 15
}

/// The hash of a leaf.
pub(super) fn hash_leaf(path: &[u8], content: &[u8]) -> u128 {
    let mut hash = Xxh3::new();
    hash.update(&(path.len() as u64).to_le_bytes());
    hash.update(path);
    hash.update(content);
    hash.digest128()
}

/// The hash of a branch from those of its children.
pub(super) fn hash_branch(children: impl IntoIterator<Item = (u8, u128)>) -> u128 {
    let mut hash = Xxh3::with_seed(1);
    for (nibble, child) in children {
        hash.update(&[nibble]);
        hash.update(&child.to_le_bytes());
    }
    hash.digest128()
}

impl MerkleTree {
    /// A tree over paths and contents. Of two leaves with one path the last counts.
    pub fn new<P: AsRef<[u8]>, C: AsRef<[u8]>>(leaves: impl IntoIterator<Item = (P, C)>) -> Self {
        let mut tree = Self::default();
        for (path, content) in leaves {
            tree.push(path.as_ref(), content.as_ref());
        }
        tree.finish();
        tree
    }

    /// The tree of what a replica holds. Seals its open change. Two replicas that have collected up to the same floor and hold the
    /// same changes have the same tree. O(state).
    pub fn of<T: Synced>(replica: &mut Replica<T>) -> Self {
        Self::new(replica.leaves().1)
    }

    pub(super) fn push(&mut self, path: &[u8], content: &[u8]) {
        self.leaves.push(Leaf {
            place: place_of(path),
            hash: hash_leaf(path, content),
            start: self.bytes.len(),
            path: path.len(),
            content: content.len(),
        });
        self.bytes.extend_from_slice(path);
        self.bytes.extend_from_slice(content);
    }

    pub(super) fn finish(&mut self) {
        let mut leaves = std::mem::take(&mut self.leaves);
        leaves.sort_by(|a, b| {
            let paths = || self.path(a).cmp(self.path(b));
            a.place.cmp(&b.place).then_with(paths)
        });
        // The sort is stable: of one path the last stands last.
        leaves.reverse();
        leaves.dedup_by(|a, b| a.place == b.place && self.path(a) == self.path(b));
        leaves.reverse();
        self.leaves = leaves;
        self.branches.clear();
        self.root = match self.leaves.len() {
            0 => 0,
            len => {
                let root = self.branch(0, len, 0);
                self.branches[root].hash
            }
        };
    }

    /// Makes the branch over some leaves, and all below it.
    fn branch(&mut self, start: usize, end: usize, depth: usize) -> usize {
        let mut children = Vec::new();
        let mut from = start;
        while from < end {
            let digit = nibble(self.leaves[from].place, depth);
            let rest = &self.leaves[from..end];
            let to = from + rest.partition_point(|leaf| nibble(leaf.place, depth) == digit);
            let single = self.leaves[from].place == self.leaves[to - 1].place;
            let child = match single || depth + 1 == DEPTH {
                true => Child::Leaves(from, to),
                false => Child::Branch(self.branch(from, to, depth + 1)),
            };
            children.push((digit, child));
            from = to;
        }
        let hash = hash_branch(
            children
                .iter()
                .map(|(digit, child)| (*digit, self.hash(*child))),
        );
        self.branches.push(Branch { hash, children });
        self.branches.len() - 1
    }

    fn hash(&self, child: Child) -> u128 {
        match child {
            Child::Branch(index) => self.branches[index].hash,
            Child::Leaves(from, to) => match &self.leaves[from..to] {
                [leaf] => leaf.hash,
                many => hash_branch(many.iter().map(|leaf| (16, leaf.hash))),
            },
        }
    }

    /// The hash of all of it; zero where there is no leaf.
    #[must_use]
    pub fn root(&self) -> u128 {
        self.root
    }

    /// How many leaves it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.leaves.len()
    }

    /// True when it has no leaf.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// What stands at a path.
    #[must_use]
    pub fn content(&self, path: &[u8]) -> Option<&[u8]> {
        let place = place_of(path);
        let from = self.leaves.partition_point(|leaf| leaf.place < place);
        let mut here = self.leaves[from..].iter();
        let found = here.find(|leaf| leaf.place != place || self.path(leaf) == path)?;
        (found.place == place).then(|| self.content_of(found))
    }

    /// Paths and contents, in the order of the hashes of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let leaves = self.leaves.iter();
        leaves.map(|leaf| (self.path(leaf), self.content_of(leaf)))
    }

    fn path(&self, leaf: &Leaf) -> &[u8] {
        &self.bytes[leaf.start..leaf.start + leaf.path]
    }

    fn content_of(&self, leaf: &Leaf) -> &[u8] {
        let start = leaf.start + leaf.path;
        &self.bytes[start..start + leaf.content]
    }

    /// The children on the way to a place, from the root; as far as there are any.
    pub(super) fn way(&self, place: u128) -> Vec<Vec<(u8, u128)>> {
        let (mut way, mut depth) = (Vec::new(), 0);
        let mut at = self.branches.len().checked_sub(1).map(Child::Branch);
        while let Some(Child::Branch(index)) = at {
            let children = &self.branches[index].children;
            let hashes = children
                .iter()
                .map(|(digit, child)| (*digit, self.hash(*child)));
            way.push(hashes.collect());
            let digit = nibble(place, depth);
            let found = children.iter().find(|(held, _)| *held == digit);
            at = found.map(|(_, child)| *child);
            depth += 1;
        }
        way
    }

    fn find(&self, place: &Place) -> Option<Child> {
        let mut at = Child::Branch(self.branches.len().checked_sub(1)?);
        for digit in place.nibbles() {
            let Child::Branch(index) = at else {
                return None;
            };
            let mut children = self.branches[index].children.iter();
            at = children.find(|(held, _)| *held == digit)?.1;
        }
        Some(at)
    }

    /// What stands at a place: hashes of children, or leaves; none where nothing is.
    #[must_use]
    pub fn node(&self, place: &Place) -> Option<Node> {
        Some(match self.find(place)? {
            Child::Branch(index) => {
                let children = self.branches[index].children.iter();
                Node::Branch(
                    children
                        .map(|(digit, child)| (*digit, short(self.hash(*child))))
                        .collect(),
                )
            }
            Child::Leaves(from, to) => {
                let leaves = self.leaves[from..to].iter();
                Node::Leaves(
                    leaves
                        .map(|leaf| (self.path(leaf).to_vec(), self.content_of(leaf).to_vec()))
                        .collect(),
                )
            }
        })
    }

    /// The hash at a place, shortened as it travels; none where nothing is.
    pub(super) fn hash_at(&self, place: &Place) -> Option<u64> {
        self.find(place).map(|found| short(self.hash(found)))
    }

    /// The leaves below a place, whatever their number.
    pub(super) fn below(&self, place: &Place) -> impl Iterator<Item = (&[u8], &[u8])> {
        let (first, last) = place.range();
        let from = self.leaves.partition_point(|leaf| leaf.place < first);
        let to = self.leaves.partition_point(|leaf| leaf.place <= last);
        let leaves = self.leaves[from..to].iter();
        leaves.map(|leaf| (self.path(leaf), self.content_of(leaf)))
    }

    /// The paths at which two trees differ, or that only one has, in the order of their hashes. O(differing × log n).
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        self.differ(other, &Place::ROOT, &mut found);
        found
    }

    fn differ(&self, other: &Self, place: &Place, found: &mut Vec<Vec<u8>>) {
        let (ours, theirs) = (self.find(place), other.find(place));
        let hashes = (
            ours.map(|it| self.hash(it)),
            theirs.map(|it| other.hash(it)),
        );
        if hashes.0 == hashes.1 {
            return;
        }
        if let (Some(Child::Branch(_)), Some(Child::Branch(_))) = (ours, theirs) {
            return (0..16).for_each(|digit| self.differ(other, &place.child(digit), found));
        }
        let mut paths: Vec<(u128, &[u8])> = Vec::new();
        for (path, content) in self.below(place) {
            if other.content(path) != Some(content) {
                paths.push((place_of(path), path));
            }
        }
        let only_there = other
            .below(place)
            .filter(|(path, _)| self.content(path).is_none());
        paths.extend(only_there.map(|(path, _)| (place_of(path), path)));
        paths.sort_unstable();
        found.extend(paths.into_iter().map(|(_, path)| path.to_vec()));
    }
}

/// A hash as it travels in questions and answers. What was put together is checked against the whole root.
fn short(hash: u128) -> u64 {
    hash as u64
}
