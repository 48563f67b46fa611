//! The steps of a fixture, read and checked for their form. What they do is `super::net`'s.

use std::collections::BTreeMap;

use holo_runtime::Value;

/// The keys by which steps are told apart.
pub(super) const KEYS: [&str; 22] = [
    "edit",
    "deliver",
    "sync",
    "clock",
    "trusted_clock",
    "advance_ms",
    "undo",
    "redo",
    "checkpoint",
    "group",
    "snapshot",
    "merge",
    "capture",
    "restore",
    "compact",
    "restart",
    "expect",
    "expect_equal",
    "expect_held",
    "expect_pending",
    "expect_undo",
    "expect_redo",
];

/// One step.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Edit {
        replica: String,
        ops: Vec<Op>,
        name: Option<String>,
        fails: bool,
    },
    Deliver {
        changes: Vec<String>,
        to: Vec<String>,
    },
    Sync(Vec<String>),
    Clock {
        replica: String,
        skew_ms: i64,
    },
    TrustedClock(String),
    Advance(u64),
    Snapshot {
        replica: String,
        name: String,
    },
    Merge {
        snapshots: Vec<String>,
        to: Vec<String>,
    },
    Compact(Vec<String>),
    Restart(Vec<String>),
    Expect(BTreeMap<String, Value>),
    ExpectEqual(Vec<String>),
    ExpectHeld(BTreeMap<String, Value>),
    ExpectPending(BTreeMap<String, Value>),
    Undo(Vec<String>),
    Redo(Vec<String>),
    Checkpoint(Vec<String>),
    Group {
        replicas: Vec<String>,
        by_checkpoint: bool,
    },
    Capture {
        replicas: Vec<String>,
        name: String,
    },
    Restore {
        replicas: Vec<String>,
        name: String,
    },
    ExpectUndo(BTreeMap<String, Value>),
    ExpectRedo(BTreeMap<String, Value>),
}

/// One call of a verb.
#[derive(Clone, Debug)]
pub(super) struct Op {
    pub(super) field: String,
    pub(super) verb: String,
    pub(super) args: Vec<Value>,
}

type Entries = BTreeMap<String, Value>;

impl Step {
    pub(super) fn read(step: &Value) -> Result<Self, String> {
        let entries = object("a step", step)?;
        let mut keys = KEYS.into_iter().filter(|key| entries.contains_key(*key));
        let (Some(key), None) = (keys.next(), keys.next()) else {
            let there: Vec<&str> = entries.keys().map(String::as_str).collect();
            return Err(format!("no step has the keys {}", there.join(", ")));
        };
        let value = &entries[key];
        let others: &[&str] = match key {
            "edit" => &["ops", "as", "fails"],
            "deliver" | "merge" => &["to"],
            "clock" => &["skew_ms"],
            "snapshot" => &["as"],
            "capture" | "restore" => &["name"],
            "group" => &["by"],
            _ => &[],
        };
        if let Some(other) = entries
            .keys()
            .find(|it| *it != key && !others.contains(&it.as_str()))
        {
            return Err(format!("a step `{key}` has no `{other}`"));
        }
        Ok(match key {
            "edit" => edit(value, entries)?,
            "deliver" => Self::Deliver {
                changes: names("deliver", value)?,
                to: names("to", get(entries, "to")?)?,
            },
            "sync" => Self::Sync(names("sync", value)?),
            "clock" => Self::Clock {
                replica: text("clock", value)?,
                skew_ms: whole("skew_ms", get(entries, "skew_ms")?)?,
            },
            "trusted_clock" => Self::TrustedClock(text("trusted_clock", value)?),
            "advance_ms" => {
                let by = u64::try_from(whole("advance_ms", value)?);
                Self::Advance(by.map_err(|_| "advance_ms: time does not go back".to_owned())?)
            }
            "snapshot" => Self::Snapshot {
                replica: text("snapshot", value)?,
                name: text("as", get(entries, "as")?)?,
            },
            "merge" => Self::Merge {
                snapshots: names("merge", value)?,
                to: names("to", get(entries, "to")?)?,
            },
            "compact" => Self::Compact(names(key, value)?),
            "restart" => Self::Restart(names(key, value)?),
            "expect" => Self::Expect(object(key, value)?.clone()),
            "expect_equal" => Self::ExpectEqual(names(key, value)?),
            "expect_held" => Self::ExpectHeld(object(key, value)?.clone()),
            "expect_pending" => Self::ExpectPending(object(key, value)?.clone()),
            "expect_undo" => Self::ExpectUndo(object(key, value)?.clone()),
            "expect_redo" => Self::ExpectRedo(object(key, value)?.clone()),
            "undo" => Self::Undo(names(key, value)?),
            "redo" => Self::Redo(names(key, value)?),
            "checkpoint" => Self::Checkpoint(names(key, value)?),
            "group" => Self::Group {
                replicas: names(key, value)?,
                by_checkpoint: match get(entries, "by")? {
                    Value::Str(by) if by == "checkpoint" => true,
                    Value::Str(by) if by == "edit" => false,
                    other => return Err(format!("by: expected edit or checkpoint, found {other}")),
                },
            },
            "capture" => Self::Capture {
                replicas: names(key, value)?,
                name: text("name", get(entries, "name")?)?,
            },
            _ => Self::Restore {
                replicas: names(key, value)?,
                name: text("name", get(entries, "name")?)?,
            },
        })
    }
}

fn edit(replica: &Value, entries: &Entries) -> Result<Step, String> {
    let Value::List(ops) = get(entries, "ops")? else {
        return Err("ops: expected a list".to_owned());
    };
    let mut all = Vec::new();
    for (index, op) in ops.iter().enumerate() {
        let at = format!("ops[{index}]");
        let op = object(&at, op)?;
        if let Some(other) = op
            .keys()
            .find(|key| !["field", "verb", "args"].contains(&key.as_str()))
        {
            return Err(format!("{at}: an op has no `{other}`"));
        }
        let args = match op.get("args") {
            None => Vec::new(),
            Some(Value::List(args)) => args.clone(),
            Some(other) => return Err(format!("{at}.args: expected a list, found {other}")),
        };
        all.push(Op {
            field: text(&at, get(op, "field")?)?,
            verb: text(&at, get(op, "verb")?)?,
            args,
        });
    }
    Ok(Step::Edit {
        replica: text("edit", replica)?,
        ops: all,
        name: entries.get("as").map(|name| text("as", name)).transpose()?,
        fails: matches!(entries.get("fails"), Some(Value::Bool(true))),
    })
}

fn get<'v>(entries: &'v Entries, key: &str) -> Result<&'v Value, String> {
    entries
        .get(key)
        .ok_or_else(|| format!("`{key}` is missing"))
}

fn object<'v>(at: &str, value: &'v Value) -> Result<&'v Entries, String> {
    match value {
        Value::Map(entries) => Ok(entries),
        other => Err(format!("{at}: expected an object, found {other}")),
    }
}

fn text(at: &str, value: &Value) -> Result<String, String> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        other => Err(format!("{at}: expected text, found {other}")),
    }
}

fn whole(at: &str, value: &Value) -> Result<i64, String> {
    match value {
        Value::Int(whole) => Ok(*whole),
        other => Err(format!("{at}: expected a whole number, found {other}")),
    }
}

/// One name or a list of them.
fn names(at: &str, value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::List(items) => items.iter().map(|item| text(at, item)).collect(),
        one => Ok(vec![text(at, one)?]),
    }
}
