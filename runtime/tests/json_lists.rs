//! Lists in documents: what concurrent inserts, moves, writes and deletes come to, initial lists, and places that are not there.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

use holo_runtime::{
    Clock, Error, JsonDoc, JsonDocEdit, Limit, LwwRegister, PathError, Replica, ReplicaId, Synced,
    Value, path,
};

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
fn lists_that_both_make_are_one_list() {
    let (mut a, mut b) = pair();
    let list = |items: &[i64]| Value::List(items.iter().copied().map(Value::Int).collect());
    a.edit(|d| d.set("x", list(&[1, 2])));
    b.edit(|d| d.set("x", list(&[3])));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&a), r#"{"x": [1, 2, 3]}"#);
    // Who has seen it puts another in its place.
    b.edit(|d| d.set("x", list(&[4])));
    a.edit(|d| d.push("x", 5));
    exchange(&mut a, &mut b);
    assert_eq!(
        shows(&b),
        r#"{"x": [5, 4]}"#,
        "5 hangs on what stood there first"
    );
    let x = b.state().get("x").unwrap();
    assert_eq!(
        (x.len(), x.is_list(), x.is_map(), x.plain()),
        (2, true, false, None)
    );
    assert_eq!(x.item(1).unwrap().as_i64(), Some(4));
    assert!(x.item(2).is_none() && b.state().get("x.2").is_none());
}

#[test]
fn items_are_inserted_and_moved_and_hold_what_others_write_meanwhile() {
    let (mut a, mut b) = pair();
    a.edit(|d| {
        d.push("todos", "milk");
        d.push("todos", "bread");
        d.insert("todos", 1, "eggs");
    });
    exchange(&mut a, &mut b);
    assert_eq!(shows(&b), r#"{"todos": ["milk", "eggs", "bread"]}"#);
    // One moves what the other fills, and inserts in front of it.
    a.edit(|d| d.move_item("todos", 2, 0));
    b.edit(|d| d.set(path!["todos", 2, "what"], "bread"));
    b.edit(|d| d.insert("todos", 0, "tea"));
    exchange(&mut a, &mut b);
    let both = r#"{"todos": ["tea", {"what": "bread"}, "milk", "eggs"]}"#;
    let other = r#"{"todos": [{"what": "bread"}, "tea", "milk", "eggs"]}"#;
    assert!(shows(&a) == both || shows(&a) == other, "{}", shows(&a));
    assert_eq!(shows(&a), shows(&b));
    // An item whose index has changed is still the one.
    let bread = usize::from(shows(&a) == both);
    a.edit(|d| d.delete(path!["todos", 2]));
    b.edit(|d| d.push(path!["todos", bread, "shops"], "corner"));
    exchange(&mut a, &mut b);
    let bread = a.state().get(path!["todos", bread]).unwrap();
    assert_eq!(
        bread.to_value().to_string(),
        r#"{"shops": ["corner"], "what": "bread"}"#
    );
    assert_eq!(a.state().get("todos").unwrap().len(), 3);
}

#[test]
fn a_write_into_an_item_beats_a_delete_that_did_not_see_it() {
    let (mut a, mut b) = pair();
    a.edit(|d| {
        let done = Value::Map([("done".to_owned(), Value::Bool(false))].into());
        d.set(
            "todos",
            Value::List(vec![done.clone(), Value::Int(2), done]),
        );
    });
    exchange(&mut a, &mut b);
    a.edit(|d| assert!(d.delete("todos.0") && d.delete("todos.0") && d.delete("todos")));
    b.edit(|d| d.set("todos.2.done", true));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&a), r#"{"todos": [{"done": true}]}"#);
    // It stands where it stood.
    a.edit(|d| d.insert("todos", 0, 1));
    b.edit(|d| d.push("todos", 3));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&a), r#"{"todos": [1, {"done": true}, 3]}"#);
    b.edit(|d| d.delete("todos"));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&a), "{}");
    assert_eq!(a.state_hash(), replica::<JsonDoc>(3).state_hash());
}

