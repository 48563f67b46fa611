//! What a coordinator knows of one peer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::merkle::staging::Staging;
use super::merkle::{MerkleTree, Offer};
use crate::{ReplicaId, Version};

/// A connection, by a number of the caller's. It says nothing about which replica is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u64);

/// One peer, from its connection to its disconnection.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// Which replica it is, once it has said so.
    pub(super) replica: Option<ReplicaId>,
    /// What it surely holds.
    pub(super) known: Version,
    /// What it holds once everything that is under way has arrived.
    pub(super) sent: Version,
    /// When what is under way is given up for lost.
    pub(super) retry_at: u64,
    /// How often in a row that happened.
    pub(super) retries: u32,
    /// It has sent something that has to be acknowledged.
    pub(super) ack_due: bool,
    /// A latest frame that waits to be sent.
    pub(super) live: Option<Vec<u8>>,
    /// The tree that it was offered and asks about.
    pub(super) offered: Option<Arc<Pinned>>,
    /// A tree of its that is being put together here.
    pub(super) staging: Option<Staging>,
    /// Parts of a long message that have come so far.
    pub(super) parts: Option<Parts>,
    /// Messages and bytes that wait to be fetched for it.
    pub(super) queued: (usize, usize),
    /// It differs in a way that is being repaired.
    pub(super) disputed: bool,
}

/// A tree, and what it is the tree of.
#[derive(Debug)]
pub(super) struct Pinned {
    pub(super) tree: MerkleTree,
    pub(super) offer: Offer,
}

/// A long message on its way.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) whole: u64,
    pub(super) count: u32,
    parts: BTreeMap<u32, Vec<u8>>,
    pub(super) bytes: usize,
}

impl Parts {
    pub(super) fn new(whole: u64, count: u32) -> Self {
        Self {
            whole,
            count,
            parts: BTreeMap::new(),
            bytes: 0,
        }
    }

    /// Takes in a part; the whole once all have come.
    pub(super) fn take(&mut self, index: u32, bytes: Vec<u8>) -> Option<Vec<u8>> {
        if !self.parts.contains_key(&index) {
            // A part that says nothing takes room too.
            self.bytes += bytes.len() + 64;
            self.parts.insert(index, bytes);
        }
        let complete = self.parts.len() == self.count as usize;
        complete.then(|| {
            std::mem::take(&mut self.parts)
                .into_values()
                .flatten()
                .collect()
        })
    }
}

impl Peer {
    /// True when something is under way that nobody has acknowledged.
    pub(super) fn waits(&self) -> bool {
        self.sent != self.known
    }
}
