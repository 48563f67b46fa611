//! Documents: what shows where several wrote, what a delete takes, initial values, failed edits and limits.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Clock, Error, JsonDoc, JsonPath, Limit, LwwRegister, OrMap, PathError, Replica, ReplicaId,
    Synced, Value,
};

#[derive(Clone, Debug, Synced)]
struct Lamp {
    #[synced(initial = {"on": true, "color": {"r": 1, "g": 2}})]
    settings: JsonDoc,
    docs: OrMap<String, JsonDoc>,
    name: LwwRegister<String>,
}

fn replica<T: Synced>(id: u64) -> Replica<T> {
    Replica::with_clock(ReplicaId::new(id).unwrap(), Clock::manual(1_000_000))
}

fn exchange<A: Synced, B: Synced>(a: &mut Replica<A>, b: &mut Replica<B>) {
    b.apply(a.changes_since(b.version())).unwrap();
    a.apply(b.changes_since(a.version())).unwrap();
    assert_eq!(a.state_hash(), b.state_hash());
}

fn pair() -> (Replica<JsonDoc>, Replica<JsonDoc>) {
    (replica(1), replica(2))
}

fn shows(replica: &Replica<JsonDoc>) -> String {
    replica.state().to_string()
}

#[test]
fn maps_that_both_make_are_one_map() {
    let (mut a, mut b) = pair();
    a.edit(|d| d.set("lamp.color", "red"));
    b.edit(|d| d.set(["lamp", "at.x"], 2));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&a), r#"{"lamp": {"at.x": 2, "color": "red"}}"#);
    let at = a.state().get(r#"lamp."at.x""#).unwrap();
    assert_eq!(
        (at.as_i64(), at.as_f64(), at.as_str()),
        (Some(2), Some(2.0), None)
    );
    let keys: Vec<&str> = a
        .state()
        .get("lamp")
        .unwrap()
        .entries()
        .iter()
        .map(|(key, _)| *key)
        .collect();
    assert_eq!(keys, ["at.x", "color"]);
    assert!(a.state().get("lamp.color.deeper").is_none() && a.state().get("lamp..x").is_none());
}

#[test]
fn a_set_inside_beats_a_delete_that_did_not_see_it() {
    let (mut a, mut b) = pair();
    a.edit(|d| d.set("x", Value::Map([("old".to_owned(), Value::Int(1))].into())));
    exchange(&mut a, &mut b);
    a.edit(|d| assert!(d.delete("x") && !d.delete("x")));
    b.edit(|d| d.set("x.new", 2));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&a), r#"{"x": {"new": 2}}"#);
    b.edit(|d| d.delete("x"));
    exchange(&mut a, &mut b);
    let fresh = replica::<JsonDoc>(3).state_hash();
    assert_eq!((shows(&a), a.state_hash()), ("{}".to_owned(), fresh));
}

#[test]
fn of_a_map_and_a_plain_value_the_newer_shows_until_somebody_who_saw_both_writes() {
    let (mut a, mut b) = pair();
    a.edit(|d| d.set("x", 1));
    b.edit(|d| d.set("x.y", 2));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&a), r#"{"x": {"y": 2}}"#, "b has the greater id");
    let mut c = replica::<JsonDoc>(3);
    c.apply(a.snapshot()).unwrap();
    // Who deletes what shows has seen what hides.
    c.edit(|d| d.delete("x"));
    exchange(&mut c, &mut a);
    assert_eq!(shows(&a), "{}");
    // A delete of the entry alone lets the other side show.
    b.edit(|d| d.delete("x.y"));
    assert_eq!(shows(&b), r#"{"x": {}}"#, "b made the map");
    exchange(&mut a, &mut b);
    assert_eq!(shows(&b), "{}");
    // A plain value on the way gives way to a map.
    a.edit(|d| d.set("x", 1));
    a.edit(|d| d.set("x.y.z", 3));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&b), r#"{"x": {"y": {"z": 3}}}"#);
}

#[test]
fn initial_values_lose_to_every_write_and_what_took_them_away_is_remembered() {
    let (mut a, mut b) = (replica::<Lamp>(1), replica::<Lamp>(2));
    let shows = |replica: &Replica<Lamp>| replica.state().settings.to_string();
    assert_eq!(shows(&a), r#"{"color": {"g": 2, "r": 1}, "on": true}"#);
    a.edit(|l| l.settings.set("color.r", 9));
    b.edit(|l| l.settings.delete("color.g"));
    b.edit(|l| l.settings.delete("on"));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&b), r#"{"color": {"r": 9}}"#);
    let mut old = replica::<Older>(3);
    old.apply(b.snapshot()).unwrap();
    let mut fresh = replica::<Lamp>(4);
    fresh.apply(old.snapshot()).unwrap();
    assert_eq!(shows(&fresh), shows(&b));
    // Absent is initial, and explicitly empty is empty.
    let mut c = replica::<Lamp>(5);
    c.edit(|l| l.settings.clear());
    let mut d = replica::<Lamp>(6);
    exchange(&mut c, &mut d);
    assert_eq!(shows(&d), "{}");
}

