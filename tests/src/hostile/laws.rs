//! The laws of every reader: no panic, memory in proportion, one encoding for one meaning, and a replica that still works.

use std::str::FromStr;

use holo_runtime::dynamic::{Dynamic, Schema};
use holo_runtime::{
    Anchor, Change, Clock, Color, Guard, InstanceId, JsonPath, LwwRegister, Replica, Snapshot,
    Status, Text, Value, Version,
};

use super::envelope::{self, Reader, Writer, close};
use super::scenario::{fresh, id, scribble};
use super::{Meter, Scenario, Unmetered, allowance};
use crate::rng::Rng;

/// A law: what must hold for whatever bytes somebody sends to those of a scenario.
pub type Law = fn(&Scenario, &[u8], &mut dyn Meter);

/// All laws by name. Envelopes come without their checksums, which fit whatever was changed.
pub const ALL: [(&str, Law); 13] = [
    ("version", version),
    ("anchor", anchor),
    ("change", change),
    ("change body", change_body),
    ("snapshot", snapshot),
    ("packed", packed),
    ("snapshot body", snapshot_body),
    ("status", status),
    ("stored", stored),
    ("stored change", stored_change),
    ("json", json),
    ("schema", schema),
    ("text", text),
];

/// The law with a name.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn law(name: &str) -> Law {
    let found = ALL.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no law is called {name}")).1
}

/// What a fuzz target does: the first byte says which scenario the rest is said in.
pub fn fuzz(name: &str, data: &[u8]) {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    thread_local! {
        static MADE: RefCell<BTreeMap<u8, Scenario>> = const { RefCell::new(BTreeMap::new()) };
    }
    if let Some((number, bytes)) = data.split_first() {
        MADE.with_borrow_mut(|made| {
            let new = || Scenario::new(u64::from(*number));
            law(name)(
                made.entry(*number).or_insert_with(new),
                bytes,
                &mut Unmetered,
            );
        });
    }
}

/// Reads within the allowance.
fn metered<R>(
    meter: &mut dyn Meter,
    what: &'static str,
    bytes: usize,
    read: impl FnOnce() -> R,
) -> R {
    meter.begin();
    let result = read();
    meter.end(what, bytes, allowance(bytes));
    result
}

fn version(_: &Scenario, bytes: &[u8], meter: &mut dyn Meter) {
    let read = metered(meter, "a version", bytes.len(), || Version::decode(bytes));
    if let Ok(read) = read {
        assert_eq!(read.encode(), bytes);
    }
}

fn anchor(_: &Scenario, bytes: &[u8], meter: &mut dyn Meter) {
    let read = metered(meter, "an anchor", bytes.len(), || Anchor::decode(bytes));
    if let Ok(read) = read {
        assert_eq!(read.encode(), bytes);
        let mut replica = Replica::<Text>::with_clock(id(1), Clock::manual(1_000_000));
        replica.edit(|text| text.push("abc"));
        let at = replica.state().position(&read);
        assert!(at.is_none_or(|at| at <= 3), "{at:?}");
        assert_eq!(replica.state().position_utf16(&read), at);
    }
}

fn change(scenario: &Scenario, content: &[u8], meter: &mut dyn Meter) {
    let bytes = close(content.to_vec());
    let read = metered(meter, "a change", bytes.len(), || Change::decode(&bytes));
    if let Ok(read) = read {
        assert_eq!(read.encode(), bytes);
        take(scenario, &read, meter);
    }
}

fn change_body(scenario: &Scenario, body: &[u8], meter: &mut dyn Meter) {
    for honest in &scenario.changes {
        let bytes = envelope::with_body(honest, body);
        match Change::decode(&bytes) {
            Ok(read) => take(scenario, &read, meter),
            Err(error) => assert!(body.len() > 1 << 20, "{error}"),
        }
    }
}

/// Walks a change where its type is another, which applies nothing, and applies it where it is known and where it is not.
fn take(scenario: &Scenario, change: &Change, meter: &mut dyn Meter) {
    let clock = Clock::manual(u64::MAX >> 16);
    let mut stranger = Replica::<LwwRegister<bool>>::with_clock(id(8), clock);
    let (alien, len) = (change.clone(), change.encode().len());
    let walked = metered(meter, "the body of a change", len, || stranger.apply(alien));
    walked.unwrap_or_else(|error| panic!("{error}"));
    for state in [scenario.blank(), Dynamic::default()] {
        let mut here = scenario.receiver(state.clone());
        let report = here.apply(change.clone());
        let report = report.unwrap_or_else(|error| panic!("{error}"));
        if report.applied > report.unreadable {
            meter.accepted();
        }
        sound(here, &state, scenario.seed);
    }
}

