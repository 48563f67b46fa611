//! The table of golden bytes, and what holds for each row.

use std::collections::BTreeMap;
use std::path::Path;

use holo_runtime::{Change, Clock, Replica, ReplicaId, Snapshot, Synced};
use holo_tests::hostile::{close, parts_of, snapshot, with_body};

/// Samples by name.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<String, Vec<u8>>);

pub(crate) fn id(number: u64) -> ReplicaId {
    ReplicaId::new(number).unwrap()
}

pub(crate) fn replica<T: Synced>(number: u64) -> Replica<T> {
    Replica::with_clock(id(number), Clock::manual(1))
}

impl Table {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Takes a sample that `read` reads, and whose prefixes it refuses.
    pub(crate) fn add(
        &mut self,
        name: &str,
        bytes: Vec<u8>,
        read: impl Fn(&[u8]) -> Option<Vec<u8>>,
    ) {
        assert_eq!(
            read(&bytes).as_ref(),
            Some(&bytes),
            "{name}: read and written again"
        );
        for end in 0..bytes.len() {
            assert_eq!(read(&bytes[..end]), None, "{name}: {end} bytes of it");
        }
        let before = self.0.insert(name.to_owned(), bytes);
        assert!(before.is_none(), "{name} is there twice");
    }

    /// The same where a checksum stands at the end, which may fit what was cut short.
    pub(crate) fn add_closed(
        &mut self,
        name: &str,
        bytes: Vec<u8>,
        read: impl Fn(&[u8]) -> Option<Vec<u8>>,
    ) {
        for end in 0..bytes.len() - 4 {
            let cut = close(bytes[..end].to_vec());
            assert_eq!(read(&cut), None, "{name}: {end} bytes of it, closed");
        }
        self.add(name, bytes, read);
    }

    /// Takes the samples of a type: a change that rests on another one, and the state after it.
    pub(crate) fn kind<T: Synced>(
        &mut self,
        name: &str,
        first: impl Fn(&mut T::Edit<'_>),
        second: impl Fn(&mut T::Edit<'_>),
    ) {
        let (mut a, mut b) = (replica::<T>(1), replica::<T>(2));
        a.edit(|edit| first(edit));
        let before = a.flush().unwrap();
        b.apply(before.clone()).unwrap();
        b.edit(|edit| second(edit));
        let change = b.flush().unwrap();
        let state = b.snapshot();
        cut_change::<T>(name, &before, &change);
        cut_state::<T>(name, &state);
        self.add_closed(&format!("{name} change"), change.encode(), |bytes| {
            Change::decode(bytes).ok().map(|change| change.encode())
        });
        self.add_closed(&format!("{name} state"), state.encode(), |bytes| {
            let read = Snapshot::decode(bytes).ok()?;
            let restored = Replica::<T>::from_snapshot(id(9), Clock::manual(1), read);
            restored.ok().map(|mut here| here.snapshot().encode())
        });
    }

    /// Compares all samples with the file, or writes it.
    pub(crate) fn compare(&self) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/encodings.txt");
        let hex = |bytes: &[u8]| -> String { bytes.iter().map(|it| format!("{it:02x}")).collect() };
        let lines = self
            .0
            .iter()
            .map(|(name, bytes)| format!("{name}: {}\n", hex(bytes)));
        let now: String = lines.collect();
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            return std::fs::write(&path, now).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        let mut wrong = Vec::new();
        for line in now.lines() {
            if !golden.lines().any(|held| held == line) {
                wrong.push(line);
            }
        }
        assert!(
            wrong.is_empty(),
            "other bytes than in {path:?}:\n{}",
            wrong.join("\n")
        );
        assert_eq!(
            golden.lines().count(),
            self.0.len(),
            "rows of samples that are gone"
        );
    }
}

/// A body that is cut short is malformed for everybody.
fn cut_change<T: Synced>(name: &str, before: &Change, change: &Change) {
    for end in 0..change.body().len() {
        let cut = Change::decode(&with_body(change, &change.body()[..end])).unwrap();
        let mut here = replica::<T>(3);
        here.apply(before.clone()).unwrap();
        let report = here.apply(cut).unwrap();
        assert_eq!(report.unreadable, 1, "{name}: {end} bytes of the body");
    }
}

/// A state that is cut short is merged into none. Behind the kind alone, where no replica is named, it is the initial one.
fn cut_state<T: Synced>(name: &str, state: &Snapshot) {
    let (head, body) = parts_of(state);
    let mut initial = usize::from(body[0] == 0);
    for end in 0..body.len() {
        let cut = Snapshot::decode(&snapshot(&head, &body[..end])).unwrap();
        let mut here = replica::<T>(3);
        if here.apply(cut).is_ok() {
            assert!(initial > 0, "{name}: {end} bytes of the state");
            initial -= 1;
        }
        assert_eq!(here.state_hash(), replica::<T>(3).state_hash());
    }
}
