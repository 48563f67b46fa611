//! Editing traces of real documents, read in place; and their replay over replicas.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use holo_runtime::{Change, Clock, Error, Replica, ReplicaId, Text};
use serde_json::Value;

/// One transaction: by whom, after which others, and what was deleted and inserted where.
pub(crate) struct Txn {
    agent: usize,
    parents: Vec<usize>,
    patches: Vec<(usize, usize, String)>,
}

/// A trace: what it starts and ends with, and its transactions.
pub(crate) struct Trace {
    pub(crate) start: String,
    pub(crate) end: String,
    pub(crate) agents: usize,
    pub(crate) txns: Vec<Txn>,
}

pub(crate) const SEQUENTIAL: [&str; 4] = [
    "automerge-paper",
    "rustcode",
    "sveltecomponent",
    "seph-blog1",
];
pub(crate) const CONCURRENT: [&str; 2] = ["friendsforever", "clownschool"];

/// Reads a trace; none where the traces are not at hand.
pub(crate) fn read(name: &str) -> Option<Trace> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/traces");
    let path = folder.join(format!("{name}.json.gz"));
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is not there", path.display());
        return None;
    };
    let mut json = String::new();
    GzDecoder::new(bytes.as_slice())
        .read_to_string(&mut json)
        .unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    let number = |value: &Value| value.as_u64().unwrap() as usize;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let txns = json["txns"].as_array().unwrap().iter().map(|txn| Txn {
        agent: txn["agent"].as_u64().unwrap_or(0) as usize,
        parents: txn["parents"]
            .as_array()
            .into_iter()
            .flatten()
            .map(number)
            .collect(),
        patches: txn["patches"]
            .as_array()
            .unwrap()
            .iter()
            .map(|patch| (number(&patch[0]), number(&patch[1]), text(&patch[2])))
            .collect(),
    });
    Some(Trace {
        start: text(&json["startContent"]),
        end: text(&json["endContent"]),
        agents: json["numAgents"].as_u64().unwrap_or(1) as usize,
        txns: txns.collect(),
    })
}

fn replica(id: u64) -> Replica<Text> {
    let clock = Clock::manual(1_600_000_000_000);
    Replica::with_clock(ReplicaId::new(id).unwrap(), clock)
}

fn patch(replica: &mut Replica<Text>, txn: &Txn) -> Result<(), Error> {
    replica.try_edit(|text| {
        for (at, deleted, inserted) in &txn.patches {
            text.splice(*at, *deleted, inserted)?;
        }
        Ok(())
    })
}

impl Trace {
    /// Replays a trace of one author, one change a transaction.
    pub(crate) fn alone(&self) -> Replica<Text> {
        let mut author = replica(1).with_log_limits(64, 1 << 16);
        author.edit(|text| text.push(&self.start));
        for txn in &self.txns {
            patch(&mut author, txn).unwrap();
            author.flush();
        }
        author
    }

    /// The changes of a trace of several authors, each made on exactly what its author had seen.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let mut authors: Vec<_> = (0..self.agents).map(|at| replica(at as u64 + 1)).collect();
        let mut held: Vec<Vec<bool>> = vec![vec![false; self.txns.len()]; self.agents];
        let mut changes: Vec<Change> = Vec::new();
        for (number, txn) in self.txns.iter().enumerate() {
            let (mut missing, mut open) = (Vec::new(), txn.parents.clone());
            while let Some(parent) = open.pop() {
                if !std::mem::replace(&mut held[txn.agent][parent], true) {
                    missing.push(parent);
                    open.extend(&self.txns[parent].parents);
                }
            }
            missing.sort_unstable();
            let author = &mut authors[txn.agent];
            for parent in missing {
                author.apply(changes[parent].clone()).unwrap();
            }
            patch(author, txn).unwrap();
            held[txn.agent][number] = true;
            changes.push(author.flush().unwrap());
        }
        changes
    }
}

/// A replica that hears of each change by itself.
pub(crate) fn heard(changes: &[Change]) -> Replica<Text> {
    let mut reader = replica(99).with_log_limits(64, 1 << 16);
    for change in changes {
        reader.apply(change.clone()).unwrap();
    }
    reader
}