fn snapshot(scenario: &Scenario, content: &[u8], meter: &mut dyn Meter) {
    let bytes = close(content.to_vec());
    let read = metered(meter, "a snapshot", bytes.len(), || {
        Snapshot::decode(&bytes)
    });
    if let Ok(read) = read {
        assert_eq!(read.encode(), bytes);
        merge(scenario, &read, meter);
    }
}

fn packed(_: &Scenario, content: &[u8], meter: &mut dyn Meter) {
    let bytes = close(content.to_vec());
    let read = metered(meter, "a packed snapshot", bytes.len(), || {
        Snapshot::unpack(&bytes)
    });
    if let Ok(read) = read {
        assert_eq!(Snapshot::unpack(&read.pack()), Ok(read));
    }
}

fn snapshot_body(scenario: &Scenario, body: &[u8], meter: &mut dyn Meter) {
    let mut rng = Rng::new(body.len() as u64);
    let (head, _) = envelope::parts_of(rng.pick(&scenario.snapshots));
    let bytes = envelope::snapshot(&head, body);
    let read = Snapshot::decode(&bytes).unwrap_or_else(|error| panic!("{error}"));
    merge(scenario, &read, meter);
}

/// Walks a snapshot where the clock holds it back, and merges it into replicas that hold nothing and that hold something.
fn merge(scenario: &Scenario, snapshot: &Snapshot, meter: &mut dyn Meter) {
    let len = snapshot.encode().len();
    for state in [scenario.blank(), Dynamic::default()] {
        let guard = Guard {
            report_ms: 0,
            hold_ms: 0,
        };
        let mut early = Replica::with_state(id(8), Clock::manual(0), state.clone());
        early = early.with_guard(guard);
        let held = snapshot.clone();
        drop(metered(meter, "a state", len, || early.apply(held)));
        if let Ok(mut here) =
            Replica::restore(id(9), Clock::manual(0), snapshot.clone(), state.clone())
        {
            meter.accepted();
            let again = here.snapshot();
            assert_eq!(&again, snapshot, "what was accepted is canonical");
            sound(here, &state, scenario.seed);
        }
        let mut here = scenario.receiver(state.clone());
        drop(here.apply(snapshot.clone()));
        sound(here, &state, scenario.seed);
    }
}

fn status(scenario: &Scenario, content: &[u8], meter: &mut dyn Meter) {
    let bytes = close(content.to_vec());
    let read = metered(meter, "a status", bytes.len(), || Status::decode(&bytes));
    let Ok(read) = read else { return };
    assert_eq!(read.encode(), bytes);
    for members in [false, true] {
        let mut here = scenario.receiver(scenario.blank());
        if members {
            here.set_members([1, 2, 3, 9].map(id));
        }
        drop(here.observe(&read));
        here.compact();
        drop(here.observe(&read));
        sound(here, &scenario.blank(), scenario.seed);
    }
}

fn stored(scenario: &Scenario, content: &[u8], meter: &mut dyn Meter) {
    let bytes = close(content.to_vec());
    let clock = Clock::manual(1_000_000);
    let opened = Replica::open_with_state(&bytes, id(7), clock.clone(), scenario.blank());
    if let Ok(mut here) = opened {
        drop(here.restamp(id(6), scenario.snapshots[0].clone()));
        sound(here, &scenario.blank(), scenario.seed);
    }
    // Where the type is another one, it is read and goes no further.
    let read = metered(meter, "a stored replica", bytes.len(), || {
        Replica::<LwwRegister<bool>>::open(&bytes, id(7), clock.clone()).map(drop)
    });
    let resumed = Replica::resume_with(&bytes, clock, scenario.blank());
    assert!(read.is_err() || resumed.is_ok());
    if let Ok(mut here) = resumed {
        assert_eq!(
            here.store().bytes(),
            bytes,
            "what was accepted is canonical"
        );
        drop(here.restamp(id(6), scenario.snapshots[1].clone()));
        sound(here, &scenario.blank(), scenario.seed);
    }
}