/// A lamp as it was before there were settings.
#[derive(Clone, Debug, Synced)]
struct Older {
    #[synced(id = 3)]
    name: LwwRegister<String>,
}

/// Found by random schedules: what took the initial value away stayed, and with it what the same change had put there.
#[test]
fn a_step_that_another_of_its_change_takes_over_leaves_nothing_to_come() {
    let (mut a, mut b) = (replica::<Lamp>(1), replica::<Lamp>(2));
    a.edit(|l| {
        l.settings.set("color", Value::Map(Default::default()));
        l.settings.set("on", 5);
        l.settings.delete("color");
        l.settings.set("on", 6);
    });
    exchange(&mut a, &mut b);
    assert_eq!(b.state().settings.to_string(), r#"{"on": 6}"#);
    assert_eq!(a.snapshot().encode(), b.snapshot().encode());
}

#[test]
fn writes_to_one_place_travel_once_and_what_came_to_nothing_not_at_all() {
    let mut a = replica::<JsonDoc>(1);
    for number in 0..1_000 {
        a.edit(|d| d.set("x.y", number));
        a.edit(|d| d.set("z", number));
    }
    assert!(a.flush().unwrap().body().len() < 40);
    a.edit(|d| d.set("w", 1));
    a.edit(|d| d.delete("w"));
    assert!(a.flush().is_none());
    for number in 0..100_000 {
        a.edit(|d| d.set("x.y", number));
    }
    assert_eq!(shows(&a), r#"{"x": {"y": 99999}, "z": 999}"#);
}

#[test]
fn in_an_entry_of_a_map_a_remove_takes_what_was_seen() {
    let (mut a, mut b) = (replica::<Lamp>(1), replica::<Lamp>(2));
    a.edit(|l| l.docs.entry("d").set("x.y", 1));
    exchange(&mut a, &mut b);
    // One open change: what it deletes by itself, and then all.
    a.edit(|l| l.docs.entry("d").delete("x.y"));
    a.edit(|l| l.docs.remove("d"));
    b.edit(|l| l.docs.entry("d").set("x.z", 2));
    exchange(&mut a, &mut b);
    assert_eq!(format!("{:?}", b.state().docs), r#"{"d": {"x": {"z": 2}}}"#);
    b.edit(|l| l.docs.remove("d"));
    exchange(&mut a, &mut b);
    assert!(a.state().docs.is_empty());
}

#[test]
fn an_edit_that_fails_leaves_no_trace() {
    let (mut a, mut b) = (replica::<Lamp>(1), replica::<Lamp>(2));
    a.edit(|l| l.settings.set("color.b", 3));
    a.edit(|l| l.docs.entry("d").set("x.y", 1));
    let before = format!("{:?}", a.state());
    let failed = a.try_edit(|l| {
        l.settings.set("color.b", 4);
        l.settings.set("on.and.on", 4);
        l.settings.delete("color");
        l.settings.clear();
        l.docs.entry("d").set("x", 2);
        l.docs.entry("e").set("x", 2);
        Err::<(), _>(Error::ClockExhausted)
    });
    assert!(failed.is_err());
    assert_eq!(before, format!("{:?}", a.state()));
    exchange(&mut a, &mut b);
    assert_eq!(before, format!("{:?}", b.state()));
}

#[test]
fn what_is_no_path_or_nests_too_deep_refuses_the_edit() {
    let mut a = replica::<JsonDoc>(1);
    let mut refused = |path: &[&str], value: Value| {
        let edit = a.try_edit(|d| {
            d.set(path, value);
            Ok(())
        });
        edit.err()
    };
    let depth = Some(Error::Limit(Limit::Depth));
    let nested = (0..60).fold(Value::Null, |value, _| Value::List(vec![value]));
    assert_eq!(refused(&["k"; 4], nested.clone()), None);
    assert_eq!(refused(&["k"; 5], nested), depth);
    assert_eq!(refused(&["k"; 64], Value::Null), None);
    let long = Limit::Path(PathError::Depth);
    assert_eq!(refused(&["k"; 65], Value::Null), Some(Error::Limit(long)));
    let quote = a.try_edit(|d| {
        d.set("a\"b", 1);
        Ok(())
    });
    assert_eq!(quote, Err(Error::Limit(Limit::Path(PathError::Inside))));
    let mut b = replica::<JsonDoc>(2);
    b.apply(a.snapshot()).unwrap();
    assert_eq!(shows(&a), shows(&b));
    let deepest = JsonPath::new(["k"; 64]).unwrap();
    assert!(b.state().get(deepest).is_some());
}
