//! [`Received`]: what came that is not the coordinator's own, kept until the application fetches it. Bounded.

use std::collections::VecDeque;

use super::PeerId;

/// Something of the application's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// The latest values of a peer.
    Live {
        /// Whose.
        from: PeerId,
        /// As they were sent.
        bytes: Vec<u8>,
    },
    /// A message of the application's.
    Application {
        /// Whose.
        from: PeerId,
        /// Its code.
        code: u32,
        /// Its content.
        bytes: Vec<u8>,
    },
}

/// A queue that drops the oldest where there is no room.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    queue: VecDeque<Received>,
    bytes: usize,
    lost: u64,
}

const MAX_COUNT: usize = 4_096;
const MAX_BYTES: usize = 4 << 20;

impl Inbox {
    pub(super) fn push(&mut self, received: Received) {
        self.bytes += received.len();
        self.queue.push_back(received);
        while self.queue.len() > MAX_COUNT || self.bytes > MAX_BYTES {
            self.lost = self.lost.saturating_add(u64::from(self.pop().is_some()));
        }
    }

    pub(super) fn pop(&mut self) -> Option<Received> {
        let first = self.queue.pop_front()?;
        self.bytes -= first.len();
        Some(first)
    }

    pub(super) fn lost(&self) -> u64 {
        self.lost
    }
}

impl Received {
    fn len(&self) -> usize {
        match self {
            Self::Live { bytes, .. } | Self::Application { bytes, .. } => bytes.len(),
        }
    }
}
