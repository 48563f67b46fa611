//! cola: it keeps identities and no text, so its texts are lengths. Its messages go from hand to hand undecoded.

use cola::{Deletion, Insertion, Replica};
use serde::Serialize;

use super::{Talker, TextDoc};
use crate::trace::Patch;

/// A text without its text.
pub(crate) struct Document(Replica);

/// An edit that travels.
#[derive(Serialize)]
pub(crate) enum Edit {
    Insert(Insertion, String),
    Delete(Deletion),
}

impl Document {
    fn patch(&mut self, patch: &Patch, mut edited: impl FnMut(Edit)) {
        if patch.deleted > 0 {
            edited(Edit::Delete(
                self.0.deleted(patch.at..patch.at + patch.deleted),
            ));
        }
        if !patch.inserted.is_empty() {
            let insertion = self.0.inserted(patch.at, patch.inserted.chars().count());
            edited(Edit::Insert(insertion, patch.inserted.clone()));
        }
    }
}

impl TextDoc for Document {
    fn start(text: &str) -> Self {
        Self(Replica::new(1, text.chars().count()))
    }

    fn change(&mut self, patches: &[Patch]) {
        for Patch {
            at,
            deleted,
            inserted,
        } in patches
        {
            if *deleted > 0 {
                let _ = self.0.deleted(*at..at + deleted);
            }
            if !inserted.is_empty() {
                let _ = self.0.inserted(*at, inserted.chars().count());
            }
        }
    }

    fn text(&self) -> Option<String> {
        None
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl Talker for Document {
    type Message = Vec<Edit>;

    fn group(authors: usize, start: &str) -> Vec<Self> {
        let first = Replica::new(1, start.chars().count());
        let others: Vec<_> = (2..authors as u64 + 2)
            .map(|id| Self(first.fork(id)))
            .collect();
        std::iter::once(Self(first)).chain(others).collect()
    }

    fn edit(&mut self, patches: &[Patch]) -> Vec<Edit> {
        let mut edits = Vec::new();
        patches
            .iter()
            .for_each(|patch| self.patch(patch, |edit| edits.push(edit)));
        edits
    }

    fn hear(&mut self, message: &Vec<Edit>) {
        for edit in message {
            match edit {
                Edit::Insert(insertion, _) => {
                    std::hint::black_box(self.0.integrate_insertion(insertion));
                }
                Edit::Delete(deletion) => {
                    std::hint::black_box(self.0.integrate_deletion(deletion));
                }
            }
        }
    }

    fn bytes(message: &Vec<Edit>) -> usize {
        bitcode::serialize(message).expect("serialises").len()
    }

    fn text(&self) -> Option<String> {
        None
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}