/// A stored replica one of whose unsent changes has this body.
fn stored_change(scenario: &Scenario, body: &[u8], meter: &mut dyn Meter) {
    let bytes = scenario.stored.iter().max_by_key(|bytes| bytes.len());
    let Some(bytes) = bytes else { return };
    let content = &bytes[..bytes.len() - 4];
    let mut input = Reader(content);
    input.take(9);
    input.varint();
    input.bytes();
    let mut out = Writer(content[..content.len() - input.0.len()].to_vec());
    let count = input.varint();
    out.varint(count);
    for index in 0..count {
        let own = Change::decode(input.bytes()).unwrap_or_else(|error| panic!("{error}"));
        match index + 1 == count {
            true => out.bytes(&envelope::with_body(&own, body)),
            false => out.bytes(&own.encode()),
        };
        let bases = input.varint();
        out.varint(bases);
        for _ in 0..bases {
            out.varint(input.varint());
        }
    }
    stored(scenario, &out.0, meter);
}

/// JSON is made into values of many times its length: `0,` is two bytes, and a value takes dozens.
const JSON: usize = 64;

fn json(_: &Scenario, bytes: &[u8], meter: &mut dyn Meter) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    meter.begin();
    let read = Value::from_json(text);
    meter.end("JSON", text.len(), JSON * text.len() + (64 << 10));
    if let Ok(read) = read {
        let again = Value::from_json(&read.to_string());
        assert_eq!(again.as_ref(), Ok(&read));
    }
}

fn schema(_: &Scenario, bytes: &[u8], meter: &mut dyn Meter) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    meter.begin();
    let read = Schema::from_json(text);
    meter.end("a schema", text.len(), JSON * text.len() + (64 << 10));
    if let Ok(read) = read {
        let state = Dynamic::new(&read);
        let mut here = fresh(1, state.clone());
        here.edit(|_| {});
        sound(here, &state, 0);
    }
}

/// What is read from text reads what it shows.
fn text(_: &Scenario, bytes: &[u8], meter: &mut dyn Meter) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    fn one<T: FromStr + ToString + PartialEq + std::fmt::Debug>(text: &str)
    where
        T::Err: std::fmt::Debug,
    {
        if let Ok(read) = text.parse::<T>() {
            let shown = read.to_string();
            assert_eq!(shown.parse::<T>().ok().as_ref(), Some(&read), "{shown}");
        }
    }
    metered(meter, "a text", text.len(), || {
        drop(text.parse::<JsonPath>())
    });
    one::<Color>(text);
    one::<InstanceId>(text);
}

/// Whatever a replica has taken in, it works: what it says can be read, is merged with itself and with edits, and is collected.
///
/// # Panics
/// When it does not.
pub fn sound(mut here: Replica<Dynamic>, blank: &Dynamic, seed: u64) {
    let said = here.snapshot();
    let read = Snapshot::decode(&said.encode()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read, said);
    let clock = || Clock::manual(1_000_000);
    let restored = Replica::restore(id(101), clock(), read.clone(), blank.clone());
    let mut twin = restored.unwrap_or_else(|error| panic!("its own snapshot: {error}"));
    assert_eq!(twin.state_hash(), here.state_hash());
    assert_eq!(twin.snapshot(), said);
    drop(here.apply(read.clone()));
    assert_eq!(here.snapshot(), said, "merged with itself");
    assert_eq!(format!("{:?}", twin.state()), format!("{:?}", here.state()));
    let mut rng = Rng::new(seed);
    for one in [&mut here, &mut twin] {
        (0..3).for_each(|_| scribble(one, &mut rng));
    }
    if !said.is_incomplete() {
        // A forged change may have waited for what is made only here: then it has come with that, and the twin hears of it last.
        let theirs = twin.snapshot();
        if here.apply(theirs).is_ok() && twin.apply(here.snapshot()).is_ok() {
            let same = here.state_hash() == twin.state_hash();
            assert!(same, "{:?}\n{:?}", here.state(), twin.state());
            assert_eq!(here.snapshot(), twin.snapshot(), "merged both ways");
        }
    }
    let version = here.version().clone();
    if here.advance_floor(&version).is_ok() {
        scribble(&mut here, &mut rng);
        let _ = here.state_hash();
    }
}
