//! A document whose history can be read off its state: the oracle of the simulators with floors, forks and restarts.
//!
//! Every edit books a number of its own with an amount, adds the amount to a total, and puts the number into a set. Bookings
//! are never deleted, so they tell which edits are in a state; the total tells how often each counted. Around it is
//! everything that merges in other ways, for which it is enough that all replicas agree.

mod back;
mod lines;

use std::collections::{BTreeMap, BTreeSet};

use holo_runtime::{
    JsonDoc, LwwMap, LwwRegister, OrMap, OrSet, PnCounter, Replica, ReplicaId, Sequence, Synced,
    Text,
};

use self::lines::Lines;
use crate::poke::Poke;
use crate::rng::Rng;

/// What stands in a map, and can be removed under the feet of others.
#[derive(Debug, Synced)]
pub struct Shelf {
    count: PnCounter,
    label: LwwRegister<i64>,
    #[synced(initial = [1])]
    marks: OrSet<i64>,
    notes: LwwMap<i64, i64>,
    #[synced(initial = {"a": [1, {"a": 2}]})]
    doc: JsonDoc,
    #[synced(initial = "abc")]
    text: Text,
    #[synced(initial = [1, 2, 3])]
    deck: Sequence<i64>,
}

/// The document.
#[derive(Debug, Synced)]
pub struct Ledger {
    bookings: LwwMap<i64, i64>,
    total: PnCounter,
    #[synced(initial = [-1, -2, -3])]
    tags: OrSet<i64>,
    /// Elements that several put in and take out.
    shared: OrSet<i64>,
    scratch: LwwMap<i64, i64>,
    title: LwwRegister<i64>,
    shelves: OrMap<i64, Shelf>,
    /// Every booking once more, in a list that others insert into and whose items they move.
    #[synced(initial = {"booked": []})]
    journal: JsonDoc,
    /// A document in which anything is done.
    doc: JsonDoc,
    #[synced(initial = [-1, -2, -3])]
    list: Sequence<i64>,
    #[synced(initial = "䷿䷾䷽")]
    text: Text,
    /// Anything may happen to these.
    deck: Sequence<i64>,
    draft: Text,
}

/// Everything that was ever done, and what must be left of it.
#[derive(Debug, Default)]
pub struct Books {
    /// Bookings and their amounts.
    sent: BTreeMap<i64, i64>,
    /// Which edit took a tag out: the booking that it made.
    removed: BTreeMap<i64, BTreeSet<i64>>,
    /// Which edits put a shared element in; and which took it out, with the bookings that their authors knew.
    put: BTreeMap<i64, BTreeSet<i64>>,
    taken: Vec<(i64, i64, BTreeSet<i64>)>,
    lines: Lines,
    /// What an authority, or storage, has said to be safe.
    acknowledged: BTreeSet<i64>,
    /// What may be lost: it was in a process that died, or nobody could say what became of it.
    forgiven: BTreeSet<i64>,
    /// What was undone at some time. Whether it is in the end, and what it had taken out, depends on who did what at once.
    undone: BTreeSet<i64>,
}

/// What the edits of one run came to, or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Edits made.
    pub edits: u64,
    /// Of these, what an authority or storage had said to be safe.
    pub acknowledged: u64,
    /// Of those, what is in the state that all replicas ended with.
    pub kept: u64,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (safe, lost) = (self.acknowledged, self.acknowledged - self.kept);
        write!(
            f,
            "{} edits, {safe} acknowledged, {lost} of these lost",
            self.edits
        )
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.edits += other.edits;
        self.acknowledged += other.acknowledged;
        self.kept += other.kept;
    }
}

impl Ledger {
    /// The bookings in this state.
    #[must_use]
    pub fn booked(&self) -> BTreeSet<i64> {
        self.bookings.iter().map(|(number, _)| *number).collect()
    }

    /// The bookings in its journal, ascending.
    fn journal(&self) -> Vec<i64> {
        let journal = self.journal.get("booked").map(|list| list.items());
        let journal = journal.into_iter().flatten();
        let mut journal: Vec<i64> = journal.filter_map(|it| it.as_i64()).collect();
        journal.sort_unstable();
        journal
    }
}

