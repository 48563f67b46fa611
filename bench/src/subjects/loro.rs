//! loro. Text and lists both ways: committing each edit, and once at the end.

mod state;

use loro::{ExportMode, LoroDoc, LoroList, LoroText, VersionVector};

pub(crate) use self::state::{Counter, KeyMap, Things, Words};
use super::{ListDoc, Talker, TextDoc};
use crate::trace::Patch;

fn fresh(id: u64) -> LoroDoc {
    let doc = LoroDoc::new();
    doc.set_peer_id(id).expect("nothing is edited yet");
    doc
}

fn updates(doc: &LoroDoc, since: &VersionVector) -> Vec<u8> {
    doc.export(ExportMode::updates(since)).expect("exports")
}

fn snapshot(doc: &LoroDoc) -> Vec<u8> {
    doc.export(ExportMode::Snapshot).expect("exports")
}

fn patch(text: &LoroText, patches: &[Patch]) {
    for Patch {
        at,
        deleted,
        inserted,
    } in patches
    {
        if *deleted > 0 {
            text.delete(*at, *deleted).expect("within the text");
        }
        if !inserted.is_empty() {
            text.insert(*at, inserted).expect("within the text");
        }
    }
}

/// A text, committing each change or not.
pub(crate) struct Document<const EACH: bool> {
    doc: LoroDoc,
    text: LoroText,
}

impl<const EACH: bool> TextDoc for Document<EACH> {
    fn start(start: &str) -> Self {
        let doc = fresh(1);
        let text = doc.get_text("text");
        text.insert(0, start).expect("the start");
        doc.commit();
        Self { doc, text }
    }

    fn change(&mut self, patches: &[Patch]) {
        patch(&self.text, patches);
        if EACH {
            self.doc.commit();
        }
    }

    fn finish(&mut self) {
        self.doc.commit();
    }

    fn text(&self) -> Option<String> {
        Some(self.text.to_string())
    }

    fn len(&self) -> usize {
        self.text.len_unicode()
    }

    fn encode(&mut self) -> Option<Vec<u8>> {
        Some(snapshot(&self.doc))
    }

    fn load(bytes: &[u8]) -> Option<Self> {
        let doc = LoroDoc::new();
        doc.import(bytes).expect("a snapshot of its own");
        let text = doc.get_text("text");
        Some(Self { doc, text })
    }
}

/// One of several who edit a text.
pub(crate) struct Author {
    doc: LoroDoc,
    text: LoroText,
}

impl Talker for Author {
    type Message = Vec<u8>;

    fn group(authors: usize, start: &str) -> Vec<Self> {
        let author = |id| {
            let doc = fresh(id);
            let text = doc.get_text("text");
            Self { doc, text }
        };
        let mut all: Vec<_> = (1..=authors as u64 + 1).map(author).collect();
        if !start.is_empty() {
            all[0].text.insert(0, start).expect("the start");
            all[0].doc.commit();
            let message = updates(&all[0].doc, &VersionVector::default());
            all[1..].iter_mut().for_each(|other| other.hear(&message));
        }
        all
    }

    fn edit(&mut self, patches: &[Patch]) -> Vec<u8> {
        let before = self.doc.oplog_vv();
        patch(&self.text, patches);
        self.doc.commit();
        updates(&self.doc, &before)
    }

    fn hear(&mut self, message: &Vec<u8>) {
        self.doc.import(message).expect("updates of its own");
    }

    fn bytes(message: &Vec<u8>) -> usize {
        message.len()
    }

    fn text(&self) -> Option<String> {
        Some(self.text.to_string())
    }

    fn len(&self) -> usize {
        self.text.len_unicode()
    }
}

/// A list, committing each edit or not.
pub(crate) struct List<const EACH: bool> {
    doc: LoroDoc,
    list: LoroList,
}

impl<const EACH: bool> List<EACH> {
    fn committed(&self) {
        if EACH {
            self.doc.commit();
        }
    }
}

impl<const EACH: bool> ListDoc for List<EACH> {
    fn new() -> Self {
        let doc = fresh(1);
        let list = doc.get_list("list");
        Self { doc, list }
    }

    fn push(&mut self, value: i64) {
        self.list.push(value).expect("pushes");
        self.committed();
    }

    fn shift(&mut self) {
        self.list.delete(0, 1).expect("there is a first");
        self.committed();
    }

    fn finish(&mut self) {
        self.doc.commit();
    }

    fn values(&self) -> Vec<i64> {
        let list = self.list.get_value().into_list().expect("a list");
        list.iter()
            .map(|value| *value.as_i64().expect("a number"))
            .collect()
    }

    fn encode(&mut self) -> Vec<u8> {
        snapshot(&self.doc)
    }
}
