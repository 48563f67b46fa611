//! What each type name becomes, asked of the compiler itself.
//!
//! A name is put into a small source, and what the compiler makes of it is what is told: there is no second table of types
//! that could disagree with inference. Only the names to ask for are listed here.

use holo_codegen::schema::{Crdt, Lane};

use crate::load::Source;
use crate::lock::Lock;
use crate::pipeline::Unit;
use crate::{codes, infer};

/// A type that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type {
    /// Its spellings, the usual one first.
    pub names: &'static [&'static str],
    /// How to write it where its name alone is no type, as with arguments.
    probe: Option<&'static str>,
}

const fn plain(names: &'static [&'static str]) -> Type {
    Type { names, probe: None }
}

const fn with(names: &'static [&'static str], probe: &'static str) -> Type {
    Type {
        names,
        probe: Some(probe),
    }
}

/// Every type, simple ones first.
pub static TYPES: &[Type] = &[
    plain(&["int", "integer", "long", "i64"]),
    plain(&["i32"]),
    plain(&["u32"]),
    plain(&["u64"]),
    plain(&["number", "float", "double", "f64"]),
    plain(&["f32"]),
    plain(&["bool", "boolean"]),
    plain(&["string", "str"]),
    plain(&["vec3", "Vector3"]),
    plain(&["quaternion", "quat"]),
    plain(&["color", "colour"]),
    plain(&["any", "value", "object", "unknown"]),
    plain(&["ReplicaId"]),
    plain(&["\"a\" | \"b\""]),
    with(
        &["T | null", "T?", "Option<T>", "optional<T>", "maybe<T>"],
        "string | null",
    ),
    with(&["T[]", "array<T>", "list<T>"], "string[]"),
    with(
        &["Set<T>", "OrSet<T>", "observed_remove_set<T>"],
        "Set<string>",
    ),
    with(
        &["Map<K, V>", "LwwMap<K, V>", "Record<K, V>"],
        "Map<string, int>",
    ),
    with(
        &["LwwRegister<T>", "register<T>", "lww<T>"],
        "LwwRegister<string>",
    ),
    plain(&["PnCounter", "counter"]),
    plain(&["GCounter", "grow_only_counter"]),
    with(&["GSet<T>", "grow_only_set<T>"], "GSet<string>"),
    with(&["TwoPSet<T>", "two_phase_set<T>"], "TwoPSet<string>"),
    with(
        &["MvRegister<T>", "multi_value_register<T>"],
        "MvRegister<string>",
    ),
    with(
        &["OrMap<K, V>", "observed_remove_map<K, V>"],
        "OrMap<string, int>",
    ),
    with(
        &[
            "Sequence<T>",
            "rga<T>",
            "ordered_list<T>",
            "ylist<T>",
            "yarray<T>",
        ],
        "Sequence<string>",
    ),
    plain(&["text", "rich_text", "ytext"]),
    plain(&["JsonDoc", "json"]),
];

/// What a type becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Becomes {
    /// Every spelling of it, the usual one first.
    pub names: &'static [&'static str],
    /// What was asked for, where the name alone is no type.
    pub example: Option<&'static str>,
    /// The CRDT with its Rust type.
    pub rust: String,
    /// The lane in which it travels in `state`.
    pub lane: &'static str,
    /// The value it starts from where none is written.
    pub initial: String,
}

/// Asks what a type becomes; none if the compiler does not know it.
#[must_use]
pub fn ask(ty: Type) -> Option<Becomes> {
    let names = ty.names;
    let concrete = ty.probe.or(names.first().copied())?;
    let unit = compile(&format!(
        "orb probe @synced {{ state {{ field: {concrete} }} }}\n"
    ));
    if unit
        .diagnostics
        .iter()
        .any(|one| *one.code == codes::UNKNOWN_TYPE)
    {
        return None;
    }
    let field = unit.world.orbs.first()?.fields.first()?;
    let rust = field.crdt.to_string();
    Some(Becomes {
        names,
        example: ty.probe,
        rust,
        lane: match field.lane {
            Lane::Durable => "durable",
            Lane::Live => "live",
        },
        initial: initial(field),
    })
}

fn initial(field: &crate::model::Field) -> String {
    match &field.crdt {
        Crdt::Nested(_) => "those of its fields".to_owned(),
        crdt => infer::json(&field.initial, crdt).to_string(),
    }
}

/// The type that is meant by a name, by any of its spellings; case, separators and what stands in `<…>` do not matter.
#[must_use]
pub fn find(name: &str) -> Option<Type> {
    let mut head = head(name);
    if head == "2pset" {
        // No type begins with a digit, but the CRDT that a trait names may.
        head = "twopset".to_owned();
    }
    let is_it = |ty: &&Type| ty.names.iter().any(|one| self::head(one) == head);
    TYPES.iter().find(is_it).copied()
}

/// A name without its arguments, its case and its separators.
fn head(name: &str) -> String {
    let head = name.split('<').next().unwrap_or(name);
    head.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

impl Becomes {
    /// The page of the type, as Markdown.
    #[must_use]
    pub fn page(&self) -> String {
        let [first, others @ ..] = self.names else {
            return String::new();
        };
        let mut page = format!("# {first}\n\n");
        if !others.is_empty() {
            page.push_str(&format!("Also written `{}`. ", others.join("`, `")));
        }
        let what = self.example.map_or_else(
            || "In Rust it is".to_owned(),
            |example| format!("`{example}` is in Rust"),
        );
        let travels = if self.lane == "live" {
            "live"
        } else {
            "durably"
        };
        page.push_str(&format!(
            "{what} `{}`.\nIt travels {travels}, and starts from `{}` where no value is written.\n",
            self.rust, self.initial
        ));
        page.push_str(merging(&self.rust));
        page
    }
}

/// What becomes of concurrent writes.
fn merging(rust: &str) -> &'static str {
    match rust.split('<').next().unwrap_or_default() {
        "LwwRegister" => "\nOf concurrent writes the last one wins, the same one everywhere.\n",
        "PnCounter" => "\nConcurrent additions and subtractions all count.\n",
        "GCounter" => "\nConcurrent additions all count; nothing is ever subtracted.\n",
        "OrSet" => {
            "\nOf a concurrent insert and remove of one element the insert wins. A set has no order.\n"
        }
        "MvRegister" => {
            "\nConcurrent writes are all kept, until somebody who has seen them writes again.\n"
        }
        "GSet" => {
            "\nWhat was put in stays in; concurrent inserts are all kept. A set has no order.\n"
        }
        "TwoPSet" => {
            "\nWhat was taken out never comes back, whoever puts it in again. A set has no order.\n"
        }
        "OrMap" => {
            "\nWhat stands under one key merges by its own rules. A remove takes what its author had seen, so of a concurrent write \
             and remove the write stays.\n"
        }
        "JsonDoc" => {
            "\nIt is edited by path. Writes to different paths all count; of concurrent writes to one path the last one wins, and a \
             write inside a map or an item of a list wins over a concurrent delete of it. What is inserted into a list at once \
             all stays.\n"
        }
        "Sequence" => {
            "\nElements keep their places: what was inserted in a row stays together. Of a concurrent move and another the later wins,\nand a delete beats both.\n"
        }
        "Text" => {
            "\nPeople type in it at once, character by character; what each typed stays in one piece.\n"
        }
        "LwwMap" => {
            "\nOf concurrent writes to one key the last one wins; different keys never disturb each other.\n"
        }
        _ => "",
    }
}

fn compile(text: &str) -> Unit {
    let source = Source::new("probe", "probe", text.as_bytes().to_vec());
    Unit::compile(source, &mut Lock::default())
}
