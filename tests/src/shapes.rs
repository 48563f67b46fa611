//! A schema with everything that a schema can say, written by hand: the generator is held to it whatever holoc infers.

use holo_codegen::schema::{
    Authority, Channel, Crdt, Enum, Field, FieldPolicy, Initial, Interpolation, Lane, Module, Orb,
    Ownership, OwnershipModel, Persistence, Policy, Record, RecordField, ValueType, Variant,
};

/// The module.
#[must_use]
pub fn module() -> Module {
    Module {
        source: "shapes.hsplus".to_owned(),
        enums: vec![words("Phase", &["lobby", "in game", "other"])],
        records: vec![grip(), item()],
        orbs: vec![stats(), hero(), world()],
        foreign: None,
    }
}

/// The files of it, with their text: what the generator makes, and the twin.
///
/// # Panics
/// When the generator's output is no Rust.
#[must_use]
pub fn files() -> [(&'static str, String); 2] {
    let module = module();
    let generated = holoc::emit::render(&module).unwrap_or_else(|error| panic!("{error}"));
    let twins = format!(
        "// Written by `cargo run -p holo-tests --bin twins`.\n\n#![allow(clippy::all, unreachable_pub)]\n\n\
         use holo_runtime::*;\n\n{}",
        crate::twins::types(&module)
    );
    [
        ("tests/shapes/generated.rs", generated),
        ("tests/shapes/twins.rs", twins),
    ]
}

fn words(name: &str, wires: &[&str]) -> Enum {
    let variant = |wire: &&str| Variant {
        wire: (*wire).to_owned(),
        rust: holo_codegen::names::pascal_case(wire).unwrap_or_default(),
        docs: Vec::new(),
    };
    Enum {
        name: name.to_owned(),
        rust: name.to_owned(),
        docs: Vec::new(),
        variants: wires.iter().map(variant).collect(),
    }
}

fn record(name: &str, parts: Vec<(&str, ValueType, Initial)>) -> Record {
    let field = |(wire, ty, initial): (&str, ValueType, Initial)| RecordField {
        wire: wire.to_owned(),
        rust: holo_codegen::names::snake_case(wire).unwrap_or_default(),
        docs: Vec::new(),
        ty,
        initial,
    };
    Record {
        name: name.to_owned(),
        rust: name.to_owned(),
        docs: vec!["A plain value.".to_owned()],
        fields: parts.into_iter().map(field).collect(),
    }
}

fn grip() -> Record {
    let turn = Initial::Quat([0.0, 1.0, 0.0, 1.0]);
    let tint = Initial::Str("#F80".to_owned());
    record(
        "Grip",
        vec![
            ("force", ValueType::F64, Initial::Int(1)),
            ("turn", ValueType::Quat, turn),
            ("tint", ValueType::Color, tint),
        ],
    )
}

fn item() -> Record {
    use ValueType as V;
    let some = |ty: V| V::Option(Box::new(ty));
    let list = |ty: V| V::List(Box::new(ty));
    let any = Initial::Map(vec![("n".to_owned(), Initial::Float(0.5))]);
    let point = Initial::List(vec![Initial::Int(1), Initial::Float(-0.0), Initial::Int(3)]);
    record(
        "Item",
        vec![
            ("name", V::String, text("sword")),
            ("max count", V::U32, Initial::Int(1)),
            ("phase", V::Enum("Phase".to_owned()), Initial::Zero),
            (
                "grip",
                grip_type(),
                parts(&[("force", Initial::Float(0.75))]),
            ),
            (
                "tags",
                list(V::String),
                Initial::List(vec![text("a"), text("b")]),
            ),
            ("at", V::Vec3, point),
            ("big", V::U64, Initial::Zero),
            ("small", V::F32, Initial::Float(0.1)),
            ("any", V::Value, any),
            ("spare", some(grip_type()), Initial::Null),
            ("owner", some(V::ReplicaId), Initial::Null),
            ("seen by", list(V::InstanceId), Initial::Zero),
        ],
    )
}

fn grip_type() -> ValueType {
    ValueType::Record("Grip".to_owned())
}

fn text(text: &str) -> Initial {
    Initial::Str(text.to_owned())
}

fn parts(parts: &[(&str, Initial)]) -> Initial {
    let part = |(wire, value): &(&str, Initial)| {
        let rust = holo_codegen::names::snake_case(wire).unwrap_or_default();
        (rust, (*wire).to_owned(), value.clone())
    };
    Initial::Struct(parts.iter().map(part).collect())
}

fn orb(name: &str, fields: Vec<(&str, Crdt, Initial)>) -> Orb {
    let field = |(id, (wire, crdt, initial)): (u32, (&str, Crdt, Initial))| Field {
        id,
        wire: wire.to_owned(),
        rust: holo_codegen::names::snake_case(wire).unwrap_or_default(),
        docs: Vec::new(),
        crdt,
        lane: Lane::Durable,
        initial,
        policy: FieldPolicy::default(),
    };
    Orb {
        name: name.to_owned(),
        rust: name.to_owned(),
        docs: Vec::new(),
        rate_hz: None,
        authority: Authority::Shared,
        policy: Policy::default(),
        fields: (1..).zip(fields).map(field).collect(),
    }
}

fn stats() -> Orb {
    orb(
        "Stats",
        vec![
            (
                "strength",
                Crdt::LwwRegister(ValueType::I64),
                Initial::Int(3),
            ),
            ("max hp", Crdt::PnCounter, Initial::Int(10)),
            ("turn", Crdt::LwwRegister(ValueType::Quat), Initial::Zero),
            (
                "words",
                Crdt::OrSet(ValueType::String),
                Initial::List(vec![text("x")]),
            ),
            ("doc", Crdt::JsonDoc, document()),
            ("badges", Crdt::GSet(ValueType::I64), Initial::Zero),
        ],
    )
}

fn document() -> Initial {
    let inner = Initial::Map(vec![("deep".to_owned(), Initial::Float(0.5))]);
    Initial::Map(vec![("inner".to_owned(), inner)])
}

fn hero() -> Orb {
    use ValueType as V;
    let (phase, item) = (V::Enum("Phase".to_owned()), V::Record("Item".to_owned()));
    let two = Initial::List(vec![text("lobby"), text("in game")]);
    let stats = parts(&[
        ("strength", Initial::Int(7)),
        ("max hp", Initial::Int(20)),
        ("turn", Initial::Quat([0.0, 0.0, 1.0, 0.0])),
        ("words", Initial::List(vec![text("y"), text("z")])),
        ("doc", Initial::Map(vec![("own".to_owned(), text("doc"))])),
        ("badges", Initial::List(vec![Initial::Int(1)])),
    ]);
    let bow = parts(&[
        ("name", text("bow")),
        ("grip", parts(&[("tint", text("#00ff00"))])),
    ]);
    let numbers = Initial::List(vec![Initial::Int(1), Initial::Int(2)]);
    let optional = V::Option(Box::new(phase.clone()));
    orb(
        "Hero",
        vec![
            ("stats", Crdt::Nested("Stats".to_owned()), stats),
            ("item", Crdt::LwwRegister(item.clone()), bow.clone()),
            ("items", Crdt::OrSet(item.clone()), Initial::List(vec![bow])),
            ("phase", Crdt::LwwRegister(phase.clone()), text("in game")),
            ("first", Crdt::LwwRegister(phase.clone()), Initial::Zero),
            ("phases", Crdt::OrSet(phase.clone()), two),
            ("maybe", Crdt::LwwRegister(optional), Initial::Null),
            (
                "list",
                Crdt::LwwRegister(V::List(Box::new(V::I64))),
                numbers,
            ),
            (
                "path",
                Crdt::LwwRegister(V::List(Box::new(V::Vec3))),
                Initial::Zero,
            ),
            (
                "title",
                Crdt::MvRegister(item.clone()),
                parts(&[("name", text("axe"))]),
            ),
            ("mood", Crdt::MvRegister(phase.clone()), text("in game")),
            (
                "seen",
                Crdt::GSet(phase.clone()),
                Initial::List(vec![text("lobby")]),
            ),
            ("gone", Crdt::TwoPSet(item.clone()), Initial::Zero),
            ("notes", Crdt::LwwMap(phase, item), Initial::Zero),
            ("plain", Crdt::LwwRegister(grip_type()), Initial::Zero),
        ],
    )
}

fn world() -> Orb {
    use ValueType as V;
    let map = |key: V, value: Crdt| Crdt::OrMap(key, Box::new(value));
    let (phase, item) = (V::Enum("Phase".to_owned()), V::Record("Item".to_owned()));
    let hero = || Crdt::Nested("Hero".to_owned());
    let captain = parts(&[
        ("stats", parts(&[("strength", Initial::Int(9))])),
        ("phase", text("lobby")),
    ]);
    let inner = map(V::I64, Crdt::LwwRegister(item));
    let mut world = orb(
        "World",
        vec![
            ("heroes", map(V::InstanceId, hero()), Initial::Zero),
            ("scores", map(V::String, Crdt::PnCounter), Initial::Zero),
            ("by phase", map(phase.clone(), inner), Initial::Zero),
            ("rooms", map(V::String, map(V::U32, hero())), Initial::Zero),
            ("captain", hero(), captain),
            ("by word", map(phase, hero()), Initial::Zero),
        ],
    );
    world.rate_hz = Some(20.0);
    world.authority = Authority::Server;
    world.policy = Policy {
        channel: Some(Channel::Ordered),
        interpolation: Interpolation::Hermite,
        ownership: Ownership {
            model: OwnershipModel::Request,
            transferable: false,
            ..Ownership::default()
        },
        persistence: Some(Persistence {
            ttl_ms: Some(3_600_000),
            key: Some("a \"world\"".to_owned()),
            ..Persistence::default()
        }),
        room: Some("lobby".to_owned()),
        threshold: Some(0.01),
        ..Policy::default()
    };
    world.fields[1].policy = FieldPolicy {
        authority: Some(Authority::Owner),
        quantum: Some(0.001),
        bounds: Some((-9.5, 100.0)),
        priority: Some(-2),
        ..FieldPolicy::default()
    };
    world
}
