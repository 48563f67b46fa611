//! The samples: for each kind edits of two replicas, the second of which has seen the first.

use holo_runtime::{
    Anchor, Clock, Color, GCounter, GSet, InstanceId, JsonDoc, LwwMap, LwwRegister, MvRegister,
    OrMap, OrSet, PnCounter, Quat, Replica, ReplicaId, Sequence, Side, Snapshot, Status, Synced,
    Text, TwoPSet, Value, Vec3, Version,
};

use super::table::{Table, id, replica};

/// A struct with a member of each sort that has initial values.
#[derive(Debug, Synced)]
pub(crate) struct Sheet {
    #[synced(initial = 7)]
    number: LwwRegister<i64>,
    #[synced(initial = ["i", "j"])]
    tags: OrSet<String>,
    #[synced(initial = ["a", "b", "c"])]
    rows: Sequence<String>,
    #[synced(initial = "Hello")]
    text: Text,
    #[synced(initial = {"i": 1})]
    doc: JsonDoc,
}

/// Calls with each kind: its name and the edits of both replicas.
macro_rules! each_kind {
    ($table:ident, $($name:literal, $type:ty, |$a:ident| $first:expr, |$b:ident| $second:expr;)*) => {
        pub(crate) fn kinds($table: &mut Table) {
            $($table.kind::<$type>($name, |$a| $first, |$b| $second);)*
        }

        /// Each inside a map of synchronised values, where more is kept of what was written.
        pub(crate) fn in_maps($table: &mut Table) {
            $($table.kind::<OrMap<String, $type>>(
                concat!("OrMap of ", $name),
                |map| { let $a = &mut map.entry("k"); $first },
                |map| { let $b = &mut map.entry("k"); $second },
            );)*
        }
    };
}

each_kind! { table,
    "LwwRegister", LwwRegister<i64>, |a| a.set(1), |b| b.set(-2);
    "MvRegister", MvRegister<String>, |a| a.set("a"), |b| b.set("b");
    "GCounter", GCounter, |a| a.increment(3), |b| b.increment(300);
    "PnCounter", PnCounter, |a| a.decrement(3), |b| b.increment(300);
    "OrSet", OrSet<String>, |a| { a.insert("a"); a.insert("b"); }, |b| { b.remove("a"); b.insert("c"); };
    "GSet", GSet<String>, |a| { a.insert("a"); }, |b| { b.insert("b"); };
    "TwoPSet", TwoPSet<String>, |a| { a.insert("a"); a.insert("b"); }, |b| { b.remove("a"); b.insert("c"); };
    "LwwMap", LwwMap<String, i64>, |a| { a.set("x", 1); a.set("y", 2); }, |b| { b.set("x", 3); b.delete("y"); };
    "OrMap", OrMap<u32, PnCounter>,
        |a| { a.entry(1).increment(1); a.entry(2).increment(1); },
        |b| { b.entry(1).increment(2); b.remove(2); };
    "Sequence", Sequence<i64>, |a| a.extend([1, 2, 3, 4]),
        |b| { b.set(0, 5).unwrap(); b.delete(1).unwrap(); b.move_item(2, 0).unwrap(); b.insert(1, 6).unwrap(); };
    "Text", Text, |a| a.push("Hello"), |b| { b.delete(1..3).unwrap(); b.insert(1, "é🦀").unwrap(); };
    "JsonDoc", JsonDoc, |a| { a.set("a.b", 1); a.set("a.c", "x"); },
        |b| { b.set("a.b", Value::List(vec![Value::Null])); b.delete("a.c"); b.set("d", Value::Map(Default::default())); };
    "Struct", Sheet, |a| { a.number.set(1); a.tags.remove("i"); },
        |b| { b.rows.delete(1).unwrap(); b.text.delete(0..2).unwrap(); b.doc.delete("i"); };
}

