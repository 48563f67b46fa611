//! [`Staging`]: a peer's state on its way here, put together leaf by leaf. Nothing of it counts before all of it is there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::MerkleTree;
use super::exchange::{Answer, MAX_PLACES, Node, Offer, Place, Question};
use super::tree::place_of;
use crate::codec::DecodeError;
use crate::mutants::{self, Mutant};
use crate::sync::peer::Pinned;

/// The most bytes of leaves that are taken from a peer at once.
const MAX_STAGED: usize = 64 << 20;

/// The most places that wait to be asked for.
const MAX_OPEN: usize = 1 << 20;

/// What is known of a peer's state, against what stood here when it was offered.
#[derive(Debug)]
pub(crate) struct Staging {
    pub(crate) offer: Offer,
    ours: Arc<Pinned>,
    /// Places that differ, and have to be asked for.
    open: BTreeSet<Place>,
    /// Places below which all is as it is here.
    same: Vec<Place>,
    /// Leaves that have come.
    came: Vec<(Vec<u8>, Vec<u8>)>,
    bytes: usize,
}

impl Staging {
    /// Starts from an offer, and from what stands here.
    pub(crate) fn new(offer: Offer, ours: Arc<Pinned>) -> Self {
        let mut staging = Self {
            open: BTreeSet::new(),
            same: Vec::new(),
            came: Vec::new(),
            bytes: 0,
            offer,
            ours,
        };
        if staging.ours.tree.root() == staging.offer.root {
            staging.same.push(Place::ROOT);
        } else if staging.offer.root != 0 {
            staging.open.insert(Place::ROOT);
        }
        staging
    }

    /// What to ask next; none when all has come.
    pub(crate) fn question(&self) -> Option<Question> {
        let places: Vec<Place> = self.open.iter().take(MAX_PLACES).copied().collect();
        (!places.is_empty()).then_some(Question {
            root: self.offer.root,
            places,
        })
    }

    /// Takes in what was answered. What was not asked for is left out, as when it comes twice.
    ///
    /// # Errors
    /// When it cannot be of that tree, or is more than is taken; then there is no point in going on.
    pub(crate) fn take(&mut self, answer: Answer) -> Result<(), DecodeError> {
        for (place, node) in answer.nodes {
            if !self.open.remove(&place) {
                continue;
            }
            match node {
                Node::Branch(children) => {
                    for (nibble, hash) in children {
                        let child = place.child(nibble);
                        let here = self.ours.tree.hash_at(&child);
                        let skips = mutants::on(Mutant::LeafSkipped) && here.is_some();
                        match here == Some(hash) || skips {
                            true => self.same.push(child),
                            false => drop(self.open.insert(child)),
                        }
                    }
                }
                Node::Leaves(leaves) => self.keep(&place, leaves)?,
            }
        }
        match self.open.len() > MAX_OPEN {
            true => Err(DecodeError::Range("places")),
            false => Ok(()),
        }
    }

    fn keep(&mut self, place: &Place, leaves: Vec<(Vec<u8>, Vec<u8>)>) -> Result<(), DecodeError> {
        let (first, last) = place.range();
        for (path, content) in leaves {
            let stands = place_of(&path);
            self.bytes += path.len() + content.len();
            if stands < first || stands > last {
                return Err(DecodeError::Range("place"));
            }
            if self.bytes > MAX_STAGED {
                return Err(DecodeError::TooLong {
                    what: "state",
                    len: self.bytes,
                    max: MAX_STAGED,
                });
            }
            self.came.push((path, content));
        }
        Ok(())
    }

