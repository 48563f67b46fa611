//! Every order in which five changes of three replicas can arrive, for every pair of verbs of every type.

use holo_runtime::dynamic::{CRDTS, Dynamic, Schema, verbs};
use holo_runtime::{Change, Clock, Replica, ReplicaId, Value};

/// Each type with a schema of one field `f`, what is done to it first, and the arguments of its verbs.
fn field(crdt: &str) -> (&'static str, &'static str, &'static str) {
    match crdt {
        "LwwRegister" | "MvRegister" => ("i64", "1", r#"{"set": [[5], [1]]}"#),
        "GCounter" => ("u64", "3", r#"{"increment": [[2], []]}"#),
        "PnCounter" => ("i64", "3", r#"{"increment": [[2]], "decrement": [[7]]}"#),
        "OrSet" | "TwoPSet" => (
            "string",
            r#"["a"]"#,
            r#"{"insert": [["a"], ["b"]], "remove": [["a"], ["b"]], "clear": [[]]}"#,
        ),
        "GSet" => ("string", r#"["a"]"#, r#"{"insert": [["b"], ["c"]]}"#),
        "Sequence" => (
            "string",
            r#"["a", "b", "c", "d"]"#,
            r#"{"insert": [[1, "x"]], "insert_all": [[2, ["y", "z"]]], "push": [["p"]], "extend": [[["q", "r"]]],
                "set": [[1, "B"]], "delete": [[1]], "delete_range": [[0, 2]], "pop": [[]], "shift": [[]],
                "move": [[0, 2], [2, 0]], "clear": [[]]}"#,
        ),
        "Text" => (
            "text",
            r#""abcd""#,
            r#"{"insert": [[1, "xy"]], "push": [["z"]], "delete": [[1, 3]], "replace": [[1, 2, "🙂"]],
                "splice": [[2, 1, "s"]], "insert_utf16": [[1, "u"]], "delete_utf16": [[0, 2]],
                "replace_utf16": [[0, 1, "v"]], "clear": [[]]}"#,
        ),
        "LwwMap" => (
            "i64",
            "{}",
            r#"{"set": [["a", 1], ["b", 2]], "delete": [["a"]], "clear": [[]]}"#,
        ),
        "OrMap" => (
            "InstanceId, OrSet<i64>",
            "{}",
            r#"{"insert": [["000000000000000100000000000000010000"]], "remove": [["000000000000000100000000000000010000"]],
                "clear": [[]], "spawn": [[]]}"#,
        ),
        "JsonDoc" => (
            "json",
            r#"{"a": {"b": 1}, "l": ["x", {"k": 1}, "z"]}"#,
            r#"{"set": [["a.b", 2], ["l", {"c": 4}], ["l", ["n"]], ["l.1", 5], ["l.1.k", 6]],
                "insert": [["l", 1, ["p"]]], "push": [["l", "q"], ["m.n", 7]], "move": [["l", 0, 2], ["l", 2, 1]],
                "delete": [["a"], ["l"], ["l.1"]], "clear": [[]]}"#,
        ),
        other => panic!("no arguments for a {other}"),
    }
}

/// A verb with its arguments.
pub(super) type Act = (String, Vec<Value>);

