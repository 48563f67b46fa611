//! diamond-types: text alone. Deletes without what they delete, which is its faster way; encoded as it encodes by default.

use diamond_types::AgentId;
use diamond_types::list::ListCRDT;
use diamond_types::list::encoding::{ENCODE_FULL, ENCODE_PATCH};

use super::{Talker, TextDoc};
use crate::trace::Patch;

/// A text.
pub(crate) struct Document {
    doc: ListCRDT,
    agent: AgentId,
}

impl Document {
    fn named(name: &str) -> Self {
        let mut doc = ListCRDT::new();
        let agent = doc.get_or_create_agent_id(name);
        Self { doc, agent }
    }

    fn patch(&mut self, patches: &[Patch]) {
        for Patch {
            at,
            deleted,
            inserted,
        } in patches
        {
            if *deleted > 0 {
                self.doc
                    .delete_without_content(self.agent, *at..at + deleted);
            }
            if !inserted.is_empty() {
                self.doc.insert(self.agent, *at, inserted);
            }
        }
    }
}

impl TextDoc for Document {
    fn start(start: &str) -> Self {
        let mut made = Self::named("1");
        if !start.is_empty() {
            made.doc.insert(made.agent, 0, start);
        }
        made
    }

    fn change(&mut self, patches: &[Patch]) {
        self.patch(patches);
    }

    fn text(&self) -> Option<String> {
        Some(self.doc.branch.content().to_string())
    }

    fn len(&self) -> usize {
        self.doc.len()
    }

    fn encode(&mut self) -> Option<Vec<u8>> {
        Some(self.doc.oplog.encode(ENCODE_FULL))
    }

    fn load(bytes: &[u8]) -> Option<Self> {
        let mut doc = ListCRDT::load_from(bytes).ok()?;
        let agent = doc.get_or_create_agent_id("2");
        Some(Self { doc, agent })
    }
}

impl Talker for Document {
    type Message = Vec<u8>;

    fn group(authors: usize, start: &str) -> Vec<Self> {
        let names = 1..=authors + 1;
        let mut all: Vec<_> = names.map(|name| Self::named(&name.to_string())).collect();
        if !start.is_empty() {
            let agent = all[0].agent;
            all[0].doc.insert(agent, 0, start);
            let message = all[0].doc.oplog.encode(ENCODE_PATCH);
            all[1..].iter_mut().for_each(|other| other.hear(&message));
        }
        all
    }

    fn edit(&mut self, patches: &[Patch]) -> Vec<u8> {
        let before = self.doc.oplog.local_version();
        self.patch(patches);
        self.doc.oplog.encode_from(ENCODE_PATCH, &before)
    }

    fn hear(&mut self, message: &Vec<u8>) {
        self.doc
            .merge_data_and_ff(message)
            .expect("a patch of its own");
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