impl Books {
    /// One edit.
    pub fn edit(&mut self, edit: &mut LedgerEdit<'_>, rng: &mut Rng) {
        let known: BTreeSet<i64> = edit.bookings.iter().map(|(number, _)| *number).collect();
        let number = self.sent.len() as i64;
        let amount = 1 + rng.below(9) as i64;
        self.sent.insert(number, amount);
        edit.bookings.set(number, amount);
        edit.total.increment(amount);
        edit.tags.insert(number);
        let len = edit.journal.get("booked").map_or(0, |list| list.len());
        let (at, from) = (rng.below(len + 1), rng.below(len + 1));
        edit.journal.insert("booked", at, number);
        if rng.chance(30) {
            edit.journal.move_item("booked", from, at);
        }
        let (list, text) = (&mut edit.list, &mut edit.text);
        self.lines.edit(list, text, number, rng);
        let element = rng.below(2) as i64;
        if rng.chance(60) {
            edit.shared.insert(element);
            self.put.entry(element).or_default().insert(number);
        } else if edit.shared.remove(element) {
            self.taken.push((number, element, known));
        }
        for _ in 0..rng.below(4) {
            let (key, value) = (rng.below(2) as i64, rng.below(100) as i64);
            match rng.below(27) {
                0 | 21..27 => edit.title.set(value),
                1 | 2 => edit.scratch.set(key, value),
                3 => drop(edit.scratch.delete(key)),
                4..7 => {
                    let tags: Vec<i64> = edit.tags.sorted().into_iter().copied().collect();
                    if let Some(tag) = tags.get(rng.below(tags.len().max(1))) {
                        edit.tags.remove(*tag);
                        self.removed.entry(*tag).or_default().insert(number);
                    }
                }
                7 if value < 50 => edit.shelves.entry(key).count.increment(value),
                7 => edit.shelves.entry(key).count.decrement(value),
                8 => {
                    let mut shelf = edit.shelves.entry(key);
                    shelf.label.set(value);
                    shelf.marks.remove(1);
                }
                9 => edit.shelves.entry(key).notes.set(key, value),
                10 => drop(edit.shelves.entry(key).notes.delete(key)),
                11 => edit.shelves.entry(key).text.poke(rng),
                12 => edit.shelves.entry(key).deck.poke(rng),
                13 | 14 => edit.deck.poke(rng),
                15 | 16 => edit.draft.poke(rng),
                17 | 18 => edit.doc.poke(rng),
                19 => edit.shelves.entry(key).doc.poke(rng),
                _ => drop(edit.shelves.remove(key)),
            }
        }
    }

    /// Undoes the author's last edit, or takes that back. What others have written since stays.
    ///
    /// # Panics
    /// When it does not.
    pub fn travel(&mut self, replica: &mut Replica<Ledger>, back: bool, own: &[ReplicaId]) {
        let look = |replica: &Replica<Ledger>| {
            let state = replica.state();
            (state.booked(), state.title.stamp(), *state.title.get())
        };
        let journal = |replica: &Replica<Ledger>| {
            let journal: BTreeSet<i64> = replica.state().journal().into_iter().collect();
            let booked = replica.state().booked();
            let differ = booked.symmetric_difference(&journal);
            differ.copied().collect::<Vec<i64>>()
        };
        let before = look(replica);
        let apart = journal(replica);
        let acted = if back { replica.undo() } else { replica.redo() };
        let after = look(replica);
        assert!(acted || before == after, "it says that it did nothing");
        let theirs = |author: &ReplicaId| !own.contains(author);
        if before.1.replica.as_ref().is_some_and(theirs) {
            assert_eq!(before.2, after.2, "what another has written is gone");
        }
        assert_eq!(
            journal(replica),
            apart,
            "the journal and the bookings go back together"
        );
        self.undone.extend(before.0.symmetric_difference(&after.0));
    }

    /// Everything in this state is safe.
    pub fn acknowledge(&mut self, state: &Ledger) {
        self.acknowledged.extend(state.booked());
    }

    /// Everything that is in the first and not in the second may be lost.
    pub fn forgive(&mut self, lost: &Ledger, kept: &Ledger) {
        let kept = kept.booked();
        let lost = lost.booked().into_iter().filter(|it| !kept.contains(it));
        self.forgiven.extend(lost);
    }