/// Each type of value, in a register.
pub(crate) fn values(table: &mut Table) {
    macro_rules! value {
        ($($name:literal, $type:ty, $first:expr, $second:expr;)*) => {
            $(table.kind::<LwwRegister<$type>>(
                concat!("value ", $name), |it| it.set($first), |it| it.set($second),
            );)*
        };
    }
    let instance = |number: u16| -> InstanceId {
        format!("{:016x}{:016x}{number:04x}", 5, 1).parse().unwrap()
    };
    value! {
        "Bool", bool, true, false;
        "I32", i32, i32::MAX, i32::MIN;
        "I64", i64, i64::MAX, i64::MIN;
        "U32", u32, 1u32, u32::MAX;
        "U64", u64, 1u64, u64::MAX;
        "F32", f32, 1.5f32, f32::NAN;
        "F64", f64, -0.0f64, f64::NEG_INFINITY;
        "String", String, "", "日本🦀";
        "Vec3", Vec3, Vec3::new(0.0, 0.0, 0.0), Vec3::new(1.0, -2.5, 1e300);
        "Quat", Quat, Quat::new(0.0, 1.0, 0.0, 1.0), Quat::new(0.0, 0.0, 0.0, 1.0);
        "Color", Color, Color::rgba(1, 2, 3, 4), Color::rgba(255, 254, 253, 252);
        "Value", Value, Value::Null, Value::List(vec![Value::Bool(true), Value::Int(-1), Value::Float(0.5),
            Value::Str("s".to_owned()), Value::Map([("k".to_owned(), Value::Null)].into())]);
        "ReplicaId", Option<ReplicaId>, Some(id(1)), Some(id(u64::MAX));
        "InstanceId", Option<InstanceId>, Some(instance(1)), Some(instance(2));
        "Option", Option<i64>, Some(1), None;
        "List", Vec<Vec<i64>>, vec![vec![1]], vec![vec![], vec![1, -2]];
    }
}

/// What replicas say of themselves, store, and hand out besides.
pub(crate) fn documents(table: &mut Table) {
    let version = |bytes: &[u8]| Version::decode(bytes).ok().map(|it| it.encode());
    let status = |bytes: &[u8]| Status::decode(bytes).ok().map(|it| it.encode());
    let snapshot = |bytes: &[u8]| Snapshot::decode(bytes).ok().map(|it| it.encode());
    let anchor = |bytes: &[u8]| Anchor::decode(bytes).ok().map(|it| it.encode());
    let stored = |bytes: &[u8]| {
        let resumed = Replica::<PnCounter>::resume(bytes, Clock::manual(1));
        resumed.ok().map(|mut here| here.store().bytes().to_vec())
    };
    let (mut a, mut b) = (replica::<PnCounter>(1), replica::<PnCounter>(2));
    table.add("Version of nothing", a.version().encode(), version);
    table.add_closed("Status of nothing", a.status().encode(), status);
    table.add_closed("Stored nothing", a.store().bytes().to_vec(), stored);
    a.edit(|it| it.increment(1));
    b.apply(a.changes_since(b.version())).unwrap();
    b.edit(|it| it.increment(5));
    b.flush();
    b.edit(|it| it.decrement(3));
    table.add_closed(
        "Stored with unsent changes",
        b.store().bytes().to_vec(),
        stored,
    );
    table.add("Version", b.version().encode(), version);
    table.add_closed("Status with a hash", b.full_status().encode(), status);
    let below = a.version().clone();
    b.advance_floor(&below).unwrap();
    table.add("Version over a floor", b.version().encode(), version);
    table.add_closed("Status over a floor", b.status().encode(), status);
    table.add_closed("Snapshot over a floor", b.snapshot().encode(), snapshot);
    b.set_members([1, 2, 3].map(id));
    b.expel(id(3));
    b.close_chain(id(2));
    table.add_closed("Status of a fork", b.status().encode(), status);
    incomplete(table, snapshot);
    let mut text = replica::<Text>(1);
    text.edit(|text| text.push("ab"));
    for (name, at, side) in [
        ("start", 0, Side::Before),
        ("item", 1, Side::Before),
        ("next", 1, Side::After),
    ] {
        let bytes = text.state().anchor(at, side).unwrap().encode();
        table.add(&format!("Anchor at {name}"), bytes, anchor);
    }
}

/// The snapshot of a replica that could not read all it holds.
fn incomplete(table: &mut Table, read: impl Fn(&[u8]) -> Option<Vec<u8>>) {
    let mut newer = replica::<PnCounter>(1);
    newer.edit(|it| it.increment(1));
    let change = newer.flush().unwrap();
    let unknown = holo_tests::hostile::with_body(&change, &[0, 99]);
    let mut here = replica::<PnCounter>(2);
    here.apply(holo_runtime::Change::decode(&unknown).unwrap())
        .unwrap();
    let snapshot = here.snapshot();
    assert!(snapshot.is_incomplete());
    table.add_closed("Snapshot that is incomplete", snapshot.encode(), read);
}
