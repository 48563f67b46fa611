//! Registers that keep concurrent writes and sets whose elements come once: what they promise, in entries of maps too, where
//! edits fail, and among peers of other schemas.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Clock, Error, GSet, Limit, MvRegister, OrMap, PnCounter, Replica, ReplicaId, Stamp, Synced,
    TwoPSet, Value,
};

#[derive(Clone, Debug, Synced)]
struct Sheet {
    #[synced(initial = "?")]
    title: MvRegister<String>,
    #[synced(initial = ["torch"])]
    seen: GSet<String>,
    #[synced(initial = ["torch"])]
    open: TwoPSet<String>,
}

#[derive(Clone, Debug, Synced)]
struct Desk {
    top: Sheet,
    sheets: OrMap<String, Sheet>,
    count: PnCounter,
}

fn replica<T: Synced>(id: u64) -> Replica<T> {
    Replica::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(1_000_000))
}

fn exchange<A: Synced, B: Synced>(a: &mut Replica<A>, b: &mut Replica<B>) {
    b.apply(a.changes_since(b.version())).unwrap();
    a.apply(b.changes_since(a.version())).unwrap();
}

#[test]
fn a_write_replaces_what_its_author_had_seen_and_nothing_else() {
    let mut three = [1, 2, 3].map(replica::<MvRegister<i64>>);
    let [a, b, c] = &mut three;
    assert_eq!(
        (a.state().values(), a.state().has_conflict()),
        (vec![&0], false)
    );
    a.edit(|r| r.set(1));
    b.edit(|r| r.set(2));
    b.edit(|r| r.set(20));
    exchange(a, b);
    c.edit(|r| r.set(3));
    a.edit(|r| r.update(|last| last + 100));
    exchange(a, b);
    assert_eq!(
        b.state().values(),
        [&120],
        "a saw both, and the last was 20"
    );
    exchange(b, c);
    exchange(a, c);
    assert_eq!(a.state().values(), [&3, &120], "c saw neither");
    assert!(c.state().has_conflict());
    let stamps: Vec<Stamp> = c.state().stamps();
    assert!(stamps.is_sorted() && stamps.len() == 2);
    assert_eq!(*c.state().get(), 120);
    assert_eq!(a.state_hash(), c.state_hash());
}

#[test]
fn what_was_taken_out_never_comes_back() {
    let (mut a, mut b) = (replica::<TwoPSet<i64>>(1), replica::<TwoPSet<i64>>(2));
    a.edit(|s| assert!(s.insert(1) && !s.insert(1) && s.insert(2)));
    b.edit(|s| assert!(s.insert(1) && s.remove(1) && !s.insert(1) && !s.remove(1)));
    exchange(&mut a, &mut b);
    assert_eq!(a.state().sorted(), [&2]);
    assert!(a.state().is_removed(1) && !a.state().is_removed(2));
    a.edit(|s| assert!(!s.insert(1)));
    assert!(a.flush().is_none(), "there is nothing to say");
    a.edit(|s| s.clear());
    exchange(&mut a, &mut b);
    assert!(b.state().is_empty() && b.state().is_removed(2));
}

#[test]
fn an_element_that_is_there_is_not_sent_again() {
    let (mut a, mut b) = (replica::<GSet<i64>>(1), replica::<GSet<i64>>(2));
    a.edit(|s| assert!(s.insert(1) && !s.insert(1)));
    exchange(&mut a, &mut b);
    b.edit(|s| assert!(!s.insert(1)));
    assert!(b.flush().is_none());
    let fresh = Replica::<Desk>::new(ReplicaId::random()).state_hash();
    let mut desk = replica::<Desk>(1);
    desk.edit(|d| assert!(!d.top.seen.insert("torch")));
    assert!(desk.flush().is_none() && desk.state_hash() == fresh);
}

