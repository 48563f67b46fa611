//! What the ledger knows of going back: what a restore gives back, and what must hold although there were restores.
//!
//! A restore takes bookings away and brings them back, but never what a counter counted; so after one, each edit no longer
//! counts once, and lists may hold what several brought back at once.

use std::collections::BTreeSet;

use super::{Books, Ledger};

impl Ledger {
    /// All that a restore gives back, but what stands in shelves, which come and go with what they count.
    #[must_use]
    pub fn restorable(&self) -> String {
        let Self {
            bookings,
            total: _,
            tags,
            shared,
            scratch,
            title,
            shelves: _,
            journal,
            doc,
            list,
            text,
            deck,
            draft,
        } = self;
        let title = title.get();
        format!(
            "{bookings:?} {tags:?} {shared:?} {scratch:?} {title:?} {journal:?} {doc:?} {list:?} {text:?} {deck:?} {draft:?}"
        )
    }
}

impl Books {
    /// Notes that bookings came and went by other means than edits.
    pub fn went_back(&mut self, before: &BTreeSet<i64>, after: &BTreeSet<i64>) {
        self.undone.extend(before.symmetric_difference(after));
    }

    /// What was refused is not there. It may have come back by an undo or a restore, which is another change, and was not refused.
    ///
    /// # Panics
    /// When that does not hold.
    pub fn check_refused(&self, refused: &BTreeSet<i64>, state: &Ledger) {
        let booked = state.booked();
        let mut there = refused.intersection(&booked);
        if let Some(number) = there.find(|number| !self.undone.contains(number)) {
            panic!("{number} was refused and is there");
        }
    }

    /// Acknowledged ⊆ final ⊆ sent, whatever was restored.
    ///
    /// # Panics
    /// When that does not hold.
    pub fn check_bookings(&self, state: &Ledger) {
        let booked = state.booked();
        for (number, amount) in state.bookings.iter() {
            assert_eq!(
                self.sent.get(number),
                Some(amount),
                "nobody booked {number}"
            );
        }
        let excused = |it: &&i64| self.forgiven.contains(it) || self.undone.contains(it);
        let lost: Vec<&i64> = self
            .sent
            .keys()
            .filter(|it| !booked.contains(it) && !excused(it))
            .collect();
        assert!(lost.is_empty(), "{lost:?} are lost without a reason");
        let mut safe = self.acknowledged.difference(&self.undone);
        assert!(
            safe.all(|number| booked.contains(number)),
            "something acknowledged is lost"
        );
    }
}