/// The field `f` of a type, in JSON, and all that can be done to it.
pub(super) fn acts(crdt: &str) -> (String, Vec<Act>) {
    let (ty, initial, acts) = field(crdt);
    let field =
        format!(r#"{{"name": "f", "type": "{ty}", "crdt": "{crdt}", "initial": {initial}}}"#);
    let Value::Map(acts) = Value::from_json(acts).unwrap() else {
        panic!("acts by verb");
    };
    let names: Vec<&str> = verbs(crdt).iter().map(|verb| verb.name).collect();
    let missing = names.iter().find(|name| !acts.contains_key(**name));
    assert_eq!(missing, None, "a verb of {crdt} without arguments");
    let mut all = Vec::new();
    for (verb, calls) in acts {
        let Value::List(calls) = calls else {
            panic!("a list of calls");
        };
        for args in calls {
            let Value::List(args) = args else {
                panic!("a list of arguments");
            };
            all.push((verb.clone(), args));
        }
    }
    let key = "000000000000000100000000000000010000";
    if crdt == "OrMap" {
        all.push(("insert".to_owned(), vec![Value::from(key), Value::Int(1)]));
        all.push(("remove".to_owned(), vec![Value::from(key), Value::Int(1)]));
    }
    (field, all)
}

/// Who does which of the two, and whose changes it has had before.
const PATTERNS: [[(usize, usize, &[usize]); 5]; 3] = [
    // All at once, in three chains.
    [
        (0, 0, &[]),
        (1, 1, &[]),
        (2, 0, &[]),
        (0, 1, &[]),
        (1, 0, &[]),
    ],
    // One that two have seen, and a third that has seen none.
    [
        (0, 0, &[]),
        (1, 1, &[0]),
        (2, 1, &[]),
        (0, 1, &[1]),
        (2, 0, &[0]),
    ],
    // A chain through all.
    [
        (0, 0, &[]),
        (1, 1, &[0]),
        (2, 0, &[0, 1]),
        (0, 1, &[]),
        (1, 1, &[2]),
    ],
];

pub(super) fn replica(id: u64, schema: &Schema) -> Replica<Dynamic> {
    let id = ReplicaId::new(id).unwrap();
    Replica::with_state(id, Clock::manual(1_000), Dynamic::new(schema))
}

fn permutations(len: usize) -> Vec<Vec<usize>> {
    if len == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(len - 1);
    let places = |order: Vec<usize>| {
        (0..len).map(move |at| {
            let mut longer = order.clone();
            longer.insert(at, len - 1);
            longer
        })
    };
    shorter.into_iter().flat_map(places).collect()
}

/// The changes of a pattern, and the replicas that made them, having heard all.
fn play(
    schema: &Schema,
    pattern: &[(usize, usize, &[usize]); 5],
    pair: [&Act; 2],
) -> (Vec<Change>, Vec<Replica<Dynamic>>) {
    let mut authors: Vec<Replica<Dynamic>> = (1..=3).map(|id| replica(id, schema)).collect();
    let mut changes: Vec<Option<Change>> = Vec::new();
    for (author, act, seen) in pattern {
        for earlier in seen.iter().filter_map(|earlier| changes[*earlier].clone()) {
            authors[*author].apply(earlier).unwrap();
        }
        let (verb, args) = pair[*act];
        // A place that is not there any more is refused, and there is no change then.
        let _ = authors[*author].try_edit(|edit| edit.call("f", verb, args));
        changes.push(authors[*author].flush());
    }
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    for author in &mut authors {
        author.apply(changes.clone()).unwrap();
    }
    (changes, authors)
}

fn check(crdt: &str, schema: &Schema, pair: [&Act; 2]) -> usize {
    let mut orders = 0;
    for (index, pattern) in PATTERNS.iter().enumerate() {
        let (changes, mut authors) = play(schema, pattern, pair);
        let hash = authors[0].state_hash();
        let told = || format!("{crdt}: {pair:?} in pattern {index}");
        for author in &mut authors {
            assert_eq!(
                (author.state_hash(), author.pending()),
                (hash, 0),
                "{}",
                told()
            );
        }
        for order in permutations(changes.len()) {
            let mut observer = replica(9, schema);
            for at in &order {
                observer.apply(changes[*at].clone()).unwrap();
            }
            let came = (observer.state_hash(), observer.pending());
            assert_eq!(came, (hash, 0), "{} in order {order:?}", told());
            assert_eq!(
                observer.state().to_value(),
                authors[0].state().to_value(),
                "{}",
                told()
            );
            orders += 1;
        }
    }
    orders
}

#[test]
fn every_order_of_five_changes_gives_one_state() {
    let of = |crdt: &str| {
        let (field, acts) = acts(crdt);
        let schema = format!(r#"{{"orb": "T", "fields": [{field}]}}"#);
        let schema = Schema::from_json(&schema).unwrap();
        let pairs = acts
            .iter()
            .flat_map(|first| acts.iter().map(move |second| [first, second]));
        pairs.map(|pair| check(crdt, &schema, pair)).sum::<usize>()
    };
    let all: Vec<&str> = CRDTS.into_iter().filter(|crdt| *crdt != "Struct").collect();
    let half = |half: usize| {
        all.iter()
            .skip(half)
            .step_by(2)
            .map(|crdt| of(crdt))
            .sum::<usize>()
    };
    let orders = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        half(0) + other.join().unwrap()
    });
    assert!(orders > 80_000, "only {orders} orders");
}