#[test]
fn an_entry_that_is_removed_takes_along_what_was_seen_in_it() {
    let (mut a, mut b) = (replica::<Desk>(1), replica::<Desk>(2));
    a.edit(|d| {
        let mut sheet = d.sheets.entry("x");
        sheet.title.set("first");
        sheet.seen.insert("rope");
        sheet.open.insert("map");
        sheet.open.remove("torch");
    });
    exchange(&mut a, &mut b);
    a.edit(|d| d.sheets.remove("x"));
    b.edit(|d| d.sheets.entry("x").seen.insert("rope"));
    exchange(&mut a, &mut b);
    for replica in [&a, &b] {
        let sheet = replica.state().sheets.get("x").unwrap();
        assert_eq!(sheet.title.values(), ["?"]);
        assert_eq!(sheet.seen.len(), 2, "putting it in again kept it");
        assert_eq!(
            sheet.open.sorted(),
            ["torch"],
            "a new entry inherits nothing"
        );
    }
    assert_eq!(a.state_hash(), b.state_hash());
    // In one open change: a write over another's, and then the whole entry.
    b.edit(|d| d.sheets.entry("x").title.set("b"));
    exchange(&mut a, &mut b);
    a.edit(|d| d.sheets.entry("x").title.set("a"));
    a.edit(|d| d.sheets.remove("x"));
    exchange(&mut a, &mut b);
    assert!(b.state().sheets.is_empty(), "{:?}", b.state());
    assert_eq!(b.state_hash(), a.state_hash());
}

#[test]
fn an_edit_that_fails_leaves_no_trace() {
    let (mut a, mut b) = (replica::<Desk>(1), replica::<Desk>(2));
    b.edit(|d| d.top.title.set("b"));
    a.edit(|d| d.top.title.set("a"));
    exchange(&mut a, &mut b);
    a.edit(|d| d.top.open.insert("rope"));
    let before = format!("{:?}", a.state());
    let failed = a.try_edit(|d| {
        d.top.title.set("x");
        d.top.title.set("y");
        d.top.seen.insert("map");
        d.top.open.remove("rope");
        d.top.open.remove("torch");
        d.sheets.entry("z").open.insert("map");
        Err::<(), _>(Error::ClockExhausted)
    });
    assert!(failed.is_err());
    assert_eq!(before, format!("{:?}", a.state()));
    exchange(&mut a, &mut b);
    assert_eq!(before, format!("{:?}", b.state()));
    assert_eq!(a.state_hash(), b.state_hash());
}

#[test]
fn what_nests_too_deep_refuses_the_edit() {
    let deep = (0..65).fold(Value::Null, |value, _| Value::List(vec![value]));
    let depth = Err(Error::Limit(Limit::Depth));
    let mut register = replica::<MvRegister<Value>>(1);
    assert_eq!(
        register.try_edit(|r| {
            r.set(&deep);
            Ok(())
        }),
        depth
    );
    let mut set = replica::<GSet<Value>>(1);
    assert_eq!(set.try_edit(|s| Ok(s.insert(&deep))).map(drop), depth);
    assert!(set.state().is_empty() && register.flush().is_none());
}

/// A desk as it was before there were sheets.
#[derive(Clone, Debug, Synced)]
struct Older {
    #[synced(id = 3)]
    count: PnCounter,
}

#[test]
fn a_peer_that_knows_none_of_them_holds_merges_and_passes_on() {
    let (mut a, mut b) = (replica::<Desk>(1), replica::<Desk>(2));
    let mut old = replica::<Older>(3);
    for (replica, name) in [(&mut a, "a"), (&mut b, "b")] {
        replica.edit(|d| {
            let mut sheet = d.sheets.entry("x");
            sheet.title.set(name);
            sheet.seen.insert(name);
            sheet.open.insert(name);
            sheet.open.remove("torch");
            d.top.title.set(name);
            d.top.seen.insert(name);
            d.top.open.insert(name);
            d.top.open.remove("torch");
        });
    }
    // One by changes, one by snapshot.
    old.apply(a.changes_since(old.version())).unwrap();
    old.apply(b.snapshot()).unwrap();
    old.edit(|d| d.count.increment(1));
    let mut here = replica::<Desk>(4);
    here.apply(old.snapshot()).unwrap();
    exchange(&mut a, &mut b);
    exchange(&mut a, &mut old);
    let (here_shows, a_shows) = (format!("{:?}", here.state()), format!("{:?}", a.state()));
    assert_eq!(here_shows, a_shows);
    assert_eq!(here.state_hash(), a.state_hash());
    assert_eq!(old.state_hash(), a.state_hash());
}
