//! Random verbs with random arguments for whatever a schema has, and random schemas, for types that no test knows.
//!
//! Values come from a small stock, so that writes meet.

use holo_runtime::dynamic::{CallError, Dynamic, DynamicEdit, FieldInfo, Schema, verbs};
use holo_runtime::value::Element;
use holo_runtime::{Color, InstanceId, Quat, ReplicaId, Value, Vec3};

use crate::poke::Random;
use crate::rng::Rng;
use crate::sim::Subject;

/// One call of a verb, and what it returned.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The field.
    pub path: String,
    /// The verb.
    pub verb: &'static str,
    /// Its arguments.
    pub args: Vec<Value>,
    /// What came of it.
    pub result: Value,
}

impl Subject for Dynamic {
    type Op = Call;

    fn begin(seed: u64) -> Self {
        Self::new(&schema(seed))
    }

    fn act(edit: &mut DynamicEdit<'_>, rng: &mut Rng) -> Vec<Call> {
        act(edit, rng).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// Calls one to three random verbs.
///
/// # Errors
/// When a verb refuses what it should take.
pub fn act(edit: &mut DynamicEdit<'_>, rng: &mut Rng) -> Result<Vec<Call>, CallError> {
    let fields = edit.schema().fields();
    let mut done = Vec::new();
    for _ in 0..=rng.below(3) {
        let Some(mut call) = in_fields(&fields, "", edit, rng) else {
            break;
        };
        call.result = edit.call(&call.path, call.verb, &call.args)?;
        done.push(call);
    }
    Ok(done)
}

fn in_fields(fields: &[FieldInfo], path: &str, state: &Dynamic, rng: &mut Rng) -> Option<Call> {
    if fields.is_empty() {
        return None;
    }
    let field = &fields[rng.below(fields.len())];
    let dot = if path.is_empty() { "" } else { "." };
    let name = quoted(&field.name);
    in_field(field, format!("{path}{dot}{name}"), state, rng)
}

/// A key of a path.
fn quoted(key: &str) -> String {
    if key.is_empty() || key.contains(['.', '"', '\\']) {
        format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        key.to_owned()
    }
}

fn in_field(field: &FieldInfo, path: String, state: &Dynamic, rng: &mut Rng) -> Option<Call> {
    if field.crdt == "Struct" {
        return in_fields(&field.fields, &path, state, rng);
    }
    let of = |ty: &Option<String>, rng: &mut Rng| value(ty.as_deref().unwrap_or("Value"), rng);
    if let (Some(held), true) = (&field.held, rng.chance(60)) {
        let key = of(&field.keys, rng);
        let key = match key {
            Value::Str(text) => text,
            other => other.to_string(),
        };
        return in_field(held, format!("{path}.{}", quoted(&key)), state, rng);
    }
    let verbs: Vec<&str> = verbs(field.crdt).iter().map(|verb| verb.name).collect();
    let mut verb = *rng.pick(&verbs);
    // Clearing is rarer than the rest, or nothing would ever pile up.
    if verb == "clear" && rng.chance(70)
        || verb == "spawn" && field.keys.as_deref() != Some("InstanceId")
    {
        verb = verbs[0];
    }
    let now = state.field(&path);
    if now
        .as_ref()
        .is_none_or(|now| *now == Value::List(Vec::new()))
        && ["set", "delete", "move"].contains(&verb)
        && field.crdt == "Sequence"
    {
        verb = "push";
    }
    let args = match (field.crdt, verb) {
        (_, "clear" | "spawn") => Vec::new(),
        (_, "increment" | "decrement") => vec![Value::Int(rng.below(1_000) as i64)],
        ("JsonDoc", _) => {
            let (fits, args) = document_args(verb, now.as_ref(), rng);
            verb = fits;
            args
        }
        ("Sequence", _) => {
            let len = match &now {
                Some(Value::List(items)) => items.len(),
                _ => 0,
            };
            list_args(verb, len, &of(&field.values, rng), rng)
        }
        ("Text", _) => match &now {
            Some(Value::Str(text)) => text_args(verb, text, rng),
            _ => text_args(verb, "", rng),
        },
        ("LwwMap", "set") => vec![of(&field.keys, rng), of(&field.values, rng)],
        ("LwwMap" | "OrMap", _) => vec![of(&field.keys, rng)],
        _ => vec![of(&field.values, rng)],
    };
    Some(Call {
        path,
        verb,
        args,
        result: Value::Null,
    })
}

/// Arguments of a verb for a list of this length.
fn list_args(verb: &str, len: usize, value: &Value, rng: &mut Rng) -> Vec<Value> {
    let at = |place: usize| Value::Int(place as i64);
    match verb {
        "insert" => vec![at(rng.below(len + 1)), value.clone()],
        "insert_all" => {
            let several = vec![value.clone(); 1 + rng.below(3)];
            vec![at(rng.below(len + 1)), Value::List(several)]
        }
        "push" => vec![value.clone()],
        "extend" => vec![Value::List(vec![value.clone(); rng.below(3)])],
        "set" => vec![at(rng.below(len)), value.clone()],
        "delete" => vec![at(rng.below(len))],
        "move" => vec![at(rng.below(len)), at(rng.below(len))],
        "delete_range" => {
            let start = rng.below(len + 1);
            vec![at(start), at(start + rng.below(len - start + 1))]
        }
        _ => Vec::new(),
    }
}

/// Arguments of a verb for a text, in the units that it counts in.
fn text_args(verb: &str, text: &str, rng: &mut Rng) -> Vec<Value> {
    let at = |place: usize| Value::Int(place as i64);
    let units = |chars: usize| match verb.ends_with("utf16") {
        true => text.chars().take(chars).map(char::len_utf16).sum(),
        false => chars,
    };
    let piece = Value::from(*rng.pick(&["Hello", "日本", "x", "🙂y"]));
    let len = text.chars().count();
    let start = rng.below(len + 1);
    let end = start + rng.below(len - start + 1);
    match verb {
        "push" => vec![piece],
        "insert" | "insert_utf16" => vec![at(units(start)), piece],
        "delete" | "delete_utf16" => vec![at(units(start)), at(units(end))],
        "splice" => vec![at(start), at(end - start), piece],
        _ => vec![at(units(start)), at(units(end)), piece],
    }
}

/// Arguments of a verb for a document, or of `set` where there is nothing for the verb to act on.
fn document_args(
    verb: &'static str,
    now: Option<&Value>,
    rng: &mut Rng,
) -> (&'static str, Vec<Value>) {
    let (path, there) = json_path(Some(now.unwrap_or(&Value::Null)), rng);
    let index = |index: usize| Value::Int(index as i64);
    let value = Value::random(rng);
    match (verb, there) {
        // What an entry holds that is to be made is not known.
        _ if now.is_none() => ("set", vec![path, value]),
        ("delete", _) => (verb, vec![path]),
        ("insert", None) => (verb, vec![path, index(0), value]),
        ("insert", Some(Value::List(items))) => {
            (verb, vec![path, index(rng.below(items.len() + 1)), value])
        }
        ("push", None | Some(Value::List(_))) => (verb, vec![path, value]),
        ("move", Some(Value::List(items))) if !items.is_empty() => {
            let len = items.len();
            (
                verb,
                vec![path, index(rng.below(len)), index(rng.below(len))],
            )
        }
        _ => ("set", vec![path, value]),
    }
}

/// A path, which ends at the latest where nothing is, and what is there.
fn json_path<'v>(now: Option<&'v Value>, rng: &mut Rng) -> (Value, Option<&'v Value>) {
    let (mut keys, mut place) = (Vec::new(), now);
    for _ in 0..rng.below(4) {
        place = match place {
            Some(Value::List(items)) if items.is_empty() => break,
            Some(Value::List(items)) => {
                let index = rng.below(items.len());
                keys.push(Value::Int(index as i64));
                items.get(index)
            }
            Some(other) => {
                let name = *rng.pick(&["a", "b", "c.d"]);
                keys.push(Value::from(name));
                match other {
                    Value::Map(entries) => entries.get(name),
                    _ => None,
                }
            }
            None => break,
        };
    }
    (Value::List(keys), place)
}

/// A value of a type on the wire.
///
/// # Panics
/// When there is no such type.
pub fn value(ty: &str, rng: &mut Rng) -> Value {
    let inside = |outer: &str| {
        ty.strip_prefix(outer)
            .and_then(|rest| rest.strip_suffix('>'))
    };
    if let Some(inner) = inside("Option<") {
        return if rng.chance(30) {
            Value::Null
        } else {
            value(inner, rng)
        };
    }
    if let Some(inner) = inside("Vec<") {
        return Value::List((0..rng.below(3)).map(|_| value(inner, rng)).collect());
    }
    match ty {
        "bool" => bool::random(rng).to_value(),
        "i32" => i32::random(rng).to_value(),
        "i64" => i64::random(rng).to_value(),
        "u32" => u32::random(rng).to_value(),
        "u64" => u64::random(rng).to_value(),
        "f32" => f32::random(rng).to_value(),
        "f64" => f64::random(rng).to_value(),
        "String" => String::random(rng).to_value(),
        "Vec3" => Vec3::random(rng).to_value(),
        "Quat" => Quat::random(rng).to_value(),
        "Color" => Color::random(rng).to_value(),
        "Value" => Value::random(rng),
        "ReplicaId" => <ReplicaId as Random>::random(rng).to_value(),
        "InstanceId" => InstanceId::random(rng).to_value(),
        other => panic!("no values of type {other}"),
    }
}

const VALUES: [&str; 12] = [
    "bool", "i32", "i64", "u64", "f64", "String", "Vec3", "Color", "Value", "Mood", "Pair", "i64?",
];

const KEYS: [&str; 4] = ["String", "i64", "u32", "bool"];

/// A random schema, the same for a seed: one to six fields, structs in structs, maps of maps.
///
/// # Panics
/// When what it makes is no schema, which is a mistake here.
#[must_use]
pub fn schema(seed: u64) -> Schema {
    let text = schema_text(seed);
    Schema::from_json(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The same as JSON.
#[must_use]
pub fn schema_text(seed: u64) -> String {
    let mut rng = Rng::new(seed ^ 0x5ce3a);
    let structs: Vec<String> = (0..2)
        .map(|level| {
            let fields = fields(level, &mut rng);
            format!(r#"{{"name": "S{level}", "fields": [{fields}]}}"#)
        })
        .collect();
    let fields = fields(2, &mut rng);
    format!(
        r#"{{"orb": "Random", "fields": [{fields}], "structs": [{}],
            "records": [{{"name": "Pair", "fields": [{{"name": "x", "type": "i64", "initial": 2}}, {{"name": "y", "type": "Mood"}}]}}],
            "enums": [{{"name": "Mood", "words": ["calm", "wild"]}}]}}"#,
        structs.join(", ")
    )
}

/// Fields of a type that may use the structs below its level.
fn fields(level: usize, rng: &mut Rng) -> String {
    let fields = (0..=rng.below(5)).map(|index| {
        // Numbers with gaps, in no order.
        let id = (index * 7 + 3) % 11 + 1;
        let (ty, crdt, initial) = field(level, rng);
        format!(r#"{{"id": {id}, "name": "f{index}", "type": "{ty}", "crdt": "{crdt}"{initial}}}"#)
    });
    fields.collect::<Vec<_>>().join(", ")
}

fn field(level: usize, rng: &mut Rng) -> (String, &'static str, String) {
    let value = *rng.pick(&VALUES);
    let plain = |crdt| (value.to_owned(), crdt, String::new());
    match rng.below(if level > 0 { 15 } else { 13 }) {
        0 => plain("LwwRegister"),
        1 => plain("MvRegister"),
        2 => ("u64".to_owned(), "GCounter", start(rng, "3")),
        3 => ("i64".to_owned(), "PnCounter", start(rng, "-7")),
        4 => (
            "String".to_owned(),
            "OrSet",
            start(rng, r#"["sword", "map"]"#),
        ),
        5 => ("String".to_owned(), "GSet", start(rng, r#"["bow"]"#)),
        6 => (
            "String".to_owned(),
            "TwoPSet",
            start(rng, r#"["bow", "map"]"#),
        ),
        7 => plain(["OrSet", "GSet", "TwoPSet"][rng.below(3)]),
        8 => (
            format!("{}, {value}", rng.pick(&KEYS)),
            "LwwMap",
            String::new(),
        ),
        9 => {
            let held = [
                "PnCounter",
                "OrSet<i64>",
                "MvRegister<i64>",
                "LwwMap<String, i64>",
                "JsonDoc",
                "Sequence<i64>",
                "Text",
            ];
            let held = *rng.pick(&held);
            (
                format!("{}, {held}", rng.pick(&KEYS)),
                "OrMap",
                String::new(),
            )
        }
        10 => (
            "json".to_owned(),
            "JsonDoc",
            start(rng, r#"{"a": {"b": 1}}"#),
        ),
        11 => (
            "String".to_owned(),
            "Sequence",
            start(rng, r#"["a", "b", "c"]"#),
        ),
        12 => ("text".to_owned(), "Text", start(rng, r#""Hello 🙂""#)),
        13 => (format!("S{}", level - 1), "Struct", String::new()),
        _ => (
            format!("InstanceId, S{}", level - 1),
            "OrMap",
            String::new(),
        ),
    }
}

/// An initial value in half of all cases.
fn start(rng: &mut Rng, initial: &str) -> String {
    match rng.chance(50) {
        true => format!(r#", "initial": {initial}"#),
        false => String::new(),
    }
}
