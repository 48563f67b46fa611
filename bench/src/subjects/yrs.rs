//! yrs: one transaction an edit. It has no counter.

mod state;

use yrs::updates::decoder::Decode;
use yrs::{
    Any, Array, ArrayRef, ClientID, Doc, GetString, Number, OffsetKind, Options, Out, ReadTxn,
    StateVector, Text, TextRef, Transact, TransactionMut, Update,
};

pub(crate) use self::state::{KeyMap, Things, Words};
use super::{ListDoc, Talker, TextDoc};
use crate::trace::Patch;

fn fresh(id: u64) -> Doc {
    // Counted as the traces count, but for what lies beyond 16 bits, which none of them holds.
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(ClientID::new(id))
    })
}

fn encode(doc: &Doc) -> Vec<u8> {
    doc.transact()
        .encode_state_as_update_v1(&StateVector::default())
}

fn apply(doc: &Doc, bytes: &[u8]) {
    let update = Update::decode_v1(bytes).expect("an update of its own");
    doc.transact_mut().apply_update(update).expect("applies");
}

fn patch(text: &TextRef, txn: &mut TransactionMut<'_>, patches: &[Patch]) {
    for Patch {
        at,
        deleted,
        inserted,
    } in patches
    {
        if *deleted > 0 {
            text.remove_range(txn, *at as u32, *deleted as u32);
        }
        if !inserted.is_empty() {
            text.insert(txn, *at as u32, inserted);
        }
    }
}

/// A text.
pub(crate) struct Document {
    doc: Doc,
    text: TextRef,
}

impl Document {
    fn empty(id: u64) -> Self {
        let doc = fresh(id);
        let text = doc.get_or_insert_text("text");
        Self { doc, text }
    }
}

impl TextDoc for Document {
    fn start(start: &str) -> Self {
        let made = Self::empty(1);
        made.text.insert(&mut made.doc.transact_mut(), 0, start);
        made
    }

    fn change(&mut self, patches: &[Patch]) {
        patch(&self.text, &mut self.doc.transact_mut(), patches);
    }

    fn text(&self) -> Option<String> {
        Some(self.text.get_string(&self.doc.transact()))
    }

    fn len(&self) -> usize {
        self.text.len(&self.doc.transact()) as usize
    }

    fn encode(&mut self) -> Option<Vec<u8>> {
        Some(encode(&self.doc))
    }

    fn load(bytes: &[u8]) -> Option<Self> {
        let made = Self::empty(2);
        apply(&made.doc, bytes);
        Some(made)
    }
}

impl Talker for Document {
    type Message = Vec<u8>;

    fn group(authors: usize, start: &str) -> Vec<Self> {
        let mut all: Vec<_> = (1..=authors as u64 + 1).map(Self::empty).collect();
        if !start.is_empty() {
            all[0].text.insert(&mut all[0].doc.transact_mut(), 0, start);
            let message = encode(&all[0].doc);
            all[1..].iter_mut().for_each(|other| other.hear(&message));
        }
        all
    }

    fn edit(&mut self, patches: &[Patch]) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        patch(&self.text, &mut txn, patches);
        txn.encode_update_v1()
    }

    fn hear(&mut self, message: &Vec<u8>) {
        apply(&self.doc, message);
    }

    fn bytes(message: &Vec<u8>) -> usize {
        message.len()
    }

    fn text(&self) -> Option<String> {
        TextDoc::text(self)
    }

    fn len(&self) -> usize {
        TextDoc::len(self)
    }
}

/// A list.
pub(crate) struct List {
    doc: Doc,
    list: ArrayRef,
}

impl ListDoc for List {
    fn new() -> Self {
        let doc = fresh(1);
        let list = doc.get_or_insert_array("list");
        Self { doc, list }
    }

    fn push(&mut self, value: i64) {
        self.list.push_back(&mut self.doc.transact_mut(), value);
    }

    fn shift(&mut self) {
        self.list.remove(&mut self.doc.transact_mut(), 0);
    }

    fn values(&self) -> Vec<i64> {
        let txn = self.doc.transact();
        let number = |value| match value {
            Out::Any(Any::Number(Number::Int(value))) => value,
            other => panic!("{other:?} is no number"),
        };
        self.list.iter(&txn).map(number).collect()
    }

    fn encode(&mut self) -> Vec<u8> {
        encode(&self.doc)
    }
}