    /// The peer's leaves one behind another in the order of their paths, once all have come and the root fits.
    ///
    /// # Errors
    /// When the root does not fit: some hash on the way told a lie.
    pub(crate) fn finish(&self) -> Result<Vec<u8>, DecodeError> {
        let same = self
            .same
            .iter()
            .flat_map(|place| self.ours.tree.below(place));
        let came = self
            .came
            .iter()
            .map(|(path, content)| (&path[..], &content[..]));
        let mut leaves: Vec<(&[u8], &[u8])> = same.chain(came).collect();
        let whole = MerkleTree::new(leaves.iter().copied()).root() == self.offer.root;
        if !whole && !mutants::on(Mutant::LeafSkipped) {
            return Err(DecodeError::Damaged);
        }
        leaves.sort_unstable();
        Ok(leaves
            .into_iter()
            .flat_map(|(_, content)| content)
            .copied()
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(keys: std::ops::Range<u32>, changed: &[u32]) -> MerkleTree {
        MerkleTree::new(keys.map(|key| {
            let content = if changed.contains(&key) { 1 } else { 0 };
            (key.to_be_bytes().to_vec(), vec![content; 5])
        }))
    }

    fn pinned(tree: &MerkleTree) -> Arc<Pinned> {
        let id = crate::ReplicaId::random();
        let head = crate::Replica::<crate::PnCounter>::new(id).leaves().0;
        let root = tree.root();
        let offer = Offer { root, head };
        Arc::new(Pinned {
            tree: tree.clone(),
            offer,
        })
    }

    fn exchange(ours: &MerkleTree, theirs: &MerkleTree) -> (Vec<u8>, usize) {
        let root = theirs.root();
        let mut staging = Staging::new(pinned(theirs).offer.clone(), pinned(ours));
        let mut bytes = 0;
        while let Some(question) = staging.question() {
            let nodes = question
                .places
                .iter()
                .filter_map(|place| Some((*place, theirs.node(place)?)));
            let answer = Answer {
                root,
                nodes: nodes.collect(),
            };
            let mut out = Vec::new();
            question.encode(&mut out);
            answer.encode(&mut out);
            bytes += out.len();
            staging.take(answer).unwrap();
        }
        (staging.finish().unwrap(), bytes)
    }

    fn all(tree: &MerkleTree) -> Vec<u8> {
        let mut leaves: Vec<_> = tree.iter().collect();
        leaves.sort();
        leaves
            .into_iter()
            .flat_map(|(_, content)| content.to_vec())
            .collect()
    }

    #[test]
    fn what_is_put_together_is_the_peers_state() {
        let trees = [
            tree(0..0, &[]),
            tree(0..1, &[]),
            tree(0..9, &[3]),
            tree(5..400, &[7, 300]),
            tree(0..400, &[]),
        ];
        for ours in &trees {
            for theirs in &trees {
                assert_eq!(exchange(ours, theirs).0, all(theirs));
            }
        }
    }

    #[test]
    fn three_of_a_hundred_thousand_keys_are_found_in_few_bytes() {
        let ours = tree(0..100_000, &[]);
        let theirs = tree(0..100_000, &[17, 40_000, 99_998]);
        let (_, bytes) = exchange(&ours, &theirs);
        let paths = ours.differing(&theirs);
        assert_eq!(paths.len(), 3);
        // A branch is at most 16 hashes of 9 bytes; 3 ways of 5 branches, log16 of 100,000 being 4.2.
        assert!(bytes <= 3 * 5 * (16 * 9 + 40), "{bytes} bytes");
    }

    #[test]
    fn a_leaf_in_the_wrong_place_is_refused() {
        let theirs = tree(0..100, &[]);
        let ours = pinned(&tree(0..0, &[]));
        let root = theirs.root();
        let mut staging = Staging::new(pinned(&theirs).offer.clone(), ours);
        let branch = theirs.node(&Place::ROOT).unwrap();
        let Node::Branch(children) = &branch else {
            panic!("{branch:?}")
        };
        let (first, other) = (children[0].0, children[1].0);
        staging
            .take(Answer {
                root,
                nodes: vec![(Place::ROOT, branch.clone())],
            })
            .unwrap();
        let path = theirs
            .below(&Place::ROOT.child(other))
            .next()
            .unwrap()
            .0
            .to_vec();
        let node = Node::Leaves(vec![(path, vec![0; 5])]);
        let moved = Answer {
            root,
            nodes: vec![(Place::ROOT.child(first), node)],
        };
        assert!(staging.take(moved).is_err());
    }
}
