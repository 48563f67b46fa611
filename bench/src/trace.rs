//! Editing traces of real documents, read in place beside the repository; and made-up ones of the same form.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Deserialize;

/// What was deleted and inserted where, in Unicode characters.
#[derive(Deserialize)]
pub(crate) struct Patch {
    pub(crate) at: usize,
    pub(crate) deleted: usize,
    pub(crate) inserted: String,
}

/// One transaction: by whom, after which others, and its patches.
#[derive(Deserialize)]
pub(crate) struct Txn {
    #[serde(default)]
    pub(crate) agent: usize,
    #[serde(default)]
    pub(crate) parents: Vec<usize>,
    pub(crate) patches: Vec<Patch>,
}

/// What a document starts and ends with, and its transactions.
#[derive(Deserialize)]
pub(crate) struct Trace {
    #[serde(rename = "startContent", default)]
    pub(crate) start: String,
    #[serde(rename = "endContent")]
    pub(crate) end: String,
    #[serde(rename = "numAgents", default)]
    pub(crate) agents: usize,
    pub(crate) txns: Vec<Txn>,
}

impl Trace {
    /// Reads a trace; none, with a line that says so, where the traces are not at hand.
    pub(crate) fn read(name: &str) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/traces");
        let path = folder.join(format!("{name}.json.gz"));
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("skipped: {name} is not there");
            return None;
        };
        let mut json = String::new();
        GzDecoder::new(bytes.as_slice())
            .read_to_string(&mut json)
            .expect("traces are gzip of UTF-8");
        Some(serde_json::from_str(&json).expect("traces are JSON of a known form"))
    }

    /// Characters appended one by one, each its own transaction; and as many taken from the front, one by one.
    pub(crate) fn append_and_crop(count: usize) -> Self {
        let append = (0..count).map(|at| patch(at, 0, "x"));
        let crop = (0..count).map(|_| patch(0, 1, ""));
        Self {
            start: String::new(),
            end: String::new(),
            agents: 1,
            txns: append.chain(crop).collect(),
        }
    }

    /// As [`Trace::append_and_crop`], before anything is cropped.
    pub(crate) fn append(count: usize) -> Self {
        let mut trace = Self::append_and_crop(count);
        trace.txns.truncate(count);
        trace.end = "x".repeat(count);
        trace
    }
}

fn patch(at: usize, deleted: usize, inserted: &str) -> Txn {
    let inserted = inserted.to_owned();
    Txn {
        agent: 0,
        parents: Vec::new(),
        patches: vec![Patch {
            at,
            deleted,
            inserted,
        }],
    }
}
