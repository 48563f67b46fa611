//! Seeded schedules of lists and texts, in structs and in maps, with two who lay floors at moments of their own and meet by
//! changes and snapshots, and a witness who hears of every change and collects nothing.
//!
//! All see the same, and at equal floors have the same bytes. Floors in a network with faults are `crate::peers`'s and
//! `crate::authority`'s.

use holo_runtime::{
    Change, Clock, Delta, Error, OrMap, Replica, ReplicaId, Sequence, Snapshot, Synced, Text,
    Version,
};

use crate::rng::Rng;

/// What holds lists.
#[derive(Clone, Debug, Synced)]
pub struct Page {
    #[synced(initial = "abc")]
    body: Text,
    #[synced(initial = [1, 2, 3])]
    list: Sequence<i64>,
}

/// The document.
#[derive(Clone, Debug, Synced)]
pub struct Book {
    top: Page,
    pages: OrMap<u32, Page>,
}

fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

fn replica(id: u64) -> Replica<Book> {
    Replica::with_clock(
        ReplicaId::new(id).unwrap_or_else(ReplicaId::random),
        Clock::manual(1),
    )
}

fn scribble(page: &mut PageEdit<'_>, rng: &mut Rng) {
    let (chars, items) = (page.body.len(), page.list.len());
    let number = rng.below(50) as i64;
    // Mostly in one place, so that two are often at work side by side.
    let near = |len: usize, rng: &mut Rng| match rng.chance(70) {
        true => len - rng.below(len.min(2) + 1),
        false => rng.below(len + 1),
    };
    match rng.below(10) {
        0 | 1 if chars > 0 => {
            let at = near(chars - 1, rng);
            let end = at + 1 + rng.below((chars - at).min(2));
            must(page.body.delete(at..end));
        }
        2 | 3 if items > 0 => drop(must(page.list.delete(near(items - 1, rng)))),
        4 if items > 0 => must(page.list.set(rng.below(items), number)),
        5 if items > 0 => {
            let (from, to) = (rng.below(items), rng.below(items));
            must(page.list.move_item(from, to));
        }
        6 | 7 => must(page.list.insert(near(items, rng), number)),
        _ => must(page.body.insert(near(chars, rng), "né")),
    }
}

/// The encoded state without what a snapshot says of versions and chains.
fn state_of(replica: &mut Replica<Book>) -> Vec<u8> {
    let snapshot = replica.snapshot();
    let bytes = snapshot.encode();
    let version = snapshot.version();
    let header = 1 + version.encode().len() + snapshot.floor().encode().len();
    bytes[header + 8 * version.iter().len()..bytes.len() - 4].to_vec()
}

struct Pair {
    rng: Rng,
    both: [Replica<Book>; 2],
    witness: Replica<Book>,
    /// What both held when they last met.
    common: Version,
}

/// Runs one seed.
///
/// # Panics
/// When somebody sees something else.
pub fn run(seed: u64) {
    let mut pair = Pair {
        rng: Rng::new(seed),
        both: [1, 2].map(replica),
        witness: replica(3),
        common: Version::new(),
    };
    for _ in 0..60 {
        pair.step();
    }
    pair.finish();
}

impl Pair {
    fn step(&mut self) {
        let at = self.rng.below(2);
        match self.rng.below(12) {
            0..8 => self.edit(at),
            8 => self.send(at),
            9 => self.meet(),
            // What both knew when they met lies below everything that they have done since.
            _ => {
                let common = self.common.clone();
                match self.both[at].advance_floor(&common) {
                    // The other's changes came as a snapshot, so where they lie is not known.
                    Ok(()) | Err(Error::Floor) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }

    fn edit(&mut self, at: usize) {
        let (replica, rng) = (&mut self.both[at], &mut self.rng);
        replica.edit(|book| match rng.below(9) {
            0 => drop(book.pages.remove(0u32)),
            1..6 => scribble(&mut book.top, rng),
            number => scribble(&mut book.pages.entry((number % 2) as u32), rng),
        });
        if let Some(change) = replica.flush() {
            must(self.witness.apply(change));
        }
    }

    fn send(&mut self, from: usize) {
        if self.rng.chance(60) {
            let version = self.both[1 - from].version().clone();
            let delta = self.both[from].changes_since(&version);
            if let Delta::Changes(changes) = delta {
                must(self.both[1 - from].apply(changes));
            }
        }
        if self.both[from].floor() != self.both[1 - from].floor() {
            // Nothing that was made here is in doubt when the floor comes.
            let own: Vec<Change> = self.both[1 - from].unsent().cloned().collect();
            must(self.both[from].apply(own));
        }
        let floors = [from, 1 - from].map(|at| self.both[at].floor().max_time());
        let version = self.both[from].version().clone();
        if floors[0] == floors[1] && self.both[1 - from].version().covers_all(&version) {
            return;
        }
        let bytes = self.both[from].snapshot().encode();
        let snapshot = must(Snapshot::decode(&bytes));
        let to = &mut self.both[1 - from];
        if snapshot.floor().max_time() >= to.floor().max_time() {
            must(to.apply(snapshot));
        }
    }

    /// Who has the lower floor hears the other first.
    fn meet(&mut self) {
        let [a, b] = &self.both;
        let higher = usize::from(a.floor().max_time() < b.floor().max_time());
        self.send(higher);
        self.send(1 - higher);
        self.common = self.both[0].version().clone();
    }

    fn finish(mut self) {
        self.meet();
        let [a, b] = &mut self.both;
        assert_eq!(state_of(a), state_of(b), "two of one floor");
        let (shown, seen) = (
            format!("{:?}", a.state()),
            format!("{:?}", self.witness.state()),
        );
        assert_eq!(shown, seen, "who collects nothing sees something else");
        assert_eq!(
            a.state_hash(),
            self.witness.state_hash(),
            "hash of the witness"
        );
        for replica in [a, &mut self.witness] {
            let all = replica.version().clone();
            must(replica.advance_floor(&all));
        }
        let (bit_by_bit, at_once) = (state_of(&mut self.both[0]), state_of(&mut self.witness));
        assert_eq!(bit_by_bit, at_once, "collected bit by bit and at once");
    }
}
