//! automerge: one commit an edit. It is in the workloads of text and lists alone: every write costs the more the longer the history.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc};

use super::{ListDoc, TextDoc};
use crate::trace::Patch;

/// A text.
pub(crate) struct Document {
    doc: AutoCommit,
    text: ObjId,
}

impl TextDoc for Document {
    fn start(start: &str) -> Self {
        let mut doc = AutoCommit::new();
        let text = doc.put_object(ROOT, "text", ObjType::Text).expect("puts");
        doc.splice_text(&text, 0, 0, start).expect("the start");
        doc.commit();
        Self { doc, text }
    }

    fn change(&mut self, patches: &[Patch]) {
        for Patch {
            at,
            deleted,
            inserted,
        } in patches
        {
            let spliced = self
                .doc
                .splice_text(&self.text, *at, *deleted as isize, inserted);
            spliced.expect("within the text");
        }
        self.doc.commit();
    }

    fn text(&self) -> Option<String> {
        self.doc.text(&self.text).ok()
    }

    fn len(&self) -> usize {
        self.doc.length(&self.text)
    }

    fn encode(&mut self) -> Option<Vec<u8>> {
        Some(self.doc.save())
    }

    fn load(bytes: &[u8]) -> Option<Self> {
        let doc = AutoCommit::load(bytes).ok()?;
        let (_, text) = doc.get(ROOT, "text").ok()??;
        Some(Self { doc, text })
    }
}

/// A list.
pub(crate) struct List {
    doc: AutoCommit,
    list: ObjId,
}

impl ListDoc for List {
    fn new() -> Self {
        let mut doc = AutoCommit::new();
        let list = doc.put_object(ROOT, "list", ObjType::List).expect("puts");
        doc.commit();
        Self { doc, list }
    }

    fn push(&mut self, value: i64) {
        let end = self.doc.length(&self.list);
        self.doc.insert(&self.list, end, value).expect("inserts");
        self.doc.commit();
    }

    fn shift(&mut self) {
        self.doc.delete(&self.list, 0).expect("there is a first");
        self.doc.commit();
    }

    fn values(&self) -> Vec<i64> {
        let number = |at| {
            let (value, _) = self
                .doc
                .get(&self.list, at)
                .expect("within")
                .expect("there");
            value.as_i64().expect("a number")
        };
        (0..self.doc.length(&self.list)).map(number).collect()
    }

    fn encode(&mut self) -> Vec<u8> {
        self.doc.save()
    }
}