#[test]
fn of_a_list_and_a_map_the_newer_shows() {
    let (mut a, mut b) = pair();
    a.edit(|d| d.set("x.y", 1));
    b.edit(|d| d.push("x", 2));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&a), r#"{"x": [2]}"#, "b has the greater id");
    // Who writes into what shows has not cut what hides.
    a.edit(|d| d.delete("x.0"));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&b), r#"{"x": []}"#, "b made the list");
    b.edit(|d| d.delete("x"));
    exchange(&mut a, &mut b);
    assert_eq!(shows(&a), "{}");
}

#[test]
fn initial_lists_are_lists() {
    let (mut a, mut b) = (replica::<Board>(1), replica::<Board>(2));
    let shows = |replica: &Replica<Board>| replica.state().plan.to_string();
    assert_eq!(shows(&a), r#"{"days": ["mo", {"open": true}, ["x"]]}"#);
    let days = a.state().plan.get("days").unwrap();
    assert_eq!((days.len(), days.items().len()), (3, 3));
    a.edit(|b| b.plan.set("days.1.open", false));
    b.edit(|b| {
        b.plan.delete("days.1");
        b.plan.move_item("days", 1, 0);
        b.plan.push("days.0", "y");
    });
    exchange(&mut a, &mut b);
    assert_eq!(
        shows(&b),
        r#"{"days": [["x", "y"], "mo", {"open": false}]}"#
    );
    // Who does not know the field passes it on.
    let mut old = replica::<Older>(3);
    old.apply(b.snapshot()).unwrap();
    let mut fresh = replica::<Board>(4);
    fresh.apply(old.snapshot()).unwrap();
    assert_eq!(
        (shows(&fresh), fresh.state_hash()),
        (shows(&b), b.state_hash())
    );
    assert_eq!(old.state_hash(), b.state_hash());
    // An initial list that is replaced is gone, and what others put in beside it is not.
    a.edit(|b| b.plan.insert("days", 1, "tu"));
    b.edit(|b| b.plan.set("days", Value::List(vec![Value::Null])));
    exchange(&mut a, &mut b);
    let either = [r#"{"days": [null, "tu"]}"#, r#"{"days": ["tu", null]}"#];
    assert!(either.contains(&shows(&a).as_str()), "{}", shows(&a));
}

#[derive(Clone, Debug, Synced)]
struct Board {
    #[synced(initial = {"days": ["mo", {"open": true}, ["x"]]})]
    plan: JsonDoc,
    #[synced(id = 3)]
    name: LwwRegister<String>,
}

#[test]
fn what_leads_nowhere_refuses_the_edit() {
    let mut a = replica::<JsonDoc>(1);
    a.edit(|d| {
        d.push("l", 1);
        d.set("m.k", 2);
    });
    let before = (shows(&a), a.state_hash());
    type Edit = fn(&mut JsonDocEdit<'_>);
    let beyond = |index, len| PathError::Beyond { index, len };
    let all: [(Edit, PathError); 9] = [
        (|d| d.set("l.1", 0), beyond(1, 1)),
        (|d| d.set("l.1.k", 0), beyond(1, 1)),
        (|d| d.insert("l", 2, 0), beyond(2, 1)),
        (|d| d.insert("fresh", 1, 0), beyond(1, 0)),
        (|d| d.move_item("l", 0, 1), beyond(1, 1)),
        (|d| d.move_item("m", 0, 0), PathError::NoList),
        (|d| d.push("m", 0), PathError::NoList),
        (|d| d.set("m.0", 0), PathError::NoList),
        (|d| d.set("fresh.0", 0), PathError::NoList),
    ];
    for (edit, error) in all {
        let done = a.try_edit(|d| {
            d.set("other", 1);
            d.push("l", 2);
            d.delete("l.1");
            edit(d);
            Ok(())
        });
        assert_eq!(done, Err(Error::Limit(Limit::Path(error))));
    }
    assert_eq!((shows(&a), a.state_hash()), before);
    a.edit(|d| assert!(!d.delete("l.1") && !d.delete("m.0") && !d.delete("l.0.k")));
}

/// A board as it was before there was a plan.
#[derive(Clone, Debug, Synced)]
struct Older {
    #[synced(id = 3)]
    name: LwwRegister<String>,
}
