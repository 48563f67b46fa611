//! This project. Clocks are manual, so that nobody's clock is measured; other subjects read none.

mod live;
mod state;

use holo_runtime::{
    Change, Clock, Error, Packer, Replica, ReplicaId, Sequence, Snapshot, Synced, Text, Unpacker,
};

pub(crate) use self::live::Things as Live;
pub(crate) use self::state::{Counter, KeyMap, MapKey, Things, Words};
use super::{ListDoc, Talker, TextDoc};
use crate::trace::Patch;

/// Edits join one change, sealed at the end.
pub(crate) const JOINED: u8 = 0;
/// One change an edit, acknowledged a thousand at a time, as by a server that stores them.
pub(crate) const SEALED: u8 = 1;
/// One change an edit, and nobody ever says that he has it.
pub(crate) const ALONE: u8 = 2;

const ACKNOWLEDGED: usize = 1_000;

fn replica<T: Synced>(id: u64) -> Replica<T> {
    let id = ReplicaId::new(id).expect("ids start at 1");
    Replica::with_clock(id, Clock::manual(1_700_000_000_000)).with_log_limits(64, 1 << 16)
}

/// Seals the open change, and hears that what is sealed is safe.
fn seal<T: Synced>(replica: &mut Replica<T>) {
    replica.flush();
    let version = replica.version().clone();
    replica.acknowledge(&version);
}

fn patch(replica: &mut Replica<Text>, patches: &[Patch]) {
    let edit = replica.try_edit(|text| {
        for patch in patches {
            text.splice(patch.at, patch.deleted, &patch.inserted)?;
        }
        Ok::<(), Error>(())
    });
    edit.expect("a trace stays within its text");
}

/// A text, its changes sealed in one of three ways.
pub(crate) struct Document<const SEAL: u8> {
    replica: Replica<Text>,
    sealed: usize,
}

impl<const SEAL: u8> TextDoc for Document<SEAL> {
    fn start(text: &str) -> Self {
        let mut replica = replica::<Text>(1);
        replica.edit(|view| view.push(text));
        Self { replica, sealed: 0 }
    }

    fn change(&mut self, patches: &[Patch]) {
        patch(&mut self.replica, patches);
        if SEAL != JOINED {
            self.replica.flush();
            self.sealed += 1;
        }
        if SEAL == SEALED && self.sealed.is_multiple_of(ACKNOWLEDGED) {
            seal(&mut self.replica);
        }
    }

    fn finish(&mut self) {
        self.replica.flush();
    }

    fn text(&self) -> Option<String> {
        Some(self.replica.state().to_string())
    }

    fn len(&self) -> usize {
        self.replica.state().len()
    }

    fn encode(&mut self) -> Option<Vec<u8>> {
        Some(self.replica.snapshot().pack())
    }

    fn load(bytes: &[u8]) -> Option<Self> {
        let snapshot = Snapshot::unpack(bytes).expect("a snapshot of ours");
        let id = ReplicaId::new(2)?;
        let replica = Replica::from_snapshot(id, Clock::manual(1), snapshot);
        let replica = replica.expect("a snapshot of ours");
        Some(Self { replica, sealed: 0 })
    }
}

/// One of several who edit a text.
pub(crate) struct Author(Replica<Text>);

impl Talker for Author {
    type Message = Vec<u8>;

    fn group(authors: usize, start: &str) -> Vec<Self> {
        let ids = 1..=authors as u64 + 1;
        let mut all: Vec<_> = ids.map(|id| Self(replica(id))).collect();
        all[0].0.edit(|text| text.push(start));
        if let Some(change) = all[0].0.flush() {
            for other in &mut all[1..] {
                other.hear(&change.encode());
            }
        }
        all
    }

    fn edit(&mut self, patches: &[Patch]) -> Vec<u8> {
        patch(&mut self.0, patches);
        self.0.flush().map_or(Vec::new(), |change| change.encode())
    }

    fn hear(&mut self, message: &Vec<u8>) {
        let change = Change::decode(message).expect("a change of ours");
        self.0.apply(change).expect("changes never fail");
    }

    fn bytes(message: &Vec<u8>) -> usize {
        message.len()
    }

    fn text(&self) -> Option<String> {
        Some(self.0.state().to_string())
    }

    fn len(&self) -> usize {
        self.0.state().len()
    }
}

/// The same; the reader hears over one connection, whose ends remember what they have told.
pub(crate) struct Connected {
    author: Author,
    /// The receiving end, which only the reader has.
    end: Option<Unpacker>,
}

impl Talker for Connected {
    type Message = Vec<u8>;

    fn group(authors: usize, start: &str) -> Vec<Self> {
        let all = Author::group(authors, start).into_iter().enumerate();
        let end = |at| (at == authors).then(Unpacker::default);
        all.map(|(at, author)| Self {
            author,
            end: end(at),
        })
        .collect()
    }

    fn edit(&mut self, patches: &[Patch]) -> Vec<u8> {
        self.author.edit(patches)
    }

    fn carried(messages: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
        let mut end = Packer::default();
        let changes = messages
            .iter()
            .map(|message| Change::decode(message).expect("a change of ours"));
        Some(changes.map(|change| end.pack(&change)).collect())
    }

    fn hear(&mut self, message: &Vec<u8>) {
        let Some(end) = &mut self.end else {
            return self.author.hear(message);
        };
        let change = end.unpack(message).expect("a change of ours");
        self.author.0.apply(change).expect("changes never fail");
    }

    fn bytes(message: &Vec<u8>) -> usize {
        message.len()
    }

    fn text(&self) -> Option<String> {
        self.author.text()
    }

    fn len(&self) -> usize {
        self.author.len()
    }
}

/// A list, its changes sealed in one of three ways.
pub(crate) struct List<const SEAL: u8> {
    replica: Replica<Sequence<i64>>,
    sealed: usize,
}

impl<const SEAL: u8> List<SEAL> {
    fn sealed(&mut self) {
        if SEAL != JOINED {
            self.replica.flush();
            self.sealed += 1;
        }
        if SEAL == SEALED && self.sealed.is_multiple_of(ACKNOWLEDGED) {
            seal(&mut self.replica);
        }
    }
}

impl<const SEAL: u8> ListDoc for List<SEAL> {
    fn new() -> Self {
        let replica = replica(1);
        Self { replica, sealed: 0 }
    }

    fn push(&mut self, value: i64) {
        self.replica.edit(|list| list.push(value));
        self.sealed();
    }

    fn shift(&mut self) {
        self.replica.edit(|list| list.shift());
        self.sealed();
    }

    fn finish(&mut self) {
        self.replica.flush();
    }

    fn values(&self) -> Vec<i64> {
        self.replica.state().to_vec()
    }

    fn encode(&mut self) -> Vec<u8> {
        self.replica.snapshot().encode()
    }
}