    /// The same for bookings that were in a state before.
    pub fn forgive_all(&mut self, before: &BTreeSet<i64>, kept: &Ledger) {
        let kept = kept.booked();
        self.forgiven.extend(before.difference(&kept));
    }

    /// What the run came to, if it ended with this state.
    #[must_use]
    pub fn tally(&self, state: &Ledger) -> Tally {
        let acknowledged = || self.acknowledged.difference(&self.undone);
        let booked = state.booked();
        let kept = acknowledged().filter(|it| booked.contains(it)).count();
        Tally {
            edits: self.sent.len() as u64,
            acknowledged: acknowledged().count() as u64,
            kept: kept as u64,
        }
    }

    /// A shared element is in exactly when somebody put it in whom nobody had seen that took it out. Two replicas under one id see
    /// through one another, so after a fork this says nothing.
    ///
    /// # Panics
    /// When that does not hold.
    pub fn check_shared(&self, state: &Ledger) {
        let booked = state.booked();
        let back = |edit: &i64| self.undone.contains(edit);
        for (element, adds) in &self.put {
            let mut takers = self.taken.iter().filter(|(_, taken, _)| taken == element);
            if adds.iter().any(back) || takers.any(|(taker, ..)| back(taker)) {
                continue;
            }
            let mut alive = adds.intersection(&booked).filter(|add| {
                let mut takers = self.taken.iter();
                !takers.any(|(taker, taken, known)| {
                    taken == element && booked.contains(taker) && known.contains(*add)
                })
            });
            let expected = alive.next().is_some();
            assert_eq!(
                state.shared.contains(*element),
                expected,
                "shared {element}"
            );
        }
    }

    /// Each edit's number stands once in the list and in the text, unless a surviving edit took it out.
    ///
    /// # Panics
    /// When that does not hold.
    pub fn check_lines(&self, state: &Ledger) {
        let booked = state.booked();
        self.lines
            .check(&state.list, &state.text, &booked, &self.undone);
    }

    /// Acknowledged ⊆ final ⊆ sent, and each edit once.
    ///
    /// # Panics
    /// When that does not hold.
    pub fn check(&self, state: &Ledger) {
        let booked = state.booked();
        for (number, amount) in state.bookings.iter() {
            assert_eq!(
                self.sent.get(number),
                Some(amount),
                "nobody booked {number}"
            );
        }
        for number in self.acknowledged.difference(&self.undone) {
            assert!(
                booked.contains(number),
                "{number} was acknowledged and is lost"
            );
        }
        let excused = |it: &i64| self.forgiven.contains(it) || self.undone.contains(it);
        for number in self.sent.keys().filter(|it| !excused(it)) {
            assert!(booked.contains(number), "{number} is lost without a reason");
        }
        // A write into an item that is gone is not made again, so what was undone and done again may be missing.
        let sure = |number: &&i64| !self.undone.contains(number);
        let journal = state.journal();
        let journal: Vec<&i64> = journal.iter().filter(sure).collect();
        assert!(
            journal.iter().copied().eq(booked.iter().filter(sure)),
            "{journal:?} are in the journal, and {booked:?} are booked"
        );
        let total: i64 = state.bookings.iter().map(|(_, amount)| amount).sum();
        assert_eq!(state.total.value(), total, "each booking counts once");
        let back = |number: &i64| {
            let removers = self.removed.get(number).into_iter().flatten();
            self.undone.contains(number) || removers.into_iter().any(|it| self.undone.contains(it))
        };
        for number in booked.iter().filter(|number| !back(number)) {
            let mut removers = self.removed.get(number).into_iter().flatten();
            let removed = removers.any(|remover| booked.contains(remover));
            assert_eq!(state.tags.contains(*number), !removed, "tag {number}");
        }
        for initial in [-1, -2, -3].into_iter().filter(|initial| !back(initial)) {
            let mut removers = self.removed.get(&initial).into_iter().flatten();
            let removed = removers.any(|remover| booked.contains(remover));
            assert_eq!(state.tags.contains(initial), !removed, "tag {initial}");
        }
    }
}
