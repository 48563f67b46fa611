//! The list and the text of the ledger: every edit puts its number somewhere in both, and now and then takes one out or moves it.
//!
//! A number is there exactly once, unless an edit that survived took it out. Where it stands is said by replicas that never
//! collect anything.

use std::collections::{BTreeMap, BTreeSet};

use holo_runtime::{Sequence, SequenceEdit, Text, TextEdit};

use crate::rng::Rng;

/// What both start with.
const FIRST: [i64; 3] = [-1, -2, -3];

/// Which edits took which number out.
#[derive(Debug, Default)]
pub(super) struct Lines {
    of_list: BTreeMap<i64, BTreeSet<i64>>,
    of_text: BTreeMap<i64, BTreeSet<i64>>,
}

fn letter(number: i64) -> char {
    u32::try_from(0x4e00 + number)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or('?')
}

fn number(letter: char) -> i64 {
    i64::from(u32::from(letter)) - 0x4e00
}

impl Lines {
    pub(super) fn edit(
        &mut self,
        list: &mut SequenceEdit<'_, i64>,
        text: &mut TextEdit<'_>,
        booking: i64,
        rng: &mut Rng,
    ) {
        // In a row, as one types, or anywhere.
        let place = |len: usize, rng: &mut Rng| match rng.below(3) {
            0 => len,
            1 => 0,
            _ => rng.below(len + 1),
        };
        let (in_list, in_text) = (place(list.len(), rng), place(text.len(), rng));
        assert!(list.insert(in_list, booking).is_ok());
        assert!(text.insert(in_text, &letter(booking).to_string()).is_ok());
        for _ in 0..rng.below(3) {
            let (at, to) = (rng.below(list.len().max(1)), rng.below(list.len().max(1)));
            if rng.chance(30) {
                assert_eq!(list.move_item(at, to).is_ok(), !list.is_empty());
            } else if let Ok(taken) = list.delete(at) {
                self.of_list.entry(taken).or_default().insert(booking);
            }
        }
        for _ in 0..rng.below(3) {
            let at = rng.below(text.len().max(1));
            if let Some(letter) = text.slice(at..at + 1).ok().and_then(|it| it.chars().next()) {
                assert!(text.delete(at..at + 1).is_ok());
                let takers = self.of_text.entry(number(letter)).or_default();
                takers.insert(booking);
            }
        }
    }

    /// # Panics
    /// When a number is not where it has to be.
    pub(super) fn check(
        &self,
        list: &Sequence<i64>,
        text: &Text,
        booked: &BTreeSet<i64>,
        undone: &BTreeSet<i64>,
    ) {
        let letters: Vec<i64> = text.to_string().chars().map(number).collect();
        let all = [
            ("list", list.to_vec(), &self.of_list),
            ("text", letters, &self.of_text),
        ];
        for (name, held, takers) in all {
            let expected = booked.iter().chain(&FIRST).filter(|number| {
                let mut takers = takers.get(number).into_iter().flatten();
                !takers.any(|taker| booked.contains(taker))
            });
            // What was undone, or taken out by an edit that was, may be there or not.
            let sure = |number: &i64| {
                let mut takers = takers.get(number).into_iter().flatten();
                !undone.contains(number) && !takers.any(|taker| undone.contains(taker))
            };
            let expected = expected.filter(|number| sure(number));
            let mut held: Vec<i64> = held.into_iter().filter(sure).collect();
            held.sort_unstable();
            let mut expected: Vec<i64> = expected.copied().collect();
            expected.sort_unstable();
            assert_eq!(held, expected, "{name}");
        }
    }
}
